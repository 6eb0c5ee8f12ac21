//===- TaskTest.cpp - control tasks, payloads and states ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One PE sends itself wavelets on color 0: queue 2 out, queue 2 in.
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"

#include <functional>

using namespace spada;
using namespace spada::test;

namespace {
/// A control wavelet for a task, without commands.
constexpr uint32_t controlFor(uint32_t task, uint32_t data = 0) {
  return task << 16 | data;
}

/// A PE with a loop of color 0 over its ramp. `r` is at address 0; words to
/// send are constants.
class Loop {
public:
  explicit Loop(const std::string &machine = "wse2") : image(1, 1, machine) {
    code.variable("r", Type::I32, 8);
    code.input(2, 0);
    code.output(2, 0);
    data = code.fabout(Type::I32, 2, 0, 1);
    control = code.fabout(Type::I32, 2, 0, 1);
    code.program.dsds.back()->control = true;
    image.route(0, RampBit, RampBit, ImageMaker::box(0, 1));
  }

  void send(uint32_t word, bool isControl = false) {
    code.constant(9, int32_t(word));
    code.vector("mov32", slot(isControl ? control : data), {reg(Type::I32, 9)});
  }
  /// Adds `value` times ten to the power of the calls so far to r[0].
  void note(int32_t digit) {
    code.load(8, Type::I32, 0);
    code.constant(9, 10);
    code.emit(Opcode::Mul, Type::I32, 8, 8, 9);
    code.constant(9, digit);
    code.emit(Opcode::Add, Type::I32, 8, 8, 9);
    code.store(8, Type::I32, 0);
  }
  uint32_t controlTask(const std::string &name, uint8_t id,
                       uint16_t payload = noReg, Type type = Type::I16) {
    uint32_t number = code.task(name, id);
    TaskT &task = *code.program.tasks.back();
    task.kind = TaskKind::Control;
    task.payload_register = payload;
    task.payload_type = type;
    return number;
  }
  void state(Opcode opcode, StateKind kind, int32_t id) {
    code.constant(9, id, Type::I16);
    code.emit(opcode, Type::I32, noReg, 9, noReg, noReg, int32_t(kind));
  }
  sim::Report run() {
    image.place(std::move(code), ImageMaker::box(0, 1));
    image.argument("r", HostDirection::Out, "i32", {}, 8,
                   ImageMaker::box(0, 1));
    auto simulator = image.load();
    if (!simulator)
      return {};
    sim::Report report = simulator->run();
    results = readArray<int32_t>(*simulator, "r");
    return report;
  }

  ImageMaker image;
  ProgramMaker code{"loop"};
  uint32_t data, control;
  std::vector<int32_t> results;
};
} // namespace

TEST(Task, ControlWaveletsStartTheirTask) {
  for (const char *machine : {"wse2", "wse3"}) {
    Loop loop(machine);
    loop.code.dataTask("data", machine[3] == '2' ? 0 : 2, 2, 0, Type::I32);
    loop.code.store(0, Type::I32, 4);
    loop.note(1);
    loop.code.end();
    loop.controlTask("first", 40, 0);
    loop.code.store(0, Type::I32, 8);
    loop.note(2);
    loop.code.end();
    loop.controlTask("second", 41, 0);
    loop.code.store(0, Type::I32, 12);
    loop.note(3);
    loop.code.emit(Opcode::HostUnblock);
    loop.code.end();
    loop.code.main();
    loop.send(7);
    loop.send(controlFor(40, 0xfffe), true);
    loop.send(controlFor(41, 5), true);
    loop.code.end();
    sim::Report report = loop.run();
    EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
    EXPECT_EQ(loop.results, (std::vector<int32_t>{123, 7, -2, 5, 0, 0, 0, 0}));
  }
}

TEST(Task, TwoParametersTakeTheHalves) {
  Loop loop;
  loop.code.dataTask("data", 0, 2, 0, Type::I16);
  loop.code.program.tasks.back()->payload_register2 = 1;
  loop.code.program.tasks.back()->payload_type2 = Type::I16;
  loop.code.store(0, Type::I32, 4);
  loop.code.store(1, Type::I32, 8);
  loop.code.finish();
  loop.code.main();
  loop.send(0x00098001);
  loop.code.end();
  sim::Report report = loop.run();
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  EXPECT_EQ(loop.results[1], -32767);
  EXPECT_EQ(loop.results[2], 9);
}

TEST(Task, ControlTasksMustExist) {
  Loop loop;
  loop.code.main();
  loop.send(controlFor(33), true);
  loop.code.finish();
  sim::Report report = loop.run();
  EXPECT_EQ(report.status, sim::Status::Trapped);
  EXPECT_NE(report.message.find(
                "PE (0, 0): a control wavelet on input queue 2 (color 0) names "
                "control task 33, which program 'loop' does not have"),
            std::string::npos)
      << report.message;
}

TEST(Task, ABlockedColorHoldsControlWavelets) {
  for (bool unblocks : {true, false}) {
    Loop loop;
    loop.controlTask("control", 40);
    loop.note(2);
    loop.code.finish();
    loop.code.task("later", 9, /*blocked=*/false);
    loop.note(1);
    if (unblocks)
      loop.state(Opcode::Unblock, StateKind::Color, 0);
    loop.code.end();
    loop.code.main();
    loop.state(Opcode::Block, StateKind::Color, 0); // no task has this id
    loop.send(controlFor(40), true);
    loop.state(Opcode::Activate, StateKind::Local, 9);
    loop.code.end();
    sim::Report report = loop.run();
    if (unblocks) {
      EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
      EXPECT_EQ(loop.results[0], 12);
    } else {
      EXPECT_EQ(report.status, sim::Status::Deadlocked);
      EXPECT_NE(report.message.find("task 'control' is named by a control "
                                    "wavelet on input queue 2 (color 0), "
                                    "which is blocked"),
                std::string::npos)
          << report.message;
    }
  }
}

TEST(Task, StatesAreKeptById) {
  Loop loop;
  loop.code.task("later", 9);
  loop.note(1);
  loop.code.finish();
  loop.code.main();
  loop.state(Opcode::Block, StateKind::Local, 9);
  loop.state(Opcode::Block, StateKind::Local, 10); // no such task
  loop.state(Opcode::Activate, StateKind::Local, 9);
  loop.state(Opcode::Activate, StateKind::Local, 9); // counts once
  loop.state(Opcode::Unblock, StateKind::Local, 9);
  loop.state(Opcode::Unblock, StateKind::Local, 10);
  loop.code.end();
  sim::Report report = loop.run();
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  EXPECT_EQ(loop.results[0], 1);
}

TEST(Task, OnlyLocalTasksCanBeActivated) {
  auto messageOf = [](StateKind kind, int32_t id) {
    Loop loop;
    loop.code.main();
    loop.state(Opcode::Activate, kind, id);
    loop.code.finish();
    sim::Report report = loop.run();
    EXPECT_EQ(report.status, sim::Status::Trapped);
    return report.message;
  };
  EXPECT_EQ(messageOf(StateKind::Local, 12),
            "cycle 0, PE (0, 0): program 'loop' activates, but does not have, "
            "local task 12, at test.csl:1:1");
  EXPECT_EQ(messageOf(StateKind::Data, 3),
            "cycle 0, PE (0, 0): only local tasks can be activated, not data "
            "task 3, at test.csl:1:1");
  EXPECT_EQ(messageOf(StateKind::Local, 64),
            "cycle 0, PE (0, 0): there is no local task 64, at test.csl:1:1");
}

TEST(Task, BlockedMicrothreadsWait) {
  for (bool unblocks : {true, false}) {
    Loop loop("wse3");
    uint32_t done = loop.code.task("done", 9);
    loop.note(1);
    loop.code.finish();
    loop.code.main();
    loop.state(Opcode::Block, StateKind::Microthread, 5);
    loop.code.constant(1, 3);
    loop.code.async("mov32", slot(loop.data), {reg(Type::I32, 1)}, 5,
                    int(done));
    if (unblocks)
      loop.state(Opcode::Unblock, StateKind::Microthread, 5);
    loop.code.end();
    sim::Report report = loop.run();
    EXPECT_EQ(report.status,
              unblocks ? sim::Status::Finished : sim::Status::Deadlocked)
        << report.message;
    if (!unblocks)
      EXPECT_NE(report.message.find("operation 'mov32' on microthread 5 waits "
                                    "for its microthread, which is blocked"),
                std::string::npos)
          << report.message;
  }
}

TEST(Task, TeardownStartsItsTask) {
  Loop loop;
  loop.code.task("torn", 0);
  loop.code.program.tasks.back()->kind = TaskKind::Teardown;
  loop.note(1);
  // Releases the color; the word that was held comes then.
  loop.code.constant(0, int32_t(0xfe40), Type::I16);
  loop.code.emit(Opcode::LoadAt, Type::I16, 1, 0);
  loop.code.constant(2, int32_t(0xbfff), Type::I16);
  loop.code.emit(Opcode::And, Type::I16, 1, 1, 2);
  loop.code.emit(Opcode::StoreAt, Type::I16, 1, 0);
  loop.code.end();
  loop.code.dataTask("data", 0, 2, 0, Type::I32);
  loop.code.store(0, Type::I32, 4);
  loop.note(2);
  loop.code.finish();
  loop.code.main();
  loop.send(7u << 22, true); // teardown, not for the core
  loop.send(5);
  loop.code.end();
  sim::Report report = loop.run();
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  EXPECT_EQ(loop.results[0], 12);
  EXPECT_EQ(loop.results[1], 5);
}

TEST(Task, OutputsAdvanceTheirSwitch) {
  Loop loop;
  loop.image.image.routes[0]->positions = {SwitchPosition(0, RampBit)};
  uint32_t out = loop.code.fabout(Type::I32, 2, 0, 2);
  loop.code.program.dsds.back()->advance_switch = true;
  uint32_t word = loop.code.memory(Type::I32, 0, {2}, {0});
  loop.code.main();
  auto position = [&](uint32_t place) {
    loop.code.constant(0, int32_t(0xfe80), Type::I16);
    loop.code.emit(Opcode::LoadAt, Type::I16, 1, 0);
    loop.code.constant(2, 13);
    loop.code.emit(Opcode::ShrU, Type::I16, 1, 1, 2);
    loop.code.store(1, Type::I32, 4 * place);
  };
  position(1);
  loop.code.vector("mov32", slot(out), {slot(word)});
  loop.code.vector("mov32", slot(word),
                   {slot(loop.code.fabin(Type::I32, 2, 0, 2))});
  position(2);
  loop.code.finish();
  sim::Report report = loop.run();
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  EXPECT_EQ(loop.results[1], 0);
  EXPECT_EQ(loop.results[2], 1);
}
