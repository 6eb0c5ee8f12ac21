//===- SparseKernel.h - run machine code of a network -----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Loads an object file made for a sparse network and calls it. Knows neither
// networks nor compilers.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_JIT_SPARSEKERNEL_H
#define SPADA_JIT_SPARSEKERNEL_H

#include <cstdint>
#include <memory>
#include <string>

namespace llvm {
template <typename T> class ArrayRef;
} // namespace llvm

namespace spada {

class SparseKernel {
public:
  /// Rows of a call: `values` is that of the first input's first neuron, the
  /// next input's is `stride` elements further.
  struct Rows {
    void *values = nullptr;
    int64_t stride = 0;
  };

  /// Loads `object`, which defines the network `name`. `openMPLibrary` is the
  /// path of the library that the object's threads need; empty when it has
  /// none. Gives null and a message in `problem` when that fails.
  static std::unique_ptr<SparseKernel> load(llvm::ArrayRef<char> object,
                                            const std::string &name,
                                            const std::string &openMPLibrary,
                                            std::string &problem);
  ~SparseKernel();

  /// Runs `batch` inputs; `x` is only read. False when there is no memory. Not
  /// for several threads at a time: calls share their workspace.
  /// \p work  if wanted: connections times columns that were computed.
  bool run(const Rows &x, const Rows &y, int64_t batch, int64_t threads = 0,
           int64_t *work = nullptr);

private:
  SparseKernel();
  struct Code;
  std::unique_ptr<Code> code;
};

} // namespace spada

#endif
