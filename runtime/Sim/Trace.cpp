//===- Trace.cpp - write the timeline of a run ----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Events of all strips in one order that does not depend on the number of
// strips, then cut to size.
//
//===----------------------------------------------------------------------===//

#include "Trace.h"

#include "Engine.h"

#include "nlohmann/json.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <tuple>

using namespace spada;
using namespace spada::sim;
using Json = nlohmann::ordered_json;

/// What still runs or waits at the end.
static void addUnfinished(const Engine &engine, uint64_t lastCycle,
                          std::vector<TraceEvent> &events) {
  for (const Core &core : engine.cores) {
    if (core.state == Core::Run || core.state == Core::Sync)
      events.push_back(
          {lastCycle, core.taskStart, lastCycle, core.tile, core.task, 0, 0,
           core.inMain ? TraceEvent::Main : TraceEvent::Task, true});
    for (uint16_t live = core.live; live; live &= uint16_t(live - 1)) {
      unsigned thread = unsigned(__builtin_ctz(live));
      const Operation &operation =
          engine.operations[core.firstOperation + thread];
      const VectorOperation &info = *operation.info;
      events.push_back(
          {lastCycle, operation.issued, lastCycle, core.tile,
           uint32_t(&info - core.program->vectors.data()), operation.finished,
           uint8_t(operation.isAsync ? 1 + operation.microthread : 0),
           TraceEvent::Operation, true});
    }
  }
}

static std::string eventName(const Model &model, const TraceEvent &event) {
  const Program &program = model.programs[model.tiles[event.tile].program];
  std::string name =
      event.kind == TraceEvent::Operation
          ? std::string(program.vectors[event.name].builtin->name)
      : event.kind == TraceEvent::Main ? program.functions[event.name].name
                                       : program.tasks[event.name].name;
  return event.unfinished ? name + " (unfinished)" : name;
}

static uint32_t eventLocation(const Model &model, const TraceEvent &event) {
  const Program &program = model.programs[model.tiles[event.tile].program];
  return event.kind == TraceEvent::Operation
             ? program.vectors[event.name].location
         : event.kind == TraceEvent::Main ? none
                                          : program.tasks[event.name].location;
}

namespace {
class Writer {
public:
  Writer(const Engine &engine, std::ofstream &out)
      : model(engine.model), out(out) {}

  void add(const Json &event) {
    // Names come from the image and need not be UTF-8.
    out << (first ? "\n" : ",\n")
        << event.dump(-1, ' ', false, Json::error_handler_t::replace);
    first = false;
  }
  void names(const std::vector<TraceEvent> &events);
  void event(const TraceEvent &event);
  void counters(const Engine &engine);

private:
  uint64_t processOf(uint32_t tile) const {
    return uint64_t(model.yOf(tile)) * model.width + model.xOf(tile) + 1;
  }

  const Model &model;
  std::ofstream &out;
  bool first = true;
};
} // namespace

void Writer::names(const std::vector<TraceEvent> &events) {
  std::set<std::pair<uint64_t, unsigned>> threads;
  std::set<std::pair<uint64_t, uint32_t>> tiles;
  for (const TraceEvent &event : events) {
    threads.insert({processOf(event.tile), event.thread});
    tiles.insert({processOf(event.tile), event.tile});
  }
  for (auto [process, tile] : tiles)
    add({{"ph", "M"},
         {"name", "process_name"},
         {"pid", process},
         {"args", {{"name", model.peName(tile)}}}});
  for (auto [process, thread] : threads)
    add({{"ph", "M"},
         {"name", "thread_name"},
         {"pid", process},
         {"tid", thread},
         {"args",
          {{"name", thread ? "microthread " + std::to_string(thread - 1)
                           : std::string("main")}}}});
}

void Writer::event(const TraceEvent &event) {
  Json json = {
      {"ph", "X"},
      {"name", eventName(model, event)},
      {"cat", event.kind == TraceEvent::Operation ? "operation" : "task"},
      {"pid", processOf(event.tile)},
      {"tid", unsigned(event.thread)},
      {"ts", event.begin},
      {"dur", event.end - event.begin}};
  std::string where = model.locationText(eventLocation(model, event));
  if (!where.empty())
    json["args"]["at"] = where;
  if (event.kind == TraceEvent::Operation)
    json["args"]["elements"] = event.elements;
  add(json);
}

void Writer::counters(const Engine &engine) {
  std::vector<TraceBuffer::Window> total;
  for (const std::unique_ptr<Strip> &strip : engine.strips) {
    total.resize(std::max(total.size(), strip->trace.windows.size()));
    for (size_t i = 0; i < strip->trace.windows.size(); ++i)
      for (unsigned port = 0; port < numPorts; ++port)
        total[i].wavelets[port] += strip->trace.windows[i].wavelets[port];
  }
  if (total.empty())
    return;
  add({{"ph", "M"},
       {"name", "process_name"},
       {"pid", 0},
       {"args", {{"name", "fabric"}}}});
  for (size_t i = 0; i < total.size(); ++i) {
    Json values;
    for (unsigned port = 0; port < numPorts; ++port)
      values[portNames[port]] = total[i].wavelets[port];
    add({{"ph", "C"},
         {"name", "wavelets per " + std::to_string(TraceBuffer::windowCycles) +
                      " cycles"},
         {"pid", 0},
         {"ts", i * TraceBuffer::windowCycles},
         {"args", values}});
  }
}

bool sim::writeTrace(const Engine &engine, uint64_t lastCycle,
                     const std::string &path, uint64_t maxEvents,
                     std::string &error) {
  std::vector<TraceEvent> events;
  uint64_t dropped = 0;
  for (const std::unique_ptr<Strip> &strip : engine.strips) {
    events.insert(events.end(), strip->trace.events.begin(),
                  strip->trace.events.end());
    dropped += strip->trace.dropped;
  }
  addUnfinished(engine, lastCycle, events);
  std::sort(events.begin(), events.end(),
            [](const TraceEvent &a, const TraceEvent &b) {
              return std::tie(a.recorded, a.tile, a.thread, a.begin, a.end,
                              a.kind, a.name) < std::tie(b.recorded, b.tile,
                                                         b.thread, b.begin,
                                                         b.end, b.kind, b.name);
            });
  if (events.size() > maxEvents) {
    dropped += events.size() - maxEvents;
    events.resize(maxEvents);
  }
  std::string temporary = path + ".tmp";
  std::ofstream out(temporary, std::ios::binary);
  out << "{\"displayTimeUnit\": \"ns\", \"otherData\": {\"time\": \"one "
         "microsecond is one cycle\"";
  if (dropped)
    out << ", \"notice\": \"" << dropped << " later events are left out\"";
  out << "}, \"traceEvents\": [";
  Writer writer(engine, out);
  writer.names(events);
  for (const TraceEvent &event : events)
    writer.event(event);
  writer.counters(engine);
  out << "\n]}\n";
  out.close();
  if (!out || std::rename(temporary.c_str(), path.c_str()) != 0) {
    std::remove(temporary.c_str());
    error = "cannot write the trace '" + path + "'";
    return false;
  }
  return true;
}
