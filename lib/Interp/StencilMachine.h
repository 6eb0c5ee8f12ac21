//===- StencilMachine.h - state of a running GTScript program ---*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Bodies of statements are numbered once: each value gets a slot, each op a
// function. Nothing is rewritten.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_INTERP_STENCILMACHINE_H
#define LIB_INTERP_STENCILMACHINE_H

#include "Scalar.h"
#include "spada/Interp/StencilInterp.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace spada::interp {

class StencilMachine;
struct Step;

/// Executes one op; false after a trap.
using Handler = bool (*)(StencilMachine &, const Step &);

/// The ops of one block.
struct Code {
  std::vector<Step> steps;
  llvm::SmallVector<int> arguments, results; ///< slots of the block's arguments
                                             ///< and its terminator's operands
};

/// One op of a body.
struct Step {
  Handler run = nullptr;
  mlir::Operation *op = nullptr;
  llvm::SmallVector<int> operands, results; ///< slots
  Format from, to;  ///< of the first operand that is a scalar, and the result
  int storage = -1; ///< of a read or write
  std::vector<Code> regions;
};

/// The elements of a field, or of a variable of the point.
struct FieldMemory {
  std::string name;
  stencil::FieldType type;
  Format format;
  bool isArgument = false, isLocal = false;
  std::array<int64_t, 3> low = {0, 0, 0}, size = {1, 1, 1}, stride = {0, 0, 0};
  llvm::SmallVector<int64_t> dataStride;
  Array *array = nullptr;    ///< the caller's, or `own`
  Array own;                 ///< of a temporary
  std::vector<bool> defined; ///< of a temporary, by element
};

/// A half-open rectangle of points.
struct Rectangle {
  int64_t iLow, iHigh, jLow, jHigh;
  bool contains(int64_t i, int64_t j) const {
    return iLow <= i && i < iHigh && jLow <= j && j < jHigh;
  }
};

/// A statement ready to run.
struct Statement {
  Rectangle plane;
  bool isLimited = false; ///< to points in `regions`
  std::vector<Rectangle> regions;
  Code code;
};

class StencilMachine {
public:
  StencilMachine(stencil::ProgramOp program, StencilCall &call,
                 const StencilInterpOptions &options)
      : options(options), program(program), call(call) {}
  InterpResult run();

  bool runCode(const Code &code);
  /// The position that a read or write at `level` and a horizontal offset
  /// touches; nothing after a trap.
  std::optional<int64_t> locate(const Step &step, const FieldMemory &storage,
                                int64_t di, int64_t dj, int64_t level,
                                mlir::OperandRange data);
  bool trap(const Step &step, const llvm::Twine &text);

  Scalar &value(int slot) { return values[slot]; }
  Scalar &operand(const Step &step, unsigned n) {
    return values[step.operands[n]];
  }
  Scalar &result(const Step &step) { return values[step.results[0]]; }
  int slotOf(mlir::Value value) const { return slots.lookup(value); }
  bool isInDomain() const {
    return point[0] >= 0 && point[0] < call.domain[0] && point[1] >= 0 &&
           point[1] < call.domain[1];
  }

  std::array<int64_t, 3> point = {0, 0, 0};
  std::vector<FieldMemory> storages;
  const StencilInterpOptions &options;
  InterpResult outcome;

private:
  // StencilSetup.cpp
  bool setUp();
  bool bindDomain();
  bool bindField(unsigned index, stencil::FieldType type);
  bool bindScalar(unsigned index);
  bool bindConstant(mlir::Operation &op);
  bool addTemporary(stencil::TemporaryOp op, const Rectangle &hull);
  bool hullOfExtents(Rectangle &hull);
  bool decode(mlir::Block &block, Code &code);
  bool decodeOp(mlir::Operation &op, Step &step);
  bool decodeStatement(stencil::StatementOp op, Statement &statement);
  int newSlot(mlir::Value value);
  bool reject(mlir::Location location, const llvm::Twine &text);

  // StencilExecute.cpp
  bool runSection(stencil::SectionOp section);
  bool runPlane(const Statement &statement, int64_t level);

  stencil::ProgramOp program;
  StencilCall &call;
  std::vector<Scalar> values;
  llvm::DenseMap<mlir::Value, int> slots, storageOf;
  int64_t elements = 0; ///< of temporaries
};

/// The function of an op; null when the interpreter has none.
Handler stencilHandler(llvm::StringRef name);
using HandlerTable = llvm::StringMap<Handler>;
void addPointHandlers(HandlerTable &table); ///< StencilPoint.cpp
void addArithHandlers(HandlerTable &table); ///< StencilArith.cpp
void addMathHandlers(HandlerTable &table);  ///< StencilMath.cpp

} // namespace spada::interp

#endif
