//===- StencilCall.h - steps of preparing a call ----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What StencilArguments.cpp and StencilCall.cpp share.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_STENCILCALL_H
#define SPADA_DRIVER_STENCILCALL_H

#include "StencilArguments.h"

namespace spada::driver {

/// Loads the arrays and parses the scalars of the command line.
void readCall(llvm::ArrayRef<CallArgument> arguments,
              const StencilInputs &inputs, StencilCall &call, Errors &errors);

void reportUnknownArgument(llvm::ArrayRef<CallArgument> arguments,
                           llvm::StringRef name, llvm::StringRef option,
                           Errors &errors);

} // namespace spada::driver

#endif
