//===- SimulatorC.cpp - C interface of the simulator ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Forwards to Simulator; no exception leaves a function.
//
//===----------------------------------------------------------------------===//

#include "spada/Sim/SimulatorC.h"

#include "spada/Sim/Simulator.h"

#include <algorithm>
#include <cstring>
#include <new>

using namespace spada::sim;

struct spada_sim {
  std::unique_ptr<Simulator> simulator;
  std::string error, message;

  /// Runs `work` on a usable simulator; returns 1 when it says so.
  template <typename Work> int guard(Work &&work) {
    error.clear();
    if (!simulator) {
      error = "the image was not loaded";
      return 0;
    }
    try {
      return work() ? 1 : 0;
    } catch (const std::exception &exception) {
      error = exception.what();
      return 0;
    }
  }

  /// Runs `note`, which gives the number of a command or 0.
  template <typename Note> uint64_t command(Note &&note) {
    uint64_t number = 0;
    guard([&] { return (number = note()) != 0; });
    return number;
  }

  spada_sim_report toReport(const Report &report, uint64_t cycles) const {
    return {int32_t(report.status), cycles,
            report.tasks,           report.waveletHops,
            report.activePeCycles,  report.busyPeCycles,
            message.c_str()};
  }
};

extern "C" {

uint32_t spada_sim_abi_version(void) { return SPADA_SIM_ABI_VERSION; }

spada_sim *spada_sim_load(const uint8_t *image, size_t size) {
  auto *sim = new (std::nothrow) spada_sim;
  if (!sim)
    return nullptr;
  try {
    sim->simulator = Simulator::load({image, image ? size : 0}, sim->error);
  } catch (const std::exception &exception) {
    sim->error = exception.what();
  }
  return sim;
}

void spada_sim_free(spada_sim *sim) { delete sim; }

const char *spada_sim_error(const spada_sim *sim) { return sim->error.c_str(); }

int spada_sim_write(spada_sim *sim, const char *argument, const void *bytes,
                    size_t size) {
  return sim->guard([&] {
    return sim->simulator->writeArgument(
        argument, {static_cast<const uint8_t *>(bytes), size}, sim->error);
  });
}

int spada_sim_set_scalar(spada_sim *sim, const char *argument, uint64_t bits) {
  return sim->guard(
      [&] { return sim->simulator->setScalar(argument, bits, sim->error); });
}

int spada_sim_run(spada_sim *sim, int threads, uint64_t max_cycles,
                  const char *trace_path, spada_sim_report *report) {
  return sim->guard([&] {
    Options options;
    options.threads = threads;
    if (max_cycles)
      options.maxCycles = max_cycles;
    if (trace_path)
      options.tracePath = trace_path;
    Report result = sim->simulator->run(options);
    sim->message = result.message;
    *report = sim->toReport(result, result.cycles);
    return true;
  });
}

int spada_sim_read(spada_sim *sim, const char *argument, void *bytes,
                   size_t capacity, size_t *size) {
  return sim->guard([&] {
    std::vector<uint8_t> result;
    if (!sim->simulator->readArgument(argument, result, sim->error))
      return false;
    *size = result.size();
    if (bytes && !result.empty())
      std::memcpy(bytes, result.data(), std::min(capacity, result.size()));
    return true;
  });
}

//===----------------------------------------------------------------------===//
// Session
//===----------------------------------------------------------------------===//

static Region toRegion(const spada_sim_region &region) {
  return {region.x, region.y, region.width, region.height};
}

int spada_sim_start(spada_sim *sim, const spada_sim_session_options *options) {
  return sim->guard([&] {
    Options to;
    if (options) {
      to.threads = options->threads ? options->threads : 1;
      if (options->max_cycles)
        to.maxCycles = options->max_cycles;
      if (options->trace_path)
        to.tracePath = options->trace_path;
      if (options->log_path)
        to.logPath = options->log_path;
    }
    return sim->simulator->start(to, sim->error);
  });
}

int32_t spada_sim_symbol(const spada_sim *sim, const char *name) {
  return sim->simulator ? sim->simulator->symbol(name) : -1;
}

int32_t spada_sim_num_symbols(const spada_sim *sim) {
  return sim->simulator ? int32_t(sim->simulator->symbols().size()) : 0;
}

const char *spada_sim_symbol_name(const spada_sim *sim, int32_t symbol) {
  if (symbol < 0 || symbol >= spada_sim_num_symbols(sim))
    return nullptr;
  return sim->simulator->symbols()[size_t(symbol)].c_str();
}

uint64_t spada_sim_copy_in(spada_sim *sim, int32_t symbol,
                           spada_sim_region region, uint32_t elements,
                           int bits16, const uint32_t *words) {
  return sim->command([&] {
    return sim->simulator->copyIn(symbol, toRegion(region), elements,
                                  bits16 != 0, words, sim->error);
  });
}

uint64_t spada_sim_copy_out(spada_sim *sim, int32_t symbol,
                            spada_sim_region region, uint32_t elements,
                            int bits16, uint32_t *words) {
  return sim->command([&] {
    return sim->simulator->copyOut(symbol, toRegion(region), elements,
                                   bits16 != 0, words, sim->error);
  });
}

uint64_t spada_sim_stream_in(spada_sim *sim, uint32_t color,
                             spada_sim_region region, uint32_t elements,
                             const uint32_t *words) {
  return sim->command([&] {
    return sim->simulator->streamIn(color, toRegion(region), elements, words,
                                    sim->error);
  });
}

uint64_t spada_sim_stream_out(spada_sim *sim, uint32_t color,
                              spada_sim_region region, uint32_t elements,
                              uint32_t *words) {
  return sim->command([&] {
    return sim->simulator->streamOut(color, toRegion(region), elements, words,
                                     sim->error);
  });
}

uint64_t spada_sim_launch(spada_sim *sim, int32_t symbol,
                          const uint32_t *arguments, uint32_t num_arguments) {
  return sim->command([&] {
    return sim->simulator->launch(symbol, {arguments, num_arguments},
                                  sim->error);
  });
}

int spada_sim_wait(spada_sim *sim, uint64_t command, spada_sim_report *report) {
  return sim->guard([&] {
    Report result = sim->simulator->wait(command);
    sim->message = result.message;
    *report = sim->toReport(result, result.lastCycle);
    if (result.status != Status::Finished)
      sim->error = result.message;
    return result.status == Status::Finished;
  });
}

int spada_sim_done(const spada_sim *sim, uint64_t command) {
  return sim->simulator && sim->simulator->isDone(command);
}

int spada_sim_read_variable(spada_sim *sim, int32_t x, int32_t y,
                            const char *name, void *bytes, size_t capacity,
                            size_t *size) {
  return sim->guard([&] {
    std::vector<uint8_t> result;
    if (!sim->simulator->readVariable(x, y, name, result, sim->error))
      return false;
    *size = result.size();
    if (bytes && !result.empty())
      std::memcpy(bytes, result.data(), std::min(capacity, result.size()));
    return true;
  });
}

int spada_sim_write_variable(spada_sim *sim, int32_t x, int32_t y,
                             const char *name, const void *bytes, size_t size) {
  return sim->guard([&] {
    return sim->simulator->writeVariable(
        x, y, name, {static_cast<const uint8_t *>(bytes), size}, sim->error);
  });
}

int spada_sim_stop(spada_sim *sim) {
  return sim->guard([&] { return sim->simulator->stop(sim->error); });
}

} // extern "C"
