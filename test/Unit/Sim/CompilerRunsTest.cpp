//===- CompilerRunsTest.cpp - cycles of public compiler runs --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The kernels of a public table of cycles, in the form that compiler is known
// to emit. Start-up of tasks and vector operations is fitted to them; the
// bounds are the residuals that docs/simulator-model.md states.
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

/// `numOperations` operations of four elements one after the other.
ImageMaker local(const char *machine, int numOperations) {
  ImageMaker image(4, 4, machine);
  ProgramMaker code("local");
  uint32_t a = code.variable("a", Type::F32, 4);
  uint32_t b = code.variable("b", Type::F32, 4);
  code.task("exit", 8);
  code.finish();
  code.main();
  uint32_t from = code.memory(Type::F32, a, {4});
  uint32_t to = code.memory(Type::F32, b, {4});
  for (int i = 0; i < numOperations; ++i)
    code.vector("fmovs", slot(to), {slot(from)});
  code.activate(0);
  code.end();
  image.place(std::move(code), ImageMaker::box(0, 4, 0, 4));
  return image;
}

/// A chain to PE 0: whole blocks (receive, add, send) or element by element.
ImageMaker chain(const char *machine, int count, uint32_t n, bool pipelined) {
  ImageMaker image(count, 1, machine);
  for (int x = 0; x < count; ++x) {
    ProgramMaker code("p" + std::to_string(x));
    uint32_t a = code.variable("a", Type::F32, n);
    uint32_t b = code.variable("b", Type::F32, n);
    uint32_t sum = code.memory(Type::F32, a, {n});
    uint32_t block = code.memory(Type::F32, b, {n});
    bool receives = x + 1 < count, sends = x > 0;
    uint8_t in = uint8_t(x % 2), out = uint8_t((x + 1) % 2);
    auto where = ImageMaker::box(x, x + 1);
    uint32_t source = 0, target = 0;
    if (receives) {
      code.input(2, in);
      source = code.fabin(Type::F32, 2, in, n);
      image.route(in, EastBit, RampBit, where);
    }
    if (sends) {
      code.output(3, out);
      target = code.fabout(Type::F32, 3, out, n);
      image.route(out, RampBit, WestBit, where);
    }
    code.task("exit", 8);
    code.finish();
    auto send = [&] { code.async("fmovs", slot(target), {slot(sum)}, 3, 0); };
    if (receives && !pipelined) {
      code.task("add", 9);
      code.vector("fadds", slot(sum), {slot(sum), slot(block)});
      if (sends)
        send();
      else
        code.activate(0);
      code.end();
    }
    code.main();
    if (!receives)
      send();
    else if (!pipelined)
      code.async("fmovs", slot(block), {slot(source)}, 2, 1);
    else
      code.async("fadds", slot(sends ? target : sum), {slot(sum), slot(source)},
                 3, 0);
    code.end();
    image.place(std::move(code), where);
  }
  return image;
}
} // namespace

TEST(CompilerRuns, PublicTable) {
  expectCycles("copy wse2", local("wse2", 1), 22, 0.25);
  expectCycles("copy wse3", local("wse3", 1), 21, 0.25);
  expectCycles("pure_vertical wse2", local("wse2", 3), 35, 0.20);
  expectCycles("pure_vertical wse3", local("wse3", 3), 32, 0.20);
  expectCycles("reduce wse2", chain("wse2", 15, 128, false), 3920, 0.02);
  expectCycles("reduce wse3", chain("wse3", 15, 128, false), 3090, 0.02);
  // Newer vendor tools seem to have longer ways between PEs; see the document.
  expectCycles("pipelined wse2", chain("wse2", 15, 128, true), 317, 0.32);
  expectCycles("pipelined wse3", chain("wse3", 15, 128, true), 343, 0.37);
}
