//===- ConfigTest.cpp - filters, teardown, color swap, registers ----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What a color's configuration has beside routes and switches, and how it
// changes while running.
//
//===----------------------------------------------------------------------===//

#include "RouterBench.h"

using namespace spada;
using namespace spada::test;

namespace {
using Words = std::vector<uint32_t>;

constexpr uint32_t colorRegister(unsigned color) { return 0xfe40 + 2 * color; }
constexpr uint32_t switchRegister(unsigned color) { return 0xfe80 + 2 * color; }
constexpr unsigned tornDown = 1u << 14;

/// PE 0 sends to PE 1, which filters, and on to PE 2, which does not.
ImageMaker filtered(FilterT filter) {
  ImageMaker image(3, 1);
  image.place(queuesOnly("queues", 1), ImageMaker::box(0, 3));
  image.route(0, RampBit, EastBit, ImageMaker::box(0, 1));
  image.route(0, WestBit, RampBit | EastBit, ImageMaker::box(1, 2)).filter =
      std::make_unique<FilterT>(filter);
  image.route(0, WestBit, RampBit, ImageMaker::box(2, 3));
  return image;
}

FilterT counter(uint32_t init, uint32_t max, uint32_t limit1) {
  FilterT filter;
  filter.kind = FilterKind::Counter;
  filter.count_data = true;
  filter.init_counter = init;
  filter.max_counter = max;
  filter.limit1 = limit1;
  return filter;
}

/// The words of 0 to n - 1 that pass.
Words passed(FilterT filter, uint32_t n) {
  RouterBench bench(filtered(filter));
  for (uint32_t i = 0; i < n; ++i)
    bench.send(0, i, 0);
  EXPECT_EQ(bench.run().status, sim::Status::Finished);
  EXPECT_EQ(bench.words(0, 2), range(0, n));
  return bench.words(0, 1);
}

/// A program that may store through pointers, so that its PE has registers for
/// all colors; color `color` with queues 2 + color.
ProgramMaker configurable(unsigned numColors) {
  ProgramMaker code = queuesOnly("configurable", numColors);
  code.emit(Opcode::StoreAt, Type::I16, 0, 1, 2);
  code.end();
  return code;
}
} // namespace

TEST(Filter, Counter) {
  EXPECT_EQ(passed(counter(0, 1, 4), 12), (Words{0, 1, 5, 6, 10, 11}));
  EXPECT_EQ(passed(counter(3, 1, 4), 8), (Words{2, 3, 7}));
  EXPECT_EQ(passed(counter(0, 4, 4), 8), range(0, 8));
}

TEST(Filter, SparseCounter) {
  // Once around with the first limit, once with the second, then it is off.
  FilterT filter = counter(0, 0, 2);
  filter.kind = FilterKind::SparseCounter;
  filter.limit2 = 3;
  EXPECT_EQ(passed(filter, 10), (Words{0, 3, 7, 8, 9}));
}

TEST(Filter, RangeOfIndices) {
  FilterT filter;
  filter.kind = FilterKind::Range;
  filter.min_index = 3;
  filter.max_index = 5;
  RouterBench bench(filtered(filter));
  for (uint32_t i = 0; i < 12; ++i)
    bench.send(0, i << 16 | 99, 0);
  bench.sendControl(0, control({Nop}, 40), 0);
  bench.run();
  EXPECT_EQ(bench.words(0, 1), (Words{3u << 16 | 99, 4u << 16 | 99,
                                      5u << 16 | 99, control({Nop}, 40)}));
}

TEST(Filter, CountsAndFiltersControlWavelets) {
  uint32_t word = control({Nop}, 40), ignored = control({Nop | Ignore}, 40);
  FilterT filter = counter(0, 1, 3);
  filter.filter_control = true; // passes at the largest count alone
  RouterBench bench(filtered(filter));
  for (uint32_t i = 0; i < 4; ++i) {
    bench.sendControl(0, word, 0);
    bench.sendControl(0, ignored, 0); // does not get to the filter
    bench.send(0, i, 0);
  }
  bench.run();
  EXPECT_EQ(bench.words(0, 1), (Words{0, word, 1}));

  filter = counter(0, 1, 3);
  filter.count_control = true;
  RouterBench both(filtered(filter));
  for (uint32_t i = 0; i < 3; ++i) {
    both.sendControl(0, word, 0);
    both.send(0, i, 0);
  }
  both.run();
  EXPECT_EQ(both.words(0, 1), (Words{word, 0, word, 2}));
}

TEST(Filter, KeepsWaveletsFromAFullOrMissingQueue) {
  ImageMaker image = filtered(counter(1, 0, 1000));
  image.image.programs[0]->queues.clear();
  image.image.programs[0]->dsds.clear();
  ProgramMaker sender = queuesOnly("sender", 1);
  image.image.tiles.clear();
  image.place(std::move(sender), ImageMaker::box(0, 1));
  image.tile(0, ImageMaker::box(1, 2));
  image.tile(1, ImageMaker::box(2, 3));
  RouterBench bench(image);
  for (uint32_t i = 0; i < 50; ++i)
    bench.send(0, i, 0);
  EXPECT_EQ(bench.run().status, sim::Status::Finished);
  EXPECT_EQ(bench.words(0, 2), range(0, 50));
  image = filtered(counter(0, 0, 0));
  image.image.routes[1]->filter->kind = FilterKind(3);
  EXPECT_EQ(image.loadError(), "image: filter of unknown kind");
}

/// A row to the east in which every PE may configure its router.
static ImageMaker row(int length, bool teardown = false) {
  ImageMaker image(length, 1);
  image.place(configurable(2), ImageMaker::box(0, length));
  image.route(0, RampBit, EastBit, ImageMaker::box(0, 1)).teardown = teardown;
  image.route(0, WestBit, EastBit, ImageMaker::box(1, length - 1)).teardown =
      teardown;
  image.route(0, WestBit, RampBit, ImageMaker::box(length - 1, length))
      .teardown = teardown;
  return image;
}

TEST(Teardown, StopsTheColorUntilItIsReleased) {
  RouterBench bench(row(4));
  bench.send(0, 1, 0);
  bench.sendControl(0, control({Stop | Ignore}), 0);
  bench.send(0, 2, 0);
  bench.send(1, 3, 0); // no route; stays where it is
  bench.run();
  EXPECT_EQ(bench.words(0, 3), Words{1});
  for (uint32_t x = 0; x < 4; ++x) {
    EXPECT_EQ(bench.core(x).teardownPending, 1u) << x;
    EXPECT_TRUE(bench.read(colorRegister(0), x) & tornDown) << x;
    bench.write(colorRegister(0), bench.read(colorRegister(0), x) ^ tornDown,
                x);
    bench.run();
    EXPECT_EQ(bench.words(0, 3), x < 3 ? Words{1} : (Words{1, 2})) << x;
  }
}

TEST(Teardown, FromTheStart) {
  RouterBench bench(row(2, /*teardown=*/true));
  bench.send(0, 1, 0);
  bench.run();
  EXPECT_EQ(bench.words(0, 1), Words{});
  EXPECT_EQ(bench.core(0).teardownPending, 0u);
  EXPECT_NE(sim::describeWaits(*bench.engine)
                .find("\n  PE (0, 0): color 0 holds 1 wavelet from RAMP and is "
                      "in teardown"),
            std::string::npos)
      << sim::describeWaits(*bench.engine);
  for (uint32_t x : {1, 0})
    bench.write(colorRegister(0), bench.read(colorRegister(0), x) & ~tornDown,
                x);
  bench.run();
  EXPECT_EQ(bench.words(0, 1), Words{1});
}

TEST(Teardown, RunsItsTask) {
  ImageMaker image(1, 1);
  ProgramMaker code("handler");
  uint32_t at = code.variable("seen", Type::I32, 1);
  code.task("torn", 3);
  code.program.tasks.back()->kind = TaskKind::Teardown;
  code.constant(0, 5);
  code.store(0, Type::I32, at);
  code.finish();
  code.main();
  code.end();
  image.place(std::move(code), ImageMaker::box(0, 1));
  image.route(3, RampBit, RampBit, ImageMaker::box(0, 1));
  sim::Model model;
  std::string error;
  ASSERT_TRUE(sim::loadModel(image.bytes(), model, error)) << error;
  sim::Options options;
  sim::Engine engine(model, options);
  engine.strips[0]->post(30, {0, 0, sim::Event::Teardown, 3});
  EXPECT_EQ(engine.run().status, sim::Status::Finished);
  EXPECT_EQ(engine.cores[0].memory[at], 5);
  EXPECT_EQ(engine.cores[0].teardownPending, 0u);
}

/// Clears the teardown bit of color 0, as programs do.
static void release(ProgramMaker &code) {
  code.task("torn", 0);
  code.program.tasks.back()->kind = TaskKind::Teardown;
  code.constant(0, int32_t(colorRegister(0)), Type::I32);
  code.emit(Opcode::LoadAt, Type::I16, 1, 0);
  code.constant(2, int32_t(tornDown));
  code.emit(Opcode::Xor, Type::I16, 1, 1, 2);
  code.emit(Opcode::StoreAt, Type::I16, 1, 0);
  code.end();
}

TEST(Teardown, ProgramsReleaseTheColor) {
  ImageMaker image(3, 1);
  ProgramMaker sender("sender"), middle("middle"), receiver("receiver");
  sender.output(2, 0);
  uint32_t data = sender.fabout(Type::I32, 2, 0, 1),
           stop = sender.fabout(Type::I32, 2, 0, 1);
  sender.program.dsds[stop]->control = true;
  sender.main();
  for (int32_t i = 1; i <= 3; ++i) {
    sender.constant(3, i);
    sender.vector("mov32", slot(data), {reg(Type::I32, 3)});
    sender.constant(3, int32_t(control({Stop | Ignore})));
    sender.vector("mov32", slot(stop), {reg(Type::I32, 3)});
  }
  sender.finish();
  uint32_t got = receiver.variable("got", Type::I32, 3);
  receiver.input(2, 0);
  uint32_t exit = receiver.task("exit", 8);
  receiver.finish();
  receiver.main(); // the main thread stays free for the teardown task
  receiver.async("mov32", slot(receiver.memory(Type::I32, got, {3})),
                 {slot(receiver.fabin(Type::I32, 2, 0, 3))}, 2, int(exit));
  receiver.end();
  int x = 0;
  for (ProgramMaker *code : {&sender, &middle, &receiver}) {
    release(*code);
    image.place(std::move(*code), ImageMaker::box(x, x + 1));
    image.route(0, x == 0 ? RampBit : WestBit, x == 2 ? RampBit : EastBit,
                ImageMaker::box(x, x + 1));
    ++x;
  }
  image.argument("got", HostDirection::Out, "i32", {}, 3, ImageMaker::box(2, 3))
      .offset_x = 2;
  auto simulator = image.load();
  sim::Report report = simulator->run();
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  EXPECT_EQ(readArray<uint32_t>(*simulator, "got"), (Words{1, 2, 3}));
  EXPECT_EQ(report.tasks, 3u + 3 * 3); // three times on each PE
}

TEST(ColorSwap, EveryHopChangesTheColor) {
  ImageMaker image(4, 1);
  image.place(queuesOnly("queues", 2), ImageMaker::box(0, 4));
  for (uint8_t color : {0, 1}) {
    image.route(color, RampBit, RampBit | EastBit, ImageMaker::box(0, 1))
        .swap_x = true;
    image.route(color, WestBit, RampBit | EastBit, ImageMaker::box(1, 3))
        .swap_x = true;
    image.route(color, WestBit, RampBit, ImageMaker::box(3, 4)).swap_x = true;
  }
  RouterBench bench(image);
  for (uint32_t i = 0; i < 30; ++i)
    bench.send(1, i, 0);
  EXPECT_EQ(bench.run().status, sim::Status::Finished);
  for (uint32_t x = 0; x < 4; ++x) {
    EXPECT_EQ(bench.words(1, x), x % 2 == 0 ? range(0, 30) : Words{}) << x;
    EXPECT_EQ(bench.words(0, x), x % 2 == 1 ? range(0, 30) : Words{}) << x;
  }
}

TEST(ColorSwap, OnlyAlongItsAxis) {
  // Color 0 goes east and south; swap_y changes the color to the south alone.
  ImageMaker image(2, 2);
  image.place(queuesOnly("queues", 2), ImageMaker::box(0, 2, 0, 2));
  image.route(0, RampBit, EastBit | SouthBit, ImageMaker::box(0, 1)).swap_y =
      true;
  image.route(0, WestBit, RampBit, ImageMaker::box(1, 2));
  image.route(1, NorthBit, RampBit, ImageMaker::box(0, 1, 1, 2));
  RouterBench bench(image);
  for (uint32_t i = 0; i < 30; ++i)
    bench.send(0, i, 0);
  EXPECT_EQ(bench.run().status, sim::Status::Finished);
  EXPECT_EQ(bench.words(0, 1), range(0, 30));
  EXPECT_EQ(bench.words(1, 0, 1), range(0, 30));
}

TEST(ConfigRegisters, ReadWhatTheImageSays) {
  ImageMaker image(2, 1);
  image.place(configurable(1), ImageMaker::box(0, 2));
  RouteT &route = image.route(0, RampBit, EastBit, ImageMaker::box(0, 1));
  route.positions = {{NorthBit, 0}, {0, 0}, {0, SouthBit}};
  route.current_position = 3;
  route.ring = true;
  route.pop_mode = PopMode::PopOnAdvance;
  route.swap_x = true;
  route.teardown = true;
  RouterBench bench(image);
  // tx E is bit 1, rx RAMP bit 9; 11 swap E/W; 12-13 pop mode; 14 teardown.
  EXPECT_EQ(bench.read(colorRegister(0), 0),
            1u << 1 | 1u << 9 | 1u << 11 | 2u << 12 | tornDown);
  // pos1 rx N, pos2 invalid, pos3 tx S, ring, position 3.
  EXPECT_EQ(bench.read(switchRegister(0), 0),
            (3u | 8) | 5u << 4 | 2u << 8 | 1u << 12 | 3u << 13);
  // No route, and a color that nothing names.
  EXPECT_EQ(bench.read(colorRegister(0), 1), 0u);
  EXPECT_EQ(bench.read(switchRegister(23), 1), 0x555u);
}

TEST(ConfigRegisters, RoundTrip) {
  RouterBench bench(row(3));
  for (unsigned color : {0u, 1u, 7u, 23u})
    for (unsigned value : {0xffffu, 0u, 0x1234u, 0xa5a5u, 0x5a5au, 0x4000u}) {
      bench.write(colorRegister(color), value, 1);
      bench.write(switchRegister(color), value & 0x7fff, 1);
      EXPECT_EQ(bench.read(colorRegister(color), 1), value) << color;
      EXPECT_EQ(bench.read(switchRegister(color), 1), value & 0x7fff) << color;
    }
  EXPECT_EQ(bench.read(colorRegister(1), 0), 0u); // a register of each PE
  sim::Core &core = bench.core(0);
  for (uint32_t address : {0xfe3eu, 0xfe41u, 0xfe70u, 0xfeb0u, 0xfc00u, 0u}) {
    EXPECT_FALSE(bench.strip(0).readConfig(core, address)) << address;
    EXPECT_FALSE(bench.strip(0).writeConfig(core, address, 0)) << address;
  }
}

TEST(ConfigRegisters, RoutesThatTheImageDoesNotHave) {
  RouterBench bench(row(3));
  bench.write(colorRegister(1), 1u << 1 | 1u << 9, 0); // ramp to east
  bench.write(colorRegister(1), 1u << 4 | 1u << 6, 1); // west to ... nothing
  bench.send(1, 1, 0);
  bench.run();
  EXPECT_EQ(bench.words(1, 1), Words{});
  bench.write(colorRegister(1), 1u << 4 | 1u << 5, 1); // west to ramp
  bench.run();
  EXPECT_EQ(bench.words(1, 1), Words{1});
}

TEST(ConfigRegisters, SwitchPositions) {
  RouterBench bench(row(3));
  // pos1 of PE 1 sends to the ramp; go there by hand, and back.
  bench.write(switchRegister(0), 4u | 5u << 4 | 5u << 8 | 1u << 13, 1);
  bench.send(0, 1, 0);
  bench.run();
  EXPECT_EQ(bench.words(0, 1), Words{1});
  EXPECT_EQ(bench.position(0, 1), 1u);
  bench.write(switchRegister(0), bench.read(switchRegister(0), 1) & 0x1fff, 1);
  bench.send(0, 2, 0);
  bench.sendControl(0, control({Advance | Ignore}), 0);
  bench.send(0, 3, 0);
  bench.run();
  EXPECT_EQ(bench.words(0, 2), Words{2});
  EXPECT_EQ(bench.words(0, 1), (Words{1, 3}));
}

TEST(ConfigRegisters, KeepPositionsThatTheyCannotSay) {
  ImageMaker image = row(3);
  image.image.routes[1]->positions = {{0, RampBit | EastBit}};
  RouterBench bench(image);
  bench.write(switchRegister(0), bench.read(switchRegister(0), 1) | 1u << 13,
              1);
  bench.send(0, 1, 0);
  bench.run();
  EXPECT_EQ(bench.words(0, 1), Words{1});
  EXPECT_EQ(bench.words(0, 2), Words{1});
}

TEST(HostColors, LeadToTheHostWithoutARoute) {
  ImageMaker image(2, 1);
  ProgramMaker code = queuesOnly("queues", 2);
  code.main();
  code.constant(0, 7);
  code.vector("mov32", slot(0), {reg(Type::I32, 0)});
  code.end();
  image.place(std::move(code), ImageMaker::box(0, 2));
  image.image.host_out_colors = {0, 9};
  sim::Model model;
  std::string error;
  ASSERT_TRUE(sim::loadModel(image.bytes(), model, error)) << error;
  sim::Options options;
  sim::Engine engine(model, options);
  engine.run();
  ASSERT_EQ(engine.sinks.size(), 2u); // color 9: nobody sends on it
  for (const sim::HostSink &sink : engine.sinks)
    EXPECT_EQ(sink.words, Words{7});
}
