//===- Svg.cpp - writing SVG ----------------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Text helpers only.
//
//===----------------------------------------------------------------------===//

#include "Svg.h"

#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace llvm;
using namespace spada::driver;

std::string spada::driver::number(double value) {
  std::string text = formatv("{0:f2}", value).str();
  while (text.back() == '0')
    text.pop_back();
  if (text.back() == '.')
    text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string spada::driver::pointText(Point point) {
  return number(point.x) + "," + number(point.y);
}

std::string spada::driver::escapeXml(StringRef text) {
  std::string result;
  for (char c : text) {
    switch (c) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    default:
      // Other control characters are not allowed in XML at all.
      result += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? ' ' : c;
    }
  }
  return result;
}

std::string spada::driver::grouped(uint64_t value) {
  std::string digits = std::to_string(value), result;
  for (size_t n = 0; n < digits.size(); ++n) {
    if (n && (digits.size() - n) % 3 == 0)
      result += ',';
    result += digits[n];
  }
  return result;
}

std::string spada::driver::lineColor(size_t index) {
  // Distinct for most kinds of color vision first, then more hues.
  static const char *const palette[] = {
      "#0072b2", "#d55e00", "#009e73", "#cc3d8f", "#7a4fbf", "#b8860b",
      "#c0392b", "#17829b", "#4c7a00", "#8c4a2f", "#3949ab", "#6d6d6d"};
  if (index < std::size(palette))
    return palette[index];
  return formatv("hsl({0},70%,{1}%)", (index * 137 + 20) % 360,
                 32 + index % 3 * 7);
}

std::string spada::driver::areaColor(size_t index) {
  static const char *const palette[] = {"#dbe9f6", "#fbe3d0", "#d8efe3",
                                        "#f4dbe8", "#e6dff5", "#f5ecc8",
                                        "#d3eef2", "#e6edcc", "#efdfd6"};
  if (index < std::size(palette))
    return palette[index];
  return formatv("hsl({0},55%,{1}%)", (index * 137 + 40) % 360,
                 84 + index % 3 * 3);
}

std::string spada::driver::svgRect(double x, double y, double width,
                                   double height, const Twine &attributes,
                                   const Twine &title) {
  std::string open = "<rect x=\"" + number(x) + "\" y=\"" + number(y) +
                     "\" width=\"" + number(width) + "\" height=\"" +
                     number(height) + "\" " + attributes.str();
  if (title.isTriviallyEmpty())
    return open + "/>\n";
  return open + "><title>" + escapeXml(title.str()) + "</title></rect>\n";
}

std::string spada::driver::svgText(double x, double y, const Twine &text,
                                   const Twine &attributes) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " +
         attributes.str() + ">" + escapeXml(text.str()) + "</text>\n";
}

std::string spada::driver::arrowHead(Point tip, int dx, int dy, double size) {
  Point back{tip.x - dx * size, tip.y - dy * size};
  double half = size * 0.55;
  Point left{back.x - dy * half, back.y + dx * half};
  Point right{back.x + dy * half, back.y - dx * half};
  return "M" + pointText(tip) + "L" + pointText(left) + "L" + pointText(right) +
         "Z";
}
