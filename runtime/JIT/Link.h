//===- Link.h - links an object into this process ---------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef RUNTIME_JIT_LINK_H
#define RUNTIME_JIT_LINK_H

#include "llvm/ExecutionEngine/Orc/LLJIT.h"

namespace spada::jit {

/// Links `object` with the symbols of this process and of the library
/// `openMPLibrary`, if that is not empty, and writes the addresses of `names`.
/// Null and `problem` when that cannot be done.
std::unique_ptr<llvm::orc::LLJIT>
link(llvm::ArrayRef<char> object, const std::string &openMPLibrary,
     llvm::ArrayRef<std::pair<std::string, llvm::orc::ExecutorAddr *>> names,
     std::string &problem);

} // namespace spada::jit

#endif
