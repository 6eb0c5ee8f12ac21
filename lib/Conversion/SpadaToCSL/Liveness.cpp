//===- Liveness.cpp - arrays that share storage ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Fields of one shape and type whose lifetimes do not meet become one field. A
// field that is read before it is written in full holds zeros first, so only
// fully overwritten ones may take over another's storage.
//
//===----------------------------------------------------------------------===//

#include "Affine.h"
#include "ClassBody.h"
#include "Plan.h"

using namespace mlir;
using namespace spada;

namespace {

struct Lifetime {
  unsigned first = ~0u, last = 0;
  bool overwrittenFirst =
      false; ///< the first statement writes every element and reads none
};

} // namespace

WriteCoverage spada::writeCoverage(Operation *statement, StringRef field,
                                   const ClassField &info) {
  WriteCoverage result;
  if (auto receive = dyn_cast<ReceiveOp>(statement)) {
    result.all = receive.getIndices().empty() && receive.getField() == field;
    return result;
  }
  SmallVector<LoopDim> dims;
  if (isa<MapOp, ForeachOp>(statement))
    dims = loopDims(statement);
  statement->walk([&](Operation *op) {
    auto attr = op->getAttrOfType<StringAttr>("field");
    if (!attr || attr.getValue() != field)
      return;
    auto write = dyn_cast<WriteOp>(op);
    if (!write) {
      result.reads = true;
      return;
    }
    if (op->getParentOp() != statement || dims.empty())
      return;
    auto address = linearAddress(write.getIndices(), info.shape);
    if (!address)
      return;
    int64_t stride = 1, start = address->constant;
    bool contiguous = true;
    for (const LoopDim &dim : llvm::reverse(dims)) {
      contiguous &= dim.trips() == 1 ||
                    address->coefficient(dim.variable) * dim.step == stride;
      start += address->coefficient(dim.variable) * dim.lo;
      stride *= dim.trips();
    }
    result.all |= contiguous && start == 0 && stride == info.elements();
  });
  return result;
}

void spada::shareStorage(ClassBody &body) {
  // Positions of top-level statements; an asynchronous one lives until its
  // completion is awaited.
  llvm::MapVector<StringRef, Lifetime> lives;
  llvm::StringMap<SmallVector<Operation *>> users;
  DenseMap<Operation *, unsigned> position;
  unsigned now = 0;
  for (Operation &op : body.block())
    position[&op] = now++;
  for (Operation &top : body.block()) {
    if (!isStatement(&top))
      continue;
    unsigned end = position[&top];
    if (top.getNumResults() == 1) {
      Operation *wait = nullptr;
      for (Operation *next = top.getNextNode(); next && !wait;
           next = next->getNextNode())
        if (isa<AwaitAllOp>(next) ||
            (isa<AwaitOp>(next) && next->getOperand(0) == top.getResult(0)))
          wait = next;
      end = wait ? position[wait] : now;
    }
    top.walk([&](Operation *op) {
      auto attr = op->getAttrOfType<StringAttr>("field");
      if (!attr)
        return;
      auto entry = body.fields.find(attr.getValue());
      auto [it, isNew] = lives.insert({entry->first, Lifetime()});
      Lifetime &life = it->second;
      if (isNew) {
        life.first = position[&top];
        WriteCoverage coverage =
            writeCoverage(&top, entry->first, entry->second);
        life.overwrittenFirst = coverage.all && !coverage.reads;
      }
      life.last = std::max(life.last, end);
    });
  }
  body.block().walk([&](Operation *op) {
    if (auto attr = op->getAttrOfType<StringAttr>("field"))
      users[attr.getValue()].push_back(op);
  });
  // Expressions between statements read where their statement stands; extend by
  // their own positions.
  for (Operation &op : body.block())
    if (auto read = dyn_cast<ReadOp>(op)) {
      Lifetime &life = lives[body.fields.find(read.getField())->first];
      if (position[&op] < life.first)
        life.overwrittenFirst = false;
      life.first = std::min(life.first, position[&op]);
      life.last = std::max(life.last, position[&op] + 1);
    }
  for (size_t i = 0; i < lives.size(); ++i) {
    auto &[name, life] = *(lives.begin() + i);
    ClassField &field = body.fields.find(name)->second;
    if (field.isArgument || field.isDiscarded || field.shape.empty() ||
        !life.overwrittenFirst)
      continue;
    for (size_t j = 0; j < i; ++j) {
      auto &[hostName, hostLife] = *(lives.begin() + j);
      ClassField &host = body.fields.find(hostName)->second;
      if (host.isArgument || host.isDiscarded || host.shape != field.shape ||
          host.sourceType != field.sourceType || hostLife.last >= life.first ||
          hostLife.first == ~0u)
        continue;
      auto attr =
          StringAttr::get(body.block().getParentOp()->getContext(), hostName);
      for (Operation *op : users[name])
        op->setAttr("field", attr);
      llvm::append_range(users[hostName], users[name]);
      hostLife.last = life.last;
      life = Lifetime();
      break;
    }
  }
  llvm::StringSet<> used;
  body.block().walk([&](Operation *op) {
    if (auto attr = op->getAttrOfType<StringAttr>("field"))
      used.insert(attr.getValue());
  });
  body.fields.remove_if([&](auto &entry) {
    return !entry.second.isArgument && !used.contains(entry.first);
  });
}
