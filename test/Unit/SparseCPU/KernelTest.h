//===- KernelTest.h - CPU code beside the interpreter -----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs networks as machine code and compares every bit.
//
//===----------------------------------------------------------------------===//

#ifndef TEST_UNIT_SPARSECPU_KERNELTEST_H
#define TEST_UNIT_SPARSECPU_KERNELTEST_H

#include "test/Unit/SparseCPU/Networks.h"

#include "spada/Interp/SparseInterp.h"
#include "spada/JIT/SparseKernel.h"
#include "spada/Target/Object.h"
#include "spada/Target/SparseObject.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"

#include "gtest/gtest.h"

#include <cmath>

namespace spada::sparse {

class SparseKernelTest : public testing::Test {
protected:
  SparseKernelTest() {
    context.loadDialect<SparseDialect>();
    context.disableMultithreading();
  }

  /// Layers of `widths` with weights of `weightType`; `skips` lets a layer read
  /// all earlier ones.
  NetworkMaker makeLayers(const std::vector<uint32_t> &widths, double density,
                          bool isDouble, mlir::Type weightType,
                          Activation activation, std::optional<double> cap = {},
                          bool skips = false) {
    NetworkMaker maker(&context, widths[0], isDouble);
    std::normal_distribution<double> normal;
    for (size_t n = 1; n < widths.size(); ++n) {
      uint32_t first = skips ? 0 : maker.neurons - widths[n - 1];
      auto rows = NetworkMaker::randomRows(random, widths[n], first,
                                           maker.neurons, density);
      maker.layer(
          rows, activation, cap, weightType, [&] { return normal(random); },
          [&] { return normal(random); });
    }
    return maker;
  }

  /// Destinations `o` and `o + classes` read the same sources, with one weight.
  NetworkMaker makeClasses(uint32_t neurons, uint32_t classes, unsigned layers,
                           double weight, bool hasOneBias) {
    NetworkMaker maker(&context, neurons, false);
    std::normal_distribution<double> normal;
    for (unsigned l = 0; l < layers; ++l) {
      uint32_t first = maker.neurons - neurons, step = 1u << l % 3;
      std::vector<std::vector<int32_t>> rows(neurons);
      for (uint32_t o = 0; o < neurons; ++o)
        for (uint32_t i = 0; i < neurons; ++i)
          if (i % classes == o % classes || i % classes == (o + step) % classes)
            rows[o].push_back(first + i);
      maker.layer(
          rows, Activation::Relu, 32.0, maker.valueType, [&] { return weight; },
          [&] { return hasOneBias ? -0.3 : normal(random); });
    }
    return maker;
  }

  template <typename T>
  void expectSame(NetworkOp network, SparseObjectOptions options = {},
                  std::vector<int64_t> batches = {1, 3, 17, 64, 100},
                  double scale = 1) {
    ASSERT_TRUE(mlir::succeeded(mlir::verify(network)));
    options.code.useThreads = options.code.useThreads && hasThreads();
    auto object = emitSparseObject(network, options);
    ASSERT_TRUE(mlir::succeeded(object));
    std::string problem;
    auto kernel = SparseKernel::load(
        *object, "net", options.code.useThreads ? findOpenMPLibrary() : "",
        problem);
    ASSERT_TRUE(kernel) << problem;
    uint64_t inputs = network.getInputs();
    uint64_t outputs = network.getOutputNeurons().size();
    std::normal_distribution<double> normal;
    for (int64_t batch : batches) {
      std::vector<T> given(batch * inputs);
      for (T &value : given)
        value = normal(random) * scale;
      std::vector<T> expected = interpretNetwork<T>(network, given);
      for (int64_t threads : {1, 2})
        for (int64_t gap : {0, 5}) {
          // One element behind the start: addresses are not those of vectors.
          std::vector<T> x(batch * (inputs + gap) + 1, T(7)),
              y(batch * (outputs + gap) + 1, T(9));
          for (int64_t row = 0; row < batch; ++row)
            std::copy_n(given.begin() + row * inputs, inputs,
                        x.begin() + 1 + row * (inputs + gap));
          ASSERT_TRUE(kernel->run({x.data() + 1, int64_t(inputs) + gap},
                                  {y.data() + 1, int64_t(outputs) + gap}, batch,
                                  threads));
          std::vector<T> wanted(y.size(), T(9));
          for (int64_t row = 0; row < batch; ++row)
            std::copy_n(expected.begin() + row * outputs, outputs,
                        wanted.begin() + 1 + row * (outputs + gap));
          for (size_t at = 0; at < y.size(); ++at)
            ASSERT_EQ(0, std::memcmp(&y[at], &wanted[at], sizeof(T)))
                << "batch " << batch << ", threads " << threads << ", gap "
                << gap << ", element " << at << ": " << y[at] << " is not "
                << wanted[at];
        }
    }
  }

  static bool hasThreads() { return !findOpenMPLibrary().empty(); }

  mlir::MLIRContext context;
  std::mt19937 random{1};
};

/// All sets of vector instructions that this machine runs.
inline std::vector<VectorSet> hostSets() {
  std::vector<VectorSet> sets = {VectorSet::Plain};
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    sets.push_back(VectorSet::AVX2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    sets.push_back(VectorSet::AVX512);
#endif
  return sets;
}

} // namespace spada::sparse

#endif
