//===- Printer.h - state of the SpaDA printer -------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Names, indentation and expression types while one kernel is printed. Private
// to this library.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_LIB_TARGET_SPTL_PRINTER_H
#define SPADA_LIB_TARGET_SPTL_PRINTER_H

#include "dialects/Spada/IR/SpadaDialect.h"
#include "frontends/Spada/ScalarTypes.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

namespace spada::sptl {

using frontend::Ty;

class Printer {
public:
  explicit Printer(llvm::raw_ostream &os) : os(os) {}
  mlir::LogicalResult kernel(KernelOp op);

private:
  // ExportSptl.cpp
  void arguments(mlir::Block &body);
  void blocks(mlir::Block &body);
  void argument(ArgumentOp op);
  void metaFor(MetaForOp op);
  void field(FieldOp op);
  void stream(StreamOp op);
  void externStream(ExternStreamOp op);
  void subgrid(llvm::StringRef word, SubgridOpInterface op, mlir::Block &body);
  void offset(mlir::Value lo, mlir::Value stop);
  void range(mlir::Value lo, mlir::Value hi, mlir::Value step);
  void ranges(mlir::ValueRange lo, mlir::ValueRange hi, mlir::ValueRange step);
  void streamType(mlir::Operation *op, mlir::Type element, mlir::Value bound);
  void dims(mlir::ValueRange values);
  void typedVars(mlir::ArrayAttr names, mlir::ValueRange values);
  void type(mlir::Operation *op, mlir::Type t);

  // Names
  void collectNames(KernelOp op);
  /// The name of `value`, a block argument; another one than `wanted` where
  /// that would hide what the body uses.
  void bind(mlir::BlockArgument value, llvm::StringRef wanted);
  bool hides(mlir::BlockArgument value, llvm::StringRef wanted);
  std::string fresh(llvm::StringRef wanted);
  llvm::StringRef checkName(mlir::Operation *op, llvm::StringRef name);

  // PrintStatements.cpp
  void body(mlir::Block &block);
  void statement(mlir::Operation &op);
  void prefix(mlir::Operation &op, mlir::StringAttr name);
  void async(mlir::Operation &op);
  void await(AwaitOp op);
  void loop(llvm::StringRef word, mlir::ArrayAttr names, mlir::ValueRange lo,
            mlir::ValueRange hi, mlir::ValueRange step, mlir::Region &region);
  void foreach (ForeachOp op);
  void write(WriteOp op);
  void assign(AssignOp op);
  void streamOperand(mlir::Value value);
  void closeBrace();

  // PrintExprs.cpp
  /// Prints `value`, which stands where the importer wants `want`.
  void expr(mlir::Value value, Ty want, bool nested = false);
  void exprOf(mlir::Value value, bool nested);
  void binary(BinaryOp op, bool nested);
  void unary(UnaryOp op);
  void select(SelectOp op, bool nested);
  void constant(ConstantOp op);
  void element(mlir::Operation *op, llvm::StringRef field,
               mlir::ValueRange indices);
  void index(mlir::Value value) { expr(value, Ty::Index); }
  /// The type that the importer gives the printed expression.
  Ty natural(mlir::Value value);
  Ty naturalOf(mlir::Operation *op);
  Ty selectOf(SelectOp op);
  /// Whether the importer makes `value` from its text where `want` is wanted.
  void check(mlir::Value value, Ty want);
  void checkOperands(mlir::Operation *op, Ty type);
  void checkMoment(ReadOp op);

  void fail(mlir::Operation *op, const llvm::Twine &message);
  llvm::raw_ostream &line() { return os.indent(depth * 4); }

  llvm::raw_ostream &os;
  unsigned depth = 0;
  unsigned nesting = 0;
  bool failed = false;
  bool compileTime = true;
  mlir::Operation *current = nullptr; // the statement being printed
  AssignOp assignment;                // the one being printed
  llvm::DenseMap<mlir::Value, std::string> names;
  llvm::DenseMap<mlir::Value, Ty> types;
  llvm::StringSet<> taken, params, scalars, fields;
  llvm::SmallVector<llvm::SmallVector<mlir::Value>> outstanding;
};

} // namespace spada::sptl

#endif
