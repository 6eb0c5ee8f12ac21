//===- LoadProgram.cpp - decode and check one program of an image ---------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// After this no index of the program can be out of range while it runs;
// addresses that depend on values are checked at run time.
//
//===----------------------------------------------------------------------===//

#include "Loader.h"

#include <algorithm>
#include <tuple>

using namespace spada;
using namespace spada::sim;

namespace {
class ProgramLoader {
public:
  ProgramLoader(const image::Program &source, const Model &model,
                Program &program, Checker &checker)
      : source(source), model(model), machine(model.machine),
        numLocations(model.locations.size()), program(program),
        checker(checker) {}

  bool run() {
    return variables() && queues() && dsds() && tasks() && rotations() &&
           controlOffsets() && functions() &&
           loadVectors(source, machine, numLocations, program, checker) &&
           loadCode(source, model, program, checker);
  }

private:
  bool variables();
  bool symbols();
  bool queues();
  bool queue(const image::Queue &queue);
  bool dsds();
  bool dsd(const image::Dsd *from, Dsd &to);
  bool tasks();
  bool dataTask(const image::Task &from, uint32_t index, Task &to);
  bool functions();
  bool exports();
  bool taskIds(const Task &task, uint32_t index);
  bool rotations();
  bool controlOffsets();

  bool inMemory(uint64_t address, uint64_t bytes) const {
    return address <= program.memoryBytes &&
           bytes <= program.memoryBytes - address;
  }
  template <typename... Arguments> bool check(Arguments &&...arguments) {
    return checker.check(std::forward<Arguments>(arguments)...);
  }

  const image::Program &source;
  const Model &model;
  const Machine &machine;
  size_t numLocations;
  Program &program;
  Checker &checker;
  uint64_t sharedIds = 0, controlIds = 0, teardownIds = 0;
  uint32_t colorsOfInputs = 0; ///< bit of each color with an input queue
};
} // namespace

bool ProgramLoader::variables() {
  program.memoryBytes = source.memory_bytes();
  if (!check(program.memoryBytes <= machine.memoryBytes, [&] {
        return "needs " + std::to_string(program.memoryBytes) +
               " bytes of memory, a PE has " +
               std::to_string(machine.memoryBytes);
      }))
    return false;
  for (uint32_t i = 0; i < sizeOf(source.variables()); ++i) {
    const image::Variable &variable = *source.variables()->Get(i);
    if (!check(isAnyType(int64_t(variable.type())), "variable of unknown type"))
      return false;
    uint64_t bytes = uint64_t(variable.elements()) * typeBytes(variable.type());
    if (!check(inMemory(variable.address(), bytes),
               "variable outside the memory"))
      return false;
    program.variables.push_back(
        {variable.name()->str(), variable.address(), uint32_t(bytes)});
    if (!variable.init())
      continue;
    if (!check(variable.init()->size() == bytes,
               "initial value has another size than its variable"))
      return false;
    program.initial.push_back(
        {variable.address(),
         {variable.init()->begin(), variable.init()->end()}});
  }
  return symbols();
}

bool ProgramLoader::symbols() {
  for (uint32_t i = 0; i < sizeOf(source.symbols()); ++i) {
    const image::Symbol &symbol = *source.symbols()->Get(i);
    if (!check(isAnyType(int64_t(symbol.type())), "symbol of unknown type"))
      return false;
    uint64_t bytes = uint64_t(symbol.elements()) * typeBytes(symbol.type());
    if (!check(symbol.is_pointer()
                   ? inMemory(symbol.address(), 2) && bytes < uint64_t(1) << 32
                   : inMemory(symbol.address(), bytes),
               "symbol outside the memory"))
      return false;
    program.symbols.push_back({symbol.name()->str(), symbol.address(),
                               symbol.elements(), symbol.type(),
                               symbol.is_pointer()});
  }
  return true;
}

bool ProgramLoader::queue(const image::Queue &queue) {
  const std::vector<int64_t> &depths = queue.is_output()
                                           ? machine.outputQueueDepthWavelets
                                           : machine.inputQueueDepthWavelets;
  if (!check(queue.number() < depths.size() && queue.number() < maxQueues,
             "queue number out of range") ||
      !check(queue.color() < numColors, "queue of a color out of range"))
    return false;
  uint8_t depth = uint8_t(depths[queue.number()]);
  if (queue.is_output()) {
    uint8_t &place = program.outputPlace[queue.number()];
    if (place != 0xff) // WSE-2 output queues may serve several colors
      return check(!machine.outputQueueBoundToColor ||
                       program.outputQueues[place].color == queue.color(),
                   "output queue is bound to two colors");
    place = uint8_t(program.outputQueues.size());
    program.outputQueues.push_back({queue.number(), queue.color(), depth});
    return true;
  }
  if (!check(program.inputPlace[queue.number()] == 0xff,
             "input queue is declared twice"))
    return false;
  // Programs give unused queues one unused color. Where two queues share a
  // color, a wavelet has none to go to.
  bool shared = colorsOfInputs >> queue.color() & 1;
  colorsOfInputs |= uint32_t(1) << queue.color();
  program.inputPlace[queue.number()] = uint8_t(program.inputQueues.size());
  program.inputPlaceOfColor[queue.color()] =
      shared ? uint8_t(0xff) : program.inputPlace[queue.number()];
  program.inputQueues.push_back(
      {queue.number(), queue.color(),
       uint8_t(depth + machine.rampLatencyCycles),
       machine.dataTaskIdIsColor ? queue.color() : queue.number()});
  return true;
}

bool ProgramLoader::queues() {
  program.inputPlace.fill(0xff);
  program.outputPlace.fill(0xff);
  program.inputPlaceOfColor.fill(0xff);
  for (uint32_t i = 0; i < sizeOf(source.queues()); ++i)
    if (!queue(*source.queues()->Get(i)))
      return false;
  program.taskOfQueue.assign(program.inputQueues.size(), 0xff);
  return true;
}

bool ProgramLoader::dsd(const image::Dsd *from, Dsd &to) {
  if (!check(from->kind() <= image::DsdKind::FabricOut,
             "DSD of unknown kind") ||
      !check(isType(int64_t(from->type())), "DSD of unknown type"))
    return false;
  to.kind = from->kind();
  to.type = from->type();
  to.control = from->control();
  to.advanceSwitch = from->advance_switch();
  to.indexOffset = from->index_offset();
  to.zeroSource = from->zero_source();
  to.simd = from->simd();
  to.priority = from->priority();
  to.controlTransform = from->control_transform();
  if (!check(to.zeroSource <= 2 && to.simd <= 3 && to.priority <= 3,
             "DSD with an unknown option"))
    return false;
  program.hasPriorities |= to.priority != 0;
  to.queue = from->queue();
  to.color = from->color();
  to.address = from->address();
  uint32_t rank = sizeOf(from->sizes());
  if (!check(rank >= 1 && rank <= maxDimensions, "DSD without 1 to 4 sizes"))
    return false;
  to.rank = uint8_t(rank);
  for (uint32_t i = 0; i < rank; ++i)
    to.sizes[i] = from->sizes()->Get(i);
  for (uint32_t i = 0; i < rank; ++i)
    if (!check(to.sizes[i] <= 0xffff, "DSD with a size above 65535"))
      return false;
  if (to.kind == image::DsdKind::Memory) {
    if (!check(sizeOf(from->strides()) == rank,
               "DSD with another number of strides than sizes"))
      return false;
    for (uint32_t i = 0; i < rank; ++i) {
      to.strides[i] = from->strides()->Get(i);
      if (!check(std::abs(int64_t(to.strides[i])) <= 0xffff,
                 "DSD with a stride above 65535"))
        return false;
    }
    to.wrap = from->wrap();
    return check(to.wrap == 0 || (to.wrap <= 0xffff && rank == 1),
                 "DSD that cannot wrap") &&
           check(to.address <= program.memoryBytes, "DSD outside the memory");
  }
  bool isInput = to.kind == image::DsdKind::FabricIn;
  program.takesControl |= isInput && to.controlTransform;
  const auto &places = isInput ? program.inputPlace : program.outputPlace;
  return check(rank == 1, "fabric DSD with more than one size") &&
         check(to.queue < maxQueues && places[to.queue] != 0xff,
               "fabric DSD on a queue that is not declared") &&
         check(to.color < numColors, "fabric DSD of a color out of range") &&
         check(!isInput ||
                   program.inputQueues[places[to.queue]].color == to.color,
               "fabric DSD of another color than its input queue") &&
         check(isInput || !machine.outputQueueBoundToColor ||
                   program.outputQueues[places[to.queue]].color == to.color,
               "fabric DSD of another color than its output queue");
}

bool ProgramLoader::dsds() {
  program.dsds.resize(sizeOf(source.dsds()));
  for (uint32_t i = 0; i < program.dsds.size(); ++i)
    if (!dsd(source.dsds()->Get(i), program.dsds[i]))
      return false;
  return true;
}

bool ProgramLoader::dataTask(const image::Task &from, uint32_t index,
                             Task &to) {
  if (!check(from.queue() < maxQueues &&
                 program.inputPlace[from.queue()] != 0xff,
             "data task on a queue that is not declared"))
    return false;
  to.queue = program.inputPlace[from.queue()];
  if (!check(program.taskOfQueue[to.queue] == 0xff,
             "two data tasks on one input queue"))
    return false;
  program.taskOfQueue[to.queue] = uint8_t(index);
  return true;
}

/// Ids of one kind name one task each; local and data tasks share theirs.
bool ProgramLoader::taskIds(const Task &task, uint32_t index) {
  auto message = [&] {
    return "task '" + task.name + "': id out of range or used twice";
  };
  auto take = [&](uint64_t &ids) {
    if (!check(task.id < 64 && !(ids >> task.id & 1), message))
      return false;
    ids |= uint64_t(1) << task.id;
    return true;
  };
  switch (task.kind) {
  case image::TaskKind::Local:
  case image::TaskKind::Data:
    if (!take(sharedIds))
      return false;
    if (task.kind == image::TaskKind::Local)
      program.localTask[task.id] = uint8_t(index);
    return true;
  case image::TaskKind::Control:
    if (!take(controlIds))
      return false;
    program.controlTask[task.id] = uint8_t(index);
    return true;
  case image::TaskKind::Teardown:
    return check(task.id < numColors, message) && take(teardownIds);
  case image::TaskKind::QueueEmpty:
    if (!check(task.id < 2 * maxQueues &&
                   !(program.emptyHandlers >> task.id & 1),
               message))
      return false;
    program.emptyHandlers |= uint16_t(1u << task.id);
    return true;
  }
  return check(false,
               [&] { return "task '" + task.name + "' of unknown kind"; });
}

bool ProgramLoader::rotations() {
  uint32_t count = sizeOf(source.rotations());
  if (!check(count <= 2, "more than two rotations"))
    return false;
  for (uint32_t i = 0; i < count; ++i) {
    const image::Rotation &from = *source.rotations()->Get(i);
    if (!check(from.task() < program.tasks.size() &&
                   from.other() < program.tasks.size() &&
                   program.tasks[from.task()].kind == image::TaskKind::Data &&
                   program.tasks[from.other()].kind ==
                       image::TaskKind::Control &&
                   program.tasks[from.task()].rotation == 0xff &&
                   from.init() <= from.limit(),
               "rotation of other tasks, or from beyond its limit"))
      return false;
    program.tasks[from.task()].rotation = uint8_t(i);
    program.rotations.push_back({from.other(), from.limit(), from.init()});
  }
  return true;
}

bool ProgramLoader::controlOffsets() {
  program.rebindsQueues = source.rebinds_queues();
  uint32_t count = sizeOf(source.control_offsets());
  if (!check(count <= maxQueues, "control offsets of unknown queues"))
    return false;
  for (InputQueueInfo &queue : program.inputQueues)
    if (queue.number < count)
      queue.controlOffset = source.control_offsets()->Get(queue.number);
  return true;
}

bool ProgramLoader::tasks() {
  uint32_t count = sizeOf(source.tasks());
  program.localTask.fill(noTask);
  program.controlTask.fill(noTask);
  if (!check(count < noTask, "too many tasks"))
    return false;
  for (uint32_t i = 0; i < count; ++i) {
    const image::Task &from = *source.tasks()->Get(i);
    Task task;
    task.name = from.name()->str();
    task.kind = from.kind();
    task.id = from.id();
    task.entry = from.entry();
    task.payloadRegister = from.payload_register();
    task.payloadType = from.payload_type();
    task.payloadRegister2 = from.payload_register2();
    task.payloadType2 = from.payload_type2();
    task.blocked = from.blocked();
    task.active = from.active();
    task.location = from.location();
    if (!taskIds(task, i) ||
        !check(task.entry < sizeOf(source.instructions()),
               "task starts outside the code") ||
        !check(isType(int64_t(task.payloadType)) &&
                   isType(int64_t(task.payloadType2)),
               "payload of unknown type") ||
        !check(task.location < numLocations, "task of unknown location"))
      return false;
    if (task.kind == image::TaskKind::Data && !dataTask(from, i, task))
      return false;
    program.tasks.push_back(std::move(task));
    program.pickOrder.push_back(uint8_t(i));
  }
  std::sort(program.pickOrder.begin(), program.pickOrder.end(),
            [&](uint8_t a, uint8_t b) {
              return std::tuple(program.tasks[a].id, program.tasks[a].kind) <
                     std::tuple(program.tasks[b].id, program.tasks[b].kind);
            });
  return true;
}

bool ProgramLoader::functions() {
  for (uint32_t i = 0; i < sizeOf(source.functions()); ++i) {
    const image::Function &function = *source.functions()->Get(i);
    if (!check(function.entry() < sizeOf(source.instructions()),
               "function starts outside the code"))
      return false;
    uint32_t registers = std::max(uint32_t(function.registers()),
                                  uint32_t(function.first_register()) + 1);
    program.functions.push_back({function.name()->str(), function.entry(),
                                 function.first_register(), registers});
    program.frameRegisters = std::max(program.frameRegisters, registers);
  }
  program.main = source.main();
  program.startup = source.startup();
  int64_t count = int64_t(program.functions.size());
  return check(program.main >= -1 && program.main < count,
               "unknown main function") &&
         check(program.startup >= -1 && program.startup < count,
               "unknown startup function") &&
         exports();
}

bool ProgramLoader::exports() {
  for (uint32_t i = 0; i < sizeOf(source.exports()); ++i) {
    const image::Export &from = *source.exports()->Get(i);
    Export to{from.name()->str(), from.function(), {}};
    if (!check(to.function < program.functions.size(),
               "export of an unknown function"))
      return false;
    for (uint32_t k = 0; k < sizeOf(from.types()); ++k) {
      to.types.push_back(Type(from.types()->Get(k)));
      if (!check(isType(int64_t(to.types.back())), "argument of unknown type"))
        return false;
    }
    program.exports.push_back(std::move(to));
  }
  return true;
}

bool sim::loadProgram(const image::Program &source, const Model &model,
                      Program &program, Checker &checker) {
  program.name = source.name()->str();
  checker.context = "program '" + program.name + "': ";
  bool good = ProgramLoader(source, model, program, checker).run();
  checker.context.clear();
  return good;
}
