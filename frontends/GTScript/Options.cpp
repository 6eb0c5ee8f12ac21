//===- Options.cpp - externals and types from files and options -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Frontend/GTScript.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace spada;
using llvm::StringRef;

/// The members of an object in a file; the error, or an empty string.
static std::string readObject(const std::string &path,
                              llvm::json::Object &object) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return "cannot read '" + path + "': " + buffer.getError().message();
  llvm::Expected<llvm::json::Value> value =
      llvm::json::parse((*buffer)->getBuffer());
  if (!value)
    return "'" + path + "': " + llvm::toString(value.takeError());
  if (!value->getAsObject())
    return "'" + path + "' holds no object { \"name\": value }";
  object = *value->getAsObject();
  return "";
}

static std::string textOf(const llvm::json::Value &value) {
  if (auto text = value.getAsString())
    return text->str();
  if (value.kind() == llvm::json::Value::Null)
    return "None";
  if (auto flag = value.getAsBoolean())
    return *flag ? "True" : "False";
  std::string result;
  llvm::raw_string_ostream(result) << value;
  return result;
}

std::string spada::readExternals(const std::string &path,
                                 GTScriptOptions &options) {
  llvm::json::Object object;
  if (std::string bad = readObject(path, object); !bad.empty())
    return bad;
  std::map<std::string, std::string> sorted;
  for (const auto &[key, value] : object)
    sorted[StringRef(key).str()] = textOf(value);
  options.externals.insert(options.externals.end(), sorted.begin(),
                           sorted.end());
  return "";
}

std::string spada::addExternal(const std::string &text,
                               GTScriptOptions &options) {
  auto [name, value] = StringRef(text).split('=');
  if (name.empty() || name.size() == text.size())
    return "'" + text + "' is no NAME=VALUE";
  if (!value.consume_front("@")) {
    options.externals.emplace_back(name.str(), value.str());
    return "";
  }
  if (name == "*")
    return readExternals(value.str(), options);
  llvm::json::Object object;
  if (std::string bad = readObject(value.str(), object); !bad.empty())
    return bad;
  const llvm::json::Value *member = object.get(name);
  if (!member)
    return "'" + value.str() + "' has no member '" + name.str() + "'";
  options.externals.emplace_back(name.str(), textOf(*member));
  return "";
}

std::string spada::readTypes(const std::string &path,
                             std::map<std::string, std::string> &types) {
  llvm::json::Object object;
  if (std::string bad = readObject(path, object); !bad.empty())
    return bad;
  for (const auto &[key, value] : object) {
    auto text = value.getAsString();
    if (!text)
      return "'" + path + "': the type of '" + StringRef(key).str() +
             "' is no string";
    types[StringRef(key).str()] = text->str();
  }
  return "";
}
