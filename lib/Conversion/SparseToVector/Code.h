//===- Code.h - builds the code of a packed network -------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One `KernelCode` makes the functions for one set of vector instructions and
// one number of columns. Addresses are LLVM pointers, everything else is arith,
// scf and vector.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_SPARSETOVECTOR_CODE_H
#define LIB_CONVERSION_SPARSETOVECTOR_CODE_H

#include "spada/Conversion/SparseToVector.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace spada::sparse {

using mlir::Value;

/// Short names for what the code is made of.
class CodeBuilder {
public:
  explicit CodeBuilder(mlir::ModuleOp module)
      : b(module.getContext()), loc(module.getLoc()), module(module),
        pointerType(mlir::LLVM::LLVMPointerType::get(module.getContext())),
        i64(b.getI64Type()) {}

  Value number(int64_t value) {
    return b.create<mlir::arith::ConstantIntOp>(loc, value, 64);
  }
  Value zero(mlir::Type type) {
    return b.create<mlir::arith::ConstantOp>(loc, b.getZeroAttr(type));
  }
  Value add(Value x, Value y) {
    return b.create<mlir::arith::AddIOp>(loc, x, y);
  }
  Value times(Value x, Value y) {
    return b.create<mlir::arith::MulIOp>(loc, x, y);
  }
  Value times(Value x, int64_t y) { return times(x, number(y)); }
  Value least(Value x, Value y) {
    return b.create<mlir::arith::MinSIOp>(loc, x, y);
  }
  Value compare(mlir::arith::CmpIPredicate how, Value x, Value y) {
    return b.create<mlir::arith::CmpIOp>(loc, how, x, y);
  }
  /// The address `bytes` behind `base`.
  Value at(Value base, Value bytes);
  Value at(Value base, int64_t bytes) {
    return bytes ? at(base, number(bytes)) : base;
  }
  Value load(mlir::Type type, Value address, unsigned alignment);
  void store(Value value, Value address, unsigned alignment);
  /// A loop from `from` up to `to`, all of type i64; `body` gets the variable
  /// and the carried values and gives the next ones.
  using LoopBody = llvm::function_ref<llvm::SmallVector<Value>(
      Value, mlir::ValueRange carried)>;
  llvm::SmallVector<Value> loop(Value from, Value to, int64_t step,
                                llvm::ArrayRef<Value> carried, LoopBody body);
  void loop(Value from, Value to, int64_t step,
            llvm::function_ref<void(Value)> body);
  /// For each of the runs in [from, to) of `table`, which have `fields` numbers
  /// each, the first one a form: `body` gets the form and all numbers.
  void dispatch(Value table, Value from, Value to, unsigned fields,
                unsigned forms,
                llvm::function_ref<void(unsigned, mlir::ValueRange)> body);
  /// Opens a function; the builder stands in its body.
  mlir::func::FuncOp function(const std::string &name,
                              llvm::ArrayRef<mlir::Type> arguments,
                              llvm::ArrayRef<mlir::Type> results);
  void finish(mlir::ValueRange results = {}) {
    b.create<mlir::func::ReturnOp>(loc, results);
  }
  Value call(const std::string &name, llvm::ArrayRef<mlir::Type> results,
             mlir::ValueRange operands);
  Value addressOf(const std::string &global) {
    return b.create<mlir::LLVM::AddressOfOp>(loc, pointerType, global);
  }

  mlir::OpBuilder b;
  mlir::Location loc;
  mlir::ModuleOp module;
  mlir::Type pointerType, i64;
};

/// Names of functions and of streams.
struct CodeNames {
  std::string network;
  std::string stream(llvm::StringRef what) const {
    return network + "_" + what.str();
  }
};

class KernelCode : CodeBuilder {
public:
  /// \p vectors  of each row that are computed.
  KernelCode(mlir::ModuleOp module, const CodeNames &names,
             const PackedNetwork &packed, VectorSet set, unsigned vectors);

  /// `NAME_tile_SET_COLUMNS(x, xStride, y, yStride, count, workspace)`: the
  /// whole network for `count` columns, at most `columns()`.
  void emitTile();
  /// The same in steps, where columns are dropped: `NAME_flow_SET_COLUMNS(x,
  /// xStride, y, yStride, count, workspace)` for any number of columns. \p
  /// narrower  numbers of columns that code is made for, too, for tiles that
  /// are not full.
  void emitFlow(llvm::ArrayRef<unsigned> narrower);

  unsigned columns() const { return vectors * lanes; }
  std::string name(const std::string &what) const;

private:
  /// How connections are computed.
  enum class Mode {
    Weights, ///< a multiplication and an addition each
    Sums,    ///< values carry the weight already
  };
  std::string formName(unsigned form, Mode mode) const;
  void emitForm(unsigned form, Mode mode);
  void emitRuns(Mode mode);
  void emitLoad(Mode mode);
  Value inputRow(Value slots, Value input);
  Value storeInput(Mode mode, Value value, Value place, Value smallest);
  Value loadColumns(Mode mode, llvm::ArrayRef<Value> from, Value slots,
                    Value columnBytes, Value smallest);
  /// \p scatters  rows of y are those that a list names.
  void emitStore(Mode mode, bool scatters);
  Value isLost(Value state);
  void resetState(Value state);
  void emitStep(Mode mode, llvm::ArrayRef<unsigned> narrower);
  llvm::SmallVector<Value> emitMasks(Value context, Value live, Value take);
  void emitCompress(Value source, Value target, Value mask);
  void emitSwap(Value context, Value step, Value count);
  void emitRunsOf(Mode mode, llvm::ArrayRef<unsigned> narrower, Value count,
                  mlir::ValueRange operands);
  void emitPass(Mode mode);
  Value emitLive(Value context, Value step);
  void emitClear(Value context, Value row);
  void emitMove(Value context, Value step, Value done, Value take);
  void emitMoves(Mode mode, Value context, Value step, Value live);
  std::string modeName(const std::string &what, Mode mode) const {
    return name(what) + (mode == Mode::Sums ? "_sums" : "");
  }

  /// The state of one form's function while it is emitted.
  struct Form {
    const GroupForm &form;
    Mode mode;
    unsigned block; ///< vectors of a row at a time
    Value slots, splat;
    Value index, weight, bias; ///< of the current group
  };
  using Sums = llvm::SmallVector<Value>; ///< destination after destination
  /// A place in the streams, and what was read there already: a load brings
  /// several indices or weights, so that few of them compete with the rows'.
  struct Reader {
    Value index, weight;
    llvm::SmallVector<Value> words, quarters;
    const char *known = nullptr; ///< the indices, in code without loops
    bool skipsCount = false;     ///< and their number among them
  };
  /// The next group of a run, in code without loops.
  struct StraightPlace {
    uint32_t group = 0;
    uint64_t indexAt = 0, weightAt = 0, biasAt = 0;
  };
  bool isStraight() const;
  void emitStraight(Mode mode);
  void emitStraightRun(Mode mode, const GroupRun &run, StraightPlace &place,
                       Value slots, Value state, uint64_t &room);
  unsigned blockOf(const GroupForm &form) const;
  Value readIndex(Reader &reader, int64_t number);
  Value readWeight(const Form &form, Reader &reader, int64_t number);
  bool readsQuarters(const Form &form) const;
  Value indexAt(Value base, int64_t elements);
  Value widen(Value weight);
  Value widenHalf(Value weight);
  Value row(Value slots, Value slot) { return at(slots, times(slot, pitch)); }
  void addSource(const Form &form, Reader &reader, int64_t index,
                 int64_t weight, Value column, Sums &sums);
  void addLoop(const Form &form, Value column, Sums &sums);
  Sums startSums(const Form &form, llvm::ArrayRef<Value> rows, Value column);
  void addSources(const Form &form, Reader &reader, Value column, Sums &sums);
  Value finishSum(const Form &form, Value sum);
  Value computeGroup(const Form &form, Reader &reader, Value smallest);
  Value computeBlock(const Form &form, Reader &reader,
                     llvm::ArrayRef<Value> rows, Value column, Value smallest);
  /// Lowers `smallest` to the bits of `value` where they are less; see
  /// `isLost`.
  Value trackSmallest(Value smallest, Value value);
  Value constant(double value);
  Value scalarConstant(double value);

  const CodeNames &names;
  const PackedNetwork &packed;
  VectorSet set;
  unsigned vectors, lanes, valueBytes, indexBytes;
  int64_t pitch; ///< bytes from row to row
  unsigned unrolledOperations;
  mlir::FloatType valueType;
  mlir::VectorType vectorType, bitsType;
  mlir::IntegerType indexType, bitType;
};

/// One index of a stream.
uint64_t readPackedIndex(const char *from, unsigned bytes);

/// Bytes in front of the rows of a thread: smallest values.
constexpr int64_t stateBytes = 64;

/// Where a thread counts connections times columns, if columns are dropped.
constexpr int64_t workAt = stateBytes + 16;

/// What neurons make of their sums, a vector of values.
Value emitActivation(mlir::OpBuilder &b, mlir::Location loc,
                     Activation activation, std::optional<double> cap,
                     Value sum);

/// True where `set` has code for few inputs.
bool hasFewCode(const PackedNetwork &packed, VectorSet set);
/// `NAME_fewN_SET(x, xStride, y, yStride, count, workspace)`: the whole network
/// for 1 to N inputs, at once.
void emitFewCode(mlir::ModuleOp module, const CodeNames &names,
                 const PackedNetwork &packed, VectorSet set, unsigned inputs);
/// Bytes of a thread's values for few inputs.
int64_t fewBytes(const PackedNetwork &packed);

/// Bytes that a thread needs: its rows, and what is in front of them.
int64_t threadBytes(const PackedNetwork &packed);

} // namespace spada::sparse

#endif
