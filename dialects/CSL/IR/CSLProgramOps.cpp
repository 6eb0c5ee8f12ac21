//===- CSLProgramOps.cpp - verifiers of CSL declarations ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Local rules of a PE program and what it declares. Limits of a machine are not
// checked here: Target/CSL/Check.cpp.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/CSLDialect.h"

using namespace mlir;
using namespace spada::csl;

static bool isScalarType(Type type) {
  return type.isF16() || type.isF32() || type.isInteger(1) ||
         type.isInteger(8) || type.isInteger(16) || type.isInteger(32);
}

/// Elements that travel in one wavelet.
static bool isWaveletType(Type type) {
  return type.isF16() || type.isF32() || type.isInteger(16) ||
         type.isInteger(32);
}

/// Emits "`op` names 'x', which is no WHAT of the program".
static InFlightDiagnostic emitUnknown(Operation *op, FlatSymbolRefAttr name,
                                      StringRef what) {
  return op->emitOpError() << "names '" << name.getValue() << "', which is no "
                           << what << " of the program";
}

/// Finds the op that `name` denotes, or reports it.
template <typename OpTy>
static OpTy lookup(Operation *op, SymbolTableCollection &symbols,
                   FlatSymbolRefAttr name, StringRef what) {
  auto found = symbols.lookupNearestSymbolFrom<OpTy>(op, name);
  if (!found)
    emitUnknown(op, name, what);
  return found;
}

/// (C2) of csl.program: `op` claims `key` in `owners`, where `what` and
/// `number` describe the key.
static LogicalResult claim(llvm::SmallDenseMap<int64_t, Operation *> &owners,
                           int64_t key, Operation *op, StringRef what,
                           int64_t number) {
  auto [it, fresh] = owners.try_emplace(key, op);
  if (fresh)
    return success();
  InFlightDiagnostic diag = op->emitOpError() << "takes " << what << " "
                                              << number << " a second time";
  diag.attachNote(it->second->getLoc()) << "first taken here";
  return diag;
}

LogicalResult ProgramOp::verify() {
  llvm::SmallDenseMap<int64_t, Operation *> ids, queues;
  llvm::SmallDenseMap<Attribute, Operation *> listeners;
  for (Operation &op : getBody().front()) {
    if (auto queue = dyn_cast<QueueOp>(op)) { // (C2)
      int64_t number = queue.getNumber();
      if (queue.getKind() == QueueKind::Input &&
          failed(claim(queues, number, &op, "input queue", number)))
        return failure();
    } else if (auto task = dyn_cast<TaskOp>(op)) {
      if (task.getId() && failed(claim(ids, *task.getId(), &op, "local task id",
                                       *task.getId())))
        return failure();
      if (!task.getQueueAttr())
        continue;
      auto [it, fresh] = listeners.try_emplace(task.getQueueAttr(), &op);
      if (!fresh) {
        InFlightDiagnostic diag = op.emitOpError()
                                  << "is the second data task on queue '"
                                  << *task.getQueue() << "'";
        diag.attachNote(it->second->getLoc()) << "first one here";
        return diag;
      }
    } else if (!isa<ParamOp, ImportOp, VariableOp, PointerOp, ColorOp, MemDsdOp,
                    FabricDsdOp, FuncOp, ExportSymbolOp>(op)) { // (C1)
      return op.emitOpError() << "is no declaration; statements belong into a "
                                 "csl.func or csl.task";
    }
  }
  return success();
}

LogicalResult ParamOp::verify() {
  if (getType() && !isScalarType(*getType())) // (C1)
    return emitOpError() << "has type " << *getType()
                         << ", which is no run-time scalar";
  return success();
}

LogicalResult ImportOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!getParamsAttr())
    return success();
  auto param =
      lookup<ParamOp>(*this, symbols, getParamsAttr(), "csl.param"); // (C1)
  if (!param)
    return failure();
  if (param.getType())
    return emitOpError() << "takes its params from '" << param.getSymName()
                         << "' of " << *param.getType()
                         << "; a struct param has no type";
  return success();
}

LogicalResult VariableOp::verify() {
  auto type = dyn_cast<MemRefType>(getType()); // (C1)
  if (!type || !type.hasStaticShape() || !isScalarType(type.getElementType()) ||
      type.getRank() > 4)
    return emitOpError() << "has type " << getType()
                         << "; a static memref of a run-time scalar with rank "
                            "4 at most is needed";
  if (!type.getLayout().isIdentity() || type.getMemorySpace())
    return emitOpError() << "has type " << type
                         << "; neither a layout nor a memory space is possible";
  if (llvm::is_contained(type.getShape(), 0))
    return emitOpError() << "has type " << type << " without elements";
  if (auto alignment = getAlignmentAttr()) { // (C3)
    int64_t bytes = alignment.getInt();
    if (bytes < 1 || bytes > 1024 || !llvm::isPowerOf2_64(bytes))
      return emitOpError() << "is aligned to " << bytes
                           << " bytes; a power of two up to 1024 is possible";
  }
  if (!getInit())
    return success();
  if (type.getRank() == 0) { // (C2)
    auto init = cast<TypedAttr>(*getInit());
    if (!isa<IntegerAttr, FloatAttr>(init) ||
        init.getType() != type.getElementType())
      return emitOpError() << "of " << type.getElementType()
                           << " is initialised with " << init;
    return success();
  }
  auto init = dyn_cast<DenseElementsAttr>(*getInit());
  if (!init || init.getElementType() != type.getElementType() ||
      init.getType().getShape() != type.getShape())
    return emitOpError()
           << "of " << type << " is initialised with " << *getInit()
           << "; give a dense tensor of the same shape and element type";
  return success();
}

LogicalResult PointerOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(lookup<VariableOp>(*this, symbols, getTargetAttr(),
                                    "csl.variable") != nullptr); // (C1)
}

LogicalResult QueueOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(lookup<ColorOp>(*this, symbols, getColorAttr(), "csl.color") !=
                 nullptr); // (C1)
}

LogicalResult MemDsdOp::verify() {
  if (getSizes().size() != getStrides().size() || getSizes().empty() ||
      getSizes().size() > 4) // (C1)
    return emitOpError() << "has " << getSizes().size() << " sizes and "
                         << getStrides().size()
                         << " strides; give 1 to 4 of both";
  for (int64_t size : getSizes())
    if (size < 1 || size > 65535)
      return emitOpError() << "has size " << size << "; sizes are 1 to 65535";
  return success();
}

LogicalResult MemDsdOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto base =
      lookup<VariableOp>(*this, symbols, getBaseAttr(), "csl.variable"); // (C2)
  if (!base)
    return failure();
  auto type = dyn_cast<MemRefType>(base.getType());
  if (!type || !type.hasStaticShape())
    return success(); // the variable reports it
  if (type.getRank() == 0)
    return emitOpError() << "describes '" << base.getSymName()
                         << "', which is a scalar variable; name an array";
  // (C3) Sizes are at most 2^16 and strides are bounded first, so nothing
  // overflows.
  int64_t elements = type.getNumElements(),
          low = static_cast<int64_t>(getOffset()), high = low;
  bool far = low < 0 || low >= elements;
  for (auto [size, stride] : llvm::zip_equal(getSizes(), getStrides())) {
    if (size > 1 && (stride >= elements || stride <= -elements))
      far = true;
    if (!far)
      (stride < 0 ? low : high) += (size - 1) * stride;
  }
  if (!far && low >= 0 && high < elements)
    return success();
  InFlightDiagnostic diag = emitOpError()
                            << "reaches outside of the " << elements
                            << " elements of '" << base.getSymName() << "'";
  if (!far)
    diag << ": elements " << low << " to " << high;
  diag.attachNote(base.getLoc()) << "array declared here";
  return diag;
}

LogicalResult FabricDsdOp::verify() {
  if (!isWaveletType(getElementType())) // (C2)
    return emitOpError() << "has elements of " << getElementType()
                         << "; wavelets carry f16, f32, i16 or i32";
  return success();
}

LogicalResult FabricDsdOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(lookup<QueueOp>(*this, symbols, getQueueAttr(), "csl.queue") !=
                 nullptr); // (C1)
}

LogicalResult TaskOp::verify() {
  Block &body = getBody().front();
  switch (getKind()) {
  case TaskKind::Local: // (C1)
    if (!getId() || getQueue() || body.getNumArguments())
      return emitOpError()
             << "is a local task: it has an id, no queue and no arguments";
    if (*getId() > 30)
      return emitOpError() << "has local task id " << *getId()
                           << "; ids are below 31";
    return success();
  case TaskKind::Data:
    if (getId() || !getQueue() || body.getNumArguments() != 1)
      return emitOpError() << "is a data task: it has a queue, one argument "
                              "and no id of its own";
    if (!isWaveletType(body.getArgument(0).getType()))
      return emitOpError() << "takes " << body.getArgument(0).getType()
                           << "; wavelets carry f16, f32, i16 or i32";
    if (getActive()) // (C3)
      return emitOpError() << "is a data task and cannot be active at the "
                              "start; wavelets trigger it";
    return success();
  case TaskKind::Control: // (C4)
    return emitOpError()
           << "is a control task, which is not supported; use a data task";
  }
  return success();
}

LogicalResult TaskOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!getQueueAttr())
    return success();
  auto queue =
      lookup<QueueOp>(*this, symbols, getQueueAttr(), "csl.queue"); // (C2)
  if (!queue)
    return failure();
  if (queue.getKind() == QueueKind::Input)
    return success();
  InFlightDiagnostic diag = emitOpError() << "listens to output queue '"
                                          << queue.getSymName() << "'";
  diag.attachNote(queue.getLoc()) << "queue declared here";
  return diag;
}

LogicalResult FuncOp::verify() {
  Block &body = getBody().front();
  for (BlockArgument argument : body.getArguments()) // (C1)
    if (!isScalarType(argument.getType()))
      return emitOpError() << "has a parameter of " << argument.getType()
                           << ", which is no run-time scalar";
  if (!getResultType())
    return success();
  if (!isScalarType(*getResultType()))
    return emitOpError() << "returns " << *getResultType()
                         << ", which is no run-time scalar";
  if (body.empty() || !isa<ReturnOp>(body.back())) // (C2)
    return emitOpError() << "returns " << *getResultType()
                         << " but does not end with a csl.return";
  return success();
}

LogicalResult ExportSymbolOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *target =
      symbols.lookupNearestSymbolFrom(*this, getSymbolAttr()); // (C1)
  if (!isa_and_nonnull<PointerOp, FuncOp>(target))
    return emitUnknown(*this, getSymbolAttr(), "csl.pointer or csl.func");
  return success();
}
