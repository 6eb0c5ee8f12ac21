//===- Columns.cpp - arrays of one PE -------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Declares the columns of arguments and temporaries: which levels and PEs they
// cover. The assignments are made in Flatten.cpp.
//
//===----------------------------------------------------------------------===//

#include "Columns.h"

#include "Expressions.h"
#include "Flatten.h"

#include "spada/Analysis/StencilExtents.h"

using namespace mlir;
using namespace spada;
using namespace spada::wafer;
using stencil::FieldType;

Column &Columns::add(StringRef wanted, Type element, Span levels, bool hasK,
                     Location loc) {
  std::string base;
  for (char c : wanted)
    base += llvm::isAlnum(c) || c == '_' ? c : '_';
  if (base.empty() || llvm::isDigit(base[0]))
    base = "v" + base;
  std::string name = base;
  for (int n = 2; !names.insert(name).second; ++n)
    name = base + "_" + std::to_string(n);
  columns.push_back(std::make_unique<Column>(columns.size(), loc));
  Column &column = *columns.back();
  column.name = name;
  column.element = element;
  column.hasK = hasK;
  column.levels = levels;
  return column;
}

SmallVector<Value> wafer::operandsOf(Value value) {
  Operation *def = value.getDefiningOp();
  if (!def)
    return {};
  if (auto choice = dyn_cast<scf::IfOp>(def)) {
    unsigned result = cast<OpResult>(value).getResultNumber();
    SmallVector<Value> operands = {choice.getCondition()};
    for (mlir::Region *region :
         {&choice.getThenRegion(), &choice.getElseRegion()})
      operands.push_back(region->front().getTerminator()->getOperand(result));
    return operands;
  }
  if (auto read = dyn_cast<stencil::ReadOp>(def))
    return SmallVector<Value>(ValueRange(read->getOperands()).drop_front());
  return SmallVector<Value>(def->getOperands());
}

void wafer::forEachValue(Value value, const Columns &columns,
                         llvm::function_ref<void(Value)> visit, bool isTop) {
  visit(value);
  if (!isTop && columns.held.count(value))
    return;
  for (Value operand : operandsOf(value))
    forEachValue(operand, columns, visit);
}

void wafer::forEachValue(const Assign &assign, const Columns &columns,
                         llvm::function_ref<void(Value)> visit) {
  if (assign.value)
    forEachValue(assign.value, columns, visit, assign.isHold());
  for (const Guard &guard : assign.guards)
    forEachValue(guard.condition, columns, visit);
  if (assign.shift)
    forEachValue(assign.shift, columns, visit);
  for (Value index : assign.data)
    forEachValue(index, columns, visit);
}

namespace {

/// Levels that the accesses to each field reach.
struct Reaches {
  llvm::DenseMap<Value, Span> levels;
  llvm::DenseSet<Value> dynamic; ///< some access has a run-time level

  void add(Value field, Span range) {
    auto [it, isNew] = levels.try_emplace(field, range);
    if (!isNew)
      it->second = it->second.hull(range);
  }
};

class Declarer {
public:
  Declarer(Columns &out) : out(out) {}
  LogicalResult run();

private:
  LogicalResult checkDomain();
  void collectReaches();
  LogicalResult declareArgument(unsigned index);
  LogicalResult declareTemporary(stencil::TemporaryOp op);
  Span sectionLevels(stencil::SectionOp section) {
    Span range = {section.getStart().at(out.nk), section.getEnd().at(out.nk)};
    return {std::max<int64_t>(range.lo, 0), std::min(range.hi, out.nk)};
  }

  Columns &out;
  Reaches reaches;
};

} // namespace

LogicalResult Declarer::checkDomain() {
  stencil::ProgramOp program = out.program;
  std::optional<ArrayRef<int64_t>> domain = program.getDomain();
  if (!domain)
    return program.emitError("program '")
           << program.getSymName()
           << "' has no 'domain'; the wafer needs its size";
  if (!program.getMinLevels())
    return program.emitError("program '")
           << program.getSymName()
           << "' has no extents; run 'stencil-infer-extents' first";
  for (int64_t size : *domain)
    if (size < 1)
      return program.emitError("domain ")
             << (*domain)[0] << " x " << (*domain)[1] << " x " << (*domain)[2]
             << " has no points";
  out.ni = (*domain)[0], out.nj = (*domain)[1], out.nk = (*domain)[2];
  if (out.nk < static_cast<int64_t>(*program.getMinLevels()))
    return program.emitError("domain has ")
           << out.nk << " levels, but the intervals of '"
           << program.getSymName() << "' need at least "
           << *program.getMinLevels();
  out.domain = out.grid = {{0, out.ni}, {0, out.nj}};
  return success();
}

void Declarer::collectReaches() {
  out.program.walk([&](stencil::StatementOp statement) {
    auto section = cast<stencil::SectionOp>(statement->getParentOp());
    Span levels = sectionLevels(section);
    if (levels.empty())
      return;
    stencil::Extent extent = stencil::getExtent(statement);
    out.grid = out.grid.hull({{extent.i.lo, out.ni + extent.i.hi},
                              {extent.j.lo, out.nj + extent.j.hi}});
    statement.walk([&](Operation *op) {
      if (auto read = dyn_cast<stencil::ReadOp>(op)) {
        if (read.getShift() || read.getLevel())
          reaches.dynamic.insert(read.getField());
        if (!read.getLevel())
          reaches.add(read.getField(), levels.shifted(read.getOffset()[2]));
      } else if (auto write = dyn_cast<stencil::WriteOp>(op)) {
        if (write.getShift())
          reaches.dynamic.insert(write.getField());
        reaches.add(write.getField(), levels.shifted(write.getDk()));
      }
    });
  });
}

LogicalResult Declarer::declareArgument(unsigned index) {
  stencil::ProgramOp program = out.program;
  BlockArgument argument = program.getArgument(index);
  auto access = program.getArgAccess(index);
  if (!access || *access == stencil::Access::None || argument.use_empty())
    return success();
  StringRef name = program.getArgName(index);
  auto type = dyn_cast<FieldType>(argument.getType());
  Type element = type ? type.getElementType() : argument.getType();
  if (failed(checkWaferType(element, argument.getLoc(),
                            type ? "field" : "scalar", name)))
    return failure();
  if (!type)
    return success();
  stencil::BoundaryAttr halo = program.getArgBoundary(index);
  if (!halo)
    return program.emitError("argument '")
           << name << "' has no boundary; run 'stencil-infer-extents' first";
  bool reads = *access != stencil::Access::Write;
  bool writes = *access != stencil::Access::Read;
  Span levels = {0, 1};
  if (type.hasK()) {
    levels = {-halo.getKLower(), out.nk + halo.getKUpper()};
    if (reaches.dynamic.contains(argument)) {
      // Any level of the caller's array may be read.
      auto outside =
          program.getArgAttrOfType<DenseI64ArrayAttr>(index, "stencil.levels");
      levels = levels.hull(outside ? Span{-outside[0], out.nk + outside[1]}
                                   : Span{0, out.nk});
    } else if (auto it = reaches.levels.find(argument);
               !writes && it != reaches.levels.end())
      levels = it->second;
  }
  Rect box = {{-halo.getILower(), out.ni + halo.getIUpper()},
              {-halo.getJLower(), out.nj + halo.getJUpper()}};
  if (levels.empty() || !reaches.levels.count(argument))
    if (!reaches.dynamic.contains(argument))
      return success();
  Column &column = out.add((name + "_col").str(), element, levels, type.hasK(),
                           argument.getLoc());
  column.data.assign(type.getDataDims().begin(), type.getDataDims().end());
  column.argument = index;
  column.isInput = reads;
  column.isOutput = writes;
  column.box = box;
  out.fields[argument] = &column;
  Rect known = {type.hasI() && !box.i.empty() ? box.i : out.domain.i,
                type.hasJ() && !box.j.empty() ? box.j : out.domain.j};
  out.grid = out.grid.hull(known);
  return success();
}

LogicalResult Declarer::declareTemporary(stencil::TemporaryOp op) {
  FieldType type = op.getField().getType();
  if (failed(checkWaferType(type.getElementType(), op.getLoc(), "temporary",
                            op.getName())))
    return failure();
  Span levels = {0, 1};
  if (type.hasK()) {
    auto it = reaches.levels.find(op.getField());
    if (it == reaches.levels.end() && !reaches.dynamic.contains(op.getField()))
      return success();
    levels = it == reaches.levels.end() ? Span{0, out.nk} : it->second;
    if (reaches.dynamic.contains(op.getField()))
      levels = levels.hull({0, out.nk});
  }
  Column &column = out.add(op.getName(), type.getElementType(), levels,
                           type.hasK(), op.getLoc());
  column.data.assign(type.getDataDims().begin(), type.getDataDims().end());
  column.isWritten = true;
  out.fields[op.getField()] = &column;
  return success();
}

LogicalResult Declarer::run() {
  if (failed(checkDomain()))
    return failure();
  collectReaches();
  bool ok = true;
  for (unsigned i = 0; i < out.program.getNumArguments(); ++i)
    out.reserve(out.program.getArgName(i));
  for (unsigned i = 0; i < out.program.getNumArguments(); ++i)
    ok &= succeeded(declareArgument(i));
  for (auto temporary : out.program.getBody().getOps<stencil::TemporaryOp>())
    ok &= succeeded(declareTemporary(temporary));
  if (!ok)
    return failure();
  for (auto &column : out.columns) {
    if (column->argument < 0)
      continue;
    auto type =
        cast<FieldType>(out.program.getArgument(column->argument).getType());
    if (!type.hasI())
      column->box.i = out.grid.i;
    if (!type.hasJ())
      column->box.j = out.grid.j;
  }
  return success();
}

FailureOr<Columns> wafer::readProgram(stencil::ProgramOp program) {
  Columns columns;
  columns.program = program;
  if (failed(Declarer(columns).run()) || failed(flatten(columns)))
    return failure();
  return columns;
}

void wafer::spreadScalars(Columns &columns, int64_t limit) {
  stencil::ProgramOp program = columns.program;
  for (unsigned i = 0; i < program.getNumArguments(); ++i) {
    BlockArgument argument = program.getArgument(i);
    if (isa<FieldType>(argument.getType()) || argument.use_empty() ||
        --limit >= 0)
      continue;
    Column &column =
        columns.add((program.getArgName(i) + "_col").str(), argument.getType(),
                    {0, 1}, /*hasK=*/false, argument.getLoc());
    column.argument = i;
    column.isInput = true;
    column.box = columns.grid;
    columns.held[argument] = &column;
  }
}
