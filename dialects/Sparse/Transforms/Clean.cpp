//===- Clean.cpp - remove what does not change the outputs ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialects/Sparse/Transforms/Connections.h"
#include "dialects/Sparse/Transforms/Transforms.h"

#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace spada::sparse;

namespace spada::sparse {
#define GEN_PASS_DEF_SPARSECLEANPASS
#include "dialects/Sparse/Transforms/Passes.h.inc"
} // namespace spada::sparse

namespace {
class Cleaner {
public:
  explicit Cleaner(NetworkOp network)
      : network(network), net(network), isFast(network.getFast()),
        isSingle(network.getValueType().isF32()) {}

  RemovedCount run();

private:
  void dropZeros();
  void foldConstants();
  void foldConstant(uint64_t c);
  void foldLinear();
  bool foldInto(uint32_t v);
  void dropDead();
  void rebuild();
  double multiplyAdd(double a, double b, double c) const {
    return isSingle ? std::fma(float(a), float(b), float(c))
                    : std::fma(a, b, c);
  }

  NetworkOp network;
  Connections net;
  bool isFast, isSingle;
  std::vector<char> kept;       ///< connections
  std::vector<uint32_t> degree; ///< connections into each neuron that are kept
  /// While linear neurons are replaced: sources and weights of each neuron, and
  /// its successors.
  std::vector<std::vector<std::pair<uint32_t, double>>> into;
  std::vector<std::vector<uint32_t>> successors;
};
} // namespace

void Cleaner::dropZeros() {
  for (uint64_t c = 0; c < kept.size(); ++c)
    if (net.weight[c] == 0) {
      kept[c] = 0;
      --degree[net.graph.destination[c]];
    }
}

void Cleaner::foldConstant(uint64_t c) {
  uint32_t from = net.graph.source[c], to = net.graph.destination[c];
  double value =
      applyActivation(net.layers[net.layerOf[from]], net.bias[from], isSingle);
  net.bias[to] = multiplyAdd(net.weight[c], value, net.bias[to]);
  kept[c] = 0;
  --degree[to];
}

void Cleaner::foldConstants() {
  auto isConstant = [&](uint32_t v) {
    if (net.isInput(v) || degree[v] != 0)
      return false;
    // Other activations are approximated by code, not by this library.
    Activation activation = net.layers[net.layerOf[v]].activation;
    return isFast || activation == Activation::None ||
           activation == Activation::Relu;
  };
  // By level, so that a neuron that becomes constant is seen by its successors.
  Adjacency in = Adjacency::into(net.graph);
  for (uint32_t v : sortByLevel(levels(net.graph)))
    for (uint64_t e = in.first[v]; e < in.first[v + 1]; ++e) {
      uint64_t c = in.connection[e];
      if (!kept[c])
        continue;
      if (isConstant(net.graph.source[c]))
        foldConstant(c);
      else if (!isFast)
        break;
    }
}

/// Replaces the connection from `v`, a linear neuron, to its only successor by
/// connections from its sources.
bool Cleaner::foldInto(uint32_t v) {
  uint32_t to = successors[v][0];
  auto &list = into[to];
  auto at = std::find_if(list.begin(), list.end(),
                         [&](auto &entry) { return entry.first == v; });
  double weight = at->second;
  list.erase(at);
  net.bias[to] = multiplyAdd(weight, net.bias[v], net.bias[to]);
  for (auto [source, other] : into[v]) {
    double product = isSingle ? float(weight * other) : weight * other;
    auto same = std::find_if(list.begin(), list.end(), [&](auto &entry) {
      return entry.first == source;
    });
    auto &outOfSource = successors[source];
    outOfSource.erase(std::find(outOfSource.begin(), outOfSource.end(), v));
    if (same == list.end()) {
      list.push_back({source, product});
      outOfSource.push_back(to);
    } else {
      same->second += product;
      if (isSingle)
        same->second = float(same->second);
    }
  }
  into[v].clear();
  successors[v].clear();
  return true;
}

void Cleaner::foldLinear() {
  into.assign(net.neurons(), {});
  successors.assign(net.neurons(), {});
  for (uint64_t c = 0; c < kept.size(); ++c) {
    if (!kept[c])
      continue;
    into[net.graph.destination[c]].push_back(
        {net.graph.source[c], net.weight[c]});
    successors[net.graph.source[c]].push_back(net.graph.destination[c]);
  }
  std::vector<char> isOutput(net.neurons(), 0);
  for (uint32_t v : net.outputs)
    isOutput[v] = 1;
  bool changed = false;
  for (uint32_t v = net.inputs; v < net.neurons(); ++v)
    if (!isOutput[v] && successors[v].size() == 1 && !into[v].empty() &&
        net.layers[net.layerOf[v]].activation == Activation::None)
      changed |= foldInto(v);
  if (changed)
    rebuild();
}

void Cleaner::rebuild() {
  Graph graph;
  graph.neurons = net.neurons();
  net.weight.clear();
  for (uint32_t v = 0; v < net.neurons(); ++v) {
    std::sort(into[v].begin(), into[v].end());
    for (auto [source, weight] : into[v]) {
      graph.add(source, v);
      net.weight.push_back(weight);
    }
    degree[v] = into[v].size();
  }
  net.graph = std::move(graph);
  net.order.clear();
  kept.assign(net.graph.connections(), 1);
}

void Cleaner::dropDead() {
  Adjacency in = Adjacency::into(net.graph);
  std::vector<char> alive(net.neurons(), 0);
  std::vector<uint32_t> work;
  auto mark = [&](uint32_t v) {
    if (!alive[v])
      work.push_back(v);
    alive[v] = 1;
  };
  for (uint32_t v : net.outputs)
    mark(v);
  while (!work.empty()) {
    uint32_t v = work.back();
    work.pop_back();
    for (uint64_t e = in.first[v]; e < in.first[v + 1]; ++e)
      if (kept[in.connection[e]])
        mark(net.graph.source[in.connection[e]]);
  }
  for (uint64_t c = 0; c < kept.size(); ++c)
    kept[c] &= alive[net.graph.destination[c]];
  for (uint32_t v = 0; v < net.inputs; ++v)
    alive[v] = 1;
  net.keep(alive, kept);
}

RemovedCount Cleaner::run() {
  uint64_t connections = net.graph.connections(), neurons = net.neurons();
  kept.assign(connections, 1);
  degree.assign(neurons, 0);
  for (uint32_t v : net.graph.destination)
    ++degree[v];
  dropZeros();
  foldConstants();
  if (isFast)
    foldLinear();
  dropDead();
  RemovedCount removed = {connections - net.graph.connections(),
                          neurons - net.neurons()};
  if (removed.connections || removed.neurons)
    net.write(network);
  return removed;
}

RemovedCount spada::sparse::cleanNetwork(NetworkOp network) {
  return Cleaner(network).run();
}

namespace {
struct Clean : spada::sparse::impl::SparseCleanPassBase<Clean> {
  void runOnOperation() override {
    RemovedCount removed = cleanNetwork(getOperation());
    numConnections += removed.connections;
    numNeurons += removed.neurons;
  }
};
} // namespace
