//===- EmitProgram.cpp - one PE program as CSL file -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Declarations, tasks, functions and the comptime block. Statements are in
// EmitBody.cpp.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

bool spada::isFlat(VariableOp variable) {
  return variable->hasAttr("csl.flat");
}

StringRef spada::taskIdName(TaskOp task) {
  return task->getAttrOfType<StringAttr>("csl.id_name").getValue();
}

bool spada::isMem1d(MemDsdOp dsd) {
  return dsd.getSizes().size() == 1 && dsd.getStrides().front() >= -128 &&
         dsd.getStrides().front() <= 127;
}

std::string spada::cslVariableType(VariableOp variable) {
  auto type = cast<MemRefType>(variable.getType());
  std::string element = cslType(type.getElementType());
  if (isFlat(variable))
    return "[" + std::to_string(type.getNumElements()) + "]" + element;
  if (type.getRank() == 0)
    return element;
  return "[" +
         llvm::join(
             llvm::map_range(type.getShape(),
                             [](int64_t n) { return std::to_string(n); }),
             ", ") +
         "]" + element;
}

namespace {
/// Prints one `csl.program`.
class ProgramEmitter {
public:
  ProgramEmitter(ProgramOp program, const Machine &machine,
                 const EmitCSLOptions &options, raw_ostream &out)
      : program(program), symbols(program), machine(machine), options(options),
        os(out) {
    for (auto symbol : program.getBody().getOps<SymbolOpInterface>())
      names.take(symbol.getName());
    for (auto task : program.getBody().getOps<TaskOp>())
      names.take(taskIdName(task));
  }
  LogicalResult emit();

private:
  template <typename OpTy, typename Printer> void section(Printer printer) {
    bool any = false;
    for (OpTy op : program.getBody().getOps<OpTy>()) {
      printer(op);
      any = true;
    }
    if (any)
      os << "\n";
  }
  void emitTaskId(TaskOp task);
  void emitVariable(VariableOp variable);
  LogicalResult emitMemDsd(MemDsdOp dsd);
  void emitFabricDsd(FabricDsdOp dsd);
  LogicalResult emitCallable(StringRef keyword, StringRef name, Block &body,
                             Type result, Location location);
  void emitComptime();

  ProgramOp program;
  SymbolTable symbols;
  const Machine &machine;
  const EmitCSLOptions &options;
  raw_indented_ostream os;
  CSLNames names;
};
} // namespace

void ProgramEmitter::emitTaskId(TaskOp task) {
  os << "const " << taskIdName(task) << ": ";
  if (task.getKind() == TaskKind::Local) {
    os << "local_task_id = @get_local_task_id(" << *task.getId() << ");\n";
    return;
  }
  auto queue = symbols.lookup<QueueOp>(*task.getQueue());
  os << "data_task_id = @get_data_task_id("
     << (machine.dataTaskIdIsColor ? queue.getColor() : queue.getSymName())
     << ");\n";
}

void ProgramEmitter::emitVariable(VariableOp variable) {
  auto type = cast<MemRefType>(variable.getType());
  os << "var " << variable.getSymName();
  std::string text = cslVariableType(variable);
  std::string align;
  if (auto bytes = variable.getAlignmentAttr())
    align = " align(" + std::to_string(bytes.getInt()) + ")";
  bool isScalar = type.getRank() == 0 && !isFlat(variable);
  Attribute init = variable.getInitAttr();
  auto number = dyn_cast_or_null<TypedAttr>(init);
  auto dense = dyn_cast_or_null<DenseElementsAttr>(init);
  auto splat = [&](TypedAttr value) {
    os << align << " = @constants(" << text << ", " << cslLiteral(value).text
       << ")";
  };
  auto element = [&](Attribute value) {
    return cslLiteral(cast<TypedAttr>(value)).text;
  };
  if (isScalar) {
    os << ": " << text << align << " = ";
    os << (number ? cslLiteral(number).text
                  : cslLiteral(Builder(program.getContext())
                                   .getZeroAttr(type.getElementType()))
                        .text);
  } else if (dense && dense.isSplat()) {
    splat(cast<TypedAttr>(dense.getSplatValue<Attribute>()));
  } else if (dense) {
    os << align << " = " << text << "{ "
       << llvm::join(llvm::map_range(dense.getValues<Attribute>(), element),
                     ", ")
       << " }";
  } else if (number) {
    splat(number);
  } else {
    os << align << " = @zeros(" << text << ")";
  }
  os << ";\n";
}

/// Splits the coefficients of one induction variable, or the offset, over the
/// dimensions of an array with row-major `strides`; false when that would step
/// out of a dimension somewhere.
static bool splitAccess(MemDsdOp dsd, ArrayRef<int64_t> shape,
                        SmallVectorImpl<SmallVector<int64_t>> &coefficients,
                        SmallVectorImpl<int64_t> &offsets) {
  int64_t rank = shape.size();
  SmallVector<int64_t> strides(rank, 1);
  for (int64_t d = rank - 2; d >= 0; --d)
    strides[d] = strides[d + 1] * shape[d + 1];
  SmallVector<int64_t> low(rank), high(rank);
  int64_t rest = static_cast<int64_t>(dsd.getOffset());
  for (int64_t d = 0; d < rank; ++d) {
    offsets.push_back(rest / strides[d]);
    rest %= strides[d];
    low[d] = high[d] = offsets.back();
  }
  for (auto [size, stride] :
       llvm::zip_equal(dsd.getSizes(), dsd.getStrides())) {
    coefficients.emplace_back(rank, 0);
    // The outermost dimension whose stride divides the coefficient.
    for (int64_t d = 0; d < rank; ++d)
      if (stride % strides[d] == 0) {
        coefficients.back()[d] = stride / strides[d];
        (stride < 0 ? low : high)[d] += (size - 1) * coefficients.back()[d];
        break;
      }
  }
  for (int64_t d = 0; d < rank; ++d)
    if (low[d] < 0 || high[d] >= shape[d])
      return false;
  return true;
}

LogicalResult ProgramEmitter::emitMemDsd(MemDsdOp dsd) {
  static const char *const variables[] = {"i", "j", "k", "l"};
  auto base = symbols.lookup<VariableOp>(dsd.getBase());
  SmallVector<int64_t> shape(cast<MemRefType>(base.getType()).getShape());
  if (isFlat(base))
    shape = {cast<MemRefType>(base.getType()).getNumElements()};
  SmallVector<SmallVector<int64_t>> coefficients;
  SmallVector<int64_t> offsets;
  if (!splitAccess(dsd, shape, coefficients, offsets)) {
    // Descriptors are not checked against bounds, so that the last dimension
    // can hold the whole linear index.
    coefficients.clear();
    offsets.assign(shape.size(), 0);
    offsets.back() = dsd.getOffset();
    for (int64_t stride : dsd.getStrides()) {
      coefficients.emplace_back(shape.size(), 0);
      coefficients.back().back() = stride;
    }
  }
  SmallVector<std::string> indices;
  for (size_t d = 0; d < shape.size(); ++d) {
    std::string text;
    for (auto [variable, row] : llvm::zip(variables, coefficients)) {
      int64_t factor = row[d];
      if (factor == 0)
        continue;
      if (!text.empty())
        text += factor < 0 ? " - " : " + ";
      else if (factor < 0)
        text += "-";
      if (std::abs(factor) != 1)
        text += std::to_string(std::abs(factor)) + " * ";
      text += variable;
    }
    if (text.empty())
      text = std::to_string(offsets[d]);
    else if (offsets[d] != 0)
      text += (offsets[d] < 0 ? " - " : " + ") +
              std::to_string(std::abs(offsets[d]));
    indices.push_back(text);
  }
  size_t rank = dsd.getSizes().size();
  // The hardware steps by the distance from the last inner element; it is 16
  // bits wide.
  int64_t inner = 0;
  for (size_t d = rank; d-- > 0;) {
    int64_t stride = dsd.getStrides()[d];
    if (!llvm::isInt<16>(stride - inner))
      return dsd.emitError()
             << "'csl.mem_dsd_const' '" << dsd.getSymName() << "' steps by "
             << stride - inner << " elements in dimension " << d
             << "; steps are 16 bits wide";
    inner += stride * (dsd.getSizes()[d] - 1);
  }
  os << "const " << dsd.getSymName() << " = @get_dsd("
     << (isMem1d(dsd) ? "mem1d_dsd" : "mem4d_dsd") << ", .{ .tensor_access = |"
     << llvm::join(ArrayRef(variables).take_front(rank), ", ") << "|{"
     << llvm::join(llvm::map_range(dsd.getSizes(),
                                   [](int64_t n) { return std::to_string(n); }),
                   ", ")
     << "} -> " << dsd.getBase() << "[" << llvm::join(indices, ", ")
     << "] });\n";
  return success();
}

void ProgramEmitter::emitFabricDsd(FabricDsdOp dsd) {
  auto queue = symbols.lookup<QueueOp>(dsd.getQueue());
  bool input = queue.getKind() == QueueKind::Input;
  os << "const " << dsd.getSymName() << " = @get_dsd("
     << (input ? "fabin_dsd" : "fabout_dsd")
     << ", .{ .extent = " << dsd.getExtent()
     << ", .fabric_color = " << queue.getColor()
     << (input ? ", .input_queue = " : ", .output_queue = ") << dsd.getQueue()
     << " });\n";
}

LogicalResult ProgramEmitter::emitCallable(StringRef keyword, StringRef name,
                                           Block &body, Type result,
                                           Location location) {
  names.open();
  BodyEmitter emitter(program, symbols, names, machine, options, os);
  emitter.emitLocation(location);
  os << keyword << " " << name << "(";
  llvm::interleaveComma(body.getArguments(), os, [&](BlockArgument argument) {
    auto named = dyn_cast<NameLoc>(argument.getLoc());
    std::string parameter = named ? names.take(named.getName().getValue())
                            : keyword == "task" ? names.take("data")
                                                : names.takeNumbered("arg");
    emitter.bindName(argument, parameter);
    os << parameter << ": " << cslType(argument.getType());
  });
  os << ") " << (result ? cslType(result) : "void") << " {\n";
  os.indent();
  if (failed(emitter.emitBody(body)))
    return failure();
  os.unindent() << "}\n\n";
  names.close();
  return success();
}

void ProgramEmitter::emitComptime() {
  if (llvm::none_of(program.getBody().front(), [](Operation &op) {
        return isa<QueueOp, TaskOp, ExportSymbolOp>(op);
      }))
    return;
  os << "comptime {\n";
  os.indent();
  for (auto queue : program.getBody().getOps<QueueOp>())
    if (queue.getKind() == QueueKind::Input || machine.outputQueueBoundToColor)
      os << "@initialize_queue(" << queue.getSymName()
         << ", .{ .color = " << queue.getColor() << " });\n";
  for (auto task : program.getBody().getOps<TaskOp>()) {
    StringRef id = taskIdName(task);
    os << (task.getKind() == TaskKind::Local ? "@bind_local_task("
                                             : "@bind_data_task(")
       << task.getSymName() << ", " << id << ");\n";
    if (task.getBlocked()) {
      StringRef what = id;
      if (task.getQueue())
        what = machine.dataTaskIdIsColor
                   ? symbols.lookup<QueueOp>(*task.getQueue()).getColor()
                   : *task.getQueue();
      os << "@block(" << what << ");\n";
    }
    if (task.getActive())
      os << "@activate(" << id << ");\n";
  }
  for (auto exported : program.getBody().getOps<ExportSymbolOp>()) {
    os << "@export_symbol(" << exported.getSymbol();
    if (exported.getSymbol() != exported.getName())
      os << ", \"" << exported.getName() << "\"";
    os << ");\n";
  }
  os.unindent() << "}\n";
}

LogicalResult ProgramEmitter::emit() {
  section<ParamOp>([&](ParamOp param) {
    os << "param " << param.getSymName() << ": "
       << (param.getType() ? cslType(*param.getType()) : "comptime_struct")
       << ";\n";
  });
  section<ImportOp>([&](ImportOp import) {
    os << "const " << import.getSymName() << " = @import_module(\"";
    os.write_escaped(import.getPath()) << "\"";
    if (import.getParams())
      os << ", " << *import.getParams();
    os << ");\n";
  });
  section<ColorOp>([&](ColorOp color) {
    os << "const " << color.getSymName() << ": color = @get_color("
       << color.getNumber() << ");\n";
  });
  section<QueueOp>([&](QueueOp queue) {
    StringRef kind =
        queue.getKind() == QueueKind::Input ? "input_queue" : "output_queue";
    os << "const " << queue.getSymName() << ": " << kind << " = @get_" << kind
       << "(" << queue.getNumber() << ");\n";
  });
  section<TaskOp>([&](TaskOp task) { emitTaskId(task); });
  section<VariableOp>([&](VariableOp variable) { emitVariable(variable); });
  section<PointerOp>([&](PointerOp pointer) {
    auto type = cast<MemRefType>(
        symbols.lookup<VariableOp>(*pointer.getTarget()).getType());
    os << "var " << pointer.getSymName() << ": [*]"
       << cslType(type.getElementType()) << " = &" << *pointer.getTarget()
       << ";\n";
  });
  LogicalResult result = success();
  section<MemDsdOp>([&](MemDsdOp dsd) {
    if (failed(emitMemDsd(dsd)))
      result = failure();
  });
  section<FabricDsdOp>([&](FabricDsdOp dsd) { emitFabricDsd(dsd); });
  for (Operation &op : program.getBody().front()) {
    LogicalResult body = success();
    if (auto function = dyn_cast<FuncOp>(op))
      body = emitCallable(
          "fn", function.getSymName(), function.getBody().front(),
          function.getResultType() ? *function.getResultType() : Type(),
          op.getLoc());
    else if (auto task = dyn_cast<TaskOp>(op))
      body = emitCallable("task", task.getSymName(), task.getBody().front(),
                          Type(), op.getLoc());
    if (failed(body))
      return failure();
  }
  emitComptime();
  return result;
}

LogicalResult spada::emitProgram(ProgramOp program, const Machine &machine,
                                 const EmitCSLOptions &options,
                                 raw_ostream &os) {
  return ProgramEmitter(program, machine, options, os).emit();
}
