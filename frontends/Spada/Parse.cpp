//===- Parse.cpp - source text to syntax tree -----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs lexer, token scan and parser, and words their errors. ANTLR's
// exceptions end here.
//
//===----------------------------------------------------------------------===//

#include "frontends/Common/ByteStream.h"
#include "frontends/Spada/TreeToAST.h"

#include <climits>

using namespace spada::frontend;
using namespace spada::frontend::ast;
using antlr4::Token;
using L = grammar::SpadaLexer;
using P = grammar::SpadaParser;

namespace {

constexpr size_t maxErrors = 20;

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

/// What the tokens alone show: characters and words that no rule takes, and
/// nesting that would overflow the stack.
class TokenScan {
public:
  TokenScan(std::string_view source, const std::vector<Token *> &tokens)
      : source(source), tokens(tokens) {}

  std::vector<SyntaxError> run() {
    for (size_t i = 0; i < tokens.size() && errors.size() < maxErrors; ++i)
      if (!token(i))
        break;
    return std::move(errors);
  }

private:
  std::string_view text(const Token *t) const {
    return source.substr(t->getStartIndex(),
                         t->getStopIndex() - t->getStartIndex() + 1);
  }
  void error(const Token *t, std::string message) {
    errors.push_back(
        {{uint32_t(t->getLine()), uint32_t(t->getCharPositionInLine() + 1)},
         std::move(message)});
  }
  size_t typeAt(size_t i) const {
    return i < tokens.size() ? tokens[i]->getType() : Token::EOF;
  }

  bool token(size_t i);
  void oldForm(size_t i);

  std::string_view source;
  const std::vector<Token *> &tokens;
  std::vector<SyntaxError> errors;
  int depth = 0;
};

/// Words of the former collective extension that now mean nothing.
void TokenScan::oldForm(size_t i) {
  const Token *t = tokens[i];
  std::string_view word = text(t);
  const char *instead = nullptr;
  if (word == "multistream" && typeAt(i + 1) == L::LT)
    instead = "declare 'stream's with 'relative_stream' and write the tree of "
              "sends and receives";
  else if (typeAt(i + 1) != L::LPAREN)
    return;
  else if (word == "reduce_stream" || word == "reduce")
    instead = "write the reduction as a 'foreach' over 'receive' that adds and "
              "sends on";
  else if (word == "broadcast_stream" || word == "broadcast")
    instead = "use a multicast range: 'relative_stream([1:N], 0)'";
  else
    return;
  error(t, "the collective form " + quoted(word) +
               " is no longer part of the language; hint: " + instead);
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
    --depth;
    return true;
  case L::NAME:
    oldForm(i);
    return true;
  case L::BAD_NUMBER:
    error(t, "malformed number " + quoted(text(t)) +
                 "; hint: a float needs a point, as in '1.0e5'");
    return true;
  case L::BAD_COMMENT:
    error(t, "comment is not closed; hint: end it with '*/'");
    return false;
  case L::STRING:
    error(t, "string " + quoted(text(t)) + " has no meaning in a program");
    return true;
  case L::BANG:
    error(t, "operator '!' is not supported; hint: write 'not'");
    return true;
  case L::POW:
    error(t, "operator '**' is not supported; hint: write the product");
    return true;
  case L::ANDAND:
  case L::OROR:
    error(t, "operator " + quoted(text(t)) + " is not supported; hint: write " +
                 (t->getType() == L::OROR ? "'or'" : "'and'"));
    return true;
  case L::OTHER: {
    unsigned char c = source[t->getStartIndex()];
    if (c >= 0x80) {
      if ((c & 0xC0) != 0x80) // once for a sequence
        error(t, "characters outside ASCII are only allowed in comments");
    } else {
      error(t, c < 0x20 ? "unexpected control character"
                        : "unexpected character " + quoted(text(t)));
    }
    return true;
  }
  default:
    return true;
  }
}

/// Words syntax errors; the grammar's own names never show.
class ErrorListener : public antlr4::BaseErrorListener {
public:
  ErrorListener(std::string_view source, std::vector<SyntaxError> &errors)
      : source(source), errors(errors) {}

  void syntaxError(antlr4::Recognizer *recognizer, Token *token, size_t line,
                   size_t column, const std::string &,
                   std::exception_ptr) override {
    if (errors.size() >= maxErrors || isAftermath(token, line))
      return;
    std::string message =
        !token || token->getType() == Token::EOF
            ? "unexpected end of file"
            : "unexpected " +
                  quoted(source.substr(token->getStartIndex(),
                                       token->getStopIndex() -
                                           token->getStartIndex() + 1));
    auto *parser = static_cast<P *>(recognizer);
    message += expected(parser);
    const Token *before = parser->getTokenStream()->LT(-1);
    if (before && before->getType() == L::IF &&
        parser->getExpectedTokens().contains(size_t(L::ASSIGN)))
      message += "; hint: there is no 'if' statement: write 'x = a if c else "
                 "b'";
    errors.push_back({{uint32_t(line), uint32_t(column + 1)}, message});
  }

private:
  /// More errors of one line, and brackets too many, follow from the first.
  bool isAftermath(const Token *token, size_t line) const {
    if (errors.empty())
      return false;
    bool isEnd = !token || token->getType() == Token::EOF ||
                 token->getType() == L::RBRACE;
    return isEnd || errors.back().loc.line == line;
  }

  std::string expected(P *parser) {
    std::vector<std::string> words;
    auto set = parser->getExpectedTokens();
    bool name = set.contains(size_t(L::NAME));
    if (name)
      words.push_back("a name");
    for (ssize_t type : set.toList()) {
      if (type == L::INT)
        words.push_back("a number");
      else if (type == L::SCALAR && !name)
        words.push_back("a type");
      else if (type == ssize_t(Token::EOF))
        words.push_back("the end of the file");
      else if (type > 0 && (!name || type >= L::AT) && type < L::VERSION &&
               type != L::SCALAR)
        words.push_back(parser->getVocabulary().getLiteralName(type));
    }
    std::string text;
    for (size_t i = 0; i < words.size() && i < 4; ++i)
      text += (i ? ", " : ", expected ") + words[i];
    if (words.size() > 4)
      text += " and " + std::to_string(words.size() - 4) + " more";
    return text;
  }

  std::string_view source;
  std::vector<SyntaxError> &errors;
};

/// Fast SLL first; full LL with recovery only when that stops.
P::ProgramContext *runParser(P &parser, antlr4::CommonTokenStream &tokens,
                             ErrorListener &listener) {
  auto *simulator = parser.getInterpreter<antlr4::atn::ParserATNSimulator>();
  parser.removeErrorListeners();
  simulator->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  parser.setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
  try {
    return parser.program();
  } catch (const antlr4::ParseCancellationException &) {
  }
  tokens.seek(0);
  parser.reset();
  parser.addErrorListener(&listener);
  simulator->setPredictionMode(antlr4::atn::PredictionMode::LL);
  parser.setErrorHandler(std::make_shared<antlr4::DefaultErrorStrategy>());
  return parser.program();
}

void parseOrThrow(std::string_view source, Program &program,
                  std::vector<SyntaxError> &errors) {
  spada::ByteStream input(source);
  L lexer(&input);
  lexer.removeErrorListeners();
  antlr4::CommonTokenStream tokens(&lexer);
  tokens.fill();
  errors = TokenScan(source, tokens.getTokens()).run();
  if (!errors.empty())
    return;
  P parser(&tokens);
  ErrorListener listener(source, errors);
  P::ProgramContext *tree = runParser(parser, tokens, listener);
  if (!errors.empty())
    return;
  TreeToAST(source, program, errors).kernel(tree->kernel());
}

} // namespace

std::vector<SyntaxError> ast::parse(std::string_view source, Program &program) {
  std::vector<SyntaxError> errors;
  if (source.size() > size_t(INT_MAX)) {
    errors.push_back({{1, 1}, "the file is larger than 2 GiB"});
    return errors;
  }
  try {
    parseOrThrow(source, program, errors);
  } catch (const std::exception &failure) {
    errors.push_back(
        {{1, 1}, std::string("parser failure: ") + failure.what()});
  }
  return errors;
}
