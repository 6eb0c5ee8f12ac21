//===- StreamCode.cpp - reading indices and weights -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// While rows of a full vector width come from the first cache, every other
// load takes a turn of its own. Indices and weights are loaded several at a
// time and taken apart in registers.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Code.h"

using namespace mlir;
using namespace spada::sparse;

/// Index \p number behind the place of `reader`.
Value KernelCode::readIndex(Reader &reader, int64_t number) {
  if (reader.known)
    return this->number(
        readPackedIndex(reader.known + number * indexBytes, indexBytes));
  int64_t inWord = 8 / indexBytes, bits = indexBytes * 8;
  size_t which = number / inWord;
  if (which >= reader.words.size())
    reader.words.resize(which + 1);
  Value &word = reader.words[which];
  if (!word)
    word = load(i64, at(reader.index, which * 8), indexBytes);
  int64_t place = number % inWord;
  Value index = word;
  if (place != 0)
    index = b.create<arith::ShRUIOp>(loc, index, this->number(place * bits));
  if (place != inWord - 1)
    index = b.create<arith::AndIOp>(loc, index,
                                    this->number((int64_t(1) << bits) - 1));
  return index;
}

/// True when a quarter of a vector of 512 bits is filled from the stream and
/// its elements are spread by shuffles.
bool KernelCode::readsQuarters(const Form &form) const {
  return set != VectorSet::Plain && form.form.weightType == valueType;
}

/// Weight \p number behind the place of `reader`, in all lanes.
Value KernelCode::readWeight(const Form &form, Reader &reader, int64_t number) {
  Type stored = form.form.weightType;
  int64_t bytes = stored.getIntOrFloatBitWidth() / 8;
  if (!readsQuarters(form))
    return b.create<vector::BroadcastOp>(
        loc, vectorType,
        widen(load(stored, at(reader.weight, number * bytes), bytes)));
  constexpr int64_t quarterBytes = 16;
  int64_t inQuarter = quarterBytes / bytes;
  size_t which = number / inQuarter;
  if (which >= reader.quarters.size())
    reader.quarters.resize(which + 1);
  Value &quarter = reader.quarters[which];
  SmallVector<int64_t> lane(lanes);
  if (!quarter) {
    Value some = load(VectorType::get({inQuarter}, valueType),
                      at(reader.weight, which * quarterBytes), bytes);
    for (unsigned l = 0; l < lanes; ++l)
      lane[l] = l % inQuarter;
    quarter = b.create<vector::ShuffleOp>(loc, some, some, lane);
    // Nothing happens here, but what is known about the vector ends: else each
    // element would be loaded again.
    quarter =
        b.create<LLVM::InlineAsmOp>(loc, vectorType, quarter, "",
                                    set == VectorSet::AVX512 ? "=v,0" : "=x,0",
                                    /*has_side_effects=*/false,
                                    /*is_align_stack=*/false,
                                    LLVM::AsmDialectAttr{}, ArrayAttr{})
            .getResult(0);
  }
  for (unsigned l = 0; l < lanes; ++l)
    lane[l] = l / inQuarter * inQuarter + number % inQuarter;
  return b.create<vector::ShuffleOp>(loc, quarter, quarter, lane);
}
