//===- StencilInterpretPass.cpp - run a stencil inside spada-opt ----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// For tests: the call is in attributes of the program, changed fields are
// printed. The driver calls `interpretStencil` itself.
//
//===----------------------------------------------------------------------===//

#include "PrintArray.h"
#include "spada/Interp/StencilInterp.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace spada;
using namespace spada::stencil;

/// True when any op writes to argument `index`.
static bool isWritten(ProgramOp program, unsigned index) {
  return llvm::any_of(
      program.getArgument(index).getUsers(),
      [](Operation *user) { return isa<stencil::WriteOp>(user); });
}

static StencilCall callOf(ProgramOp program) {
  StencilCall call;
  if (std::optional<ArrayRef<int64_t>> domain = program.getDomain())
    llvm::copy(*domain, call.domain.begin());
  auto inputs = program->getAttrOfType<DictionaryAttr>("inputs");
  auto origins = program->getAttrOfType<DictionaryAttr>("origins");
  for (auto [index, type] : llvm::enumerate(program.getArgumentTypes())) {
    StringRef name = program.getArgName(index);
    Attribute given = inputs ? inputs.get(name) : Attribute();
    if (!isa<FieldType>(type)) {
      if (auto number = dyn_cast_if_present<TypedAttr>(given))
        call.scalars[name.str()] = arrayOf(DenseElementsAttr::get(
            RankedTensorType::get({}, type), ArrayRef<Attribute>(number)));
      continue;
    }
    StencilField field;
    if (auto dense = dyn_cast_if_present<DenseElementsAttr>(given))
      field.array = arrayOf(dense);
    else
      continue;
    unsigned axes = 0;
    for (unsigned axis = 0; axis < 3; ++axis)
      axes += cast<FieldType>(type).hasAxis(axis);
    field.origin.assign(axes, 0);
    if (auto origin = origins ? origins.getAs<DenseI64ArrayAttr>(name)
                              : DenseI64ArrayAttr())
      field.origin.assign(origin.asArrayRef().begin(),
                          origin.asArrayRef().end());
    call.fields[name.str()] = std::move(field);
  }
  return call;
}

namespace {
class StencilInterpretPass
    : public PassWrapper<StencilInterpretPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(StencilInterpretPass)

  StencilInterpretPass() = default;
  StencilInterpretPass(const StencilInterpretPass &other)
      : PassWrapper(other) {}

  StringRef getArgument() const override { return "stencil-interpret"; }
  StringRef getDescription() const override {
    return "run stencils on the arrays of their attributes 'inputs' and "
           "'origins' over 'domain', and print the fields that they write";
  }

  void runOnOperation() override {
    for (ProgramOp program : getOperation().getOps<ProgramOp>())
      if (failed(runProgram(program)))
        signalPassFailure();
    markAllAnalysesPreserved();
  }

private:
  LogicalResult runProgram(ProgramOp program) {
    StencilCall call = callOf(program);
    StencilInterpOptions options;
    options.trapUndefined = trapUndefined;
    options.maxIterations = 1 << 16;
    InterpResult result = interpretStencil(program, call, options);
    result.emitDiagnostics(program.getLoc());
    if (result.status != InterpResult::Finished)
      return failure();
    for (unsigned index = 0; index < program.getNumArguments(); ++index) {
      StringRef name = program.getArgName(index);
      auto field = call.fields.find(name.str());
      if (field != call.fields.end() && isWritten(program, index))
        printArray(llvm::outs(), name, field->second.array, &getContext());
    }
    return success();
  }

  Option<bool> trapUndefined{
      *this, "trap-undefined",
      llvm::cl::desc("trap on reads of temporaries that were not written"),
      llvm::cl::init(false)};
};
} // namespace

namespace spada {
void registerStencilInterpPass() { PassRegistration<StencilInterpretPass>(); }
} // namespace spada
