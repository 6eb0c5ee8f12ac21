//===- Queues.h - between routers, cores and the host -----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Input and output queues of cores, and the host's ends of streams.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_QUEUES_H
#define SPADA_SIM_QUEUES_H

#include "Model.h"
#include "Session.h"

#include <deque>

namespace spada::sim {

/// A wavelet behind the ramp.
struct InputWord {
  uint32_t data = 0;
  bool control = false;
  bool endsMessage = false; ///< the last of a message: not for data tasks
};

struct InputQueue {
  uint32_t firstWord = 0;
  uint32_t source = none;  ///< host source that fills it
  uint32_t channel = none; ///< gets a credit for each word taken
  uint8_t head = 0, count = 0, capacity = 0;
};

/// Flag in an output word's target: a host sink, not a channel.
constexpr uint32_t sinkFlag = 0x80000000;
/// The word's WaveletFlags, in an output word's target.
constexpr unsigned targetFlagsShift = 29;
constexpr uint32_t targetMask = (uint32_t(1) << targetFlagsShift) - 1;

struct OutputWord {
  uint32_t data = 0;
  uint32_t target = 0; ///< channel, or sink with sinkFlag; and WaveletFlags
};
struct OutputQueue {
  uint32_t firstWord = 0;
  uint8_t head = 0, count = 0, capacity = 0;
  uint8_t color = 0xff; ///< when the program has set it
};

struct HostSource {
  std::vector<uint32_t> words;
  size_t next = 0;
  uint32_t room = 0; ///< places in the queue that no word is on its way to
  std::deque<StreamEnd> ends{}; ///< session: where commands end in `words`
};
struct HostSink {
  uint32_t tile = 0;
  uint8_t color = 0;
  std::vector<uint32_t> words;
  std::deque<StreamWant> wants{}; ///< session: where the next words go
};

} // namespace spada::sim

#endif
