//===- Tidy.cpp - a program in the order of its source --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Declarations come into being where code first refers to them. Memory is laid
// out as the source declares it all the same, and what libraries wrap in a
// function costs no call where it is one instruction.
//
//===----------------------------------------------------------------------===//

#include "Program.h"

using namespace spada;
using namespace spada::cslfront;

/// Is the body nothing but `csl.host_unblock`?
static bool onlyUnblocks(csl::FuncOp function) {
  mlir::Block &body = function.getBody().front();
  return body.getNumArguments() == 0 && body.getOperations().size() == 2 &&
         mlir::isa<csl::HostUnblockOp>(body.front());
}

void Program::inlineUnblock() {
  llvm::SmallVector<csl::FuncOp> functions;
  for (auto function : op.getBody().getOps<csl::FuncOp>())
    if (onlyUnblocks(function))
      functions.push_back(function);
  for (csl::FuncOp function : functions) {
    op.walk([&](csl::CallOp call) {
      if (call.getCallee() != function.getSymName())
        return;
      mlir::OpBuilder builder(call);
      builder.create<csl::HostUnblockOp>(call.getLoc());
      call.erase();
    });
    if (mlir::SymbolTable::symbolKnownUseEmpty(function, op))
      function.erase();
  }
}

void Program::orderMemory() {
  std::map<llvm::StringRef, size_t> files;
  for (const auto &source : c.sources)
    files.try_emplace(source->path, files.size());
  auto orderOf = [&](mlir::Operation *decl, size_t index) {
    auto line = mlir::dyn_cast<mlir::FileLineColLoc>(decl->getLoc());
    auto file = line ? files.find(line.getFilename()) : files.end();
    bool isKnown = file != files.end();
    return std::tuple(isKnown ? file->second : files.size(),
                      isKnown ? line.getLine() : 0,
                      isKnown ? line.getColumn() : 0, index);
  };
  using Place = decltype(orderOf(nullptr, 0));
  std::vector<std::pair<Place, mlir::Operation *>> memory;
  for (mlir::Operation &decl : op.getBody().front())
    if (mlir::isa<csl::VariableOp, csl::PointerOp>(decl))
      memory.push_back({orderOf(&decl, memory.size()), &decl});
  std::sort(memory.begin(), memory.end());
  mlir::Block &body = op.getBody().front();
  for (const auto &[place, decl] : llvm::reverse(memory))
    decl->moveBefore(&body, body.begin());
}
