//===- Order.cpp - which assignments share a loop over levels -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Loop distribution: strongly connected components of the dependences between
// the assignments of a sequential section.
//
//===----------------------------------------------------------------------===//

#include "Order.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace spada;
using namespace spada::wafer;

SmallVector<ColumnAccess> wafer::accessesOf(const Assign &assign,
                                            const Columns &columns) {
  SmallVector<ColumnAccess> result;
  forEachValue(assign, columns, [&](Value value) {
    bool isOwn = assign.isHold() && value == assign.value;
    if (auto held = columns.held.find(value);
        held != columns.held.end() && !isOwn) {
      result.push_back({held->second, false, 0, false, assign.op});
      return;
    }
    auto read = value.getDefiningOp<stencil::ReadOp>();
    if (!read)
      return;
    const Column *column = columns.fields.lookup(read.getField());
    if (!column)
      return;
    ColumnAccess access{column, false, std::nullopt, false, read};
    if (column->hasK && !read.getShift() && !read.getLevel())
      access.offset = read.getOffset()[2];
    access.isRemote = read.getOffset()[0] != 0 || read.getOffset()[1] != 0;
    result.push_back(access);
  });
  if (!assign.target)
    return result;
  ColumnAccess store{assign.target, true, std::nullopt, false, assign.op};
  if (assign.target->hasK && !assign.shift)
    store.offset = assign.dk;
  if (assign.isConditional()) { // the old value
    result.push_back(store);
    result.back().isStore = false;
  }
  result.push_back(store);
  return result;
}

namespace {

class Distributor {
public:
  Distributor(const SectionBody &section, const Columns &columns)
      : section(section), columns(columns), count(section.assigns.size()),
        successors(count) {}
  FailureOr<std::vector<Group>> run();

private:
  void addEdges();
  void relate(unsigned a, const ColumnAccess &x, unsigned b,
              const ColumnAccess &y);
  void findComponents();
  void visit(unsigned node);
  LogicalResult checkRemote(const Group &group);

  const SectionBody &section;
  const Columns &columns;
  unsigned count;
  std::vector<llvm::SmallSetVector<unsigned, 8>> successors;
  llvm::SmallVector<bool> recurs; ///< depends on itself across levels
  // Tarjan's algorithm.
  SmallVector<int> number, low, component;
  SmallVector<unsigned> stack;
  SmallVector<bool> onStack;
  int next = 0, components = 0;
};

} // namespace

/// `a` stands before or is `b` in the source.
void Distributor::relate(unsigned a, const ColumnAccess &x, unsigned b,
                         const ColumnAccess &y) {
  if (!x.isStore && !y.isStore)
    return;
  if (!x.offset || !y.offset) {
    bool oneLevel = section.levels.size() == 1;
    if (a == b) {
      recurs[a] = recurs[a] || !oneLevel;
      return;
    }
    successors[a].insert(b);
    if (!oneLevel)
      successors[b].insert(a);
    return;
  }
  // Levels of the two that meet: b's is `delta` above a's.
  int64_t delta = *x.offset - *y.offset;
  if (std::abs(delta) >= section.levels.size())
    return;
  if (section.order == stencil::Order::Backward)
    delta = -delta;
  if (a == b) {
    recurs[a] = recurs[a] || delta != 0;
    return;
  }
  if (delta >= 0)
    successors[a].insert(b);
  else
    successors[b].insert(a);
}

void Distributor::addEdges() {
  for (unsigned i = 0; i + 1 < count; ++i) // loops stay whole
    if (section.assigns[i].depth > 0 &&
        section.assigns[i].form != Assign::Form::End) {
      successors[i].insert(i + 1);
      successors[i + 1].insert(i);
    }
  llvm::MapVector<const Column *,
                  SmallVector<std::pair<unsigned, ColumnAccess>>>
      byColumn;
  for (unsigned i = 0; i < count; ++i)
    for (const ColumnAccess &access : accessesOf(section.assigns[i], columns))
      byColumn[access.column].push_back({i, access});
  for (auto &[column, accesses] : byColumn)
    for (size_t i = 0; i < accesses.size(); ++i)
      for (size_t j = i; j < accesses.size(); ++j)
        relate(accesses[i].first, accesses[i].second, accesses[j].first,
               accesses[j].second);
}

void Distributor::visit(unsigned node) {
  number[node] = low[node] = next++;
  stack.push_back(node);
  onStack[node] = true;
  for (unsigned successor : successors[node]) {
    if (number[successor] < 0) {
      visit(successor);
      low[node] = std::min(low[node], low[successor]);
    } else if (onStack[successor]) {
      low[node] = std::min(low[node], number[successor]);
    }
  }
  if (low[node] != number[node])
    return;
  for (bool more = true; more;) {
    unsigned member = stack.pop_back_val();
    onStack[member] = false;
    component[member] = components;
    more = member != node;
  }
  ++components;
}

void Distributor::findComponents() {
  number.assign(count, -1);
  low.assign(count, 0);
  component.assign(count, -1);
  onStack.assign(count, false);
  for (unsigned node = 0; node < count; ++node)
    if (number[node] < 0)
      visit(node);
}

/// Other PEs' values of what the loop itself computes do not exist yet.
LogicalResult Distributor::checkRemote(const Group &group) {
  if (!group.isLoop)
    return success();
  for (const Assign &assign : group.assigns)
    for (const ColumnAccess &access : accessesOf(assign, columns)) {
      if (!access.isRemote)
        continue;
      for (const Assign &other : group.assigns)
        if (other.target == access.column) {
          auto diag = access.op->emitError("'")
                      << access.column->name
                      << "' is read with a horizontal offset in the loop over "
                         "levels that computes it";
          diag.attachNote(other.op->getLoc()) << "stored here";
          diag.attachNote() << "hint: the value of another column at another "
                               "level of this loop is undefined in GTScript";
          return diag;
        }
    }
  return success();
}

FailureOr<std::vector<Group>> Distributor::run() {
  recurs.assign(count, false);
  addEdges();
  findComponents();
  // Members in source order; components by a topological order that takes the
  // earliest of those ready.
  std::vector<SmallVector<unsigned>> members(components);
  for (unsigned i = 0; i < count; ++i)
    members[component[i]].push_back(i);
  SmallVector<unsigned> waiting(components, 0);
  std::vector<llvm::SmallSetVector<unsigned, 4>> after(components);
  for (unsigned i = 0; i < count; ++i)
    for (unsigned j : successors[i])
      if (component[i] != component[j] &&
          after[component[i]].insert(component[j]))
        ++waiting[component[j]];
  auto isLater = [&](unsigned a, unsigned b) {
    return members[a].front() > members[b].front();
  };
  SmallVector<unsigned> ready;
  auto push = [&](unsigned c) {
    ready.push_back(c);
    std::push_heap(ready.begin(), ready.end(), isLater);
  };
  for (int c = 0; c < components; ++c)
    if (waiting[c] == 0)
      push(c);
  std::vector<Group> groups;
  while (!ready.empty()) {
    std::pop_heap(ready.begin(), ready.end(), isLater);
    unsigned c = ready.pop_back_val();
    Group group;
    for (unsigned i : members[c])
      group.assigns.push_back(section.assigns[i]);
    const Assign &first = group.assigns.front();
    group.isLoop = members[c].size() > 1 || recurs[members[c].front()] ||
                   first.shift || first.depth > 0 || !first.target->hasK;
    if (failed(checkRemote(group)))
      return failure();
    groups.push_back(std::move(group));
    for (unsigned d : after[c])
      if (--waiting[d] == 0)
        push(d);
  }
  return groups;
}

FailureOr<std::vector<Group>> wafer::orderSection(const SectionBody &section,
                                                  const Columns &columns) {
  if (section.order != stencil::Order::Parallel)
    return Distributor(section, columns).run();
  std::vector<Group> groups;
  bool isInLoop = false;
  for (const Assign &assign : section.assigns) {
    if (isInLoop)
      groups.back().assigns.push_back(assign);
    else
      groups.push_back({{assign}, assign.depth > 0});
    isInLoop = assign.depth > 1 ||
               (assign.depth == 1 && assign.form != Assign::Form::End);
  }
  return groups;
}
