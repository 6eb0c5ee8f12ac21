//===- Link.cpp - links an object into this process -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "runtime/JIT/Link.h"

#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/Support/TargetSelect.h"

static llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>>
linkObject(llvm::StringRef object, const std::string &openMPLibrary) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto jit = llvm::orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  char prefix = (*jit)->getDataLayout().getGlobalPrefix();
  llvm::orc::JITDylib &symbols = (*jit)->getMainJITDylib();
  auto process =
      llvm::orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(prefix);
  if (!process)
    return process.takeError();
  symbols.addGenerator(std::move(*process));
  if (!openMPLibrary.empty()) {
    auto threads = llvm::orc::DynamicLibrarySearchGenerator::Load(
        openMPLibrary.c_str(), prefix);
    if (!threads)
      return threads.takeError();
    symbols.addGenerator(std::move(*threads));
  }
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(object, "code.o");
  if (llvm::Error error = (*jit)->addObjectFile(std::move(buffer)))
    return error;
  return jit;
}

std::unique_ptr<llvm::orc::LLJIT> spada::jit::link(
    llvm::ArrayRef<char> object, const std::string &openMPLibrary,
    llvm::ArrayRef<std::pair<std::string, llvm::orc::ExecutorAddr *>> names,
    std::string &problem) {
  auto jit =
      linkObject(llvm::StringRef(object.data(), object.size()), openMPLibrary);
  llvm::Error error = jit.takeError();
  for (auto &[name, address] : names)
    if (!error) {
      auto found = (*jit)->lookup(name);
      error = found.takeError();
      if (!error)
        *address = *found;
    }
  if (!error)
    return std::move(*jit);
  problem = llvm::toString(std::move(error));
  return nullptr;
}
