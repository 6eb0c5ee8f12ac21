//===- ImportStreams.cpp - stream declarations and operands ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What a dataflow block declares, and what stands for a stream in a statement.
// Whether edges have partners is an analysis.
//
//===----------------------------------------------------------------------===//

#include "frontends/Spada/Importer.h"

using namespace mlir;
using namespace spada;
using namespace spada::frontend;
using llvm::StringRef;
using llvm::Twine;

static StringRef ref(std::string_view text) { return StringRef(text); }

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

void Importer::checkMulticast(const ast::StreamDecl &decl, unsigned axis) {
  const ast::Range &range = decl.offsets[axis];
  if (range.step)
    error(range.step->loc, "a multicast range has no step");
  if (!range.hi) {
    error(range.loc, "multicast range '[" + Twine(textOf(range.lo)) +
                         "]' has no stop; hint: write [start:stop]");
    return;
  }
  std::optional<int64_t> other = literalInt(decl.offsets[1 - axis].lo);
  if (other && *other != 0 && !decl.isMulticast[1 - axis])
    error(decl.offsets[1 - axis].loc,
          "multicast moves along one axis, but the other offset is " +
              Twine(*other) + "; hint: make it 0");
  std::optional<int64_t> lo = literalInt(range.lo), hi = literalInt(*range.hi);
  if (lo && *lo == 0) {
    error(range.loc, "multicast range starts at 0, which is the sender; hint: "
                     "start at 1 or -1");
    return;
  }
  if (lo && hi && (*lo > 0 ? *hi <= *lo : *hi >= *lo))
    error(range.loc, "multicast range [" + Twine(*lo) + ":" + Twine(*hi) +
                         "] is empty; hint: the stop lies beyond the start, "
                         "away from 0");
}

void Importer::checkHops(const ast::StreamDecl &decl) {
  int64_t x = 0, y = 0;
  bool unit = true;
  for (const ast::Hop &hop : decl.hops) {
    bool isUnit = (hop.dx == 0 && (hop.dy == 1 || hop.dy == -1)) ||
                  (hop.dy == 0 && (hop.dx == 1 || hop.dx == -1));
    if (!isUnit)
      error(hop.loc, "hop (" + Twine(hop.dx) + ", " + Twine(hop.dy) +
                         ") is no unit step; hint: use (1, 0), (-1, 0), "
                         "(0, 1) or (0, -1)");
    unit &= isUnit;
    if (isUnit) {
      x += hop.dx;
      y += hop.dy;
    }
  }
  if (!unit || decl.hops.empty() || decl.isMulticast[0] || decl.isMulticast[1])
    return;
  std::optional<int64_t> dx = literalInt(decl.offsets[0].lo),
                         dy = literalInt(decl.offsets[1].lo);
  if (dx && dy && (*dx != x || *dy != y))
    error(decl.hopsLoc, "hops lead to (" + Twine(x) + ", " + Twine(y) +
                            ") but the offset is (" + Twine(*dx) + ", " +
                            Twine(*dy) +
                            "); hint: list the steps of one way, "
                            "or write 'hops = auto'");
}

void Importer::checkOffsets(const ast::StreamDecl &decl) {
  if (decl.isMulticast[0] && decl.isMulticast[1])
    error(decl.offsets[1].loc,
          "both offsets are ranges; hint: a multicast moves along one axis");
  for (unsigned axis : {0u, 1u})
    if (decl.isMulticast[axis])
      checkMulticast(decl, axis);
  checkHops(decl);
  if (decl.channel)
    if (std::optional<int64_t> c = literalInt(*decl.channel); c && *c < 0)
      error(decl.channel->loc,
            "channel " + Twine(*c) + " is negative; hint: count from 0");
  if (decl.count && decl.type.bound) {
    std::optional<int64_t> count = literalInt(*decl.count),
                           bound = literalInt(*decl.type.bound);
    if (count && bound && *count != *bound)
      error(decl.count->loc, "count " + Twine(*count) +
                                 " differs from the bound " + Twine(*bound) +
                                 "; hint: the bound alone is enough");
  }
  if (decl.type.bound)
    if (std::optional<int64_t> b = literalInt(*decl.type.bound); b && *b < 1)
      error(decl.type.bound->loc,
            "stream bound is " + Twine(*b) + "; hint: a bound is at least 1");
}

void Importer::importStream(const ast::StreamDecl &decl) {
  checkName(decl.name, "stream");
  checkOffsets(decl);
  bool valid = true;
  auto optional = [&](const std::optional<ast::Expr> &e) {
    Value value = e ? index(*e) : Value();
    valid &= !e || value;
    return value;
  };
  Value bound = optional(decl.type.bound);
  Value offset[2], stop[2];
  for (unsigned axis : {0u, 1u}) {
    offset[axis] = index(decl.offsets[axis].lo);
    valid &= bool(offset[axis]);
    stop[axis] = optional(decl.offsets[axis].hi);
  }
  Value channel = optional(decl.channel), count = optional(decl.count);
  DenseI64ArrayAttr hops;
  if (!decl.hops.empty()) {
    llvm::SmallVector<int64_t> steps;
    for (const ast::Hop &hop : decl.hops)
      steps.append({hop.dx, hop.dy});
    hops = builder.getDenseI64ArrayAttr(steps);
  }
  if (valid)
    builder.create<StreamOp>(loc(decl.name.loc), string(decl.name.text),
                             TypeAttr::get(mlirType(decl.type.element)), bound,
                             offset[0], stop[0], offset[1], stop[1], hops,
                             channel, count);
}

void Importer::importExternStream(const ast::StreamDecl &decl) {
  checkName(decl.name, "stream");
  std::string_view direction = decl.direction.text;
  if (direction != "in" && direction != "out")
    error(decl.direction.loc, "stream direction '" + Twine(ref(direction)) +
                                  "'; hint: write 'in' or 'out'");
  if (!decl.hops.empty())
    error(decl.hopsLoc, "hops of a host stream; hint: write 'hops = auto'");
  if (decl.channel)
    error(decl.channel->loc,
          "channel of a host stream; hint: write 'channel = auto'");
  Value bound = decl.type.bound ? index(*decl.type.bound) : Value();
  if (decl.type.bound && !bound)
    return;
  builder.create<ExternStreamOp>(
      loc(decl.name.loc), string(decl.name.text),
      StreamDirectionAttr::get(builder.getContext(),
                               direction == "in" ? StreamDirection::In
                                                 : StreamDirection::Out),
      TypeAttr::get(mlirType(decl.type.element)), bound);
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

Value Importer::streamOperand(const ast::Expr &e, bool isSend, Ty &element) {
  element = Ty::Error;
  if (e.kind == ast::ExprKind::Select)
    return streamSelect(e, isSend, element);
  if (e.kind != ast::ExprKind::Ref) {
    error(e.loc, "'" + Twine(textOf(e)) +
                     "' is no stream; hint: name a stream or an argument");
    return {};
  }
  StringRef name = ref(e.text);
  if (const StreamInfo *info = findStream(e)) {
    const ast::StreamDecl &decl = *info->decl;
    if (e.hasArgs)
      error(e.loc, "stream '" + name +
                       "' has no indices; hint: only stream "
                       "arguments of the kernel do")
          .note(decl.name.loc, "stream declared here");
    if (decl.isExtern && (decl.direction.text == "in") == isSend)
      error(e.loc, "host stream '" + name + "' goes " +
                       (isSend ? "in: it cannot be sent to"
                               : "out: it cannot be received from"))
          .note(decl.name.loc, "stream declared here");
    element = tyOf(decl.type.element);
    return builder.create<StreamRefOp>(
        loc(e.loc),
        spada::StreamType::get(builder.getContext(),
                               mlirType(decl.type.element)),
        builder.getStringAttr(name));
  }
  auto argument = arguments.find(name);
  if (argument != arguments.end() && argument->second.decl->type.isStream)
    return argumentRef(e, argument->second, isSend, element);
  bool isOther = findVariable(e.text) || findField(e) || params.count(name) ||
                 argument != arguments.end();
  error(e.loc, isOther ? "'" + name +
                             "' is no stream; hint: the stream is the "
                             "second operand"
                       : "undefined stream '" + name +
                             "'; hint: declare it in a dataflow block of this "
                             "phase or of the kernel");
  return {};
}

/// Known when the parameters are, and the `compiletime` arguments.
bool Importer::isFixed(const ast::Expr &e) const {
  if (e.kind != ast::ExprKind::Ref || Ty(e.ty) == Ty::Index)
    return llvm::all_of(e.args,
                        [&](const ast::Expr &arg) { return isFixed(arg); });
  auto argument = arguments.find(ref(e.text));
  return argument != arguments.end() && argument->second.decl->compileTime &&
         !findVariable(e.text);
}

/// Values at even positions, conditions between them.
Value Importer::streamSelect(const ast::Expr &e, bool isSend, Ty &element) {
  llvm::SmallVector<Value> parts;
  bool valid = true;
  for (auto [i, part] : llvm::enumerate(e.args)) {
    if (i % 2) {
      parts.push_back(value(part, Ty::Bool));
      if (parts.back() && !isFixed(part))
        error(part.loc, "'" + Twine(textOf(part)) +
                            "' chooses between streams at run time; hint: the "
                            "choice is made of parameters and literals");
    } else {
      Ty type;
      parts.push_back(streamOperand(part, isSend, type));
      if (i && parts.back() && valid && type != element)
        error(part.loc, "streams of '" + Twine(nameOf(element)) + "' and '" +
                            nameOf(type) + "' in one choice");
      element = type;
    }
    valid &= bool(parts.back());
  }
  if (!valid)
    return {};
  Value result = parts.back();
  for (size_t i = parts.size() - 1; i > 0; i -= 2) {
    if (parts[i - 2].getType() != result.getType())
      return {};
    result = builder.create<SelectOp>(loc(e.args[i - 2].loc), parts[i - 1],
                                      parts[i - 2], result);
  }
  return result;
}

bool Importer::isHostStream(const ast::Expr &e) {
  if (e.kind != ast::ExprKind::Ref)
    return e.kind == ast::ExprKind::Select && isHostStream(e.args[0]) &&
           isHostStream(e.args.back());
  if (const StreamInfo *info = findStream(e))
    return info->decl->isExtern;
  return arguments.count(ref(e.text));
}
