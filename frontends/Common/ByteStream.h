//===- ByteStream.h - source text for ANTLR lexers --------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What the front ends share. ANTLR's own streams decode UTF-8 and throw.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_COMMON_BYTESTREAM_H
#define SPADA_FRONTENDS_COMMON_BYTESTREAM_H

#include "antlr4-runtime.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace spada {

/// The source as bytes: comments and strings may hold any text, and columns
/// count bytes.
class ByteStream : public antlr4::CharStream {
public:
  explicit ByteStream(std::string_view text) : text(text) {}
  void consume() override { ++position; }
  size_t LA(ssize_t i) override {
    ssize_t at = ssize_t(position) + (i > 0 ? i - 1 : i);
    if (i == 0 || at < 0 || at >= ssize_t(text.size()))
      return i == 0 ? 0 : IntStream::EOF;
    return static_cast<unsigned char>(text[at]);
  }
  ssize_t mark() override { return -1; }
  void release(ssize_t) override {}
  size_t index() override { return position; }
  void seek(size_t index) override { position = std::min(index, text.size()); }
  size_t size() override { return text.size(); }
  std::string getSourceName() const override { return "source"; }
  std::string getText(const antlr4::misc::Interval &interval) override {
    if (interval.a < 0 || size_t(interval.a) >= text.size())
      return "";
    return std::string(text.substr(interval.a, interval.b - interval.a + 1));
  }
  std::string toString() const override { return std::string(text); }

private:
  std::string_view text;
  size_t position = 0;
};

} // namespace spada

#endif
