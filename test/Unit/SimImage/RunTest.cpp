//===- RunTest.cpp - csl modules on the simulator -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Packs the whole programs of test/Target/Inputs, runs them, and compares what
// the host reads with values computed here. The CSL text of the same programs
// is tested in test/Target/CSL.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/CSLDialect.h"
#include "spada/Machine/Machine.h"
#include "spada/Sim/Simulator.h"
#include "spada/Target/SimImage.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

using namespace spada;

namespace {
class Run : public testing::Test {
protected:
  Run() {
    mlir::DialectRegistry registry;
    registry.insert<csl::CSLDialect, mlir::arith::ArithDialect,
                    mlir::math::MathDialect, mlir::memref::MemRefDialect,
                    mlir::scf::SCFDialect>();
    context.appendDialectRegistry(registry);
  }

  /// `folded`: after MLIR's own passes have been over the module.
  std::vector<uint8_t> pack(const std::string &name,
                            llvm::StringRef machine = {}, bool folded = false) {
    auto module = mlir::parseSourceFile<mlir::ModuleOp>(
        std::string(SPADA_TEST_INPUTS "/") + name, &context);
    std::vector<uint8_t> image;
    mlir::PassManager passes(&context);
    if (folded) {
      passes.addPass(mlir::createCanonicalizerPass());
      passes.addPass(mlir::createCSEPass());
    }
    EXPECT_TRUE(module && succeeded(passes.run(*module)));
    EXPECT_TRUE(module && succeeded(packSimImage(*module, image, machine)));
    return image;
  }

  void load(const std::string &name, bool folded = false) {
    std::string error;
    simulator = sim::Simulator::load(pack(name, {}, folded), error);
    ASSERT_TRUE(simulator) << error;
  }

  template <typename T>
  void write(const char *name, const std::vector<T> &values) {
    std::string error;
    std::span bytes(reinterpret_cast<const uint8_t *>(values.data()),
                    values.size() * sizeof(T));
    EXPECT_TRUE(simulator->writeArgument(name, bytes, error)) << error;
  }

  template <typename T> std::vector<T> read(const char *name) {
    std::string error;
    std::vector<uint8_t> bytes;
    EXPECT_TRUE(simulator->readArgument(name, bytes, error)) << error;
    std::vector<T> values(bytes.size() / sizeof(T));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }

  void run() {
    sim::Report report = simulator->run();
    EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
    EXPECT_EQ(report.waveletsLeft, 0u);
  }

  void checkPointers();

  mlir::MLIRContext context;
  std::unique_ptr<sim::Simulator> simulator;
};
} // namespace

TEST_F(Run, ChainSumAddsOverTheRow) {
  load("chain-sum.mlir");
  std::vector<float> a, sum(8);
  for (int i = 0; i < 32; ++i) {
    a.push_back(0.25f * static_cast<float>(i * i));
    sum[i % 8] += a.back();
  }
  write("a", a);
  run();
  EXPECT_EQ(read<float>("out"), sum);
}

TEST_F(Run, HaloExchangeAddsBothNeighbours) {
  load("halo-exchange.mlir");
  std::vector<float> u = {1, 2, 3, 4, 10, 20, 30, 40, 100, 200, 300, 400};
  write("u", u);
  run();
  std::vector<float> v = {11,  22,  33,  44,  111, 222,
                          333, 444, 110, 220, 330, 440};
  EXPECT_EQ(read<float>("v"), v);
}

TEST_F(Run, DataTaskStoresBackwards) {
  load("data-task.mlir");
  write<int32_t>("a", {1, -2, 3, 70000, 5, 6});
  std::string error;
  ASSERT_TRUE(simulator->setScalar("bias", 100000, error)) << error;
  run();
  // 70000 * 70000 wraps.
  std::vector<int32_t> b = {100036, 100025, 605132704, 100009, 100004, 100001};
  EXPECT_EQ(read<int32_t>("b"), b);
}

void Run::checkPointers() {
  std::vector<float> a = {1, 2, 3.5, -4,  5, 6.25, 7, 8,
                          0, 1, 2,   2.5, 2, 9,    4, 3};
  write("a", a);
  run();
  std::vector<float> out = read<float>("out");
  ASSERT_EQ(out.size(), 32u);
  float big = 65535.0f;
  std::vector<float> first = {2,     6.25f,
                              5,     -4, // behind pointers
                              -4,    3.5f,
                              5,     7, // by descriptors
                              0.5f,  0.5f,
                              2,     7, // by a function; at startup
                              3.5f,  std::sqrt(3.5f),
                              -3.5f, big * 32};
  EXPECT_EQ(std::vector(out.begin(), out.begin() + 16), first);
  std::vector<float> second = {1,    2, 1,  2, //
                               2.5f, 4, 4,  4, //
                               0,    0, 2,  7, //
                               9,    3, -9, big * 4};
  EXPECT_EQ(std::vector(out.begin() + 16, out.end()), second);
}

TEST_F(Run, PointersAndDescriptorsAreValues) {
  load("pointers.mlir");
  checkPointers();
}

TEST_F(Run, FoldingChangesNoValue) {
  load("pointers.mlir", /*folded=*/true);
  checkPointers();
}

TEST_F(Run, WhatIsPackedIsAccepted) { load("../SimImage/machine.mlir"); }

TEST_F(Run, PackingTwiceGivesTheSameBytes) {
  EXPECT_EQ(pack("data-task.mlir"), pack("data-task.mlir"));
}

TEST_F(Run, TheMachineTravelsWithTheImage) {
  std::string text(builtinMachineText("wse2"));
  size_t clock = text.find("850000000.0");
  ASSERT_NE(clock, std::string::npos);
  text.replace(clock, 11, "425000000.0");
  std::string error;
  auto slower = sim::Simulator::load(pack("chain-sum.mlir", text), error);
  ASSERT_TRUE(slower) << error;
  EXPECT_EQ(slower->clockHz(), 425e6);
}
