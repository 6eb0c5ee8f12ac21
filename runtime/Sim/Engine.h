//===- Engine.h - state of a running fabric ---------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Routers, cores and strips of columns. Tiles act on each other only by events
// that are at least one cycle ahead (wavelets and credits), so the order in
// which the tiles of one cycle are stepped cannot be seen.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_ENGINE_H
#define SPADA_SIM_ENGINE_H

#include "Core.h"
#include "Fabric.h"
#include "Operation.h"
#include "Queues.h"
#include "Trace.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>

namespace spada::sim {

struct Event {
  enum Kind : uint8_t { Arrive, Credit, Deliver, Wake, Teardown };
  uint32_t target; ///< channel, channel, core, tile, core
  uint32_t data;
  uint32_t tag; ///< kind, port and flags in one word, so that a copy does not
                ///< wait for narrow stores

  Event(uint32_t target, uint32_t data, Kind kind, unsigned port,
        unsigned flags = 0)
      : target(target), data(data), tag(kind | port << 8 | flags << 16) {}
  Kind kind() const { return Kind(tag & 0xff); }
  unsigned port() const {
    return tag >> 8 & 0xff;
  } ///< Deliver: place of the input queue; Teardown: color
  unsigned flags() const { return tag >> 16; } ///< WaveletFlags
};

struct Trap {
  uint32_t tile = none;
  std::string message;
};

/// What a PE has printed.
struct LogLine {
  uint64_t cycle = 0;
  uint32_t tile = 0;
  std::string text;
};

class Engine;

/// A range of columns, stepped by one thread.
class Strip {
public:
  Strip(Engine &engine, uint32_t firstTile, uint32_t lastTile);

  /// Runs one cycle.
  void run(uint64_t cycle);
  /// The next cycle at which something can happen here.
  uint64_t nextCycle() const;
  void post(uint64_t cycle, Event event);
  /// Puts a tile on the list for the first cycle.
  void activate(uint32_t tile, uint64_t cycle);
  /// Moves events that other strips have sent into the wheel.
  void receive(unsigned parity);

  struct Mail {
    uint64_t cycle;
    Event event;
  };
  std::vector<Mail> mail[2][2]; ///< by parity, to the left and right strip
  uint64_t mailCycle = never;   ///< earliest cycle in the mail of this cycle
  unsigned parity = 0;
  uint32_t firstTile, lastTile, firstChannel = 0, lastChannel = 0;
  unsigned number = 0;

  // Counts of this strip.
  uint64_t tasks = 0, hops = 0, activePeCycles = 0, busyPeCycles = 0;
  uint64_t firstStart = never, lastEnd = 0;
  Trap trap;
  TraceBuffer trace;
  std::vector<LogLine> log;
  std::vector<uint32_t> left; ///< by command: PEs here that have not done it

  // Session.cpp.
  /// Hands words of the host to the queue that `source` fills, as many as it
  /// has room for.
  void feed(Core &core, unsigned place, HostSource &source, uint64_t cycle);
  void feedInOrder(Core &core, uint64_t cycle);
  void giveHost(HostSink &sink, uint32_t word);

  // Interpreter.cpp.
  /// Runs the startup function of a PE, in no time.
  void startUp(Core &core);

  // Registers.cpp.
  /// Value of a 16-bit configuration register of the core's PE; none: there is
  /// no register at this byte address.
  std::optional<uint16_t> readConfig(const Core &core, uint32_t address) const;
  /// Stores to a configuration register; false: there is none.
  bool writeConfig(Core &core, uint32_t address, uint16_t value);

private:
  // Strip.cpp: events.
  void apply(const Event &event, uint64_t cycle);
  void applyArrival(const Event &event, uint64_t cycle);
  void postNeighbor(uint32_t channel, uint64_t cycle, Event event);
  void step(uint32_t tile, uint64_t cycle);
  void fail(uint32_t tile, std::string message, uint32_t location = none);
  [[gnu::cold, gnu::noinline]] void failCollision(const Channel &channel);

  // Router.cpp: these return whether the tile has work in the next cycle.
  struct Choice {
    Channel *channel;
    uint8_t offset;  ///< of the wavelet from the channel's head
    uint8_t outputs; ///< port bits
  };
  bool stepRouter(Tile &tile, uint64_t cycle);
  bool choose(Choice &choice) const;
  bool chooseSpecial(Choice &choice, const Slot &slot) const;
  bool chooseMessage(Choice &choice) const;
  void forward(Tile &tile, const Choice &choice, uint64_t cycle);
  void send(const Channel &channel, const Slot &slot, uint32_t passedOn,
            unsigned port, uint64_t cycle);
  bool drain(Core &core, uint64_t cycle);
  bool drainOne(Core &core, OutputQueue &queue, uint64_t cycle);
  [[gnu::cold, gnu::noinline]] void failForward(const Channel &channel,
                                                unsigned port);

  // Switch.cpp: what changes a route.
  uint32_t passSpecial(Channel &channel, const Slot &slot, uint64_t cycle);
  uint32_t passMessage(const Channel &channel, const Slot &slot,
                       unsigned output);
  bool runCommand(Channel &channel, uint32_t command, uint64_t cycle);
  bool advanceSwitch(Channel &channel);
  std::optional<uint16_t> readColorConfig(const Core &core,
                                          uint32_t address) const;
  bool writeColorConfig(Core &core, uint32_t address, uint16_t value);
  void writeColor(Channel &channel, uint16_t value);
  void writeSwitch(Channel &channel, uint16_t value);
  void writeOtherSides(Channel &channel, uint16_t value);
  /// Configuration registers of colors that no program or route names.
  std::map<uint64_t, uint16_t> unusedConfig;

  // Registers.cpp: those of queues, tasks and filters.
  Filter *filterAt(const Core &core, unsigned color) const;
  uint16_t readQueues(const Core &core, bool outputs) const;
  bool writeFilter(Core &core, unsigned color, unsigned part, uint16_t value);
  bool rebind(Core &core, bool output, unsigned number, uint16_t value);
  bool rebindInput(Core &core, unsigned place, unsigned color);
  bool writePlain(Core &core, unsigned number, uint16_t value);
  [[gnu::cold]] bool failException(const Core &core, unsigned exceptions,
                                   uint32_t location);
  [[gnu::cold, gnu::noinline]] bool raises(const Core &core,
                                           const Operation &operation,
                                           const uint32_t *values,
                                           uint32_t result);

  // Core.cpp.
  bool stepCore(Core &core, uint64_t cycle);
  void shareDatapath(Core &core, uint16_t ready, uint64_t cycle);
  uint16_t firstInPriority(const Core &core, uint16_t candidates) const;
  void wake(Core &core, uint64_t cycle);
  uint32_t takeInput(Core &core, unsigned place);
  const InputWord &headOf(const Core &core, unsigned place) const;

  // Tasks.cpp.
  bool pickWork(Core &core, uint64_t cycle);
  bool pickTask(Core &core, uint64_t cycle);
  bool canRun(const Core &core, unsigned task, uint8_t control) const;
  bool pickFrom(Core &core, uint64_t cycle, uint8_t control, bool onlyHigh);
  bool isHigh(const Core &core, const Task &task, uint8_t control) const;
  void raiseTeardown(Core &core);
  void noteEmptyQueues(Core &core);
  uint8_t controlHeads(const Core &core) const;
  uint8_t controlPlace(const Core &core, uint8_t heads, unsigned id) const;
  unsigned controlId(const Core &core, unsigned place) const;
  void failControl(Core &core, uint8_t heads);
  void dropMessageEnds(Core &core);
  void startTask(Core &core, unsigned task, uint64_t cycle);
  void endTask(Core &core, uint64_t cycle);
  bool setState(Core &core, const Instruction &in);
  bool setTaskState(Core &core, const Instruction &in, image::StateKind kind,
                    unsigned id);

  // Session.cpp.
  bool takeCommand(Core &core, uint64_t cycle);
  bool copy(Core &core, const Command &command);
  void startLaunch(Core &core, uint32_t number, uint64_t cycle);

  // Interpreter.cpp.
  void runMain(Core &core, uint64_t cycle);
  bool execute(Core &core, const Instruction &in, uint64_t cycle,
               uint64_t &cost);
  bool failAccess(const Core &core, const Instruction &in);
  // Scalar.cpp.
  /// Runs at most `limit` plain instructions and adds their cycles; returns how
  /// many.
  unsigned runScalar(Core &core, unsigned limit, uint64_t &cost);
  /// Exceptions of an instruction with the value that stop the PE.
  unsigned exceptionsOf(const Core &core, const Instruction &in,
                        uint32_t value) const;
  bool call(Core &core, const Instruction &in);

  // Instructions.cpp: the rare ones.
  bool executeWide(Core &core, const Instruction &in);
  bool accessWide(Core &core, const Instruction &in);
  bool executeRare(Core &core, const Instruction &in, uint64_t cycle);
  bool accessAnywhere(Core &core, const Instruction &in);
  void changeDsd(Core &core, const Instruction &in);
  void readDsd(Core &core, const Instruction &in);
  bool readDsrLength(Core &core, const Instruction &in);
  void setFifoLength(Core &core, const Instruction &in);
  void clock(Core &core, const Instruction &in, uint64_t cycle);
  uint32_t nextRandom(Core &core);
  void print(Core &core, const Instruction &in, uint64_t cycle);
  std::map<uint32_t, std::string> unfinishedLines; ///< by tile

  // Issue.cpp.
  bool issue(Core &core, const Instruction &in, uint64_t cycle, uint64_t &cost);
  bool openOperands(Core &core, const Instruction &in, Operation &operation);
  bool openCursor(Core &core, const Operand &operand, Operation &operation,
                  unsigned index, uint32_t offset);
  void openVector(const Core &core, const Dsd &dsd, Operation &operation,
                  unsigned index, uint32_t offset);
  bool resolve(Core &core, Operation &operation, unsigned &thread);
  bool claim(Core &core, Operation &operation);
  bool claimOutput(Core &core, Operation &operation);
  bool failIssue(const Core &core, const VectorOperation &info,
                 const std::string &what);
  bool failClash(const Core &core, const Operation &operation,
                 const std::string &what, const Operation *other);

  // Vector.cpp.
  enum class Gate : uint8_t { Go, Wait, EndByControl, EndByFifo };
  uint16_t readyOperations(const Core &core, uint64_t cycle);
  Gate gate(const Core &core, Operation &operation);
  bool fifoReady(const Core &core, Operation &operation);
  bool runAtOnce(Core &core, Operation &operation, uint64_t cycle,
                 uint64_t &cost);
  bool serve(Core &core, unsigned thread, uint64_t cycle);
  bool serveSpecial(Core &core, unsigned thread, uint64_t cycle);
  bool element(Core &core, Operation &operation);
  bool loadElement(Core &core, Operation &operation, unsigned operand,
                   uint32_t &value);
  bool storeElement(Core &core, Operation &operation, uint32_t value);
  uint32_t takeTransformed(Core &core, const Cursor &cursor);
  void emit(Core &core, Operation &operation, uint32_t word);
  void push(Core &core, const Cursor &cursor, uint32_t value);
  uint32_t pop(Core &core, const Cursor &cursor);
  [[gnu::cold, gnu::noinline]] bool
  failElement(const Core &core, const Operation &operation, unsigned operand);
  void endByControl(Core &core, Operation &operation);
  void finish(Core &core, Operation &operation, bool good);
  void leaveOperands(Core &core, const Operation &operation, bool good);
  void complete(Core &core, unsigned thread, uint64_t cycle, bool good = true);
  uint64_t ahead = 0;     ///< cycles that the main thread is ahead of `now`
  bool inStartUp = false; ///< runs a startup function
  bool again = false; ///< set by a core that gave a credit to its own router

  static constexpr unsigned wheelSize = 256;
  Engine &engine;
  uint64_t hopLatency, rampLatency;
  std::vector<Event> wheel[wheelSize];
  std::vector<std::vector<Event>>
      spare; ///< emptied buckets, to keep few of them warm
  uint64_t occupied[wheelSize / 64] = {};
  std::map<uint64_t, std::vector<Event>> later;
  std::vector<uint32_t> current, next;
  uint64_t now = 0;
};

/// All state of one run.
class Engine {
public:
  Engine(const Model &model, const Options &options);

  /// Copies host data in, runs, and leaves the results in place.
  Report run();

  /// Bytes of a symbol on a PE, where it points if it is a pointer; null when
  /// the PE has none or not that many elements.
  uint8_t *symbolBytes(uint32_t tile, std::string_view name, uint64_t elements,
                       const Symbol *&symbol);
  /// Address of a symbol's data.
  static uint32_t addressOf(const Core &core, const Symbol &symbol);
  uint32_t channelOf(uint32_t tile, unsigned color) const {
    const Tile &t = tiles[tile];
    return t.colors >> color & 1
               ? t.firstChannel + uint32_t(__builtin_popcount(
                                      t.colors & ((1u << color) - 1)))
               : none;
  }

  /// The channel whose links and credits a wavelet of `channel` uses when it
  /// leaves by `port`: its own, or after a color swap the other color's.
  uint32_t linkOf(const Channel &channel, unsigned port) const {
    unsigned swapped =
        channel.lever == none ? 0 : levers[channel.lever].swapped;
    return channelOf(channel.tile,
                     channel.color ^ unsigned(swapped >> port & 1));
  }
  /// Ports from which wavelets wait at the channel.
  unsigned waitingPorts(const Channel &channel) const;
  /// Makes the current switch position the route.
  void select(Channel &channel);

  const Model &model;
  const Options &options;
  std::vector<Tile> tiles;
  std::vector<Channel> channels;
  std::vector<Lever> levers;
  std::vector<Filter> filters;
  std::vector<Crossing> crossings;
  std::vector<Slot> slots;
  std::vector<Core> cores;
  std::vector<InputQueue> inputQueues;
  std::vector<OutputQueue> outputQueues;
  std::vector<InputWord> inputWords;
  std::vector<OutputWord> outputWords;
  std::vector<Operation> operations;
  std::vector<DsrState> dsrs;
  std::vector<FifoState> fifos;
  std::vector<Dsd> ownDsds;
  std::vector<HostSource> sources;
  std::vector<HostSink> sinks;
  std::vector<uint32_t>
      sinkOfTile; ///< first sink of a tile; sinks are sorted by tile
  std::vector<uint64_t> linkWavelets;    ///< by tile * numPorts + port
  std::vector<uint32_t> launchArguments; ///< scalars in order
  std::unique_ptr<uint8_t[], void (*)(void *)> memory;
  std::vector<std::unique_ptr<Strip>> strips;
  bool tracing = false;

  HostSink *findSink(uint32_t tile, unsigned color);
  const HostSink *findSink(uint32_t tile, unsigned color) const;
  // Session.cpp.
  /// Empties the file for printed lines; false when it cannot be written.
  bool openLog();
  /// Prepares for commands instead of one run.
  void openSession();
  /// Adds a command that fits the fabric; returns its index.
  uint32_t note(Command command);
  /// Runs until the command is done, or, with `none`, until nothing moves.
  Report wait(uint32_t command);
  bool isDone(uint32_t command) const;
  /// Writes the trace, if there is one; returns its error.
  std::string closeSession();
  /// Runs the startup functions.
  void startUp();
  const Core *coreAt(uint32_t tile) const {
    return tiles[tile].core == none ? nullptr : &cores[tiles[tile].core];
  }

  std::deque<Command> commands; ///< of the session
  uint32_t announced = 0;       ///< commands that the PEs know of

  /// Host streams: the words PE `tile` gets on `color`.
  void addSource(uint32_t tile, unsigned color, std::vector<uint32_t> words);
  void addSink(uint32_t tile, unsigned color);

private:
  void build();
  // BuildFabric.cpp.
  void buildFabric();
  void buildHostSinks();
  bool buildCore(uint32_t tile, size_t &memoryAt);
  void buildStrips();
  void launch();
  void sortSinks();
  void runThreads(uint64_t cycle);
  void loop(unsigned strip, uint64_t cycle);
  void announce(uint32_t command, uint64_t cycle);
  void announceStream(Strip &strip, Core &core, uint32_t command,
                      uint64_t cycle);
  template <typename Visit>
  void forEachCore(const Region &region, Visit &&visit);
  void flushLog();
  bool isTrapped() const;
  void advance(uint64_t last, uint32_t command);
  bool announceNext();
  bool isReached(unsigned parity) const;
  std::string describeCommand(uint32_t command) const;
  uint64_t nextCycle(unsigned parity) const;
  void barrier(bool &sense);
  Report report(uint64_t lastCycle, bool outOfBudget);
  void countLinks(Report &report) const;
  uint64_t waveletsLeft() const;

  struct alignas(64) Published {
    uint64_t next[2];
    uint64_t left[2];  ///< PEs that have not done the command waited for
    uint64_t gated[2]; ///< and that of the gate
    bool trapped[2];
  };
  std::vector<Published> published;
  alignas(64) std::atomic<unsigned> waiting{0};
  alignas(64) std::atomic<bool> phase{false};
  uint64_t lastCycle = 0;
  bool outOfBudget = false;
  bool logStarted = false;
  bool started = false;       ///< session: cycles have been run
  uint64_t stopCycle = never; ///< session: the loop ends before a later one
  uint32_t gate = none;   ///< session: another command whose end stops the loop
  uint32_t waited = none; ///< session: command whose end stops the loop
};

inline const InputWord &Strip::headOf(const Core &core, unsigned place) const {
  const InputQueue &queue = engine.inputQueues[core.firstInput + place];
  return engine.inputWords[queue.firstWord + queue.head];
}

inline void Strip::post(uint64_t cycle, Event event) {
  if (cycle - now >= wheelSize) {
    later[cycle].push_back(event);
    return;
  }
  unsigned number = cycle % wheelSize;
  std::vector<Event> &bucket = wheel[number];
  if (bucket.empty()) {
    occupied[number / 64] |= uint64_t(1) << (number % 64);
    if (!spare.empty()) {
      bucket.swap(spare.back());
      spare.pop_back();
    }
  }
  bucket.push_back(event);
}

inline void Strip::postNeighbor(uint32_t channel, uint64_t cycle, Event event) {
  if (channel >= firstChannel && channel < lastChannel)
    return post(cycle, event);
  mail[parity][channel >= lastChannel].push_back({cycle, event});
  mailCycle = std::min(mailCycle, cycle);
}

inline void Strip::activate(uint32_t tile, uint64_t cycle) {
  Tile &t = engine.tiles[tile];
  if (t.stamp == cycle)
    return;
  t.stamp = cycle;
  current.push_back(tile);
}

/// Who waits for what; the text of a deadlock report.
std::string describeWaits(const Engine &engine);

} // namespace spada::sim

#endif
