//===- CslcOptions.h - the command line of `cslc` ---------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_LIB_DRIVER_CSLCOPTIONS_H
#define SPADA_LIB_DRIVER_CSLCOPTIONS_H

#include "spada/Frontend/CSL.h"

#include "llvm/Support/Error.h"

namespace spada {

struct CslcOptions {
  CSLOptions frontend;
  std::string layout;         ///< the layout file
  std::string output = "out"; ///< folder
  std::string sdkLayout;      ///< description of a layout made in Python
  bool memcpy = false, verbose = false, help = false, version = false;
  bool emitMLIR = false; ///< print the csl dialect instead of writing files
  int64_t channels = 1, westBuffer = 0, eastBuffer = 0;
};

/// Options take their value behind `=` or as the next word.
llvm::Expected<CslcOptions> parseCslcOptions(int argc, char **argv);

/// What `--help` prints.
llvm::StringRef cslcUsage();

} // namespace spada

#endif
