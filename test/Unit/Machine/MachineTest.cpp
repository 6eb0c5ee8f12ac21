//===- MachineTest.cpp - reading machine descriptions ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Every kind of wrong field is refused by name, and the built-in devices hold
// the documented numbers.
//
//===----------------------------------------------------------------------===//

#include "spada/Machine/Machine.h"

#include "gtest/gtest.h"

using namespace spada;

/// The description of WSE-2 with the first `from` replaced by `to`.
static std::string edited(const std::string &from, const std::string &to) {
  std::string text(builtinMachineText("wse2"));
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

static std::string errorOf(const std::string &text) {
  Machine machine;
  std::string error;
  EXPECT_FALSE(parseMachine(text, machine, error));
  return error;
}

TEST(Machine, BuiltinsAreValid) {
  EXPECT_EQ(builtinMachineNames(), (std::vector<std::string>{"wse2", "wse3"}));
  for (const std::string &name : builtinMachineNames()) {
    Machine machine;
    std::string error;
    ASSERT_TRUE(parseMachine(builtinMachineText(name), machine, error))
        << error;
    EXPECT_EQ(machine.name, name);
    EXPECT_EQ(machine.programColors.size(), 21u);
    EXPECT_EQ(machine.memoryBytes, 49152);
    EXPECT_EQ(machine.rampLatencyCycles, name == "wse2" ? 2 : 3);
    EXPECT_EQ(machine.rate("fadds"), name == "wse2" ? 2 : 4);
    EXPECT_EQ(machine.rate("unknown"), 1);
    EXPECT_EQ(machine.dataTaskIdIsColor, name == "wse2");
  }
  EXPECT_TRUE(builtinMachineText("wse9").empty());
}

TEST(Machine, QueuesInOrderOfDepth) {
  for (const std::string &name : builtinMachineNames()) {
    Machine machine;
    std::string error;
    ASSERT_TRUE(parseMachine(builtinMachineText(name), machine, error))
        << error;
    for (size_t i = 1; i < machine.inputQueues.size(); ++i)
      EXPECT_GE(machine.inputQueueDepthWavelets[machine.inputQueues[i - 1]],
                machine.inputQueueDepthWavelets[machine.inputQueues[i]]);
    for (size_t i = 1; i < machine.outputQueues.size(); ++i)
      EXPECT_GE(machine.outputQueueDepthWavelets[machine.outputQueues[i - 1]],
                machine.outputQueueDepthWavelets[machine.outputQueues[i]]);
  }
}

TEST(Machine, NotJson) {
  EXPECT_EQ(errorOf(""), "machine description: not a JSON object");
  EXPECT_EQ(errorOf("[1]"), "machine description: not a JSON object");
  EXPECT_EQ(errorOf("{\"name\": "), "machine description: not a JSON object");
}

TEST(Machine, WrongFields) {
  EXPECT_EQ(errorOf(edited("\"hopLatencyCycles\"", "\"hopCycles\"")),
            "machine description: field 'fabric.hopLatencyCycles' is missing");
  EXPECT_EQ(errorOf(edited("\"fabric\"", "\"fabrics\"")),
            "machine description: unknown field 'fabrics'");
  EXPECT_EQ(errorOf(edited("\"value\": 757", "\"value\": \"757\"")),
            "machine description: value of 'fabric.widthPes' is \"757\", "
            "expected an integer, 0 or more");
  EXPECT_EQ(errorOf(edited("\"value\": 757", "\"value\": -1")),
            "machine description: value of 'fabric.widthPes' is -1, expected "
            "an integer, 0 or more");
  EXPECT_EQ(errorOf(edited("\"unit\": \"Hz\"", "\"unit\": \"MHz\"")),
            "machine description: unit of 'fabric.clockHz' is \"MHz\", "
            "expected \"Hz\"");
  EXPECT_EQ(errorOf(edited("\"value\": 757, ", "")),
            "machine description: 'fabric.widthPes' has no 'value'");
  EXPECT_EQ(errorOf(edited("\"value\": 757", "\"value\": 757, \"note\": 1")),
            "machine description: 'fabric.widthPes' has unknown member 'note'");
  EXPECT_EQ(
      errorOf(edited("\"scalarCycles\": {",
                     "\"extraCycles\": {\"value\": 1}, \"scalarCycles\": {")),
      "machine description: unknown field 'timing.extraCycles'");
  EXPECT_EQ(errorOf(edited("\"timing\": {", "\"timing\": {}, \"timing\": {")),
            "machine description: field 'timing' is given twice");
  EXPECT_EQ(errorOf(edited("\"add16\"", "\"sub16\"")),
            "machine description: 'elementsPerCycle[0]' gives a second rate "
            "for 'sub16'");
  EXPECT_EQ(errorOf(edited("\"value\": true", "\"value\": 1")),
            "machine description: value of 'identifiers.dataTaskIdIsColor' is "
            "1, expected true or false");
}

TEST(Machine, NumbersThatDoNotFit) {
  EXPECT_EQ(
      errorOf(edited("\"value\": 750", "\"value\": 800")),
      "machine description: 'programMaxWidthPes' is 800, expected 1 to 757");
  EXPECT_EQ(errorOf(edited("[2, 3, 4, 5, 6, 7]", "[2, 3, 4, 5, 6, 9]")),
            "machine description: 'inputQueues' holds 9, expected 0 to 7");
  EXPECT_EQ(errorOf(edited("[2, 3, 4, 5, 6, 7]", "[2, 3, 4, 5, 6, 6]")),
            "machine description: 'inputQueues' holds 6 twice");
  EXPECT_EQ(
      errorOf(edited("\"value\": 8192", "\"value\": 49152")),
      "machine description: 'reservedBytes' is 49152, expected 0 to 49151");
}
