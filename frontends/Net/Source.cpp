//===- Source.cpp - what a spec names -------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A file, a folder, a list of files or a generator; files are told apart by
// their first bytes or by the end of their names.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Parameters.h"
#include "frontends/Net/Text.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

using namespace spada::net;

namespace fs = std::filesystem;

static constexpr const char *suffixes[] = {".npz",  ".npy", ".mtx",
                                           ".smtx", ".tsv", ".onnx"};

bool spada::net::readBytes(std::string_view bytes, const std::string &file,
                           const Settings &settings, Network &network,
                           Error &error) {
  std::string_view name = file;
  if (bytes.starts_with("PK"))
    return readNpz(bytes, file, settings, network, error);
  if (bytes.starts_with("\x93NUMPY"))
    return readNpy(bytes, file, settings, network, error);
  if (bytes.starts_with("%%MatrixMarket") || name.ends_with(".mtx"))
    return readMatrixMarket(bytes, file, settings, network, error);
  if (name.ends_with(".npz"))
    return readNpz(bytes, file, settings, network, error);
  if (name.ends_with(".npy"))
    return readNpy(bytes, file, settings, network, error);
  if (name.ends_with(".smtx"))
    return readSmtx(bytes, file, settings, network, error);
  if (name.ends_with(".tsv"))
    return readTsv(bytes, file, settings, network, error);
  if (name.ends_with(".onnx"))
    return readOnnx(bytes, file, settings, network, error);
  return fail(error, file, "the format of this file is not known",
              "names end in .npz, .npy, .mtx, .smtx, .tsv or .onnx");
}

/// Letters, digits and '_', as names of symbols are.
static std::string symbolName(const fs::path &path) {
  std::string name = path.stem().string();
  for (char &c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
          (c >= '0' && c <= '9') || c == '_'))
      c = '_';
  if (name.empty() || (name[0] >= '0' && name[0] <= '9'))
    name = "net_" + name;
  return name;
}

/// The number at the end of a file's name, as in `n1024-l12.tsv`.
static bool layerNumber(const fs::path &path, uint64_t &number) {
  std::string name = path.stem().string();
  size_t at = name.size();
  while (at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9')
    --at;
  const char *begin = name.data() + at, *end = name.data() + name.size();
  return begin != end && std::from_chars(begin, end, number).ec == std::errc();
}

/// The files of a folder, one a layer, by the numbers in their names.
static bool listFolder(const std::string &folder,
                       std::vector<std::string> &files, Error &error) {
  std::vector<std::pair<uint64_t, std::string>> found;
  std::error_code code;
  std::string suffix;
  for (fs::directory_iterator it(folder, code), end; !code && it != end;
       it.increment(code)) {
    fs::path path = it->path();
    std::string ending = path.extension().string();
    if (std::find(std::begin(suffixes), std::end(suffixes), ending) ==
        std::end(suffixes))
      continue;
    if (!suffix.empty() && suffix != ending)
      return fail(error, folder,
                  "the folder holds both " + suffix + " and " + ending +
                      " files",
                  "name the files, with commas between them");
    suffix = ending;
    uint64_t number = 0;
    if (!layerNumber(path, number))
      return fail(error, path.string(), "the file's name ends in no number",
                  "the files of a folder are layers, such as l1.mtx, l2.mtx");
    found.push_back({number, path.string()});
  }
  if (code)
    return fail(error, folder, "the folder cannot be read");
  if (found.empty())
    return fail(error, folder, "the folder holds no layers",
                "names end in .tsv, .mtx, .smtx, .npz or .npy");
  std::sort(found.begin(), found.end());
  for (size_t i = 1; i < found.size(); ++i)
    if (found[i].first != found[i - 1].first + 1)
      return fail(error, found[i].second,
                  "layer " + std::to_string(found[i].first) +
                      " comes after layer " +
                      std::to_string(found[i - 1].first),
                  "the files of a folder have consecutive numbers");
  for (auto &[number, path] : found)
    files.push_back(std::move(path));
  return true;
}

static bool readFiles(const std::vector<std::string> &files,
                      const Settings &settings, Network &network,
                      Error &error) {
  for (const std::string &file : files) {
    std::string bytes;
    if (!readFile(file, bytes, error) ||
        !readBytes(bytes, file, settings, network, error))
      return false;
  }
  return true;
}

/// `gc-partition:FILE,layers=120`.
static bool readPartitionSpec(std::string_view spec, const Settings &settings,
                              Network &network, Error &error) {
  std::string file(spec.substr(0, spec.find(',')));
  Parameters parameters;
  spec.remove_prefix(std::min(file.size() + 1, spec.size()));
  std::string kind = "gc-partition", bytes;
  ParameterReader reader(kind, parameters, error);
  if (!readParameters(spec, parameters, error))
    return false;
  uint64_t layers = reader.integer("layers", 0, 0, 1 << 20);
  network.file = file;
  network.name = symbolName(file);
  return reader.finish() && readFile(file, bytes, error) &&
         readPartition(bytes, file, layers, network, error);
}

bool spada::net::readNetwork(std::string_view spec, const Settings &settings,
                             Network &network, Error &error) {
  std::string_view kind = spec.substr(0, spec.find(':'));
  std::string_view after = spec.substr(std::min(kind.size() + 1, spec.size()));
  if (kind == "gc-partition")
    return readPartitionSpec(after, settings, network, error);
  for (const Described &known : generators())
    if (kind == known.name) {
      Parameters parameters;
      return readParameters(after, parameters, error) &&
             generate(std::string(kind), parameters, settings, network, error);
    }
  std::string path(spec);
  std::error_code code;
  std::vector<std::string> files;
  network.file = path;
  if (fs::is_directory(path, code)) {
    while (path.size() > 1 && path.back() == '/')
      path.pop_back();
    network.name = symbolName(fs::path(path).filename());
    return listFolder(path, files, error) &&
           readFiles(files, settings, network, error);
  }
  bool isFile = fs::exists(path, code);
  if (!isFile && path.find_first_of("./") == std::string::npos) {
    std::string names;
    for (const Described &known : generators())
      if (names.find(known.name) == std::string::npos)
        names += std::string(names.empty() ? "" : ", ") + known.name;
    return fail(error, path, "there is no such file or generator",
                "generators are " + names);
  }
  if (isFile || path.find(',') == std::string::npos)
    files.push_back(path);
  else
    for (size_t at = 0; at <= path.size();) {
      size_t end = std::min(path.find(',', at), path.size());
      files.push_back(path.substr(at, end - at));
      at = end + 1;
    }
  network.name = symbolName(files[0]);
  return readFiles(files, settings, network, error);
}
