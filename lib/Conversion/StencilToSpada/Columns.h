//===- Columns.h - what a stencil program keeps on one PE -------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The program seen from one PE: arrays over the levels of one column, and the
// assignments that fill them. Values stay those of the stencil dialect; nothing
// here communicates yet.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOSPADA_COLUMNS_H
#define LIB_CONVERSION_STENCILTOSPADA_COLUMNS_H

#include "dialects/Stencil/IR/StencilDialect.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSet.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spada::wafer {

/// Levels `lo <= k < hi`, counted from the bottom of the domain.
struct Span {
  int64_t lo = 0, hi = 0;
  int64_t size() const { return std::max<int64_t>(hi - lo, 0); }
  bool empty() const { return hi <= lo; }
  Span hull(Span other) const {
    return {std::min(lo, other.lo), std::max(hi, other.hi)};
  }
  Span shifted(int64_t d) const { return {lo + d, hi + d}; }
  bool operator==(const Span &other) const = default;
};

/// A rectangle of points in the plane, in coordinates of the domain.
struct Rect {
  Span i, j;
  bool empty() const { return i.empty() || j.empty(); }
  Rect hull(const Rect &o) const { return {i.hull(o.i), j.hull(o.j)}; }
  Rect meet(const Rect &o) const {
    return {{std::max(i.lo, o.i.lo), std::min(i.hi, o.i.hi)},
            {std::max(j.lo, o.j.lo), std::min(j.hi, o.j.hi)}};
  }
  bool contains(const Rect &o) const {
    return i.lo <= o.i.lo && o.i.hi <= i.hi && j.lo <= o.j.lo && o.j.hi <= j.hi;
  }
  bool operator==(const Rect &other) const = default;
};

/// One array on each PE: `[data dimensions..., level]`, or a variable.
struct Column {
  Column(unsigned number, mlir::Location loc) : number(number), loc(loc) {}

  unsigned number; ///< in order of creation
  std::string name;
  mlir::Type element;
  bool hasK = true;
  Span levels{0, 1}; ///< of the array; one level without axis K
  llvm::SmallVector<int64_t> data;
  mlir::Location loc;
  int argument = -1; ///< index in the program's arguments, or none
  bool isInput = false, isOutput = false;
  Rect box;                ///< the PEs that hold the argument
  bool isVariable = false; ///< alive for one level at a time: a scalar

  int64_t elements() const {
    return levels.size() * mlir::ShapedType::getNumElements(data);
  }
  bool isWritten = false;
};

/// A condition under which an assignment stores.
struct Guard {
  mlir::Value condition;
  bool negated = false;
};

/// One store for every level of a range, or an end of a loop around stores.
struct Assign {
  enum class Form {
    Store,
    While, ///< what follows is repeated as long as `value` holds
    End,   ///< of the last such loop
  };
  Form form = Form::Store;
  Column *target = nullptr; ///< of stores
  mlir::Value value;
  llvm::SmallVector<Guard> guards;
  int64_t dk = 0;
  mlir::Value shift; ///< run-time part of the vertical offset, or null
  llvm::SmallVector<mlir::Value> data;
  Span levels;
  mlir::Operation *op = nullptr; ///< for locations
  unsigned depth = 0;            ///< of loops around it, the ends' own included
  /// The PEs that must not be exceeded; empty: any PE may compute it, since
  /// what it computes outside is never used.
  llvm::SmallVector<Rect> where;
  Rect needed; ///< the PEs whose value is used

  /// The target is the column that holds `value`.
  bool isHold() const { return value && value.getDefiningOp() == op; }
  /// The old value of the target may stay.
  bool isConditional() const { return !guards.empty() || depth > 0; }
};

/// The assignments of one section, in order.
struct SectionBody {
  stencil::SectionOp op;
  stencil::Order order = stencil::Order::Parallel;
  Span levels;
  std::vector<Assign> assigns;
};

/// The program, flattened.
struct Columns {
  stencil::ProgramOp program;
  int64_t ni = 0, nj = 0, nk = 0;
  Rect domain, grid;                            ///< grid: all PEs
  std::vector<std::unique_ptr<Column>> columns; ///< arguments first
  llvm::DenseMap<mlir::Value, Column *> fields; ///< arguments and temporaries
  /// Values of statements that are kept in a column of their own.
  llvm::DenseMap<mlir::Value, Column *> held;
  std::vector<SectionBody> sections;

  Column &add(llvm::StringRef wanted, mlir::Type element, Span levels,
              bool hasK, mlir::Location loc);

  /// Keeps columns from being called `name`.
  void reserve(llvm::StringRef name) { names.insert(name); }

private:
  llvm::StringSet<> names;
};

/// Reads `program`. What the wafer does not have is an error at its location.
mlir::FailureOr<Columns> readProgram(stencil::ProgramOp program);

/// Scalar arguments beyond `limit` become columns with one element.
void spreadScalars(Columns &columns, int64_t limit);

/// Calls `visit` for each value that the computation of `value` evaluates,
/// itself included, without entering values that `columns` holds elsewhere.
/// `isTop`: `value` is computed here even if a column holds it.
void forEachValue(mlir::Value value, const Columns &columns,
                  llvm::function_ref<void(mlir::Value)> visit,
                  bool isTop = false);

/// The same for all that an assignment evaluates.
void forEachValue(const Assign &assign, const Columns &columns,
                  llvm::function_ref<void(mlir::Value)> visit);

/// The operands that `value` is computed from: those of its op, or for the
/// result of an `scf.if` the condition and the two results.
llvm::SmallVector<mlir::Value> operandsOf(mlir::Value value);

} // namespace spada::wafer

#endif
