//===- FlowsTest.cpp - flows, classes and errors of small kernels ---------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One kernel for each rule. Random kernels are in RandomFlowsTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "KernelText.h"
#include "gtest/gtest.h"

using namespace spada;
using namespace spada::test;

namespace {

/// A row in which PE x sends "v" to x+1, all but the last.
std::string shiftRow(const std::string &n, const std::string &last,
                     const std::string &rest) {
  return place("0:" + n, "0", field("v", 4) + field("w", 4)) +
         dataflow("0:" + n, "0", stream("s", 1, 0, rest)) +
         phase(compute("0", "0", awaitSend("v", "s")) +
               compute("1:" + last, "0",
                       awaitReceive("w", "s") + awaitSend("v", "s")) +
               compute(last, "0", awaitReceive("w", "s")));
}

TEST(Flows, AutomaticShiftIsSplitByParity) {
  Kernel kernel(shiftRow("8", "7", ""));
  auto result = kernel.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
  EXPECT_EQ(result->width, 8);
  EXPECT_EQ(result->height, 1);
  ASSERT_EQ(result->flows.size(), 1u);
  EXPECT_EQ(result->flows[0].elements, 4);
  EXPECT_EQ(result->flows[0].senders.describe(), "PEs [0:7, 0]");
  EXPECT_TRUE(result->flows[0].relays.empty());
  ASSERT_EQ(result->subflows.size(), 2u);
  EXPECT_EQ(result->subflows[0].senders.describe(), "PEs [0:8:2, 0]");
  EXPECT_EQ(result->subflows[1].receivers.describe(), "PEs [2:8:2, 0]");
  EXPECT_NE(result->subflows[0].color, result->subflows[1].color);
  EXPECT_EQ(result->colorsUsed, (std::vector<int64_t>{0, 1}));
  // First, last, odd and even inner PEs.
  ASSERT_EQ(result->classes.size(), 4u);
  EXPECT_EQ(result->classes[1].region.describe(), "PEs [1:7:2, 0]");
  EXPECT_EQ(result->classes[2].region.describe(), "PEs [2:8:2, 0]");
  EXPECT_EQ(result->classes[1].fieldBytes, 32);
  unsigned inner = result->classes[1].computes[0];
  EXPECT_EQ(result->classes[1].findUse(inner, "s", Role::Send), 1u);
  EXPECT_EQ(result->classes[1].findUse(inner, "s", Role::Receive), 0u);
  EXPECT_EQ(result->classes[1].inputs.size(), 1u);
  EXPECT_TRUE(result->classes[1].inputQueue(result->subflows[0].color));
  EXPECT_EQ(result->classOf(4, 0), 2u);
  EXPECT_FALSE(result->classOf(8, 0));
  EXPECT_TRUE(result->lookupField(result->classes[1], 0, "v"));
  EXPECT_FALSE(result->lookupField(result->classes[1], 0, "x"));
}

TEST(Flows, CostAndResultDoNotDependOnTheSize) {
  Kernel small(shiftRow("16", "15", "")), large(shiftRow("748", "747", ""));
  auto a = small.analyzeFor(machineNamed("wse2"));
  auto b = large.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(a) && mlir::succeeded(b));
  EXPECT_EQ(a->classes.size(), b->classes.size());
  EXPECT_EQ(a->subflows.size(), b->subflows.size());
  EXPECT_EQ(b->classes[1].boxes.size(), 1u);
}

TEST(Flows, StridedSendersNeedNoSplit) {
  Kernel kernel(place("0:9", "0", field("v", 2)) +
                dataflow("0:9", "0", stream("s", 2, 0)) +
                phase(compute("0:9:4", "0", awaitSend("v", "s")) +
                      compute("2:11:4", "0", awaitReceive("v", "s"))));
  // PE 10 has no place block: the field is missing there.
  EXPECT_TRUE(mlir::failed(kernel.analyzeFor(machineNamed("wse2"))));
  EXPECT_NE(kernel.messages.find("field 'v' is not declared on PE [10, 0]"),
            std::string::npos)
      << kernel.messages;
  Kernel mended(place("0:11", "0", field("v", 2)) +
                dataflow("0:11", "0", stream("s", 2, 0)) +
                phase(compute("0:9:4", "0", awaitSend("v", "s")) +
                      compute("2:11:4", "0", awaitReceive("v", "s"))));
  auto result = mended.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(result)) << mended.messages;
  ASSERT_EQ(result->subflows.size(), 1u);
  EXPECT_EQ(result->flows[0].relays.describe(), "PEs [1:13:4, 0]");
  ASSERT_EQ(result->subflows[0].routes.size(), 3u);
  const RouteEntry &relay = result->subflows[0].routes[1];
  EXPECT_EQ(relay.rx[0], static_cast<int64_t>(Port::West));
  EXPECT_EQ(relay.tx[0], static_cast<int64_t>(Port::East));
  // Relays and places beyond need no program of their own.
  EXPECT_EQ(result->classes.size(), 3u);
}

TEST(Flows, StridedSendersThatMeetAreSplitByTheirOwnStride) {
  // Distance 8 with senders at 0, 4, 8: two classes, not nine.
  Kernel kernel(place("0:17", "0", field("v")) +
                dataflow("0:17", "0", stream("s", 8, 0)) +
                phase(compute("0:9:4", "0", awaitSend("v", "s")) +
                      compute("8:17:4", "0", awaitReceive("v", "s"))));
  auto result = kernel.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
  EXPECT_EQ(result->subflows.size(), 3u); // 0, 4 and 8 all meet
  EXPECT_EQ(result->flows[0].elements, 1);
}

TEST(Flows, MulticastHasRelaysInnerAndLastReceivers) {
  Kernel kernel(place("0:6", "0:3", field("v", 2)) +
                dataflow("0:6", "0:3",
                         "spada.stream \"m\" f32 offset(%c2 to %c6, %c0)\n") +
                phase(compute("0", "0:3", awaitSend("v", "m")) +
                      compute("2:6", "0:3", awaitReceive("v", "m"))));
  auto result = kernel.analyzeFor(machineNamed("wse3"));
  ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
  ASSERT_EQ(result->subflows.size(), 1u);
  const SubFlow &sub = result->subflows[0];
  ASSERT_EQ(sub.routes.size(), 4u);
  EXPECT_EQ(sub.routes[1].pes.describe(), "PEs [1, 0:3]");
  EXPECT_EQ(sub.routes[2].pes.describe(), "PEs [2:5, 0:3]");
  EXPECT_EQ(sub.routes[2].tx.size(), 2u);
  EXPECT_EQ(sub.routes[3].pes.describe(), "PEs [5, 0:3]");
  EXPECT_EQ(sub.receivers.describe(), "PEs [2:6, 0:3]");
  EXPECT_EQ(result->flows[0].relays.describe(), "PEs [1, 0:3]");
}

TEST(Flows, ExplicitHopsTurnWhereTheySay) {
  Kernel kernel(
      place("0:3", "0:2", field("v")) +
      dataflow("0:3", "0:2", stream("s", 2, 1, "hops [1, 0, 0, 1, 1, 0]")) +
      phase(compute("0", "0", awaitSend("v", "s")) +
            compute("2", "1", awaitReceive("v", "s"))));
  auto result = kernel.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
  std::string text;
  for (const RouteEntry &route : result->subflows[0].routes)
    text += route.pes.describe() + "; ";
  EXPECT_EQ(text, "PE [0, 0]; PE [1, 0]; PE [1, 1]; PE [2, 1]; ");
}

TEST(Flows, DeclarationsOfOneNameInSeveralBlocksAreOneStream) {
  Kernel kernel(place("0:4", "0", field("v")) +
                dataflow("0:4:2", "0", stream("s", 1, 0)) +
                dataflow("1:4:2", "0", stream("s", 1, 0)) +
                phase(compute("0:4:2", "0", awaitSend("v", "s")) +
                      compute("1:4:2", "0", awaitReceive("v", "s"))));
  auto result = kernel.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
  ASSERT_EQ(result->flows.size(), 1u);
  EXPECT_EQ(result->flows[0].declarations.size(), 2u);
}

TEST(Flows, PhaseDeclarationHidesTheKernels) {
  Kernel kernel(place("0:4", "0", field("v")) +
                dataflow("0:4", "0", stream("s", 1, 0)) +
                phase(dataflow("0:4", "0", stream("s", 3, 0)) +
                      compute("0", "0", awaitSend("v", "s")) +
                      compute("3", "0", awaitReceive("v", "s"))) +
                phase(compute("0", "0", awaitSend("v", "s")) +
                      compute("1", "0", awaitReceive("v", "s"))));
  auto result = kernel.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
  ASSERT_EQ(result->flows.size(), 2u);
  EXPECT_EQ(result->flows[0].dx, 3);
  EXPECT_EQ(result->flows[1].dx, 1);
  // Different routes at PE 0 and 1.
  EXPECT_NE(result->subflows[0].color, result->subflows[1].color);
}

TEST(Flows, EqualRowsShareOneProgram) {
  std::string rows;
  for (const char *row : {"0", "1", "2", "3"})
    rows += compute("0", row, awaitSend("v", "s")) +
            compute("1", row, awaitReceive("v", "s"));
  Kernel kernel(place("0:2", "0:4", field("v")) +
                dataflow("0:2", "0:4", stream("s", 1, 0)) + phase(rows));
  auto result = kernel.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
  ASSERT_EQ(result->classes.size(), 2u);
  EXPECT_EQ(result->classes[0].region.describe(), "PEs [0, 0:4]");
  EXPECT_EQ(result->classes[0].computes.size(), 1u);
}

TEST(Flows, PesWithoutBlocksAreAClassOfTheirOwn) {
  Kernel kernel(place("0", "0", field("v")) + place("3", "2", field("v")) +
                phase(compute("0", "0", "")));
  auto result = kernel.analyzeFor(machineNamed("wse2"));
  ASSERT_TRUE(mlir::succeeded(result)) << kernel.messages;
  ASSERT_EQ(result->classes.size(), 3u);
  EXPECT_TRUE(result->classes[1].places.empty());
  EXPECT_TRUE(result->classes[1].computes.empty());
}

//===----------------------------------------------------------------------===//
// Rejected kernels
//===----------------------------------------------------------------------===//

void expectError(const std::string &body, const std::string &message) {
  Kernel kernel(body);
  ASSERT_TRUE(kernel.parsed()) << kernel.messages;
  EXPECT_TRUE(mlir::failed(kernel.analyzeFor(machineNamed("wse2"))));
  EXPECT_NE(kernel.messages.find(message), std::string::npos)
      << kernel.messages;
}

TEST(FlowErrors, UnmatchedSend) {
  expectError(place("0:4", "0", field("v")) +
                  dataflow("0:4", "0", stream("s", 1, 0)) +
                  phase(compute("0:3", "0", awaitSend("v", "s")) +
                        compute("3", "0", awaitReceive("v", "s"))),
              "unmatched send: 's' sent by PEs [0:2, 0] reaches PEs [1:3, 0]");
}

TEST(FlowErrors, UnmatchedReceive) {
  expectError(place("0:4", "0", field("v")) +
                  dataflow("0:4", "0", stream("s", 1, 0)) +
                  phase(compute("0", "0", awaitSend("v", "s")) +
                        compute("1:3", "0", awaitReceive("v", "s"))),
              "unmatched receive: 's' on PE [2, 0] has no sender in this "
              "phase; PE [1, 0] would be it");
}

TEST(FlowErrors, DifferentCounts) {
  expectError(place("0:2", "0", field("v", 4) + field("w", 3)) +
                  dataflow("0:2", "0", stream("s", 1, 0)) +
                  phase(compute("0", "0", awaitSend("v", "s")) +
                        compute("1", "0", awaitReceive("w", "s"))),
              "PE [0, 0] sends 4 elements on 's', but PE [1, 0] receives 3");
}

TEST(FlowErrors, CountsOfLoopsAreMultiplied) {
  std::string loop = "spada.for [\"k\"] range(%c0) to(%c5) step(%c1) {\n"
                     "^bb0(%k: i16):\n" +
                     awaitSend("v", "s") + "}\n";
  expectError(place("0:2", "0", field("v", 4)) +
                  dataflow("0:2", "0", stream("s", 1, 0)) +
                  phase(compute("0", "0", loop) +
                        compute("1", "0", awaitReceive("v", "s"))),
              "sends 20 elements on 's'");
}

TEST(FlowErrors, BoundMismatch) {
  expectError(place("0:2", "0", field("v", 4)) +
                  dataflow("0:2", "0",
                           "spada.stream \"s\" f32 bound %c8 "
                           "offset(%c1, %c0)\n") +
                  phase(compute("0", "0", awaitSend("v", "s")) +
                        compute("1", "0", awaitReceive("v", "s"))),
              "sends 4 elements on 's', whose bound is 8");
}

TEST(FlowErrors, UndeclaredStream) {
  expectError(place("0:4", "0", field("v")) +
                  dataflow("0:2", "0", stream("s", 1, 0)) +
                  phase(compute("0:4", "0", awaitSend("v", "s"))),
              "stream 's' is not declared on PEs [2:4, 0]");
}

TEST(FlowErrors, StreamToItself) {
  expectError(place("0", "0", field("v")) +
                  dataflow("0", "0", stream("s", 0, 0)) +
                  phase(compute("0", "0", awaitSend("v", "s"))),
              "leads from each PE to itself");
}

TEST(FlowErrors, WrongHops) {
  expectError(place("0:2", "0", field("v")) +
                  dataflow("0:2", "0", stream("s", 1, 0, "hops [0, 1]")) +
                  phase(compute("0", "0", awaitSend("v", "s"))),
              "hops of stream 's' lead to (0, 1), not to its offset (1, 0)");
  expectError(
      place("0:2", "0", field("v")) +
          dataflow("0:2", "0", stream("s", 1, 0, "hops [0, 1, 1, 0, 0, -1]")) +
          phase(compute("0", "0", awaitSend("v", "s"))),
      "has 3 hops for an offset of (1, 0)");
}

TEST(FlowErrors, DeclaredTwiceDifferently) {
  expectError(place("0:4", "0", field("v")) +
                  phase(dataflow("0:3", "0", stream("s", 1, 0)) +
                        dataflow("1:4", "0", stream("s", 2, 0)) +
                        compute("0:4", "0", awaitSend("v", "s"))),
              "'s' is declared twice, differently, on PEs [1:3, 0]");
}

TEST(FlowErrors, NegativeCoordinates) {
  expectError(place("-1:4", "0", field("v")),
              "PE coordinates must not be negative");
}

TEST(FlowErrors, LargerThanTheWafer) {
  expectError(place("0:900", "0", field("v")), "needs 900 x 1 PEs");
}

} // namespace
