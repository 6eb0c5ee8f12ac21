//===- Lower.h - steps from LLVM's form to machine code ---------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The steps behind Object.h.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_TARGET_OBJECT_LOWER_H
#define LIB_TARGET_OBJECT_LOWER_H

#include "spada/Machine/Host.h"
#include "spada/Target/Object.h"

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

namespace spada::cpu {

/// Tells LLVM what the marks of `cpu-point-loops` mean: memory accesses of
/// different iterations do not depend on each other.
void markParallelLoops(llvm::Module &module);

/// Buffers and arguments of tile functions do not overlap.
void markDistinctArguments(llvm::Module &module);

/// Tells LLVM that vectors which go around the caches are aligned, and waits
/// for them at the end of each function that writes some.
void finishStreams(llvm::Module &module);

/// The machine that `options` names; errors are reported at `op`.
std::unique_ptr<llvm::TargetMachine>
makeTargetMachine(mlir::Operation *op, const CpuCodeOptions &options);

void optimize(llvm::Module &module, llvm::TargetMachine &machine,
              const CpuCodeOptions &options);

/// False when there are no objects for this machine.
bool writeObject(llvm::Module &module, llvm::TargetMachine &machine,
                 llvm::SmallVectorImpl<char> &object);

llvm::Error fail(const llvm::Twine &message);
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef content);
/// Links the object file `object` to the library `path`.
llvm::Error linkLibrary(llvm::StringRef object, llvm::StringRef path,
                        bool useThreads);

/// The text of NAME.h and of NAME.py.
std::string printHeader(const StencilSignature &signature);
std::string printPythonModule(const StencilSignature &signature,
                              const Host &host);

} // namespace spada::cpu

#endif
