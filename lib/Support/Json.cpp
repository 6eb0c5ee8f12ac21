//===- Json.cpp - JSON output with a fixed order --------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A printer that keeps short arrays on one line, and parsing without
// exceptions. No knowledge of any one report.
//
//===----------------------------------------------------------------------===//

#include "spada/Support/Json.h"

#include "spada/Support/Files.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using spada::Json;

static std::string compactText(const Json &value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

static bool isFlatArray(const Json &value) {
  if (!value.is_array())
    return false;
  for (const Json &element : value)
    if (element.is_structured() &&
        !(element.is_array() && isFlatArray(element)))
      return false;
  return true;
}

static void printJson(const Json &value, unsigned depth, std::string &out) {
  if (!value.is_structured() || value.empty() || isFlatArray(value)) {
    out += compactText(value);
    return;
  }
  bool isObject = value.is_object();
  out += isObject ? "{" : "[";
  bool first = true;
  for (auto it = value.begin(); it != value.end(); ++it) {
    out += first ? "\n" : ",\n";
    first = false;
    out.append(2 * (depth + 1), ' ');
    if (isObject)
      out += compactText(Json(it.key())) + ": ";
    printJson(*it, depth + 1, out);
  }
  out += "\n";
  out.append(2 * depth, ' ');
  out += isObject ? "}" : "]";
}

std::string spada::jsonText(const Json &value) {
  std::string out;
  printJson(value, 0, out);
  out += "\n";
  return out;
}

Expected<Json> spada::parseJson(StringRef text, StringRef name) {
  Json value = Json::parse(text.begin(), text.end(), /*cb=*/nullptr,
                           /*allow_exceptions=*/false);
  if (value.is_discarded())
    return createStringError("'" + name + "' is not a JSON file");
  return value;
}

Expected<Json> spada::readJson(StringRef path) {
  auto buffer = MemoryBuffer::getFileOrSTDIN(path);
  if (!buffer)
    return createStringError("cannot read '" + path +
                             "': " + buffer.getError().message());
  return parseJson((*buffer)->getBuffer(), path);
}

Error spada::writeJson(StringRef path, const Json &value) {
  return writeFileAtomically(path,
                             [&](raw_ostream &os) { os << jsonText(value); });
}
