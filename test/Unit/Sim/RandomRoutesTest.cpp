//===- RandomRoutesTest.cpp - any configuration, any threads --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Routes, switches, filters and stores to registers by chance: whatever comes
// of it is the same for any number of threads, and no credit gets lost.
//
//===----------------------------------------------------------------------===//

#include "RouterBench.h"

#include <random>
#include <sstream>

using namespace spada;
using namespace spada::test;

namespace {
constexpr uint32_t size = 5;
constexpr unsigned numColors = 2;

using Random = std::minstd_rand;

uint32_t below(Random &random, uint32_t limit) {
  return uint32_t(random() >> 8) % limit;
}

/// A port, seldom two, none of them off the fabric unless `anywhere`.
uint8_t ports(Random &random, int x, int y, bool anywhere, uint32_t second) {
  unsigned all = RampBit | (y > 0 ? NorthBit : 0) |
                 (y + 1 < int(size) ? SouthBit : 0) |
                 (x + 1 < int(size) ? EastBit : 0) | (x > 0 ? WestBit : 0);
  if (anywhere)
    all = 31;
  unsigned result = 0;
  while (result == 0)
    result = 1u << below(random, 5) & all;
  if (below(random, second) == 0)
    result |= 1u << below(random, 5) & all;
  return uint8_t(result);
}

void addSettings(Random &random, RouteT &route, int x, int y) {
  for (uint32_t i = below(random, 4); i > 0; --i)
    route.positions.emplace_back(
        below(random, 2) ? ports(random, x, y, false, 60) : 0,
        below(random, 2) ? ports(random, x, y, false, 3) : 0);
  route.pop_mode = PopMode(below(random, 4));
  route.ring = below(random, 2);
  route.current_position = uint8_t(below(random, 4));
  route.swap_x = below(random, 8) == 0;
  route.swap_y = below(random, 8) == 0;
  route.teardown = below(random, 8) == 0;
  if (below(random, 3))
    return;
  route.filter = std::make_unique<FilterT>();
  FilterT &filter = *route.filter;
  filter.kind = FilterKind(below(random, 3));
  filter.count_data = below(random, 2);
  filter.count_control = below(random, 2);
  filter.filter_control = below(random, 2);
  filter.init_counter = below(random, 4);
  filter.max_counter = below(random, 4);
  filter.limit1 = below(random, 6);
  filter.limit2 = below(random, 6);
  filter.max_index = below(random, 0x10000);
}

ImageMaker anyFabric(uint32_t seed) {
  Random random(seed);
  ImageMaker image(size, size);
  ProgramMaker code = queuesOnly("any", numColors);
  bool configurable = below(random, 4);
  if (configurable) {
    code.emit(Opcode::StoreAt, Type::I16, 0, 1, 2);
    code.end();
  }
  image.place(std::move(code), ImageMaker::box(0, size, 0, size));
  for (int x = 0; x < int(size); ++x)
    for (int y = 0; y < int(size); ++y)
      for (uint8_t color = 0; color < numColors; ++color) {
        bool anywhere = below(random, 500) == 0;
        uint8_t rx = ports(random, x, y, anywhere, 60),
                tx = ports(random, x, y, anywhere, 3);
        RouteT &route =
            image.route(color, rx, tx, ImageMaker::box(x, x + 1, y, y + 1));
        if (below(random, 2))
          addSettings(random, route, x, y);
      }
  return image;
}

void sendSome(Random &random, RouterBench &bench) {
  for (unsigned i = 0; i < 40; ++i) {
    uint32_t x = below(random, size), y = below(random, size),
             color = below(random, numColors);
    uint32_t data = uint32_t(random()) ^ uint32_t(random()) << 16;
    unsigned flags = below(random, 3) ? 0 : below(random, 4);
    if (bench.channel(color, x, y).open & 1) // else the core would trap
      bench.send(color, data, x, y, flags);
  }
}

void storeSome(Random &random, RouterBench &bench) {
  for (unsigned i = 0; i < 10; ++i) {
    uint32_t x = below(random, size), y = below(random, size);
    bool isInside = x > 0 && y > 0 && x + 1 < size && y + 1 < size;
    bool isSwitch = isInside && below(random, 2);
    uint32_t address =
        (isSwitch ? 0xfe80 : 0xfe40) + 2 * below(random, numColors + 1);
    auto value = uint16_t(random() >> 4);
    if (below(random, 2))
      value &= 0x3fff; // no teardown
    if (!isSwitch && !isInside)
      value = uint16_t((value & ~0x1fu) | 0x10); // to the ramp
    if (!isSwitch && below(random, 8)) // mostly from one port: no collision
      value = uint16_t((value & ~0x3e0u) | 0x20u << below(random, 5));
    EXPECT_TRUE(bench.strip(x).writeConfig(bench.core(x, y), address, value));
    bench.wake(x, y);
  }
}

/// Every place in a router's buffer is either free, and its sender knows, or
/// taken. Holds when nothing is on its way.
void checkCredits(RouterBench &bench) {
  const sim::Engine &engine = *bench.engine;
  auto capacity = unsigned(bench.model.machine.routerBufferWavelets +
                           bench.model.machine.hopLatencyCycles - 1);
  auto waiting = [&](const sim::Channel &channel, unsigned port) {
    unsigned count = 0;
    for (unsigned i = 0; i < channel.count; ++i)
      count += engine.slots[channel.slotAt(i)].port == port;
    return count;
  };
  for (const sim::Channel &channel : engine.channels) {
    ASSERT_LE(channel.count, channel.capacity);
    unsigned buffered = waiting(channel, sim::Ramp);
    ASSERT_EQ(channel.injectCredits + buffered,
              unsigned(bench.model.machine.routerBufferWavelets +
                       bench.model.machine.rampLatencyCycles - 1));
    for (unsigned port = sim::North; port < sim::numPorts; ++port) {
      if (channel.neighbor[port] == sim::none)
        continue;
      const sim::Channel &next = engine.channels[channel.neighbor[port]];
      ASSERT_EQ(channel.credits[port] + waiting(next, sim::oppositePort[port]),
                capacity);
      ASSERT_EQ(channel.exhausted >> port & 1, channel.credits[port] == 0);
    }
  }
}

/// All that can be seen of a run.
std::string outcome(uint32_t seed, int threads, bool &isQuiet) {
  RouterBench bench(anyFabric(seed), threads, /*maxCycles=*/2000);
  Random random(seed + 1);
  std::ostringstream text;
  for (unsigned phase = 0; phase < 3; ++phase) {
    sendSome(random, bench);
    sim::Report report = bench.run();
    text << int(report.status) << ' ' << report.message << ' '
         << report.waveletHops << ' ' << report.lastCycle << '\n';
    isQuiet = report.status == sim::Status::Finished;
    if (!isQuiet)
      break;
    checkCredits(bench);
    storeSome(random, bench);
  }
  for (uint32_t x = 0; x < size; ++x)
    for (uint32_t y = 0; y < size; ++y)
      for (unsigned color = 0; color < numColors; ++color) {
        const sim::Channel &channel = bench.channel(color, x, y);
        text << unsigned(channel.rx) << ' ' << unsigned(channel.tx) << ' '
             << channel.isTornDown << ' ' << unsigned(channel.count);
        for (unsigned i = 0; i < channel.count; ++i)
          text << ' ' << bench.engine->slots[channel.slotAt(i)].data;
        for (uint32_t word : bench.words(color, x, y))
          text << ' ' << word;
        text << '\n';
      }
  text << sim::describeWaits(*bench.engine);
  return text.str();
}
} // namespace

TEST(RandomRoutes, SameForAnyThreads) {
  unsigned quiet = 0;
  constexpr uint32_t runs = 200;
  for (uint32_t seed = 1; seed <= runs; ++seed) {
    bool isQuiet = false;
    std::string expected = outcome(seed, 1, isQuiet);
    quiet += isQuiet;
    for (int threads : {2, 5}) {
      ASSERT_EQ(outcome(seed, threads, isQuiet), expected) << "seed " << seed;
    }
  }
  // Enough of them go through all phases to mean something.
  EXPECT_GT(quiet, runs / 10);
}
