//===- StencilKernel.h - run machine code of a program ----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Loads an object file made for a stencil program and calls it. Knows neither
// programs nor compilers.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_JIT_STENCILKERNEL_H
#define SPADA_JIT_STENCILKERNEL_H

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace spada {

class StencilKernel {
public:
  /// A field of a call.
  struct Field {
    /// The first point of the domain; null for an absent optional field.
    void *base = nullptr;
    /// In elements: the axes that the field has, then its data dimensions.
    std::vector<int64_t> strides;
  };

  enum class Status { Done, TooFewLevels };

  /// Loads `object`, which defines the program `name`. `openMPLibrary` is the
  /// path of the library that the object's threads need; empty when it has
  /// none. Gives null and a message in `problem` when that fails.
  static std::unique_ptr<StencilKernel> load(const std::vector<char> &object,
                                             const std::string &name,
                                             const std::string &openMPLibrary,
                                             std::string &problem);
  ~StencilKernel();

  /// Runs the program on a domain of `size` points. `fields` and `scalars` (the
  /// addresses of their values, a byte for a bool) are in the order of the
  /// program's arguments. `threads` 0 leaves the number to OpenMP.
  Status run(const std::array<int64_t, 3> &size,
             const std::vector<Field> &fields,
             const std::vector<const void *> &scalars, int64_t threads = 0);

private:
  StencilKernel();
  struct Code;
  std::unique_ptr<Code> code;
};

} // namespace spada

#endif
