//===- Specialize.h - copy a kernel with its values filled in ---*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Folds, unrolls and checks while it copies. Phases and the grid are made by
// `concretize`.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_SPADA_TRANSFORMS_SPECIALIZE_H
#define DIALECTS_SPADA_TRANSFORMS_SPECIALIZE_H

#include "dialects/Spada/Transforms/Bindings.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

#include <string>

namespace spada {

/// Copies the body of `kernel` into a new block where parameters are constants,
/// loops are unrolled, blocks that cover no PE are gone and every `index` value
/// is a `spada.constant`. Constants come first, each once.
class Specializer {
public:
  Specializer(KernelOp kernel, const Bindings &bindings,
              const ConcretizeOptions &options);

  /// Null when something was reported.
  std::unique_ptr<mlir::Block> run();

private:
  /// Why a compile-time expression has no value.
  struct Problem {
    mlir::Operation *culprit;
    std::string reason;
  };

  void specializeBody(mlir::Block &from, mlir::Block *to);
  void specializeOp(mlir::Operation &op, mlir::Block *to);
  void specializeExpression(mlir::Operation &op, mlir::Block *to);
  void specializeBlock(SubgridOpInterface op, mlir::Block *to);
  void specializeScalarRef(ScalarRefOp op, mlir::Block *to);
  void unroll(MetaForOp op, mlir::Block *to);
  mlir::Operation *copy(mlir::Operation &op, mlir::Block *to);

  bool propagateProblem(mlir::Operation &op);
  bool mapFolded(mlir::Operation &op, llvm::ArrayRef<mlir::Attribute> operands);
  /// False, after a report, when an operand has no value.
  bool checkOperands(mlir::Operation &op);
  mlir::Value constant(mlir::TypedAttr value);
  mlir::IntegerAttr integer(mlir::Value original);

  KernelOp kernel;
  const Bindings &bindings;
  const ConcretizeOptions &options;
  mlir::OpBuilder builder;
  std::unique_ptr<mlir::Block> body;
  mlir::Operation *lastConstant = nullptr;
  mlir::IRMapping mapping;
  llvm::DenseMap<mlir::Attribute, mlir::Value> constants;
  llvm::DenseMap<mlir::Value, Problem> problems;
  llvm::DenseSet<mlir::Operation *> reported;
  llvm::StringMap<ArgumentOp> arguments;
  int64_t iterations = 0;
  bool hasFailed = false;
};

/// The integer of a constant; nothing for other values.
std::optional<int64_t> constantInteger(mlir::Value value);

/// Rules that need numbers: signs of dims, bounds, channels, shapes of
/// multicasts, loop ranges, argument indices.
/// \p arguments  the kernel's arguments by name.
mlir::LogicalResult checkConcrete(mlir::Operation *op,
                                  const llvm::StringMap<ArgumentOp> &arguments);

} // namespace spada

#endif
