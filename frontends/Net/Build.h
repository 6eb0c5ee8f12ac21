//===- Build.h - networks to the sparse dialect -----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_BUILD_H
#define SPADA_FRONTENDS_NET_BUILD_H

#include "frontends/Net/Model.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace spada::net {

/// How a network is to be represented.
struct Representation {
  mlir::FloatType value, weight;
  std::optional<Function> function, lastFunction;
  std::optional<double> bias;
  bool allowNaN = false;
};

/// Moves the network into a module. Null after an error.
mlir::OwningOpRef<mlir::ModuleOp> build(Network network,
                                        const Representation &representation,
                                        mlir::Location location, Error &error);

} // namespace spada::net

#endif
