//===- ParseRecovery.cpp - going on behind a syntax error -----------------===//
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

static bool startsDeclaration(size_t type) {
  return isFileLevel(type) || type == L::CONST || type == L::VAR ||
         type == L::INLINE || type == L::COMPTIME;
}

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
  endErrorCondition(parser);
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
    if (brackets.inBraces())
      continue;
    if (type == L::SEMI)
      return;
    // A '}' ends more than an expression when nothing goes on behind it.
    Token *next = tokens->LT(1);
    bool goesOn = next->getType() == L::SEMI || next->getType() == L::ELSE ||
                  next->getType() == L::COMMA || next->getType() == L::RPAREN;
    if (type == L::RBRACE && !goesOn &&
        (brackets.empty() || next->getLine() > token->getLine()))
      return;
  }
}

/// A function or the like that follows a block without its '}'.
bool ErrorStrategy::isDeclaration(antlr4::Parser *parser, Token *token) {
  size_t type = token->getType();
  if (token->getCharPositionInLine() != 0 || !isFileLevel(type))
    return false;
  size_t next =
      parser->getTokenStream()->get(token->getTokenIndex() + 1)->getType();
  return (type != L::FN && type != L::TASK && type != L::PARAM &&
          type != L::LAYOUT) ||
         next == L::NAME;
}

void ErrorStrategy::recover(antlr4::Parser *parser,
                            std::exception_ptr failure) {
  antlr4::ParserRuleContext *context = parser->getContext();
  size_t rule = context->getRuleIndex();
  bool isStatement = rule == P::RuleStmt;
  if (!isStatement && rule != P::RuleTopDecl)
    std::rethrow_exception(failure);
  if (isStatement && isDeclaration(parser, context->start)) {
    parser->getTokenStream()->seek(context->start->getTokenIndex());
    std::rethrow_exception(failure);
  }
  skip(parser, context->start->getTokenIndex(), isStatement);
}

/// A ';' missing at the end of a line is put in; nothing else is.
Token *ErrorStrategy::recoverInline(antlr4::Parser *parser) {
  Token *token = parser->getCurrentToken();
  Token *before = parser->getTokenStream()->LT(-1);
  if (!getExpectedTokens(parser).contains(size_t(L::SEMI)) || !before ||
      before->getLine() == token->getLine())
    throw antlr4::InputMismatchException(parser);
  reportMissingToken(parser);
  return getMissingSymbol(parser);
}

/// Called where a list goes on or ends. Blocks and the file skip what cannot be
/// an element, everything else gives up.
void ErrorStrategy::sync(antlr4::Parser *parser) {
  const antlr4::atn::ATN &atn = parser->getATN();
  IntervalSet next = atn.nextTokens(atn.states[parser->getState()]);
  antlr4::TokenStream *tokens = parser->getTokenStream();
  auto fits = [&] {
    return next.contains(Token::EPSILON) || next.contains(tokens->LA(1));
  };
  if (fits())
    return;
  size_t rule = parser->getContext()->getRuleIndex();
  bool isBlock = rule == P::RuleBlock;
  if (rule != P::RuleFile && !isBlock) {
    if (inErrorRecoveryMode(parser))
      return;
    throw antlr4::InputMismatchException(parser);
  }
  do {
    if (isBlock &&
        (tokens->LA(1) == Token::EOF || isDeclaration(parser, tokens->LT(1))))
      throw antlr4::InputMismatchException(parser);
    reportUnwantedToken(parser);
    skip(parser, tokens->index(), isBlock);
  } while (!fits());
}
