//===- Trace.h - timeline of a run ------------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Collects tasks and operations while running and writes them in the
// trace-event JSON form that Chrome and Perfetto read. One cycle is shown as
// one microsecond.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_TRACE_H
#define SPADA_SIM_TRACE_H

#include <cstdint>
#include <string>
#include <vector>

namespace spada::sim {

struct Model;
class Engine;

struct TraceEvent {
  enum Kind : uint8_t { Task, Main, Operation };
  uint64_t recorded = 0;       ///< cycle in which it was added
  uint64_t begin = 0, end = 0; ///< cycles
  uint32_t tile = 0;
  uint32_t name = 0; ///< task or vector operation number in the tile's program
  uint32_t elements = 0;
  uint8_t thread = 0; ///< 0 main, else 1 + microthread
  Kind kind = Task;
  bool unfinished = false;
};

/// Events of one strip, and wavelets by window of time.
class TraceBuffer {
public:
  static constexpr uint64_t windowCycles = 64;
  static constexpr uint64_t maxWindows = 65536;

  /// Keeps whole cycles, so that what is kept does not depend on the order
  /// within a cycle.
  void add(const TraceEvent &event) {
    if (events.size() < limit ||
        (limit && events.back().recorded == event.recorded))
      events.push_back(event);
    else
      ++dropped;
  }
  void countWavelet(uint64_t cycle, unsigned port) {
    uint64_t window = cycle / windowCycles;
    if (window >= maxWindows)
      return;
    if (window >= windows.size())
      windows.resize(window + 1);
    ++windows[window].wavelets[port];
  }

  struct Window {
    uint32_t wavelets[5] = {};
  };
  uint64_t limit = 0;
  uint64_t dropped = 0;
  std::vector<TraceEvent> events;
  std::vector<Window> windows;
};

/// Writes the trace of a run to `path`, by way of a temporary file. Returns
/// false with `error` set on failure.
bool writeTrace(const Engine &engine, uint64_t lastCycle,
                const std::string &path, uint64_t maxEvents,
                std::string &error);

} // namespace spada::sim

#endif
