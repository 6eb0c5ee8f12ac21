//===- Matrix.h - one layer as a matrix -------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_MATRIX_H
#define SPADA_FRONTENDS_NET_MATRIX_H

#include "frontends/Net/Model.h"

namespace spada::net {

/// Entries in any order. What rows stand for is decided by `addMatrix`.
struct Matrix {
  std::string file;
  uint64_t rows = 0, columns = 0;
  std::vector<uint32_t> row, column; ///< of each entry, from 0
  Values weights;
  std::vector<uint32_t> line; ///< of each entry; empty where a file is no text
  uint64_t base = 0;          ///< what the file calls row 0: 0 or 1
  Values bias;
  std::optional<Function> function;

  void add(uint64_t atRow, uint64_t atColumn, double weight) {
    row.push_back(atRow);
    column.push_back(atColumn);
    weights.push(weight);
  }
};

/// Appends the matrix as the next layer, with ascending sources in each row of
/// the layer. \p rowsAreInputs  what the format means; `settings` come first.
bool addMatrix(Network &network, Matrix matrix, bool rowsAreInputs,
               const Settings &settings, Error &error);

/// More neurons than the connections of a file make likely, so that a small
/// file cannot ask for a large part of memory.
bool checkNeurons(uint64_t neurons, uint64_t connections,
                  const std::string &file, Error &error);

} // namespace spada::net

#endif
