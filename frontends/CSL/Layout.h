//===- Layout.h - what the layout block says --------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Tile code, color configurations and exported names, gathered while the layout
// block is interpreted. PEs whose code and params have one shape (file, field
// names, types) stand together; the numbers in the params are kept for each PE.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_LAYOUT_H
#define SPADA_FRONTENDS_CSL_LAYOUT_H

#include "Compilation.h"

#include "dialects/CSL/IR/Boxes.h"
#include "dialects/CSL/IR/CSLDialect.h"

#include "mlir/IR/Builders.h"

#include <compare>
#include <set>

namespace spada::cslfront {

/// One @set_color_config. Ports as bits RAMP 1, NORTH 2, SOUTH 4, EAST 8, WEST
/// 16.
struct ColorConfig {
  bool reachesRamp() const {
    return (tx | switchTx[0] | switchTx[1] | switchTx[2]) & 1;
  }

  uint8_t rx = 0, tx = 0;
  bool swapX = false, swapY = false, teardown = false, messages = false;
  bool hasSwitches = false, ring = false;
  uint8_t switchRx[3] = {}, switchTx[3] = {};
  uint8_t current = 0, popMode = 0;
  bool hasFilter = false;
  uint8_t filterKind = 0;
  bool countData = false, countControl = false, filterControl = false;
  int64_t initCounter = 0, maxCounter = 0, limit1 = 0, limit2 = 0, minIndex = 0,
          maxIndex = 0;

  auto operator<=>(const ColorConfig &) const = default;
};

/// PEs with one file and params of one shape.
struct TileShape {
  std::string path;
  Value params; ///< of the first PE
  std::vector<const Type *> leafTypes;
  std::vector<Name> leafNames;
  std::vector<uint32_t> pes;
  std::vector<int64_t> leaves; ///< by PE, then leaf
};

using csl::Box;

class Layout {
public:
  explicit Layout(Compilation &c) : c(c) {}

  bool hasRectangle() const { return width > 0; }
  uint32_t peOf(int64_t x, int64_t y) const { return uint32_t(y * width + x); }
  int64_t xOf(uint32_t pe) const { return pe % width; }
  int64_t yOf(uint32_t pe) const { return pe / width; }

  void setTileCode(int64_t x, int64_t y, const std::string &path,
                   const Value &params, Loc at);
  void setColorConfig(int64_t x, int64_t y, unsigned color,
                      const ColorConfig &config, Loc at);

  bool hasFilter(uint32_t pe, unsigned color) const;
  /// Colors, as bits, of which wavelets may go down the ramp of the PE.
  uint32_t colorsToRamp(uint32_t pe) const;

  /// Strided boxes that cover exactly the PEs, which are sorted.
  std::vector<Box> cover(const std::vector<uint32_t> &pes) const;
  /// Ops for the color configurations of all PEs.
  void emitColors(mlir::OpBuilder &builder, mlir::Location loc) const;
  csl::BoxAttr boxAttr(mlir::MLIRContext *context, const Box &box) const;

  Compilation &c;
  int64_t width = 0, height = 0;
  std::deque<TileShape> shapes;
  std::vector<CSLExport> exports;
  std::set<std::pair<bool, unsigned>> hostColors; ///< (is out, color)

private:
  static constexpr uint32_t unset = 0xffffffff;
  std::map<std::string, TileShape *> shapeByKey;
  std::vector<bool> hasCode;
  std::vector<uint32_t> configOf[24]; ///< by PE; empty: color unused
  std::vector<ColorConfig> configs;
  std::map<ColorConfig, uint32_t> configNumber;
};

} // namespace spada::cslfront

#endif
