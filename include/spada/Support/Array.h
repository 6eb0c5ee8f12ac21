//===- Array.h - a dense host array -----------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What the host passes to a kernel and gets back: element type, shape and raw
// elements. No arithmetic, no LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SUPPORT_ARRAY_H
#define SPADA_SUPPORT_ARRAY_H

#include <cstdint>
#include <string>
#include <vector>

namespace spada {

/// A dense row-major array in host memory, little endian.
struct Array {
  std::string dtype; ///< "f16", "f32", "f64", "i8", "i16", "i32", "i64", "u8",
                     ///< "u16", "u32", "bool"; SpaDA has no 64-bit integers
  std::vector<int64_t> shape; ///< none: one scalar
  std::vector<uint8_t> bytes; ///< elements, last dimension fastest; bool takes
                              ///< one byte of 0 or 1
};

} // namespace spada

#endif
