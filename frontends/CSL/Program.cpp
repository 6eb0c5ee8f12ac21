//===- Program.cpp - one program for a group of PEs -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Evaluation of the group's code: params, modules, tasks and functions.
// Declarations are in ProgramDecls.cpp.
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "Numbers.h"
#include "Walk.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace spada;
using namespace spada::cslfront;

Program::Program(Compilation &c, Layout &layout, const TileShape &shape,
                 std::vector<uint32_t> members, std::string name)
    : c(c), layout(layout), shape(shape), members(std::move(members)),
      name(std::move(name)) {}

//===----------------------------------------------------------------------===//
// Symbolic numbers
//===----------------------------------------------------------------------===//

int64_t Program::valueOf(const SymExpr &expr, uint32_t member) const {
  switch (expr.op) {
  case SymExpr::Op::Leaf:
    return shape.leaves[member * shape.leafTypes.size() + size_t(expr.number)];
  case SymExpr::Op::X:
    return layout.xOf(shape.pes[member]);
  case SymExpr::Op::Y:
    return layout.yOf(shape.pes[member]);
  case SymExpr::Op::Constant:
    return expr.number;
  case SymExpr::Op::Convert:
    return wrap(valueOf(*expr.a, member), expr.type);
  case SymExpr::Op::Unary: {
    int64_t a = valueOf(*expr.a, member);
    return expr.opcode == Operator::Not ? !a
           : expr.opcode == Operator::Invert
               ? wrap(~a, expr.type)
               : wrap(int64_t(-uint64_t(a)), expr.type);
  }
  case SymExpr::Op::Binary: {
    int64_t a = valueOf(*expr.a, member), b = valueOf(*expr.b, member);
    if (expr.opcode >= Operator::Eq && expr.opcode <= Operator::Ge)
      return compareIntegers(expr.opcode, a, b);
    int64_t result = 0;
    integerOperation(expr.opcode, a, b, result);
    return wrap(result, expr.type);
  }
  }
  return 0;
}

void Program::checkBinary(const SymExpr &expr, const Type *operands,
                          Loc at) const {
  for (uint32_t member : members) {
    try {
      sema->knownBinary(expr.opcode,
                        Value::integer(operands, valueOf(*expr.a, member)),
                        Value::integer(operands, valueOf(*expr.b, member)), at);
    } catch (CompileError &error) {
      uint32_t pe = shape.pes[member];
      error.message += " on PE (" + std::to_string(layout.xOf(pe)) + ", " +
                       std::to_string(layout.yOf(pe)) + ")";
      throw;
    }
  }
}

bool Program::allFit(const SymExpr &expr, const Type *type) const {
  if (!type->isInt())
    return true;
  for (uint32_t member : members)
    if (int64_t value = valueOf(expr, member); wrap(value, type) != value)
      return false;
  return true;
}

std::optional<int64_t> Program::common(const SymExpr &expr) const {
  int64_t first = valueOf(expr, members.front());
  for (uint32_t member : members)
    if (valueOf(expr, member) != first)
      return std::nullopt;
  return first;
}

std::map<int64_t, std::vector<uint32_t>>
Program::split(const SymExpr &expr) const {
  std::map<int64_t, std::vector<uint32_t>> parts;
  for (uint32_t member : members)
    parts[valueOf(expr, member)].push_back(member);
  return parts;
}

/// The shape's params with numbers that differ made symbolic.
Value Program::symbolicLeaves(const Value &value, size_t &leaf) {
  const Type &type = *value.type;
  if (type.isIntLike()) {
    SymExpr expr{SymExpr::Op::Leaf, Operator::None, &type, int64_t(leaf),
                 shape.leafNames[leaf]};
    ++leaf;
    if (std::optional<int64_t> same = common(expr))
      return Value::integer(&type, *same);
    Value result(&type, Value::Form::Symbolic);
    result.symbolic = &c.symbolics.emplace_back(expr);
    return result;
  }
  if (!type.is(TypeKind::Struct) && !type.is(TypeKind::Array))
    return value;
  const Aggregate &from = *value.aggregate;
  Aggregate *to = sema->aggregate(from.size, from.names != nullptr);
  for (uint32_t i = 0; i < from.size; ++i) {
    if (from.names)
      const_cast<Name *>(to->names)[i] = from.names[i];
    to->values[i] = symbolicLeaves(from.at(i), leaf);
  }
  return Value::known(&type, &Value::aggregate, to);
}

void Program::bindParams(ModuleInstance &root) {
  size_t leaf = 0;
  Value params = symbolicLeaves(shape.params, leaf);
  const Aggregate &fields = *params.aggregate;
  for (uint32_t i = 0; fields.names && i < fields.size; ++i)
    root.bound[fields.names[i]] = fields.at(i);
}

//===----------------------------------------------------------------------===//
// The whole program
//===----------------------------------------------------------------------===//

void Program::run(mlir::ModuleOp module) {
  mlir::OpBuilder builder(module.getBodyRegion());
  builder.setInsertionPointToEnd(module.getBody());
  Loc start;
  Source &source = c.load(shape.path, start);
  start.file = source.number;
  start.line = start.column = 1;
  op = builder.create<csl::ProgramOp>(location(start), name);
  op.getBody().emplaceBlock();
  sema = std::make_unique<Sema>(c, nullptr, this);
  try {
    ModuleInstance *root = sema->instantiate(source, start);
    bindParams(*root);
    sema->module = root;
    pendingModules.push_back(root);
    drain();
    finish();
    inlineUnblock();
    orderMemory();
  } catch (...) {
    startupBuilder.reset();
    op.erase();
    throw;
  }
}

void Program::addModule(ModuleInstance &instance) {
  std::string stem = instance.source->path;
  if (stem.front() == '<')
    stem = stem.substr(1, stem.size() - 2);
  if (size_t slash = stem.rfind('/'); slash != std::string::npos)
    stem = stem.substr(slash + 1);
  instance.suffix = stem.substr(0, stem.find('.'));
  pendingModules.push_back(&instance);
}

/// Variables that the host finds by name, whether code uses them or not.
void Program::declareExports(ModuleInstance &instance) {
  for (DeclState &state : instance.states)
    if (state.decl->kind == DeclKind::Var && state.decl->isExport)
      declare(*sema->variableOf(instance, state, state.decl->loc));
}

/// Runs comptime blocks, then emits what has been referred to, until nothing is
/// left.
void Program::drain() {
  for (;;) {
    if (!pendingModules.empty()) {
      ModuleInstance *instance = pendingModules.front();
      pendingModules.erase(pendingModules.begin());
      if (!instance->blocksDone) {
        instance->blocksDone = true;
        sema->resolveImports(*instance);
        sema->runBlocks(*instance, DeclKind::Comptime);
        declareExports(*instance);
      }
    } else if (emittedBindings < bindings.size()) {
      emitTask(bindings[emittedBindings++]);
    } else if (emittedFunctions < pendingFunctions.size()) {
      emitFunction(pendingFunctions[emittedFunctions++]);
    } else {
      return;
    }
  }
}

bool Program::isAddressTaken(const Decl &decl) {
  auto [it, isNew] = addressTaken.try_emplace(currentBody);
  if (isNew && currentBody && currentBody->body)
    it->second = factsOf(*currentBody->body).addressTaken;
  return it->second.count(decl.name);
}

void Program::emitBody(const FunctionRef &function, const Type *result,
                       mlir::Block &block, const std::vector<Value> *args) {
  Sema &s = *sema;
  const Decl &decl = *function.decl;
  mlir::OpBuilder builder = s.atEnd(block);
  Saved<ModuleInstance *> module(s.module, function.module);
  Saved<size_t> base(s.frameBase, s.locals.size());
  Saved<mlir::OpBuilder *> emit(s.opBuilder, &builder);
  Saved<const Decl *> body(currentBody, &decl);
  LocalScope scope(s);
  unsigned operand = 0;
  for (size_t i = 0; i < decl.parameters.size(); ++i) {
    const Parameter &parameter = decl.parameters[i];
    Local local;
    local.name = parameter.name;
    if (args && (*args)[i]) {
      local.value = (*args)[i];
    } else {
      const Type *type = args ? (*args)[i].type : s.evalType(*parameter.type);
      local.value = s.runTime(type, block.getArgument(operand++));
    }
    local.type = local.value.type;
    s.locals.push_back(local);
  }
  Sema::Frame frame;
  frame.result = result;
  frame.isEmitted = true;
  frame.mayReturnEarly = returnsEarly(*decl.body);
  if (frame.mayReturnEarly)
    frame.returnedLocal = s.addRunVar(c.types.boolType, s.boolean(false));
  bool hasResult = !result->is(TypeKind::Void);
  if (hasResult)
    frame.resultLocal = s.addRunVar(result, zero(s, result, decl.loc));
  Saved<Sema::Frame *> frameScope(s.frame, &frame);
  Flow flow = s.exec(*decl.body);
  if (hasResult && flow.kind != Flow::Return && !endsInReturn(*decl.body))
    s.error(decl.loc, "'" + llvm::Twine(c.names.text(decl.name)) +
                          "' ends without returning a value of type '" +
                          result->name + "'");
  mlir::Value value;
  if (hasResult)
    value = s.materializeValue(s.locals[frame.resultLocal].value, decl.loc);
  builder.create<csl::ReturnOp>(location(decl.loc), value);
}

void Program::emitTask(Binding &binding) {
  const Decl &decl = *binding.task.decl;
  if (!decl.body)
    sema->error(decl.loc, "'" + llvm::Twine(c.names.text(decl.name)) +
                              "' has no body here");
  Saved<ModuleInstance *> module(sema->module, binding.task.module);
  mlir::OpBuilder builder = declBuilder();
  std::string wanted(c.names.text(decl.name));
  if (!binding.task.module->suffix.empty())
    wanted = binding.task.module->suffix + "_" + wanted;
  mlir::IntegerAttr id;
  if (binding.kind != csl::TaskKind::Data)
    id = builder.getI64IntegerAttr(
        binding.id < alternateId ? binding.id : 0); // settled in finishWse3
  binding.op = builder.create<csl::TaskOp>(
      location(decl.loc), uniqueName(wanted), binding.kind, id,
      mlir::FlatSymbolRefAttr(), false, false);
  mlir::Block &block = binding.op.getBody().emplaceBlock();
  for (const Parameter &parameter : decl.parameters) {
    if (parameter.isAnytype)
      sema->error(parameter.loc, "a task's parameter needs a type");
    const Type *type = sema->evalType(*parameter.type);
    if (type->bytes() > 4)
      sema->error(parameter.loc, "a wavelet carries 16 or 32 bits, not those "
                                 "of '" +
                                     type->name + "'");
    block.addArgument(mlirType(type, parameter.loc), location(parameter.loc));
  }
  emitBody(binding.task, c.types.voidType, block, nullptr);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

static void keyOf(const Value &value, std::string &key) {
  auto put = [&](auto number) {
    key.append(reinterpret_cast<const char *>(&number), sizeof number);
  };
  put(value.type);
  put(value.form);
  if (!value)
    return;
  if (value.type->isFunctionLike()) {
    put(value.function->decl);
    put(value.function->module);
  } else if (value.type->is(TypeKind::ComptimeString)) {
    key += *value.text;
  } else if (value.isKnown() && (value.type->is(TypeKind::Struct) ||
                                 value.type->is(TypeKind::Array))) {
    put(value.aggregate->size);
    for (uint32_t i = 0; i < value.aggregate->size; ++i) {
      if (value.aggregate->names)
        put(value.aggregate->names[i]);
      keyOf(value.aggregate->at(i), key);
    }
  } else {
    put(value.i);
  }
}

Value Program::emitCall(Sema &s, const Specialization &wanted,
                        llvm::ArrayRef<mlir::Value> operands,
                        const Type *result, Loc at) {
  std::string key;
  key.append(reinterpret_cast<const char *>(&wanted.function.decl),
             sizeof wanted.function.decl);
  key.append(reinterpret_cast<const char *>(&wanted.function.module),
             sizeof wanted.function.module);
  for (const Value &arg : wanted.args)
    keyOf(arg, key);
  for (mlir::Value operand : operands) {
    const void *type = operand.getType().getAsOpaquePointer();
    key.append(reinterpret_cast<const char *>(&type), sizeof type);
  }
  csl::FuncOp &function = functionByKey[key];
  if (!function) {
    const Decl &decl = *wanted.function.decl;
    std::string name(c.names.text(decl.name));
    if (!wanted.function.module->suffix.empty())
      name = wanted.function.module->suffix + "_" + name;
    mlir::TypeAttr type;
    if (!result->is(TypeKind::Void))
      type = mlir::TypeAttr::get(mlirType(result, decl.loc));
    function = declBuilder().create<csl::FuncOp>(location(decl.loc),
                                                 uniqueName(name), type, false);
    mlir::Block &block = function.getBody().emplaceBlock();
    for (mlir::Value operand : operands)
      block.addArgument(operand.getType(), location(decl.loc));
    constexpr size_t most = 10'000;
    s.step(at, 20);
    if (pendingFunctions.size() >= most)
      s.error(at, "'" + llvm::Twine(c.names.text(decl.name)) +
                      "' is made for more than " + llvm::Twine(most) +
                      " different arguments; does it call itself without end?");
    pendingFunctions.push_back({wanted, result, function, s.callStack});
    auto &calls = pendingFunctions.back().calls;
    calls.push_back({at, &decl});
    if (calls.size() > 200)
      s.error(at, "functions made for their arguments call each other more "
                  "than 200 deep");
  }
  llvm::SmallVector<mlir::Type, 1> types;
  if (function.getResultType())
    types.push_back(*function.getResultType());
  auto call = s.builder().create<csl::CallOp>(location(at), types,
                                              function.getSymName(), operands);
  return types.empty() ? s.voidValue() : s.runTime(result, call.getResult());
}

void Program::emitFunction(PendingFunction &function) {
  sema->callStack = std::move(function.calls);
  emitBody(function.wanted.function, function.result,
           function.op.getBody().front(), &function.wanted.args);
  sema->callStack.clear();
}

//===----------------------------------------------------------------------===//
// Tasks
//===----------------------------------------------------------------------===//

void Program::bindTask(const FunctionRef &task, csl::TaskKind kind, int64_t id,
                       Loc at) {
  for (const Binding &other : bindings)
    if (other.kind == kind && other.id == id) {
      if (kind == csl::TaskKind::QueueEmpty)
        sema->error(at, llvm::Twine(id < 8 ? "input" : "output") + " queue " +
                            llvm::Twine(id % 8) + " has the handler '" +
                            c.names.text(other.task.decl->name) + "' already");
      sema->error(at, "'" + llvm::Twine(c.names.text(other.task.decl->name)) +
                          "' is bound to " + csl::stringifyTaskKind(kind) +
                          " task id " + llvm::Twine(id) + " already");
    }
  bindings.push_back({task, kind, id, at});
}

void Program::bindRotation(const FunctionRef &main, const FunctionRef &alt,
                           int64_t id, int64_t limit, int64_t init, Loc at) {
  if (rotations.size() == 2)
    sema->error(at, "there are two pairs of rotating tasks already");
  bindTask(main, csl::TaskKind::Data, id, at);
  bindTask(alt, csl::TaskKind::Control, alternateId + id, at);
  rotations.push_back({bindings.size() - 2, bindings.size() - 1, limit, init});
}

/// Control tables, rotations and handlers of empty queues.
void Program::finishWse3() {
  for (const Rotation &rotation : rotations) {
    Binding &alt = bindings[rotation.alt];
    int64_t table = controlTables[alt.id - alternateId];
    alt.id = table * controlStride;
    for (const Binding &other : bindings)
      if (&other != &alt && other.kind == csl::TaskKind::Control &&
          other.id == alt.id)
        sema->error(alt.loc, "control task id " + llvm::Twine(alt.id) +
                                 " is bound already; give the input queue a "
                                 "'.ctrl_table_id' of its own");
  }
  bool handles = llvm::any_of(bindings, [](const Binding &binding) {
    return binding.kind == csl::TaskKind::QueueEmpty;
  });
  for (const Binding &binding : bindings)
    if (handles && binding.kind == csl::TaskKind::Local && binding.id == 29)
      sema->error(binding.loc, "the teardown task id is for the handlers of "
                               "empty queues here");
}

/// A filter's number is only of use where all PEs have the filter.
void Program::checkFilters() {
  for (const auto &[color, at] : filterUses) {
    bool isLocal = false;
    for (const auto &[number, config, where] : localConfigs)
      isLocal |= int64_t(number) == color && config.hasFilter;
    for (uint32_t member : members)
      if (!isLocal && !layout.hasFilter(shape.pes[member], unsigned(color)))
        sema->error(at, "color " + llvm::Twine(color) +
                            " has no filter on PE (" +
                            llvm::Twine(layout.xOf(shape.pes[member])) + ", " +
                            llvm::Twine(layout.yOf(shape.pes[member])) + ")");
  }
}

int64_t Program::idOfTask(const FunctionRef &task, Loc at) {
  for (const Binding &binding : bindings)
    if (binding.kind == csl::TaskKind::Local &&
        binding.task.decl == task.decl && binding.task.module == task.module)
      return binding.id;
  sema->error(at, "task '" + llvm::Twine(c.names.text(task.decl->name)) +
                      "' is not bound to a local task id");
}

std::string Program::symbolOfTask(const FunctionRef &task, Loc at) {
  for (const Binding &binding : bindings)
    if (binding.task.decl == task.decl && binding.task.module == task.module)
      return taskSymbol(binding.kind, binding.id);
  sema->error(at, "task '" + llvm::Twine(c.names.text(task.decl->name)) +
                      "' is not bound to an id");
}

std::string Program::taskSymbol(csl::TaskKind kind, int64_t id) {
  return ("$" + csl::stringifyTaskKind(kind) + std::to_string(id)).str();
}

void Program::setInitialState(csl::StateAction action, csl::StateKind kind,
                              int64_t id, Loc at) {
  csl::TaskKind taskKind = kind == csl::StateKind::Local ? csl::TaskKind::Local
                           : kind == csl::StateKind::Control
                               ? csl::TaskKind::Control
                               : csl::TaskKind::Data;
  std::string key = taskSymbol(taskKind, id);
  if (action == csl::StateAction::Activate)
    key = "a" + key;
  initialStates[key] = {action, at};
}

mlir::OpBuilder &Program::startup() {
  if (!startupOp) {
    startupOp = declBuilder().create<csl::FuncOp>(
        op.getLoc(), uniqueName("startup"), mlir::TypeAttr(), true);
    startupOp.getBody().emplaceBlock();
    startupBuilder = std::make_unique<mlir::OpBuilder>(
        &startupOp.getBody().front(), startupOp.getBody().front().end());
  }
  return *startupBuilder;
}
