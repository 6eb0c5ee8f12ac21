//===- BuiltinsDsd.cpp - data structure descriptors -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Program.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace spada;
using namespace spada::cslfront;

Value spada::cslfront::dsdValue(Sema &s, DsdConst dsd) {
  DsdConst &kept = s.c.dsds.emplace_back(std::move(dsd));
  return Value::known<const DsdConst *>(kept.type, &Value::dsd, &kept);
}

/// The members of a tuple, or the one value itself.
static llvm::SmallVector<Value, 4> listOf(const Value &value) {
  if (!value.type->is(TypeKind::Struct) && !value.type->is(TypeKind::Array))
    return {value};
  llvm::SmallVector<Value, 4> result;
  for (uint32_t i = 0; i < value.aggregate->size; ++i)
    result.push_back(value.aggregate->at(i));
  return result;
}

mlir::Value spada::cslfront::word(Sema &s, const Value &value, Loc at) {
  if (value.isKnown()) {
    int64_t i = s.forceInt(value, at);
    if (i < -32768 || i > 65535)
      s.error(at, "value " + llvm::Twine(i) + " does not fit 16 bits");
    return s.builder().create<mlir::arith::ConstantOp>(
        s.location(at),
        s.builder().getIntegerAttr(s.builder().getI16Type(),
                                   llvm::APInt(16, uint64_t(i))));
  }
  const Type *type = value.type;
  if (type->isInt() && type->bits != 16)
    s.error(at, "expected a 16-bit integer, got " + s.describe(value) +
                    "; convert it with @as");
  return s.materializeValue(value, at);
}

/// In what a memory descriptor's offset is counted.
static const Type *offsetUnit(Sema &s, const DsdConst &dsd) {
  return dsd.element ? dsd.element : s.types.i16;
}

static const Type *elementOf(const Type *pointer) {
  const Type *type = pointer->element;
  return type->is(TypeKind::Array) ? type->element : type;
}

//===----------------------------------------------------------------------===//
// @get_dsd
//===----------------------------------------------------------------------===//

/// No descriptor reaches out of a PE's memory by more than this.
static int64_t checkReach(Sema &s, int64_t value, const char *what, Loc at) {
  constexpr int64_t most = 1 << 24;
  if (value < -most || value > most)
    s.error(at, llvm::Twine(what) + " " + llvm::Twine(value) +
                    " of a descriptor reaches out of a PE's memory");
  return value;
}

static int64_t checkExtent(Sema &s, int64_t extent, Loc at) {
  if (extent < 0 || extent > 65535)
    s.error(at, "extent " + llvm::Twine(extent) +
                    " of a descriptor; it must be 0 to 65535");
  return extent;
}

/// The descriptor to change where nothing runs.
static DsdConst copyToChange(Sema &s, const Value &dsd, Loc at) {
  if (!dsd.isKnown())
    s.error(at, "this descriptor is only known when the program runs");
  DsdConst copy = *dsd.dsd;
  copy.symbol.clear();
  copy.wantedName.clear();
  return copy;
}

namespace {
/// Fields of a memory descriptor as written; those that are only known when the
/// program runs are applied to the descriptor of the others.
class MemoryDsd {
public:
  MemoryDsd(Sema &s, const Type *type, Value config, Loc at);
  Value value();

private:
  void readShape(const Value &extent, const std::optional<Value> &stride);
  void readBase(const std::optional<Value> &offset);
  Value applyRunTime(const Value &known);

  Sema &s;
  Loc at;
  DsdConst dsd;
  Value base, offset, extent, stride; ///< run-time ones; else none
};
} // namespace

MemoryDsd::MemoryDsd(Sema &s, const Type *type, Value config, Loc at)
    : s(s), at(at) {
  checkFields(s, config,
              {"tensor_access", "base_address", "extent", "stride", "offset",
               "wavelet_index_offset"},
              at);
  dsd.type = type;
  dsd.loc = at;
  dsd.indexOffset = boolField(s, config, "wavelet_index_offset", at);
  if (std::optional<Value> access = s.field(config, "tensor_access")) {
    if (!access->isKnown() || !access->type->is(TypeKind::Struct))
      s.error(at, "'.tensor_access' needs a tensor access, got " +
                      s.describe(*access));
    config = *access;
  }
  std::optional<Value> address = s.field(config, "base_address"),
                       sizes = s.field(config, "extent");
  if (!address || !sizes)
    s.error(at, "a memory descriptor needs '.tensor_access', or "
                "'.base_address' and '.extent'");
  if (!address->type->isPointer())
    s.error(at, "'.base_address' is a pointer, not " + s.describe(*address));
  base = *address;
  readShape(*sizes, s.field(config, "stride"));
  readBase(s.field(config, "offset"));
}

void MemoryDsd::readShape(const Value &extent,
                          const std::optional<Value> &stride) {
  llvm::SmallVector<Value, 4> extents = listOf(extent), strides;
  size_t rank = extents.size();
  if (rank < 1 || rank > (dsd.type->is(TypeKind::Mem1dDsd) ? 1u : 4u))
    s.error(at, "a descriptor of type '" + dsd.type->name + "' cannot have " +
                    llvm::Twine(rank) + " dimensions");
  if (stride)
    strides = listOf(*stride);
  while (strides.size() < rank)
    strides.push_back(s.integer(1));
  if (extents[0].isRunTime())
    this->extent = extents[0];
  if (strides[0].isRunTime())
    this->stride = strides[0];
  if (rank > 1 && (this->extent || this->stride))
    s.error(at, "extents and strides of a mem4d_dsd are known at compile time");
  dsd.sizes.resize(rank);
  dsd.strides.resize(rank);
  for (size_t i = 0; i < rank; ++i) {
    dsd.sizes[i] =
        this->extent ? 1 : checkExtent(s, s.forceInt(extents[i], at), at);
  }
  // From incremental strides, innermost first, to those of each dimension.
  for (size_t d = 0; d < rank; ++d) {
    size_t dim = rank - 1 - d;
    int64_t step = this->stride ? 1 : s.forceInt(strides[d], at);
    step = checkReach(s, step, "stride", at);
    for (size_t inner = dim + 1; inner < rank; ++inner)
      step += dsd.strides[inner] * (dsd.sizes[inner] - 1);
    dsd.strides[dim] = checkReach(s, step, "stride", at);
  }
}

void MemoryDsd::readBase(const std::optional<Value> &given) {
  dsd.element = elementOf(base.type);
  if (dsd.element->is(TypeKind::Struct))
    s.error(at, "a descriptor cannot go through structs; point to one of "
                "their fields");
  if (!dsd.element->isNumeric() && !dsd.element->is(TypeKind::Bool))
    dsd.element = nullptr;
  if (dsd.element && (dsd.element->bytes() < 2 || dsd.element->bytes() > 4))
    s.error(at, "a descriptor's elements have 16 or 32 bits, not those of '" +
                    dsd.element->name + "'");
  if (given && given->isRunTime())
    offset = *given;
  else if (given)
    dsd.bytes = checkReach(s, s.forceInt(*given, at), "offset", at) *
                (dsd.element ? dsd.element->bytes() : 2);
  if (base.isRunTime()) {
    GlobalVar &dummy = s.c.variables.emplace_back();
    dummy.type = offsetUnit(s, dsd);
    dummy.name = "no_base";
    dsd.base = &dummy;
    return;
  }
  dsd.base = base.pointer->var;
  dsd.bytes += base.pointer->bytes;
  base = {};
}

Value MemoryDsd::value() {
  Value known = dsdValue(s, dsd);
  return base || offset || extent || stride ? applyRunTime(known) : known;
}

Value MemoryDsd::applyRunTime(const Value &known) {
  if (!s.emitting())
    s.error(at, "this descriptor is only known when the program runs");
  mlir::OpBuilder &b = s.builder();
  mlir::Location loc = s.location(at);
  mlir::Value value = s.materializeValue(known, at);
  auto increment = [&](const Value &by) {
    value = b.create<csl::IncrementDsdOffsetOp>(
        loc, value.getType(), value, word(s, by, at),
        mlir::TypeAttr::get(s.mlirType(offsetUnit(s, dsd), at)));
  };
  if (base) {
    value = b.create<csl::SetDsdBaseAddrOp>(loc, value,
                                            s.materializeValue(base, at));
    if (dsd.bytes)
      increment(s.integer(dsd.bytes / offsetUnit(s, dsd)->bytes()));
  }
  if (offset)
    increment(offset);
  if (extent)
    value = b.create<csl::SetDsdLengthOp>(loc, value, word(s, extent, at));
  if (stride)
    value = b.create<csl::SetDsdStrideOp>(
        loc, value, word(s, s.convert(stride, s.types.i16, at), at));
  return s.runTime(dsd.type, value);
}

/// A circular buffer: as many elements as `.extent` says, from the start again
/// after `.wraparound` of them.
static Value circularDsd(Sema &s, const Type *type, const Value &config,
                         Loc at) {
  checkFields(s, config, {"base_address", "extent", "wraparound"}, at);
  std::optional<Value> address = s.field(config, "base_address"),
                       extent = s.field(config, "extent"),
                       wrap = s.field(config, "wraparound");
  if (!address || !extent)
    s.error(at, "a circular buffer needs '.base_address' and '.extent'");
  if (!address->type->isPointer() || !address->isKnown())
    s.error(at, "the '.base_address' of a circular buffer is a pointer known "
                "at compile time, not " +
                    s.describe(*address));
  DsdConst dsd;
  dsd.type = type;
  dsd.loc = at;
  dsd.base = address->pointer->var;
  dsd.bytes = address->pointer->bytes;
  dsd.element = elementOf(address->type);
  if (!dsd.element->isNumeric() || dsd.element->bytes() < 2 ||
      dsd.element->bytes() > 4)
    s.error(at, "a circular buffer's elements have 16 or 32 bits, not those "
                "of '" +
                    dsd.element->name + "'");
  dsd.sizes = {checkExtent(s, s.forceInt(*extent, at), at)};
  dsd.strides = {1};
  const Type *target = address->type->element;
  bool isArray = target->is(TypeKind::Array);
  if (!wrap && !isArray)
    s.error(at, "'.wraparound' is needed where '.base_address' does not point "
                "to an array");
  dsd.wrap = wrap ? s.forceInt(*wrap, at) : target->count();
  if (dsd.wrap < 1 || dsd.wrap > 65535)
    s.error(at, "'.wraparound' is 1 to 65535, not " + llvm::Twine(dsd.wrap));
  if (isArray && dsd.wrap > target->count())
    s.error(at, "'.wraparound' " + llvm::Twine(dsd.wrap) +
                    " is more than the " + llvm::Twine(target->count()) +
                    " elements of the buffer");
  return dsdValue(s, dsd);
}

static int simdMode(Sema &s, const Value &config, Loc at) {
  std::optional<Value> mode = s.field(config, "simd_mode");
  return mode ? 1 + chosenField(s, *mode,
                                {"simd_32", "simd_64", "simd_32_or_64"}, at)
              : 0;
}

int spada::cslfront::priorityOf(Sema &s, const Value &config, Loc at) {
  std::optional<Value> priority = s.field(config, "priority");
  return priority ? 1 + chosenField(s, *priority, {"low", "medium", "high"}, at)
                  : 0;
}

static Value fabricDsd(Sema &s, const Type *type, const Value &config, Loc at) {
  bool output = type->is(TypeKind::FaboutDsd);
  if (output)
    checkFields(s, config,
                {"extent", "fabric_color", "output_queue", "control",
                 "wavelet_index_offset", "simd_mode", "zero", "advance_switch",
                 "control_transform", "priority"},
                at);
  else
    checkFields(s, config,
                {"extent", "fabric_color", "input_queue", "control_transform",
                 "simd_mode", "priority", "control", "wavelet_index_offset"},
                at);
  DsdConst dsd;
  dsd.type = type;
  dsd.loc = at;
  dsd.controlTransform = boolField(s, config, "control_transform", at);
  std::optional<Value> extent = s.field(config, "extent"),
                       color = s.field(config, "fabric_color"),
                       queue = s.field(config,
                                       output ? "output_queue" : "input_queue"),
                       zero = s.field(config, "zero");
  if (color) {
    if (!color->type->is(TypeKind::Color))
      s.error(at, "'.fabric_color' is a color, not " + s.describe(*color));
    dsd.color = int(s.forceInt(*color, at));
  }
  if (queue) {
    TypeKind kind = output ? TypeKind::OutputQueue : TypeKind::InputQueue;
    if (!queue->type->is(kind))
      s.error(at, "expected a value of type '" + s.types.simple(kind)->name +
                      "', got " + s.describe(*queue));
    dsd.queue = int(s.forceInt(*queue, at));
  }
  bool runTimeExtent = extent && extent->isRunTime();
  if (extent && !runTimeExtent)
    dsd.extent = checkExtent(s, s.forceInt(*extent, at), at);
  dsd.control = output && boolField(s, config, "control", at);
  dsd.indexOffset = output && boolField(s, config, "wavelet_index_offset", at);
  dsd.advanceSwitch = boolField(s, config, "advance_switch", at);
  if (zero)
    dsd.zeroSource =
        1 + chosenField(s, *zero, {"first_source", "second_source"}, at);
  dsd.simd = simdMode(s, config, at);
  dsd.priority = priorityOf(s, config, at);
  Value result = dsdValue(s, dsd);
  if (!runTimeExtent)
    return result;
  return s.runTime(type, s.builder().create<csl::SetDsdLengthOp>(
                             s.location(at), s.materializeValue(result, at),
                             word(s, *extent, at)));
}

static Value getDsd(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  const Type *type = s.evalType(*call.args[0]);
  if (!type->isDsd())
    s.error(call.loc,
            "expected a kind of descriptor, got '" + type->name + "'");
  if (!s.program)
    s.error(call.loc, "@get_dsd belongs into a PE program");
  Value config = s.eval(*call.args[1]);
  if (!config.isKnown() || !config.type->is(TypeKind::Struct))
    s.error(call.loc, "expected a struct, got " + s.describe(config));
  if (type->is(TypeKind::CircbufDsd))
    return circularDsd(s, type, config, call.loc);
  bool memory = type->is(TypeKind::Mem1dDsd) || type->is(TypeKind::Mem4dDsd);
  return memory ? MemoryDsd(s, type, config, call.loc).value()
                : fabricDsd(s, type, config, call.loc);
}

//===----------------------------------------------------------------------===//
// Changes
//===----------------------------------------------------------------------===//

Value spada::cslfront::dsdArgument(Sema &s, const Expr &expr) {
  Value dsd = s.eval(expr);
  if (!dsd.type->isDsd())
    s.error(expr.loc, "expected a descriptor, got " + s.describe(dsd));
  return dsd;
}

/// The first argument of a change that only memory descriptors know.
static Value memoryArgument(Sema &s, const Expr &call, const char *what) {
  Value dsd = dsdArgument(s, *call.args[0]);
  if (!dsd.type->is(TypeKind::Mem1dDsd) && !dsd.type->is(TypeKind::Mem4dDsd))
    s.error(call.loc, llvm::Twine("only a mem1d_dsd or mem4d_dsd has ") + what +
                          ", got " + s.describe(dsd));
  return dsd;
}

static Value setBaseAddr(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  Value dsd = memoryArgument(s, call, "a base address");
  Sema::Reference reference = s.resolve(*call.args[1]);
  Value base;
  if (reference.place && (reference.place->type->is(TypeKind::Array) ||
                          !reference.place->type->isPointer()))
    base = s.addressOf(*reference.place, call.loc);
  else
    base =
        reference.place ? s.load(*reference.place, call.loc) : reference.value;
  if (base.isKnown() && base.type->is(TypeKind::Array)) {
    Place place(Place::Global, base.type);
    place.var = s.materialize(base, call.loc, "constant");
    base = s.addressOf(place, call.loc);
  }
  if (!base.type->isPointer())
    s.error(call.args[1]->loc,
            "expected an array or a pointer, got " + s.describe(base));
  if (!s.emitting()) {
    if (!base.isKnown())
      s.error(call.loc, "this descriptor is only known when the program runs");
    DsdConst changed = copyToChange(s, dsd, call.loc);
    changed.base = base.pointer->var;
    changed.bytes = base.pointer->bytes;
    return dsdValue(s, changed);
  }
  return s.runTime(dsd.type,
                   s.builder().create<csl::SetDsdBaseAddrOp>(
                       s.location(call.loc), s.materializeValue(dsd, call.loc),
                       s.materializeValue(base, call.loc)));
}

static Value setLength(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  Value dsd = dsdArgument(s, *call.args[0]), length = s.eval(*call.args[1]);
  if (!s.emitting()) {
    DsdConst changed = copyToChange(s, dsd, call.loc);
    (changed.base ? changed.sizes[0] : changed.extent) =
        checkExtent(s, s.forceInt(length, call.loc), call.loc);
    return dsdValue(s, changed);
  }
  if (dsd.type->is(TypeKind::Mem4dDsd))
    s.error(call.loc, "the length of a mem4d_dsd cannot be changed");
  mlir::Value value = s.materializeValue(dsd, call.loc);
  return s.runTime(dsd.type,
                   s.builder().create<csl::SetDsdLengthOp>(
                       s.location(call.loc), value, word(s, length, call.loc)));
}

static Value setStride(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  Value dsd = memoryArgument(s, call, "a stride"),
        stride = s.eval(*call.args[1]);
  if (!s.emitting()) {
    DsdConst changed = copyToChange(s, dsd, call.loc);
    changed.strides.back() =
        checkReach(s, s.forceInt(stride, call.loc), "stride", call.loc);
    return dsdValue(s, changed);
  }
  stride = stride.isKnown() ? stride : s.convert(stride, s.types.i16, call.loc);
  mlir::Value value = s.materializeValue(dsd, call.loc);
  return s.runTime(dsd.type,
                   s.builder().create<csl::SetDsdStrideOp>(
                       s.location(call.loc), value, word(s, stride, call.loc)));
}

static Value incrementOffset(Sema &s, const Expr &call) {
  checkArguments(s, call, 3, 3);
  Value dsd = memoryArgument(s, call, "an offset"),
        offset = s.eval(*call.args[1]);
  const Type *type = s.evalType(*call.args[2]);
  if (type->bytes() != 2 && type->bytes() != 4)
    s.error(call.loc, "the offset counts elements of 16 or 32 bits, not of '" +
                          type->name + "'");
  if (!s.emitting()) {
    DsdConst changed = copyToChange(s, dsd, call.loc);
    int64_t by =
        checkReach(s, s.forceInt(offset, call.loc), "offset", call.loc);
    changed.bytes =
        checkReach(s, changed.bytes + by * type->bytes(), "offset", call.loc);
    return dsdValue(s, changed);
  }
  mlir::Value value = s.materializeValue(dsd, call.loc);
  mlir::TypeAttr element = mlir::TypeAttr::get(s.mlirType(type, call.loc));
  auto memory = mlir::cast<csl::MemDsdType>(value.getType());
  if (memory.getElementType() == element.getValue())
    element = {};
  return s.runTime(dsd.type, s.builder().create<csl::IncrementDsdOffsetOp>(
                                 s.location(call.loc), value.getType(), value,
                                 word(s, offset, call.loc), element));
}

llvm::ArrayRef<BuiltinEntry> spada::cslfront::dsdBuiltins() {
  static constexpr BuiltinEntry table[] = {
      {"get_dsd", getDsd},
      {"set_dsd_base_addr", setBaseAddr},
      {"set_dsd_length", setLength},
      {"set_dsd_stride", setStride},
      {"increment_dsd_offset", incrementOffset},
  };
  return table;
}
