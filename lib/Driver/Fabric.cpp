//===- Fabric.cpp - what a picture of the fabric shows --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Two readers and one writer of the same plain data. Draws nothing.
//
//===----------------------------------------------------------------------===//

#include "Fabric.h"

#include "dialects/CSL/IR/CSLDialect.h"
#include <set>

using namespace llvm;
using namespace spada;
using namespace spada::driver;

static int64_t points(int64_t lo, int64_t hi, int64_t step) {
  return hi <= lo ? 0 : (hi - lo - 1) / step + 1;
}

int64_t FabricBox::count() const {
  return points(xLo, xHi, xStep) * points(yLo, yHi, yStep);
}

int64_t FabricClass::count() const {
  int64_t sum = 0;
  for (const FabricBox &box : boxes)
    sum += box.count();
  return sum;
}

std::vector<int64_t> Fabric::colors() const {
  std::set<int64_t> numbers;
  for (const FabricRoute &route : routes)
    numbers.insert(route.color);
  return {numbers.begin(), numbers.end()};
}

static FabricBox boxOf(csl::BoxAttr box) {
  return {box.getXLo(), box.getXHi(), box.getXStep(),
          box.getYLo(), box.getYHi(), box.getYStep()};
}

Fabric spada::driver::fabricOf(mlir::ModuleOp module) {
  Fabric fabric;
  std::map<std::string, size_t> classOf;
  for (csl::LayoutOp layout : module.getOps<csl::LayoutOp>()) {
    fabric.kernel = layout.getName().str();
    fabric.arch = layout.getArch().str();
    fabric.width = layout.getWidth();
    fabric.height = layout.getHeight();
    for (auto tile : layout.getBody().getOps<csl::TileCodeOp>()) {
      std::string program = tile.getProgram().str();
      auto [it, isNew] = classOf.try_emplace(program, fabric.classes.size());
      if (isNew)
        fabric.classes.push_back({program, {}});
      fabric.classes[it->second].boxes.push_back(boxOf(tile.getBox()));
    }
    for (auto config : layout.getBody().getOps<csl::ColorConfigOp>())
      fabric.routes.push_back({static_cast<int64_t>(config.getColor()),
                               boxOf(config.getBox()), config.getRx().vec(),
                               config.getTx().vec()});
  }
  return fabric;
}

static Json boxToJson(const FabricBox &box) {
  return {box.xLo, box.xHi, box.xStep, box.yLo, box.yHi, box.yStep};
}

Json spada::driver::fabricToJson(const Fabric &fabric) {
  Json json = {{"kernel", fabric.kernel},
               {"arch", fabric.arch},
               {"grid", {fabric.width, fabric.height}}};
  json["classes"] = Json::array();
  for (const FabricClass &peClass : fabric.classes) {
    Json boxes = Json::array();
    for (const FabricBox &box : peClass.boxes)
      boxes.push_back(boxToJson(box));
    json["classes"].push_back(
        {{"program", peClass.program}, {"boxes", std::move(boxes)}});
  }
  json["colors"] = Json::object();
  for (int64_t color : fabric.colors()) {
    auto name = fabric.colorNames.find(color);
    json["colors"][std::to_string(color)] =
        name == fabric.colorNames.end() ? "" : name->second;
  }
  json["routes"] = Json::array();
  for (const FabricRoute &route : fabric.routes)
    json["routes"].push_back({{"color", route.color},
                              {"box", boxToJson(route.box)},
                              {"rx", route.rx},
                              {"tx", route.tx}});
  json["links"] = Json::array();
  for (const FabricLink &link : fabric.links)
    json["links"].push_back({link.x, link.y, link.port, link.wavelets});
  return json;
}

//===----------------------------------------------------------------------===//
// Reading a report, which a person may have edited
//===----------------------------------------------------------------------===//

namespace {
/// Reads fields and remembers the first one that is not as it should be.
class Reader {
public:
  explicit Reader(StringRef name) : name(name) {}

  const Json *field(const Json &json, StringRef key) {
    auto it = json.is_object() ? json.find(key.str()) : json.end();
    if (!json.is_object() || it == json.end()) {
      fail("has no field '" + key + "'");
      return nullptr;
    }
    return &*it;
  }
  std::string text(const Json &json, StringRef key) {
    const Json *value = field(json, key);
    if (value && !value->is_string())
      fail("field '" + key + "' is not text");
    return value && value->is_string() ? value->get<std::string>() : "";
  }
  /// An array of integers of the given length (0: any).
  std::vector<int64_t> integers(const Json &json, size_t length) {
    std::vector<int64_t> result;
    if (json.is_array())
      for (const Json &element : json)
        if (element.is_number_integer())
          result.push_back(element.get<int64_t>());
    if (!json.is_array() || result.size() != json.size() ||
        (length && result.size() != length)) {
      fail("has a list that is not " + Twine(length) + " whole numbers");
      result.assign(length, 0);
    }
    return result;
  }
  FabricBox box(const Json &json) {
    std::vector<int64_t> n = integers(json, 6);
    FabricBox result{n[0], n[1], n[2], n[3], n[4], n[5]};
    if (result.xStep < 1 || result.yStep < 1) {
      fail("has a box with a step below 1");
      result.xStep = result.yStep = 1;
    }
    return result;
  }
  void ports(std::vector<int64_t> &list) {
    for (int64_t port : list)
      if (port < portRamp || port > portWest)
        fail("has a port that is not 0 to 4");
    llvm::erase_if(list, [](int64_t p) { return p < 0 || p > portWest; });
  }
  void fail(const Twine &what) {
    if (message.empty())
      message = ("'" + name + "' " + what).str();
  }
  std::string message;

private:
  StringRef name;
};
} // namespace

Expected<Fabric> spada::driver::fabricFromJson(const Json &json,
                                               StringRef name) {
  Reader reader(name);
  Fabric fabric;
  fabric.kernel = reader.text(json, "kernel");
  fabric.arch = reader.text(json, "arch");
  if (const Json *grid = reader.field(json, "grid")) {
    std::vector<int64_t> size = reader.integers(*grid, 2);
    fabric.width = size[0];
    fabric.height = size[1];
  }
  if (const Json *classes = reader.field(json, "classes"))
    for (const Json &entry : *classes) {
      FabricClass peClass{reader.text(entry, "program"), {}};
      if (const Json *boxes = reader.field(entry, "boxes"))
        for (const Json &box : *boxes)
          peClass.boxes.push_back(reader.box(box));
      fabric.classes.push_back(std::move(peClass));
    }
  if (const Json *routes = reader.field(json, "routes"))
    for (const Json &entry : *routes) {
      FabricRoute route;
      const Json *color = reader.field(entry, "color");
      const Json *box = reader.field(entry, "box");
      const Json *rx = reader.field(entry, "rx");
      const Json *tx = reader.field(entry, "tx");
      if (!color || !box || !rx || !tx || !color->is_number_integer())
        break;
      route.color = color->get<int64_t>();
      route.box = reader.box(*box);
      route.rx = reader.integers(*rx, 0);
      route.tx = reader.integers(*tx, 0);
      reader.ports(route.rx);
      reader.ports(route.tx);
      fabric.routes.push_back(std::move(route));
    }
  if (const Json *colors = reader.field(json, "colors"); colors)
    for (const auto &[number, text] : colors->items()) {
      int64_t color = 0;
      if (!StringRef(number).getAsInteger(10, color) && text.is_string())
        fabric.colorNames[color] = text.get<std::string>();
    }
  if (const Json *links = reader.field(json, "links"))
    for (const Json &entry : *links) {
      std::vector<int64_t> n = reader.integers(entry, 4);
      fabric.links.push_back({n[0], n[1], n[2], static_cast<uint64_t>(n[3])});
    }
  if (fabric.width < 1 || fabric.height < 1)
    reader.fail("has an empty grid");
  if (!reader.message.empty())
    return createStringError(reader.message);
  return fabric;
}
