//===- Text.h - files, lines and numbers in text ----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_TEXT_H
#define SPADA_FRONTENDS_NET_TEXT_H

#include "frontends/Net/Model.h"

namespace spada::net {

/// The bytes of a regular file.
bool readFile(const std::string &path, std::string &bytes, Error &error);

/// Walks over text, number by number. Spaces, tabs, returns and, if wanted,
/// commas stand between numbers.
class Scanner {
public:
  Scanner(std::string_view text, std::string_view file, bool hasCommas = false)
      : text(text), file(file), hasCommas(hasCommas) {}

  /// The line where the next number stands, and its place in it, from 1.
  unsigned line() const { return lineNumber; }
  unsigned column() const { return unsigned(at - lineStart + 1); }
  std::string_view fileName() const { return file; }

  /// Skips space within the line; true at its end or that of the text.
  bool atLineEnd();
  /// Goes to the next line. False at the end of the text.
  bool nextLine();
  /// Goes to the next line that is neither empty nor starts with `comment`.
  bool nextFullLine(char comment);
  /// Skips space and line ends; true at the end of the text.
  bool atEnd();
  /// What remains of the line.
  std::string_view rest() const;

  /// Reads a number of the line. `what` is for the message: "a row".
  bool integer(uint64_t &value, const char *what, Error &error);
  bool real(double &value, const char *what, Error &error);
  /// Requires the end of the line.
  bool lineEnd(Error &error);

  bool failHere(Error &error, std::string message, std::string hint = "");

private:
  bool isSpace(char c) const {
    return c == ' ' || c == '\t' || c == '\r' || (hasCommas && c == ',');
  }
  std::string_view word();

  std::string_view text, file;
  size_t at = 0, lineStart = 0;
  unsigned lineNumber = 1;
  bool hasCommas;
};

} // namespace spada::net

#endif
