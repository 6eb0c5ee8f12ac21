//===- CheckTest.cpp - verdicts of the check command ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Each property once with each verdict that it can have.
//
//===----------------------------------------------------------------------===//

#include "KernelText.h"
#include "gtest/gtest.h"

using namespace spada;
using namespace spada::test;

namespace {

const char argument[] =
    "spada.argument \"src\" readonly f32 bound %c4 dims(%c2, %c1)\n";

std::string refer(const char *name, const char *kind = "stream_ref",
                  const char *index = "") {
  return std::string("%") + name + " = spada." + kind + " \"" + name + "\"" +
         index + " : !spada.stream<f32>\n";
}

/// The first result of `property`.
CheckResult resultOf(const std::string &body, const std::string &property) {
  Kernel kernel(body);
  EXPECT_TRUE(kernel.parsed()) << kernel.messages;
  CheckReport report;
  bool passed = kernel.checkFor(machineNamed("wse2"), report);
  EXPECT_EQ(passed, !report.fails());
  for (const CheckResult &result : report.results)
    if (result.property == property)
      return result;
  ADD_FAILURE() << "no result for " << property << "\n" << kernel.messages;
  return report.results.front();
}

std::string onOnePe(const std::string &body) {
  return place("0:2", "0", field("a", 4) + field("b", 4) + field("x")) +
         dataflow("0:2", "0", stream("s", 1, 0)) +
         phase(compute("0", "0", body) +
               compute("1", "0", awaitReceive("a", "s")));
}

const std::string sendA =
    refer("s") + "%tx = spada.send \"a\" to %s : !spada.stream<f32>\n";
const std::string value = "%v = spada.constant 1.0 : f32\n";
const std::string index1 = "%k1 = spada.constant 1 : i16\n";

TEST(Check, WriteWhileSendingIsARace) {
  CheckResult result = resultOf(
      onOnePe(sendA + value + index1 +
              "spada.write \"a\"[%k1 : i16], %v : f32\nspada.await %tx\n"),
      "data races");
  EXPECT_EQ(result.verdict, Verdict::No);
  EXPECT_NE(result.detail.find("on PE [0, 0], write"), std::string::npos)
      << result.detail;
}

TEST(Check, WriteAfterTheAwaitIsNone) {
  EXPECT_EQ(resultOf(onOnePe(sendA + value + index1 +
                             "spada.await %tx\n"
                             "spada.write \"a\"[%k1 : i16], %v : f32\n"),
                     "data races")
                .verdict,
            Verdict::Yes);
}

TEST(Check, ReadWhileSendingIsNone) {
  EXPECT_EQ(resultOf(onOnePe(sendA + index1 +
                             "%r = spada.read \"a\"[%k1 : i16] : f32\n"
                             "spada.write \"x\", %r : f32\n"
                             "spada.awaitall\n"),
                     "data races")
                .verdict,
            Verdict::Yes);
}

TEST(Check, RunTimeIndicesAreUndecided) {
  std::string map = "%m = spada.map [\"k\"] range(%c0) to(%c4) step(%c1) {\n"
                    "^bb0(%k: i16):\n"
                    "%at = spada.read \"x\" : f32\n"
                    "%i2 = spada.cast %at : f32 to i16\n"
                    "%w = spada.constant 2.0 : f32\n"
                    "spada.write \"b\"[%i2 : i16], %w : f32\n}\n";
  CheckResult result =
      resultOf(onOnePe(sendA + map + index1 +
                       "%r = spada.read \"b\"[%k1 : i16] : f32\n"
                       "spada.awaitall\n"),
               "data races");
  EXPECT_EQ(result.verdict, Verdict::Undecided);
}

TEST(Check, DisjointRangesAreNoRace) {
  auto map = [](const char *name, const char *lo, const char *hi) {
    return std::string("%") + name + " = spada.map [\"k\"] range(" + lo +
           ") to(" + hi +
           ") step(%c1) {\n^bb0(%k: i16):\n%w = spada.constant 2.0 : f32\n"
           "spada.write \"b\"[%k : i16], %w : f32\n}\n";
  };
  EXPECT_EQ(resultOf(onOnePe(sendA + map("m", "%c0", "%c2") +
                             map("n", "%c2", "%c4") + "spada.awaitall\n"),
                     "data races")
                .verdict,
            Verdict::Yes);
  EXPECT_EQ(resultOf(onOnePe(sendA + map("m", "%c0", "%c3") +
                             map("n", "%c2", "%c4") + "spada.awaitall\n"),
                     "data races")
                .verdict,
            Verdict::No);
}

TEST(Check, AnOutstandingStatementMeetsTheNextRunOfTheLoop) {
  std::string loop = "spada.for [\"k\"] range(%c0) to(%c2) step(%c1) {\n"
                     "^bb0(%k: i16):\n" +
                     value + "spada.write \"x\", %v : f32\n" + refer("s") +
                     "%tx = spada.send \"x\" to %s : !spada.stream<f32>\n}\n";
  std::string body = place("0:2", "0", field("x") + field("b", 2)) +
                     dataflow("0:2", "0", stream("s", 1, 0)) +
                     phase(compute("0", "0", loop) +
                           compute("1", "0", awaitReceive("b", "s")));
  EXPECT_EQ(resultOf(body, "data races").verdict, Verdict::No);
}

TEST(Check, UnorderedSends) {
  std::string second = "%ty = spada.send \"b\" to %s : !spada.stream<f32>\n"
                       "spada.awaitall\n";
  std::string body =
      place("0:2", "0", field("a", 4) + field("b", 4) + field("c", 8)) +
      dataflow("0:2", "0", stream("s", 1, 0)) +
      phase(compute("0", "0", sendA + second) +
            compute("1", "0", awaitReceive("c", "s")));
  CheckResult result = resultOf(body, "ordered streams");
  EXPECT_EQ(result.verdict, Verdict::No);
  EXPECT_NE(result.detail.find("stream 's'"), std::string::npos);
}

TEST(Check, UnmatchedSendIsANoOfRouting) {
  std::string body = place("0:2", "0", field("a")) +
                     dataflow("0:2", "0", stream("s", 1, 0)) +
                     phase(compute("0", "0", awaitSend("a", "s")));
  EXPECT_EQ(resultOf(body, "routing").verdict, Verdict::No);
}

std::string receiveArgument(const char *index, int times) {
  std::string body;
  for (int i = 0; i < times; ++i)
    body += std::string("%h") + std::to_string(i) +
            " = spada.argument_ref \"src\"" + index +
            " : !spada.stream<f32>\n%t" + std::to_string(i) +
            " = spada.receive \"a\" from %h" + std::to_string(i) +
            " : !spada.stream<f32>\nspada.await %t" + std::to_string(i) + "\n";
  return argument + place("0:2", "0", field("a", 4)) +
         phase(compute("0:2", "0", body));
}

TEST(Check, ArgumentBounds) {
  const char *index = "[%i, %j : i16, i16]";
  EXPECT_EQ(resultOf(receiveArgument(index, 1), "argument bounds").verdict,
            Verdict::Yes);
  CheckResult result = resultOf(receiveArgument(index, 2), "argument bounds");
  EXPECT_EQ(result.verdict, Verdict::No);
  EXPECT_NE(result.detail.find("receive 8 elements of argument 'src', which "
                               "has 4"),
            std::string::npos)
      << result.detail;
}

TEST(Check, ArgumentIndexOutsideItsShape) {
  std::string body =
      argument + place("0:3", "0", field("a", 4)) +
      phase(compute("0:3", "0",
                    refer("src", "argument_ref", "[%i, %j : i16, i16]") +
                        "%t = spada.receive \"a\" from %src : "
                        "!spada.stream<f32>\n"
                        "spada.await %t\n"));
  CheckResult result = resultOf(body, "argument bounds");
  EXPECT_EQ(result.verdict, Verdict::No);
  EXPECT_NE(result.detail.find("index 2 of argument 'src', whose size is 2"),
            std::string::npos)
      << result.detail;
}

TEST(Check, TooManyFieldsAreUndecided) {
  std::string fields;
  for (int i = 0; i < 13; ++i)
    fields += field("f" + std::to_string(i), 1024);
  CheckResult result = resultOf(
      place("0", "0", fields) + phase(compute("0", "0", "")), "memory");
  EXPECT_EQ(result.verdict, Verdict::Undecided);
  EXPECT_NE(result.detail.find("'f0' 4096"), std::string::npos);
}

} // namespace
