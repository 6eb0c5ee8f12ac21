//===- Emitter.cpp - declarations of a csl.program ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Names, variables, descriptors, queues and tasks of one program. Statements
// are in EmitTasks.cpp.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

using namespace mlir;
using namespace spada;

static std::string keyOf(ArrayRef<int64_t> values) {
  std::string key;
  for (int64_t value : values)
    key += "," + std::to_string(value);
  return key;
}

StringRef spada::builtinFor(StringRef kind, Type type) {
  if (type.isF32())
    return llvm::StringSwitch<StringRef>(kind)
        .Case("mov", "fmovs")
        .Case("add", "fadds")
        .Case("sub", "fsubs")
        .Case("mul", "fmuls")
        .Case("neg", "fnegs")
        .Case("mac", "fmacs")
        .Default("");
  if (type.isF16())
    return llvm::StringSwitch<StringRef>(kind)
        .Case("mov", "fmovh")
        .Case("add", "faddh")
        .Case("sub", "fsubh")
        .Case("mul", "fmulh")
        .Case("neg", "fnegh")
        .Case("mac", "fmach")
        .Default("");
  if (type.isInteger(16))
    return llvm::StringSwitch<StringRef>(kind)
        .Case("mov", "mov16")
        .Case("add", "add16")
        .Case("sub", "sub16")
        .Case("and", "and16")
        .Case("or", "or16")
        .Case("xor", "xor16")
        .Default("");
  if (type.isInteger(32) && kind == "mov")
    return "mov32";
  return "";
}

ProgramEmitter::ProgramEmitter(const EmitterInput &input,
                               OpBuilder &moduleBuilder)
    : in(input), body(input.body), plan(input.plan),
      context(moduleBuilder.getContext()), b(context), decl(context),
      tail(context) {
  program = moduleBuilder.create<csl::ProgramOp>(input.kernel.getLoc(),
                                                 input.programName);
  program.getBody().emplaceBlock();
  groupTasks.resize(plan.groups.size());
}

std::string ProgramEmitter::freshName(StringRef wanted) {
  std::string name = wanted.str();
  for (int n = 2; !names.insert(name).second; ++n)
    name = (wanted + "_" + std::to_string(n)).str();
  return name;
}

void ProgramEmitter::declareProlog() {
  Location loc = in.kernel.getLoc();
  names.insert("memcpy_params");
  names.insert("sys_mod");
  names.insert("main");
  decl.create<csl::ParamOp>(loc, "memcpy_params", TypeAttr());
  TypeAttr coordinate = TypeAttr::get(decl.getI16Type());
  if (body.usesX)
    decl.create<csl::ParamOp>(loc, freshName("pe_x"), coordinate);
  if (body.usesY)
    decl.create<csl::ParamOp>(loc, freshName("pe_y"), coordinate);
  decl.create<csl::ImportOp>(loc, "sys_mod", "<memcpy/memcpy>",
                             FlatSymbolRefAttr::get(context, "memcpy_params"));
}

StringRef ProgramEmitter::declareVariable(StringRef wanted, MemRefType type,
                                          Location loc) {
  std::string name = freshName(wanted);
  decl.create<csl::VariableOp>(loc, decl.getStringAttr(name),
                               TypeAttr::get(type), IntegerAttr(), TypedAttr());
  return variables.insert({name, type}).first->getKey();
}

void ProgramEmitter::declareFields() {
  for (auto &[name, field] : body.fields) {
    SmallVector<int64_t> shape;
    if ((!field.shape.empty() && !field.isDiscarded) || field.isArgument)
      shape.push_back(std::max<int64_t>(field.elements(), 1));
    fieldVariables[name] =
        declareVariable(name, MemRefType::get(shape, field.elementType),
                        field.loc)
            .str();
    if (!field.isArgument)
      continue;
    std::string pointer = freshName((name + "_ptr").str());
    decl.create<csl::PointerOp>(field.loc, pointer, fieldVariables[name]);
    tail.create<csl::ExportSymbolOp>(field.loc, pointer, name);
  }
}

/// The function that a launch calls: scalar arguments in the kernel's order,
/// copied into variables where they are used.
LogicalResult ProgramEmitter::declareMain() {
  Location loc = in.kernel.getLoc();
  main = tail.create<csl::FuncOp>(loc, "main", TypeAttr());
  Block &block = main.getBody().emplaceBlock();
  b.setInsertionPointToEnd(&block);
  for (auto argument : in.kernel.getBody().getOps<ArgumentOp>()) {
    if (argument.getMode() != ArgumentMode::Scalar)
      continue;
    Type type = storageType(argument.getElementType());
    if (!type)
      return argument.emitError()
             << "scalar argument '" << argument.getName() << "' has type "
             << argument.getElementType()
             << ", which CSL does not have; use f32 or i32";
    BlockArgument value = block.addArgument(type, argument.getLoc());
    if (!body.scalarArguments.contains(argument.getNameAttr()))
      continue;
    StringRef variable = declareVariable(
        argument.getName(), MemRefType::get({}, type), argument.getLoc());
    fieldVariables[("arg." + argument.getName()).str()] = variable.str();
    b.create<memref::StoreOp>(argument.getLoc(), value,
                              address(variable, argument.getLoc()));
  }
  tail.create<csl::ExportSymbolOp>(loc, "main", "main");
  return success();
}

StringRef ProgramEmitter::memDsd(StringRef base, int64_t offset,
                                 ArrayRef<int64_t> sizes,
                                 ArrayRef<int64_t> strides, Location loc) {
  std::string key =
      ("mem:" + base + keyOf(offset) + keyOf(sizes) + keyOf(strides)).str();
  std::string &symbol = symbolCache[key];
  if (symbol.empty()) {
    symbol = freshName((base + "_dsd").str());
    decl.create<csl::MemDsdOp>(loc, symbol, base, offset, sizes, strides);
  }
  return symbol;
}

StringRef ProgramEmitter::colorSymbol(int64_t color, Location loc) {
  std::string &symbol = symbolCache["color:" + std::to_string(color)];
  if (symbol.empty()) {
    symbol = freshName("color_" + std::to_string(color));
    decl.create<csl::ColorOp>(loc, symbol, color);
  }
  return symbol;
}

StringRef ProgramEmitter::queueSymbol(unsigned stream, bool isSend,
                                      Location loc) {
  const StreamEnd &end = (isSend ? in.outputs : in.inputs).find(stream)->second;
  std::string &symbol =
      symbolCache[(isSend ? "out:" : "in:") + std::to_string(end.color)];
  if (symbol.empty()) {
    symbol = freshName((isSend ? "out_queue_" : "in_queue_") +
                       std::to_string(end.color));
    std::string color = colorSymbol(end.color, loc).str();
    decl.create<csl::QueueOp>(
        loc, symbol, isSend ? csl::QueueKind::Output : csl::QueueKind::Input,
        end.queue, color);
  }
  return symbol;
}

StringRef ProgramEmitter::fabricDsd(unsigned stream, bool isSend,
                                    int64_t extent, Location loc) {
  std::string queue = queueSymbol(stream, isSend, loc).str();
  Type type = body.streams[stream].elementType;
  std::string typeName;
  llvm::raw_string_ostream(typeName) << type;
  std::string &symbol =
      symbolCache["fab:" + queue + ":" + typeName + keyOf(extent)];
  if (symbol.empty()) {
    const StreamEnd &end =
        (isSend ? in.outputs : in.inputs).find(stream)->second;
    symbol = freshName((isSend ? "out_" : "in_") + std::to_string(end.color) +
                       "_dsd");
    decl.create<csl::FabricDsdOp>(loc, symbol, queue, type, extent);
  }
  return symbol;
}

FailureOr<csl::TaskOp> ProgramEmitter::makeTask(StringRef wanted, bool blocked,
                                                Location loc) {
  if (nextTaskId == in.taskIds.size())
    return emitError(loc)
           << "this program needs more than " << in.taskIds.size()
           << " local tasks on " << in.machine.name
           << "; await transfers where they are issued, or merge phases";
  auto task =
      tail.create<csl::TaskOp>(loc, freshName(wanted), csl::TaskKind::Local,
                               tail.getI64IntegerAttr(in.taskIds[nextTaskId++]),
                               FlatSymbolRefAttr(), blocked, false);
  task.getBody().emplaceBlock();
  return task;
}

void ProgramEmitter::setBody(Operation *owner) {
  b.setInsertionPointToEnd(&owner->getRegion(0).front());
}

LogicalResult ProgramEmitter::emit() {
  // Declarations come first, then functions and tasks, then exports; two
  // anchors keep the three apart.
  Block &block = program.getBody().front();
  OpBuilder anchor = OpBuilder::atBlockEnd(&block);
  Location loc = in.kernel.getLoc();
  auto first = anchor.create<csl::ExportSymbolOp>(loc, "main", "anchor");
  decl.setInsertionPoint(first);
  tail.setInsertionPointToEnd(&block);
  declareProlog();
  declareFields();
  if (failed(declareMain()))
    return failure();
  chooseTaskSharing();
  Block &statements = body.block();
  LogicalResult result =
      emitFrom(statements.begin(), statements.end(), [&]() -> LogicalResult {
        auto finish = [&]() -> LogicalResult {
          b.create<csl::MemberCallOp>(
              loc, TypeRange(), FlatSymbolRefAttr::get(context, "sys_mod"),
              b.getStringAttr("unblock_cmd_stream"), ValueRange());
          return success();
        };
        if (plan.finalWait >= 0)
          return waitFor(plan.finalWait, finish, loc);
        return finish();
      });
  first.erase();
  if (succeeded(result))
    finishSharedTasks();
  return result;
}
