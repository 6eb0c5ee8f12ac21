//===- Banks.h - arrays in different memory banks ---------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Placement of arrays such that the two memory sources of a vector operation
// are not read from one bank, which would halve its rate.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_SPADATOCSL_BANKS_H
#define LIB_CONVERSION_SPADATOCSL_BANKS_H

#include "dialects/CSL/IR/CSLDialect.h"
#include "spada/Machine/Machine.h"

namespace spada {

/// Aligns the arrays of `program` that are read together and starts some of
/// them a few elements later. Exported arrays and those that scalar code
/// indexes stay at their first element.
void separateBanks(csl::ProgramOp program, const Machine &machine);

} // namespace spada

#endif
