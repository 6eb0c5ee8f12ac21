//===- SemaRegion.cpp - horizontal regions --------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Sema.h"

using namespace mlir;
using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;
using ast::Stmt;
using ast::StmtKind;
using stencil::BoundAttr;
using stencil::Edge;
using stencil::RegionAttr;

/// Positions that far outside say that there is no edge on this tile.
/// Source: GTScript language reference, section 8.
static constexpr int64_t farAway = 10000;

/// `I[0] + 1`, an external position or an integer; null for open ends.
bool Sema::readRegionBound(const Expr &expr, unsigned axis, bool isEnd,
                           BoundAttr &bound) {
  std::string reason;
  const Expr *blame = nullptr;
  Constant value = fold(expr, &reason, &blame);
  char name = "IJK"[axis];
  if (value.is(Constant::None))
    return true;
  if (value.is(Constant::Int)) {
    bool isOutside =
        isEnd ? value.integer >= farAway : value.integer <= -farAway;
    if (!isOutside)
      bound = BoundAttr::get(
          context, value.integer < 0 ? Edge::End : Edge::Start, value.integer);
    return true;
  }
  if (value.is(Constant::AxisPosition) && value.axis == axis) {
    bool isOutside =
        isEnd ? value.integer >= farAway : value.integer <= -farAway;
    if (!isOutside)
      bound = BoundAttr::get(context, value.fromEnd ? Edge::End : Edge::Start,
                             value.integer);
    return true;
  }
  if (blame && ast::dottedName(*blame)) {
    unknownName(*blame, reason);
    return false;
  }
  if (value.is(Constant::AxisPosition))
    error(expr.range, "this range is along " + Twine(name) + ", not along " +
                          Twine("IJK"[value.axis]));
  else
    error(expr.range,
          "a region's bound must be a position on axis " + Twine(name) +
              (value            ? ", not " + value.str()
               : reason.empty() ? ""
                                : ": " + reason),
          "write " + Twine(name) + "[0] + n or " + Twine(name) + "[-1] - n");
  return false;
}

/// Every `I[n]` of a range must be `I[0]` or `I[-1]` of that axis.
static const Expr *badPosition(const Expr &expr) {
  if (expr.is(ExprKind::Subscript)) {
    std::string_view axis = ast::lastName(expr.args[0]);
    bool isAxis = axis == "I" || axis == "J" || axis == "K";
    if (!isAxis || expr.args.size() != 2)
      return isAxis ? &expr : nullptr;
    const Expr &index = expr.args[1];
    bool isZero = index.is(ExprKind::Int) && index.text == "0";
    bool isLast = index.is(ExprKind::Unary) && index.op == ast::Op::Neg &&
                  index.args[0].is(ExprKind::Int) && index.args[0].text == "1";
    return isZero || isLast ? nullptr : &expr;
  }
  for (const Expr &arg : expr.args)
    if (const Expr *bad = badPosition(arg))
      return bad;
  return nullptr;
}

bool Sema::readRange(const Expr &expr, unsigned axis, BoundAttr &start,
                     BoundAttr &end) {
  char name = "IJK"[axis];
  if (const Expr *bad = badPosition(expr)) {
    error(bad->range,
          "positions are " + Twine(name) + "[0] and " + Twine(name) + "[-1]",
          "count from them: " + Twine(name) + "[0] + 1");
    return false;
  }
  if (!expr.is(ExprKind::Slice)) { // one row
    if (!readRegionBound(expr, axis, false, start))
      return false;
    if (start)
      end = BoundAttr::get(context, start.getEdge(), start.getOffset() + 1);
    return true;
  }
  if (expr.args.size() > 2 && expr.args[2]) {
    error(expr.args[2].range, "a region has no step");
    return false;
  }
  return (!expr.args[0] || readRegionBound(expr.args[0], axis, false, start)) &&
         (!expr.args[1] || readRegionBound(expr.args[1], axis, true, end));
}

/// True if no domain has a point between the bounds.
static bool isEmptyRange(BoundAttr start, BoundAttr end) {
  if (start && start.getEdge() == Edge::Start && start.getOffset() >= farAway)
    return true;
  if (end && end.getEdge() == Edge::End && end.getOffset() <= -farAway)
    return true;
  if (end && end.getEdge() == Edge::Start && end.getOffset() <= -farAway)
    return true;
  if (start && start.getEdge() == Edge::End && start.getOffset() >= farAway)
    return true;
  return start && end && start.getEdge() == end.getEdge() &&
         end.getOffset() <= start.getOffset();
}

std::optional<SmallVector<RegionAttr>> Sema::readHorizontal(const Expr &call) {
  SmallVector<RegionAttr> result;
  ArrayRef<Expr> args = ArrayRef<Expr>(call.args).drop_front();
  if (args.empty()) {
    error(call.range, "horizontal(...) lists regions",
          "write horizontal(region[I[0], :])");
    return std::nullopt;
  }
  for (const Expr &arg : args) {
    bool isRegion =
        arg.is(ExprKind::Subscript) && ast::lastName(arg.args[0]) == "region";
    if (!isRegion || arg.args.size() != 3) {
      error(arg.range,
            isRegion ? "a region has a range on I and one on J"
                     : "horizontal(...) lists regions",
            "write region[I[0] : I[0] + 2, :]");
      return std::nullopt;
    }
    BoundAttr iStart, iEnd, jStart, jEnd;
    if (!readRange(arg.args[1], 0, iStart, iEnd) ||
        !readRange(arg.args[2], 1, jStart, jEnd))
      return std::nullopt;
    if (!isEmptyRange(iStart, iEnd) && !isEmptyRange(jStart, jEnd))
      result.push_back(RegionAttr::get(context, iStart, iEnd, jStart, jEnd));
  }
  return result;
}

/// `with horizontal(...)` inside a section.
void Sema::region(const Stmt &with) {
  std::optional<stencil::Order> none;
  const Expr *interval = nullptr, *horizontal = nullptr;
  if (!headItems(with, none, interval, horizontal))
    return;
  if (none || interval || !horizontal) {
    error(with.range,
          "statements and 'with interval(...)' blocks cannot be mixed in one "
          "computation",
          "end the section before it");
    return;
  }
  if (!regions.empty() || inRegion) {
    error(with.range, "a region cannot stand inside a region",
          "write the common rectangle as one region");
    return;
  }
  if (pointDepth) {
    error(with.range, "a region cannot stand inside 'while'",
          "put the loop into the region");
    return;
  }
  auto read = readHorizontal(*horizontal);
  if (!read)
    return;
  regions = *read;
  inRegion = true;
  bool isNowhere = regions.empty();
  // What meets no point of any domain is checked, then dropped.
  stencil::SectionOp outer = sectionOp;
  OwningOpRef<stencil::SectionOp> dropped;
  if (isNowhere) {
    dropped = cast<stencil::SectionOp>(sectionOp->cloneWithoutRegions());
    dropped->getBody().emplaceBlock();
    sectionOp = *dropped;
  }
  group([&] { block(with.body); });
  sectionOp = outer;
  regions.clear();
  inRegion = false;
}
