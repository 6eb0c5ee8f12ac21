//===- ImportLoops.cpp - map, for and foreach -----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Pairs variables with ranges and received elements, and builds loop bodies.
//
//===----------------------------------------------------------------------===//

#include "frontends/Spada/Importer.h"

using namespace mlir;
using namespace spada;
using namespace spada::frontend;
using ast::StmtKind;
using llvm::StringRef;
using llvm::Twine;

static StringRef ref(std::string_view text) { return StringRef(text); }

/// Adds one block argument for each variable and reads the body.
void Importer::importLoopBody(const ast::Stmt &stmt, Region &region,
                              llvm::ArrayRef<const ast::TypedVar *> vars,
                              llvm::ArrayRef<Ty> types, bool hasElement,
                              Body &body) {
  OpBuilder::InsertionGuard guard(builder);
  mlir::Block *entry = builder.createBlock(&region);
  size_t outer = variables.size();
  llvm::SmallVector<Value> point;
  for (auto [i, var] : llvm::enumerate(vars)) {
    Value value = entry->addArgument(mlirType(types[i]), loc(var->name.loc));
    bool isElement = hasElement && i + 1 == vars.size();
    variables.push_back({var->name.text, types[i],
                         isElement ? VarKind::Element : VarKind::Loop, 0,
                         value});
    if (!isElement)
      point.push_back(value);
  }
  bool iterates = stmt.kind != StmtKind::For && !point.empty();
  if (iterates)
    iterations.push_back(std::move(point));
  Body inner;
  inner.parent = &body;
  inner.kind = stmt.kind;
  importBody(stmt.body, inner);
  checkAwaited(inner);
  if (iterates)
    iterations.pop_back();
  variables.truncate(outer);
}

struct Importer::Bounds {
  llvm::SmallVector<Value> lo, hi, step;
};

Importer::Bounds Importer::importRanges(llvm::ArrayRef<ast::Range> ranges,
                                        const char *what) {
  Bounds bounds;
  for (const ast::Range &part : ranges) {
    Value lo, hi, step;
    if (range(part, lo, hi, step, true, what)) {
      bounds.lo.push_back(lo);
      bounds.hi.push_back(hi);
      bounds.step.push_back(step);
    }
  }
  return bounds;
}

//===----------------------------------------------------------------------===//
// For and map
//===----------------------------------------------------------------------===//

struct Importer::LoopHead {
  Bounds bounds;
  llvm::SmallVector<const ast::TypedVar *> vars;
  llvm::SmallVector<Ty> types;
};

/// One variable for each range; `what` is "loop" or "map".
Importer::LoopHead Importer::importLoopHead(const ast::Stmt &stmt,
                                            const char *what) {
  checkVars(stmt.vars);
  std::string variable = std::string(what) + " variable";
  if (stmt.vars.size() != stmt.ranges.size())
    error(stmt.loc, counted(stmt.vars.size(), variable) + " for " +
                        counted(stmt.ranges.size(), "range"));
  LoopHead head{importRanges(stmt.ranges, what), {}, {}};
  for (const ast::TypedVar &var : stmt.vars) {
    head.vars.push_back(&var);
    head.types.push_back(tyOf(indexScalar(var, variable.c_str())));
  }
  return head;
}

void Importer::importFor(const ast::Stmt &stmt, Body &body) {
  auto [bounds, vars, types] = importLoopHead(stmt, "loop");
  auto op = builder.create<ForOp>(loc(stmt.loc), bounds.lo, bounds.hi,
                                  bounds.step, names(stmt.vars), StringAttr());
  importLoopBody(stmt, op.getBody(), vars, types, false, body);
}

void Importer::importMap(const ast::Stmt &stmt, Body &body) {
  StringAttr name = completionName(stmt, body);
  auto [bounds, vars, types] = importLoopHead(stmt, "map");
  auto op = builder.create<MapOp>(
      loc(stmt.loc), CompletionType::get(builder.getContext()), bounds.lo,
      bounds.hi, bounds.step, names(stmt.vars), name);
  importLoopBody(stmt, op.getBody(), vars, types, false, body);
  finishAsync(stmt, op.getCompletion(), body);
}

//===----------------------------------------------------------------------===//
// Foreach
//===----------------------------------------------------------------------===//

struct Importer::ForeachParts {
  const ast::Generator *receive = nullptr, *ranges = nullptr;
  const ast::TypedVar *element = nullptr;
  llvm::SmallVector<const ast::TypedVar *> indices;
};

/// Variables pair with generators in order; each range takes one.
bool Importer::splitForeach(const ast::Stmt &stmt, ForeachParts &parts) {
  size_t position = 0;
  bool valid = true;
  auto take = [&](const ast::TypedVar *&var) {
    bool has = position < stmt.vars.size();
    var = has ? &stmt.vars[position] : nullptr;
    ++position;
    return has;
  };
  for (const ast::Generator &generator : stmt.generators) {
    const ast::Generator *&slot =
        generator.isReceive ? parts.receive : parts.ranges;
    if (slot) {
      error(generator.loc, generator.isReceive
                               ? "a foreach with two 'receive' generators"
                               : "a foreach with two lists of ranges; hint: "
                                 "write all ranges in one list");
      valid = false;
    }
    slot = &generator;
    if (generator.isReceive) {
      take(parts.element);
      continue;
    }
    for (size_t i = 0; i < generator.ranges.size(); ++i) {
      const ast::TypedVar *var;
      if (take(var))
        parts.indices.push_back(var);
    }
  }
  if (!parts.receive) {
    error(stmt.loc, "a foreach without 'receive'; hint: add a generator "
                    "'receive(stream)', or write 'map' or 'for'");
    valid = false;
  }
  if (valid && position != stmt.vars.size()) {
    error(stmt.loc, counted(stmt.vars.size(), "foreach variable") + " for " +
                        counted(position, "generator") +
                        "; hint: one for each range and one for "
                        "'receive', in their order");
    valid = false;
  }
  if (parts.receive && parts.receive->args.size() != 1) {
    error(parts.receive->loc, "'receive' of a foreach takes 1 operand, not " +
                                  Twine(parts.receive->args.size()) +
                                  "; hint: write 'receive(stream)'");
    valid = false;
  }
  return valid;
}

void Importer::importForeach(const ast::Stmt &stmt, Body &body) {
  StringAttr name = completionName(stmt, body);
  checkVars(stmt.vars);
  ForeachParts parts;
  if (!splitForeach(stmt, parts))
    return finishAsync(stmt, {}, body);
  Ty element;
  const ast::Expr &source = parts.receive->args[0];
  Value stream = streamOperand(source, false, element);
  if (stream && !parts.ranges && !isHostStream(source))
    error(parts.receive->loc,
          "a foreach without a range receives from '" + Twine(textOf(source)) +
              "', which is no kernel argument; hint: give the number of "
              "elements, as in '[0:K], receive(" +
              textOf(source) + ")'");
  Bounds bounds;
  if (parts.ranges)
    bounds = importRanges(parts.ranges->ranges, "foreach");
  llvm::SmallVector<const ast::TypedVar *> vars = parts.indices;
  vars.push_back(parts.element);
  llvm::SmallVector<Ty> types;
  llvm::SmallVector<Attribute> varNames;
  for (const ast::TypedVar *var : parts.indices)
    types.push_back(tyOf(indexScalar(*var, "index")));
  Ty declared = tyOf(parts.element->type);
  types.push_back(stream ? element : declared);
  if (stream && declared != element)
    messages.warn(parts.element->typeLoc,
                  "element '" + Twine(ref(parts.element->name.text)) +
                      "' is declared '" + nameOf(declared) +
                      "' but the stream carries '" + nameOf(element) +
                      "', which is taken");
  for (const ast::TypedVar *var : vars)
    varNames.push_back(string(var->name.text));
  if (!stream)
    stream = builder.create<StreamRefOp>(
        loc(source.loc),
        spada::StreamType::get(builder.getContext(), mlirType(declared)),
        builder.getStringAttr("?"));
  auto op = builder.create<ForeachOp>(
      loc(stmt.loc), CompletionType::get(builder.getContext()), stream,
      bounds.lo, bounds.hi, bounds.step, builder.getArrayAttr(varNames), name);
  importLoopBody(stmt, op.getBody(), vars, types, true, body);
  finishAsync(stmt, op.getCompletion(), body);
}
