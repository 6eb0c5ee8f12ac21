//===- Check.h - the checks behind `spada check` ----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Verdicts on a kernel in concrete form: edges, routes, colors, queues, element
// counts, unordered sends, data races and memory. Deadlock by schedule is the
// interpreter's matter.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_ANALYSIS_CHECK_H
#define SPADA_ANALYSIS_CHECK_H

#include "spada/Analysis/Flows.h"

namespace spada {

enum class Verdict { Yes, No, Undecided };

/// One property and what is known about it.
struct CheckResult {
  std::string property; ///< "routing", "element counts", "ordered streams",
                        ///< "data races", "argument bounds", "memory"
  Verdict verdict = Verdict::Yes;
  std::string detail; ///< counterexample or reason in one line; empty for Yes
  mlir::Location location; ///< where the detail is seen; the kernel's for Yes
};

/// The verdicts, in fixed order. Several results of one property are possible;
/// each property has at least one.
struct CheckReport {
  std::vector<CheckResult> results;
  int64_t fieldBytesMax = 0; ///< of the class with the most
  bool holds() const;        ///< no No and no Undecided
  bool fails() const;        ///< at least one No
};

/// Runs the checks that `analyze` does not make on an analysed kernel. Reports
/// nothing by itself.
CheckReport checkAnalysed(const KernelAnalysis &analysis,
                          const Machine &machine);

/// Runs `analyze` and all checks; every No is reported as an error and every
/// Undecided as a warning. Succeeds when nothing is No. `report`, when given,
/// receives the verdicts (only "routing" when `analyze` fails).
mlir::LogicalResult checkKernel(KernelOp kernel, const Machine &machine,
                                CheckReport *report = nullptr);

} // namespace spada

#endif
