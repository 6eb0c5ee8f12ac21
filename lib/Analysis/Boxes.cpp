//===- Boxes.cpp - strided boxes and their ISL sets -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Box arithmetic by the Chinese remainder theorem, and the decomposition of
// sets by residues. No IR.
//
//===----------------------------------------------------------------------===//

#include "Boxes.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include <isl/aff.h>
#include <isl/ilp.h>
#include <isl/local_space.h>
#include <isl/space.h>
#include <isl/val.h>

using namespace spada;
using namespace spada::detail;

//===----------------------------------------------------------------------===//
// Progressions
//===----------------------------------------------------------------------===//

Progression detail::xOf(const StridedBox &box) {
  return {box.xLo, box.xHi - 1, box.xStep};
}

Progression detail::yOf(const StridedBox &box) {
  return {box.yLo, box.yHi - 1, box.yStep};
}

StridedBox detail::makeBox(const Progression &x, const Progression &y) {
  return {x.lo, x.last + 1, x.step, y.lo, y.last + 1, y.step};
}

std::optional<StridedBox> detail::tighten(const StridedBox &box) {
  int64_t nx = box.countX(), ny = box.countY();
  if (nx == 0 || ny == 0)
    return std::nullopt;
  return StridedBox{
      box.xLo, box.xLo + (nx - 1) * box.xStep + 1, nx == 1 ? 1 : box.xStep,
      box.yLo, box.yLo + (ny - 1) * box.yStep + 1, ny == 1 ? 1 : box.yStep};
}

int64_t detail::positiveModulo(int64_t value, int64_t modulus) {
  int64_t rest = value % modulus;
  return rest < 0 ? rest + modulus : rest;
}

/// `t` with `(a * t) % m == 1`, for coprime `a` and `m`.
static int64_t inverse(int64_t a, int64_t m) {
  int64_t r0 = m, r1 = positiveModulo(a, m), t0 = 0, t1 = 1;
  while (r1 != 0) {
    int64_t q = r0 / r1;
    std::tie(r0, r1) = std::make_tuple(r1, r0 - q * r1);
    std::tie(t0, t1) = std::make_tuple(t1, t0 - q * t1);
  }
  return positiveModulo(t0, m);
}

static std::optional<Progression> progression(int64_t lo, int64_t bound,
                                              int64_t step) {
  if (lo > bound)
    return std::nullopt;
  int64_t last = lo + (bound - lo) / step * step;
  return Progression{lo, last, lo == last ? 1 : step};
}

std::optional<Progression> detail::intersect(const Progression &a,
                                             const Progression &b) {
  int64_t g = std::gcd(a.step, b.step), difference = b.lo - a.lo;
  if (difference % g != 0)
    return std::nullopt;
  int64_t m = b.step / g, lcm = a.step * m;
  int64_t k = positiveModulo(
      static_cast<int64_t>(static_cast<__int128>(difference / g) *
                           inverse(a.step / g, m) % m),
      m);
  int64_t member = a.lo + a.step * k; // in both, if long enough
  int64_t from = std::max(a.lo, b.lo);
  member = from + positiveModulo(member - from, lcm);
  return progression(member, std::min(a.last, b.last), lcm);
}

std::optional<StridedBox> detail::intersect(const StridedBox &a,
                                            const StridedBox &b) {
  auto x = intersect(xOf(a), xOf(b));
  if (!x)
    return std::nullopt;
  auto y = intersect(yOf(a), yOf(b));
  if (!y)
    return std::nullopt;
  return makeBox(*x, *y);
}

std::optional<Progression> detail::unite(const Progression &p,
                                         const Progression &q) {
  Progression a = p, b = q;
  if (std::tie(b.lo, b.last) < std::tie(a.lo, a.last))
    std::swap(a, b);
  bool oneA = a.lo == a.last, oneB = b.lo == b.last;
  if (oneA && oneB)
    return Progression{a.lo, b.lo, a.lo == b.lo ? 1 : b.lo - a.lo};
  if (oneA)
    a.step = b.step;
  if (oneB)
    b.step = a.step;
  int64_t last = std::max(a.last, b.last), difference = b.lo - a.lo;
  // One inside the other.
  auto common = intersect(a, b);
  if (common && *common == q)
    return p;
  if (common && *common == p)
    return q;
  if (a.step != b.step)
    return std::nullopt;
  if (difference % a.step == 0 && b.lo - a.last <= a.step)
    return Progression{a.lo, last, a.step};
  // Interleaved.
  if (a.step % 2 == 0 && difference == a.step / 2 &&
      (b.last == a.last + difference || b.last == a.last - difference))
    return Progression{a.lo, last, difference};
  return std::nullopt;
}

std::optional<StridedBox> detail::unite(const StridedBox &a,
                                        const StridedBox &b) {
  if (xOf(a) == xOf(b)) {
    if (auto y = unite(yOf(a), yOf(b)))
      return makeBox(xOf(a), *y);
  }
  if (yOf(a) == yOf(b)) {
    if (auto x = unite(xOf(a), xOf(b)))
      return makeBox(*x, yOf(a));
  }
  return std::nullopt;
}

static int64_t smallestPrimeFactor(int64_t value) {
  for (int64_t p = 2; p * p <= value; ++p)
    if (value % p == 0)
      return p;
  return value;
}

/// Disjoint progressions that are `a` without its subset `b`: the other
/// residues, and what of b's own residue lies before and after it. None when
/// they would be many.
static std::optional<std::vector<Progression>>
subtractSubset(const Progression &a, const Progression &b) {
  constexpr int64_t manyResidues = 16;
  std::vector<Progression> result;
  auto add = [&](std::optional<Progression> part) {
    if (part)
      result.push_back(*part);
  };
  int64_t step = b.lo == b.last ? a.step : b.step, ratio = step / a.step;
  // Of other ratios, residues by prime factors are fewer: see `decompose`.
  bool isPower = (ratio & (ratio - 1)) == 0;
  if (ratio > manyResidues || !(isPower || smallestPrimeFactor(ratio) == ratio))
    return std::nullopt;
  for (int64_t i = 1; i < ratio; ++i) {
    int64_t member = b.lo + i * a.step;
    add(progression(a.lo + positiveModulo(member - a.lo, step), a.last, step));
  }
  add(progression(a.lo + positiveModulo(b.lo - a.lo, step), b.lo - step, step));
  add(progression(b.last + step, a.last, step));
  return result;
}

bool detail::subtract(const StridedBox &a, const StridedBox &b,
                      std::vector<StridedBox> &result) {
  auto common = intersect(a, b);
  if (!common) {
    result.push_back(a);
    return true;
  }
  auto xs = subtractSubset(xOf(a), xOf(*common));
  auto ys = subtractSubset(yOf(a), yOf(*common));
  if (!xs || !ys)
    return false;
  for (const Progression &x : *xs)
    result.push_back(makeBox(x, yOf(a)));
  for (const Progression &y : *ys)
    result.push_back(makeBox(xOf(*common), y));
  return true;
}

//===----------------------------------------------------------------------===//
// ISL sets
//===----------------------------------------------------------------------===//

static int64_t take(isl_val *value) {
  int64_t result = isl_val_get_num_si(value);
  isl_val_free(value);
  return result;
}

/// `set` restricted to `coordinate % modulus == rest`.
static isl_set *withResidue(isl_set *set, int axis, int64_t modulus,
                            int64_t rest) {
  if (modulus == 1)
    return set;
  isl_ctx *ctx = isl_set_get_ctx(set);
  isl_local_space *space = isl_local_space_from_space(isl_set_get_space(set));
  isl_aff *aff = isl_aff_var_on_domain(space, isl_dim_set, axis);
  aff = isl_aff_add_constant_val(aff, isl_val_int_from_si(ctx, -rest));
  aff = isl_aff_mod_val(aff, isl_val_int_from_si(ctx, modulus));
  return isl_set_intersect(set,
                           isl_set_from_basic_set(isl_aff_zero_basic_set(aff)));
}

static isl_set *withBounds(isl_set *set, int axis, int64_t lo, int64_t last) {
  isl_ctx *ctx = isl_set_get_ctx(set);
  set = isl_set_lower_bound_val(set, isl_dim_set, axis,
                                isl_val_int_from_si(ctx, lo));
  return isl_set_upper_bound_val(set, isl_dim_set, axis,
                                 isl_val_int_from_si(ctx, last));
}

isl_set *detail::setOfBox(isl_ctx *ctx, const StridedBox &box) {
  isl_set *set = isl_set_universe(isl_space_set_alloc(ctx, 0, 2));
  set = withBounds(set, 0, box.xLo, box.xHi - 1);
  set = withBounds(set, 1, box.yLo, box.yHi - 1);
  set = withResidue(set, 0, box.xStep, box.xLo);
  return withResidue(set, 1, box.yStep, box.yLo);
}

static int64_t leastOf(isl_set *set, int axis) {
  return take(isl_set_dim_min_val(isl_set_copy(set), axis));
}

static int64_t greatestOf(isl_set *set, int axis) {
  return take(isl_set_dim_max_val(isl_set_copy(set), axis));
}

StridedBox detail::boundsOf(isl_set *set) {
  return {leastOf(set, 0), greatestOf(set, 0) + 1, 1,
          leastOf(set, 1), greatestOf(set, 1) + 1, 1};
}

/// Smallest strided box around the set, as far as ISL sees the strides.
static StridedBox latticeHull(isl_set *set) {
  StridedBox box = boundsOf(set);
  int64_t width = box.xHi - box.xLo, height = box.yHi - box.yLo;
  if (width > 1)
    box.xStep = take(isl_set_get_stride(set, 0));
  if (height > 1)
    box.yStep = take(isl_set_get_stride(set, 1));
  if (box.xStep < 1 || box.xStep >= width)
    box.xStep = std::max<int64_t>(1, width - 1);
  if (box.yStep < 1 || box.yStep >= height)
    box.yStep = std::max<int64_t>(1, height - 1);
  return box;
}

std::optional<StridedBox> detail::boxOfSet(isl_set *set) {
  StridedBox box = latticeHull(set);
  isl_set *hull = setOfBox(isl_set_get_ctx(set), box);
  bool equal = isl_set_is_subset(hull, set) == isl_bool_true &&
               isl_set_is_subset(set, hull) == isl_bool_true;
  isl_set_free(hull);
  return equal ? tighten(box) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Decomposition
//===----------------------------------------------------------------------===//

namespace {
/// Periods of the integer divisions of a basic set, by axis.
struct Periods {
  int64_t period[2] = {1, 1};
};
} // namespace

static isl_stat addPeriods(isl_basic_set *basic, void *user) {
  auto *periods = static_cast<Periods *>(user);
  isl_local_space *space = isl_basic_set_get_local_space(basic);
  int divs = isl_local_space_dim(space, isl_dim_div);
  for (int i = 0; i < divs; ++i) {
    isl_aff *div = isl_local_space_get_div(space, i);
    int64_t denominator = take(isl_aff_get_denominator_val(div));
    bool nested = isl_aff_involves_dims(div, isl_dim_div, 0, i);
    for (int axis = 0; axis < 2; ++axis) {
      bool uses = isl_aff_involves_dims(div, isl_dim_in, axis, 1);
      int64_t &period = periods->period[axis];
      // Limited, so that the product of unlucky divisions cannot overflow; the
      // split below stays exact without it.
      if ((uses || nested) && period < (int64_t(1) << 30))
        period = std::lcm(period, denominator);
    }
    isl_aff_free(div);
  }
  isl_local_space_free(space);
  isl_basic_set_free(basic);
  return isl_stat_ok;
}

static isl_stat collectBasic(isl_basic_set *basic, void *user) {
  static_cast<std::vector<isl_set *> *>(user)->push_back(
      isl_set_from_basic_set(basic));
  return isl_stat_ok;
}

/// True when the first period holds one run without gaps, longer than there are
/// periods: then a box for each period is less than one for each residue.
static bool isRunPerPeriod(isl_set *set, int axis, int64_t lo, int64_t period,
                           int64_t count) {
  isl_set *window = withBounds(isl_set_copy(set), axis, lo, lo + period - 1);
  auto box = boxOfSet(window);
  isl_set_free(window);
  if (!box)
    return false;
  Progression run = axis == 0 ? xOf(*box) : yOf(*box);
  return run.step == 1 && run.last - run.lo + 1 > count;
}

/// One step: disjoint sets that together are `set`, each simpler. Takes the
/// set, which is neither empty nor a box.
static std::vector<isl_set *> splitOnce(isl_set *set) {
  std::vector<isl_set *> parts;
  if (isl_set_n_basic_set(set) > 1) {
    set = isl_set_coalesce(isl_set_make_disjoint(set));
    if (isl_set_n_basic_set(set) > 1) {
      isl_set_foreach_basic_set(set, collectBasic, &parts);
      isl_set_free(set);
      return parts;
    }
  }
  set = isl_set_compute_divs(set);
  Periods periods;
  isl_set_foreach_basic_set(set, addPeriods, &periods);
  StridedBox hull = latticeHull(set);
  int64_t lo[2] = {hull.xLo, hull.yLo}, hi[2] = {hull.xHi, hull.yHi};
  int64_t step[2] = {hull.xStep, hull.yStep};
  for (int axis = 0; axis < 2; ++axis) {
    int64_t period = periods.period[axis];
    int64_t rest = period / std::gcd(period, step[axis]);
    if (hi[axis] - lo[axis] <= 1 || rest <= 1)
      continue;
    int64_t prime = smallestPrimeFactor(rest);
    int64_t count = (hi[axis] - lo[axis] - 1) / period + 1;
    if (count < prime)
      continue; // fewer periods than residues: cut the range instead
    if (isRunPerPeriod(set, axis, lo[axis], period, count)) {
      for (int64_t i = 0; i < count; ++i)
        parts.push_back(withBounds(isl_set_copy(set), axis,
                                   lo[axis] + i * period,
                                   lo[axis] + (i + 1) * period - 1));
      isl_set_free(set);
      return parts;
    }
    for (int64_t i = 0; i < prime; ++i) {
      int64_t modulus = step[axis] * prime;
      int64_t residue = positiveModulo(lo[axis] + i * step[axis], modulus);
      parts.push_back(withResidue(isl_set_copy(set), axis, modulus, residue));
    }
    isl_set_free(set);
    return parts;
  }
  int axis = hi[1] - lo[1] > hi[0] - lo[0] ? 1 : 0;
  int64_t middle = lo[axis] + (hi[axis] - lo[axis]) / 2;
  int64_t period = periods.period[axis], aligned = middle / period * period;
  if (aligned > lo[axis] && aligned < hi[axis])
    middle = aligned;
  parts.push_back(withBounds(isl_set_copy(set), axis, lo[axis], middle - 1));
  parts.push_back(withBounds(set, axis, middle, hi[axis] - 1));
  return parts;
}

bool detail::before(const StridedBox &a, const StridedBox &b) {
  return std::tie(a.yLo, a.xLo, a.yHi, a.xHi, a.yStep, a.xStep) <
         std::tie(b.yLo, b.xLo, b.yHi, b.xHi, b.yStep, b.xStep);
}

void detail::mergeBoxes(std::vector<StridedBox> &boxes) {
  // Beyond this many boxes only neighbours in the list are tried.
  constexpr size_t windowOfMany = 16, many = 256;
  bool changed = true;
  while (changed) {
    changed = false;
    std::sort(boxes.begin(), boxes.end(), before);
    for (size_t i = 0; i < boxes.size(); ++i) {
      for (size_t j = i + 1; j < boxes.size();) {
        if (boxes.size() > many && j > i + windowOfMany)
          break;
        auto merged = unite(boxes[i], boxes[j]);
        if (!merged) {
          ++j;
          continue;
        }
        boxes[i] = *merged;
        boxes.erase(boxes.begin() + static_cast<ptrdiff_t>(j));
        j = i + 1;
        changed = true;
      }
    }
  }
}

std::vector<StridedBox> detail::decompose(isl_set *set) {
  std::vector<StridedBox> boxes;
  std::vector<isl_set *> work{set};
  while (!work.empty()) {
    isl_set *part = isl_set_coalesce(work.back());
    work.pop_back();
    if (isl_set_is_empty(part) != isl_bool_false) {
      isl_set_free(part);
      continue;
    }
    if (auto box = boxOfSet(part)) {
      boxes.push_back(*box);
      isl_set_free(part);
      continue;
    }
    for (isl_set *smaller : splitOnce(part))
      work.push_back(smaller);
  }
  mergeBoxes(boxes);
  return boxes;
}
