//===- EmitBody.cpp - CSL statements --------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Prints bodies of tasks and functions. A pure value with one use in its own
// block is inlined there; every other one becomes a `const`. A value that reads
// memory is written out before any statement that stands between it and its
// use.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

/// Longest expression that is inlined; a longer one gets a name.
static constexpr size_t maxInlinedText = 72;

//===----------------------------------------------------------------------===//
// Names, places, values
//===----------------------------------------------------------------------===//

static FileLineColLoc findFileLocation(Location location) {
  if (auto file = dyn_cast<FileLineColLoc>(location))
    return file;
  if (auto name = dyn_cast<NameLoc>(location))
    return findFileLocation(name.getChildLoc());
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return findFileLocation(call.getCallee());
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (auto file = findFileLocation(part))
        return file;
  return {};
}

void BodyEmitter::emitLocation(Location location) {
  FileLineColLoc file =
      options.locations ? findFileLocation(location) : FileLineColLoc();
  if (!file)
    return;
  std::string text =
      (llvm::sys::path::filename(file.getFilename().getValue()) + ":" +
       Twine(file.getLine()) + ":" + Twine(file.getColumn()))
          .str();
  if (text != lastLocation)
    os << "// " << text << "\n";
  lastLocation = text;
}

/// A free local name: the one in `value`'s location, else `fallback` with a
/// number.
std::string BodyEmitter::localName(Value value, StringRef fallback) {
  if (auto name = dyn_cast<NameLoc>(value.getLoc()))
    return names.take(name.getName().getValue());
  return names.takeNumbered(fallback);
}

LogicalResult BodyEmitter::checkType(Operation *op, Type type) {
  if (!cslType(type).empty())
    return success();
  return op->emitError() << "'" << op->getName() << "' has type " << type
                         << ", which CSL has not at run time";
}

LogicalResult BodyEmitter::emitConst(Value value,
                                     const Expression &expression) {
  std::string name = localName(value, "v");
  emitLocation(value.getLoc());
  os << "const " << name << typeAnnotation(value.getType()) << " = "
     << expression.text << ";\n";
  expressions[value] = Expression{name};
  return success();
}

/// Makes `value` a name or a number, so that it can be printed twice.
LogicalResult BodyEmitter::makeSimple(Value value) {
  Expression expression = get(value);
  bool isName = llvm::all_of(
      expression.text, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (expression.literal || (isName && !expression.readsMemory))
    return success();
  llvm::erase(pendingLoads, value);
  return emitConst(value, expression);
}

/// Writes out inlined values that read memory and whose use comes behind
/// `before`, which may change memory.
LogicalResult BodyEmitter::flushLoads(Operation *before) {
  SmallVector<Value> pending = std::exchange(pendingLoads, {});
  for (Value value : pending) {
    Operation *user = *value.getUsers().begin();
    if (user == before || before->isBeforeInBlock(user) == false)
      continue;
    if (failed(emitConst(value, expressions.lookup(value))))
      return failure();
  }
  return success();
}

/// Decides where the text of a pure op's result goes.
LogicalResult BodyEmitter::bindResult(Operation &op, Expression expression) {
  Value result = op.getResult(0);
  if (result.use_empty())
    return success();
  bool isName = llvm::all_of(
      expression.text, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (expression.literal ||
      (isName && !expression.readsMemory && expression.variables.empty())) {
    expressions[result] = std::move(expression);
    return success();
  }
  Operation *user = *result.getUsers().begin();
  bool here = result.hasOneUse() && user->getBlock() == op.getBlock();
  if (!here || expression.text.size() > maxInlinedText)
    return emitConst(result, expression);
  if (expression.readsMemory)
    pendingLoads.push_back(result);
  expressions[result] = std::move(expression);
  return success();
}

FailureOr<VariableOp> BodyEmitter::variableOf(Operation *op, Value memref) {
  if (auto address = memref.getDefiningOp<AddressOfOp>())
    if (auto variable = symbols.lookup<VariableOp>(address.getVariable()))
      return variable;
  return op->emitError()
         << "'" << op->getName()
         << "' accesses memory that is no result of csl.address_of";
}

/// `a[i, j]`, `x`, or the one-dimensional form of a flat variable.
FailureOr<Expression> BodyEmitter::buildAccess(Operation *op, Value memref,
                                               ValueRange indices) {
  FailureOr<VariableOp> variable = variableOf(op, memref);
  if (failed(variable))
    return failure();
  Expression access{variable->getSymName().str()};
  access.readsMemory = true;
  for (Value index : indices) {
    access.depend(get(index));
    access.mayTrap |= !get(index).literal;
  }
  if (!isFlat(*variable)) {
    if (!indices.empty())
      access.text +=
          "[" +
          llvm::join(llvm::map_range(
                         indices, [&](Value index) { return get(index).text; }),
                     ", ") +
          "]";
    return access;
  }
  auto type = cast<MemRefType>(variable->getType());
  int64_t constant = 0, stride = 1;
  SmallVector<std::string> terms;
  for (unsigned d = type.getRank(); d-- > 0; stride *= type.getDimSize(d)) {
    Expression index = get(indices[d]);
    int64_t number;
    if (index.literal && !StringRef(index.text).getAsInteger(10, number))
      constant += number * stride;
    else
      terms.insert(terms.begin(), stride == 1
                                      ? index.in(Precedence::Sum)
                                      : index.in(Precedence::Product) + " * " +
                                            std::to_string(stride));
  }
  if (constant != 0 || terms.empty())
    terms.push_back(std::to_string(constant));
  access.text += "[" + llvm::join(terms, " + ") + "]";
  return access;
}

FailureOr<Expression> BodyEmitter::buildExpression(Operation &op) {
  auto length = [&](Value value) {
    Expression number = get(value);
    return number.literal ? number.text : "@bitcast(u16, " + number.text + ")";
  };
  return llvm::TypeSwitch<Operation *, FailureOr<Expression>>(&op)
      .Case<arith::ConstantOp>(
          [&](arith::ConstantOp constant) -> FailureOr<Expression> {
            auto value = constant.getValue();
            auto integer = dyn_cast<IntegerAttr>(value);
            if (value.getType().isIndex() &&
                !integer.getValue().isSignedIntN(16))
              return op.emitError()
                     << "index " << integer.getValue().getSExtValue()
                     << " does not fit i16, the type of indices in CSL";
            return cslLiteral(value);
          })
      .Case<AddressOfOp>([&](AddressOfOp address) {
        return Expression{address.getVariable().str()};
      })
      .Case<ParamValueOp>([&](ParamValueOp param) {
        return Expression{param.getParam().str()};
      })
      .Case<DsdOp>([&](DsdOp dsd) { return Expression{dsd.getDsd().str()}; })
      .Case<IncrementDsdOffsetOp>([&](IncrementDsdOffsetOp increment) {
        Expression dsd = get(increment.getDsd()),
                   offset = get(increment.getOffset()), result;
        result.text =
            "@increment_dsd_offset(" + dsd.text + ", " + offset.text + ", " +
            cslType(increment.getDsd().getType().getElementType()) + ")";
        result.depend(dsd);
        result.depend(offset);
        return result;
      })
      .Case<SetDsdLengthOp>([&](SetDsdLengthOp set) -> FailureOr<Expression> {
        if (auto dsd = set.getDsd().getDefiningOp<DsdOp>())
          if (auto memory = symbols.lookup<MemDsdOp>(dsd.getDsd());
              memory && !isMem1d(memory))
            return op.emitError()
                   << "'csl.set_dsd_length' of '" << dsd.getDsd()
                   << "', whose stride " << memory.getStrides().front()
                   << " makes it a mem4d_dsd; only strides from -128 to 127 "
                      "have a length to set";
        Expression dsd = get(set.getDsd()), result;
        result.text = "@set_dsd_length(" + dsd.text + ", " +
                      length(set.getLength()) + ")";
        result.depend(dsd);
        result.depend(get(set.getLength()));
        return result;
      })
      .Case<memref::LoadOp>([&](memref::LoadOp load) {
        return buildAccess(&op, load.getMemRef(), load.getIndices());
      })
      .Default([&](Operation *) { return buildArith(op); });
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

LogicalResult BodyEmitter::emitBody(Block &block) { return emitBlock(block); }

LogicalResult BodyEmitter::emitBlock(Block &block) {
  names.open();
  for (Operation &op : block)
    if (failed(emitOp(op)))
      return failure();
  names.close();
  return success();
}

LogicalResult BodyEmitter::emitOp(Operation &op) {
  for (Value result : op.getResults())
    if (!isa<AddressOfOp>(op) && failed(checkType(&op, result.getType())))
      return failure();
  for (Value operand : op.getOperands())
    if (!isa<MemRefType>(operand.getType()) &&
        failed(checkType(&op, operand.getType())))
      return failure();
  bool isExpression =
      isa<arith::ArithDialect>(op.getDialect()) ||
      isa<AddressOfOp, ParamValueOp, DsdOp, IncrementDsdOffsetOp,
          SetDsdLengthOp, memref::LoadOp>(op);
  if (isExpression) {
    FailureOr<Expression> expression = buildExpression(op);
    return failed(expression) ? failure()
                              : bindResult(op, std::move(*expression));
  }
  if (isa<scf::YieldOp, scf::ConditionOp>(op))
    return success(); // their parents print them
  if (failed(flushLoads(&op)))
    return failure();
  return emitStatement(op);
}

LogicalResult BodyEmitter::emitStatement(Operation &op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<memref::StoreOp>([&](auto store) { return emitStore(store); })
      .Case<VectorOp>([&](auto vector) { return emitVector(vector); })
      .Case<scf::ForOp>([&](auto loop) { return emitFor(loop); })
      .Case<scf::IfOp>([&](auto branch) { return emitIf(branch); })
      .Case<scf::WhileOp>([&](auto loop) { return emitWhile(loop); })
      .Case<ActivateOp>([&](ActivateOp state) {
        emitLocation(op.getLoc());
        os << "@activate(" << taskIdName(task(state.getTask())) << ");\n";
        return success();
      })
      .Case<BlockOp>([&](BlockOp state) {
        return emitTaskState(&op, "@block", state.getTask());
      })
      .Case<UnblockOp>([&](UnblockOp state) {
        return emitTaskState(&op, "@unblock", state.getTask());
      })
      .Case<CallOp>([&](CallOp call) {
        return emitCall(&op, call.getCallee().str(), call.getArgs(),
                        call.getResult());
      })
      .Case<MemberCallOp>([&](MemberCallOp call) {
        return emitCall(&op, (call.getModule() + "." + call.getMember()).str(),
                        call.getArgs(), call.getResult());
      })
      .Case<ReturnOp>([&](ReturnOp end) {
        if (end.getValue()) {
          emitLocation(op.getLoc());
          os << "return " << get(end.getValue()).text << ";\n";
        }
        return success();
      })
      .Default([&](Operation *) {
        return op.emitError()
               << "'" << op.getName() << "' has no CSL form; lower it first";
      });
}

LogicalResult BodyEmitter::emitStore(memref::StoreOp op) {
  FailureOr<Expression> access =
      buildAccess(op, op.getMemRef(), op.getIndices());
  if (failed(access))
    return failure();
  emitLocation(op.getLoc());
  os << access->text << " = " << get(op.getValueToStore()).text << ";\n";
  return success();
}

LogicalResult BodyEmitter::emitVector(VectorOp op) {
  SmallVector<std::string> operands;
  for (auto [index, operand] : llvm::enumerate(op.getOperands_())) {
    if (!isa<MemRefType>(operand.getType())) {
      // A variable that stands as scalar source would be read again for each
      // element.
      if (get(operand).readsMemory && failed(makeSimple(operand)))
        return failure();
      operands.push_back(get(operand).text);
      continue;
    }
    FailureOr<Expression> access = buildAccess(op, operand, {});
    if (failed(access))
      return failure();
    operands.push_back((index == 0 ? "&" : "") + access->text);
  }
  emitLocation(op.getLoc());
  os << "@" << op.getBuiltin() << "(" << llvm::join(operands, ", ");
  if (op.getAsync()) {
    os << ", .{ .async = true";
    if (op.getActivate())
      os << ", .activate = " << taskIdName(task(*op.getActivate()));
    if (op.getUnblock())
      os << ", .unblock = " << taskIdName(task(*op.getUnblock()));
    if (op.getUt())
      os << ", .ut_id = @get_ut_id(" << *op.getUt() << ")";
    os << " }";
  }
  os << ");\n";
  return success();
}

/// A data task is blocked through what its wavelets come from.
LogicalResult BodyEmitter::emitTaskState(Operation *op, StringRef builtin,
                                         StringRef name) {
  TaskOp target = task(name);
  StringRef id = taskIdName(target);
  if (target.getQueue())
    id = machine.dataTaskIdIsColor
             ? symbols.lookup<QueueOp>(*target.getQueue()).getColor()
             : *target.getQueue();
  emitLocation(op->getLoc());
  os << builtin << "(" << id << ");\n";
  return success();
}

LogicalResult BodyEmitter::emitCall(Operation *op, const std::string &callee,
                                    ValueRange arguments, Value result) {
  std::string text = callee + "(";
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(arguments, stream,
                        [&](Value argument) { stream << get(argument).text; });
  stream << ")";
  if (result)
    return emitConst(result, Expression{text});
  emitLocation(op->getLoc());
  os << text << ";\n";
  return success();
}
