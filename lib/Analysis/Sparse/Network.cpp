//===- Network.cpp - sparse feed-forward networks -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/Sparse/Network.h"

#include <algorithm>
#include <numeric>

using namespace spada::sparse;

static std::string connectionText(const Graph &graph, uint64_t c) {
  return "connection " + std::to_string(c) + " (" +
         std::to_string(graph.source[c]) + " -> " +
         std::to_string(graph.destination[c]) + ")";
}

static Adjacency group(uint32_t neurons, const std::vector<uint32_t> &end) {
  Adjacency result;
  result.first.assign(uint64_t(neurons) + 1, 0);
  for (uint32_t v : end)
    ++result.first[v + 1];
  std::partial_sum(result.first.begin(), result.first.end(),
                   result.first.begin());
  result.connection.resize(end.size());
  std::vector<uint64_t> next(result.first.begin(), result.first.end() - 1);
  for (uint64_t c = 0; c < end.size(); ++c)
    result.connection[next[end[c]]++] = c;
  return result;
}

Adjacency Adjacency::into(const Graph &graph) {
  return group(graph.neurons, graph.destination);
}

Adjacency Adjacency::outOf(const Graph &graph) {
  return group(graph.neurons, graph.source);
}

Counts spada::sparse::count(const Graph &graph) {
  std::vector<char> hasIn(graph.neurons), hasOut(graph.neurons);
  for (uint64_t c = 0; c < graph.connections(); ++c) {
    hasOut[graph.source[c]] = 1;
    hasIn[graph.destination[c]] = 1;
  }
  Counts counts;
  counts.connections = graph.connections();
  counts.neurons = graph.neurons;
  counts.inputs = std::count(hasIn.begin(), hasIn.end(), 0);
  counts.outputs = std::count(hasOut.begin(), hasOut.end(), 0);
  return counts;
}

/// Visits neurons in a topological order and gives each its level. Result:
/// for each neuron the number of connections into it whose source was never
/// reached; all zero unless there is a cycle.
static std::vector<uint32_t> visitLevels(const Graph &graph,
                                         std::vector<uint32_t> &level) {
  Adjacency out = Adjacency::outOf(graph);
  std::vector<uint32_t> missing(graph.neurons, 0), ready;
  for (uint32_t v : graph.destination)
    ++missing[v];
  for (uint32_t v = 0; v < graph.neurons; ++v)
    if (missing[v] == 0)
      ready.push_back(v);
  level.assign(graph.neurons, 0);
  for (uint64_t next = 0; next < ready.size(); ++next) {
    uint32_t v = ready[next];
    for (uint64_t e = out.first[v]; e < out.first[v + 1]; ++e) {
      uint32_t to = graph.destination[out.connection[e]];
      level[to] = std::max(level[to], level[v] + 1);
      if (--missing[to] == 0)
        ready.push_back(to);
    }
  }
  return missing;
}

std::vector<uint32_t> spada::sparse::levels(const Graph &graph) {
  std::vector<uint32_t> level;
  for (uint32_t left : visitLevels(graph, level))
    if (left != 0)
      return {};
  return level;
}

/// The connection that repeats an earlier one; nothing if there is none.
static std::string findParallel(const Graph &graph, const Adjacency &in) {
  std::vector<uint64_t> seen(graph.neurons);
  std::vector<uint32_t> seenBy(graph.neurons, UINT32_MAX);
  for (uint32_t v = 0; v < graph.neurons; ++v)
    for (uint64_t e = in.first[v]; e < in.first[v + 1]; ++e) {
      uint64_t c = in.connection[e];
      uint32_t from = graph.source[c];
      if (seenBy[from] == v)
        return connectionText(graph, c) + " repeats connection " +
               std::to_string(seen[from]);
      seenBy[from] = v;
      seen[from] = c;
    }
  return "";
}

std::string spada::sparse::findCycle(const Graph &graph) {
  std::vector<uint32_t> level;
  std::vector<uint32_t> missing = visitLevels(graph, level);
  auto start = std::find_if(missing.begin(), missing.end(),
                            [](uint32_t left) { return left != 0; });
  if (start == missing.end())
    return "";
  Adjacency in = Adjacency::into(graph);
  // A neuron that was not reached has a source that was not reached: going
  // backwards ends in a cycle.
  uint32_t v = start - missing.begin();
  std::vector<char> visited(graph.neurons, 0);
  uint64_t via = 0;
  while (!visited[v]) {
    visited[v] = 1;
    for (uint64_t e = in.first[v]; e < in.first[v + 1]; ++e)
      if (missing[graph.source[in.connection[e]]] != 0)
        via = in.connection[e];
    v = graph.source[via];
  }
  return connectionText(graph, via) + " is part of a cycle";
}

std::string spada::sparse::validate(const Graph &graph) {
  if (graph.source.size() != graph.destination.size())
    return "there are " + std::to_string(graph.source.size()) +
           " sources but " + std::to_string(graph.destination.size()) +
           " destinations";
  std::vector<char> touched(graph.neurons, 0);
  for (uint64_t c = 0; c < graph.connections(); ++c) {
    for (uint32_t v : {graph.source[c], graph.destination[c]})
      if (v >= graph.neurons)
        return connectionText(graph, c) + " names neuron " + std::to_string(v) +
               ", but the network has " + std::to_string(graph.neurons);
    if (graph.source[c] == graph.destination[c])
      return connectionText(graph, c) + " leads from a neuron to itself";
    touched[graph.source[c]] = touched[graph.destination[c]] = 1;
  }
  for (uint32_t v = 0; v < graph.neurons; ++v)
    if (!touched[v])
      return "neuron " + std::to_string(v) + " has no connection";
  Adjacency in = Adjacency::into(graph);
  std::string problem = findParallel(graph, in);
  return problem.empty() ? findCycle(graph) : problem;
}

Graph spada::sparse::withoutLoneNeurons(const Graph &graph,
                                        std::vector<uint32_t> *kept) {
  std::vector<uint32_t> number(graph.neurons, 0);
  for (const std::vector<uint32_t> *ends : {&graph.source, &graph.destination})
    for (uint32_t v : *ends)
      number[v] = 1;
  Graph result = graph;
  result.neurons = 0;
  if (kept)
    kept->clear();
  for (uint32_t v = 0; v < graph.neurons; ++v) {
    if (number[v] == 0)
      continue;
    number[v] = result.neurons++;
    if (kept)
      kept->push_back(v);
  }
  for (std::vector<uint32_t> *ends : {&result.source, &result.destination})
    for (uint32_t &v : *ends)
      v = number[v];
  return result;
}

std::string spada::sparse::checkOrder(const Graph &graph, const Order &order) {
  if (order.size() != graph.connections())
    return "the order has " + std::to_string(order.size()) +
           " entries, but the network has " +
           std::to_string(graph.connections()) + " connections";
  std::vector<uint32_t> missing(graph.neurons, 0);
  for (uint32_t v : graph.destination)
    ++missing[v];
  std::vector<char> done(graph.connections(), 0);
  for (uint64_t step = 0; step < order.size(); ++step) {
    uint64_t c = order[step];
    std::string at = "entry " + std::to_string(step) + " of the order";
    if (c >= graph.connections())
      return at + " names connection " + std::to_string(c) +
             ", but the network has " + std::to_string(graph.connections());
    if (done[c])
      return at + " repeats " + connectionText(graph, c);
    done[c] = 1;
    if (missing[graph.source[c]] != 0)
      return at + ", " + connectionText(graph, c) + ", comes before " +
             std::to_string(missing[graph.source[c]]) +
             " connections into its source";
    --missing[graph.destination[c]];
  }
  return "";
}

std::string spada::sparse::checkSums(const Graph &graph, const Order &order) {
  std::vector<uint64_t> last(graph.neurons, 0);
  for (uint64_t step = 0; step < order.size(); ++step) {
    uint64_t c = order[step];
    uint64_t &before = last[graph.destination[c]];
    if (c + 1 <= before)
      return "entry " + std::to_string(step) + " of the order, " +
             connectionText(graph, c) + ", comes after " +
             connectionText(graph, before - 1) +
             ", which changes the sum in floating point";
    before = c + 1;
  }
  return "";
}
