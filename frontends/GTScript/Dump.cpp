//===- Dump.cpp - the syntax tree as text ---------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Dump.h"

using namespace spada;
using namespace spada::gtscript;
using namespace spada::gtscript::ast;

static std::string quoted(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result = "\"";
  for (unsigned char c : text) {
    if (c == '"' || c == '\\')
      (result += '\\') += char(c);
    else if (c == '\n')
      result += "\\n";
    else if (c < 0x20 || c >= 0x7F)
      ((result += "\\x") += digits[c >> 4]) += digits[c & 15];
    else
      result += char(c);
  }
  return result + '"';
}

static std::string_view nameOf(ExprKind kind) {
  static constexpr std::string_view names[] = {
      "missing", "name",     "attribute", "int",     "float",     "bool",
      "none",    "ellipsis", "string",    "unary",   "binary",    "compare",
      "boolop",  "ternary",  "call",      "keyword", "subscript", "slice",
      "tuple",   "list",     "python"};
  return names[size_t(kind)];
}

namespace {

class Dumper {
public:
  explicit Dumper(const Module *module) : module(module) {}

  void expr(const Expr &e) {
    out += '(';
    out += nameOf(e.kind);
    if (e.kind == ExprKind::String || e.kind == ExprKind::Unsupported)
      (out += ' ') += quoted(e.text);
    else if (e.op != Op::None)
      (out += ' ') += spelling(e.op);
    else if (!e.text.empty())
      (out += ' ') += e.text;
    for (const Expr &arg : e.args) {
      out += ' ';
      expr(arg);
    }
    out += ')';
  }

  void body(const std::vector<Stmt> &stmts) {
    indent += 2;
    for (const Stmt &one : stmts)
      stmt(one);
    indent -= 2;
  }

  std::string out;
  int indent = -2;

private:
  void line(std::string_view text) {
    out.append(size_t(indent), ' ');
    out += text;
  }
  void part(const Expr &e) {
    out += ' ';
    expr(e);
  }
  void parts(const std::vector<Expr> &list) {
    for (const Expr &e : list)
      part(e);
  }
  void orElse(const Stmt &stmt) {
    if (!stmt.hasElse)
      return;
    line("else\n");
    body(stmt.orelse);
  }

  void stmt(const Stmt &s) {
    switch (s.kind) {
    case StmtKind::If:
      for (const Clause &clause : s.clauses) {
        line(&clause == &s.clauses[0] ? "if" : "elif");
        part(clause.condition);
        out += '\n';
        body(clause.body);
      }
      return orElse(s);
    case StmtKind::With:
      line("with");
      for (const WithItem &item : s.items) {
        part(item.context);
        if (item.target)
          part(item.target);
      }
      break;
    case StmtKind::While:
      line("while");
      part(s.value);
      break;
    case StmtKind::For:
      line("for");
      part(s.targets[0]);
      part(s.value);
      break;
    case StmtKind::Def:
      return function(module->functions[s.function]);
    case StmtKind::Class:
      return classOf(module->classes[s.classIndex]);
    case StmtKind::Import:
      return imports(s);
    case StmtKind::Other:
      line("other ");
      out += s.text;
      if (!s.error.empty())
        (out += " error ") += quoted(s.error);
      break;
    default:
      simple(s);
    }
    out += '\n';
    body(s.body);
    for (const Clause &handler :
         s.kind == StmtKind::Other ? s.clauses : std::vector<Clause>()) {
      line("except\n");
      body(handler.body);
    }
    orElse(s);
  }

  void simple(const Stmt &s) {
    static constexpr std::string_view names[] = {"assign", "augment",
                                                 "annotate"};
    switch (s.kind) {
    case StmtKind::Return:
      line("return");
      break;
    case StmtKind::Pass:
      line("pass");
      break;
    case StmtKind::Assert:
      line("assert");
      break;
    case StmtKind::Expr:
      line("expr");
      break;
    default:
      line(names[size_t(s.kind)]);
    }
    if (s.op != Op::None)
      (out += ' ') += spelling(s.op);
    parts(s.targets);
    if (s.annotation)
      part(s.annotation);
    if (s.value)
      part(s.value);
    if (s.message)
      part(s.message);
  }

  void imports(const Stmt &s) {
    for (const Import &import : s.imports) {
      line(import.isFrom ? "from " : "import ");
      out += std::string(import.level, '.');
      out += import.module;
      if (!import.asName.empty())
        (out += " as ") += import.asName;
      for (const ImportName &name : import.names) {
        (out += ' ') += name.name;
        if (name.hasAs)
          (out += " as ") += name.asName;
      }
      out += '\n';
    }
  }

  void function(const Function &f) {
    line(f.isAsync ? "async def " : "def ");
    out += f.qualified;
    for (const Param &param : f.params) {
      static constexpr std::string_view kinds[] = {"positional", "param",
                                                   "keyword", "rest", "rest2"};
      ((out += " (") += kinds[size_t(param.kind)]) += ' ';
      out += param.name;
      if (param.annotation)
        part(param.annotation);
      if (param.value)
        part(param.value);
      out += ')';
    }
    if (!f.error.empty())
      (out += " error ") += quoted(f.error);
    if (f.hasComputation)
      out += " computation";
    if (!f.isRead)
      out += " unread";
    out += '\n';
    parts(f.decorators, "decorator");
    body(f.body);
  }

  void classOf(const Class &c) {
    line("class ");
    out += c.qualified;
    parts(c.bases);
    out += '\n';
    parts(c.decorators, "decorator");
    body(c.body);
  }

  void parts(const std::vector<Expr> &list, std::string_view word) {
    for (const Expr &e : list) {
      indent += 2;
      line(word);
      indent -= 2;
      part(e);
      out += '\n';
    }
  }

  const Module *module;
};

} // namespace

std::string ast::dump(const Expr &expr) {
  Dumper dumper(nullptr);
  dumper.expr(expr);
  return std::move(dumper.out);
}

std::string ast::dump(const Module &module) {
  Dumper dumper(&module);
  dumper.body(module.body);
  return std::move(dumper.out);
}
