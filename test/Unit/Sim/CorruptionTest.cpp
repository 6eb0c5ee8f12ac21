//===- CorruptionTest.cpp - damaged images are errors, not crashes --------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Random byte changes, cuts, and wrong fields one at a time. What still loads
// must still run without a crash.
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"

#include <random>

using namespace spada;
using namespace spada::test;

namespace {
template <typename T> T &add(std::vector<std::unique_ptr<T>> &list) {
  return *list.emplace_back(std::make_unique<T>());
}

/// Registers, FIFOs, run-time descriptors and states, math, printing.
void machineOf(ProgramMaker &code, uint32_t a, uint32_t values) {
  ProgramT &program = code.program;
  FifoT &fifo = add(program.fifos);
  fifo.name = "fifo";
  fifo.address = a + 16;
  fifo.elements = 2;
  fifo.type = Type::F32;
  fifo.activate_push = 0;
  DsrLoadT &load = add(program.dsr_loads);
  load.file = 1;
  load.id = 2;
  load.slot = values;
  load.save_address = true;
  PrintT &print = add(program.prints);
  print.format = "{d} {X}\n";
  print.types = {Type::I32, Type::I16};
  auto emit = [&](Opcode opcode, uint16_t to, uint16_t b = noReg,
                  uint16_t c = noReg, int32_t imm = 0, Type type = Type::I16) {
    code.emit(opcode, type, to, b, c, noReg, imm);
  };
  code.constant(5, int32_t(a), Type::I16);
  emit(Opcode::LoadAt, 6, 5, noReg, 4);
  emit(Opcode::StoreAt, 6, 5, 6, 0xfe40);
  emit(Opcode::DsdBase, uint16_t(values), 5);
  emit(Opcode::DsdStride, uint16_t(values), 6);
  emit(Opcode::DsdOffset, uint16_t(values), 6);
  emit(Opcode::DsdLengthOf, 6, uint16_t(values));
  emit(Opcode::DsdElement, 6, uint16_t(values), 6);
  emit(Opcode::LoadDsr, noReg);
  code.vector("fmovs", {OperandKind::Fifo, Type::F32, 0},
              {{OperandKind::Dsr, Type::F32, 64 + 2}});
  emit(Opcode::Clock, 6, 7, 8);
  emit(Opcode::ClockControl, noReg, noReg, noReg, 2);
  emit(Opcode::Random, 6);
  emit(Opcode::Math, 6, 6, 6, 4, Type::F32);
  emit(Opcode::Print, noReg, 6);
  emit(Opcode::Block, noReg, 6, noReg, 3);
  emit(Opcode::Assert, noReg, 5);
  code.vector("fmovs", {OperandKind::Pointer, Type::F32, 5},
              {{OperandKind::Fifo, Type::F32, 0}});
  VectorOperationT &last = *program.vectors.back();
  last.is_async = true;
  last.microthread = 5;
  last.on_control = OnControl::Terminate;
}

/// A bit of everything that an image can hold.
ImageMaker everything() {
  ImageMaker image(3, 2);
  ProgramMaker code("all");
  uint32_t a = code.variable("a", Type::F32, 8, std::vector<uint8_t>(32, 1));
  uint32_t sum = code.variable("sum", Type::F32, 1);
  code.input(2, 0);
  code.input(3, 1);
  code.output(2, 1);
  uint32_t values = code.memory(Type::F32, a, {8}),
           grid = code.memory(Type::F32, a, {2, 2, 2}, {4, 2, 1});
  code.function("helper", 1);
  code.emit(Opcode::FAdd, Type::F32, 0, 1, 1);
  code.emit(Opcode::Return, Type::F32, noReg, 0);
  code.task("exit", 8);
  code.finish();
  code.task("control", 40);
  code.program.tasks.back()->kind = TaskKind::Control;
  code.program.tasks.back()->payload_register = 1;
  code.end();
  code.task("torn", 5);
  code.program.tasks.back()->kind = TaskKind::Teardown;
  code.end();
  code.exported("work", {Type::F16, Type::I32});
  code.finish();
  code.program.startup = int32_t(code.program.functions.size());
  code.function("startup");
  code.constant(0, 1);
  code.end();
  code.variable("pointer", Type::I16, 1, {4, 0});
  code.program.symbols.back()->is_pointer = true;
  code.program.symbols.back()->elements = 4;
  code.dataTask("element", 0, 2, 1, Type::F32);
  code.emit(Opcode::Call, Type::F32, 2, 1, noReg, noReg, 0);
  code.end();
  code.main();
  code.emit(Opcode::Param, Type::I32, 0, noReg, noReg, noReg, 0);
  code.emit(Opcode::DsdLength, Type::I32, uint16_t(values), 0);
  code.vector("fadds", address(Type::F32, sum),
              {address(Type::F32, sum), slot(grid)});
  code.async("fmovs", slot(code.fabout(Type::F32, 2, 1, 4)), {slot(values)}, 2,
             0);
  code.load(3, Type::I32, a, 0);
  uint32_t jump =
      code.emit(Opcode::JumpIf, Type::I1, noReg, 0, noReg, noReg, 0);
  code.emit(Opcode::DivS, Type::I32, 4, 3, 3);
  code.land(jump);
  machineOf(code, a, values);
  code.end();
  image.image.strings = {"text"};
  image.image.host_in_colors = {0};
  image.image.host_out_colors = {2};
  image.place(std::move(code), ImageMaker::box(0, 3, 0, 2),
              {Param(ParamSource::X, 0), Param(ParamSource::Y, 0)});
  image.route(1, RampBit, EastBit, ImageMaker::box(0, 2, 0, 2));
  image.route(5, WestBit, RampBit, ImageMaker::box(0, 3, 0, 2));
  image.argument("a", HostDirection::InOut, "f32", {3, 2}, 8,
                 ImageMaker::box(0, 3, 0, 2));
  image.argument("s", HostDirection::In, "i16", {}, 0, ImageMaker::box(0, 0))
      .is_scalar = true;
  HostArgumentT &stream = image.argument("t", HostDirection::In, "f32", {3, 2},
                                         0, ImageMaker::box(0, 3, 0, 2));
  stream.color = 0;
  return image;
}

/// Runs a little in a session.
void runSession(sim::Simulator &simulator) {
  sim::Options options;
  options.maxCycles = 300;
  std::string error;
  std::vector<uint32_t> words(64);
  if (!simulator.start(options, error))
    return;
  sim::Region all{0, 0, simulator.width(), simulator.height()};
  for (size_t i = 0; i < simulator.symbols().size(); ++i) {
    simulator.copyIn(int(i), all, 2, false, words.data(), error);
    simulator.copyOut(int(i), all, 2, true, words.data(), error);
    simulator.launch(int(i), {words.data(), 2}, error);
  }
  simulator.streamIn(0, all, 2, words.data(), error);
  simulator.streamOut(2, all, 2, words.data(), error);
  simulator.wait(1);
  simulator.wait(0);
  simulator.stop(error);
}

/// Loads and, when that works, runs for a short time.
bool survives(const std::vector<uint8_t> &bytes) {
  std::string error;
  std::unique_ptr<sim::Simulator> simulator =
      sim::Simulator::load(bytes, error);
  EXPECT_EQ(simulator == nullptr, !error.empty());
  if (!simulator)
    return false;
  sim::Options options;
  options.maxCycles = 300;
  simulator->run(options);
  std::vector<uint8_t> result;
  for (const sim::Argument &argument : simulator->arguments())
    simulator->readArgument(argument.name, result, error);
  if (simulator->width() * simulator->height() <= 32)
    runSession(*simulator);
  return true;
}
} // namespace

TEST(Corruption, RandomBytes) {
  std::vector<uint8_t> image = everything().bytes();
  ASSERT_TRUE(survives(image));
  std::mt19937 random(1);
  // Changes inside the machine's text are mostly harmless or JSON errors; aim
  // three of four outside of it.
  std::string_view text(reinterpret_cast<const char *>(image.data()),
                        image.size());
  size_t machineAt = text.find("{\n"),
         machineEnd = machineAt + builtinMachineText("wse2").size();
  unsigned loaded = 0, refused = 0;
  for (unsigned round = 0; round < 20000; ++round) {
    std::vector<uint8_t> damaged = image;
    for (unsigned change = 0; change <= round % 3; ++change) {
      size_t at = random() % image.size();
      while (round % 4 && at >= machineAt && at < machineEnd)
        at = random() % image.size();
      damaged[at] = round % 2 ? uint8_t(random())
                              : uint8_t(damaged[at] ^ (1u << random() % 8));
    }
    (survives(damaged) ? loaded : refused)++;
  }
  EXPECT_GT(loaded, 100u);
  EXPECT_GT(refused, 100u);
}

TEST(Corruption, Cuts) {
  std::vector<uint8_t> image = everything().bytes();
  std::string error;
  for (size_t size = 0; size < image.size(); size += size < 512 ? 1 : 97)
    EXPECT_FALSE(sim::Simulator::load({image.data(), size}, error)) << size;
}

TEST(Corruption, WrongFieldsAreNamed) {
  auto errorAfter = [](auto &&change) {
    ImageMaker image = everything();
    change(image.image);
    return image.loadError();
  };
  EXPECT_EQ(errorAfter([](ImageT &image) { image.version = 7; }),
            "image: version 7, this simulator reads version 2");
  EXPECT_EQ(errorAfter([](ImageT &image) { image.machine = "{}"; }),
            "image: machine description: field 'name' is missing");
  EXPECT_EQ(
      errorAfter([](ImageT &image) { image.width = 751; }),
      "image: rectangle of 751 x 2 PEs, the machine allows 1 x 1 to 750 x 994");
  EXPECT_EQ(errorAfter([](ImageT &image) {
              image.tiles.push_back(std::make_unique<TileT>(*image.tiles[0]));
            }),
            "image: PE (0, 0) has two programs");
  EXPECT_EQ(errorAfter([](ImageT &image) {
              auto route = std::make_unique<RouteT>(*image.routes[0]);
              route->rx = 2;
              route->boxes = {Box(1, 2, 1, 0, 1, 1)};
              image.routes.push_back(std::move(route));
            }),
            "image: PE (1, 0) has two routes for color 1");
  EXPECT_EQ(errorAfter([](ImageT &image) {
              image.tile_data.push_back(std::make_unique<TileDataT>());
              image.tile_data[0]->x = 99;
            }),
            "image: data of a PE outside of the rectangle");
  EXPECT_EQ(errorAfter([](ImageT &image) {
              image.tile_data.push_back(std::make_unique<TileDataT>());
              image.tile_data[0]->variable = "nothing";
            }),
            "image: data of 0 bytes for 'nothing' of PE (0, 0), which does not "
            "exist");
  EXPECT_EQ(errorAfter([](ImageT &image) {
              image.programs[0]->instructions.back() =
                  Instruction(Opcode::Block, Type::I32, 0, 0, 0, 0, 0, 0);
            }),
            "image: program 'all': code runs over its end");
  EXPECT_EQ(errorAfter([](ImageT &image) {
              image.programs[0]->instructions[0] =
                  Instruction(Opcode::Move, Type::I32, 0, noReg, 0, 0, 0, 0);
            }),
            "image: program 'all': instruction without a needed register");
  EXPECT_EQ(errorAfter([](ImageT &image) {
              image.programs[0]->tasks[0]->kind = TaskKind(9);
            }),
            "image: program 'all': task 'exit' of unknown kind");
  EXPECT_EQ(
      errorAfter([](ImageT &image) {
        image.programs[0]->vectors[0]->sources.pop_back();
      }),
      "image: program 'all': operation 'fadds' with another number of sources");
  EXPECT_EQ(
      errorAfter(
          [](ImageT &image) { image.programs[0]->memory_bytes = 60000; }),
      "image: program 'all': needs 60000 bytes of memory, a PE has 49152");
  EXPECT_EQ(errorAfter([](ImageT &image) { image.arguments[0]->elements = 9; }),
            "image: host argument 'a': PE (0, 0) has a symbol of 8 elements, "
            "expected 9");
  EXPECT_EQ(errorAfter(
                [](ImageT &image) { image.arguments[0]->element_type = "f8"; }),
            "image: host argument 'a' has unknown element type 'f8'");
}
