//===- Entry.cpp - the function that runs all tiles -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Sizes of tiles follow from the caches: what a tile keeps between its loops
// fits into the second level, and there is at least one tile for each thread.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/StencilToAffine/Entry.h"

#include "lib/Conversion/StencilToAffine/Copies.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace spada;
using namespace spada::cpu;
using namespace spada::stencil;

namespace {
/// Bytes that a tile keeps in the cache.
struct Footprint {
  int64_t perLevel = 0; ///< for each level of a column
  int64_t fixed = 0;    ///< for each column, whatever the number of levels
  int64_t perRow = 0;   ///< for each element of a row, while rows go by
};

class EntryEmitter {
public:
  EntryEmitter(Plan &plan, CpuVersion version,
               const StencilToAffineOptions &options)
      : plan(plan), version(version), onCopies(runsOnCopies(plan, version)),
        staged(onCopies || isStaged(plan, version)),
        inner(innerAxis(plan, version)), outer(outerAxis(inner)),
        rows(planRows(plan, inner,
                      writtenVectorBytes(
                          plan, onCopies ? CpuVersion::I : version, options),
                      options)),
        options(options), b(plan.program.getContext()),
        loc(plan.program.getLoc()) {}

  void emit();
  /// The function that runs a tile, made when needed.
  func::FuncOp getTile();

private:
  func::FuncOp createFunction(const Twine &suffix, ArrayRef<Type> before,
                              Type last);
  Footprint measure() const;
  int64_t measureLevel() const;
  Value fit(int64_t budget, Value unit);
  Value splitEvenly(Value total, Value most, int64_t grain);
  Value leastWidth(unsigned axis);
  std::array<Value, 3> emitColumnTile(Value threads);
  std::array<Value, 3> emitRowTile(Value threads);
  std::array<Value, 3> emitStagedTile(Value threads);
  std::array<Value, 3> emitCopiedTile(Value threads);
  std::array<Value, 3> emitTileSize(Value threads);
  Value emitScratchBytes(const std::array<Value, 3> &width);
  void emitCalls(func::FuncOp tile, func::FuncOp entry);

  Value constant(int64_t value) {
    return b.create<arith::ConstantIndexOp>(loc, value);
  }
  Value min(Value x, Value y) { return b.create<arith::MinSIOp>(loc, x, y); }
  Value max(Value x, Value y) { return b.create<arith::MaxSIOp>(loc, x, y); }
  Value ceilDiv(Value x, Value y) {
    return b.create<arith::CeilDivSIOp>(loc, x, y);
  }
  Value div(Value x, Value y) { return b.create<arith::DivSIOp>(loc, x, y); }
  Value mul(Value x, Value y) { return b.create<arith::MulIOp>(loc, x, y); }
  Value add(Value x, Value y) { return b.create<arith::AddIOp>(loc, x, y); }

  Plan &plan;
  CpuVersion version;
  bool onCopies, staged;
  unsigned inner, outer;
  RowPlan rows;
  const StencilToAffineOptions &options;
  OpBuilder b;
  Location loc;
  std::array<Value, 3> size;
};
} // namespace

func::FuncOp EntryEmitter::createFunction(const Twine &suffix,
                                          ArrayRef<Type> before, Type last) {
  SmallVector<Type> types(before);
  for (Type type : plan.program.getArgumentTypes()) {
    auto field = dyn_cast<FieldType>(type);
    types.push_back(field ? argumentType(field, version) : type);
  }
  types.push_back(last);
  ProgramOp program = plan.program;
  std::string name = (program.getSymName() + suffix).str();
  b.setInsertionPoint(program);
  return b.create<func::FuncOp>(loc, name, b.getFunctionType(types, {}));
}

func::FuncOp EntryEmitter::getTile() {
  std::string suffix = ("_" + cpuVersionName(version) + "_tile").str();
  ProgramOp program = plan.program;
  if (auto known =
          program->getParentOfType<ModuleOp>().lookupSymbol<func::FuncOp>(
              (program.getSymName() + suffix).str()))
    return known;
  func::FuncOp tile =
      createFunction(suffix, SmallVector<Type>(9, b.getIndexType()),
                     MemRefType::get({ShapedType::kDynamic}, b.getI8Type()));
  tile.setPrivate();
  OpBuilder inside(b.getContext());
  if (onCopies)
    CopyEmitter(plan, inside)
        .emit(tile, EntryEmitter(plan, CpuVersion::I, options).getTile());
  else
    TileEmitter(plan, version, options, inside).emit(tile);
  return tile;
}

void EntryEmitter::emit() {
  Type index = b.getIndexType();
  func::FuncOp tile = getTile();
  func::FuncOp entry = createFunction("_" + cpuVersionName(version),
                                      SmallVector<Type>(3, index), index);
  emitCalls(tile, entry);
}

/// True when more than one loop over levels uses `field`.
static bool isUsedAgain(const Plan &plan, Value field) {
  const Group *user = nullptr;
  for (const Group &group : plan.groups)
    for (const Unit &unit : group.units)
      for (const FieldAccess &access : unit.accesses)
        if (access.field == field) {
          if (user && user != &group)
            return true;
          user = &group;
        }
  return false;
}

Footprint EntryEmitter::measure() const {
  Footprint footprint;
  for (const auto &[field, facts] : plan.fields) {
    if (!facts.isRead && !facts.isWritten)
      continue;
    int64_t bytes = bytesOf(facts.type.getElementType());
    for (int64_t size : facts.type.getDataDims())
      bytes *= size;
    if (int64_t kept = rows.windows.lookup(field)) {
      footprint.perRow += bytes * kept;
      continue;
    }
    bool isUsedOnce = inner == 2 || !isUsedAgain(plan, field);
    if (!facts.temporary && isUsedOnce && !facts.hasDynamicLevel && !staged) {
      // Streams through the cache; rows that are read again stay.
      footprint.perRow +=
          bytes * (facts.halo.hi[outer] - facts.halo.lo[outer] + 1);
      continue;
    }
    if (facts.type.hasK() && (inner == 2 || facts.window == 0))
      footprint.perLevel += bytes;
    else
      footprint.fixed += bytes * std::max<int64_t>(1, facts.window);
  }
  return footprint;
}

/// Bytes of a column that a level touches in the loop that touches most: a
/// sweep finds most of them again in the next level.
int64_t EntryEmitter::measureLevel() const {
  int64_t most = 0;
  for (const Group &group : plan.groups) {
    llvm::SmallDenseSet<std::pair<Value, int64_t>> planes;
    int64_t bytes = 0;
    for (const Unit &unit : group.units)
      for (const FieldAccess &access : unit.accesses)
        if (planes.insert({access.field, access.offset[2]}).second)
          bytes +=
              bytesOf(cast<FieldType>(access.field.getType()).getElementType());
    most = std::max(most, bytes);
  }
  return most;
}

/// How many times `unit` bytes go into `budget`; without limit for none.
Value EntryEmitter::fit(int64_t budget, Value unit) {
  Value none =
      b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, unit, constant(0));
  Value count = div(constant(budget), max(unit, constant(1)));
  return b.create<arith::SelectOp>(loc, none, constant(int64_t(1) << 40),
                                   count);
}

/// `total` in as few equal parts of at most `most` as there are, each a
/// multiple of `grain`.
Value EntryEmitter::splitEvenly(Value total, Value most, int64_t grain) {
  Value parts = ceilDiv(total, max(most, constant(1)));
  Value width = ceilDiv(total, max(parts, constant(1)));
  return mul(ceilDiv(width, constant(grain)), constant(grain));
}

/// A halo makes neighbouring tiles repeat work: tiles are at least this wide.
Value EntryEmitter::leastWidth(unsigned axis) {
  return constant(4 * (plan.computed.hi[axis] - plan.computed.lo[axis]) + 1);
}

/// For rows that hold all levels.
std::array<Value, 3> EntryEmitter::emitColumnTile(Value threads) {
  Footprint footprint = measure();
  std::array<Value, 3> tile = size;
  if (plan.levelsAreIndependent)
    tile[2] = min(size[2], constant(256));
  Value columns = max(fit(options.levelTwoBytes / 2,
                          add(mul(tile[2], constant(footprint.perLevel)),
                              constant(footprint.fixed))),
                      constant(16));
  unsigned across = 1 - outer;
  Value elements =
      fit(options.levelTwoBytes / 4, mul(tile[2], constant(footprint.perRow)));
  tile[across] = min(size[across], max(min(elements, columns),
                                       max(leastWidth(across), constant(8))));
  tile[outer] =
      min(size[outer], max(div(columns, tile[across]), leastWidth(outer)));
  tile[outer] = min(tile[outer], ceilDiv(size[outer], threads));
  return tile;
}

/// Rows stay whole as long as a few of them fit into the cache: memory is read
/// fastest in long pieces.
std::array<Value, 3> EntryEmitter::emitRowTile(Value threads) {
  Footprint footprint = measure();
  std::array<Value, 3> tile = size;
  // What does not fit any more comes from the third level: that costs less than
  // short rows.
  Value columns = fit(options.rowTileCaches * options.levelTwoBytes,
                      add(mul(tile[2], constant(footprint.perLevel)),
                          constant(footprint.fixed)));
  Value elements = fit(options.levelTwoBytes / 2, constant(footprint.perRow));
  Value widest = max(min(elements, columns), constant(64));
  tile[inner] = min(size[inner], splitEvenly(size[inner], widest, 16));
  tile[outer] =
      min(size[outer],
          max(div(columns, max(tile[inner], constant(1))), leastWidth(outer)));
  Value shared = min(tile[outer], ceilDiv(size[outer], threads));
  if (!plan.levelsAreIndependent) {
    Value near =
        fit(options.levelOneBytes, mul(tile[inner], constant(measureLevel())));
    // Several rows only where the next tile has room beside this one.
    int64_t perLevel = footprint.perLevel + rows.nextTileBytes;
    if (rows.nextTileBytes)
      near = min(near, fit(options.levelTwoBytes,
                           mul(mul(tile[inner], tile[2]), constant(perLevel))));
    tile[outer] = min(shared, max(near, leastWidth(outer)));
    return tile;
  }
  // Threads share the levels when there are enough of them.
  Value enough = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sge,
                                         size[2], mul(threads, constant(4)));
  tile[outer] = b.create<arith::SelectOp>(loc, enough, tile[outer], shared);
  Value points = max(mul(tile[0], tile[1]), constant(1));
  tile[2] = min(size[2], ceilDiv(constant(4096), points));
  return tile;
}

/// For copies with the first axis contiguous of arrays with the last one: a
/// tile fits into the cache, and is a few vectors wide.
std::array<Value, 3> EntryEmitter::emitStagedTile(Value threads) {
  Footprint footprint = measure();
  std::array<Value, 3> tile = size;
  Value columns = fit(options.levelTwoBytes / 2,
                      add(mul(size[2], constant(footprint.perLevel)),
                          constant(footprint.fixed + footprint.perRow)));
  tile[0] = min(size[0], max(min(columns, constant(32)), constant(16)));
  tile[1] =
      min(size[1], max(div(columns, max(tile[0], constant(1))), leastWidth(1)));
  tile[1] = min(tile[1], ceilDiv(size[1], threads));
  return tile;
}

/// For copies of arrays of any order: a few lines of memory on each axis, so
/// that what is fetched is used, and as many rows and levels as fit.
std::array<Value, 3> EntryEmitter::emitCopiedTile(Value threads) {
  Footprint footprint = measure();
  int64_t budget = options.levelTwoBytes / 2;
  std::array<Value, 3> tile = size;
  if (plan.levelsAreIndependent)
    tile[2] =
        min(size[2], max(fit(budget, constant(32 * 16 * footprint.perLevel)),
                         constant(16)));
  Value columns =
      fit(budget, add(mul(tile[2], constant(footprint.perLevel)),
                      constant(footprint.fixed + footprint.perRow)));
  tile[0] = min(
      size[0], max(min(div(columns, constant(8)), constant(32)), constant(16)));
  Value rows = max(div(columns, max(tile[0], constant(1))), constant(8));
  tile[1] = min(size[1], max(rows, leastWidth(1)));
  tile[1] = min(tile[1], ceilDiv(size[1], threads));
  return tile;
}

std::array<Value, 3> EntryEmitter::emitTileSize(Value threads) {
  if (!plan.tilesAreIndependent)
    return size;
  threads = max(threads, constant(1));
  std::array<Value, 3> tile = onCopies     ? emitCopiedTile(threads)
                              : staged     ? emitStagedTile(threads)
                              : inner == 2 ? emitColumnTile(threads)
                                           : emitRowTile(threads);
  for (auto [axis, width] : llvm::enumerate(tile)) {
    if (options.tile[axis] && (axis < 2 || plan.levelsAreIndependent))
      width = min(size[axis], constant(options.tile[axis]));
    width = max(width, constant(1));
  }
  return tile;
}

Value EntryEmitter::emitScratchBytes(const std::array<Value, 3> &width) {
  if (!onCopies)
    return TileEmitter(plan, version, options, b).emitScratchBytes(loc, width);
  TileEmitter kernel(plan, CpuVersion::I, options, b);
  return add(CopyEmitter(plan, b).emitScratchBytes(width),
             kernel.emitScratchBytes(loc, width));
}

void EntryEmitter::emitCalls(func::FuncOp tile, func::FuncOp entry) {
  Block *body = entry.addEntryBlock();
  b.setInsertionPointToStart(body);
  llvm::copy(body->getArguments().take_front(3), size.begin());
  std::array<Value, 3> width = emitTileSize(body->getArguments().back());
  Value bytes = emitScratchBytes(width);

  // Tiles that share cache lines follow each other.
  static constexpr unsigned orders[3][3] = {{2, 1, 0}, {2, 0, 1}, {0, 1, 2}};
  SmallVector<AffineMap> lower, upper;
  SmallVector<Value> counts;
  for (unsigned n = 0; n < 3; ++n) {
    unsigned axis = orders[staged ? 1 : inner][n];
    counts.push_back(ceilDiv(size[axis], width[axis]));
    lower.push_back(b.getConstantAffineMap(0));
    upper.push_back(AffineMap::get(0, 3, b.getAffineSymbolExpr(n)));
  }
  auto loop = b.create<affine::AffineParallelOp>(
      loc, TypeRange{}, ArrayRef<arith::AtomicRMWKind>{}, lower, ValueRange{},
      upper, counts, SmallVector<int64_t>(3, 1));
  loop->setAttr("spada.tiles", b.getUnitAttr());
  b.create<func::ReturnOp>(loc);

  b.setInsertionPointToStart(loop.getBody());
  std::array<Value, 3> begin, end;
  for (unsigned n = 0; n < 3; ++n) {
    unsigned axis = orders[staged ? 1 : inner][n];
    begin[axis] = mul(loop.getIVs()[n], width[axis]);
    end[axis] = min(size[axis], add(begin[axis], width[axis]));
  }
  Value scratch = b.create<memref::AllocOp>(
      loc, MemRefType::get({ShapedType::kDynamic}, b.getI8Type()),
      ValueRange{bytes}, b.getI64IntegerAttr(64));
  SmallVector<Value> operands(size.begin(), size.end());
  operands.append(begin.begin(), begin.end());
  operands.append(end.begin(), end.end());
  auto arguments = body->getArguments().drop_front(3).drop_back();
  operands.append(arguments.begin(), arguments.end());
  operands.push_back(scratch);
  b.create<func::CallOp>(loc, tile, operands);
  b.create<memref::DeallocOp>(loc, scratch);
}

void spada::cpu::emitVersion(Plan &plan, CpuVersion version,
                             const StencilToAffineOptions &options) {
  EntryEmitter(plan, version, options).emit();
}
