//===- CSLProgramOps.cpp - verifiers of CSL declarations ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Local rules of a PE program and what it declares. Limits of a machine are not
// checked here: Target/CSL/Check.cpp.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/Verify.h"

using namespace mlir;
using namespace spada::csl;

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
  llvm::SmallDenseMap<int64_t, Operation *> ids, controls, teardowns, queues,
      empties;
  llvm::SmallDenseMap<Attribute, Operation *> listeners;
  Operation *startup = nullptr;
  for (Operation &op : getBody().front()) {
    if (auto queue = dyn_cast<QueueOp>(op)) { // (C2)
      int64_t number = queue.getNumber();
      if (queue.getKind() == QueueKind::Input &&
          failed(claim(queues, number, &op, "input queue", number)))
        return failure();
    } else if (auto task = dyn_cast<TaskOp>(op)) {
      int64_t id = task.getId().value_or(0);
      if (task.getKind() == TaskKind::Control
              ? failed(claim(controls, id, &op, "control task id", id))
          : task.getKind() == TaskKind::Teardown
              ? failed(claim(teardowns, id, &op, "teardown of color", id))
          : task.getKind() == TaskKind::QueueEmpty
              ? failed(claim(empties, id, &op, "flushed queue", id))
              : task.getId() &&
                    failed(claim(ids, id, &op, "local task id", id)))
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
    } else if (auto function = dyn_cast<FuncOp>(op)) {
      if (!function.getStartup())
        continue;
      if (startup) { // (C3)
        InFlightDiagnostic diag = op.emitOpError()
                                  << "is the second startup function";
        diag.attachNote(startup->getLoc()) << "first one here";
        return diag;
      }
      startup = &op;
    } else if (!isa<ParamOp, ImportOp, VariableOp, PointerOp, ColorOp, MemDsdOp,
                    FabricDsdOp, DsdVariableOp, FifoOp, ControlTableOp,
                    RotationOp,
                    ExportSymbolOp>(op)) { // (C1)
      return op.emitOpError() << "is no declaration; statements belong into a "
                                 "csl.func or csl.task";
    }
  }
  return success();
}

LogicalResult ParamOp::verify() {
  if (getType() && !isWordType(*getType())) // (C1)
    return emitOpError() << "has type " << *getType()
                         << ", which is no run-time scalar of 32 bits at most";
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
  bool pointers = type && isa<PtrType>(type.getElementType());
  if (!type || !type.hasStaticShape() || type.getRank() > 4 ||
      !(pointers || isScalarType(type.getElementType())))
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
  if (pointers) // (C2)
    return emitOpError() << "of " << type << " is initialised with "
                         << *getInit() << "; use a csl.pointer, or store to it";
  if (type.getRank() == 0) {
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

Type PointerOp::getPointee() {
  if (getElementType())
    return *getElementType();
  auto target =
      SymbolTable::lookupNearestSymbolFrom<VariableOp>(*this, getTargetAttr());
  Type element = cast<MemRefType>(target.getType()).getElementType();
  return isa<PtrType>(element) ? IntegerType::get(getContext(), 16) : element;
}

LogicalResult PointerOp::verify() {
  if (!getTarget() && (!getElementType() || getOffset())) // (C2)
    return emitOpError() << (getOffset() ? "has an offset but no target"
                                         : "has neither a target nor an "
                                           "element type");
  if (getElementType() && !isScalarType(*getElementType())) // (C3)
    return emitOpError() << "points to " << *getElementType()
                         << ", which is no run-time scalar";
  return success();
}

LogicalResult PointerOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!getTargetAttr())
    return success();
  auto target = lookup<VariableOp>(*this, symbols, getTargetAttr(),
                                   "csl.variable"); // (C1)
  if (!target || !getOffsetAttr())
    return success(target != nullptr);
  auto type = dyn_cast<MemRefType>(target.getType());
  if (!type || !type.hasStaticShape())
    return success(); // the variable reports it
  Type element = type.getElementType();
  int64_t bits = isa<PtrType>(element) ? 16 : element.getIntOrFloatBitWidth(),
          bytes = type.getNumElements() * ((bits + 7) / 8),
          offset = getOffsetAttr().getInt();
  if (offset >= 0 && offset <= bytes) // (C4)
    return success();
  InFlightDiagnostic diag =
      emitOpError() << "points " << offset << " bytes behind the start "
                    << "of '" << *getTarget() << "', which has " << bytes;
  diag.attachNote(target.getLoc()) << "target declared here";
  return diag;
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
    if (size < (getUnchecked() ? 0 : 1) || size > 65535)
      return emitOpError() << "has size " << size << "; sizes are 1 to 65535";
  if (getWrap() &&
      (getSizes().size() != 1 || getStrides().front() != 1)) // (C4)
    return emitOpError() << "wraps with several dimensions or a stride; only "
                            "one dimension of stride 1 wraps";
  return success();
}

LogicalResult MemDsdOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto base =
      lookup<VariableOp>(*this, symbols, getBaseAttr(), "csl.variable"); // (C2)
  if (!base)
    return failure();
  auto type = dyn_cast<MemRefType>(base.getType());
  if (!type || !type.hasStaticShape())
    return success();                      // the variable reports it
  if (type.getElementType().isInteger(64)) // (C2)
    return emitOpError() << "describes '" << base.getSymName() << "' of "
                         << type << "; elements of 16 or 32 bits are needed";
  if (getUnchecked())
    return success();
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
    int64_t reached = std::min<int64_t>(size, getWrap().value_or(size));
    if (!far)
      (stride < 0 ? low : high) += (reached - 1) * stride;
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
  if (!isWaveletType(getElementType()) &&
      !isa<NoneType>(getElementType())) // (C2)
    return emitOpError() << "has elements of " << getElementType()
                         << "; wavelets carry f16, f32, i16 or i32";
  return success();
}

LogicalResult FabricDsdOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto queue =
      lookup<QueueOp>(*this, symbols, getQueueAttr(), "csl.queue"); // (C1)
  if (!queue)
    return failure();
  bool outputOnly = getControl() || getAdvanceSwitch() || getIndexOffset() ||
                    getZeroSource(); // (C3)
  if (!outputOnly || queue.getKind() == QueueKind::Output)
    return success();
  InFlightDiagnostic diag = emitOpError()
                            << "has control, advance_switch, index_offset or "
                               "zero_source on input queue '"
                            << getQueue() << "'; only output has them";
  diag.attachNote(queue.getLoc()) << "queue declared here";
  return diag;
}

LogicalResult DsdVariableOp::verify() {
  if (!isDsd(getType())) // (C1)
    return emitOpError() << "has type " << getType() << ", which is no DSD";
  if (!getInit() && !isa<MemDsdType>(getType())) // (C2)
    return emitOpError() << "of " << getType()
                         << " has no initial value; a fabric descriptor needs "
                            "one for its queue";
  return success();
}

LogicalResult DsdVariableOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!getInitAttr())
    return success();
  Operation *init =
      symbols.lookupNearestSymbolFrom(*this, getInitAttr()); // (C1)
  if (!isa_and_nonnull<MemDsdOp, FabricDsdOp>(init))
    return emitUnknown(*this, getInitAttr(), "DSD constant");
  Type given = dsdTypeOf(init, symbols);
  if (!given || sameShape(given, getType()))
    return success();
  InFlightDiagnostic diag = emitOpError()
                            << "of " << getType() << " is initialised with '"
                            << *getInit() << "' of " << given;
  diag.attachNote(init->getLoc()) << "descriptor declared here";
  return diag;
}

LogicalResult FifoOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto buffer = lookup<VariableOp>(*this, symbols, getBufferAttr(),
                                   "csl.variable"); // (C1)
  if (!buffer)
    return failure();
  auto type = dyn_cast<MemRefType>(buffer.getType());
  if (type && !isWaveletType(type.getElementType())) {
    InFlightDiagnostic diag = emitOpError()
                              << "uses '" << getBuffer() << "' of " << type
                              << "; elements of 16 or 32 bits are needed";
    diag.attachNote(buffer.getLoc()) << "buffer declared here";
    return diag;
  }
  return failure(
      failed(verifyTask(*this, symbols, getActivatePushAttr(), true)) || // (C2)
      failed(verifyTask(*this, symbols, getActivatePopAttr(), true)));
}

/// (C4) of csl.task.
static LogicalResult verifyPayload(TaskOp task) {
  Block &body = task.getBody().front();
  for (Type type : body.getArgumentTypes()) {
    if (!isWaveletType(type))
      return task.emitOpError()
             << "takes " << type << "; wavelets carry f16, f32, i16 or i32";
    if (body.getNumArguments() == 2 && type.getIntOrFloatBitWidth() != 16)
      return task.emitOpError()
             << "takes " << type
             << " as one of two arguments; both have 16 bits then";
  }
  return success();
}

LogicalResult TaskOp::verify() {
  Block &body = getBody().front();
  switch (getKind()) {
  case TaskKind::Local: // (C1)
    if (!getId() || getQueue() || body.getNumArguments())
      return emitOpError()
             << "is a local task: it has an id, no queue and no arguments";
    if (*getId() == 31)
      return emitOpError() << "has local task id 31, which means no task";
    return success();
  case TaskKind::Data:
    if (getId() || !getQueue() || !body.getNumArguments() ||
        body.getNumArguments() > 2)
      return emitOpError() << "is a data task: it has a queue, one argument "
                              "or two, and no id of its own";
    break;
  case TaskKind::Control:
    if (!getId() || getQueue() || body.getNumArguments() > 2)
      return emitOpError() << "is a control task: it has an id, no queue and "
                              "two arguments at most";
    break;
  case TaskKind::Teardown:
    if (!getId() || *getId() > 23 || getQueue() || body.getNumArguments())
      return emitOpError() << "is a teardown task: it has a color, 0 to 23, as "
                              "id, no queue and no arguments";
    break;
  case TaskKind::QueueEmpty:
    if (!getId() || *getId() > 15 || getQueue() || body.getNumArguments())
      return emitOpError() << "is a task of an empty queue: it has a queue, 0 "
                              "to 15, as id, no queue and no arguments";
    break;
  }
  if (failed(verifyPayload(*this)))
    return failure();
  if (getActive()) // (C3)
    return emitOpError() << "is a " << stringifyTaskKind(getKind())
                         << " task and cannot be active at the start; wavelets "
                            "trigger it";
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

LogicalResult ControlTableOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto queue =
      lookup<QueueOp>(*this, symbols, getQueueAttr(), "csl.queue"); // (C1)
  if (!queue)
    return failure();
  if (queue.getKind() != QueueKind::Input)
    return emitOpError() << "names output queue '" << getQueue() << "'";
  return success();
}

LogicalResult RotationOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto task = lookup<TaskOp>(*this, symbols, getTaskAttr(), "csl.task"); // (C1)
  auto other = lookup<TaskOp>(*this, symbols, getOtherAttr(), "csl.task");
  if (!task || !other)
    return failure();
  if (task.getKind() != TaskKind::Data ||
      other.getKind() != TaskKind::Control ||
      other.getBody().front().getNumArguments())
    return emitOpError() << "needs a data task and a control task without "
                            "arguments";
  if (getInit() > getLimit()) // (C2)
    return emitOpError() << "starts at " << getInit() << " of " << getLimit();
  return success();
}

LogicalResult FuncOp::verify() {
  Block &body = getBody().front();
  for (BlockArgument argument : body.getArguments()) { // (C1)
    Type type = argument.getType();
    if (!isScalarType(type) && !isa<PtrType>(type) && !isDsd(type))
      return emitOpError() << "has a parameter of " << type
                           << ", which is no run-time scalar, pointer or "
                              "descriptor";
  }
  if (getStartup() && (body.getNumArguments() || getResultType())) // (C3)
    return emitOpError() << "runs at startup with parameters or a result";
  if (!getResultType())
    return success();
  if (!isScalarType(*getResultType()) && !isa<PtrType>(*getResultType()))
    return emitOpError() << "returns " << *getResultType()
                         << ", which is no run-time scalar or pointer";
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
