//===- Object.cpp - machine code of stencil programs ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The way from programs to LLVM's own form and to an object file.
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Object/Lower.h"

#include "spada/Pipelines/Stencil.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/OpenMP/OpenMPToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace spada;

void spada::useHostCaches(StencilToAffineOptions &options) {
  Host host = localHost();
  options.levelOneBytes = host.levelOneBytes;
  options.levelTwoBytes = host.levelTwoBytes;
  options.lastLevelBytes = host.levelThreeBytes;
}

std::unique_ptr<llvm::TargetMachine>
cpu::makeTargetMachine(Operation *module, const CpuCodeOptions &options) {
  static const bool once = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    // For the instruction that asks the processor what it has.
    llvm::InitializeNativeTargetAsmParser();
    return true;
  }();
  (void)once;
  std::string triple = llvm::sys::getDefaultTargetTriple(), problem;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, problem);
  if (!target) {
    module->emitError("no code for machine '") << triple << "': " << problem;
    return nullptr;
  }
  std::string cpu = options.cpu, features;
  if (cpu == "native") {
    cpu = llvm::sys::getHostCPUName().str();
    for (const auto &feature : llvm::sys::getHostCPUFeatures())
      features += (features.empty() ? "" : ",") +
                  std::string(feature.getValue() ? "+" : "-") +
                  feature.getKey().str();
  }
  llvm::TargetOptions targetOptions;
  targetOptions.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, cpu, features, targetOptions, llvm::Reloc::PIC_, std::nullopt,
      options.optimizationLevel == 0 ? llvm::CodeGenOptLevel::None
                                     : llvm::CodeGenOptLevel::Default));
  if (machine && machine->getMCSubtargetInfo()->isCPUStringValid(cpu))
    return machine;
  module->emitError("unknown processor '")
      << cpu << "' for machine '" << triple << "'";
  return nullptr;
}

/// Bytes of the machine's vectors if every operation on them takes a mask.
static int64_t maskedVectorBytes(const llvm::TargetMachine &machine) {
  bool hasMasks = machine.getTargetTriple().isX86() &&
                  machine.getMCSubtargetInfo()->checkFeatures(
                      "+avx512f,+avx512vl,+avx512bw,+avx512dq");
  return hasMasks ? 64 : 0;
}

static StencilToAffineOptions chooseLoops(const CpuCodeOptions &options,
                                          const llvm::TargetMachine &machine) {
  StencilToAffineOptions loops = options.loops;
  if (options.optimizationLevel > 0)
    loops.vectorBytes = maskedVectorBytes(machine);
  return loops;
}

std::string spada::describeCode(stencil::ProgramOp program,
                                const CpuCodeOptions &options) {
  std::unique_ptr<llvm::TargetMachine> machine =
      cpu::makeTargetMachine(program, options);
  return machine ? describeVersions(program, chooseLoops(options, *machine))
                 : "";
}

/// LLVM's form of the programs of a copy of `module`.
static std::unique_ptr<llvm::Module> translate(ModuleOp module,
                                               const CpuCodeOptions &options,
                                               llvm::TargetMachine &machine,
                                               llvm::LLVMContext &context) {
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  registerOpenMPDialectTranslation(*module.getContext());
  OwningOpRef<ModuleOp> copy(module.clone());
  if (failed(lowerStencilToLLVM(*copy, chooseLoops(options, machine),
                                options.useThreads)))
    return nullptr;
  std::unique_ptr<llvm::Module> code = translateModuleToLLVMIR(
      *copy, context, module.getName().value_or("spada"));
  if (!code) {
    module.emitError("cannot translate the program to LLVM");
    return nullptr;
  }
  code->setDataLayout(machine.createDataLayout());
  code->setTargetTriple(machine.getTargetTriple().str());
  cpu::markDistinctArguments(*code);
  cpu::markParallelLoops(*code);
  cpu::finishStreams(*code);
  return code;
}

FailureOr<SmallVector<char, 0>>
spada::emitStencilObject(ModuleOp module, const CpuCodeOptions &options) {
  std::unique_ptr<llvm::TargetMachine> machine =
      cpu::makeTargetMachine(module, options);
  if (!machine)
    return failure();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code =
      translate(module, options, *machine, context);
  if (!code)
    return failure();
  cpu::optimize(*code, *machine, options);
  SmallVector<char, 0> object;
  if (!cpu::writeObject(*code, *machine, object)) {
    module.emitError("this machine's objects cannot be written");
    return failure();
  }
  return object;
}

FailureOr<std::string> spada::emitStencilLLVM(ModuleOp module,
                                              const CpuCodeOptions &options,
                                              bool optimized) {
  std::unique_ptr<llvm::TargetMachine> machine =
      cpu::makeTargetMachine(module, options);
  if (!machine)
    return failure();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code =
      translate(module, options, *machine, context);
  if (!code)
    return failure();
  if (optimized)
    cpu::optimize(*code, *machine, options);
  std::string text;
  llvm::raw_string_ostream os(text);
  code->print(os, nullptr);
  return text;
}
