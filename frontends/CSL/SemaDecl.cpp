//===- SemaDecl.cpp - modules and their declarations ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Declarations are looked at when something refers to them, never before.
//
//===----------------------------------------------------------------------===//

#include "Layout.h"
#include "Program.h"
#include "Sema.h"

using namespace spada;
using namespace spada::cslfront;

ModuleInstance *Sema::instantiate(Source &source, Loc at) {
  constexpr size_t most = 2'000;
  step(at, 100);
  if (++imports > most && program)
    error(at, "more than " + llvm::Twine(most) +
                  " imports in one program; does '" + source.path +
                  "' import itself?");
  ModuleInstance &instance = c.instances.emplace_back();
  instance.source = &source;
  for (const Decl *decl : source.decls) {
    if (decl->kind == DeclKind::Comptime || decl->kind == DeclKind::Layout)
      continue;
    uint32_t number = uint32_t(instance.states.size());
    if (!instance.byName.try_emplace(decl->name, number).second)
      error(decl->loc, "'" + llvm::Twine(c.names.text(decl->name)) +
                           "' is declared twice in this file");
    DeclState state;
    state.decl = decl;
    instance.states.push_back(std::move(state));
  }
  escaped = true;
  return &instance;
}

const FunctionRef *Sema::functionRef(ModuleInstance &module, DeclState &state) {
  state.function = {&module, state.decl};
  return &state.function;
}

GlobalVar *Sema::variableOf(ModuleInstance &module, DeclState &state, Loc at) {
  if (state.var)
    return state.var;
  declValue(module, state, at);
  return state.var;
}

/// Evaluates in the file's own scope, interpreting.
namespace {
class ModuleScope {
public:
  ModuleScope(Sema &sema, ModuleInstance &module)
      : moduleScope(sema.module, &module),
        base(sema.frameBase, sema.locals.size()), frame(sema.frame, nullptr),
        builder(sema.opBuilder, nullptr), loops(std::move(sema.loops)),
        sema(sema) {
    sema.loops.clear();
  }
  ~ModuleScope() { sema.loops = std::move(loops); }

private:
  Saved<ModuleInstance *> moduleScope;
  Saved<size_t> base;
  Saved<Sema::Frame *> frame;
  Saved<mlir::OpBuilder *> builder;
  std::vector<Sema::Loop> loops;
  Sema &sema;
};
} // namespace

Value Sema::declValue(ModuleInstance &owner, DeclState &state, Loc at) {
  if (state.state == DeclState::Done)
    return state.value;
  const Decl &decl = *state.decl;
  std::string name(c.names.text(decl.name));
  if (decl.kind == DeclKind::Function || decl.kind == DeclKind::Task) {
    const Type *type = decl.kind == DeclKind::Task
                           ? types.simple(TypeKind::Task)
                           : types.function({}, types.voidType);
    state.value =
        Value::known(type, &Value::function, functionRef(owner, state));
    state.state = DeclState::Done;
    return state.value;
  }
  if (state.state == DeclState::Resolving)
    error(at, "the value of '" + name + "' depends on itself");
  state.state = DeclState::Resolving;
  escaped = true;
  ModuleScope scope(*this, owner);
  const Type *type = decl.type ? evalType(*decl.type) : nullptr;
  Value value;
  if (decl.kind == DeclKind::Param) {
    auto bound = owner.bound.find(decl.name);
    if (bound != owner.bound.end())
      value = bound->second;
    else if (decl.value)
      value = eval(*decl.value);
    else
      error(at, "param '" + name +
                    "' has no value: it was given none by the import, by "
                    "@set_tile_code or by --params, and it has no default");
    state.value = type && !type->is(TypeKind::Struct)
                      ? coerce(value, type, decl.loc)
                      : value;
    state.state = DeclState::Done;
    return state.value;
  }
  if (decl.value)
    value = eval(*decl.value, type);
  if (type && value)
    value = coerce(value, type, decl.loc);
  if (decl.kind == DeclKind::Const) {
    if (!value)
      error(decl.loc, "constant '" + name + "' needs a value");
    if ((value.type->isDsd() || value.type->is(TypeKind::Fifo)) &&
        value.isKnown() && value.dsd->wantedName.empty())
      const_cast<DsdConst *>(value.dsd)->wantedName = name;
    state.value = value;
    state.state = DeclState::Done;
    return value;
  }
  // A variable.
  if (!type) {
    if (!value)
      error(decl.loc, "variable '" + name + "' needs a type or a value");
    value = runTimeType(value, decl.loc);
    type = value.type;
  }
  if (!program) {
    state.value = value ? copyAggregate(value) : Value(type);
    state.state = DeclState::Done;
    return state.value;
  }
  GlobalVar &var = c.variables.emplace_back();
  var.type = type;
  var.init = value;
  var.decl = &decl;
  var.loc = decl.loc;
  var.name = name;
  if (decl.align)
    var.align = forceInt(evalComptime(*decl.align), decl.align->loc);
  if (decl.linkname)
    var.linkName = forceString(evalComptime(*decl.linkname), decl.loc);
  else if (owner.suffix.empty() || decl.isExport)
    var.linkName = name;
  if (value && type->isPointer() && !value.type->isPointer())
    error(decl.loc, "variable '" + name + "' cannot point to a function");
  if (value && type->isPointer() && value.isKnown())
    var.target = value.pointer->var;
  if (value && type->isDsd() && value.isKnown())
    var.dsd = value.dsd;
  state.var = &var;
  state.state = DeclState::Done;
  return state.value;
}

Value Sema::member(const Value &base, Name name, Loc at) {
  ModuleInstance &owner = *base.module;
  auto it = owner.byName.find(name);
  if (it == owner.byName.end())
    error(at, "'" + llvm::Twine(owner.source->path) + "' has no '" +
                  c.names.text(name) + "'");
  return declValue(owner, owner.states[it->second], at);
}

Value Sema::importModule(const std::string &path, Value params, Loc at) {
  Source &source = c.load(c.findImport(path, module->source, at), at);
  ModuleInstance *instance = instantiate(source, at);
  constexpr unsigned most = 200;
  instance->depth = module->depth + 1;
  if (instance->depth > most)
    error(at, "imports are nested more than " + llvm::Twine(most) +
                  " deep; does '" + source.path +
                  "' import itself without end?");
  if (params) {
    if (!params.type->is(TypeKind::Struct))
      error(at, "the params of an import are a struct, not a value of type '" +
                    params.type->name + "'");
    const Aggregate &fields = *params.aggregate;
    for (uint32_t i = 0; fields.names && i < fields.size; ++i)
      instance->bound[fields.names[i]] = fields.at(i);
  }
  if (program)
    program->addModule(*instance);
  return Value::known(types.simple(TypeKind::Module), &Value::module, instance);
}

void Sema::resolveImports(ModuleInstance &owner) {
  Name import = c.names.intern("import_module");
  for (DeclState &state : owner.states) {
    const Decl &decl = *state.decl;
    if (decl.kind == DeclKind::Const && decl.value &&
        decl.value->kind == ExprKind::Builtin && decl.value->name == import)
      declValue(owner, state, decl.loc);
  }
}

void Sema::runBlocks(ModuleInstance &owner, DeclKind kind) {
  for (const Decl *decl : owner.source->decls) {
    if (decl->kind != kind)
      continue;
    ModuleScope scope(*this, owner);
    LocalScope locals(*this);
    Flow flow = exec(*decl->body);
    if (flow.kind != Flow::Normal)
      error(decl->loc, "a block of the file cannot be left by 'return', "
                       "'break' or 'continue'");
  }
}

GlobalVar *Sema::materialize(const Value &value, Loc at, llvm::StringRef name) {
  if (GlobalVar *known = program->constants[value.aggregate])
    return known;
  GlobalVar &var = c.variables.emplace_back();
  var.type = value.type;
  var.init = value;
  var.loc = at;
  var.name = name.str();
  var.isConst = true;
  return program->constants[value.aggregate] = &var;
}
