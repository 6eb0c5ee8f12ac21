//===- Dump.cpp - the syntax tree as text ---------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/CSL/Dump.h"

#include <cstdio>

using namespace spada::cslfront;

namespace {

class Printer {
public:
  explicit Printer(const NameTable &names) : names(names) {}

  void decl(const Decl &d);
  std::string out;

private:
  void stmt(const Stmt &s);
  void stmtWords(const Stmt &s);
  void expr(const Expr &e);
  void binary(const Expr &e);
  void switchExpr(const Expr &e);
  void number(const Expr &e);
  void quoted(std::string_view text);

  void open(std::string_view word) { (out += '(') += word; }
  void name(Name n) { (out += ' ') += names.text(n); }
  void optional(std::string_view word, const Expr *e) {
    if (!e)
      return;
    (out += ' ') += word;
    child(*e);
  }
  void child(const Expr &e) {
    out += ' ';
    expr(e);
  }
  void children(const std::vector<Expr *> &list) {
    for (const Expr *e : list)
      child(*e);
  }
  void fields(const std::vector<Field> &list) {
    for (const Field &field : list) {
      out += " (";
      out += names.text(field.name);
      if (field.value)
        child(*field.value);
      out += ')';
    }
  }
  void list(std::string_view word, const std::vector<Expr *> &parts) {
    open(word);
    children(parts);
    out += ')';
  }
  void line() { out.append(1, '\n').append(2 * indent, ' '); }
  void nested(const std::vector<Stmt *> &list) {
    ++indent;
    for (const Stmt *s : list) {
      line();
      stmt(*s);
    }
    --indent;
  }

  const NameTable &names;
  size_t indent = 0;
};

void Printer::quoted(std::string_view text) {
  out += '"';
  for (unsigned char c : text) {
    char code[8];
    if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
      snprintf(code, sizeof code, "\\x%02x", c);
      out += code;
    } else {
      out += char(c);
    }
  }
  out += '"';
}

void Printer::number(const Expr &e) {
  char text[40];
  if (e.kind == ExprKind::Float)
    snprintf(text, sizeof text, "%.17g%s", e.floatValue, "f");
  else
    snprintf(text, sizeof text, "%llu", (unsigned long long)e.intValue);
  out += text;
}

/// Iterative down the left side, where long chains are deep.
void Printer::binary(const Expr &e) {
  std::vector<const Expr *> spine;
  const Expr *leaf = &e;
  for (; leaf->kind == ExprKind::Binary; leaf = leaf->args[0]) {
    spine.push_back(leaf);
    open(operatorText(leaf->op));
    out += ' ';
  }
  expr(*leaf);
  for (size_t i = spine.size(); i > 0; --i) {
    child(*spine[i - 1]->args[1]);
    out += ')';
  }
}

void Printer::switchExpr(const Expr &e) {
  open("switch");
  child(*e.args[0]);
  ++indent;
  for (const Arm &arm : e.arms) {
    line();
    list(arm.values.empty() ? "else" : "on", arm.values);
    if (arm.value)
      child(*arm.value);
    else
      nested({arm.body});
  }
  --indent;
  out += ')';
}

void Printer::expr(const Expr &e) {
  static constexpr std::pair<ExprKind, std::string_view> words[] = {
      {ExprKind::Call, "call"},
      {ExprKind::Member, "member"},
      {ExprKind::Deref, "deref"},
      {ExprKind::Index, "index"},
      {ExprKind::If, "if"},
      {ExprKind::Tuple, "tuple"},
      {ExprKind::Struct, "struct"},
      {ExprKind::TypedTuple, "init"},
      {ExprKind::TypedStruct, "init"},
      {ExprKind::TensorAccess, "access"},
      {ExprKind::Block, "block"},
      {ExprKind::Comptime, "comptime"},
      {ExprKind::ArrayType, "array-of"},
      {ExprKind::PointerType, "pointer-to"},
      {ExprKind::ManyPointerType, "pointer-to-many"},
      {ExprKind::FunctionType, "function-type"},
      {ExprKind::TaskType, "task-type"},
      {ExprKind::EnumType, "enum-type"},
      {ExprKind::StructType, "struct-type"}};
  switch (e.kind) {
  case ExprKind::Int:
  case ExprKind::Float:
    return number(e);
  case ExprKind::String:
    return quoted(e.text);
  case ExprKind::Bool:
    out += e.intValue ? "true" : "false";
    return;
  case ExprKind::VoidValue:
    out += "{}";
    return;
  case ExprKind::Name:
    out += names.text(e.name);
    return;
  case ExprKind::Builtin:
    return list("@" + std::string(names.text(e.name)), e.args);
  case ExprKind::Unary:
    return list(operatorText(e.op), e.args);
  case ExprKind::Binary:
    return binary(e);
  case ExprKind::Switch:
    return switchExpr(e);
  default:
    break;
  }
  for (auto [kind, word] : words)
    if (kind == e.kind)
      open(word);
  if (e.isConst)
    out += " const";
  if (e.callee)
    child(*e.callee);
  if (e.name)
    name(e.name);
  fields(e.fields);
  children(e.args);
  nested(e.body);
  out += ')';
}

void Printer::stmtWords(const Stmt &s) {
  static constexpr std::string_view words[] = {
      "decl",  "block",    "if",       "while",  "for", "switch", "return",
      "break", "continue", "comptime", "assign", "do",  "empty"};
  open(words[size_t(s.kind)]);
  if (s.isInline)
    out += " inline";
  if (s.label) {
    out += " :";
    out += names.text(s.label);
  }
  if (s.kind == StmtKind::For) {
    out += " |";
    out += s.payload ? names.text(s.payload) : "_";
    out += ' ';
    out += s.indexPayload ? names.text(s.indexPayload) : "_";
    out += '|';
  }
  if (s.op != Operator::None)
    (out += ' ') += operatorText(s.op);
}

void Printer::stmt(const Stmt &s) {
  if (s.kind == StmtKind::Decl)
    return decl(*s.decl);
  stmtWords(s);
  if (s.target)
    child(*s.target);
  if (s.expr)
    child(*s.expr);
  if (s.step) {
    out += ' ';
    stmt(*s.step);
  }
  nested(s.body);
  out += ')';
}

void Printer::decl(const Decl &d) {
  static constexpr std::string_view words[] = {
      "const", "var", "param", "fn", "task", "comptime", "layout"};
  open(words[size_t(d.kind)]);
  for (auto [flag, word] :
       {std::pair(d.isExport, " export"), std::pair(d.isExtern, " extern"),
        std::pair(d.isInline, " inline"), std::pair(d.isNoinline, " noinline")})
    if (flag)
      out += word;
  if (d.name)
    name(d.name);
  for (const Parameter &p : d.parameters) {
    out += p.isComptime ? " (comptime " : " (";
    out += names.text(p.name);
    if (p.type)
      child(*p.type);
    else
      out += " anytype";
    out += ')';
  }
  optional(":", d.type);
  optional("align", d.align);
  optional("linksection", d.linksection);
  optional("linkname", d.linkname);
  optional("=", d.value);
  if (d.body)
    nested({d.body});
  out += ')';
}

} // namespace

std::string spada::cslfront::dump(const Source &source,
                                  const NameTable &names) {
  Printer printer(names);
  for (const Decl *d : source.decls) {
    printer.decl(*d);
    printer.out += '\n';
  }
  return std::move(printer.out);
}
