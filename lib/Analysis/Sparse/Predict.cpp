//===- Predict.cpp - time of a schedule on a host -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/Sparse/Predict.h"

#include <algorithm>
#include <utility>

using namespace spada;
using namespace spada::sparse;

static constexpr uint64_t mostJudged = 400000, enoughJudged = 200000;

namespace {
/// An order with what all predictions of it share.
struct Candidate {
  Candidate(const Graph &graph, Order made)
      : order(std::move(made)), peak(peakAlive(graph, order)) {}
  Order order;
  uint64_t peak;
};

/// Predicts for one network, host and batch.
class Predictor {
public:
  Predictor(Graph given, const Host &host, uint64_t batch,
            const ValueSizes &sizes)
      : graph(std::move(given)), host(host), batch(batch), sizes(sizes) {
    // A bias is one number, not a row.
    graph.hasBias = false;
  }
  Prediction predict(const Candidate &candidate, uint64_t tile) const;

  Graph graph;
  const Host &host;
  uint64_t batch;
  const ValueSizes &sizes;

private:
  LevelTraffic traffic(const Candidate &candidate, double row,
                       int64_t cacheBytes, double rate) const;
};
} // namespace

LevelTraffic Predictor::traffic(const Candidate &candidate, double row,
                                int64_t cacheBytes, double rate) const {
  LevelTraffic level;
  level.cacheBytes = cacheBytes;
  level.rows = std::max<uint64_t>(3, uint64_t(double(cacheBytes) / row));
  Memory memory{level.rows, Policy::LRU};
  uint64_t moved = level.rows > candidate.peak
                       ? bounds(graph).lower
                       : simulate(graph, candidate.order, memory).total();
  level.rowBytes = double(moved - graph.connections()) * row;
  level.seconds = level.rowBytes / rate;
  return level;
}

Prediction Predictor::predict(const Candidate &candidate, uint64_t tile) const {
  Prediction result;
  result.tile = tile;
  double row = double(tile * sizes.value), W = double(graph.connections());
  const std::pair<int64_t, double> caches[] = {
      {host.levelOneBytes, host.levelTwoBytesPerSecond},
      {host.levelTwoBytes, host.levelThreeBytesPerSecond},
      {host.levelThreeBytes, host.memoryBytesPerSecond}};
  for (auto [bytes, rate] : caches) {
    result.levels.push_back(traffic(candidate, row, bytes, rate));
    result.rowSeconds += result.levels.back().seconds;
  }
  result.computeSeconds =
      std::max(W * double(tile) / host.multiplyAddsPerSecond,
               W * row / host.levelOneBytesPerSecond);
  // Weights come from the cache that holds all of them while tiles go by.
  double weights = W * double(sizes.connection);
  double rate =
      weights < double(host.levelTwoBytes) / 2 ? host.levelTwoBytesPerSecond
      : weights < double(host.levelThreeBytes) ? host.levelThreeBytesPerSecond
                                               : host.memoryBytesPerSecond;
  result.weightSeconds = weights / rate;
  double tiles = double((batch + tile - 1) / tile);
  result.seconds = tiles * (result.computeSeconds + result.rowSeconds +
                            result.weightSeconds);
  return result;
}

Prediction spada::sparse::predict(const Graph &graph, const Order &order,
                                  const Host &host, uint64_t batch,
                                  uint64_t tile, const ValueSizes &sizes) {
  return Predictor(graph, host, batch, sizes)
      .predict(Candidate(graph, order), tile);
}

/// Successive levels of a large network, as a network.
static Graph judgedPart(const Graph &graph) {
  if (graph.connections() <= mostJudged)
    return graph;
  std::vector<uint32_t> level = levels(graph);
  std::vector<uint64_t> connections;
  for (uint32_t v : graph.destination) {
    connections.resize(std::max<uint64_t>(connections.size(), level[v] + 1));
    ++connections[level[v]];
  }
  uint32_t last = 0;
  for (uint64_t sum = 0; last < connections.size() && sum < enoughJudged;)
    sum += connections[last++];
  Graph part;
  part.neurons = graph.neurons;
  part.hasBias = graph.hasBias;
  for (uint64_t c = 0; c < graph.connections(); ++c)
    if (level[graph.destination[c]] < last)
      part.add(graph.source[c], graph.destination[c]);
  return withoutLoneNeurons(part);
}

/// Tiles worth a look: from one line to 256 inputs, not far beyond the batch.
static std::vector<uint64_t> usefulTiles(const Graph &graph, const Host &host,
                                         uint64_t batch,
                                         const ValueSizes &sizes) {
  uint64_t line = std::max<uint64_t>(1, host.lineBytes / sizes.value);
  uint64_t step = graph.connections() > mostJudged / 2 ? 4 : 2;
  std::vector<uint64_t> tiles = {line};
  for (uint64_t tile = line * step; tile <= 256 && tile < step * batch;
       tile *= step)
    tiles.push_back(tile);
  return tiles;
}

Schedule spada::sparse::chooseSchedule(const Graph &graph, const Host &host,
                                       uint64_t batch, bool keepSums,
                                       const ValueSizes &sizes) {
  Predictor predictor(judgedPart(graph), host, batch, sizes);
  const Graph &part = predictor.graph;
  Schedule best;
  auto consider = [&](OrderKind kind, const Candidate &candidate,
                      const Memory &memory, uint64_t tile) {
    Prediction found = predictor.predict(candidate, tile);
    bool isPlain = kind == OrderKind::Destination;
    if (isPlain && (!best.plain.tile || found.seconds < best.plain.seconds))
      best.plain = found;
    if (best.tile && found.seconds >= best.prediction.seconds)
      return;
    best.kind = kind;
    best.memory = memory;
    best.tile = tile;
    best.prediction = found;
  };
  std::vector<uint64_t> tiles = usefulTiles(part, host, batch, sizes);
  auto memoryOf = [&](int64_t bytes, uint64_t tile) {
    uint64_t rows = bytes / (tile * sizes.value);
    return Memory{std::max<uint64_t>(3, rows), Policy::LRU, tile};
  };
  auto isWhole = [&](const Order &order) {
    return order.size() == part.connections();
  };
  for (OrderKind kind : {OrderKind::Destination, OrderKind::Growth,
                         OrderKind::Class, OrderKind::Streaming}) {
    Memory memory = memoryOf(host.levelOneBytes, tiles[0]);
    Candidate candidate(part, makeOrder(part, kind, memory, 0, keepSums));
    if (isWhole(candidate.order))
      for (uint64_t tile : tiles)
        consider(kind, candidate, memory, tile);
  }
  for (OrderKind kind : {OrderKind::Blocked, OrderKind::Clustered})
    for (uint64_t tile : tiles)
      for (int64_t bytes : {host.levelOneBytes, host.levelTwoBytes}) {
        Memory memory = memoryOf(bytes, tile);
        Candidate candidate(part, makeOrder(part, kind, memory, 0, keepSums));
        if (isWhole(candidate.order))
          consider(kind, candidate, memory, tile);
      }
  double scale = double(graph.connections()) / double(part.connections());
  for (Prediction *each : {&best.prediction, &best.plain})
    each->seconds *= scale;
  return best;
}
