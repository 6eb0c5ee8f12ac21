//===- LoadVector.cpp - decode and check vector operations ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// With what they work on: data structure registers and FIFOs; and the texts
// that programs print. What a data structure register holds is known only while
// running and checked there.
//
//===----------------------------------------------------------------------===//

#include "Loader.h"

#include <algorithm>

using namespace spada;
using namespace spada::sim;

namespace {
class VectorLoader {
public:
  VectorLoader(const image::Program &source, const Machine &machine,
               size_t numLocations, Program &program, Checker &checker)
      : source(source), machine(machine), numLocations(numLocations),
        program(program), checker(checker) {}

  bool run() {
    program.threadNumber = {0};
    program.threadOf.fill(0);
    program.dsrPlace.fill(0xff);
    return fifos() && dsrLoads() && vectors() && prints();
  }

private:
  bool fifos();
  bool dsrLoads();
  bool dsrLoad(const image::DsrLoad &from, DsrLoad &to);
  bool vectors();
  bool vector(const image::VectorOperation *from, VectorOperation &to);
  bool operands(const image::VectorOperation &from, VectorOperation &to);
  bool operand(const image::Operand *from, ElementClass elementClass,
               bool isDestination, const VectorOperation &vector, Operand &to);
  bool slotOperand(const image::Operand &from, ElementClass elementClass,
                   bool isDestination, const VectorOperation &vector,
                   Operand &to);
  bool rules(const VectorOperation &vector);
  template <typename Source> bool settings(const Source &from, Settings &to);
  void useThread(int microthread);
  bool prints();
  bool print(const image::Print &from, PrintInfo &to);

  template <typename... Arguments> bool check(Arguments &&...arguments) {
    return checker.check(std::forward<Arguments>(arguments)...);
  }
  bool checkOperand(bool condition, const VectorOperation &vector,
                    const char *what) {
    return check(condition, [&] {
      return "operation '" + std::string(vector.builtin->name) + "': " + what;
    });
  }
  /// A task number that may be missing.
  bool task(int number, bool isLocal, uint32_t &to) {
    to = uint32_t(number);
    return check(number >= -1 && number < int64_t(program.tasks.size()),
                 "operation that triggers an unknown task") &&
           check(number < 0 || !isLocal ||
                     program.tasks[size_t(number)].kind ==
                         image::TaskKind::Local,
                 "operation that activates a task that is not local");
  }

  const image::Program &source;
  const Machine &machine;
  size_t numLocations;
  Program &program;
  Checker &checker;
};
} // namespace

bool VectorLoader::fifos() {
  if (!check(sizeOf(source.fifos()) < 256, "more than 255 FIFOs"))
    return false;
  for (uint32_t i = 0; i < sizeOf(source.fifos()); ++i) {
    const image::Fifo &from = *source.fifos()->Get(i);
    FifoInfo to;
    to.name = from.name()->str();
    to.address = from.address();
    to.elements = from.elements();
    to.type = from.type();
    to.priority = from.priority();
    program.hasPriorities |= to.priority != 0;
    if (!check(to.priority <= 3, "FIFO with an unknown priority") ||
        !check(isType(int64_t(to.type)) && typeBytes(to.type) >= 2,
               "FIFO of elements that are not 16 or 32 bits wide") ||
        !check(to.elements >= 1 &&
                   to.address + uint64_t(to.elements) * typeBytes(to.type) <=
                       program.memoryBytes,
               "FIFO outside the memory") ||
        !task(from.activate_push(), true, to.activatePush) ||
        !task(from.activate_pop(), true, to.activatePop))
      return false;
    program.fifos.push_back(std::move(to));
  }
  return true;
}

/// Makes room for operations on a microthread; -1: on that of any queue.
void VectorLoader::useThread(int microthread) {
  auto use = [&](unsigned number) {
    if (number >= maxQueues || program.threadOf[number] != 0)
      return;
    program.threadOf[number] = uint8_t(program.threadNumber.size());
    program.threadNumber.push_back(uint8_t(number));
  };
  if (microthread >= 0)
    return use(unsigned(microthread));
  for (const OutputQueueInfo &queue : program.outputQueues)
    use(queue.number);
  for (const InputQueueInfo &queue : program.inputQueues)
    use(queue.number);
}

template <typename Source>
bool VectorLoader::settings(const Source &from, Settings &to) {
  to.isAsync = from.is_async();
  to.priority = from.priority();
  to.onControl = from.on_control();
  if (!check(from.microthread() >= -1 &&
                 from.microthread() < machine.microthreads,
             "asynchronous operation on an unknown microthread") ||
      !check(to.onControl <= image::OnControl::Unblock && to.priority <= 3,
             "operation with an unknown option"))
    return false;
  to.microthread = int8_t(from.microthread());
  program.hasPriorities |= to.priority != 0;
  if (to.isAsync)
    useThread(to.microthread);
  program.takesControl |= to.onControl != image::OnControl::None;
  bool activates = to.onControl == image::OnControl::Activate;
  return task(from.activate(), true, to.activate) &&
         task(from.unblock(), false, to.unblock) &&
         task(from.on_control_task(), activates, to.onControlTask) &&
         check(to.onControl <= image::OnControl::Terminate ||
                   to.onControlTask != none,
               "operation that triggers no task at a control wavelet");
}

bool VectorLoader::dsrLoad(const image::DsrLoad &from, DsrLoad &to) {
  to.file = from.file();
  to.id = from.id();
  to.slot = from.slot();
  to.saveAddress = from.save_address();
  to.singleStep = from.single_step();
  to.location = from.location();
  if (!check(to.file < numDsrFiles && to.id < dsrsOfFile,
             "data structure register out of range") ||
      !check(to.slot < program.dsds.size(), "load of an unknown DSD") ||
      !check(to.location < numLocations, "load of unknown location"))
    return false;
  const Dsd &dsd = program.dsds[to.slot];
  if (!check(dsd.kind != image::DsdKind::FabricIn || to.file != DestinationFile,
             "fabric input in a destination register") ||
      !check(dsd.kind != image::DsdKind::FabricOut ||
                 to.file == DestinationFile,
             "fabric output in a source register") ||
      !check(!to.singleStep || !from.is_async(),
             "asynchronous load of single elements"))
    return false;
  uint8_t &place = program.dsrPlace[to.file * dsrsOfFile + to.id];
  if (place == 0xff)
    place = uint8_t(program.numDsrs++);
  to.place = place;
  return settings(from, to.settings);
}

bool VectorLoader::dsrLoads() {
  program.dsrLoads.resize(sizeOf(source.dsr_loads()));
  for (uint32_t i = 0; i < program.dsrLoads.size(); ++i)
    if (!dsrLoad(*source.dsr_loads()->Get(i), program.dsrLoads[i]))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/// The type of a descriptor's elements is that of the operation; the
/// descriptor's own counts where the image does not say.
bool VectorLoader::slotOperand(const image::Operand &from,
                               ElementClass elementClass, bool isDestination,
                               const VectorOperation &vector, Operand &to) {
  if (!checkOperand(to.value < program.dsds.size(), vector, "unknown DSD"))
    return false;
  const Dsd &dsd = program.dsds[to.value];
  bool isGiven = from.type() >= Type::I16 && isType(int64_t(from.type())) &&
                 fits(elementClass, from.type());
  to.type = isGiven ? from.type() : dsd.type;
  return checkOperand(dsd.kind == image::DsdKind::Memory ||
                          isDestination ==
                              (dsd.kind == image::DsdKind::FabricOut),
                      vector, "fabric DSD of the wrong direction");
}

bool VectorLoader::operand(const image::Operand *from,
                           ElementClass elementClass, bool isDestination,
                           const VectorOperation &vector, Operand &to) {
  if (!checkOperand(from != nullptr, vector, "missing operand"))
    return false;
  to = {from->kind(), from->type(), from->value()};
  if (!checkOperand(isType(int64_t(to.type)), vector,
                    "operand of unknown type"))
    return false;
  switch (to.kind) {
  case image::OperandKind::Slot:
    if (!slotOperand(*from, elementClass, isDestination, vector, to))
      return false;
    break;
  case image::OperandKind::Register:
  case image::OperandKind::Pointer:
    if (!checkOperand(to.kind == image::OperandKind::Pointer || !isDestination,
                      vector, "register as destination") ||
        !checkOperand(to.value < noRegister, vector, "register out of range"))
      return false;
    program.frameRegisters = std::max(program.frameRegisters, to.value + 1);
    break;
  case image::OperandKind::Address:
    if (!checkOperand(uint64_t(to.value) + typeBytes(to.type) <=
                          program.memoryBytes,
                      vector, "scalar outside the memory"))
      return false;
    break;
  case image::OperandKind::Fifo:
    if (!checkOperand(to.value < program.fifos.size(), vector, "unknown FIFO"))
      return false;
    if (to.type < Type::I16)
      to.type = program.fifos[to.value].type;
    return checkOperand(typeBits(to.type) ==
                                typeBits(program.fifos[to.value].type) &&
                            fits(elementClass, to.type),
                        vector, "FIFO of elements of another width");
  case image::OperandKind::Dsr:
    if (!checkOperand(to.value < program.dsrPlace.size() &&
                          program.dsrPlace[to.value] != 0xff,
                      vector, "data structure register that nothing loads") ||
        !checkOperand(!isDestination || to.value / dsrsOfFile != Source1File,
                      vector, "register of the second source as destination"))
      return false;
    if (to.type < Type::I16 || !fits(elementClass, to.type))
      to.type = typeOfClass(elementClass);
    to.value = program.dsrPlace[to.value];
    return true;
  default:
    return checkOperand(false, vector, "missing operand");
  }
  return checkOperand(fits(elementClass, to.type), vector,
                      "operand of the wrong type");
}

bool VectorLoader::rules(const VectorOperation &vector) {
  const Settings &settings = vector.settings;
  bool hasFabric = false, isOpen = false;
  unsigned fabricInputs = 0;
  for (unsigned i = 0; i <= vector.builtin->numSources; ++i) {
    const Operand &operand =
        i == 0 ? vector.destination : vector.sources[i - 1];
    isOpen |= operand.kind == image::OperandKind::Dsr ||
              operand.kind == image::OperandKind::Fifo;
    if (operand.kind != image::OperandKind::Slot)
      continue;
    image::DsdKind kind = program.dsds[operand.value].kind;
    hasFabric |= kind != image::DsdKind::Memory;
    fabricInputs += kind == image::DsdKind::FabricIn;
  }
  return check(fabricInputs <= machine.maxFabricInputsPerOperation,
               [&] {
                 return "operation '" + std::string(vector.builtin->name) +
                        "' has " + std::to_string(fabricInputs) +
                        " fabric inputs, the machine allows " +
                        std::to_string(machine.maxFabricInputsPerOperation);
               }) &&
         check(!settings.isAsync || hasFabric || isOpen,
               "asynchronous operation without a fabric operand") &&
         check(settings.isAsync || isOpen ||
                   (settings.activate == none && settings.unblock == none),
               "synchronous operation that triggers a task");
}

bool VectorLoader::operands(const image::VectorOperation &from,
                            VectorOperation &to) {
  const BuiltinInfo &builtin = *to.builtin;
  if (!check(sizeOf(from.sources()) == builtin.numSources, [&] {
        return "operation '" + std::string(builtin.name) +
               "' with another number of sources";
      }))
    return false;
  bool hasDestination = builtin.function != Builtin::Filter;
  if (hasDestination && !operand(from.destination(), builtin.destination, true,
                                 to, to.destination))
    return false;
  for (unsigned i = 0; i < builtin.numSources; ++i) {
    if (!operand(from.sources()->Get(i), builtin.sources[i], false, to,
                 to.sources[i]))
      return false;
    if (!checkOperand(to.sources[i].kind != image::OperandKind::Fifo ||
                          i + 1 == builtin.numSources || i > 0,
                      to, "FIFO as the first of several sources"))
      return false;
  }
  return true;
}

bool VectorLoader::vector(const image::VectorOperation *from,
                          VectorOperation &to) {
  std::string name = from->builtin()->str();
  to.builtin = findBuiltin(name);
  if (!check(to.builtin != nullptr, [&] {
        return "builtin '" + name + "' is unknown to this simulator";
      }))
    return false;
  to.elementsPerCycle = uint32_t(machine.rate(name));
  to.location = from->location();
  program.takesControl |= to.builtin->function == Builtin::Filter;
  return check(to.location < numLocations, "operation of unknown location") &&
         operands(*from, to) && settings(*from, to.settings) && rules(to);
}

bool VectorLoader::vectors() {
  program.vectors.resize(sizeOf(source.vectors()));
  for (uint32_t i = 0; i < program.vectors.size(); ++i)
    if (!vector(source.vectors()->Get(i), program.vectors[i]))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

/// Splits a format at its values; `{{` and `}}` stand for braces.
bool VectorLoader::print(const image::Print &from, PrintInfo &to) {
  std::string_view format = from.format()->string_view();
  to.texts.emplace_back();
  for (size_t i = 0; i < format.size(); ++i) {
    char c = format[i];
    bool isDouble = i + 1 < format.size() && format[i + 1] == c;
    if ((c == '{' || c == '}') && isDouble) {
      ++i;
    } else if (c == '{') {
      if (!check(i + 2 < format.size() && format[i + 2] == '}' &&
                     std::string_view("duXbf").find(format[i + 1]) !=
                         std::string_view::npos,
                 "print with an unknown format"))
        return false;
      to.formats.push_back(format[i + 1]);
      to.texts.emplace_back();
      i += 2;
      continue;
    }
    to.texts.back() += c;
  }
  for (uint32_t i = 0; i < sizeOf(from.types()); ++i) {
    to.types.push_back(Type(from.types()->Get(i)));
    if (!check(isAnyType(int64_t(to.types.back())), "print of an unknown type"))
      return false;
  }
  return check(to.types.size() == to.formats.size(),
               "print with another number of values than its format has");
}

bool VectorLoader::prints() {
  program.prints.resize(sizeOf(source.prints()));
  for (uint32_t i = 0; i < program.prints.size(); ++i)
    if (!print(*source.prints()->Get(i), program.prints[i]))
      return false;
  return true;
}

bool sim::loadVectors(const image::Program &source, const Machine &machine,
                      size_t numLocations, Program &program, Checker &checker) {
  return VectorLoader(source, machine, numLocations, program, checker).run();
}
