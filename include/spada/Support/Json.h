//===- Json.h - JSON output with a fixed order ------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reports keep the order in which fields are added, so that they read well and
// diff well. Parsing errors are messages, never exceptions.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SUPPORT_JSON_H
#define SPADA_SUPPORT_JSON_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <nlohmann/json.hpp>

namespace spada {

/// JSON whose objects remember the order of their fields.
using Json = nlohmann::ordered_json;

/// Text of `value`: objects indented, arrays of scalars on one line, text that
/// is not UTF-8 replaced, a newline at the end.
std::string jsonText(const Json &value);

/// Parses `text`; `name` is for messages only.
llvm::Expected<Json> parseJson(llvm::StringRef text, llvm::StringRef name);

/// Reads and parses a file.
llvm::Expected<Json> readJson(llvm::StringRef path);

/// Writes `value` so that the file appears whole or not at all.
llvm::Error writeJson(llvm::StringRef path, const Json &value);

} // namespace spada

#endif
