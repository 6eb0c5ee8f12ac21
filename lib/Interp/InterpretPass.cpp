//===- InterpretPass.cpp - run a kernel inside spada-opt ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// For tests: inputs are attributes of the kernel, outputs are printed. The
// driver calls `interpret` itself.
//
//===----------------------------------------------------------------------===//

#include "PrintArray.h"
#include "Scalar.h"
#include "spada/Interp/Interp.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace spada;

Array spada::arrayOf(DenseElementsAttr dense) {
  Format format = Format::of(dense.getElementType());
  Array array;
  array.dtype = dtypeOf(dense.getElementType());
  array.shape.assign(dense.getType().getShape().begin(),
                     dense.getType().getShape().end());
  array.bytes.resize(dense.getNumElements() * format.bytes());
  for (auto [position, value] : llvm::enumerate(dense.getValues<Attribute>()))
    storeElement(array, format, position,
                 evaluateConstant(cast<TypedAttr>(value)));
  return array;
}

static Type typeOf(const std::string &dtype, MLIRContext *context) {
  if (dtype == "bool")
    return IntegerType::get(context, 1);
  unsigned width = dtype == "f16" || dtype == "i16" || dtype == "u16" ? 16
                   : dtype == "f64" || dtype == "i64"                 ? 64
                                                                      : 32;
  if (dtype == "i8" || dtype == "u8")
    width = 8;
  if (dtype[0] == 'f')
    return width == 16   ? FloatType::getF16(context)
           : width == 32 ? FloatType::getF32(context)
                         : FloatType::getF64(context);
  return IntegerType::get(context, width,
                          dtype[0] == 'u' ? IntegerType::Unsigned
                                          : IntegerType::Signless);
}

void spada::printArray(raw_ostream &os, StringRef name, const Array &array,
                       MLIRContext *context) {
  Format format = Format::of(typeOf(array.dtype, context));
  os << name << ": " << array.dtype << "[";
  llvm::interleaveComma(array.shape, os);
  os << "] =";
  for (size_t position = 0; position < array.bytes.size() / format.bytes();
       ++position) {
    Scalar value = loadElement(array, format, position);
    os << ' ';
    if (format.isFloat)
      os << llvm::format("%.9g", value.number());
    else
      os << value.integer();
  }
  os << '\n';
}

namespace {
class InterpretPass
    : public PassWrapper<InterpretPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(InterpretPass)

  InterpretPass() = default;
  InterpretPass(const InterpretPass &other) : PassWrapper(other) {}

  StringRef getArgument() const override { return "spada-interpret"; }
  StringRef getDescription() const override {
    return "run concrete kernels on the arrays of their attribute 'inputs' and "
           "print what they send to the host";
  }

  void runOnOperation() override {
    for (KernelOp kernel : getOperation().getOps<KernelOp>())
      if (failed(runKernel(kernel)))
        signalPassFailure();
    markAllAnalysesPreserved();
  }

private:
  LogicalResult runKernel(KernelOp kernel) {
    std::map<std::string, Array> inputs, outputs;
    std::map<std::string, double> scalars;
    if (auto given = kernel->getAttrOfType<DictionaryAttr>("inputs"))
      for (NamedAttribute entry : given) {
        if (auto dense = dyn_cast<DenseElementsAttr>(entry.getValue()))
          inputs[entry.getName().str()] = arrayOf(dense);
        else if (auto number = dyn_cast<FloatAttr>(entry.getValue()))
          scalars[entry.getName().str()] = evaluateConstant(number).number();
        else if (auto number = dyn_cast<IntegerAttr>(entry.getValue()))
          scalars[entry.getName().str()] =
              static_cast<double>(evaluateConstant(number).integer());
      }
    InterpResult result = interpret(kernel, inputs, scalars, outputs);
    result.emitDiagnostics(kernel.getLoc());
    for (auto &[name, array] : outputs)
      printArray(llvm::outs(), name, array, &getContext());
    if (counts && result.status == InterpResult::Finished)
      llvm::outs() << "pes " << result.counts.pes << ", operations "
                   << result.counts.operations << ", sent "
                   << result.counts.elementsSent << ", received "
                   << result.counts.elementsReceived << ", host in "
                   << result.counts.hostElementsIn << ", host out "
                   << result.counts.hostElementsOut << '\n';
    return success(result.status == InterpResult::Finished);
  }

  Option<bool> counts{*this, "counts", llvm::cl::desc("print what the run did"),
                      llvm::cl::init(false)};
};
} // namespace

namespace spada {
void registerSparseInterpPass();
void registerStencilInterpPass();
void registerInterpPasses() {
  PassRegistration<InterpretPass>();
  registerSparseInterpPass();
  registerStencilInterpPass();
}
} // namespace spada
