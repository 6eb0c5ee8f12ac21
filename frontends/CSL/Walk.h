//===- Walk.h - facts about a statement's text ------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_WALK_H
#define SPADA_FRONTENDS_CSL_WALK_H

#include "AST.h"

#include <set>

namespace spada::cslfront {

/// What stands somewhere in a statement.
struct StmtFacts {
  std::set<Name> assigned;     ///< names before an assignment
  std::set<Name> addressTaken; ///< names behind `&`
  std::set<Name> labels;       ///< of 'break' and 'continue'
  bool returns = false, breaks = false, continues = false;
};
StmtFacts factsOf(const Stmt &stmt);

/// Does the text leave no way past the statement but by 'return'?
bool endsInReturn(const Stmt &stmt);

/// Does a 'return' stand anywhere but at the end of the body?
bool returnsEarly(const Stmt &body);

} // namespace spada::cslfront

#endif
