//===- SwitchTest.cpp - switches and control wavelets ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Positions, pop modes, wavelets that wait for a position, and who gets what.
//
//===----------------------------------------------------------------------===//

#include "RouterBench.h"

using namespace spada;
using namespace spada::test;

namespace {
constexpr int length = 5;

/// PE 0 sends east to the end of a row. In between, position 0 has the ramp as
/// well and position 1 has not.
ImageMaker row(PopMode mode, bool ring = false) {
  ImageMaker image(length, 1);
  image.place(queuesOnly("queues", 1), ImageMaker::box(0, length));
  image.route(0, RampBit, EastBit, ImageMaker::box(0, 1));
  RouteT &middle = image.route(0, WestBit, RampBit | EastBit,
                               ImageMaker::box(1, length - 1));
  middle.positions.emplace_back(0, EastBit);
  middle.pop_mode = mode;
  middle.ring = ring;
  image.route(0, WestBit, RampBit, ImageMaker::box(length - 1, length));
  return image;
}

struct Passage {
  std::vector<unsigned> positions; ///< after the wavelet, of the middle PEs
  uint32_t atEnd = 0;              ///< what came to the last PE
};

/// Sends one control wavelet through.
Passage pass(PopMode mode, uint32_t word) {
  RouterBench bench(row(mode));
  bench.sendControl(0, word, 0);
  EXPECT_EQ(bench.run().status, sim::Status::Finished);
  Passage passage;
  for (uint32_t x = 1; x + 1 < length; ++x) {
    passage.positions.push_back(bench.position(0, x));
    // It leaves by the position that it finds, so that all ramps get it.
    EXPECT_EQ(bench.words(0, x).size(), 1u);
  }
  // Only what goes on to the next router is without its first command.
  EXPECT_EQ(bench.words(0, 1), std::vector<uint32_t>{word});
  std::vector<uint32_t> last = bench.words(0, length - 1);
  EXPECT_EQ(last.size(), 1u);
  passage.atEnd = last.empty() ? 0 : last[0];
  return passage;
}
} // namespace

TEST(Switch, Pop) {
  EXPECT_EQ(sim::popCommand(0x9df9249), 0x91f9249u);
  EXPECT_EQ(sim::popCommand(0x91f9249), 0x91f9249u);
  uint32_t list = control({1, 2, 3, 4, 5, 6, 7, 1}, 40);
  EXPECT_EQ(sim::popCommand(list), control({2, 3, 4, 5, 6, 7, 1, 1}, 40));
  for (unsigned i = 0; i < 8; ++i, list = sim::popCommand(list))
    EXPECT_EQ(sim::firstCommand(list),
              (std::vector<unsigned>{1, 2, 3, 4, 5, 6, 7, 1})[i]);
  EXPECT_EQ(sim::popCommand(0xc0000000 | 0x3f0000), 0xc0000000 | 0x3f0000);
}

TEST(Switch, NoPopReachesAll) {
  uint32_t word = control({Advance, Nop, Reset}, 9);
  Passage passage = pass(PopMode::NoPop, word);
  EXPECT_EQ(passage.positions, (std::vector<unsigned>{1, 1, 1}));
  EXPECT_EQ(passage.atEnd, word);
}

TEST(Switch, AlwaysPopGivesEachItsCommand) {
  Passage passage = pass(PopMode::AlwaysPop, control({Reset, Advance, Nop, 3}));
  EXPECT_EQ(passage.positions, (std::vector<unsigned>{0, 1, 0}));
  EXPECT_EQ(passage.atEnd, control({Stop}));
}

TEST(Switch, PopOnAdvance) {
  // The first router takes the command, the others see the no-op behind it.
  Passage passage = pass(PopMode::PopOnAdvance, control({Advance, Nop, 1}));
  EXPECT_EQ(passage.positions, (std::vector<unsigned>{1, 0, 0}));
  EXPECT_EQ(passage.atEnd, control({Nop, Advance}));
  // A command that changes nothing stays.
  passage = pass(PopMode::PopOnAdvance, control({Reset, Advance}));
  EXPECT_EQ(passage.positions, (std::vector<unsigned>{0, 0, 0}));
  EXPECT_EQ(passage.atEnd, control({Reset, Advance}));
}

TEST(Switch, PopOnAdvanceNop) {
  Passage passage = pass(PopMode::PopOnAdvanceNop, control({Nop, Advance, 2}));
  EXPECT_EQ(passage.positions, (std::vector<unsigned>{0, 1, 0}));
  EXPECT_EQ(passage.atEnd, control({Reset}));
}

TEST(Switch, ThreeCommandsForThreeRouters) {
  Passage passage = pass(PopMode::PopOnAdvance,
                         control({Advance, Advance, Advance, Nop, Reset}));
  EXPECT_EQ(passage.positions, (std::vector<unsigned>{1, 1, 1}));
  EXPECT_EQ(passage.atEnd, control({Nop, Reset}));
}

TEST(Switch, CoreIgnores) {
  RouterBench bench(row(PopMode::NoPop));
  bench.sendControl(0, control({Advance | Ignore}), 0);
  bench.send(0, 7, 0);
  bench.sendControl(0, control({Advance | Ignore}), 0); // no further position
  bench.run();
  EXPECT_EQ(bench.words(0, 1), std::vector<uint32_t>{});
  EXPECT_EQ(bench.words(0, 4), std::vector<uint32_t>{7});
  EXPECT_EQ(bench.position(0, 1), 1u);
}

/// PE (1, 1) sends to its neighbors in turn.
static ImageMaker star(bool ring, std::vector<SwitchPosition> positions,
                       uint8_t current) {
  ImageMaker image(3, 3);
  image.place(queuesOnly("queues", 1), ImageMaker::box(0, 3, 0, 3));
  RouteT &center =
      image.route(0, RampBit, NorthBit, ImageMaker::box(1, 2, 1, 2));
  center.positions = std::move(positions);
  center.ring = ring;
  center.current_position = current;
  image.route(0, SouthBit, RampBit, ImageMaker::box(1, 2, 0, 1));
  image.route(0, EastBit, RampBit, ImageMaker::box(0, 1, 1, 2));
  image.route(0, WestBit, RampBit, ImageMaker::box(2, 3, 1, 2));
  image.route(0, NorthBit, RampBit, ImageMaker::box(1, 2, 2, 3));
  return image;
}

static void sendAndAdvance(RouterBench &bench, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    bench.send(0, i, 1, 1);
    bench.sendControl(0, control({Advance | Ignore}), 1, 1);
  }
  bench.run();
}

TEST(Switch, Ring) {
  std::vector<SwitchPosition> all = {{0, WestBit}, {0, EastBit}, {0, SouthBit}};
  RouterBench bench(star(/*ring=*/true, all, 1));
  sendAndAdvance(bench, 6);
  using Words = std::vector<uint32_t>;
  EXPECT_EQ(bench.words(0, 0, 1), (Words{0, 4}));
  EXPECT_EQ(bench.words(0, 2, 1), (Words{1, 5}));
  EXPECT_EQ(bench.words(0, 1, 2), Words{2});
  EXPECT_EQ(bench.words(0, 1, 0), Words{3});
}

TEST(Switch, InvalidPositionsAreSkippedAndTheLastStays) {
  std::vector<SwitchPosition> some = {{0, 0}, {0, EastBit}};
  RouterBench bench(star(/*ring=*/false, some, 0));
  sendAndAdvance(bench, 4);
  using Words = std::vector<uint32_t>;
  EXPECT_EQ(bench.words(0, 1, 0), Words{0});
  EXPECT_EQ(bench.words(0, 2, 1), (Words{1, 2, 3}));
  bench.sendControl(0, control({Reset | Ignore}), 1, 1);
  bench.send(0, 9, 1, 1);
  bench.run();
  EXPECT_EQ(bench.words(0, 1, 0), (Words{0, 9}));
}

TEST(Switch, OutputAdvancesTheLocalSwitch) {
  std::vector<SwitchPosition> one = {{0, EastBit}};
  RouterBench bench(star(/*ring=*/false, one, 0));
  bench.send(0, 1, 1, 1);
  bench.send(0, 2, 1, 1, sim::AdvanceFlag);
  bench.send(0, 3, 1, 1);
  bench.run();
  EXPECT_EQ(bench.words(0, 1, 0), (std::vector<uint32_t>{1, 2}));
  EXPECT_EQ(bench.words(0, 2, 1), std::vector<uint32_t>{3});
}

/// PE 1 takes from the west until a control wavelet turns it to the east.
static ImageMaker turn() {
  ImageMaker image(3, 1);
  image.place(queuesOnly("queues", 1), ImageMaker::box(0, 3));
  image.route(0, RampBit, EastBit, ImageMaker::box(0, 1));
  image.route(0, WestBit, RampBit, ImageMaker::box(1, 2))
      .positions.emplace_back(EastBit, 0);
  image.route(0, RampBit, WestBit, ImageMaker::box(2, 3));
  return image;
}

TEST(Switch, WaveletsWaitForTheirSideWithoutBlockingTheOther) {
  RouterBench bench(turn());
  for (uint32_t i = 0; i < 20; ++i)
    bench.send(0, 100 + i, 2);
  bench.run();
  EXPECT_EQ(bench.words(0, 1), std::vector<uint32_t>{});
  for (uint32_t i = 0; i < 20; ++i)
    bench.send(0, i, 0);
  bench.run();
  EXPECT_EQ(bench.words(0, 1), range(0, 20));
  bench.sendControl(0, control({Advance | Ignore}), 0);
  bench.send(0, 50, 0);
  bench.run();
  std::vector<uint32_t> expected = range(0, 20), late = range(100, 120);
  expected.insert(expected.end(), late.begin(), late.end());
  EXPECT_EQ(bench.words(0, 1), expected);
}

/// Words from east and west wait together until the north turns the switch.
static std::vector<uint32_t> mergeHeld(int threads) {
  ImageMaker image(3, 2);
  image.place(queuesOnly("queues", 1), ImageMaker::box(0, 3, 0, 2));
  image.route(0, RampBit, SouthBit, ImageMaker::box(1, 2, 0, 1));
  image.route(0, NorthBit, RampBit, ImageMaker::box(1, 2, 1, 2))
      .positions.emplace_back(EastBit | WestBit, 0);
  image.route(0, RampBit, EastBit, ImageMaker::box(0, 1, 1, 2));
  image.route(0, RampBit, WestBit, ImageMaker::box(2, 3, 1, 2));
  RouterBench bench(image, threads);
  for (uint32_t i = 0; i < 3; ++i) {
    bench.send(0, i, 0, 1);
    bench.send(0, 10 + i, 2, 1);
  }
  EXPECT_EQ(bench.run().status, sim::Status::Finished);
  bench.sendControl(0, control({Advance | Ignore}), 1, 0);
  EXPECT_EQ(bench.run().status, sim::Status::Finished);
  return bench.words(0, 1, 1);
}

TEST(Switch, HeldWaveletsMergeInOneOrder) {
  std::vector<uint32_t> expected = {10, 0, 11, 1, 12, 2};
  for (int threads : {1, 2, 3})
    EXPECT_EQ(mergeHeld(threads), expected);
}

TEST(Switch, SelectedSidesCollide) {
  ImageMaker image = turn();
  image.image.routes[1]->positions[0] = {EastBit | WestBit, 0};
  RouterBench bench(image);
  bench.send(0, 1, 0);
  bench.send(0, 2, 2);
  EXPECT_EQ(bench.run().status, sim::Status::Finished); // one of them waits
  bench.sendControl(0, control({Advance | Ignore}), 0);
  bench.run();
  bench.send(0, 1, 0);
  bench.send(0, 2, 2);
  sim::Report report = bench.run();
  EXPECT_EQ(report.status, sim::Status::Trapped);
  EXPECT_NE(report.message.find("two wavelets of color 0 arrive at the router "
                                "from EAST and WEST in one cycle"),
            std::string::npos)
      << report.message;
}

TEST(Switch, DeadlockNamesHeldWavelets) {
  // PE 1 waits for a word, but its switch looks the other way.
  ImageMaker image(3, 1);
  ProgramMaker code("receiver");
  uint32_t b = code.variable("b", Type::I32, 1);
  code.input(2, 0);
  code.main();
  code.vector("mov32", slot(code.memory(Type::I32, b, {1})),
              {slot(code.fabin(Type::I32, 2, 0, 1))});
  code.finish();
  ProgramMaker sender("sender");
  sender.output(2, 0);
  sender.main();
  sender.vector("mov32", slot(sender.fabout(Type::I32, 2, 0, 1)),
                {reg(Type::I32, 0)});
  sender.finish();
  image.place(std::move(code), ImageMaker::box(1, 2));
  image.place(std::move(sender), ImageMaker::box(2, 3));
  image.route(0, WestBit, RampBit, ImageMaker::box(1, 2))
      .positions.emplace_back(EastBit, 0);
  image.route(0, RampBit, WestBit, ImageMaker::box(2, 3));
  sim::Report report = image.load()->run();
  EXPECT_EQ(report.status, sim::Status::Deadlocked);
  EXPECT_NE(report.message.find("\n  PE (1, 0): color 0 holds 1 wavelet from "
                                "EAST and takes from WEST in switch position "
                                "0"),
            std::string::npos)
      << report.message;
  image.image.routes[0]->teardown = true;
  report = image.load()->run();
  EXPECT_NE(report.message.find("input queue 2 (color 0, in teardown)"),
            std::string::npos)
      << report.message;
}

TEST(Switch, LeavesTheFabricByName) {
  std::vector<SwitchPosition> off = {{0, SouthBit}};
  ImageMaker image = star(/*ring=*/false, off, 0);
  image.image.routes.pop_back();
  RouterBench bench(image);
  sendAndAdvance(bench, 1);
  bench.send(0, 4, 1, 1);
  sim::Report report = bench.run();
  EXPECT_EQ(report.status, sim::Status::Trapped);
  EXPECT_NE(report.message.find("PE (1, 1): a wavelet of color 0 leaves to the "
                                "SOUTH, where no route takes it"),
            std::string::npos)
      << report.message;
}

TEST(Switch, WrongImages) {
  ImageMaker image = turn();
  image.image.routes[1]->current_position = 4;
  EXPECT_EQ(image.loadError(), "image: route in an unknown switch position");
  image = turn();
  image.image.routes[1]->positions.resize(4);
  EXPECT_EQ(image.loadError(), "image: route with too many switch positions");
  image = turn();
  image.image.routes[1]->positions[0] = {32, 0};
  EXPECT_EQ(image.loadError(), "image: switch position with unknown ports");
  image = turn();
  image.image.routes[1]->pop_mode = PopMode(4);
  EXPECT_EQ(image.loadError(), "image: route with an unknown pop mode");
  image = turn();
  image.image.host_out_colors = {24};
  EXPECT_EQ(image.loadError(), "image: host color out of range");
  image = turn();
  image.route(0, WestBit, RampBit, ImageMaker::box(1, 2)); // without switch
  EXPECT_EQ(image.loadError(), "image: PE (1, 0) has two routes for color 0");
}
