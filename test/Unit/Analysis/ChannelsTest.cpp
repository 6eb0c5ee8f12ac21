//===- ChannelsTest.cpp - channels, colors and queues ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Which sub-flows may share a color or a queue, and what is rejected by name.
//
//===----------------------------------------------------------------------===//

#include "KernelText.h"
#include "gtest/gtest.h"

using namespace spada;
using namespace spada::test;

namespace {

std::string rounds(int count, const std::string &channel) {
  std::string text = place("0:6", "0", field("v", 2));
  for (int round = 0; round < count; ++round) {
    // Pairs (0,1), (2,3), (4,5), then (1,2), (3,4), as odd-even sort does.
    std::string left = round % 2 ? "1:4:2" : "0:5:2";
    std::string right = round % 2 ? "2:5:2" : "1:6:2";
    text += phase(
        dataflow("0:6", "0", stream("r", 1, 0, channel) + stream("l", -1, 0)) +
        compute(left, "0", awaitSend("v", "r") + awaitReceive("v", "l")) +
        compute(right, "0", awaitReceive("v", "r") + awaitSend("v", "l")));
  }
  return text;
}

TEST(Colors, EqualRoutesOfDifferentPhasesShareAColor) {
  Kernel kernel(rounds(10, ""));
  auto result = kernel.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
  EXPECT_EQ(result->flows.size(), 20u);
  EXPECT_EQ(result->colorsUsed, (std::vector<int64_t>{0, 1, 2, 3}));
  for (const PEClass &peClass : result->classes)
    EXPECT_LE(peClass.inputs.size(), 2u);
}

TEST(Colors, OneNumberWithDifferentRoutesGetsDifferentColors) {
  Kernel kernel(rounds(4, "channel %c0"));
  auto result = kernel.analyzeFor(machineNamed("wse3"));
  ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
  EXPECT_EQ(result->colorsUsed.size(), 4u);
}

TEST(Colors, HostStreamsHaveColorsOfTheirOwn) {
  std::string use = "%h = spada.argument_ref \"src\"[%i, %j : i16, i16] : "
                    "!spada.stream<f32>\n"
                    "%o = spada.argument_ref \"dst\"[%i, %j : i16, i16] : "
                    "!spada.stream<f32>\n"
                    "%f = spada.foreach [\"x\"] from %h range() to() step() : "
                    "!spada.stream<f32> {\n^bb0(%x: f32):\n"
                    "%t = spada.send_value %x to %o : f32, "
                    "!spada.stream<f32>\nspada.await %t\n}\n"
                    "spada.await %f\n";
  Kernel kernel("spada.argument \"src\" readonly f32 dims(%c4, %c1)\n"
                "spada.argument \"dst\" writeonly f32 dims(%c4, %c1)\n" +
                place("0:4", "0", field("v")) +
                phase(compute("0:4", "0", use)));
  ASSERT_TRUE(kernel.parsed()) << kernel.messages;
  auto result = kernel.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
  ASSERT_EQ(result->hostStreams.size(), 2u);
  const HostStream *in = result->findHostStream("src", StreamDirection::In);
  const HostStream *out = result->findHostStream("dst", StreamDirection::Out);
  ASSERT_TRUE(in && out);
  EXPECT_NE(in->color, out->color);
  EXPECT_FALSE(result->findHostStream("src", StreamDirection::Out));
  ASSERT_EQ(result->classes.size(), 1u);
  EXPECT_TRUE(result->classes[0].inputQueue(in->color));
  EXPECT_TRUE(result->classes[0].outputQueue(out->color));
}

TEST(Colors, ReservedColorsStayFree) {
  Kernel kernel(rounds(2, ""));
  Machine machine = machineNamed("wse2");
  AnalysisOptions options;
  options.reservedColors = machine.programColors.size() - 4;
  EXPECT_TRUE(mlir::succeeded(analyze(kernel.op(), machine, options)));
  ++options.reservedColors;
  EXPECT_TRUE(mlir::failed(analyze(kernel.op(), machine, options)));
  EXPECT_NE(kernel.messages.find("out of colors: the kernel needs 4, wse2 has "
                                 "3 for it"),
            std::string::npos)
      << kernel.messages;
  EXPECT_NE(kernel.messages.find("note: color 0 is held by 'r' in phase 0"),
            std::string::npos)
      << kernel.messages;
}

//===----------------------------------------------------------------------===//
// Explicit channels
//===----------------------------------------------------------------------===//

void expectError(const std::string &body, const std::string &message) {
  Kernel kernel(body);
  ASSERT_TRUE(kernel.parsed()) << kernel.messages;
  EXPECT_TRUE(mlir::failed(kernel.analyzeFor(machineNamed("wse2"))));
  EXPECT_NE(kernel.messages.find(message), std::string::npos)
      << kernel.messages;
}

TEST(Channels, SenderThatAlsoReceivesOnOneChannel) {
  expectError(place("0:3", "0", field("v")) +
                  dataflow("0:3", "0", stream("s", 1, 0, "channel %c5")) +
                  phase(compute("0:2", "0", awaitSend("v", "s")) +
                        compute("1:3", "0", awaitReceive("v", "s"))),
              "stream 's' on channel 5 needs two routes at PE [1, 0]: RAMP -> "
              "EAST and WEST -> RAMP; use 'channel = auto'");
}

TEST(Channels, ConcurrentUse) {
  expectError(
      place("0:3", "0", field("v")) +
          dataflow("0:3", "0",
                   stream("a", 1, 0, "channel %c0") +
                       stream("b", 2, 0, "channel %c0")) +
          phase(compute("0", "0", awaitSend("v", "a") + awaitSend("v", "b")) +
                compute("1", "0", awaitReceive("v", "a")) +
                compute("2", "0", awaitReceive("v", "b"))),
      "concurrent use of channel 0: 'a' and 'b' meet at PEs [0:2, 0]");
}

TEST(Channels, EpochsAreRejectedByName) {
  std::string close = "%c = spada.stream_ref \"a\" : !spada.stream<f32>\n"
                      "%d = spada.close %c : !spada.stream<f32>\n"
                      "spada.await %d\n";
  expectError(
      place("0:3", "0", field("v")) +
          dataflow("0:3", "0",
                   stream("a", 1, 0, "channel %c7") +
                       stream("b", 2, 0, "channel %c7")) +
          phase(compute("0", "0",
                        awaitSend("v", "a") + close + awaitSend("v", "b")) +
                compute("1", "0", awaitReceive("v", "a")) +
                compute("2", "0", awaitReceive("v", "b"))),
      "channel epoch (close and reuse of channel 7 within a phase) is "
      "not supported");
}

TEST(Channels, ShiftBundlesAreRejectedByName) {
  auto bundle = [](const std::string &rest) {
    return place("0:5", "0", field("v")) +
           dataflow("0:5", "0",
                    "spada.stream \"f\" f32 bound %c1 offset(%c3, %c0) " +
                        rest + "\n") +
           phase(compute("0:2", "0", awaitSend("v", "f")) +
                 compute("3:5", "0", awaitReceive("v", "f")));
  };
  expectError(bundle("channel %c2"), "shift bundle");
  Kernel automatic(bundle(""));
  auto result = automatic.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(result)) << automatic.messages;
  EXPECT_EQ(result->subflows.size(), 2u);
}

TEST(Channels, RedAndBlueNeedNoSplit) {
  Kernel kernel(
      place("0:5", "0", field("v", 2)) +
      dataflow("0:5", "0",
               stream("red", -1, 0, "hops [-1, 0] channel %c0") +
                   stream("blue", -1, 0, "hops [-1, 0] channel %c1")) +
      phase(
          compute("4", "0", awaitSend("v", "red")) +
          compute("1:4:2", "0",
                  awaitReceive("v", "red") + awaitSend("v", "blue")) +
          compute("2", "0", awaitReceive("v", "blue") + awaitSend("v", "red")) +
          compute("0", "0", awaitReceive("v", "blue"))));
  auto result = kernel.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
  EXPECT_EQ(result->subflows.size(), 2u);
  EXPECT_EQ(result->colorsUsed.size(), 2u);
}

//===----------------------------------------------------------------------===//
// Queues
//===----------------------------------------------------------------------===//

/// PE (8, 0) sends to `count` PEs at distance 1, 2, ... in one phase each.
std::string fan(int count, bool onePhase) {
  std::string text = place("0:9", "0", field("v", 1)), streams, sends, all;
  for (int i = 1; i <= count; ++i)
    streams += stream("s" + std::to_string(i), -i, 0);
  text += dataflow("0:9", "0", streams);
  for (int i = 1; i <= count; ++i) {
    std::string name = "s" + std::to_string(i);
    std::string receiver =
        compute(std::to_string(8 - i), "0", awaitReceive("v", name));
    if (onePhase) {
      sends += awaitSend("v", name);
      all += receiver;
    } else {
      text += phase(compute("8", "0", awaitSend("v", name)) + receiver);
    }
  }
  return onePhase ? text + phase(compute("8", "0", sends) + all) : text;
}

TEST(Queues, OutputQueuesAreSharedOnWse2) {
  for (bool onePhase : {false, true}) {
    Kernel kernel(fan(6, onePhase));
    auto result = kernel.analyzeFor(machineNamed("wse2"));
    ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
    const PEClass &sender = result->classes[*result->classOf(8, 0)];
    EXPECT_EQ(sender.outputs.size(), 6u);
    EXPECT_TRUE(llvm::any_of(sender.outputs,
                             [](const QueueUse &use) { return use.shared; }));
  }
}

TEST(Queues, OutputQueuesAreBoundOnWse3) {
  Machine machine = machineNamed("wse3");
  int count = static_cast<int>(machine.outputQueues.size()) + 1;
  ASSERT_LE(count, 8);
  Kernel kernel(fan(count, false));
  EXPECT_TRUE(mlir::failed(kernel.analyzeFor(machine)));
  EXPECT_NE(kernel.messages.find("too many output queues: PE [8, 0] uses"),
            std::string::npos)
      << kernel.messages;
}

} // namespace
