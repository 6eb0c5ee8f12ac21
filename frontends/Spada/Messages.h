//===- Messages.h - collected diagnostics of one file -----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Holds errors and warnings until the file is read, then reports them in the
// order of their places. A text may end in "; hint: ...", which becomes a note.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_SPADA_MESSAGES_H
#define SPADA_FRONTENDS_SPADA_MESSAGES_H

#include "frontends/Spada/AST.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <deque>

namespace spada::frontend {

/// "1 range", "2 ranges".
inline std::string counted(size_t n, llvm::StringRef what) {
  return (llvm::Twine(n) + " " + what + (n == 1 ? "" : "s")).str();
}

class Messages {
public:
  struct Message {
    bool isError;
    ast::Loc loc;
    std::string text;
    std::vector<std::pair<ast::Loc, std::string>> notes;

    Message &note(ast::Loc at, const llvm::Twine &noteText) {
      notes.emplace_back(at, noteText.str());
      return *this;
    }
  };

  Message &error(ast::Loc at, const llvm::Twine &text) {
    ++errors;
    return add(true, at, text);
  }
  Message &warn(ast::Loc at, const llvm::Twine &text) {
    return add(false, at, text);
  }
  bool hasErrors() const { return errors != 0; }

  void report(mlir::MLIRContext *context, llvm::StringRef file);

private:
  Message &add(bool isError, ast::Loc at, const llvm::Twine &text) {
    all.push_back({isError, at, text.str(), {}});
    return all.back();
  }

  std::deque<Message> all;
  size_t errors = 0;
};

} // namespace spada::frontend

#endif
