//===- ParseErrors.h - finding and wording syntax errors --------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Private to the parser library.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_PARSEERRORS_H
#define SPADA_FRONTENDS_CSL_PARSEERRORS_H

#include "CSLLexer.h"
#include "CSLParser.h"
#include "frontends/CSL/AST.h"

namespace spada::cslfront {

constexpr size_t maxErrors = 20;
/// Of brackets.
constexpr int maxNesting = 256;

inline std::string_view textOf(const Source &source, const antlr4::Token *t) {
  return std::string_view(source.text)
      .substr(t->getStartIndex(), t->getStopIndex() - t->getStartIndex() + 1);
}

/// With the quotes that it has, or else with some.
inline std::string quotedText(const Source &source, const antlr4::Token *t) {
  std::string text(textOf(source, t));
  bool isQuoted = text.front() == '\'' || text.front() == '"';
  return isQuoted ? text : "'" + text + "'";
}

inline Loc locOf(const Source &source, const antlr4::Token *t) {
  return {source.number, uint32_t(t->getLine()),
          uint32_t(t->getCharPositionInLine() + 1)};
}

/// Starts a declaration that cannot stand in a block.
inline bool isFileLevel(size_t token) {
  using L = grammar::CSLLexer;
  return token == L::EXPORT || token == L::EXTERN || token == L::NOINLINE ||
         token == L::FN || token == L::TASK || token == L::PARAM ||
         token == L::LAYOUT;
}

/// Reports what the tokens alone show to be wrong.
void scanTokens(const Source &source,
                const std::vector<antlr4::Token *> &tokens,
                std::vector<SyntaxError> &errors);

/// Words syntax errors; the grammar's own names never show.
class ErrorListener : public antlr4::BaseErrorListener {
public:
  ErrorListener(const Source &source, std::vector<SyntaxError> &errors)
      : source(source), errors(errors) {}

  void syntaxError(antlr4::Recognizer *recognizer, antlr4::Token *token,
                   size_t line, size_t column, const std::string &message,
                   std::exception_ptr failure) override;

private:
  bool isAftermath(grammar::CSLParser &parser,
                   const antlr4::Token *token) const;
  std::string misplaced(grammar::CSLParser &parser, antlr4::Token *token);
  std::string message(grammar::CSLParser &parser, antlr4::Token *token);
  std::string hint(grammar::CSLParser &parser,
                   const antlr4::misc::IntervalSet &expected,
                   antlr4::Token *token);
  std::string shown(const antlr4::Token *token) const;

  const Source &source;
  std::vector<SyntaxError> &errors;
};

/// Gives up the statement or declaration with the error and goes on behind it.
class ErrorStrategy : public antlr4::DefaultErrorStrategy {
public:
  void recover(antlr4::Parser *parser, std::exception_ptr failure) override;
  antlr4::Token *recoverInline(antlr4::Parser *parser) override;
  void sync(antlr4::Parser *parser) override;

private:
  void skip(antlr4::Parser *parser, size_t start, bool isStatement);
  bool isDeclaration(antlr4::Parser *parser, antlr4::Token *token);
};

} // namespace spada::cslfront

#endif
