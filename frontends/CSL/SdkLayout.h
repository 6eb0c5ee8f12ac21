//===- SdkLayout.h - a layout described in JSON -----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What docs/sdk-layout-json.md describes, read and checked by itself: names are
// resolved to indices, rectangles lie inside of their regions. Whether it fits
// a fabric is the matter of SdkRoutes.h.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_SDKLAYOUT_H
#define SPADA_FRONTENDS_CSL_SDKLAYOUT_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spada::cslfront {

/// Ports of a router, as bits.
enum SdkSide : uint8_t { Ramp = 1, North = 2, South = 4, East = 8, West = 16 };

/// Routes at one position of a switch, as SdkSide bits.
struct SdkPosition {
  uint8_t input = 0, output = 0;
  bool operator==(const SdkPosition &) const = default;
};
using SdkPositions = std::vector<SdkPosition>;

/// PEs of a region; all ends included.
struct SdkRect {
  int64_t xLow = 0, yLow = 0, xHigh = 0, yHigh = 0;
};

struct SdkColor {
  std::string id, name;
  std::optional<unsigned> value;
};

struct SdkParam {
  enum Kind : uint8_t { Integer, Float, Bool, Color } kind = Integer;
  SdkRect rect;
  std::string name;
  int64_t integer = 0; ///< Color: its index
  double number = 0;
  std::string path; ///< where it stands in the file
};

struct SdkPaint {
  SdkRect rect;
  unsigned color = 0;
  SdkPositions positions;
  std::string path;
};

struct SdkPort {
  std::string id, path;
  unsigned region = 0, color = 0;
  bool isInput = false;
  uint8_t edge = 0; ///< SdkSide
  SdkRect lanes;    ///< PEs of the edge, in the region's coordinates
  int64_t size = 0;
  SdkPositions positions; ///< the side of the edge is empty

  int64_t numLanes() const {
    return lanes.xHigh - lanes.xLow + lanes.yHigh - lanes.yLow + 1;
  }
};

struct SdkSymbol {
  std::string name, path;
  unsigned bytes = 4; ///< of an element
  std::vector<std::vector<uint32_t>> tiles;
};

struct SdkRegion {
  std::string name, file, path;
  int64_t x = 0, y = 0, width = 0, height = 0;
  std::vector<SdkParam> params;
  std::vector<SdkPaint> paint;
  std::vector<SdkSymbol> symbols;
};

struct SdkConnection {
  unsigned from = 0, to = 0; ///< ports
  std::string path;
};

struct SdkDescription {
  std::string target;
  std::optional<std::pair<int64_t, int64_t>> fabric;
  std::vector<SdkColor> colors;
  std::vector<SdkRegion> regions;
  std::vector<SdkPort> ports;
  std::vector<SdkConnection> connections;
  std::vector<unsigned> inputStreams, outputStreams; ///< ports
};

/// Largest number of columns and of rows of a layout.
constexpr int64_t sdkLimit = 2048;

/// Throws CompileError; its message names the place in the file.
SdkDescription readSdkLayout(std::string_view text);

} // namespace spada::cslfront

#endif
