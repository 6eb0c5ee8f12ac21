//===- FuzzParse.cpp - libFuzzer target of the CSL parser -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Any text is parsed or refused with errors that lie in it, never a crash.
//
//===----------------------------------------------------------------------===//

#include "frontends/CSL/Dump.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace spada::cslfront;

[[noreturn]] static void stop(const char *what, const Source &source) {
  fprintf(stderr, "%s\n%s\n", what, source.text.c_str());
  abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Source source;
  source.text.assign(reinterpret_cast<const char *>(data), size);
  NameTable names;
  std::vector<SyntaxError> errors;
  bool ok = parse(source, names, errors);
  if (ok != errors.empty())
    stop("the result does not say whether there were errors", source);
  if (ok) {
    if (dump(source, names).empty() != source.decls.empty())
      stop("the tree does not print", source);
    return 0;
  }
  size_t lines = std::count(source.text.begin(), source.text.end(), '\n') + 1;
  for (const SyntaxError &error : errors) {
    if (error.loc.line < 1 || error.loc.line > lines || error.loc.column < 1 ||
        error.loc.column > size + 1)
      stop("an error lies outside the text", source);
    if (error.message.find("parser failure") != std::string::npos)
      stop(error.message.c_str(), source);
  }
  return 0;
}
