//===- Parse.cpp - source text to syntax tree -----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs lexer, token scan and parser. ANTLR's exceptions end here.
//
//===----------------------------------------------------------------------===//

#include "frontends/CSL/ParseErrors.h"
#include "frontends/CSL/TreeToAST.h"
#include "frontends/Common/ByteStream.h"

#include <algorithm>
#include <climits>
#include <tuple>

using namespace spada::cslfront;
using antlr4::Token;
using L = grammar::CSLLexer;
using P = grammar::CSLParser;

namespace {

/// Rules that may be open at once. Brackets are counted by themselves; this
/// bounds chains such as 'else if' and keeps the stack below 8 MB.
constexpr size_t maxRules = 3500;

struct TooDeep : std::exception {};

class DepthLimit : public antlr4::tree::ParseTreeListener {
public:
  void enterEveryRule(antlr4::ParserRuleContext *) override {
    if (++depth > maxRules)
      throw TooDeep();
  }
  void exitEveryRule(antlr4::ParserRuleContext *) override { --depth; }
  void visitTerminal(antlr4::tree::TerminalNode *) override {}
  void visitErrorNode(antlr4::tree::ErrorNode *) override {}

private:
  size_t depth = 0;
};

/// Fast SLL first; full LL with recovery only when that stops. Null when the
/// text is wrong.
P::FileContext *runParser(P &parser, antlr4::CommonTokenStream &tokens,
                          ErrorListener &listener) {
  DepthLimit first, second;
  auto *simulator = parser.getInterpreter<antlr4::atn::ParserATNSimulator>();
  parser.removeErrorListeners();
  parser.addParseListener(&first);
  simulator->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  parser.setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
  try {
    P::FileContext *tree = parser.file();
    parser.removeParseListeners();
    return tree;
  } catch (const antlr4::ParseCancellationException &) {
  }
  tokens.seek(0);
  parser.reset();
  parser.removeParseListeners();
  parser.addParseListener(&second);
  parser.addErrorListener(&listener);
  simulator->setPredictionMode(antlr4::atn::PredictionMode::LL);
  parser.setErrorHandler(std::make_shared<ErrorStrategy>());
  P::FileContext *tree = nullptr;
  try {
    tree = parser.file();
  } catch (const antlr4::RecognitionException &) {
    // Reported; only the recovery ended.
  } catch (const antlr4::ParseCancellationException &) {
    // Enough errors.
  }
  parser.removeParseListeners();
  return tree;
}

void parseOrThrow(Source &source, NameTable &names,
                  std::vector<SyntaxError> &errors) {
  spada::ByteStream input(source.text);
  L lexer(&input);
  lexer.removeErrorListeners();
  antlr4::CommonTokenStream tokens(&lexer);
  tokens.fill();
  scanTokens(source, tokens.getTokens(), errors);
  if (!errors.empty())
    return;
  P parser(&tokens);
  ErrorListener listener(source, errors);
  try {
    P::FileContext *tree = runParser(parser, tokens, listener);
    if (errors.empty() && tree)
      TreeToAST(source, names, errors).file(tree);
  } catch (const TooDeep &) {
    errors.push_back({locOf(source, parser.getCurrentToken()),
                      "nesting is too deep; hint: split the expression or the "
                      "chain of 'else if'"});
  }
}

} // namespace

bool spada::cslfront::parse(Source &source, NameTable &names,
                            std::vector<SyntaxError> &errors) {
  size_t before = errors.size();
  std::vector<SyntaxError> found;
  if (source.text.size() > size_t(INT_MAX)) {
    found.push_back({{source.number, 1, 1}, "the file is larger than 2 GiB"});
  } else {
    try {
      parseOrThrow(source, names, found);
    } catch (const std::exception &failure) {
      found.push_back({{source.number, 1, 1},
                       std::string("parser failure: ") + failure.what()});
    }
  }
  std::sort(found.begin(), found.end(),
            [](const SyntaxError &a, const SyntaxError &b) {
              return std::tie(a.loc.line, a.loc.column, a.message) <
                     std::tie(b.loc.line, b.loc.column, b.message);
            });
  if (found.size() > maxErrors)
    found.resize(maxErrors);
  errors.insert(errors.end(), found.begin(), found.end());
  return errors.size() == before;
}
