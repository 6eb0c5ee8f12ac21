//===- Sends.cpp - when messages leave, and what need not be an array -----===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A message is sent as soon as its column is complete and the message before it
// on the same line has been received. See Plan.h.
//
//===----------------------------------------------------------------------===//

#include "Plan.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace spada;
using namespace spada::wafer;

static bool changes(const Action &action, const Column *column,
                    const Plan &plan) {
  if (action.kind == ActionKind::Receive) {
    const Message &message = plan.messages[action.message];
    return message.buffer == column ||
           llvm::is_contained(message.farther, column);
  }
  return llvm::any_of(action.assigns, [&](const Assign &assign) {
    return assign.target == column;
  });
}

static bool receives(const Action &action) {
  return action.kind == ActionKind::Receive ||
         action.kind == ActionKind::Stream;
}

/// Lines beyond the output queues of a PE, where queues can serve several
/// colors one after the other. Nothing else is under way with their messages.
static SmallVector<bool> findLonelyLines(const Plan &plan,
                                         const Machine &machine) {
  SmallVector<bool> lonely(plan.lines.size(), false);
  size_t queues = machine.outputQueues.size();
  if (plan.lines.size() <= queues || machine.outputQueueBoundToColor)
    return lonely;
  SmallVector<unsigned> order, messages(plan.lines.size(), 0);
  for (const Message &message : plan.messages)
    ++messages[message.line];
  for (unsigned line = 0; line < plan.lines.size(); ++line)
    order.push_back(line);
  llvm::sort(order, [&](unsigned a, unsigned b) {
    return std::pair(-int64_t(messages[a]), a) <
           std::pair(-int64_t(messages[b]), b);
  });
  for (unsigned line : ArrayRef(order).drop_front(queues))
    lonely[line] = true;
  return lonely;
}

void wafer::placeSends(Plan &plan, Columns &columns, const Machine &machine) {
  std::vector<Action> &actions = plan.actions;
  // Messages that leave before action i.
  std::vector<SmallVector<int>> leaving(actions.size());
  SmallVector<size_t> lineFree(plan.lines.size(), 0);
  SmallVector<bool> lonely = findLonelyLines(plan, machine);
  for (size_t i = 0; i < actions.size(); ++i) {
    if (!receives(actions[i]))
      continue;
    const Message &message = plan.messages[actions[i].message];
    size_t at = lineFree[message.line];
    for (size_t j = i; j-- > at;)
      if (changes(actions[j], message.source, plan)) {
        at = j + 1;
        break;
      }
    leaving[at].push_back(actions[i].message);
    for (size_t line = 0; line < plan.lines.size(); ++line)
      if (line == message.line || lonely[line] || lonely[message.line])
        lineFree[line] = i + 1;
  }

  std::vector<Action> result;
  llvm::MapVector<const Column *, SmallVector<int>> underWay;
  SmallVector<int> onLine(plan.lines.size(), -1); // last message sent
  auto add = [&](ActionKind kind, int message) {
    Action action;
    action.kind = kind;
    action.message = message;
    action.levels = plan.messages[message].levels;
    result.push_back(std::move(action));
  };
  auto sent = [&](int index) {
    Message &message = plan.messages[index];
    return message.packed ? message.packed : message.source;
  };
  auto await = [&](int index) {
    SmallVector<int> &list = underWay[sent(index)];
    if (!llvm::is_contained(list, index))
      return;
    llvm::erase(list, index);
    add(ActionKind::Await, index);
  };
  for (size_t i = 0; i < actions.size(); ++i) {
    for (int index : leaving[i]) {
      Message &message = plan.messages[index];
      for (size_t line = 0; line < plan.lines.size(); ++line)
        if (onLine[line] >= 0 &&
            (line == message.line || lonely[line] || lonely[message.line]))
          await(onLine[line]);
      if (!(message.levels == message.source->levels)) {
        Column &packed =
            columns.add(message.source->name + "_part", message.source->element,
                        message.levels, true, message.source->loc);
        message.packed = &packed;
        add(ActionKind::Pack, index);
      }
      add(ActionKind::Send, index);
      underWay[sent(index)].push_back(index);
      onLine[message.line] = index;
    }
    for (size_t e = 0; e < underWay.size(); ++e) {
      auto &entry = *(underWay.begin() + e);
      if (changes(actions[i], entry.first, plan))
        for (int index : SmallVector<int>(entry.second))
          await(index);
    }
    result.push_back(std::move(actions[i]));
  }
  actions = std::move(result);
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

namespace {
/// Where a column is used.
struct Uses {
  const Action *loop = nullptr; ///< the only action that uses it
  bool isElsewhere = false;
  bool isLocal = true; ///< at the level itself, and stored first
  bool isStored = false;
};
} // namespace

void wafer::demoteColumns(Plan &plan, Columns &columns) {
  llvm::DenseMap<const Column *, Uses> uses;
  auto other = [&](const Column *column) {
    if (column)
      uses[column].isElsewhere = true;
  };
  for (const Message &message : plan.messages) {
    other(message.source);
    other(message.packed);
    other(message.buffer);
    llvm::for_each(message.farther, other);
  }
  for (const Action &action : plan.actions)
    for (const Assign &assign : action.assigns)
      for (const ColumnAccess &access : accessesOf(assign, columns)) {
        Uses &use = uses[access.column];
        if (use.loop && use.loop != &action)
          use.isElsewhere = true;
        use.loop = &action;
        use.isLocal &= access.offset == 0 && (access.isStore || use.isStored);
        use.isStored |= access.isStore && assign.where.empty();
      }
  for (auto &column : columns.columns) {
    auto it = uses.find(column.get());
    if (it == uses.end() || column->argument >= 0 || !column->data.empty())
      continue;
    const Uses &use = it->second;
    if (!use.isElsewhere && use.isLocal && use.loop &&
        use.loop->kind == ActionKind::Loop)
      column->isVariable = true;
  }
}
