//===- Picture.h - drawings of a fabric and of a trace ----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Self-contained SVG and HTML. Every drawing has a bounded number of elements,
// whatever the size of the fabric or of the trace.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_PICTURE_H
#define SPADA_DRIVER_PICTURE_H

#include "Fabric.h"
#include "Svg.h"

namespace spada::driver {

/// What is shown of one axis: PEs by coordinate, and gaps that stand for more.
struct AxisCell {
  int64_t coordinate = 0; ///< of the PE, or the first of a gap
  int64_t skipped = 0;    ///< 0: one PE; else so many PEs are left out
};

/// Chooses which coordinates of an axis to show so that every place where
/// something changes is seen.
/// \p spans  low, high and step of every box;  \p marks  coordinates to show;
/// \p small  the longest axis that is shown whole;  \p most  cells at most.
std::vector<AxisCell>
chooseAxis(int64_t size, const std::vector<std::array<int64_t, 3>> &spans,
           const std::vector<int64_t> &marks, size_t small, size_t most);

/// Draws classes, routes and loads with a legend.
SvgFragment drawFabric(const Fabric &fabric);

/// Whether `text` looks like a trace in Chrome's format.
bool isTrace(llvm::StringRef text);

/// Draws the spans of a trace by PE; `name` is for messages only.
llvm::Expected<SvgFragment> drawTimeline(llvm::StringRef text,
                                         llvm::StringRef name);

/// A page with the drawings that are there; `facts` are shown in a table.
std::string htmlPage(llvm::StringRef title,
                     llvm::ArrayRef<std::pair<std::string, std::string>> facts,
                     const Fabric *fabric, const SvgFragment *picture,
                     const SvgFragment *timeline);

/// The drawings below each other as one SVG file.
std::string svgFile(llvm::ArrayRef<const SvgFragment *> drawings);

} // namespace spada::driver

#endif
