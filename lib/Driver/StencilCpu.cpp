//===- StencilCpu.cpp - GTScript stencils on this machine's CPU -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Compiles in memory and calls the code on the arrays of a call: in place where
// loops along the last axis are quick, else on copies with the first axis
// contiguous.
//
//===----------------------------------------------------------------------===//

#include "StencilTargets.h"

#include "spada/JIT/StencilKernel.h"
#include "spada/Support/Npy.h"
#include "spada/Target/Object.h"

#include <cstring>

using namespace llvm;
using namespace spada;
using namespace spada::driver;

namespace {
/// The elements of a field with the first axis contiguous.
class FirstAxisCopy {
public:
  explicit FirstAxisCopy(Array &array)
      : array(array), bytes(elementBytes(array.dtype)),
        copy(array.bytes.size()) {
    int64_t stride = 1;
    for (int64_t size : array.shape) {
      strides.push_back(stride);
      stride *= size;
    }
    move(/*back=*/false);
  }

  void writeBack() { move(/*back=*/true); }
  uint8_t *data() { return copy.data(); }
  const std::vector<int64_t> &elementStrides() const { return strides; }

private:
  void move(bool back) {
    std::vector<int64_t> index(array.shape.size(), 0);
    uint8_t *place = array.bytes.data(), *end = place + array.bytes.size();
    for (int64_t other = 0; place != end; place += bytes) {
      uint8_t *copied = &copy[other * bytes];
      std::memcpy(back ? place : copied, back ? copied : place, bytes);
      for (size_t d = index.size(); d-- > 0;) {
        other += strides[d];
        if (++index[d] < array.shape[d])
          break;
        other -= strides[d] * index[d];
        index[d] = 0;
      }
    }
  }

  Array &array;
  int64_t bytes;
  std::vector<uint8_t> copy;
  std::vector<int64_t> strides;
};
} // namespace

/// Arrays of files have the last axis contiguous. That is slow where levels
/// depend on each other, and where data dimensions come last.
static bool wantsFirstAxis(stencil::ProgramOp program) {
  for (auto section : program.getBody().getOps<stencil::SectionOp>())
    if (!section.isParallel())
      return true;
  return any_of(program.getArgumentTypes(), [](mlir::Type type) {
    auto field = dyn_cast<stencil::FieldType>(type);
    return field && field.hasK() && !field.getDataDims().empty();
  });
}

/// Base and strides of a field; absent when the stencil does not use it.
static StencilKernel::Field fieldOf(stencil::ProgramOp program, unsigned index,
                                    stencil::FieldType type, StencilCall &call,
                                    std::vector<FirstAxisCopy> *copies) {
  StencilKernel::Field result;
  result.strides.assign(type.getRank(), 0);
  auto given = call.fields.find(program.getArgName(index).str());
  if (given == call.fields.end() || program.getArgument(index).use_empty())
    return result;
  StencilField &field = given->second;
  uint8_t *data = field.array.bytes.data();
  if (copies) {
    FirstAxisCopy &copy = copies->emplace_back(field.array);
    result.strides = copy.elementStrides();
    data = copy.data();
  } else {
    int64_t stride = 1;
    for (size_t d = field.array.shape.size(); d-- > 0;) {
      result.strides[d] = stride;
      stride *= field.array.shape[d];
    }
  }
  int64_t start = 0;
  for (auto [origin, stride] : zip(field.origin, result.strides))
    start += origin * stride;
  result.base = data + start * elementBytes(field.array.dtype);
  return result;
}

static void explainCpu(int64_t threads, const CpuCodeOptions &options,
                       bool firstAxis) {
  outs() << "cpu: the plane in tiles that run by themselves\n  arrays: "
         << (firstAxis ? "copies with the first axis contiguous, since levels "
                         "depend on each other or have data dimensions"
                       : "as they are in the files, last axis contiguous")
         << "\n  threads: ";
  if (!options.useThreads)
    outs() << "one, there is no OpenMP library";
  else if (threads == 0)
    outs() << "as many as OpenMP gives";
  else
    outs() << threads;
  outs() << "\n  second-level cache: " << options.loops.levelTwoBytes / 1024
         << " KiB\n";
}

Outcome spada::driver::runOnCpu(StencilProgram &program,
                                const StencilTarget &target, StencilCall &call,
                                CompileFacts &facts, Errors &errors) {
  Outcome outcome;
  outcome.exitCode = exitRejected;
  Stopwatch watch;
  CpuCodeOptions options;
  std::string openMP = findOpenMPLibrary();
  options.useThreads = !openMP.empty();
  useHostCaches(options.loops);
  bool firstAxis = wantsFirstAxis(program.op());
  if (target.explains)
    explainCpu(target.execute.threads, options, firstAxis);
  options.loops.versions = {firstAxis ? CpuVersion::I : CpuVersion::K};
  auto object = emitStencilObject(program.module(), options);
  if (failed(object))
    return outcome;
  std::string problem;
  std::unique_ptr<StencilKernel> kernel =
      StencilKernel::load(std::vector<char>(object->begin(), object->end()),
                          facts.kernel, openMP, problem);
  if (!kernel) {
    errors.report("cannot load the code of stencil '" + facts.kernel +
                  "': " + problem);
    return outcome;
  }
  stencil::ProgramOp op = program.op();
  std::vector<StencilKernel::Field> fields;
  std::vector<FirstAxisCopy> copies;
  std::vector<Array> values;
  std::vector<const void *> scalars;
  for (auto [index, type] : enumerate(op.getArgumentTypes())) {
    if (auto field = dyn_cast<stencil::FieldType>(type))
      fields.push_back(
          fieldOf(op, index, field, call, firstAxis ? &copies : nullptr));
    else
      values.push_back(scalarValue(op, index, call));
  }
  for (const Array &value : values)
    scalars.push_back(value.bytes.data());
  facts.compileSeconds += watch.seconds();
  Stopwatch run;
  StencilKernel::Status status =
      kernel->run(call.domain, fields, scalars, target.execute.threads);
  outcome.simulateSeconds = run.seconds();
  if (status == StencilKernel::Status::TooFewLevels) {
    errors.report("the domain has too few levels for stencil '" + facts.kernel +
                  "'");
    return outcome;
  }
  for (FirstAxisCopy &copy : copies)
    copy.writeBack();
  outcome.exitCode = exitDone;
  outcome.status = "finished";
  return outcome;
}
