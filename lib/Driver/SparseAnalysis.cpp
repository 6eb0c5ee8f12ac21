//===- SparseAnalysis.cpp - what the theory says of a network -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "SparseAnalysis.h"

#include "Compile.h"
#include "Svg.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>

using namespace llvm;
using namespace spada;
using namespace spada::driver;
using namespace spada::sparse;

static const Policy policies[] = {Policy::MIN, Policy::LRU, Policy::FIFO,
                                  Policy::CleanFirst};

std::vector<OptionSpec> spada::driver::memoryOptions() {
  return {{"--memory", "", "SIZE",
           "fast memory: bytes such as 64KiB, or '100 values' of neurons\n"
           "for the whole batch; default 1 MiB"},
          {"--batch", "", "Q", "inputs at a time; default 1"},
          {"--policy", "", "NAME",
           "what leaves a full memory: MIN, LRU, FIFO or clean-first;\n"
           "default MIN"},
          {"--block", "", "B", "values that move together; default 1"}};
}

std::optional<FastMemory>
spada::driver::readMemory(const ParsedCommand &command, unsigned valueBytes,
                          Errors &errors) {
  FastMemory fast;
  fast.memory.batch = integerOption(command, "--batch", 1, errors).value_or(1);
  fast.memory.block = integerOption(command, "--block", 1, errors).value_or(1);
  if (auto policy = parsePolicy(command.get("--policy", "MIN").str()))
    fast.memory.policy = *policy;
  else
    errors.report("option '--policy' expects one of MIN, LRU, FIFO, "
                  "clean-first; got '" +
                  command.get("--policy") + "'");
  StringRef text = command.get("--memory", "1MiB");
  StringRef digits = text;
  uint64_t values = 0;
  std::string ofInputs =
      fast.memory.batch == 1
          ? std::string()
          : " of " + std::to_string(fast.memory.batch) + " inputs";
  if (digits.consume_back("values")) {
    if (digits.trim().getAsInteger(10, values) || values > (1u << 31)) {
      errors.report("option '--memory' expects a number of values, got '" +
                    text + "'");
      return std::nullopt;
    }
    fast.text = formatv("{0} values{1}", values, ofInputs);
  } else {
    std::optional<double> bytes = parseBytes(text);
    if (!bytes) {
      errors.report("option '--memory' expects bytes or values, got '" + text +
                        "'",
                    "write 64KiB, 1.5MB or '100 values'");
      return std::nullopt;
    }
    values = std::min(*bytes / (double(valueBytes) * fast.memory.batch), 2e9);
    fast.text = formatv("{0}: {1} values{2}", text, values, ofInputs);
  }
  values -= values % fast.memory.block;
  if (values < 3)
    errors.report("a fast memory of " + fast.text +
                      " is too small: a connection needs its weight, its "
                      "source and its destination, 3 values",
                  "give a larger --memory or a smaller --batch");
  fast.memory.values = values;
  fast.bytes = values * valueBytes * fast.memory.batch;
  if (errors.any())
    return std::nullopt;
  return fast;
}

SparseFacts spada::driver::analyzeNetwork(const Graph &graph, const Order &own,
                                          const FastMemory &fast) {
  SparseFacts facts;
  facts.counts = count(graph);
  facts.bounds = bounds(graph, fast.memory.batch);
  facts.lower = lowerBound(graph, fast.memory.values);
  facts.widthAtLeast = widthLowerBound(graph);
  for (uint32_t level : levels(graph))
    facts.levels = std::max<uint64_t>(facts.levels, level);
  facts.peak = peakAlive(graph, own.empty() ? orderByDestination(graph) : own);
  auto add = [&](const std::string &name, auto make) {
    Order order;
    for (Policy policy : policies) {
      Memory memory = fast.memory;
      memory.policy = policy;
      make(memory, order);
      Stopwatch watch;
      IOCount io = simulate(graph, order, memory);
      facts.costs.push_back({name, policy, io, watch.seconds()});
    }
  };
  if (!own.empty())
    add("own", [&](const Memory &, Order &order) { order = own; });
  for (OrderKind kind : orderKinds()) {
    if (kind == OrderKind::Greedy && !isGreedyQuick(graph)) {
      facts.leftOut.push_back(orderName(kind));
      continue;
    }
    add(orderName(kind), [&](const Memory &memory, Order &order) {
      bool depends = kind == OrderKind::Blocked || kind == OrderKind::Clustered;
      if (order.empty() || depends)
        order = makeOrder(graph, kind, memory);
    });
  }
  return facts;
}

/// Three digits after the point; "-" when there is no bound.
static std::string ratio(uint64_t value, uint64_t bound) {
  return bound ? formatv("{0:f3}", double(value) / bound).str() : "-";
}

void spada::driver::printFacts(const SparseFacts &facts, const FastMemory &fast,
                               raw_ostream &os) {
  os << "  connections W " << grouped(facts.counts.connections)
     << ", neurons N " << grouped(facts.counts.neurons) << ", inputs I "
     << grouped(facts.counts.inputs) << ", outputs S "
     << grouped(facts.counts.outputs) << ", levels " << facts.levels << "\n";
  if (facts.loneNeurons)
    os << "  left out: " << grouped(facts.loneNeurons)
       << " neurons without connections\n";
  os << "  fast memory: " << fast.text;
  if (fast.memory.block > 1)
    os << ", in blocks of " << fast.memory.block;
  os << "\n  reads + writes of any order: at least "
     << grouped(facts.bounds.lower) << ", need be at most "
     << grouped(facts.bounds.upper);
  if (fast.memory.batch == 1 && facts.lower > facts.bounds.lower)
    os << "; with this memory at least " << grouped(facts.lower);
  os << "\n  values alive at a time: " << grouped(facts.peak)
     << " in the network's order, at least " << grouped(facts.widthAtLeast)
     << " in any\n\n  reads + writes over the lower bound\n  "
     << formatv("{0,-12}", "order");
  for (Policy policy : policies)
    os << formatv("{0,12}", policyName(policy));
  os << "\n";
  for (size_t at = 0; at < facts.costs.size(); ++at) {
    if (at % std::size(policies) == 0)
      os << formatv("  {0,-12}", facts.costs[at].order);
    os << formatv("{0,12}",
                  ratio(facts.costs[at].io.total(), facts.bounds.lower));
    if (at % std::size(policies) == std::size(policies) - 1)
      os << "\n";
  }
  for (const std::string &name : facts.leftOut)
    os << "  left out, since it takes long here: " << name << "\n";
}

Json spada::driver::factsJson(const SparseFacts &facts,
                              const FastMemory &fast) {
  Json json = {{"connections", facts.counts.connections},
               {"neurons", facts.counts.neurons},
               {"inputs", facts.counts.inputs},
               {"outputs", facts.counts.outputs},
               {"lone_neurons", facts.loneNeurons},
               {"levels", facts.levels},
               {"memory_values", fast.memory.values},
               {"batch", fast.memory.batch},
               {"block", fast.memory.block},
               {"lower_bound", facts.bounds.lower},
               {"upper_bound", facts.bounds.upper},
               {"lower_bound_with_memory", facts.lower},
               {"alive_at_a_time", facts.peak},
               {"alive_at_least", facts.widthAtLeast},
               {"orders", Json::array()}};
  for (const OrderCost &cost : facts.costs)
    json["orders"].push_back({{"order", cost.order},
                              {"policy", policyName(cost.policy)},
                              {"reads", cost.io.reads},
                              {"writes", cost.io.writes},
                              {"seconds", cost.seconds}});
  return json;
}
