//===- Tile.h - the function that runs one tile -----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// State shared by the emitters of a tile: its loops, its statements, its
// storage. Decides nothing that Plan has decided.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOAFFINE_TILE_H
#define LIB_CONVERSION_STENCILTOAFFINE_TILE_H

#include "lib/Conversion/StencilToAffine/Plan.h"
#include "lib/Conversion/StencilToAffine/Rows.h"
#include "spada/Conversion/StencilToAffine.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

#include <map>

namespace spada::cpu {

/// True when a program runs as `version` on copies of its arguments.
bool isStaged(const Plan &plan, CpuVersion version);
/// True when copies of all levels do.
bool canStage(const Plan &plan);
/// Axis of the innermost loop of a version.
unsigned innerAxis(const Plan &plan, CpuVersion version);
/// The type that a field is passed with to `version`.
mlir::MemRefType argumentType(stencil::FieldType type, CpuVersion version);
/// `i1` is stored in bytes.
mlir::Type storedType(mlir::Type type);
unsigned bytesOf(mlir::Type type);

/// Start or end of a rectangle on `axis`; null where it is open.
stencil::BoundAttr regionBound(stencil::RegionAttr region, unsigned axis,
                               bool isEnd);
stencil::RegionAttr regionOf(stencil::StatementOp statement, unsigned number);

/// From the first of the rows that a statement is run for together to another.
struct RowStep {
  int64_t rows = 0, planes = 0;
};

/// Where a tile lies: the first three are the arguments of every function.
struct TileArguments {
  std::array<mlir::Value, 3> size;  ///< of the domain
  std::array<mlir::Value, 3> begin; ///< of the tile
  std::array<mlir::Value, 3> end;
  mlir::Value scratch;
};

/// A buffer of the tile: data dimensions, levels, outer axis, inner axis.
struct Buffer {
  mlir::Value memory;
  Halo halo;
  int64_t innerPad = 0; ///< elements before the first point of the inner axis
  int64_t window = 0;   ///< levels kept; 0 is all of them
  int64_t rows = 0;     ///< rows kept; 0 is all of them
  /// Levels below the first one of the domain; arguments may have some.
  int64_t levelLo = 0, levelHi = 0;
  bool hasLevels = true;
};

/// Bytes of the vectors that statements are written with; 0 leaves that to
/// LLVM.
int64_t writtenVectorBytes(const Plan &plan, CpuVersion version,
                           const StencilToAffineOptions &options);

class TileEmitter {
public:
  /// A piece of a row with its first element's address in bytes.
  struct RowView {
    mlir::Value memory, start;
  };
  /// By field, distance in rows from the first one and on the third axis.
  using RowKey = std::tuple<const void *, int64_t, int64_t>;
  using RowViews = std::map<RowKey, RowView>;

  TileEmitter(Plan &plan, CpuVersion version,
              const StencilToAffineOptions &options, mlir::OpBuilder builder)
      : plan(plan), version(version), options(options),
        staged(isStaged(plan, version)), inner(innerAxis(plan, version)),
        outer(outerAxis(inner)), third(thirdAxis(inner)),
        rows(planRows(plan, inner, writtenVectorBytes(plan, version, options),
                      options)),
        b(builder) {}

  /// Fills the body of `tile`.
  void emit(mlir::func::FuncOp tile);

  /// Bytes of scratch for a tile of the given size.
  mlir::Value emitScratchBytes(mlir::Location loc,
                               const std::array<mlir::Value, 3> &width);

private:
  // Storage (Storage.cpp).
  Buffer layOut(mlir::Value field) const;
  std::vector<mlir::Value> emitShape(mlir::Location loc, const Buffer &buffer,
                                     stencil::FieldType type,
                                     const std::array<mlir::Value, 3> &width);
  mlir::Value emitBytes(mlir::Location loc, mlir::ValueRange shape,
                        mlir::Type element);
  std::vector<mlir::Value> bufferedFields() const;
  void emitBuffers();
  void emitClear(mlir::Location loc, mlir::Value memory);

  // Copies of arguments (Staging.cpp).
  bool isStagedField(mlir::Value field) const;
  std::pair<mlir::Value, mlir::Value> stagedRange(mlir::Value field,
                                                  unsigned axis, bool back);
  mlir::Value emitMatrix(mlir::Value memory,
                         llvm::ArrayRef<mlir::Value> indices, unsigned rowDim,
                         llvm::ArrayRef<mlir::Value> sizes);
  void emitStaging(mlir::Value field, bool back);
  void emitAllStaging(bool back);

  // Loops (Loops.cpp).
  void emitGroup(const Group &group, llvm::ArrayRef<RowRun> runs);
  void emitStatement(const RowRun::Member &member, mlir::Value level,
                     mlir::Value row);
  void emitPoints(const RowRun::Member &member, std::optional<unsigned> region,
                  mlir::Value level, mlir::Value row);
  void emitIfRow(const RowRun::Member &member, std::optional<unsigned> region,
                 mlir::Value row);
  /// The indices of `axis` at which a statement runs: the largest of the first
  /// and the least of the second list.
  struct Bounds {
    llvm::SmallVector<mlir::AffineExpr> lower, upper;
  };
  Bounds boundsOf(const RowRun::Member &member, std::optional<unsigned> region,
                  unsigned axis) const;
  Bounds levelBounds(stencil::SectionOp section) const;
  mlir::Value emitLevel(mlir::Location loc, mlir::Value count);
  mlir::Value emitLevelLoop(mlir::Location loc, stencil::SectionOp section);
  void emitLevels(const RowRun &run);
  // Loops over the points of a statement or of a region (PointLoops.cpp).
  void emitPointLoops(const RowRun::Member &member,
                      std::optional<unsigned> region,
                      llvm::ArrayRef<unsigned> axes);
  void emitWideLoops(const RowRun::Member &member,
                     std::optional<unsigned> region,
                     llvm::ArrayRef<unsigned> axes);
  void emitNarrowLoop(const Bounds &bounds, unsigned axis, mlir::Location loc);
  void emitSingleIndex(const Bounds &bounds, unsigned axis, mlir::Location loc);
  void emitUnlessInside(stencil::RegionAttr region, mlir::Location loc);
  void emitGuard(stencil::SectionOp section, mlir::Value level);
  void emitRun(const RowRun &run, mlir::Value level);
  /// The bound of an interval; symbol 0 is the size of the domain on K.
  mlir::AffineExpr boundExpr(stencil::BoundAttr bound, unsigned axis) const;

  // Rows of unit stride (Streams.cpp).
  void emitDistances();
  void emitIsLarge();
  void emitNextTile();
  /// A row to ask for, and the field that it is of.
  using RowAhead = std::pair<mlir::Value, mlir::Value>;
  RowAhead emitNextRow(mlir::Location loc, const RowRun::Member &member,
                       const RowRun::NextRows &alternatives, mlir::Value row,
                       int64_t behind, mlir::Value plane);
  llvm::SmallVector<RowAhead> emitRowsAhead(const RowRun::Member &member,
                                            mlir::Value first, mlir::Value row,
                                            mlir::Value plane);
  void emitRow(const RowRun::Member &member, mlir::Value level,
               mlir::Value row);
  void emitPrefetch(const RowRun::Member &member, mlir::Value first,
                    llvm::ArrayRef<mlir::AffineExpr> upper);

  // Vectors (VectorRows.cpp). A plane is an index on the third axis.
  llvm::SmallVector<RowStep> rowSteps(const RowRun::Member &member) const;
  RowView emitRowView(mlir::Location loc, mlir::Value field, mlir::Value first,
                      mlir::Value row, mlir::Value plane, int64_t planeOffset);
  bool isOnlyWritten(mlir::Value field) const;
  RowViews emitRowViews(const RowRun::Member &member, mlir::Value first,
                        mlir::Value row, mlir::Value plane);
  std::pair<mlir::Value, mlir::Value>
  emitAlignment(const RowRun::Member &member, const RowViews &views);
  void emitVectorRows(const RowRun::Member &member, mlir::Value plane,
                      mlir::Value row);
  void emitLanes(const RowRun::Member &member, const RowViews &views,
                 llvm::ArrayRef<RowAhead> ahead, mlir::Value x,
                 mlir::Value width, mlir::Value around);

  // Points (Points.cpp).
  void emitBody(stencil::StatementOp statement);
  void lowerOp(mlir::Operation *op, stencil::StatementOp statement);
  void lowerRead(stencil::ReadOp op);
  void lowerWrite(stencil::WriteOp op, stencil::StatementOp statement);
  void lowerLocal(stencil::TemporaryOp op);
  mlir::Value fieldIndex(mlir::Location loc, mlir::AffineExpr expr);
  /// Index expressions of a field's memory for a point at `offset`.
  std::vector<mlir::AffineExpr>
  indexExprs(mlir::Value field, llvm::ArrayRef<int64_t> offset) const;
  /// Where an element lies: `map` over `operands`, or `indices`.
  struct Address {
    mlir::Value memory;
    mlir::AffineMap map;
    llvm::SmallVector<mlir::Value> operands;
    llvm::SmallVector<mlir::Value> indices;
  };
  Address resolve(mlir::Location loc, mlir::Value field,
                  llvm::ArrayRef<int64_t> offset, mlir::Value level,
                  mlir::ValueRange data);
  void emitIfInTile(mlir::Location loc);
  mlir::Value dynamicLevel(mlir::Location loc, mlir::Value shift,
                           mlir::Value level, int64_t dk);

  mlir::MLIRContext *context() const { return b.getContext(); }
  /// d0, d1, d2 are the point; s0..s2 the sizes, s3..s5 and s6..s8 the tile.
  mlir::AffineExpr pointDim(unsigned axis) const;
  mlir::AffineExpr sizeSymbol(unsigned axis) const;
  mlir::AffineExpr beginSymbol(unsigned axis) const;
  mlir::AffineExpr endSymbol(unsigned axis) const;
  llvm::SmallVector<mlir::Value> pointOperands() const;
  llvm::SmallVector<mlir::Value> symbolOperands() const;

  Plan &plan;
  CpuVersion version;
  const StencilToAffineOptions &options;
  bool staged;
  unsigned inner, outer, third;
  RowPlan rows;
  mlir::OpBuilder b;
  mlir::func::FuncOp function;
  mlir::IRMapping mapping; ///< scalars and constants of the program
  llvm::DenseMap<mlir::Value, mlir::Value> memories; ///< of field arguments
  TileArguments arguments;
  std::array<mlir::Value, 3> point;
  /// How far ahead memory is fetched; null where it is not.
  mlir::Value rowsAhead, levelsAhead;
  /// Where the next tile begins, on I and J.
  std::array<mlir::Value, 2> next;
  /// The fields of the program are larger than the last cache.
  mlir::Value isLarge;
  // Of the group that is emitted.
  bool descends = false;
  int64_t groupsBefore = 0;
  llvm::DenseMap<mlir::Value, Buffer> buffers;
  llvm::DenseMap<mlir::Value, mlir::Value> locals; ///< variables of a point
};

} // namespace spada::cpu

#endif
