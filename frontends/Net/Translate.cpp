//===- Translate.cpp - --import-net of spada-translate --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Frontend/Net.h"

#include "dialects/Sparse/IR/SparseDialect.h"

#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace spada;

namespace cl = llvm::cl;

namespace {
struct Flags {
  cl::opt<std::string> net{
      "net", cl::value_desc("SPEC"),
      cl::desc("what --import-net reads instead of the input file")};
  cl::opt<std::string> values{"net-values", cl::init("f32"),
                              cl::desc("type of values: f32 or f64")};
  cl::opt<std::string> weights{"net-weights",
                               cl::desc("type of weights in memory")};
  cl::opt<std::string> activation{"net-activation",
                                  cl::desc("activation of neurons")};
  cl::opt<std::string> last{"net-last-activation",
                            cl::desc("activation of the last layer")};
  cl::opt<double> bias{"net-bias", cl::desc("bias of neurons")};
  cl::opt<std::string> rows{
      "net-rows", cl::desc("what rows of matrices are: outputs or inputs")};
  cl::opt<bool> allowNaN{"net-allow-nan",
                         cl::desc("weights may be no numbers")};
  cl::opt<uint64_t> seed{"net-seed", cl::init(1),
                         cl::desc("for weights that a format does not hold")};
};
} // namespace

void spada::registerImportNetTranslation() {
  static Flags flags;
  static TranslateToMLIRRegistration registration(
      "import-net", "a sparse network to the sparse dialect",
      [](llvm::SourceMgr &sources,
         MLIRContext *context) -> OwningOpRef<Operation *> {
        std::string spec = flags.net;
        if (spec.empty())
          spec = sources.getMemoryBuffer(sources.getMainFileID())
                     ->getBufferIdentifier()
                     .str();
        if (spec == "<stdin>") {
          emitError(UnknownLoc::get(context))
              << "a network is read from a file; give its path, or a spec with "
                 "--net and /dev/null as the file";
          return {};
        }
        NetOptions options;
        options.valueType = flags.values;
        options.weights = flags.weights;
        options.activation = flags.activation;
        options.lastActivation = flags.last;
        options.rows = flags.rows;
        options.allowNaN = flags.allowNaN;
        options.seed = flags.seed;
        if (flags.bias.getNumOccurrences())
          options.bias = flags.bias;
        return OwningOpRef<Operation *>(
            importNet(spec, options, context).release().getOperation());
      },
      [](DialectRegistry &registry) {
        registry.insert<sparse::SparseDialect>();
      });
}
