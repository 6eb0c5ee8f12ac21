//===- ProgramQueues.cpp - queues, params, exports and the end ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What is settled when all code is known: which queue serves which color, which
// task stands behind an id, and which PEs get which params.
//
//===----------------------------------------------------------------------===//

#include "Numbers.h"
#include "Program.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace spada;
using namespace spada::cslfront;

//===----------------------------------------------------------------------===//
// Colors, queues and params
//===----------------------------------------------------------------------===//

std::string Program::colorSymbol(int64_t color) {
  std::string &symbol = colorSymbols[color];
  if (symbol.empty()) {
    symbol = uniqueName("color_" + std::to_string(color));
    mlir::OpBuilder builder = declBuilder();
    builder.create<csl::ColorOp>(op.getLoc(), symbol, uint64_t(color));
  }
  return symbol;
}

std::string Program::queueSymbol(bool output, int64_t number, int64_t color) {
  std::string &symbol = queueSymbols[{output, number, color}];
  if (symbol.empty()) {
    std::string colorName = colorSymbol(color);
    symbol = uniqueName((output ? "oq_" : "iq_") + std::to_string(number));
    mlir::OpBuilder builder = declBuilder();
    builder.create<csl::QueueOp>(op.getLoc(), symbol,
                                 output ? csl::QueueKind::Output
                                        : csl::QueueKind::Input,
                                 uint64_t(number), colorName);
  }
  return symbol;
}

void Program::initializeQueue(bool output, int64_t number, int64_t color,
                              Loc at) {
  auto [it, isNew] =
      queueColor.try_emplace({output, number}, QueueUse{color, at});
  if (!isNew && color >= 0 && it->second.color >= 0 &&
      it->second.color != color)
    sema->error(at, llvm::Twine(output ? "output" : "input") + " queue " +
                        llvm::Twine(number) + " is initialized with color " +
                        llvm::Twine(color) + ", but it has color " +
                        llvm::Twine(it->second.color) + " already");
  if (it->second.color < 0)
    it->second.color = color;
}

int64_t Program::freeQueue(bool output, int64_t color, Loc at) {
  for (const auto &[key, use] : queueColor)
    if (key.first == output && use.color == color)
      return key.second;
  int64_t count = output && !c.isWse3() ? 6 : 8;
  // The first ones are for the host's commands.
  for (int64_t number = 2; number < count; ++number)
    if (!queueColor.count({output, number})) {
      queueColor[{output, number}] = {color, at};
      return number;
    }
  if (output && !c.isWse3())
    return 1;
  for (int64_t number = 1; number >= 0; --number)
    if (!queueColor.count({output, number})) {
      queueColor[{output, number}] = {color, at};
      return number;
    }
  sema->error(at, llvm::Twine("no free ") + (output ? "output" : "input") +
                      " queue is left for color " + llvm::Twine(color));
}

int64_t Program::queueFor(bool output, int64_t number, int64_t &color, Loc at) {
  if (number < 0) {
    if (color < 0)
      sema->error(at, "the fabric descriptor has neither a color nor a queue");
    return freeQueue(output, color, at);
  }
  auto it = queueColor.find({output, number});
  bool bound = it != queueColor.end() && it->second.color >= 0;
  if (color < 0) {
    if (!bound)
      sema->error(at, llvm::Twine(output ? "output" : "input") + " queue " +
                          llvm::Twine(number) +
                          " has no color: give '.fabric_color' or initialize "
                          "the queue with one");
    color = it->second.color;
  } else if (bound && it->second.color != color && (!output || c.isWse3())) {
    sema->error(at, llvm::Twine(output ? "output" : "input") + " queue " +
                        llvm::Twine(number) + " has color " +
                        llvm::Twine(it->second.color) +
                        ", the descriptor says " + llvm::Twine(color));
  }
  if (!bound)
    queueColor[{output, number}] = {color, at};
  return number;
}

static std::string keyOf(const SymExpr &expr) {
  std::string key = std::to_string(int(expr.op)) + "," +
                    std::to_string(int(expr.opcode)) + "," + expr.type->name +
                    "," + std::to_string(expr.number) + "(";
  for (const SymExpr *operand : {expr.a, expr.b})
    if (operand)
      key += keyOf(*operand) + ";";
  return key + ")";
}

mlir::Value Program::paramValue(mlir::OpBuilder &builder, const SymExpr &expr,
                                Loc at) {
  mlir::Type type = mlirType(expr.type, at);
  std::string &symbol = paramByKey[keyOf(expr)];
  if (symbol.empty()) {
    std::string wanted = expr.op == SymExpr::Op::Leaf && expr.name
                             ? std::string(c.names.text(expr.name))
                         : expr.op == SymExpr::Op::X ? "x"
                         : expr.op == SymExpr::Op::Y ? "y"
                                                     : "param";
    symbol = uniqueName(wanted);
    declBuilder().create<csl::ParamOp>(op.getLoc(), symbol,
                                       mlir::TypeAttr::get(type));
    params.push_back({symbol, &expr});
  }
  return builder.create<csl::ParamValueOp>(location(at), type, symbol);
}

void Program::exportSymbol(GlobalVar *var, const FunctionRef *function,
                           const std::string &exported, Loc at) {
  std::string symbol;
  if (var) {
    declare(*var);
    symbol = var->symbol;
  } else {
    if (!function->decl->body)
      sema->error(at, "'" + exported + "' has no body here");
    Specialization wanted{*function, {}};
    Saved<ModuleInstance *> module(sema->module, function->module);
    const Decl &decl = *function->decl;
    mlir::Block scratch;
    for (const Parameter &parameter : decl.parameters) {
      if (parameter.isAnytype)
        sema->error(at, "a function with an anytype parameter cannot be "
                        "exported");
      const Type *type = sema->evalType(*parameter.type);
      if (type->bytes() > 4)
        sema->error(parameter.loc,
                    "the host gives a function 16 or 32 bits a parameter, not "
                    "those of '" +
                        type->name + "'; export a variable");
      wanted.args.push_back(Value(type));
      scratch.addArgument(mlirType(type, parameter.loc),
                          location(parameter.loc));
    }
    const Type *result =
        decl.type ? sema->evalType(*decl.type) : c.types.voidType;
    mlir::OpBuilder builder = sema->atEnd(scratch);
    Saved<mlir::OpBuilder *> emit(sema->opBuilder, &builder);
    llvm::SmallVector<mlir::Value> operands(scratch.getArguments());
    size_t known = pendingFunctions.size();
    emitCall(*sema, wanted, operands, result, at);
    if (pendingFunctions.size() != known) // the host calls it
      pendingFunctions.back().calls.clear();
    symbol = mlir::cast<csl::CallOp>(scratch.back()).getCallee().str();
  }
  declBuilder().create<csl::ExportSymbolOp>(location(at), symbol, exported);
}

//===----------------------------------------------------------------------===//
// The end
//===----------------------------------------------------------------------===//

void Program::resolveTaskSymbols() {
  std::map<std::string, std::string> names;
  for (Binding &binding : bindings)
    names[taskSymbol(binding.kind, binding.id)] = binding.op.getSymName().str();
  auto resolve = [&](mlir::FlatSymbolRefAttr symbol, mlir::Operation *user) {
    auto it = names.find(symbol.getValue().str());
    if (it != names.end())
      return mlir::FlatSymbolRefAttr::get(&c.context, it->second);
    auto line = mlir::dyn_cast<mlir::FileLineColLoc>(user->getLoc());
    Loc at;
    if (line) {
      for (const auto &source : c.sources)
        if (source->path == line.getFilename())
          at = {source->number, line.getLine(), line.getColumn()};
    }
    llvm::StringRef text = symbol.getValue().drop_front();
    llvm::StringRef kind = text.take_while(llvm::isAlpha);
    sema->error(at, "no task is bound to " + kind + " task id " +
                        text.drop_front(kind.size()));
  };
  llvm::SmallVector<mlir::Operation *> unbound;
  op.walk([&](mlir::Operation *user) {
    for (mlir::NamedAttribute attribute : user->getAttrs()) {
      auto symbol =
          mlir::dyn_cast<mlir::FlatSymbolRefAttr>(attribute.getValue());
      if (!symbol || !symbol.getValue().starts_with("$"))
        continue;
      if (mlir::isa<csl::ActivateOp, csl::BlockOp, csl::UnblockOp>(user) &&
          !names.count(symbol.getValue().str())) {
        unbound.push_back(user);
        continue;
      }
      user->setAttr(attribute.getName(), resolve(symbol, user));
    }
  });
  for (mlir::Operation *user : unbound) {
    mlir::OpBuilder builder(user);
    llvm::StringRef text =
        user->getAttrOfType<mlir::FlatSymbolRefAttr>("task").getValue();
    text = text.drop_front();
    llvm::StringRef kind = text.take_while(llvm::isAlpha);
    int16_t id = int16_t(std::stoi(text.drop_front(kind.size()).str()));
    mlir::Value number = builder.create<mlir::arith::ConstantOp>(
        user->getLoc(), builder.getI16IntegerAttr(id));
    csl::StateKind state = kind == "local"     ? csl::StateKind::Local
                           : kind == "control" ? csl::StateKind::Control
                           : c.isWse3()        ? csl::StateKind::InputQueue
                                               : csl::StateKind::Color;
    csl::StateAction action =
        mlir::isa<csl::ActivateOp>(user) ? csl::StateAction::Activate
        : mlir::isa<csl::BlockOp>(user)  ? csl::StateAction::Block
                                         : csl::StateAction::Unblock;
    builder.create<csl::SetStateOp>(user->getLoc(), action, state, number);
    user->erase();
  }
}

/// On wse2 a control task takes wavelets of any color that comes down the ramp;
/// colors that nothing else gives a queue get one.
void Program::queuesForControl() {
  auto control = [](const Binding &binding) {
    return binding.kind == csl::TaskKind::Control;
  };
  if (c.isWse3() || llvm::none_of(bindings, control))
    return;
  uint32_t colors = 0;
  for (uint32_t member : members)
    colors |= layout.colorsToRamp(shape.pes[member]);
  for (const auto &[color, config, at] : localConfigs)
    if (config.reachesRamp())
      colors |= 1u << color;
  for (const auto &[key, use] : queueColor)
    if (!key.first && use.color >= 0)
      colors &= ~(1u << use.color);
  for (unsigned color = 0; color < 24; ++color)
    if (colors >> color & 1)
      queueSymbol(false, freeQueue(false, color, {}), color);
}

void Program::finish() {
  declareDsds();
  checkFilters();
  finishWse3();
  for (Binding &binding : bindings) {
    std::string key = taskSymbol(binding.kind, binding.id);
    if (auto it = initialStates.find(key); it != initialStates.end()) {
      binding.op.setBlocked(it->second.first == csl::StateAction::Block);
      initialStates.erase(it);
    }
    if (auto it = initialStates.find("a" + key); it != initialStates.end()) {
      binding.op.setActive(true);
      initialStates.erase(it);
    }
    if (binding.kind == csl::TaskKind::Control)
      binding.op.setId(uint64_t(binding.id));
    if (binding.kind != csl::TaskKind::Data)
      continue;
    int64_t color = c.isWse3() ? -1 : binding.id;
    int64_t number =
        queueFor(false, c.isWse3() ? binding.id : -1, color, binding.loc);
    binding.op.setQueueAttr(mlir::FlatSymbolRefAttr::get(
        &c.context, queueSymbol(false, number, color)));
  }
  queuesForControl();
  // Ids whose state is set at the start without a task of theirs. A color that
  // is unblocked for control tasks gets a queue.
  for (const auto &[key, state] : initialStates) {
    if (key.front() == 'a')
      sema->error(state.second, "no task is bound to the id that is activated");
    if (state.first == csl::StateAction::Unblock) {
      llvm::StringRef id = key;
      int64_t color = -1;
      if (id.consume_front("$data") && !c.isWse3() &&
          !id.getAsInteger(10, color))
        queueSymbol(false, freeQueue(false, color, state.second), color);
      continue;
    }
    mlir::OpBuilder &builder = startup();
    auto symbol = mlir::FlatSymbolRefAttr::get(&c.context, key);
    builder.create<csl::BlockOp>(location(state.second), symbol);
  }
  if (startupOp)
    startup().create<csl::ReturnOp>(op.getLoc(), mlir::Value());
  resolveTaskSymbols();
  // Queues that are only initialized.
  for (const auto &[key, use] : queueColor)
    if (use.color >= 0 && !key.first)
      queueSymbol(false, key.second, use.color);
  emitWse3();
}

/// Control tables and rotations; a rebound queue stands even if unused.
void Program::emitWse3() {
  for (const auto &[key, use] : queueColor)
    if (rebindsQueues && use.color >= 0 && key.first && c.isWse3())
      queueSymbol(true, key.second, use.color);
  mlir::OpBuilder builder = declBuilder();
  for (const auto &[number, table] : controlTables)
    if (table != 0)
      builder.create<csl::ControlTableOp>(
          op.getLoc(),
          queueSymbol(false, number, queueColor.at({false, number}).color),
          uint64_t(table * controlStride));
  for (const Rotation &rotation : rotations)
    builder.create<csl::RotationOp>(location(bindings[rotation.main].loc),
                                    bindings[rotation.main].op.getSymName(),
                                    bindings[rotation.alt].op.getSymName(),
                                    uint64_t(rotation.limit),
                                    uint64_t(rotation.init));
  if (rebindsQueues)
    op->setAttr("csl.rebinds_queues", builder.getUnitAttr());
}

void Program::applyToLayout(mlir::OpBuilder &builder, mlir::Location loc) {
  for (const auto &[color, config, at] : localConfigs)
    for (uint32_t member : members) {
      uint32_t pe = shape.pes[member];
      layout.setColorConfig(layout.xOf(pe), layout.yOf(pe), color, config, at);
    }
  // Which of the params are a coordinate on every PE?
  std::vector<mlir::NamedAttribute> coordinates;
  std::vector<std::pair<std::string, const SymExpr *>> numbers;
  SymExpr x{SymExpr::Op::X}, y{SymExpr::Op::Y};
  for (const auto &[symbol, expr] : params) {
    bool isX = true, isY = true;
    for (uint32_t member : members) {
      int64_t value = valueOf(*expr, member);
      isX &= value == valueOf(x, member);
      isY &= value == valueOf(y, member);
    }
    if (isX || isY)
      coordinates.push_back(
          builder.getNamedAttr(symbol, builder.getStringAttr(isX ? "x" : "y")));
    else
      numbers.push_back({symbol, expr});
  }
  std::map<std::vector<int64_t>, std::vector<uint32_t>> groups;
  for (uint32_t member : members) {
    std::vector<int64_t> key;
    for (const auto &[symbol, expr] : numbers)
      key.push_back(valueOf(*expr, member));
    groups[key].push_back(shape.pes[member]);
  }
  for (auto &[key, pes] : groups) {
    std::vector<mlir::NamedAttribute> attributes = coordinates;
    for (size_t i = 0; i < numbers.size(); ++i) {
      mlir::Type type = mlirType(numbers[i].second->type, {});
      attributes.push_back(builder.getNamedAttr(
          numbers[i].first,
          mlir::IntegerAttr::get(type, llvm::APInt(type.getIntOrFloatBitWidth(),
                                                   uint64_t(key[i])))));
    }
    std::sort(pes.begin(), pes.end());
    for (const Box &box : layout.cover(pes))
      builder.create<csl::TileCodeOp>(loc, name,
                                      layout.boxAttr(builder.getContext(), box),
                                      builder.getDictionaryAttr(attributes));
  }
}
