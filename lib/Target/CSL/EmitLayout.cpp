//===- EmitLayout.cpp - layout.csl and metadata.json ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The layout as loops over boxes of PEs, and what the host has to know about
// the kernel's arguments.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

#include <map>

using namespace mlir;
using namespace spada;
using namespace spada::csl;

namespace {
/// Prints the one `csl.layout`.
class LayoutEmitter {
public:
  LayoutEmitter(LayoutOp layout, SymbolTable &programs, raw_ostream &out)
      : layout(layout), programs(programs), os(out) {}
  LogicalResult emit();

private:
  void nameColors();
  LogicalResult emitImport();
  /// Prints `body` for each PE of `box`; it gets the texts of both coordinates.
  void overBox(BoxAttr box,
               llvm::function_ref<void(StringRef, StringRef)> body);
  void emitTile(TileCodeOp tile);
  void emitColorConfig(ColorConfigOp config);
  void emitExport(ExportNameOp exported);

  LayoutOp layout;
  SymbolTable &programs;
  raw_indented_ostream os;
  CSLNames names;
  std::map<int64_t, std::string> colors;
};
} // namespace

/// A color is called as in the programs when they agree, else by its number.
void LayoutEmitter::nameColors() {
  std::map<int64_t, StringRef> hints;
  for (auto config : layout.getBody().getOps<ColorConfigOp>())
    hints[config.getColor()];
  for (auto argument : layout.getBody().getOps<HostArgumentOp>())
    if (argument.getColor())
      hints[*argument.getColor()];
  for (auto program : layout->getParentOfType<ModuleOp>().getOps<ProgramOp>())
    for (auto color : program.getBody().getOps<ColorOp>())
      if (auto it = hints.find(color.getNumber()); it != hints.end()) {
        if (it->second.empty())
          it->second = color.getSymName();
        else if (it->second != color.getSymName())
          it->second = "-";
      }
  for (const char *name : {"memcpy", "x", "y"})
    names.take(name);
  for (auto &[number, hint] : hints) {
    bool agreed = !hint.empty() && hint != "-";
    colors[number] =
        names.take(agreed ? hint.str() : "color_" + std::to_string(number));
    os << "const " << colors[number] << ": color = @get_color(" << number
       << ");\n";
  }
  if (!hints.empty())
    os << "\n";
}

LogicalResult LayoutEmitter::emitImport() {
  os << "const memcpy = @import_module(\"<memcpy/get_params>\", .{ .width = "
     << layout.getWidth() << ", .height = " << layout.getHeight();
  unsigned inputs = 0, outputs = 0;
  for (auto argument : layout.getBody().getOps<HostArgumentOp>()) {
    if (!argument.getColor())
      continue;
    bool input = argument.getDirection() == HostDirection::In;
    unsigned number = input ? ++inputs : ++outputs;
    if (number > 4)
      return argument.emitError()
             << "stream '" << argument.getName() << "' is the fifth "
             << (input ? "input" : "output")
             << " stream; the host link has four";
    os << (input ? ", .MEMCPYH2D_" : ", .MEMCPYD2H_") << number << " = "
       << colors[*argument.getColor()];
  }
  os << " });\n\n";
  return success();
}

void LayoutEmitter::overBox(
    BoxAttr box, llvm::function_ref<void(StringRef, StringRef)> body) {
  auto open = [&](StringRef variable, int64_t lo, int64_t hi,
                  int64_t step) -> std::string {
    if (lo + step >= hi)
      return std::to_string(lo);
    os << "for (@range(i16, ";
    if (lo == 0 && step == 1)
      os << hi;
    else
      os << lo << ", " << hi << ", " << step;
    os << ")) |" << variable << "| {\n";
    os.indent();
    return variable.str();
  };
  std::string x = open("x", box.getXLo(), box.getXHi(), box.getXStep());
  std::string y = open("y", box.getYLo(), box.getYHi(), box.getYStep());
  body(x, y);
  for (const std::string &coordinate : {y, x})
    if (!llvm::isDigit(coordinate.front()))
      os.unindent() << "}\n";
}

void LayoutEmitter::emitTile(TileCodeOp tile) {
  auto program = programs.lookup<ProgramOp>(tile.getProgram());
  overBox(tile.getBox(), [&](StringRef x, StringRef y) {
    os << "@set_tile_code(" << x << ", " << y << ", \"" << tile.getProgram()
       << ".csl\", .{";
    StringRef separator = " ";
    for (auto param : program.getBody().getOps<ParamOp>()) {
      os << separator << "." << param.getSymName() << " = ";
      separator = ", ";
      Attribute value = tile.getParams().get(
          param->hasAttr("csl.original_name")
              ? param->getAttrOfType<StringAttr>("csl.original_name").getValue()
              : param.getSymName());
      if (!param.getType())
        os << "memcpy.get_params(" << x << ")";
      else if (auto coordinate = dyn_cast<StringAttr>(value))
        os << (coordinate.getValue() == "x" ? x : y);
      else
        os << cslLiteral(cast<TypedAttr>(value)).text;
    }
    os << (separator == " " ? "});\n" : " });\n");
  });
}

void LayoutEmitter::emitColorConfig(ColorConfigOp config) {
  static const char *const ports[] = {"RAMP", "NORTH", "SOUTH", "EAST", "WEST"};
  auto list = [&](ArrayRef<int64_t> numbers) {
    return llvm::join(
        llvm::map_range(numbers,
                        [](int64_t port) { return StringRef(ports[port]); }),
        ", ");
  };
  overBox(config.getBox(), [&](StringRef x, StringRef y) {
    os << "@set_color_config(" << x << ", " << y << ", "
       << colors[config.getColor()] << ", .{ .routes = .{ .rx = .{"
       << list(config.getRx()) << "}, .tx = .{" << list(config.getTx())
       << "} } });\n";
  });
}

void LayoutEmitter::emitExport(ExportNameOp exported) {
  os << "@export_name(\"" << exported.getName() << "\", ";
  if (auto array = dyn_cast<MemRefType>(exported.getType())) {
    os << "[*]" << cslType(array.getElementType()) << ", "
       << (exported.getIsMutable() ? "true" : "false") << ");\n";
    return;
  }
  auto function = cast<FunctionType>(exported.getType());
  os << "fn("
     << llvm::join(llvm::map_range(function.getInputs(),
                                   [](Type type) { return cslType(type); }),
                   ", ")
     << ")"
     << (function.getNumResults() ? cslType(function.getResult(0)) : "void")
     << ");\n";
}

LogicalResult LayoutEmitter::emit() {
  nameColors();
  if (failed(emitImport()))
    return failure();
  os << "layout {\n";
  os.indent() << "@set_rectangle(" << layout.getWidth() << ", "
              << layout.getHeight() << ");\n";
  Block &body = layout.getBody().front();
  auto section = [&](auto ops, auto printer) {
    if (!ops.empty())
      os << "\n";
    for (auto op : ops)
      printer(op);
  };
  section(body.getOps<TileCodeOp>(), [&](TileCodeOp op) { emitTile(op); });
  section(body.getOps<ColorConfigOp>(),
          [&](ColorConfigOp op) { emitColorConfig(op); });
  section(body.getOps<ExportNameOp>(),
          [&](ExportNameOp op) { emitExport(op); });
  os.unindent() << "}\n";
  return success();
}

LogicalResult spada::emitLayout(LayoutOp layout, SymbolTable &programs,
                                raw_ostream &os) {
  return LayoutEmitter(layout, programs, os).emit();
}

//===----------------------------------------------------------------------===//
// metadata.json
//===----------------------------------------------------------------------===//

/// The host's name of an element type: "f32", "i16", "u16", "bool".
static std::string hostType(Type type) {
  if (type.isInteger(1))
    return "bool";
  if (auto integer = dyn_cast<IntegerType>(type))
    return (integer.isUnsigned() ? "u" : "i") +
           std::to_string(integer.getWidth());
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

static void emitArgument(llvm::json::OStream &json, HostArgumentOp argument) {
  auto pair = [&](StringRef key, int64_t first, int64_t second) {
    json.attributeArray(key, [&] {
      json.value(first);
      json.value(second);
    });
  };
  BoxAttr box = argument.getBoxAttr();
  json.attributeObject(argument.getName(), [&] {
    json.attribute("dtype", hostType(argument.getElementType()));
    json.attributeArray("shape", [&] {
      if (argument.getIsScalar())
        return;
      for (int64_t dim : argument.getDims())
        json.value(dim);
      json.value(static_cast<int64_t>(argument.getElements()));
    });
    if (argument.getIsScalar())
      return;
    json.attribute("buffer_size", static_cast<int64_t>(argument.getElements()));
    auto x = static_cast<int64_t>(argument.getOffsetX()),
         y = static_cast<int64_t>(argument.getOffsetY());
    pair("rect_offset_used", box ? box.getXLo() : x, box ? box.getYLo() : y);
    pair("rect_offset", x, y);
    if (box) {
      pair("rect_end_used", box.getXHi(), box.getYHi());
      pair("rect_step_used", box.getXStep(), box.getYStep());
    }
    json.attribute("column_major", false);
    if (argument.getColor())
      json.attribute("color", static_cast<int64_t>(*argument.getColor()));
  });
}

void spada::emitMetadata(LayoutOp layout, const Machine &machine,
                         raw_ostream &os) {
  auto arguments = layout.getBody().getOps<HostArgumentOp>();
  auto width = static_cast<int64_t>(layout.getWidth()),
       height = static_cast<int64_t>(layout.getHeight());
  llvm::json::OStream json(os, 2);
  auto pair = [&](StringRef key, int64_t first, int64_t second) {
    json.attributeArray(key, [&] {
      json.value(first);
      json.value(second);
    });
  };
  auto map = [&](StringRef key, HostDirection direction) {
    json.attributeObject(key, [&] {
      for (HostArgumentOp argument : arguments)
        if (argument.getDirection() == direction ||
            argument.getDirection() == HostDirection::InOut)
          emitArgument(json, argument);
    });
  };
  json.object([&] {
    json.attribute("kernel_name", layout.getName());
    json.attribute("arch", layout.getArch());
    map("inputs", HostDirection::In);
    map("outputs", HostDirection::Out);
    json.attributeArray("argument_order", [&] {
      for (HostArgumentOp argument : arguments)
        json.value(argument.getName());
    });
    json.attribute("memcpy_mode",
                   layout.getStreaming() ? "streaming" : "memcpy");
    pair("kernel_dims", width, height);
    // The least fabric that holds the program and the host link around it.
    pair("fabric_dims",
         width + machine.fabricWidthPes - machine.programMaxWidthPes,
         height + machine.fabricHeightPes - machine.programMaxHeightPes);
    pair("fabric_offsets", machine.memcpyOffsetXPes, machine.memcpyOffsetYPes);
  });
  os << "\n";
}
