//===- SparseObject.cpp - machine code of sparse networks -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Functions whose names carry a set of vector instructions get its features;
// the streams enter the module after LLVM's passes, as bytes.
//
//===----------------------------------------------------------------------===//

#include "spada/Target/SparseObject.h"

#include "lib/Target/Object/Lower.h"
#include "spada/Pipelines/LLVM.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/OpenMP/OpenMPToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCSubtargetInfo.h"

using namespace mlir;
using namespace spada;
using sparse::VectorSet;

void spada::useHostCaches(sparse::SparseCodeOptions &options) {
  Host host = localHost();
  options.levelOneBytes = host.levelOneBytes;
  options.levelTwoBytes = host.levelTwoBytes;
}

namespace {
/// Code on its way to an object file.
struct SparseCode {
  std::unique_ptr<llvm::TargetMachine> machine;
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module;
  sparse::PackedNetwork packed;
  std::string name;
};
} // namespace

static CpuCodeOptions machineOptions(const SparseObjectOptions &options) {
  CpuCodeOptions result;
  // Functions name their own features where there is a choice.
  result.cpu = options.cpu == "any" || options.set ? "x86-64" : options.cpu;
  return result;
}

/// The sets to make code for.
static SmallVector<VectorSet> chooseSets(const llvm::TargetMachine &machine,
                                         const SparseObjectOptions &options) {
  if (!machine.getTargetTriple().isX86())
    return {VectorSet::Plain};
  if (options.set)
    return {*options.set};
  if (options.cpu == "any")
    return {VectorSet::AVX512, VectorSet::AVX2, VectorSet::Plain};
  const llvm::MCSubtargetInfo &info = *machine.getMCSubtargetInfo();
  auto has = [&](StringRef features) {
    return info.checkFeatures(features.str());
  };
  if (has("+avx512f,+avx512bw,+avx512cd,+avx512dq,+avx512vl"))
    return {VectorSet::AVX512};
  if (has("+avx2,+fma,+f16c"))
    return {VectorSet::AVX2};
  return {VectorSet::Plain};
}

static void setFeatures(llvm::Module &module,
                        const SparseObjectOptions &options) {
  bool isNative = options.cpu != "any" && !options.set;
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    StringRef name = function.getName();
    bool isEntry = name.ends_with("_call") || name.ends_with("_workspace");
    if (!isEntry)
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
    function.addFnAttr("prefer-vector-width", "512");
    if (isNative || isEntry)
      continue;
    if (name.contains("_avx512"))
      function.addFnAttr("target-features",
                         "+avx512f,+avx512bw,+avx512cd,+avx512dq,+avx512vl,"
                         "+avx2,+fma,+f16c,+bmi,+bmi2");
    else if (name.contains("_avx2"))
      function.addFnAttr("target-features", "+avx2,+fma,+f16c");
  }
}

static LogicalResult makeCode(SparseCode &code, sparse::NetworkOp network,
                              const SparseObjectOptions &options,
                              bool optimized) {
  MLIRContext *context = network.getContext();
  registerBuiltinDialectTranslation(*context);
  registerLLVMDialectTranslation(*context);
  registerOpenMPDialectTranslation(*context);
  CpuCodeOptions target = machineOptions(options);
  code.machine = cpu::makeTargetMachine(network, target);
  if (!code.machine)
    return failure();
  SmallVector<VectorSet> sets = chooseSets(*code.machine, options);
  code.name = network.getSymName().str();
  code.packed = sparse::packNetwork(network, options.code);
  OwningOpRef<ModuleOp> module = sparse::lowerPackedNetwork(
      context, code.name, code.packed, sets, options.code);
  if (failed(lowerLoopsToLLVM(*module)))
    return failure();
  code.module = translateModuleToLLVMIR(*module, code.context, code.name);
  if (!code.module)
    return network.emitError("cannot translate the network to LLVM");
  code.module->setDataLayout(code.machine->createDataLayout());
  code.module->setTargetTriple(code.machine->getTargetTriple().str());
  setFeatures(*code.module, options);
  if (optimized)
    cpu::optimize(*code.module, *code.machine, target);
  return success();
}

/// Gives the stream `what` its bytes.
static void fillStream(SparseCode &code, StringRef what, StringRef bytes) {
  llvm::GlobalVariable *global =
      code.module->getGlobalVariable(code.name + "_" + what.str(), true);
  if (!global)
    return;
  global->setInitializer(llvm::ConstantDataArray::getRaw(
      bytes, bytes.size(), llvm::Type::getInt8Ty(code.context)));
  global->setLinkage(llvm::GlobalValue::InternalLinkage);
}

template <typename T> static StringRef bytesOf(const std::vector<T> &values) {
  return {reinterpret_cast<const char *>(values.data()),
          values.size() * sizeof(T)};
}

/// For each step between cuts its runs and the rows behind it; then the
/// connections of each step.
static void fillCuts(SparseCode &code) {
  const sparse::PackedNetwork &packed = code.packed;
  std::vector<uint64_t> table, connections;
  std::vector<uint32_t> slots;
  uint64_t first = 0;
  for (size_t step = 0; step <= packed.cuts.size(); ++step) {
    bool isLast = step == packed.cuts.size();
    uint64_t end = isLast ? packed.runs.size() : packed.cuts[step].run;
    table.insert(table.end(), {first, end, slots.size() * sizeof(uint32_t),
                               isLast ? 0 : packed.cuts[step].slots.size()});
    connections.push_back(0);
    for (; first < end; ++first)
      connections.back() += packed.runs[first].connections;
    if (!isLast)
      slots.insert(slots.end(), packed.cuts[step].slots.begin(),
                   packed.cuts[step].slots.end());
  }
  table.insert(table.end(), connections.begin(), connections.end());
  fillStream(code, "cuts", bytesOf(table));
  fillStream(code, "cut_slots", bytesOf(slots));
}

static void fillFewInputs(SparseCode &code) {
  const sparse::FewInputs &few = code.packed.few;
  std::vector<uint64_t> runs;
  for (const sparse::FewRun &run : few.runs)
    runs.insert(runs.end(), {run.form, run.slices, run.firstSlot, run.indexAt,
                             run.weightAt, run.biasAt});
  fillStream(code, "few_indices", bytesOf(few.indices));
  fillStream(code, "few_weights", bytesOf(few.weights));
  fillStream(code, "few_biases", bytesOf(few.biases));
  fillStream(code, "few_runs", bytesOf(runs));
  fillStream(code, "few_outputs", bytesOf(few.outputSlots));
}

static void fillStreams(SparseCode &code) {
  const sparse::PackedNetwork &packed = code.packed;
  std::vector<uint64_t> runs;
  for (const sparse::GroupRun &run : packed.runs)
    runs.insert(runs.end(),
                {run.form, run.groups, run.indexAt, run.weightAt, run.biasAt});
  fillStream(code, "indices", bytesOf(packed.indices));
  fillStream(code, "weights", bytesOf(packed.weights));
  fillStream(code, "biases", bytesOf(packed.biases));
  fillStream(code, "runs", bytesOf(runs));
  fillStream(code, "input_slots", bytesOf(packed.inputSlots));
  fillStream(code, "output_slots", bytesOf(packed.outputSlots));
  fillCuts(code);
  fillFewInputs(code);
}

FailureOr<SmallVector<char, 0>>
spada::emitSparseObject(sparse::NetworkOp network,
                        const SparseObjectOptions &options,
                        sparse::PackStatistics *statistics) {
  SparseCode code;
  if (failed(makeCode(code, network, options, /*optimized=*/true)))
    return failure();
  fillStreams(code);
  if (statistics)
    *statistics = code.packed.statistics;
  SmallVector<char, 0> object;
  llvm::raw_svector_ostream os(object);
  llvm::legacy::PassManager passes;
  if (code.machine->addPassesToEmitFile(passes, os, nullptr,
                                        llvm::CodeGenFileType::ObjectFile)) {
    network.emitError("this machine's objects cannot be written");
    return failure();
  }
  passes.run(*code.module);
  return object;
}

FailureOr<std::string> spada::emitSparseLLVM(sparse::NetworkOp network,
                                             const SparseObjectOptions &options,
                                             bool optimized) {
  SparseCode code;
  if (failed(makeCode(code, network, options, optimized)))
    return failure();
  std::string text;
  llvm::raw_string_ostream os(text);
  code.module->print(os, nullptr);
  return text;
}
