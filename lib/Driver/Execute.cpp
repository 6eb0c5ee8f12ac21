//===- Execute.cpp - run an image on the simulator ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Feeds host arrays in, shows progress on a terminal, collects what came out.
//
//===----------------------------------------------------------------------===//

#include "Execute.h"

#include "Svg.h"
#include "spada/Sim/Simulator.h"
#include "spada/Support/Npy.h"
#include "llvm/Support/Process.h"
#include <chrono>

using namespace llvm;
using namespace spada;
using namespace spada::driver;

namespace {
/// One line on standard error that is rewritten; nothing in a pipe.
class Progress {
public:
  Progress() : shows(sys::Process::StandardErrIsDisplayed()) {}
  ~Progress() {
    if (printed)
      errs() << "\r\033[K";
  }
  void cycle(uint64_t count) {
    auto now = std::chrono::steady_clock::now();
    if (!shows || now - last < std::chrono::milliseconds(200))
      return;
    last = now;
    printed = true;
    errs() << "\rsimulating: cycle " << grouped(count) << "\033[K";
    errs().flush();
  }

private:
  bool shows, printed = false;
  std::chrono::steady_clock::time_point last = std::chrono::steady_clock::now();
};
} // namespace

/// Hands the arrays to the simulator.
static bool feed(sim::Simulator &simulator, const HostArrays &inputs,
                 Errors &errors) {
  for (const sim::Argument &argument : simulator.arguments()) {
    auto array = inputs.find(argument.name);
    if (array == inputs.end())
      continue;
    std::string error;
    bool taken = true;
    if (argument.isScalar) {
      uint64_t bits = 0;
      for (size_t n = 0; n < array->second.bytes.size(); ++n)
        bits |= uint64_t(array->second.bytes[n]) << (8 * n);
      taken = simulator.setScalar(argument.name, bits, error);
    } else {
      taken =
          simulator.writeArgument(argument.name, array->second.bytes, error);
    }
    if (!taken)
      errors.report("argument '" + argument.name + "': " + error);
  }
  return !errors.any();
}

/// Fetches the outputs of a finished run.
static void drain(const sim::Simulator &simulator,
                  ArrayRef<HostArgument> arguments, HostArrays &outputs,
                  Errors &errors) {
  for (const HostArgument &argument : arguments) {
    if (!argument.isOutput || argument.isScalar)
      continue;
    Array array;
    array.dtype = argument.dtype;
    array.shape = argument.shape;
    std::string error;
    if (!simulator.readArgument(argument.name, array.bytes, error)) {
      errors.report("argument '" + argument.name + "': " + error);
      continue;
    }
    int64_t rows = elementCount(argument.shape);
    int64_t row = rows * elementBytes(argument.dtype);
    if (argument.isStreaming)
      array.shape.push_back(row ? array.bytes.size() / row : 0);
    outputs.emplace(argument.name, std::move(array));
  }
}

static ExitCode exitCodeOf(sim::Status status) {
  switch (status) {
  case sim::Status::Finished:
    return exitDone;
  case sim::Status::Deadlocked:
  case sim::Status::Trapped:
    return exitWrong;
  case sim::Status::OutOfBudget:
    return exitUndecided;
  }
  return exitWrong;
}

Outcome spada::driver::simulate(ArrayRef<uint8_t> image,
                                ArrayRef<HostArgument> arguments,
                                const HostArrays &inputs,
                                const ExecuteOptions &options, Errors &errors) {
  Outcome outcome;
  std::string error;
  auto simulator = sim::Simulator::load({image.data(), image.size()}, error);
  if (!simulator) {
    errors.report("the simulator refused the image: " + error);
    return outcome;
  }
  outcome.width = simulator->width();
  outcome.height = simulator->height();
  outcome.clockHz = simulator->clockHz();
  if (!feed(*simulator, inputs, errors))
    return outcome;

  Progress progress;
  sim::Options simOptions;
  simOptions.threads = options.threads;
  if (options.maxCycles)
    simOptions.maxCycles = *options.maxCycles;
  simOptions.tracePath = options.tracePath;
  simOptions.progress = [&](uint64_t cycle) { progress.cycle(cycle); };
  auto begin = std::chrono::steady_clock::now();
  sim::Report report = simulator->run(simOptions);
  std::chrono::duration<double> spent =
      std::chrono::steady_clock::now() - begin;

  outcome.simulateSeconds = spent.count();
  outcome.exitCode = exitCodeOf(report.status);
  outcome.status = sim::statusName(report.status);
  outcome.message = report.message;
  if (outcome.exitCode == exitDone)
    outcome.cycles = report.cycles;
  else
    outcome.stoppedAtCycle = report.lastCycle;
  outcome.tasks = report.tasks;
  outcome.waveletHops = report.waveletHops;
  outcome.activePeCycles = report.activePeCycles;
  for (const sim::LinkLoad &link : report.busiestLinks)
    outcome.links.push_back({link.x, link.y, link.direction, link.wavelets});
  if (outcome.exitCode == exitDone)
    drain(*simulator, arguments, outcome.outputs, errors);
  return outcome;
}
