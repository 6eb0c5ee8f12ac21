//===- Dump.h - the syntax tree as text -------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_DUMP_H
#define SPADA_FRONTENDS_CSL_DUMP_H

#include "frontends/CSL/AST.h"

namespace spada::cslfront {

/// Nested lists: one declaration or statement a line, indented by its blocks.
std::string dump(const Source &source, const NameTable &names);

} // namespace spada::cslfront

#endif
