//===- ParseTokens.cpp - characters to tokens -----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Drives the lexer, which knows only how a string starts: where it ends is
// found here, because f-strings hold expressions that hold strings.
//
//===----------------------------------------------------------------------===//

#include "frontends/Common/ByteStream.h"
#include "frontends/GTScript/Lines.h"

#include <cstring>

using namespace spada::gtscript;
using namespace spada::gtscript::ast;
using antlr4::Token;
using L = grammar::GTScriptLexer;

namespace {

constexpr size_t notClosed = std::string_view::npos;
constexpr int maxStringNesting = 50;
/// Bytes of a replacement field: keeps malformed files from being read anew
/// from every quote on.
constexpr size_t maxField = 1 << 14;

/// Finds where strings end. Positions are bytes of `text`.
class StringScan {
public:
  explicit StringScan(std::string_view text) : text(text) {}

  /// One past the string whose first quote is at `at`.
  size_t string(size_t at, bool isFormat, int depth) {
    if (depth > maxStringNesting)
      return notClosed;
    char quote = text[at];
    bool isTriple = isTripleAt(at, quote);
    size_t i = at + (isTriple ? 3 : 1);
    while (i < text.size()) {
      char c = text[i];
      if (c == '\\') {
        i += text.substr(i + 1, 2) == "\r\n" ? 3 : 2;
      } else if (c == quote && (!isTriple || isTripleAt(i, quote))) {
        return i + (isTriple ? 3 : 1);
      } else if (!isTriple && (c == '\n' || c == '\r')) {
        return notClosed;
      } else if (isFormat && c == '{' && text.substr(i + 1, 1) != "{") {
        i = field(i + 1, quote, isTriple, depth + 1);
      } else {
        i += isFormat && c == '{' ? 2 : 1;
      }
    }
    return notClosed;
  }

private:
  bool isTripleAt(size_t at, char quote) const {
    return text.substr(at, 3) == std::string(3, quote);
  }
  bool isFormatPrefix(size_t quoteAt) const {
    for (size_t i = quoteAt; i > 0 && isalpha((unsigned char)text[i - 1]); --i)
      if (strchr("fFtT", text[i - 1]))
        return true;
    return false;
  }

  /// One past the '}' that ends the replacement field from `i` on.
  size_t field(size_t i, char quote, bool isTriple, int depth) {
    if (depth > maxStringNesting)
      return notClosed;
    int open = 0;
    size_t end = std::min(text.size(), i + maxField);
    while (i < end) {
      char c = text[i];
      if (c == '"' || c == '\'')
        i = string(i, isFormatPrefix(i), depth + 1);
      else if (c == '}' && open == 0)
        return i + 1;
      else if (c == ':' && open == 0)
        return formatSpec(i + 1, quote, isTriple, depth);
      else {
        open += c == '(' || c == '[' || c == '{';
        open -= c == ')' || c == ']' || c == '}';
        ++i;
      }
    }
    return notClosed;
  }

  /// The text after the colon of a replacement field, up to its '}'.
  size_t formatSpec(size_t i, char quote, bool isTriple, int depth) {
    size_t end = std::min(text.size(), i + maxField);
    while (i < end) {
      char c = text[i];
      if (c == '}')
        return i + 1;
      if (c == '{')
        i = field(i + 1, quote, isTriple, depth + 1);
      else if (!isTriple && (c == quote || c == '\n' || c == '\r'))
        return notClosed;
      else
        ++i;
    }
    return notClosed;
  }

  std::string_view text;
};

/// Lexes, ends strings, gives tokens their places and matches brackets.
class TokenReader {
public:
  TokenReader(std::string_view text, std::vector<SyntaxError> &errors)
      : text(text), errors(errors),
        characters(std::make_shared<spada::ByteStream>(text)),
        source(std::make_shared<L>(characters.get())), input(*characters),
        lexer(*source) {
    lexer.removeErrorListeners();
    tokens.characters = characters;
    tokens.source = source;
  }

  Tokens run() {
    if (text.substr(0, 3) == "\xEF\xBB\xBF") {
      input.seek(3);
      lineStart = scanned = 3;
    }
    while (true) {
      std::unique_ptr<Token> token = lexer.nextToken();
      if (token->getType() == Token::EOF)
        break;
      auto *common = static_cast<antlr4::CommonToken *>(token.get());
      place(common);
      if (!string(common) || !bracket(common))
        return std::move(tokens);
      bool isBlankLine = token->getType() == L::NEWLINE &&
                         (!open.empty() || tokens.empty() ||
                          tokens.back()->getType() == L::NEWLINE);
      if (!isBlankLine)
        tokens.push_back(std::move(token));
    }
    if (!open.empty())
      error(open.back().get(), "is never closed");
    return std::move(tokens);
  }

private:
  /// ANTLR's own columns are off after strings, BOMs and '\r'.
  void place(antlr4::CommonToken *token) {
    for (size_t at = token->getStartIndex(); scanned < at; ++scanned) {
      bool isEnd =
          text[scanned] == '\n' ||
          (text[scanned] == '\r' && text.substr(scanned + 1, 1) != "\n");
      if (!isEnd)
        continue;
      ++line;
      lineStart = scanned + 1;
    }
    token->setLine(line);
    token->setCharPositionInLine(token->getStartIndex() - lineStart);
  }

  bool string(antlr4::CommonToken *token) {
    if (token->getType() != L::STRING)
      return true;
    size_t quote = token->getStartIndex();
    bool isFormat = false;
    for (; text[quote] != '"' && text[quote] != '\''; ++quote)
      isFormat |= strchr("fFtT", text[quote]) != nullptr;
    StringScan scan(text);
    size_t end = scan.string(quote, isFormat, 0);
    if (end == notClosed && isFormat)
      end = scan.string(quote, false, 0);
    if (end == notClosed) {
      errors.push_back({rangeOf(token), "string is never closed", ""});
      return false;
    }
    token->setStopIndex(end - 1);
    input.seek(end);
    return true;
  }

  bool bracket(const antlr4::CommonToken *token) {
    switch (token->getType()) {
    case L::LPAREN:
    case L::LBRACK:
    case L::LBRACE:
      open.push_back(std::make_unique<antlr4::CommonToken>(*token));
      if (open.size() <= maxNesting)
        return true;
      errors.push_back({rangeOf(token),
                        "brackets are nested deeper than " +
                            std::to_string(maxNesting) + " levels",
                        "give a part of the expression a name"});
      return false;
    case L::RPAREN:
    case L::RBRACK:
    case L::RBRACE:
      break;
    default:
      return true;
    }
    if (open.empty()) {
      error(token, "closes nothing");
      return false;
    }
    char opening = text[open.back()->getStartIndex()];
    char fitting = opening == '(' ? ')' : opening == '[' ? ']' : '}';
    if (fitting != text[token->getStartIndex()]) {
      error(token, std::string("does not close the '") + opening +
                       "' of line " + std::to_string(open.back()->getLine()));
      return false;
    }
    open.pop_back();
    return true;
  }

  void error(const antlr4::Token *token, const std::string &what) {
    errors.push_back(
        {rangeOf(token),
         "'" + std::string(1, text[token->getStartIndex()]) + "' " + what, ""});
  }

  std::string_view text;
  std::vector<SyntaxError> &errors;
  std::shared_ptr<spada::ByteStream> characters;
  std::shared_ptr<L> source;
  spada::ByteStream &input;
  L &lexer;
  Tokens tokens;
  std::vector<std::unique_ptr<antlr4::CommonToken>> open;
  size_t scanned = 0, lineStart = 0, line = 1;
};

} // namespace

Tokens ast::readTokens(std::string_view text,
                       std::vector<SyntaxError> &errors) {
  return TokenReader(text, errors).run();
}

//===----------------------------------------------------------------------===//
// Values of strings
//===----------------------------------------------------------------------===//

std::string ast::stringPrefix(std::string_view token) {
  std::string prefix;
  for (char c : token.substr(0, token.find_first_of("\"'")))
    prefix += char(tolower(c));
  return prefix;
}

static void appendUtf8(std::string &out, uint32_t code) {
  if (code < 0x80) {
    out += char(code);
  } else if (code < 0x800) {
    out += char(0xC0 | (code >> 6));
    out += char(0x80 | (code & 63));
  } else if (code < 0x10000) {
    out += char(0xE0 | (code >> 12));
    out += char(0x80 | ((code >> 6) & 63));
    out += char(0x80 | (code & 63));
  } else {
    out += char(0xF0 | ((code >> 18) & 7));
    out += char(0x80 | ((code >> 12) & 63));
    out += char(0x80 | ((code >> 6) & 63));
    out += char(0x80 | (code & 63));
  }
}

/// Up to `count` digits of `base` from `i` on; `i` goes past them.
static uint32_t digits(std::string_view text, size_t &i, int count, int base) {
  uint32_t value = 0;
  for (; count > 0 && i < text.size(); --count, ++i) {
    int c = tolower((unsigned char)text[i]);
    int digit = isdigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
    if (digit >= base)
      break;
    value = value * base + digit;
  }
  return value;
}

/// Appends what the escape at `i`, behind the backslash, means.
static void escape(std::string_view text, size_t &i, std::string &out) {
  static constexpr std::string_view letters = "abfnrtv\\'\"";
  static constexpr std::string_view values = "\a\b\f\n\r\t\v\\'\"";
  char c = text[i++];
  if (size_t known = letters.find(c); known != letters.npos) {
    out += values[known];
  } else if (c >= '0' && c <= '7') {
    appendUtf8(out, digits(text, --i, 3, 8));
  } else if (c == 'x' || c == 'u' || c == 'U') {
    appendUtf8(out, digits(text, i, c == 'x' ? 2 : c == 'u' ? 4 : 8, 16));
  } else if (c == '\r' || c == '\n') {
    i += c == '\r' && text.substr(i, 1) == "\n";
  } else {
    out += '\\';
    out += c;
  }
}

std::string_view ast::stringValue(std::string_view token,
                                  std::deque<std::string> &interned) {
  bool isRaw = stringPrefix(token).find('r') != std::string::npos;
  token.remove_prefix(token.find_first_of("\"'"));
  size_t quotes =
      token.size() >= 6 && token[1] == token[0] && token[2] == token[0] ? 3 : 1;
  token = token.substr(quotes, token.size() - 2 * quotes);
  if (isRaw || token.find('\\') == token.npos)
    return token;
  std::string value;
  for (size_t i = 0; i < token.size();) {
    char c = token[i++];
    if (c == '\\' && i < token.size())
      escape(token, i, value);
    else
      value += c;
  }
  return interned.emplace_back(std::move(value));
}
