//===- BuiltinsDsr.cpp - data structure registers and FIFOs ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Program.h"

using namespace spada;
using namespace spada::cslfront;

static Value getDsr(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  const Type *type = s.evalType(*call.args[0]);
  if (!type->isDsr())
    s.error(call.loc, "registers of kind '" + type->name +
                          "' are not supported; known are dsr_dest, dsr_src0 "
                          "and dsr_src1");
  int64_t number = s.forceInt(s.evalComptime(*call.args[1]), call.loc);
  if (number < 0 || number > 63)
    s.error(call.loc,
            "a data structure register is 0 to 63, not " + llvm::Twine(number));
  return Value::integer(type, number);
}

OperationConfig spada::cslfront::operationConfig(Sema &s, const Value &config,
                                                 Loc at) {
  OperationConfig result;
  checkFields(s, config,
              {"async", "activate", "unblock", "on_control", "index",
               "priority", "ut_id", "save_address", "single_step"},
              at);
  mlir::MLIRContext *context = &s.c.context;
  mlir::OpBuilder b(context);
  auto task = [&](Value id) {
    if (id.type->isFunctionLike())
      return mlir::FlatSymbolRefAttr::get(
          context, s.program->symbolOfTask(*id.function, at));
    csl::TaskKind kind;
    switch (id.type->kind) {
    case TypeKind::LocalTaskId:
      kind = csl::TaskKind::Local;
      break;
    case TypeKind::DataTaskId:
    case TypeKind::Color:
    case TypeKind::InputQueue:
      kind = csl::TaskKind::Data;
      break;
    case TypeKind::ControlTaskId:
      kind = csl::TaskKind::Control;
      break;
    default:
      s.error(at, "expected a task or its id, got " + s.describe(id));
    }
    return mlir::FlatSymbolRefAttr::get(
        context, Program::taskSymbol(kind, s.forceInt(id, at)));
  };
  result.isAsync = boolField(s, config, "async", at);
  result.saveAddress = boolField(s, config, "save_address", at);
  result.singleStep = boolField(s, config, "single_step", at);
  std::optional<Value> activate = s.field(config, "activate"),
                       unblock = s.field(config, "unblock"),
                       onControl = s.field(config, "on_control"),
                       ut = s.field(config, "ut_id"),
                       index = s.field(config, "index");
  if (activate && unblock)
    s.error(at, "at most one of '.activate' and '.unblock' can be given");
  if (activate)
    result.activate = task(*activate);
  if (unblock)
    result.unblock = task(*unblock);
  if (onControl) {
    checkFields(s, *onControl, {"terminate", "activate", "unblock"}, at);
    csl::OnControl kind = csl::OnControl::None;
    if (boolField(s, *onControl, "terminate", at))
      kind = csl::OnControl::Terminate;
    if (std::optional<Value> id = s.field(*onControl, "activate")) {
      kind = csl::OnControl::Activate;
      result.onControlTask = task(*id);
    }
    if (std::optional<Value> id = s.field(*onControl, "unblock")) {
      kind = csl::OnControl::Unblock;
      result.onControlTask = task(*id);
    }
    result.onControl = csl::OnControlAttr::get(context, kind);
  }
  if (ut) {
    if (!ut->type->is(TypeKind::UtId))
      s.error(at, "'.ut_id' is a microthread id, not " + s.describe(*ut));
    if (!s.c.isWse3())
      s.error(at, "'.ut_id' exists on wse3 only");
    result.ut = b.getI64IntegerAttr(s.forceInt(*ut, at));
  }
  if (int priority = priorityOf(s, config, at))
    result.priority = b.getI64IntegerAttr(priority);
  if (index)
    result.index = word(s, *index, at);
  return result;
}

static Value loadToDsr(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 3);
  if (!s.program)
    s.error(call.loc, "@load_to_dsr belongs into a PE program");
  Saved<mlir::OpBuilder *> emit(s.opBuilder);
  if (!s.emitting())
    s.opBuilder = &s.program->startup();
  Value dsr = s.eval(*call.args[0]);
  if (!dsr.type->isDsr())
    s.error(call.loc,
            "expected a data structure register, got " + s.describe(dsr));
  Value dsd = dsdArgument(s, *call.args[1]);
  OperationConfig config;
  if (call.args.size() > 2)
    config = operationConfig(s, s.eval(*call.args[2]), call.loc);
  csl::DsrFile file = dsr.type->is(TypeKind::DsrDest)   ? csl::DsrFile::Dest
                      : dsr.type->is(TypeKind::DsrSrc0) ? csl::DsrFile::Src0
                                                        : csl::DsrFile::Src1;
  if (file == csl::DsrFile::Dest && dsd.type->is(TypeKind::FabinDsd))
    s.error(call.loc, "a fabric input cannot go to a dsr_dest");
  if (file != csl::DsrFile::Dest && dsd.type->is(TypeKind::FaboutDsd))
    s.error(call.loc, "a fabric output can only go to a dsr_dest");
  s.builder().create<csl::LoadToDsrOp>(
      s.location(call.loc), file, uint64_t(dsr.i),
      s.materializeValue(dsd, call.loc), config.isAsync, config.activate,
      config.unblock, config.ut, config.onControl, config.onControlTask,
      config.saveAddress, config.singleStep, config.priority);
  return s.voidValue();
}

static Value allocateFifo(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 2);
  if (!s.program)
    s.error(call.loc, "@allocate_fifo belongs into a PE program");
  Sema::Reference buffer = s.resolve(*call.args[0]);
  if (!buffer.place || buffer.place->kind != Place::Global ||
      !buffer.place->type->is(TypeKind::Array))
    s.error(call.loc, "a FIFO's buffer is a variable of an array type");
  DsdConst dsd;
  dsd.type = s.types.simple(TypeKind::Fifo);
  dsd.loc = call.loc;
  dsd.base = buffer.place->var;
  dsd.element = buffer.place->type->element;
  if (dsd.element->bytes() != 2 && dsd.element->bytes() != 4)
    s.error(call.loc, "a FIFO's elements have 16 or 32 bits, not those of '" +
                          dsd.element->name + "'");
  if (call.args.size() > 1) {
    Value config = s.evalComptime(*call.args[1]);
    checkFields(s, config,
                {"activate_pop", "activate_push", "priority", "simd_mode"},
                call.loc);
    auto task = [&](const char *name) {
      std::optional<Value> id = s.field(config, name);
      return id ? int(s.forceInt(s.coerce(*id,
                                          s.types.simple(TypeKind::LocalTaskId),
                                          call.loc),
                                 call.loc))
                : -1;
    };
    dsd.activatePop = task("activate_pop");
    dsd.activatePush = task("activate_push");
  }
  return dsdValue(s, dsd);
}

llvm::ArrayRef<BuiltinEntry> spada::cslfront::dsrBuiltins() {
  static constexpr BuiltinEntry table[] = {
      {"get_dsr", getDsr},
      {"load_to_dsr", loadToDsr},
      {"allocate_fifo", allocateFifo},
  };
  return table;
}
