//===- CallCode.cpp - the functions that callers use ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// `NAME_call` shares the tiles of a batch between threads. With several sets of
// vector instructions it asks the processor which ones it has.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Code.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"

using namespace mlir;
using namespace spada::sparse;

namespace {
class CallCode : CodeBuilder {
public:
  CallCode(ModuleOp module, const CodeNames &names, const PackedNetwork &packed,
           const SparseCodeOptions &options)
      : CodeBuilder(module), names(names), packed(packed), options(options) {
    unsigned lane = 64 / (packed.valueType.getIntOrFloatBitWidth() / 8);
    unsigned widest = packed.tile;
    if (options.mostInputs && !hasFlow())
      widest = std::min<uint64_t>(widest, options.mostInputs);
    unsigned columns = lane;
    for (; columns < packed.tile && columns < widest; columns *= 2)
      widths.push_back(columns);
    widths.push_back(std::min(columns, packed.tile));
  }

  void declareStreams();
  void emitSet(VectorSet set);
  void emitWorkspace();
  void emitCall(ArrayRef<VectorSet> sets);

private:
  int64_t threadBytes() const { return spada::sparse::threadBytes(packed); }
  bool hasFlow() const { return !packed.cuts.empty(); }
  std::string batchName(VectorSet set) const {
    return names.network + "_batch_" + vectorSetName(set).str();
  }
  Value select(Value condition, Value yes, Value no) {
    return b.create<arith::SelectOp>(loc, condition, yes, no);
  }
  /// `x / y`, rounded up.
  Value divide(Value x, Value y) {
    return b.create<arith::CeilDivSIOp>(loc, x, y);
  }
  Value threadCount(Value given, Value batch);
  Value tileColumns(Value batch, Value threads);
  void emitTileCall(VectorSet set, ArrayRef<Value> operands, unsigned width);
  void emitFewOrTile(VectorSet set, ArrayRef<Value> operands);
  void emitParallel(Value tiles, Value threads,
                    function_ref<void(Value, Value)> body);
  Value cpuid(int32_t leaf, unsigned output);
  Value hasBits(Value word, uint32_t bits);
  Value hasSet(VectorSet set);
  void emitChoice(ArrayRef<VectorSet> sets, ValueRange operands);

  const CodeNames &names;
  const PackedNetwork &packed;
  const SparseCodeOptions &options;
  std::vector<unsigned> widths; ///< columns of tiles that code exists for
};
} // namespace

void CallCode::declareStreams() {
  b.setInsertionPointToStart(module.getBody());
  auto declare = [&](StringRef what, uint64_t bytes) {
    auto type = LLVM::LLVMArrayType::get(b.getI8Type(), bytes);
    b.create<LLVM::GlobalOp>(loc, type, /*isConstant=*/true,
                             LLVM::Linkage::External, names.stream(what),
                             Attribute(), /*alignment=*/64);
  };
  declare("indices", packed.indices.size());
  declare("weights", packed.weights.size());
  declare("biases", packed.biases.size());
  declare("runs", packed.runs.size() * 40);
  declare("input_slots", packed.inputSlots.size() * 4);
  declare("output_slots", packed.outputSlots.size() * 4);
  if (packed.few.most) {
    const FewInputs &few = packed.few;
    declare("few_indices", few.indices.size());
    declare("few_weights", few.weights.size());
    declare("few_biases", few.biases.size());
    declare("few_runs", few.runs.size() * 48);
    declare("few_outputs", few.outputSlots.size() * 4);
  }
  if (!hasFlow())
    return;
  uint64_t rows = 0;
  for (const NetworkCut &cut : packed.cuts)
    rows += cut.slots.size();
  declare("cuts", (packed.cuts.size() + 1) * 40);
  declare("cut_slots", rows * 4);
}

/// `given`, or what OpenMP thinks best; never more than there are vectors.
Value CallCode::threadCount(Value given, Value batch) {
  if (!options.useThreads)
    return number(1);
  Value best = call("omp_get_max_threads", {b.getI32Type()}, {});
  best = b.create<arith::ExtSIOp>(loc, i64, best);
  Value isGiven = compare(arith::CmpIPredicate::sge, given, number(1));
  Value threads = select(isGiven, given, best);
  threads = least(threads, divide(batch, number(widths.front())));
  return b.create<arith::MaxSIOp>(loc, threads, number(1));
}

/// Fewer columns than a whole tile where threads would go without.
Value CallCode::tileColumns(Value batch, Value threads) {
  Value share = divide(batch, threads), columns = number(widths.back());
  for (unsigned width : llvm::reverse(widths)) {
    Value fits = compare(arith::CmpIPredicate::sle, share, number(width));
    columns = select(fits, number(width), columns);
  }
  return columns;
}

/// Calls the narrowest tile that has all columns; their number is operand 4.
void CallCode::emitTileCall(VectorSet set, ArrayRef<Value> operands,
                            unsigned width) {
  std::string name = names.network + (hasFlow() ? "_flow_" : "_tile_") +
                     vectorSetName(set).str() + "_" +
                     std::to_string(widths[width]);
  if (hasFlow() || width + 1 == widths.size()) {
    call(name, {}, operands);
    return;
  }
  Value fits =
      compare(arith::CmpIPredicate::sle, operands[4], number(widths[width]));
  auto choice = b.create<scf::IfOp>(loc, fits, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(choice.thenBlock());
  call(name, {}, operands);
  b.setInsertionPointToStart(choice.elseBlock());
  emitTileCall(set, operands, width + 1);
}

/// The stream for few inputs where there are not more than it is made for.
void CallCode::emitFewOrTile(VectorSet set, ArrayRef<Value> operands) {
  if (!hasFewCode(packed, set))
    return emitTileCall(set, operands, hasFlow() ? widths.size() - 1 : 0);
  auto fewName = [&](unsigned inputs) {
    return names.network + "_few" + std::to_string(inputs) + "_" +
           vectorSetName(set).str();
  };
  auto isAtMost = [&](Value count, int64_t most) {
    return compare(arith::CmpIPredicate::sle, count, number(most));
  };
  unsigned valueBytes = packed.valueType.getIntOrFloatBitWidth() / 8;
  auto choice =
      b.create<scf::IfOp>(loc, isAtMost(operands[4], packed.few.most), true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(choice.elseBlock());
  emitTileCall(set, operands, 0);
  b.setInsertionPointToStart(choice.thenBlock());
  constexpr int64_t atOnce = 4;
  loop(number(0), operands[4], atOnce, [&](Value done) {
    SmallVector<Value> own(operands);
    for (unsigned base : {0, 2})
      own[base] = at(operands[base],
                     times(times(done, operands[base + 1]), valueBytes));
    Value left = b.create<arith::SubIOp>(loc, operands[4], done);
    own[4] = least(left, number(atOnce));
    OpBuilder::InsertionGuard inside(b);
    for (unsigned inputs : {1, 2}) {
      auto fits = b.create<scf::IfOp>(loc, isAtMost(left, inputs), true);
      b.setInsertionPointToStart(fits.thenBlock());
      call(fewName(inputs), {}, own);
      b.setInsertionPointToStart(fits.elseBlock());
    }
    call(fewName(atOnce), {}, own);
  });
}

/// Calls `body` with each tile and the number of its thread. One thread does
/// not go through OpenMP: that takes longer than a small network.
void CallCode::emitParallel(Value tiles, Value threads,
                            function_ref<void(Value, Value)> body) {
  auto emitPlain = [&] {
    loop(number(0), tiles, 1, [&](Value tile) { body(tile, number(0)); });
  };
  if (!options.useThreads)
    return emitPlain();
  Value isOne = compare(arith::CmpIPredicate::sle, threads, number(1));
  auto choice = b.create<scf::IfOp>(loc, isOne, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard outside(b);
  b.setInsertionPointToStart(choice.thenBlock());
  emitPlain();
  b.setInsertionPointToStart(choice.elseBlock());
  omp::ParallelClauseOps clauses;
  clauses.numThreadsVar =
      b.create<arith::TruncIOp>(loc, b.getI32Type(), threads);
  Value first = number(0), step = number(1);
  auto parallel = b.create<omp::ParallelOp>(loc, clauses);
  OpBuilder::InsertionGuard guard(b);
  b.createBlock(&parallel.getRegion());
  auto share = b.create<omp::WsloopOp>(loc);
  b.create<omp::TerminatorOp>(loc);
  b.createBlock(&share.getRegion());
  omp::LoopNestClauseOps nestClauses;
  nestClauses.loopLBVar.push_back(first);
  nestClauses.loopUBVar.push_back(tiles);
  nestClauses.loopStepVar.push_back(step);
  auto nest = b.create<omp::LoopNestOp>(loc, nestClauses);
  b.create<omp::TerminatorOp>(loc);
  Block *block = b.createBlock(&nest.getRegion());
  Value tile = block->addArgument(i64, loc);
  Value thread = call("omp_get_thread_num", {b.getI32Type()}, {});
  body(tile, b.create<arith::ExtSIOp>(loc, i64, thread));
  b.create<omp::YieldOp>(loc, ValueRange{});
}

/// `NAME_batch_SET(x, xStride, y, yStride, batch, threads, workspace)`.
void CallCode::emitSet(VectorSet set) {
  unsigned valueBytes = packed.valueType.getIntOrFloatBitWidth() / 8;
  unsigned lanes = vectorSetBytes(set) / valueBytes;
  if (hasFlow())
    KernelCode(module, names, packed, set, packed.tile / lanes)
        .emitFlow(ArrayRef(widths).drop_back());
  else
    for (unsigned width : widths)
      KernelCode(module, names, packed, set, width / lanes).emitTile();
  if (hasFewCode(packed, set))
    for (unsigned inputs : {1, 2, 4})
      emitFewCode(module, names, packed, set, inputs);
  auto op =
      function(batchName(set),
               {pointerType, i64, pointerType, i64, i64, i64, pointerType}, {});
  auto arguments = op.getArguments();
  Value batch = arguments[4], threads = arguments[5];
  // With columns that are dropped, a thread has one share of the batch.
  Value columns =
      hasFlow() ? divide(batch, threads) : tileColumns(batch, threads);
  columns = b.create<arith::MaxSIOp>(loc, columns, number(1));
  Value tiles = divide(batch, columns);
  emitParallel(tiles, least(threads, tiles), [&](Value tile, Value thread) {
    Value first = times(tile, columns);
    Value left = b.create<arith::SubIOp>(loc, batch, first);
    Value own = at(arguments[6], times(thread, threadBytes()));
    auto rows = [&](unsigned base) {
      Value skipped = times(first, arguments[base + 1]);
      return at(arguments[base], times(skipped, valueBytes));
    };
    emitFewOrTile(set, {rows(0), arguments[1], rows(2), arguments[3],
                        least(left, columns), own});
  });
  finish();
}

void CallCode::emitWorkspace() {
  auto op = function(names.network + "_workspace", {i64, i64}, {i64});
  Value threads = threadCount(op.getArgument(1), op.getArgument(0));
  finish(times(threads, threadBytes()));
}

/// One word of what `cpuid` says: ax, bx, cx, dx.
Value CallCode::cpuid(int32_t leaf, unsigned output) {
  Type i32 = b.getI32Type();
  auto words =
      LLVM::LLVMStructType::getLiteral(b.getContext(), {i32, i32, i32, i32});
  SmallVector<Value> operands = {b.create<arith::ConstantIntOp>(loc, leaf, 32),
                                 b.create<arith::ConstantIntOp>(loc, 0, 32)};
  auto assembly = b.create<LLVM::InlineAsmOp>(
      loc, words, operands, "cpuid", "={ax},={bx},={cx},={dx},{ax},{cx}",
      /*has_side_effects=*/true, /*is_align_stack=*/false,
      LLVM::AsmDialectAttr{}, ArrayAttr{});
  return b.create<LLVM::ExtractValueOp>(loc, assembly.getResult(0),
                                        ArrayRef<int64_t>{output});
}

Value CallCode::hasBits(Value word, uint32_t bits) {
  Value mask = b.create<arith::ConstantIntOp>(loc, int64_t(int32_t(bits)), 32);
  Value common = b.create<arith::AndIOp>(loc, word, mask);
  return compare(arith::CmpIPredicate::eq, common, mask);
}

/// True when processor and operating system have `set`. The numbers are bits
/// of the processor's identification, "cpuid" in the vendors' manuals.
Value CallCode::hasSet(VectorSet set) {
  if (set == VectorSet::Plain)
    return b.create<arith::ConstantIntOp>(loc, 1, 1);
  constexpr uint32_t fma = 1 << 12, saves = 1 << 27, avx = 1 << 28,
                     f16c = 1 << 29, avx2 = 1 << 5;
  constexpr uint32_t avx512 =
      1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;
  bool isWide = set == VectorSet::AVX512;
  Value result = hasBits(cpuid(1, 2), fma | saves | avx | f16c);
  // The operating system's registers may be asked only with `saves`.
  auto choice = b.create<scf::IfOp>(loc, TypeRange{b.getI1Type()}, result,
                                    /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(choice.elseBlock());
  b.create<scf::YieldOp>(loc, result);
  b.setInsertionPointToStart(choice.thenBlock());
  Value seventh = hasBits(cpuid(7, 1), isWide ? avx2 | avx512 : avx2);
  Type i32 = b.getI32Type();
  auto words = LLVM::LLVMStructType::getLiteral(b.getContext(), {i32, i32});
  Value zero = b.create<arith::ConstantIntOp>(loc, 0, 32);
  auto assembly = b.create<LLVM::InlineAsmOp>(
      loc, words, ValueRange{zero}, "xgetbv", "={ax},={dx},{cx}",
      /*has_side_effects=*/true, /*is_align_stack=*/false,
      LLVM::AsmDialectAttr{}, ArrayAttr{});
  Value state = b.create<LLVM::ExtractValueOp>(loc, assembly.getResult(0),
                                               ArrayRef<int64_t>{0});
  Value isSaved = hasBits(state, isWide ? 0xE6 : 0x6);
  Value both = b.create<arith::AndIOp>(loc, seventh, isSaved);
  b.create<scf::YieldOp>(loc, both);
  return choice.getResult(0);
}

void CallCode::emitChoice(ArrayRef<VectorSet> sets, ValueRange operands) {
  if (sets.size() == 1) {
    call(batchName(sets.front()), {}, operands);
    return;
  }
  auto choice = b.create<scf::IfOp>(loc, hasSet(sets.front()),
                                    /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(choice.thenBlock());
  call(batchName(sets.front()), {}, operands);
  b.setInsertionPointToStart(choice.elseBlock());
  emitChoice(sets.drop_front(), operands);
}

/// \p sets  the widest first.
void CallCode::emitCall(ArrayRef<VectorSet> sets) {
  auto op = function(
      names.network + "_call",
      {pointerType, i64, pointerType, i64, i64, i64, pointerType, pointerType},
      {b.getI32Type()});
  auto arguments = op.getArguments();
  Value batch = arguments[4], given = arguments[6], work = arguments[7];
  Value threads = threadCount(arguments[5], batch);
  Value null = b.create<LLVM::ZeroOp>(loc, pointerType);
  auto isNull = [&](Value pointer, bool expected) -> Value {
    auto how = expected ? LLVM::ICmpPredicate::eq : LLVM::ICmpPredicate::ne;
    return b.create<LLVM::ICmpOp>(loc, how, pointer, null);
  };
  Value isOwn = isNull(given, true);
  auto memory = b.create<scf::IfOp>(loc, TypeRange{pointerType}, isOwn,
                                    /*withElseRegion=*/true);
  b.setInsertionPointToStart(memory.thenBlock());
  Value taken = call("aligned_alloc", {pointerType},
                     {number(64), times(threads, threadBytes())});
  b.create<scf::YieldOp>(loc, taken);
  b.setInsertionPointToStart(memory.elseBlock());
  b.create<scf::YieldOp>(loc, given);
  b.setInsertionPointAfter(memory);
  Value workspace = memory.getResult(0);
  Value hasNone = isNull(workspace, true);
  auto run = b.create<scf::IfOp>(loc, isNull(workspace, false),
                                 /*withElseRegion=*/false);
  Value status = b.create<arith::ExtUIOp>(loc, b.getI32Type(), hasNone);
  finish(status);
  b.setInsertionPointToStart(run.thenBlock());
  auto doneBy = [&](Value thread) {
    return at(workspace, add(times(thread, threadBytes()), number(workAt)));
  };
  if (hasFlow())
    loop(number(0), threads, 1,
         [&](Value thread) { store(number(0), doneBy(thread), 8); });
  emitChoice(sets, {arguments[0], arguments[1], arguments[2], arguments[3],
                    batch, threads, workspace});
  auto report = b.create<scf::IfOp>(loc, isNull(work, false), false);
  auto release = b.create<scf::IfOp>(loc, isOwn, false);
  b.setInsertionPointToStart(report.thenBlock());
  Value done = times(batch, packed.statistics.computed);
  if (hasFlow())
    done = loop(number(0), threads, 1, {number(0)},
                [&](Value thread, ValueRange sum) -> SmallVector<Value> {
                  return {add(sum[0], load(i64, doneBy(thread), 8))};
                })
               .front();
  store(done, work, 8);
  b.setInsertionPointToStart(release.thenBlock());
  call("free", {}, {workspace});
}

OwningOpRef<ModuleOp> spada::sparse::lowerPackedNetwork(
    MLIRContext *context, StringRef name, const PackedNetwork &packed,
    ArrayRef<VectorSet> sets, const SparseCodeOptions &options) {
  context->loadDialect<arith::ArithDialect, func::FuncDialect,
                       LLVM::LLVMDialect, math::MathDialect, omp::OpenMPDialect,
                       scf::SCFDialect, vector::VectorDialect>();
  OwningOpRef<ModuleOp> module =
      ModuleOp::create(UnknownLoc::get(context), name);
  CodeNames names{name.str()};
  CallCode code(*module, names, packed, options);
  code.declareStreams();
  SmallVector<VectorSet> widest(sets);
  llvm::sort(widest, std::greater<>());
  for (VectorSet set : widest)
    code.emitSet(set);
  code.emitWorkspace();
  code.emitCall(widest);
  return module;
}
