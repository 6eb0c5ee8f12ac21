//===- SemaInterval.cpp - computations and their intervals ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Sema.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;
using ast::Stmt;
using ast::StmtKind;
using stencil::Edge;
using stencil::Order;

static std::string boundText(const Bound &bound) {
  if (bound.runtime)
    return "?";
  if (bound.edge == Edge::Start)
    return std::to_string(bound.offset);
  return bound.offset == 0 ? "None" : std::to_string(bound.offset);
}

std::string Interval::str() const {
  return "(" + boundText(start) + ", " + boundText(end) + ")";
}

/// "computation", "interval" or "horizontal" if `item` calls that.
static std::string_view headWord(const Expr &item) {
  return item.is(ExprKind::Call) ? ast::lastName(item.args[0])
                                 : std::string_view();
}

//===----------------------------------------------------------------------===//
// Heads
//===----------------------------------------------------------------------===//

std::optional<Order> Sema::readOrder(const Expr &call) {
  const Expr *arg = call.args.size() == 2 ? &call.args[1] : nullptr;
  if (arg && arg->is(ExprKind::Keyword) && arg->text == "order")
    arg = &arg->args[0];
  std::string_view word = arg ? ast::lastName(*arg) : "";
  if (word == "PARALLEL")
    return Order::Parallel;
  if (word == "FORWARD")
    return Order::Forward;
  if (word == "BACKWARD")
    return Order::Backward;
  error(arg ? arg->range : call.range, "a computation has one order",
        "write computation(PARALLEL), computation(FORWARD) or "
        "computation(BACKWARD)");
  return std::nullopt;
}

/// Sorts the items of a `with`; false after an error.
bool Sema::headItems(const Stmt &with, std::optional<Order> &found,
                     const Expr *&interval, const Expr *&horizontal) {
  for (const ast::WithItem &item : with.items) {
    std::string_view word = headWord(item.context);
    if (item.target) {
      error(item.target.range, "'as' has no meaning here");
      return false;
    }
    if (word == "computation") {
      if (found) {
        error(item.context.range, "a second computation in one 'with'");
        return false;
      }
      found = readOrder(item.context);
      if (!found)
        return false;
      continue;
    }
    const Expr **slot = word == "interval"     ? &interval
                        : word == "horizontal" ? &horizontal
                                               : nullptr;
    if (!slot || *slot) {
      error(item.context.range,
            slot ? "a second '" + Twine(word) + "' in one 'with'"
                 : Twine("a 'with' takes computation(...), interval(...) and "
                         "horizontal(...)"));
      return false;
    }
    *slot = &item.context;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

/// An integer that is known only when the stencil runs: a scalar, or a field
/// without K read at the point.
bool Sema::isRuntimeBound(const Expr &expr) {
  const Expr *base = &expr;
  while (base->is(ExprKind::Subscript))
    base = &base->args[0];
  if (!base->is(ExprKind::Name))
    return false;
  Symbol *symbol = find(base->text);
  return symbol &&
         (symbol->kind == Symbol::Field || symbol->kind == Symbol::Scalar);
}

std::optional<Bound> Sema::readBound(const Expr &expr, bool isEnd) {
  if (isRuntimeBound(expr)) {
    Bound bound{isEnd ? Edge::End : Edge::Start, 0, &expr};
    return bound;
  }
  std::string reason;
  const Expr *blame = nullptr;
  Constant value = fold(expr, &reason, &blame);
  switch (value.kind) {
  case Constant::None:
    if (isEnd)
      return Bound{Edge::End, 0, nullptr};
    error(expr.range, "None is no start of an interval",
          "the bottom is level 0");
    return std::nullopt;
  case Constant::Int:
    return Bound{value.integer < 0 ? Edge::End : Edge::Start, value.integer,
                 nullptr};
  case Constant::AxisPosition:
    if (value.axis == 2 && !expr.is(ExprKind::Subscript))
      return Bound{value.fromEnd ? Edge::End : Edge::Start, value.integer,
                   nullptr};
    error(expr.range,
          value.axis == 2
              ? "the text K[n] is no bound of an interval"
              : "an interval is along K, not along " + Twine("IJK"[value.axis]),
          "write the level as an integer; -1 is the topmost one");
    return std::nullopt;
  case Constant::Missing:
    if (blame && ast::dottedName(*blame)) {
      unknownName(*blame, reason);
      return std::nullopt;
    }
    error(expr.range, "a bound must be an integer known at compile time, a "
                      "scalar parameter or a field without K" +
                          (reason.empty() ? "" : ": " + reason));
    return std::nullopt;
  default:
    error(expr.range, "a bound must be an integer, not " + value.str());
    return std::nullopt;
  }
}

std::optional<Interval> Sema::readInterval(const Expr &call) {
  const Expr *start = nullptr, *end = nullptr;
  Interval interval;
  interval.range = call.range;
  ArrayRef<Expr> args = ArrayRef<Expr>(call.args).drop_front();
  for (const Expr &arg : args) {
    if (!arg.is(ExprKind::Keyword)) {
      (start ? end : start) = &arg;
      continue;
    }
    const Expr *&slot = arg.text == "start" ? start : end;
    if ((arg.text != "start" && arg.text != "end") || slot) {
      error(arg.range, "an interval has a start and an end");
      return std::nullopt;
    }
    slot = &arg.args[0];
  }
  if (args.empty() || args.size() > 2 || !start) {
    error(call.range, "an interval has a start and an end",
          "write interval(...), interval(0, 1) or interval(1, None)");
    return std::nullopt;
  }
  if (start->is(ExprKind::Ellipsis) && !end) {
    interval.end.edge = Edge::End;
    return interval;
  }
  std::optional<Bound> first = readBound(*start, false);
  std::optional<Bound> last = end ? readBound(*end, true) : first;
  if (!first || !last)
    return std::nullopt;
  interval.start = *first;
  interval.end = *last;
  if (!end) { // one level
    if (first->runtime) {
      error(call.range, "an interval with a run-time start needs an end");
      return std::nullopt;
    }
    if (first->edge == Edge::End && first->offset == -1) {
      error(call.range, "interval(-1) has no end",
            "the topmost level is interval(-1, None)");
      return std::nullopt;
    }
    ++interval.end.offset;
  }
  bool isFixed = !interval.start.runtime && !interval.end.runtime;
  if (isFixed && interval.start.edge == Edge::End &&
      interval.end.edge == Edge::Start) {
    error(call.range, "interval " + interval.str() +
                          " starts counted from the top and ends counted from "
                          "the bottom");
    return std::nullopt;
  }
  if (isFixed && interval.start.edge == interval.end.edge &&
      interval.end.offset <= interval.start.offset) {
    error(call.range, "interval " + interval.str() + " is empty",
          "its end is the first level that is not in it");
    return std::nullopt;
  }
  return interval;
}

//===----------------------------------------------------------------------===//
// Order and overlap of the intervals of one computation
//===----------------------------------------------------------------------===//

/// A bound counted from the top as if the domain were very large.
static int64_t position(const Bound &bound) {
  return bound.offset + (bound.edge == Edge::End ? int64_t(1) << 40 : 0);
}

void Sema::checkIntervals(ArrayRef<Interval> intervals) {
  for (size_t i = 1; i < intervals.size(); ++i) {
    const Interval &before = intervals[i - 1], &after = intervals[i];
    if (before.start.runtime || before.end.runtime || after.start.runtime ||
        after.end.runtime)
      continue;
    const Interval &low = *order == Order::Backward ? after : before;
    const Interval &high = *order == Order::Backward ? before : after;
    if (position(low.start) > position(high.start))
      error(after.range,
            "interval " + after.str() + " stands after interval " +
                before.str(),
            *order == Order::Backward
                ? "a BACKWARD computation lists its intervals from the top"
                : "intervals are listed from the bottom",
            {{place(before.range), "the interval before"}});
    else if (position(low.end) > position(high.start))
      error(after.range,
            "interval " + after.str() + " overlaps interval " + before.str(),
            "write a second computation to pass over the levels again",
            {{place(before.range), "the interval before"}});
  }
}

//===----------------------------------------------------------------------===//
// Computations
//===----------------------------------------------------------------------===//

void Sema::computation(const Stmt &with) {
  const Expr *interval = nullptr, *horizontal = nullptr;
  order.reset();
  if (!headItems(with, order, interval, horizontal))
    return;
  if (!order) {
    error(with.range, "a 'with' of a stencil's body starts a computation",
          "write 'with computation(PARALLEL), interval(...):'");
    return;
  }
  if (interval) {
    if (std::optional<Interval> read = readInterval(*interval))
      section(with, *read, horizontal);
    return;
  }
  std::vector<Interval> intervals;
  for (const Stmt &inner : with.body) {
    if ((inner.kind == StmtKind::Expr && inner.value.is(ExprKind::String)) ||
        inner.kind == StmtKind::Pass)
      continue;
    if (inner.kind == StmtKind::Import) {
      checkImports(inner);
      continue;
    }
    std::optional<Order> none;
    const Expr *range = nullptr, *rectangle = horizontal;
    if (inner.kind != StmtKind::With) {
      error(inner.range,
            "a computation without an interval holds only 'with "
            "interval(...)' blocks",
            "write the interval beside computation(...), or put this "
            "statement into a block");
      return;
    }
    if (!headItems(inner, none, range, rectangle))
      return;
    if (none || !range) {
      error(inner.range, none ? "a computation inside a computation"
                              : "a block of a computation needs an interval");
      return;
    }
    std::optional<Interval> read = readInterval(*range);
    if (!read)
      continue;
    intervals.push_back(*read);
    section(inner, *read, rectangle);
  }
  checkIntervals(intervals);
}

/// A bound as a level, in 64 bits, at the point.
Value Sema::runtimeBound(const Expr &bound) {
  Value value = expr(bound);
  if (!value)
    return {};
  if (value.getType().isInteger(1)) {
    error(bound.range, "a bound must be an integer, not bool");
    return {};
  }
  return convert(value, builder.getI64Type(), loc(bound.range));
}

/// A field that the section changes is copied before the section starts.
Symbol *Sema::freezeBound(const Expr &bound, const Stmt &with) {
  const Expr *base = &bound;
  while (base->is(ExprKind::Subscript))
    base = &base->args[0];
  Symbol *symbol = find(base->text);
  Frame written;
  collectNames(with.body, written);
  if (symbol->kind != Symbol::Field || !written.assigned.contains(base->text))
    return nullptr;
  Type type = stencil::FieldType::get(context, stencil::Axes::IJ,
                                      builder.getI64Type(), {});
  Symbol *frozen =
      newTemporary("bound_" + symbol->name, type, bound.range, nullptr);
  OpBuilder::InsertionGuard restore(builder);
  stencil::SectionOp outer = sectionOp;
  builder.setInsertionPoint(sectionOp);
  sectionOp = builder.create<stencil::SectionOp>(
      loc(bound.range), Order::Forward,
      stencil::BoundAttr::get(context, Edge::Start, 0),
      stencil::BoundAttr::get(context, Edge::Start, 1));
  group([&] {
    point(loc(bound.range), [&] {
      if (Value value = runtimeBound(bound))
        builder.create<stencil::WriteOp>(loc(bound.range), value,
                                         frozen->value);
    });
  });
  sectionOp = outer;
  return frozen;
}

bool Sema::pushRuntimeGuards(const Stmt &with, const Interval &interval) {
  for (bool isEnd : {false, true}) {
    const Expr *bound = (isEnd ? interval.end : interval.start).runtime;
    if (!bound)
      continue;
    const Expr *base = bound;
    while (base->is(ExprKind::Subscript))
      base = &base->args[0];
    Symbol *symbol = find(base->text);
    if (symbol->kind == Symbol::Field && symbol->field().hasK()) {
      error(bound->range, "field '" + symbol->name +
                              "' has an axis K; a bound is the same for all "
                              "levels of a column");
      return false;
    }
    Symbol *frozen = freezeBound(*bound, with);
    guards.push_back(
        {[this, bound, isEnd, frozen]() -> Value {
           Location at = loc(bound->range);
           Value limit =
               frozen ? builder.create<stencil::ReadOp>(at, frozen->value)
                            .getValue()
                      : runtimeBound(*bound);
           if (!limit)
             return {};
           Value level = builder.create<arith::IndexCastOp>(
               at, builder.getI64Type(), builder.create<stencil::LevelOp>(at));
           return builder.create<arith::CmpIOp>(
               at,
               isEnd ? arith::CmpIPredicate::slt : arith::CmpIPredicate::sge,
               level, limit);
         },
         false, frame});
  }
  return true;
}

void Sema::section(const Stmt &with, const Interval &interval,
                   const Expr *horizontal) {
  regions.clear();
  if (horizontal) {
    auto read = readHorizontal(*horizontal);
    if (!read)
      return;
    regions = *read;
  }
  auto bound = [&](const Bound &b) {
    return stencil::BoundAttr::get(context, b.edge, b.offset);
  };
  builder.setInsertionPointToEnd(&program.getBody().front());
  sectionOp = builder.create<stencil::SectionOp>(
      loc(with.range), *order, bound(interval.start), bound(interval.end));
  if (pushRuntimeGuards(with, interval) && (!horizontal || !regions.empty()))
    block(with.body);
  guards.clear();
  regions.clear();
}
