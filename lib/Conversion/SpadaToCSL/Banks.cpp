//===- Banks.cpp - arrays in different memory banks -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Greedy over the arrays in order of declaration. See Banks.h.
//
//===----------------------------------------------------------------------===//

#include "Banks.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace spada;

namespace {

/// Two sources of one operation, by array, with their first elements.
struct Pair {
  StringRef array[2];
  int64_t offset[2];
};

/// The descriptor constant behind a source that needs no run-time offset.
csl::MemDsdOp constantSource(Value source, const SymbolTable &symbols) {
  auto name = source.getDefiningOp<csl::DsdOp>();
  return name ? symbols.lookup<csl::MemDsdOp>(name.getDsd()) : csl::MemDsdOp();
}

SmallVector<Pair> collectPairs(csl::ProgramOp program) {
  SymbolTable symbols(program);
  SmallVector<Pair> pairs;
  program.walk([&](csl::VectorOp op) {
    SmallVector<csl::MemDsdOp> sources;
    for (Value operand : op.getOperands_().drop_front())
      if (auto source = constantSource(operand, symbols))
        sources.push_back(source);
    if (sources.size() == 2 && sources[0].getBase() != sources[1].getBase())
      pairs.push_back({{sources[0].getBase(), sources[1].getBase()},
                       {static_cast<int64_t>(sources[0].getOffset()),
                        static_cast<int64_t>(sources[1].getOffset())}});
  });
  return pairs;
}

} // namespace

void spada::separateBanks(csl::ProgramOp program, const Machine &machine) {
  int64_t bankBytes = 2 * machine.readBankWords;
  SmallVector<Pair> pairs = collectPairs(program);
  if (pairs.empty() || bankBytes == 0)
    return;
  llvm::StringSet<> fixed;
  for (auto pointer : program.getBody().getOps<csl::PointerOp>())
    if (pointer.getTarget())
      fixed.insert(*pointer.getTarget());
  program.walk([&](csl::AddressOfOp use) { fixed.insert(use.getVariable()); });

  llvm::MapVector<StringRef, csl::VariableOp> arrays;
  for (auto variable : program.getBody().getOps<csl::VariableOp>())
    for (const Pair &pair : pairs)
      if (llvm::is_contained(pair.array, variable.getSymName()))
        arrays[variable.getSymName()] = variable;
  auto elementBytes = [&](StringRef array) -> int64_t {
    return cast<MemRefType>(arrays[array].getType()).getElementTypeBitWidth() /
           8;
  };
  llvm::StringMap<int64_t> shift; // elements; only of arrays already placed
  auto clashes = [&](StringRef array, int64_t tried) {
    int64_t count = 0;
    for (const Pair &pair : pairs)
      for (int side : {0, 1}) {
        StringRef other = pair.array[1 - side];
        auto placed = shift.find(other);
        if (pair.array[side] != array || placed == shift.end())
          continue;
        int64_t here = (pair.offset[side] + tried) * elementBytes(array);
        int64_t there =
            (pair.offset[1 - side] + placed->second) * elementBytes(other);
        count += (here / 2 - there / 2) % machine.readBankWords == 0;
      }
    return count;
  };
  // Arrays that cannot move first, so that the others can keep clear of them.
  for (bool movable : {false, true})
    for (auto &[array, variable] : arrays) {
      if (fixed.contains(array) == movable)
        continue;
      int64_t best = 0, tries = movable ? bankBytes / elementBytes(array) : 1;
      for (int64_t tried = 1; tried < tries; ++tried)
        if (clashes(array, tried) < clashes(array, best))
          best = tried;
      shift[array] = best;
    }
  Builder builder(program.getContext());
  for (auto &[array, variable] : arrays) {
    variable.setAlignmentAttr(builder.getI64IntegerAttr(bankBytes));
    int64_t elements = shift[array];
    auto type = cast<MemRefType>(variable.getType());
    if (elements == 0)
      continue;
    variable.setTypeAttr(TypeAttr::get(MemRefType::get(
        {type.getNumElements() + elements}, type.getElementType())));
    for (auto dsd : program.getBody().getOps<csl::MemDsdOp>())
      if (dsd.getBase() == array)
        dsd.setOffset(dsd.getOffset() + elements);
  }
}
