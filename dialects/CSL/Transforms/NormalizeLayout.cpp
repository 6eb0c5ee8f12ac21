//===- NormalizeLayout.cpp - normal form of csl.layout --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/Boxes.h"
#include "dialects/CSL/Transforms/NormalForm.h"

#include <map>

using namespace mlir;
using namespace spada;
using namespace spada::csl;

namespace {
using Pes = std::vector<uint32_t>;

class LayoutNormalizer {
public:
  explicit LayoutNormalizer(LayoutOp layout)
      : layout(layout), width(static_cast<int64_t>(layout.getWidth())),
        builder(layout.getContext()) {}
  void run(SymbolTable &programs);

private:
  void addPes(BoxAttr box, Pes &pes) const;
  void normalizeTiles(ProgramOp program, ArrayRef<TileCodeOp> tiles);
  Attribute commonValue(ProgramOp program, StringAttr param, Type type,
                        ArrayRef<TileCodeOp> tiles);
  Attribute valueAt(Attribute value, Type type, uint32_t pe) const;
  void normalizeColors();
  void normalizeHostColors();
  template <typename Make> void forBoxes(Pes &pes, Make make);

  LayoutOp layout;
  int64_t width;
  OpBuilder builder;
};
} // namespace

void LayoutNormalizer::addPes(BoxAttr box, Pes &pes) const {
  for (int64_t y = box.getYLo(); y < box.getYHi(); y += box.getYStep())
    for (int64_t x = box.getXLo(); x < box.getXHi(); x += box.getXStep())
      pes.push_back(static_cast<uint32_t>(y * width + x));
}

template <typename Make> void LayoutNormalizer::forBoxes(Pes &pes, Make make) {
  llvm::sort(pes);
  for (const Box &box : coverWithBoxes(pes, width))
    make(BoxAttr::get(layout.getContext(), box.xLo, box.xHi, box.xStep, box.yLo,
                      box.yHi, box.yStep));
}

/// What a param's binding is on one PE.
Attribute LayoutNormalizer::valueAt(Attribute value, Type type,
                                    uint32_t pe) const {
  auto coordinate = dyn_cast<StringAttr>(value);
  if (!coordinate)
    return value;
  int64_t number = coordinate.getValue() == "x" ? pe % width : pe / width;
  return IntegerAttr::get(
      type, APInt(type.getIntOrFloatBitWidth(), uint64_t(number)));
}

/// The one value of a param on all tiles, or "x" or "y" where it is the
/// coordinate everywhere; null when it is neither.
Attribute LayoutNormalizer::commonValue(ProgramOp program, StringAttr param,
                                        Type type, ArrayRef<TileCodeOp> tiles) {
  auto x = builder.getStringAttr("x"), y = builder.getStringAttr("y");
  Attribute common;
  bool isCommon = true, isX = true, isY = true;
  for (TileCodeOp tile : tiles) {
    Attribute bound = tile.getParams().get(param);
    Pes pes;
    addPes(tile.getBox(), pes);
    for (uint32_t pe : pes) {
      Attribute value = valueAt(bound, type, pe);
      if (!common)
        common = value;
      isCommon &= value == common;
      isX &= value == valueAt(x, type, pe);
      isY &= value == valueAt(y, type, pe);
    }
  }
  return isCommon ? common : isX ? x : isY ? y : Attribute();
}

void LayoutNormalizer::normalizeTiles(ProgramOp program,
                                      ArrayRef<TileCodeOp> tiles) {
  struct Param {
    StringAttr boundBy;
    Type type;
    Attribute coordinate;
  };
  std::map<StringRef, Param> params;
  for (auto param :
       llvm::make_early_inc_range(program.getBody().getOps<ParamOp>())) {
    if (!param.getType())
      continue;
    auto former = param->getAttrOfType<StringAttr>("csl.original_name");
    StringAttr boundBy = former ? former : param.getSymNameAttr();
    param->removeAttr("csl.original_name");
    Attribute common = commonValue(program, boundBy, *param.getType(), tiles);
    if (!common || isa<StringAttr>(common)) {
      params[param.getSymName()] = {boundBy, *param.getType(), common};
      continue;
    }
    program.walk([&](ParamValueOp use) {
      if (use.getParam() != param.getSymName())
        return;
      OpBuilder inside(use);
      use.replaceAllUsesWith(
          inside
              .create<arith::ConstantOp>(use.getLoc(), cast<TypedAttr>(common))
              .getResult());
      use.erase();
    });
    param.erase();
  }
  // Tiles with one set of numbers, in the order of their text.
  std::map<std::string, std::pair<DictionaryAttr, Pes>> groups;
  for (TileCodeOp tile : tiles) {
    Pes pes;
    addPes(tile.getBox(), pes);
    for (uint32_t pe : pes) {
      SmallVector<NamedAttribute> bound;
      std::string key;
      for (const auto &[name, param] : params) {
        Attribute value =
            param.coordinate
                ? param.coordinate
                : valueAt(tile.getParams().get(param.boundBy), param.type, pe);
        bound.push_back(builder.getNamedAttr(name, value));
        llvm::raw_string_ostream(key) << value << ",";
      }
      auto &[dictionary, members] = groups[key];
      if (!dictionary)
        dictionary = builder.getDictionaryAttr(bound);
      members.push_back(pe);
    }
  }
  TileCodeOp first = tiles.front();
  Location loc = first.getLoc();
  for (auto &[key, group] : groups)
    forBoxes(group.second, [&](BoxAttr box) {
      builder.create<TileCodeOp>(loc, program.getSymName(), box, group.first);
    });
  for (TileCodeOp tile : tiles)
    tile.erase();
}

void LayoutNormalizer::normalizeColors() {
  std::map<std::pair<uint64_t, std::string>, std::pair<ColorConfigOp, Pes>>
      groups;
  SmallVector<ColorConfigOp> old(layout.getBody().getOps<ColorConfigOp>());
  for (ColorConfigOp config : old) {
    NamedAttrList rest(config->getAttrDictionary());
    rest.erase(config.getBoxAttrName());
    std::string text;
    llvm::raw_string_ostream(text) << rest.getDictionary(layout.getContext());
    auto &[first, pes] = groups[{config.getColor(), text}];
    if (!first)
      first = config;
    addPes(config.getBox(), pes);
  }
  for (auto &[key, group] : groups)
    forBoxes(group.second, [&](BoxAttr box) {
      auto copy = cast<ColorConfigOp>(builder.clone(*group.first));
      copy.setBoxAttr(box);
      auto sorted = [&](ArrayRef<int64_t> ports) {
        SmallVector<int64_t> result(ports);
        llvm::sort(result);
        return result;
      };
      copy.setRx(sorted(copy.getRx()));
      copy.setTx(sorted(copy.getTx()));
    });
  for (ColorConfigOp config : old)
    config.erase();
}

/// Colors between host and ramps; those of streamed arguments are said there.
void LayoutNormalizer::normalizeHostColors() {
  std::map<std::pair<HostDirection, uint64_t>, HostColorOp> colors;
  for (auto color :
       llvm::make_early_inc_range(layout.getBody().getOps<HostColorOp>()))
    if (!colors.try_emplace({color.getDirection(), color.getColor()}, color)
             .second)
      color.erase();
  for (auto argument : layout.getBody().getOps<HostArgumentOp>())
    if (argument.getColor()) {
      auto it = colors.find({argument.getDirection(), *argument.getColor()});
      if (it != colors.end()) {
        it->second.erase();
        colors.erase(it);
      }
    }
  Block &body = layout.getBody().front();
  for (auto &[key, color] : colors)
    color->moveBefore(&body, body.end());
}

void LayoutNormalizer::run(SymbolTable &programs) {
  Block &body = layout.getBody().front();
  // New ops come first; what stays moves behind them.
  std::map<std::string, SmallVector<TileCodeOp>> tiles;
  for (auto tile : body.getOps<TileCodeOp>())
    tiles[tile.getProgram().str()].push_back(tile);
  SmallVector<Operation *> exports, arguments;
  for (auto exported : body.getOps<ExportNameOp>()) {
    exports.push_back(exported);
    if (auto array = dyn_cast<MemRefType>(exported.getType()))
      exported.setTypeAttr(TypeAttr::get(
          MemRefType::get(ShapedType::kDynamic, array.getElementType())));
  }
  for (auto argument : body.getOps<HostArgumentOp>()) {
    if (argument.getIsScalar())
      argument.setElements(0);
    // The host's names of types have no third kind beside i32 and u32.
    if (Type type = argument.getElementType(); type.isSignedInteger())
      argument.setElementType(
          builder.getIntegerType(type.getIntOrFloatBitWidth()));
    arguments.push_back(argument);
  }
  std::map<std::tuple<std::string, int64_t, int64_t>, TileDataOp> data;
  for (auto op : body.getOps<TileDataOp>()) {
    std::string variable;
    llvm::raw_string_ostream(variable) << op.getVariable();
    data[{variable, op.getY(), op.getX()}] = op;
  }
  builder.setInsertionPointToEnd(&body);
  for (auto &[name, ops] : tiles)
    normalizeTiles(programs.lookup<ProgramOp>(name), ops);
  for (auto &[key, op] : data)
    op->moveBefore(&body, body.end());
  normalizeColors();
  normalizeHostColors();
  for (Operation *op : exports)
    op->moveBefore(&body, body.end());
  for (Operation *op : arguments)
    op->moveBefore(&body, body.end());
}

SmallVector<SymbolRefAttr> spada::csl::variablesWithData(ProgramOp program) {
  SmallVector<SymbolRefAttr> variables;
  program->getParentOp()->walk([&](TileDataOp data) {
    if (data.getVariable().getRootReference() == program.getSymName())
      variables.push_back(data.getVariable());
  });
  return variables;
}

void spada::csl::normalizeLayout(ModuleOp module) {
  SymbolTable programs(module);
  for (auto layout : module.getOps<LayoutOp>())
    LayoutNormalizer(layout).run(programs);
}
