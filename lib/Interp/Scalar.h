//===- Scalar.h - values and arithmetic of the interpreter ------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One number of any SpaDA type and one function for each expression op. Written
// apart from the dialect's folders on purpose: tests hold the two to the same
// answers.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_INTERP_SCALAR_H
#define LIB_INTERP_SCALAR_H

#include "dialects/Spada/IR/SpadaDialect.h"
#include "spada/Support/Array.h"

#include <cstdint>

namespace spada {

/// A number: an integer as itself, a float as the bits of a double that is
/// exact in the float's own format.
struct Scalar {
  int64_t bits = 0;

  static Scalar ofInteger(int64_t value) { return {value}; }
  static Scalar ofFloat(double value);
  int64_t integer() const { return bits; }
  double number() const;
};

/// The format of a SpaDA scalar type, `index` included.
struct Format {
  bool isFloat = false, isUnsigned = false;
  unsigned width = 0;

  static Format of(mlir::Type type);
  unsigned bytes() const { return width <= 8 ? 1 : width / 8; }
};

/// `value` rounded once to a float format.
Scalar roundTo(Format format, double value);
/// `value` wrapped to an integer format.
Scalar wrapTo(Format format, int64_t value);

/// The result of an operator. `problem` is set when there is none.
Scalar evaluateBinary(BinaryKind kind, Format format, Scalar lhs, Scalar rhs,
                      const char *&problem);
Scalar evaluateUnary(UnaryKind kind, Format format, Scalar operand);
Scalar evaluateMath(MathKind kind, Format format, Scalar x, Scalar y);
Scalar evaluateFmac(Format format, Scalar a, Scalar b, Scalar c);
Scalar evaluateCast(Format from, Format to, bool toBool, Scalar operand,
                    const char *&problem);
/// The value of a constant.
Scalar evaluateConstant(mlir::TypedAttr value);

/// Element `position` of `array`, whose elements have `format`.
Scalar loadElement(const Array &array, Format format, int64_t position);
void storeElement(Array &array, Format format, int64_t position, Scalar value);

} // namespace spada

#endif
