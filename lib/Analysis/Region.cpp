//===- Region.cpp - sets of PEs -------------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Set operations: on boxes directly where the result is a box, else by ISL.
// Decomposition into boxes is in Boxes.cpp.
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/Region.h"

#include "Boxes.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include <isl/constraint.h>
#include <isl/ctx.h>
#include <isl/local_space.h>
#include <isl/map.h>
#include <isl/options.h>
#include <isl/space.h>
#include <isl/val.h>

using namespace spada;
using namespace spada::detail;

RegionContext::RegionContext() : ctx(isl_ctx_alloc(), isl_ctx_free) {
  isl_options_set_on_error(ctx.get(), ISL_ON_ERROR_CONTINUE);
}

//===----------------------------------------------------------------------===//
// Making regions
//===----------------------------------------------------------------------===//

Region::Region(const RegionContext &context, const StridedBox &box)
    : ctx(context.ctx), rectangle(tighten(box)) {}

Region::Region(std::shared_ptr<isl_ctx> context, isl_set *from)
    : ctx(std::move(context)) {
  if (isl_set_is_empty(from) != isl_bool_false) {
    isl_set_free(from);
    return;
  }
  from = isl_set_coalesce(from);
  rectangle = boxOfSet(from);
  if (rectangle)
    isl_set_free(from);
  else
    set = from;
}

Region::Region(const Region &other)
    : ctx(other.ctx), rectangle(other.rectangle),
      set(other.set ? isl_set_copy(other.set) : nullptr),
      decomposition(other.decomposition) {}

Region::Region(Region &&other) noexcept
    : ctx(std::move(other.ctx)), rectangle(other.rectangle), set(other.set),
      decomposition(std::move(other.decomposition)) {
  other.rectangle.reset();
  other.set = nullptr;
}

Region &Region::operator=(Region other) noexcept {
  std::swap(ctx, other.ctx);
  std::swap(rectangle, other.rectangle);
  std::swap(set, other.set);
  std::swap(decomposition, other.decomposition);
  return *this;
}

Region::~Region() { isl_set_free(set); }

Region Region::ofBox(std::shared_ptr<isl_ctx> context, StridedBox box) {
  Region result;
  result.ctx = std::move(context);
  result.rectangle = tighten(box);
  return result;
}

/// Smallest strided box around some boxes.
static StridedBox hullOf(const StridedBox *list, size_t count) {
  StridedBox hull = list[0];
  for (size_t i = 1; i < count; ++i)
    hull = {
        std::min(hull.xLo, list[i].xLo), std::max(hull.xHi, list[i].xHi), 1,
        std::min(hull.yLo, list[i].yLo), std::max(hull.yHi, list[i].yHi), 1};
  int64_t xStep = 0, yStep = 0;
  for (size_t i = 0; i < count; ++i) {
    const StridedBox &box = list[i];
    xStep = std::gcd(xStep, box.xLo - hull.xLo);
    yStep = std::gcd(yStep, box.yLo - hull.yLo);
    if (box.countX() > 1)
      xStep = std::gcd(xStep, box.xStep);
    if (box.countY() > 1)
      yStep = std::gcd(yStep, box.yStep);
  }
  hull.xStep = std::max<int64_t>(xStep, 1);
  hull.yStep = std::max<int64_t>(yStep, 1);
  return hull;
}

Region Region::ofBoxes(std::shared_ptr<isl_ctx> context,
                       std::vector<StridedBox> disjoint) {
  mergeBoxes(disjoint);
  Region result;
  if (disjoint.empty())
    return result;
  result.ctx = std::move(context);
  // Disjoint boxes that fill their hull are one box, however they are cut.
  StridedBox hull = hullOf(disjoint.data(), disjoint.size());
  int64_t points = 0;
  for (const StridedBox &box : disjoint)
    points += box.countX() * box.countY();
  if (points == hull.countX() * hull.countY())
    result.rectangle = hull;
  else
    result.decomposition =
        std::make_shared<const std::vector<StridedBox>>(std::move(disjoint));
  return result;
}

isl_set *Region::toSet() const {
  if (rectangle)
    return setOfBox(ctx.get(), *rectangle);
  if (!set) {
    for (const StridedBox &box : *decomposition) {
      isl_set *part = setOfBox(ctx.get(), box);
      set = set ? isl_set_union_disjoint(set, part) : part;
    }
    set = isl_set_coalesce(set);
  }
  return isl_set_copy(set);
}

//===----------------------------------------------------------------------===//
// Set operations
//===----------------------------------------------------------------------===//

/// Up to this many boxes, lists of boxes are cheaper than ISL.
static constexpr size_t fewBoxes = 64;

Region Region::unite(const Region &other) const {
  if (empty())
    return other;
  if (other.empty())
    return *this;
  if (rectangle && other.rectangle)
    if (auto box = detail::unite(*rectangle, *other.rectangle))
      return ofBox(ctx, *box);
  if ((rectangle || decomposition) &&
      (other.rectangle || other.decomposition)) {
    auto [mine, count] = boxList();
    auto [theirs, otherCount] = other.boxList();
    if (count + otherCount <= fewBoxes && !intersects(other)) {
      std::vector<StridedBox> all(mine, mine + count);
      all.insert(all.end(), theirs, theirs + otherCount);
      return ofBoxes(ctx, std::move(all));
    }
  }
  return Region(ctx, isl_set_union(toSet(), other.toSet()));
}

Region Region::intersect(const Region &other) const {
  if (empty() || other.empty())
    return Region();
  if (rectangle && other.rectangle) {
    auto box = detail::intersect(*rectangle, *other.rectangle);
    return box ? ofBox(ctx, *box) : Region();
  }
  if ((rectangle || decomposition) &&
      (other.rectangle || other.decomposition)) {
    auto [mine, count] = boxList();
    auto [theirs, otherCount] = other.boxList();
    if (count * otherCount <= 4 * fewBoxes) {
      std::vector<StridedBox> common;
      for (size_t i = 0; i < count; ++i)
        for (size_t j = 0; j < otherCount; ++j)
          if (auto box = detail::intersect(mine[i], theirs[j]))
            common.push_back(*box);
      mergeBoxes(common);
      if (common.size() <= fewBoxes)
        return ofBoxes(ctx, std::move(common));
    }
  }
  return Region(ctx, isl_set_intersect(toSet(), other.toSet()));
}

/// `list` without `holes`, as disjoint boxes; none when they would be many.
static std::optional<std::vector<StridedBox>>
subtractBoxes(std::pair<const StridedBox *, size_t> list,
              std::pair<const StridedBox *, size_t> holes) {
  std::vector<StridedBox> rest(list.first, list.first + list.second);
  for (size_t i = 0; i < holes.second; ++i) {
    std::vector<StridedBox> smaller;
    for (const StridedBox &box : rest)
      if (!detail::subtract(box, holes.first[i], smaller))
        return std::nullopt;
    mergeBoxes(smaller);
    if (smaller.size() > fewBoxes)
      return std::nullopt;
    rest = std::move(smaller);
  }
  return rest;
}

Region Region::subtract(const Region &other) const {
  if (empty() || other.empty())
    return *this;
  if ((rectangle || decomposition) &&
      (other.rectangle || other.decomposition)) {
    if (!intersects(other))
      return *this;
    if (auto rest = subtractBoxes(boxList(), other.boxList()))
      return ofBoxes(ctx, std::move(*rest));
  }
  return Region(ctx, isl_set_subtract(toSet(), other.toSet()));
}

/// `{ [x, y] -> [x + t dx, y + t dy] : from <= t <= to }` for a unit step along
/// one axis.
static isl_map *sweepMap(isl_ctx *ctx, int64_t dx, int64_t dy, int64_t from,
                         int64_t to) {
  isl_space *space = isl_space_alloc(ctx, 0, 2, 2);
  isl_local_space *local = isl_local_space_from_space(isl_space_copy(space));
  isl_map *map = isl_map_universe(space);
  int64_t step[2] = {dx, dy};
  for (int axis = 0; axis < 2; ++axis) {
    // low <= out - in <= high.
    int64_t low = std::min(from * step[axis], to * step[axis]);
    int64_t high = std::max(from * step[axis], to * step[axis]);
    for (int side : {1, -1}) {
      isl_constraint *c =
          isl_constraint_alloc_inequality(isl_local_space_copy(local));
      c = isl_constraint_set_coefficient_si(c, isl_dim_out, axis, side);
      c = isl_constraint_set_coefficient_si(c, isl_dim_in, axis, -side);
      c = isl_constraint_set_constant_val(
          c, isl_val_int_from_si(ctx, side > 0 ? -low : high));
      map = isl_map_add_constraint(map, c);
    }
  }
  isl_local_space_free(local);
  return map;
}

Region Region::translate(int64_t dx, int64_t dy) const {
  if (empty() || (dx == 0 && dy == 0))
    return *this;
  if (rectangle) {
    StridedBox box = *rectangle;
    return ofBox(ctx, {box.xLo + dx, box.xHi + dx, box.xStep, box.yLo + dy,
                       box.yHi + dy, box.yStep});
  }
  Region result;
  result.ctx = ctx;
  if (!decomposition) {
    result.set =
        isl_set_apply(isl_set_copy(set), sweepMap(ctx.get(), dx, dy, 1, 1));
    return result;
  }
  std::vector<StridedBox> moved = *decomposition;
  for (StridedBox &box : moved)
    box = {box.xLo + dx, box.xHi + dx, box.xStep,
           box.yLo + dy, box.yHi + dy, box.yStep};
  result.decomposition =
      std::make_shared<const std::vector<StridedBox>>(std::move(moved));
  return result;
}

/// The boxes of a swept box whose runs do not touch: one for each run, or one
/// for each step, whichever are fewer.
static std::vector<StridedBox> runsOf(const StridedBox &box, int64_t dx,
                                      int64_t dy, int64_t from, int64_t to) {
  std::vector<StridedBox> boxes;
  Progression along = dx != 0 ? xOf(box) : yOf(box);
  int64_t count = (along.last - along.lo) / along.step + 1;
  int64_t low = std::min(from * (dx + dy), to * (dx + dy));
  int64_t length = to - from + 1;
  for (int64_t i = 0; i < std::min(count, length); ++i) {
    int64_t run = along.lo + i * along.step + low;
    Progression part =
        count <= length
            ? Progression{run, run + length - 1, 1}
            : Progression{along.lo + low + i, along.last + low + i, along.step};
    boxes.push_back(dx != 0 ? makeBox(part, yOf(box))
                            : makeBox(xOf(box), part));
  }
  return boxes;
}

Region Region::sweep(int64_t dx, int64_t dy, int64_t from, int64_t to) const {
  if (empty() || from > to)
    return Region();
  if (from == to)
    return translate(from * dx, from * dy);
  if (rectangle) {
    // Without a gap between the images of neighbours the result is a box.
    StridedBox box = *rectangle;
    int64_t step = dx != 0 ? box.xStep : box.yStep;
    int64_t count = dx != 0 ? box.countX() : box.countY();
    if (count == 1 || to - from + 1 >= step) {
      int64_t low = std::min(from * (dx + dy), to * (dx + dy));
      int64_t high = std::max(from * (dx + dy), to * (dx + dy));
      if (dx != 0)
        box = {box.xLo + low, box.xHi + high, 1, box.yLo, box.yHi, box.yStep};
      else
        box = {box.xLo, box.xHi, box.xStep, box.yLo + low, box.yHi + high, 1};
      return ofBox(ctx, box);
    }
    // Runs with gaps between them: as boxes if they are few.
    if (std::min(count, to - from + 1) <= static_cast<int64_t>(fewBoxes))
      return ofBoxes(ctx, runsOf(*rectangle, dx, dy, from, to));
  }
  return Region(ctx,
                isl_set_apply(toSet(), sweepMap(ctx.get(), dx, dy, from, to)));
}

Region Region::residue(int64_t mx, int64_t rx, int64_t my, int64_t ry) const {
  if (empty())
    return Region();
  StridedBox box = boundingBox();
  box.xLo += positiveModulo(rx - box.xLo, mx);
  box.yLo += positiveModulo(ry - box.yLo, my);
  box.xStep = mx;
  box.yStep = my;
  return intersect(ofBox(ctx, box));
}

//===----------------------------------------------------------------------===//
// Questions
//===----------------------------------------------------------------------===//

bool Region::operator==(const Region &other) const {
  if (empty() || other.empty())
    return empty() == other.empty();
  if (rectangle && other.rectangle)
    return *rectangle == *other.rectangle;
  isl_set *a = toSet(), *b = other.toSet();
  bool equal = isl_set_is_equal(a, b) == isl_bool_true;
  isl_set_free(a);
  isl_set_free(b);
  return equal;
}

std::pair<const StridedBox *, size_t> Region::boxList() const {
  if (rectangle)
    return {&*rectangle, 1};
  if (empty())
    return {nullptr, 0};
  if (!decomposition)
    decomposition = std::make_shared<const std::vector<StridedBox>>(
        decompose(isl_set_copy(set)));
  return {decomposition->data(), decomposition->size()};
}

bool Region::intersects(const Region &other) const {
  auto [mine, count] = boxList();
  auto [theirs, otherCount] = other.boxList();
  for (size_t i = 0; i < count; ++i)
    for (size_t j = 0; j < otherCount; ++j)
      if (detail::intersect(mine[i], theirs[j]))
        return true;
  return false;
}

bool Region::contains(int64_t x, int64_t y) const {
  auto [list, count] = boxList();
  return std::any_of(list, list + count,
                     [&](const StridedBox &box) { return box.contains(x, y); });
}

PE Region::first() const {
  // Boxes are sorted by their first PE.
  const StridedBox *list = boxList().first;
  return {list->xLo, list->yLo};
}

StridedBox Region::boundingBox() const {
  if (empty())
    return {};
  if (!rectangle && !decomposition)
    return boundsOf(set);
  if (!rectangle) {
    StridedBox bounds = decomposition->front();
    for (const StridedBox &box : *decomposition)
      bounds = {
          std::min(bounds.xLo, box.xLo), std::max(bounds.xHi, box.xHi), 1,
          std::min(bounds.yLo, box.yLo), std::max(bounds.yHi, box.yHi), 1};
    return bounds;
  }
  StridedBox box = *rectangle;
  box.xStep = box.yStep = 1;
  return box;
}

StridedBox Region::hull() const {
  auto [list, count] = boxList();
  return hullOf(list, count);
}

std::optional<StridedBox> Region::asBox() const {
  auto [list, count] = boxList();
  return count == 1 ? std::optional(*list) : std::nullopt;
}

std::vector<StridedBox> Region::boxes() const {
  auto [list, count] = boxList();
  return std::vector<StridedBox>(list, list + count);
}

static std::string describeRange(const Progression &range) {
  if (range.lo == range.last)
    return std::to_string(range.lo);
  std::string text =
      std::to_string(range.lo) + ":" + std::to_string(range.last + range.step);
  return range.step == 1 ? text : text + ":" + std::to_string(range.step);
}

std::string Region::describe() const {
  constexpr size_t shown = 4;
  std::vector<StridedBox> list = boxes();
  if (list.empty())
    return "no PE";
  bool one = list.size() == 1 && list[0].countX() == 1 && list[0].countY() == 1;
  std::string text = one ? "PE " : "PEs ";
  for (size_t i = 0; i < std::min(shown, list.size()); ++i) {
    text += i ? ", [" : "[";
    text += describeRange(xOf(list[i])) + ", " + describeRange(yOf(list[i]));
    text += "]";
  }
  if (list.size() > shown)
    text += " and " + std::to_string(list.size() - shown) + " more";
  return text;
}
