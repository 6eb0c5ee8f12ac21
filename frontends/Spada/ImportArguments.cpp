//===- ImportArguments.cpp - arguments of kernels -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Declarations of arguments, and their streams as operands. Whether the uses
// of one argument agree with each other is an analysis.
//
//===----------------------------------------------------------------------===//

#include "frontends/Spada/Importer.h"

using namespace mlir;
using namespace spada;
using namespace spada::frontend;
using llvm::StringRef;
using llvm::Twine;

static StringRef ref(std::string_view text) { return StringRef(text); }

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

ArgumentMode Importer::checkArgument(const ast::Argument &argument) {
  const ast::Type &type = argument.type;
  auto reject = [&](const Twine &text) {
    error(argument.name.loc,
          "argument '" + Twine(ref(argument.name.text)) + "' " + text);
  };
  if (argument.readOnly && argument.writeOnly)
    reject("is both 'readonly' and 'writeonly'");
  if (type.isStream) {
    if (argument.compileTime)
      reject("is a stream and cannot be 'compiletime'");
    if (type.dims.size() > 2)
      reject("has " + counted(type.dims.size(), "dimension") +
             "; hint: PEs have two coordinates");
    return argument.readOnly    ? ArgumentMode::ReadOnly
           : argument.writeOnly ? ArgumentMode::WriteOnly
                                : ArgumentMode::ReadWrite;
  }
  if (!type.dims.empty())
    reject("is an array of scalars; hint: pass data as 'stream<T, B>[X, Y]'");
  if (argument.writeOnly)
    reject("is a scalar and cannot be 'writeonly'");
  return argument.compileTime ? ArgumentMode::CompileTime
                              : ArgumentMode::Scalar;
}

void Importer::importArgument(const ast::Argument &argument) {
  const ast::Type &type = argument.type;
  StringRef name = ref(argument.name.text);
  if (name.contains('#'))
    error(argument.name.loc, "argument '" + name + "' has a version suffix");
  checkName(argument.name, "argument");
  auto [it, isNew] = arguments.try_emplace(name);
  if (isNew)
    it->second.decl = &argument;
  else
    error(argument.name.loc, "two arguments are named '" + name + "'")
        .note(it->second.decl->name.loc, "first one here");
  ArgumentMode mode = checkArgument(argument);
  if (type.isStream && !type.dims.empty()) {
    const ast::Argument *first = firstStreamArgument;
    if (first && first->type.bound.has_value() != type.bound.has_value())
      error(type.loc, "argument '" + name + "' is " +
                          (type.bound ? "bounded" : "unbounded") + " but '" +
                          ref(first->name.text) +
                          "' is not; hint: give all "
                          "arrays of streams a bound, or none")
          .note(first->type.loc, "other argument declared here");
    if (!first)
      firstStreamArgument = &argument;
  }
  Value bound = type.bound ? index(*type.bound) : Value();
  llvm::SmallVector<Value> dims;
  bool valid = !type.bound || bound;
  for (const ast::Expr &dim : type.dims) {
    dims.push_back(index(dim));
    valid &= bool(dims.back());
  }
  if (valid)
    it->second.op = builder.create<ArgumentOp>(
        loc(argument.name.loc), builder.getStringAttr(name),
        ArgumentModeAttr::get(builder.getContext(), mode),
        TypeAttr::get(mlirType(type.element)), type.isStream ? bound : Value(),
        type.isStream ? ValueRange(dims) : ValueRange());
}

/// A declared direction that no statement keeps to gives way, with a warning.
void Importer::settleArguments(const ast::Kernel &kernel) {
  for (const ast::Argument &argument : kernel.arguments) {
    const ArgumentInfo &info = arguments.find(ref(argument.name.text))->second;
    bool wrong = argument.readOnly ? info.sent : info.received;
    if (info.decl != &argument || !wrong ||
        (!argument.readOnly && !argument.writeOnly))
      continue;
    ArgumentMode mode = info.sent && info.received ? ArgumentMode::ReadWrite
                        : info.sent                ? ArgumentMode::WriteOnly
                                                   : ArgumentMode::ReadOnly;
    messages
        .warn(info.against,
              "argument '" + Twine(ref(argument.name.text)) +
                  "' is declared '" +
                  (argument.readOnly ? "readonly" : "writeonly") + "' but " +
                  (argument.readOnly ? "sent to" : "received from") +
                  ", taken as '" + stringifyArgumentMode(mode) + "'")
        .note(argument.name.loc, "argument declared here");
    if (ArgumentOp op = info.op)
      op.setMode(mode);
  }
}

//===----------------------------------------------------------------------===//
// Uses
//===----------------------------------------------------------------------===//

Value Importer::argumentRef(const ast::Expr &e, ArgumentInfo &info, bool isSend,
                            Ty &element) {
  const ast::Argument &argument = *info.decl;
  StringRef name = ref(e.text);
  bool &used = isSend ? info.sent : info.received;
  if (!used && (isSend ? argument.readOnly : argument.writeOnly))
    info.against = e.loc;
  used = true;
  size_t dims = argument.type.dims.size();
  if (e.args.size() > dims)
    error(e.loc, "argument '" + name + "' has " + counted(dims, "dimension") +
                     ", but is indexed by " + Twine(e.args.size()))
        .note(argument.name.loc, "argument declared here");
  llvm::SmallVector<Value> indices;
  int lastPosition = -1;
  bool valid = true;
  for (const ast::Expr &part : e.args) {
    std::optional<int64_t> literal = literalInt(part);
    indices.push_back(literal ? fixedIndex(part, ++lastPosition, *literal)
                              : argumentIndex(part, lastPosition));
    valid &= bool(indices.back());
  }
  // Without any index: the first point, on the one PE of the block.
  for (size_t i = 0; valid && e.args.empty() && i < dims; ++i) {
    indices.push_back(fixedIndex(e, i, 0));
    valid = bool(indices.back());
  }
  element = tyOf(argument.type.element);
  if (!valid)
    return {};
  return builder.create<ArgumentRefOp>(
      loc(e.loc),
      spada::StreamType::get(builder.getContext(),
                             mlirType(argument.type.element)),
      builder.getStringAttr(name), indices);
}

/// The one coordinate of a range of literals.
std::optional<int64_t> Importer::onlyCoordinate(const ast::Range &range) const {
  std::optional<int64_t> lo = literalInt(range.lo);
  if (!lo || !range.hi)
    return lo;
  std::optional<int64_t> hi = literalInt(*range.hi),
                         step = range.step ? literalInt(*range.step) : 1;
  if (!hi || !step || *hi <= *lo || *hi > *lo + *step)
    return std::nullopt;
  return lo;
}

/// A literal index, or a missing one: on a block of one PE it is that PE's
/// coordinate plus or minus a constant, as every other index.
Value Importer::fixedIndex(const ast::Expr &e, unsigned axis, int64_t index) {
  const Variable *variable = nullptr;
  for (const Variable &v : variables)
    if (v.kind == VarKind::Subgrid && v.position == axis)
      variable = &v;
  std::optional<int64_t> at;
  if (block && axis < block->ranges.size())
    at = onlyCoordinate(block->ranges[axis]);
  if (!variable || !at) {
    bool isMissing = e.kind == ast::ExprKind::Ref;
    error(e.loc,
          "'" + Twine(textOf(e)) + "' " +
              (isMissing ? "has no index" : "is no index of an argument") +
              " where the block is wider than one PE; hint: write a "
              "subgrid variable, alone or plus or minus one constant");
    return {};
  }
  int64_t shift = index - *at;
  Value result = variable->value;
  if (!result || shift == 0)
    return result;
  unsigned width = widthOf(variable->type);
  if (std::abs(shift) >> (width - 1)) {
    error(e.loc, "index " + Twine(index) + " does not fit '" +
                     nameOf(variable->type) + "'");
    return {};
  }
  Value constant = builder.create<ConstantOp>(
      loc(e.loc), result.getType(),
      IntegerAttr::get(result.getType(),
                       llvm::APInt(width, uint64_t(std::abs(shift)))));
  return builder.create<BinaryOp>(loc(e.loc), result.getType(),
                                  shift > 0 ? BinaryKind::Add : BinaryKind::Sub,
                                  result, constant);
}

/// The subgrid variable that `e` is, or null.
const Variable *Importer::argumentVariable(const ast::Expr &e) {
  if (e.kind != ast::ExprKind::Ref || e.hasArgs)
    return nullptr;
  const Variable *variable = findVariable(e.text);
  return variable && variable->kind == VarKind::Subgrid ? variable : nullptr;
}

/// A subgrid variable, or one plus or minus a compile-time integer.
Value Importer::argumentIndex(const ast::Expr &e, int &lastPosition) {
  const Variable *variable = argumentVariable(e);
  if (!variable && e.kind == ast::ExprKind::Chain && e.args.size() == 2) {
    const Variable *left = argumentVariable(e.args[0]),
                   *right = argumentVariable(e.args[1]);
    if (left && right) {
      error(e.loc, "two subgrid variables in one index of an argument; hint: "
                   "each index is one variable plus or minus a constant");
      return {};
    }
    bool isAdd = e.ops[0].op == ast::Opcode::Add;
    if (left && (isAdd || e.ops[0].op == ast::Opcode::Sub))
      variable = left;
    if (right && isAdd)
      variable = right;
    const ast::Expr &constant = e.args[left ? 1 : 0];
    if (variable && !isFlexibleInt(annotate(constant))) {
      error(constant.loc, "'" + Twine(textOf(constant)) +
                              "' is not a compile-time integer; hint: an index "
                              "of an argument is a subgrid variable plus or "
                              "minus a constant");
      return {};
    }
  }
  if (!variable) {
    error(e.loc, "'" + Twine(textOf(e)) +
                     "' is no index of an argument; hint: write a subgrid "
                     "variable, alone or plus or minus one constant");
    return {};
  }
  if (int(variable->position) <= lastPosition)
    error(e.loc, "index '" + Twine(textOf(e)) +
                     "' is out of order; hint: indices follow the order of the "
                     "subgrid variables");
  lastPosition = variable->position;
  return value(e, variable->type);
}
