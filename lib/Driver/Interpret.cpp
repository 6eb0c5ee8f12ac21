//===- Interpret.cpp - run a kernel on the interpreter --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Arrays in, arrays out, and the interpreter's verdict as an Outcome.
//
//===----------------------------------------------------------------------===//

#include "Execute.h"

#include "spada/Interp/Interp.h"
#include "llvm/ADT/APFloat.h"
#include <chrono>

using namespace llvm;
using namespace spada;
using namespace spada::driver;

/// The value of a rank-0 array; exact for every SpaDA scalar.
static double scalarValue(const Array &array) {
  uint64_t raw = 0;
  for (size_t n = 0; n < array.bytes.size(); ++n)
    raw |= uint64_t(array.bytes[n]) << (8 * n);
  unsigned width = array.bytes.size() * 8;
  APInt bits(width, raw);
  StringRef dtype = array.dtype;
  if (dtype == "f16")
    return APFloat(APFloat::IEEEhalf(), bits).convertToDouble();
  if (dtype == "f32")
    return APFloat(APFloat::IEEEsingle(), bits).convertToDouble();
  if (dtype == "f64")
    return APFloat(APFloat::IEEEdouble(), bits).convertToDouble();
  return dtype.starts_with("i") ? bits.signedRoundToDouble()
                                : bits.roundToDouble();
}

static void classify(InterpResult::Status status, Outcome &outcome) {
  switch (status) {
  case InterpResult::Finished:
    outcome.status = "finished";
    outcome.exitCode = exitDone;
    return;
  case InterpResult::Deadlocked:
    outcome.status = "deadlocked";
    outcome.exitCode = exitWrong;
    return;
  case InterpResult::Trapped:
    outcome.status = "trapped";
    outcome.exitCode = exitWrong;
    return;
  case InterpResult::Rejected:
    outcome.status = "rejected";
    outcome.exitCode = exitRejected;
    return;
  }
}

Outcome spada::driver::interpret(KernelOp kernel,
                                 ArrayRef<HostArgument> arguments,
                                 const HostArrays &inputs) {
  std::map<std::string, Array> arrays, outputs;
  std::map<std::string, double> scalars;
  for (const HostArgument &argument : arguments) {
    auto given = inputs.find(argument.name);
    if (given == inputs.end())
      continue;
    if (argument.isScalar)
      scalars[argument.name] = scalarValue(given->second);
    else
      arrays[argument.name] = given->second;
  }
  Outcome outcome;
  if (auto grid = kernel->getAttrOfType<mlir::DenseI64ArrayAttr>("grid")) {
    outcome.width = grid[0];
    outcome.height = grid[1];
  }
  auto begin = std::chrono::steady_clock::now();
  InterpResult result = spada::interpret(kernel, arrays, scalars, outputs);
  std::chrono::duration<double> spent =
      std::chrono::steady_clock::now() - begin;
  outcome.simulateSeconds = spent.count();
  classify(result.status, outcome);
  outcome.message = result.text();
  if (outcome.exitCode != exitDone)
    result.emitDiagnostics(kernel.getLoc());
  for (const HostArgument &argument : arguments) {
    auto made = outputs.find(argument.name);
    if (outcome.exitCode == exitDone && argument.isOutput &&
        made != outputs.end())
      outcome.outputs.emplace(argument.name, std::move(made->second));
  }
  return outcome;
}
