//===- Value.cpp - memory for compile-time values -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Value.h"

#include <algorithm>

using namespace spada::cslfront;

void *Arena::take(size_t bytes) {
  bytes = (bytes + 15) & ~size_t(15);
  while (chunk < chunks.size() && used + bytes > chunks[chunk].second) {
    ++chunk;
    used = 0;
  }
  if (chunk == chunks.size()) {
    size_t size = std::max(bytes, chunkBytes);
    if (size > maxBytes - total)
      throw ArenaFull{};
    total += size;
    chunks.emplace_back(new char[size], size);
    used = 0;
  }
  void *result = chunks[chunk].first.get() + used;
  used += bytes;
  return result;
}
