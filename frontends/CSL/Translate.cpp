//===- Translate.cpp - --import-csl of spada-translate --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Frontend/CSL.h"

#include "dialects/CSL/IR/CSLDialect.h"
#include "frontends/Common/SourcePath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace spada;

void spada::registerImportCSLTranslation() {
  namespace cl = llvm::cl;
  static cl::opt<std::string> arch("csl-arch", cl::init("wse2"),
                                   cl::desc("target of --import-csl: wse2 or "
                                            "wse3"));
  static cl::list<std::string> params(
      "csl-param", cl::value_desc("NAME=INT"),
      cl::desc("a param of the layout file for --import-csl"));
  static cl::list<std::string> importPaths(
      "csl-import-path", cl::value_desc("dir"),
      cl::desc("where --import-csl looks for imports"));
  static TranslateToMLIRRegistration registration(
      "import-csl", "CSL layout file, with what it imports, to the csl dialect",
      [](llvm::SourceMgr &sources,
         MLIRContext *context) -> OwningOpRef<Operation *> {
        StringRef path = requirePath(
            sources,
            "a CSL layout is read from a file, beside which its programs",
            context);
        if (path.empty())
          return {};
        auto reject = [&](const Twine &message) {
          emitError(UnknownLoc::get(context)) << message;
          return OwningOpRef<Operation *>();
        };
        if (arch != "wse2" && arch != "wse3")
          return reject("arch '" + arch + "' is unknown; choose wse2 or wse3");
        CSLOptions options;
        options.arch = arch;
        options.importPaths.assign(importPaths.begin(), importPaths.end());
        for (const std::string &param : params) {
          auto [name, text] = StringRef(param).split('=');
          int64_t value = 0;
          if (text.getAsInteger(0, value))
            return reject("'" + param + "' is no NAME=INT");
          options.params.emplace_back(name.str(), value);
        }
        options.print = [](const std::string &line) {
          llvm::errs() << line << "\n";
        };
        return OwningOpRef<Operation *>(importCSL(path.str(), options, *context)
                                            .module.release()
                                            .getOperation());
      },
      [](DialectRegistry &registry) {
        registry.insert<csl::CSLDialect, arith::ArithDialect, math::MathDialect,
                        memref::MemRefDialect, scf::SCFDialect>();
      });
}
