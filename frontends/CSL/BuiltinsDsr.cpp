//===- BuiltinsDsr.cpp - data structure registers and FIFOs ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Program.h"

using namespace spada;
using namespace spada::cslfront;

//===----------------------------------------------------------------------===//
// Names of registers
//===----------------------------------------------------------------------===//

csl::DsrFile spada::cslfront::dsrFile(const Type &type) {
  switch (type.kind) {
  case TypeKind::DsrDest:
  case TypeKind::DsrFifoDest:
    return csl::DsrFile::Dest;
  case TypeKind::DsrSrc0:
    return csl::DsrFile::Src0;
  default:
    return csl::DsrFile::Src1;
  }
}

static bool isFifoDsr(const Type &type) {
  return type.is(TypeKind::DsrFifoDest) || type.is(TypeKind::DsrFifoSrc1);
}

const DsdConst *spada::cslfront::fifoOf(Sema &s, const Value &dsr, Loc at) {
  auto it = s.program->fifoOfRegister.find({dsrFile(*dsr.type), dsr.i});
  if (it != s.program->fifoOfRegister.end())
    return it->second;
  if (isFifoDsr(*dsr.type))
    s.error(at, "no @allocate_fifo has been given the register " +
                    llvm::Twine(dsr.i) + " of this '" + dsr.type->name + "'");
  return nullptr;
}

static Value registerNumber(Sema &s, const Type *type, const Expr &number) {
  int64_t i = s.forceInt(s.evalComptime(number), number.loc);
  if (i < 0 || i > 63)
    s.error(number.loc, "a register of type '" + type->name +
                            "' is 0 to 63, not " + llvm::Twine(i));
  return Value::integer(type, i);
}

static Value getDsr(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  const Type *type = s.evalType(*call.args[0]);
  if (!type->isDsr())
    s.error(call.loc, "there are no data structure registers of type '" +
                          type->name +
                          "'; known are dsr_dest, dsr_src0, dsr_src1, "
                          "dsr_fifo_dest and dsr_fifo_src1");
  if (!isFifoDsr(*type))
    return registerNumber(s, type, *call.args[1]);
  Value other = s.evalComptime(*call.args[1]);
  if (!other.type->isDsr())
    return registerNumber(s, type, *call.args[1]);
  if (dsrFile(*other.type) != dsrFile(*type) || isFifoDsr(*other.type))
    s.error(call.loc, "a register of type '" + other.type->name +
                          "' cannot be a '" + type->name + "'");
  return Value::integer(type, other.i);
}

static Value getXdsr(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  return registerNumber(s, s.types.simple(TypeKind::Xdsr), *call.args[0]);
}

static Value getSr(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  return registerNumber(s, s.types.simple(TypeKind::Sr), *call.args[0]);
}

//===----------------------------------------------------------------------===//
// Loads
//===----------------------------------------------------------------------===//

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

/// Emits the load of the descriptor in argument `place` to the register in the
/// first one.
static Value load(Sema &s, const Expr &call, const Value &dsd, size_t place) {
  Value dsr = s.eval(*call.args[0]);
  if (!dsr.type->isDsr() || isFifoDsr(*dsr.type))
    s.error(call.loc, "expected a register of type 'dsr_dest', 'dsr_src0' or "
                      "'dsr_src1', got " +
                          s.describe(dsr));
  OperationConfig config;
  if (call.args.size() > place + 1)
    config = operationConfig(s, s.eval(*call.args[place + 1]), call.loc);
  csl::DsrFile file = dsrFile(*dsr.type);
  if (file == csl::DsrFile::Dest && dsd.type->is(TypeKind::FabinDsd))
    s.error(call.loc, "a fabric input cannot go to a dsr_dest");
  if (file != csl::DsrFile::Dest && dsd.type->is(TypeKind::FaboutDsd))
    s.error(call.loc, "a fabric output can only go to a dsr_dest");
  if (config.isAsync && config.singleStep)
    s.error(call.loc, "a load cannot be both '.async' and '.single_step'; "
                      "@map waits for each element");
  s.builder().create<csl::LoadToDsrOp>(
      s.location(call.loc), file, uint64_t(dsr.i),
      s.materializeValue(dsd, call.loc), config.isAsync, config.activate,
      config.unblock, config.ut, config.onControl, config.onControlTask,
      config.saveAddress, config.singleStep, config.priority);
  return s.voidValue();
}

/// In a comptime block a register is loaded when the program starts.
static void emitAtStart(Sema &s, const Expr &call) {
  if (!s.program)
    s.error(call.loc, "'@" + llvm::Twine(s.c.names.text(call.name)) +
                          "' belongs into a PE program");
  if (!s.emitting())
    s.opBuilder = &s.program->startup();
}

static Value loadToDsr(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 3);
  Saved<mlir::OpBuilder *> emit(s.opBuilder);
  emitAtStart(s, call);
  Value dsd = dsdArgument(s, *call.args[1]);
  if (dsd.type->is(TypeKind::CircbufDsd))
    s.error(call.loc, "a circbuf_dsd needs an extended register: "
                      "@load_to_dsr_xdsr");
  return load(s, call, dsd, 1);
}

static void checkRegister(Sema &s, const Value &value, TypeKind kind, Loc at) {
  if (!value.type->is(kind))
    s.error(at, "expected a register of type '" + s.types.simple(kind)->name +
                    "', got " + s.describe(value));
}

static Value loadToXdsr(Sema &s, const Expr &call) {
  checkArguments(s, call, 3, 4);
  Saved<mlir::OpBuilder *> emit(s.opBuilder);
  emitAtStart(s, call);
  checkRegister(s, s.eval(*call.args[1]), TypeKind::Xdsr, call.args[1]->loc);
  Value dsd = dsdArgument(s, *call.args[2]);
  if (!dsd.type->is(TypeKind::CircbufDsd))
    s.error(call.args[2]->loc,
            "expected a circbuf_dsd, got " + s.describe(dsd));
  return load(s, call, dsd, 2);
}

/// How many stride registers a descriptor takes: none for the innermost
/// dimension, nor for the next one if the innermost stride is 1.
static size_t strideRegisters(const Value &dsd) {
  if (!dsd.isKnown())
    return 3;
  size_t rank = dsd.dsd->sizes.size();
  bool isDense = dsd.dsd->strides.back() == 1;
  return rank - std::min<size_t>(rank, isDense ? 2 : 1);
}

static Value loadToStrided(Sema &s, const Expr &call) {
  checkArguments(s, call, 4, 5);
  Saved<mlir::OpBuilder *> emit(s.opBuilder);
  emitAtStart(s, call);
  checkRegister(s, s.eval(*call.args[1]), TypeKind::Xdsr, call.args[1]->loc);
  Value strides = s.eval(*call.args[2]), dsd = dsdArgument(s, *call.args[3]);
  if (!strides.isKnown() || !strides.type->is(TypeKind::Struct) ||
      strides.aggregate->names)
    s.error(call.args[2]->loc, "expected a tuple of registers of type 'sr', "
                               "got " +
                                   s.describe(strides));
  const Aggregate &registers = *strides.aggregate;
  for (uint32_t i = 0; i < registers.size; ++i)
    checkRegister(s, registers.at(i), TypeKind::Sr, call.args[2]->loc);
  if (!dsd.type->is(TypeKind::Mem4dDsd))
    s.error(call.args[3]->loc, "expected a mem4d_dsd, got " + s.describe(dsd));
  if (size_t needed = strideRegisters(dsd); registers.size != needed)
    s.error(call.args[2]->loc, "this descriptor takes " + llvm::Twine(needed) +
                                   " stride registers, " +
                                   llvm::Twine(registers.size) + " are given");
  return load(s, call, dsd, 3);
}

//===----------------------------------------------------------------------===//
// FIFOs
//===----------------------------------------------------------------------===//

/// `.dest`, `.src` and `.xdsr`: the registers of a FIFO.
static void fifoRegisters(Sema &s, const Value &config, const DsdConst &fifo) {
  std::optional<Value> destination = s.field(config, "dest"),
                       source = s.field(config, "src"),
                       extended = s.field(config, "xdsr");
  if (!destination && !source && !extended)
    return;
  if (!destination || !source || !extended)
    s.error(fifo.loc, "'.dest', '.src' and '.xdsr' of a FIFO are given "
                      "together");
  checkRegister(s, *destination, TypeKind::DsrDest, fifo.loc);
  checkRegister(s, *source, TypeKind::DsrSrc1, fifo.loc);
  checkRegister(s, *extended, TypeKind::Xdsr, fifo.loc);
  if (destination->i != source->i)
    s.error(fifo.loc, "'.dest' and '.src' of a FIFO have one number, not " +
                          llvm::Twine(destination->i) + " and " +
                          llvm::Twine(source->i));
  for (csl::DsrFile file : {csl::DsrFile::Dest, csl::DsrFile::Src1})
    if (!s.program->fifoOfRegister.try_emplace({file, source->i}, &fifo).second)
      s.error(fifo.loc,
              "another FIFO has the registers " + llvm::Twine(source->i));
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
  Value config;
  if (call.args.size() > 1) {
    config = s.evalComptime(*call.args[1]);
    checkFields(s, config,
                {"activate_pop", "activate_push", "priority", "simd_mode",
                 "dest", "src", "xdsr"},
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
    dsd.priority = priorityOf(s, config, call.loc);
  }
  Value fifo = dsdValue(s, dsd);
  if (config)
    fifoRegisters(s, config, *fifo.dsd);
  return fifo;
}

static Value setFifoLength(Sema &s, const Expr &call, bool isWrite) {
  checkArguments(s, call, 2, 2);
  Value fifo = s.eval(*call.args[0]), length = s.eval(*call.args[1]);
  if (!fifo.type->is(TypeKind::Fifo))
    s.error(call.args[0]->loc, "expected a FIFO, got " + s.describe(fifo));
  mlir::OpBuilder &b = s.builder();
  std::string symbol = s.program->symbolOf(*fifo.dsd);
  b.create<csl::SetFifoLengthOp>(s.location(call.loc), symbol,
                                 word(s, length, call.args[1]->loc), isWrite);
  return s.voidValue();
}

static Value setFifoReadLength(Sema &s, const Expr &call) {
  return setFifoLength(s, call, /*isWrite=*/false);
}

static Value setFifoWriteLength(Sema &s, const Expr &call) {
  return setFifoLength(s, call, /*isWrite=*/true);
}

llvm::ArrayRef<BuiltinEntry> spada::cslfront::dsrBuiltins() {
  static constexpr BuiltinEntry table[] = {
      {"get_dsr", getDsr},
      {"get_xdsr", getXdsr},
      {"get_sr", getSr},
      {"load_to_dsr", loadToDsr},
      {"load_to_dsr_xdsr", loadToXdsr},
      {"load_to_dsr_xdsr_sr", loadToStrided},
      {"allocate_fifo", allocateFifo},
      {"set_fifo_read_length", setFifoReadLength},
      {"set_fifo_write_length", setFifoWriteLength},
  };
  return table;
}
