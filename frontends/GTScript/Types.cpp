//===- Types.cpp - annotations of parameters and temporaries --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Types.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;

Type gtscript::typeOf(Scalar scalar, MLIRContext *context) {
  switch (scalar) {
  case Scalar::None:
    return {};
  case Scalar::Bool:
    return IntegerType::get(context, 1);
  case Scalar::I8:
    return IntegerType::get(context, 8);
  case Scalar::I16:
    return IntegerType::get(context, 16);
  case Scalar::I32:
    return IntegerType::get(context, 32);
  case Scalar::I64:
    return IntegerType::get(context, 64);
  case Scalar::F16:
    return Float16Type::get(context);
  case Scalar::F32:
    return Float32Type::get(context);
  case Scalar::F64:
    return Float64Type::get(context);
  }
  return {};
}

Scalar gtscript::scalarOf(Type type) {
  if (type.isF64())
    return Scalar::F64;
  if (type.isF32())
    return Scalar::F32;
  if (type.isF16())
    return Scalar::F16;
  switch (type.isInteger() ? type.getIntOrFloatBitWidth() : 0) {
  case 1:
    return Scalar::Bool;
  case 8:
    return Scalar::I8;
  case 16:
    return Scalar::I16;
  case 32:
    return Scalar::I32;
  case 64:
    return Scalar::I64;
  default:
    return Scalar::None;
  }
}

std::string gtscript::spelling(Type type) {
  auto field = dyn_cast<stencil::FieldType>(type);
  if (!field)
    return std::string(spelling(scalarOf(type)));
  std::string element(spelling(scalarOf(field.getElementType())));
  std::string dims;
  for (int64_t size : field.getDataDims())
    dims += (dims.empty() ? "" : ", ") + std::to_string(size);
  if (!dims.empty())
    element = "(" + element + ", (" + dims +
              (field.getDataDims().size() == 1 ? ",))" : "))");
  if (field.getAxes() == stencil::Axes::None)
    return "GlobalTable[" + element + "]";
  return "Field[" + stencil::stringifyAxes(field.getAxes()).str() + ", " +
         element + "]";
}

Type TypeDesc::get(MLIRContext *context) const {
  Type element = typeOf(scalar, context);
  return isField ? stencil::FieldType::get(context, axes, element, dims)
                 : element;
}

std::optional<stencil::Axes> gtscript::axesNamed(std::string_view name) {
  if (name == "none")
    return std::nullopt;
  return stencil::symbolizeAxes(name);
}

std::string gtscript::knownAlias(std::string_view alias, int floatBits) {
  StringRef name = alias;
  std::string scalar;
  if (name.consume_front("Float"))
    scalar = "float" + std::to_string(floatBits);
  else if (name.consume_front("Int"))
    scalar = "int64";
  else if (name.consume_front("Bool"))
    return name.empty() ? "bool"
           : name.consume_front("Field") &&
                   (name.empty() || axesNamed(name.str()))
               ? "Field[" + (name.empty() ? "IJK" : name.str()) + ", bool]"
               : "";
  else
    return "";
  for (StringRef bits : {"32", "64"})
    if (name.consume_back(bits))
      scalar = (scalar.front() == 'f' ? "float" : "int") + bits.str();
  if (name.empty())
    return scalar;
  if (!name.consume_front("Field"))
    return "";
  if (!name.empty() && !axesNamed(name.str()))
    return "";
  return "Field[" + (name.empty() ? "IJK" : name.str()) + ", " + scalar + "]";
}

//===----------------------------------------------------------------------===//
// TypeReader
//===----------------------------------------------------------------------===//

TypeDesc TypeReader::fail(std::string text, std::string what) {
  if (reason.empty()) {
    reason = std::move(text);
    hint = std::move(what);
  }
  return {};
}

TypeDesc TypeReader::readText(std::string_view text) {
  ast::Module scratch;
  std::vector<ast::SyntaxError> errors;
  scratch.source = std::string(text);
  Expr expr = ast::parseExpr(scratch, scratch.source, {}, errors);
  if (!errors.empty() || !expr)
    return fail("'" + std::string(text) + "' is no type");
  return read(expr);
}

TypeDesc TypeReader::read(const Expr &expr) {
  if (++depth > 20)
    return fail("the type's definition goes in a circle");
  TypeDesc result;
  switch (expr.kind) {
  case ExprKind::String: {
    auto known = options.dtypes.find(std::string(expr.text));
    result =
        readText(known == options.dtypes.end() ? expr.text : known->second);
    break;
  }
  case ExprKind::Name:
  case ExprKind::Attribute:
    result = readName(expr);
    break;
  case ExprKind::Subscript:
    result = readSubscript(expr);
    break;
  case ExprKind::Call:
    result = readCall(expr);
    break;
  default:
    result = fail("the annotation is no type");
  }
  --depth;
  return result;
}

/// A type of the language, of NumPy or of Python by its last name.
TypeDesc TypeReader::readBuiltin(StringRef name, bool &known) {
  TypeDesc result;
  known = true;
  if (name == "int" || name == "float") {
    bool isFloat = name == "float";
    int bits = isParameter ? 64
               : isFloat   ? options.literalFloat
                           : options.literalInt;
    if (isFloat && options.spadaDialect)
      bits = 32;
    result.scalar = isFloat      ? bits == 32 ? Scalar::F32 : Scalar::F64
                    : bits == 32 ? Scalar::I32
                                 : Scalar::I64;
    result.isLiteral = true;
    return result;
  }
  if (name == "ndarray" && options.spadaDialect) {
    result.isField = true;
    result.scalar = Scalar::F32;
    return result;
  }
  result.scalar = scalarNamed(name.str());
  known = result.scalar != Scalar::None;
  return result;
}

static bool isOtherType(StringRef name) {
  static const StringRef names[] = {
      "uint8",     "uint16",  "uint32",     "uint64",     "uint",
      "complex64", "complex", "complex128", "longdouble", "str"};
  return llvm::is_contained(names, name);
}

TypeDesc TypeReader::readName(const Expr &expr) {
  std::string dotted = ast::dottedName(expr).value_or("");
  if (dotted.empty())
    return fail("the annotation is no type");
  auto known = options.dtypes.find(dotted);
  if (known != options.dtypes.end() && known->second != dotted)
    return readText(known->second);
  std::string why;
  Found found;
  if (local)
    found.value = local(expr, why);
  if (!found)
    found = modules.lookup(scope, dotted);
  if (found.value)
    return readFound(found, expr);
  StringRef last = StringRef(found.builtin.empty() ? dotted : found.builtin);
  last = last.substr(last.rfind('.') + 1);
  bool isKnown = false;
  if (TypeDesc result = readBuiltin(last, isKnown); isKnown)
    return result;
  if (std::string alias = knownAlias(last.str(), options.aliasFloat);
      !alias.empty())
    return readText(alias);
  if (last == "ndarray")
    return fail("'" + dotted + "' does not say axes and element type",
                "write Field[float64], or read the file with --dialect=spada");
  if (last == "Field" || last == "GlobalTable")
    return fail("'" + dotted + "' lacks an element type",
                "write " + last.str() +
                    (last == "Field" ? "[float64]" : "[(float64, (4,))]"));
  if (isOtherType(last))
    return fail("'" + dotted + "' is no data type of GTScript",
                "data types are bool, int8, int16, int32, int64, float32 and "
                "float64");
  return fail(
      "'" + dotted + "' is no known type" +
          (found.reason.message.empty() ? "" : ": " + found.reason.message),
      "give its meaning with --dtype " + dotted +
          "=TYPE, or the folder of the module that defines it with -I");
}

TypeDesc TypeReader::readFound(const Found &found, const Expr &name) {
  const Constant &value = found.value;
  switch (value.kind) {
  case Constant::Type:
    return readIn(value, found.typeScope);
  case Constant::Tuple: { // (np.float64, (3,))
    if (value.items.size() != 2 || !value.items[0].is(Constant::Type))
      break;
    TypeDesc result = readIn(value.items[0], found.typeScope);
    if (result && !addDims(value.items[1], result.dims))
      return {};
    return result;
  }
  case Constant::String:
    return readText(value.text);
  case Constant::Class: { // an enumeration
    TypeDesc result;
    result.scalar = options.literalInt == 32 ? Scalar::I32 : Scalar::I64;
    return result;
  }
  default:
    break;
  }
  return fail("'" + ast::dottedName(name).value_or("") + "' is " + value.str() +
              ", not a type");
}

/// Reads a type where it was written.
TypeDesc TypeReader::readIn(const Constant &type, const Scope &where) {
  Scope outer = scope;
  if (where.module)
    scope = where;
  else if (type.module && type.module != scope.module)
    scope = Scope{type.module};
  TypeDesc result = read(*type.typeExpr);
  scope = outer;
  return result;
}

bool TypeReader::readDims(const Expr &expr, SmallVectorImpl<int64_t> &dims) {
  Found found = modules.evaluate(scope, expr, local);
  if (found.value)
    return addDims(found.value, dims);
  fail("the data dimensions are no integers known at compile time" +
       (found.reason.message.empty() ? "" : ": " + found.reason.message));
  return false;
}

bool TypeReader::addDims(const Constant &value,
                         SmallVectorImpl<int64_t> &dims) {
  std::vector<Constant> items{value};
  if (value.is(Constant::Tuple))
    items = value.items;
  for (const Constant &item : items) {
    if (!item.is(Constant::Int) || item.integer < 1) {
      fail("a data dimension must be a positive integer, not " + item.str());
      return false;
    }
    dims.push_back(item.integer);
  }
  int64_t total = 1;
  for (int64_t size : dims)
    if (__builtin_mul_overflow(total, size, &total) || total > (1 << 24)) {
      fail("the data dimensions are too large");
      return false;
    }
  return true;
}

/// Elements of `Field[...]`: `T`, `axes, T`, `T, dims`, `axes, (T, dims)`.
TypeDesc TypeReader::readField(ArrayRef<Expr> args) {
  if (args.size() == 1 && args[0].is(ExprKind::Tuple))
    args = args[0].args;
  stencil::Axes axes = stencil::Axes::IJK;
  if (args.size() == 2)
    if (auto named = axesNamed(ast::lastName(args[0]))) {
      axes = *named;
      args = args.drop_front();
      if (args[0].is(ExprKind::Tuple))
        args = args[0].args;
    }
  if (args.empty() || args.size() > 2)
    return fail("a field has axes and an element type",
                "write Field[float64], Field[IJ, float64] or Field[IJ, "
                "(float64, (3,))]");
  TypeDesc result = read(args[0]);
  if (!result)
    return result;
  if (result.isField)
    return fail("a field's element must be a number");
  if (args.size() == 2 && !readDims(args[1], result.dims))
    return {};
  result.isField = true;
  result.isLiteral = false;
  result.axes = axes;
  return result;
}

TypeDesc TypeReader::readSubscript(const Expr &expr) {
  std::string_view head = ast::lastName(expr.args[0]);
  ArrayRef<Expr> args = ArrayRef<Expr>(expr.args).drop_front();
  if (head == "Field")
    return readField(args);
  if (head == "GlobalTable") {
    TypeDesc result = readField(args);
    if (result && result.dims.empty())
      return fail("a table needs data dimensions",
                  "write GlobalTable[(float64, (4,))]");
    result.axes = stencil::Axes::None;
    return result;
  }
  if (head == "Optional" && args.size() == 1)
    return read(args[0]);
  if (head == "Sequence")
    return fail("'Sequence' parameters are not supported",
                "use a GlobalTable[(float64, (n,))]");
  return fail("the annotation is no type");
}

/// `np.dtype((np.float64, (3,)))`, `np.dtype("f8")`.
TypeDesc TypeReader::readCall(const Expr &expr) {
  if (ast::lastName(expr.args[0]) != "dtype" || expr.args.size() != 2)
    return fail("the annotation is no type");
  const Expr &arg = expr.args[1];
  if (!arg.is(ExprKind::Tuple))
    return read(arg);
  if (arg.args.size() != 2)
    return fail("a data type with dimensions is a type and a shape");
  TypeDesc result = read(arg.args[0]);
  if (result && !readDims(arg.args[1], result.dims))
    return {};
  return result;
}
