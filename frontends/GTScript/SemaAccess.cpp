//===- SemaAccess.cpp - offsets, levels and data indices ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Sema.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;

static std::string axesList(stencil::FieldType type) {
  std::string result;
  for (unsigned axis = 0; axis < 3; ++axis)
    if (type.hasAxis(axis))
      result += (result.empty() ? "" : ", ") + std::string(1, "IJK"[axis]);
  return result.empty() ? "none" : result;
}

void Sema::missingData(const Symbol &symbol, const ast::Range &range) {
  stencil::FieldType type = symbol.field();
  std::string zeros, indices;
  for (unsigned axis = 0; axis < 3; ++axis)
    if (type.hasAxis(axis))
      zeros += zeros.empty() ? "0" : ", 0";
  for (size_t i = 0; i < type.getDataDims().size(); ++i)
    indices += indices.empty() ? "n" : ", m";
  error(range,
        "'" + symbol.name + "' of type " + spelling(type) +
            " lacks a data index",
        type.getAxes() == stencil::Axes::None
            ? "write " + symbol.name + ".A[" + indices + "]"
            : "write " + symbol.name + "[" + zeros + "][" + indices + "] or " +
                  symbol.name + ".A[" + indices + "]");
}

/// The field that an access starts from: a name, or the result of a call.
bool Sema::baseSymbol(const Expr &expr, Access &access) {
  access.range = expr.range;
  if (expr.is(ExprKind::Call)) {
    auto found = calls ? calls->find(&expr)
                       : std::map<const Expr *, Symbol *>::iterator();
    if (calls && found != calls->end()) {
      access.symbol = found->second;
      return access.symbol;
    }
    error(expr.range, "only fields and results of functions take offsets");
    return false;
  }
  std::string reason;
  if (!expr.is(ExprKind::Name)) {
    error(expr.range, "only fields and results of functions take offsets",
          "assign the value to a temporary first");
    return false;
  }
  access.symbol = find(expr.text);
  if (access.symbol && access.symbol->kind == Symbol::Failed)
    return false;
  if (access.symbol && access.symbol->kind == Symbol::Field)
    return true;
  if (access.symbol)
    error(expr.range,
          "'" + Twine(expr.text) +
              "' is a scalar and has no "
              "offsets",
          "", {{access.symbol->declared, "declared here"}});
  else if (Constant constant = constantOf(expr, reason))
    error(expr.range, "'" + Twine(expr.text) + "' is " + constant.str() +
                          " and has no offsets");
  else
    unknownName(expr, reason);
  return false;
}

//===----------------------------------------------------------------------===//
// Offsets
//===----------------------------------------------------------------------===//

static bool mentionsAxis(const Expr &expr,
                         llvm::function_ref<bool(const Expr &)> isAxis) {
  if (expr.is(ExprKind::Name))
    return isAxis(expr);
  for (const Expr &arg : expr.args)
    if (mentionsAxis(arg, isAxis))
      return true;
  return false;
}

/// `x[I+1, K]` as opposed to `x[1, 0, 0]`.
bool Sema::usesAxisForm(const Expr &subscript, const Symbol &symbol) {
  for (size_t i = 1; i < subscript.args.size(); ++i)
    if (mentionsAxis(subscript.args[i], [&](const Expr &name) {
          std::string reason;
          if (find(name.text))
            return false;
          Constant constant = constantOf(name, reason);
          return constant.is(Constant::Axis) && constant.text.size() == 1;
        }))
      return true;
  return false;
}

bool Sema::axisShift(const Expr &expr, unsigned &axis, int64_t &shift) {
  std::string reason;
  if (expr.is(ExprKind::Name) || expr.is(ExprKind::Attribute)) {
    Constant constant = constantOf(expr, reason);
    if (!constant.is(Constant::Axis) || constant.text.size() != 1)
      return false;
    axis = unsigned(constant.text[0] - 'I');
    shift = 0;
    return true;
  }
  bool isSum = expr.is(ExprKind::Binary) &&
               (expr.op == ast::Op::Add || expr.op == ast::Op::Sub);
  if (!isSum)
    return false;
  const Expr *left = &expr.args[0], *right = &expr.args[1];
  if (expr.op == ast::Op::Add && fold(*left).is(Constant::Int))
    std::swap(left, right);
  Constant amount = fold(*right);
  return amount.is(Constant::Int) && axisShift(*left, axis, shift) &&
         !(expr.op == ast::Op::Add
               ? __builtin_add_overflow(shift, amount.integer, &shift)
               : __builtin_sub_overflow(shift, amount.integer, &shift));
}

bool Sema::axisIndex(const Expr &subscript, Access &access) {
  stencil::FieldType type = access.symbol->field();
  int last = -1;
  for (size_t i = 1; i < subscript.args.size(); ++i) {
    const Expr &arg = subscript.args[i];
    unsigned axis = 0;
    int64_t shift = 0;
    if (!axisShift(arg, axis, shift)) {
      error(arg.range, "this index must be an axis plus or minus a constant",
            subscript.args.size() == 4 ? "an absolute level is read with " +
                                             access.symbol->name + ".at(K=...)"
                                       : "write I, J - 1 or K + 1");
      return false;
    }
    if (!type.hasAxis(axis)) {
      error(arg.range, "'" + access.symbol->name + "' has no axis " +
                           Twine("IJK"[axis]) + "; its axes are " +
                           axesList(type));
      return false;
    }
    if (int(axis) <= last) {
      error(arg.range, int(axis) == last
                           ? "axis " + Twine("IJK"[axis]) + " is given twice"
                           : "axes are written in the order I, J, K");
      return false;
    }
    last = int(axis);
    access.offset[axis] = shift;
  }
  return true;
}

/// Offsets stay in a range where sums of them cannot overflow.
static constexpr int64_t maxOffset = 1 << 20;

bool Sema::spatialIndex(const Expr &subscript, Access &access, bool isTarget) {
  const Symbol &symbol = *access.symbol;
  stencil::FieldType type = symbol.field();
  size_t count = subscript.args.size() - 1;
  if (count == 1 && subscript.args[1].is(ExprKind::Ellipsis))
    return true;
  if (usesAxisForm(subscript, symbol))
    return axisIndex(subscript, access);
  size_t axes = type.getRank() - type.getDataDims().size();
  if (count != axes) {
    if (axes == 0)
      error(subscript.range,
            "'" + symbol.name + "' is a table and has no offsets",
            "its elements are read with " + symbol.name + ".A[n]",
            {{symbol.declared, "declared here"}});
    else
      error(subscript.range,
            "'" + symbol.name + "' has " + Twine(count) +
                (count == 1 ? " offset" : " offsets") + ", but its axes are " +
                axesList(type),
            "", {{symbol.declared, "declared here"}});
    return false;
  }
  size_t at = 1;
  for (unsigned axis = 0; axis < 3; ++axis) {
    if (!type.hasAxis(axis))
      continue;
    const Expr &arg = subscript.args[at++];
    if (arg.is(ExprKind::Slice)) {
      error(arg.range, "an offset is an integer, not a slice");
      return false;
    }
    std::string reason;
    Constant value = fold(arg, &reason);
    if (value.is(Constant::Int) && value.integer <= maxOffset &&
        value.integer >= -maxOffset) {
      access.offset[axis] = value.integer;
      continue;
    }
    if (value) {
      error(arg.range, "an offset must be a small integer, not " + value.str());
      return false;
    }
    if (axis != 2) {
      error(arg.range,
            "an offset in " + Twine("IJK"[axis]) +
                " must be an integer known at compile time" +
                (reason.empty() ? "" : ": " + reason),
            "only offsets in K can be known at run time");
      return false;
    }
    access.shift = &arg;
  }
  return true;
}

/// `x.at(K=level)`, `x.at(K=level, ddim=[n])`.
bool Sema::absoluteLevel(const Expr &call, Access &access) {
  if (!baseSymbol(call.args[0].args[0], access))
    return false;
  access.range = call.range;
  for (size_t i = 1; i < call.args.size(); ++i) {
    const Expr &arg = call.args[i];
    bool isLevel = arg.is(ExprKind::Keyword) && arg.text == "K";
    bool isData = arg.is(ExprKind::Keyword) && arg.text == "ddim";
    if (!isLevel && !isData) {
      error(arg.range, "an absolute level is written x.at(K=level) or "
                       "x.at(K=level, ddim=[n])");
      return false;
    }
    if (isLevel) {
      access.level = &arg.args[0];
      continue;
    }
    if (!arg.args[0].is(ExprKind::List)) {
      error(arg.args[0].range, "'ddim' is a list of data indices",
            "write ddim=[n]");
      return false;
    }
    access.data = &arg.args[0];
    access.firstData = 0;
  }
  if (!access.level) {
    error(call.range, "an absolute level is written x.at(K=level)");
    return false;
  }
  if (access.level->isName("K") && !find("K")) {
    error(access.level->range, "'at(K=K)' is the level at hand",
          "write '" + access.symbol->name + "'");
    return false;
  }
  if (!access.symbol->field().hasK()) {
    error(call.range, "'" + access.symbol->name +
                          "' has no axis K; its axes are " +
                          axesList(access.symbol->field()));
    return false;
  }
  return checkData(access);
}

bool Sema::checkData(const Access &access) {
  stencil::FieldType type = access.symbol->field();
  size_t count = access.numData(), wanted = type.getDataDims().size();
  if (count != wanted) {
    error(access.range,
          "'" + access.symbol->name + "' has " + Twine(wanted) +
              (wanted == 1 ? " data dimension" : " data dimensions") +
              ", but " + Twine(count) + (count == 1 ? " index" : " indices"),
          "", {{access.symbol->declared, "declared here"}});
    return false;
  }
  for (size_t i = 0; i < count; ++i) {
    const Expr &arg = access.data->args[access.firstData + i];
    Constant value = fold(arg);
    if (!value)
      continue;
    if (!value.is(Constant::Int)) {
      error(arg.range, "a data index must be an integer, not " + value.str());
      return false;
    }
    if (value.integer < 0 || value.integer >= type.getDataDims()[i]) {
      error(arg.range, "data index " + value.str() + " is out of range; '" +
                           access.symbol->name + "' has " +
                           Twine(type.getDataDims()[i]) + " elements there");
      return false;
    }
  }
  return true;
}

bool Sema::readAccess(const Expr &expr, Access &access, bool isTarget) {
  bool fine = false;
  bool isTable = expr.is(ExprKind::Subscript) &&
                 expr.args[0].is(ExprKind::Attribute) &&
                 expr.args[0].text == "A";
  if (isTable) {
    access.data = &expr;
    access.firstData = 1;
    fine = baseSymbol(expr.args[0].args[0], access);
    access.range = expr.range;
    return fine && checkData(access);
  }
  if (!expr.is(ExprKind::Subscript))
    return baseSymbol(expr, access);
  const Expr &inner = expr.args[0];
  if (inner.is(ExprKind::Subscript)) {
    if (inner.args[0].is(ExprKind::Subscript)) {
      error(expr.range, "a field takes offsets and data indices, no third "
                        "subscript");
      return false;
    }
    access.data = &expr;
    access.firstData = 1;
    fine = baseSymbol(inner.args[0], access) &&
           spatialIndex(inner, access, isTarget);
    access.range = expr.range;
    return fine && checkData(access);
  }
  fine = baseSymbol(inner, access) && spatialIndex(expr, access, isTarget);
  access.range = expr.range;
  return fine;
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// An integer expression as an index.
Value Sema::indexValue(const Expr &index, StringRef what) {
  Constant constant = fold(index);
  if (constant.is(Constant::Int))
    return builder.create<arith::ConstantIndexOp>(loc(index.range),
                                                  constant.integer);
  Value value = expr(index);
  if (!value)
    return {};
  if (!value.getType().isInteger() || value.getType().isInteger(1)) {
    error(index.range,
          what.str() + " must be an integer, not " + spelling(value.getType()),
          "convert it with int(...)");
    return {};
  }
  return builder.create<arith::IndexCastOp>(loc(index.range),
                                            builder.getIndexType(), value);
}

bool Sema::dataValues(const Access &access, ArrayRef<int64_t> element,
                      SmallVectorImpl<Value> &values) {
  for (size_t i = 0; i < access.numData(); ++i) {
    values.push_back(
        indexValue(access.data->args[access.firstData + i], "a data index"));
    if (!values.back())
      return false;
  }
  if (access.hasData())
    return true;
  stencil::FieldType type = access.symbol->field();
  if (element.size() != type.getDataDims().size()) {
    missingData(*access.symbol, access.range);
    return false;
  }
  for (int64_t index : element)
    values.push_back(
        builder.create<arith::ConstantIndexOp>(loc(access.range), index));
  return true;
}

Value Sema::emitRead(const Access &access, const Expr &expr,
                     ArrayRef<int64_t> element) {
  const Symbol &symbol = *access.symbol;
  bool isApart = access.offset[0] != 0 || access.offset[1] != 0;
  if (isApart && symbol.value == target) {
    error(expr.range,
          "'" + symbol.name +
              "' is assigned from a neighbour's value of itself",
          "every point would see old or new values by chance; assign to a "
          "temporary first");
    return {};
  }
  if (isApart && inRegion && symbol.written) {
    error(expr.range,
          "'" + symbol.name +
              "' is read with an offset in a region, but it was "
              "written before",
          "read a copy that was made before it changed",
          {{*symbol.written, "written here"}});
    return {};
  }
  Value shift, level;
  if (access.shift && !(shift = indexValue(*access.shift, "a vertical offset")))
    return {};
  if (access.level && !(level = indexValue(*access.level, "a level")))
    return {};
  SmallVector<Value> data;
  if (!dataValues(access, element, data))
    return {};
  return builder.create<stencil::ReadOp>(
      loc(expr.range), symbol.field().getElementType(), symbol.value,
      access.offset, shift, level, data);
}
