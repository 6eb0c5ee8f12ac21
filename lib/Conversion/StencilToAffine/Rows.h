//===- Rows.h - statements that follow each other row by row ----*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A row is what a tile holds at one index of the outer axis of the plane.
// Neighbouring statements share one loop over rows; each lags behind as far as
// it reads rows that the others have still to compute. Temporaries then need a
// few rows only.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOAFFINE_ROWS_H
#define LIB_CONVERSION_STENCILTOAFFINE_ROWS_H

#include "lib/Conversion/StencilToAffine/Plan.h"
#include "spada/Conversion/StencilToAffine.h"

namespace spada::cpu {

/// The axis of rows where their points lie along `inner`.
inline unsigned outerAxis(unsigned inner) { return inner == 0 ? 1 : 0; }
/// The axis that is neither: levels, or J where rows hold all levels.
inline unsigned thirdAxis(unsigned inner) { return inner == 2 ? 1 : 2; }

/// Statements of equal interval, in order.
struct RowRun {
  /// A field that a member is the first one of a run to touch, and where.
  struct Stream {
    mlir::Value field;
    std::array<int64_t, 3> offset;
  };
  /// A row of the next tile for each step of a round: of which field, and how
  /// many levels above the first one of the round.
  using NextRows = llvm::SmallVector<std::pair<mlir::Value, int64_t>, 2>;
  struct Member {
    const Unit *unit;
    stencil::StatementOp statement;
    int64_t lag = 0;           ///< in iteration r, row r - lag is computed
    unsigned lanes = 0;        ///< of vectors; 0 where LLVM makes them
    unsigned rowsAtOnce = 1;   ///< of the rows of an iteration
    unsigned levelsAtOnce = 1; ///< of a sweep, in one loop over points
    std::vector<Stream> streams;
    /// What each step over levels asks for of the next tile, and how many
    /// levels a round of steps gets through.
    std::vector<NextRows> nextRows;
    int64_t nextLevels = 0;
  };
  std::vector<Member> members;
  stencil::SectionOp section; ///< of the first member
  bool hasOwnLevels = false;  ///< a loop over levels of its own
  bool isShared = false;      ///< worth one loop over rows
  unsigned rowsAtOnce = 1;    ///< of an iteration of that loop
};

struct RowPlan {
  std::vector<std::vector<RowRun>> groups;
  /// Rows kept of a temporary, a power of two; the others are kept whole.
  llvm::DenseMap<mlir::Value, int64_t> windows;
  /// Bytes of each point of the next tile that sweeps ask for while they run on
  /// this one; 0 where they do not.
  int64_t nextTileBytes = 0;
};

/// The runs of `plan` for rows along axis `inner`. `vectorBytes` says how long
/// vectors are that statements are written with, or 0.
RowPlan planRows(const Plan &plan, unsigned inner, int64_t vectorBytes,
                 const StencilToAffineOptions &options);

/// Elements of a vector that `statement` can be written with; 0 for none.
unsigned countLanes(const Plan &plan, stencil::StatementOp statement,
                    unsigned inner, int64_t vectorBytes);

} // namespace spada::cpu

#endif
