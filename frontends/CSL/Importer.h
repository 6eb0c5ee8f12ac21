//===- Importer.h - from a filled layout to a module ------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What the entries of the CSL front end share. Each of them fills the layout in
// its own way: from a layout block or from a description in JSON.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_IMPORTER_H
#define SPADA_FRONTENDS_CSL_IMPORTER_H

#include "Layout.h"

namespace spada::cslfront {

class Importer {
public:
  Importer(const std::string &path, const CSLOptions &options,
           mlir::MLIRContext &context)
      : path(path), c(context, options), layout(c) {}
  virtual ~Importer() = default;

  CSLResult run();

protected:
  /// Sets the rectangle, tile code, routes and names; throws CompileError.
  virtual void fillLayout() = 0;
  /// Adds what needs the compiled programs.
  virtual void finishLayout(mlir::ModuleOp module, csl::LayoutOp op) {
    (void)module, (void)op;
  }
  mlir::Location location(Loc at);

  std::string path;
  Compilation c;
  Layout layout;
  Loc layoutLoc;
  CSLResult result;

private:
  void compilePrograms(mlir::ModuleOp module);
  void emitLayout(mlir::ModuleOp module, csl::LayoutOp op);
  mlir::Type exportType(const CSLExport &exported, mlir::ModuleOp module);
};

/// Takes the kernel's name and the host's arguments from the `metadata.json`
/// beside a layout, if there is one. Throws CompileError.
void readHostMetadata(const std::string &layoutPath, const CSLOptions &options,
                      csl::LayoutOp op);

} // namespace spada::cslfront

#endif
