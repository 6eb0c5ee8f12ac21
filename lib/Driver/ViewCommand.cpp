//===- ViewCommand.cpp - spada view ---------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Draws a program's fabric, a report or a trace as HTML or SVG.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Compile.h"
#include "Picture.h"
#include "spada/Driver/Driver.h"
#include "spada/Support/Files.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

CommandSpec spada::driver::viewSpec() {
  CommandSpec spec;
  spec.name = "view";
  spec.summary = "draw the fabric of a program, a report or a trace";
  spec.usage = "spada view FILE [--trace FILE.json] -o OUT.html|OUT.svg";
  spec.fileKind = "a .sptl file, a report or a trace";
  spec.description =
      "FILE is a program (compiled for --target with its parameters), a report "
      "of 'spada run\n--report', or a trace of 'spada run --trace'. The "
      "picture shows PE classes, the route of\nevery color and, from a report, "
      "the busiest links; a trace is drawn as a timeline. Long\nuniform "
      "stretches of a large fabric are cut out and counted.";
  spec.options = programOptions();
  std::vector<OptionSpec> own = {
      {"--target", "-t", "NAME", "wse2 or wse3, for programs; default wse2"},
      {"--trace", "", "FILE.json", "draw this trace below the fabric"},
      {"--output", "-o", "FILE",
       "picture to write: .html or .svg; '-' prints HTML"}};
  spec.options.insert(spec.options.end(), own.begin(), own.end());
  spec.examples =
      "spada view laplacian.sptl -p I=8 -p J=8 -p K=16 -o fabric.html\n"
      "spada view report.json --trace run.trace -o run.html\n"
      "spada view run.trace -o timeline.svg";
  return spec;
}

static bool isJsonFile(StringRef path) {
  return path.ends_with(".json") || path.ends_with(".trace");
}

/// Compiles a program into something shaped like a report.
static std::optional<Json> compileForView(const CommandSpec &spec,
                                          const ParsedCommand &command,
                                          Errors &errors) {
  Program program;
  Compiled compiled;
  CompileFacts facts;
  facts.file = command.files[0];
  facts.target = command.get("--target", "wse2").str();
  if (!prepareProgram(spec, command, program, facts.parameters, errors) ||
      failed(compile(program, {.streamNames = true}, compiled, facts)))
    return std::nullopt;
  Json report = {{"fabric", fabricToJson(compiled.fabric)}};
  report["pe_classes"] = *facts.peClasses;
  report["colors"] = *facts.colors;
  report["bytes_per_pe"] = *facts.bytesPerPe;
  report["csl_lines"] = *facts.cslLines;
  return report;
}

/// Reads a JSON file; reports what is wrong with it.
static std::optional<Json> readOrReport(StringRef path, Errors &errors) {
  Expected<Json> json = readJson(path);
  if (json)
    return std::move(*json);
  errors.report(toString(json.takeError()));
  return std::nullopt;
}

int spada::driver::viewCommand(const CommandSpec &spec,
                               const ParsedCommand &command) {
  Errors errors("view");
  checkChoice(command, "--target", wafers(), errors);
  StringRef path = command.files[0], output = command.get("--output");
  bool asSvg = output.ends_with(".svg");
  if (output.empty())
    errors.report("no file for the picture", "add -o FILE.html or -o FILE.svg");
  else if (!asSvg && output != "-" && !output.ends_with(".html"))
    errors.report("option '--output' expects a name that ends in .html or "
                  ".svg, got '" +
                  output + "'");
  if (errors.any())
    return exitRejected;

  std::optional<Json> report = isJsonFile(path)
                                   ? readOrReport(path, errors)
                                   : compileForView(spec, command, errors);
  if (!report)
    return exitRejected;
  std::optional<Json> trace;
  StringRef traceName = command.get("--trace");
  if (command.has("--trace")) {
    trace = readOrReport(traceName, errors);
  } else if (report->is_array() || report->contains("traceEvents")) {
    trace = std::move(report);
    report = Json::object();
    traceName = path;
  }
  if (errors.any())
    return exitRejected;
  Expected<std::string> page =
      reportPage(*report, path, trace ? &*trace : nullptr, traceName, asSvg);
  if (!page) {
    errors.report(toString(page.takeError()));
    return exitRejected;
  }
  if (Error error =
          writeFileAtomically(output, [&](raw_ostream &os) { os << *page; })) {
    errors.report(toString(std::move(error)));
    return exitRejected;
  }
  return exitDone;
}
