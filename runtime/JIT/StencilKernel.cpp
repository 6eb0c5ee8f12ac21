//===- StencilKernel.cpp - run machine code of a program ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// LLVM's ORC links the object into this process.
//
//===----------------------------------------------------------------------===//

#include "spada/JIT/StencilKernel.h"

#include "runtime/JIT/Link.h"

using namespace spada;

namespace {
using Entry = int32_t (*)(const int64_t *, void *const *, const int64_t *,
                          const void *const *, int64_t);
} // namespace

struct StencilKernel::Code {
  std::unique_ptr<llvm::orc::LLJIT> jit;
  Entry entry = nullptr;
};

StencilKernel::StencilKernel() : code(std::make_unique<Code>()) {}
StencilKernel::~StencilKernel() = default;

std::unique_ptr<StencilKernel>
StencilKernel::load(const std::vector<char> &object, const std::string &name,
                    const std::string &openMPLibrary, std::string &problem) {
  llvm::orc::ExecutorAddr entry;
  auto jit =
      jit::link(object, openMPLibrary, {{name + "_call", &entry}}, problem);
  if (!jit)
    return nullptr;
  std::unique_ptr<StencilKernel> kernel(new StencilKernel());
  kernel->code->entry = entry.toPtr<Entry>();
  kernel->code->jit = std::move(jit);
  return kernel;
}

StencilKernel::Status
StencilKernel::run(const std::array<int64_t, 3> &size,
                   const std::vector<Field> &fields,
                   const std::vector<const void *> &scalars, int64_t threads) {
  std::vector<void *> bases;
  std::vector<int64_t> strides;
  for (const Field &field : fields) {
    bases.push_back(field.base);
    strides.insert(strides.end(), field.strides.begin(), field.strides.end());
  }
  int32_t status = code->entry(size.data(), bases.data(), strides.data(),
                               scalars.data(), threads);
  return status == 0 ? Status::Done : Status::TooFewLevels;
}
