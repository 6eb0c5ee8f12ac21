//===- Fabric.h - what a picture of the fabric shows ------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Plain data: PE classes, routes and link loads, from a csl module or from a
// report. Cost follows the number of boxes, never the number of PEs.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_FABRIC_H
#define SPADA_DRIVER_FABRIC_H

#include "mlir/IR/BuiltinOps.h"
#include "spada/Support/Json.h"
#include <array>
#include <map>
#include <string>
#include <vector>

namespace spada::driver {

/// Router ports in the order of `csl::Direction`.
enum Port { portRamp = 0, portNorth, portSouth, portEast, portWest };

/// x in xLo, xLo + xStep, ... below xHi; y likewise.
struct FabricBox {
  int64_t xLo = 0, xHi = 0, xStep = 1, yLo = 0, yHi = 0, yStep = 1;
  bool contains(int64_t x, int64_t y) const {
    return x >= xLo && x < xHi && (x - xLo) % xStep == 0 && y >= yLo &&
           y < yHi && (y - yLo) % yStep == 0;
  }
  int64_t count() const;
};

struct FabricClass {
  std::string program;
  std::vector<FabricBox> boxes;
  int64_t count() const;
};

/// One configuration of a color on the PEs of a box.
struct FabricRoute {
  int64_t color = 0;
  FabricBox box;
  std::vector<int64_t> rx, tx; ///< Port numbers
};

/// Wavelets that left the router of PE (x, y) through `port`.
struct FabricLink {
  int64_t x = 0, y = 0, port = 0;
  uint64_t wavelets = 0;
};

struct Fabric {
  std::string kernel, arch;
  int64_t width = 0, height = 0;
  std::vector<FabricClass> classes;
  std::vector<FabricRoute> routes;
  std::map<int64_t, std::string> colorNames; ///< stream names of each color
  std::vector<FabricLink> links;             ///< from a run; busiest first

  std::vector<int64_t> colors() const; ///< that have a route, ascending
};

/// Reads the layout of a module in phase `csl`; it does not know streams.
Fabric fabricOf(mlir::ModuleOp module);

Json fabricToJson(const Fabric &fabric);
/// Reads what fabricToJson made; an error says what is missing in `name`.
llvm::Expected<Fabric> fabricFromJson(const Json &json, llvm::StringRef name);

} // namespace spada::driver

#endif
