//===- Dump.h - the syntax tree as text --------------------------*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// For tests and for looking at what the parser made of a file.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_GTSCRIPT_DUMP_H
#define SPADA_FRONTENDS_GTSCRIPT_DUMP_H

#include "frontends/GTScript/AST.h"

namespace spada::gtscript::ast {

/// "(binary + (name a) (int 1))"
std::string dump(const Expr &expr);
/// One statement a line, blocks indented, definitions where they stand.
std::string dump(const Module &module);

} // namespace spada::gtscript::ast

#endif
