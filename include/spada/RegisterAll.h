//===- RegisterAll.h - one door to every dialect, pass and translation -*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What a tool calls to know everything. Forward declarations only: including
// this costs nothing.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_REGISTERALL_H
#define SPADA_REGISTERALL_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace spada {

/// Upstream's dialects and extensions, and ours.
void registerAllDialects(mlir::DialectRegistry &registry);
/// Our dialects and the upstream ones that they build on; what translations
/// need.
void registerProjectDialects(mlir::DialectRegistry &registry);
/// Upstream's passes, ours, and our named pipelines.
void registerAllPasses();
/// Our importers, exporters and emitters, for `spada-translate`.
void registerAllTranslations();

} // namespace spada

#endif
