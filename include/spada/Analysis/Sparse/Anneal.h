//===- Anneal.h - better orders by search -----------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Simulated annealing over legal orders. The result depends on the network, the
// order at the start, and the options other than the time limit, and on nothing
// else.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_ANALYSIS_SPARSE_ANNEAL_H
#define SPADA_ANALYSIS_SPARSE_ANNEAL_H

#include "spada/Analysis/Sparse/IO.h"

#include <functional>
#include <iosfwd>
#include <memory>

namespace spada::sparse {

struct AnnealOptions {
  /// M and the policy of the target: an order that is good under MIN need not
  /// be under LRU. Blocks of one value only.
  Memory memory;
  uint64_t seed = 1;
  /// How many moves the cooling takes.
  uint64_t moves = 1000000;
  /// The temperature at the start and at the end, in values moved. It falls
  /// geometrically. A hot start destroys the order that it is given.
  double hot = 0.25, cold = 0.02;
  /// Keep the order of the connections into each neuron.
  bool keepSums = false;
};

/// A search that can be interrupted, written and taken up again.
class Annealing {
public:
  /// \p start  a legal order of `graph`, which must outlive this; it must keep
  /// sums if the options say so
  Annealing(const Graph &graph, const Order &start,
            const AnnealOptions &options);
  ~Annealing();
  Annealing(const Annealing &) = delete;
  Annealing &operator=(const Annealing &) = delete;

  /// Makes at most `moves` more moves; false when the search has ended.
  bool advance(uint64_t moves);
  /// The cheapest order found.
  Order best() const;

  struct Progress {
    uint64_t move = 0, moves = 0, accepted = 0;
    double temperature = 0;
    IOCount current, best; ///< only the totals count: all in `reads`
    uint64_t simulatedSteps = 0;
  };
  Progress progress() const;

  /// Writes everything that `read` needs, as text.
  void write(std::ostream &os) const;
  /// Goes on where a written search was. An error, and nothing has changed, if
  /// the text is of another network or other options, or is damaged.
  std::string read(std::istream &is);

private:
  struct State;
  std::unique_ptr<State> state;
};

/// The whole search, with at most `seconds` of it (0: no limit); `progress`, if
/// any, is called several times a second and ends the search by false.
/// \p stateFile  if not empty: read if it exists, and written, first to a
/// temporary file, every minute and at the end
/// \p error  why nothing is returned
bool anneal(const Graph &graph, const Order &start,
            const AnnealOptions &options, double seconds,
            const std::string &stateFile,
            const std::function<bool(const Annealing::Progress &)> &progress,
            Order &result, std::string &error);

} // namespace spada::sparse

#endif
