//===- Compilation.cpp - finding and parsing files ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Compilation.h"
#include "Library.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace spada;
using namespace spada::cslfront;

std::optional<std::string>
Compilation::readText(const std::string &path) const {
  if (options.readFile)
    return options.readFile(path);
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer || llvm::sys::fs::is_directory(path))
    return std::nullopt;
  return (*buffer)->getBuffer().str();
}

Source &Compilation::load(const std::string &path, Loc at) {
  if (auto it = sourceByPath.find(path); it != sourceByPath.end())
    return *it->second;
  std::optional<std::string> text;
  if (!path.empty() && path.front() == '<') {
    if (auto library = libraryText(path.substr(1, path.size() - 2)))
      text = std::string(*library);
  } else {
    text = readText(path);
  }
  if (!text)
    throw CompileError{at, "cannot read '" + path + "'", {}};
  auto source = std::make_unique<Source>();
  source->number = uint32_t(sources.size());
  source->path = path;
  source->text = std::move(*text);
  Source &result = *source;
  sources.push_back(std::move(source));
  sourceByPath[path] = &result;
  std::vector<SyntaxError> errors;
  if (!parse(result, names, errors)) {
    CompileError first{errors.front().loc, errors.front().message, {}};
    for (size_t i = 1; i < errors.size(); ++i)
      first.notes.push_back({errors[i].loc, errors[i].message});
    throw first;
  }
  return result;
}

std::string Compilation::findImport(const std::string &path, const Source *from,
                                    Loc at) {
  if (!path.empty() && path.front() == '<') {
    if (path.back() != '>' || !libraryText(path.substr(1, path.size() - 2)))
      throw CompileError{at, "there is no library '" + path + "'", {}};
    return path;
  }
  // A library's own files stand beside it.
  if (from->path.front() == '<') {
    llvm::SmallString<128> name(
        llvm::StringRef(from->path).drop_front().drop_back());
    llvm::sys::path::remove_filename(name);
    llvm::sys::path::append(name, path);
    llvm::sys::path::remove_dots(name, true);
    llvm::StringRef stem = name;
    stem.consume_back(".csl");
    return "<" + stem.str() + ">";
  }
  std::vector<std::string> folders{
      llvm::sys::path::parent_path(from->path).str()};
  folders.insert(folders.end(), options.importPaths.begin(),
                 options.importPaths.end());
  for (const std::string &folder : folders)
    for (llvm::StringRef ending : {"", ".csl"}) {
      llvm::SmallString<256> candidate(folder);
      if (llvm::sys::path::is_absolute(path))
        candidate = path;
      else
        llvm::sys::path::append(candidate, path);
      candidate += ending;
      llvm::sys::path::remove_dots(candidate);
      if (sourceByPath.count(candidate.str().str()) ||
          readText(candidate.str().str()))
        return candidate.str().str();
    }
  throw CompileError{
      at,
      "cannot find '" + path + "', looked beside '" + from->path + "'" +
          (options.importPaths.empty() ? "" : " and in the import paths"),
      {}};
}
