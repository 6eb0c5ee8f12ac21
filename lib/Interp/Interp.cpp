//===- Interp.cpp - the entry of the reference interpreter ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Set up, run, report. What a kernel means is in Statements.cpp and Scalar.cpp.
//
//===----------------------------------------------------------------------===//

#include "World.h"

using namespace spada;

InterpResult spada::interpret(KernelOp kernel,
                              const std::map<std::string, Array> &inputs,
                              const std::map<std::string, double> &scalars,
                              std::map<std::string, Array> &outputs,
                              const InterpOptions &options) {
  interp::World world(kernel, options);
  if (world.setUp(inputs, scalars)) {
    world.run();
    world.reportEnd();
  }
  if (world.result.status == InterpResult::Finished)
    world.takeOutputs(outputs);
  return std::move(world.result);
}
