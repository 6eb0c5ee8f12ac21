//===- SdkLayoutJson.cpp - read a layout described in JSON ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Compilation.h"
#include "SdkLayout.h"

#include <nlohmann/json.hpp>

#include <map>

using namespace spada;
using namespace spada::cslfront;
using Json = nlohmann::json;

//===----------------------------------------------------------------------===//
// Values that know where they stand
//===----------------------------------------------------------------------===//

namespace {
struct Node {
  const Json &json;
  std::string path;

  [[noreturn]] void fail(const std::string &what) const {
    throw CompileError{{}, "'" + path + "' " + what, {}};
  }
  [[noreturn]] void expected(const std::string &what) const {
    std::string text = json.dump();
    if (text.size() > 40)
      text = text.substr(0, text.find_last_of(", ", 37) + 1) + "...";
    fail("is " + text + ", expected " + what);
  }
  Node member(const char *key) const {
    return {json[key], path.empty() ? key : path + "." + key};
  }
  Node item(size_t i) const {
    return {json[i], path + "[" + std::to_string(i) + "]"};
  }
  size_t size(const char *what) const {
    if (!json.is_array())
      expected(std::string("a list of ") + what);
    return json.size();
  }
  /// An object with exactly these members.
  void object(std::initializer_list<const char *> keys) const;
  int64_t integer(int64_t low, int64_t high) const;
  std::string text() const;
  /// One of some words; its index.
  size_t word(std::initializer_list<const char *> words) const;
};
} // namespace

void Node::object(std::initializer_list<const char *> keys) const {
  if (!json.is_object())
    path.empty() ? throw CompileError{{}, "the file holds no object", {}}
                 : expected("an object");
  std::string where = path.empty() ? "the file" : "'" + path + "'";
  for (const char *key : keys)
    if (!json.contains(key))
      throw CompileError{
          {}, where + " has no member '" + std::string(key) + "'", {}};
  for (const auto &[key, value] : json.items())
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      throw CompileError{
          {}, where + " has the unknown member '" + key + "'", {}};
}

int64_t Node::integer(int64_t low, int64_t high) const {
  bool fits =
      json.is_number_integer() && !(json.is_number_unsigned() &&
                                    json.get<uint64_t>() > uint64_t(INT64_MAX));
  if (!fits || json.get<int64_t>() < low || json.get<int64_t>() > high)
    expected("a whole number from " + std::to_string(low) + " to " +
             std::to_string(high));
  return json.get<int64_t>();
}

std::string Node::text() const {
  if (!json.is_string() || json.get_ref<const std::string &>().empty())
    expected("a text that is not empty");
  return json.get<std::string>();
}

size_t Node::word(std::initializer_list<const char *> words) const {
  size_t i = 0;
  std::string all;
  for (const char *word : words) {
    if (json.is_string() && json.get_ref<const std::string &>() == word)
      return i;
    all += std::string(i == 0                  ? "\""
                       : i + 1 == words.size() ? "\" or \""
                                               : "\", \"") +
           word;
    ++i;
  }
  expected(all + "\"");
}

//===----------------------------------------------------------------------===//
// The parts of a layout
//===----------------------------------------------------------------------===//

namespace {
class Reader {
public:
  SdkDescription read(const Json &json);

private:
  void readColors(const Node &node);
  void readRegion(const Node &node);
  void readParam(const Node &node, SdkRegion &region);
  void readPaint(const Node &node, SdkRegion &region);
  void readPort(const Node &node, const SdkRegion &region);
  void readSymbol(const Node &node, SdkRegion &region);
  void readConnections(const Node &node);
  void readStreams(const Node &node, bool isInput);
  SdkRect rect(const Node &node, const SdkRegion &region) const;
  SdkPositions positions(const Node &node) const;
  unsigned color(const Node &node) const;
  unsigned port(const Node &node, bool isInput) const;
  void usePort(const Node &node, unsigned port);

  SdkDescription layout;
  std::map<std::string, unsigned> colorById, portById;
  std::map<std::string, unsigned> regionByName;
  std::map<unsigned, std::string> portUse; ///< what is done with a port
};
} // namespace

unsigned Reader::color(const Node &node) const {
  auto it = colorById.find(node.text());
  if (it == colorById.end())
    node.expected("the id of a color in 'colors'");
  return it->second;
}

void Reader::readColors(const Node &node) {
  for (size_t i = 0; i < node.size("colors"); ++i) {
    Node entry = node.item(i);
    entry.object({"id", "name", "region", "value"});
    SdkColor color;
    color.id = entry.member("id").text();
    color.name = entry.member("name").text();
    if (!entry.member("region").json.is_null())
      entry.member("region").text();
    if (!entry.member("value").json.is_null())
      color.value = unsigned(entry.member("value").integer(0, 23));
    if (!colorById.try_emplace(color.id, unsigned(i)).second)
      entry.member("id").fail("is '" + color.id + "', as an earlier color's");
    layout.colors.push_back(std::move(color));
  }
}

SdkRect Reader::rect(const Node &node, const SdkRegion &region) const {
  if (node.size("four numbers") != 4)
    node.expected("a list of four numbers");
  int64_t right = region.width - 1, bottom = region.height - 1;
  SdkRect rect;
  rect.xLow = node.item(0).integer(0, right);
  rect.yLow = node.item(1).integer(0, bottom);
  rect.xHigh = node.item(2).integer(rect.xLow, right);
  rect.yHigh = node.item(3).integer(rect.yLow, bottom);
  return rect;
}

static uint8_t sides(const Node &node) {
  uint8_t mask = 0;
  for (size_t i = 0; i < node.size("router ports"); ++i)
    mask |= 1u << node.item(i).word({"RAMP", "NORTH", "SOUTH", "EAST", "WEST"});
  return mask;
}

SdkPositions Reader::positions(const Node &node) const {
  size_t count = node.size("positions");
  if (count < 1 || count > 4)
    node.fail("has " + std::to_string(count) +
              " positions; a switch has one to four");
  SdkPositions result;
  for (size_t i = 0; i < count; ++i) {
    Node entry = node.item(i);
    entry.object({"input", "output"});
    result.push_back(
        {sides(entry.member("input")), sides(entry.member("output"))});
  }
  return result;
}

void Reader::readParam(const Node &node, SdkRegion &region) {
  node.object({"rect", "name", "value"});
  SdkParam param;
  param.path = node.path;
  param.rect = rect(node.member("rect"), region);
  param.name = node.member("name").text();
  Node value = node.member("value");
  if (value.json.is_boolean()) {
    param.kind = SdkParam::Bool;
    param.integer = value.json.get<bool>();
  } else if (value.json.is_number_float()) {
    param.kind = SdkParam::Float;
    param.number = value.json.get<double>();
  } else if (value.json.is_number()) {
    param.integer = value.integer(INT64_MIN, INT64_MAX);
  } else if (value.json.is_object()) {
    value.object({"color"});
    param.kind = SdkParam::Color;
    param.integer = color(value.member("color"));
  } else {
    value.expected("a number, true, false or a color");
  }
  region.params.push_back(std::move(param));
}

void Reader::readPaint(const Node &node, SdkRegion &region) {
  node.object({"rect", "color", "positions"});
  region.paint.push_back({rect(node.member("rect"), region),
                          color(node.member("color")),
                          positions(node.member("positions")), node.path});
}

void Reader::readPort(const Node &node, const SdkRegion &region) {
  node.object({"id", "kind", "color", "edge", "size", "positions"});
  SdkPort port;
  port.path = node.path;
  port.region = unsigned(layout.regions.size());
  port.id = node.member("id").text();
  if (!portById.try_emplace(port.id, unsigned(layout.ports.size())).second)
    node.member("id").fail("is '" + port.id + "', as an earlier port's");
  port.isInput = node.member("kind").word({"in", "out"}) == 0;
  port.color = color(node.member("color"));
  size_t edge = node.member("edge").word({"TOP", "BOTTOM", "LEFT", "RIGHT"});
  static constexpr uint8_t sideOf[] = {North, South, West, East};
  port.edge = sideOf[edge];
  int64_t right = region.width - 1, bottom = region.height - 1;
  port.lanes = {edge == 3 ? right : 0, edge == 1 ? bottom : 0,
                edge == 2 ? 0 : right, edge == 0 ? 0 : bottom};
  port.size = node.member("size").integer(1, INT64_MAX);
  Node list = node.member("positions");
  port.positions = positions(list);
  for (size_t i = 0; i < port.positions.size(); ++i) {
    const SdkPosition &position = port.positions[i];
    const char *given = port.isInput ? "input" : "output";
    const char *missing = port.isInput ? "output" : "input";
    if (port.isInput ? position.input : position.output)
      list.item(i).member(given).fail(
          "is not empty; the edge says it for a port");
    if (!(port.isInput ? position.output : position.input))
      list.item(i).member(missing).fail("is empty, expected router ports");
    if ((position.input | position.output) & port.edge)
      list.item(i).member(missing).fail(
          std::string("has the router port of the edge; what ") +
          (port.isInput ? "comes in" : "goes out") +
          " there must take another one here");
  }
  layout.ports.push_back(std::move(port));
}

void Reader::readSymbol(const Node &node, SdkRegion &region) {
  node.object({"name", "element_bytes", "tiles"});
  SdkSymbol symbol;
  symbol.path = node.path;
  symbol.name = node.member("name").text();
  symbol.bytes = unsigned(node.member("element_bytes").integer(2, 4));
  if (symbol.bytes == 3)
    node.member("element_bytes").expected("2 or 4");
  int64_t limit = symbol.bytes == 2 ? 0xffff : 0xffffffff;
  Node tiles = node.member("tiles");
  size_t pes = size_t(region.width * region.height);
  if (tiles.size("the PEs' values") != pes)
    tiles.fail("has " + std::to_string(tiles.json.size()) +
               " entries, the region has " + std::to_string(pes) + " PEs");
  for (size_t pe = 0; pe < pes; ++pe) {
    const Json &values = tiles.json[pe];
    std::vector<uint32_t> words;
    if (!values.is_array())
      tiles.item(pe).expected("a list of numbers");
    for (size_t i = 0; i < values.size(); ++i) {
      const Json &value = values[i];
      if (!value.is_number_unsigned() ||
          value.get<uint64_t>() > uint64_t(limit))
        tiles.item(pe).item(i).integer(0, limit);
      words.push_back(value.get<uint32_t>());
    }
    symbol.tiles.push_back(std::move(words));
  }
  region.symbols.push_back(std::move(symbol));
}

void Reader::readRegion(const Node &node) {
  node.object({"name", "file", "x", "y", "width", "height", "params", "paint",
               "ports", "symbols"});
  SdkRegion region;
  region.path = node.path;
  region.name = node.member("name").text();
  if (!regionByName.try_emplace(region.name, unsigned(layout.regions.size()))
           .second)
    node.member("name").fail("is '" + region.name +
                             "', as an earlier region's");
  region.file = node.member("file").text();
  region.x = node.member("x").integer(0, sdkLimit - 1);
  region.y = node.member("y").integer(0, sdkLimit - 1);
  region.width = node.member("width").integer(1, sdkLimit - region.x);
  region.height = node.member("height").integer(1, sdkLimit - region.y);
  Node params = node.member("params"), paint = node.member("paint"),
       ports = node.member("ports"), symbols = node.member("symbols");
  for (size_t i = 0; i < params.size("params"); ++i)
    readParam(params.item(i), region);
  for (size_t i = 0; i < paint.size("routes"); ++i)
    readPaint(paint.item(i), region);
  for (size_t i = 0; i < ports.size("ports"); ++i)
    readPort(ports.item(i), region);
  for (size_t i = 0; i < symbols.size("symbols"); ++i)
    readSymbol(symbols.item(i), region);
  layout.regions.push_back(std::move(region));
}

unsigned Reader::port(const Node &node, bool isInput) const {
  auto it = portById.find(node.text());
  if (it == portById.end())
    node.expected("the id of a port");
  if (layout.ports[it->second].isInput != isInput)
    node.fail("is '" + it->first + "', an " + (isInput ? "output" : "input") +
              " port, expected an " + (isInput ? "input" : "output") + " port");
  return it->second;
}

void Reader::usePort(const Node &node, unsigned port) {
  auto [it, isNew] = portUse.try_emplace(port, node.path);
  if (!isNew)
    node.fail("is port '" + layout.ports[port].id + "', which '" + it->second +
              "' uses already");
}

void Reader::readConnections(const Node &node) {
  for (size_t i = 0; i < node.size("connections"); ++i) {
    Node entry = node.item(i);
    if (entry.size("two ports") != 2)
      entry.expected("a list of two ports");
    unsigned from = port(entry.item(0), false), to = port(entry.item(1), true);
    usePort(entry.item(0), from);
    usePort(entry.item(1), to);
    const SdkPort &out = layout.ports[from], &in = layout.ports[to];
    auto disagree = [&](const char *what, int64_t a, int64_t b) {
      entry.fail("joins '" + out.id + "' of " + std::to_string(a) + " " + what +
                 " with '" + in.id + "' of " + std::to_string(b) +
                 "; both need the same number");
    };
    if (out.size != in.size)
      disagree("elements", out.size, in.size);
    if (out.numLanes() != in.numLanes())
      disagree("PEs", out.numLanes(), in.numLanes());
    layout.connections.push_back({from, to, entry.path});
  }
}

void Reader::readStreams(const Node &node, bool isInput) {
  for (size_t i = 0; i < node.size("ports"); ++i) {
    unsigned found = port(node.item(i), isInput);
    usePort(node.item(i), found);
    (isInput ? layout.inputStreams : layout.outputStreams).push_back(found);
  }
}

SdkDescription Reader::read(const Json &json) {
  Node root{json, ""};
  root.object({"version", "target", "fabric", "colors", "regions",
               "connections", "input_streams", "output_streams"});
  root.member("version").integer(1, 1);
  layout.target =
      root.member("target").word({"wse2", "wse3"}) ? "wse3" : "wse2";
  Node fabric = root.member("fabric");
  if (!fabric.json.is_null()) {
    if (fabric.size("two numbers") != 2)
      fabric.expected("a list of two numbers");
    layout.fabric = {fabric.item(0).integer(1, sdkLimit),
                     fabric.item(1).integer(1, sdkLimit)};
  }
  readColors(root.member("colors"));
  Node regions = root.member("regions");
  if (!regions.size("regions"))
    regions.fail("is empty; a layout needs a region");
  for (size_t i = 0; i < regions.json.size(); ++i)
    readRegion(regions.item(i));
  readConnections(root.member("connections"));
  readStreams(root.member("input_streams"), true);
  readStreams(root.member("output_streams"), false);
  return std::move(layout);
}

SdkDescription cslfront::readSdkLayout(std::string_view text) {
  Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded())
    throw CompileError{{}, "the file is not valid JSON", {}};
  return Reader().read(json);
}
