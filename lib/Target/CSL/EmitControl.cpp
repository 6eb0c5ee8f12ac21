//===- EmitControl.cpp - CSL loops and branches ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Structured control flow with values: what a loop carries or a branch yields
// becomes a `var`. Other statements are in EmitBody.cpp.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

/// `var r0: T = ...;` for each of `values`; without `initial`, zero.
LogicalResult
BodyEmitter::declareVariables(ValueRange values, ValueRange initial,
                              SmallVectorImpl<std::string> &variables) {
  for (auto [index, value] : llvm::enumerate(values)) {
    std::string name = localName(value, "r");
    Type type = value.getType();
    std::string start = type.isInteger(1)      ? "false"
                        : isa<FloatType>(type) ? "0.0"
                                               : "0";
    if (!initial.empty())
      start = get(initial[index]).text;
    else if (!type.isIntOrIndexOrFloat())
      return value.getDefiningOp()->emitError()
             << "'" << value.getDefiningOp()->getName() << "' yields " << type
             << ", which has no neutral value in CSL; keep it inside of the "
                "branches";
    os << "var " << name << typeAnnotation(type) << " = " << start << ";\n";
    variables.push_back(name);
  }
  return success();
}

/// Assigns all `values` at once: one that would be read after its variable has
/// changed goes through a constant.
LogicalResult BodyEmitter::assign(ArrayRef<std::string> variables,
                                  ValueRange values) {
  for (size_t i = 0; i < values.size(); ++i) {
    for (size_t earlier = 0; earlier < i; ++earlier)
      if (llvm::is_contained(get(values[i]).variables, variables[earlier])) {
        std::string name = names.takeNumbered("v");
        os << "const " << name << typeAnnotation(values[i].getType()) << " = "
           << get(values[i]).text << ";\n";
        expressions[values[i]] = Expression{name};
      }
  }
  for (auto [variable, value] : llvm::zip_equal(variables, values))
    if (get(value).text != variable)
      os << variable << " = " << get(value).text << ";\n";
  pendingLoads.clear();
  return success();
}

LogicalResult BodyEmitter::emitFor(scf::ForOp op) {
  Type type = op.getInductionVar().getType();
  IntegerAttr upper, step;
  bool known = matchPattern(op.getUpperBound(), m_Constant(&upper)) &&
               matchPattern(op.getStep(), m_Constant(&step));
  unsigned width = type.isIndex() ? 16 : type.getIntOrFloatBitWidth();
  if (known && !llvm::isIntN(width, upper.getValue().getSExtValue() +
                                        step.getValue().getSExtValue() - 1))
    return op.emitError() << "'scf.for' runs to "
                          << upper.getValue().getSExtValue() << " in steps of "
                          << step.getValue().getSExtValue() << ", beyond "
                          << cslType(type)
                          << ", the type of its variable in CSL";
  emitLocation(op.getLoc());
  SmallVector<std::string> variables;
  if (failed(declareVariables(op.getRegionIterArgs(), op.getInitArgs(),
                              variables)))
    return failure();
  for (auto [argument, result, name] :
       llvm::zip_equal(op.getRegionIterArgs(), op.getResults(), variables)) {
    Expression variable{name};
    variable.variables.push_back(name);
    expressions[argument] = variable;
    expressions[result] = Expression{name};
  }
  names.open();
  std::string index;
  if (auto name = dyn_cast<NameLoc>(op.getInductionVar().getLoc()))
    index = names.take(name.getName().getValue());
  else
    for (const char *hint : {"i", "j", "k", "l", "m", "n"})
      if (index = names.take(hint); index == hint)
        break;
  expressions[op.getInductionVar()] = Expression{index};
  std::string start = get(op.getLowerBound()).text,
              stride = get(op.getStep()).text;
  os << "for (@range(" << cslType(type) << ", ";
  if (start == "0" && stride == "1")
    os << get(op.getUpperBound()).text;
  else
    os << start << ", " << get(op.getUpperBound()).text << ", " << stride;
  os << ")) |" << index << "| {\n";
  os.indent();
  // The yield belongs to the scope of the body, whose names it uses.
  for (Operation &inner : *op.getBody())
    if (failed(emitOp(inner)))
      return failure();
  if (failed(assign(variables, op.getYieldedValues())))
    return failure();
  os.unindent();
  os << "}\n";
  names.close();
  return success();
}

LogicalResult BodyEmitter::emitIf(scf::IfOp op) {
  emitLocation(op.getLoc());
  SmallVector<std::string> variables;
  if (failed(declareVariables(op.getResults(), {}, variables)))
    return failure();
  auto branch = [&](Region &region) -> LogicalResult {
    names.open();
    os.indent();
    for (Operation &inner : region.front())
      if (failed(emitOp(inner)))
        return failure();
    if (failed(assign(variables,
                      cast<scf::YieldOp>(region.front().back()).getResults())))
      return failure();
    os.unindent();
    names.close();
    return success();
  };
  bool hasElse = !op.getElseRegion().empty() &&
                 (op.getNumResults() ||
                  !llvm::hasSingleElement(op.getElseRegion().front()));
  if (hasElse && !op.getNumResults() &&
      llvm::hasSingleElement(op.getThenRegion().front())) {
    os << "if (!" << get(op.getCondition()).in(Precedence::Unary) << ") {\n";
    if (failed(branch(op.getElseRegion())))
      return failure();
    os << "}\n";
    return success();
  }
  os << "if (" << get(op.getCondition()).text << ") {\n";
  if (failed(branch(op.getThenRegion())))
    return failure();
  if (hasElse) {
    os << "} else {\n";
    if (failed(branch(op.getElseRegion())))
      return failure();
  }
  os << "}\n";
  for (auto [result, name] : llvm::zip_equal(op.getResults(), variables))
    expressions[result] = Expression{name};
  return success();
}

LogicalResult BodyEmitter::emitWhile(scf::WhileOp op) {
  emitLocation(op.getLoc());
  SmallVector<std::string> before, after;
  if (failed(
          declareVariables(op.getBeforeArguments(), op.getInits(), before)) ||
      failed(declareVariables(op.getResults(), {}, after)))
    return failure();
  auto bind = [&](ValueRange values, ArrayRef<std::string> variables,
                  bool mutated) {
    for (auto [value, name] : llvm::zip_equal(values, variables)) {
      expressions[value] = Expression{name};
      if (mutated)
        expressions[value].variables.push_back(name);
    }
  };
  bind(op.getBeforeArguments(), before, true);
  bind(op.getAfterArguments(), after, true);
  os << "while (true) {\n";
  names.open();
  os.indent();
  for (Operation &inner : *op.getBeforeBody())
    if (failed(emitOp(inner)))
      return failure();
  scf::ConditionOp condition = op.getConditionOp();
  // The values go on even when the loop ends, and may change what the condition
  // reads.
  if (!condition.getArgs().empty() &&
      failed(makeSimple(condition.getCondition())))
    return failure();
  if (failed(assign(after, condition.getArgs())))
    return failure();
  os << "if (!" << get(condition.getCondition()).in(Precedence::Unary)
     << ") {\n";
  os.indent() << "break;\n";
  os.unindent() << "}\n";
  for (Operation &inner : *op.getAfterBody())
    if (failed(emitOp(inner)))
      return failure();
  if (failed(assign(before, op.getYieldOp().getResults())))
    return failure();
  os.unindent();
  names.close();
  os << "}\n";
  bind(op.getResults(), after, false);
  return success();
}
