//===- FabricTest.cpp - routes, queues, deadlocks and budgets -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Small images, each for one property of the fabric.
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"

#include <numeric>

using namespace spada;
using namespace spada::test;

namespace {
constexpr int west = 0, east = 1;

/// PE 0 sends `n` words of "a" on color 0, PE 1 takes `taken` of them into "b".
ImageMaker sendOne(uint32_t n, uint32_t taken, bool routed = true) {
  ImageMaker image(2, 1);
  ProgramMaker sender("sender"), receiver("receiver");
  uint32_t a = sender.variable("a", Type::F32, n);
  sender.output(2, 0);
  sender.main();
  sender.lastLocation = 3;
  sender.vector("fmovs", slot(sender.fabout(Type::F32, 2, 0, n)),
                {slot(sender.memory(Type::F32, a, {n}))});
  sender.finish();
  uint32_t b = receiver.variable("b", Type::F32, std::max(n, taken));
  receiver.input(3, 0);
  receiver.main();
  receiver.lastLocation = 7;
  if (taken)
    receiver.vector("fmovs", slot(receiver.memory(Type::F32, b, {taken})),
                    {slot(receiver.fabin(Type::F32, 3, 0, taken))});
  receiver.finish();
  image.place(std::move(sender), ImageMaker::box(west, west + 1));
  image.place(std::move(receiver), ImageMaker::box(east, east + 1));
  if (routed) {
    image.route(0, RampBit, EastBit, ImageMaker::box(west, west + 1));
    image.route(0, WestBit, RampBit, ImageMaker::box(east, east + 1));
  }
  image.argument("a", HostDirection::In, "f32", {1}, n,
                 ImageMaker::box(west, west + 1));
  HostArgumentT &result = image.argument("b", HostDirection::Out, "f32", {1}, n,
                                         ImageMaker::box(east, east + 1));
  result.offset_x = 1;
  return image;
}

std::vector<float> ramp(size_t n) {
  std::vector<float> values(n);
  std::iota(values.begin(), values.end(), 1.0f);
  return values;
}
} // namespace

TEST(Fabric, SendAndReceive) {
  auto simulator = sendOne(100, 100).load();
  writeArray(*simulator, "a", ramp(100));
  sim::Report report = simulator->run();
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  EXPECT_EQ(readArray<float>(*simulator, "b"), ramp(100));
  EXPECT_EQ(report.waveletHops, 100u);
  EXPECT_EQ(report.waveletsLeft, 0u);
  EXPECT_EQ(report.tasks, 2u);
  ASSERT_EQ(report.busiestLinks.size(), 2u);
  EXPECT_EQ(report.busiestLinks[0].wavelets, 100u);
  EXPECT_EQ(report.busiestLinks[0].direction, int(sim::Direction::East));
  // One wavelet per cycle, five cycles of way, start-up and the first element's
  // own cycle.
  EXPECT_NEAR(double(report.cycles), 100 + 5 + 1 + 4, 2);
}

TEST(Fabric, RunsAgainFromAFreshFabric) {
  auto simulator = sendOne(10, 10).load();
  writeArray(*simulator, "a", ramp(10));
  sim::Report first = simulator->run(), second = simulator->run();
  EXPECT_EQ(first.cycles, second.cycles);
  EXPECT_EQ(readArray<float>(*simulator, "b"), ramp(10));
}

TEST(Fabric, BackPressureHoldsTheSender) {
  // Nobody takes the words: queues and routers fill, then the sender waits.
  auto simulator = sendOne(100, 0).load();
  sim::Report report = simulator->run();
  EXPECT_EQ(report.status, sim::Status::Deadlocked);
  EXPECT_EQ(report.message,
            "deadlock: nothing can happen any more, 1 PEs wait\n"
            "  PE (0, 0): operation 'fmovs' waits for room in output queue 2 "
            "(color 0), whose wavelets are not taken "
            "at PE (1, 0), 21 of 100 elements done, at test.csl:4:1");
  // Output queue 6, ramp and its router buffer 5, router buffer of the link 4,
  // ramp and input queue 6.
}

TEST(Fabric, WordsLeftAreReported) {
  auto simulator = sendOne(5, 3).load();
  sim::Report report = simulator->run();
  EXPECT_EQ(report.status, sim::Status::Finished);
  EXPECT_EQ(report.waveletsLeft, 2u);
  EXPECT_EQ(report.message, "2 wavelets were sent but never taken");
}

TEST(Fabric, DeadlockSaysWhoWaits) {
  auto simulator = sendOne(3, 8).load();
  sim::Report report = simulator->run();
  EXPECT_EQ(report.status, sim::Status::Deadlocked);
  EXPECT_EQ(report.message,
            "deadlock: nothing can happen any more, 1 PEs wait\n"
            "  PE (1, 0): operation 'fmovs' waits for a wavelet on input queue "
            "3 (color 0), 3 of 8 elements done, at "
            "test.csl:8:1");
}

TEST(Fabric, DeadlockListsAtMostEight) {
  ImageMaker image(12, 1);
  ProgramMaker code("waiter");
  uint32_t b = code.variable("b", Type::F32, 1);
  code.input(2, 0);
  code.main();
  code.vector("fmovs", slot(code.memory(Type::F32, b, {1})),
              {slot(code.fabin(Type::F32, 2, 0, 1))});
  code.finish();
  image.place(std::move(code), ImageMaker::box(0, 12));
  sim::Report report = image.load()->run();
  EXPECT_EQ(report.status, sim::Status::Deadlocked);
  EXPECT_EQ(std::count(report.message.begin(), report.message.end(), '\n'), 9);
  EXPECT_NE(report.message.find("12 PEs wait"), std::string::npos);
  EXPECT_NE(report.message.find("\n  and 4 more"), std::string::npos);
}

TEST(Fabric, DeadlockNamesBlockedTasks) {
  ImageMaker image(1, 1);
  ProgramMaker code("blocked");
  uint32_t next = code.task("next", 8, /*blocked=*/true);
  code.finish();
  code.main();
  code.activate(next);
  code.end();
  image.place(std::move(code), ImageMaker::box(0, 1));
  sim::Report report = image.load()->run();
  EXPECT_EQ(report.status, sim::Status::Deadlocked);
  EXPECT_NE(report.message.find("PE (0, 0): task 'next' is active but blocked; "
                                "nothing unblocks it, at test.csl:1:1"),
            std::string::npos)
      << report.message;
}

TEST(Fabric, Budget) {
  ImageMaker image(1, 1);
  ProgramMaker code("loop");
  code.main();
  code.emit(Opcode::Jump, Type::I32, noReg, noReg, noReg, noReg, 0);
  image.place(std::move(code), ImageMaker::box(0, 1));
  sim::Options options;
  options.maxCycles = 5000;
  uint64_t seen = 0;
  options.progress = [&](uint64_t cycle) { seen = cycle + 1; };
  sim::Report report = image.load()->run(options);
  EXPECT_EQ(report.status, sim::Status::OutOfBudget);
  EXPECT_EQ(report.message, "no end after 5000 cycles");
  EXPECT_LT(report.lastCycle, 5000u);
  EXPECT_GT(seen, 0u);
}

/// PEs 0 and 2 send one word each to PE 1 on one color; PE 2 waits `delay`
/// operations of time first.
static ImageMaker collision(bool delayed) {
  ImageMaker image(3, 1);
  for (int x : {0, 2}) {
    ProgramMaker sender("sender" + std::to_string(x));
    sender.output(2, 0);
    sender.main();
    sender.constant(0, 1.0f);
    if (delayed && x == 2)
      for (int i = 0; i < 5; ++i)
        sender.emit(Opcode::Add, Type::I32, 1, 1, 1);
    sender.vector("fmovs", slot(sender.fabout(Type::F32, 2, 0, 1)),
                  {reg(Type::F32, 0)});
    sender.finish();
    image.place(std::move(sender), ImageMaker::box(x, x + 1));
    image.route(0, RampBit, x == 0 ? EastBit : WestBit,
                ImageMaker::box(x, x + 1));
  }
  ProgramMaker receiver("receiver");
  uint32_t b = receiver.variable("b", Type::F32, 2);
  receiver.input(2, 0);
  receiver.main();
  receiver.vector("fmovs", slot(receiver.memory(Type::F32, b, {2})),
                  {slot(receiver.fabin(Type::F32, 2, 0, 2))});
  receiver.finish();
  image.place(std::move(receiver), ImageMaker::box(1, 2));
  image.route(0, EastBit | WestBit, RampBit, ImageMaker::box(1, 2));
  return image;
}

TEST(Fabric, CollisionTraps) {
  sim::Report report = collision(false).load()->run();
  EXPECT_EQ(report.status, sim::Status::Trapped);
  EXPECT_EQ(report.message,
            "cycle 6, PE (1, 0): two wavelets of color 0 arrive at the router "
            "from EAST and WEST in one "
            "cycle; give one of them another color, or order the senders");
}

TEST(Fabric, MergeAtDifferentTimesIsFine) {
  EXPECT_EQ(collision(true).load()->run().status, sim::Status::Finished);
}

TEST(Fabric, WaveletThatNoRouteTakes) {
  ImageMaker image = sendOne(1, 1);
  image.image.routes.pop_back();
  sim::Report report = image.load()->run();
  EXPECT_EQ(report.status, sim::Status::Trapped);
  EXPECT_NE(report.message.find("PE (0, 0): a wavelet of color 0 leaves to the "
                                "EAST, where no route takes it"),
            std::string::npos)
      << report.message;
}

TEST(Fabric, SendWithoutRoute) {
  sim::Report report = sendOne(1, 1, /*routed=*/false).load()->run();
  EXPECT_EQ(report.status, sim::Status::Trapped);
  EXPECT_EQ(report.message, "cycle 0, PE (0, 0): operation 'fmovs' sends on "
                            "color 0, which no route takes from the "
                            "ramp, at test.csl:4:1");
}

TEST(Fabric, RampWithoutQueue) {
  ImageMaker image = sendOne(1, 0);
  image.image.programs[1]->queues.clear();
  sim::Report report = image.load()->run();
  EXPECT_EQ(report.status, sim::Status::Trapped);
  EXPECT_NE(report.message.find("PE (1, 0): a wavelet of color 0 reaches the "
                                "ramp, but no input queue is bound"),
            std::string::npos)
      << report.message;
}

TEST(Fabric, MulticastReachesAll) {
  constexpr uint32_t n = 50;
  ImageMaker image(4, 1);
  ProgramMaker sender("sender"), receiver("receiver");
  uint32_t a = sender.variable("a", Type::F32, n);
  sender.output(2, 5);
  sender.main();
  sender.vector("fmovs", slot(sender.fabout(Type::F32, 2, 5, n)),
                {slot(sender.memory(Type::F32, a, {n}))});
  sender.finish();
  uint32_t b = receiver.variable("b", Type::F32, n);
  receiver.input(2, 5);
  receiver.main();
  receiver.vector("fmovs", slot(receiver.memory(Type::F32, b, {n})),
                  {slot(receiver.fabin(Type::F32, 2, 5, n))});
  receiver.finish();
  image.place(std::move(sender), ImageMaker::box(0, 1));
  image.place(std::move(receiver), ImageMaker::box(1, 4));
  image.route(5, RampBit, EastBit, ImageMaker::box(0, 1));
  image.route(5, WestBit, EastBit | RampBit, ImageMaker::box(1, 3));
  image.route(5, WestBit, RampBit, ImageMaker::box(3, 4));
  image.argument("a", HostDirection::In, "f32", {}, n, ImageMaker::box(0, 1));
  image.argument("b", HostDirection::Out, "f32", {3}, n, ImageMaker::box(1, 4))
      .offset_x = 1;
  auto simulator = image.load();
  writeArray(*simulator, "a", ramp(n));
  sim::Report report = simulator->run();
  ASSERT_EQ(report.status, sim::Status::Finished) << report.message;
  std::vector<float> expected;
  for (int i = 0; i < 3; ++i)
    for (float value : ramp(n))
      expected.push_back(value);
  EXPECT_EQ(readArray<float>(*simulator, "b"), expected);
  EXPECT_EQ(report.waveletHops, 3 * n);
}

TEST(Fabric, ColorsShareALink) {
  // Two colors over one link: each gets half of it.
  constexpr uint32_t n = 200;
  ImageMaker image(2, 1);
  ProgramMaker sender("sender"), receiver("receiver");
  uint32_t a = sender.variable("a", Type::F32, n),
           b = receiver.variable("b", Type::F32, 2 * n);
  uint32_t memory = sender.memory(Type::F32, a, {n});
  for (uint8_t color : {0, 1}) {
    sender.output(uint8_t(2 + color), color);
    receiver.input(uint8_t(2 + color), color);
    image.route(color, RampBit, EastBit, ImageMaker::box(0, 1));
    image.route(color, WestBit, RampBit, ImageMaker::box(1, 2));
  }
  sender.task("exit", 8);
  sender.finish();
  sender.main();
  for (uint8_t color : {0, 1})
    sender.async("fmovs",
                 slot(sender.fabout(Type::F32, uint8_t(2 + color), color, n)),
                 {slot(memory)}, 2 + color, color == 1 ? 0 : -1);
  sender.end();
  receiver.task("exit", 8);
  receiver.finish();
  receiver.main();
  for (uint8_t color : {0, 1})
    receiver.async(
        "fmovs", slot(receiver.memory(Type::F32, b + color * n * 4, {n})),
        {slot(receiver.fabin(Type::F32, uint8_t(2 + color), color, n))},
        2 + color, color == 1 ? 0 : -1);
  receiver.end();
  image.place(std::move(sender), ImageMaker::box(0, 1));
  image.place(std::move(receiver), ImageMaker::box(1, 2));
  image.argument("a", HostDirection::In, "f32", {}, n, ImageMaker::box(0, 1));
  image.argument("b", HostDirection::Out, "f32", {}, 2 * n,
                 ImageMaker::box(1, 2));
  auto simulator = image.load();
  writeArray(*simulator, "a", ramp(n));
  sim::Report report = simulator->run();
  ASSERT_EQ(report.status, sim::Status::Finished) << report.message;
  EXPECT_NEAR(double(report.cycles), 2 * n, 40);
  std::vector<float> result = readArray<float>(*simulator, "b");
  EXPECT_EQ(std::vector<float>(result.begin() + n, result.end()), ramp(n));
}

/// PE x doubles a stream by data tasks: in on color 0, out on color 1.
static ImageMaker streaming(uint32_t width) {
  ImageMaker image(width, 1);
  image.image.streaming = true;
  ProgramMaker code("double");
  code.input(2, 0);
  code.output(2, 1);
  uint32_t out = code.fabout(Type::F32, 2, 1, 1);
  code.dataTask("element", 0, 2, /*payload=*/3, Type::F32);
  code.emit(Opcode::FAdd, Type::F32, 3, 3, 3);
  code.vector("fmovs", slot(out), {reg(Type::F32, 3)});
  code.end();
  image.place(std::move(code), ImageMaker::box(0, int(width)));
  HostArgumentT &in = image.argument("in", HostDirection::In, "f32", {width}, 0,
                                     ImageMaker::box(0, int(width)));
  in.color = 0;
  image
      .argument("out", HostDirection::Out, "f32", {width}, 0,
                ImageMaker::box(0, int(width)))
      .color = 1;
  return image;
}

TEST(Fabric, HostStreams) {
  auto simulator = streaming(3).load();
  writeArray(*simulator, "in", ramp(60));
  sim::Report report = simulator->run();
  ASSERT_EQ(report.status, sim::Status::Finished) << report.message;
  std::vector<float> expected = ramp(60);
  for (float &value : expected)
    value *= 2;
  EXPECT_EQ(readArray<float>(*simulator, "out"), expected);
  EXPECT_EQ(report.tasks, 60u);
  std::string error;
  EXPECT_FALSE(simulator->writeArgument("in", std::vector<uint8_t>(10), error));
  EXPECT_EQ(error, "argument 'in' has 10 bytes, expected a multiple of 12");
}

TEST(Fabric, HostInputNotUsed) {
  ImageMaker image = streaming(1);
  image.image.programs[0]->tasks[0]->blocked = true;
  auto simulator = image.load();
  writeArray(*simulator, "in", ramp(3));
  sim::Report report = simulator->run();
  EXPECT_EQ(report.status, sim::Status::Finished);
  EXPECT_EQ(report.message, "3 wavelets were sent but never taken");
}

TEST(Fabric, StreamsNeedAQueueOfTheirOwn) {
  ImageMaker image = streaming(2);
  image.route(0, WestBit, RampBit, ImageMaker::box(1, 2));
  EXPECT_EQ(
      image.loadError(),
      "image: host argument 'in': PE (1, 0) also has a route for color 0");
  image = streaming(2);
  image.image.arguments[0]->color = 4;
  EXPECT_EQ(
      image.loadError(),
      "image: host argument 'in': PE (0, 0) has no input queue for color 4");
}

TEST(Fabric, ArgumentErrors) {
  auto simulator = sendOne(4, 4).load();
  std::string error;
  EXPECT_FALSE(simulator->writeArgument("z", {}, error));
  EXPECT_EQ(error, "kernel 'test' has no argument 'z'");
  EXPECT_FALSE(simulator->writeArgument("a", {}, error));
  EXPECT_EQ(error, "argument 'a' has 0 bytes, expected 16");
  EXPECT_FALSE(simulator->writeArgument("b", {}, error));
  EXPECT_EQ(error, "argument 'b' is written by the kernel only");
  EXPECT_FALSE(simulator->setScalar("a", 1, error));
  EXPECT_EQ(error, "argument 'a' is an array, expected a scalar");
  std::vector<uint8_t> bytes;
  EXPECT_FALSE(simulator->readArgument("a", bytes, error));
  EXPECT_EQ(error, "argument 'a' is not written by the kernel");
}
