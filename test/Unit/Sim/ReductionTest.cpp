//===- ReductionTest.cpp - cycles of published 512-PE reductions ----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Two-phase chains on a row of 512 PEs, in the form a compiler emits when
// nothing else is to be done meanwhile: one synchronous relay 'fadds' per PE
// and phase. The measured cycles are published simulator runs for WSE-2
// (docs/simulator-model.md).
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"

#include <cmath>
#include <map>

using namespace spada;
using namespace spada::test;

namespace {
constexpr uint8_t chainColors[2] = {0, 1}; ///< alternate along the chain
constexpr uint8_t leaderColors[2] = {2, 3};

/// What one PE does in one phase.
struct Role {
  bool receives = false, sends = false;
  uint8_t in = 0, out = 0; ///< colors
};

/// One phase: a single operation, or none.
void emitPhase(ProgramMaker &code, const Role &role, uint32_t vector,
               uint8_t queue, uint32_t n) {
  Operand memory = slot(vector);
  if (role.receives && role.sends)
    code.vector("fadds", slot(code.fabout(Type::F32, queue, role.out, n)),
                {memory, slot(code.fabin(Type::F32, queue, role.in, n))});
  else if (role.receives)
    code.vector("fadds", memory,
                {memory, slot(code.fabin(Type::F32, queue, role.in, n))});
  else if (role.sends)
    code.vector("fmovs", slot(code.fabout(Type::F32, queue, role.out, n)),
                {memory});
}

/// A program for a PE with these roles in the two phases.
ProgramMaker makeProgram(const std::string &name, Role group, Role leaders,
                         uint32_t n) {
  ProgramMaker code(name);
  uint32_t values = code.variable("a", Type::F32, n);
  uint32_t vector = code.memory(Type::F32, values, {n});
  for (auto [role, queue] :
       {std::pair(group, uint8_t(2)), std::pair(leaders, uint8_t(3))}) {
    if (role.receives)
      code.input(queue, role.in);
    if (role.sends)
      code.output(queue, role.out);
  }
  code.main();
  emitPhase(code, group, vector, 2, n);
  emitPhase(code, leaders, vector, 3, n);
  code.finish();
  return code;
}

/// The image of a two-phase reduction to PE 0 over `count` PEs in groups of
/// `group`.
ImageMaker makeReduction(uint32_t count, uint32_t group, uint32_t n,
                         const std::string &machine) {
  ImageMaker image(count, 1, machine);
  uint32_t numGroups = (count + group - 1) / group;
  std::map<std::string, uint32_t> programs;
  for (uint32_t x = 0; x < count; ++x) {
    uint32_t at = x % group, number = x / group;
    bool last = at + 1 == group || x + 1 == count;
    Role chain{!last, at != 0, chainColors[at % 2], chainColors[(at + 1) % 2]};
    bool leads = at == 0 && numGroups > 1;
    Role leader{leads && number + 1 < numGroups, leads && number > 0,
                leaderColors[number % 2], leaderColors[(number + 1) % 2]};
    std::string name =
        "p" + std::to_string(chain.receives) + std::to_string(chain.sends) +
        std::to_string(chain.in) + std::to_string(chain.out) +
        std::to_string(leader.receives) + std::to_string(leader.sends) +
        std::to_string(number % 2);
    auto [it, isNew] = programs.try_emplace(name, programs.size());
    if (isNew)
      image.place(makeProgram(name, chain, leader, n),
                  ImageMaker::box(int(x), int(x) + 1));
    else
      image.tile(it->second, ImageMaker::box(int(x), int(x) + 1));
    auto route = [&](uint8_t color, bool receives, bool sends) {
      if (receives)
        image.route(color, EastBit, RampBit,
                    ImageMaker::box(int(x), int(x) + 1));
      if (sends)
        image.route(color, RampBit, WestBit,
                    ImageMaker::box(int(x), int(x) + 1));
    };
    route(chain.in, chain.receives, false);
    route(chain.out, false, chain.sends);
    if (leads) {
      route(leader.in, leader.receives, false);
      route(leader.out, false, leader.sends);
    } else if (number + 1 < numGroups) {
      // Between two leaders: the color on which the leader to the east sends.
      image.route(leaderColors[number % 2], EastBit, WestBit,
                  ImageMaker::box(int(x), int(x) + 1));
    }
  }
  image.argument("a", HostDirection::InOut, "f32", {count}, n,
                 ImageMaker::box(0, int(count)));
  return image;
}

struct Published {
  uint32_t group, n;
  double cycles, tolerance;
};
} // namespace

TEST(Reduction, PublishedCycles) {
  const Published rows[] = {{2, 4096, 10055, 0.02},  {4, 4096, 9421, 0.02},
                            {8, 4096, 9117, 0.02},   {16, 4096, 8989, 0.02},
                            {32, 4096, 8973, 0.02},  {64, 4096, 9061, 0.02},
                            {128, 4096, 9297, 0.02}, {256, 4096, 9800, 0.02},
                            {512, 4096, 7218, 0.02}, {28, 64, 925, 0.06}};
  for (const Published &row : rows) {
    auto simulator = makeReduction(512, row.group, row.n, "wse2").load();
    ASSERT_TRUE(simulator);
    std::vector<float> values(size_t(512) * row.n);
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = float(i / row.n % 7) + float(i % row.n % 5);
    writeArray(*simulator, "a", values);
    sim::Report report = simulator->run();
    ASSERT_EQ(report.status, sim::Status::Finished) << report.message;
    double error = (double(report.cycles) - row.cycles) / row.cycles;
    std::printf("S=%u n=%u: %llu cycles, published %.0f, %+.2f %%\n", row.group,
                row.n, (unsigned long long)report.cycles, row.cycles,
                100 * error);
    EXPECT_LE(std::abs(error), row.tolerance)
        << "S=" << row.group << " n=" << row.n;
    std::vector<float> result = readArray<float>(*simulator, "a");
    for (uint32_t k = 0; k < row.n; ++k) {
      float sum = 0;
      for (uint32_t x = 0; x < 512; ++x)
        sum += values[size_t(x) * row.n + k];
      ASSERT_EQ(result[k], sum) << "element " << k;
    }
  }
}
