//===- BuildFabric.cpp - lay out the routers ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A channel for each color that a router may ever pass on, with room for what
// any switch position or later configuration lets in, joined to the channels
// next door.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

using namespace spada;
using namespace spada::sim;

namespace {
/// Ports that a channel may ever take from and send to.
struct Reach {
  uint8_t rx = 0, tx = 0;
};

class FabricBuilder {
public:
  explicit FabricBuilder(Engine &engine)
      : engine(engine), model(engine.model), machine(engine.model.machine) {}

  void run();

private:
  void findColors();
  void addColorsOf(const Program &program);
  void buildTile(uint32_t tile);
  Reach reachOf(uint32_t tile, unsigned color) const;
  void addChannel(uint32_t tile, unsigned color, Reach reach);
  void addLever(Channel &channel, ColorRoute route);
  void connect(uint32_t number);

  Engine &engine;
  const Model &model;
  const Machine &machine;
  static constexpr uint8_t allPorts = (1u << numPorts) - 1;
  uint32_t namedColors = 0;     ///< by any route, queue or descriptor
  std::vector<bool> configures; ///< by program: it stores through pointers
  std::vector<Reach> reaches;   ///< by channel
};
} // namespace

void FabricBuilder::addColorsOf(const Program &program) {
  for (const InputQueueInfo &queue : program.inputQueues)
    namedColors |= 1u << queue.color;
  for (const Dsd &dsd : program.dsds)
    if (dsd.kind != image::DsdKind::Memory)
      namedColors |= 1u << dsd.color;
}

/// A color that nothing names carries no wavelets, however a program configures
/// it.
void FabricBuilder::findColors() {
  for (const Program &program : model.programs) {
    bool stores = std::any_of(
        program.instructions.begin(), program.instructions.end(),
        [](const Instruction &in) { return in.opcode == Opcode::StoreAt; });
    configures.push_back(stores);
    addColorsOf(program);
  }
  for (const std::array<ColorRoute, numColors> &routes : model.routes)
    for (unsigned color = 0; color < numColors; ++color) {
      ColorRoute route = routes[color];
      namedColors |= uint32_t(route.isRouted) << color;
      if (route.hasSettings() && (model.routeSettings[route.settings].swapX ||
                                  model.routeSettings[route.settings].swapY))
        namedColors |= 1u << (color ^ 1);
    }
}

/// Empty: the tile has no channel for the color.
Reach FabricBuilder::reachOf(uint32_t tile, unsigned color) const {
  ColorRoute route = model.routes[tile][color];
  uint32_t program = model.tiles[tile].program;
  bool isHostColor = (model.hostInColors | model.hostOutColors) >> color & 1;
  if (program != none && configures[program] && namedColors >> color & 1 &&
      (route.isRouted || !isHostColor))
    return {allPorts, allPorts};
  Reach reach{uint8_t(route.rx), uint8_t(route.tx)};
  if (route.hasSettings())
    for (SwitchPosition position :
         model.routeSettings[route.settings].positions) {
      reach.rx |= position.rx;
      reach.tx |= position.tx;
    }
  // Wavelets of the other color may leave on this one.
  ColorRoute other = model.routes[tile][color ^ 1];
  if (other.hasSettings()) {
    const RouteSettings &settings = model.routeSettings[other.settings];
    if (settings.swapX)
      reach.tx |= 1u << East | 1u << West;
    if (settings.swapY)
      reach.tx |= 1u << North | 1u << South;
  }
  return reach;
}

void FabricBuilder::addLever(Channel &channel, ColorRoute route) {
  static const RouteSettings noSettings;
  const RouteSettings &settings =
      route.hasSettings() ? model.routeSettings[route.settings] : noSettings;
  channel.lever = uint32_t(engine.levers.size());
  Lever lever = initialLever(route, settings);
  if (settings.hasFilter) {
    lever.filter = uint32_t(engine.filters.size());
    const FilterInfo &info = settings.filter;
    engine.filters.push_back(
        {info, info.initCounter, info.limit1, uint64_t(info.maxCounter) + 1});
  }
  channel.isTornDown = settings.teardown;
  channel.carriesMessages = settings.messages;
  if (settings.messages) {
    lever.crossing = uint32_t(engine.crossings.size());
    engine.crossings.emplace_back();
  }
  engine.levers.push_back(lever);
}

void FabricBuilder::addChannel(uint32_t tile, unsigned color, Reach reach) {
  Channel channel;
  channel.tile = tile;
  channel.color = uint8_t(color);
  ColorRoute route = model.routes[tile][color];
  channel.rx = uint8_t(route.rx);
  channel.tx = uint8_t(route.tx);
  uint32_t program = model.tiles[tile].program;
  if (route.hasSettings() || (program != none && configures[program]))
    addLever(channel, route);
  channel.firstSlot = uint32_t(engine.slots.size());
  // A sender may have a full buffer's worth here beside what is on its way.
  unsigned fromRamp =
      unsigned(machine.routerBufferWavelets + machine.rampLatencyCycles - 1);
  unsigned fromLink =
      unsigned(machine.routerBufferWavelets + machine.hopLatencyCycles - 1);
  unsigned links = unsigned(__builtin_popcount(reach.rx >> 1));
  channel.capacity = uint8_t((reach.rx & 1 ? fromRamp : 0) + links * fromLink);
  channel.injectCredits = uint8_t(fromRamp);
  for (unsigned port = North; port < numPorts; ++port)
    channel.credits[port] = uint8_t(fromLink);
  channel.credits[Ramp] = 1; // enough to reach the trap when no queue is bound
  if (program != none) {
    const Program &code = model.programs[program];
    channel.inputPlace = code.inputPlaceOfColor[color];
    if (channel.inputPlace != 0xff)
      channel.credits[Ramp] = code.inputQueues[channel.inputPlace].capacity;
    else if (code.rebindsQueues)
      channel.credits[Ramp] = 0;
    channel.exhausted = channel.credits[Ramp] == 0;
  }
  ColorRoute other = model.routes[tile][color ^ 1];
  channel.isSwapTarget = channel.lever != none || other.hasSettings();
  engine.slots.resize(engine.slots.size() + channel.capacity);
  engine.channels.push_back(channel);
  reaches.push_back(reach);
}

void FabricBuilder::buildTile(uint32_t tile) {
  Tile &t = engine.tiles[tile];
  t.firstChannel = uint32_t(engine.channels.size());
  for (unsigned color = 0; color < numColors; ++color) {
    Reach reach = reachOf(tile, color);
    if (!model.routes[tile][color].isRouted && (reach.rx | reach.tx) == 0)
      continue;
    t.colors |= 1u << color;
    addChannel(tile, color, reach);
  }
}

/// Finds the channel next door for each port that a channel may send to or
/// receive from.
void FabricBuilder::connect(uint32_t number) {
  Channel &channel = engine.channels[number];
  Reach reach = reaches[number];
  channel.open = reach.rx & 1;
  int64_t x = model.xOf(channel.tile), y = model.yOf(channel.tile);
  for (unsigned port = North; port < numPorts; ++port) {
    int64_t nx = x + (port == East) - (port == West),
            ny = y + (port == South) - (port == North);
    if (nx < 0 || ny < 0 || nx >= int64_t(model.width) ||
        ny >= int64_t(model.height))
      continue;
    uint32_t other = engine.channelOf(
        model.tileNumber(uint32_t(nx), uint32_t(ny)), channel.color);
    if (other == none)
      continue;
    unsigned bit = 1u << oppositePort[port];
    bool sends = reach.tx >> port & 1 && reaches[other].rx & bit;
    bool receives = reach.rx >> port & 1 && reaches[other].tx & bit;
    if (sends || receives)
      channel.neighbor[port] = other;
    if (sends)
      channel.open |= uint8_t(1u << port);
  }
}

void FabricBuilder::run() {
  findColors();
  for (uint32_t tile = 0; tile < model.numTiles(); ++tile)
    buildTile(tile);
  for (uint32_t number = 0; number < engine.channels.size(); ++number)
    connect(number);
  for (Channel &channel : engine.channels)
    engine.select(channel);
}

void Engine::buildFabric() { FabricBuilder(*this).run(); }

/// Words that a core sends on a host color without a route go to the host.
void Engine::buildHostSinks() {
  if (model.hostOutColors == 0)
    return;
  for (const Core &core : cores) {
    uint32_t sent = 0;
    for (const Dsd &dsd : core.program->dsds)
      if (dsd.kind == image::DsdKind::FabricOut)
        sent |= 1u << dsd.color;
    for (unsigned color = 0; color < numColors; ++color)
      if (sent & model.hostOutColors & 1u << color &&
          !model.routes[core.tile][color].isRouted)
        addSink(core.tile, color);
  }
}
