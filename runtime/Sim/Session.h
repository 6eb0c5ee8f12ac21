//===- Session.h - commands of the host to the PEs --------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Commands are noted while the machine stands. Each PE takes the copies and
// launches that touch it in order; streams are ordered for each color only.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_SESSION_H
#define SPADA_SIM_SESSION_H

#include "spada/Sim/Simulator.h"

#include <cstdint>
#include <vector>

namespace spada::sim {

/// A PE with other work takes a waiting command after so many cycles at the
/// latest.
constexpr uint64_t commandPatienceCycles = 4096;

/// The host goes on after a stream that nobody takes after so many cycles.
constexpr uint64_t hostPatienceCycles = 1'000'000;

struct Command {
  enum Kind : uint8_t { CopyIn, CopyOut, StreamIn, StreamOut, Launch };
  Kind kind = Launch;
  Region region;
  uint32_t name = 0;     ///< host name of the data or the function
  uint32_t elements = 0; ///< words for each PE
  bool bits16 = false;
  uint8_t color = 0;
  std::vector<uint32_t> words; ///< copied or streamed in; arguments of a launch
  uint32_t *destination = nullptr;
  uint64_t announcedAt = 0; ///< cycle at which PE (0, 0) learns of it

  bool isStream() const { return kind == StreamIn || kind == StreamOut; }
  bool touches(uint32_t x, uint32_t y) const {
    return int64_t(x) >= region.x && int64_t(x) - region.x < region.width &&
           int64_t(y) >= region.y && int64_t(y) - region.y < region.height;
  }
  /// First word of a PE.
  size_t wordOf(uint32_t x, uint32_t y) const {
    return (size_t(y - uint32_t(region.y)) * size_t(region.width) +
            (x - uint32_t(region.x))) *
           elements;
  }
};

/// Words of a host source up to `end` belong to `command` or one before it.
struct StreamEnd {
  size_t end = 0;
  uint32_t command = 0;
};

/// Place for the next words of a host sink.
struct StreamWant {
  uint32_t *to = nullptr;
  uint32_t left = 0;
  uint32_t command = 0;
};

} // namespace spada::sim

#endif
