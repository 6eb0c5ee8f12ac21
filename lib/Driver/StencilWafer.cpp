//===- StencilWafer.cpp - GTScript stencils on the simulated wafer --------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Cuts the arrays of a call into the columns that the kernel takes, and pastes
// what comes back. Which columns those are is the conversion's choice.
//
//===----------------------------------------------------------------------===//

#include "StencilTargets.h"

#include "spada/Conversion/StencilToSpada.h"
#include "spada/Pipelines/Stencil.h"
#include "spada/Support/Npy.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"

#include <cstring>

using namespace llvm;
using namespace spada;
using namespace spada::driver;

namespace {
/// Walks the elements of a kernel's array and their places in a field.
class Box {
public:
  Box(const WaferArgument &argument, const StencilField &field)
      : argument(argument), field(field) {
    int64_t stride = 1;
    strides.resize(field.array.shape.size());
    for (size_t d = strides.size(); d-- > 0;) {
      strides[d] = stride;
      stride *= field.array.shape[d];
    }
    for (int64_t size : argument.dataDims)
      components *= size;
  }

  /// Calls `visit(position in the kernel's array, position in the field)`, in
  /// the order of the kernel's array; -1 where the field has no such point.
  template <typename Visit> void walk(Visit visit) const {
    int64_t next = 0;
    for (int64_t i = argument.lo[0]; i < argument.hi[0]; ++i)
      for (int64_t j = argument.lo[1]; j < argument.hi[1]; ++j)
        for (int64_t component = 0; component < components; ++component)
          for (int64_t k = argument.lo[2]; k < argument.hi[2]; ++k)
            visit(next++, positionOf({i, j, k}, component));
  }

  int64_t size() const {
    int64_t count = components;
    for (unsigned axis = 0; axis < 3; ++axis)
      count *= std::max<int64_t>(0, argument.hi[axis] - argument.lo[axis]);
    return count;
  }

private:
  int64_t positionOf(std::array<int64_t, 3> point, int64_t component) const {
    std::array<bool, 3> has = {argument.hasI, argument.hasJ, argument.hasK};
    int64_t position = component;
    size_t d = 0;
    for (unsigned axis = 0; axis < 3; ++axis) {
      if (!has[axis])
        continue;
      int64_t index = point[axis] + field.origin[d];
      if (index < 0 || index >= field.array.shape[d])
        return -1;
      position += index * strides[d++];
    }
    return position;
  }

  const WaferArgument &argument;
  const StencilField &field;
  std::vector<int64_t> strides;
  int64_t components = 1;
};
} // namespace

static Array cut(const WaferArgument &argument, const HostArgument &wanted,
                 const StencilField &field) {
  Box box(argument, field);
  int64_t bytes = elementBytes(wanted.dtype);
  Array array;
  array.dtype = wanted.dtype;
  array.shape = wanted.shape;
  array.bytes.resize(box.size() * bytes);
  box.walk([&](int64_t to, int64_t from) {
    if (from >= 0)
      std::memcpy(&array.bytes[to * bytes], &field.array.bytes[from * bytes],
                  bytes);
  });
  return array;
}

/// `value` for every PE.
static Array spread(const HostArgument &wanted, const Array &value) {
  Array array;
  array.dtype = wanted.dtype;
  array.shape = wanted.shape;
  int64_t count = 1;
  for (int64_t size : wanted.shape)
    count *= size;
  for (int64_t i = 0; i < count; ++i)
    array.bytes.insert(array.bytes.end(), value.bytes.begin(),
                       value.bytes.end());
  return array;
}

static void paste(const WaferArgument &argument, const Array &array,
                  StencilField &field) {
  Box box(argument, field);
  int64_t bytes = elementBytes(array.dtype);
  box.walk([&](int64_t from, int64_t to) {
    if (to >= 0)
      std::memcpy(&field.array.bytes[to * bytes], &array.bytes[from * bytes],
                  bytes);
  });
}

static HostArrays cutAll(const WaferKernel &kernel,
                         ArrayRef<HostArgument> arguments,
                         stencil::ProgramOp program, const StencilCall &call,
                         Errors &errors) {
  HostArrays arrays;
  for (const WaferArgument &argument : kernel.arguments) {
    const HostArgument *wanted =
        find_if(arguments, [&](const HostArgument &other) {
          return other.name == argument.name;
        });
    if (wanted == arguments.end())
      continue;
    auto field = call.fields.find(argument.source);
    std::string dtype;
    if (argument.isScalar) {
      Array value = scalarValue(program, argument.argument, call);
      dtype = value.dtype;
      if (argument.isSpread && dtype == wanted->dtype)
        value = spread(*wanted, value);
      arrays.emplace(argument.name, std::move(value));
    } else if (field != call.fields.end()) {
      dtype = field->second.array.dtype;
      if (argument.isInput && dtype == wanted->dtype)
        arrays.emplace(argument.name, cut(argument, *wanted, field->second));
    }
    if (dtype != wanted->dtype)
      errors.report("argument '" + argument.source + "' is " + dtype +
                    ", the wafer's kernel takes " + wanted->dtype);
  }
  return arrays;
}

namespace {
/// A form of the stencil that may be the fastest.
struct Variant {
  const char *what;
  bool optimizes;
  bool inlines;
  unsigned recompute; ///< see StencilOptimizationOptions
};
constexpr Variant variants[] = {
    {"statements as written", false, false, 0},
    {"temporaries stored and exchanged", true, false, 0},
    {"temporaries computed where they are read once", true, true, 0},
    {"cheap temporaries computed wherever they are read", true, true, 20}};
} // namespace

/// The kernel of one form, in a module of its own; none when it has no kernel.
static mlir::OwningOpRef<mlir::ModuleOp>
makeVariant(StencilProgram &program, const Variant &variant,
            const StencilToSpadaOptions &options, WaferKernel &kernel) {
  mlir::OwningOpRef<mlir::ModuleOp> module(program.module().clone());
  if (variant.optimizes) {
    StencilOptimizationOptions optimization;
    optimization.mixed = false;
    if (!variant.inlines)
      optimization.without = {"inline"};
    optimization.recompute = variant.recompute;
    mlir::PassManager passes(&program.context());
    buildStencilOptimization(passes, optimization);
    if (failed(passes.run(*module)))
      return {};
  }
  auto ops = module->getOps<stencil::ProgramOp>();
  if (ops.empty())
    return {};
  auto made = convertStencilToSpada(*ops.begin(), options);
  if (failed(made))
    return {};
  kernel = std::move(*made);
  return module;
}

bool spada::driver::buildWaferKernel(StencilProgram &program, StringRef arch,
                                     bool explains, WaferKernel &kernel) {
  StencilToSpadaOptions options;
  options.arch = arch.str();
  const Machine &machine = machineOf(arch);
  mlir::OwningOpRef<mlir::ModuleOp> best;
  const Variant *chosen = nullptr;
  std::string others;
  raw_string_ostream os(others);
  for (const Variant &variant : variants) {
    WaferKernel made;
    mlir::OwningOpRef<mlir::ModuleOp> module;
    if (!chosen) {
      module = makeVariant(program, variant, options, made);
      if (!module)
        return false;
    } else {
      // What is wrong has been said of the first form.
      mlir::ScopedDiagnosticHandler quiet(
          &program.context(),
          [](mlir::Diagnostic &) { return mlir::success(); });
      module = makeVariant(program, variant, options, made);
      if (!module)
        continue;
    }
    os << "  " << variant.what << ": about " << made.cycles << " cycles, "
       << made.columnBytes << " bytes\n";
    bool fits = made.columnBytes <= machine.memoryBytes - machine.reservedBytes;
    if (chosen && (made.cycles >= kernel.cycles ||
                   (!fits && made.columnBytes > kernel.columnBytes)))
      continue;
    chosen = &variant;
    kernel = std::move(made);
    best = std::move(module);
  }
  KernelOp made = *best->getOps<KernelOp>().begin();
  made->remove();
  program.module().push_back(made);
  if (explains)
    outs() << explain(kernel, machine) << others << "  chosen: " << chosen->what
           << "\n";
  return true;
}

/// Tells the conversion how far the arrays of a call reach below and above the
/// domain: a level that is known at run time only may be any of them.
static void noteLevels(stencil::ProgramOp program, const StencilCall &call) {
  for (unsigned i = 0; i < program.getNumArguments(); ++i) {
    auto type = dyn_cast<stencil::FieldType>(program.getArgumentTypes()[i]);
    auto field = call.fields.find(program.getArgName(i).str());
    if (!type || !type.hasK() || field == call.fields.end())
      continue;
    size_t axis = type.hasI() + type.hasJ();
    int64_t below = field->second.origin[axis];
    int64_t above =
        field->second.array.shape[axis] - below - (*program.getDomain())[2];
    program.setArgAttr(
        i, "stencil.levels",
        mlir::DenseI64ArrayAttr::get(
            program.getContext(),
            {std::max<int64_t>(0, below), std::max<int64_t>(0, above)}));
  }
}

Outcome spada::driver::runOnWafer(StencilProgram &program,
                                  const StencilTarget &target,
                                  StencilCall &call, CompileFacts &facts,
                                  Errors &errors) {
  Outcome outcome;
  outcome.exitCode = exitRejected;
  Stopwatch watch;
  WaferKernel kernel;
  noteLevels(program.op(), call);
  if (!buildWaferKernel(program, target.name, target.explains, kernel))
    return outcome;
  // Defaults of scalars are attributes of the stencil, which goes now.
  mlir::OwningOpRef<stencil::ProgramOp> source(program.takeOp());
  Program &spada = program.asKernel();
  if (failed(spada.advance(Phase::Spada, {}, "")))
    return outcome;
  std::vector<HostArgument> arguments = hostArguments(spada.kernel());
  HostArrays arrays = cutAll(kernel, arguments, *source, call, errors);
  Compiled compiled;
  facts.compileSeconds += watch.seconds();
  std::string name = facts.kernel;
  if (errors.any() || failed(compile(spada, {.image = true}, compiled, facts)))
    return outcome;
  facts.kernel = name;
  outcome = simulate(compiled.image, arguments, arrays, target.execute, errors);
  if (outcome.exitCode == exitDone)
    for (const WaferArgument &argument : kernel.arguments) {
      auto made = outcome.outputs.find(argument.name);
      auto field = call.fields.find(argument.source);
      if (argument.isOutput && made != outcome.outputs.end() &&
          field != call.fields.end())
        paste(argument, made->second, field->second);
    }
  return outcome;
}
