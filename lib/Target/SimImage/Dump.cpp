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
  void dumpDsrLoad(const image::DsrLoadT &load);
  template <typename T> void dumpCompletion(const T &entry);
  void dumpFifo(const image::FifoT &fifo);
  void dumpNames(const image::ProgramT &program);
  void dumpRoute(const image::RouteT &route);
  void dumpFilter(const image::FilterT &filter);
  void dumpTables(const image::ProgramT &program);
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
  static const char *const prefixes[] = {"none", "dsd",  "r",  "@",
                                         "*r",   "fifo", "dsr"};
  os << prefixes[static_cast<int>(operand.kind())] << operand.value() << ":"
     << name(operand.type());
}

template <typename T> void Dumper::dumpCompletion(const T &entry) {
  if (entry.activate >= 0)
    os << " activate " << entry.activate;
  if (entry.unblock >= 0)
    os << " unblock " << entry.unblock;
  if (entry.on_control != image::OnControl::None)
    os << " on control " << image::EnumNameOnControl(entry.on_control);
  if (entry.on_control_task >= 0)
    os << " " << entry.on_control_task;
  if (entry.priority)
    os << " priority " << unsigned(entry.priority);
}

void Dumper::dumpDsrLoad(const image::DsrLoadT &load) {
  os << "file " << unsigned(load.file) << " id " << unsigned(load.id) << " dsd"
     << load.slot;
  if (load.is_async)
    os << " async";
  if (load.microthread >= 0)
    os << " ut " << load.microthread;
  dumpCompletion(load);
  os << (load.save_address ? " save address" : "")
     << (load.single_step ? " single step" : "") << "\n";
}

void Dumper::dumpFifo(const image::FifoT &fifo) {
  os << fifo.name << " " << name(fifo.type) << " x " << fifo.elements << " at "
     << fifo.address;
  if (fifo.activate_push >= 0)
    os << " activate push " << fifo.activate_push;
  if (fifo.activate_pop >= 0)
    os << " activate pop " << fifo.activate_pop;
  if (fifo.priority)
    os << " priority " << unsigned(fifo.priority);
  os << "\n";
}

void Dumper::dumpVector(const image::VectorOperationT &vector) {
  os << vector.builtin << " ";
  if (vector.destination)
    dumpOperand(*vector.destination);
  os << " <-";
  for (const image::Operand &source : vector.sources) {
    os << " ";
    dumpOperand(source);
  }
  if (vector.is_async)
    os << " async ut " << vector.microthread;
  dumpCompletion(vector);
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
  os << (dsd.control ? " control" : "")
     << (dsd.advance_switch ? " advance switch" : "")
     << (dsd.index_offset ? " index offset" : "")
     << (dsd.control_transform ? " control transform" : "");
  if (dsd.wrap)
    os << " wrap " << dsd.wrap;
  if (dsd.zero_source)
    os << " zero source " << unsigned(dsd.zero_source);
  if (dsd.simd)
    os << " simd " << unsigned(dsd.simd);
  if (dsd.priority)
    os << " priority " << unsigned(dsd.priority);
  os << "\n";
}

void Dumper::dumpTask(const image::TaskT &task) {
  os << image::EnumNameTaskKind(task.kind) << " " << task.name << " id "
     << unsigned(task.id) << " entry " << task.entry;
  if (task.kind == image::TaskKind::Data)
    os << " queue " << unsigned(task.queue);
  if (task.payload_register != noRegister)
    os << " payload r" << task.payload_register << ":"
       << name(task.payload_type);
  if (task.payload_register2 != noRegister)
    os << " high r" << task.payload_register2 << ":"
       << name(task.payload_type2);
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
  dumpTables(program);
  dumpNames(program);
  for (size_t i = 0; i < program.instructions.size(); ++i) {
    os << "  " << i << ": ";
    dumpInstruction(program.instructions[i]);
  }
}

void Dumper::dumpTables(const image::ProgramT &program) {
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
  table("dsr load", program.dsr_loads,
        [&](const image::DsrLoadT &load) { dumpDsrLoad(load); });
  table("fifo", program.fifos,
        [&](const image::FifoT &fifo) { dumpFifo(fifo); });
  table("print", program.prints, [&](const image::PrintT &print) {
    os << '"';
    llvm::printEscapedString(print.format, os);
    os << '"';
    for (image::Type type : print.types)
      os << " " << name(type);
    os << "\n";
  });
}

void Dumper::dumpNames(const image::ProgramT &program) {
  for (const auto &symbol : program.symbols)
    os << "  symbol " << symbol->name << " " << name(symbol->type) << " x "
       << symbol->elements << (symbol->is_pointer ? " through " : " at ")
       << symbol->address << "\n";
  for (const auto &entry : program.exports) {
    os << "  export " << entry->name << " function " << entry->function;
    for (image::Type type : entry->types)
      os << " " << name(type);
    os << "\n";
  }
  if (program.startup >= 0)
    os << "  startup " << program.startup << "\n";
  for (size_t i = 0; i < program.control_offsets.size(); ++i)
    if (program.control_offsets[i])
      os << "  control ids of input queue " << i << " plus "
         << unsigned(program.control_offsets[i]) << "\n";
  for (const image::Rotation &rotation : program.rotations)
    os << "  rotation task " << rotation.task() << " with " << rotation.other()
       << " limit " << rotation.limit() << " init " << rotation.init() << "\n";
  if (program.rebinds_queues)
    os << "  rebinds queues\n";
}

void Dumper::dumpFilter(const image::FilterT &filter) {
  os << " filter " << image::EnumNameFilterKind(filter.kind)
     << (filter.count_data ? " count data" : "")
     << (filter.count_control ? " count control" : "")
     << (filter.filter_control ? " filter control" : "") << " counter "
     << filter.init_counter << " of " << filter.max_counter << " limits "
     << filter.limit1 << " " << filter.limit2 << " range " << filter.min_index
     << " " << filter.max_index;
}

void Dumper::dumpRoute(const image::RouteT &route) {
  os << "route " << unsigned(route.color) << " rx " << unsigned(route.rx)
     << " tx " << unsigned(route.tx) << " on ";
  for (const image::Box &box : route.boxes)
    dumpBox(box);
  if (!route.positions.empty()) {
    os << " switches";
    for (const image::SwitchPosition &position : route.positions)
      os << " " << unsigned(position.rx()) << ">" << unsigned(position.tx());
    os << " current " << unsigned(route.current_position)
       << (route.ring ? " ring " : " ")
       << image::EnumNamePopMode(route.pop_mode);
  }
  if (route.filter)
    dumpFilter(*route.filter);
  os << (route.swap_x ? " swap x" : "") << (route.swap_y ? " swap y" : "")
     << (route.teardown ? " teardown" : "")
     << (route.messages ? " messages" : "") << "\n";
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
  for (const auto &data : image.tile_data) {
    os << "data (" << data->x << ", " << data->y << ") " << data->variable
       << " =";
    for (uint8_t byte : data->bytes)
      os << llvm::format(" %02x", byte);
    os << "\n";
  }
  for (const auto &route : image.routes)
    dumpRoute(*route);
  for (uint8_t color : image.host_in_colors)
    os << "host in " << unsigned(color) << "\n";
  for (uint8_t color : image.host_out_colors)
    os << "host out " << unsigned(color) << "\n";
  for (size_t i = 0; i < image.strings.size(); ++i)
    os << "string " << i << ": " << image.strings[i] << "\n";
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
