//===- Builtins.h - the builtin functions of CSL ----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Tables by family; one entry is one builtin.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_BUILTINS_H
#define SPADA_FRONTENDS_CSL_BUILTINS_H

#include "Sema.h"

#include "dialects/CSL/IR/CSLDialect.h"

namespace spada::cslfront {

struct BuiltinEntry {
  const char *name; ///< without `@`
  Builtin function;
};

llvm::ArrayRef<BuiltinEntry> valueBuiltins();      // BuiltinsValue.cpp
llvm::ArrayRef<BuiltinEntry> structBuiltins();     // BuiltinsStruct.cpp
llvm::ArrayRef<BuiltinEntry> taskBuiltins();       // BuiltinsTask.cpp
llvm::ArrayRef<BuiltinEntry> layoutBuiltins();     // BuiltinsLayout.cpp
llvm::ArrayRef<BuiltinEntry> configBuiltins();     // BuiltinsConfig.cpp
llvm::ArrayRef<BuiltinEntry> dsdBuiltins();        // BuiltinsDsd.cpp
llvm::ArrayRef<BuiltinEntry> dsrBuiltins();        // BuiltinsDsr.cpp
llvm::ArrayRef<BuiltinEntry> wse3Builtins();       // BuiltinsWse3.cpp
llvm::ArrayRef<BuiltinEntry> libraryBuiltins();    // BuiltinsLibrary.cpp
Value vectorBuiltin(Sema &sema, const Expr &call); // BuiltinsVector.cpp
Value mapBuiltin(Sema &sema, const Expr &call);    // BuiltinsMap.cpp

/// The arguments' number must be from `least` to `most`.
void checkArguments(Sema &sema, const Expr &call, size_t least, size_t most);
/// Fields of a config struct that the builtin knows; another one is an error.
void checkFields(Sema &sema, const Value &config,
                 llvm::ArrayRef<const char *> known, Loc at);
/// The one field that is true in `.{ .kind = true }`; -1 when there is none.
int chosenField(Sema &sema, const Value &choice,
                llvm::ArrayRef<const char *> names, Loc at);
bool boolField(Sema &sema, const Value &config, const char *name, Loc at);
int64_t intField(Sema &sema, const Value &config, const char *name,
                 int64_t otherwise, Loc at);

/// A descriptor or FIFO known at compile time.
Value dsdValue(Sema &sema, DsdConst dsd);
/// The descriptor that an argument gives.
Value dsdArgument(Sema &sema, const Expr &expr);
/// The descriptor's type for elements of another type.
mlir::Type withElement(mlir::Type dsd, mlir::Type element);
csl::DsrFile dsrFile(const Type &type);
/// The FIFO that was allocated in the register; null: none was.
const DsdConst *fifoOf(Sema &sema, const Value &dsr, Loc at);
/// Emits a store to the configuration register at a byte address.
void storeRegister(Sema &sema, int64_t address, mlir::Value value, Loc at);
/// A 16-bit operand of an op.
mlir::Value word(Sema &sema, const Value &value, Loc at);
/// `.priority`: 0 not given, 1 low, 2 medium, 3 high.
int priorityOf(Sema &sema, const Value &config, Loc at);

/// `.activate`, `.unblock` and the like of a DSD operation or a DSR load.
struct OperationConfig {
  bool isAsync = false, saveAddress = false, singleStep = false;
  mlir::FlatSymbolRefAttr activate, unblock, onControlTask;
  mlir::IntegerAttr ut, priority;
  csl::OnControlAttr onControl;
  mlir::Value index;
};
OperationConfig operationConfig(Sema &sema, const Value &config, Loc at);

} // namespace spada::cslfront

#endif
