//===- Printable.cpp - what the CSL printer has text for ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The dialect holds all of run-time CSL, the printer what compilers emit. The
// rest is rejected here by name, before anything is printed.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

/// What of `op` is not printed: an attribute or a kind. Empty: nothing.
static StringRef unprintedPart(Operation *op) {
  return llvm::TypeSwitch<Operation *, StringRef>(op)
      .Case<ColorConfigOp>([](ColorConfigOp config) {
        return config.getSwitches()                     ? "switches"
               : config.getFilter()                     ? "a filter"
               : config.getSwapX() || config.getSwapY() ? "color swap"
               : config.getTeardown()                   ? "teardown"
               : config.getMessages()                   ? "messages"
               : config.getRx().empty() || config.getTx().empty()
                   ? "a side without ports"
                   : "";
      })
      .Case<VariableOp>([](VariableOp variable) {
        auto type = cast<MemRefType>(variable.getType());
        return isa<PtrType>(type.getElementType()) ? "pointers"
               : variable.getLinkName()            ? "a link name"
                                                   : "";
      })
      .Case<PointerOp>([](PointerOp pointer) {
        return !pointer.getTarget()       ? "no target"
               : pointer.getOffset()      ? "an offset"
               : pointer.getElementType() ? "an element type"
                                          : "";
      })
      .Case<MemDsdOp>([](MemDsdOp dsd) {
        return dsd.getUnchecked()     ? "'unchecked'"
               : dsd.getIndexOffset() ? "'index_offset'"
               : dsd.getWrap()        ? "'wrap'"
                                      : "";
      })
      .Case<FabricDsdOp>([](FabricDsdOp dsd) {
        bool plain = !dsd.getControl() && !dsd.getAdvanceSwitch() &&
                     !dsd.getIndexOffset() && !dsd.getZeroSource() &&
                     !dsd.getSimd() && !dsd.getPriority() &&
                     !dsd.getControlTransform();
        return !plain                                ? "fabric options"
               : isa<NoneType>(dsd.getElementType()) ? "unknown elements"
                                                     : "";
      })
      .Case<TaskOp>([](TaskOp task) {
        return task.getKind() == TaskKind::Control      ? "kind 'control'"
               : task.getKind() == TaskKind::Teardown   ? "kind 'teardown'"
               : task.getKind() == TaskKind::QueueEmpty ? "kind 'queue_empty'"
               : task.getBody().front().getNumArguments() > 1 ? "two arguments"
                                                              : "";
      })
      .Case<FuncOp>([](FuncOp function) {
        return function.getStartup() ? "'startup'" : "";
      })
      .Case<IncrementDsdOffsetOp>([](IncrementDsdOffsetOp increment) {
        return increment.getElementType() ? "an element type" : "";
      })
      .Case<VectorOp>([](VectorOp vector) {
        return vector.getResult()      ? "a result"
               : vector.getIndex()     ? "an index"
               : vector.getOnControl() ? "'on_control'"
               : vector.getPriority()  ? "a priority"
                                       : "";
      })
      .Default([](Operation *) { return ""; });
}

LogicalResult spada::checkPrintable(ModuleOp module) {
  WalkResult walk = module.walk([](Operation *op) {
    if (isa<ControlTableOp, RotationOp, HostColorOp, TileDataOp, DsdVariableOp,
            FifoOp, ToPtrOp, ElementPtrOp, FromPtrOp, PtrAddOp, PtrCastOp,
            LoadDsdOp, StoreDsdOp, SetDsdBaseAddrOp, SetDsdStrideOp, CastDsdOp,
            DsdLengthOp, DsdElementPtrOp, DsrOp, DsrLengthOp, FifoRefOp,
            SetFifoLengthOp, LoadToDsrOp, SetStateOp, ReadClockOp,
            ClockControlOp, RandomOp, SeedRandomOp, InverseOp, ScaleByOp,
            AssertOp, PrintOp>(op)) {
      op->emitError() << "'" << op->getName()
                      << "' cannot be printed as CSL text";
      return WalkResult::interrupt();
    }
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (Type type : block.getArgumentTypes())
          if (isa<PtrType, MemDsdType, FabinDsdType, FaboutDsdType>(type) &&
              isa<FuncOp>(op)) {
            op->emitError() << "'" << op->getName() << "' with a parameter of "
                            << type << " cannot be printed as CSL text";
            return WalkResult::interrupt();
          }
    StringRef part = unprintedPart(op);
    if (part.empty())
      return WalkResult::advance();
    op->emitError() << "'" << op->getName() << "' with " << part
                    << " cannot be printed as CSL text";
    return WalkResult::interrupt();
  });
  return failure(walk.wasInterrupted());
}
