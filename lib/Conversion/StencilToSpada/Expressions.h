//===- Expressions.h - point-wise values as SpaDA expressions ---*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Which values the wafer can compute, and how they are written in the spada
// dialect. Levels of type `index` become i32.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOSPADA_EXPRESSIONS_H
#define LIB_CONVERSION_STENCILTOSPADA_EXPRESSIONS_H

#include "Columns.h"

#include "dialects/Spada/IR/SpadaDialect.h"

namespace spada::wafer {

/// Reports a type that a PE does not have; `what` and `name` say whose it is.
mlir::LogicalResult checkWaferType(mlir::Type type, mlir::Location loc,
                                   llvm::StringRef what, llvm::StringRef name);

/// Reports an op of a statement's body that has no form on a PE.
mlir::LogicalResult checkExpression(mlir::Operation *op);

/// The function of a PE's math library that an op is.
std::optional<MathKind> mathFunction(mlir::Operation *op);

/// The value differs from point to point.
bool dependsOnPoint(mlir::Value value, const Columns &columns);

/// The op may stop a PE outside the extent, where its operands are not those of
/// the program.
bool mayTrapOutside(mlir::Operation *op);

/// What a vector operation can do with a value over the levels of a section.
enum class Kind {
  Invariant, ///< the same on every level: a scalar operand
  Vector,    ///< computed by vector operations
  Scalar,    ///< level by level only
};

/// Tells the kind of values. `changing` are columns that change while the
/// values are computed.
class Classifier {
public:
  Classifier(const Columns &columns) : columns(columns) {}
  llvm::SmallPtrSet<const Column *, 8> changing;
  Kind operator()(mlir::Value value);
  /// What is known holds for one group of assignments only.
  void clear() {
    changing.clear();
    known.clear();
  }
  /// One vector operation combines the operands.
  static bool isVectorOp(mlir::Operation *op);

private:
  Kind kindOf(mlir::Value value);
  Kind kindOfColumn(const Column &column, mlir::Type type) const;

  const Columns &columns;
  llvm::DenseMap<mlir::Value, Kind> known;
};

/// Where reads with a horizontal offset find their values.
using Buffers = llvm::DenseMap<mlir::Operation *, Column *>;

/// Builds the spada form of values at one level.
class Translator {
public:
  Translator(mlir::OpBuilder &b, const Columns &columns, const Buffers &buffers,
             mlir::Value level)
      : b(b), columns(columns), buffers(buffers), level(level) {}

  /// The received element that stands for this read.
  mlir::Operation *streamed = nullptr;
  mlir::Value element;

  /// The value at the level. `isTop`: computed here even if a column holds it.
  mlir::Value translate(mlir::Value value, bool isTop = false);
  /// Old value of the target where a guard does not hold.
  mlir::Value guarded(const Assign &assign);
  void store(const Assign &assign);
  /// The value and all guards hold.
  mlir::Value condition(const Assign &assign);
  mlir::Value constant(mlir::Type type, int64_t value, mlir::Location loc);

private:
  mlir::Value guards(const Assign &assign);
  mlir::Value ofOp(mlir::Operation *op, mlir::Value value);
  mlir::Value read(stencil::ReadOp op);
  mlir::Value compare(mlir::Operation *op);
  mlir::Value cast(mlir::Value operand, mlir::Type to, mlir::Location loc);
  mlir::Value binary(BinaryKind kind, mlir::Value x, mlir::Value y,
                     mlir::Location loc);
  mlir::Value function(MathKind kind, mlir::Value x, mlir::Location loc);
  mlir::Value power(mlir::Operation *op);
  mlir::Value composed(mlir::Operation *op);
  mlir::Value remainder(mlir::Operation *op);
  mlir::Value extremum(mlir::Operation *op, BinaryKind keep);
  mlir::Value logicalNot(mlir::Value x, mlir::Location loc);
  mlir::Value select(mlir::Value c, mlir::Value x, mlir::Value y,
                     mlir::Location loc);
  llvm::SmallVector<mlir::Value> indices(const Column &column, int64_t dk,
                                         mlir::Value shift, mlir::Value at,
                                         mlir::ValueRange data,
                                         mlir::Location loc);

  mlir::OpBuilder &b;
  const Columns &columns;
  const Buffers &buffers;
  mlir::Value level;
};

/// The type of `type` in the spada dialect.
mlir::Type spadaType(mlir::Type type);

} // namespace spada::wafer

#endif
