//===- SparsePlot.cpp - reads and writes against fast memory --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "SparseAnalysis.h"
#include "Svg.h"

#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace spada;
using namespace spada::driver;
using namespace spada::sparse;

static constexpr double left = 90, top = 56, plotWidth = 620, plotHeight = 380,
                        right = 150, bottom = 64;

namespace {
/// A logarithmic axis.
struct Axis {
  double least, most, from, to;
  double at(double value) const {
    return from + (std::log(value) - std::log(least)) /
                      (std::log(most) - std::log(least)) * (to - from);
  }
};

struct Curve {
  std::string name;
  std::vector<uint64_t> totals; ///< one for each size of memory
};
} // namespace

/// 4, 8, 16 ... with steps between, up to what holds everything.
static std::vector<uint64_t> memorySizes(const Graph &graph) {
  std::vector<uint64_t> sizes = {3};
  uint64_t most = uint64_t(graph.neurons) + 1;
  for (double size = 4; size < most; size *= std::sqrt(2.0))
    sizes.push_back(std::llround(size));
  sizes.push_back(std::max<uint64_t>(most, 4));
  return sizes;
}

static std::vector<Curve> measure(const Graph &graph, const Order &own,
                                  const Memory &fast,
                                  ArrayRef<uint64_t> sizes) {
  std::vector<Curve> curves;
  auto add = [&](const std::string &name, auto make) {
    Curve curve{name, {}};
    Order order;
    for (uint64_t size : sizes) {
      Memory memory = fast;
      memory.values = size;
      memory.block = 1;
      make(memory, order);
      curve.totals.push_back(simulate(graph, order, memory).total());
    }
    curves.push_back(std::move(curve));
  };
  if (!own.empty())
    add("own", [&](const Memory &, Order &order) { order = own; });
  bool greedy = isGreedyQuick(graph);
  for (OrderKind kind : orderKinds()) {
    if (kind == OrderKind::Greedy && !greedy)
      continue;
    add(orderName(kind), [&](const Memory &memory, Order &order) {
      if (order.empty() || kind == OrderKind::Blocked ||
          kind == OrderKind::Clustered || kind == OrderKind::Greedy ||
          kind == OrderKind::Class)
        order = makeOrder(graph, kind, memory);
    });
  }
  return curves;
}

static std::string line(double x1, double y1, double x2, double y2,
                        const Twine &attributes) {
  return ("<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" +
          number(x2) + "\" y2=\"" + number(y2) + "\" " + attributes + "/>\n")
      .str();
}

/// Grid, ticks and titles.
static std::string frame(const Axis &x, const Axis &y, const Graph &graph,
                         const FastMemory &fast, const Bounds &bound) {
  std::string text;
  for (double tick = 4; tick < x.most; tick *= 4) {
    text += line(x.at(tick), top, x.at(tick), top + plotHeight,
                 "stroke=\"#e4e4e4\"");
    text += svgText(x.at(tick), top + plotHeight + 18, Twine(uint64_t(tick)),
                    "text-anchor=\"middle\"");
  }
  for (double ratio : {1.0, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0}) {
    if (ratio < y.least || ratio > y.most)
      continue;
    text += line(left, y.at(ratio), left + plotWidth, y.at(ratio),
                 "stroke=\"#e4e4e4\"");
    text += svgText(left - 8, y.at(ratio) + 4, Twine(number(ratio)),
                    "text-anchor=\"end\"");
  }
  text += svgText(
      left + plotWidth / 2, top + plotHeight + 44,
      "fast memory M, in values" +
          Twine(fast.memory.batch > 1
                    ? " of " + std::to_string(fast.memory.batch) + " inputs"
                    : std::string()),
      "text-anchor=\"middle\"");
  text +=
      "<g transform=\"rotate(-90)\">" +
      svgText(-top - plotHeight / 2, 34, "reads + writes over the lower bound",
              "text-anchor=\"middle\"") +
      "</g>\n";
  text += svgText(left, 24,
                  "W " + grouped(graph.connections()) + ", N " +
                      grouped(graph.neurons) + ", policy " +
                      policyName(fast.memory.policy),
                  "font-size=\"15\"");
  double upper = double(bound.upper) / bound.lower;
  text += line(left, y.at(1), left + plotWidth, y.at(1),
               "stroke=\"#222\" stroke-width=\"1.5\"");
  text += svgText(left + 4, y.at(1) - 5, "lower bound");
  text += line(left, y.at(upper), left + plotWidth, y.at(upper),
               "stroke=\"#222\" stroke-width=\"1.5\" "
               "stroke-dasharray=\"5 4\"");
  text += svgText(left + 4, y.at(upper) - 5, "upper bound of the best order");
  return text;
}

std::string spada::driver::plotOrders(const Graph &graph, const Order &own,
                                      const FastMemory &fast) {
  std::vector<uint64_t> sizes = memorySizes(graph);
  std::vector<Curve> curves = measure(graph, own, fast.memory, sizes);
  Bounds bound = bounds(graph, fast.memory.batch);
  double most = double(bound.upper) / bound.lower;
  for (const Curve &curve : curves)
    for (uint64_t total : curve.totals)
      most = std::max(most, double(total) / bound.lower);
  Axis x{3, double(sizes.back()), left, left + plotWidth};
  Axis y{0.97, most * 1.05, top + plotHeight, top};
  std::string text = frame(x, y, graph, fast, bound);
  // Where the lines end at the right, names would cover each other: a legend.
  for (size_t at = 0; at < curves.size(); ++at) {
    std::string points;
    for (size_t i = 0; i < sizes.size(); ++i)
      points += pointText({x.at(double(sizes[i])),
                           y.at(double(curves[at].totals[i]) / bound.lower)}) +
                " ";
    std::string color = lineColor(at);
    text += "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" + color +
            "\" points=\"" + points + "\"><title>" +
            escapeXml(curves[at].name) + "</title></polyline>\n";
    double row = top + 14 + 22 * double(at);
    text += line(left + plotWidth + 16, row - 4, left + plotWidth + 40, row - 4,
                 "stroke-width=\"3\" stroke=\"" + color + "\"");
    text += svgText(left + plotWidth + 46, row, escapeXml(curves[at].name));
  }
  return formatv("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" "
                 "height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
                 "font-family=\"sans-serif\" font-size=\"13\">\n<rect "
                 "width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
                 number(left + plotWidth + right),
                 number(top + plotHeight + bottom))
             .str() +
         text + "</svg>\n";
}
