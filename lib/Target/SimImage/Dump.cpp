//===- Dump.cpp - tables of an image as text ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// For tests and for reading; the text is not parsed back.
//
//===----------------------------------------------------------------------===//

#include "Packer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace spada;

namespace {
class Dumper {
public:
  Dumper(const image::ImageT &image, raw_ostream &os) : image(image), os(os) {}
  void dump();

private:
  void dumpProgram(const image::ProgramT &program);
  void dumpDsd(const image::DsdT &dsd);
  void dumpVector(const image::VectorOperationT &vector);
  void dumpTask(const image::TaskT &task);
  void dumpOperand(const image::Operand &operand);
  void dumpInstruction(const image::Instruction &instruction);
  void dumpArgument(const image::HostArgumentT &argument);
  void dumpBox(const image::Box &box) {
    os << "[" << box.x_lo() << ":" << box.x_hi() << ":" << box.x_step() << ", "
       << box.y_lo() << ":" << box.y_hi() << ":" << box.y_step() << "]";
  }
  static StringRef name(image::Type type) { return image::EnumNameType(type); }
  std::string place(uint32_t location) const {
    const image::Location &entry = image.locations[location];
    return entry.line() == 0 ? "?"
                             : std::to_string(entry.line()) + ":" +
                                   std::to_string(entry.column());
  }

  const image::ImageT &image;
  raw_ostream &os;
};
} // namespace

void Dumper::dumpOperand(const image::Operand &operand) {
  static const char *const prefixes[] = {"none", "dsd", "r", "@"};
  os << prefixes[static_cast<int>(operand.kind())] << operand.value() << ":"
     << name(operand.type());
}

void Dumper::dumpVector(const image::VectorOperationT &vector) {
  os << vector.builtin << " ";
  dumpOperand(*vector.destination);
  os << " <-";
  for (const image::Operand &source : vector.sources) {
    os << " ";
    dumpOperand(source);
  }
  if (vector.is_async)
    os << " async ut " << vector.microthread;
  if (vector.activate >= 0)
    os << " activate " << vector.activate;
  if (vector.unblock >= 0)
    os << " unblock " << vector.unblock;
  os << "\n";
}

void Dumper::dumpDsd(const image::DsdT &dsd) {
  os << image::EnumNameDsdKind(dsd.kind) << " " << name(dsd.type);
  if (dsd.kind == image::DsdKind::Memory)
    os << " address " << dsd.address;
  else
    os << " queue " << unsigned(dsd.queue) << " color " << unsigned(dsd.color);
  os << " sizes ["
     << llvm::join(llvm::map_range(
                       dsd.sizes, [](uint32_t n) { return std::to_string(n); }),
                   ", ")
     << "]";
  if (!dsd.strides.empty())
    os << " strides ["
       << llvm::join(
              llvm::map_range(dsd.strides,
                              [](int32_t n) { return std::to_string(n); }),
              ", ")
       << "]";
  os << "\n";
}

void Dumper::dumpTask(const image::TaskT &task) {
  os << image::EnumNameTaskKind(task.kind) << " " << task.name << " id "
     << unsigned(task.id) << " entry " << task.entry;
  if (task.kind == image::TaskKind::Data)
    os << " queue " << unsigned(task.queue) << " payload r"
       << task.payload_register << ":" << name(task.payload_type);
  if (task.blocked)
    os << " blocked";
  if (task.active)
    os << " active";
  os << "\n";
}

void Dumper::dumpInstruction(const image::Instruction &instruction) {
  os << image::EnumNameOpcode(instruction.opcode()) << " "
     << name(instruction.type());
  for (uint16_t reg :
       {instruction.a(), instruction.b(), instruction.c(), instruction.d()})
    if (reg == noRegister)
      os << " -";
    else
      os << " " << reg;
  os << " " << instruction.imm() << " ; " << place(instruction.location())
     << "\n";
}

void Dumper::dumpProgram(const image::ProgramT &program) {
  os << "program " << program.name << " memory " << program.memory_bytes
     << " registers " << program.registers << " main " << program.main << "\n";
  for (const auto &variable : program.variables) {
    os << "  variable " << variable->name << " " << name(variable->type)
       << " x " << variable->elements << " at " << variable->address;
    if (!variable->init.empty())
      os << " init " << llvm::toHex(variable->init, /*LowerCase=*/true);
    os << "\n";
  }
  for (const image::Queue &queue : program.queues)
    os << "  queue " << (queue.is_output() ? "output " : "input ")
       << unsigned(queue.number()) << " color " << unsigned(queue.color())
       << "\n";
  auto table = [&](const char *what, const auto &entries, auto print) {
    for (size_t i = 0; i < entries.size(); ++i) {
      os << "  " << what << " " << i << ": ";
      print(*entries[i]);
    }
  };
  table("dsd", program.dsds, [&](const image::DsdT &dsd) { dumpDsd(dsd); });
  table("vector", program.vectors,
        [&](const image::VectorOperationT &vector) { dumpVector(vector); });
  table("task", program.tasks,
        [&](const image::TaskT &task) { dumpTask(task); });
  table("function", program.functions, [&](const image::FunctionT &function) {
    os << function.name << " entry " << function.entry << " registers "
       << function.registers << "\n";
  });
  for (const auto &symbol : program.symbols)
    os << "  symbol " << symbol->name << " " << name(symbol->type) << " x "
       << symbol->elements << " at " << symbol->address << "\n";
  for (size_t i = 0; i < program.instructions.size(); ++i) {
    os << "  " << i << ": ";
    dumpInstruction(program.instructions[i]);
  }
}

void Dumper::dumpArgument(const image::HostArgumentT &argument) {
  static const char *const directions[] = {"in", "out", "inout"};
  os << "argument " << argument.name << " "
     << directions[static_cast<int>(argument.direction)] << " "
     << argument.element_type << " dims ["
     << llvm::join(llvm::map_range(argument.dims,
                                   [](int64_t n) { return std::to_string(n); }),
                   ", ")
     << "] elements " << argument.elements << " offset (" << argument.offset_x
     << ", " << argument.offset_y << ") on ";
  dumpBox(*argument.box);
  if (argument.color >= 0)
    os << " color " << argument.color;
  if (argument.is_scalar)
    os << " scalar";
  os << "\n";
}

void Dumper::dump() {
  os << "image " << image.kernel << " version " << image.version << " size "
     << image.width << " x " << image.height
     << (image.streaming ? " streaming" : "") << "\n";
  for (const auto &program : image.programs)
    dumpProgram(*program);
  for (const auto &tile : image.tiles) {
    os << "tile " << tile->program << " on ";
    for (const image::Box &box : tile->boxes)
      dumpBox(box);
    for (const image::Param &param : tile->params) {
      os << " ";
      if (param.source() == image::ParamSource::Constant)
        os << param.value();
      else
        os << (param.source() == image::ParamSource::X ? "x" : "y");
    }
    os << "\n";
  }
  for (const auto &route : image.routes) {
    os << "route " << unsigned(route->color) << " rx " << unsigned(route->rx)
       << " tx " << unsigned(route->tx) << " on ";
    for (const image::Box &box : route->boxes)
      dumpBox(box);
    os << "\n";
  }
  for (const auto &argument : image.arguments)
    dumpArgument(*argument);
}

LogicalResult spada::dumpSimImage(ArrayRef<uint8_t> bytes, raw_ostream &os) {
  flatbuffers::Verifier verifier(bytes.data(), bytes.size());
  if (!image::VerifyImageBuffer(verifier))
    return failure();
  std::unique_ptr<image::ImageT> image(image::GetImage(bytes.data())->UnPack());
  Dumper(*image, os).dump();
  return success();
}
