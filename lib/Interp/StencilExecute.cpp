//===- StencilExecute.cpp - sections and statements in order --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The order of execution that the dialect documents, and nothing more.
//
//===----------------------------------------------------------------------===//

#include "StencilMachine.h"

using namespace mlir;
using namespace spada;
using namespace spada::interp;
using namespace spada::stencil;

Handler interp::stencilHandler(StringRef name) {
  static const HandlerTable table = [] {
    HandlerTable made;
    addPointHandlers(made);
    addArithHandlers(made);
    addMathHandlers(made);
    return made;
  }();
  return table.lookup(name);
}

bool StencilMachine::trap(const Step &step, const Twine &text) {
  outcome.status = InterpResult::Trapped;
  outcome.message = ("point (" + Twine(point[0]) + ", " + Twine(point[1]) +
                     ", " + Twine(point[2]) + "): " + text)
                        .str();
  outcome.location = step.op->getLoc();
  return false;
}

bool StencilMachine::runCode(const Code &code) {
  for (const Step &step : code.steps) {
    ++outcome.counts.operations;
    if (!step.run(*this, step))
      return false;
  }
  return true;
}

/// Runs `statement` at every point of one level.
bool StencilMachine::runPlane(const Statement &statement, int64_t level) {
  point[2] = level;
  for (int64_t i = statement.plane.iLow; i < statement.plane.iHigh; ++i)
    for (int64_t j = statement.plane.jLow; j < statement.plane.jHigh; ++j) {
      auto holds = [&](const Rectangle &region) {
        return region.contains(i, j);
      };
      if (statement.isLimited && !llvm::any_of(statement.regions, holds))
        continue;
      point[0] = i;
      point[1] = j;
      if (!runCode(statement.code))
        return false;
    }
  return true;
}

bool StencilMachine::runSection(SectionOp section) {
  int64_t start = section.getStart().at(call.domain[2]),
          end = section.getEnd().at(call.domain[2]);
  if (start >= end)
    return true;
  if (start < 0 || end > call.domain[2])
    return reject(section.getLoc(), "the interval [" + Twine(start) + ", " +
                                        Twine(end) + ") leaves the " +
                                        Twine(call.domain[2]) +
                                        " levels of the domain");
  std::vector<Statement> statements;
  for (StatementOp op : section.getBody().getOps<StatementOp>()) {
    statements.emplace_back();
    if (!decodeStatement(op, statements.back()))
      return false;
  }
  if (section.isParallel()) {
    for (const Statement &statement : statements)
      for (int64_t k = start; k < end; ++k)
        if (!runPlane(statement, k))
          return false;
    return true;
  }
  bool isForward = section.getOrder() == Order::Forward;
  for (int64_t n = 0; n < end - start; ++n)
    for (const Statement &statement : statements)
      if (!runPlane(statement, isForward ? start + n : end - 1 - n))
        return false;
  return true;
}

InterpResult StencilMachine::run() {
  if (setUp())
    for (SectionOp section : program.getBody().getOps<SectionOp>())
      if (!runSection(section))
        break;
  return std::move(outcome);
}

InterpResult spada::interpretStencil(ProgramOp program, StencilCall &call,
                                     const StencilInterpOptions &options) {
  return StencilMachine(program, call, options).run();
}
