//===- SimulatorImpl.h - what a Simulator holds -----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Private to the files that implement Simulator.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_SIMULATORIMPL_H
#define SPADA_SIM_SIMULATORIMPL_H

#include "Engine.h"

namespace spada::sim {

struct Simulator::Impl {
  Model model;
  std::vector<std::vector<uint8_t>> inputs,
      outputs; ///< host arrays by argument; outputs of the last run
  std::vector<uint32_t> scalarBits; ///< by argument

  void copyIn(Engine &engine, std::string &error);
  void copyOut(Engine &engine, std::string &error);
  void attachStreams(Engine &engine);
  void collectStreams(Engine &engine);
  size_t indexOf(std::string_view name, std::string &error) const;

  // The session; the engine stays after its end, for its memory.
  Options sessionOptions;
  std::unique_ptr<Engine> engine;
  bool isOpen = false;

  Engine *openEngine() const { return isOpen ? engine.get() : nullptr; }
  template <typename Check>
  uint64_t noteData(Command command, const uint32_t *words, std::string &error,
                    Check &&check);
  uint8_t *findVariable(int x, int y, std::string_view name, size_t &bytes,
                        std::string &error);
};

} // namespace spada::sim

#endif
