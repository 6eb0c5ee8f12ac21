//===- ClassBody.cpp - the merged program of one PE class -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Cloning with unique names. Arguments become fields in Arguments.cpp.
//
//===----------------------------------------------------------------------===//

#include "ClassBody.h"

#include "Affine.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;

ClassBody::ClassBody(Location loc) {
  OpBuilder builder(loc.getContext());
  auto phase = builder.create<PhaseOp>(loc);
  phase.getBody().emplaceBlock();
  holder = phase;
}

ClassBody::ClassBody(ClassBody &&other)
    : fields(std::move(other.fields)), names(std::move(other.names)),
      streams(std::move(other.streams)), usesX(other.usesX), usesY(other.usesY),
      scalarArguments(std::move(other.scalarArguments)),
      holder(std::exchange(other.holder, nullptr)) {}

ClassBody::~ClassBody() {
  if (holder)
    holder->destroy();
}

Block &ClassBody::block() { return holder->getRegion(0).front(); }

StringRef ClassBody::addField(StringRef wanted, ClassField field) {
  std::string name = wanted.str();
  for (char &c : name)
    if (c == '#')
      c = '_';
  std::string base = name;
  for (int n = 2; !names.insert(name).second; ++n)
    name = base + "_" + std::to_string(n);
  StringRef key = names.find(name)->getKey();
  fields.insert({key, std::move(field)});
  return key;
}

Type spada::storageType(Type type) {
  MLIRContext *context = type.getContext();
  if (type.isF32() || type.isF16())
    return type;
  unsigned width = type.isIntOrFloat() ? type.getIntOrFloatBitWidth() : 64;
  if (isa<IntegerType>(type) && width <= 32)
    return IntegerType::get(context, width <= 16 ? 16 : 32);
  return {};
}

ArgumentOp spada::findArgument(KernelOp kernel, StringRef name) {
  for (auto argument : kernel.getBody().getOps<ArgumentOp>())
    if (argument.getName() == name)
      return argument;
  return {};
}

namespace {

/// Clones one compute block after another into the body.
class Joiner {
public:
  Joiner(ClassBody &body, const ClassNames &names) : body(body), names(names) {}

  LogicalResult join(ComputeOp compute);

private:
  FailureOr<StringRef> fieldFor(ComputeOp compute, StringRef name,
                                Location loc);
  LogicalResult rename(ComputeOp compute, Operation *op);
  LogicalResult renameStream(ComputeOp compute, StreamRefOp ref);

  ClassBody &body;
  const ClassNames &names;
  llvm::DenseMap<Operation *, StringRef> fieldNames;
};

FailureOr<StringRef> Joiner::fieldFor(ComputeOp compute, StringRef name,
                                      Location loc) {
  FieldOp decl = names.field(compute, name);
  if (!decl)
    return emitError(loc) << "no field '" << name << "' is placed on these PEs";
  auto [it, isNew] = fieldNames.insert({decl, StringRef()});
  if (!isNew)
    return it->second;
  Type type = storageType(decl.getElementType());
  if (!type)
    return emitError(decl.getLoc())
           << "field '" << name << "' has element type "
           << decl.getElementType()
           << ", which CSL does not have; use f32 or i32";
  ClassField field{type, decl.getElementType(), {}, decl.getLoc()};
  for (Value dim : decl.getDims())
    field.shape.push_back(*constantValue(dim));
  it->second = body.addField(name, std::move(field));
  return it->second;
}

LogicalResult Joiner::renameStream(ComputeOp compute, StreamRefOp ref) {
  OpBuilder builder(ref);
  // A stream may be sent on and received from by the same statement list; each
  // use names its own direction.
  for (OpOperand &use : llvm::make_early_inc_range(ref.getResult().getUses())) {
    Operation *user = use.getOwner();
    bool isSend = isa<SendOp, SendValueOp>(user);
    if (isa<CloseOp>(user))
      continue;
    int64_t flow = names.flow(compute, ref.getName(), isSend);
    if (flow < 0)
      return user->emitError()
             << "stream '" << ref.getName() << "' is not declared on these PEs";
    size_t index = 0;
    while (index < body.streams.size() &&
           !(body.streams[index].flow == flow &&
             body.streams[index].argument.empty()))
      ++index;
    if (index == body.streams.size())
      body.streams.push_back(
          {flow, "",
           storageType(cast<StreamType>(ref.getType()).getElementType())});
    if (!body.streams[index].elementType)
      return user->emitError()
             << "stream '" << ref.getName() << "' carries "
             << cast<StreamType>(ref.getType()).getElementType()
             << ", which does not fit a 32-bit wavelet; use f32 or i32";
    auto unique = builder.create<StreamRefOp>(ref.getLoc(), ref.getType(),
                                              "#" + std::to_string(index));
    use.set(unique);
  }
  return success();
}

LogicalResult Joiner::rename(ComputeOp compute, Operation *op) {
  if (auto ref = dyn_cast<StreamRefOp>(op))
    return renameStream(compute, ref);
  if (auto ref = dyn_cast<ScalarRefOp>(op)) {
    if (!ref.getName().starts_with("pe."))
      body.scalarArguments.insert(ref.getNameAttr());
    return success();
  }
  auto attr = op->getAttrOfType<StringAttr>("field");
  if (!attr)
    return success();
  auto name = fieldFor(compute, attr, op->getLoc());
  if (failed(name))
    return failure();
  op->setAttr("field", StringAttr::get(op->getContext(), *name));
  return success();
}

LogicalResult Joiner::join(ComputeOp compute) {
  OpBuilder builder = OpBuilder::atBlockEnd(&body.block());
  if (!body.block().empty())
    builder.create<AwaitAllOp>(compute.getLoc());
  IRMapping map;
  for (unsigned d = 0; d < 2; ++d) {
    BlockArgument coordinate = compute.getBody().getArgument(d);
    if (coordinate.use_empty())
      continue;
    map.map(coordinate,
            builder.create<ScalarRefOp>(compute.getLoc(), coordinate.getType(),
                                        d ? "pe.y" : "pe.x"));
  }
  SmallVector<Operation *> clones;
  for (Operation &op : compute.getBody().front())
    clones.push_back(builder.clone(op, map));
  bool ok = true;
  for (Operation *clone : clones) {
    SmallVector<Operation *> nested;
    clone->walk([&](Operation *op) { nested.push_back(op); });
    for (Operation *op : nested)
      ok &= succeeded(rename(compute, op));
  }
  return success(ok);
}

/// Expressions that nothing uses any more.
void eraseDeadExpressions(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    for (mlir::Region &region : op.getRegions())
      if (!region.empty())
        eraseDeadExpressions(region.front());
    if (op.getNumResults() == 1 && op.use_empty() &&
        !isa<CompletionType>(op.getResult(0).getType()))
      op.erase();
  }
}

} // namespace

FailureOr<ClassBody> spada::buildClassBody(KernelOp kernel,
                                           ArrayRef<ComputeOp> computes,
                                           const ClassNames &names) {
  ClassBody body(kernel.getLoc());
  Joiner joiner(body, names);
  bool ok = true;
  for (ComputeOp compute : computes)
    ok &= succeeded(joiner.join(compute));
  if (!ok || failed(lowerArguments(kernel, body)))
    return failure();
  lowerAssignments(body);
  eraseDeadExpressions(body.block());
  body.block().walk([&](ScalarRefOp ref) {
    body.usesX |= ref.getName() == "pe.x";
    body.usesY |= ref.getName() == "pe.y";
  });
  return body;
}
