//===- SessionTest.cpp - copies, streams and launches step by step --------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Through the C interface, as other languages use it.
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"

#include "spada/Sim/SimulatorC.h"

#include <numeric>

using namespace spada;
using namespace spada::test;

namespace {
/// A session that ends with the test.
struct Session {
  explicit Session(const ImageMaker &image, int threads = 1,
                   uint64_t maxCycles = 0) {
    std::vector<uint8_t> bytes = image.bytes();
    sim = spada_sim_load(bytes.data(), bytes.size());
    EXPECT_STREQ(spada_sim_error(sim), "");
    spada_sim_session_options options{threads, maxCycles, nullptr, nullptr};
    EXPECT_EQ(spada_sim_start(sim, &options), 1) << spada_sim_error(sim);
  }
  ~Session() { spada_sim_free(sim); }
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  int32_t symbol(const char *name) const { return spada_sim_symbol(sim, name); }
  uint64_t launch(const char *name, std::vector<uint32_t> arguments = {}) {
    return spada_sim_launch(sim, symbol(name), arguments.data(),
                            uint32_t(arguments.size()));
  }
  std::vector<uint32_t> read(const char *name, spada_sim_region region,
                             uint32_t elements, bool bits16 = false) {
    std::vector<uint32_t> words(size_t(region.width * region.height) *
                                elements);
    uint64_t command = spada_sim_copy_out(sim, symbol(name), region, elements,
                                          bits16, words.data());
    EXPECT_NE(command, 0u) << error();
    EXPECT_TRUE(wait(command)) << error();
    return words;
  }
  bool wait(uint64_t command = 0) {
    return spada_sim_wait(sim, command, &report) == 1;
  }
  std::string error() const { return spada_sim_error(sim); }

  spada_sim *sim = nullptr;
  spada_sim_report report{};
};

using Words = std::vector<uint32_t>;

/// "add(n)" adds n to each of the four words of "data"; the command stream is
/// free again unless `keep`.
ProgramMaker adder(bool keep = false) {
  ProgramMaker code("adder");
  uint32_t data = code.variable("data", Type::I32, 4);
  code.exported("add", {Type::I16});
  for (uint32_t i = 0; i < 4; ++i) {
    code.load(1, Type::I32, data + 4 * i);
    code.emit(Opcode::Add, Type::I32, 1, 1, 0);
    code.store(1, Type::I32, data + 4 * i);
  }
  if (!keep)
    code.emit(Opcode::HostUnblock);
  code.end();
  return code;
}

ImageMaker adders(int width, int height, bool keep = false) {
  ImageMaker image{uint32_t(width), uint32_t(height)};
  image.place(adder(keep), ImageMaker::box(0, width, 0, height));
  return image;
}
} // namespace

TEST(Session, APeStartsWithDataOfItsOwn) {
  ImageMaker image{2, 2};
  ProgramMaker code("four");
  code.variable("data", Type::I16, 2, {1, 0, 2, 0});
  image.place(std::move(code), ImageMaker::box(0, 2, 0, 2));
  auto data = std::make_unique<TileDataT>();
  data->x = 1;
  data->variable = "data";
  data->bytes = {3, 0, 4, 0};
  image.image.tile_data.push_back(std::move(data));
  Session session(image);
  EXPECT_EQ(session.read("data", {0, 0, 2, 2}, 2, true),
            (Words{1, 2, 3, 4, 1, 2, 1, 2}));
  std::vector<uint8_t> wrong = {3, 0};
  image.image.tile_data[0]->bytes = wrong;
  EXPECT_EQ(image.loadError(),
            "image: data of 2 bytes for 'data' of PE (1, 0), which has 4");
}

TEST(Session, CopiesAndLaunchesInOrder) {
  Session session(adders(2, 2));
  EXPECT_EQ(spada_sim_num_symbols(session.sim), 2);
  EXPECT_STREQ(spada_sim_symbol_name(session.sim, session.symbol("add")),
               "add");
  EXPECT_EQ(session.symbol("nothing"), -1);
  Words input(16);
  std::iota(input.begin(), input.end(), 100u);
  uint64_t copied = spada_sim_copy_in(session.sim, session.symbol("data"),
                                      {0, 0, 2, 2}, 4, 0, input.data());
  uint64_t launched = session.launch("add", {0xffff'fffeu}); // -2 as i16
  uint64_t again = session.launch("add", {5});
  EXPECT_EQ(copied, 1u);
  EXPECT_EQ(again, 3u);
  EXPECT_FALSE(spada_sim_done(session.sim, copied));
  EXPECT_TRUE(session.wait(launched)) << session.error();
  EXPECT_TRUE(spada_sim_done(session.sim, copied));
  uint64_t cycles = session.report.cycles;
  EXPECT_EQ(session.read("data", {1, 0, 1, 2}, 4),
            (Words{107, 108, 109, 110, 115, 116, 117, 118}));
  EXPECT_GT(session.report.cycles, cycles); // the clock goes on
  EXPECT_TRUE(session.wait());
  EXPECT_EQ(session.report.tasks, 8u);
  EXPECT_EQ(spada_sim_stop(session.sim), 1);
  EXPECT_EQ(spada_sim_stop(session.sim), 0);
  EXPECT_EQ(session.error(), "no session is open");
}

TEST(Session, SixteenBitCopies) {
  ImageMaker image(1, 1);
  ProgramMaker code("code");
  code.variable("data", Type::I16, 3);
  image.place(std::move(code), ImageMaker::box(0, 1));
  Session session(image);
  Words input = {0xaaaa0001, 0xbbbbffff, 3};
  EXPECT_NE(spada_sim_copy_in(session.sim, session.symbol("data"), {0, 0, 1, 1},
                              3, 1, input.data()),
            0u);
  EXPECT_EQ(session.read("data", {0, 0, 1, 1}, 3, true), (Words{1, 0xffff, 3}));
  uint16_t bytes[3] = {};
  size_t size = 0;
  EXPECT_EQ(spada_sim_stop(session.sim), 1);
  EXPECT_EQ(spada_sim_read_variable(session.sim, 0, 0, "data", bytes,
                                    sizeof(bytes), &size),
            1);
  EXPECT_EQ(size, 6u);
  EXPECT_EQ(bytes[1], 0xffff);
}

TEST(Session, CopiesFollowPointers) {
  ImageMaker image(1, 1);
  ProgramMaker code("code");
  code.variable("a", Type::I32, 2, {1, 0, 0, 0, 2, 0, 0, 0});
  uint32_t b = code.variable("b", Type::I32, 2, {3, 0, 0, 0, 4, 0, 0, 0});
  uint32_t pointer = code.variable("pointer", Type::I16, 1, {0, 0});
  code.program.symbols.back()->name = "data";
  code.program.symbols.back()->is_pointer = true;
  code.program.symbols.back()->type = Type::I32;
  code.exported("swap");
  code.constant(0, int32_t(b), Type::I16);
  code.store(0, Type::I16, pointer);
  code.finish();
  code.exported("lose");
  code.constant(0, 0xfff0, Type::I16);
  code.store(0, Type::I16, pointer);
  code.finish();
  image.place(std::move(code), ImageMaker::box(0, 1));
  Session session(image);
  EXPECT_EQ(session.read("data", {0, 0, 1, 1}, 2), (Words{1, 2}));
  session.launch("swap");
  EXPECT_EQ(session.read("data", {0, 0, 1, 1}, 2), (Words{3, 4}));
  session.launch("lose");
  Words words(2);
  uint64_t command = spada_sim_copy_out(session.sim, session.symbol("data"),
                                        {0, 0, 1, 1}, 2, 0, words.data());
  EXPECT_FALSE(session.wait(command));
  EXPECT_EQ(session.report.status, SPADA_SIM_TRAPPED);
  EXPECT_NE(session.error().find("PE (0, 0): copy of 8 bytes at address 65520, "
                                 "where 'data' points; the program has 18 "
                                 "bytes"),
            std::string::npos)
      << session.error();
}

TEST(Session, RefusesWhatDoesNotFit) {
  Session session(adders(2, 1));
  Words words(64);
  int32_t data = session.symbol("data");
  auto copy = [&](int32_t symbol, spada_sim_region region, uint32_t elements) {
    EXPECT_EQ(spada_sim_copy_in(session.sim, symbol, region, elements, 0,
                                words.data()),
              0u);
    return session.error();
  };
  EXPECT_EQ(copy(data, {1, 0, 2, 1}, 1),
            "region of 2 x 1 PEs at (1, 0) does not fit the rectangle of 2 x 1 "
            "PEs");
  EXPECT_EQ(copy(data, {0, 0, 1, 1}, 5),
            "copy of 20 bytes, symbol 'data' has 16 on PE (0, 0)");
  EXPECT_EQ(copy(7, {0, 0, 1, 1}, 1), "symbol 7 is unknown, there are 2");
  EXPECT_EQ(copy(session.symbol("add"), {0, 0, 1, 1}, 1),
            "'add' is a function; launch it");
  EXPECT_EQ(session.launch("data"), 0u);
  EXPECT_EQ(session.error(), "'data' is no function; copy it");
  EXPECT_EQ(session.launch("add"), 0u);
  EXPECT_EQ(session.error(), "launch of 'add' with 0 arguments, it takes 1");
  EXPECT_EQ(spada_sim_stream_in(session.sim, 3, {0, 0, 1, 1}, 1, words.data()),
            0u);
  EXPECT_EQ(session.error(), "PE (0, 0) has no input queue for color 3");
  EXPECT_EQ(spada_sim_stream_out(session.sim, 3, {0, 0, 1, 1}, 1, words.data()),
            0u);
  EXPECT_EQ(session.error(),
            "color 3 is not one on which PEs send to the host");
  EXPECT_FALSE(session.wait(1));
  EXPECT_EQ(session.error(), "command 1 is unknown, there are 0");
}

TEST(Session, SaysWhoKeepsTheCommandStream) {
  Session session(adders(2, 1, /*keep=*/true));
  uint64_t first = session.launch("add", {1});
  uint64_t second = session.launch("add", {1});
  EXPECT_TRUE(session.wait(first));
  EXPECT_FALSE(session.wait(second));
  EXPECT_EQ(session.report.status, SPADA_SIM_DEADLOCKED);
  EXPECT_EQ(session.error().substr(0, session.error().find("\n  PE (1, 0)")),
            "deadlock: nothing can happen any more, launch of 'add' (command "
            "2) is not done on 2 PEs\n"
            "  PE (0, 0) has not called unblock_cmd_stream since the last "
            "launch");
}

namespace {
/// A data task on color 4 adds 1 and sends on to the host on color 5.
ImageMaker streamer(int width) {
  ImageMaker image(uint32_t(width), 1);
  ProgramMaker code("streamer");
  code.input(2, 4);
  code.output(3, 5);
  uint32_t out = code.fabout(Type::I32, 3, 5, 1);
  code.dataTask("each", 4, 2, 0, Type::I32);
  code.constant(1, 1);
  code.emit(Opcode::Add, Type::I32, 0, 0, 1);
  code.vector("mov32", slot(out), {reg(Type::I32, 0)});
  code.end();
  image.place(std::move(code), ImageMaker::box(0, width));
  image.image.host_in_colors = {4};
  image.image.host_out_colors = {5};
  return image;
}
} // namespace

TEST(Session, StreamsOverlap) {
  for (int threads : {1, 2}) {
    Session session(streamer(2), threads);
    Words input(200), first(120, 0), second(80, 0);
    std::iota(input.begin(), input.end(), 0u);
    // More than the queues hold, and results come in other pieces.
    uint64_t in =
        spada_sim_stream_in(session.sim, 4, {0, 0, 2, 1}, 100, input.data());
    ASSERT_NE(in, 0u) << session.error();
    uint64_t out1 =
        spada_sim_stream_out(session.sim, 5, {0, 0, 2, 1}, 60, first.data());
    ASSERT_NE(out1, 0u) << session.error();
    EXPECT_TRUE(session.wait(out1)) << session.error();
    EXPECT_EQ(first[0], 1u);
    EXPECT_EQ(first[59], 60u);
    EXPECT_EQ(first[60], 101u);
    EXPECT_TRUE(session.wait()) << session.error();
    uint64_t out2 =
        spada_sim_stream_out(session.sim, 5, {0, 0, 2, 1}, 40, second.data());
    EXPECT_TRUE(session.wait(out2)) << session.error();
    EXPECT_EQ(second[0], 61u);
    EXPECT_EQ(second[79], 200u);
    uint64_t out3 =
        spada_sim_stream_out(session.sim, 5, {1, 0, 1, 1}, 2, second.data());
    EXPECT_FALSE(session.wait(out3));
    EXPECT_EQ(session.error(),
              "deadlock: nothing can happen any more, stream from color 5 "
              "(command 4) is not done on 1 PEs\n"
              "  PE (1, 0) has not sent 2 of 2 words on color 5");
  }
}

TEST(Session, CopiesComeAfterTheStreamBeforeThem) {
  // The words of a stream are worked off before a copy that is noted behind it
  // looks at the result.
  ImageMaker image(1, 1);
  ProgramMaker code("summer");
  uint32_t sum = code.variable("sum", Type::I32, 1);
  code.input(2, 4);
  code.dataTask("each", 4, 2, 0, Type::I32);
  code.load(1, Type::I32, sum);
  code.emit(Opcode::Add, Type::I32, 1, 1, 0);
  code.store(1, Type::I32, sum);
  code.end();
  image.place(std::move(code), ImageMaker::box(0, 1));
  image.image.host_in_colors = {4};
  Session session(image);
  Words input(300, 2);
  EXPECT_NE(
      spada_sim_stream_in(session.sim, 4, {0, 0, 1, 1}, 300, input.data()), 0u);
  EXPECT_EQ(session.read("sum", {0, 0, 1, 1}, 1), Words{600});
}

TEST(Session, BudgetIsForTheWholeSession) {
  ImageMaker image(1, 1);
  ProgramMaker code("code");
  code.exported("spin");
  code.emit(Opcode::Jump, Type::I32, noReg, noReg, noReg, noReg, 0);
  image.place(std::move(code), ImageMaker::box(0, 1));
  Session session(image, 1, 10000);
  uint64_t command = session.launch("spin");
  EXPECT_FALSE(session.wait(command));
  EXPECT_EQ(session.report.status, SPADA_SIM_OUT_OF_BUDGET);
  EXPECT_EQ(session.error(), "no end after 10000 cycles");
}

TEST(Session, CyclesDoNotDependOnThreads) {
  uint64_t cycles[3];
  for (int threads : {1, 2, 3}) {
    Session session(adders(6, 2), threads);
    session.launch("add", {3});
    session.launch("add", {4});
    EXPECT_TRUE(session.wait(2)) << session.error();
    cycles[threads - 1] = session.report.cycles;
    EXPECT_EQ(session.read("data", {5, 1, 1, 1}, 1), Words{7});
  }
  EXPECT_EQ(cycles[0], cycles[1]);
  EXPECT_EQ(cycles[0], cycles[2]);
}
