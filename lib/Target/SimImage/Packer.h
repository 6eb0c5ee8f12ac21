//===- Packer.h - parts of the image packer ---------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Tables that grow while a module is packed: locations, registers, one program
// and one body. Private to Target/SimImage.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_TARGET_SIMIMAGE_PACKER_H
#define LIB_TARGET_SIMIMAGE_PACKER_H

#include "dialects/CSL/IR/CSLDialect.h"
#include "spada/Machine/Machine.h"
#include "spada/Sim/Image_generated.h"
#include "spada/Target/SimImage.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <map>
#include <optional>
#include <set>

namespace spada {

using Register = uint16_t;
constexpr Register noRegister = 0xffff;

/// The image's number of a scalar type; none for other types. An index has 16
/// bits, as in CSL.
std::optional<image::Type> imageType(mlir::Type type);
/// Bytes of an element in memory.
unsigned imageTypeBytes(image::Type type);
/// A number, or the numbers of dense elements, as they stand in memory.
std::vector<uint8_t> imageBytes(mlir::Attribute init, int64_t elements,
                                unsigned bytes);

/// Files and positions; number 0 is the unknown position.
class LocationTable {
public:
  LocationTable() : files{""}, locations{{0, 0, 0}} {}
  uint32_t add(mlir::Location location);

  std::vector<std::string> files;
  std::vector<image::Location> locations;

private:
  std::map<std::string, uint32_t> fileNumbers;
  std::map<std::tuple<uint32_t, uint32_t, uint32_t>, uint32_t> numbers;
};

/// Texts that instructions name by number, each once.
class StringTable {
public:
  uint32_t add(llvm::StringRef text);

  std::vector<std::string> texts;

private:
  llvm::StringMap<uint32_t> numbers;
};

/// Registers of one frame, the lowest free one first. A register may have
/// several holders.
class RegisterFile {
public:
  Register take();
  /// Takes `count` neighbours and returns the first.
  Register takeRange(unsigned count);
  void retain(Register number) { ++holders[number]; }
  void release(Register number);
  /// Most registers that were alive at once, as frame size.
  unsigned size() const { return holders.size(); }

private:
  std::vector<unsigned> holders;
};

/// Numbers of a program's symbols, and its tables.
struct ProgramPacker {
  ProgramPacker(csl::ProgramOp program, const Machine &machine,
                LocationTable &locations, StringTable &strings,
                image::ProgramT &out)
      : program(program), symbols(program), machine(machine),
        locations(locations), strings(strings), out(out) {}

  /// \p kernel names the function that a launch calls.
  mlir::LogicalResult pack(llvm::StringRef kernel);

  csl::ProgramOp program;
  mlir::SymbolTable symbols;
  const Machine &machine;
  LocationTable &locations;
  StringTable &strings;
  image::ProgramT &out;
  llvm::StringMap<uint32_t> addresses, params, tasks, functions, slots, fifos;
  /// DSD slots of each function's descriptor parameters, in order.
  llvm::StringMap<llvm::SmallVector<uint32_t>> parameterSlots;
  /// Slots whose queue is only known when the program runs.
  llvm::DenseSet<uint32_t> openSlots;

private:
  mlir::LogicalResult packVariables();
  mlir::LogicalResult place(mlir::Operation *op, llvm::StringRef name,
                            image::Type type, uint64_t elements,
                            uint64_t alignment, uint64_t &end);
  mlir::LogicalResult packMemoryLimit();
  llvm::SmallVector<csl::PointerOp> pointersInMemory();
  void packPointerValues(llvm::ArrayRef<csl::PointerOp> pointers);
  void packDescriptors();
  void packWse3();
  void packFabricDsd(csl::FabricDsdOp dsd, image::DsdT &entry);
  void packFifos();
  mlir::LogicalResult packParameters();
  uint32_t slotFor(mlir::Type type);
  mlir::LogicalResult checkRecursion();
  mlir::LogicalResult packBodies();
  mlir::LogicalResult packTask(csl::TaskOp task);
  mlir::LogicalResult packFunction(csl::FuncOp function);
  void packExports(llvm::StringRef kernel);
  void packSymbol(csl::PointerOp pointer, llvm::StringRef name);
};

/// Packs the code of one task or function behind the program's instructions.
class BodyPacker {
public:
  explicit BodyPacker(ProgramPacker &program) : program(program) {}

  /// `descriptorSlots` belong to the block's arguments that are descriptors.
  mlir::LogicalResult pack(mlir::Block &block,
                           llvm::ArrayRef<uint32_t> descriptorSlots = {});
  unsigned registers() const { return file.size(); }

private:
  using Terminator = llvm::function_ref<mlir::LogicalResult(mlir::Operation &)>;

  /// Where an element lies: `base + index * size + offset`.
  struct Access {
    Register base = noRegister;  ///< of a pointer; none: the offset is absolute
    Register index = noRegister; ///< released by who asked for the access
    int64_t offset = 0;          ///< bytes
  };

  // Statements (PackBody.cpp).
  mlir::LogicalResult packBlock(mlir::Block &block, Terminator terminator);
  mlir::LogicalResult packOp(mlir::Operation &op);
  mlir::LogicalResult packState(mlir::Operation &op);
  mlir::LogicalResult packSystem(mlir::Operation &op);
  mlir::LogicalResult packCall(csl::CallOp op);
  mlir::LogicalResult packMemberCall(csl::MemberCallOp op);

  // Control flow (PackControl.cpp).
  mlir::LogicalResult packFor(mlir::scf::ForOp op);
  mlir::LogicalResult packIf(mlir::scf::IfOp op);
  mlir::LogicalResult packSwitch(mlir::scf::IndexSwitchOp op);
  mlir::LogicalResult packWhile(mlir::scf::WhileOp op);
  /// Registers for the scalars among `values`.
  void defineScalars(mlir::ValueRange values);
  /// A place for a value that a loop changes.
  void defineCarried(mlir::Value value, mlir::Value init);
  /// Copies what a region yields to the op's results. Descriptors get their
  /// slot with the first region.
  void leaveRegion(mlir::ValueRange results, mlir::ValueRange values);

  // DSD operations (PackVector.cpp).
  mlir::LogicalResult packVector(csl::VectorOp op);
  mlir::LogicalResult packLoadToDsr(csl::LoadToDsrOp op);
  mlir::LogicalResult packOperand(csl::VectorOp op, mlir::Value value,
                                  image::Type type, image::Operand &operand);
  template <typename OpTy, typename Entry>
  void packCompletion(OpTy op, Entry &entry);
  int microthreadOf(mlir::ValueRange operands);

  // Memory (PackMemory.cpp).
  mlir::LogicalResult packStore(mlir::memref::StoreOp op);
  mlir::LogicalResult packLoad(mlir::memref::LoadOp op);
  mlir::LogicalResult packAccess(mlir::Operation *op, mlir::Value memref,
                                 mlir::ValueRange indices, Access &access);
  mlir::LogicalResult emitAccess(mlir::Operation *op, mlir::Value memref,
                                 mlir::ValueRange indices, bool store,
                                 llvm::function_ref<Register()> value);
  void addIndex(Access &access, Register index, int64_t stride);
  mlir::LogicalResult packPointer(mlir::Operation &op);
  mlir::LogicalResult packElementPtr(mlir::Operation &op, mlir::Value memref,
                                     mlir::Value index);
  mlir::LogicalResult packDescriptor(mlir::Operation &op);
  mlir::LogicalResult packSelectDsd(mlir::arith::SelectOp op);
  void packDsdChange(mlir::Value result, mlir::Value dsd, mlir::Value amount,
                     image::Opcode opcode, image::Type type);

  // Values (PackExpression.cpp, PackMath.cpp).
  mlir::LogicalResult packExpression(mlir::Operation &op);
  mlir::LogicalResult packArith(mlir::Operation &op);
  mlir::LogicalResult packCast(mlir::Operation &op);
  mlir::LogicalResult packCompare(mlir::arith::CmpIOp op);
  mlir::LogicalResult packCompareFloat(mlir::arith::CmpFOp op);
  mlir::LogicalResult packMath(mlir::Operation &op);
  mlir::LogicalResult packExtremum(mlir::Operation &op, image::Opcode less,
                                   bool isMaximum);
  mlir::LogicalResult packCopySign(mlir::Operation &op);
  mlir::LogicalResult packAbsolute(mlir::Operation &op);
  mlir::LogicalResult unsupported(mlir::Operation &op);

  // Places of values.
  mlir::LogicalResult checkType(mlir::Operation *op, mlir::Type type);
  static bool isDsd(mlir::Type type) {
    return mlir::isa<csl::MemDsdType, csl::FabinDsdType, csl::FaboutDsdType>(
        type);
  }
  /// The register of a value, of 64 bits the first of its pair.
  Register reg(mlir::Value value) const { return values.lookup(value); }
  static unsigned registersOf(mlir::Type type) {
    return type.isInteger(64) ? 2 : 1;
  }
  static unsigned registersOf(mlir::ValueRange values);
  uint32_t slot(mlir::Value value) const { return slots.lookup(value); }
  /// A fresh place for `value`: a register, or a DSD slot with the initial
  /// value of `like`'s slot.
  void define(mlir::Value value, mlir::Value like = {});
  /// `value` lives where `other` does.
  void alias(mlir::Value value, mlir::Value other);
  void release(mlir::Value value);
  uint32_t newSlot(uint32_t like);
  /// The queue of a fabric descriptor in `value`'s slot may change.
  void open(mlir::Value value);
  /// Copies all `sources` to the places of `targets` at once.
  void moveAll(mlir::ValueRange targets, mlir::ValueRange sources);

  // Instructions.
  uint32_t here() const;
  uint32_t emit(image::Opcode opcode, image::Type type, Register a,
                Register b = noRegister, Register c = noRegister,
                Register d = noRegister, int64_t imm = 0);
  void patch(uint32_t instruction, uint32_t target);
  Register emitConst(image::Type type, int64_t value);
  void emitConstTo(image::Type type, Register to, int64_t value);
  /// Copies `sources` to neighbouring registers and returns the first one.
  Register copyToRange(mlir::ValueRange sources);
  void releaseRange(Register first, size_t count);
  /// Copies the registers of a value to neighbours from `to` on.
  void copyScalar(Register to, mlir::Value source,
                  image::Type type = image::Type::I32);

  ProgramPacker &program;
  RegisterFile file;
  llvm::DenseMap<mlir::Value, Register> values;
  llvm::DenseMap<mlir::Value, uint32_t> slots;
  uint32_t location = 0; ///< of the op that is packed
};

} // namespace spada

#endif
