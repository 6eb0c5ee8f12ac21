//===- StencilCheck.cpp - spada check FILE.py::NAME -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Front end, extents and race rules for one stencil or all of a file, and the
// table of arguments that a caller needs.
//
//===----------------------------------------------------------------------===//

#include "StencilCommands.h"

#include "StencilArguments.h"
#include "StencilProgram.h"
#include "spada/Driver/Driver.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

static StringRef accessText(stencil::Access access) {
  switch (access) {
  case stencil::Access::None:
    return "unused";
  case stencil::Access::Read:
    return "read";
  case stencil::Access::Write:
    return "written";
  case stencil::Access::ReadWrite:
    return "changed";
  }
  return "";
}

/// "I -1..+1, K 0..+2": points touched beside the domain.
static std::string haloText(const CallArgument &argument) {
  std::string text;
  auto signedText = [](int64_t value) {
    return (value > 0 ? "+" : "") + std::to_string(value);
  };
  for (size_t n = 0; n < argument.axes.size(); ++n) {
    if (argument.lower[n] == 0 && argument.upper[n] == 0)
      continue;
    text += text.empty() ? "" : ", ";
    text += argument.axes[n];
    text += " " + signedText(-argument.lower[n]) + ".." +
            signedText(argument.upper[n]);
  }
  return text;
}

static void printRow(ArrayRef<std::string> cells, ArrayRef<size_t> widths) {
  std::string line = " ";
  for (size_t n = 0; n < cells.size(); ++n) {
    line += " " + cells[n];
    if (cells[n].size() < widths[n])
      line.append(widths[n] - cells[n].size(), ' ');
  }
  outs() << StringRef(line).rtrim() << "\n";
}

static void printTable(StencilProgram &program) {
  std::vector<std::vector<std::string>> rows = {
      {"argument", "type", "access", "halo"}};
  for (const CallArgument &argument : callArguments(program.op())) {
    std::string note = haloText(argument);
    if (argument.isOptional)
      note += note.empty() ? "may be None" : "; may be None";
    if (argument.hasDefault)
      note = "has a default";
    rows.push_back({argument.name, argument.typeText(),
                    accessText(argument.access).str(), note});
  }
  SmallVector<size_t> widths(4, 0);
  for (const auto &row : rows)
    for (size_t n = 0; n < row.size(); ++n)
      widths[n] = std::max(widths[n], row[n].size() + 1);
  int64_t levels =
      std::max<int64_t>(1, program.op().getMinLevels().value_or(1));
  outs() << program.name() << ": at least " << levels << " level"
         << (levels == 1 ? "" : "s") << "\n";
  for (const auto &row : rows)
    printRow(row, widths);
}

/// Checks one stencil; false after errors.
static bool checkOne(const StencilName &name, const GTScriptOptions &options,
                     ArrayRef<int64_t> domain, Errors &errors) {
  StencilProgram program;
  if (!program.load(name, options, errors))
    return false;
  StencilOptimizationOptions onlyChecks;
  onlyChecks.optimize = false;
  bool isRight = program.check(domain, onlyChecks);
  if (isRight)
    printTable(program);
  outs().flush();
  return isRight;
}

int spada::driver::checkStencil(const CommandSpec &spec,
                                const ParsedCommand &command) {
  Errors errors("check");
  rejectOptions(command, {"--param", "--compat", "--target"},
                "SpaDA kernels (.sptl)", errors);
  GTScriptOptions options = readStencilOptions(command, errors);
  std::vector<int64_t> domain = parseDomain(command, errors);
  if (errors.any())
    return exitRejected;
  StencilName name = StencilName::of(command.files[0]);
  std::vector<GTScriptStencil> stencils;
  if (name.isPython && name.name.empty()) {
    StencilProgram reader;
    if (!listGTScript(name.path, options, &reader.context(), stencils))
      return exitRejected;
    if (stencils.empty()) {
      errors.report("'" + name.path + "' holds no stencil",
                    "a stencil is a function with a 'with computation(...)'");
      return exitRejected;
    }
  }
  if (stencils.empty())
    return checkOne(name, options, domain, errors) ? exitDone : exitRejected;
  size_t wrong = 0;
  for (const GTScriptStencil &stencil : stencils)
    wrong +=
        !checkOne({name.path, stencil.name, true}, options, domain, errors);
  outs() << stencils.size() - wrong << " of " << stencils.size()
         << " stencils are right\n";
  return wrong ? exitRejected : exitDone;
}
