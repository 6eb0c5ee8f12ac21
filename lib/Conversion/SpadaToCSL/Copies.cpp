//===- Copies.cpp - fields that can live in an argument's storage ---------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A field that is filled once from a whole input argument, or that is copied
// once into a whole output argument and not changed afterwards, is that
// argument's storage. Inputs are never overwritten, so a launch can be
// repeated.
//
//===----------------------------------------------------------------------===//

#include "Affine.h"
#include "ClassBody.h"

using namespace mlir;
using namespace spada;

namespace {

/// A whole-array copy at the top level of the body.
struct Copy {
  MapOp map;
  StringRef to, from;
};

StringRef fieldOf(Operation *op) {
  auto attr = op->getAttrOfType<StringAttr>("field");
  return attr ? attr.getValue() : StringRef();
}

std::optional<Copy> matchCopy(MapOp map, const ClassBody &body) {
  WriteOp write;
  for (Operation &op : map.getBody().front())
    if (auto found = dyn_cast<WriteOp>(op)) {
      if (write)
        return std::nullopt;
      write = found;
    } else if (!isa<ReadOp, ConstantOp, CastOp, BinaryOp>(op)) {
      return std::nullopt;
    }
  auto read = write ? write.getValue().getDefiningOp<ReadOp>() : ReadOp();
  if (!read)
    return std::nullopt;
  const ClassField &to = body.fields.find(write.getField())->second,
                   &from = body.fields.find(read.getField())->second;
  auto toAddress = linearAddress(write.getIndices(), to.shape),
       fromAddress = linearAddress(read.getIndices(), from.shape);
  if (!toAddress || !fromAddress || !(*toAddress == *fromAddress) ||
      to.sourceType != from.sourceType || to.elements() != from.elements())
    return std::nullopt;
  // The loop walks all elements in order.
  SmallVector<LoopDim> dims = loopDims(map);
  int64_t stride = 1, start = toAddress->constant;
  for (const LoopDim &dim : llvm::reverse(dims)) {
    if (dim.trips() > 1 &&
        toAddress->coefficient(dim.variable) * dim.step != stride)
      return std::nullopt;
    start += toAddress->coefficient(dim.variable) * dim.lo;
    stride *= dim.trips();
  }
  if (stride != to.elements() || start != 0)
    return std::nullopt;
  return Copy{map, body.fields.find(write.getField())->first,
              body.fields.find(read.getField())->first};
}

/// Accesses of one field outside `copy`, with the top-level statement that each
/// is in.
struct Accesses {
  bool writes = false, any = false, before = false, writesAfter = false;
};

Accesses accessesOf(StringRef field, MapOp copy, Block &block) {
  Accesses result;
  for (Operation &top : block) {
    if (&top == copy)
      continue;
    bool isBefore = top.isBeforeInBlock(copy);
    top.walk([&](Operation *op) {
      if (fieldOf(op) != field)
        return;
      bool writes = isa<WriteOp, ReceiveOp, AssignOp>(op);
      result.any = true;
      result.writes |= writes;
      result.before |= isBefore;
      result.writesAfter |= writes && !isBefore;
    });
  }
  return result;
}

void renameField(ClassBody &body, StringRef from, StringRef to) {
  auto attr = StringAttr::get(body.block().getParentOp()->getContext(), to);
  body.block().walk([&](Operation *op) {
    if (fieldOf(op) == from)
      op->setAttr("field", attr);
  });
}

bool replaceByArgument(ClassBody &body, const Copy &copy) {
  ClassField &to = body.fields.find(copy.to)->second,
             &from = body.fields.find(copy.from)->second;
  StringRef field, argument;
  if (from.isArgument && !to.isArgument) {
    Accesses use = accessesOf(copy.to, copy.map, body.block());
    if (use.writes || use.before ||
        accessesOf(copy.from, copy.map, body.block()).any)
      return false;
    field = copy.to, argument = copy.from;
  } else if (to.isArgument && !from.isArgument) {
    if (accessesOf(copy.to, copy.map, body.block()).any ||
        accessesOf(copy.from, copy.map, body.block()).writesAfter)
      return false;
    field = copy.from, argument = copy.to;
  } else {
    return false;
  }
  MapOp map = copy.map;
  for (Operation *user :
       llvm::make_early_inc_range(map.getCompletion().getUsers()))
    user->erase();
  map.erase();
  body.fields.find(argument)->second.shape =
      body.fields.find(field)->second.shape;
  renameField(body, field, argument);
  return true;
}

/// A field that starts as a copy of an input and is then rewritten in full,
/// each element from its own old value: the first rewrite takes the old value
/// from the input.
bool forwardToRewrite(ClassBody &body, Copy copy) {
  const ClassField &to = body.fields.find(copy.to)->second,
                   &from = body.fields.find(copy.from)->second;
  if (!from.isArgument)
    return false;
  Accesses others = accessesOf(copy.from, copy.map, body.block());
  if (others.writes || (others.any && from.shape != to.shape) ||
      accessesOf(copy.to, copy.map, body.block()).before)
    return false;
  Operation *rewrite = nullptr;
  for (Operation *next = copy.map->getNextNode(); next && !rewrite;
       next = next->getNextNode())
    next->walk([&](Operation *op) {
      if (fieldOf(op) == copy.to)
        rewrite = next;
    });
  if (!rewrite || !isa<MapOp, ForeachOp>(rewrite) ||
      !writeCoverage(rewrite, copy.to, to).all)
    return false;
  // Every read stands before the write and at its address.
  WriteOp write;
  for (auto op : rewrite->getRegion(0).front().getOps<WriteOp>())
    if (op.getField() == copy.to)
      write = op;
  auto address = linearAddress(write.getIndices(), to.shape);
  SmallVector<ReadOp> reads;
  bool ok = true;
  rewrite->walk([&](Operation *op) {
    if (fieldOf(op) != copy.to || op == write)
      return;
    auto read = dyn_cast<ReadOp>(op);
    auto at = read && read->getBlock() == write->getBlock()
                  ? linearAddress(read.getIndices(), to.shape)
                  : std::nullopt;
    ok &= at && *at == *address;
    if (ok && read->isBeforeInBlock(write))
      reads.push_back(read);
  });
  if (!ok)
    return false;
  auto name = StringAttr::get(rewrite->getContext(), copy.from);
  for (ReadOp read : reads)
    read.setFieldAttr(name);
  body.fields.find(copy.from)->second.shape = to.shape;
  for (Operation *user :
       llvm::make_early_inc_range(copy.map.getCompletion().getUsers()))
    user->erase();
  copy.map.erase();
  return true;
}

} // namespace

void spada::eliminateCopies(ClassBody &body) {
  bool changed = true;
  while (changed) {
    changed = false;
    for (auto map : llvm::make_early_inc_range(body.block().getOps<MapOp>())) {
      auto copy = matchCopy(map, body);
      if (copy &&
          (replaceByArgument(body, *copy) || forwardToRewrite(body, *copy))) {
        changed = true;
        break;
      }
    }
  }
  llvm::StringSet<> used, wanted;
  body.block().walk([&](Operation *op) {
    StringRef field = fieldOf(op);
    if (field.empty())
      return;
    used.insert(field);
    auto receive = dyn_cast<ReceiveOp>(op);
    if (!receive || !receive.getIndices().empty())
      wanted.insert(field);
  });
  body.fields.remove_if([&](auto &entry) {
    return !entry.second.isArgument && !used.contains(entry.first);
  });
  for (auto &[name, field] : body.fields)
    field.isDiscarded = !field.isArgument && !wanted.contains(name);
}
