//===- Svg.h - writing SVG --------------------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Numbers, escaping, colors and the few shapes that the drawings use. Knows
// nothing of what is drawn.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_SVG_H
#define SPADA_DRIVER_SVG_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include <string>

namespace spada::driver {

/// A drawing of known size, without the outer <svg>.
struct SvgFragment {
  double width = 0, height = 0;
  std::string body;
};

struct Point {
  double x = 0, y = 0;
};

/// At most two decimals, no trailing zeros: the same text everywhere.
std::string number(double value);
/// "x,y".
std::string pointText(Point point);
std::string escapeXml(llvm::StringRef text);
/// "12,345,678".
std::string grouped(uint64_t value);

/// A dark, saturated color for lines; `index` counts colors in use.
std::string lineColor(size_t index);
/// A light color for areas.
std::string areaColor(size_t index);

std::string svgRect(double x, double y, double width, double height,
                    const llvm::Twine &attributes,
                    const llvm::Twine &title = {});
std::string svgText(double x, double y, const llvm::Twine &text,
                    const llvm::Twine &attributes = {});
/// A filled arrow head with its tip at `tip`, pointing along (dx, dy).
std::string arrowHead(Point tip, int dx, int dy, double size);

} // namespace spada::driver

#endif
