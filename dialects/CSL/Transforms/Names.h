//===- Names.h - identifiers of CSL text ------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A set of taken names that hands out legal, unused ones.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_CSL_TRANSFORMS_NAMES_H
#define DIALECTS_CSL_TRANSFORMS_NAMES_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <string>

namespace spada {

/// Is `name` a keyword, type or predeclared value of CSL?
bool isReservedCSLName(llvm::StringRef name);

/// `name` with characters that CSL identifiers lack replaced: `x#3` becomes
/// `x__3`.
std::string legalCSLName(llvm::StringRef name);

/// Names taken so far. Scopes nest: `close` gives back what was taken since the
/// matching `open`.
class CSLNames {
public:
  /// Takes a legal name like `hint`, with a number behind it if that one is
  /// taken.
  std::string take(llvm::StringRef hint);
  /// Takes `hint0`, `hint1`, ..., the first one that is free.
  std::string takeNumbered(llvm::StringRef hint);
  void open() { marks.push_back(order.size()); }
  void close();

private:
  bool tryTake(const std::string &name);

  llvm::StringSet<> taken;
  llvm::SmallVector<std::string> order;
  llvm::SmallVector<size_t> marks;
};

} // namespace spada

#endif
