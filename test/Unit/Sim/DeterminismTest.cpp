//===- DeterminismTest.cpp - any number of threads gives the same run -----===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Relays on a grid, run on 1, 2, 4 and more threads than columns: results,
// counts and traces are equal.
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"

#include "spada/Sim/SimulatorC.h"

#include "nlohmann/json.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace spada;
using namespace spada::test;

namespace {
constexpr int size = 12;
constexpr uint32_t n = 20;

/// Every PE sends one way; its neighbors route nothing of the kind, so all of
/// them trap.
ImageMaker scattered() {
  ImageMaker image(size, size);
  ProgramMaker code("sender");
  uint32_t a = code.variable("a", Type::F32, n);
  code.output(2, 0);
  code.main();
  code.vector("fmovs", slot(code.fabout(Type::F32, 2, 0, n)),
              {slot(code.memory(Type::F32, a, {n}))});
  code.finish();
  image.place(std::move(code), ImageMaker::box(0, size, 0, size));
  image.route(0, RampBit, EastBit, ImageMaker::box(0, size, 0, size));
  return image;
}

/// Rows of PEs pass vectors east, on microthreads beside scalar code of
/// different length.
ImageMaker relays() {
  ImageMaker image(size, size);
  for (int x = 0; x < size; ++x) {
    ProgramMaker code("column" + std::to_string(x));
    uint32_t a = code.variable("a", Type::F32, n),
             counter = code.variable("counter", Type::I32, 1);
    uint32_t values = code.memory(Type::F32, a, {n});
    bool first = x == 0, last = x + 1 == size;
    uint8_t in = uint8_t(x % 2), out = uint8_t((x + 1) % 2);
    code.task("exit", 8);
    code.finish();
    if (!first)
      code.input(2, in);
    if (!last)
      code.output(2, out);
    code.main();
    if (first)
      code.async("fmovs", slot(code.fabout(Type::F32, 2, out, n)),
                 {slot(values)}, 2, 0);
    else if (last)
      code.async("fadds", slot(values),
                 {slot(values), slot(code.fabin(Type::F32, 2, in, n))}, 2, 0);
    else
      code.async("fadds", slot(code.fabout(Type::F32, 2, out, n)),
                 {slot(values), slot(code.fabin(Type::F32, 2, in, n))}, 2, 0);
    for (int i = 0; i < 2 * x; ++i) {
      code.load(0, Type::I32, counter);
      code.emit(Opcode::Param, Type::I32, 1, noReg, noReg, noReg, 0);
      code.emit(Opcode::Add, Type::I32, 0, 0, 1);
      code.store(0, Type::I32, counter);
    }
    code.end();
    image.place(std::move(code), ImageMaker::box(x, x + 1, 0, size),
                {Param(ParamSource::Y, 0)});
    if (!first)
      image.route(in, WestBit, RampBit, ImageMaker::box(x, x + 1, 0, size));
    if (!last)
      image.route(out, RampBit, EastBit, ImageMaker::box(x, x + 1, 0, size));
  }
  image.argument("a", HostDirection::InOut, "f32", {size, size}, n,
                 ImageMaker::box(0, size, 0, size));
  return image;
}

std::string readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Outcome {
  sim::Report report;
  std::string trace;
  std::vector<float> values;
};

Outcome runWith(sim::Simulator &simulator, int threads, uint64_t maxTraceEvents,
                const std::string &array) {
  std::string path = privatePath("trace.json");
  sim::Options options;
  options.threads = threads;
  options.tracePath = path;
  options.maxTraceEvents = maxTraceEvents;
  Outcome outcome;
  outcome.report = simulator.run(options);
  outcome.trace = readFile(path);
  std::filesystem::remove(path);
  if (!array.empty())
    outcome.values = readArray<float>(simulator, array);
  return outcome;
}

void expectEqual(const Outcome &one, const Outcome &other) {
  EXPECT_EQ(one.report.status, other.report.status);
  EXPECT_EQ(one.report.cycles, other.report.cycles);
  EXPECT_EQ(one.report.tasks, other.report.tasks);
  EXPECT_EQ(one.report.waveletHops, other.report.waveletHops);
  EXPECT_EQ(one.report.activePeCycles, other.report.activePeCycles);
  EXPECT_EQ(one.report.busyPeCycles, other.report.busyPeCycles);
  EXPECT_EQ(one.report.message, other.report.message);
  EXPECT_EQ(one.values, other.values);
  EXPECT_TRUE(one.trace == other.trace);
}
} // namespace

TEST(Determinism, ThreadsDoNotMatter) {
  auto simulator = relays().load();
  ASSERT_TRUE(simulator);
  std::vector<float> values(size * size * n);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = float(i % 97);
  writeArray(*simulator, "a", values);
  Outcome one = runWith(*simulator, 1, 1000000, "a");
  ASSERT_EQ(one.report.status, sim::Status::Finished) << one.report.message;
  float sum = 0;
  for (int x = 0; x < size; ++x)
    sum += values[size_t(x) * size * n];
  EXPECT_EQ(one.values[size_t(size - 1) * size * n], sum);
  for (int threads : {2, 4, 99})
    expectEqual(one, runWith(*simulator, threads, 1000000, "a"));
}

TEST(Determinism, TrapsToo) {
  // Which trap is told does not depend on threads.
  auto simulator = scattered().load();
  ASSERT_TRUE(simulator);
  Outcome one = runWith(*simulator, 1, 1000, "");
  EXPECT_EQ(one.report.status, sim::Status::Trapped);
  for (int threads : {2, 4})
    expectEqual(one, runWith(*simulator, threads, 1000, ""));
}

TEST(Determinism, TraceIsJsonAndCut) {
  auto simulator = relays().load();
  ASSERT_TRUE(simulator);
  Outcome whole = runWith(*simulator, 1, 1000000, "a");
  auto json = nlohmann::json::parse(whole.trace, nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_FALSE(json["otherData"].contains("notice"));
  size_t tasks = 0, operations = 0, counters = 0;
  for (const auto &event : json["traceEvents"]) {
    tasks += event.value("cat", "") == "task";
    operations += event.value("cat", "") == "operation";
    counters += event["ph"] == "C";
  }
  EXPECT_EQ(tasks, whole.report.tasks);
  EXPECT_EQ(operations, size_t(size * size));
  EXPECT_GE(counters, 1u);
  Outcome cut = runWith(*simulator, 1, 100, "a");
  json = nlohmann::json::parse(cut.trace, nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_EQ(json["otherData"]["notice"],
            std::to_string(tasks + operations - 100) +
                " later events are left out");
  for (int threads : {2, 4})
    expectEqual(cut, runWith(*simulator, threads, 100, "a"));
}

TEST(Determinism, TraceThatCannotBeWritten) {
  auto simulator = relays().load();
  sim::Options options;
  options.tracePath = "/nonexistent-folder/trace.json";
  sim::Report report = simulator->run(options);
  EXPECT_EQ(report.status, sim::Status::Finished);
  EXPECT_EQ(report.message,
            "cannot write the trace '/nonexistent-folder/trace.json'");
}

TEST(Determinism, CInterface) {
  std::vector<uint8_t> image = relays().bytes();
  EXPECT_EQ(spada_sim_abi_version(), uint32_t(SPADA_SIM_ABI_VERSION));
  spada_sim *sim = spada_sim_load(image.data(), image.size());
  ASSERT_STREQ(spada_sim_error(sim), "");
  std::vector<float> values(size * size * n, 1.0f);
  EXPECT_EQ(spada_sim_write(sim, "a", values.data(), values.size() * 4), 1);
  spada_sim_report report;
  ASSERT_EQ(spada_sim_run(sim, 2, 0, nullptr, &report), 1);
  EXPECT_EQ(report.status, SPADA_SIM_FINISHED);
  size_t bytes = 0;
  ASSERT_EQ(spada_sim_read(sim, "a", values.data(), values.size() * 4, &bytes),
            1);
  EXPECT_EQ(bytes, values.size() * 4);
  EXPECT_EQ(values.back(), float(size));
  EXPECT_EQ(spada_sim_set_scalar(sim, "s", 1), 0);
  EXPECT_STREQ(spada_sim_error(sim), "kernel 'test' has no argument 's'");
  spada_sim_free(sim);
  sim = spada_sim_load(image.data(), 10);
  EXPECT_STREQ(spada_sim_error(sim), "image: damaged, or not an image");
  EXPECT_EQ(spada_sim_run(sim, 1, 0, nullptr, &report), 0);
  spada_sim_free(sim);
}
