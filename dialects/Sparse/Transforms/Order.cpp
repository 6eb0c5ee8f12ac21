//===- Order.cpp - set the order of connections ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialects/Sparse/Transforms/Memory.h"
#include "dialects/Sparse/Transforms/Transforms.h"
#include "spada/Analysis/Sparse/Anneal.h"
#include "spada/Analysis/Sparse/Orders.h"

using namespace mlir;
using namespace spada::sparse;

namespace spada::sparse {
#define GEN_PASS_DEF_SPARSEORDERPASS
#include "dialects/Sparse/Transforms/Passes.h.inc"
} // namespace spada::sparse

std::optional<Memory> spada::sparse::readMemory(NetworkOp network,
                                                uint64_t values, uint64_t batch,
                                                StringRef policy) {
  std::optional<Policy> known = parsePolicy(policy.str());
  if (!known) {
    network.emitError() << "cannot use the policy '" << policy
                        << "'; known are MIN, LRU, FIFO, clean-first";
    return std::nullopt;
  }
  if (values < 3 || batch < 1) {
    network.emitError() << "cannot use a memory of " << values
                        << " values for a batch of " << batch
                        << "; at least 3 and 1 are needed";
    return std::nullopt;
  }
  return Memory{values, *known, batch};
}

namespace {
struct SetOrder : spada::sparse::impl::SparseOrderPassBase<SetOrder> {
  using SparseOrderPassBase::SparseOrderPassBase;

  void runOnOperation() override {
    NetworkOp network = getOperation();
    std::optional<Memory> fast = readMemory(network, memory, batch, policy);
    if (!fast)
      return signalPassFailure();
    // Numbers of connections stay when neurons without any are left out.
    Graph graph = withoutLoneNeurons(graphOf(network));
    if (graph.connections() == 0)
      return;
    std::optional<Order> order = make(network, graph, *fast);
    if (!order)
      return signalPassFailure();
    setOrder(network, std::move(*order));
  }

private:
  std::optional<Order> make(NetworkOp network, const Graph &graph,
                            const Memory &fast) {
    bool keepSums = exact || !network.getFast();
    if (kind == "auto")
      return makeBestOrder(graph, fast, keepSums);
    if (kind == "anneal")
      return search(network, graph, fast, keepSums);
    std::optional<OrderKind> known = parseOrderKind(kind);
    if (!known) {
      InFlightDiagnostic error = network.emitError()
                                 << "cannot make an order of kind '" << kind
                                 << "'";
      std::string names;
      for (OrderKind each : orderKinds())
        names += std::string(orderName(each)) + ", ";
      error.attachNote() << "known are " << names << "auto, anneal";
      return std::nullopt;
    }
    Order order = makeOrder(graph, *known, fast, size, keepSums);
    if (!order.empty())
      return order;
    network.emitError() << "has no order of kind '" << kind
                        << "' that keeps the order of sums";
    return std::nullopt;
  }

  std::optional<Order> search(NetworkOp network, const Graph &graph,
                              const Memory &fast, bool keepSums) {
    AnnealOptions options;
    options.memory = fast;
    options.seed = seed;
    options.moves = moves;
    options.keepSums = keepSums;
    Order order;
    std::string error;
    if (anneal(graph, makeBestOrder(graph, fast, keepSums), options, 0, "", {},
               order, error))
      return order;
    network.emitError() << "cannot be annealed: " << error;
    return std::nullopt;
  }
};
} // namespace
