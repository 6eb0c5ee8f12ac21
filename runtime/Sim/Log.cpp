//===- Log.cpp - what the PEs print ---------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Lines of all strips in the order of cycles and PEs.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

#include <fstream>
#include <tuple>

using namespace spada;
using namespace spada::sim;

bool Engine::openLog() {
  if (options.logPath.empty())
    return true;
  logStarted = true;
  return bool(std::ofstream(options.logPath, std::ios::trunc));
}

void Engine::flushLog() {
  // The lines of one PE are all in one strip and in order there.
  std::vector<std::tuple<uint64_t, uint32_t, size_t, std::string>> lines;
  for (std::unique_ptr<Strip> &strip : strips) {
    for (LogLine &line : strip->log)
      lines.emplace_back(line.cycle, line.tile, lines.size(),
                         std::move(line.text));
    strip->log.clear();
  }
  if (options.logPath.empty())
    return;
  std::sort(lines.begin(), lines.end());
  std::ofstream out(options.logPath,
                    logStarted ? std::ios::app : std::ios::trunc);
  logStarted = true;
  for (const auto &[cycle, tile, order, text] : lines)
    out << "@" << cycle << " " << text << "\n";
}
