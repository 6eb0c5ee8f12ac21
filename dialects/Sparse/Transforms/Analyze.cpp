//===- Analyze.cpp - what the theory says of a network --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialects/Sparse/Transforms/Memory.h"
#include "dialects/Sparse/Transforms/Transforms.h"
#include "spada/Analysis/Sparse/Orders.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace spada::sparse;

namespace spada::sparse {
#define GEN_PASS_DEF_SPARSEANALYZEPASS
#include "dialects/Sparse/Transforms/Passes.h.inc"
} // namespace spada::sparse

/// Neurons and connections of each level, and the pairs of neurons that could
/// be connected: those with earlier levels that they have connections from.
static void remarkLevels(NetworkOp network, const Graph &graph,
                         uint64_t values) {
  std::vector<uint32_t> level = levels(graph);
  uint32_t deepest = *std::max_element(level.begin(), level.end());
  std::vector<uint64_t> neurons(deepest + 1, 0), connections(deepest + 1, 0),
      sources(deepest + 1, 0);
  for (uint32_t l : level)
    ++neurons[l];
  // A source counts once for each level that it leads to.
  std::vector<std::pair<uint32_t, uint32_t>> uses;
  for (uint64_t c = 0; c < graph.connections(); ++c) {
    uint32_t to = level[graph.destination[c]];
    ++connections[to];
    uses.push_back({to, graph.source[c]});
  }
  std::sort(uses.begin(), uses.end());
  uses.erase(std::unique(uses.begin(), uses.end()), uses.end());
  for (auto [to, source] : uses)
    ++sources[to];
  for (uint32_t l = 1; l <= deepest; ++l) {
    double density = double(connections[l]) / (neurons[l] * sources[l]);
    network.emitRemark(llvm::formatv(
        "level {0}: {1} neurons, {2} connections from {3} sources, density "
        "{4:f4}, density * memory {5:f2}",
        l, neurons[l], connections[l], sources[l], density, density * values));
  }
}

static void remarkOrder(NetworkOp network, const Graph &graph,
                        const Memory &memory, const Twine &name,
                        const Order &order) {
  IOCount io = simulate(graph, order, memory);
  double lower = bounds(graph, memory.batch).lower;
  network.emitRemark(llvm::formatv(
      "order '{0}': {1} alive at a time, {2} reads and {3} writes, {4:f3} of "
      "the lower bound",
      name.str(), peakAlive(graph, order), io.reads, io.writes,
      io.total() / lower));
}

namespace {
struct Analyze : spada::sparse::impl::SparseAnalyzePassBase<Analyze> {
  using SparseAnalyzePassBase::SparseAnalyzePassBase;

  void runOnOperation() override {
    NetworkOp network = getOperation();
    std::optional<Memory> fast = readMemory(network, memory, batch, policy);
    if (!fast)
      return signalPassFailure();
    Graph graph = withoutLoneNeurons(graphOf(network));
    if (graph.connections() == 0) {
      network.emitRemark("has no connections");
      return;
    }
    Counts n = count(graph);
    network.emitRemark(llvm::formatv(
        "{0} connections, {1} neurons, {2} inputs, {3} outputs; at least {4} "
        "alive at a time",
        n.connections, n.neurons, n.inputs, n.outputs, widthLowerBound(graph)));
    Bounds one = bounds(graph), all = bounds(graph, batch);
    network.emitRemark(llvm::formatv(
        "reads and writes of one input: {0} to {1}, with {2} values at least "
        "{3}",
        one.lower, one.upper, uint64_t(memory), lowerBound(graph, memory)));
    if (batch > 1)
      network.emitRemark(
          llvm::formatv("reads and writes of {0} inputs: {1} to {2}",
                        uint64_t(batch), all.lower, all.upper));
    remarkLevels(network, graph, memory);
    remarkOrders(network, graph, *fast);
    markAllAnalysesPreserved();
  }

private:
  void remarkOrders(NetworkOp network, const Graph &graph, const Memory &fast) {
    if (std::optional<Numbers> own = Numbers::of(
            network.getOrderAttr() ? network.getOrderAttr() : Attribute())) {
      Order order;
      for (uint64_t step = 0; step < own->size(); ++step)
        order.push_back(own->integer(step));
      remarkOrder(network, graph, fast, "own", order);
    }
    for (OrderKind kind : orderKinds())
      if (kind != OrderKind::Greedy || isGreedyQuick(graph))
        remarkOrder(network, graph, fast, orderName(kind),
                    makeOrder(graph, kind, fast));
  }
};
} // namespace
