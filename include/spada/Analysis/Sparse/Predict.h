//===- Predict.h - time of a schedule on a host -----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A schedule is an order and a tile: so many inputs of the batch run through
// the whole network together, a neuron's values for them in one row. Each cache
// is a fast memory of the theory that holds rows, dropped by LRU; what it reads
// comes from the next one.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_ANALYSIS_SPARSE_PREDICT_H
#define SPADA_ANALYSIS_SPARSE_PREDICT_H

#include "spada/Analysis/Sparse/Orders.h"
#include "spada/Machine/Host.h"

namespace spada::sparse {

/// Bytes of one neuron's value and of a connection's weight with its index.
struct ValueSizes {
  uint64_t value = 4, connection = 6;
};

/// Traffic between a cache and what lies behind it, for one tile.
struct LevelTraffic {
  uint64_t cacheBytes = 0;
  uint64_t rows = 0;   ///< that the cache holds, M
  double rowBytes = 0; ///< rows read and written, in bytes
  double seconds = 0;  ///< at the rate of what lies behind
};

struct Prediction {
  uint64_t tile = 0;
  std::vector<LevelTraffic> levels; ///< of the first, second, third cache
  /// Of one tile: arithmetic and reads of rows from the first cache, the rows
  /// of `levels`, weights and indices.
  double computeSeconds = 0, rowSeconds = 0, weightSeconds = 0;
  /// Of the batch: transfers and arithmetic do not overlap.
  double seconds = 0;
};

/// What an order costs on one core of `host`.
Prediction predict(const Graph &graph, const Order &order, const Host &host,
                   uint64_t batch, uint64_t tile, const ValueSizes &sizes = {});

struct Schedule {
  OrderKind kind = OrderKind::Destination;
  /// The memory that blocks and classes are made for; see `makeOrder`.
  Memory memory;
  uint64_t tile = 0;
  Prediction prediction;
  /// The same for neuron after neuron, with the tile that is best for that.
  Prediction plain;
};

/// The order and the tile (a multiple of a line, at most 256 inputs) with the
/// least predicted time. Networks of more than 400,000 connections are
/// judged by their first levels, as many as have 200,000.
Schedule chooseSchedule(const Graph &graph, const Host &host, uint64_t batch,
                        bool keepSums = false, const ValueSizes &sizes = {});

} // namespace spada::sparse

#endif
