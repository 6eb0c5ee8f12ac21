//===- Timeline.cpp - the drawing of a trace ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One row for each track of a trace in Chrome's format, bars for its spans.
// Rows and bars are bounded; what is left out is counted in the picture.
//
//===----------------------------------------------------------------------===//

#include "Picture.h"

#include <algorithm>
#include <cmath>
#include <tuple>

using namespace llvm;
using namespace spada;
using namespace spada::driver;

static constexpr size_t mostRows = 48, mostBars = 6000;
static constexpr double labelWidth = 190, barArea = 1000, rowHeight = 22;

namespace {
struct Span {
  double start = 0, length = 0;
  std::string name;
};
using TrackId = std::pair<int64_t, int64_t>; ///< process, thread

struct Trace {
  std::map<TrackId, std::vector<Span>> tracks;
  std::map<int64_t, std::string> processes;
  std::map<TrackId, std::string> threads;
  double begin = 0, end = 0;
};
} // namespace

static int64_t integerOf(const Json &event, const char *key) {
  auto it = event.find(key);
  return it != event.end() && it->is_number() ? it->get<int64_t>() : 0;
}

static std::string textOf(const Json &event, const char *key) {
  auto it = event.find(key);
  return it != event.end() && it->is_string() ? it->get<std::string>() : "";
}

static void readEvent(const Json &event, Trace &trace) {
  if (!event.is_object())
    return;
  std::string kind = textOf(event, "ph");
  TrackId id{integerOf(event, "pid"), integerOf(event, "tid")};
  if (kind == "M") {
    auto args = event.find("args");
    std::string name = args == event.end() ? "" : textOf(*args, "name");
    if (textOf(event, "name") == "process_name")
      trace.processes[id.first] = name;
    if (textOf(event, "name") == "thread_name")
      trace.threads[id] = name;
    return;
  }
  auto start = event.find("ts"), length = event.find("dur");
  if (kind != "X" || start == event.end() || !start->is_number())
    return;
  Span span{start->get<double>(),
            length != event.end() && length->is_number() ? length->get<double>()
                                                         : 0,
            textOf(event, "name")};
  if (trace.tracks.empty())
    trace.begin = span.start;
  trace.begin = std::min(trace.begin, span.start);
  trace.end = std::max(trace.end, span.start + span.length);
  trace.tracks[id].push_back(std::move(span));
}

static std::string trackName(const Trace &trace, const TrackId &id) {
  auto process = trace.processes.find(id.first);
  auto thread = trace.threads.find(id);
  std::string name = process == trace.processes.end() ? "" : process->second;
  std::string part = thread == trace.threads.end() ? "" : thread->second;
  if (name.empty() && part.empty())
    return "track " + std::to_string(id.first) + "." +
           std::to_string(id.second);
  return name.empty() || part.empty() ? name + part : name + ", " + part;
}

/// A round distance between marks so that there are about ten of them.
static double markDistance(double range) {
  double power =
      std::pow(10, std::floor(std::log10(std::max(range / 10, 1.0))));
  for (double factor : {1.0, 2.0, 5.0})
    if (range / (factor * power) <= 12)
      return factor * power;
  return 10 * power;
}

static void drawMarks(const Trace &trace, double height, std::string &out) {
  double range = std::max(trace.end - trace.begin, 1.0);
  double distance = markDistance(range);
  for (double at = std::ceil(trace.begin / distance) * distance;
       at <= trace.end; at += distance) {
    double x = labelWidth + (at - trace.begin) / range * barArea;
    out += "<path class=\"grid\" d=\"M" + pointText({x, 46}) + "V" +
           number(height) + "\"/>\n";
    out += svgText(x, 40, grouped(static_cast<uint64_t>(std::max(at, 0.0))),
                   "text-anchor=\"middle\" class=\"note\"");
  }
}

bool spada::driver::isTrace(StringRef text) {
  StringRef head = text.take_front(4096).ltrim();
  return head.starts_with("[") || head.contains("\"traceEvents\"");
}

/// Reads events one by one; none is kept but as a span.
static bool readTrace(StringRef text, Trace &trace) {
  int eventDepth = text.ltrim().starts_with("[") ? 1 : 2;
  auto take = [&](int depth, Json::parse_event_t event, Json &value) {
    if (event != Json::parse_event_t::object_end || depth != eventDepth)
      return true;
    readEvent(value, trace);
    return false;
  };
  Json rest = Json::parse(text.begin(), text.end(), take,
                          /*allow_exceptions=*/false);
  return !rest.is_discarded();
}

/// Depth of each span among those of its track that hold it; sorts them.
static std::vector<unsigned> nesting(std::vector<Span> &spans) {
  std::sort(spans.begin(), spans.end(), [](const Span &a, const Span &b) {
    return std::tie(a.start, b.length, a.name) <
           std::tie(b.start, a.length, b.name);
  });
  std::vector<unsigned> depths;
  std::vector<double> ends;
  for (const Span &span : spans) {
    while (!ends.empty() && ends.back() <= span.start)
      ends.pop_back();
    depths.push_back(ends.size());
    ends.push_back(span.start + span.length);
  }
  return depths;
}

/// One bar; inner ones are lower, so that the outer one stays visible.
static std::string drawBar(const Span &span, unsigned depth, double x, double y,
                           double width, size_t color) {
  double inset = depth ? 7 : 0;
  std::string out = svgRect(
      x, y + inset, width, rowHeight - 4 - inset,
      "rx=\"2\" fill=\"" + lineColor(color) + "\" fill-opacity=\"" +
          (depth ? "1" : "0.55") + "\"",
      span.name + ": cycles " + grouped(static_cast<uint64_t>(span.start)) +
          " to " + grouped(static_cast<uint64_t>(span.start + span.length)));
  if (width > 6.0 * span.name.size() + 6)
    out += svgText(x + 4, y + (depth ? 15 : 10), span.name,
                   "style=\"fill:#fff;font-size:10px\" "
                   "pointer-events=\"none\"");
  return out;
}

Expected<SvgFragment> spada::driver::drawTimeline(StringRef text,
                                                  StringRef name) {
  Trace trace;
  if (!isTrace(text) || !readTrace(text, trace))
    return createStringError("'" + name +
                             "' is not a trace of 'spada run --trace'");
  if (trace.tracks.empty())
    return createStringError("'" + name + "' holds no spans to draw");

  SvgFragment picture;
  std::string &out = picture.body;
  size_t rows = std::min(trace.tracks.size(), mostRows);
  double height = 56 + rows * rowHeight;
  double range = std::max(trace.end - trace.begin, 1.0);
  out += svgText(6, 18, "Timeline, cycles", "class=\"title\"");
  drawMarks(trace, height, out);
  std::map<std::string, size_t> colorOf;
  for (const auto &[id, spans] : trace.tracks)
    for (const Span &span : spans)
      colorOf.try_emplace(span.name, colorOf.size());
  size_t row = 0, bars = 0, leftOut = 0;
  for (auto &[id, spans] : trace.tracks) {
    if (row == rows)
      break;
    double y = 52 + row++ * rowHeight;
    std::string label = trackName(trace, id);
    if (label.size() > 30)
      label = label.substr(0, 27) + "...";
    out += svgText(labelWidth - 8, y + 12, label, "text-anchor=\"end\"");
    std::vector<unsigned> depths = nesting(spans);
    for (size_t n = 0; n < spans.size(); ++n) {
      const Span &span = spans[n];
      if (++bars > mostBars) {
        ++leftOut;
        continue;
      }
      double x = labelWidth + (span.start - trace.begin) / range * barArea;
      double w = std::max(span.length / range * barArea, 0.8);
      out += drawBar(span, depths[n], x, y, w, colorOf[span.name]);
    }
  }
  if (rows < trace.tracks.size() || leftOut)
    out += svgText(6, height + 14,
                   "not drawn: " + grouped(trace.tracks.size() - rows) +
                       " tracks and " + grouped(leftOut) +
                       " spans of drawn tracks; Perfetto shows all of them",
                   "class=\"note\"");
  picture.width = labelWidth + barArea + 40;
  picture.height = height + 24;
  return picture;
}
