//===- Builtins.cpp - finding a builtin and its arguments -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"

#include "dialects/CSL/IR/Builtins.h"

using namespace spada;
using namespace spada::cslfront;

Compilation::Compilation(mlir::MLIRContext &context, const CSLOptions &options)
    : context(context), options(options) {
  for (llvm::ArrayRef<BuiltinEntry> table :
       {valueBuiltins(), structBuiltins(), taskBuiltins(), layoutBuiltins(),
        dsdBuiltins(), dsrBuiltins(), wse3Builtins(), libraryBuiltins(),
        configBuiltins()})
    for (const BuiltinEntry &entry : table)
      builtins[names.intern(entry.name)] = entry.function;
  builtins[names.intern("map")] = mapBuiltin;
}

Value Sema::builtin(const Expr &expr) {
  auto it = c.builtins.find(expr.name);
  if (it != c.builtins.end())
    return it->second(*this, expr);
  llvm::StringRef name = c.names.text(expr.name);
  if (csl::findBuiltin(name))
    return vectorBuiltin(*this, expr);
  error(expr.loc, "builtin '@" + name + "' is not supported");
}

void spada::cslfront::checkArguments(Sema &sema, const Expr &call, size_t least,
                                     size_t most) {
  size_t count = call.args.size();
  if (count >= least && count <= most)
    return;
  sema.error(call.loc,
             "'@" + llvm::Twine(sema.c.names.text(call.name)) + "' takes " +
                 (least == most
                      ? llvm::Twine(least)
                      : llvm::Twine(least) + " to " + llvm::Twine(most)) +
                 " arguments, " + llvm::Twine(count) + " are given");
}

void spada::cslfront::checkFields(Sema &sema, const Value &config,
                                  llvm::ArrayRef<const char *> known, Loc at) {
  if (!config.isKnown() || !config.type->is(TypeKind::Struct))
    sema.error(at, "expected a struct, got " + sema.describe(config));
  const Aggregate &fields = *config.aggregate;
  if (fields.size && !fields.names)
    sema.error(at, "expected a struct with named fields, got a tuple");
  for (uint32_t i = 0; i < fields.size; ++i) {
    llvm::StringRef name = sema.c.names.text(fields.names[i]);
    if (llvm::none_of(known, [&](const char *k) { return name == k; })) {
      std::string list;
      for (const char *k : known)
        list += (list.empty() ? "" : ", ") + std::string(k);
      sema.error(at,
                 "there is no setting '" + name + "' here; known are " + list);
    }
  }
}

bool spada::cslfront::boolField(Sema &sema, const Value &config,
                                const char *name, Loc at) {
  std::optional<Value> field = sema.field(config, name);
  return field && sema.forceBool(*field, at);
}

int64_t spada::cslfront::intField(Sema &sema, const Value &config,
                                  const char *name, int64_t otherwise, Loc at) {
  std::optional<Value> field = sema.field(config, name);
  return field ? sema.forceInt(*field, at) : otherwise;
}

int spada::cslfront::chosenField(Sema &sema, const Value &choice,
                                 llvm::ArrayRef<const char *> names, Loc at) {
  checkFields(sema, choice, names, at);
  int result = -1;
  for (size_t i = 0; i < names.size(); ++i)
    if (boolField(sema, choice, names[i], at)) {
      if (result >= 0)
        sema.error(at, "both '" + llvm::Twine(names[size_t(result)]) +
                           "' and '" + names[i] + "' are chosen");
      result = int(i);
    }
  return result;
}
