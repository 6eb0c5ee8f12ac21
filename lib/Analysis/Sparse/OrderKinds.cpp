//===- OrderKinds.cpp - orders and policies by name -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/Sparse/Orders.h"

#include <algorithm>

using namespace spada::sparse;

bool spada::sparse::isGreedyQuick(const Graph &graph) {
  Adjacency out = Adjacency::outOf(graph);
  uint64_t steps = 0;
  for (uint32_t v : graph.source)
    steps += out.degree(v);
  for (uint32_t v : graph.destination)
    steps += out.degree(v);
  return steps < 200'000'000;
}

static const std::pair<Policy, const char *> policies[] = {
    {Policy::MIN, "MIN"},
    {Policy::LRU, "LRU"},
    {Policy::FIFO, "FIFO"},
    {Policy::CleanFirst, "clean-first"}};

const char *spada::sparse::policyName(Policy policy) {
  for (auto [each, name] : policies)
    if (each == policy)
      return name;
  return "";
}

std::optional<Policy> spada::sparse::parsePolicy(const std::string &name) {
  for (auto [policy, known] : policies)
    if (name == known)
      return policy;
  return std::nullopt;
}

const std::vector<OrderKind> &spada::sparse::orderKinds() {
  static const std::vector<OrderKind> kinds = {
      OrderKind::Destination, OrderKind::Source,     OrderKind::Blocked,
      OrderKind::Clustered,   OrderKind::Class,      OrderKind::Greedy,
      OrderKind::Streaming,   OrderKind::DepthFirst, OrderKind::Growth};
  return kinds;
}

const char *spada::sparse::orderName(OrderKind kind) {
  switch (kind) {
  case OrderKind::Destination:
    return "destination";
  case OrderKind::Source:
    return "source";
  case OrderKind::Blocked:
    return "blocked";
  case OrderKind::Clustered:
    return "clustered";
  case OrderKind::Class:
    return "class";
  case OrderKind::Greedy:
    return "greedy";
  case OrderKind::Streaming:
    return "streaming";
  case OrderKind::DepthFirst:
    return "depth-first";
  case OrderKind::Growth:
    return "growth";
  }
  return "";
}

std::optional<OrderKind>
spada::sparse::parseOrderKind(const std::string &name) {
  for (OrderKind kind : orderKinds())
    if (name == orderName(kind))
      return kind;
  return std::nullopt;
}

/// Gives the places of the connections into each neuron to the same
/// connections by number.
static void restoreSums(const Graph &graph, Order &order) {
  Adjacency in = Adjacency::into(graph);
  std::vector<uint64_t> next(in.first.begin(), in.first.end() - 1);
  for (uint64_t &c : order)
    c = in.connection[next[graph.destination[c]]++];
}

static Order makeFreely(const Graph &graph, OrderKind kind,
                        const Memory &memory, uint64_t size, bool keepSums) {
  uint64_t room = memory.values > 2 ? memory.values - 2 : 1;
  bool isCache = memory.policy == Policy::LRU || memory.policy == Policy::FIFO;
  uint64_t block = size ? size : isCache ? memory.values / 2 : room * 9 / 10;
  block = std::max<uint64_t>(block, 1);
  switch (kind) {
  case OrderKind::Destination:
    return orderByDestination(graph);
  case OrderKind::Source:
    return orderBySource(graph);
  case OrderKind::Blocked:
    return orderBlocked(graph, block, keepSums);
  case OrderKind::Clustered:
    return orderClustered(graph, block, keepSums);
  case OrderKind::Class:
    return orderByClass(graph, size ? size : std::min<uint64_t>(16, room),
                        keepSums);
  case OrderKind::Greedy:
    return orderGreedy(graph, memory.values);
  case OrderKind::Streaming:
    return orderStreaming(graph);
  case OrderKind::DepthFirst:
    return orderDepthFirst(graph, std::max<uint64_t>(size, 1));
  case OrderKind::Growth:
    return orderByNumber(graph);
  }
  return {};
}

Order spada::sparse::makeOrder(const Graph &graph, OrderKind kind,
                               const Memory &memory, uint64_t size,
                               bool keepSums) {
  Order order = makeFreely(graph, kind, memory, size, keepSums);
  if (!keepSums || checkSums(graph, order).empty())
    return order;
  restoreSums(graph, order);
  return checkOrder(graph, order).empty() ? order : Order();
}

Order spada::sparse::makeBestOrder(const Graph &graph, const Memory &memory,
                                   bool keepSums, OrderKind *kind) {
  Order best;
  uint64_t least = UINT64_MAX;
  for (OrderKind each : orderKinds()) {
    if (each == OrderKind::Greedy && !isGreedyQuick(graph))
      continue;
    Order order = makeOrder(graph, each, memory, 0, keepSums);
    if (order.size() != graph.connections())
      continue;
    uint64_t total = simulate(graph, order, memory).total();
    if (total >= least)
      continue;
    least = total;
    best = std::move(order);
    if (kind)
      *kind = each;
  }
  return best;
}
