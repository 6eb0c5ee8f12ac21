//===- PackProgram.cpp - one PE program as tables -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Memory layout, descriptors, queues, FIFOs, tasks, functions and exported
// symbols. Code is packed in PackBody.cpp.
//
//===----------------------------------------------------------------------===//

#include "Packer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

/// Bits of a number in memory.
static uint64_t bitsOf(Attribute value) {
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return integer.getValue().getZExtValue();
  return cast<FloatAttr>(value).getValue().bitcastToAPInt().getZExtValue();
}

std::vector<uint8_t> spada::imageBytes(Attribute init, int64_t elements,
                                       unsigned bytes) {
  std::vector<uint8_t> data;
  data.reserve(elements * bytes);
  auto push = [&](Attribute value) {
    uint64_t bits = bitsOf(value);
    for (unsigned i = 0; i < bytes; ++i)
      data.push_back(bits >> (8 * i));
  };
  if (auto dense = dyn_cast<DenseElementsAttr>(init))
    for (Attribute value : dense.getValues<Attribute>())
      push(value);
  else
    push(init);
  return data;
}

/// Takes memory for a variable behind `end`.
LogicalResult ProgramPacker::place(Operation *op, StringRef name,
                                   image::Type type, uint64_t elements,
                                   uint64_t alignment, uint64_t &end) {
  unsigned bytes = imageTypeBytes(type);
  end = llvm::alignTo(end, std::max<uint64_t>(alignment, std::min(bytes, 4u)));
  if (elements > UINT32_MAX || end + elements * bytes > UINT32_MAX)
    return op->emitError() << "'" << name << "' of " << elements
                           << " elements of " << bytes
                           << " bytes lies beyond 4 GiB; a PE has "
                           << machine.memoryBytes << " bytes";
  auto entry = std::make_unique<image::VariableT>();
  entry->name = name;
  entry->type = type;
  entry->address = end;
  entry->elements = elements;
  end += elements * bytes;
  out.variables.push_back(std::move(entry));
  return success();
}

/// The pointers that need a place: those that the program reads or writes. A
/// pointer that only tells the host where an array is never changes.
SmallVector<PointerOp> ProgramPacker::pointersInMemory() {
  llvm::StringSet<> used;
  program.walk([&](AddressOfOp use) { used.insert(use.getVariable()); });
  SmallVector<PointerOp> pointers;
  for (auto pointer : program.getBody().getOps<PointerOp>())
    if (!pointer.getTarget() || used.contains(pointer.getSymName()))
      pointers.push_back(pointer);
  return pointers;
}

/// The address that a pointer holds at the start; null without a target.
static uint32_t initialPointer(const llvm::StringMap<uint32_t> &addresses,
                               PointerOp pointer) {
  if (!pointer.getTarget())
    return 0;
  return addresses.lookup(*pointer.getTarget()) +
         pointer.getOffset().value_or(0);
}

LogicalResult ProgramPacker::packVariables() {
  uint64_t end = 0;
  for (auto variable : program.getBody().getOps<VariableOp>()) {
    auto type = cast<MemRefType>(variable.getType());
    IntegerAttr alignment = variable.getAlignmentAttr();
    if (failed(place(variable,
                     variable.getLinkName().value_or(variable.getSymName()),
                     *imageType(type.getElementType()), type.getNumElements(),
                     alignment ? alignment.getInt() : 1, end)))
      return failure();
    addresses[variable.getSymName()] = out.variables.back()->address;
  }
  // Behind the arrays, whose banks the compiler may have chosen.
  SmallVector<PointerOp> pointers = pointersInMemory();
  for (PointerOp pointer : pointers) {
    if (failed(
            place(pointer, pointer.getSymName(), image::Type::I16, 1, 1, end)))
      return failure();
    addresses[pointer.getSymName()] = out.variables.back()->address;
  }
  out.memory_bytes = llvm::alignTo(end, 4);
  if (failed(packMemoryLimit()))
    return failure();
  // Only now, so that nothing too large was built.
  for (auto [variable, entry] :
       llvm::zip(program.getBody().getOps<VariableOp>(), out.variables))
    if (Attribute init = variable.getInitAttr())
      entry->init =
          imageBytes(init, entry->elements, imageTypeBytes(entry->type));
  packPointerValues(pointers);
  return success();
}

void ProgramPacker::packPointerValues(ArrayRef<PointerOp> pointers) {
  size_t first = out.variables.size() - pointers.size();
  for (auto [index, pointer] : llvm::enumerate(pointers)) {
    uint32_t value = initialPointer(addresses, pointer);
    if (value)
      out.variables[first + index]->init = {static_cast<uint8_t>(value),
                                            static_cast<uint8_t>(value >> 8)};
  }
}

LogicalResult ProgramPacker::packMemoryLimit() {
  if (out.memory_bytes <= machine.memoryBytes)
    return success();
  InFlightDiagnostic diag = program.emitError()
                            << "program '" << program.getSymName() << "' needs "
                            << out.memory_bytes << " bytes for its variables; "
                            << machine.name << " has " << machine.memoryBytes;
  auto bytesOf = [](const image::VariableT *entry) {
    return uint64_t(entry->elements) * imageTypeBytes(entry->type);
  };
  std::vector<std::pair<const image::VariableT *, VariableOp>> largest;
  for (auto [variable, entry] :
       llvm::zip(program.getBody().getOps<VariableOp>(), out.variables))
    largest.emplace_back(entry.get(), variable);
  llvm::sort(largest, [&](const auto &a, const auto &b) {
    return std::pair(bytesOf(b.first), a.first->address) <
           std::pair(bytesOf(a.first), b.first->address);
  });
  constexpr size_t shown = 4;
  for (auto [entry, variable] : ArrayRef(largest).take_front(shown))
    diag.attachNote(variable.getLoc())
        << "'" << entry->name << "' takes " << bytesOf(entry) << " bytes";
  if (largest.size() > shown)
    diag.attachNote() << "and " << largest.size() - shown << " more";
  return diag;
}

void ProgramPacker::packFabricDsd(FabricDsdOp dsd, image::DsdT &entry) {
  auto queue = symbols.lookup<QueueOp>(dsd.getQueue());
  entry.kind = queue.getKind() == QueueKind::Input ? image::DsdKind::FabricIn
                                                   : image::DsdKind::FabricOut;
  entry.type = imageType(dsd.getElementType()).value_or(image::Type::I32);
  entry.sizes = {static_cast<uint32_t>(dsd.getExtent())};
  entry.queue = queue.getNumber();
  entry.color = symbols.lookup<ColorOp>(queue.getColor()).getNumber();
  entry.control = dsd.getControl();
  entry.advance_switch = dsd.getAdvanceSwitch();
  entry.index_offset = dsd.getIndexOffset();
  entry.zero_source = dsd.getZeroSource().value_or(0);
  entry.simd = dsd.getSimd().value_or(0);
  entry.priority = dsd.getPriority().value_or(0);
  entry.control_transform = dsd.getControlTransform();
}

/// Control tables, rotating tasks and queues that change their colors.
void ProgramPacker::packWse3() {
  for (auto table : program.getBody().getOps<ControlTableOp>()) {
    uint64_t number = symbols.lookup<QueueOp>(table.getQueue()).getNumber();
    if (out.control_offsets.size() <= number)
      out.control_offsets.resize(number + 1);
    out.control_offsets[number] = table.getOffset();
  }
  llvm::StringMap<uint32_t> numbers;
  for (auto [number, task] :
       llvm::enumerate(program.getBody().getOps<TaskOp>()))
    numbers[task.getSymName()] = number;
  for (auto rotation : program.getBody().getOps<RotationOp>())
    out.rotations.emplace_back(numbers.lookup(rotation.getTask()),
                               numbers.lookup(rotation.getOther()),
                               rotation.getLimit(), rotation.getInit());
  out.rebinds_queues = program->hasAttr("csl.rebinds_queues");
}

void ProgramPacker::packDescriptors() {
  for (auto queue : program.getBody().getOps<QueueOp>())
    out.queues.emplace_back(
        queue.getKind() == QueueKind::Output, queue.getNumber(),
        symbols.lookup<ColorOp>(queue.getColor()).getNumber());
  for (Operation &op : program.getBody().front()) {
    auto entry = std::make_unique<image::DsdT>();
    if (auto memory = dyn_cast<MemDsdOp>(op)) {
      auto base = cast<MemRefType>(
          symbols.lookup<VariableOp>(memory.getBase()).getType());
      entry->kind = image::DsdKind::Memory;
      entry->type = *imageType(base.getElementType());
      entry->address = addresses[memory.getBase()] +
                       memory.getOffset() * imageTypeBytes(entry->type);
      entry->sizes.assign(memory.getSizes().begin(), memory.getSizes().end());
      entry->strides.assign(memory.getStrides().begin(),
                            memory.getStrides().end());
      entry->index_offset = memory.getIndexOffset();
      entry->wrap = memory.getWrap().value_or(0);
      slots[memory.getSymName()] = out.dsds.size();
    } else if (auto fabric = dyn_cast<FabricDsdOp>(op)) {
      packFabricDsd(fabric, *entry);
      slots[fabric.getSymName()] = out.dsds.size();
    } else {
      continue;
    }
    out.dsds.push_back(std::move(entry));
  }
  for (auto variable : program.getBody().getOps<DsdVariableOp>()) {
    uint32_t number = slotFor(variable.getType());
    if (variable.getInit())
      *out.dsds[number] = *out.dsds[slots.lookup(*variable.getInit())];
    slots[variable.getSymName()] = number;
  }
}

/// A new slot for descriptors of `type` that come while the program runs. Its
/// first value is without elements; that of a fabric descriptor is any one of
/// its kind, for the sake of its queue.
uint32_t ProgramPacker::slotFor(Type type) {
  auto entry = std::make_unique<image::DsdT>();
  uint32_t number = out.dsds.size();
  if (auto memory = dyn_cast<MemDsdType>(type)) {
    entry->type = imageType(memory.getElementType()).value_or(image::Type::I16);
    entry->sizes.assign(memory.getRank(), 0);
    entry->strides.assign(memory.getRank(), 1);
  } else {
    auto kind = isa<FabinDsdType>(type) ? image::DsdKind::FabricIn
                                        : image::DsdKind::FabricOut;
    for (const auto &other : out.dsds)
      if (other->kind == kind)
        *entry = *other;
    entry->kind = kind;
    openSlots.insert(number);
  }
  out.dsds.push_back(std::move(entry));
  return number;
}

void ProgramPacker::packFifos() {
  for (auto fifo : program.getBody().getOps<FifoOp>()) {
    auto buffer = cast<MemRefType>(
        symbols.lookup<VariableOp>(fifo.getBuffer()).getType());
    auto entry = std::make_unique<image::FifoT>();
    entry->name = fifo.getSymName();
    entry->address = addresses[fifo.getBuffer()];
    entry->elements = buffer.getNumElements();
    entry->type = *imageType(buffer.getElementType());
    if (fifo.getActivatePush())
      entry->activate_push = tasks.lookup(*fifo.getActivatePush());
    if (fifo.getActivatePop())
      entry->activate_pop = tasks.lookup(*fifo.getActivatePop());
    entry->priority = fifo.getPriority().value_or(0);
    fifos[fifo.getSymName()] = out.fifos.size();
    out.fifos.push_back(std::move(entry));
  }
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

/// Descriptors are passed in slots that the called function owns.
LogicalResult ProgramPacker::packParameters() {
  for (auto function : program.getBody().getOps<FuncOp>()) {
    SmallVector<uint32_t> &own = parameterSlots[function.getSymName()];
    for (Type type : function.getBody().front().getArgumentTypes()) {
      if (!isa<MemDsdType, FabinDsdType, FaboutDsdType>(type))
        continue;
      own.push_back(slotFor(type));
      if (!isa<MemDsdType>(type) && out.dsds.back()->sizes.empty())
        return function.emitError()
               << "'csl.func' takes a " << type << ", but program '"
               << program.getSymName() << "' has no descriptor of that kind";
    }
  }
  return success();
}

/// Frames and descriptor slots of a function are its own, once.
LogicalResult ProgramPacker::checkRecursion() {
  llvm::StringMap<SmallVector<CallOp>> calls;
  for (auto function : program.getBody().getOps<FuncOp>())
    function.walk(
        [&](CallOp call) { calls[function.getSymName()].push_back(call); });
  enum State { New, Open, Done };
  llvm::StringMap<State> states;
  struct Step {
    StringRef function;
    size_t next;
  };
  for (auto root : program.getBody().getOps<FuncOp>()) {
    SmallVector<Step> path;
    auto enter = [&](StringRef name) {
      states[name] = Open;
      path.push_back({name, 0});
    };
    if (states[root.getSymName()] == New)
      enter(root.getSymName());
    while (!path.empty()) {
      Step &step = path.back();
      ArrayRef<CallOp> made = calls[step.function];
      if (step.next == made.size()) {
        states[step.function] = Done;
        path.pop_back();
        continue;
      }
      CallOp call = made[step.next++];
      State &state = states[call.getCallee()];
      if (state == New) {
        enter(call.getCallee());
      } else if (state == Open) {
        InFlightDiagnostic diag = call.emitError()
                                  << "'csl.call' makes function '"
                                  << call.getCallee()
                                  << "' call itself; recursion is not possible";
        for (const Step &other : path)
          if (other.function != step.function)
            diag.attachNote(symbols.lookup(other.function)->getLoc())
                << "on the way through '" << other.function << "'";
        return diag;
      }
    }
  }
  return success();
}

LogicalResult ProgramPacker::packTask(TaskOp task) {
  static constexpr image::TaskKind kinds[] = {
      image::TaskKind::Local, image::TaskKind::Data, image::TaskKind::Control,
      image::TaskKind::Teardown, image::TaskKind::QueueEmpty};
  auto entry = std::make_unique<image::TaskT>();
  Block &body = task.getBody().front();
  entry->name = task.getSymName();
  entry->kind = kinds[static_cast<int>(task.getKind())];
  entry->entry = out.instructions.size();
  entry->blocked = task.getBlocked();
  entry->active = task.getActive();
  entry->location = locations.add(task.getLoc());
  if (task.getKind() == TaskKind::Data) {
    auto queue = symbols.lookup<QueueOp>(*task.getQueue());
    entry->queue = queue.getNumber();
    entry->id = machine.dataTaskIdIsColor
                    ? symbols.lookup<ColorOp>(queue.getColor()).getNumber()
                    : entry->queue;
  } else {
    entry->id = *task.getId();
  }
  if (body.getNumArguments() > 0) {
    entry->payload_register = 0;
    entry->payload_type = *imageType(body.getArgument(0).getType());
  }
  if (body.getNumArguments() > 1) {
    entry->payload_register2 = 1;
    entry->payload_type2 = *imageType(body.getArgument(1).getType());
  }
  BodyPacker packer(*this);
  if (failed(packer.pack(body)))
    return failure();
  out.registers = std::max<unsigned>(out.registers, packer.registers());
  out.tasks.push_back(std::move(entry));
  return success();
}

LogicalResult ProgramPacker::packFunction(FuncOp function) {
  auto entry = std::make_unique<image::FunctionT>();
  entry->name = function.getSymName();
  entry->entry = out.instructions.size();
  BodyPacker packer(*this);
  if (failed(packer.pack(function.getBody().front(),
                         parameterSlots[function.getSymName()])))
    return failure();
  entry->registers = packer.registers();
  if (function.getStartup())
    out.startup = out.functions.size();
  out.functions.push_back(std::move(entry));
  return success();
}

LogicalResult ProgramPacker::packBodies() {
  if (failed(checkRecursion()) || failed(packParameters()))
    return failure();
  for (auto task : program.getBody().getOps<TaskOp>())
    if (failed(packTask(task)))
      return failure();
  for (auto function : program.getBody().getOps<FuncOp>())
    if (failed(packFunction(function)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Exports
//===----------------------------------------------------------------------===//

void ProgramPacker::packSymbol(PointerOp pointer, StringRef name) {
  auto entry = std::make_unique<image::SymbolT>();
  entry->name = name;
  entry->type = *imageType(pointer.getPointee());
  if (pointer.getTarget()) {
    auto type = cast<MemRefType>(
        symbols.lookup<VariableOp>(*pointer.getTarget()).getType());
    uint64_t bytes = type.getNumElements() *
                     imageTypeBytes(*imageType(type.getElementType()));
    entry->elements =
        (bytes - pointer.getOffset().value_or(0)) / imageTypeBytes(entry->type);
  }
  auto place = addresses.find(pointer.getSymName());
  entry->is_pointer = place != addresses.end();
  entry->address =
      entry->is_pointer ? place->second : initialPointer(addresses, pointer);
  out.symbols.push_back(std::move(entry));
}

/// The function that a launch without a name calls is the one exported under
/// the kernel's name, or the only one exported.
void ProgramPacker::packExports(StringRef kernel) {
  bool exact = false;
  unsigned exported = 0;
  for (auto symbol : program.getBody().getOps<ExportSymbolOp>()) {
    if (auto pointer = symbols.lookup<PointerOp>(symbol.getSymbol())) {
      packSymbol(pointer, symbol.getName());
      continue;
    }
    auto function = symbols.lookup<FuncOp>(symbol.getSymbol());
    auto entry = std::make_unique<image::ExportT>();
    entry->name = symbol.getName();
    entry->function = functions[function.getSymName()];
    for (Type type : function.getBody().front().getArgumentTypes())
      if (std::optional<image::Type> scalar = imageType(type))
        entry->types.push_back(*scalar);
    if (!exact) {
      exact = symbol.getName() == kernel;
      out.main =
          exact || exported == 0 ? static_cast<int>(entry->function) : -1;
    }
    ++exported;
    out.exports.push_back(std::move(entry));
  }
}

LogicalResult ProgramPacker::pack(StringRef kernel) {
  out.name = program.getSymName();
  for (auto param : program.getBody().getOps<ParamOp>())
    if (param.getType()) {
      unsigned number = params.size();
      params[param.getSymName()] = number;
    }
  if (failed(packVariables()))
    return failure();
  for (auto [number, task] :
       llvm::enumerate(program.getBody().getOps<TaskOp>()))
    tasks[task.getSymName()] = number;
  for (auto [number, function] :
       llvm::enumerate(program.getBody().getOps<FuncOp>()))
    functions[function.getSymName()] = number;
  packDescriptors();
  packWse3();
  packFifos();
  if (failed(packBodies()))
    return failure();
  packExports(kernel);
  return success();
}
