//===- PackProgram.cpp - one PE program as tables -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Memory layout, descriptors, queues, tasks, functions and exported symbols.
// Code is packed in PackBody.cpp.
//
//===----------------------------------------------------------------------===//

#include "Packer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

/// Bits of a number in memory.
static uint64_t bitsOf(Attribute value) {
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return integer.getValue().getZExtValue();
  return cast<FloatAttr>(value).getValue().bitcastToAPInt().getZExtValue();
}

static std::vector<uint8_t> initialBytes(Attribute init, int64_t elements,
                                         unsigned bytes) {
  std::vector<uint8_t> data;
  data.reserve(elements * bytes);
  auto push = [&](Attribute value) {
    uint64_t bits = bitsOf(value);
    for (unsigned i = 0; i < bytes; ++i)
      data.push_back(bits >> (8 * i));
  };
  if (auto dense = dyn_cast<DenseElementsAttr>(init))
    for (Attribute value : dense.getValues<Attribute>())
      push(value);
  else
    push(init);
  return data;
}

LogicalResult ProgramPacker::packVariables() {
  uint64_t end = 0;
  for (auto variable : program.getBody().getOps<VariableOp>()) {
    auto type = cast<MemRefType>(variable.getType());
    image::Type element = *imageType(type.getElementType());
    unsigned bytes = imageTypeBytes(element);
    auto entry = std::make_unique<image::VariableT>();
    uint64_t alignment = bytes;
    if (auto wanted = variable.getAlignmentAttr())
      alignment = std::max<uint64_t>(alignment, wanted.getInt());
    end = llvm::alignTo(end, alignment);
    if (end + uint64_t(type.getNumElements()) * bytes > UINT32_MAX)
      return variable.emitError() << "'" << variable.getSymName() << "' of "
                                  << type << " lies beyond 4 GiB; a PE has "
                                  << machine.memoryBytes << " bytes";
    entry->name = variable.getSymName();
    entry->type = element;
    entry->address = end;
    entry->elements = type.getNumElements();
    addresses[variable.getSymName()] = end;
    end += uint64_t(entry->elements) * bytes;
    out.variables.push_back(std::move(entry));
  }
  out.memory_bytes = llvm::alignTo(end, 4);
  if (failed(packMemoryLimit()))
    return failure();
  // Only now, so that nothing too large was built.
  for (auto [variable, entry] :
       llvm::zip(program.getBody().getOps<VariableOp>(), out.variables))
    if (Attribute init = variable.getInitAttr())
      entry->init =
          initialBytes(init, entry->elements, imageTypeBytes(entry->type));
  return success();
}

LogicalResult ProgramPacker::packMemoryLimit() {
  int64_t room = machine.memoryBytes - machine.reservedBytes;
  if (out.memory_bytes <= room)
    return success();
  InFlightDiagnostic diag = program.emitError()
                            << "program '" << program.getSymName() << "' needs "
                            << out.memory_bytes << " bytes for its variables; "
                            << machine.name << " has " << room << " ("
                            << machine.memoryBytes << " less "
                            << machine.reservedBytes
                            << " for code and the system)";
  auto bytesOf = [](const image::VariableT *entry) {
    return uint64_t(entry->elements) * imageTypeBytes(entry->type);
  };
  std::vector<std::pair<const image::VariableT *, VariableOp>> largest;
  for (auto [variable, entry] :
       llvm::zip(program.getBody().getOps<VariableOp>(), out.variables))
    largest.emplace_back(entry.get(), variable);
  llvm::sort(largest, [&](const auto &a, const auto &b) {
    return std::pair(bytesOf(b.first), a.first->address) <
           std::pair(bytesOf(a.first), b.first->address);
  });
  constexpr size_t shown = 4;
  for (auto [entry, variable] : ArrayRef(largest).take_front(shown))
    diag.attachNote(variable.getLoc())
        << "'" << entry->name << "' takes " << bytesOf(entry) << " bytes";
  if (largest.size() > shown)
    diag.attachNote() << "and " << largest.size() - shown << " more";
  return diag;
}

void ProgramPacker::packDescriptors() {
  for (auto queue : program.getBody().getOps<QueueOp>())
    out.queues.emplace_back(
        queue.getKind() == QueueKind::Output, queue.getNumber(),
        symbols.lookup<ColorOp>(queue.getColor()).getNumber());
  for (Operation &op : program.getBody().front()) {
    auto entry = std::make_unique<image::DsdT>();
    if (auto memory = dyn_cast<MemDsdOp>(op)) {
      auto base = cast<MemRefType>(
          symbols.lookup<VariableOp>(memory.getBase()).getType());
      entry->kind = image::DsdKind::Memory;
      entry->type = *imageType(base.getElementType());
      entry->address = addresses[memory.getBase()] +
                       memory.getOffset() * imageTypeBytes(entry->type);
      entry->sizes.assign(memory.getSizes().begin(), memory.getSizes().end());
      entry->strides.assign(memory.getStrides().begin(),
                            memory.getStrides().end());
      slots[memory.getSymName()] = out.dsds.size();
    } else if (auto fabric = dyn_cast<FabricDsdOp>(op)) {
      auto queue = symbols.lookup<QueueOp>(fabric.getQueue());
      entry->kind = queue.getKind() == QueueKind::Input
                        ? image::DsdKind::FabricIn
                        : image::DsdKind::FabricOut;
      entry->type = *imageType(fabric.getElementType());
      entry->sizes = {static_cast<uint32_t>(fabric.getExtent())};
      entry->queue = queue.getNumber();
      entry->color = symbols.lookup<ColorOp>(queue.getColor()).getNumber();
      slots[fabric.getSymName()] = out.dsds.size();
    } else {
      continue;
    }
    out.dsds.push_back(std::move(entry));
  }
}

LogicalResult ProgramPacker::packBodies() {
  for (auto [number, task] :
       llvm::enumerate(program.getBody().getOps<TaskOp>()))
    tasks[task.getSymName()] = number;
  for (auto [number, function] :
       llvm::enumerate(program.getBody().getOps<FuncOp>()))
    functions[function.getSymName()] = number;

  for (auto task : program.getBody().getOps<TaskOp>()) {
    auto entry = std::make_unique<image::TaskT>();
    Block &body = task.getBody().front();
    entry->name = task.getSymName();
    entry->entry = out.instructions.size();
    entry->blocked = task.getBlocked();
    entry->active = task.getActive();
    entry->location = locations.add(task.getLoc());
    if (task.getKind() == TaskKind::Data) {
      auto queue = symbols.lookup<QueueOp>(*task.getQueue());
      entry->kind = image::TaskKind::Data;
      entry->queue = queue.getNumber();
      entry->id = machine.dataTaskIdIsColor
                      ? symbols.lookup<ColorOp>(queue.getColor()).getNumber()
                      : entry->queue;
      entry->payload_register = 0;
      entry->payload_type = *imageType(body.getArgument(0).getType());
    } else {
      entry->id = *task.getId();
    }
    BodyPacker packer(*this);
    if (failed(packer.pack(body)))
      return failure();
    out.registers = std::max<unsigned>(out.registers, packer.registers());
    out.tasks.push_back(std::move(entry));
  }
  for (auto function : program.getBody().getOps<FuncOp>()) {
    auto entry = std::make_unique<image::FunctionT>();
    entry->name = function.getSymName();
    entry->entry = out.instructions.size();
    BodyPacker packer(*this);
    if (failed(packer.pack(function.getBody().front())))
      return failure();
    entry->registers = packer.registers();
    out.functions.push_back(std::move(entry));
  }
  return success();
}

/// The function that a launch calls is the one exported under the kernel's
/// name, or the only one exported.
LogicalResult ProgramPacker::packExports(StringRef kernel) {
  FuncOp main;
  bool exact = false, ambiguous = false;
  for (auto exported : program.getBody().getOps<ExportSymbolOp>()) {
    if (auto pointer = symbols.lookup<PointerOp>(exported.getSymbol())) {
      auto type = cast<MemRefType>(
          symbols.lookup<VariableOp>(*pointer.getTarget()).getType());
      auto entry = std::make_unique<image::SymbolT>();
      entry->name = exported.getName();
      entry->address = addresses[*pointer.getTarget()];
      entry->type = *imageType(type.getElementType());
      entry->elements = type.getNumElements();
      out.symbols.push_back(std::move(entry));
      continue;
    }
    auto function = symbols.lookup<FuncOp>(exported.getSymbol());
    if (exact)
      continue;
    exact = exported.getName() == kernel;
    ambiguous = main != nullptr;
    main = function;
  }
  if (ambiguous && !exact)
    return program.emitError()
           << "program '" << program.getSymName()
           << "' exports several functions, none called '" << kernel
           << "' as the kernel is; export the one to launch under that name";
  out.main = main ? static_cast<int>(functions[main.getSymName()]) : -1;
  return success();
}

LogicalResult ProgramPacker::pack(StringRef kernel) {
  out.name = program.getSymName();
  for (auto param : program.getBody().getOps<ParamOp>())
    if (param.getType()) {
      unsigned number = params.size();
      params[param.getSymName()] = number;
    }
  if (failed(packVariables()))
    return failure();
  packDescriptors();
  if (failed(packBodies()))
    return failure();
  return packExports(kernel);
}
