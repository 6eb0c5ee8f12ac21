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

#include "mlir/Dialect/Math/IR/Math.h"
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

static std::unique_ptr<image::FilterT> packFilter(FilterAttr filter) {
  if (!filter)
    return nullptr;
  auto entry = std::make_unique<image::FilterT>();
  entry->kind = static_cast<image::FilterKind>(filter.getKind());
  entry->count_data = filter.getCountData();
  entry->count_control = filter.getCountControl();
  entry->filter_control = filter.getFilterControl();
  entry->init_counter = filter.getInitCounter();
  entry->max_counter = filter.getMaxCounter();
  entry->limit1 = filter.getLimit1();
  entry->limit2 = filter.getLimit2();
  entry->min_index = filter.getMinIndex();
  entry->max_index = filter.getMaxIndex();
  return entry;
}

static std::unique_ptr<image::TileDataT> packData(TileDataOp data,
                                                  SymbolTable &programs) {
  auto program = programs.lookup<ProgramOp>(
      data.getVariable().getRootReference().getValue());
  auto variable = cast<VariableOp>(SymbolTable::lookupSymbolIn(
      program, data.getVariable().getLeafReference()));
  auto entry = std::make_unique<image::TileDataT>();
  entry->x = data.getX();
  entry->y = data.getY();
  entry->variable =
      variable.getLinkName().value_or(variable.getSymName()).str();
  auto type = cast<MemRefType>(variable.getType());
  entry->bytes = imageBytes(data.getValue(), type.getNumElements(),
                            imageTypeBytes(*imageType(type.getElementType())));
  return entry;
}

static std::unique_ptr<image::RouteT> packRoute(ColorConfigOp config) {
  auto entry = std::make_unique<image::RouteT>();
  entry->color = config.getColor();
  entry->rx = packPorts(config.getRx());
  entry->tx = packPorts(config.getTx());
  entry->swap_x = config.getSwapX();
  entry->swap_y = config.getSwapY();
  entry->teardown = config.getTeardown();
  entry->messages = config.getMessages();
  entry->filter = packFilter(config.getFilterAttr());
  if (SwitchesAttr switches = config.getSwitchesAttr()) {
    for (auto [rx, tx] : llvm::zip_equal(switches.getRx(), switches.getTx()))
      entry->positions.emplace_back(rx, tx);
    entry->current_position = switches.getCurrent();
    entry->ring = switches.getRing();
    entry->pop_mode = static_cast<image::PopMode>(switches.getPopMode());
  }
  return entry;
}

static std::unique_ptr<image::HostArgumentT>
packArgument(LayoutOp layout, HostArgumentOp argument) {
  auto entry = std::make_unique<image::HostArgumentT>();
  entry->name = argument.getName();
  entry->direction = static_cast<image::HostDirection>(argument.getDirection());
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
  return entry;
}

namespace {
/// Packs tiles and routes; those that differ only in their box become one.
class LayoutPacker {
public:
  LayoutPacker(LayoutOp layout, SymbolTable &programs,
               const llvm::StringMap<uint32_t> &numbers, image::ImageT &image)
      : layout(layout), programs(programs), numbers(numbers), image(image) {
    for (const auto &[name, number] : numbers)
      for (auto param :
           programs.lookup<ProgramOp>(name).getBody().getOps<ParamOp>())
        if (param.getType())
          params[name].push_back(param.getSymNameAttr());
  }
  void pack();

private:
  void packTile(TileCodeOp tile);
  void packConfig(ColorConfigOp config);

  LayoutOp layout;
  SymbolTable &programs;
  const llvm::StringMap<uint32_t> &numbers;
  image::ImageT &image;
  llvm::StringMap<SmallVector<StringAttr>> params; ///< of each program
  llvm::DenseMap<std::pair<Attribute, Attribute>, image::TileT *> tiles;
  llvm::DenseMap<Attribute, image::RouteT *> routes;
};
} // namespace

void LayoutPacker::packTile(TileCodeOp tile) {
  image::TileT *&entry = tiles[{tile.getProgramAttr(), tile.getParams()}];
  if (!entry) {
    image.tiles.push_back(std::make_unique<image::TileT>());
    entry = image.tiles.back().get();
    entry->program = numbers.lookup(tile.getProgram());
    for (StringAttr param : params[tile.getProgram()])
      entry->params.push_back(packParam(tile.getParams().get(param)));
  }
  entry->boxes.push_back(packBox(tile.getBox()));
}

void LayoutPacker::packConfig(ColorConfigOp config) {
  NamedAttrList key(config->getAttrDictionary());
  key.erase(config.getBoxAttrName());
  image::RouteT *&entry = routes[key.getDictionary(config.getContext())];
  if (!entry) {
    image.routes.push_back(packRoute(config));
    entry = image.routes.back().get();
  }
  entry->boxes.push_back(packBox(config.getBox()));
}

void LayoutPacker::pack() {
  for (Operation &op : layout.getBody().front()) {
    if (auto tile = dyn_cast<TileCodeOp>(op))
      packTile(tile);
    else if (auto config = dyn_cast<ColorConfigOp>(op))
      packConfig(config);
    else if (auto data = dyn_cast<TileDataOp>(op))
      image.tile_data.push_back(packData(data, programs));
    else if (auto argument = dyn_cast<HostArgumentOp>(op))
      image.arguments.push_back(packArgument(layout, argument));
    else if (auto color = dyn_cast<HostColorOp>(op))
      (color.getDirection() == HostDirection::In ? image.host_in_colors
                                                 : image.host_out_colors)
          .push_back(color.getColor());
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
  if (failed(checkCSL(module, machine, CSLLimits::Hardware)))
    return failure();

  image::ImageT image;
  image.version = imageVersion;
  image.kernel = layout.getName();
  image.machine = machineText;
  image.width = layout.getWidth();
  image.height = layout.getHeight();
  image.streaming = layout.getStreaming();
  LocationTable locations;
  StringTable strings;
  llvm::StringMap<uint32_t> numbers;
  for (auto program : module.getOps<ProgramOp>()) {
    numbers[program.getSymName()] = image.programs.size();
    image.programs.push_back(std::make_unique<image::ProgramT>());
    if (failed(ProgramPacker(program, machine, locations, strings,
                             *image.programs.back())
                   .pack(layout.getName())))
      return failure();
  }
  SymbolTable programs(module);
  LayoutPacker(layout, programs, numbers, image).pack();
  image.strings = std::move(strings.texts);
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
    registry.insert<CSLDialect, arith::ArithDialect, math::MathDialect,
                    memref::MemRefDialect, scf::SCFDialect>();
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
