//===- Numbers.h - arrays of numbers in attributes --------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads `dense` and `dense_resource` attributes without copying, and makes
// resources that own their numbers.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_SPARSE_IR_NUMBERS_H
#define DIALECTS_SPARSE_IR_NUMBERS_H

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace spada::sparse {

/// The numbers of an attribute: i32, i64, bf16, f16, f32 or f64.
class Numbers {
public:
  /// Nothing for other attributes and for resources without data.
  static std::optional<Numbers> of(mlir::Attribute attribute);

  uint64_t size() const { return count; }
  mlir::Type type() const { return element; }
  /// All numbers are one and the same, which is stored once.
  bool isSplat() const { return stride == 0; }

  int64_t integer(uint64_t i) const {
    return kind == Kind::I32 ? at<int32_t>(i) : at<int64_t>(i);
  }
  double real(uint64_t i) const;

  /// The numbers as they are stored, as many as `isSplat` says.
  template <typename T> const T *data() const {
    return reinterpret_cast<const T *>(bytes);
  }

private:
  enum class Kind { I32, I64, BF16, F16, F32, F64 };
  template <typename T> T at(uint64_t i) const { return data<T>()[i * stride]; }

  const char *bytes = nullptr;
  uint64_t count = 0;
  unsigned stride = 1; ///< 0 for a splat
  Kind kind = Kind::F64;
  mlir::Type element;
};

/// A one-dimensional resource named `name` (or like it) with `numbers` of
/// `element` type, which is as wide as T. The numbers are moved, not copied.
template <typename T>
mlir::ElementsAttr makeResource(llvm::StringRef name, mlir::Type element,
                                std::vector<T> numbers) {
  auto type = mlir::RankedTensorType::get({int64_t(numbers.size())}, element);
  auto owner = std::make_shared<std::vector<T>>(std::move(numbers));
  llvm::ArrayRef<char> bytes(reinterpret_cast<const char *>(owner->data()),
                             owner->size() * sizeof(T));
  return mlir::DenseResourceElementsAttr::get(
      type, name,
      mlir::AsmResourceBlob(
          bytes, alignof(T), [owner](void *, size_t, size_t) {},
          /*dataIsMutable=*/false));
}

} // namespace spada::sparse

#endif
