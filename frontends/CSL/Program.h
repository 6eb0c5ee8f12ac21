//===- Program.h - one program for a group of PEs ---------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Makes a `csl.program` from a tile's file and params. Numbers in which the PEs
// of the group differ are symbolic; where one of them is needed at compile time
// and its values differ, the group is parted (SplitGroup) and each part is
// compiled anew.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_PROGRAM_H
#define SPADA_FRONTENDS_CSL_PROGRAM_H

#include "Layout.h"
#include "Sema.h"

#include "dialects/CSL/IR/CSLDialect.h"

#include <unordered_set>

namespace spada::cslfront {

/// A function and what it is made for: known values, or only types.
struct Specialization {
  FunctionRef function;
  std::vector<Value> args{};
};

class Program {
public:
  Program(Compilation &c, Layout &layout, const TileShape &shape,
          std::vector<uint32_t> members, std::string name);

  /// Compiles; the op stands in `module`. Throws CompileError and SplitGroup.
  void run(mlir::ModuleOp module);
  /// Values of `expr` on the group's members.
  std::map<int64_t, std::vector<uint32_t>> split(const SymExpr &expr) const;
  /// Routes that the program's own code configures, and csl.tile_code ops.
  void applyToLayout(mlir::OpBuilder &builder, mlir::Location loc);

  // For Sema.
  int64_t valueOf(const SymExpr &expr, uint32_t member) const;
  /// An operation that is an error on one PE is an error.
  void checkBinary(const SymExpr &expr, const Type *operands, Loc at) const;
  bool allFit(const SymExpr &expr, const Type *type) const;
  std::optional<int64_t> common(const SymExpr &expr) const;
  void addModule(ModuleInstance &instance);
  mlir::Value address(mlir::OpBuilder &builder, GlobalVar &var, Loc at);
  mlir::MemRefType memoryType(const Type *type, Loc at);
  Value loadDsd(mlir::OpBuilder &builder, GlobalVar &var, Loc at);
  void storeDsd(Sema &sema, GlobalVar &var, const Value &value, Loc at);
  std::string symbolOf(const DsdConst &dsd);
  mlir::Type typeOf(const DsdConst &dsd);
  mlir::Value paramValue(mlir::OpBuilder &builder, const SymExpr &expr, Loc at);
  Value emitCall(Sema &sema, const Specialization &wanted,
                 llvm::ArrayRef<mlir::Value> operands, const Type *result,
                 Loc at);
  int64_t idOfTask(const FunctionRef &task, Loc at);
  /// Symbol of the id that the task is bound to; see taskSymbol.
  std::string symbolOfTask(const FunctionRef &task, Loc at);
  bool isAddressTaken(const Decl &decl);
  Value zero(Sema &sema, const Type *type, Loc at);
  mlir::Type mlirType(const Type *type, Loc at);
  mlir::Location location(Loc at);

  // What comptime blocks say.
  void bindTask(const FunctionRef &task, csl::TaskKind kind, int64_t id,
                Loc at);
  void bindRotation(const FunctionRef &main, const FunctionRef &alt, int64_t id,
                    int64_t limit, int64_t init, Loc at);
  void initializeQueue(bool output, int64_t number, int64_t color, Loc at);
  void exportSymbol(GlobalVar *var, const FunctionRef *function,
                    const std::string &name, Loc at);
  void setInitialState(csl::StateAction action, csl::StateKind kind, int64_t id,
                       Loc at);
  /// Name that stands for the task of an id until all are bound.
  static std::string taskSymbol(csl::TaskKind kind, int64_t id);
  /// Emits into the function that runs at the start.
  mlir::OpBuilder &startup();
  /// Element type that an operation gives to a fabric descriptor.
  void useFabricDsd(const DsdConst &dsd, mlir::Type element);

  std::string uniqueName(const std::string &wanted);

  Compilation &c;
  Layout &layout;
  std::map<const Aggregate *, GlobalVar *> constants;
  /// FIFOs by the file and number of a register that they have been given.
  std::map<std::pair<csl::DsrFile, int64_t>, const DsdConst *> fifoOfRegister;
  const Decl *currentBody = nullptr; ///< function that is being emitted
  std::vector<std::tuple<unsigned, ColorConfig, Loc>> localConfigs;

  std::vector<std::pair<int64_t, Loc>> filterUses; ///< colors
  std::map<int64_t, int64_t> controlTables;        ///< by input queue
  bool hasControlTable = false, rebindsQueues = false;
  int64_t controlStride = 1;

private:
  struct Binding {
    FunctionRef task;
    csl::TaskKind kind;
    int64_t id;
    Loc loc;
    bool blocked = false, active = false;
    csl::TaskOp op{};
  };
  struct PendingFunction {
    Specialization wanted;
    const Type *result;
    csl::FuncOp op;
    std::vector<std::pair<Loc, const Decl *>> calls; ///< that led here
  };

  void bindParams(ModuleInstance &root);
  Value symbolicLeaves(const Value &value, size_t &leaf);
  void drain();
  void declareExports(ModuleInstance &instance);
  void emitTask(Binding &binding);
  void emitFunction(PendingFunction &function);
  void emitBody(const FunctionRef &function, const Type *result,
                mlir::Block &block, const std::vector<Value> *args);
  void declare(GlobalVar &var);
  void storeAtStart(GlobalVar &var);
  /// Sets what differs between the PEs when the program starts; false when
  /// `value` does not differ.
  bool startsWith(GlobalVar &var, llvm::ArrayRef<int64_t> indices,
                  const Value &value);
  mlir::Attribute initialValue(GlobalVar &var, mlir::Type type);
  void finish();
  void queuesForControl();
  void finishWse3();
  void emitWse3();
  void checkFilters();
  void declareDsds();
  std::string colorSymbol(int64_t color);
  std::string queueSymbol(bool output, int64_t number, int64_t color);
  int64_t freeQueue(bool output, int64_t color, Loc at);
  int64_t queueFor(bool output, int64_t number, int64_t &color, Loc at);
  void resolveTaskSymbols();
  void inlineUnblock();
  void orderMemory();
  mlir::OpBuilder declBuilder();

  const TileShape &shape;
  std::vector<uint32_t> members; ///< indices into shape.pes
  std::string name;
  std::unique_ptr<Sema> sema;
  csl::ProgramOp op;
  csl::FuncOp startupOp;
  std::unique_ptr<mlir::OpBuilder> startupBuilder;
  std::unordered_set<std::string> usedNames;
  std::vector<ModuleInstance *> pendingModules;
  std::deque<Binding> bindings;
  size_t emittedBindings = 0;
  /// Ids of tasks that take turns are settled when all queues are known.
  static constexpr int64_t alternateId = 1000;
  struct Rotation {
    size_t main, alt; ///< in `bindings`
    int64_t limit, init;
  };
  std::vector<Rotation> rotations;
  std::deque<PendingFunction> pendingFunctions;
  size_t emittedFunctions = 0;
  std::map<std::string, csl::FuncOp> functionByKey;
  std::map<std::string, std::string> paramByKey;
  std::vector<std::pair<std::string, const SymExpr *>> params;
  struct QueueUse {
    int64_t color;
    Loc loc;
  };
  std::map<std::pair<bool, int64_t>, QueueUse> queueColor;
  std::map<std::tuple<bool, int64_t, int64_t>, std::string> queueSymbols;
  std::map<int64_t, std::string> colorSymbols;
  std::vector<const DsdConst *> usedDsds;
  std::map<const DsdConst *, mlir::Type> fabricElement;
  std::map<std::string, std::pair<csl::StateAction, Loc>> initialStates;
  std::map<const Decl *, std::set<Name>> addressTaken;
};

} // namespace spada::cslfront

#endif
