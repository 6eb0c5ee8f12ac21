//===- CacheModel.cpp - lines that a tile misses --------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Follows the packed groups as the code does, line by line, through a cache
// that drops the line not used for longest.
//
//===----------------------------------------------------------------------===//

#include "spada/Conversion/SparseToVector.h"

#include <algorithm>
#include <cstring>

using namespace spada::sparse;

namespace {
/// A fully associative cache under LRU; lines are numbers below `lines`.
class Cache {
public:
  Cache(uint64_t lines, uint64_t capacity)
      : capacity(std::max<uint64_t>(capacity, 1)), next(lines + 1, none),
        before(lines + 1, none), end(lines) {
    next[end] = before[end] = end;
  }

  void touch(uint64_t line) {
    if (next[line] != none) {
      unlink(line);
    } else {
      ++misses;
      if (++held > capacity) {
        unlink(before[end]);
        --held;
      }
    }
    // In front: the line used last.
    next[line] = next[end];
    before[line] = end;
    before[next[end]] = line;
    next[end] = line;
  }

  uint64_t misses = 0;

private:
  void unlink(uint64_t line) {
    next[before[line]] = next[line];
    before[next[line]] = before[line];
    next[line] = none;
  }

  static constexpr uint32_t none = UINT32_MAX;
  uint64_t capacity, held = 0;
  std::vector<uint32_t> next, before;
  uint32_t end;
};

/// Where the lines of rows, streams and batches lie.
class Trace {
public:
  static constexpr uint64_t lineBytes = 64;
  static constexpr uint64_t runBytes = 40; ///< what the code reads of a run

  Trace(const PackedNetwork &packed, uint64_t cacheBytes, VectorSet set)
      : packed(packed), lanes(vectorSetBytes(set) / valueBytes()),
        rowLines(lines(packed.rowBytes())), indexLine(packed.slots * rowLines),
        weightLine(indexLine + lines(packed.indices.size()) + 1),
        biasLine(weightLine + lines(packed.weights.size()) + 1),
        tableLine(biasLine + lines(packed.biases.size()) + 1),
        runLine(tableLine + lines(4 * packed.inputSlots.size()) +
                lines(4 * packed.outputSlots.size())),
        batchLine(runLine + lines(runBytes * packed.runs.size()) + 1),
        cache(batchLine + 2 * batchLines(), cacheBytes / lineBytes) {}

  /// Misses of the second of two tiles: of one in a long batch.
  uint64_t run() {
    uint64_t first = 0;
    for (uint64_t tile = 0; tile < 2; ++tile) {
      first = cache.misses;
      uint64_t inputLine = batchLine + tile * batchLines();
      uint64_t outputLine =
          inputLine + packed.tile * linesOf(packed.inputSlots);
      move(packed.inputSlots, inputLine, tableLine);
      uint64_t line = runLine * lineBytes;
      for (const GroupRun &run : packed.runs) {
        cache.touch(line / lineBytes);
        line += runBytes;
        runGroups(run);
      }
      move(packed.outputSlots, outputLine,
           tableLine + lines(4 * packed.inputSlots.size()));
    }
    return cache.misses - first;
  }

private:
  static uint64_t lines(uint64_t bytes) {
    return (bytes + lineBytes - 1) / lineBytes;
  }
  uint64_t valueBytes() const {
    return packed.valueType.getIntOrFloatBitWidth() / 8;
  }
  /// Lines of one input or output of the batch.
  uint64_t linesOf(const std::vector<uint32_t> &slots) const {
    return lines(slots.size() * valueBytes());
  }
  /// Lines of the inputs and outputs of a tile.
  uint64_t batchLines() const {
    return packed.tile *
           (linesOf(packed.inputSlots) + linesOf(packed.outputSlots));
  }
  void row(uint64_t slot) {
    for (uint64_t line = 0; line < rowLines; ++line)
      cache.touch(slot * rowLines + line);
  }
  /// Between rows and the batch: squares of vectors, one below the other.
  void move(const std::vector<uint32_t> &slots, uint64_t line, uint64_t table) {
    uint64_t width = linesOf(slots);
    for (uint64_t column = 0; column < packed.tile; column += lanes)
      for (uint64_t begin = 0; begin < slots.size(); begin += lanes) {
        for (uint64_t lane = 0; lane < lanes; ++lane)
          cache.touch(line + (column + lane) * width +
                      begin * valueBytes() / lineBytes);
        cache.touch(table + begin * 4 / lineBytes);
        uint64_t end = std::min<uint64_t>(begin + lanes, slots.size());
        for (uint64_t at = begin; at < end; ++at)
          cache.touch(slots[at] * rowLines + column * valueBytes() / lineBytes);
      }
  }
  uint64_t index(uint64_t &at) {
    cache.touch(indexLine + at / lineBytes);
    uint32_t value = 0;
    std::memcpy(&value, &packed.indices[at], packed.isWide ? 4 : 2);
    at += packed.isWide ? 4 : 2;
    return value;
  }
  void runGroups(const GroupRun &run) {
    const GroupForm &form = packed.forms[run.form];
    uint64_t at = run.indexAt, weightAt = run.weightAt, biasAt = run.biasAt;
    uint64_t weightBytes =
        form.isSplat
            ? 0
            : form.destinations * form.weightType.getIntOrFloatBitWidth() / 8;
    std::vector<uint64_t> sums(form.destinations);
    for (uint32_t group = 0; group < run.groups; ++group) {
      for (uint64_t &sum : sums) {
        sum = index(at);
        if (!form.isStart)
          row(sum);
      }
      uint64_t sources = form.sources < 0 ? index(at) : form.sources;
      for (uint64_t n = 0; n < sources; ++n) {
        row(index(at));
        cache.touch(weightLine + weightAt / lineBytes);
        weightAt += weightBytes;
      }
      for (uint64_t sum : sums) {
        if (form.isStart) {
          cache.touch(biasLine + biasAt / lineBytes);
          biasAt += valueBytes();
        }
        row(sum);
      }
    }
  }

  const PackedNetwork &packed;
  uint64_t lanes;
  uint64_t rowLines, indexLine, weightLine, biasLine, tableLine, runLine,
      batchLine;
  Cache cache;
};
} // namespace

uint64_t spada::sparse::predictMisses(const PackedNetwork &packed,
                                      uint64_t cacheBytes, VectorSet set) {
  return Trace(packed, cacheBytes, set).run();
}

double spada::sparse::predictSeconds(const PackedNetwork &packed,
                                     const spada::Host &host, VectorSet set) {
  double valueBytes = packed.valueType.getIntOrFloatBitWidth() / 8;
  double row = double(packed.rowBytes()), rows = 0, loads = 0, branches = 0;
  for (const GroupRun &run : packed.runs) {
    const GroupForm &form = packed.forms[run.form];
    double sources = double(run.connections) / form.destinations;
    double sums = double(run.groups) * form.destinations;
    rows += sources + sums * (form.isStart ? 1 : 2);
    // Four indices or weights come in a load.
    loads += (sources + (form.isSplat ? 0 : double(run.connections))) / 4;
    // The call and the end of a loop; a loop of its own for each group.
    branches += 2 + (form.sources < 0 ? run.groups : 0);
  }
  double operations = double(packed.statistics.computed) * row / 4;
  double bytes = rows * row + loads * vectorSetBytes(set);
  double busy = std::max(operations / host.multiplyAddsPerSecond,
                         bytes / host.levelOneBytesPerSecond);
  // Moves between rows and the batch touch each value twice.
  double moved = double(packed.inputSlots.size() + packed.outputSlots.size());
  busy += 2 * moved * packed.tile * valueBytes / host.levelOneBytesPerSecond;
  auto missed = [&](int64_t cacheBytes, double rate) {
    return double(predictMisses(packed, cacheBytes, set)) *
           double(Trace::lineBytes) / rate;
  };
  return busy + missed(host.levelOneBytes, host.levelTwoBytesPerSecond) +
         missed(host.levelTwoBytes, host.levelThreeBytesPerSecond) +
         branches * host.missedBranchSeconds;
}
