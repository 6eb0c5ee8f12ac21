//===- Merge.cpp - merge neurons that are equal by construction -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Partition refinement from the inputs: a neuron's class is known when those of
// its sources are.
//
//===----------------------------------------------------------------------===//

#include "dialects/Sparse/Transforms/Connections.h"
#include "dialects/Sparse/Transforms/Transforms.h"

#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/bit.h"

#include <algorithm>
#include <map>
#include <numeric>

using namespace mlir;
using namespace spada::sparse;

namespace spada::sparse {
#define GEN_PASS_DEF_SPARSEMERGEPASS
#include "dialects/Sparse/Transforms/Passes.h.inc"
} // namespace spada::sparse

namespace {
class Merger {
public:
  explicit Merger(NetworkOp network)
      : network(network), net(network), in(Adjacency::into(net.graph)),
        first(net.neurons()), isSingle(network.getValueType().isF32()) {}

  RemovedCount run();

private:
  /// Merged sources of a neuron with total weights, by source.
  using Sources = std::vector<std::pair<uint32_t, double>>;
  Sources sourcesOf(uint32_t v) const;
  /// Equal for equal neurons.
  std::vector<uint64_t> describe(uint32_t v) const;
  void findClasses();
  void rebuild();

  NetworkOp network;
  Connections net;
  Adjacency in;
  std::vector<uint32_t> first; ///< of each neuron's class
  bool isSingle;
};
} // namespace

Merger::Sources Merger::sourcesOf(uint32_t v) const {
  Sources all;
  for (uint64_t e = in.first[v]; e < in.first[v + 1]; ++e) {
    uint64_t c = in.connection[e];
    all.push_back({first[net.graph.source[c]], net.weight[c]});
  }
  // NaNs have no order as numbers.
  std::sort(all.begin(), all.end(), [](auto &a, auto &b) {
    return std::pair(a.first, llvm::bit_cast<uint64_t>(a.second)) <
           std::pair(b.first, llvm::bit_cast<uint64_t>(b.second));
  });
  Sources merged;
  for (auto [source, weight] : all) {
    if (merged.empty() || merged.back().first != source)
      merged.push_back({source, weight});
    else
      merged.back().second += weight;
  }
  if (isSingle)
    for (auto &entry : merged)
      entry.second = float(entry.second);
  return merged;
}

std::vector<uint64_t> Merger::describe(uint32_t v) const {
  const LayerKind &kind = net.layers[net.layerOf[v]];
  auto bits = [](double number) { return llvm::bit_cast<uint64_t>(number); };
  std::vector<uint64_t> text = {uint64_t(kind.activation),
                                uint64_t(kind.cap.has_value()),
                                bits(kind.cap.value_or(0)), bits(net.bias[v])};
  for (auto [source, weight] : sourcesOf(v)) {
    text.push_back(source);
    text.push_back(bits(weight));
  }
  return text;
}

void Merger::findClasses() {
  std::iota(first.begin(), first.end(), 0);
  std::vector<uint32_t> level = levels(net.graph);
  // Neurons of one class have one level, except those without connections.
  std::map<std::vector<uint64_t>, uint32_t> classes;
  uint32_t before = 0;
  for (uint32_t v : sortByLevel(level)) {
    if (net.isInput(v))
      continue;
    if (level[v] != before)
      classes.clear();
    before = level[v];
    first[v] = classes.emplace(describe(v), v).first->second;
  }
}

void Merger::rebuild() {
  Graph graph;
  graph.neurons = net.neurons();
  std::vector<double> weights;
  std::vector<char> kept(net.neurons(), 0);
  for (uint32_t v = 0; v < net.neurons(); ++v) {
    kept[v] = first[v] == v;
    if (!kept[v] || net.isInput(v))
      continue;
    for (auto [source, weight] : sourcesOf(v)) {
      graph.add(source, v);
      weights.push_back(weight);
    }
  }
  for (uint32_t &v : net.outputs)
    v = first[v];
  net.graph = std::move(graph);
  net.weight = std::move(weights);
  net.order.clear();
  net.keep(kept, std::vector<char>(net.graph.connections(), 1));
}

RemovedCount Merger::run() {
  uint64_t connections = net.graph.connections(), neurons = net.neurons();
  findClasses();
  if (llvm::all_of(llvm::seq<uint32_t>(0, neurons),
                   [&](uint32_t v) { return first[v] == v; }))
    return {};
  rebuild();
  net.write(network);
  return {connections - net.graph.connections(), neurons - net.neurons()};
}

RemovedCount spada::sparse::mergeNeurons(NetworkOp network) {
  return Merger(network).run();
}

namespace {
struct Merge : spada::sparse::impl::SparseMergePassBase<Merge> {
  void runOnOperation() override {
    NetworkOp network = getOperation();
    if (!network.getFast()) {
      network.emitRemark("is not 'fast': equal neurons stay, since merging "
                         "them changes sums");
      return;
    }
    RemovedCount removed = mergeNeurons(network);
    numConnections += removed.connections;
    numNeurons += removed.neurons;
  }
};
} // namespace
