//===- Numbers.cpp - arrays of numbers in attributes ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialects/Sparse/IR/Numbers.h"

#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace spada::sparse;

std::optional<Numbers> Numbers::of(Attribute attribute) {
  auto elements = llvm::dyn_cast_or_null<ElementsAttr>(attribute);
  if (!elements)
    return std::nullopt;
  Numbers numbers;
  numbers.element = elements.getElementType();
  numbers.count = elements.getNumElements();
  if (numbers.element.isSignlessInteger(32))
    numbers.kind = Kind::I32;
  else if (numbers.element.isSignlessInteger(64))
    numbers.kind = Kind::I64;
  else if (numbers.element.isBF16())
    numbers.kind = Kind::BF16;
  else if (numbers.element.isF16())
    numbers.kind = Kind::F16;
  else if (numbers.element.isF32())
    numbers.kind = Kind::F32;
  else if (numbers.element.isF64())
    numbers.kind = Kind::F64;
  else
    return std::nullopt;
  if (auto dense = llvm::dyn_cast<DenseElementsAttr>(attribute)) {
    numbers.bytes = dense.getRawData().data();
    numbers.stride = dense.isSplat() ? 0 : 1;
    return numbers;
  }
  auto resource = llvm::dyn_cast<DenseResourceElementsAttr>(attribute);
  AsmResourceBlob *blob =
      resource ? resource.getRawHandle().getBlob() : nullptr;
  unsigned width = numbers.element.getIntOrFloatBitWidth() / 8;
  if (!blob || blob->getData().size() != numbers.count * width)
    return std::nullopt;
  numbers.bytes = blob->getData().data();
  return numbers;
}

double Numbers::real(uint64_t i) const {
  auto narrow = [&](const llvm::fltSemantics &semantics) {
    llvm::APFloat value(semantics, llvm::APInt(16, at<uint16_t>(i)));
    return value.convertToDouble();
  };
  switch (kind) {
  case Kind::F64:
    return at<double>(i);
  case Kind::F32:
    return at<float>(i);
  case Kind::BF16:
    return narrow(llvm::APFloat::BFloat());
  case Kind::F16:
    return narrow(llvm::APFloat::IEEEhalf());
  case Kind::I32:
  case Kind::I64:
    return integer(i);
  }
  llvm_unreachable("covered switch");
}
