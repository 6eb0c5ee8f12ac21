//===- Passes.td - passes on the sparse dialect ----------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Options and documentation of the passes. The rewrites are functions in Transforms.h.
//
//===----------------------------------------------------------------------===//

#ifndef SPARSE_TRANSFORMS_PASSES_TD
#define SPARSE_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def SparseAnalyzePass : Pass<"sparse-analyze", "::spada::sparse::NetworkOp"> {
  let summary = "say what the theory of I/O says of a network";
  let description = [{
    Remarks on the network: connections W, neurons N, inputs I, outputs S; the bounds of reads and writes for one input and for the
    batch; for each level its neurons, connections, density p and the product p * M, which governs what blocks gain; for
    each construction of orders the neurons alive at a time and the reads and writes over the lower bound. See docs/sparse.md.
  }];
  let options = [
    Option<"memory", "memory", "uint64_t", "1000", "values of neurons that fast memory holds, each for the whole batch">,
    Option<"batch", "batch", "uint64_t", "1", "inputs at a time">,
    Option<"policy", "policy", "std::string", "\"MIN\"", "what leaves a full memory: MIN, LRU, FIFO, clean-first">];
}

def SparseOrderPass : Pass<"sparse-order", "::spada::sparse::NetworkOp"> {
  let summary = "set the order of the connections";
  let description = [{
    Sets `order` of the network to one of the constructions of docs/sparse.md, to the best of them (`auto`), or to what annealing
    finds from the best of them (`anneal`). Networks that are not `fast` get orders that keep the order of the connections into each neuron, so that
    results are equal bit for bit; with `exact` the others do, too. The verifier of the network proves that the order is legal.
  }];
  let options = [
    Option<"kind", "kind", "std::string", "\"auto\"", "name of a construction, auto, or anneal">,
    Option<"memory", "memory", "uint64_t", "1000", "values of neurons that fast memory holds, each for the whole batch">,
    Option<"batch", "batch", "uint64_t", "1", "inputs at a time">,
    Option<"policy", "policy", "std::string", "\"MIN\"", "what leaves a full memory: MIN, LRU, FIFO, clean-first">,
    Option<"size", "size", "uint64_t", "0", "destinations of a block or class; 0: from the memory">,
    Option<"exact", "exact", "bool", "false", "keep the order of sums in networks that are fast, too">,
    Option<"moves", "moves", "uint64_t", "100000", "moves of annealing">,
    Option<"seed", "seed", "uint64_t", "1", "of annealing">];
}

def SparseCleanPass : Pass<"sparse-clean", "::spada::sparse::NetworkOp"> {
  let summary = "remove what does not change the outputs";
  let description = [{
    In any network, with equal results (for finite values, but for the sign of zeros):

    * connections of weight 0 are removed;
    * neurons that reach no output are removed; inputs stay;
    * the first connection into a neuron, if its source has no connections and hence a constant value, becomes part of the bias.

    In `fast` networks also, with sums that differ in the last bits:

    * every connection from a constant neuron becomes part of the bias;
    * a neuron without activation and with one successor is replaced by connections from its sources to the successor. Connections that
      meet another one with the same ends are added to it.

    An `order` stays, without the connections that are gone; the last of these rewrites drops it.
  }];
  let statistics = [
    Statistic<"numConnections", "connections", "Connections removed">,
    Statistic<"numNeurons", "neurons", "Neurons removed">];
}

def SparseMergePass : Pass<"sparse-merge", "::spada::sparse::NetworkOp"> {
  let summary = "merge neurons that are equal by construction";
  let description = [{
    Two neurons of equal bias and activation whose connections lead, with equal total weights, from equal neurons have equal values for
    every input. Level after level, such neurons become one; weights of connections with the same ends add up. This changes the last bits of
    sums: only networks that are `fast` are merged, others get a remark. An `order` is dropped.
  }];
  let statistics = [
    Statistic<"numConnections", "connections", "Connections removed">,
    Statistic<"numNeurons", "neurons", "Neurons merged">];
}

#endif
