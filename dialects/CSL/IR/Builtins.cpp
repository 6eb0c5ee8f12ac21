//===- Builtins.cpp - the DSD operations of CSL ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The table of the CSL language guide's DSD operations.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/Builtins.h"

#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace spada::csl;

using enum ElementClass;
static constexpr Builtin table[] = {
    // Moves.
    {"mov16", 1, Any16, Any16, Any16},
    {"mov32", 1, Any32, Any32, Any32},
    {"fmovh", 1, F16, F16, F16},
    {"fmovs", 1, F32, F32, F32},
    // 16-bit integers.
    {"add16", 2, I16, I16, I16},
    {"addc16", 2, I16, I16, I16},
    {"sub16", 2, I16, I16, I16},
    {"and16", 2, I16, I16, I16},
    {"or16", 2, I16, I16, I16},
    {"xor16", 2, I16, I16, I16},
    {"sll16", 2, I16, I16, I16},
    {"slr16", 2, I16, I16, I16},
    {"sar16", 2, I16, I16, I16},
    {"clz", 1, I16, I16, I16},
    {"ctz", 1, I16, I16, I16},
    {"popcnt", 1, I16, I16, I16},
    // Floats.
    {"faddh", 2, F16, F16, F16},
    {"fsubh", 2, F16, F16, F16},
    {"fmulh", 2, F16, F16, F16},
    {"fmaxh", 2, F16, F16, F16},
    {"fadds", 2, F32, F32, F32},
    {"fsubs", 2, F32, F32, F32},
    {"fmuls", 2, F32, F32, F32},
    {"fmaxs", 2, F32, F32, F32},
    {"faddhs", 2, F32, F16, F16},
    {"fmach", 3, F16, F16, F16, true},
    {"fmachs", 3, F32, F32, F16, true},
    {"fmacs", 3, F32, F32, F32, true},
    {"fabsh", 1, F16, F16, F16},
    {"fabss", 1, F32, F32, F32},
    {"fnegh", 1, F16, F16, F16},
    {"fnegs", 1, F32, F32, F32},
    {"fnormh", 1, F16, F16, F16, false, true},
    {"fnorms", 1, F32, F32, F32, false, true},
    {"fscaleh", 2, F16, F16, I16, false, true},
    {"fscales", 2, F32, F32, I16, false, true},
    // Conversions.
    {"fh2s", 1, F32, F16, F16},
    {"fs2h", 1, F16, F32, F32},
    {"fh2xp16", 1, I16, F16, F16, false, true},
    {"fs2xp16", 1, I16, F32, F32, false, true},
    {"xp162fh", 1, F16, I16, I16},
    {"xp162fs", 1, F32, I16, I16},
    // Drops data until as many control wavelets have come as the input is long.
    {"dfilt", 1, Any32, Any, Any, false, false, false},
};

const Builtin *spada::csl::findBuiltin(llvm::StringRef name) {
  for (const Builtin &builtin : table)
    if (builtin.name == name)
      return &builtin;
  return nullptr;
}

bool spada::csl::isOfClass(Type type, ElementClass elementClass) {
  if (isa<NoneType>(type))
    return true;
  switch (elementClass) {
  case I16:
    return type.isInteger(16);
  case F16:
    return type.isF16();
  case F32:
    return type.isF32();
  case Any16:
    return type.isF16() || type.isInteger(16);
  case Any32:
    return type.isF32() || type.isInteger(32);
  case Any:
    return true;
  }
  return false;
}

llvm::StringRef spada::csl::describe(ElementClass elementClass) {
  switch (elementClass) {
  case I16:
    return "i16";
  case F16:
    return "f16";
  case F32:
    return "f32";
  case Any16:
    return "a 16-bit type";
  case Any32:
    return "a 32-bit type";
  case Any:
    return "any type";
  }
  return "";
}
