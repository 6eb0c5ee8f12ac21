//===- PackImage.cpp - a csl module as simulator image --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Layout, host arguments and machine around the programs, and the command line.
// Boxes stay boxes: PEs are never listed.
//
//===----------------------------------------------------------------------===//

#include "Packer.h"
#include "spada/Target/CSL.h"

#include "mlir/Tools/mlir-translate/Translation.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

/// Version of Image.fbs that this packer writes.
static constexpr uint32_t imageVersion = 2;

static image::Box packBox(BoxAttr box) {
  return {static_cast<int32_t>(box.getXLo()),
          static_cast<int32_t>(box.getXHi()),
          static_cast<int32_t>(box.getXStep()),
          static_cast<int32_t>(box.getYLo()),
          static_cast<int32_t>(box.getYHi()),
          static_cast<int32_t>(box.getYStep())};
}

static image::Param packParam(Attribute value) {
  if (auto coordinate = dyn_cast<StringAttr>(value))
    return {coordinate.getValue() == "x" ? image::ParamSource::X
                                         : image::ParamSource::Y,
            0};
  int64_t bits = 0;
  if (auto integer = dyn_cast<IntegerAttr>(value))
    bits = integer.getType().isInteger(1) ? integer.getValue().getZExtValue()
                                          : integer.getValue().getSExtValue();
  else
    bits = cast<FloatAttr>(value).getValue().bitcastToAPInt().getZExtValue();
  return {image::ParamSource::Constant, static_cast<int32_t>(bits)};
}

/// Bits of the router ports: RAMP 1, NORTH 2, SOUTH 4, EAST 8, WEST 16.
static uint8_t packPorts(ArrayRef<int64_t> ports) {
  uint8_t bits = 0;
  for (int64_t port : ports)
    bits |= 1u << port;
  return bits;
}

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

static void packLayout(LayoutOp layout, SymbolTable &programs,
                       const llvm::StringMap<uint32_t> &numbers,
                       image::ImageT &image) {
  for (Operation &op : layout.getBody().front()) {
    if (auto tile = dyn_cast<TileCodeOp>(op)) {
      auto entry = std::make_unique<image::TileT>();
      entry->program = numbers.lookup(tile.getProgram());
      entry->boxes.push_back(packBox(tile.getBox()));
      auto program = programs.lookup<ProgramOp>(tile.getProgram());
      for (auto param : program.getBody().getOps<ParamOp>())
        if (param.getType())
          entry->params.push_back(
              packParam(tile.getParams().get(param.getSymName())));
      image.tiles.push_back(std::move(entry));
    } else if (auto config = dyn_cast<ColorConfigOp>(op)) {
      auto entry = std::make_unique<image::RouteT>();
      entry->color = config.getColor();
      entry->rx = packPorts(config.getRx());
      entry->tx = packPorts(config.getTx());
      entry->boxes.push_back(packBox(config.getBox()));
      image.routes.push_back(std::move(entry));
    } else if (auto argument = dyn_cast<HostArgumentOp>(op)) {
      auto entry = std::make_unique<image::HostArgumentT>();
      entry->name = argument.getName();
      entry->direction =
          static_cast<image::HostDirection>(argument.getDirection());
      entry->element_type = hostType(argument.getElementType());
      entry->dims.assign(argument.getDims().begin(), argument.getDims().end());
      entry->elements = argument.getElements();
      entry->offset_x = argument.getOffsetX();
      entry->offset_y = argument.getOffsetY();
      BoxAttr box = argument.getBoxAttr();
      entry->box = std::make_unique<image::Box>(
          box ? packBox(box)
              : image::Box(0, layout.getWidth(), 1, 0, layout.getHeight(), 1));
      if (argument.getColor())
        entry->color = *argument.getColor();
      entry->is_scalar = argument.getIsScalar();
      image.arguments.push_back(std::move(entry));
    }
  }
}

LogicalResult spada::packSimImage(ModuleOp module, std::vector<uint8_t> &bytes,
                                  StringRef machineText) {
  auto layouts = module.getOps<LayoutOp>();
  if (layouts.empty() || std::next(layouts.begin()) != layouts.end())
    return module.emitError()
           << "module has " << std::distance(layouts.begin(), layouts.end())
           << " csl.layout ops; an image is made from exactly one";
  LayoutOp layout = *layouts.begin();
  if (machineText.empty())
    machineText = builtinMachineText(layout.getArch());
  if (machineText.empty())
    return layout.emitError() << "arch '" << layout.getArch()
                              << "' is unknown; choose wse2 or wse3";
  Machine machine;
  std::string error;
  if (!parseMachine(machineText, machine, error))
    return layout.emitError() << error;
  if (failed(checkCSL(module, machine)))
    return failure();

  image::ImageT image;
  image.version = imageVersion;
  image.kernel = layout.getName();
  image.machine = machineText;
  image.width = layout.getWidth();
  image.height = layout.getHeight();
  image.streaming = layout.getStreaming();
  LocationTable locations;
  llvm::StringMap<uint32_t> numbers;
  for (auto program : module.getOps<ProgramOp>()) {
    numbers[program.getSymName()] = image.programs.size();
    image.programs.push_back(std::make_unique<image::ProgramT>());
    if (failed(
            ProgramPacker(program, machine, locations, *image.programs.back())
                .pack(layout.getName())))
      return failure();
  }
  SymbolTable programs(module);
  packLayout(layout, programs, numbers, image);
  image.files = std::move(locations.files);
  image.locations = std::move(locations.locations);

  flatbuffers::FlatBufferBuilder builder;
  image::FinishImageBuffer(builder, image::Image::Pack(builder, &image));
  bytes.assign(builder.GetBufferPointer(),
               builder.GetBufferPointer() + builder.GetSize());
  return success();
}

void spada::registerEmitSimImageTranslation() {
  auto dialects = [](DialectRegistry &registry) {
    registry.insert<CSLDialect, arith::ArithDialect, memref::MemRefDialect,
                    scf::SCFDialect>();
  };
  static TranslateFromMLIRRegistration emit(
      "emit-sim-image", "pack a csl module as image for the simulator",
      [](ModuleOp module, raw_ostream &os) -> LogicalResult {
        std::vector<uint8_t> image;
        if (failed(packSimImage(module, image)))
          return failure();
        os.write(reinterpret_cast<const char *>(image.data()), image.size());
        return success();
      },
      dialects);
  static TranslateFromMLIRRegistration dump(
      "dump-sim-image",
      "pack a csl module as image for the simulator and print its tables",
      [](ModuleOp module, raw_ostream &os) -> LogicalResult {
        std::vector<uint8_t> image;
        if (failed(packSimImage(module, image)))
          return failure();
        return dumpSimImage(image, os);
      },
      dialects);
}
