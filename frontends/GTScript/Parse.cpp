//===- Parse.cpp - source text to syntax tree -----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads lines one by one and puts their blocks together. A line that cannot be
// read becomes a statement that says so: only where GTScript stands does that
// matter.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Reader.h"

using namespace spada::gtscript;
using namespace spada::gtscript::ast;
using L = grammar::GTScriptLexer;

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

void Reader::module() {
  readCallTargets();
  body(lines, root.body);
}

/// Functions that a call makes GTScript: `gtscript.function(f)`.
void Reader::readCallTargets() {
  for (size_t i = 0; i + 3 < tokens.size(); ++i) {
    std::string_view word = textAt(i);
    bool isCall = typeAt(i) == L::NAME && typeAt(i + 1) == L::LPAREN &&
                  (word == "function" || word == "lazy_function");
    if (isCall && typeAt(i + 2) == L::NAME && typeAt(i + 3) == L::RPAREN)
      callTargets.insert(textAt(i + 2));
  }
}

void Reader::body(const std::vector<Line> &block, std::vector<Stmt> &out) {
  for (size_t i = 0; i < block.size(); ++i) {
    const Line &line = block[i];
    size_t word = line.first + (typeAt(line.first) == L::ASYNC);
    switch (typeAt(word)) {
    case L::AT:
      i = decorated(block, i, out);
      break;
    case L::DEF:
      function(line, {}, out);
      break;
    case L::CLASS:
      classOf(line, {}, out);
      break;
    case L::IF:
      i = conditional(block, i, out);
      break;
    case L::TRY:
      i = tryOf(block, i, out);
      break;
    case L::FOR:
    case L::WHILE:
      i = loop(block, i, out);
      break;
    case L::WITH:
      compound(line, out);
      break;
    case L::ELIF:
    case L::ELSE:
    case L::EXCEPT:
    case L::FINALLY:
      stray(line, out);
      break;
    default:
      plain(line, out);
    }
  }
}

/// Decorators and what they stand before; the index of its line.
size_t Reader::decorated(const std::vector<Line> &block, size_t i,
                         std::vector<Stmt> &out) {
  std::vector<Expr> decorators;
  for (; i < block.size() && typeAt(block[i].first) == L::AT; ++i) {
    P::LineContext *tree = parseLine(block[i]);
    TreeToAST convert(root);
    if (tree)
      decorators.push_back(convert.named(tree->decorator()->namedExpr()));
    if (tree && convert.error.message.empty() && block[i].block.empty())
      continue;
    if (tree && decorators.size())
      decorators.pop_back();
    other(block[i], tree ? convert.error : lineError, out);
  }
  if (i == block.size())
    return i;
  const Line &line = block[i];
  size_t word = line.first + (typeAt(line.first) == L::ASYNC);
  if (typeAt(word) == L::DEF)
    function(line, std::move(decorators), out);
  else if (typeAt(word) == L::CLASS)
    classOf(line, std::move(decorators), out);
  else
    --i; // the decorators stand before nothing; the line is read as it is
  return i;
}

void Reader::clause(const Line &line, Stmt &stmt, Clause &clause,
                    bool isFirst) {
  Stmt header;
  std::vector<Stmt> inner;
  if (!this->header(line, header, inner)) {
    if (isFirst) {
      stmt = std::move(header);
      clause.body = std::move(inner);
      return;
    }
    inner.insert(inner.begin(), std::move(header));
  } else if (isFirst) {
    stmt.kind = header.kind;
    stmt.range = header.range;
    stmt.text = header.text;
  }
  clause.range = rangeOfHeader(line);
  clause.condition = std::move(header.value);
  clause.body = std::move(inner);
}

void Reader::orElse(const Line &line, Stmt &stmt) {
  Stmt header;
  std::vector<Stmt> inner;
  bool isGood = this->header(line, header, inner);
  stmt.hasElse = true;
  stmt.elseRange = rangeOf(tokens[line.first].get());
  if (!isGood)
    stmt.orelse.push_back(std::move(header));
  for (Stmt &one : inner)
    stmt.orelse.push_back(std::move(one));
}

size_t Reader::conditional(const std::vector<Line> &block, size_t i,
                           std::vector<Stmt> &out) {
  Stmt stmt;
  Clause first;
  clause(block[i], stmt, first, true);
  if (stmt.kind != StmtKind::If) {
    stmt.body = std::move(first.body);
    out.push_back(std::move(stmt));
  } else {
    stmt.clauses.push_back(std::move(first));
    out.push_back(std::move(stmt));
  }
  while (i + 1 < block.size() && typeAt(block[i + 1].first) == L::ELIF) {
    Clause next;
    clause(block[++i], out.back(), next, false);
    out.back().clauses.push_back(std::move(next));
  }
  if (i + 1 < block.size() && typeAt(block[i + 1].first) == L::ELSE)
    orElse(block[++i], out.back());
  return i;
}

size_t Reader::tryOf(const std::vector<Line> &block, size_t i,
                     std::vector<Stmt> &out) {
  Stmt stmt;
  std::vector<Stmt> inner;
  header(block[i], stmt, inner);
  stmt.body = std::move(inner);
  while (i + 1 < block.size()) {
    size_t type = typeAt(block[i + 1].first);
    if (type == L::EXCEPT) {
      Stmt handler;
      Clause &clause = stmt.clauses.emplace_back();
      clause.range = rangeOfHeader(block[++i]);
      header(block[i], handler, clause.body);
    } else if (type == L::ELSE || type == L::FINALLY) {
      orElse(block[++i], stmt);
    } else {
      break;
    }
  }
  out.push_back(std::move(stmt));
  return i;
}

size_t Reader::loop(const std::vector<Line> &block, size_t i,
                    std::vector<Stmt> &out) {
  compound(block[i], out);
  if (i + 1 < block.size() && typeAt(block[i + 1].first) == L::ELSE)
    orElse(block[++i], out.back());
  return i;
}

void Reader::compound(const Line &line, std::vector<Stmt> &out) {
  Stmt stmt;
  std::vector<Stmt> inner;
  header(line, stmt, inner);
  stmt.body = std::move(inner);
  out.push_back(std::move(stmt));
}

void Reader::stray(const Line &line, std::vector<Stmt> &out) {
  std::string word = "'" + std::string(textAt(line.first)) + "'";
  other(line,
        {rangeOf(tokens[line.first].get()),
         word + " belongs to no statement before it", ""},
        out);
}

/// A simple statement, or one that a later Python has: `match x:`.
void Reader::plain(const Line &line, std::vector<Stmt> &out) {
  if (isSoftKeyword(line)) {
    other(line, {}, out);
    return;
  }
  P::LineContext *tree = parseLine(line);
  if (!tree || !tree->simple()) {
    other(line, tree ? SyntaxError() : lineError, out);
    return;
  }
  TreeToAST convert(root);
  size_t before = out.size();
  convert.simple(tree->simple(), out);
  if (!convert.error.message.empty()) {
    out.erase(out.begin() + before, out.end());
    other(line, convert.error, out);
  } else if (!line.block.empty()) {
    unexpectedBlock(line, out);
  }
}

/// `match x:`, `case x:`, `type X = int`: the first word is a name elsewhere.
bool Reader::isSoftKeyword(const Line &line) const {
  std::string_view word = textAt(line.first);
  if (typeAt(line.first) != L::NAME || line.last - line.first < 2)
    return false;
  bool endsInColon = typeAt(line.last - 1) == L::COLON;
  if (word == "match" || word == "case")
    return endsInColon && !line.block.empty();
  return word == "type" && typeAt(line.first + 1) == L::NAME;
}

void Reader::unexpectedBlock(const Line &line, std::vector<Stmt> &out) {
  const Line &first = line.block[0];
  Stmt stmt;
  stmt.range = rangeOfLine(first);
  stmt.text = textAt(first.first);
  stmt.error = "unexpected indentation";
  stmt.errorRange = rangeOf(tokens[first.first].get());
  body(line.block, stmt.body);
  out.push_back(std::move(stmt));
}

void Reader::other(const Line &line, const SyntaxError &error,
                   std::vector<Stmt> &out) {
  Stmt stmt;
  stmt.range = rangeOfLine(line);
  stmt.text = textAt(line.first);
  stmt.error = error.message;
  stmt.hint = error.hint;
  stmt.errorRange = error.range;
  body(line.block, stmt.body);
  out.push_back(std::move(stmt));
}

//===----------------------------------------------------------------------===//
// Headers
//===----------------------------------------------------------------------===//

/// Reads the header and the block of `line`, written behind the colon or below
/// it. False: `stmt` is an Other with the error, and `inner` is still read.
bool Reader::header(const Line &line, Stmt &stmt, std::vector<Stmt> &inner) {
  P::LineContext *tree = parseLine(line);
  TreeToAST convert(root);
  if (tree && tree->compound()) {
    P::HeaderContext *head = tree->compound()->header();
    if (head->condition())
      stmt = convert.condition(head->condition());
    else if (head->forHeader())
      stmt = convert.forHeader(head->forHeader());
    else if (head->withHeader())
      stmt = convert.withHeader(head->withHeader());
    inlineBody(line, tree->compound(), convert, inner);
  }
  SyntaxError error = tree ? convert.error : lineError;
  if (!error.message.empty()) {
    stmt = {};
    stmt.error = error.message;
    stmt.hint = error.hint;
    stmt.errorRange = error.range;
  }
  stmt.range = error.message.empty() ? rangeOfHeader(line) : rangeOfLine(line);
  stmt.text = textAt(line.first);
  body(line.block, inner);
  return stmt.error.empty();
}

void Reader::inlineBody(const Line &line, P::CompoundContext *tree,
                        TreeToAST &convert, std::vector<Stmt> &inner) {
  if (tree->simple()) {
    convert.simple(tree->simple(), inner);
    if (!line.block.empty())
      convert.error = {rangeOf(tokens[line.block[0].first].get()),
                       "unexpected indentation", ""};
  } else if (line.block.empty()) {
    convert.error = {rangeOfLine(line),
                     "expected an indented block after '" +
                         std::string(textAt(line.first)) + "'",
                     ""};
  }
}

/// Up to the colon: for lines that hold their block, the colon that ends it.
Range Reader::rangeOfHeader(const Line &line) const {
  size_t last = line.first;
  int open = 0;
  for (; last + 1 < line.last; ++last) {
    size_t type = typeAt(last);
    open += type == L::LPAREN || type == L::LBRACK || type == L::LBRACE;
    open -= type == L::RPAREN || type == L::RBRACK || type == L::RBRACE;
    if (type == L::COLON && open == 0)
      break;
  }
  return join(rangeOf(tokens[line.first].get()), rangeOf(tokens[last].get()));
}
