//===- Text.cpp - files, lines and numbers in text ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Text.h"

#include <charconv>
#include <filesystem>
#include <fstream>

using namespace spada::net;

bool spada::net::readFile(const std::string &path, std::string &bytes,
                          Error &error) {
  std::error_code code;
  std::filesystem::file_status status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status))
    return fail(error, path, "there is no such file");
  if (!std::filesystem::is_regular_file(status))
    return fail(error, path, "this is no regular file");
  uint64_t size = std::filesystem::file_size(path, code);
  std::ifstream stream(path, std::ios::binary);
  if (code || !stream)
    return fail(error, path, "the file cannot be read");
  bytes.resize(size);
  stream.read(bytes.data(), std::streamsize(size));
  if (uint64_t(stream.gcount()) != size)
    return fail(error, path, "the file cannot be read to its end");
  return true;
}

bool Scanner::atLineEnd() {
  while (at < text.size() && isSpace(text[at]))
    ++at;
  return at == text.size() || text[at] == '\n';
}

bool Scanner::nextLine() {
  size_t end = text.find('\n', at);
  if (end == std::string_view::npos) {
    at = text.size();
    return false;
  }
  at = lineStart = end + 1;
  ++lineNumber;
  return true;
}

bool Scanner::nextFullLine(char comment) {
  while (nextLine())
    if (!atLineEnd() && text[at] != comment)
      return true;
  return false;
}

bool Scanner::atEnd() {
  while (atLineEnd())
    if (!nextLine())
      return true;
  return false;
}

std::string_view Scanner::rest() const {
  return text.substr(at, text.find('\n', at) - at);
}

std::string_view Scanner::word() {
  atLineEnd();
  size_t end = at;
  while (end < text.size() && text[end] != '\n' && !isSpace(text[end]))
    ++end;
  return text.substr(at, end - at);
}

bool Scanner::failHere(Error &error, std::string message, std::string hint) {
  return fail(error, file, std::move(message), std::move(hint), lineNumber,
              column());
}

bool Scanner::integer(uint64_t &value, const char *what, Error &error) {
  std::string_view digits = word();
  if (digits.empty())
    return failHere(error, std::string("the line ends before ") + what);
  auto [end, code] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc() || end != digits.data() + digits.size())
    return failHere(error, quote(digits) + " is not " + what,
                    "a whole number below 2^64 is expected");
  at += digits.size();
  return true;
}

bool Scanner::real(double &value, const char *what, Error &error) {
  std::string_view digits = word();
  if (digits.empty())
    return failHere(error, std::string("the line ends before ") + what);
  const char *begin = digits.data() + (digits.starts_with('+') ? 1 : 0);
  auto [end, code] =
      std::from_chars(begin, digits.data() + digits.size(), value);
  if (code != std::errc() || end != digits.data() + digits.size())
    return failHere(error, quote(digits) + " is not " + what,
                    code == std::errc::result_out_of_range
                        ? "its magnitude does not fit a double"
                        : "a number such as -0.25 or 1e-3 is expected");
  at += digits.size();
  return true;
}

bool Scanner::lineEnd(Error &error) {
  if (atLineEnd())
    return true;
  return failHere(error, "the line goes on with " + quote(word()),
                  "one line holds one entry");
}
