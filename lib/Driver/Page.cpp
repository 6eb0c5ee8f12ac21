//===- Page.cpp - SVG files and HTML pages --------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The frame around drawings: one style sheet, no outside resources, and a few
// check boxes that hide colors without any script.
//
//===----------------------------------------------------------------------===//

#include "Picture.h"

using namespace llvm;
using namespace spada::driver;

static const char *const style = R"(
text { font: 12px system-ui, "Liberation Sans", Arial, sans-serif; fill: #1d2430; }
.title { font-size: 16px; font-weight: 600; }
.head { font-size: 13px; font-weight: 600; }
.axis text { fill: #5b6675; }
.pe { stroke: #aab4c2; stroke-width: 1; }
.core { fill: #ffffff; stroke: #7b8796; stroke-width: 1; }
.id { font-size: 11px; text-anchor: middle; pointer-events: none; }
.gap { font-size: 20px; text-anchor: middle; fill: #8a94a3; }
.route path { stroke-width: 1.7; }
.route:hover path { stroke-width: 3.5; }
.load { fill: #ff7a1a; stroke: none; }
.ring { fill: none; stroke: #ff7a1a; stroke-opacity: 0.75; }
.grid { stroke: #dfe4ea; stroke-width: 1; }
.note { fill: #5b6675; }
)";

static std::string openSvg(double width, double height) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " +
         number(width) + " " + number(height) + "\" width=\"" + number(width) +
         "\" height=\"" + number(height) + "\">\n";
}

std::string spada::driver::svgFile(ArrayRef<const SvgFragment *> drawings) {
  double width = 0, height = 0;
  for (const SvgFragment *drawing : drawings) {
    width = std::max(width, drawing->width);
    height += drawing->height;
  }
  std::string text = openSvg(width, height) + "<style>" + style + "</style>\n" +
                     svgRect(0, 0, width, height, "fill=\"#ffffff\"");
  double y = 0;
  for (const SvgFragment *drawing : drawings) {
    text += "<g transform=\"translate(0," + number(y) + ")\">\n" +
            drawing->body + "</g>\n";
    y += drawing->height;
  }
  return text + "</svg>\n";
}

/// Check boxes in front of the picture, and the rules that make them hide a
/// color.
static std::string colorSwitches(const Fabric &fabric) {
  std::string boxes, rules;
  std::vector<int64_t> colors = fabric.colors();
  for (size_t n = 0; n < colors.size(); ++n) {
    std::string id = std::to_string(colors[n]);
    boxes += "<label style=\"color:" + lineColor(n) +
             "\"><input type=\"checkbox\" checked id=\"s" + id + "\"> color " +
             id + "</label>\n";
    rules += "body:has(#s" + id + ":not(:checked)) .route.c" + id +
             "{display:none}\n";
  }
  if (colors.size() < 2)
    return "";
  return "<style>" + rules + "</style>\n<div class=\"switches\">Show " + boxes +
         "</div>\n";
}

std::string
spada::driver::htmlPage(StringRef title,
                        ArrayRef<std::pair<std::string, std::string>> facts,
                        const Fabric *fabric, const SvgFragment *picture,
                        const SvgFragment *timeline) {
  std::string text =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
      escapeXml(title) + "</title>\n<style>" + style + R"(
body { font: 15px/1.45 system-ui, "Liberation Sans", Arial, sans-serif; color: #1d2430; background: #f6f7f9; margin: 24px; }
h1 { font-size: 22px; margin: 0 0 12px; }
h2 { font-size: 16px; margin: 20px 0 8px; }
.card { background: #fff; border: 1px solid #dfe4ea; border-radius: 8px; padding: 16px; overflow-x: auto; margin-bottom: 16px; }
.facts { display: flex; flex-wrap: wrap; gap: 8px 28px; margin-bottom: 16px; }
.facts div span { display: block; color: #5b6675; font-size: 12px; }
.facts div b { font-size: 17px; font-weight: 600; }
.switches { margin-bottom: 10px; font-size: 13px; }
.switches label { margin-right: 12px; white-space: nowrap; }
</style>
</head>
<body>
)";
  text += "<h1>" + escapeXml(title) + "</h1>\n";
  if (!facts.empty()) {
    text += "<div class=\"facts\">\n";
    for (const auto &[name, value] : facts)
      text += "<div><span>" + escapeXml(name) + "</span><b>" +
              escapeXml(value) + "</b></div>\n";
    text += "</div>\n";
  }
  if (picture) {
    text += "<div class=\"card\">\n";
    if (fabric)
      text += colorSwitches(*fabric);
    text += openSvg(picture->width, picture->height) + picture->body +
            "</svg>\n</div>\n";
  }
  if (timeline)
    text += "<div class=\"card\">\n" +
            openSvg(timeline->width, timeline->height) + timeline->body +
            "</svg>\n</div>\n";
  return text + "</body>\n</html>\n";
}
