//===- StencilTargets.cpp - the executors of GTScript stencils ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Picks the executor. Compiler work is in Conversion, Target and Pipelines.
//
//===----------------------------------------------------------------------===//

#include "StencilTargets.h"

#include "Arguments.h"
#include "spada/Support/Npy.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

StringRef spada::driver::defaultStencilTarget() { return "cpu"; }

std::vector<StringRef> spada::driver::stencilTargets() {
  std::vector<StringRef> names = {"cpu", "interp"};
  append_range(names, wafers());
  return names;
}

Array spada::driver::scalarValue(stencil::ProgramOp program, unsigned index,
                                 const StencilCall &call) {
  auto given = call.scalars.find(program.getArgName(index).str());
  if (given != call.scalars.end())
    return given->second;
  mlir::Attribute fallback = program.getArgAttr(index, "stencil.default");
  APInt bits(64, 0);
  if (auto number = dyn_cast_if_present<mlir::FloatAttr>(fallback))
    bits = number.getValue().bitcastToAPInt();
  else if (auto number = dyn_cast_if_present<mlir::IntegerAttr>(fallback))
    bits = number.getValue();
  Array value;
  value.dtype = dtypeName(program.getArgumentTypes()[index]);
  uint64_t raw = bits.getZExtValue();
  for (int64_t n = 0; n < elementBytes(value.dtype); ++n)
    value.bytes.push_back(static_cast<uint8_t>(raw >> (8 * n)));
  return value;
}

static Outcome runOnInterp(StencilProgram &program, const StencilTarget &target,
                           StencilCall &call) {
  if (target.explains)
    outs() << "interp: every statement for all points of a plane, in the order "
              "of the source\n";
  StencilInterpOptions options;
  options.trapUndefined = target.trapUndefined;
  Stopwatch watch;
  InterpResult result = interpretStencil(program.op(), call, options);
  Outcome outcome;
  outcome.simulateSeconds = watch.seconds();
  outcome.message = result.text();
  outcome.status = "finished";
  if (result.status == InterpResult::Finished)
    return outcome;
  outcome.exitCode =
      result.status == InterpResult::Rejected ? exitRejected : exitWrong;
  outcome.status = outcome.exitCode == exitWrong ? "trapped" : "rejected";
  result.emitDiagnostics(program.op().getLoc());
  return outcome;
}

Outcome spada::driver::runOnTarget(StencilProgram &program,
                                   const StencilTarget &target,
                                   StencilCall &call, CompileFacts &facts,
                                   Errors &errors) {
  if (target.name == "interp")
    return runOnInterp(program, target, call);
  if (target.name == "cpu")
    return runOnCpu(program, target, call, facts, errors);
  return runOnWafer(program, target, call, facts, errors);
}
