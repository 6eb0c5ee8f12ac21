//===- SimulatorSession.cpp - the host's side of a session ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Checks what the host asks for and notes it down for the engine.
//
//===----------------------------------------------------------------------===//

#include "SimulatorImpl.h"

#include <cstring>
#include <new>

using namespace spada;
using namespace spada::sim;

namespace {
/// Checks of one command; the first failure sets the error.
class CommandChecker {
public:
  CommandChecker(const Model &model, const Engine *engine, std::string &error)
      : model(model), engine(engine), error(error) {}

  bool session() {
    if (!engine)
      error = "no session is open; start one first";
    return engine != nullptr;
  }
  bool symbol(int number);
  bool region(const Region &region);
  bool data(const Command &command);
  bool stream(const Command &command);
  bool function(const Command &command);

private:
  /// Calls `check(core, tile)` for each PE of the region until it is false.
  template <typename Check> bool everyPe(const Region &region, Check &&check);
  bool symbolOn(const Core &core, const Command &command);

  const Model &model;
  const Engine *engine;
  std::string &error;
};
} // namespace

bool CommandChecker::symbol(int number) {
  if (number >= 0 && size_t(number) < model.hostNames.size())
    return true;
  error = "symbol " + std::to_string(number) + " is unknown, there are " +
          std::to_string(model.hostNames.size());
  return false;
}

bool CommandChecker::region(const Region &region) {
  if (region.x >= 0 && region.y >= 0 && region.width >= 1 &&
      region.height >= 1 &&
      int64_t(region.x) + region.width <= int64_t(model.width) &&
      int64_t(region.y) + region.height <= int64_t(model.height))
    return true;
  error = "region of " + std::to_string(region.width) + " x " +
          std::to_string(region.height) + " PEs at (" +
          std::to_string(region.x) + ", " + std::to_string(region.y) +
          ") does not fit the rectangle of " + std::to_string(model.width) +
          " x " + std::to_string(model.height) + " PEs";
  return false;
}

template <typename Check>
bool CommandChecker::everyPe(const Region &region, Check &&check) {
  for (int x = region.x; x < region.x + region.width; ++x)
    for (int y = region.y; y < region.y + region.height; ++y) {
      uint32_t tile = model.tileNumber(uint32_t(x), uint32_t(y));
      const Core *core = engine->coreAt(tile);
      if (!core) {
        error = model.peName(tile) + " has no program";
        return false;
      }
      if (!check(*core))
        return false;
    }
  return true;
}

bool CommandChecker::symbolOn(const Core &core, const Command &command) {
  const HostName &name = core.program->hostNames[command.name];
  const std::string quoted = "'" + model.hostNames[command.name] + "'";
  if (name.symbol < 0) {
    error = name.exported >= 0
                ? quoted + " is a function; launch it"
                : model.peName(core.tile) + " exports no symbol " + quoted;
    return false;
  }
  const Symbol &symbol = core.program->symbols[size_t(name.symbol)];
  uint64_t has = uint64_t(symbol.elements) * typeBytes(symbol.type);
  uint64_t wants = uint64_t(command.elements) * (command.bits16 ? 2 : 4);
  // Programs read more than a symbol has, as the machine lets them.
  if (symbol.isPointer || wants <= has || command.kind == Command::CopyOut)
    return true;
  error = "copy of " + std::to_string(wants) + " bytes, symbol " + quoted +
          " has " + std::to_string(has) + " on " + model.peName(core.tile);
  return false;
}

bool CommandChecker::data(const Command &command) {
  return everyPe(command.region,
                 [&](const Core &core) { return symbolOn(core, command); });
}

bool CommandChecker::stream(const Command &command) {
  bool isInput = command.kind == Command::StreamIn;
  std::string color = std::to_string(command.color);
  if (!isInput && !(model.hostOutColors >> command.color & 1)) {
    error = "color " + color + " is not one on which PEs send to the host";
    return false;
  }
  return everyPe(command.region, [&](const Core &core) {
    if (model.routes[core.tile][command.color].isRouted)
      error = model.peName(core.tile) + " has a route for color " + color +
              ", so it cannot carry words of the host";
    else if (isInput && core.program->inputPlaceOfColor[command.color] == 0xff)
      error =
          model.peName(core.tile) + " has no input queue for color " + color;
    else if (!isInput && !engine->findSink(core.tile, command.color))
      error = model.peName(core.tile) + " does not send on color " + color;
    return error.empty();
  });
}

bool CommandChecker::function(const Command &command) {
  bool any = false;
  const std::string quoted = "'" + model.hostNames[command.name] + "'";
  for (const Program &program : model.programs) {
    int32_t number = program.hostNames[command.name].exported;
    if (number < 0)
      continue;
    any = true;
    size_t wants = program.exports[size_t(number)].types.size();
    if (wants == command.words.size())
      continue;
    error = "launch of " + quoted + " with " +
            std::to_string(command.words.size()) + " arguments, it takes " +
            std::to_string(wants);
    return false;
  }
  if (!any)
    error = quoted + " is no function; copy it";
  return any;
}

//===----------------------------------------------------------------------===//
// Interface
//===----------------------------------------------------------------------===//

int Simulator::symbol(std::string_view name) const {
  const std::vector<std::string> &names = impl->model.hostNames;
  auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : int(found - names.begin());
}

std::span<const std::string> Simulator::symbols() const {
  return impl->model.hostNames;
}

bool Simulator::start(const Options &options, std::string &error) {
  try {
    impl->isOpen = false;
    impl->engine.reset();
    impl->sessionOptions = options;
    impl->engine = std::make_unique<Engine>(impl->model, impl->sessionOptions);
    if (!impl->engine->openLog()) {
      error = "cannot write the log '" + options.logPath + "'";
      impl->engine.reset();
      return false;
    }
    impl->engine->openSession();
    impl->isOpen = true;
    return true;
  } catch (const std::bad_alloc &) {
    impl->engine.reset();
    error = "not enough memory on this computer to run the image";
    return false;
  }
}

/// A copy or stream of `command`, checked by `check`.
template <typename Check>
uint64_t Simulator::Impl::noteData(Command command, const uint32_t *words,
                                   std::string &error, Check &&check) {
  error.clear();
  CommandChecker checker(model, openEngine(), error);
  if (!checker.session() || !checker.region(command.region) || !check(checker))
    return 0;
  size_t count = size_t(command.region.width) * size_t(command.region.height) *
                 command.elements;
  if (words)
    command.words.assign(words, words + count);
  return engine->note(std::move(command)) + 1;
}

uint64_t Simulator::copyIn(int symbol, Region region, uint32_t elements,
                           bool bits16, const uint32_t *words,
                           std::string &error) {
  Command command{
      Command::CopyIn, region, uint32_t(symbol), elements, bits16, 0, {},
      nullptr};
  return impl->noteData(command, words, error, [&](CommandChecker &checker) {
    return checker.symbol(symbol) && checker.data(command);
  });
}

uint64_t Simulator::copyOut(int symbol, Region region, uint32_t elements,
                            bool bits16, uint32_t *words, std::string &error) {
  Command command{Command::CopyOut,
                  region,
                  uint32_t(symbol),
                  elements,
                  bits16,
                  0,
                  {},
                  words};
  return impl->noteData(command, nullptr, error, [&](CommandChecker &checker) {
    return checker.symbol(symbol) && checker.data(command);
  });
}

static bool checkColor(uint32_t color, std::string &error) {
  if (color < numColors)
    return true;
  error = "color " + std::to_string(color) +
          " is out of range, colors are 0 to " + std::to_string(numColors - 1);
  return false;
}

uint64_t Simulator::streamIn(uint32_t color, Region region, uint32_t elements,
                             const uint32_t *words, std::string &error) {
  Command command{Command::StreamIn, region, 0,      elements, false,
                  uint8_t(color),    {},     nullptr};
  return impl->noteData(command, words, error, [&](CommandChecker &checker) {
    return checkColor(color, error) && checker.stream(command);
  });
}

uint64_t Simulator::streamOut(uint32_t color, Region region, uint32_t elements,
                              uint32_t *words, std::string &error) {
  Command command{Command::StreamOut, region, 0,    elements, false,
                  uint8_t(color),     {},     words};
  return impl->noteData(command, nullptr, error, [&](CommandChecker &checker) {
    return checkColor(color, error) && checker.stream(command);
  });
}

uint64_t Simulator::launch(int symbol, std::span<const uint32_t> arguments,
                           std::string &error) {
  Command command;
  command.region = {0, 0, width(), height()};
  command.name = uint32_t(symbol);
  command.words.assign(arguments.begin(), arguments.end());
  return impl->noteData(command, nullptr, error, [&](CommandChecker &checker) {
    return checker.symbol(symbol) && checker.function(command);
  });
}

Report Simulator::wait(uint64_t command) {
  Report report;
  Engine *engine = impl->openEngine();
  if (!engine || command > engine->commands.size()) {
    report.status = Status::Trapped;
    report.message = !engine ? "no session is open; start one first"
                             : "command " + std::to_string(command) +
                                   " is unknown, there are " +
                                   std::to_string(engine->commands.size());
    return report;
  }
  try {
    return engine->wait(command ? uint32_t(command - 1) : none);
  } catch (const std::bad_alloc &) {
    report.status = Status::OutOfBudget;
    report.message = "not enough memory on this computer to run the image";
    return report;
  }
}

bool Simulator::isDone(uint64_t command) const {
  const Engine *engine = impl->openEngine();
  return engine && command >= 1 && command <= engine->commands.size() &&
         engine->isDone(uint32_t(command - 1));
}

uint8_t *Simulator::Impl::findVariable(int x, int y, std::string_view name,
                                       size_t &bytes, std::string &error) {
  error.clear();
  if (!engine) {
    error = "no session has been started";
    return nullptr;
  }
  CommandChecker checker(model, engine.get(), error);
  if (!checker.region({x, y, 1, 1}))
    return nullptr;
  uint32_t tile = model.tileNumber(uint32_t(x), uint32_t(y));
  const Core *core = engine->coreAt(tile);
  if (core)
    for (const VariableInfo &variable : core->program->variables)
      if (variable.name == name) {
        bytes = variable.bytes;
        return core->memory + variable.address;
      }
  error =
      model.peName(tile) + " has no " +
      (core ? "variable '" + std::string(name) + "'" : std::string("program"));
  return nullptr;
}

bool Simulator::readVariable(int x, int y, std::string_view name,
                             std::vector<uint8_t> &bytes,
                             std::string &error) const {
  size_t size = 0;
  const uint8_t *from = impl->findVariable(x, y, name, size, error);
  if (!from)
    return false;
  bytes.assign(from, from + size);
  return true;
}

bool Simulator::writeVariable(int x, int y, std::string_view name,
                              std::span<const uint8_t> bytes,
                              std::string &error) {
  size_t size = 0;
  uint8_t *to = impl->findVariable(x, y, name, size, error);
  if (!to)
    return false;
  if (bytes.size() != size) {
    error = "variable '" + std::string(name) + "' has " + std::to_string(size) +
            " bytes, " + std::to_string(bytes.size()) + " were given";
    return false;
  }
  if (size)
    std::memcpy(to, bytes.data(), size);
  return true;
}

bool Simulator::stop(std::string &error) {
  error.clear();
  if (!impl->openEngine()) {
    error = "no session is open";
    return false;
  }
  impl->isOpen = false;
  error = impl->engine->closeSession();
  return error.empty();
}
