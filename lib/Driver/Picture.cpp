//===- Picture.cpp - the drawing of a fabric ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// PEs as cells, routes as arrows in lanes of their own, link loads as bands
// below them. Which PEs are shown is chosen in Axis.cpp.
//
//===----------------------------------------------------------------------===//

#include "Picture.h"

#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <set>

using namespace llvm;
using namespace spada::driver;

static constexpr size_t smallAxis = 12, mostColumns = 18, mostRows = 14;
static constexpr double coreHalf = 9, gapWidth = 30, linkLength = 26;
static const char *const portNames[] = {"core", "north", "south", "east",
                                        "west"};

namespace {
/// Unit step of a port; (0, 0) for the ramp.
struct Step {
  int dx, dy;
};
constexpr Step steps[] = {{0, 0}, {0, -1}, {0, 1}, {1, 0}, {-1, 0}};
constexpr int opposite[] = {portRamp, portSouth, portNorth, portWest, portEast};

/// A route as one PE has it.
struct LocalRoute {
  int64_t color;
  const FabricRoute *route;
};

/// Draws one fabric; members are the geometry.
class FabricDrawing {
public:
  explicit FabricDrawing(const Fabric &fabric);
  SvgFragment draw();

private:
  void chooseCells();
  void chooseLanes();
  void place();
  std::vector<LocalRoute> routesAt(int64_t x, int64_t y) const;
  int classAt(int64_t x, int64_t y) const;
  /// Where a wavelet of `lane` that moves in direction `port` crosses the edge
  /// of the cell at `center` that lies at `side`.
  Point edge(Point center, int side, int direction, int lane) const;
  void drawAxes(std::string &out) const;
  void drawCell(size_t column, size_t row, std::string &out) const;
  void drawRoutes(size_t column, size_t row, std::string &out) const;
  void drawLoads(std::string &out) const;
  void drawPath(Point center, int from, int to, int lane, std::string &lines,
                std::string &heads) const;
  std::string linkTitle(int64_t x, int64_t y, const LocalRoute &route) const;
  /// The three parts of the legend; each gives the y of its last line.
  double drawClasses(double x, double y, std::string &out) const;
  double drawColors(double x, double y, std::string &out) const;
  double drawBusiest(double x, double y, std::string &out) const;
  std::string colorLabel(int64_t color) const;

  const Fabric &fabric;
  std::vector<AxisCell> columns, rows;
  std::vector<Point> origin; ///< x of column n, y of row n
  std::vector<int64_t> colors;
  std::map<int64_t, int> lanes;
  int laneCount = 1;
  double half = 0; ///< half the side of a cell
  double left = 46, top = 48, width = 0, height = 0;
};
} // namespace

FabricDrawing::FabricDrawing(const Fabric &fabric)
    : fabric(fabric), colors(fabric.colors()) {
  chooseCells();
  chooseLanes();
  place();
}

void FabricDrawing::chooseCells() {
  std::vector<std::array<int64_t, 3>> xSpans, ySpans;
  auto add = [&](const FabricBox &box) {
    xSpans.push_back({box.xLo, box.xHi, box.xStep});
    ySpans.push_back({box.yLo, box.yHi, box.yStep});
  };
  for (const FabricClass &peClass : fabric.classes)
    for_each(peClass.boxes, add);
  for (const FabricRoute &route : fabric.routes)
    add(route.box);
  std::vector<int64_t> xMarks, yMarks;
  for (const FabricLink &link : fabric.links) {
    xMarks.insert(xMarks.end(), {link.x, link.x + steps[link.port].dx});
    yMarks.insert(yMarks.end(), {link.y, link.y + steps[link.port].dy});
  }
  columns = chooseAxis(fabric.width, xSpans, xMarks, smallAxis, mostColumns);
  rows = chooseAxis(fabric.height, ySpans, yMarks, smallAxis, mostRows);
}

/// Colors that never meet at a shown PE may share a lane.
void FabricDrawing::chooseLanes() {
  std::map<int64_t, std::set<int64_t>> meets;
  for (const AxisCell &column : columns)
    for (const AxisCell &row : rows) {
      if (column.skipped || row.skipped)
        continue;
      std::vector<LocalRoute> here =
          routesAt(column.coordinate, row.coordinate);
      for (const LocalRoute &a : here)
        for (const LocalRoute &b : here)
          meets[a.color].insert(b.color);
    }
  for (int64_t color : colors) {
    std::set<int> taken;
    for (int64_t other : meets[color])
      if (other != color && lanes.count(other))
        taken.insert(lanes[other]);
    int lane = 0;
    while (taken.count(lane))
      ++lane;
    lanes[color] = lane;
    laneCount = std::max(laneCount, lane + 1);
  }
}

void FabricDrawing::place() {
  half = coreHalf + 7 + 4.5 * laneCount;
  auto lay = [&](const std::vector<AxisCell> &cells, double at, bool isX) {
    for (size_t n = 0; n < cells.size(); ++n) {
      if (origin.size() <= n)
        origin.resize(n + 1);
      (isX ? origin[n].x : origin[n].y) = at;
      at += (cells[n].skipped ? gapWidth : 2 * half) + linkLength;
    }
    return at - linkLength;
  };
  width = lay(columns, left, true) + 24;
  height = lay(rows, top, false) + 24;
}

std::vector<LocalRoute> FabricDrawing::routesAt(int64_t x, int64_t y) const {
  std::vector<LocalRoute> result;
  for (const FabricRoute &route : fabric.routes)
    if (route.box.contains(x, y))
      result.push_back({route.color, &route});
  return result;
}

int FabricDrawing::classAt(int64_t x, int64_t y) const {
  for (size_t n = 0; n < fabric.classes.size(); ++n)
    for (const FabricBox &box : fabric.classes[n].boxes)
      if (box.contains(x, y))
        return static_cast<int>(n);
  return -1;
}

Point FabricDrawing::edge(Point center, int side, int direction,
                          int lane) const {
  double offset = coreHalf + 5 + 4.5 * lane;
  Step out = steps[side];
  // East above west, north left of south: the two directions never overlap.
  double sign = direction == portEast || direction == portNorth ? -1 : 1;
  if (out.dx)
    return {center.x + out.dx * half, center.y + sign * offset};
  return {center.x + sign * offset, center.y + out.dy * half};
}

std::string FabricDrawing::colorLabel(int64_t color) const {
  std::string label = "color " + std::to_string(color);
  auto name = fabric.colorNames.find(color);
  if (name != fabric.colorNames.end() && !name->second.empty())
    label +=
        ": " + (name->second.size() > 34 ? name->second.substr(0, 31) + "..."
                                         : name->second);
  return label;
}

void FabricDrawing::drawAxes(std::string &out) const {
  auto label = [](const AxisCell &cell) {
    return cell.skipped ? "+" + grouped(cell.skipped)
                        : std::to_string(cell.coordinate);
  };
  out += "<g class=\"axis\" text-anchor=\"middle\">\n";
  for (size_t n = 0; n < columns.size(); ++n)
    out += svgText(origin[n].x + (columns[n].skipped ? gapWidth / 2 : half),
                   top - 10, label(columns[n]));
  for (size_t n = 0; n < rows.size(); ++n)
    out += svgText(left - 22,
                   origin[n].y + (rows[n].skipped ? gapWidth / 2 : half) + 4,
                   label(rows[n]));
  out += svgText(left - 22, top - 10, "y \\ x") + "</g>\n";
}

void FabricDrawing::drawCell(size_t column, size_t row,
                             std::string &out) const {
  const AxisCell &x = columns[column], &y = rows[row];
  double w = x.skipped ? gapWidth : 2 * half;
  double h = y.skipped ? gapWidth : 2 * half;
  Point at{origin[column].x, origin[row].y};
  if (x.skipped || y.skipped) {
    out += "<text class=\"gap\" x=\"" + number(at.x + w / 2) + "\" y=\"" +
           number(at.y + h / 2 + 5) + "\">" +
           (x.skipped && y.skipped ? "&#8945;"
            : x.skipped            ? "&#8943;"
                                   : "&#8942;") +
           "</text>\n";
    return;
  }
  int peClass = classAt(x.coordinate, y.coordinate);
  std::string title = "PE (" + std::to_string(x.coordinate) + ", " +
                      std::to_string(y.coordinate) + "): ";
  title += peClass < 0 ? "no program" : fabric.classes[peClass].program;
  for (const LocalRoute &route : routesAt(x.coordinate, y.coordinate))
    title += "\n" + linkTitle(x.coordinate, y.coordinate, route);
  std::string fill = peClass < 0 ? "#f2f2f2" : areaColor(peClass);
  out += svgRect(at.x, at.y, w, h,
                 "rx=\"6\" class=\"pe\" fill=\"" + fill + "\"", title);
  Point center{at.x + half, at.y + half};
  if (peClass < 0)
    return;
  out += svgRect(center.x - coreHalf, center.y - coreHalf, 2 * coreHalf,
                 2 * coreHalf, "rx=\"3\" class=\"core\"", title);
  out += svgText(center.x, center.y + 4, Twine(peClass), "class=\"id\"");
}

std::string FabricDrawing::linkTitle(int64_t x, int64_t y,
                                     const LocalRoute &route) const {
  auto list = [](const std::vector<int64_t> &ports) {
    std::string text;
    for (int64_t port : ports)
      text += (text.empty() ? "" : " and ") + std::string(portNames[port]);
    return text;
  };
  return colorLabel(route.color) + ": from " + list(route.route->rx) + " to " +
         list(route.route->tx);
}

/// One way through a router: from port `from` (where it comes in) to port `to`.
void FabricDrawing::drawPath(Point center, int from, int to, int lane,
                             std::string &lines, std::string &heads) const {
  auto corePoint = [&](int side) {
    return Point{center.x + steps[side].dx * coreHalf,
                 center.y + steps[side].dy * coreHalf};
  };
  if (from == portRamp && to == portRamp)
    return;
  if (to == portRamp) {
    Point start = edge(center, from, opposite[from], lane);
    Point end = corePoint(from);
    Point control{(start.x + end.x) / 2, (start.y + end.y) / 2};
    (steps[from].dx ? control.y : control.x) =
        steps[from].dx ? start.y : start.x;
    lines += "M" + pointText(start) + "Q" + pointText(control) + " " +
             pointText(end);
    heads +=
        arrowHead(end, steps[opposite[from]].dx, steps[opposite[from]].dy, 5);
    return;
  }
  Point end = edge(center, to, to, lane);
  if (from == portRamp) {
    Point start = corePoint(to);
    Point control{(start.x + end.x) / 2, (start.y + end.y) / 2};
    (steps[to].dx ? control.y : control.x) = steps[to].dx ? end.y : end.x;
    lines += "M" + pointText(start) + "Q" + pointText(control) + " " +
             pointText(end);
    return;
  }
  Point start = edge(center, from, opposite[from], lane);
  lines += "M" + pointText(start);
  bool turns = (steps[from].dx == 0) != (steps[to].dx == 0);
  if (turns) {
    Point corner =
        steps[from].dx ? Point{end.x, start.y} : Point{start.x, end.y};
    lines += "Q" + pointText(corner) + " " + pointText(end);
  } else {
    lines += "L" + pointText(end);
  }
}

void FabricDrawing::drawRoutes(size_t column, size_t row,
                               std::string &out) const {
  const AxisCell &x = columns[column], &y = rows[row];
  if (x.skipped || y.skipped)
    return;
  Point center{origin[column].x + half, origin[row].y + half};
  for (const LocalRoute &local : routesAt(x.coordinate, y.coordinate)) {
    int lane = lanes.at(local.color);
    std::string lines, heads;
    for (int64_t from : local.route->rx)
      for (int64_t to : local.route->tx)
        drawPath(center, from, to, lane, lines, heads);
    for (int64_t to : local.route->tx) {
      if (to == portRamp)
        continue;
      Point start = edge(center, to, to, lane);
      bool leaves = x.coordinate + steps[to].dx < 0 ||
                    x.coordinate + steps[to].dx >= fabric.width ||
                    y.coordinate + steps[to].dy < 0 ||
                    y.coordinate + steps[to].dy >= fabric.height;
      double length = leaves ? 10 : linkLength;
      Point end{start.x + steps[to].dx * length,
                start.y + steps[to].dy * length};
      lines += "M" + pointText(start) + "L" + pointText(end);
      heads += arrowHead(end, steps[to].dx, steps[to].dy, 6);
    }
    size_t index = find(colors, local.color) - colors.begin();
    std::string ink = lineColor(index);
    out +=
        "<g class=\"route c" + std::to_string(local.color) + "\" stroke=\"" +
        ink + "\" fill=\"" + ink + "\"><title>PE (" +
        std::to_string(x.coordinate) + ", " + std::to_string(y.coordinate) +
        "): " + escapeXml(linkTitle(x.coordinate, y.coordinate, local)) +
        "</title><path fill=\"none\" d=\"" + lines + "\"/>" +
        (heads.empty() ? "" : "<path stroke=\"none\" d=\"" + heads + "\"/>") +
        "</g>\n";
  }
}

void FabricDrawing::drawLoads(std::string &out) const {
  if (fabric.links.empty())
    return;
  uint64_t busiest = 1;
  for (const FabricLink &link : fabric.links)
    busiest = std::max(busiest, link.wavelets);
  auto indexOf = [](const std::vector<AxisCell> &cells, int64_t coordinate) {
    return find_if(cells,
                   [&](const AxisCell &cell) {
                     return !cell.skipped && cell.coordinate == coordinate;
                   }) -
           cells.begin();
  };
  for (const FabricLink &link : fabric.links) {
    size_t column = indexOf(columns, link.x), row = indexOf(rows, link.y);
    if (column == columns.size() || row == rows.size())
      continue;
    double share = static_cast<double>(link.wavelets) / busiest;
    Point center{origin[column].x + half, origin[row].y + half};
    std::string title = "PE (" + std::to_string(link.x) + ", " +
                        std::to_string(link.y) + ") to " +
                        portNames[link.port] + ": " + grouped(link.wavelets) +
                        " wavelets";
    std::string style =
        "class=\"load\" opacity=\"" + number(0.25 + 0.45 * share) + "\"";
    if (link.port == portRamp) {
      double r = coreHalf + 2;
      out += svgRect(center.x - r, center.y - r, 2 * r, 2 * r,
                     "rx=\"5\" class=\"ring\" stroke-width=\"" +
                         number(2 + 3 * share) + "\"",
                     title);
      continue;
    }
    // The band lies below the arrows that leave through this port.
    Step step = steps[link.port];
    std::vector<int> used;
    for (const LocalRoute &route : routesAt(link.x, link.y))
      if (is_contained(route.route->tx, link.port))
        used.push_back(lanes.at(route.color));
    auto [least, most] = std::minmax_element(used.begin(), used.end());
    Point first = edge(center, link.port, link.port, used.empty() ? 0 : *least);
    Point last = edge(center, link.port, link.port, used.empty() ? 0 : *most);
    double thick = 3 + 5 * share;
    double x = std::min(first.x, last.x), y = std::min(first.y, last.y);
    double w = std::abs(first.x - last.x), h = std::abs(first.y - last.y);
    if (step.dx)
      out += svgRect(step.dx > 0 ? x : x - linkLength, y - thick, linkLength,
                     h + 2 * thick, style, title);
    else
      out += svgRect(x - thick, step.dy > 0 ? y : y - linkLength, w + 2 * thick,
                     linkLength, style, title);
  }
}

double FabricDrawing::drawClasses(double x, double y, std::string &out) const {
  constexpr size_t most = 24;
  out += svgText(x, y, "PE classes (" + Twine(fabric.classes.size()) + ")",
                 "class=\"head\"");
  for (size_t n = 0; n < fabric.classes.size() && n < most; ++n) {
    const FabricClass &peClass = fabric.classes[n];
    y += 20;
    out += svgRect(x, y - 12, 16, 16,
                   "rx=\"3\" class=\"pe\" fill=\"" + areaColor(n) + "\"");
    out += svgText(x + 8, y, Twine(n), "class=\"id\"");
    out += svgText(x + 24, y,
                   peClass.program + ", " + grouped(peClass.count()) +
                       (peClass.count() == 1 ? " PE" : " PEs"));
  }
  if (fabric.classes.size() > most)
    out += svgText(x + 24, y += 20,
                   "and " + Twine(fabric.classes.size() - most) + " more");
  return y;
}

double FabricDrawing::drawColors(double x, double y, std::string &out) const {
  out +=
      svgText(x, y, "Colors (" + Twine(colors.size()) + ")", "class=\"head\"");
  for (size_t n = 0; n < colors.size(); ++n) {
    y += 20;
    std::string ink = lineColor(n);
    out += "<g stroke=\"" + ink + "\" fill=\"" + ink +
           "\" stroke-width=\"2.2\"><path d=\"M" + pointText({x, y - 4}) +
           "h18\"/><path stroke=\"none\" d=\"" +
           arrowHead({x + 20, y - 4}, 1, 0, 7) + "\"/></g>\n" +
           svgText(x + 28, y, colorLabel(colors[n]));
  }
  return y;
}

double FabricDrawing::drawBusiest(double x, double y, std::string &out) const {
  if (fabric.links.empty())
    return y;
  out += svgText(x, y, "Busiest links, wavelets", "class=\"head\"");
  for (const FabricLink &link : fabric.links) {
    y += 20;
    out += svgRect(x, y - 10, 18, 9, "class=\"load\" opacity=\"0.6\"");
    out += svgText(x + 28, y,
                   "(" + Twine(link.x) + ", " + Twine(link.y) + ") to " +
                       portNames[link.port] + ": " + grouped(link.wavelets));
  }
  return y;
}

SvgFragment FabricDrawing::draw() {
  SvgFragment picture;
  std::string &out = picture.body;
  out += svgText(left - 40, 18,
                 fabric.kernel + " on " + fabric.arch + ", " +
                     grouped(fabric.width) + " x " + grouped(fabric.height) +
                     " PEs",
                 "class=\"title\"");
  drawAxes(out);
  for (size_t column = 0; column < columns.size(); ++column)
    for (size_t row = 0; row < rows.size(); ++row)
      drawCell(column, row, out);
  drawLoads(out);
  for (size_t column = 0; column < columns.size(); ++column)
    for (size_t row = 0; row < rows.size(); ++row)
      drawRoutes(column, row, out);
  // Beside a narrow fabric, below a wide one.
  constexpr double column = 300;
  if (width < 900) {
    double x = width + 16;
    double y = drawClasses(x, top, out);
    y = drawColors(x, y + 32, out);
    y = drawBusiest(x, y + 32, out);
    picture.width = x + column;
    picture.height = std::max(height, y + 20);
  } else {
    double y = height + 16, x = left;
    double bottom = drawClasses(x, y, out);
    bottom = std::max(bottom, drawColors(x + column, y, out));
    bottom = std::max(bottom, drawBusiest(x + 2 * column, y, out));
    picture.width = std::max(width, left + 3 * column);
    picture.height = bottom + 20;
  }
  return picture;
}

SvgFragment spada::driver::drawFabric(const Fabric &fabric) {
  return FabricDrawing(fabric).draw();
}
