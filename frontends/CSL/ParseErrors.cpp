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
  return quotedText(source, token);
}

/// More errors of one line, and a bracket or an end too much, follow from the
/// first.
bool ErrorListener::isAftermath(P &parser, const Token *token) const {
  if (errors.empty())
    return false;
  bool isFile = parser.getContext()->getRuleIndex() == P::RuleFile;
  return token->getType() == Token::EOF ||
         (isFile && token->getType() == L::RBRACE) ||
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

/// What may come, sorted by what an author calls it.
struct Expectation {
  explicit Expectation(const IntervalSet &set) : set(set) {}
  bool has(size_t type) const { return set.contains(type); }

  bool expression() const { return has(L::INT); }
  bool type() const { return expression() && !has(L::MINUS); }
  bool statement() const { return expression() && has(L::RETURN); }
  bool declaration() const { return has(Token::EOF); }
  bool name() const { return has(L::NAME); }
  bool afterOperand() const { return has(L::PLUS) || has(L::ADD_TO); }

  bool isWorthSaying(size_t token) const {
    if (expression())
      return token == L::RPAREN || token == L::RBRACE || token == L::RBRACK ||
             token == L::COMMA || (token == L::SEMI && !statement());
    if (name() && (isKeyword(token) || token == L::NAME))
      return false;
    return !afterOperand() || (!isInfix(token) && token != L::ELSE);
  }

  const IntervalSet &set;
};

static std::vector<std::string> wordsFor(P &parser,
                                         const IntervalSet &expected) {
  Expectation what(expected);
  if (what.declaration())
    return {"a declaration"};
  std::vector<std::string> words;
  if (what.expression())
    words.push_back(what.statement() ? "a statement"
                    : what.type()    ? "a type"
                                     : "an expression");
  else if (what.name())
    words.push_back("a name");
  const std::vector<antlr4::tree::ParseTree *> &done =
      parser.getContext()->children;
  bool inList =
      !done.empty() && dynamic_cast<P::ExprListContext *>(done.back());
  if (inList || what.has(L::COMMA))
    words.push_back("','");
  for (ssize_t type : expected.toList())
    if (type > 0 && type != L::COMMA && what.isWorthSaying(type))
      words.push_back(parser.getVocabulary().getLiteralName(type));
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
           !Expectation(parser.getExpectedTokens()).statement())
    return "";
  Token *open = openBrace(parser, keyword);
  if (!open)
    return "";
  return shown(keyword) + " cannot stand in a block; hint: the '{' of line " +
         std::to_string(open->getLine()) + " may lack its '}'";
}

/// Whether the list that begins at the error is an element of a list.
static bool isInList(P &parser) {
  antlr4::tree::ParseTree *at = parser.getContext()->parent;
  for (int levels = 0; at && levels < 6; ++levels, at = at->parent)
    if (dynamic_cast<P::InitListContext *>(at))
      return true;
  return false;
}

/// The '{' behind a condition whose ')' is missing, which was read as the start
/// of a typed literal; or null.
static Token *braceOfBody(P &parser) {
  auto *list = dynamic_cast<P::InitListContext *>(parser.getContext());
  auto *operand =
      list ? dynamic_cast<P::OperandContext *>(list->parent) : nullptr;
  if (!operand)
    return nullptr;
  antlr4::tree::ParseTree *at = operand->parent->parent;
  auto *head =
      at ? dynamic_cast<antlr4::ParserRuleContext *>(at->parent) : nullptr;
  if (!head || !head->getTokens(L::RPAREN).empty())
    return nullptr;
  size_t rule = head->getRuleIndex();
  bool isHead = rule == P::RuleIfStmt || rule == P::RuleIfExpr ||
                rule == P::RuleWhileLoop || rule == P::RuleForLoop ||
                rule == P::RuleSwitchExpr;
  return isHead ? list->start : nullptr;
}

std::string ErrorListener::hint(P &parser, const IntervalSet &expected,
                                Token *token) {
  size_t type = token->getType();
  Token *before = parser.getTokenStream()->LT(-1);
  if (type == Token::EOF) {
    Token *open = openBrace(parser, token);
    if (open)
      return "; hint: the '{' of line " + std::to_string(open->getLine()) +
             " may lack its '}'";
    return "";
  }
  if (before && before->getType() == L::DOT &&
      expected.contains(size_t(L::LBRACE)))
    return isInList(parser)
               ? "; hint: a list holds values or '.name = value' pairs, not "
                 "both"
               : "; hint: write what holds the member before the '.'";
  if (type == L::LBRACE &&
      dynamic_cast<P::FunctionContext *>(parser.getContext()))
    return "; hint: the result of a function without one is 'void'";
  if ((type == L::VAR || type == L::CONST) && Expectation(expected).statement())
    return "; hint: put the declaration in '{ }'";
  if (isKeyword(type) && expected.contains(size_t(L::NAME)) &&
      !expected.contains(size_t(L::MINUS)))
    return "; hint: " + shown(token) + " is a keyword";
  if (type == L::ASSIGN && !expected.contains(size_t(L::ASSIGN)) &&
      !Expectation(expected).expression() &&
      (expected.contains(size_t(L::RPAREN)) ||
       expected.contains(size_t(L::EQ))))
    return "; hint: a comparison is written '=='";
  return "";
}

std::string ErrorListener::message(P &parser, Token *token) {
  std::string text = misplaced(parser, token);
  if (!text.empty())
    return text;
  if (parser.getCurrentToken() != token) {
    // Two tokens decide here; the second is wrong.
    auto *stream = parser.getTokenStream();
    Token *before = stream->get(token->getTokenIndex() - 1);
    text = "unexpected " + shown(token) + " after " + shown(before);
    if (auto *list = dynamic_cast<P::InitListContext *>(parser.getContext()))
      if (!list->fieldValue().empty())
        text += "; hint: a list holds values or '.name = value' pairs, not "
                "both";
    return text;
  }
  IntervalSet expected = parser.getExpectedTokens();
  std::vector<std::string> words = wordsFor(parser, expected);
  if (words.empty() || words.size() > 5)
    text = "unexpected " + shown(token);
  else
    text = "expected " + listOf(words) + " before " + shown(token);
  return text + hint(parser, expected, token);
}

void ErrorListener::syntaxError(antlr4::Recognizer *recognizer, Token *token,
                                size_t, size_t, const std::string &,
                                std::exception_ptr) {
  auto &parser = *static_cast<P *>(recognizer);
  if (errors.size() >= maxErrors)
    throw antlr4::ParseCancellationException();
  if (isAftermath(parser, token))
    return;
  if (Token *brace = braceOfBody(parser)) {
    errors.push_back({locOf(source, brace), "expected ')' before '{'"});
    return;
  }
  Loc loc = locOf(source, token);
  // A ';' is missing where its line ends, not where the next one begins.
  Token *before = parser.getTokenStream()->LT(-1);
  IntervalSet expected = parser.getExpectedTokens();
  if (before && token == parser.getCurrentToken() &&
      before->getLine() < token->getLine() &&
      expected.contains(size_t(L::SEMI)) &&
      !Expectation(expected).expression()) {
    loc = locOf(source, before);
    loc.column += uint32_t(textOf(source, before).size());
  }
  errors.push_back({loc, message(parser, token)});
}
