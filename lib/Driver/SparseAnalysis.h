//===- SparseAnalysis.h - what the theory says of a network -----*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads and writes of each order under each policy beside their bounds: as a
// table, as JSON and as a plot.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_SPARSEANALYSIS_H
#define SPADA_DRIVER_SPARSEANALYSIS_H

#include "Execute.h"
#include "SparseProgram.h"
#include "spada/Analysis/Sparse/Orders.h"

namespace spada::driver {

/// The fast memory of the command line.
struct FastMemory {
  sparse::Memory memory;
  uint64_t bytes = 0;
  std::string text; ///< for people: "64 KiB, 256 values of 64 inputs"
};

/// The options `--memory`, `--batch`, `--policy` and `--block`.
std::vector<OptionSpec> memoryOptions();
std::optional<FastMemory> readMemory(const ParsedCommand &command,
                                     unsigned valueBytes, Errors &errors);

/// Reads and writes of one order under one policy.
struct OrderCost {
  std::string order;
  sparse::Policy policy;
  sparse::IOCount io;
  double seconds = 0; ///< that the simulation took
};

/// What the theory says of a network and a memory.
struct SparseFacts {
  sparse::Counts counts;
  sparse::Bounds bounds;     ///< of reads and writes, whatever the memory
  uint64_t lower = 0;        ///< with this memory and a batch of 1
  uint64_t levels = 0;       ///< the longest path, in connections
  uint64_t loneNeurons = 0;  ///< without connections, left out of the counts
  uint64_t peak = 0;         ///< values alive at a time in the network's order
  uint64_t widthAtLeast = 0; ///< values that no order can do without
  std::vector<OrderCost> costs;
  std::vector<std::string> leftOut; ///< orders that take too long to make
};

/// \p graph  without lone neurons. \p own  the network's order, or empty.
SparseFacts analyzeNetwork(const sparse::Graph &graph, const sparse::Order &own,
                           const FastMemory &memory);

void printFacts(const SparseFacts &facts, const FastMemory &memory,
                llvm::raw_ostream &os);
Json factsJson(const SparseFacts &facts, const FastMemory &memory);

/// An SVG of reads and writes against M: a line for each order under the
/// policy of `memory`, between the bounds.
std::string plotOrders(const sparse::Graph &graph, const sparse::Order &own,
                       const FastMemory &memory);

} // namespace spada::driver

#endif
