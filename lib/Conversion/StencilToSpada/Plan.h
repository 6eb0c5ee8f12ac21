//===- Plan.h - the program of the PEs, action by action --------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One list of actions that every PE walks in the same order: vector operations,
// loops over levels, transfers. A PE leaves out what reaches over the edge of
// the grid, or what a region keeps from it.
//
// Why this cannot deadlock: a receive waits for a send, and the end of a send
// for a receive, that stand earlier in the neighbour's list. The columns of one
// multicast are received at once: one after the other, each PE would wait for
// the next one, along the whole row.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOSPADA_PLAN_H
#define LIB_CONVERSION_STENCILTOSPADA_PLAN_H

#include "Expressions.h"
#include "Order.h"

#include "spada/Conversion/StencilToSpada.h"
#include "spada/Machine/Machine.h"

#include <map>

namespace spada::wafer {

/// A direction of travel for elements of one type.
struct Line {
  std::string name;
  mlir::Type element;
  int64_t dx = 0, dy = 0; ///< from the sender to the (first) receiver
  /// Above 1: a multicast to so many PEs in a row. Senders that are `reach + 1`
  /// apart share a color; a PE takes the columns of all its senders at once.
  int64_t reach = 1;
};

/// A column of each PE on its way to a neighbour.
struct Message {
  Column *source = nullptr; ///< what is sent
  Column *packed = nullptr; ///< the levels that are wanted, when sent apart
  Column *buffer = nullptr; ///< where it is received, unless used at once
  /// Of a multicast: where the columns from 2, 3, ... PEs away are received.
  llvm::SmallVector<Column *> farther;
  Span levels;
  unsigned line = 0;
  int64_t di = 0, dj = 0; ///< from the reader to the value
  mlir::Operation *op = nullptr;
  Rect needed; ///< the PEs that read it or pass it on
  bool isReceived = false;

  /// Where the column from `distance` steps of the line away is received.
  Column *bufferAt(int64_t distance) const {
    return distance == 1 ? buffer : farther[distance - 2];
  }
};

enum class ActionKind {
  Map,     ///< one assignment for all levels in any order
  Loop,    ///< assignments level by level
  Stream,  ///< one assignment for all levels, as a message arrives
  Receive, ///< a message into its buffer
  Pack,    ///< the levels of a message that will be sent
  Send,
  Await, ///< the end of a send
};

struct Action {
  ActionKind kind = ActionKind::Map;
  std::vector<Assign> assigns;
  Span levels;
  bool isVector = false; ///< of a map: by vector operations
  bool isBackward = false;
  mlir::Operation *streamed = nullptr; ///< the read that a message stands for
  int message = -1;
};

struct Plan {
  bool hasCasts() const {
    return llvm::any_of(lines, [](const Line &line) { return line.reach > 1; });
  }

  std::vector<Action> actions;
  std::vector<Message> messages;
  std::vector<Line> lines;
  Buffers buffers;
  llvm::SmallVector<WaferTransfer> transfers;
};

/// Plans the communication and the vector operations of `columns`, to which
/// buffers are added.
/// \p casts  use multicasts where they are possible
mlir::FailureOr<Plan> makePlan(Columns &columns, const Machine &machine,
                               bool casts);

/// Puts sends as early, and waits as late, as the order of messages allows.
void placeSends(Plan &plan, Columns &columns, const Machine &machine);

/// Cycles of one PE, transfers included.
int64_t estimateCycles(const Plan &plan, const Columns &columns,
                       const Machine &machine);

/// Lets columns that are alive within one level of one loop be variables.
void demoteColumns(Plan &plan, Columns &columns);

} // namespace spada::wafer

#endif
