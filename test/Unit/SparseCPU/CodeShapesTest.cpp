//===- CodeShapesTest.cpp - few inputs and small networks -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Streams and code that are made besides the loops over tiles.
//
//===----------------------------------------------------------------------===//

#include "test/Unit/SparseCPU/KernelTest.h"

using namespace spada;
using namespace spada::sparse;

namespace {

using CodeShapesTest = SparseKernelTest;

TEST_F(CodeShapesTest, FewInputs) {
  SparseObjectOptions options;
  options.code.tile = 16;
  std::vector<int64_t> batches = {1, 2, 3, 7, 9, 15};
  mlir::Type types[] = {
      mlir::BFloat16Type::get(&context), mlir::Float16Type::get(&context),
      mlir::Float32Type::get(&context), mlir::Float64Type::get(&context)};
  bool isDouble = true;
  for (mlir::Type type : types) {
    isDouble = !isDouble;
    auto net = makeLayers({70, 90, 80, 33}, 0.3, isDouble, type,
                          Activation::Relu, 4., /*skips=*/isDouble);
    EXPECT_GT(packNetwork(net.network, {}).few.most, 0u);
    if (isDouble)
      expectSame<double>(net.network, options, batches);
    else
      expectSame<float>(net.network, options, batches);
  }
  auto net = makeLayers({70, 90, 80, 33}, 0.3, false, types[2],
                        Activation::None, {}, /*skips=*/true);
  expectSame<float>(net.network, options, batches);
  // Slices of shared sources, whole ones and not; with equal neurons merged.
  for (uint32_t neurons : {64, 96, 40}) {
    auto net =
        makeClasses(neurons, neurons == 40 ? 4 : 5, 5, 0.3, neurons > 64);
    options.code.merge = neurons > 64;
    expectSame<float>(net.network, options, batches);
  }
}

TEST_F(CodeShapesTest, FewInputsOnlyWhereFaster) {
  // A chain of neurons: vectors would hold one sum each.
  NetworkMaker chain(&context, 4, false);
  for (int32_t n = 0; n < 40; ++n)
    chain.layer(
        {{n, n + 1, n + 2, n + 3}}, Activation::Relu, {}, chain.valueType,
        [] { return 0.5; }, [] { return 0.1; });
  EXPECT_EQ(packNetwork(chain.network, {}).few.most, 0u);
  expectSame<float>(chain.network, {}, {1, 2, 20});
  // Sixteen destinations with the same sources, and four.
  for (uint32_t classes : {4, 16}) {
    auto net = makeClasses(64, classes, 6, 1.0 / 16, false);
    FewInputs few = packNetwork(net.network, {}).few;
    EXPECT_GE(few.most, 4u);
    ASSERT_EQ(few.forms.size(), 1u);
    EXPECT_EQ(few.forms[0].isShared, classes == 4);
  }
  auto net = makeClasses(64, 16, 6, 1.0 / 16, false);
  SparseCodeOptions options;
  options.fewInputs = false;
  EXPECT_EQ(packNetwork(net.network, options).few.most, 0u);
}

TEST_F(CodeShapesTest, StraightCode) {
  using Straight = SparseCodeOptions::Straight;
  SparseObjectOptions options;
  options.code.straight = Straight::Always;
  options.code.fewInputs = false;
  options.code.tile = 32;
  for (VectorSet set : hostSets()) {
    if (set == VectorSet::Plain)
      continue;
    options.set = set;
    auto net = makeLayers({50, 40, 30}, 0.3, false,
                          mlir::BFloat16Type::get(&context), Activation::Tanh);
    expectSame<float>(net.network, options, {3, 70});
    auto twice =
        makeLayers({30, 60, 20}, 0.4, true, mlir::Float64Type::get(&context),
                   Activation::Relu, {}, /*skips=*/true);
    expectSame<double>(twice.network, options, {3, 70});
  }
  // One weight for all, folded; sums that wait; too small to be folded.
  options.set.reset();
  options.code.levelOneBytes = 4 << 10;
  auto classes = makeClasses(64, 16, 3, 1.0 / 16, false);
  expectSame<float>(classes.network, options, {70});
  expectSame<float>(classes.network, options, {70}, 1e-40);
  auto waiting = makeLayers({100, 50}, 0.5, false,
                            mlir::Float32Type::get(&context), Activation::Relu);
  options.code.wideIndices = true;
  EXPECT_GT(packNetwork(waiting.network, options.code).statistics.spills, 0u);
  expectSame<float>(waiting.network, options, {70});
}

TEST_F(CodeShapesTest, StraightCodeOnlyForSmallNetworks) {
  auto isStraight = [&](uint32_t width, SparseCodeOptions options) {
    auto net = makeLayers({width, width}, 0.1, false,
                          mlir::Float32Type::get(&context), Activation::Relu);
    return packNetwork(net.network, options).isStraight;
  };
  SparseCodeOptions options;
  EXPECT_TRUE(isStraight(50, options));
  EXPECT_FALSE(isStraight(500, options));
  options.straight = SparseCodeOptions::Straight::Always;
  EXPECT_TRUE(isStraight(500, options));
  options.straight = SparseCodeOptions::Straight::Never;
  EXPECT_FALSE(isStraight(50, options));
}

TEST_F(CodeShapesTest, NoMoreInputsThanSaid) {
  auto net = makeLayers({70, 90, 33}, 0.3, false,
                        mlir::Float32Type::get(&context), Activation::Relu);
  SparseObjectOptions options;
  for (unsigned most : {1, 16, 20, 70}) {
    options.code.mostInputs = most;
    expectSame<float>(net.network, options, {1, most});
  }
}

} // namespace
