//===- SyntaxText.h - parsing of test texts ---------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_TEST_UNIT_CSLFRONTEND_SYNTAXTEXT_H
#define SPADA_TEST_UNIT_CSLFRONTEND_SYNTAXTEXT_H

#include "frontends/CSL/Dump.h"

namespace spada::cslfront {

struct Parsed {
  explicit Parsed(std::string text) {
    source.number = 7;
    source.text = std::move(text);
    ok = parse(source, names, errors);
  }
  /// The tree, or "LINE:COLUMN: MESSAGE" for each error.
  std::string text() const {
    if (ok)
      return dump(source, names);
    std::string result;
    for (const SyntaxError &error : errors)
      result += std::to_string(error.loc.line) + ":" +
                std::to_string(error.loc.column) + ": " + error.message + "\n";
    return result;
  }

  Source source;
  NameTable names;
  std::vector<SyntaxError> errors;
  bool ok;
};

inline std::string parsed(std::string text) {
  return Parsed(std::move(text)).text();
}

/// The tree of `text` as the value of a constant.
inline std::string value(const std::string &text) {
  std::string tree = parsed("const x = " + text + ";");
  const std::string head = "(const x = ", tail = ")\n";
  if (tree.compare(0, head.size(), head) != 0)
    return tree;
  return tree.substr(head.size(), tree.size() - head.size() - tail.size());
}

/// The tree of `text` as the only statements of a function.
inline std::string stmts(const std::string &text) {
  std::string tree = parsed("fn f() void {\n" + text + "\n}");
  const std::string head = "(fn f : void\n  (block\n", tail = "))\n";
  if (tree.compare(0, head.size(), head) != 0)
    return tree;
  tree = tree.substr(head.size(), tree.size() - head.size() - tail.size());
  std::string result;
  for (size_t at = 0; at < tree.size();) {
    size_t end = std::min(tree.find('\n', at), tree.size());
    result += tree.substr(at + 4, end - at - 4) + "\n";
    at = end + 1;
  }
  return result;
}

} // namespace spada::cslfront

#endif
