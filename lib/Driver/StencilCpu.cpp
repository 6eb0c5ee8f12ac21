//===- StencilCpu.cpp - GTScript stencils on this machine's CPU -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Compiles in memory and calls the code on the arrays of a call as they are.
//
//===----------------------------------------------------------------------===//

#include "StencilTargets.h"

#include "spada/JIT/StencilKernel.h"
#include "spada/Support/Npy.h"
#include "spada/Target/Object.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

/// Arrays of files have the last axis contiguous: levels, or data dimensions of
/// a field.
static CpuVersion chooseVersion(stencil::ProgramOp program) {
  bool hasData = any_of(program.getArgumentTypes(), [](mlir::Type type) {
    auto field = dyn_cast<stencil::FieldType>(type);
    return field && field.hasK() && !field.getDataDims().empty();
  });
  return hasData ? CpuVersion::Any : CpuVersion::K;
}

/// Base and strides of a field; absent when the stencil does not use it.
static StencilKernel::Field fieldOf(stencil::ProgramOp program, unsigned index,
                                    stencil::FieldType type,
                                    StencilCall &call) {
  StencilKernel::Field result;
  result.strides.assign(type.getRank(), 0);
  auto given = call.fields.find(program.getArgName(index).str());
  if (given == call.fields.end() || program.getArgument(index).use_empty())
    return result;
  StencilField &field = given->second;
  int64_t stride = 1, start = 0;
  for (size_t d = field.array.shape.size(); d-- > 0;) {
    result.strides[d] = stride;
    stride *= field.array.shape[d];
  }
  for (auto [origin, stride] : zip(field.origin, result.strides))
    start += origin * stride;
  result.base =
      field.array.bytes.data() + start * elementBytes(field.array.dtype);
  return result;
}

static void explainCpu(stencil::ProgramOp program, int64_t threads,
                       const CpuCodeOptions &options) {
  outs() << "cpu: arrays as they are in the files, last axis contiguous\n"
         << describeCode(program, options) << "  threads: ";
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
  options.loops.versions = {chooseVersion(program.op())};
  if (target.explains)
    explainCpu(program.op(), target.execute.threads, options);
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
  std::vector<Array> values;
  std::vector<const void *> scalars;
  for (auto [index, type] : enumerate(op.getArgumentTypes())) {
    if (auto field = dyn_cast<stencil::FieldType>(type))
      fields.push_back(fieldOf(op, index, field, call));
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
  outcome.exitCode = exitDone;
  outcome.status = "finished";
  return outcome;
}
