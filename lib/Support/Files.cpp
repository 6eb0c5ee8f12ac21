//===- Files.cpp - files that appear whole or not at all ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// LLVM's writeToOutput aborts the program on a full disk; this reports it.
// Directories are not synced: a power failure may still lose a finished write.
//
//===----------------------------------------------------------------------===//

#include "spada/Support/Files.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

static Error fileError(StringRef what, StringRef path, std::error_code code) {
  return createStringError(code, Twine("cannot ") + what + " '" + path +
                                     "': " + code.message());
}

/// Runs `write` on `os` and tells whether everything arrived.
static Error writeStream(raw_fd_ostream &os, StringRef path,
                         function_ref<void(raw_ostream &)> write) {
  write(os);
  os.flush();
  if (!os.has_error())
    return Error::success();
  std::error_code code = os.error();
  os.clear_error();
  return fileError("write", path, code);
}

/// True when `path` is something that a rename must not replace.
static bool isSpecialFile(StringRef path) {
  sys::fs::file_status status;
  return !sys::fs::status(path, status) && sys::fs::exists(status) &&
         !sys::fs::is_regular_file(status);
}

Error spada::writeFileAtomically(StringRef path,
                                 function_ref<void(raw_ostream &)> write) {
  if (path == "-") {
    write(outs());
    outs().flush();
    return Error::success();
  }
  if (sys::fs::is_directory(path))
    return createStringError("cannot write '" + path +
                             "': it is a directory; name a file");
  if (isSpecialFile(path)) {
    std::error_code code;
    raw_fd_ostream os(path, code);
    if (code)
      return fileError("open", path, code);
    return writeStream(os, path, write);
  }
  unsigned mode = sys::fs::all_read | sys::fs::all_write;
  Expected<sys::fs::TempFile> temporary =
      sys::fs::TempFile::create(path + ".%%%%%%.part", mode);
  if (!temporary)
    return fileError("write", path, errorToErrorCode(temporary.takeError()));
  Error error = Error::success();
  {
    raw_fd_ostream os(temporary->FD, /*shouldClose=*/false);
    error = joinErrors(std::move(error), writeStream(os, path, write));
  }
  if (error)
    return joinErrors(std::move(error), temporary->discard());
  if (Error renamed = temporary->keep(path))
    return fileError("write", path, errorToErrorCode(std::move(renamed)));
  return Error::success();
}

static Error makeParent(StringRef path) {
  StringRef parent = sys::path::parent_path(path);
  if (std::error_code code = sys::fs::create_directories(parent))
    return fileError("make directory", parent, code);
  return Error::success();
}

Error spada::writeFilesAtomically(
    StringRef directory, const std::map<std::string, std::string> &files) {
  if (std::error_code code = sys::fs::create_directories(directory))
    return fileError("make directory", directory, code);
  SmallString<128> temporary(directory);
  sys::path::append(temporary, ".part-%%%%%%");
  SmallString<128> made;
  sys::fs::createUniquePath(temporary, made, /*MakeAbsolute=*/false);
  if (std::error_code code = sys::fs::create_directory(made))
    return fileError("make directory", made, code);
  auto pathIn = [](StringRef folder, StringRef name) {
    SmallString<128> path(folder);
    sys::path::append(path, name);
    return path;
  };
  Error error = Error::success();
  for (const auto &[name, contents] : files) {
    if (error)
      break;
    StringRef text = contents;
    error = makeParent(pathIn(made, name));
    if (!error)
      error = writeFileAtomically(pathIn(made, name),
                                  [&](raw_ostream &os) { os << text; });
  }
  for (const auto &[name, contents] : files)
    if (SmallString<128> target = pathIn(directory, name);
        !error && sys::fs::is_directory(target))
      error = fileError("write", target,
                        std::make_error_code(std::errc::is_a_directory));
  for (const auto &[name, contents] : files) {
    if (error)
      break;
    SmallString<128> target = pathIn(directory, name);
    if ((error = makeParent(target)))
      break;
    if (std::error_code code = sys::fs::rename(pathIn(made, name), target))
      error = fileError("write", target, code);
  }
  sys::fs::remove_directories(made);
  return error;
}
