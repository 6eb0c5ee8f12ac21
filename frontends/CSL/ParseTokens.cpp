//===- ParseTokens.cpp - what the tokens of a file alone show -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Characters and words that no rule takes, and nesting that would overflow the
// stack.
//
//===----------------------------------------------------------------------===//

#include "frontends/CSL/ParseErrors.h"

using namespace spada::cslfront;
using antlr4::Token;
using L = grammar::CSLLexer;

namespace {

class TokenScan {
public:
  TokenScan(const Source &source, const std::vector<Token *> &tokens,
            std::vector<SyntaxError> &errors)
      : source(source), tokens(tokens), errors(errors) {}

  void run() {
    for (size_t i = 0; i < tokens.size() && errors.size() < maxErrors; ++i)
      if (!token(i))
        break;
  }

private:
  void error(const Token *t, std::string message) {
    errors.push_back({locOf(source, t), std::move(message)});
  }
  bool token(size_t i);
  void number(const Token *t);
  void reserved(size_t i, const char *what);
  void other(const Token *t);

  const Source &source;
  const std::vector<Token *> &tokens;
  std::vector<SyntaxError> &errors;
  int depth = 0;
};

void TokenScan::number(const Token *t) {
  std::string_view text = textOf(source, t);
  std::string hint = "an integer is decimal, '0x' or '0b'; a float is written "
                     "as in '1.5' or '1e-3'";
  if (text.back() == '.' || text.find("..") != std::string_view::npos)
    hint = "a float needs a digit on each side of its point";
  else if (text.find('_') != std::string_view::npos)
    hint = "numbers have no digit separators";
  error(t, "malformed number " + quotedText(source, t) + "; hint: " + hint);
}

/// Words of later versions of the language; still names of members.
void TokenScan::reserved(size_t i, const char *what) {
  if (i == 0 || tokens[i - 1]->getType() != L::DOT)
    error(tokens[i], quotedText(source, tokens[i]) +
                         " is not supported: " + std::string(what));
}

void TokenScan::other(const Token *t) {
  unsigned char c = source.text[t->getStartIndex()];
  if (c < 0x80)
    error(t, c < 0x20 ? "unexpected control character"
                      : "unexpected character " + quotedText(source, t));
  else if ((c & 0xC0) != 0x80) // once for a sequence
    error(t, "characters outside ASCII are only allowed in comments and "
             "strings");
}

bool TokenScan::token(size_t i) {
  const Token *t = tokens[i];
  switch (t->getType()) {
  case L::LPAREN:
  case L::LBRACK:
  case L::LBRACE:
    if (++depth <= maxNesting)
      return true;
    error(t, "nesting is deeper than " + std::to_string(maxNesting) +
                 " levels; hint: split the expression or the block");
    return false;
  case L::RPAREN:
  case L::RBRACK:
  case L::RBRACE:
    depth -= depth > 0;
    return true;
  case L::UNION:
    reserved(i, "structs cannot overlay their fields");
    return true;
  case L::PACKED:
    reserved(i, "structs have one layout");
    return true;
  case L::ASM:
  case L::VOLATILE:
    reserved(i, "there is no inline assembly");
    return true;
  case L::BAD_NUMBER:
    number(t);
    return true;
  case L::BAD_CHARACTER:
    error(t, "malformed character literal " + quotedText(source, t) +
                 "; hint: write one character between quotes, as in 'a'");
    return true;
  case L::BAD_STRING:
    error(t, "string is not closed; hint: end it with '\"' on the same line");
    return true;
  case L::BLOCK_COMMENT:
    error(t, "there are no block comments; hint: start each line with '//'");
    return false;
  case L::INCREMENT:
    error(t, "there is no operator '++'; hint: write '+= 1'");
    return true;
  case L::AND_AND:
    error(t, "there is no operator '&&'; hint: write 'and'");
    return true;
  case L::OR_OR:
    error(t, "there is no operator '||'; hint: write 'or'");
    return true;
  case L::OTHER:
    other(t);
    return true;
  default:
    return true;
  }
}

} // namespace

void spada::cslfront::scanTokens(const Source &source,
                                 const std::vector<Token *> &tokens,
                                 std::vector<SyntaxError> &errors) {
  TokenScan(source, tokens, errors).run();
}
