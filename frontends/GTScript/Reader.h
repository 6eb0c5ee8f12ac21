//===- Reader.h - lines to statements ----------------------------*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Puts the statements of lines and their blocks together to a module. Private
// to the parser library.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_GTSCRIPT_READER_H
#define SPADA_FRONTENDS_GTSCRIPT_READER_H

#include "frontends/Common/ByteStream.h"
#include "frontends/GTScript/TreeToAST.h"

#include <set>

namespace spada::gtscript::ast {

/// ANTLR's parser on one line after the other.
class LineParser {
public:
  using P = grammar::GTScriptParser;
  LineParser(std::string_view text, const Tokens &tokens);

  /// The tree of tokens [first, last), valid until the next call; null and
  /// `error` if they are not Python.
  P::LineContext *line(uint32_t first, uint32_t last);
  P::ExpressionContext *expression(uint32_t first, uint32_t last);
  SyntaxError error;

private:
  template <typename Context>
  Context *run(uint32_t first, uint32_t last, Context *(P::*rule)());
  bool isTooDeep(uint32_t first, uint32_t last);

  std::string_view text;
  const Tokens &tokens;
  ByteStream nothing;
  grammar::GTScriptLexer source; // the parser asks for one
  LineStream stream;
  P parser;
};

class Reader {
public:
  using P = grammar::GTScriptParser;
  Reader(Module &root, const Tokens &tokens, const std::vector<Line> &lines)
      : root(root), tokens(tokens), lines(lines), parser(root.source, tokens),
        lineError(parser.error) {}

  void module();

private:
  // Parse.cpp
  void readCallTargets();
  void body(const std::vector<Line> &block, std::vector<Stmt> &out);
  size_t decorated(const std::vector<Line> &block, size_t i,
                   std::vector<Stmt> &out);
  void clause(const Line &line, Stmt &stmt, Clause &clause, bool isFirst);
  void orElse(const Line &line, Stmt &stmt);
  size_t conditional(const std::vector<Line> &block, size_t i,
                     std::vector<Stmt> &out);
  size_t tryOf(const std::vector<Line> &block, size_t i,
               std::vector<Stmt> &out);
  size_t loop(const std::vector<Line> &block, size_t i, std::vector<Stmt> &out);
  void compound(const Line &line, std::vector<Stmt> &out);
  void stray(const Line &line, std::vector<Stmt> &out);
  void plain(const Line &line, std::vector<Stmt> &out);
  bool isSoftKeyword(const Line &line) const;
  void unexpectedBlock(const Line &line, std::vector<Stmt> &out);
  void other(const Line &line, const SyntaxError &error,
             std::vector<Stmt> &out);
  bool header(const Line &line, Stmt &stmt, std::vector<Stmt> &inner);
  void inlineBody(const Line &line, P::CompoundContext *tree,
                  TreeToAST &convert, std::vector<Stmt> &inner);
  Range rangeOfHeader(const Line &line) const;

  // Functions.cpp
  void function(const Line &line, std::vector<Expr> decorators,
                std::vector<Stmt> &out);
  void classOf(const Line &line, std::vector<Expr> decorators,
               std::vector<Stmt> &out);
  void readMakers(const std::vector<Line> &block);
  bool mayHoldGTScript(const Line &line, const Function &function) const;
  bool hasComputation(const std::vector<Line> &block) const;
  std::string qualified(std::string_view name) const;

  P::LineContext *parseLine(const Line &line) {
    return parser.line(line.first, line.last);
  }
  size_t typeAt(size_t i) const {
    return i < tokens.size() ? tokens[i]->getType() : antlr4::Token::EOF;
  }
  std::string_view textAt(size_t i) const {
    return std::string_view(root.source)
        .substr(tokens[i]->getStartIndex(),
                tokens[i]->getStopIndex() - tokens[i]->getStartIndex() + 1);
  }
  Range rangeOfLine(const Line &line) const {
    return join(rangeOf(tokens[line.first].get()),
                rangeOf(tokens[line.last - 1].get()));
  }

  Module &root;
  const Tokens &tokens;
  const std::vector<Line> &lines;
  LineParser parser;
  const SyntaxError &lineError;
  std::set<std::string_view> callTargets;
  uint32_t parentFunction = noParent, parentClass = noParent;
};

} // namespace spada::gtscript::ast

#endif
