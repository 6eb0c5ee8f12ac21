//===- ParseErrors.cpp - wording of syntax errors, recovery ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/CSL/ParseErrors.h"

using namespace spada::cslfront;
using antlr4::Token;
using antlr4::misc::IntervalSet;
using L = grammar::CSLLexer;
using P = grammar::CSLParser;

static bool isKeyword(size_t type) {
  return type >= L::ALIGN && type <= L::WHILE;
}

/// Starts a declaration that cannot stand in a block.
static bool isFileLevel(size_t type) {
  return type == L::EXPORT || type == L::EXTERN || type == L::NOINLINE ||
         type == L::FN || type == L::TASK || type == L::PARAM ||
         type == L::LAYOUT;
}

static bool startsDeclaration(size_t type) {
  return isFileLevel(type) || type == L::CONST || type == L::VAR ||
         type == L::INLINE || type == L::COMPTIME;
}

/// The innermost '{' before `token` that is open there, or null.
static Token *openBrace(P &parser, const Token *token) {
  auto *stream =
      static_cast<antlr4::CommonTokenStream *>(parser.getTokenStream());
  std::vector<Token *> open;
  for (size_t i = 0; i < token->getTokenIndex(); ++i) {
    Token *t = stream->get(i);
    if (t->getType() == L::LBRACE)
      open.push_back(t);
    else if (t->getType() == L::RBRACE && !open.empty())
      open.pop_back();
  }
  return open.empty() ? nullptr : open.back();
}

std::string ErrorListener::shown(const Token *token) const {
  if (token->getType() == Token::EOF)
    return "the end of the file";
  return "'" + std::string(textOf(source, token)) + "'";
}

/// More errors of one line, and a bracket or an end too much, follow from the
/// first.
bool ErrorListener::isAftermath(const Token *token) const {
  if (errors.empty())
    return false;
  return token->getType() == Token::EOF || token->getType() == L::RBRACE ||
         errors.back().loc.line == token->getLine();
}

static bool isInfix(size_t type) {
  switch (type) {
  case L::OR:
  case L::AND:
  case L::DOT:
  case L::DOT_STAR:
  case L::LBRACK:
  case L::LPAREN:
  case L::LBRACE:
  case L::COLON:
    return true;
  default:
    return type >= L::ASSIGN && type <= L::CARET + 1;
  }
}

/// What `expected` holds, in an author's words.
static std::vector<std::string> wordsFor(P &parser,
                                         const IntervalSet &expected) {
  bool statement = expected.contains(size_t(L::RETURN));
  bool declaration = expected.contains(size_t(Token::EOF));
  bool expression = expected.contains(size_t(L::INT));
  bool name = expected.contains(size_t(L::NAME));
  bool afterOperand = expected.contains(size_t(L::PLUS));
  std::vector<std::string> words;
  if (declaration)
    return {"a declaration"};
  if (statement)
    words.push_back("a statement");
  else if (expression)
    words.push_back("an expression");
  else if (name)
    words.push_back("a name");
  for (ssize_t type : expected.toList()) {
    if (type <= 0)
      continue;
    bool closes = type == L::RPAREN || type == L::RBRACE || type == L::RBRACK;
    if ((statement || expression) && !closes && type != L::SEMI &&
        type != L::COMMA)
      continue;
    if (statement && type == L::SEMI)
      continue;
    if (name && (isKeyword(type) || type == L::NAME))
      continue;
    if (afterOperand && (isInfix(type) || type == L::ELSE))
      continue;
    words.push_back(parser.getVocabulary().getLiteralName(type));
  }
  return words;
}

static std::string listOf(const std::vector<std::string> &words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 < words.size() ? ", " : " or ") + words[i];
  return text;
}

/// A declaration in a block usually means that a '}' is missing above it.
std::string ErrorListener::misplaced(P &parser, Token *token) {
  size_t type = token->getType();
  Token *keyword = token;
  Token *before = parser.getTokenStream()->LT(-1);
  if (type == L::NAME && before &&
      (before->getType() == L::FN || before->getType() == L::TASK ||
       before->getType() == L::PARAM))
    keyword = before;
  else if (!isFileLevel(type) ||
           !parser.getExpectedTokens().contains(size_t(L::RETURN)))
    return "";
  Token *open = openBrace(parser, keyword);
  if (!open)
    return "";
  return shown(keyword) + " cannot stand in a block; hint: the '{' of line " +
         std::to_string(open->getLine()) + " may lack its '}'";
}

std::string ErrorListener::hint(const IntervalSet &expected, Token *token) {
  size_t type = token->getType();
  if (isKeyword(type) && expected.contains(size_t(L::NAME)) &&
      !expected.contains(size_t(L::INT)))
    return "; hint: " + shown(token) + " is a keyword";
  if (type == L::ASSIGN && expected.contains(size_t(L::EQ)) &&
      !expected.contains(size_t(L::ASSIGN)))
    return "; hint: a comparison is written '=='";
  return "";
}

std::string ErrorListener::message(P &parser, Token *token) {
  std::string text = misplaced(parser, token);
  if (!text.empty())
    return text;
  Token *current = parser.getCurrentToken();
  auto *stream = parser.getTokenStream();
  if (current != token) {
    // Two tokens decide here; the second is wrong.
    Token *before = stream->get(token->getTokenIndex() - 1);
    return "unexpected " + shown(token) + " after " + shown(before);
  }
  IntervalSet expected = parser.getExpectedTokens();
  std::vector<std::string> words = wordsFor(parser, expected);
  if (words.empty() || words.size() > 5)
    text = "unexpected " + shown(token);
  else
    text = "expected " + listOf(words) + " before " + shown(token);
  if (token->getType() == Token::EOF)
    if (Token *open = openBrace(parser, token))
      text += "; hint: the '{' of line " + std::to_string(open->getLine()) +
              " may lack its '}'";
  return text + hint(expected, token);
}

void ErrorListener::syntaxError(antlr4::Recognizer *recognizer, Token *token,
                                size_t, size_t, const std::string &,
                                std::exception_ptr) {
  auto &parser = *static_cast<P *>(recognizer);
  if (errors.size() >= maxErrors || isAftermath(token))
    return;
  Loc loc = locOf(source, token);
  // A ';' is missing where its line ends, not where the next one begins.
  Token *before = parser.getTokenStream()->LT(-1);
  if (before && token == parser.getCurrentToken() &&
      before->getLine() < token->getLine() &&
      parser.getExpectedTokens().contains(size_t(L::SEMI)) &&
      parser.getExpectedTokens().contains(size_t(L::RETURN)) == false) {
    loc = locOf(source, before);
    loc.column += uint32_t(textOf(source, before).size());
  }
  errors.push_back({loc, message(parser, token)});
}

//===----------------------------------------------------------------------===//
// Recovery
//===----------------------------------------------------------------------===//

namespace {

/// Brackets open since a statement or declaration began.
class Brackets {
public:
  /// False when `type` closes something older.
  bool add(size_t type) {
    switch (type) {
    case L::LPAREN:
    case L::LBRACK:
    case L::LBRACE:
      open.push_back(type);
      return true;
    case L::RPAREN:
    case L::RBRACK:
      if (!open.empty() && open.back() != L::LBRACE)
        open.pop_back();
      return true;
    case L::RBRACE:
      if (!inBraces())
        return false;
      while (open.back() != L::LBRACE)
        open.pop_back();
      open.pop_back();
      return true;
    default:
      return true;
    }
  }
  bool inBraces() const {
    return std::find(open.begin(), open.end(), size_t(L::LBRACE)) != open.end();
  }
  bool empty() const { return open.empty(); }

private:
  std::vector<size_t> open;
};

} // namespace

void ErrorStrategy::skip(antlr4::Parser *parser, size_t start,
                         bool isStatement) {
  antlr4::TokenStream *tokens = parser->getTokenStream();
  Brackets brackets;
  for (size_t i = start; i < tokens->index(); ++i)
    brackets.add(tokens->get(i)->getType());
  while (true) {
    Token *token = tokens->LT(1);
    size_t type = token->getType();
    bool moved = tokens->index() > start;
    if (type == Token::EOF)
      return;
    if (moved && token->getCharPositionInLine() == 0 &&
        (isStatement ? isFileLevel(type) : startsDeclaration(type)))
      return;
    if (!brackets.add(type) && moved && isStatement)
      return;
    parser->consume();
    size_t next = tokens->LA(1);
    if (type == L::SEMI && !brackets.inBraces())
      return;
    if (type == L::RBRACE && brackets.empty() && next != L::SEMI &&
        next != L::ELSE)
      return;
  }
}

void ErrorStrategy::recover(antlr4::Parser *parser,
                            std::exception_ptr failure) {
  antlr4::ParserRuleContext *context = parser->getContext();
  size_t rule = context->getRuleIndex();
  if (rule != P::RuleStmt && rule != P::RuleTopDecl)
    std::rethrow_exception(failure);
  skip(parser, context->start->getTokenIndex(), rule == P::RuleStmt);
}

Token *ErrorStrategy::recoverInline(antlr4::Parser *parser) {
  Token *token = parser->getCurrentToken();
  Token *before = parser->getTokenStream()->LT(-1);
  if (!getExpectedTokens(parser).contains(size_t(L::SEMI)) || !before ||
      before->getLine() == token->getLine())
    throw antlr4::InputMismatchException(parser);
  reportMissingToken(parser);
  return getMissingSymbol(parser);
}

void ErrorStrategy::sync(antlr4::Parser *parser) {
  using antlr4::atn::ATNState;
  const antlr4::atn::ATN &atn = parser->getATN();
  ATNState *state = atn.states[parser->getState()];
  if (inErrorRecoveryMode(parser) &&
      parser->getContext()->getRuleIndex() != P::RuleFile)
    return;
  IntervalSet next = atn.nextTokens(state);
  if (next.contains(Token::EPSILON) ||
      next.contains(parser->getTokenStream()->LA(1)))
    return;
  if (parser->getContext()->getRuleIndex() != P::RuleFile)
    throw antlr4::InputMismatchException(parser);
  reportUnwantedToken(parser);
  while (!next.contains(parser->getTokenStream()->LA(1)))
    skip(parser, parser->getTokenStream()->index(), /*isStatement=*/false);
}
