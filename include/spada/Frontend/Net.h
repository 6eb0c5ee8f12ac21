//===- Net.h - sparse networks to the sparse dialect ------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads files that hold sparse feed-forward networks, or generates networks,
// and gives a module with one `sparse.network`. Reads input data of the Sparse
// DNN Graph Challenge, too.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTEND_NET_H
#define SPADA_FRONTEND_NET_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace spada {

struct NetOptions {
  /// Of neurons' values, sums and biases: `f32` or `f64`.
  std::string valueType = "f32";
  /// Of weights in memory: `bf16`, `f16`, `f32`, `f64`; empty: as values.
  std::string weights;
  /// Of neurons whose format names none: `relu`, `relu:CAP`, `sigmoid`, `tanh`,
  /// `gelu`, `none`. Empty: the format's usual one, else `relu`.
  std::string activation;
  /// The same for the last layer; empty: like the others.
  std::string lastActivation;
  /// Of neurons whose format names none; nothing: the format's usual one, else
  /// 0.
  std::optional<double> bias;
  /// What the rows of matrices stand for: `outputs` (W * x) or `inputs`
  /// (x * W). Empty: the format's convention.
  std::string rows;
  /// Weights and biases may be infinite or no numbers.
  bool allowNaN = false;
  /// For weights that a format does not hold.
  uint64_t seed = 1;
};

/// Imports the network that `spec` names: a file, a folder, files with commas
/// between them (one a layer), or a generator such as
/// `radix:neurons=1024,layers=120,seed=1`. Errors go to the context's
/// diagnostics; those about text name file, line and column. Null after one.
mlir::OwningOpRef<mlir::ModuleOp> importNet(llvm::StringRef spec,
                                            const NetOptions &options,
                                            mlir::MLIRContext *context);

/// What `importNet` takes, one line each: how it is written, two spaces or
/// more, what it is.
std::vector<std::string> listNetFormats();

/// Rows of numbers: a batch, one row an input.
struct NetImages {
  std::vector<float> values; ///< rows * columns, row after row
  uint64_t rows = 0, columns = 0;
};

/// Reads images of the Graph Challenge, `columns` pixels each: `.hex`, a line
/// an image and four pixels a digit, the highest bit first; or `.tsv`, lines of
/// `image pixel value` that count from 1. Stops after `limit` images; 0 reads
/// all. Errors go to the diagnostics.
std::optional<NetImages> readNetImages(llvm::StringRef path, uint64_t columns,
                                       uint64_t limit,
                                       mlir::MLIRContext *context);

/// Reads categories of the Graph Challenge: numbers of images, from 1, with
/// space between them.
std::optional<std::vector<uint64_t>>
readNetCategories(llvm::StringRef path, mlir::MLIRContext *context);

/// `--import-net` of spada-translate.
void registerImportNetTranslation();

} // namespace spada

#endif
