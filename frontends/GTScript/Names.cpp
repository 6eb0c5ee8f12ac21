//===- Names.cpp - what a name refers to ----------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Follows names through functions, classes, modules and conditions. Each
// binding is followed once.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Evaluation.h"

using namespace spada;
using namespace spada::gtscript;
using namespace spada::gtscript::modules;
using ast::Stmt;
using ast::StmtKind;

static std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

Found Evaluation::dotted(const Place &place, std::string_view text) {
  size_t dot = text.find('.');
  Found found = name(place, text.substr(0, dot));
  while (dot != text.npos && found) {
    size_t next = text.find('.', dot + 1);
    found = attribute(
        found,
        text.substr(dot + 1, next == text.npos ? text.npos : next - dot - 1));
    dot = next;
  }
  return found;
}

std::optional<Found> Evaluation::param(const ast::Module &module,
                                       uint32_t function,
                                       std::string_view name) {
  for (const ast::Param &param : module.functions[function].params)
    if (param.name == name)
      return foundNothing(quoted(name) + " is a parameter of " +
                              quoted(module.functions[function].name) +
                              ": its value is known only when that is called",
                          &module, param.range);
  return std::nullopt;
}

/// Class bodies see themselves, functions what surrounds them but no class.
Found Evaluation::name(const Place &place, std::string_view name) {
  const ast::Module &module = *place.scope.module;
  auto isHere = [](const Found &found) {
    return found || !found.reason.isMissing || found.reason.module;
  };
  if (place.classIndex != ast::noParent) {
    Found found = inBlock(place, module.classes[place.classIndex].body, name);
    if (isHere(found))
      return found;
  }
  Place outer = {place.scope};
  for (uint32_t f = place.scope.function; f != ast::noParent;
       f = module.functions[f].parent) {
    outer.scope.function = f;
    Found found = inBlock(outer, module.functions[f].body, name);
    if (isHere(found))
      return found;
    if (std::optional<Found> formal = param(module, f, name))
      return *formal;
    outer.scope.position = module.functions[f].range.begin;
  }
  outer.scope.function = ast::noParent;
  Found found = inBlock(outer, module.body, name);
  if (isHere(found))
    return found;
  if (name == "__name__")
    found.value = Constant::ofString(state.data[&module]->name);
  else if (std::optional<Found> builtin = builtinName(name))
    return *builtin;
  return found;
}

/// Missing without a module: the block does not bind the name at all.
Found Evaluation::inBlock(const Place &place, const std::vector<Stmt> &body,
                          std::string_view name) {
  const ast::Module &module = *place.scope.module;
  const Bindings &bindings = state.bindingsOf(module, body);
  std::vector<const Binding *> all = bindings.of(name);
  std::vector<const Binding *> before;
  for (const Binding *binding : all)
    if (binding->position < place.scope.position)
      before.push_back(binding);
  // A function may use what is bound only after it.
  for (const auto &list : {before, all})
    if (std::optional<Found> found = choose(place, bindings, list, name))
      return *found;
  return foundNothing(quoted(name) + " is not defined", nullptr, {}, true);
}

/// The last binding that is made; one of an exception's handler if nothing
/// else is there.
std::optional<Found> Evaluation::choose(const Place &place,
                                        const Bindings &bindings,
                                        const std::vector<const Binding *> &all,
                                        std::string_view name) {
  std::optional<Found> missing;
  for (bool isHandler : {false, true}) {
    for (auto at = all.rbegin(); at != all.rend(); ++at) {
      const Binding &binding = **at;
      if (binding.isHandler != isHandler)
        continue;
      std::optional<bool> made = isMade(place, bindings, binding);
      if (made && !*made)
        continue;
      if (!made && binding.name && binding.name->name == "*")
        continue;
      if (!made)
        return foundNothing("whether " + quoted(name) +
                                " is bound here is known only when the "
                                "program runs",
                            place.scope.module, binding.stmt->range);
      bool isStar = binding.name && binding.name->name == "*";
      Found found =
          isStar ? star(place, binding, name) : bound(place, binding, name);
      if (found || (!isStar && !found.reason.isMissing))
        return found;
      if (!isStar && !missing)
        missing = found;
      if (!isStar)
        break;
    }
  }
  return missing;
}

std::optional<bool> Evaluation::isMade(const Place &place,
                                       const Bindings &bindings,
                                       const Binding &binding) {
  bool isKnown = true;
  for (uint32_t i = binding.guard; i != noGuard; i = bindings.guards[i].outer) {
    const Guard &guard = bindings.guards[i];
    std::optional<bool> holds;
    if (guard.stmt->kind == StmtKind::If)
      holds = condition(place, *guard.stmt, guard.clause);
    if (holds && !*holds)
      return false;
    isKnown &= holds.has_value();
  }
  return isKnown ? std::optional<bool>(true) : std::nullopt;
}

/// Whether clause number `clause` of an `if` is the one that runs.
std::optional<bool> Evaluation::condition(const Place &place, const Stmt &stmt,
                                          size_t clause) {
  for (size_t i = 0; i <= clause && i < stmt.clauses.size(); ++i) {
    const ast::Expr &expr = stmt.clauses[i].condition;
    auto [known, isNew] = state.conditions.try_emplace(&expr);
    if (isNew && expr) {
      Place before = place;
      before.scope.position = stmt.range.begin;
      Found found = this->expr(before, expr, nullptr);
      if (found.value)
        state.conditions[&expr] = found.value.isTrue();
    }
    std::optional<bool> holds = state.conditions[&expr];
    if (!holds)
      return std::nullopt;
    if (i == clause || *holds)
      return i == clause && *holds;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

Found Evaluation::inModule(const ast::Module &module, std::string_view name) {
  Place place = {{&module}};
  Found found = inBlock(place, module.body, name);
  if (found || found.reason.module)
    return found;
  // A package's modules are its attributes.
  bool isPackage = std::string_view(module.path).ends_with("__init__.py");
  if (FileData *file = isPackage ? state.find(module, name, 1) : nullptr) {
    found.value.kind = Constant::Module;
    found.value.module = file->tree.get();
    return found;
  }
  std::string message =
      "module " + quoted(module.path) + " does not define " + quoted(name);
  ast::Range where;
  if (!module.errors.empty()) {
    message = "module " + quoted(module.path) +
              " cannot be read: " + module.errors[0].message;
    where = module.errors[0].range;
  }
  return foundNothing(message, &module, where, true);
}

static bool isEnum(const ast::Class &node) {
  for (const ast::Expr &base : node.bases)
    if (std::string_view name = ast::lastName(base);
        name == "Enum" || name == "IntEnum" || name == "Flag" ||
        name == "IntFlag" || name == "StrEnum")
      return true;
  return false;
}

/// `auto()` counts the members before it.
static Found enumMember(const ast::Class &node, const Found &found,
                        std::string_view name) {
  int64_t value = 0;
  for (const Stmt &stmt : node.body) {
    bool isMember = stmt.kind == StmtKind::Assign &&
                    stmt.targets[0].is(ast::ExprKind::Name);
    if (!isMember)
      continue;
    ++value;
    bool isAuto = stmt.value.is(ast::ExprKind::Call) &&
                  ast::lastName(stmt.value.args[0]) == "auto";
    if (std::optional<int64_t> given = stmt.value.is(ast::ExprKind::Int)
                                           ? ast::intValue(stmt.value.text)
                                           : std::nullopt)
      value = *given;
    if (isAuto && stmt.targets[0].text == name) {
      Found member;
      member.value = Constant::ofInt(value);
      return member;
    }
  }
  return found;
}

Found Evaluation::inClass(const Found &base, std::string_view name) {
  const ast::Class &node = *base.value.classDef;
  const ast::Module &module = *base.value.module;
  Place place = {{&module, node.parent}};
  for (uint32_t i = 0; i < module.classes.size(); ++i)
    if (&module.classes[i] == &node)
      place.classIndex = i;
  Found found = inBlock(place, node.body, name);
  if (isEnum(node))
    return enumMember(node, found, name);
  if (found || found.reason.module || state.depth > 50)
    return found;
  place.classIndex = ast::noParent;
  ++state.depth;
  for (const ast::Expr &parent : node.bases) {
    Found other = expr(place, parent, nullptr);
    if (!other.value.is(Constant::Class))
      continue;
    found = inClass(other, name);
    if (found)
      break;
  }
  --state.depth;
  if (!found && !found.reason.module)
    return foundNothing("class " + quoted(node.name) + " does not define " +
                            quoted(name),
                        &module, node.range, true);
  return found;
}

Found Evaluation::attribute(const Found &base, std::string_view name) {
  switch (base.value.kind) {
  case Constant::Missing:
    break;
  case Constant::Module:
    return inModule(*base.value.module, name);
  case Constant::Class:
    return inClass(base, name);
  case Constant::Type:
    // `SimpleNamespace(a=1)`.
    for (const ast::Expr &arg : base.value.typeExpr->args)
      if (arg.is(ast::ExprKind::Keyword) && arg.text == name)
        return expr({{base.value.module}}, arg.args[0], nullptr);
    break;
  default:
    if (name == "value") // of a member of an enum
      return base;
    break;
  }
  if (!base.builtin.empty() && base.typeScope.module) {
    // A package without a file of its own.
    std::string full = base.builtin + "." + std::string(name);
    Found found;
    found.builtin = full;
    found.typeScope = base.typeScope;
    if (FileData *file = state.find(*base.typeScope.module, full, 0)) {
      found.builtin.clear();
      found.value.kind = Constant::Module;
      found.value.module = file->tree.get();
    } else if (!absentModule(full).empty()) {
      return foundBuiltin(absentModule(full));
    }
    return found;
  }
  if (!base.builtin.empty())
    return builtinAttribute(base.builtin, name);
  return foundNothing(base.value.str() + " has no attribute " + quoted(name),
                      nullptr, {});
}
