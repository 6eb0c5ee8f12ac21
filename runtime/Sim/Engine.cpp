//===- Engine.cpp - build the fabric and run it ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Lays out all state in arrays, starts the tasks, steps the strips cycle by
// cycle and sums up.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

using namespace spada;
using namespace spada::sim;

Engine::Engine(const Model &model, const Options &options)
    : model(model), options(options), memory(nullptr, std::free),
      tracing(!options.tracePath.empty()) {
  build();
}

//===----------------------------------------------------------------------===//
// Construction
//===----------------------------------------------------------------------===//

bool Engine::buildCore(uint32_t tile, size_t &memoryAt) {
  const TileCode &code = model.tiles[tile];
  if (code.program == none)
    return false;
  const Program &program = model.programs[code.program];
  Core core;
  core.program = &program;
  core.params = model.params.data() + code.firstParam;
  core.tile = tile;
  core.memory = memory.get() + memoryAt;
  memoryAt += (program.memoryBytes + 7u) & ~size_t(7);
  for (const InitialBytes &initial : program.initial)
    if (!initial.bytes.empty())
      std::memcpy(core.memory + initial.address, initial.bytes.data(),
                  initial.bytes.size());
  core.firstInput = uint32_t(inputQueues.size());
  for (const InputQueueInfo &info : program.inputQueues) {
    InputQueue queue;
    queue.firstWord = uint32_t(inputWords.size());
    queue.capacity = info.capacity;
    queue.channel = channelOf(tile, info.color);
    inputWords.resize(inputWords.size() + info.capacity);
    inputQueues.push_back(queue);
  }
  core.firstOutput = uint32_t(outputQueues.size());
  for (const OutputQueueInfo &info : program.outputQueues) {
    outputQueues.push_back(
        {uint32_t(outputWords.size()), 0, 0, info.capacity, 0xff});
    outputWords.resize(outputWords.size() + info.capacity);
  }
  core.firstDsr = uint32_t(dsrs.size());
  dsrs.resize(dsrs.size() + program.numDsrs);
  core.firstFifo = uint32_t(fifos.size());
  fifos.resize(fifos.size() + program.fifos.size());
  core.firstOperation = uint32_t(operations.size());
  operations.resize(operations.size() + program.threadNumber.size());
  for (const Task &task : program.tasks) {
    bool isControl = task.kind == image::TaskKind::Control;
    uint64_t &blocked = isControl ? core.blockedControl : core.blocked;
    if (task.kind < image::TaskKind::Teardown)
      blocked |= uint64_t(task.blocked) << task.id;
    if (task.kind == image::TaskKind::Local)
      core.active |= uint64_t(task.active) << task.id;
  }
  for (size_t i = 0; i < program.rotations.size(); ++i)
    core.rotated[i] = program.rotations[i].init;
  core.done = program.main < 0;
  tiles[tile].core = uint32_t(cores.size());
  cores.push_back(std::move(core));
  return true;
}

void Engine::build() {
  uint32_t numTiles = model.numTiles();
  tiles.resize(numTiles);
  linkWavelets.resize(uint64_t(numTiles) * numPorts);
  size_t bytes = 0, numDsds = 0;
  for (uint32_t tile = 0; tile < numTiles; ++tile) {
    if (model.tiles[tile].program == none)
      continue;
    const Program &program = model.programs[model.tiles[tile].program];
    bytes += (program.memoryBytes + 7u) & ~size_t(7);
    numDsds += program.changesDsds ? program.dsds.size() : 0;
  }
  buildFabric();
  memory.reset(static_cast<uint8_t *>(std::calloc(bytes + 8, 1)));
  if (!memory)
    throw std::bad_alloc();
  size_t memoryAt = 0;
  ownDsds.reserve(numDsds);
  for (uint32_t tile = 0; tile < numTiles; ++tile) {
    if (!buildCore(tile, memoryAt))
      continue;
    Core &core = cores.back();
    core.dsds = core.program->dsds.data();
    if (core.program->changesDsds) {
      core.dsds = ownDsds.data() + ownDsds.size();
      ownDsds.insert(ownDsds.end(), core.program->dsds.begin(),
                     core.program->dsds.end());
    }
  }
  for (const auto &[tile, initial] : model.tileData)
    std::memcpy(cores[tiles[tile].core].memory + initial.address,
                initial.bytes.data(), initial.bytes.size());
  buildHostSinks();
  buildStrips();
}

void Engine::buildStrips() {
  unsigned count = unsigned(std::clamp<int64_t>(
      options.threads, 1, std::min<int64_t>(model.width, 256)));
  for (unsigned i = 0; i < count; ++i) {
    uint32_t first = uint32_t(uint64_t(model.width) * i / count) * model.height;
    uint32_t last =
        uint32_t(uint64_t(model.width) * (i + 1) / count) * model.height;
    auto strip = std::make_unique<Strip>(*this, first, last);
    strip->number = i;
    strip->firstChannel = tiles[first].firstChannel;
    strip->lastChannel = last < tiles.size() ? tiles[last].firstChannel
                                             : uint32_t(channels.size());
    strip->trace.limit = tracing ? options.maxTraceEvents : 0;
    strips.push_back(std::move(strip));
  }
  published = std::vector<Published>(count);
}

//===----------------------------------------------------------------------===//
// Host side
//===----------------------------------------------------------------------===//

HostSink *Engine::findSink(uint32_t tile, unsigned color) {
  return const_cast<HostSink *>(std::as_const(*this).findSink(tile, color));
}

const HostSink *Engine::findSink(uint32_t tile, unsigned color) const {
  if (sinks.empty())
    return nullptr;
  for (uint32_t i = sinkOfTile[tile]; i < sinks.size() && sinks[i].tile == tile;
       ++i)
    if (sinks[i].color == color)
      return &sinks[i];
  return nullptr;
}

void Engine::addSource(uint32_t tile, unsigned color,
                       std::vector<uint32_t> words) {
  if (tiles[tile].core == none)
    return;
  Core &core = cores[tiles[tile].core];
  uint8_t place = core.program->inputPlaceOfColor[color];
  if (place == 0xff)
    return;
  InputQueue &queue = inputQueues[core.firstInput + place];
  queue.source = uint32_t(sources.size());
  sources.push_back({std::move(words), 0});
  HostSource &source = sources.back();
  for (; queue.count < queue.capacity && source.next < source.words.size();
       ++queue.count)
    inputWords[queue.firstWord + queue.count] = {source.words[source.next++]};
  source.room = queue.capacity - queue.count;
}

void Engine::addSink(uint32_t tile, unsigned color) {
  sinks.push_back({tile, uint8_t(color), {}});
}

uint32_t Engine::addressOf(const Core &core, const Symbol &symbol) {
  if (!symbol.isPointer)
    return symbol.address;
  uint16_t pointer;
  std::memcpy(&pointer, core.memory + symbol.address, sizeof(pointer));
  return pointer;
}

uint8_t *Engine::symbolBytes(uint32_t tile, std::string_view name,
                             uint64_t elements, const Symbol *&symbol) {
  if (tiles[tile].core == none)
    return nullptr;
  Core &core = cores[tiles[tile].core];
  for (const Symbol &candidate : core.program->symbols)
    if (candidate.name == name) {
      symbol = &candidate;
      uint32_t address = addressOf(core, candidate);
      return address + elements * typeBytes(candidate.type) <=
                     core.program->memoryBytes
                 ? core.memory + address
                 : nullptr;
    }
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Run
//===----------------------------------------------------------------------===//

void Engine::sortSinks() {
  std::sort(sinks.begin(), sinks.end(),
            [](const HostSink &a, const HostSink &b) {
              return std::pair(a.tile, a.color) < std::pair(b.tile, b.color);
            });
  sinkOfTile.assign(sinks.empty() ? 0 : tiles.size(), uint32_t(sinks.size()));
  for (uint32_t i = uint32_t(sinks.size()); i-- > 0;)
    sinkOfTile[sinks[i].tile] = i;
}

void Engine::startUp() {
  for (std::unique_ptr<Strip> &strip : strips)
    for (uint32_t tile = strip->firstTile; tile < strip->lastTile; ++tile)
      if (tiles[tile].core != none)
        strip->startUp(cores[tiles[tile].core]);
}

void Engine::launch() {
  sortSinks();
  startUp();
  for (std::unique_ptr<Strip> &strip : strips)
    for (uint32_t tile = strip->firstTile; tile < strip->lastTile; ++tile) {
      if (tiles[tile].core == none)
        continue;
      Core &core = cores[tiles[tile].core];
      if (core.program->main >= 0) {
        const Function &main = core.program->functions[core.program->main];
        core.inMain = true;
        core.task = uint16_t(core.program->main);
        core.pc = main.entry;
        core.registers.assign(core.program->frameRegisters, 0);
        for (size_t i = 0; i < launchArguments.size() &&
                           main.firstRegister + i < core.registers.size();
             ++i)
          core.registers[main.firstRegister + i] = launchArguments[i];
        core.state = Core::Dispatch;
        core.readyAt = 0;
      }
      strip->post(0, {tile, 0, Event::Wake, 0});
    }
}

/// Waits until all strips have come here.
void Engine::barrier(bool &sense) {
  sense = !sense;
  if (waiting.fetch_add(1, std::memory_order_acq_rel) + 1 == strips.size()) {
    waiting.store(0, std::memory_order_relaxed);
    phase.store(sense, std::memory_order_release);
    return;
  }
  for (unsigned spins = 0; phase.load(std::memory_order_acquire) != sense;
       ++spins)
    if (spins > 1000)
      std::this_thread::yield();
}

uint64_t Engine::nextCycle(unsigned parity) const {
  uint64_t next = never;
  for (const Published &strip : published) {
    if (strip.trapped[parity])
      return never;
    next = std::min(next, strip.next[parity]);
  }
  return next;
}

void Engine::loop(unsigned number, uint64_t cycle) {
  Strip &strip = *strips[number];
  bool sense = false;
  unsigned parity = 0;
  uint64_t nextProgress = cycle;
  while (true) {
    strip.parity = parity;
    try {
      strip.run(cycle);
    } catch (const std::bad_alloc &) {
      strip.trap = {strip.firstTile,
                    "cycle " + std::to_string(cycle) +
                        ": not enough memory on this computer"};
    }
    published[number].next[parity] =
        std::min(strip.nextCycle(), strip.mailCycle);
    published[number].left[parity] = waited == none ? 1 : strip.left[waited];
    published[number].gated[parity] = gate == none ? 1 : strip.left[gate];
    published[number].trapped[parity] = strip.trap.tile != none;
    if (strips.size() > 1) {
      barrier(sense);
      strip.receive(parity);
    }
    uint64_t next = nextCycle(parity);
    if (number == 0) {
      lastCycle = cycle;
      if (options.progress && cycle >= nextProgress) {
        options.progress(cycle);
        nextProgress = cycle + 100000;
      }
    }
    if (next == never || next > stopCycle || isReached(parity))
      return;
    if (next >= options.maxCycles) {
      if (number == 0)
        outOfBudget = true;
      return;
    }
    cycle = next;
    parity ^= 1;
  }
}

void Engine::runThreads(uint64_t cycle) {
  phase.store(false, std::memory_order_relaxed);
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < strips.size(); ++i)
    threads.emplace_back([this, i, cycle] { loop(i, cycle); });
  loop(0, cycle);
  for (std::thread &thread : threads)
    thread.join();
}

Report Engine::run() {
  launch();
  runThreads(0);
  flushLog();
  Report result = report(lastCycle, outOfBudget);
  std::string error;
  if (tracing && !writeTrace(*this, lastCycle, options.tracePath,
                             options.maxTraceEvents, error))
    result.message += (result.message.empty() ? "" : "\n") + error;
  return result;
}

//===----------------------------------------------------------------------===//
// Report
//===----------------------------------------------------------------------===//

void Engine::countLinks(Report &report) const {
  std::vector<LinkLoad> &links = report.busiestLinks;
  auto busier = [](const LinkLoad &a, const LinkLoad &b) {
    return a.wavelets > b.wavelets;
  };
  for (size_t i = 0; i < linkWavelets.size(); ++i) {
    if (linkWavelets[i] == 0 ||
        (links.size() == 8 && linkWavelets[i] <= links.back().wavelets))
      continue;
    uint32_t tile = uint32_t(i / numPorts);
    LinkLoad load{int(model.xOf(tile)), int(model.yOf(tile)), int(i % numPorts),
                  linkWavelets[i]};
    if (links.size() == 8)
      links.pop_back();
    links.insert(std::upper_bound(links.begin(), links.end(), load, busier),
                 load);
  }
}

uint64_t Engine::waveletsLeft() const {
  uint64_t left = 0;
  for (const Channel &channel : channels)
    left += channel.count;
  for (const InputQueue &queue : inputQueues)
    left += queue.count;
  for (const OutputQueue &queue : outputQueues)
    left += queue.count;
  for (const HostSource &source : sources)
    left += source.words.size() - source.next;
  return left;
}

Report Engine::report(uint64_t lastCycle, bool outOfBudget) {
  Report report;
  uint64_t firstStart = never, lastEnd = 0;
  const Trap *trap = nullptr;
  for (const std::unique_ptr<Strip> &strip : strips) {
    report.tasks += strip->tasks;
    report.waveletHops += strip->hops;
    report.activePeCycles += strip->activePeCycles;
    report.busyPeCycles += strip->busyPeCycles;
    firstStart = std::min(firstStart, strip->firstStart);
    lastEnd = std::max(lastEnd, strip->lastEnd);
    if (strip->trap.tile != none && (!trap || strip->trap.tile < trap->tile))
      trap = &strip->trap;
  }
  report.cycles =
      firstStart == never || lastEnd < firstStart ? 0 : lastEnd - firstStart;
  report.lastCycle = lastCycle;
  report.waveletsLeft = waveletsLeft();
  countLinks(report);
  // Host words that no PE asks for any more do not keep a program from ending.
  bool done = std::all_of(cores.begin(), cores.end(), [](const Core &core) {
    return core.done && core.live == 0;
  });
  if (trap) {
    report.status = Status::Trapped;
    report.message = trap->message;
  } else if (outOfBudget) {
    report.status = Status::OutOfBudget;
    report.message =
        "no end after " + std::to_string(options.maxCycles) + " cycles";
  } else if (!done) {
    report.status = Status::Deadlocked;
    report.message = describeWaits(*this);
  } else if (report.waveletsLeft) {
    report.message = std::to_string(report.waveletsLeft) +
                     " wavelets were sent but never taken";
  }
  return report;
}
