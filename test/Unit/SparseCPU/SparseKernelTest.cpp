//===- SparseKernelTest.cpp - CPU code of networks ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs networks as machine code and compares every bit with the interpreter.
//
//===----------------------------------------------------------------------===//

#include "test/Unit/SparseCPU/KernelTest.h"

#include "spada/Analysis/Sparse/Orders.h"

using namespace spada;
using namespace spada::sparse;

namespace {

TEST_F(SparseKernelTest, TypesOfWeights) {
  mlir::Type types[] = {
      mlir::BFloat16Type::get(&context), mlir::Float16Type::get(&context),
      mlir::Float32Type::get(&context), mlir::Float64Type::get(&context)};
  for (mlir::Type type : types)
    for (VectorSet set : hostSets()) {
      SparseObjectOptions options;
      options.set = set;
      options.code.tile = 16;
      auto single =
          makeLayers({37, 50, 21}, 0.2, false, type, Activation::Relu);
      expectSame<float>(single.network, options, {1, 100});
      auto twice = makeLayers({37, 50, 21}, 0.2, true, type, Activation::Relu);
      expectSame<double>(twice.network, options, {1, 100});
    }
}

TEST_F(SparseKernelTest, SetsAndChoice) {
  auto net = makeLayers({70, 90, 33}, 0.3, false,
                        mlir::Float32Type::get(&context), Activation::Relu, 2.);
  for (VectorSet set : hostSets()) {
    SparseObjectOptions options;
    options.set = set;
    expectSame<float>(net.network, options);
  }
  SparseObjectOptions any;
  any.cpu = "any";
  expectSame<float>(net.network, any);
}

TEST_F(SparseKernelTest, Activations) {
  for (auto activation : {Activation::None, Activation::Relu})
    for (auto cap : {std::optional<double>(), std::optional<double>(0.5)}) {
      if (cap && activation == Activation::None)
        continue;
      auto net = makeLayers({40, 40, 40}, 0.2, false,
                            mlir::Float32Type::get(&context), activation, cap);
      expectSame<float>(net.network);
    }
}

TEST_F(SparseKernelTest, CurvedActivations) {
  for (auto activation :
       {Activation::Sigmoid, Activation::Tanh, Activation::Gelu}) {
    SparseObjectOptions options;
    options.code.tile = 16;
    auto net = makeLayers({40, 40, 40}, 0.2, false,
                          mlir::Float32Type::get(&context), activation);
    auto twice = makeLayers({40, 40, 40}, 0.2, true,
                            mlir::Float64Type::get(&context), activation);
    // From the smallest numbers to where the curves are flat.
    for (double scale : {1., 1e-40, 1e4}) {
      expectSame<float>(net.network, options, {1, 40}, scale);
      expectSame<double>(twice.network, options, {1, 40}, scale);
    }
    for (VectorSet set : hostSets()) {
      if (set == VectorSet::AVX512 || activation != Activation::Gelu)
        continue;
      options.set = set;
      expectSame<float>(net.network, options, {17});
      expectSame<double>(twice.network, options, {17});
    }
  }
}

TEST_F(SparseKernelTest, ConnectionsOverLayers) {
  auto net = makeLayers({30, 40, 50, 20}, 0.1, false,
                        mlir::Float32Type::get(&context), Activation::Relu, {},
                        /*skips=*/true);
  expectSame<float>(net.network);
}

TEST_F(SparseKernelTest, AnyGraphInOneLayer) {
  // Neuron n reads some with larger numbers: the layer is not in order.
  NetworkMaker net(&context, 20, false);
  constexpr int32_t count = 200;
  std::vector<std::vector<int32_t>> rows(count);
  std::bernoulli_distribution reads(0.05);
  for (int32_t n = 0; n < count; ++n) {
    for (int32_t from = 0; from < 20; ++from)
      if (reads(random))
        rows[n].push_back(from);
    for (int32_t from = n + 1; from < count; ++from)
      if (reads(random))
        rows[n].push_back(20 + from);
  }
  std::normal_distribution<double> normal(0, 0.3);
  net.layer(
      rows, Activation::Relu, {}, net.valueType, [&] { return normal(random); },
      [&] { return normal(random); });
  expectSame<float>(net.network);
}

TEST_F(SparseKernelTest, Outputs) {
  auto net = makeLayers({9, 20, 12}, 0.2, false,
                        mlir::Float32Type::get(&context), Activation::Relu);
  // Inputs, one neuron twice, a hidden one.
  net.network.setOutputs(std::vector<int32_t>{3, 40, 40, 15, 0, 3, 38});
  expectSame<float>(net.network);
  NetworkMaker nothing(&context, 5, false);
  expectSame<float>(nothing.network);
}

TEST_F(SparseKernelTest, NeuronsWithoutConnections) {
  NetworkMaker net(&context, 4, false);
  auto one = [] { return 1.; };
  std::normal_distribution<double> normal;
  auto bias = [&] { return normal(random); };
  net.layer({{}, {0}, {}, {1, 2, 3}}, Activation::Relu, {}, net.valueType, one,
            bias);
  net.layer({{4, 5, 6}, {}}, Activation::None, {}, net.valueType, one, bias);
  expectSame<float>(net.network);
  net.network.setOutputs(std::vector<int32_t>{4, 0, 9});
  expectSame<float>(net.network);
}

TEST_F(SparseKernelTest, SumsThatWait) {
  SparseObjectOptions options;
  options.code.levelOneBytes = 8 << 10;
  auto net = makeLayers({300, 200, 100}, 0.5, false,
                        mlir::Float32Type::get(&context), Activation::Relu);
  PackedNetwork packed = packNetwork(net.network, options.code);
  EXPECT_GT(packed.statistics.spills, 0u);
  expectSame<float>(net.network, options);
  auto twice = makeLayers({300, 200, 100}, 0.5, true,
                          mlir::Float64Type::get(&context), Activation::Relu);
  expectSame<double>(twice.network, options);
}

TEST_F(SparseKernelTest, ChunksOfHiddenNeurons) {
  auto net = makeLayers({200, 600, 200}, 0.3, false,
                        mlir::Float32Type::get(&context), Activation::Relu);
  SparseObjectOptions options;
  options.code.tile = 16;
  options.code.levelOneBytes = 8 << 10;
  EXPECT_EQ(packNetwork(net.network, options.code).slots, 800u);
  options.code.levelTwoBytes = 56 << 10;
  // Two chunks of 128 rows beside 200 inputs and 200 outputs.
  PackedNetwork packed = packNetwork(net.network, options.code);
  EXPECT_EQ(packed.slots, 656u);
  for (bool skips : {false, true}) {
    options.code.skipZeros = skips;
    expectSame<float>(net.network, options, {1, 40});
  }
  Host host = builtinHost();
  double seconds = predictSeconds(packed, host, VectorSet::AVX512);
  EXPECT_GT(seconds, 0);
  host.levelOneBytes = 1 << 10;
  EXPECT_GT(predictSeconds(packed, host, VectorSet::AVX512), seconds);
}

TEST_F(SparseKernelTest, Orders) {
  for (bool skips : {false, true}) {
    auto net = makeLayers({60, 80, 70, 30}, 0.15, false,
                          mlir::Float32Type::get(&context), Activation::Relu,
                          {}, skips);
    Graph graph = graphOf(net.network);
    Graph connected = withoutLoneNeurons(graph);
    ASSERT_EQ(graph.connections(), connected.connections());
    Order orders[] = {
        orderByDestination(connected), orderBySource(connected),
        orderBlocked(connected, 10),   orderClustered(connected, 10),
        orderByClass(connected, 10),   orderGreedy(connected, 20),
        orderStreaming(connected)};
    for (const Order &order : orders) {
      std::vector<int64_t> numbers(order.begin(), order.end());
      net.network.setOrderAttr(
          makeResource("order", net.b.getI64Type(), std::move(numbers)));
      net.network.setFast(!checkSums(graph, order).empty());
      SparseObjectOptions options;
      options.code.tile = 16;
      for (uint64_t bytes : {1 << 10, 32 << 10}) {
        options.code.levelOneBytes = bytes;
        expectSame<float>(net.network, options, {1, 70});
      }
    }
  }
}

TEST_F(SparseKernelTest, ClassesOfOneWeight) {
  for (bool hasOneBias : {false, true}) {
    auto net = makeClasses(64, 16, 6, 1.0 / 16, hasOneBias);
    for (unsigned destinations : {1, 2, 4, 8})
      for (bool fold : {false, true})
        for (bool merge : {false, true}) {
          SparseObjectOptions options;
          options.code.destinations = destinations;
          options.code.foldWeights = fold;
          options.code.merge = merge;
          options.code.tile = 32;
          expectSame<float>(net.network, options, {100});
        }
    for (VectorSet set : hostSets()) {
      SparseObjectOptions options;
      options.set = set;
      expectSame<float>(net.network, options);
    }
  }
}

TEST_F(SparseKernelTest, MergeComputesEqualNeuronsOnce) {
  auto net = makeClasses(64, 16, 6, 1.0 / 16, true);
  SparseCodeOptions options;
  EXPECT_EQ(packNetwork(net.network, options).statistics.computed,
            net.network.countConnections());
  options.merge = true;
  EXPECT_EQ(packNetwork(net.network, options).statistics.computed,
            net.network.countConnections() / 4);
}

TEST_F(SparseKernelTest, WeightsThatNeedDigits) {
  // Values so small that a sixteenth of them has fewer digits.
  auto net = makeClasses(64, 16, 2, 1.0 / 16, true);
  net.module->walk([&](LayerOp layer) {
    layer.setBiasAttr(net.numbers(std::vector<double>(64, 0.), net.valueType));
  });
  ASSERT_TRUE(packNetwork(net.network, {}).scale);
  for (double scale : {1e-36, 1e-38, 1e-40, 1e-44})
    expectSame<float>(net.network, {}, {64, 100}, scale);
  // Weights that are no power of two cannot be folded.
  auto other = makeClasses(64, 16, 2, 0.3, true);
  EXPECT_FALSE(packNetwork(other.network, {}).scale);
  expectSame<float>(other.network);
}

TEST_F(SparseKernelTest, ColumnsOfZerosAreDropped) {
  for (unsigned layers : {1u, 2u, 3u, 9u})
    for (bool fold : {false, true}) {
      auto net = makeClasses(64, 16, layers, 1.0 / 16, true);
      SparseObjectOptions options;
      options.code.skipZeros = true;
      options.code.foldWeights = fold;
      options.code.tile = 32;
      PackedNetwork packed = packNetwork(net.network, options.code);
      EXPECT_EQ(packed.cuts.empty(), layers == 1);
      // Of normal numbers half die; of tiny ones all; large ones live.
      expectSame<float>(net.network, options, {1, 17, 200, 333});
      expectSame<float>(net.network, options, {70}, 1e-3);
      expectSame<float>(net.network, options, {70}, 1e3);
    }
  // Positive biases: nothing stays zero.
  auto net = makeClasses(64, 16, 4, 1.0 / 16, false);
  SparseCodeOptions code;
  code.skipZeros = true;
  EXPECT_TRUE(packNetwork(net.network, code).cuts.empty());
}

TEST_F(SparseKernelTest, TilesAndIndices) {
  auto net = makeLayers({70, 90, 33}, 0.3, false,
                        mlir::Float32Type::get(&context), Activation::Relu);
  for (unsigned tile : {1, 16, 32, 48, 128}) {
    SparseObjectOptions options;
    options.code.tile = tile;
    options.code.wideIndices = tile == 32;
    options.code.useThreads = tile != 48;
    expectSame<float>(net.network, options);
  }
}

TEST_F(SparseKernelTest, InfinitiesAndNoNumbers) {
  auto net = makeClasses(64, 16, 3, 1.0 / 16, true);
  auto object = emitSparseObject(net.network, {});
  ASSERT_TRUE(mlir::succeeded(object));
  std::string problem;
  auto kernel =
      SparseKernel::load(*object, "net", findOpenMPLibrary(), problem);
  ASSERT_TRUE(kernel) << problem;
  std::vector<float> x(3 * 64, 1), y(3 * 64);
  x[5] = INFINITY;
  x[64 + 5] = NAN;
  ASSERT_TRUE(kernel->run({x.data(), 64}, {y.data(), 64}, 3, 1));
  std::vector<float> expected = interpretNetwork<float>(net.network, x);
  for (size_t at = 0; at < y.size(); ++at)
    EXPECT_TRUE(y[at] == expected[at] ||
                (std::isnan(y[at]) && std::isnan(expected[at])))
        << at << ": " << y[at] << " is not " << expected[at];
}

} // namespace
