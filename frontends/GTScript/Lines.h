//===- Lines.h - tokens and logical lines of a file --------------*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Cuts a file into Python's logical lines and nests them by indentation. Reads
// no syntax inside a line. Private to the parser library.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_GTSCRIPT_LINES_H
#define SPADA_FRONTENDS_GTSCRIPT_LINES_H

#include "GTScriptLexer.h"
#include "GTScriptParser.h"
#include "frontends/GTScript/AST.h"

namespace spada::gtscript::ast {

/// ANTLR's messages go back to the characters that the tokens came from.
struct Tokens : std::vector<std::unique_ptr<antlr4::Token>> {
  std::shared_ptr<antlr4::CharStream> characters;
  std::shared_ptr<antlr4::TokenSource> source;
};

/// Tokens [first, last) without their NEWLINE, and the block indented below.
struct Line {
  uint32_t first = 0, last = 0;
  uint32_t indent = 0;
  std::vector<Line> block;
};

/// Blanks, comments and joined lines are no tokens; every string is one.
/// Unclosed strings and brackets go to `errors`; an error ends the list.
Tokens readTokens(std::string_view text, std::vector<SyntaxError> &errors);

/// The lines of `tokens` as Python nests them.
std::vector<Line> readLines(std::string_view text, const Tokens &tokens,
                            std::vector<SyntaxError> &errors);

inline Range rangeOf(const antlr4::Token *token) {
  return {
      uint32_t(token->getLine()), uint32_t(token->getCharPositionInLine() + 1),
      uint32_t(token->getStartIndex()), uint32_t(token->getStopIndex() + 1)};
}
inline Range join(Range first, const Range &last) {
  first.end = last.end;
  return first;
}

/// What a string literal with its prefix and quotes stands for; a view of
/// `token` itself where nothing is escaped, else of `interned`.
std::string_view stringValue(std::string_view token,
                             std::deque<std::string> &interned);
/// Lower-case letters before the quotes.
std::string stringPrefix(std::string_view token);

/// The tokens of one line as ANTLR's parser wants them, with an end of its own.
class LineStream : public antlr4::TokenStream {
public:
  LineStream(const Tokens &tokens, antlr4::TokenSource *source);
  void setLine(uint32_t first, uint32_t last);

  antlr4::Token *LT(ssize_t k) override;
  antlr4::Token *get(size_t index) const override;
  antlr4::TokenSource *getTokenSource() const override { return source; }
  std::string getText(const antlr4::misc::Interval &) override { return ""; }
  std::string getText() override { return ""; }
  std::string getText(antlr4::RuleContext *) override { return ""; }
  std::string getText(antlr4::Token *, antlr4::Token *) override { return ""; }
  void consume() override;
  size_t LA(ssize_t k) override;
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  size_t index() override { return position; }
  void seek(size_t index) override { position = index; }
  size_t size() override { return last - first + 1; }
  std::string getSourceName() const override { return "line"; }

private:
  const Tokens &tokens;
  antlr4::TokenSource *source;
  size_t first = 0, last = 0, position = 0;
  antlr4::CommonToken end;
};

} // namespace spada::gtscript::ast

#endif
