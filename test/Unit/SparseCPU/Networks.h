//===- Networks.h - networks for tests of CPU code --------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Builds `sparse.network`s from rows of connections.
//
//===----------------------------------------------------------------------===//

#ifndef TEST_UNIT_SPARSECPU_NETWORKS_H
#define TEST_UNIT_SPARSECPU_NETWORKS_H

#include "dialects/Sparse/IR/SparseDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

#include <cstring>
#include <random>

namespace spada::sparse {

/// A network that grows layer by layer.
class NetworkMaker {
public:
  NetworkMaker(mlir::MLIRContext *context, uint32_t inputs, bool isDouble)
      : b(context), module(mlir::ModuleOp::create(b.getUnknownLoc())),
        valueType(isDouble ? mlir::Type(b.getF64Type()) : b.getF32Type()),
        neurons(inputs) {
    b.setInsertionPointToEnd(module->getBody());
    network = b.create<NetworkOp>(
        b.getUnknownLoc(), "net", inputs, valueType, mlir::DenseI32ArrayAttr(),
        mlir::ElementsAttr(), false, mlir::IntegerAttr());
    network.getBody().emplaceBlock();
    b.setInsertionPointToEnd(&network.getBody().front());
  }

  /// A layer whose neurons read `rows`, with weights that `weight` gives.
  template <typename Weight, typename Bias>
  void layer(const std::vector<std::vector<int32_t>> &rows,
             Activation activation, std::optional<double> cap,
             mlir::Type weightType, Weight weight, Bias bias) {
    std::vector<int64_t> ends = {0};
    std::vector<int32_t> columns;
    for (const auto &row : rows) {
      columns.insert(columns.end(), row.begin(), row.end());
      ends.push_back(columns.size());
    }
    std::vector<double> weights(columns.size()), biases(rows.size());
    for (double &w : weights)
      w = weight();
    for (double &x : biases)
      x = bias();
    mlir::FloatAttr capAttr;
    if (cap)
      capAttr = b.getF64FloatAttr(*cap);
    b.create<LayerOp>(
        b.getUnknownLoc(), uint64_t(rows.size()), activation, capAttr,
        makeResource("rows", b.getI64Type(), std::move(ends)),
        makeResource("columns", b.getI32Type(), std::move(columns)),
        numbers(weights, weightType), numbers(biases, valueType));
    neurons += rows.size();
  }

  mlir::ElementsAttr numbers(const std::vector<double> &values,
                             mlir::Type type) {
    auto convert = [&](auto zero) {
      using Bits = decltype(zero);
      std::vector<Bits> bits;
      for (double value : values) {
        llvm::APFloat number(value);
        bool losesInfo;
        number.convert(llvm::cast<mlir::FloatType>(type).getFloatSemantics(),
                       llvm::APFloat::rmNearestTiesToEven, &losesInfo);
        bits.push_back(number.bitcastToAPInt().getZExtValue());
      }
      return makeResource("numbers", type, std::move(bits));
    };
    unsigned width = type.getIntOrFloatBitWidth();
    return width == 16   ? convert(uint16_t())
           : width == 32 ? convert(uint32_t())
                         : convert(uint64_t());
  }

  /// Each of `count` neurons reads each of `[first, end)` with probability
  /// `density`.
  static std::vector<std::vector<int32_t>>
  randomRows(std::mt19937 &random, uint32_t count, uint32_t first, uint32_t end,
             double density) {
    std::bernoulli_distribution reads(density);
    std::vector<std::vector<int32_t>> rows(count);
    for (auto &row : rows)
      for (uint32_t from = first; from < end; ++from)
        if (reads(random))
          row.push_back(from);
    return rows;
  }

  mlir::OpBuilder b;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  NetworkOp network;
  mlir::Type valueType;
  uint32_t neurons;
};

} // namespace spada::sparse

#endif
