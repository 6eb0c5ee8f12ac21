//===- Layout.cpp - what the layout block says ----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Layout.h"

#include "llvm/ADT/Twine.h"

using namespace spada;
using namespace spada::cslfront;

//===----------------------------------------------------------------------===//
// Tile code
//===----------------------------------------------------------------------===//

namespace {
/// Writes the shape of a value and collects its numbers.
struct ShapeWriter {
  std::string key;
  std::vector<int64_t> leaves;
  std::vector<const Type *> types;
  std::vector<Name> names;

  template <typename T> void put(const T &value) {
    key.append(reinterpret_cast<const char *>(&value), sizeof value);
  }

  void write(const Value &value, Name name) {
    put(value.type);
    const Type &type = *value.type;
    if (type.isIntLike()) {
      leaves.push_back(value.i);
      types.push_back(&type);
      names.push_back(name);
    } else if (type.is(TypeKind::Struct) || type.is(TypeKind::Array)) {
      const Aggregate &fields = *value.aggregate;
      put(fields.size);
      for (uint32_t i = 0; i < fields.size; ++i) {
        put(fields.names ? fields.names[i] : Name(0));
        write(fields.at(i), fields.names ? fields.names[i] : name);
      }
    } else if (type.is(TypeKind::ComptimeString)) {
      key += *value.text;
      key += '\0';
    } else if (type.isFunctionLike()) {
      put(value.function->decl);
      put(value.function->module);
    } else {
      put(value.i);
    }
  }
};
} // namespace

static Value deepCopy(Compilation &c, const Value &value) {
  if (!value.type->is(TypeKind::Struct) && !value.type->is(TypeKind::Array))
    return value;
  const Aggregate &from = *value.aggregate;
  Aggregate *to = c.arena.make<Aggregate>(1);
  to->size = from.size;
  to->isSplat = from.isSplat;
  uint32_t stored = from.isSplat ? 1 : from.size;
  to->values = c.arena.make<Value>(stored);
  for (uint32_t i = 0; i < stored; ++i)
    to->values[i] = deepCopy(c, from.values[i]);
  if (from.names) {
    Name *names = c.arena.make<Name>(from.size);
    std::copy(from.names, from.names + from.size, names);
    to->names = names;
  }
  Value result = value;
  result.aggregate = to;
  return result;
}

void Layout::setTileCode(int64_t x, int64_t y, const std::string &path,
                         const Value &params, Loc at) {
  uint32_t pe = peOf(x, y);
  if (hasCode.empty())
    hasCode.resize(size_t(width * height));
  if (hasCode[pe])
    throw CompileError{at,
                       "PE (" + std::to_string(x) + ", " + std::to_string(y) +
                           ") has its tile code set twice",
                       {}};
  hasCode[pe] = true;
  ShapeWriter writer;
  writer.key = path;
  writer.key += '\0';
  writer.write(params, 0);
  constexpr size_t most = 65536;
  if (writer.leaves.size() > most)
    throw CompileError{at,
                       "params with " + std::to_string(writer.leaves.size()) +
                           " numbers; at most " + std::to_string(most) +
                           " are possible",
                       {}};
  auto [it, isNew] = shapeByKey.try_emplace(writer.key, nullptr);
  if (isNew) {
    TileShape &shape = shapes.emplace_back();
    shape.path = path;
    // Kept in memory that the loops of the layout block do not give back: the
    // evaluator is told by `Sema::escaped`.
    shape.params = deepCopy(c, params);
    shape.leafTypes = writer.types;
    shape.leafNames = writer.names;
    it->second = &shape;
  }
  it->second->pes.push_back(pe);
  it->second->leaves.insert(it->second->leaves.end(), writer.leaves.begin(),
                            writer.leaves.end());
}

//===----------------------------------------------------------------------===//
// Colors
//===----------------------------------------------------------------------===//

void Layout::setColorConfig(int64_t x, int64_t y, unsigned color,
                            const ColorConfig &config, Loc at) {
  auto [it, isNew] = configNumber.try_emplace(config, uint32_t(configs.size()));
  if (isNew)
    configs.push_back(config);
  if (color >= std::size(configOf))
    throw CompileError{
        at, "color " + std::to_string(color) + " does not exist", {}};
  std::vector<uint32_t> &numbers = configOf[color];
  if (numbers.empty())
    numbers.assign(size_t(width * height), unset);
  uint32_t &number = numbers[peOf(x, y)];
  if (number != unset)
    throw CompileError{at,
                       "color " + std::to_string(color) + " of PE (" +
                           std::to_string(x) + ", " + std::to_string(y) +
                           ") is configured twice",
                       {}};
  number = it->second;
}

bool Layout::hasFilter(uint32_t pe, unsigned color) const {
  return !configOf[color].empty() && configOf[color][pe] != unset &&
         configs[configOf[color][pe]].hasFilter;
}

uint32_t Layout::colorsToRamp(uint32_t pe) const {
  uint32_t colors = 0;
  for (unsigned color = 0; color < 24; ++color)
    if (!configOf[color].empty() && configOf[color][pe] != unset &&
        configs[configOf[color][pe]].reachesRamp())
      colors |= 1u << color;
  return colors;
}

csl::BoxAttr Layout::boxAttr(mlir::MLIRContext *context, const Box &box) const {
  return csl::BoxAttr::get(context, box.xLo, box.xHi, box.xStep, box.yLo,
                           box.yHi, box.yStep);
}

std::vector<Box> Layout::cover(const std::vector<uint32_t> &pes) const {
  return csl::coverWithBoxes(pes, width);
}

static llvm::SmallVector<int64_t> ports(uint8_t mask) {
  llvm::SmallVector<int64_t> result;
  for (int64_t port = 0; port < 5; ++port)
    if (mask >> port & 1)
      result.push_back(port);
  return result;
}

void Layout::emitColors(mlir::OpBuilder &builder, mlir::Location loc) const {
  mlir::MLIRContext *context = builder.getContext();
  for (unsigned color = 0; color < 24; ++color) {
    std::map<uint32_t, std::vector<uint32_t>> byConfig;
    for (uint32_t pe = 0; pe < configOf[color].size(); ++pe)
      if (configOf[color][pe] != unset)
        byConfig[configOf[color][pe]].push_back(pe);
    for (const auto &[number, pes] : byConfig) {
      const ColorConfig &config = configs[number];
      csl::SwitchesAttr switches;
      if (config.hasSwitches) {
        llvm::SmallVector<int64_t> rx(config.switchRx, config.switchRx + 3),
            tx(config.switchTx, config.switchTx + 3);
        switches =
            csl::SwitchesAttr::get(context, rx, tx, config.current, config.ring,
                                   csl::PopMode(config.popMode));
      }
      csl::FilterAttr filter;
      if (config.hasFilter)
        filter = csl::FilterAttr::get(
            context, csl::FilterKind(config.filterKind), config.countData,
            config.countControl, config.filterControl, config.initCounter,
            config.maxCounter, config.limit1, config.limit2, config.minIndex,
            config.maxIndex);
      for (const Box &box : cover(pes))
        builder.create<csl::ColorConfigOp>(
            loc, color, boxAttr(context, box), ports(config.rx),
            ports(config.tx), switches, filter, config.swapX, config.swapY,
            config.teardown, config.messages);
    }
  }
}
