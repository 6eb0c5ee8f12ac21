//===- StencilKernelTest.cpp - CPU code against the interpreter -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs every program of Inputs/ as machine code, for several layouts of
// arrays, sizes and threads, and compares each byte with the interpreter.
//
//===----------------------------------------------------------------------===//

#include "spada/JIT/StencilKernel.h"
#include "dialects/Stencil/Transforms/Transforms.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "spada/Interp/StencilInterp.h"
#include "spada/Target/Object.h"

#include "gtest/gtest.h"

#include <cstring>
#include <numeric>
#include <random>

using namespace mlir;
using namespace spada;

namespace {
/// How a test lays out arrays: axes from slowest to fastest, and whether every
/// second element is left out.
struct Layout {
  const char *name;
  std::array<unsigned, 3> order;
  bool isSparse = false;
};

constexpr Layout layouts[] = {{"i", {2, 1, 0}},
                              {"k", {0, 1, 2}},
                              {"j", {2, 0, 1}},
                              {"sparse", {0, 1, 2}, true}};

unsigned bytesOf(const std::string &type) {
  if (type == "bool" || type == "int8")
    return 1;
  std::string digits = type.substr(type.find_first_of("123456789"));
  return std::stoi(digits) / 8;
}

std::string dtypeOf(const std::string &type) {
  if (type == "bool")
    return type;
  return type.substr(0, 1) + type.substr(type.find_first_of("123456789"));
}

template <typename T>
void fill(std::vector<uint8_t> &bytes, std::mt19937 &gen) {
  std::uniform_real_distribution<double> real(0.25, 4);
  std::uniform_int_distribution<int> integer(-9, 9);
  for (size_t at = 0; at < bytes.size(); at += sizeof(T)) {
    T value = std::is_floating_point_v<T> ? T(real(gen)) : T(integer(gen));
    std::memcpy(&bytes[at], &value, sizeof(T));
  }
}

Array makeArray(const std::string &type, std::vector<int64_t> shape,
                std::mt19937 &gen) {
  Array array{dtypeOf(type), std::move(shape), {}};
  int64_t count = std::accumulate(array.shape.begin(), array.shape.end(),
                                  int64_t(1), std::multiplies<>());
  array.bytes.resize(count * bytesOf(type));
  if (type == "float64")
    fill<double>(array.bytes, gen);
  else if (type == "float32")
    fill<float>(array.bytes, gen);
  else if (type == "int64")
    fill<int64_t>(array.bytes, gen);
  else if (type == "int32")
    fill<int32_t>(array.bytes, gen);
  else
    for (uint8_t &byte : array.bytes)
      byte = gen() & 1;
  return array;
}

StencilCall makeCall(const StencilSignature &signature,
                     std::array<int64_t, 3> size) {
  std::mt19937 gen(7);
  StencilCall call;
  call.domain = size;
  for (const StencilArgument &argument : signature.arguments) {
    if (!argument.isField) {
      call.scalars[argument.name] = makeArray(argument.type, {}, gen);
      continue;
    }
    StencilField field;
    std::vector<int64_t> shape;
    for (unsigned axis = 0; axis < 3; ++axis)
      if (argument.axes[axis]) {
        field.origin.push_back(argument.lower[axis] + 1);
        shape.push_back(size[axis] + argument.lower[axis] +
                        argument.upper[axis] + 2);
      }
    shape.insert(shape.end(), argument.dataDims.begin(),
                 argument.dataDims.end());
    field.array = makeArray(argument.type, shape, gen);
    call.fields[argument.name] = field;
  }
  return call;
}

/// An array of the interpreter in another layout.
struct Placed {
  std::vector<uint8_t> bytes;
  std::vector<int64_t> strides;
  int64_t origin = 0; ///< in elements
};

int64_t offsetOf(const Placed &placed, std::vector<int64_t> shape,
                 int64_t number) {
  int64_t offset = 0;
  for (size_t dim = shape.size(); dim-- > 0; number /= shape[dim])
    offset += number % shape[dim] * placed.strides[dim];
  return offset;
}

Placed place(const StencilArgument &argument, const StencilField &field,
             const Layout &layout) {
  const std::vector<int64_t> &shape = field.array.shape;
  Placed placed;
  placed.strides.resize(shape.size());
  int64_t stride = layout.isSparse ? 2 : 1;
  for (unsigned n = 3; n-- > 0;) {
    unsigned axis = layout.order[n], dim = 0;
    if (!argument.axes[axis])
      continue;
    for (unsigned other = 0; other < axis; ++other)
      dim += argument.axes[other];
    placed.strides[dim] = stride;
    placed.origin += stride * field.origin[dim];
    stride *= shape[dim];
  }
  for (size_t dim = field.origin.size(); dim < shape.size(); ++dim) {
    placed.strides[dim] = stride;
    stride *= shape[dim];
  }
  unsigned bytes = bytesOf(argument.type);
  placed.bytes.resize(stride * bytes);
  for (size_t n = 0; n * bytes < field.array.bytes.size(); ++n)
    std::memcpy(&placed.bytes[offsetOf(placed, shape, n) * bytes],
                &field.array.bytes[n * bytes], bytes);
  return placed;
}

void takeBack(const StencilArgument &argument, const Placed &placed,
              StencilField &field) {
  unsigned bytes = bytesOf(argument.type);
  for (size_t n = 0; n * bytes < field.array.bytes.size(); ++n)
    std::memcpy(&field.array.bytes[n * bytes],
                &placed.bytes[offsetOf(placed, field.array.shape, n) * bytes],
                bytes);
}

void runKernel(StencilKernel &kernel, const StencilSignature &signature,
               StencilCall &call, const Layout &layout, int64_t threads) {
  std::vector<Placed> placed;
  std::vector<StencilKernel::Field> fields;
  std::vector<const void *> scalars;
  for (const StencilArgument &argument : signature.arguments)
    if (argument.isField)
      placed.push_back(place(argument, call.fields[argument.name], layout));
  size_t next = 0;
  for (const StencilArgument &argument : signature.arguments) {
    if (!argument.isField) {
      scalars.push_back(call.scalars[argument.name].bytes.data());
      continue;
    }
    Placed &memory = placed[next++];
    fields.push_back(
        {memory.bytes.data() + memory.origin * bytesOf(argument.type),
         memory.strides});
  }
  ASSERT_EQ(kernel.run(call.domain, fields, scalars, threads),
            StencilKernel::Status::Done);
  next = 0;
  for (const StencilArgument &argument : signature.arguments)
    if (argument.isField)
      takeBack(argument, placed[next++], call.fields[argument.name]);
}

void compare(const StencilSignature &signature, StencilCall &got,
             StencilCall &want, const std::string &what) {
  for (const StencilArgument &argument : signature.arguments) {
    if (!argument.isField)
      continue;
    const Array &a = got.fields[argument.name].array;
    const Array &b = want.fields[argument.name].array;
    unsigned bytes = bytesOf(argument.type);
    int64_t wrong = 0, first = -1;
    for (size_t n = 0; n * bytes < a.bytes.size(); ++n)
      if (std::memcmp(&a.bytes[n * bytes], &b.bytes[n * bytes], bytes)) {
        first = wrong++ ? first : n;
      }
    EXPECT_EQ(wrong, 0) << signature.name << ", field " << argument.name << ", "
                        << what << ", first at element " << first;
  }
}

class StencilKernelTest : public ::testing::Test {
protected:
  StencilKernelTest() {
    DialectRegistry registry;
    registry.insert<stencil::StencilDialect, arith::ArithDialect,
                    math::MathDialect, scf::SCFDialect>();
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
  }

  void runFile(const std::string &file, bool optimize, bool onCopies = false,
               std::array<int64_t, 3> tile = {0, 0, 0}) {
    OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(
        std::string(SPADA_CPU_PROGRAMS) + "/" + file, &context);
    ASSERT_TRUE(module);
    for (auto program : module->getOps<stencil::ProgramOp>()) {
      stencil::inferExtents(program);
      if (optimize) {
        stencil::fuse(program, true);
        stencil::forwardValues(program);
        stencil::eliminateDead(program);
      }
    }
    CpuCodeOptions options;
    options.useThreads = !findOpenMPLibrary().empty();
    // Small caches make small tiles, and stores that go around them.
    options.loops.levelTwoBytes = 32 * 1024;
    options.loops.lastLevelBytes = 1024;
    options.loops.tile = tile;
    if (onCopies)
      options.loops.mostOps = 1;
    auto object = emitStencilObject(*module, options);
    ASSERT_TRUE(succeeded(object));
    std::vector<char> bytes(object->begin(), object->end());
    for (auto program : module->getOps<stencil::ProgramOp>())
      runProgram(program, bytes, options.useThreads);
  }

  void runProgram(stencil::ProgramOp program, const std::vector<char> &object,
                  bool useThreads) {
    StencilSignature signature = describeProgram(program);
    std::string problem;
    auto kernel = StencilKernel::load(
        object, signature.name, useThreads ? findOpenMPLibrary() : "", problem);
    ASSERT_TRUE(kernel) << problem;
    for (std::array<int64_t, 3> size : {std::array<int64_t, 3>{7, 5, 6},
                                        {33, 18, 9},
                                        {3, 70, 4},
                                        {62, 9, 4}}) {
      StencilCall want = makeCall(signature, size);
      ASSERT_EQ(interpretStencil(program, want).status, InterpResult::Finished);
      for (const Layout &layout : layouts)
        for (int64_t threads : {1, 3}) {
          StencilCall got = makeCall(signature, size);
          runKernel(*kernel, signature, got, layout, threads);
          compare(signature, got, want,
                  std::string("layout ") + layout.name + ", " +
                      std::to_string(size[0]) + " columns");
        }
    }
  }

  MLIRContext context;
};

TEST_F(StencilKernelTest, Parallel) { runFile("parallel.mlir", false); }
TEST_F(StencilKernelTest, ParallelOptimized) { runFile("parallel.mlir", true); }
TEST_F(StencilKernelTest, ParallelInSmallTiles) {
  runFile("parallel.mlir", false, /*onCopies=*/false, {5, 4, 2});
}
TEST_F(StencilKernelTest, Sequential) { runFile("sequential.mlir", false); }
TEST_F(StencilKernelTest, SequentialOptimized) {
  runFile("sequential.mlir", true);
}
TEST_F(StencilKernelTest, ParallelOnCopies) {
  runFile("parallel.mlir", false, /*onCopies=*/true);
}
TEST_F(StencilKernelTest, SequentialOnCopies) {
  runFile("sequential.mlir", false, /*onCopies=*/true);
}
} // namespace
