//===- Report.h - what is told about a run ----------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The JSON report, the summary for people, and the facts on a page. The
// fields are described in docs/report.md.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_REPORT_H
#define SPADA_DRIVER_REPORT_H

#include "Execute.h"

namespace spada::driver {

/// What compiling gave; counts are absent for the interpreter.
struct CompileFacts {
  std::string file, kernel, target;
  NamedValues parameters;
  std::optional<int64_t> peClasses, colors, bytesPerPe, cslLines, cslFiles;
  double compileSeconds = 0;
};

Json reportJson(const CompileFacts &facts, const Outcome &outcome,
                const Fabric *fabric, const NamedValues &outputFiles);

/// Three significant digits, with a unit of time that fits.
std::string timeText(double seconds);

/// A few lines for a terminal; files written are named.
void printSummary(const CompileFacts &facts, const Outcome &outcome,
                  llvm::raw_ostream &os);

/// Name and value of what is worth showing above a picture.
std::vector<std::pair<std::string, std::string>>
reportFacts(const Json &report);

/// A page of a report: its fabric when it has one, and `trace` (text of a
/// trace file) when not empty.
llvm::Expected<std::string> reportPage(const Json &report, llvm::StringRef name,
                                       llvm::StringRef trace,
                                       llvm::StringRef traceName, bool asSvg);

} // namespace spada::driver

#endif
