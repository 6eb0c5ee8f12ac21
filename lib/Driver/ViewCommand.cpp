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
#include "llvm/Support/MemoryBuffer.h"

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

/// The contents of a file, or null after a report.
static std::unique_ptr<MemoryBuffer> readFile(StringRef path, Errors &errors) {
  auto buffer = MemoryBuffer::getFile(path);
  if (buffer)
    return std::move(*buffer);
  errors.report("cannot read '" + path + "': " + buffer.getError().message());
  return nullptr;
}

static void checkOutput(StringRef output, Errors &errors) {
  if (output.empty())
    errors.report("no file for the picture", "add -o FILE.html or -o FILE.svg");
  else if (output != "-" && !output.ends_with(".svg") &&
           !output.ends_with(".html"))
    errors.report("option '--output' expects a name that ends in .html or "
                  ".svg, got '" +
                  output + "'");
}

namespace {
/// What is drawn.
struct Subject {
  Json report = Json::object();
  std::unique_ptr<MemoryBuffer> trace;
  StringRef traceName;
};
} // namespace

/// Finds out what FILE is; false: everything has been reported.
static bool readSubject(const CommandSpec &spec, const ParsedCommand &command,
                        Subject &subject, Errors &errors) {
  StringRef path = command.files[0];
  if (path.ends_with(".sptl") || path.ends_with(".mlir") || path == "-") {
    std::optional<Json> report = compileForView(spec, command, errors);
    if (!report)
      return false;
    subject.report = std::move(*report);
  } else {
    for (StringRef option : {"--param", "--target", "--compat"})
      if (command.has(option))
        errors.report("option '" + option + "' is for programs, '" + path +
                      "' is a report or a trace");
    std::unique_ptr<MemoryBuffer> text = readFile(path, errors);
    if (errors.any())
      return false;
    if (isTrace(text->getBuffer())) {
      subject.trace = std::move(text);
      subject.traceName = path;
    } else {
      Expected<Json> report = parseJson(text->getBuffer(), path);
      if (!report) {
        errors.report(toString(report.takeError()),
                      "expected a .sptl file, a report or a trace");
        return false;
      }
      subject.report = std::move(*report);
    }
  }
  if (command.has("--trace")) {
    subject.traceName = command.get("--trace");
    subject.trace = readFile(subject.traceName, errors);
  }
  return !errors.any();
}

int spada::driver::viewCommand(const CommandSpec &spec,
                               const ParsedCommand &command) {
  Errors errors("view");
  StringRef output = command.get("--output");
  checkChoice(command, "--target", wafers(), errors);
  checkOutput(output, errors);
  Subject subject;
  if (errors.any() || !readSubject(spec, command, subject, errors))
    return exitRejected;
  Expected<std::string> page =
      reportPage(subject.report, command.files[0],
                 subject.trace ? subject.trace->getBuffer() : "",
                 subject.traceName, output.ends_with(".svg"));
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
