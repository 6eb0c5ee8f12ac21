//===- LoadImage.cpp - verify an image and decode its layout --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Structure (FlatBuffers verifier), version, machine, tiles, routes and host
// arguments. Programs are in LoadProgram.
//
//===----------------------------------------------------------------------===//

#include "Loader.h"

#include <cstring>
#include <map>

using namespace spada;
using namespace spada::sim;

static constexpr uint32_t imageVersion = 2;

std::string Model::peName(uint32_t tile) const {
  return "PE (" + std::to_string(xOf(tile)) + ", " + std::to_string(yOf(tile)) +
         ")";
}

std::string Model::locationText(uint32_t location) const {
  if (location >= locations.size() || locations[location].file.empty())
    return {};
  const SourceLine &line = locations[location];
  return line.file + ":" + std::to_string(line.line) + ":" +
         std::to_string(line.column);
}

int64_t HostArgument::rowOf(int64_t x, int64_t y) const {
  if (!box.contains(x, y))
    return -1;
  int64_t index[2] = {x - offsetX, y - offsetY};
  int64_t row = 0;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (index[i] < 0 || index[i] >= dims[i])
      return -1;
    row = row * dims[i] + index[i];
  }
  return row;
}

int64_t HostArgument::numRows() const {
  int64_t rows = 1;
  for (int64_t dim : dims)
    rows *= dim;
  return rows;
}

namespace {
class ImageLoader {
public:
  ImageLoader(const image::Image &source, Model &model, Checker &checker,
              std::string &error)
      : source(source), model(model), checker(checker), error(error) {}

  bool run() {
    return header() && locations() && programs() && tiles() && routes() &&
           arguments();
  }

private:
  bool header();
  bool locations();
  bool programs();
  bool tiles();
  bool tile(const image::Tile &tile);
  bool routes();
  bool route(const image::Route &route);
  bool settingsOf(const image::Route &route, uint32_t &number);
  bool filterOf(const image::Filter &from, FilterInfo &to);
  bool hostColors(const flatbuffers::Vector<uint8_t> *from, uint32_t &to);
  bool arguments();
  bool argument(const image::HostArgument &from, HostArgument &to);
  bool argumentShape(const image::HostArgument &from, HostArgument &to);
  bool box(const image::Box &from, Box &to);
  /// Calls `each(x, y)` for every PE of the boxes; false as soon as it is.
  template <typename Each>
  bool onBoxes(const flatbuffers::Vector<const image::Box *> *boxes, Each each);

  template <typename... Arguments> bool check(Arguments &&...arguments) {
    return checker.check(std::forward<Arguments>(arguments)...);
  }

  const image::Image &source;
  Model &model;
  Checker &checker;
  std::string &error;
  std::map<RouteSettings, uint32_t> settingsNumbers;
};
} // namespace

bool ImageLoader::header() {
  if (!check(source.version() == imageVersion, [&] {
        return "version " + std::to_string(source.version()) +
               ", this simulator reads version " + std::to_string(imageVersion);
      }))
    return false;
  model.kernel = source.kernel()->str();
  model.streaming = source.streaming();
  if (!parseMachine(source.machine()->string_view(), model.machine, error)) {
    error = "image: " + error;
    return false;
  }
  model.width = source.width();
  model.height = source.height();
  const Machine &machine = model.machine;
  return check(model.width >= 1 && model.width <= machine.programMaxWidthPes &&
                   model.height >= 1 &&
                   model.height <= machine.programMaxHeightPes,
               [&] {
                 return "rectangle of " + std::to_string(model.width) + " x " +
                        std::to_string(model.height) +
                        " PEs, the machine allows 1 x 1 to " +
                        std::to_string(machine.programMaxWidthPes) + " x " +
                        std::to_string(machine.programMaxHeightPes);
               });
}

bool ImageLoader::locations() {
  std::vector<std::string> files;
  for (uint32_t i = 0; i < sizeOf(source.files()); ++i)
    files.push_back(source.files()->Get(i)->str());
  for (uint32_t i = 0; i < sizeOf(source.locations()); ++i) {
    const image::Location &location = *source.locations()->Get(i);
    if (!check(location.file() < files.size(), "location in an unknown file"))
      return false;
    model.locations.push_back(
        {files[location.file()], location.line(), location.column()});
  }
  for (uint32_t i = 0; i < sizeOf(source.strings()); ++i)
    model.strings.push_back(source.strings()->Get(i)->str());
  if (model.locations.empty()) // location 0 of an image without locations
    model.locations.emplace_back();
  return true;
}

bool ImageLoader::programs() {
  model.programs.resize(sizeOf(source.programs()));
  for (uint32_t i = 0; i < model.programs.size(); ++i)
    if (!loadProgram(*source.programs()->Get(i), model, model.programs[i],
                     checker))
      return false;
  return true;
}

bool ImageLoader::box(const image::Box &from, Box &to) {
  to = {from.x_lo(), from.x_hi(), from.x_step(),
        from.y_lo(), from.y_hi(), from.y_step()};
  return check(to.xStep >= 1 && to.yStep >= 1 && to.xLo >= 0 && to.yLo >= 0 &&
                   to.xLo <= to.xHi && to.yLo <= to.yHi &&
                   to.xHi <= int64_t(model.width) &&
                   to.yHi <= int64_t(model.height) && to.xStep <= 1 << 20 &&
                   to.yStep <= 1 << 20,
               "box outside the rectangle");
}

template <typename Each>
bool ImageLoader::onBoxes(const flatbuffers::Vector<const image::Box *> *boxes,
                          Each each) {
  for (uint32_t i = 0; i < sizeOf(boxes); ++i) {
    Box where;
    if (!box(*boxes->Get(i), where))
      return false;
    for (int32_t x = where.xLo; x < where.xHi; x += where.xStep)
      for (int32_t y = where.yLo; y < where.yHi; y += where.yStep)
        if (!each(x, y))
          return false;
  }
  return true;
}

bool ImageLoader::tile(const image::Tile &tile) {
  if (!check(tile.program() < model.programs.size(),
             "tile of an unknown program"))
    return false;
  const Program &program = model.programs[tile.program()];
  uint32_t numParams = sizeOf(tile.params());
  if (!check(numParams >= program.numParams, [&] {
        return "tile with too few parameters for program '" + program.name +
               "'";
      }))
    return false;
  for (uint32_t i = 0; i < numParams; ++i)
    if (!check(tile.params()->Get(i)->source() <= image::ParamSource::Y,
               "parameter of unknown source"))
      return false;
  return onBoxes(tile.boxes(), [&](int32_t x, int32_t y) {
    uint32_t number = model.tileNumber(uint32_t(x), uint32_t(y));
    TileCode &code = model.tiles[number];
    if (!check(code.program == none,
               [&] { return model.peName(number) + " has two programs"; }))
      return false;
    code = {tile.program(), uint32_t(model.params.size())};
    for (uint32_t i = 0; i < numParams; ++i) {
      const image::Param &param = *tile.params()->Get(i);
      model.params.push_back(param.source() == image::ParamSource::X ? x
                             : param.source() == image::ParamSource::Y
                                 ? y
                                 : param.value());
    }
    return true;
  });
}

bool ImageLoader::tiles() {
  model.tiles.resize(model.numTiles());
  for (uint32_t i = 0; i < sizeOf(source.tiles()); ++i)
    if (!tile(*source.tiles()->Get(i)))
      return false;
  return loadTileData(source, model, checker);
}

bool ImageLoader::filterOf(const image::Filter &from, FilterInfo &to) {
  to.kind = from.kind();
  to.countData = from.count_data();
  to.countControl = from.count_control();
  to.filterControl = from.filter_control();
  to.initCounter = from.init_counter();
  to.maxCounter = from.max_counter();
  to.limit1 = from.limit1();
  to.limit2 = from.limit2();
  to.minIndex = from.min_index();
  to.maxIndex = from.max_index();
  return check(to.kind <= image::FilterKind::Range, "filter of unknown kind");
}

/// Finds the number of what a route has beside its two sides.
bool ImageLoader::settingsOf(const image::Route &route, uint32_t &number) {
  RouteSettings settings;
  uint32_t numGiven = sizeOf(route.positions());
  if (!check(numGiven < numPositions, "route with too many switch positions"))
    return false;
  for (uint32_t i = 0; i < numGiven; ++i) {
    const image::SwitchPosition &position = *route.positions()->Get(i);
    settings.positions[i] = {position.rx(), position.tx()};
    if (!check(position.rx() < 32 && position.tx() < 32,
               "switch position with unknown ports"))
      return false;
  }
  settings.position = route.current_position();
  settings.popMode = route.pop_mode();
  if (!check(settings.position < numPositions,
             "route in an unknown switch position") ||
      !check(settings.popMode <= image::PopMode::PopOnAdvanceNop,
             "route with an unknown pop mode"))
    return false;
  settings.ring = route.ring();
  settings.swapX = route.swap_x();
  settings.swapY = route.swap_y();
  settings.teardown = route.teardown();
  settings.messages = route.messages();
  settings.hasFilter = route.filter() != nullptr;
  if (settings.hasFilter && !filterOf(*route.filter(), settings.filter))
    return false;
  if (settings == RouteSettings())
    return true;
  number = settingsNumbers
               .try_emplace(settings, uint32_t(model.routeSettings.size()))
               .first->second;
  if (number == model.routeSettings.size())
    model.routeSettings.push_back(settings);
  return check(number < maxRouteSettings, "too many different routes");
}

bool ImageLoader::route(const image::Route &route) {
  if (!check(route.color() < numColors, "route of a color out of range") ||
      !check(route.rx() < 32 && route.tx() < 32, "route with unknown ports"))
    return false;
  uint32_t settings = maxRouteSettings;
  if (!settingsOf(route, settings))
    return false;
  ColorRoute given;
  given.rx = route.rx();
  given.tx = route.tx();
  given.isRouted = 1;
  given.settings = settings;
  return onBoxes(route.boxes(), [&](int32_t x, int32_t y) {
    uint32_t number = model.tileNumber(uint32_t(x), uint32_t(y));
    ColorRoute &entry = model.routes[number][route.color()];
    if (!check(!entry.isRouted || entry == given, [&] {
          return model.peName(number) + " has two routes for color " +
                 std::to_string(route.color());
        }))
      return false;
    entry = given;
    return true;
  });
}

bool ImageLoader::routes() {
  model.routes.resize(model.numTiles());
  for (uint32_t i = 0; i < sizeOf(source.routes()); ++i)
    if (!route(*source.routes()->Get(i)))
      return false;
  return hostColors(source.host_in_colors(), model.hostInColors) &&
         hostColors(source.host_out_colors(), model.hostOutColors);
}

bool ImageLoader::hostColors(const flatbuffers::Vector<uint8_t> *from,
                             uint32_t &to) {
  for (uint32_t i = 0; i < sizeOf(from); ++i) {
    if (!check(from->Get(i) < numColors, "host color out of range"))
      return false;
    to |= 1u << from->Get(i);
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Host arguments
//===----------------------------------------------------------------------===//

/// Splits an element type's name into kind and bits; bits 0 when it is unknown.
static unsigned hostTypeBits(std::string_view name) {
  if (name == "bool" || name == "i1" || name == "i8" || name == "u8")
    return 8;
  if (name == "i16" || name == "u16" || name == "f16")
    return 16;
  if (name == "i32" || name == "u32" || name == "f32")
    return 32;
  if (name == "i64" || name == "u64" || name == "f64")
    return 64;
  return 0;
}

bool ImageLoader::argumentShape(const image::HostArgument &from,
                                HostArgument &to) {
  to.elements = from.elements();
  to.offsetX = from.offset_x();
  to.offsetY = from.offset_y();
  constexpr int64_t limit = int64_t(1) << 20;
  if (!check(sizeOf(from.dims()) <= 2,
             "host argument with more than two dims") ||
      !check(to.elements >= 0 && to.elements <= limit,
             "host argument with a wrong number of elements") ||
      !check(std::abs(to.offsetX) <= limit && std::abs(to.offsetY) <= limit,
             "host argument with a wrong offset"))
    return false;
  for (uint32_t i = 0; i < sizeOf(from.dims()); ++i) {
    int64_t dim; // the verifier does not check that 64-bit elements are aligned
    std::memcpy(&dim, from.dims()->Data() + i * sizeof(dim), sizeof(dim));
    to.dims.push_back(flatbuffers::EndianScalar(dim));
    if (!check(to.dims[i] >= 1 && to.dims[i] <= 65536,
               "host argument with a wrong dim"))
      return false;
  }
  to.info.isScalar = from.is_scalar();
  to.info.isStreaming = !to.info.isScalar && to.elements == 0;
  to.info.shape = to.dims;
  if (!to.info.isScalar)
    to.info.shape.push_back(to.elements);
  to.color = from.color();
  return check(!to.info.isStreaming ||
                   (to.color >= 0 && to.color < int(numColors)),
               "streaming host argument without a color") &&
         check(to.info.isScalar || from.box() != nullptr,
               "host argument without a box") &&
         (to.info.isScalar || box(*from.box(), to.box));
}

bool ImageLoader::argument(const image::HostArgument &from, HostArgument &to) {
  to.info.name = from.name()->str();
  to.info.elementType = from.element_type()->str();
  unsigned bits = hostTypeBits(to.info.elementType);
  if (!check(from.direction() <= image::HostDirection::InOut,
             "host argument of unknown direction") ||
      !check(bits != 0, [&] {
        return "host argument '" + to.info.name +
               "' has unknown element type '" + to.info.elementType + "'";
      }))
    return false;
  to.info.direction = ArgumentDirection(from.direction());
  to.info.elementBytes = bits / 8;
  to.hostIsFloat = to.info.elementType[0] == 'f';
  to.hostIsSigned =
      to.info.elementType[0] == 'i' && to.info.elementType != "i1";
  return argumentShape(from, to);
}

/// A PE that takes part in an array argument must have its symbol, long enough.
static bool checkSymbols(const Model &model, const HostArgument &argument,
                         Checker &checker) {
  for (int32_t x = argument.box.xLo; x < argument.box.xHi;
       x += argument.box.xStep)
    for (int32_t y = argument.box.yLo; y < argument.box.yHi;
         y += argument.box.yStep) {
      uint32_t tile = model.tileNumber(uint32_t(x), uint32_t(y));
      if (argument.rowOf(x, y) < 0)
        continue;
      const Symbol *found = nullptr;
      if (model.tiles[tile].program != none)
        for (const Symbol &symbol :
             model.programs[model.tiles[tile].program].symbols)
          if (symbol.name == argument.info.name)
            found = &symbol;
      if (!checker.check(found && found->elements >= argument.elements, [&] {
            return "host argument '" + argument.info.name +
                   "': " + model.peName(tile) +
                   (found ? " has a symbol of " +
                                std::to_string(found->elements) +
                                " elements, expected " +
                                std::to_string(argument.elements)
                          : " exports no symbol of this name");
          }))
        return false;
    }
  return true;
}

/// A PE that takes part in a streaming argument must have a queue for its
/// color, and its router must leave the color alone.
static bool checkStreams(const Model &model, const HostArgument &argument,
                         Checker &checker) {
  const Box &box = argument.box;
  for (int32_t x = box.xLo; x < box.xHi; x += box.xStep)
    for (int32_t y = box.yLo; y < box.yHi; y += box.yStep) {
      uint32_t tile = model.tileNumber(uint32_t(x), uint32_t(y));
      uint32_t program = model.tiles[tile].program;
      if (argument.rowOf(x, y) < 0)
        continue;
      bool hasQueue =
          program != none &&
          model.programs[program].inputPlaceOfColor[argument.color] != 0xff;
      bool needsQueue = argument.info.direction != ArgumentDirection::Out;
      auto message = [&](const char *what) {
        return [&, what] {
          return "host argument '" + argument.info.name +
                 "': " + model.peName(tile) + what +
                 std::to_string(argument.color);
        };
      };
      if (!checker.check(hasQueue || !needsQueue,
                         message(" has no input queue for color ")) ||
          !checker.check(!model.routes[tile][argument.color].isRouted,
                         message(" also has a route for color ")))
        return false;
    }
  return true;
}

bool ImageLoader::arguments() {
  model.arguments.resize(sizeOf(source.arguments()));
  for (uint32_t i = 0; i < model.arguments.size(); ++i) {
    HostArgument &to = model.arguments[i];
    if (!argument(*source.arguments()->Get(i), to))
      return false;
    for (uint32_t j = 0; j < i; ++j)
      if (!check(model.arguments[j].info.name != to.info.name,
                 "two host arguments of one name"))
        return false;
    if (!to.info.isScalar && !to.info.isStreaming &&
        !checkSymbols(model, to, checker))
      return false;
    if (to.info.isStreaming && !checkStreams(model, to, checker))
      return false;
    model.argumentInfos.push_back(to.info);
  }
  return true;
}

bool sim::loadModel(std::span<const uint8_t> bytes, Model &model,
                    std::string &error) {
  error.clear();
  Checker checker(error);
  // The verifier wants an aligned buffer.
  std::vector<uint64_t> aligned((bytes.size() + 7) / 8);
  if (!bytes.empty())
    std::memcpy(aligned.data(), bytes.data(), bytes.size());
  const auto *data = reinterpret_cast<const uint8_t *>(aligned.data());
  flatbuffers::Verifier verifier(data, bytes.size(), /*max_depth=*/16,
                                 uint32_t(bytes.size() / 4 + 16));
  if (!checker.check(bytes.size() >= 16 && bytes.size() < (size_t(1) << 31) &&
                         image::VerifyImageBuffer(verifier),
                     "damaged, or not an image"))
    return false;
  const image::Image &source = *image::GetImage(data);
  if (!checker.check(source.machine() != nullptr, "no machine description"))
    return false;
  return ImageLoader(source, model, checker, error).run();
}
