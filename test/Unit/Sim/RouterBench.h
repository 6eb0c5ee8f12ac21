//===- RouterBench.h - wavelets into and out of routers ---------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs the fabric of an image without its cores: a test puts words into the
// output queues of PEs and looks into the input queues.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_TEST_ROUTERBENCH_H
#define SPADA_TEST_ROUTERBENCH_H

#include "TestImages.h"

#include "runtime/Sim/Engine.h"

namespace spada::test {

enum Command : uint32_t {
  Nop,
  Advance,
  Reset,
  Stop,
  Ignore = 4 ///< the core does not get the wavelet
};

/// A control wavelet; commands that are not given are no-ops.
inline uint32_t control(std::vector<uint32_t> commands, uint32_t task = 0) {
  uint64_t list = 0;
  for (size_t i = 0; i < commands.size(); ++i)
    list |= uint64_t(commands[i]) << (3 * i);
  return uint32_t((list & 0xff) << 22 | task << 16 | list >> 8);
}

/// A program that only declares queues: in and out on queue 2 + i for color i.
inline ProgramMaker queuesOnly(const std::string &name, unsigned numColors,
                               bool inputs = true) {
  ProgramMaker code(name);
  for (uint8_t color = 0; color < numColors; ++color) {
    code.output(uint8_t(2 + color), color);
    code.fabout(Type::I32, uint8_t(2 + color), color, 1);
    if (inputs)
      code.input(uint8_t(2 + color), color);
  }
  code.end();
  return code;
}

class RouterBench {
public:
  static constexpr uint8_t room = 250;

  explicit RouterBench(const ImageMaker &image, int threads = 1,
                       uint64_t maxCycles = 100000) {
    options.threads = threads;
    options.maxCycles = maxCycles;
    std::string error;
    EXPECT_TRUE(sim::loadModel(image.bytes(), model, error)) << error;
    engine = std::make_unique<sim::Engine>(model, options);
    for (sim::Core &core : engine->cores) {
      widen(core);
      core.blocked = ~uint64_t(0); // leaves control wavelets where they are
    }
    engine->openSession();
  }

  sim::Core &core(uint32_t x, uint32_t y = 0) {
    return engine->cores[engine->tiles[model.tileNumber(x, y)].core];
  }
  sim::Channel &channel(unsigned color, uint32_t x, uint32_t y = 0) {
    return engine->channels[engine->channelOf(model.tileNumber(x, y), color)];
  }
  unsigned position(unsigned color, uint32_t x, uint32_t y = 0) {
    return engine->levers[channel(color, x, y).lever].position;
  }
  sim::Strip &strip(uint32_t x) {
    for (auto &strip : engine->strips)
      if (model.tileNumber(x, 0) < strip->lastTile)
        return *strip;
    return *engine->strips.back();
  }

  /// Puts a word into the output queue of a color.
  void send(unsigned color, uint32_t data, uint32_t x, uint32_t y = 0,
            unsigned flags = 0) {
    sim::Core &from = core(x, y);
    unsigned place = from.program->outputPlace[2 + color];
    sim::OutputQueue &queue = engine->outputQueues[from.firstOutput + place];
    unsigned at = (queue.head + queue.count++) % queue.capacity;
    engine->outputWords[queue.firstWord + at] = {
        data,
        engine->channelOf(from.tile, color) | flags << sim::targetFlagsShift};
    from.outputsPending |= uint8_t(1u << place);
    strip(x).post(now, {from.tile, 0, sim::Event::Wake, 0});
  }
  void sendControl(unsigned color, uint32_t data, uint32_t x, uint32_t y = 0) {
    send(color, data, x, y, sim::ControlFlag);
  }
  /// Wakes a PE after a store to its registers.
  void wake(uint32_t x, uint32_t y = 0) {
    strip(x).post(now, {core(x, y).tile, 0, sim::Event::Wake, 0});
  }

  sim::Report run() {
    sim::Report report = engine->wait(sim::none);
    now = report.lastCycle + 1;
    return report;
  }

  /// Words that have come, in order; control wavelets too.
  std::vector<uint32_t> words(unsigned color, uint32_t x, uint32_t y = 0) {
    sim::Core &to = core(x, y);
    const sim::InputQueue &queue =
        engine->inputQueues[to.firstInput + to.program->inputPlace[2 + color]];
    std::vector<uint32_t> result;
    for (unsigned i = 0; i < queue.count; ++i)
      result.push_back(engine->inputWords[queue.firstWord + i].data);
    return result;
  }
  // Configuration registers.
  uint16_t read(uint32_t address, uint32_t x) {
    std::optional<uint16_t> value = strip(x).readConfig(core(x), address);
    EXPECT_TRUE(value.has_value());
    return value.value_or(0);
  }
  void write(uint32_t address, unsigned value, uint32_t x) {
    EXPECT_TRUE(strip(x).writeConfig(core(x), address, uint16_t(value)));
    wake(x);
  }

  sim::Model model;
  sim::Options options;
  std::unique_ptr<sim::Engine> engine;

private:
  /// Gives the queues of a PE room for whole tests.
  void widen(sim::Core &core) {
    const sim::Program &program = *core.program;
    for (size_t i = 0; i < program.outputQueues.size(); ++i) {
      sim::OutputQueue &queue = engine->outputQueues[core.firstOutput + i];
      queue.firstWord = uint32_t(engine->outputWords.size());
      queue.capacity = room;
      engine->outputWords.resize(queue.firstWord + room);
    }
    for (size_t i = 0; i < program.inputQueues.size(); ++i) {
      sim::InputQueue &queue = engine->inputQueues[core.firstInput + i];
      queue.firstWord = uint32_t(engine->inputWords.size());
      queue.capacity = room;
      engine->inputWords.resize(queue.firstWord + room);
      if (queue.channel != sim::none)
        engine->channels[queue.channel].credits[sim::Ramp] = room;
    }
  }
  uint64_t now = 0;
};

inline std::vector<uint32_t> range(uint32_t from, uint32_t to) {
  std::vector<uint32_t> values;
  for (uint32_t value = from; value < to; ++value)
    values.push_back(value);
  return values;
}

} // namespace spada::test

#endif
