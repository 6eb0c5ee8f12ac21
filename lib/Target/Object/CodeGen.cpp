//===- CodeGen.cpp - machine code from optimised LLVM code ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// LLVM's code generator without the passes that cost more than they give.
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Object/Lower.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/OptBisect.h"

using namespace llvm;
using namespace spada;

namespace {
/// Addresses in loops over points are one variable plus values that do not
/// change, as processors take them. Strength reduction of loops does not make
/// them faster, but its time grows with the square of the accesses of a loop:
/// more than half of all code generation. The domains of registers never change
/// in our code, and processors order instructions themselves.
class LeanPasses : public OptPassGate {
public:
  bool shouldRunPass(const StringRef pass, StringRef) override {
    return pass != "Loop Strength Reduction" &&
           pass != "X86 Domain Reassignment Pass" &&
           pass != "Post RA top-down list latency scheduler";
  }
  bool isEnabled() const override { return true; }
};
} // namespace

bool spada::cpu::writeObject(Module &module, TargetMachine &machine,
                             SmallVectorImpl<char> &object) {
  LeanPasses gate;
  module.getContext().setOptPassGate(gate);
  auto reset = make_scope_exit(
      [&] { module.getContext().setOptPassGate(getGlobalPassGate()); });
  raw_svector_ostream os(object);
  legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, os, nullptr,
                                  CodeGenFileType::ObjectFile))
    return false;
  passes.run(module);
  return true;
}
