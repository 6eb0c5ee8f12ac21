//===- ImportTypes.cpp - types of expressions and names of values ---------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Gives each expression a type, bottom up, and resolves names lexically.
// Builds no IR.
//
//===----------------------------------------------------------------------===//

#include "frontends/Spada/Importer.h"

using namespace mlir;
using namespace spada;
using namespace spada::frontend;
using ast::ExprKind;
using ast::Opcode;
using llvm::StringRef;
using llvm::Twine;

static StringRef ref(std::string_view text) { return StringRef(text); }

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

const Variable *Importer::findVariable(std::string_view name) const {
  for (const Variable &variable : llvm::reverse(variables))
    if (variable.name == name)
      return &variable;
  return nullptr;
}

const llvm::SmallVector<Value> *Importer::iteration(size_t rank) const {
  for (const auto &indices : llvm::reverse(iterations))
    if (indices.size() == rank)
      return &indices;
  return nullptr;
}

/// Source text of a subgrid without white space.
static std::string subgridText(const ast::Block &block,
                               std::string_view source) {
  std::string text;
  auto append = [&](const ast::Expr &e) {
    for (char c : source.substr(e.begin, e.end - e.begin))
      if (!isspace(static_cast<unsigned char>(c)))
        text += c;
  };
  for (const ast::Range &range : block.ranges) {
    append(range.lo);
    for (const std::optional<ast::Expr> *part : {&range.hi, &range.step}) {
      text += ':';
      if (*part)
        append(**part);
    }
    text += ',';
  }
  return text;
}

/// Declarations that agree are one; else the one of this block's own subgrid.
template <typename Info>
const Info *
Importer::pick(const ast::Expr &e, llvm::ArrayRef<Info> candidates,
               llvm::function_ref<bool(const Info &, const Info &)> same,
               llvm::function_ref<const ast::Block *(const Info &)> blockOf,
               llvm::function_ref<ast::Loc(const Info &)> where,
               const char *what) {
  const Info &first = candidates.front();
  const Info *other = nullptr;
  for (const Info &info : candidates)
    if (!same(first, info)) {
      other = &info;
      break;
    }
  if (!other)
    return &first;
  if (block) {
    std::string text = subgridText(*block, source);
    for (const Info &info : candidates)
      if (subgridText(*blockOf(info), source) == text)
        return &info;
  }
  error(e.loc, Twine(what) + " '" + ref(e.text) +
                   "' is declared with different types; hint: write the "
                   "subgrid as in one of the declarations")
      .note(where(first), "declared here")
      .note(where(*other), "and here");
  return &first;
}

const FieldInfo *Importer::findField(const ast::Expr &e) {
  for (DeclScope *scope : {phaseScope, &kernelScope}) {
    if (!scope)
      continue;
    auto it = scope->fields.find(ref(e.text));
    if (it == scope->fields.end())
      continue;
    return pick<FieldInfo>(
        e, it->second,
        [](const FieldInfo &a, const FieldInfo &b) {
          return a.decl->type.element == b.decl->type.element &&
                 a.decl->type.dims.size() == b.decl->type.dims.size();
        },
        [](const FieldInfo &info) { return info.place; },
        [](const FieldInfo &info) { return info.decl->name.loc; }, "field");
  }
  return nullptr;
}

const StreamInfo *Importer::findStream(const ast::Expr &e) {
  for (DeclScope *scope : {phaseScope, &kernelScope}) {
    if (!scope)
      continue;
    auto it = scope->streams.find(ref(e.text));
    if (it == scope->streams.end())
      continue;
    return pick<StreamInfo>(
        e, it->second,
        [](const StreamInfo &a, const StreamInfo &b) {
          return a.decl->type.element == b.decl->type.element &&
                 a.decl->isExtern == b.decl->isExtern;
        },
        [](const StreamInfo &info) { return info.dataflow; },
        [](const StreamInfo &info) { return info.decl->name.loc; }, "stream");
  }
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

Ty Importer::annotate(const ast::Expr &e) {
  if (Ty(e.ty) != Ty::Unknown)
    return Ty(e.ty);
  Ty type = Ty::Error;
  switch (e.kind) {
  case ExprKind::Int:
    type = Ty::Int;
    break;
  case ExprKind::Float:
    type = Ty::Real;
    break;
  case ExprKind::Bool:
    type = Ty::Bool;
    break;
  case ExprKind::Ref:
    type = annotateRef(e);
    break;
  case ExprKind::Call:
    type = annotateCall(e);
    break;
  case ExprKind::Prefix:
    type = annotatePrefix(e);
    break;
  case ExprKind::Chain:
    type = annotateChain(e);
    break;
  case ExprKind::Select:
    type = annotateSelect(e);
    break;
  }
  e.ty = uint8_t(type);
  return type;
}

Ty Importer::annotateRef(const ast::Expr &e) {
  StringRef name = ref(e.text);
  auto noSubscript = [&](const char *what) {
    if (e.hasArgs)
      error(e.loc, Twine(what) + " '" + name + "' has no elements to index");
    return !e.hasArgs;
  };
  if (const Variable *variable = findVariable(e.text)) {
    if (compileTime && variable->kind != VarKind::Meta) {
      error(e.loc, "'" + name +
                       "' is not a compile-time constant; hint: use parameters "
                       "and variables of compile-time loops");
      return Ty::Error;
    }
    if (!noSubscript("variable"))
      return Ty::Error;
    return variable->value || variable->kind != VarKind::Meta ? variable->type
                                                              : Ty::Error;
  }
  if (params.count(name))
    return noSubscript("parameter") ? Ty::Index : Ty::Error;
  auto argument = arguments.find(name);
  bool isScalar =
      argument != arguments.end() && !argument->second.decl->type.isStream;
  if (compileTime && isScalar && argument->second.decl->compileTime) {
    error(e.loc, "'compiletime' argument '" + name +
                     "' in a bound; hint: make it a parameter of the kernel");
    return Ty::Error;
  }
  if (compileTime) {
    error(e.loc, findField(e) || argument != arguments.end()
                     ? "'" + name +
                           "' is not a compile-time constant; hint: make it a "
                           "parameter of the kernel"
                     : "undefined name '" + name + "'");
    return Ty::Error;
  }
  if (const FieldInfo *field = findField(e))
    return annotateField(e, *field);
  if (isScalar)
    return noSubscript("argument") ? tyOf(argument->second.decl->type.element)
                                   : Ty::Error;
  if (argument != arguments.end() || findStream(e))
    error(e.loc, "stream '" + name +
                     "' has no value; hint: receive from it into a field");
  else
    error(e.loc, "undefined name '" + name +
                     "'; hint: declare it in a place block of this phase or of "
                     "the kernel");
  return Ty::Error;
}

Ty Importer::annotateField(const ast::Expr &e, const FieldInfo &field) {
  const ast::Type &type = field.decl->type;
  StringRef name = ref(e.text);
  size_t rank = type.dims.size();
  if (e.hasArgs && e.args.size() != rank) {
    error(e.loc, "field '" + name + "' has " + counted(rank, "dimension") +
                     ", but is indexed by " + Twine(e.args.size()))
        .note(field.decl->name.loc, "field declared here");
    return Ty::Error;
  }
  if (!e.hasArgs && rank && !iteration(rank)) {
    error(e.loc, "whole array '" + name +
                     "' where one value is needed; hint: index it, or write "
                     "the statement in a map")
        .note(field.decl->name.loc, "field declared here");
    return Ty::Error;
  }
  bool valid = true;
  for (const ast::Expr &index : e.args) {
    Ty t = annotate(index);
    if (isFloatTy(t) || t == Ty::Real) {
      error(index.loc, "index of '" + name + "' has type '" + nameOf(t) +
                           "'; hint: use an integer");
      t = Ty::Error;
    }
    valid &= t != Ty::Error;
  }
  return valid ? tyOf(type.element) : Ty::Error;
}

Ty Importer::annotateCall(const ast::Expr &e) {
  for (const ast::Expr &arg : e.args)
    annotate(arg);
  if (e.text != "fmac") {
    error(e.loc, "unknown function '" + Twine(ref(e.text)) +
                     "'; hint: 'fmac(a, b, c)' is the only one");
    return Ty::Error;
  }
  if (e.args.size() != 3) {
    error(e.loc, "'fmac' takes 3 operands, not " + Twine(e.args.size()));
    return Ty::Error;
  }
  if (compileTime) {
    error(e.loc, "'fmac' is not a compile-time operation");
    return Ty::Error;
  }
  return fmacOf(Ty(e.args[0].ty), Ty(e.args[1].ty), Ty(e.args[2].ty));
}

Ty Importer::annotatePrefix(const ast::Expr &e) {
  Ty type = annotate(e.args[0]);
  bool literal = e.args[0].kind == ExprKind::Int;
  for (const ast::Operator &op : llvm::reverse(e.ops)) {
    if (op.op == Opcode::Invert && (isFloatTy(type) || type == Ty::Real)) {
      error(op.loc, "operator '~' on '" + Twine(nameOf(type)) +
                        "'; hint: it takes integers and bool");
      return Ty::Error;
    }
    if (type == Ty::Error)
      return type;
    if (op.op == Opcode::Not)
      type = Ty::Bool;
    else if (op.op == Opcode::Minus)
      type = signOf(type, compileTime);
    else if (type == Ty::Choice)
      type = Ty::I32;
    literal &= op.op == Opcode::Minus;
  }
  return type == Ty::Int && !literal ? Ty::Index : type;
}

bool Importer::isCompileTime(const ast::Expr &e) const {
  if (e.kind == ExprKind::Ref)
    return Ty(e.ty) == Ty::Index;
  return llvm::all_of(e.args,
                      [&](const ast::Expr &arg) { return isCompileTime(arg); });
}

/// The last value first, as the choices nest.
Ty Importer::annotateSelect(const ast::Expr &e) {
  bool valid = true;
  for (const ast::Expr &part : e.args)
    valid &= annotate(part) != Ty::Error;
  Ty type = Ty(e.args.back().ty);
  for (size_t i = e.args.size() - 1; i > 0; i -= 2)
    type = choiceOf(Ty(e.args[i - 2].ty), type, isCompileTime(e.args[i - 1]));
  return valid ? type : Ty::Error;
}

static bool isComparison(Opcode op) {
  return op >= Opcode::Lt && op <= Opcode::Ne;
}
static bool isShift(Opcode op) {
  return op == Opcode::Shl || op == Opcode::Shr;
}

static OpClass classOf(Opcode op) {
  if (op == Opcode::Or || op == Opcode::And)
    return OpClass::Logic;
  if (isComparison(op))
    return OpClass::Compare;
  if (op >= Opcode::BitOr && op <= Opcode::BitAnd)
    return OpClass::Bits;
  if (op == Opcode::Div || op == Opcode::Rem)
    return OpClass::Division;
  return isShift(op) ? OpClass::Shift : OpClass::Arithmetic;
}

Ty Importer::chainOperandTy(const ast::Operator &op, Ty lhs, Ty rhs) {
  return meetOf(classOf(op.op), lhs, rhs, compileTime);
}

Ty Importer::annotateChain(const ast::Expr &e) {
  for (const ast::Expr &part : e.args)
    annotate(part);
  Ty type = Ty(e.args.back().ty), widest = type;
  for (size_t i = e.ops.size(); i-- > 0;) {
    const ast::Operator &op = e.ops[i];
    type = widest = chainOperandTy(op, Ty(e.args[i].ty), type);
    if (type == Ty::Error)
      return type;
    bool isReal = isFloatTy(type) || type == Ty::Real;
    if (isReal && (isShift(op.op) ||
                   (op.op >= Opcode::BitOr && op.op <= Opcode::BitAnd))) {
      error(op.loc, "operator on '" + Twine(nameOf(type)) +
                        "' that takes only integers; hint: shifts, '&', '|' "
                        "and '^' work on bits");
      return Ty::Error;
    }
    if (isComparison(op.op))
      type = Ty::Bool;
  }
  if (e.ops.size() > 1 && !options.compat)
    checkChain(e, widest);
  return type;
}

static StringRef spelling(Opcode op) {
  static constexpr llvm::StringLiteral names[] = {
      "or", "and", "<", ">", "==", ">=", "<=", "!=", "|", "^",  "&",
      "<<", ">>",  "+", "-", "*",  "/",  "%",  "-",  "~", "not"};
  return names[unsigned(op)];
}

/// Whether (a first b) second c differs from a first (b second c).
static bool differs(Opcode first, Opcode second, bool isReal) {
  if (isComparison(first) || isShift(first))
    return true;
  if (first == Opcode::Add || first == Opcode::Sub)
    return first == Opcode::Sub;
  if (first < Opcode::Mul || first > Opcode::Rem)
    return false;
  return first != Opcode::Mul || second == Opcode::Rem ||
         (second == Opcode::Div && !isReal);
}

void Importer::checkChain(const ast::Expr &e, Ty type) {
  bool isReal = isFloatTy(type) || type == Ty::Real;
  for (size_t i = 0; i + 1 < e.ops.size(); ++i) {
    Opcode first = e.ops[i].op, second = e.ops[i + 1].op;
    if (!differs(first, second, isReal))
      continue;
    auto part = [&](size_t at) {
      std::string text = textOf(e.args[at]).str();
      return text.size() <= 40 ? text : text.substr(0, 37) + "...";
    };
    std::string a = part(i), b = part(i + 1), c = part(i + 2);
    StringRef x = spelling(first), y = spelling(second);
    error(e.ops[i].loc,
          "'" + Twine(a) + " " + x + " " + b + " " + y + " " + c +
              "' reads as '" + a + " " + x + " (" + b + " " + y + " " + c +
              ")' or as '(" + a + " " + x + " " + b + ") " + y + " " + c +
              "', which differ; hint: write the parentheses; the public "
              "compiler takes the first");
    return;
  }
}
