//===- Translate.cpp - --import-gtscript of spada-translate ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Frontend/GTScript.h"

#include "dialects/Stencil/IR/StencilDialect.h"
#include "frontends/Common/SourcePath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace spada;

namespace cl = llvm::cl;

namespace {
struct Flags {
  cl::opt<std::string> stencil{"stencil", cl::value_desc("NAME"),
                               cl::desc("the stencil that --import-gtscript "
                                        "reads")};
  cl::list<std::string> externals{
      "e", cl::value_desc("NAME=VALUE"),
      cl::desc("an external, or *=@FILE.json for many")};
  cl::list<std::string> folders{"I", cl::Prefix, cl::value_desc("DIR"),
                                cl::desc("where imported modules are")};
  cl::opt<int> literalInt{"literal-int", cl::init(64),
                          cl::desc("bits of integer literals")};
  cl::opt<int> literalFloat{"literal-float", cl::init(64),
                            cl::desc("bits of float literals")};
  cl::opt<int> aliasFloat{"alias-float", cl::init(64),
                          cl::desc("bits of Float, FloatField, ...")};
  cl::opt<std::string> dialect{
      "dialect", cl::init("gt4py"),
      cl::desc("gt4py, or spada: np.ndarray fields of float32")};
  cl::list<std::string> dtypes{"dtype", cl::value_desc("NAME=TYPE"),
                               cl::desc("what a type name stands for")};
  cl::opt<std::string> types{"types", cl::value_desc("FILE.json"),
                             cl::desc("types of parameters without "
                                      "annotation")};
  cl::opt<bool> list{"list-stencils",
                     cl::desc("print the stencils of the file instead")};
};
} // namespace

static std::string readFlags(const Flags &flags, GTScriptOptions &options) {
  options.searchPath.assign(flags.folders.begin(), flags.folders.end());
  options.literalInt = flags.literalInt;
  options.literalFloat = flags.literalFloat;
  options.aliasFloat = flags.aliasFloat;
  if (flags.dialect != "gt4py" && flags.dialect != "spada")
    return "dialect '" + flags.dialect + "' is unknown; choose gt4py or spada";
  options.spadaDialect = flags.dialect == "spada";
  for (const std::string &external : flags.externals)
    if (std::string bad = addExternal(external, options); !bad.empty())
      return bad;
  for (const std::string &dtype : flags.dtypes) {
    auto [name, type] = StringRef(dtype).split('=');
    if (name.empty() || type.empty())
      return "'" + dtype + "' is no NAME=TYPE";
    options.dtypes[name.str()] = type.str();
  }
  return flags.types.empty() ? "" : readTypes(flags.types, options.types);
}

void spada::registerImportGTScriptTranslation() {
  static Flags flags;
  static TranslateToMLIRRegistration registration(
      "import-gtscript", "a GT4Py stencil (.py) to the stencil dialect",
      [](llvm::SourceMgr &sources,
         MLIRContext *context) -> OwningOpRef<Operation *> {
        StringRef path = requirePath(
            sources, "a stencil is read from a file, beside which its modules",
            context);
        if (path.empty())
          return {};
        auto reject = [&](const Twine &message) {
          emitError(UnknownLoc::get(context)) << message;
          return OwningOpRef<Operation *>();
        };
        GTScriptOptions options;
        if (std::string bad = readFlags(flags, options); !bad.empty())
          return reject(bad);
        if (!flags.list)
          return OwningOpRef<Operation *>(
              importGTScript(path, flags.stencil, options, context)
                  .release()
                  .getOperation());
        std::vector<GTScriptStencil> stencils;
        if (!listGTScript(path, options, context, stencils))
          return {};
        for (const GTScriptStencil &stencil : stencils) {
          llvm::outs() << stencil.line << " " << stencil.name;
          for (const std::string &name : stencil.externals)
            llvm::outs() << " " << name;
          llvm::outs() << "\n";
        }
        return OwningOpRef<Operation *>(
            ModuleOp::create(UnknownLoc::get(context)).getOperation());
      },
      [](DialectRegistry &registry) {
        registry.insert<stencil::StencilDialect, arith::ArithDialect,
                        math::MathDialect, scf::SCFDialect>();
      });
}
