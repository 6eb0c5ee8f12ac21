//===- SparseInterpretPass.cpp - run a network inside spada-opt -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// For tests: networks run on inputs made from a formula and print their
// outputs. The driver calls `interpretNetwork` itself.
//
//===----------------------------------------------------------------------===//

#include "spada/Interp/SparseInterp.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace spada::sparse;

namespace {
class SparseInterpretPass
    : public PassWrapper<SparseInterpretPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SparseInterpretPass)

  SparseInterpretPass() = default;
  SparseInterpretPass(const SparseInterpretPass &other) : PassWrapper(other) {}

  StringRef getArgument() const override { return "sparse-interpret"; }
  StringRef getDescription() const override {
    return "run sparse networks and print the outputs of each input; value i "
           "of input q is (7 i + 3 q) mod 11 - 5, divided by 4";
  }

  void runOnOperation() override {
    for (NetworkOp network : getOperation().getOps<NetworkOp>())
      if (network.getValueType().isF32())
        print<float>(network);
      else
        print<double>(network);
    markAllAnalysesPreserved();
  }

private:
  template <typename T> void print(NetworkOp network) {
    std::vector<T> inputs;
    for (int64_t q = 0; q < batch; ++q)
      for (int64_t i = 0; i < int64_t(network.getInputs()); ++i)
        inputs.push_back(T((7 * i + 3 * q) % 11 - 5) / 4);
    std::vector<T> result = interpretNetwork(network, inputs);
    size_t width = network.getOutputNeurons().size();
    for (size_t at = 0; at < result.size(); ++at)
      llvm::outs() << (at % width ? " " : network.getSymName().str() + ": ")
                   << llvm::format("%.9g", double(result[at]))
                   << (at % width == width - 1 ? "\n" : "");
  }

  Option<int64_t> batch{*this, "batch", llvm::cl::desc("number of inputs"),
                        llvm::cl::init(2)};
};
} // namespace

namespace spada {
void registerSparseInterpPass() { PassRegistration<SparseInterpretPass>(); }
} // namespace spada
