//===- Compile.cpp - from concrete form to CSL and an image ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Calls the pipeline and the emitters, and counts what they made.
//
//===----------------------------------------------------------------------===//

#include "Compile.h"

#include "dialects/CSL/IR/CSLDialect.h"
#include "spada/Analysis/Flows.h"
#include "spada/Target/CSL.h"
#include "spada/Target/SimImage.h"
#include "llvm/ADT/StringExtras.h"
#include <chrono>
#include <set>

using namespace llvm;
using namespace spada;
using namespace spada::driver;

static double now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Stopwatch::Stopwatch() : start(now()) {}

double Stopwatch::seconds() const { return now() - start; }

std::vector<StringRef> spada::driver::wafers() {
  static const std::vector<std::string> names = builtinMachineNames();
  return {names.begin(), names.end()};
}

/// Bytes of the variables of the program that has most.
static int64_t bytesPerPe(mlir::ModuleOp module) {
  int64_t most = 0;
  for (csl::ProgramOp program : module.getOps<csl::ProgramOp>()) {
    int64_t bytes = 0;
    for (auto variable : program.getBody().getOps<csl::VariableOp>()) {
      auto type = dyn_cast<mlir::MemRefType>(variable.getType());
      if (!type || !type.hasStaticShape())
        continue;
      int64_t bits = type.getElementType().getIntOrFloatBitWidth();
      bytes += type.getNumElements() * std::max<int64_t>(1, bits / 8);
    }
    most = std::max(most, bytes);
  }
  return most;
}

/// The streams that each color carries.
static mlir::FailureOr<std::map<int64_t, std::string>>
streamNames(KernelOp kernel, StringRef arch) {
  auto analysis = analyze(kernel, machineOf(arch));
  if (failed(analysis))
    return mlir::failure();
  std::map<int64_t, std::set<std::string>> names;
  for (const SubFlow &subflow : analysis->subflows)
    names[subflow.color].insert(analysis->flows[subflow.flow].name);
  for (const HostStream &stream : analysis->hostStreams) {
    ArgumentOp argument = stream.argument;
    names[stream.color].insert(argument.getName().str());
  }
  std::map<int64_t, std::string> result;
  for (const auto &[color, set] : names)
    result[color] = join(set, ", ");
  return result;
}

mlir::LogicalResult spada::driver::compile(Program &program, CompileWants wants,
                                           Compiled &compiled,
                                           CompileFacts &facts) {
  std::map<int64_t, std::string> names;
  if (wants.streamNames) {
    auto found = streamNames(program.kernel(), facts.target);
    if (failed(found))
      return mlir::failure();
    names = std::move(*found);
  }
  Stopwatch watch;
  if (failed(program.advance(Phase::CSL, facts.parameters, facts.target)))
    return mlir::failure();
  mlir::ModuleOp module = program.module();
  if (failed(emitCSL(module, compiled.csl)) ||
      (wants.image && failed(packSimImage(module, compiled.image))))
    return mlir::failure();
  compiled.fabric = fabricOf(module);
  compiled.fabric.colorNames = std::move(names);
  facts.kernel = program.name().str();
  facts.peClasses = compiled.fabric.classes.size();
  facts.colors = compiled.fabric.colors().size();
  facts.bytesPerPe = bytesPerPe(module);
  int64_t lines = 0, files = 0;
  for (const auto &[name, text] : compiled.csl)
    if (StringRef(name).ends_with(".csl")) {
      lines += StringRef(text).count('\n');
      ++files;
    }
  facts.cslLines = lines;
  facts.cslFiles = files;
  facts.compileSeconds += watch.seconds();
  return mlir::success();
}
