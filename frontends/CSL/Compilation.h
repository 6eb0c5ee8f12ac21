//===- Compilation.h - what one run of the CSL front end shares -*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Sources, names, types, module instances and the errors thrown among them.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_COMPILATION_H
#define SPADA_FRONTENDS_CSL_COMPILATION_H

#include "Value.h"

#include "spada/Frontend/CSL.h"

#include "mlir/IR/MLIRContext.h"

#include <set>

namespace spada::cslfront {

/// A rejected program; thrown to the border of this library.
struct CompileError {
  Loc loc;
  std::string message;
  std::vector<std::pair<Loc, std::string>> notes; ///< innermost call first
};

/// Thrown where PEs that share a program need different code: the values of
/// `condition` part them.
struct SplitGroup {
  const SymExpr *condition;
};

struct DeclState {
  const Decl *decl = nullptr;
  enum State : uint8_t { Untouched, Resolving, Done } state = Untouched;
  Value value;              ///< const and param; storage of a layout's var
  GlobalVar *var = nullptr; ///< of a var
  FunctionRef function;
};

/// One import of a file.
struct ModuleInstance {
  Source *source = nullptr;
  std::vector<DeclState> states;
  std::unordered_map<Name, uint32_t> byName;
  std::unordered_map<Name, Value> bound; ///< values for params
  std::string suffix; ///< makes symbols of several instances different
  bool blocksDone = false;
  unsigned depth = 0; ///< imports that led here
};

/// A `var`, or a constant that needs memory.
struct GlobalVar {
  const Type *type = nullptr;
  Value init; ///< none: zero
  const Decl *decl = nullptr;
  Loc loc;
  std::string name;   ///< wanted
  std::string symbol; ///< in the program; empty: not used yet
  std::string linkName;
  int64_t align = 0;
  bool isConst = false;
  GlobalVar *target = nullptr;   ///< a pointer's initial value
  const DsdConst *dsd = nullptr; ///< a descriptor's initial value
};

class Sema;
using Builtin = Value (*)(Sema &sema, const Expr &call);

class Compilation {
public:
  Compilation(mlir::MLIRContext &context, const CSLOptions &options);

  /// The parsed file `path`; errors name `at`.
  Source &load(const std::string &path, Loc at);
  /// Text of a file that is not a library; none when it cannot be read.
  std::optional<std::string> readText(const std::string &path) const;
  /// Finds what `@import_module(path)` in `from` means.
  std::string findImport(const std::string &path, const Source *from, Loc at);

  mlir::MLIRContext &context;
  const CSLOptions &options;
  NameTable names;
  TypeContext types;
  Arena arena;
  std::deque<std::unique_ptr<Source>> sources;
  std::map<std::string, Source *> sourceByPath;
  std::deque<ModuleInstance> instances;
  std::deque<GlobalVar> variables;
  std::deque<PointerValue> pointers;
  std::deque<DsdConst> dsds;
  std::deque<RangeValue> ranges;
  std::deque<SymExpr> symbolics;
  std::set<std::string> strings;
  std::map<std::pair<const void *, std::string>, const Type *> localTypes;
  std::unordered_map<Name, Builtin> builtins;
  bool isWse3() const { return options.arch == "wse3"; }
  Loc nowhere;
  /// Where the stack was; how deep evaluation may go depends on it.
  const char *stackStart =
      static_cast<const char *>(__builtin_frame_address(0));
};

} // namespace spada::cslfront

#endif
