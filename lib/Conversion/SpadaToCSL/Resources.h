//===- Resources.h - queues and microthreads of a class ---------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Gives each stream direction of a class its queue and, where the machine has
// explicit ones, its microthread, such that transfers that are under way
// together never share one.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_SPADATOCSL_RESOURCES_H
#define LIB_CONVERSION_SPADATOCSL_RESOURCES_H

#include "Emitter.h"

namespace spada {

/// Fills `input.inputs` and `input.outputs`. `colorOf` gives the color of
/// body.streams[k] in a direction. Running out of queues or microthreads is an
/// error that says which streams hold them.
mlir::LogicalResult
assignQueues(EmitterInput &input,
             llvm::function_ref<int64_t(unsigned stream, bool isSend)> colorOf,
             llvm::function_ref<std::string(unsigned stream)> nameOf);

} // namespace spada

#endif
