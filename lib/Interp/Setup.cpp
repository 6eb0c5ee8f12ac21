//===- Setup.cpp - build the world of a kernel ----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Checks inputs, numbers values, places programs on PEs and resolves names.
// Nothing is executed here.
//
//===----------------------------------------------------------------------===//

#include "World.h"

#include "llvm/ADT/Twine.h"

#include <cmath>

using namespace mlir;
using namespace spada;
using namespace spada::interp;

int64_t interp::integerOf(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  return constant ? evaluateConstant(constant.getValue()).integer() : 0;
}

int64_t interp::tripCount(int64_t lo, int64_t hi, int64_t step) {
  if (step > 0)
    return hi > lo ? (hi - lo + step - 1) / step : 0;
  if (step < 0)
    return lo > hi ? (lo - hi - step - 1) / -step : 0;
  return 0;
}

bool Declaration::covers(int64_t x, int64_t y) const {
  int64_t point[2] = {x, y};
  for (unsigned axis = 0; axis < 2; ++axis)
    if (point[axis] < lo[axis] || point[axis] >= hi[axis] ||
        (point[axis] - lo[axis]) % step[axis] != 0)
      return false;
  return true;
}

PE *World::peAt(int64_t x, int64_t y) {
  bool isInside = x >= 0 && x < width && y >= 0 && y < height;
  return isInside ? pes[y * width + x].get() : nullptr;
}

//===----------------------------------------------------------------------===//
// Declarations and programs
//===----------------------------------------------------------------------===//

static Declaration declarationOf(Operation &op, SubgridOpInterface block) {
  return {&op,
          {integerOf(block.getXLo()), integerOf(block.getYLo())},
          {integerOf(block.getXHi()), integerOf(block.getYHi())},
          {integerOf(block.getXStep()), integerOf(block.getYStep())}};
}

void World::collectDeclarations() {
  auto collect = [&](Operation *scope, Block &body) {
    for (auto block : body.getOps<SubgridOpInterface>()) {
      if (isa<ComputeOp>(block))
        continue;
      for (Operation &op : block->getRegion(0).front())
        if (isa<FieldOp, StreamOp, ExternStreamOp>(op))
          declarations[scope].push_back(declarationOf(op, block));
    }
  };
  collect(nullptr, kernel.getBody().front());
  for (PhaseOp phase : kernel.getBody().getOps<PhaseOp>()) {
    phaseNumbers[phase] = static_cast<int64_t>(phaseNumbers.size()) + 1;
    collect(phase, phase.getBody().front());
  }
}

/// Gives each value in `region` its place in `Activity::values`.
static void numberValues(Program &program) {
  program.compute->walk<WalkOrder::PreOrder>([&](Operation *op) {
    for (Region &region : op->getRegions())
      for (BlockArgument argument : region.getArguments())
        program.numbers[argument] = program.count++;
    if (op == program.compute)
      return;
    for (Value value : op->getResults())
      program.numbers[value] = program.count++;
  });
}

void World::setUpPrograms() {
  for (PhaseOp phase : kernel.getBody().getOps<PhaseOp>())
    for (ComputeOp compute : phase.getBody().getOps<ComputeOp>()) {
      auto program = std::make_unique<Program>();
      program->compute = compute;
      program->phase = phase;
      numberValues(*program);
      int64_t xHi = integerOf(compute.getXHi()),
              yHi = integerOf(compute.getYHi());
      for (int64_t y = integerOf(compute.getYLo()); y < yHi;
           y += integerOf(compute.getYStep()))
        for (int64_t x = integerOf(compute.getXLo()); x < xHi;
             x += integerOf(compute.getXStep())) {
          std::unique_ptr<PE> &pe = pes[y * width + x];
          if (!pe) {
            pe = std::make_unique<PE>();
            pe->x = x;
            pe->y = y;
            ++result.counts.pes;
          }
          pe->programs.push_back(program.get());
        }
      programs.push_back(std::move(program));
    }
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

Operation *World::resolve(const PE &pe, PhaseOp phase, StringRef name,
                          bool isField) {
  auto matches = [&](const Declaration &declaration) {
    return isa<FieldOp>(declaration.op) == isField &&
           declaration.op->getAttrOfType<StringAttr>("name").getValue() ==
               name &&
           declaration.covers(pe.x, pe.y);
  };
  Operation *found = nullptr;
  for (const Declaration &declaration : declarations[phase])
    if (matches(declaration))
      found = declaration.op;
  if (found)
    return found;
  // At kernel level: the last one before the phase, else the first one after
  // it.
  for (const Declaration &declaration : declarations[nullptr]) {
    if (!matches(declaration))
      continue;
    bool isBefore = declaration.op->getParentOp()->isBeforeInBlock(phase);
    if (!isBefore)
      return found ? found : declaration.op;
    found = declaration.op;
  }
  return found;
}

Field *World::findField(PE &pe, StringRef name) {
  auto [it, isNew] = pe.fieldsByName.try_emplace(name, nullptr);
  if (!isNew)
    return it->second;
  auto op = cast_if_present<FieldOp>(
      resolve(pe, pe.programs[pe.position]->phase, name, true));
  if (!op)
    return nullptr;
  auto [field, isFirstUse] = pe.fields.try_emplace(op);
  it->second = &field->second;
  if (!isFirstUse)
    return it->second;
  int64_t elements = 1;
  for (Value dim : op.getDims()) {
    field->second.shape.push_back(integerOf(dim));
    elements *= integerOf(dim);
  }
  field->second.type = op.getElementType();
  fieldElements += elements;
  if (fieldElements > options.maxFieldElements) {
    reject(op.getLoc(), "the fields of all PEs together have more than " +
                            std::to_string(options.maxFieldElements) +
                            " elements");
    return nullptr;
  }
  field->second.data.resize(elements);
  return it->second;
}

static int64_t integerOr(Value value, int64_t otherwise) {
  return value ? integerOf(value) : otherwise;
}

/// The channel on which (x, y) receives from declaration `op`. Declarations of
/// one name and offset in one scope are one stream.
Channel *World::channelTo(StreamOp op, int64_t x, int64_t y) {
  auto phase = op->getParentOfType<PhaseOp>();
  ChannelKey key(phase ? phaseNumbers.lookup(phase) : 0, op.getName().str(),
                 integerOf(op.getDx()), integerOf(op.getDy()),
                 integerOr(op.getDxStop(), 0), integerOr(op.getDyStop(), 0), x,
                 y);
  Channel &channel = channels[key];
  if (!channel.declaration) {
    channel.declaration = op;
    channel.receiver = peAt(x, y);
    channel.targetX = x;
    channel.targetY = y;
  }
  if (channel.declaration.getElementType() != op.getElementType())
    reject(op.getLoc(), "stream '" + op.getName().str() +
                            "' is declared with two element types, " +
                            dtypeOf(channel.declaration.getElementType()) +
                            " and " + dtypeOf(op.getElementType()));
  return &channel;
}

StreamEnd *World::findStream(PE &pe, StringRef name) {
  auto [it, isNew] = pe.endsByName.try_emplace(name, nullptr);
  if (!isNew)
    return it->second;
  auto op = dyn_cast_if_present<StreamOp>(
      resolve(pe, pe.programs[pe.position]->phase, name, false));
  if (!op)
    return nullptr;
  auto [end, isFirstUse] = pe.ends.try_emplace(op);
  it->second = &end->second;
  if (!isFirstUse)
    return it->second;
  end->second.type = op.getElementType();
  end->second.name = name.str();
  end->second.declaration = op;
  end->second.source = channelTo(op, pe.x, pe.y);
  int64_t dx = integerOf(op.getDx()), dy = integerOf(op.getDy());
  Value stop = op.getDxStop() ? op.getDxStop() : op.getDyStop();
  int64_t first = op.getDyStop() ? dy : dx;
  int64_t step = first < 0 ? -1 : 1;
  int64_t end_ = stop ? integerOf(stop) : first + step;
  for (int64_t offset = first; step > 0 ? offset < end_ : offset > end_;
       offset += step) {
    int64_t x = pe.x + (op.getDyStop() ? 0 : offset),
            y = pe.y + (op.getDyStop() ? offset : dy);
    end->second.targets.push_back(channelTo(op, x, y));
    // Offsets off the grid all fail alike: one is enough to say so.
    if (x < 0 || y < 0 || x >= width || y >= height)
      break;
  }
  return it->second;
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

std::string spada::dtypeOf(Type type) {
  if (type.isInteger(1))
    return "bool";
  std::string width = std::to_string(type.getIntOrFloatBitWidth());
  return (isa<FloatType>(type)       ? "f"
          : type.isUnsignedInteger() ? "u"
                                     : "i") +
         width;
}

static std::string shapeText(ArrayRef<int64_t> shape, bool isOpen) {
  std::string text = "(";
  for (auto [position, size] : llvm::enumerate(shape))
    text += (position ? ", " : "") + std::to_string(size);
  if (isOpen)
    text += shape.empty() ? "any" : ", any";
  return text + ")";
}

bool World::setUpScalar(ArgumentOp op,
                        const std::map<std::string, double> &values) {
  auto it = values.find(op.getName().str());
  if (it == values.end()) {
    reject(op.getLoc(),
           "scalar argument '" + op.getName().str() + "' has no value");
    return false;
  }
  Format format = Format::of(op.getElementType());
  if (format.isFloat) {
    scalars[op.getName()] = roundTo(format, it->second);
    return true;
  }
  bool isWhole =
      std::trunc(it->second) == it->second && std::abs(it->second) < 1e10;
  int64_t value = isWhole ? static_cast<int64_t>(it->second) : 0;
  if (!isWhole || wrapTo(format, value).integer() != value) {
    reject(op.getLoc(), "value " + std::to_string(it->second) +
                            " of scalar argument '" + op.getName().str() +
                            "' does not fit " + dtypeOf(op.getElementType()));
    return false;
  }
  scalars[op.getName()] = Scalar::ofInteger(value);
  return true;
}

bool World::setUpStreamArgument(ArgumentOp op,
                                const std::map<std::string, Array> &inputs) {
  HostArgument &argument = *arguments[op.getName()];
  if (!argument.isReceivedFrom)
    return true;
  std::string name = op.getName().str();
  auto it = inputs.find(name);
  if (it == inputs.end()) {
    reject(op.getLoc(),
           "argument '" + name + "' is received from, but has no input array");
    return false;
  }
  const Array &array = it->second;
  SmallVector<int64_t> shape = argument.dims;
  if (argument.bound)
    shape.push_back(*argument.bound);
  std::string dtype = dtypeOf(op.getElementType());
  ArrayRef<int64_t> given(array.shape);
  bool shapeFits = argument.bound
                       ? given == ArrayRef<int64_t>(shape)
                       : given.size() == shape.size() + 1 &&
                             given.drop_back() == ArrayRef<int64_t>(shape);
  int64_t elements = 1;
  for (int64_t size : array.shape)
    elements *= size < 0 ? 0 : size;
  bool sizeFits = static_cast<int64_t>(array.bytes.size()) ==
                  elements * argument.format.bytes();
  if (array.dtype != dtype || !shapeFits || !sizeFits) {
    reject(op.getLoc(), "input of argument '" + name + "' is " + array.dtype +
                            shapeText(given, false) +
                            ", but the kernel takes " + dtype +
                            shapeText(shape, !argument.bound));
    return false;
  }
  argument.input = &array;
  argument.inputLength = given.empty() ? 1 : given.back();
  return true;
}

/// Notes which arguments are received from and sent to; fails for names that
/// are no stream argument.
static void
noteUses(KernelOp kernel,
         llvm::StringMap<std::unique_ptr<HostArgument>> &arguments) {
  kernel.walk([&](ArgumentRefOp reference) {
    auto it = arguments.find(reference.getName());
    if (it == arguments.end())
      return;
    for (Operation *user : reference->getUsers()) {
      it->second->isReceivedFrom |= isa<ReceiveOp, ForeachOp>(user);
      it->second->isSentTo |= isa<SendOp, SendValueOp>(user);
    }
  });
}

bool World::setUpArguments(const std::map<std::string, Array> &inputs,
                           const std::map<std::string, double> &values) {
  for (ArgumentOp op : kernel.getBody().getOps<ArgumentOp>()) {
    if (op.getMode() == ArgumentMode::Scalar) {
      if (!setUpScalar(op, values))
        return false;
      continue;
    }
    auto argument = std::make_unique<HostArgument>();
    argument->op = op;
    argument->format = Format::of(op.getElementType());
    int64_t streams = 1;
    for (Value dim : op.getDims()) {
      argument->dims.push_back(integerOf(dim));
      streams *= integerOf(dim);
    }
    if (op.getBound())
      argument->bound = integerOf(op.getBound());
    if (streams * argument->bound.value_or(1) > options.maxFieldElements) {
      reject(op.getLoc(),
             "argument '" + op.getName().str() + "' has more than " +
                 std::to_string(options.maxFieldElements) + " elements");
      return false;
    }
    argument->output.resize(streams);
    argument->taken.resize(streams);
    argument->owner.resize(streams);
    arguments[op.getName()] = std::move(argument);
  }
  noteUses(kernel, arguments);
  for (ArgumentOp op : kernel.getBody().getOps<ArgumentOp>())
    if (op.getMode() != ArgumentMode::Scalar &&
        !setUpStreamArgument(op, inputs))
      return false;
  return true;
}

bool World::setUp(const std::map<std::string, Array> &inputs,
                  const std::map<std::string, double> &values) {
  auto grid = kernel->getAttrOfType<DenseI64ArrayAttr>("grid");
  if (!grid || grid.size() != 2 || !kernel.getParamNames().empty()) {
    reject(kernel.getLoc(), "kernel '" + kernel.getSymName().str() +
                                "' is not in concrete form; run "
                                "'spada-concretize' with all parameters");
    return false;
  }
  width = grid[0];
  height = grid[1];
  if (width < 1 || height < 1 || width > options.maxPEs / height) {
    reject(kernel.getLoc(), "a grid of " + std::to_string(width) + " by " +
                                std::to_string(height) +
                                " PEs exceeds the limit of " +
                                std::to_string(options.maxPEs));
    return false;
  }
  pes.resize(width * height);
  if (!setUpArguments(inputs, values))
    return false;
  collectDeclarations();
  setUpPrograms();
  return true;
}
