//===- SparseInterp.h - the interpreter of sparse networks ------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Defines what a `sparse.network` means: connection after connection, one input
// after the other.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_INTERP_SPARSEINTERP_H
#define SPADA_INTERP_SPARSEINTERP_H

#include "dialects/Sparse/IR/SparseDialect.h"

#include <vector>

namespace spada::sparse {

/// What a neuron makes of its sum. \p cap  the largest value of `relu`.
/// `sigmoid`, `tanh` and `gelu` are those of spada/Support/Curves.h.
template <typename T>
T activate(Activation activation, std::optional<double> cap, T sum);
extern template float activate(Activation, std::optional<double>, float);
extern template double activate(Activation, std::optional<double>, double);

/// The values of the output neurons, `batch x outputs` in row-major order.
/// \p inputs  `batch x inputs`. T is the network's value type.
/// \p values  if wanted: the values of all neurons, `batch x neurons`.
template <typename T>
std::vector<T> interpretNetwork(NetworkOp network, const std::vector<T> &inputs,
                                std::vector<T> *values = nullptr);

extern template std::vector<float>
interpretNetwork(NetworkOp, const std::vector<float> &, std::vector<float> *);
extern template std::vector<double>
interpretNetwork(NetworkOp, const std::vector<double> &, std::vector<double> *);

} // namespace spada::sparse

#endif
