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
    *report = {int32_t(result.status), result.cycles,
               result.tasks,           result.waveletHops,
               result.activePeCycles,  result.busyPeCycles,
               sim->message.c_str()};
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

} // extern "C"
