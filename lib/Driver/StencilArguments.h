//===- StencilArguments.h - the call of a GTScript stencil ------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What a stencil expects, what the command line gives, and whether the two fit:
// types, shapes, origins, the domain. Defaults and checks are GT4Py's. Runs
// nothing.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_STENCILARGUMENTS_H
#define SPADA_DRIVER_STENCILARGUMENTS_H

#include "CommandLine.h"
#include "dialects/Stencil/IR/StencilDialect.h"
#include "spada/Interp/StencilInterp.h"

namespace spada::driver {

/// One parameter of a stencil.
struct CallArgument {
  std::string name, dtype;
  stencil::Access access = stencil::Access::None;
  bool isScalar = false;
  bool isOptional = false; ///< a field that may be None
  bool hasDefault = false; ///< a scalar
  // Of fields:
  std::string axes; ///< "IJK", "" for tables
  std::vector<int64_t> dataDims;
  /// Points below and above the domain, for each of `axes`.
  std::vector<int64_t> lower, upper;

  bool isRead() const {
    return access == stencil::Access::Read ||
           access == stencil::Access::ReadWrite;
  }
  bool isWritten() const {
    return access == stencil::Access::Write ||
           access == stencil::Access::ReadWrite;
  }
  bool isUsed() const { return access != stencil::Access::None; }
  size_t rank() const { return axes.size() + dataDims.size(); }
  /// "Field[IJK, f64]", "Field[IJ, f32, (3, 2)]", "table f64 (7,)", "f64".
  std::string typeText() const;
};

/// The parameters of `program`, whose extents are known, in source order.
std::vector<CallArgument> callArguments(stencil::ProgramOp program);

/// `origins` of the command line: by field, and under an empty name for all.
struct StencilOrigins {
  std::map<std::string, std::vector<int64_t>> named;
  std::vector<int64_t> all;
};

/// `I,J,K` as numbers; an error is reported. At most `most` of them.
std::vector<int64_t> parseNumbers(llvm::StringRef text, llvm::StringRef option,
                                  size_t most, Errors &errors);

/// The sizes that `--domain` gives; empty without it and after a report.
std::vector<int64_t> parseDomain(const ParsedCommand &command, Errors &errors);

/// What the options `--domain`, `--origin`, `--in`, `--set` and `--out` say.
struct StencilInputs {
  std::vector<int64_t> domain; ///< empty: as large as the fields allow
  StencilOrigins origins;
  NamedValues arrays, scalars, outputs;
};
StencilInputs readStencilInputs(const CommandSpec &spec,
                                const ParsedCommand &command, Errors &errors);

/// Loads arrays, settles origins and domain, and checks everything that GT4Py
/// checks before a call. Fields that are only written and have no array start
/// as zeros. Everything wrong is reported.
StencilCall prepareCall(llvm::ArrayRef<CallArgument> arguments,
                        int64_t minLevels, const StencilInputs &inputs,
                        Errors &errors);

} // namespace spada::driver

#endif
