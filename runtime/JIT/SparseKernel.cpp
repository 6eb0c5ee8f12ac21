//===- SparseKernel.cpp - run machine code of a network -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// LLVM's ORC links the object into this process.
//
//===----------------------------------------------------------------------===//

#include "spada/JIT/SparseKernel.h"

#include "runtime/JIT/Link.h"

#include <cstdlib>

using namespace spada;

namespace {
using Call = int32_t (*)(const void *, int64_t, void *, int64_t, int64_t,
                         int64_t, void *, int64_t *);
using Workspace = int64_t (*)(int64_t, int64_t);
} // namespace

struct SparseKernel::Code {
  ~Code() { std::free(memory); }
  std::unique_ptr<llvm::orc::LLJIT> jit;
  Call call = nullptr;
  Workspace workspace = nullptr;
  void *memory = nullptr;
  int64_t bytes = 0;
};

SparseKernel::SparseKernel() : code(std::make_unique<Code>()) {}
SparseKernel::~SparseKernel() = default;

std::unique_ptr<SparseKernel>
SparseKernel::load(llvm::ArrayRef<char> object, const std::string &name,
                   const std::string &openMPLibrary, std::string &problem) {
  llvm::orc::ExecutorAddr call, workspace;
  auto jit = jit::link(
      object, openMPLibrary,
      {{name + "_call", &call}, {name + "_workspace", &workspace}}, problem);
  if (!jit)
    return nullptr;
  std::unique_ptr<SparseKernel> kernel(new SparseKernel());
  kernel->code->call = call.toPtr<Call>();
  kernel->code->workspace = workspace.toPtr<Workspace>();
  kernel->code->jit = std::move(jit);
  return kernel;
}

bool SparseKernel::run(const Rows &x, const Rows &y, int64_t batch,
                       int64_t threads, int64_t *work) {
  constexpr int64_t alignment = 64;
  int64_t bytes = code->workspace(batch, threads);
  bytes = (bytes + alignment - 1) / alignment * alignment;
  if (bytes > code->bytes) {
    std::free(code->memory);
    code->memory = std::aligned_alloc(alignment, bytes);
    code->bytes = code->memory ? bytes : 0;
  }
  if (!code->memory)
    return false;
  return code->call(x.values, x.stride, y.values, y.stride, batch, threads,
                    code->memory, work) == 0;
}
