//===- Library.cpp - shared libraries of stencil programs -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Links the object file and writes the header and the Python module beside it.
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Object/Lower.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace spada;
using spada::cpu::fail, spada::cpu::linkLibrary, spada::cpu::writeFile;

std::string spada::findOpenMPLibrary() {
  for (const char *path :
       {SPADA_OPENMP_LIBRARY, "/usr/lib/libomp.so.5", "/usr/lib64/libomp.so"})
    if (*path && llvm::sys::fs::exists(path))
      return path;
  return "";
}

llvm::Error cpu::fail(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

llvm::Error cpu::writeFile(llvm::StringRef path, llvm::StringRef content) {
  std::error_code problem;
  llvm::raw_fd_ostream os(path, problem);
  if (!problem) {
    os << content;
    os.close();
    problem = os.error();
    os.clear_error();
  }
  if (problem)
    return fail("cannot write '" + path + "': " + problem.message());
  return llvm::Error::success();
}

llvm::Error cpu::linkLibrary(llvm::StringRef object, llvm::StringRef path,
                             bool useThreads) {
  std::string openMP = findOpenMPLibrary();
  for (const char *name : {"cc", "gcc", "clang", "clang-19"}) {
    auto program = llvm::sys::findProgramByName(name);
    if (!program)
      continue;
    std::vector<llvm::StringRef> arguments = {*program, "-shared", "-o", path,
                                              object};
    std::string search = "-Wl,-rpath,";
    if (useThreads) {
      search += llvm::sys::path::parent_path(openMP);
      arguments.push_back(openMP);
      arguments.push_back(search);
    }
    arguments.push_back("-lm");
    std::string problem;
    int status = llvm::sys::ExecuteAndWait(*program, arguments, std::nullopt,
                                           {}, 60, 0, &problem);
    if (status == 0)
      return llvm::Error::success();
    return fail("'" + llvm::Twine(name) + "' could not link '" + path + "'" +
                (problem.empty() ? "" : ": " + problem));
  }
  return fail("no linker driver for '" + path +
              "'; looked for 'cc', 'gcc', 'clang' and 'clang-19'");
}

llvm::Error spada::writeStencilLibrary(ModuleOp module, llvm::StringRef name,
                                       llvm::StringRef folder,
                                       const CpuCodeOptions &options) {
  stencil::ProgramOp program;
  for (auto candidate : module.getOps<stencil::ProgramOp>())
    if (candidate.getSymName() == name)
      program = candidate;
  if (!program)
    return fail("no stencil '" + name + "' in the program");
  if (options.useThreads && findOpenMPLibrary().empty())
    return fail("no OpenMP library of LLVM on this machine; install it or "
                "build for one thread");
  OwningOpRef<ModuleOp> single = ModuleOp::create(program.getLoc());
  single->push_back(program->clone());
  auto object = emitStencilObject(*single, options);
  if (failed(object))
    return fail("no code was made for stencil '" + name + "'");

  if (std::error_code problem = llvm::sys::fs::create_directories(folder))
    return fail("cannot make folder '" + folder + "': " + problem.message());
  auto inFolder = [&](const llvm::Twine &file) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, file);
    return std::string(path);
  };
  StencilSignature signature = describeProgram(program);
  std::string objectPath = inFolder(name + ".o");
  auto cleanup =
      llvm::make_scope_exit([&] { llvm::sys::fs::remove(objectPath); });
  if (llvm::Error error = writeFile(
          objectPath, llvm::StringRef(object->data(), object->size())))
    return error;
  if (llvm::Error error = linkLibrary(
          objectPath, inFolder("lib" + name + ".so"), options.useThreads))
    return error;
  if (llvm::Error error =
          writeFile(inFolder(name + ".h"), cpu::printHeader(signature)))
    return error;
  return writeFile(inFolder(name + ".py"),
                   cpu::printPythonModule(signature, builtinHost()));
}
