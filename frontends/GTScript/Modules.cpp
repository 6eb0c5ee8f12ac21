//===- Modules.cpp - files and where they are found -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads each file once. Modules are looked for in the folders given, beside
// the first file and beside the package that the importing file belongs to.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Modules.h"
#include "frontends/GTScript/Evaluation.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace spada;
using namespace spada::gtscript;
using namespace spada::gtscript::modules;
namespace fs = std::filesystem;

static std::optional<std::string> readFromDisk(const std::string &path) {
  std::error_code failure;
  if (!fs::is_regular_file(path, failure))
    return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    return std::nullopt;
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

static std::string normal(const fs::path &path) {
  return path.lexically_normal().string();
}

FileData *Modules::State::file(const std::string &path, std::string_view name) {
  auto [known, isNew] = files.try_emplace(path);
  if (!isNew)
    return known->second.get();
  std::optional<std::string> text = options.read(path);
  if (!text)
    return nullptr;
  auto made = std::make_unique<FileData>();
  made->name = name;
  made->directory = fs::path(path).parent_path().string();
  if (made->directory.empty())
    made->directory = ".";
  made->tree = ast::parse(path, std::move(*text));
  data[made->tree.get()] = made.get();
  known->second = std::move(made);
  return known->second.get();
}

/// Folders that may hold the package `first`, best first, each once.
std::vector<std::string> Modules::State::roots(const ast::Module &from,
                                               std::string_view first) const {
  std::vector<std::string> result;
  auto add = [&](const std::string &folder) {
    if (std::find(result.begin(), result.end(), folder) == result.end())
      result.push_back(folder);
  };
  for (const std::string &folder : options.directories)
    add(folder);
  auto known = data.find(&from);
  if (known == data.end())
    return result;
  const std::string &directory = known->second->directory;
  add(mainDirectory);
  add(directory);
  // Relative paths end at a name that the disk must tell.
  std::error_code failure;
  fs::path absolute = fs::absolute(directory, failure).lexically_normal();
  for (fs::path folder = absolute; folder.has_relative_path();
       folder = folder.parent_path())
    if (folder.filename() == first)
      add(folder.parent_path().string());
  return result;
}

std::string Modules::State::describeRoots(const ast::Module &from) const {
  std::vector<std::string> all = roots(from, "");
  std::string text;
  for (size_t i = 0; i < all.size() && i < 4; ++i)
    text += (i ? ", '" : "'") + all[i] + "'";
  if (all.size() > 4)
    text += " and " + std::to_string(all.size() - 4) + " more";
  return text;
}

FileData *Modules::State::find(const ast::Module &from, std::string_view name,
                               unsigned level) {
  std::string parts(name);
  std::replace(parts.begin(), parts.end(), '.', '/');
  std::vector<std::string> folders;
  auto known = data.find(&from);
  if (level == 0) {
    folders = roots(from, name.substr(0, name.find('.')));
  } else if (known != data.end()) {
    fs::path folder = known->second->directory;
    for (unsigned i = 1; i < level; ++i)
      folder /= "..";
    folders.push_back(folder.string());
  }
  for (const std::string &folder : folders) {
    fs::path path = fs::path(folder) / parts;
    if (FileData *found = file(normal(path / "__init__.py"), name))
      return found;
    if (!parts.empty())
      if (FileData *found = file(normal(path.string() + ".py"), name))
        return found;
  }
  return nullptr;
}

const Bindings &Modules::State::bindingsOf(const ast::Module &module,
                                           const std::vector<ast::Stmt> &body) {
  auto &known = data[&module]->bindings;
  auto at = known.find(&body);
  if (at == known.end())
    at = known.emplace(&body, modules::bindingsOf(module, body)).first;
  return at->second;
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

Modules::Modules(SearchOptions options) : state(std::make_unique<State>()) {
  state->options = std::move(options);
  if (!state->options.read)
    state->options.read = readFromDisk;
}

Modules::~Modules() = default;

const ast::Module *Modules::load(const std::string &path) {
  FileData *file = state->file(path, "");
  if (!file)
    return nullptr;
  if (state->mainDirectory.empty())
    state->mainDirectory = file->directory;
  return file->tree.get();
}

Found Modules::lookup(const Scope &scope, std::string_view name) {
  ast::Expr expr;
  // A dotted name as the parser would give it.
  for (size_t begin = 0; begin <= name.size();) {
    size_t end = std::min(name.find('.', begin), name.size());
    ast::Expr part;
    part.kind = begin == 0 ? ast::ExprKind::Name : ast::ExprKind::Attribute;
    part.text = name.substr(begin, end - begin);
    if (begin != 0)
      part.args.push_back(std::move(expr));
    expr = std::move(part);
    begin = end + 1;
  }
  return evaluate(scope, expr);
}

Found Modules::evaluate(const Scope &scope, const ast::Expr &expr,
                        const Lookup &local) {
  return Evaluation(*state).expr({scope}, expr, local);
}

const ast::Module *Modules::findModule(const ast::Module &from,
                                       std::string_view name, unsigned level) {
  FileData *file = state->find(from, name, level);
  return file ? file->tree.get() : nullptr;
}

std::string Modules::describeSearchPath(const ast::Module &from) const {
  return state->describeRoots(from);
}

Scope Modules::scopeIn(const ast::Module &module,
                       const ast::Function &function) {
  return {&module, function.parent, function.range.begin};
}
