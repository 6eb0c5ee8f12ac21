//===- Files.h - files that appear whole or not at all ----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Atomic writes of files and of sets of files. Nothing about their contents.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SUPPORT_FILES_H
#define SPADA_SUPPORT_FILES_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <string>

namespace spada {

/// Writes what `write` prints to a temporary beside `path`, then renames it.
/// "-" is standard output; a device or pipe is written in place. On failure no
/// file is left, and an older one stays as it was.
llvm::Error
writeFileAtomically(llvm::StringRef path,
                    llvm::function_ref<void(llvm::raw_ostream &)> write);

/// Writes `files` (name to contents) into `directory`, made if need be. All of
/// them are complete in a temporary directory before the first is renamed.
llvm::Error
writeFilesAtomically(llvm::StringRef directory,
                     const std::map<std::string, std::string> &files);

} // namespace spada

#endif
