//===- OperationTest.cpp - FIFOs, registers and odd vector operations -----===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One PE sends itself wavelets: color 0 leaves by queue 2 and comes in on queue
// 2, color 1 on queue 3.
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"

using namespace spada;
using namespace spada::test;

namespace {
using Values = std::vector<int32_t>;

Operand fifo(uint32_t number) { return {OperandKind::Fifo, Type::I32, number}; }
Operand dsr(unsigned file, unsigned id, Type type = Type::I32) {
  return {OperandKind::Dsr, type, file * 64 + id};
}
Operand as(Type type, uint32_t dsd) { return {OperandKind::Slot, type, dsd}; }

/// A PE with `r` (8 words) at address 0 and `a` (8 words: 1 to 8) behind it.
class Bench {
public:
  explicit Bench(const std::string &machine = "wse2") : image(1, 1, machine) {
    code.variable("r", Type::I32, 8);
    std::vector<uint8_t> bytes(32);
    for (uint8_t i = 0; i < 8; ++i)
      bytes[4u * i] = uint8_t(i + 1);
    a = code.variable("a", Type::I32, 8, bytes);
    for (uint8_t color : {0, 1}) {
      code.input(uint8_t(2 + color), color);
      code.output(uint8_t(2 + color), color);
      image.route(color, RampBit, RampBit, ImageMaker::box(0, 1));
    }
    result = code.memory(Type::I32, 0, {8});
    source = code.memory(Type::I32, a, {8});
  }

  DsdT &lastDsd() { return *code.program.dsds.back(); }
  VectorOperationT &lastVector() { return *code.program.vectors.back(); }
  uint32_t in(uint8_t color, uint32_t extent, Type type = Type::I32) {
    return code.fabin(type, uint8_t(2 + color), color, extent);
  }
  uint32_t out(uint8_t color, uint32_t extent, bool control = false) {
    uint32_t number = code.fabout(Type::I32, uint8_t(2 + color), color, extent);
    lastDsd().control = control;
    return number;
  }
  /// Sends words on a color from an instruction each.
  void send(uint8_t color, std::vector<uint32_t> words, bool control = false) {
    uint32_t to = out(color, 1, control);
    for (uint32_t word : words) {
      code.constant(9, int32_t(word));
      code.vector("mov32", slot(to), {reg(Type::I32, 9)});
    }
  }
  uint32_t fifoOf(uint32_t elements, Type type = Type::I32) {
    std::string name = "fifo" + std::to_string(code.program.fifos.size());
    auto entry = std::make_unique<FifoT>();
    entry->address = code.variable(name + ".buffer", type, elements);
    entry->name = name;
    entry->elements = elements;
    entry->type = type;
    code.program.fifos.push_back(std::move(entry));
    return uint32_t(code.program.fifos.size() - 1);
  }
  /// Loads a descriptor into a register.
  DsrLoadT &load(uint8_t file, uint8_t id, uint32_t dsd) {
    auto entry = std::make_unique<DsrLoadT>();
    entry->file = file;
    entry->id = id;
    entry->slot = dsd;
    code.program.dsr_loads.push_back(std::move(entry));
    code.emit(Opcode::LoadDsr, Type::I32, noReg, noReg, noReg, noReg,
              int32_t(code.program.dsr_loads.size() - 1));
    return *code.program.dsr_loads.back();
  }
  /// Lets the operation emitted last leave its value in a register, or take the
  /// index from one.
  void lastRegisters(uint16_t value, uint16_t index) {
    const Instruction in = code.program.instructions.back();
    code.program.instructions.back() =
        Instruction(in.opcode(), in.type(), value, index, in.c(), in.d(),
                    in.imm(), in.location());
  }
  sim::Report run() {
    image.place(std::move(code), ImageMaker::box(0, 1));
    image.argument("r", HostDirection::Out, "i32", {}, 8,
                   ImageMaker::box(0, 1));
    image.argument("a", HostDirection::Out, "i32", {}, 8,
                   ImageMaker::box(0, 1));
    auto simulator = image.load();
    if (!simulator)
      return {};
    sim::Report report = simulator->run();
    r = readArray<int32_t>(*simulator, "r");
    after = readArray<int32_t>(*simulator, "a");
    return report;
  }
  void expect(const Values &values) {
    sim::Report report = run();
    EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
    EXPECT_EQ(r, values);
  }

  ImageMaker image;
  ProgramMaker code{"bench"};
  uint32_t a, result, source;
  Values r, after;
};
} // namespace

//===----------------------------------------------------------------------===//
// Ends and lengths
//===----------------------------------------------------------------------===//

TEST(Operation, ControlWaveletsEndIt) {
  for (OnControl action :
       {OnControl::Terminate, OnControl::Activate, OnControl::Unblock}) {
    Bench bench;
    uint32_t ended = bench.code.task("ended", 8);
    bench.code.constant(0, 100);
    bench.code.store(0, Type::I32, 28);
    bench.code.finish();
    uint32_t blocked = bench.code.task("blocked", 9, /*blocked=*/true);
    bench.code.program.tasks.back()->active = true;
    bench.code.constant(0, 200);
    bench.code.store(0, Type::I32, 28);
    bench.code.finish();
    bench.code.main();
    bench.code.async("mov32", slot(bench.result), {slot(bench.in(0, 0x7fff))},
                     2, int(ended));
    VectorOperationT &receive = bench.lastVector();
    receive.on_control = action;
    receive.on_control_task =
        action == OnControl::Unblock ? int(blocked) : int(ended);
    if (action == OnControl::Activate)
      receive.activate = -1;
    bench.send(0, {5, 6, 7});
    bench.send(0, {40u << 16}, /*control=*/true);
    bench.code.end();
    bench.expect(
        {5, 6, 7, 0, 0, 0, 0, action == OnControl::Unblock ? 200 : 100});
  }
}

TEST(Operation, ControlWaveletsGoToTheirTaskBesideIt) {
  // Without on_control the operation goes on after the task has had its turn.
  Bench bench;
  bench.code.task("control", 40);
  bench.code.program.tasks.back()->kind = TaskKind::Control;
  bench.code.constant(0, 9);
  bench.code.store(0, Type::I32, 28);
  bench.code.end();
  uint32_t done = bench.code.task("done", 8);
  bench.code.finish();
  bench.code.main();
  bench.code.async("mov32", slot(bench.result), {slot(bench.in(0, 3))}, 2,
                   int(done));
  bench.send(0, {5, 6});
  bench.send(0, {40u << 16}, /*control=*/true);
  bench.send(0, {7});
  bench.code.end();
  bench.expect({5, 6, 7, 0, 0, 0, 0, 9});
}

TEST(Operation, FilterDropsDataUntilControlHasCome) {
  Bench bench;
  uint32_t done = bench.code.task("done", 8);
  bench.code.vector("mov32", slot(bench.result), {slot(bench.in(0, 1))});
  bench.code.finish();
  bench.code.main();
  bench.code.async("dfilt", Operand(), {slot(bench.in(0, 2))}, 2, int(done));
  bench.send(0, {5});
  bench.send(0, {40u << 16}, true);
  bench.send(0, {6, 7});
  bench.send(0, {41u << 16}, true);
  bench.send(0, {8});
  bench.code.end();
  bench.expect({8, 0, 0, 0, 0, 0, 0, 0});
}

TEST(Operation, LengthComesFromTheFirstVectorThatHasOne) {
  Bench bench;
  // Three elements of memory leave through an output of extent 1.
  uint32_t three = bench.code.memory(Type::I32, bench.a, {3});
  bench.code.vector("mov32", slot(bench.out(0, 1)), {slot(three)});
  bench.code.vector("mov32", slot(bench.result), {slot(bench.in(0, 3))});
  // Nothing to do at all.
  uint32_t empty = bench.code.memory(Type::I32, bench.a, {0});
  bench.code.vector("mov32", address(Type::I32, 28), {slot(empty)});
  bench.code.program.main = 0;
  bench.code.finish();
  bench.code.function("main");
  bench.code.program.functions.back()->entry = 0;
  bench.expect({1, 2, 3, 0, 0, 0, 0, 0});
}

TEST(Operation, PointersToScalarsReduce) {
  Bench bench;
  bench.code.main();
  bench.code.constant(0, 0, Type::I16);
  Operand sum = {OperandKind::Pointer, Type::I16, 0};
  uint32_t low = bench.code.memory(Type::I16, bench.a, {8}, {2});
  bench.code.vector("add16", sum, {sum, slot(low)});
  bench.code.finish();
  bench.expect({36, 0, 0, 0, 0, 0, 0, 0});
}

//===----------------------------------------------------------------------===//
// Wavelets
//===----------------------------------------------------------------------===//

TEST(Operation, IndexGoesIntoTheHighHalf) {
  Bench bench;
  bench.code.main();
  uint32_t out = bench.out(0, 2);
  bench.lastDsd().index_offset = true;
  uint32_t low = bench.code.memory(Type::I16, bench.a, {2}, {2});
  bench.lastDsd().index_offset = true; // starts six words later
  bench.code.constant(1, 6, Type::I16);
  bench.code.vector("mov16", as(Type::I16, out), {as(Type::I16, low)});
  bench.lastRegisters(noReg, 1);
  bench.code.vector("mov32", slot(bench.result), {slot(bench.in(0, 2))});
  bench.code.finish();
  bench.expect({6 << 16 | 4, 6 << 16 | 5, 0, 0, 0, 0, 0, 0});
}

TEST(Operation, TwoHalvesTravelInAWavelet) {
  Bench bench;
  bench.code.main();
  uint32_t out = bench.out(0, 3);
  bench.lastDsd().simd = 1;
  uint32_t words = bench.code.memory(Type::I16, bench.a, {3}, {2});
  bench.code.vector("mov16", as(Type::I16, out), {as(Type::I16, words)});
  bench.code.vector("mov32", slot(bench.result), {slot(bench.in(0, 2))});
  // And back: three halves out of two wavelets.
  bench.send(1, {0x00050004, 0x00000006});
  uint32_t in = bench.in(1, 3);
  bench.lastDsd().simd = 2;
  bench.code.vector("mov16",
                    as(Type::I16, bench.code.memory(Type::I16, 8, {3})),
                    {as(Type::I16, in)});
  bench.code.finish();
  bench.expect({2 << 16 | 1, 3, 5 << 16 | 4, 6, 0, 0, 0, 0});
}

TEST(Operation, SentSourcesAreCleared) {
  Bench bench;
  bench.code.main();
  uint32_t out = bench.out(0, 2);
  bench.lastDsd().zero_source = 2;
  uint32_t first = bench.code.memory(Type::I16, bench.a, {2}, {2}),
           second = bench.code.memory(Type::I16, bench.a + 8, {2}, {2});
  bench.code.vector("add16", as(Type::I16, out),
                    {as(Type::I16, first), as(Type::I16, second)});
  bench.code.vector("mov32", slot(bench.result), {slot(bench.in(0, 2))});
  bench.code.finish();
  bench.expect({4, 6, 0, 0, 0, 0, 0, 0});
  EXPECT_EQ(bench.after, (Values{1, 2, 0, 0, 5, 6, 7, 8}));
}

TEST(Operation, HighPriorityGoesFirst) {
  // Two senders compete for the datapath; the one of high priority is done
  // first, though it starts later.
  for (uint8_t priority : {0, 3}) {
    Bench bench;
    uint32_t noise = bench.code.task("noise", 8);
    bench.code.load(0, Type::I32, 28);
    bench.code.constant(1, 0);
    uint32_t jump;
    bench.code.emit(Opcode::CmpEq, Type::I32, 2, 0, 1);
    jump = bench.code.emit(Opcode::JumpIfNot, Type::I1, noReg, 2);
    bench.code.constant(0, 1);
    bench.code.store(0, Type::I32, 28);
    bench.code.land(jump);
    bench.code.end();
    uint32_t first = bench.code.task("first", 9);
    bench.code.load(0, Type::I32, 28);
    bench.code.constant(1, 0);
    bench.code.emit(Opcode::CmpEq, Type::I32, 2, 0, 1);
    jump = bench.code.emit(Opcode::JumpIfNot, Type::I1, noReg, 2);
    bench.code.constant(0, 2);
    bench.code.store(0, Type::I32, 28);
    bench.code.land(jump);
    bench.code.finish();
    bench.code.main();
    uint32_t many = bench.code.memory(Type::I32, bench.a, {20}, {0});
    bench.code.async("mov32", slot(bench.out(0, 20)), {slot(many)}, 2,
                     int(noise));
    uint32_t more = bench.code.memory(Type::I32, bench.a, {21}, {0});
    bench.code.async("mov32", slot(bench.out(1, 21)), {slot(more)}, 3,
                     int(first));
    bench.lastVector().priority = priority;
    uint32_t sink = bench.code.memory(Type::I32, 0, {20}, {0});
    bench.code.async("mov32", slot(sink), {slot(bench.in(0, 20))}, 4);
    bench.code.async("mov32", slot(sink), {slot(bench.in(1, 21))}, 5);
    bench.code.end();
    bench.expect({1, 0, 0, 0, 0, 0, 0, priority ? 2 : 1});
  }
}

//===----------------------------------------------------------------------===//
// FIFOs
//===----------------------------------------------------------------------===//

TEST(Operation, FullAndEmptyFifosEndSynchronousOnes) {
  Bench bench;
  uint32_t queue = bench.fifoOf(3);
  uint32_t pushed = bench.code.task("pushed", 8);
  bench.code.constant(0, 7);
  bench.code.store(0, Type::I32, 28);
  bench.code.finish();
  bench.code.program.fifos[0]->activate_push = int(pushed);
  bench.code.main();
  auto keep = [&](uint32_t place) {
    bench.lastRegisters(1, noReg);
    bench.code.store(1, Type::I32, 4 * place);
  };
  uint32_t two = bench.code.memory(Type::I32, bench.a, {2});
  bench.code.vector("mov32", fifo(queue), {slot(two)});
  keep(3); // true
  bench.code.vector("mov32", fifo(queue), {slot(two)});
  keep(4); // false: one has room
  uint32_t four = bench.code.memory(Type::I32, 0, {3});
  bench.code.vector("mov32", slot(four), {fifo(queue)});
  keep(5); // true: 1 2 1
  bench.code.vector("mov32", slot(two), {fifo(queue)});
  keep(6); // false: nothing there
  uint32_t one = bench.code.memory(Type::I32, bench.a, {1});
  bench.code.vector("mov32", fifo(queue), {slot(one)}); // too little
  bench.code.vector("mov32", fifo(queue), {slot(one)}); // enough
  bench.code.end();
  bench.expect({1, 2, 1, 1, 0, 1, 0, 7});
}

TEST(Operation, FifosJoinMicrothreads) {
  // Color 0 into the FIFO, out of the FIFO to color 1; more than it holds.
  Bench bench;
  uint32_t queue = bench.fifoOf(2);
  uint32_t done = bench.code.task("done", 8);
  bench.code.finish();
  bench.code.main();
  bench.code.async("mov32", fifo(queue), {slot(bench.in(0, 0x7fff))}, 2);
  bench.code.async("mov32", slot(bench.out(1, 0x7fff)), {fifo(queue)}, 3);
  bench.code.async("mov32", slot(bench.result), {slot(bench.in(1, 8))}, 4,
                   int(done));
  bench.code.async("mov32", slot(bench.out(0, 8)), {slot(bench.source)}, 5);
  bench.code.end();
  sim::Report report = bench.run();
  // The endless operations are still there at the end.
  EXPECT_EQ(report.status, sim::Status::Deadlocked);
  EXPECT_EQ(bench.r, (Values{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_NE(report.message.find("operation 'mov32' on microthread 3 waits for "
                                "an element in FIFO 'fifo0', 8 elements done"),
            std::string::npos)
      << report.message;
}

TEST(Operation, FifosKeepTheWidthOfTheirElements) {
  Bench bench;
  uint32_t queue = bench.fifoOf(2, Type::I16);
  bench.code.main();
  bench.code.vector("mov32", fifo(queue), {slot(bench.source)});
  bench.code.finish();
  bench.image.place(std::move(bench.code), ImageMaker::box(0, 1));
  EXPECT_EQ(bench.image.loadError(),
            "image: program 'bench': operation 'mov32': FIFO of elements of "
            "another width");
}

//===----------------------------------------------------------------------===//
// Data structure registers
//===----------------------------------------------------------------------===//

TEST(Operation, RegistersKeepTheirAddress) {
  Bench bench;
  bench.code.main();
  uint32_t two = bench.code.memory(Type::I32, bench.a, {2}),
           to = bench.code.memory(Type::I32, 0, {2});
  bench.load(2, 1, two).save_address = true;
  bench.load(0, 1, to).save_address = true;
  bench.code.vector("mov32", dsr(0, 1), {dsr(2, 1)});
  bench.code.vector("mov32", dsr(0, 1), {dsr(2, 1)}); // goes on
  bench.load(2, 1, two).save_address = false;
  bench.code.vector("mov32", dsr(0, 1), {dsr(2, 1)});
  bench.code.vector("mov32", dsr(0, 1), {dsr(2, 1)}); // starts again
  bench.code.finish();
  bench.expect({1, 2, 3, 4, 1, 2, 1, 2});
}

TEST(Operation, RegistersSayHowAnOperationRuns) {
  for (const char *machine : {"wse2", "wse3"}) {
    Bench bench(machine);
    uint32_t sent = bench.code.task("sent", 8);
    bench.code.constant(0, 1);
    bench.code.store(0, Type::I32, 24);
    bench.code.end();
    uint32_t done = bench.code.task("done", 9);
    bench.code.constant(0, 1);
    bench.code.store(0, Type::I32, 28);
    bench.code.finish();
    bench.code.main();
    // What the operations themselves say does not count.
    uint32_t four = bench.code.memory(Type::I32, bench.a, {4});
    DsrLoadT &input = bench.load(1, 3, bench.in(0, 4));
    input.is_async = true;
    input.activate = int(done);
    bench.load(0, 3, bench.result);
    bench.code.vector("mov32", dsr(0, 3), {dsr(1, 3)});
    DsrLoadT &output = bench.load(0, 3, bench.out(0, 1));
    output.is_async = true;
    output.microthread = 5;
    output.activate = int(sent);
    bench.load(1, 3, four);
    bench.code.vector("mov32", dsr(0, 3), {dsr(1, 3)});
    bench.code.end();
    bench.expect({1, 2, 3, 4, 0, 0, 1, 1});
  }
}

TEST(Operation, RegistersMustBeLoadedAndFit) {
  auto messageOf = [](bool loads) {
    Bench bench;
    bench.code.main();
    if (loads) {
      bench.load(1, 2, bench.in(0, 4));
      bench.code.vector("mov32", dsr(1, 2), {slot(bench.source)});
    } else {
      bench.code.vector("mov32", slot(bench.result), {dsr(1, 2)});
      bench.load(1, 2, bench.source);
    }
    bench.code.finish();
    sim::Report report = bench.run();
    EXPECT_EQ(report.status, sim::Status::Trapped);
    return report.message;
  };
  EXPECT_EQ(messageOf(false), "cycle 0, PE (0, 0): operation 'mov32' uses a "
                              "data structure register before it is loaded, at "
                              "test.csl:1:1");
  EXPECT_EQ(messageOf(true), "cycle 1, PE (0, 0): operation 'mov32' has a "
                             "fabric operand of the wrong direction, at "
                             "test.csl:1:1");
}

//===----------------------------------------------------------------------===//
// Builtins
//===----------------------------------------------------------------------===//

TEST(Operation, CarriesGoToTheNextElement) {
  // 0x0001ffff + 0x00000001 as two 16-bit words.
  Bench bench;
  uint32_t x = bench.code.variable("x", Type::I16, 2, {0xff, 0xff, 1, 0});
  uint32_t y = bench.code.variable("y", Type::I16, 2, {1, 0, 0, 0});
  bench.code.main();
  uint32_t to = bench.code.memory(Type::I16, 0, {2});
  bench.code.vector("addc16", slot(to),
                    {slot(bench.code.memory(Type::I16, x, {2})),
                     slot(bench.code.memory(Type::I16, y, {2}))});
  bench.code.finish();
  bench.expect({0x00020000, 0, 0, 0, 0, 0, 0, 0});
}

TEST(Operation, ScalesAndNormalizes) {
  Bench bench;
  bench.code.main();
  auto bits = [](float value) { return std::bit_cast<int32_t>(value); };
  bench.code.constant(0, -12.0f);
  bench.code.constant(1, 3, Type::I16);
  bench.code.constant(2, 0x4600, Type::F16); // 6
  bench.code.vector("fscales", address(Type::F32, 0),
                    {reg(Type::F32, 0), reg(Type::I16, 1)});
  bench.code.vector("fnorms", address(Type::F32, 4), {reg(Type::F32, 0)});
  bench.code.vector("fscaleh", address(Type::F16, 8),
                    {reg(Type::F16, 2), reg(Type::I16, 1)});
  bench.code.vector("fnormh", address(Type::F16, 12), {reg(Type::F16, 2)});
  bench.code.finish();
  bench.expect({bits(-96.0f), bits(-1.5f), 0x5200, 0x3e00, 0, 0, 0, 0});
}
