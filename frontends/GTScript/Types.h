//===- Types.h - annotations of parameters and temporaries ------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef FRONTENDS_GTSCRIPT_TYPES_H
#define FRONTENDS_GTSCRIPT_TYPES_H

#include "dialects/Stencil/IR/StencilDialect.h"
#include "frontends/GTScript/Modules.h"
#include "spada/Frontend/GTScript.h"

#include "llvm/ADT/SmallVector.h"

namespace spada::gtscript {

/// What an annotation says.
struct TypeDesc {
  bool isField = false;   // a table too: a field without axes
  bool isLiteral = false; // `int` or `float`: of no fixed width
  Scalar scalar = Scalar::None;
  stencil::Axes axes = stencil::Axes::IJK;
  llvm::SmallVector<int64_t, 2> dims;

  explicit operator bool() const { return scalar != Scalar::None; }
  /// `FieldType` of a field, else the scalar's type.
  mlir::Type get(mlir::MLIRContext *context) const;
};

mlir::Type typeOf(Scalar scalar, mlir::MLIRContext *context);
Scalar scalarOf(mlir::Type type);
/// "Field[IJ, float64]", "float32".
std::string spelling(mlir::Type type);

/// "I", "IJK"; nothing for other names.
std::optional<stencil::Axes> axesNamed(std::string_view name);

/// What an alias that models commonly use stands for, with `Float` of
/// `floatBits`: "Field[IJ, float64]" for "FloatFieldIJ". Empty if unknown.
std::string knownAlias(std::string_view name, int floatBits);

/// Reads annotations. Functions give nothing after they set `reason`.
class TypeReader {
public:
  /// `local` is asked for the meaning of names before `scope` is.
  TypeReader(const GTScriptOptions &options, Modules &modules, Scope scope,
             const Lookup &local, bool isParameter)
      : options(options), modules(modules), scope(scope), local(local),
        isParameter(isParameter) {}

  TypeDesc read(const ast::Expr &annotation);
  std::string reason;
  std::string hint;

private:
  TypeDesc fail(std::string text, std::string what = "");
  TypeDesc readText(std::string_view text);
  TypeDesc readName(const ast::Expr &name);
  TypeDesc readFound(const Found &found, const ast::Expr &name);
  TypeDesc readBuiltin(llvm::StringRef name, bool &known);
  TypeDesc readSubscript(const ast::Expr &expr);
  TypeDesc readField(llvm::ArrayRef<ast::Expr> args);
  TypeDesc readIn(const Constant &type, const Scope &where);
  bool addDims(const Constant &value, llvm::SmallVectorImpl<int64_t> &dims);
  TypeDesc readCall(const ast::Expr &expr);
  bool readDims(const ast::Expr &expr, llvm::SmallVectorImpl<int64_t> &dims);

  const GTScriptOptions &options;
  Modules &modules;
  Scope scope;
  const Lookup &local;
  bool isParameter;
  unsigned depth = 0;
};

} // namespace spada::gtscript

#endif
