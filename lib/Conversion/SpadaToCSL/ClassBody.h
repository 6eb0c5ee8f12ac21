//===- ClassBody.h - the merged program of one PE class ---------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One class's compute blocks, joined in phase order into a single list of SpaDA
// statements whose field and stream names are unique, with host arguments
// turned into fields. Still SpaDA: no queues, no tasks.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_SPADATOCSL_CLASSBODY_H
#define LIB_CONVERSION_SPADATOCSL_CLASSBODY_H

#include "dialects/Spada/IR/SpadaDialect.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

#include <functional>

namespace spada {

/// Storage on a PE of the class.
struct ClassField {
  mlir::Type elementType; ///< as stored: `i1` and 8-bit integers travel and
                          ///< live as 16-bit words
  mlir::Type sourceType;  ///< as declared
  llvm::SmallVector<int64_t> shape;
  mlir::Location loc;
  bool isArgument = false; ///< exported to the host under its name
  bool isDiscarded =
      false; ///< received but never read: one element is room enough
  int64_t elements() const { return mlir::ShapedType::getNumElements(shape); }
};

/// How a PE of the class takes part in a stream.
struct BodyStream {
  int64_t flow; ///< index of the sub-flow; -1 for a streaming host argument
  std::string argument; ///< the streaming host argument, else empty
  mlir::Type elementType;
};

/// Resolves names for one class; made by the caller from the analysis.
struct ClassNames {
  /// The declaration of field `name` seen from `compute`.
  std::function<FieldOp(ComputeOp, llvm::StringRef)> field;
  /// The sub-flow that `compute` uses when it sends on, or receives from,
  /// stream `name`.
  std::function<int64_t(ComputeOp, llvm::StringRef, bool isSend)> flow;
};

struct ClassBody {
  explicit ClassBody(mlir::Location loc);
  ClassBody(ClassBody &&other);
  ~ClassBody();

  mlir::Block &block();

  llvm::MapVector<llvm::StringRef, ClassField> fields; ///< keys live in `names`
  llvm::StringSet<> names;
  llvm::SmallVector<BodyStream>
      streams; ///< `spada.stream_ref "#k"` names streams[k]
  bool usesX = false, usesY = false; ///< `spada.scalar_ref "pe.x"`, `"pe.y"`
  llvm::SetVector<mlir::Attribute>
      scalarArguments; ///< names of scalar arguments read

  llvm::StringRef addField(llvm::StringRef wanted, ClassField field);

private:
  mlir::Operation *holder; ///< detached `spada.phase` that owns the statements
};

/// Joins `computes` (in phase order). Unsupported statements are errors at
/// their location.
mlir::FailureOr<ClassBody> buildClassBody(KernelOp kernel,
                                          llvm::ArrayRef<ComputeOp> computes,
                                          const ClassNames &names);

/// Turns transfers from and to bounded arguments into loops over fields.
mlir::LogicalResult lowerArguments(KernelOp kernel, ClassBody &body);

/// Turns whole-array assignments into maps, so that there is one kind of
/// parallel loop.
void lowerAssignments(ClassBody &body);

/// Drops whole-array copies between fields and arguments where the field can
/// live in the argument's storage, and fields that are never read.
void eliminateCopies(ClassBody &body);

/// What one statement does to a field.
struct WriteCoverage {
  bool all = false;   ///< every element is written
  bool reads = false; ///< something of it is read (or sent)
};
WriteCoverage writeCoverage(mlir::Operation *statement, llvm::StringRef field,
                            const ClassField &info);

/// Lets fields whose lifetimes do not meet share storage.
void shareStorage(ClassBody &body);

/// The type in which a PE stores and moves values of `type`; null for types
/// that the target does not have.
mlir::Type storageType(mlir::Type type);

/// Bounded or unbounded argument named `name`.
ArgumentOp findArgument(KernelOp kernel, llvm::StringRef name);

} // namespace spada

#endif
