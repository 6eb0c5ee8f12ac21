//===- Simulator.h - run an image cycle by cycle ----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The public face of the simulator: an image and host arrays in; host arrays,
// cycles and a report out. No MLIR here.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_SIMULATOR_H
#define SPADA_SIM_SIMULATOR_H

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spada::sim {

enum class Status {
  Finished,   ///< every PE is done and the fabric is quiet
  Deadlocked, ///< nothing can happen any more, but some PE waits
  Trapped,    ///< a PE or router did what the machine forbids
  OutOfBudget ///< `Options::maxCycles` reached
};

/// "finished", "deadlocked", "trapped", "out of budget".
std::string_view statusName(Status status);

struct Options {
  int threads = 1;
  uint64_t maxCycles = 1'000'000'000;
  std::string tracePath; ///< empty: no trace
  std::string logPath;   ///< where printed lines go; empty: nowhere
  uint64_t maxTraceEvents =
      2'000'000; ///< later ones are left out, with a notice in the trace
  std::function<void(uint64_t cycle)>
      progress{}; ///< called now and then from the calling thread
};

enum class Direction { Ramp = 0, North, South, East, West };

/// Wavelets that left the router of PE (x, y) in one direction.
struct LinkLoad {
  int x = 0, y = 0, direction = 0; ///< direction as in `Direction`
  uint64_t wavelets = 0;
};

struct Report {
  Status status = Status::Finished;
  uint64_t cycles =
      0; ///< first start of a task to last end of a task, over all PEs
  uint64_t tasks = 0;       ///< tasks run to their end
  uint64_t waveletHops = 0; ///< wavelets moved over links between routers
  uint64_t activePeCycles =
      0; ///< pairs (PE, cycle) that were simulated, idle ones left out
  uint64_t busyPeCycles = 0; ///< pairs (PE, cycle) in which the datapath worked
  uint64_t lastCycle = 0;    ///< number of the last simulated cycle
  uint64_t waveletsLeft = 0; ///< wavelets in queues and routers at the end
  std::string message;       ///< why it did not finish; notices
  std::vector<LinkLoad> busiestLinks; ///< at most eight, busiest first; ramp
                                      ///< (router to core) included
};

enum class ArgumentDirection { In, Out, InOut };

/// A host argument of the kernel, in the order of the kernel's parameters.
struct Argument {
  std::string name;
  ArgumentDirection direction = ArgumentDirection::In;
  std::string elementType; ///< "f32", "i16", "u16", "bool", ...
  std::vector<int64_t>
      shape; ///< dims, then elements unless it is a scalar or streaming
  bool isScalar = false;
  bool isStreaming = false;
  size_t elementBytes = 0; ///< in the host array
};

/// PEs of the rectangle.
struct Region {
  int x = 0, y = 0, width = 1, height = 1;
};

/// A loaded image with its host arrays. `run` starts from a fresh fabric each
/// time.
class Simulator {
public:
  /// Verifies `image`; null with `error` set when it is damaged or asks for
  /// what this version does not have.
  static std::unique_ptr<Simulator> load(std::span<const uint8_t> image,
                                         std::string &error);
  ~Simulator();
  Simulator(const Simulator &) = delete;
  Simulator &operator=(const Simulator &) = delete;

  std::string_view kernel() const;
  int width() const;
  int height() const;
  /// Clock of the image's machine, to convert cycles into seconds.
  double clockHz() const;
  std::span<const Argument> arguments() const;

  /// Sets the whole host array of `name`, row-major in `Argument::shape`.
  /// Streaming: (dims, any length).
  bool writeArgument(std::string_view name, std::span<const uint8_t> bytes,
                     std::string &error);
  /// Sets a scalar argument; `bits` in the scalar's type.
  bool setScalar(std::string_view name, uint64_t bits, std::string &error);
  Report run(const Options &options = {});
  /// The host array after the last run. Streaming: rows are filled with zeros
  /// to the longest.
  bool readArgument(std::string_view name, std::vector<uint8_t> &bytes,
                    std::string &error) const;

  // A session: the host's side of a program that runs step by step. Every PE
  // takes the copies and launches that touch it in order, the next one when it
  // is not inside a launched function and, after a launch, when the program has
  // called unblock_cmd_stream. Streams are ordered for each color only.
  // Commands are only noted; `wait` runs the machine. A command's number is
  // positive; 0 with `error` set: it was refused.

  /// Builds the fabric; ends the session before.
  bool start(const Options &options, std::string &error);
  /// Number of an exported data symbol or function; -1 when there is none.
  int symbol(std::string_view name) const;
  std::span<const std::string> symbols() const;
  /// Words are ordered [y][x][element]. With `bits16` an element is the low
  /// half of its word and two bytes on the PE. The destination must live until
  /// the command is done.
  uint64_t copyIn(int symbol, Region region, uint32_t elements, bool bits16,
                  const uint32_t *words, std::string &error);
  uint64_t copyOut(int symbol, Region region, uint32_t elements, bool bits16,
                   uint32_t *words, std::string &error);
  /// Words to, or from, the ramp of each PE on `color`.
  uint64_t streamIn(uint32_t color, Region region, uint32_t elements,
                    const uint32_t *words, std::string &error);
  uint64_t streamOut(uint32_t color, Region region, uint32_t elements,
                     uint32_t *words, std::string &error);
  /// Calls an exported function on every PE that has it.
  uint64_t launch(int symbol, std::span<const uint32_t> arguments,
                  std::string &error);
  /// Runs until `command` is done on all its PEs; 0: until all are done and
  /// nothing moves. `Report::lastCycle` is then the current cycle.
  Report wait(uint64_t command);
  bool isDone(uint64_t command) const;
  /// The bytes of a variable, exported or not, of one PE; possible until the
  /// next start.
  bool readVariable(int x, int y, std::string_view name,
                    std::vector<uint8_t> &bytes, std::string &error) const;
  bool writeVariable(int x, int y, std::string_view name,
                     std::span<const uint8_t> bytes, std::string &error);
  /// Ends the session; memory stays readable.
  bool stop(std::string &error);

private:
  struct Impl;
  explicit Simulator(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

} // namespace spada::sim

#endif
