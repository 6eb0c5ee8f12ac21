//===- ParseLine.cpp - ANTLR on one line ----------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs the parser fast first and again, for a message, only when that stops.
// The grammar's own names never show.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Reader.h"

using namespace spada::gtscript;
using namespace spada::gtscript::ast;
using antlr4::Token;
using L = grammar::GTScriptLexer;
using P = grammar::GTScriptParser;

namespace {

/// Words the first syntax error of a line.
class ErrorListener : public antlr4::BaseErrorListener {
public:
  ErrorListener(std::string_view text, SyntaxError &error)
      : text(text), error(error) {}

  void syntaxError(antlr4::Recognizer *recognizer, Token *token, size_t, size_t,
                   const std::string &, std::exception_ptr) override {
    if (!error.message.empty())
      return;
    auto *parser = static_cast<P *>(recognizer);
    auto expected = parser->getExpectedTokens();
    error.range = rangeOf(token);
    if (token->getType() == Token::EOF)
      error.message = "unexpected end of line";
    else
      error.message = "unexpected '" + std::string(textOf(token)) + "'";
    error.message += wording(parser, expected);
    const Token *before = parser->getTokenStream()->LT(-1);
    hint(token, before, expected);
  }

private:
  std::string_view textOf(const Token *token) const {
    return text.substr(token->getStartIndex(),
                       token->getStopIndex() - token->getStartIndex() + 1);
  }

  std::string wording(P *parser, const antlr4::misc::IntervalSet &expected) {
    if (expected.contains(ssize_t(L::NONE)))
      return ", expected an expression";
    std::vector<std::string> words;
    for (ssize_t type : expected.toList())
      if (type == ssize_t(L::NAME))
        words.push_back("a name");
      else if (type == ssize_t(Token::EOF))
        words.push_back("the end of the line");
      else if (type > 0 && type != L::ASYNC && type != L::FOR)
        words.push_back(parser->getVocabulary().getLiteralName(type));
    // After an operand nearly everything may follow: only brackets help.
    if (words.size() > 4) {
      words.clear();
      for (size_t type : {L::RPAREN, L::RBRACK, L::RBRACE, L::COLON})
        if (expected.contains(ssize_t(type)))
          words.push_back(parser->getVocabulary().getLiteralName(type));
    }
    std::string result;
    for (size_t i = 0; i < words.size(); ++i)
      result += (i ? " or " : ", expected ") + words[i];
    return result;
  }

  void hint(const Token *token, const Token *before,
            const antlr4::misc::IntervalSet &expected) {
    if (token->getType() == L::ASSIGN && expected.contains(ssize_t(L::COLON)))
      error.hint = "a comparison is written '=='";
    else if (textOf(token) == "&" || textOf(token) == "|")
      error.hint = "write 'and' or 'or'";
    else if (token->getType() == Token::EOF && before &&
             expected.contains(ssize_t(L::COLON)))
      error.hint = "a header ends in ':'";
  }

  std::string_view text;
  SyntaxError &error;
};

} // namespace

LineParser::LineParser(std::string_view text, const Tokens &tokens)
    : text(text), tokens(tokens), nothing(""), source(&nothing),
      stream(tokens, &source), parser(&stream) {}

/// What recurses without brackets, powers and lambdas, and conditions, behind
/// which the parser looks far ahead.
bool LineParser::isTooDeep(uint32_t first, uint32_t last) {
  unsigned count = 0;
  for (uint32_t i = first; i < last; ++i) {
    size_t type = tokens[i]->getType();
    bool counts = type == L::POW || type == L::LAMBDA || type == L::IF;
    if (!counts || ++count <= maxDepth)
      continue;
    error = {rangeOf(tokens[i].get()),
             "expression is nested deeper than " + std::to_string(maxDepth) +
                 " levels",
             "give a part of it a name"};
    return true;
  }
  return false;
}

template <typename Context>
Context *LineParser::run(uint32_t first, uint32_t last, Context *(P::*rule)()) {
  error = {};
  if (isTooDeep(first, last))
    return nullptr;
  auto *simulator = parser.getInterpreter<antlr4::atn::ParserATNSimulator>();
  stream.setLine(first, last);
  parser.reset();
  parser.getTreeTracker().reset();
  parser.removeErrorListeners();
  simulator->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  parser.setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
  try {
    return (parser.*rule)();
  } catch (const antlr4::ParseCancellationException &) {
  }
  stream.seek(0);
  parser.reset();
  ErrorListener listener(text, error);
  parser.addErrorListener(&listener);
  simulator->setPredictionMode(antlr4::atn::PredictionMode::LL);
  parser.setErrorHandler(std::make_shared<antlr4::DefaultErrorStrategy>());
  Context *tree = (parser.*rule)();
  parser.removeErrorListeners();
  return error.message.empty() ? tree : nullptr;
}

P::LineContext *LineParser::line(uint32_t first, uint32_t last) {
  return run(first, last, &P::line);
}

P::ExpressionContext *LineParser::expression(uint32_t first, uint32_t last) {
  return run(first, last, &P::expression);
}

std::unique_ptr<Module> ast::parse(std::string path, std::string source) {
  auto module = std::make_unique<Module>();
  module->path = std::move(path);
  module->source = std::move(source);
  // ANTLR's positions are signed.
  if (module->source.size() > size_t(INT32_MAX)) {
    module->errors.push_back({{1, 1, 0, 0}, "file is larger than 2 GiB", ""});
    return module;
  }
  try {
    Tokens tokens = readTokens(module->source, module->errors);
    std::vector<Line> lines = readLines(module->source, tokens, module->errors);
    Reader(*module, tokens, lines).module();
  } catch (const std::exception &failure) {
    module->errors.push_back(
        {{1, 1, 0, 0}, std::string("parser failure: ") + failure.what(), ""});
  }
  return module;
}

static Expr readExpr(Module &module, std::string_view text, Range where,
                     std::vector<SyntaxError> &errors) {
  Tokens tokens = readTokens(text, errors);
  while (!tokens.empty() && tokens.back()->getType() == L::NEWLINE)
    tokens.pop_back();
  if (!errors.empty())
    return {};
  if (tokens.empty()) {
    errors.push_back({where, "expected an expression", ""});
    return {};
  }
  LineParser parser(text, tokens);
  P::ExpressionContext *tree = parser.expression(0, uint32_t(tokens.size()));
  if (!tree) {
    errors.push_back(parser.error);
    return {};
  }
  TreeToAST convert(module, text, where);
  Expr result = convert.items(tree->items());
  if (convert.error.message.empty())
    return result;
  errors.push_back(convert.error);
  return {};
}

Expr ast::parseExpr(Module &module, std::string_view text, Range where,
                    std::vector<SyntaxError> &errors) {
  std::vector<SyntaxError> found;
  Expr result;
  try {
    result = readExpr(module, module.interned.emplace_back(text), where, found);
  } catch (const std::exception &failure) {
    found.push_back(
        {where, std::string("parser failure: ") + failure.what(), ""});
  }
  for (SyntaxError &error : found)
    errors.push_back({where, "in '" + std::string(text) + "': " + error.message,
                      error.hint});
  return result;
}
