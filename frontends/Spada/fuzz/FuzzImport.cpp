//===- FuzzImport.cpp - libFuzzer target of the SpaDA front end -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Any text is read or refused, never a crash; what is read and can be printed
// reads back as the same program.
//
//===----------------------------------------------------------------------===//

#include "dialects/Spada/IR/SpadaDialect.h"
#include "frontends/Spada/Frontend.h"
#include "spada/Target/Sptl.h"

#include "mlir/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"

#include <cstdio>
#include <cstdlib>
#include <memory>

using namespace mlir;
using namespace spada;

static OwningOpRef<ModuleOp> import(llvm::StringRef text, MLIRContext *context,
                                    bool compat) {
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy(text, "fuzz"),
                             llvm::SMLoc());
  return frontend::importSpada(sources, context, {compat});
}

static std::string print(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  module.print(os);
  return text;
}

[[noreturn]] static void stop(const char *what, const std::string &a,
                              const std::string &b) {
  fprintf(stderr, "%s\n%s\n----\n%s\n", what, a.c_str(), b.c_str());
  abort();
}

static void run(llvm::StringRef source, MLIRContext *context, bool compat) {
  OwningOpRef<ModuleOp> module = import(source, context, compat);
  if (!module)
    return;
  std::string before = print(*module);
  if (failed(verify(*module)))
    stop("the importer built invalid IR", source.str(), before);
  auto kernel = *module->getOps<KernelOp>().begin();
  std::string text;
  llvm::raw_string_ostream os(text);
  if (failed(exportSptl(kernel, os)))
    return;
  OwningOpRef<ModuleOp> again = import(text, context, false);
  if (!again)
    stop("printed text is refused", source.str(), text);
  std::string after = print(*again);
  if (before != after)
    stop("printed text reads as another program", text, before + after);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static std::unique_ptr<MLIRContext> context;
  static unsigned runs = 0;
  // A context keeps all locations for good.
  if (!context || ++runs % 500 == 0) {
    context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
    context->getDiagEngine().registerHandler(
        [](Diagnostic &) { return success(); });
  }
  llvm::StringRef source(reinterpret_cast<const char *>(data), size);
  run(source, context.get(), /*compat=*/source.contains("compat"));
  return 0;
}
