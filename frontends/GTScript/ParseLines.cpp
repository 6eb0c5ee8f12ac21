//===- ParseLines.cpp - tokens to nested lines ----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Python's rules of indentation: a tab goes to the next multiple of eight, a
// form feed starts over, and tabs must not decide how blocks nest.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Lines.h"

using namespace spada::gtscript;
using namespace spada::gtscript::ast;
using L = grammar::GTScriptLexer;

namespace {

/// Columns with tabs of eight and of one; Python wants both to agree.
struct Indent {
  uint32_t column = 0, plain = 0;
};

class LineReader {
public:
  LineReader(std::string_view text, const Tokens &tokens,
             std::vector<SyntaxError> &errors)
      : text(text), tokens(tokens), errors(errors) {}

  std::vector<Line> run() {
    std::vector<Line> top;
    blocks = {{&top, {}}};
    for (size_t i = 0; i < tokens.size();) {
      size_t end = i;
      while (end < tokens.size() && tokens[end]->getType() != L::NEWLINE)
        ++end;
      if (end > i && !add(uint32_t(i), uint32_t(end)))
        break;
      i = end + 1;
    }
    return top;
  }

private:
  struct Block {
    std::vector<Line> *lines;
    Indent indent;
  };

  Indent indentOf(const antlr4::Token *token) const {
    Indent indent;
    size_t start = token->getStartIndex() - token->getCharPositionInLine();
    for (size_t i = start; i < token->getStartIndex(); ++i) {
      if (text[i] == '\t')
        indent.column = indent.column / 8 * 8 + 8;
      else if (text[i] == '\f')
        indent = {};
      else
        ++indent.column;
      indent.plain += text[i] != '\f';
    }
    return indent;
  }

  bool add(uint32_t first, uint32_t last) {
    const antlr4::Token *token = tokens[first].get();
    Indent indent = indentOf(token);
    while (blocks.size() > 1 && indent.column < blocks.back().indent.column)
      blocks.pop_back();
    const Indent &outer = blocks.back().indent;
    bool isDeeper = indent.column > outer.column;
    if (isDeeper ? indent.plain <= outer.plain : indent.plain != outer.plain)
      return error(token,
                   "tabs and blanks are mixed so that the depth of the "
                   "line depends on the width of a tab",
                   "indent with blanks only");
    if (isDeeper) {
      if (blocks.back().lines->empty())
        return error(token, "unexpected indentation", "");
      if (wasPopped(indent))
        return error(token, "indentation fits no block around this line", "");
      if (blocks.size() > maxIndent)
        return error(token,
                     "blocks are nested deeper than " +
                         std::to_string(maxIndent) + " levels",
                     "");
      blocks.push_back({&blocks.back().lines->back().block, indent});
    }
    blocks.back().lines->push_back({first, last, indent.column, {}});
    return true;
  }

  /// A line that is deeper than its block, whose last line already has one,
  /// came back to a depth that was never there.
  bool wasPopped(const Indent &) const {
    return !blocks.back().lines->back().block.empty();
  }

  bool error(const antlr4::Token *token, std::string message,
             std::string hint) {
    errors.push_back({rangeOf(token), std::move(message), std::move(hint)});
    return false;
  }

  std::string_view text;
  const Tokens &tokens;
  std::vector<SyntaxError> &errors;
  std::vector<Block> blocks;
};

} // namespace

std::vector<Line> ast::readLines(std::string_view text, const Tokens &tokens,
                                 std::vector<SyntaxError> &errors) {
  return LineReader(text, tokens, errors).run();
}

//===----------------------------------------------------------------------===//
// LineStream
//===----------------------------------------------------------------------===//

LineStream::LineStream(const Tokens &tokens, antlr4::TokenSource *source)
    : tokens(tokens), source(source), end(size_t(antlr4::Token::EOF)) {}

void LineStream::setLine(uint32_t from, uint32_t to) {
  first = from;
  last = to;
  position = 0;
  if (first == last)
    return;
  const antlr4::Token *before = tokens[last - 1].get();
  end.setLine(before->getLine());
  end.setCharPositionInLine(before->getCharPositionInLine() +
                            before->getStopIndex() + 1 -
                            before->getStartIndex());
  end.setStartIndex(before->getStopIndex() + 1);
  end.setStopIndex(before->getStopIndex());
}

antlr4::Token *LineStream::get(size_t index) const {
  return first + index < last ? tokens[first + index].get()
                              : const_cast<antlr4::CommonToken *>(&end);
}

antlr4::Token *LineStream::LT(ssize_t k) {
  if (k == 0 || (k < 0 && size_t(-k) > position))
    return nullptr;
  return get(k > 0 ? position + k - 1 : position + k);
}

size_t LineStream::LA(ssize_t k) {
  antlr4::Token *token = LT(k);
  return token ? token->getType() : size_t(antlr4::Token::INVALID_TYPE);
}

void LineStream::consume() {
  if (first + position < last)
    ++position;
}
