//===- Report.cpp - what is told about a run ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Formatting only: every number comes from compiling or from an executor.
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "Picture.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace llvm;
using namespace spada;
using namespace spada::driver;

std::string spada::driver::timeText(double seconds) {
  if (seconds < 1e-6)
    return formatv("{0:f0} ns", seconds * 1e9);
  if (seconds < 1e-3)
    return formatv("{0:f2} us", seconds * 1e6);
  if (seconds < 1)
    return formatv("{0:f2} ms", seconds * 1e3);
  return formatv("{0:f2} s", seconds);
}

static double rounded(double value) { return std::round(value * 1e6) / 1e6; }

static std::optional<uint64_t> peCyclesPerSecond(const Outcome &outcome) {
  if (!outcome.activePeCycles || outcome.simulateSeconds <= 0)
    return std::nullopt;
  return std::llround(*outcome.activePeCycles / outcome.simulateSeconds);
}

Json spada::driver::reportJson(const CompileFacts &facts,
                               const Outcome &outcome, const Fabric *fabric,
                               const NamedValues &outputFiles) {
  Json report = {{"spada", SPADA_VERSION},
                 {"file", facts.file},
                 {"kernel", facts.kernel},
                 {"parameters", Json::object()},
                 {"status", outcome.status},
                 {"arch", facts.target},
                 {"grid", {outcome.width, outcome.height}}};
  for (const auto &[name, value] : facts.parameters) {
    int64_t number = 0;
    if (StringRef(value).getAsInteger(0, number))
      report["parameters"][name] = value;
    else
      report["parameters"][name] = number;
  }
  if (!outcome.message.empty())
    report["message"] = outcome.message;
  auto add = [&](const char *name, const auto &value) {
    if (value)
      report[name] = *value;
  };
  add("cycles", outcome.cycles);
  add("stopped_at_cycle", outcome.stoppedAtCycle);
  if (outcome.cycles && outcome.clockHz > 0)
    report["microseconds"] = rounded(*outcome.cycles / outcome.clockHz * 1e6);
  add("tasks", outcome.tasks);
  add("wavelet_hops", outcome.waveletHops);
  add("pe_classes", facts.peClasses);
  add("colors", facts.colors);
  add("bytes_per_pe", facts.bytesPerPe);
  add("csl_lines", facts.cslLines);
  add("csl_files", facts.cslFiles);
  report["compile_seconds"] = rounded(facts.compileSeconds);
  report["simulate_seconds"] = rounded(outcome.simulateSeconds);
  add("pe_cycles", outcome.activePeCycles);
  add("pe_cycles_per_second", peCyclesPerSecond(outcome));
  report["outputs"] = Json::object();
  for (const auto &[name, path] : outputFiles)
    report["outputs"][name] = path;
  if (fabric)
    report["fabric"] = fabricToJson(*fabric);
  return report;
}

void spada::driver::printSummary(const CompileFacts &facts,
                                 const Outcome &outcome, raw_ostream &os) {
  os << facts.kernel << " on " << facts.target << ": " << outcome.status;
  if (outcome.stoppedAtCycle)
    os << " at cycle " << grouped(*outcome.stoppedAtCycle);
  if (outcome.cycles) {
    os << " in " << grouped(*outcome.cycles) << " cycles";
    if (outcome.clockHz > 0)
      os << " (" << timeText(*outcome.cycles / outcome.clockHz) << " at "
         << formatv("{0:f0}", outcome.clockHz / 1e6) << " MHz)";
  }
  os << "\n  grid " << outcome.width << " x " << outcome.height << " PEs";
  if (facts.peClasses)
    os << ", " << *facts.peClasses << " PE classes, " << *facts.colors
       << " colors, " << grouped(*facts.bytesPerPe) << " bytes per PE";
  os << "\n";
  if (outcome.tasks)
    os << "  " << grouped(*outcome.tasks) << " tasks, "
       << grouped(*outcome.waveletHops) << " wavelet hops\n";
  os << "  compiled in " << timeText(facts.compileSeconds);
  if (facts.cslLines)
    os << " (" << grouped(*facts.cslLines) << " lines of CSL)";
  os << ", " << (facts.peClasses ? "simulated" : "interpreted") << " in "
     << timeText(outcome.simulateSeconds);
  if (auto rate = peCyclesPerSecond(outcome))
    os << formatv(" ({0:f1} million PE-cycles per second)", *rate / 1e6);
  os << "\n";
}

std::vector<std::pair<std::string, std::string>>
spada::driver::reportFacts(const Json &report) {
  static const std::pair<const char *, const char *> shown[] = {
      {"status", "status"},
      {"cycles", "cycles"},
      {"microseconds", "microseconds"},
      {"tasks", "tasks"},
      {"wavelet_hops", "wavelet hops"},
      {"pe_classes", "PE classes"},
      {"colors", "colors"},
      {"bytes_per_pe", "bytes per PE"},
      {"csl_lines", "lines of CSL"}};
  std::vector<std::pair<std::string, std::string>> facts;
  for (auto [key, label] : shown) {
    auto it = report.find(key);
    if (it == report.end())
      continue;
    if (it->is_string())
      facts.emplace_back(label, it->get<std::string>());
    else if (it->is_number_unsigned())
      facts.emplace_back(label, grouped(it->get<uint64_t>()));
    else if (it->is_number())
      facts.emplace_back(label, number(it->get<double>()));
  }
  return facts;
}

Expected<std::string> spada::driver::reportPage(const Json &report,
                                                StringRef name, StringRef trace,
                                                StringRef traceName,
                                                bool asSvg) {
  std::optional<Fabric> fabric;
  SvgFragment picture, timeline;
  std::vector<const SvgFragment *> drawings;
  if (report.contains("fabric")) {
    Expected<Fabric> read = fabricFromJson(report["fabric"], name);
    if (!read)
      return read.takeError();
    fabric = std::move(*read);
    picture = drawFabric(*fabric);
    drawings.push_back(&picture);
  }
  if (!trace.empty()) {
    Expected<SvgFragment> drawn = drawTimeline(trace, traceName);
    if (!drawn)
      return drawn.takeError();
    timeline = std::move(*drawn);
    drawings.push_back(&timeline);
  }
  if (drawings.empty())
    return createStringError(
        "'" + name + "' has nothing to draw: a run on 'interp' has no fabric");
  if (asSvg)
    return svgFile(drawings);
  std::string title = "spada";
  if (fabric)
    title = fabric->kernel + " on " + fabric->arch;
  return htmlPage(title, reportFacts(report), fabric ? &*fabric : nullptr,
                  fabric ? &picture : nullptr,
                  trace.empty() ? nullptr : &timeline);
}
