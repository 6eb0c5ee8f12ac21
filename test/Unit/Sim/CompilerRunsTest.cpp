//===- CompilerRunsTest.cpp - cycles of public compiler runs --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The kernels of a public table of cycles, in the form that compiler emits,
// with its first time stamp. The numbers of the machines are fitted to the same
// kernels in CSL (bench/calibration.py), where each PE counts from its own
// launch; here all PEs start together. The bounds are the residuals.
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"

#include <cmath>

using namespace spada;
using namespace spada::test;

namespace {
void expectCycles(const char *name, const ImageMaker &image, double published,
                  double tolerance) {
  auto simulator = image.load();
  ASSERT_TRUE(simulator);
  sim::Report report = simulator->run();
  ASSERT_EQ(report.status, sim::Status::Finished) << report.message;
  double error = (double(report.cycles) - published) / published;
  std::printf("%s: %llu cycles, published %.0f, %+.1f %%\n", name,
              (unsigned long long)report.cycles, published, 100 * error);
  EXPECT_LE(std::abs(error), tolerance) << name;
}

/// A program under construction: a main function that takes a time stamp and
/// activates the first task. The last stamp is left out: what it measures is
/// over when it reads the clock.
struct Kernel {
  ProgramMaker code;
  uint32_t stamp;

  explicit Kernel(const std::string &name) : code(name) {
    stamp = code.variable("stamps", Type::I16, 3);
  }
  void addStamp() {
    code.emit(Opcode::Clock, Type::I16, 0, 1, 2);
    for (uint16_t word = 0; word < 3; ++word)
      code.store(word, Type::I16, stamp + 2u * word);
  }
  void addMain() {
    code.main();
    addStamp();
    code.activate(0);
    code.end();
  }
  void finish() { code.finish(); }
};

/// One operation of four elements.
ImageMaker copy(const char *machine) {
  ImageMaker image(4, 4, machine);
  Kernel kernel("copy");
  ProgramMaker &code = kernel.code;
  uint32_t a = code.variable("a", Type::F32, 4);
  uint32_t b = code.variable("b", Type::F32, 4);
  code.task("work", 8);
  code.vector("fmovs", slot(code.memory(Type::F32, b, {4})),
              {slot(code.memory(Type::F32, a, {4}))});
  kernel.finish();
  kernel.addMain();
  image.place(std::move(code), ImageMaker::box(0, 4, 0, 4));
  return image;
}

/// b[0] = a[0], b[k] = b[k] - 0.5 * b[k - 1] for k = 1, 2, 3 as scalar code.
ImageMaker pureVertical(const char *machine) {
  ImageMaker image(4, 4, machine);
  Kernel kernel("vertical");
  ProgramMaker &code = kernel.code;
  uint32_t a = code.variable("a", Type::F32, 4);
  uint32_t b = code.variable("b", Type::F32, 4);
  code.task("work", 8);
  code.constant(3, 0.5f);
  code.load(4, Type::F32, a);
  code.store(4, Type::F32, b);
  for (uint32_t k = 1; k < 4; ++k) {
    code.emit(Opcode::FMul, Type::F32, 5, 3, 4);
    code.load(4, Type::F32, b + 4 * k);
    code.emit(Opcode::FSub, Type::F32, 4, 4, 5);
    code.store(4, Type::F32, b + 4 * k);
  }
  kernel.finish();
  kernel.addMain();
  image.place(std::move(code), ImageMaker::box(0, 4, 0, 4));
  return image;
}

/// What a PE of a chain has to say to its neighbours.
struct Ends {
  uint32_t source = 0, target = 0; ///< descriptors
  bool receives = false, sends = false;
};

/// Whole blocks: an asynchronous receive, then a task that adds and sends.
void addBlocks(ProgramMaker &code, const Ends &ends, uint32_t sum,
               uint32_t block, Kernel &kernel) {
  code.task("work", 8);
  if (ends.receives) {
    code.async("fmovs", slot(block), {slot(ends.source)}, 2, 1);
    code.end();
    code.task("rest", 9);
    code.vector("fadds", slot(block), {slot(block), slot(sum)});
  } else {
    code.vector("fmovs", slot(block), {slot(sum)});
  }
  if (ends.sends)
    code.vector("fmovs", slot(ends.target), {slot(block)});
  kernel.finish();
}

/// Element by element: a relay that blocks; the last PE copies the sum.
void addRelay(ProgramMaker &code, const Ends &ends, uint32_t sum,
              uint32_t block, Kernel &kernel) {
  code.task("work", 8);
  if (!ends.sends) {
    code.async("fadds", slot(sum), {slot(sum), slot(ends.source)}, 2, 1);
    code.end();
    code.task("rest", 9);
    code.vector("fmovs", slot(block), {slot(sum)});
  } else if (ends.receives) {
    code.vector("fadds", slot(ends.target), {slot(sum), slot(ends.source)});
  } else {
    code.vector("fmovs", slot(ends.target), {slot(sum)});
  }
  kernel.finish();
}

/// A chain to PE 0.
ImageMaker chain(const char *machine, int count, uint32_t n, bool pipelined) {
  ImageMaker image(count, 1, machine);
  for (int x = 0; x < count; ++x) {
    Kernel kernel("p" + std::to_string(x));
    ProgramMaker &code = kernel.code;
    uint32_t a = code.variable("a", Type::F32, n);
    uint32_t b = code.variable("b", Type::F32, n);
    uint32_t sum = code.memory(Type::F32, a, {n});
    uint32_t block = code.memory(Type::F32, b, {n});
    Ends ends;
    ends.receives = x + 1 < count;
    ends.sends = x > 0;
    uint8_t in = uint8_t(x % 2), out = uint8_t((x + 1) % 2);
    auto where = ImageMaker::box(x, x + 1);
    if (ends.receives) {
      code.input(2, in);
      ends.source = code.fabin(Type::F32, 2, in, n);
      image.route(in, EastBit, RampBit, where);
    }
    if (ends.sends) {
      code.output(3, out);
      ends.target = code.fabout(Type::F32, 3, out, n);
      image.route(out, RampBit, WestBit, where);
    }
    (pipelined ? addRelay : addBlocks)(code, ends, sum, block, kernel);
    kernel.addMain();
    image.place(std::move(code), where);
  }
  return image;
}
} // namespace

TEST(CompilerRuns, PublicTable) {
  expectCycles("copy wse2", copy("wse2"), 22, 0.10);
  expectCycles("copy wse3", copy("wse3"), 21, 0.05);
  expectCycles("pure_vertical wse2", pureVertical("wse2"), 35, 0.04);
  expectCycles("pure_vertical wse3", pureVertical("wse3"), 32, 0.04);
  expectCycles("reduce wse2", chain("wse2", 15, 128, false), 3920, 0.01);
  expectCycles("reduce wse3", chain("wse3", 15, 128, false), 3090, 0.02);
  expectCycles("pipelined wse2", chain("wse2", 15, 128, true), 317, 0.04);
  expectCycles("pipelined wse3", chain("wse3", 15, 128, true), 343, 0.09);
}
