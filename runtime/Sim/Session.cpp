//===- Session.cpp - the PEs' side of the host's commands -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Copies and launches happen in the cycle in which the PE takes the command.
// The link to the host costs no time, but a launch goes from PE to PE.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

#include <cstring>
#include <map>

using namespace spada;
using namespace spada::sim;

void sim::numberHostNames(Model &model) {
  std::map<std::string, uint32_t> numbers;
  auto numberOf = [&](const std::string &name) {
    auto [entry, isNew] =
        numbers.try_emplace(name, uint32_t(model.hostNames.size()));
    if (isNew)
      model.hostNames.push_back(name);
    return entry->second;
  };
  for (Program &program : model.programs) {
    auto place = [&](const std::string &name) -> HostName & {
      uint32_t number = numberOf(name);
      if (program.hostNames.size() <= number)
        program.hostNames.resize(number + 1);
      return program.hostNames[number];
    };
    for (size_t i = 0; i < program.symbols.size(); ++i)
      place(program.symbols[i].name).symbol = int32_t(i);
    for (size_t i = 0; i < program.exports.size(); ++i)
      place(program.exports[i].name).exported = int32_t(i);
  }
  for (Program &program : model.programs)
    program.hostNames.resize(model.hostNames.size());
}

//===----------------------------------------------------------------------===//
// Noting
//===----------------------------------------------------------------------===//

void Engine::openSession() {
  for (Core &core : cores)
    core.done = true;
  sortSinks();
  startUp();
  for (std::unique_ptr<Strip> &strip : strips)
    for (uint32_t tile = strip->firstTile; tile < strip->lastTile; ++tile)
      if (tiles[tile].core != none)
        strip->post(0, {tile, 0, Event::Wake, 0});
}

/// Whether the PE of `core` has to do something for the command.
static bool concerns(const Core &core, const Command &command) {
  return command.kind != Command::Launch ||
         core.program->hostNames[command.name].exported >= 0;
}

/// Calls `visit(strip, core)` for the PEs of a region that have a program.
template <typename Visit>
void Engine::forEachCore(const Region &region, Visit &&visit) {
  auto strip = strips.begin();
  for (int x = region.x; x < region.x + region.width; ++x) {
    while ((*strip)->lastTile <= model.tileNumber(uint32_t(x), 0))
      ++strip;
    for (int y = region.y; y < region.y + region.height; ++y) {
      uint32_t core = tiles[model.tileNumber(uint32_t(x), uint32_t(y))].core;
      if (core != none)
        visit(**strip, cores[core]);
    }
  }
}

uint32_t Engine::note(Command command) {
  uint32_t number = uint32_t(commands.size());
  for (std::unique_ptr<Strip> &strip : strips)
    strip->left.push_back(0);
  if (!command.isStream() || command.elements != 0)
    forEachCore(command.region, [&](Strip &strip, const Core &core) {
      strip.left[number] += concerns(core, command);
    });
  commands.push_back(std::move(command));
  return number;
}

bool Engine::isDone(uint32_t command) const {
  for (const std::unique_ptr<Strip> &strip : strips)
    if (strip->left[command])
      return false;
  return true;
}

/// Appends the words of a streaming command to the PE's source or sink.
void Engine::announceStream(Strip &strip, Core &core, uint32_t number,
                            uint64_t cycle) {
  const Command &command = commands[number];
  size_t first = command.wordOf(model.xOf(core.tile), model.yOf(core.tile));
  if (command.kind == Command::StreamOut) {
    HostSink *sink = findSink(core.tile, command.color);
    sink->wants.push_back(
        {command.destination + first, command.elements, number});
    std::vector<uint32_t> early;
    early.swap(sink->words);
    for (uint32_t word : early)
      strip.giveHost(*sink, word);
    return;
  }
  unsigned place = core.program->inputPlaceOfColor[command.color];
  InputQueue &queue = inputQueues[core.firstInput + place];
  if (queue.source == none) {
    queue.source = uint32_t(sources.size());
    sources.emplace_back();
    sources.back().room = queue.capacity - queue.count;
  }
  HostSource &source = sources[queue.source];
  if (source.next == source.words.size()) {
    source.words.clear();
    source.next = 0;
  }
  auto words = command.words.begin() + std::ptrdiff_t(first);
  source.words.insert(source.words.end(), words, words + command.elements);
  source.ends.push_back({source.words.size(), number});
  strip.feed(core, place, source, cycle);
}

/// Makes a command known to its PEs.
void Engine::announce(uint32_t number, uint64_t cycle) {
  Command &command = commands[number];
  command.announcedAt = cycle;
  if (command.isStream() && command.elements == 0)
    return;
  forEachCore(command.region, [&](Strip &strip, Core &core) {
    if (command.isStream())
      announceStream(strip, core, number, cycle);
    else
      strip.post(cycle, {core.tile, 0, Event::Wake, 0});
  });
}

//===----------------------------------------------------------------------===//
// Waiting
//===----------------------------------------------------------------------===//

/// Whether one of the commands that the loop waits for is done everywhere.
bool Engine::isReached(unsigned parity) const {
  uint64_t left = 0, gated = 0;
  for (const Published &strip : published) {
    left += strip.left[parity];
    gated += strip.gated[parity];
  }
  return left == 0 || gated == 0;
}

bool Engine::isTrapped() const {
  return std::any_of(strips.begin(), strips.end(), [](const auto &strip) {
    return strip->trap.tile != none;
  });
}

/// Runs until `last` at the latest, or until `command` is done.
void Engine::advance(uint64_t last, uint32_t command) {
  uint64_t next = never;
  for (const std::unique_ptr<Strip> &strip : strips)
    next = std::min(next, started ? strip->nextCycle() : 0);
  if (next == never || next > last || isTrapped())
    return;
  outOfBudget = next >= options.maxCycles;
  if (outOfBudget)
    return;
  stopCycle = last;
  gate = command;
  started = true;
  runThreads(next);
}

/// Lets the time pass between two commands, and makes
/// the second known. Words of a stream have been taken, if they are, before the
/// host goes on. False: command `waited` is done before, or nothing goes on.
bool Engine::announceNext() {
  auto isOver = [&] {
    return isTrapped() || outOfBudget || (waited != none && isDone(waited));
  };
  uint64_t from = started ? lastCycle + 1 : 0;
  if (announced > 0) {
    const Command &before = commands[announced - 1];
    if (before.kind == Command::StreamIn && !isDone(announced - 1))
      advance(from + hostPatienceCycles, announced - 1);
    if (isOver())
      return false;
    // A command comes later than the one before it by the latency of the host
    // link, or as soon as nothing moves any more: what happens until then
    // cannot be seen.
    advance(lastCycle + uint64_t(model.machine.hostCommandCycles), none);
    if (isOver())
      return false;
    from = lastCycle + 1;
  }
  announce(announced++, from);
  return true;
}

Report Engine::wait(uint32_t command) {
  waited = command;
  bool isReached = command != none && isDone(command);
  while (!isReached && announced < commands.size() && announceNext())
    ;
  if (!isReached && announced == commands.size())
    advance(never, none);
  flushLog();
  isReached = command == none || isDone(command);
  for (uint32_t i = 0; command == none && isReached && i < commands.size(); ++i)
    if (!isDone(i)) {
      isReached = false;
      waited = i;
    }
  Report result = report(lastCycle, outOfBudget);
  if (isTrapped() || (outOfBudget && !(command != none && isReached)))
    return result;
  result.status = isReached ? Status::Finished : Status::Deadlocked;
  result.message = isReached ? std::string() : describeCommand(waited);
  return result;
}

std::string Engine::closeSession() {
  std::string error;
  if (tracing)
    writeTrace(*this, lastCycle, options.tracePath, options.maxTraceEvents,
               error);
  return error;
}

/// What the PE of `core` lacks to have done the command; empty: nothing.
static std::string missing(const Engine &engine, const Core &core,
                           uint32_t number) {
  const Command &command = engine.commands[number];
  std::string color = " on color " + std::to_string(command.color);
  if (command.kind == Command::StreamIn) {
    unsigned place = core.program->inputPlaceOfColor[command.color];
    const InputQueue &queue = engine.inputQueues[core.firstInput + place];
    for (const StreamEnd &end : engine.sources[queue.source].ends)
      if (end.command == number)
        return "has not taken " +
               std::to_string(
                   std::min<size_t>(end.end - engine.sources[queue.source].next,
                                    command.elements)) +
               " of " + std::to_string(command.elements) + " words" + color;
    return {};
  }
  if (command.kind == Command::StreamOut) {
    for (const StreamWant &want :
         engine.findSink(core.tile, command.color)->wants)
      if (want.command == number)
        return "has not sent " + std::to_string(want.left) + " of " +
               std::to_string(command.elements) + " words" + color;
    return {};
  }
  if (core.launched != none)
    return core.launched <= number
               ? "is inside '" +
                     engine.model
                         .hostNames[engine.commands[core.launched].name] +
                     "'"
               : std::string();
  if (core.nextCommand > number)
    return {};
  return core.open ? "has not come to it"
                   : "has not called unblock_cmd_stream since the last launch";
}

std::string Engine::describeCommand(uint32_t number) const {
  const Command &command = commands[number];
  static const char *const kinds[] = {"copy to '", "copy from '", "stream to ",
                                      "stream from ", "launch of '"};
  std::string what = kinds[command.kind];
  what += command.isStream() ? "color " + std::to_string(command.color)
                             : model.hostNames[command.name] + "'";
  std::string lines;
  size_t count = 0;
  for (const Core &core : cores) {
    if (!command.touches(model.xOf(core.tile), model.yOf(core.tile)) ||
        !concerns(core, command))
      continue;
    std::string text = missing(*this, core, number);
    if (!text.empty() && count++ < 4)
      lines += "\n  " + model.peName(core.tile) + " " + text;
  }
  if (count > 4)
    lines += "\n  and " + std::to_string(count - 4) + " more";
  std::string waits = describeWaits(*this);
  size_t newline = waits.find('\n');
  return "deadlock: nothing can happen any more, " + what + " (command " +
         std::to_string(number + 1) + ") is not done on " +
         std::to_string(count) + " PEs" + lines +
         (newline == std::string::npos ? "" : waits.substr(newline));
}

//===----------------------------------------------------------------------===//
// The PE's side
//===----------------------------------------------------------------------===//

void Strip::feed(Core &core, unsigned place, HostSource &source,
                 uint64_t cycle) {
  if (!source.ends.empty())
    return feedInOrder(core, cycle);
  for (; source.room && source.next < source.words.size(); --source.room)
    post(cycle, {engine.tiles[core.tile].core, source.words[source.next++],
                 Event::Deliver, place});
}

/// One word a cycle for each PE, and the words of one command before those of
/// the next.
void Strip::feedInOrder(Core &core, uint64_t cycle) {
  for (;;) {
    HostSource *first = nullptr;
    unsigned place = 0;
    for (unsigned i = 0; i < core.program->inputQueues.size(); ++i) {
      uint32_t number = engine.inputQueues[core.firstInput + i].source;
      if (number == none || engine.sources[number].ends.empty())
        continue;
      HostSource &source = engine.sources[number];
      if (first && first->ends.front().command < source.ends.front().command)
        continue;
      first = &source;
      place = i;
    }
    if (!first)
      return;
    StreamEnd end = first->ends.front();
    for (; first->room && first->next < end.end; --first->room) {
      core.hostFreeAt = std::max(cycle, core.hostFreeAt) + 1;
      post(core.hostFreeAt - 1,
           {engine.tiles[core.tile].core, first->words[first->next++],
            Event::Deliver, place});
    }
    if (first->next < end.end)
      return;
    --left[end.command];
    first->ends.pop_front();
  }
}

void Strip::giveHost(HostSink &sink, uint32_t word) {
  if (sink.wants.empty()) {
    sink.words.push_back(word);
    return;
  }
  StreamWant &want = sink.wants.front();
  *want.to++ = word;
  if (--want.left == 0) {
    --left[want.command];
    sink.wants.pop_front();
  }
}

/// A copy of one PE. Returns false after a trap.
bool Strip::copy(Core &core, const Command &command) {
  const Symbol &symbol =
      core.program->symbols[core.program->hostNames[command.name].symbol];
  uint32_t size = command.bits16 ? 2 : 4;
  uint32_t address = Engine::addressOf(core, symbol);
  uint64_t bytes = uint64_t(command.elements) * size;
  bool readsBehind =
      command.kind == Command::CopyOut &&
      address + bytes <= uint64_t(engine.model.machine.memoryBytes);
  if (address + bytes > uint64_t(core.program->memoryBytes) && !readsBehind) {
    fail(core.tile, "copy of " + std::to_string(bytes) + " bytes at address " +
                        std::to_string(address) + ", where '" + symbol.name +
                        "' points; the program has " +
                        std::to_string(core.program->memoryBytes) + " bytes");
    return false;
  }
  size_t word =
      command.wordOf(engine.model.xOf(core.tile), engine.model.yOf(core.tile));
  for (uint32_t i = 0; i < command.elements; ++i, ++word, address += size) {
    if (command.kind == Command::CopyIn) {
      std::memcpy(core.memory + address, &command.words[word], size);
      continue;
    }
    command.destination[word] = 0;
    if (address + size <= core.program->memoryBytes)
      std::memcpy(&command.destination[word], core.memory + address, size);
  }
  return true;
}

void Strip::startLaunch(Core &core, uint32_t number, uint64_t cycle) {
  const Command &command = engine.commands[number];
  const Export &exported =
      core.program->exports[core.program->hostNames[command.name].exported];
  const Function &function = core.program->functions[exported.function];
  core.inMain = true;
  core.task = uint16_t(exported.function);
  core.pc = function.entry;
  core.frame = 0;
  core.frames.clear();
  core.registers.assign(core.program->frameRegisters, 0);
  for (size_t i = 0; i < command.words.size() && i < exported.types.size() &&
                     function.firstRegister + i < core.registers.size();
       ++i)
    core.registers[function.firstRegister + i] =
        normalize(exported.types[i], command.words[i]);
  core.launched = number;
  core.open = core.done = false;
  core.state = Core::Dispatch;
  core.readyAt = cycle;
}

/// Does the copies that are next for this PE, up to a launch. Returns whether
/// it has started one.
bool Strip::takeCommand(Core &core, uint64_t cycle) {
  core.commandDue = never;
  uint32_t x = engine.model.xOf(core.tile), y = engine.model.yOf(core.tile);
  while (core.nextCommand < engine.announced) {
    uint32_t number = core.nextCommand;
    const Command &command = engine.commands[number];
    if (!command.isStream() && command.touches(x, y) &&
        concerns(core, command)) {
      if (command.kind == Command::Launch) {
        // As a broadcast from PE (0, 0) would bring it.
        uint64_t due =
            command.announcedAt +
            (x + y) * uint64_t(engine.model.machine.hopLatencyCycles);
        if (due > cycle) {
          wake(core, due);
          return false;
        }
        ++core.nextCommand;
        startLaunch(core, number, cycle);
        return true;
      }
      if (!copy(core, command))
        return false;
      --left[number];
    }
    ++core.nextCommand;
  }
  return false;
}
