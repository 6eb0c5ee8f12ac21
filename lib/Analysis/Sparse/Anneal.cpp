//===- Anneal.cpp - better orders by search -------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/Sparse/Anneal.h"
#include "Incremental.h"
#include "Moves.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

using namespace spada::sparse;

struct Annealing::State {
  State(const Graph &graph, const Order &start, const AnnealOptions &options)
      : graph(graph), options(options), random(options.seed),
        cost(graph, start, options.memory.values, options.memory.policy,
             options.keepSums),
        moves(graph, cost, random), bestOrder(start), bestCost(cost.cost()) {}

  double temperature() const {
    double part = options.moves ? double(move) / options.moves : 1;
    return options.hot * std::pow(options.cold / options.hot, part);
  }
  void makeMove();
  void keepBest();

  const Graph &graph;
  AnnealOptions options;
  Random random;
  IncrementalCost cost;
  Moves moves;
  Order bestOrder;
  uint64_t bestCost, move = 0, accepted = 0;
};

void Annealing::State::keepBest() {
  if (cost.cost() >= bestCost)
    return;
  bestCost = cost.cost();
  for (uint64_t t = 0; t < cost.size(); ++t)
    bestOrder[t] = cost.at(t);
}

void Annealing::State::makeMove() {
  ++move;
  if (!moves.propose())
    return;
  int64_t change = cost.change();
  if (change > 0 &&
      random.real() >= std::exp(-double(change) / temperature())) {
    cost.reject();
    return;
  }
  cost.accept();
  ++accepted;
}

Annealing::Annealing(const Graph &graph, const Order &start,
                     const AnnealOptions &options)
    : state(std::make_unique<State>(graph, start, options)) {}

Annealing::~Annealing() = default;

bool Annealing::advance(uint64_t moves) {
  // The best order is copied now and then: between copies it may be lost, but
  // at the end, where the search is cold, the last one is the best.
  uint64_t often = std::max<uint64_t>(1024, state->cost.size() / 16);
  for (uint64_t i = 0; i < moves && state->move < state->options.moves; ++i) {
    state->makeMove();
    if (state->move % often == 0)
      state->keepBest();
  }
  if (state->move < state->options.moves)
    return true;
  state->keepBest();
  return false;
}

Order Annealing::best() const {
  state->keepBest();
  return state->bestOrder;
}

Annealing::Progress Annealing::progress() const {
  Progress p;
  p.move = state->move;
  p.moves = state->options.moves;
  p.accepted = state->accepted;
  p.temperature = state->temperature();
  uint64_t W = state->graph.connections();
  p.current.reads = W + state->options.memory.batch * state->cost.cost();
  p.best.reads = W + state->options.memory.batch * state->bestCost;
  p.simulatedSteps = state->cost.simulatedSteps();
  return p;
}

/// What a written search must agree with.
static std::string header(const Graph &graph, const AnnealOptions &o) {
  uint64_t hash = 0xcbf29ce484222325u;
  auto add = [&](uint64_t value) { hash = (hash ^ value) * 0x100000001b3u; };
  add(graph.neurons);
  add(graph.hasBias);
  for (uint64_t c = 0; c < graph.connections(); ++c) {
    add(graph.source[c]);
    add(graph.destination[c]);
  }
  std::ostringstream os;
  os.precision(17);
  os << "spada-annealing 1 network " << hash << " connections "
     << graph.connections() << " memory " << o.memory.values << " policy "
     << int(o.memory.policy) << " batch " << o.memory.batch << " seed "
     << o.seed << " moves " << o.moves << " hot " << o.hot << " cold " << o.cold
     << " sums " << o.keepSums;
  return os.str();
}

void Annealing::write(std::ostream &os) const {
  os << header(state->graph, state->options) << "\nmove " << state->move
     << " accepted " << state->accepted << " random " << state->random.state
     << "\norder";
  for (uint64_t t = 0; t < state->cost.size(); ++t)
    os << ' ' << state->cost.at(t);
  os << "\nbest";
  for (uint64_t c : state->bestOrder)
    os << ' ' << c;
  os << "\nend\n";
}

std::string Annealing::read(std::istream &is) {
  std::string first, word[6];
  std::getline(is, first);
  if (first.rfind("spada-annealing 1 ", 0) != 0)
    return "this is not a search that was written";
  if (first != header(state->graph, state->options))
    return "the search is of another network or other options";
  uint64_t move = 0, accepted = 0, random = 0;
  is >> word[0] >> move >> word[1] >> accepted >> word[2] >> random;
  auto readOrder = [&](const char *name, Order &order) {
    std::string text;
    is >> text;
    order.assign(state->graph.connections(), 0);
    for (uint64_t &c : order)
      is >> c;
    return is && text == name && checkOrder(state->graph, order).empty() &&
           (!state->options.keepSums || checkSums(state->graph, order).empty());
  };
  Order current, best;
  if (!readOrder("order", current) || !readOrder("best", best) ||
      !(is >> word[3]) || word[3] != "end")
    return "the search is damaged";
  auto next = std::make_unique<State>(state->graph, current, state->options);
  next->move = move;
  next->accepted = accepted;
  next->random.state = random;
  next->bestOrder = best;
  next->bestCost =
      IncrementalCost(state->graph, best, state->options.memory.values,
                      state->options.memory.policy, false)
          .cost();
  state = std::move(next);
  return "";
}

static std::string save(const Annealing &search, const std::string &file) {
  std::string temporary = file + ".part";
  std::ofstream os(temporary);
  search.write(os);
  os.close();
  if (!os || std::rename(temporary.c_str(), file.c_str()) != 0)
    return "cannot write '" + file + "'";
  return "";
}

bool spada::sparse::anneal(
    const Graph &graph, const Order &start, const AnnealOptions &options,
    double seconds, const std::string &stateFile,
    const std::function<bool(const Annealing::Progress &)> &progress,
    Order &result, std::string &error) {
  if (graph.connections() >= uint64_t(1) << 29) {
    error = "the network has " + std::to_string(graph.connections()) +
            " connections, but the search takes fewer than " +
            std::to_string(uint64_t(1) << 29);
    return false;
  }
  Annealing search(graph, start, options);
  if (!stateFile.empty())
    if (std::ifstream is(stateFile); is) {
      error = search.read(is);
      if (!error.empty()) {
        error = "'" + stateFile + "': " + error;
        return false;
      }
    }
  using Clock = std::chrono::steady_clock;
  auto since = [](Clock::time_point time) {
    return std::chrono::duration<double>(Clock::now() - time).count();
  };
  Clock::time_point begin = Clock::now(), shown = begin, saved = begin;
  while (search.advance(256)) {
    if (seconds > 0 && since(begin) > seconds)
      break;
    if (progress && since(shown) > 0.2) {
      if (!progress(search.progress()))
        break;
      shown = Clock::now();
    }
    if (!stateFile.empty() && since(saved) > 60) {
      error = save(search, stateFile);
      if (!error.empty())
        return false;
      saved = Clock::now();
    }
  }
  if (progress)
    progress(search.progress());
  if (!stateFile.empty())
    error = save(search, stateFile);
  result = search.best();
  return error.empty();
}
