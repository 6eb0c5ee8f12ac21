//===- Sema.cpp - a stencil, its parameters and its body ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Sema.h"

#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;
using ast::Stmt;
using ast::StmtKind;

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

TypeDesc Sema::paramType(const ast::Param &param) {
  auto given = options.types.find(std::string(param.name));
  Expr text;
  const Expr *annotation = &param.annotation;
  if (!*annotation && given != options.types.end()) {
    text.kind = ExprKind::String;
    text.text = given->second;
    annotation = &text;
  }
  if (!*annotation) {
    error(param.range, "parameter '" + Twine(param.name) + "' has no type",
          "write " + Twine(param.name) +
              ": Field[float64], or give a file of "
              "types with --types");
    return {};
  }
  TypeReader reader(options, modules,
                    Modules::scopeIn(*frame->module, *frame->function),
                    lookup(), /*isParameter=*/true);
  TypeDesc type = reader.read(*annotation);
  if (!type)
    error(annotation == &text ? param.range : annotation->range,
          "invalid type of parameter '" + Twine(param.name) +
              "': " + reader.reason,
          reader.hint);
  else if (!type.isField && !type.dims.empty()) {
    error(param.range, "scalar '" + Twine(param.name) + "' has dimensions",
          "write Field[...] or GlobalTable[...] around the type");
    return {};
  }
  return type;
}

/// The attribute `stencil.default`; false after an error.
bool Sema::setDefault(const ast::Param &param, const TypeDesc &type,
                      DictionaryAttr &attrs) {
  if (!param.value)
    return true;
  std::string reason;
  Constant value = fold(param.value, &reason);
  Attribute attr;
  if (!value) {
    error(param.value.range, "the default of '" + Twine(param.name) +
                                 "' is not known at compile time" +
                                 (reason.empty() ? "" : ": " + reason));
    return false;
  }
  if (value.is(Constant::None)) {
    attr = builder.getUnitAttr();
  } else if (type.isField) {
    error(param.value.range,
          "field '" + Twine(param.name) + "' has the default " + value.str(),
          "the default of a field can only be None");
    return false;
  } else {
    Constant typed = gtscript::convert(value, type.scalar, reason);
    if (!typed || !isFloat(type.scalar) == value.is(Constant::Float) ||
        (type.scalar == Scalar::Bool) != value.is(Constant::Bool) ||
        (isFloat(value.type) && value.type != type.scalar)) {
      if (!typed || typed.asFloat() != value.asFloat() ||
          (type.scalar == Scalar::Bool) != value.is(Constant::Bool)) {
        error(param.value.range, "default " + value.str() + " of '" +
                                     Twine(param.name) + "' is no " +
                                     std::string(spelling(type.scalar)));
        return false;
      }
    }
    Type element = typeOf(type.scalar, context);
    attr = isFloat(type.scalar)
               ? TypedAttr(builder.getFloatAttr(element, typed.asFloat()))
               : TypedAttr(builder.getIntegerAttr(element, typed.integer));
  }
  NamedAttrList list(attrs);
  list.append("stencil.default", attr);
  attrs = list.getDictionary(context);
  return true;
}

static bool checkKind(const ast::Param &param, std::string &message) {
  if (param.kind == ast::ParamKind::VarArgs)
    message = "'*" + std::string(param.name) + "' is no parameter of a stencil";
  else if (param.kind == ast::ParamKind::VarKeywords)
    message =
        "'**" + std::string(param.name) + "' is no parameter of a stencil";
  return message.empty();
}

bool Sema::declareParams(const ast::Function &function) {
  SmallVector<Type> types;
  SmallVector<DictionaryAttr> attrs;
  SmallVector<Symbol *> declared;
  for (const ast::Param &param : function.params) {
    std::string message;
    if (!checkKind(param, message)) {
      error(param.range, message, "list the parameters by name");
      continue;
    }
    TypeDesc type = paramType(param);
    NamedAttrList list;
    list.append("stencil.name", builder.getStringAttr(param.name));
    if (type.isLiteral)
      list.append("stencil.literal", builder.getUnitAttr());
    DictionaryAttr dictionary = list.getDictionary(context);
    Symbol *symbol = makeSymbol(type.isField ? Symbol::Field : Symbol::Scalar,
                                std::string(param.name), param.range);
    symbol->isArgument = true;
    frame->names[param.name] = symbol;
    if (!type || !setDefault(param, type, dictionary)) {
      symbol->kind = Symbol::Failed;
      continue;
    }
    declared.push_back(symbol);
    types.push_back(type.get(context));
    attrs.push_back(dictionary);
  }
  program.setFunctionTypeAttr(
      TypeAttr::get(builder.getFunctionType(types, {})));
  for (auto [i, symbol] : llvm::enumerate(declared)) {
    symbol->value = program.getBody().front().addArgument(
        types[i], fileLoc(symbol->declared));
    program.setArgAttrs(unsigned(i), attrs[i]);
  }
  return !failed;
}

//===----------------------------------------------------------------------===//
// Body
//===----------------------------------------------------------------------===//

static bool isDocstring(const Stmt &stmt) {
  return stmt.kind == StmtKind::Expr && stmt.value.is(ExprKind::String);
}

/// `t: Field[(float64, (3,))] = 0.0` before the computations.
void Sema::declareTemporary(const Stmt &stmt) {
  const Expr &name = stmt.targets[0];
  if (!name.is(ExprKind::Name)) {
    error(name.range, "only a name can be declared");
    return;
  }
  Symbol *symbol =
      makeSymbol(Symbol::Failed, std::string(name.text), name.range);
  if (Symbol *other = find(name.text)) {
    error(name.range, "'" + Twine(name.text) + "' is declared twice", "",
          {{other->declared, "first here"}});
    return;
  }
  frame->names[name.text] = symbol;
  TypeReader reader(options, modules,
                    Modules::scopeIn(*frame->module, *frame->function),
                    lookup(), /*isParameter=*/false);
  TypeDesc type = reader.read(stmt.annotation);
  if (!type) {
    error(stmt.annotation.range,
          "invalid type of '" + Twine(name.text) + "': " + reader.reason,
          reader.hint);
    return;
  }
  if (type.isField && type.axes != stencil::Axes::IJK) {
    error(stmt.annotation.range,
          "temporary '" + Twine(name.text) + "' has axes " +
              stencil::stringifyAxes(type.axes) +
              "; only IJK can be declared before computations",
          "declare an IJ temporary at its first assignment in a FORWARD or "
          "BACKWARD computation");
    return;
  }
  type.isField = true;
  type.axes = stencil::Axes::IJK;
  std::string reason = "it has none";
  Constant value;
  if (stmt.value)
    value = fold(stmt.value, &reason);
  if (!value.isNumber()) {
    error(stmt.value ? stmt.value.range : stmt.range,
          "'" + Twine(name.text) + "' needs a constant value: " +
              (value ? value.str() + " is no number" : reason));
    return;
  }
  if (!checkUnrolling(type.dims, stmt.range))
    return;
  Symbol *made = newTemporary(std::string(name.text), type.get(context),
                              name.range, frame);
  frame->names[name.text] = made;
  OpBuilder::InsertionGuard restore(builder);
  builder.setInsertionPointToEnd(&program.getBody().front());
  sectionOp = builder.create<stencil::SectionOp>(
      loc(stmt.range), stencil::Order::Parallel,
      stencil::BoundAttr::get(context, stencil::Edge::Start, 0),
      stencil::BoundAttr::get(context, stencil::Edge::End, 0));
  Access access;
  access.symbol = made;
  access.range = name.range;
  for (const Shape &element : elementsOf(type.dims))
    group([&] {
      point(loc(stmt.range), [&] {
        if (Value constant = constantValue(value, stmt.value))
          store(access, constant, element, stmt.range);
      });
    });
}

void Sema::stencilBody(const std::vector<Stmt> &body) {
  bool hasComputation = false;
  for (const Stmt &stmt : body) {
    if (isDocstring(stmt) || stmt.kind == StmtKind::Pass)
      continue;
    if (stmt.kind == StmtKind::Import) {
      checkImports(stmt);
      continue;
    }
    if (stmt.kind == StmtKind::AnnAssign) {
      if (hasComputation)
        error(stmt.range, "declarations stand before the computations");
      else
        declareTemporary(stmt);
      continue;
    }
    if (stmt.kind == StmtKind::With) {
      hasComputation = true;
      computation(stmt);
      continue;
    }
    if (stmt.kind == StmtKind::Return) {
      error(stmt.range, "a stencil returns nothing", "it writes its fields");
      continue;
    }
    if (!stmt.error.empty() || stmt.kind == StmtKind::Other) {
      rejectOther(stmt);
      continue;
    }
    error(stmt.range, "statements stand inside computations",
          "write 'with computation(PARALLEL), interval(...):' around it");
  }
}

OwningOpRef<ModuleOp> Sema::run(const ast::Module &module,
                                const ast::Function &function, StringRef name) {
  Frame outer;
  outer.module = &module;
  outer.function = &function;
  frame = &outer;
  for (const ast::SyntaxError &bad : ast::errorsIn(module, function))
    error(bad.range, bad.message, bad.hint);
  if (failed)
    return {};
  OwningOpRef<ModuleOp> result =
      ModuleOp::create(fileLoc({&module, function.range}));
  builder.setInsertionPointToStart(result->getBody());
  collectNames(function.body, outer);
  OperationState state(fileLoc({&module, function.nameRange}),
                       stencil::ProgramOp::getOperationName());
  state.addAttribute("sym_name", builder.getStringAttr(name));
  state.addAttribute("function_type",
                     TypeAttr::get(builder.getFunctionType({}, {})));
  state.addRegion()->emplaceBlock();
  program = cast<stencil::ProgramOp>(builder.create(state));
  if (declareParams(function))
    stencilBody(function.body);
  frame = nullptr;
  if (failed)
    return {};
  if (mlir::failed(verify(*result)))
    return {};
  return result;
}
