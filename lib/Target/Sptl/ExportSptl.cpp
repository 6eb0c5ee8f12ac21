//===- ExportSptl.cpp - kernels and blocks as SpaDA source ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Declarations and the frame around them. Statements are in
// PrintStatements.cpp, expressions in PrintExprs.cpp.
//
//===----------------------------------------------------------------------===//

#include "frontends/Spada/AST.h"
#include "lib/Target/Sptl/Printer.h"
#include "spada/Target/Sptl.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace spada;
using namespace spada::sptl;
using llvm::StringRef;
using llvm::Twine;

void Printer::fail(Operation *op, const Twine &message) {
  if (failed)
    return;
  failed = true;
  std::string text = message.str();
  auto [what, hint] = StringRef(text).split("; hint: ");
  InFlightDiagnostic diagnostic = op->emitError(what);
  if (!hint.empty())
    diagnostic.attachNote() << "hint: " << hint;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static bool isName(StringRef text) {
  auto [base, version] = text.split('#');
  if (base.empty() || llvm::isDigit(base[0]) || base == "true" ||
      base == "false")
    return false;
  if (text.contains('#') &&
      (version.empty() || version[0] == '0' ||
       !llvm::all_of(version, [](char c) { return llvm::isDigit(c); })))
    return false;
  return llvm::all_of(base,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

StringRef Printer::checkName(Operation *op, StringRef name) {
  if (!isName(name))
    fail(op, "name '" + name +
                 "' cannot be written in source; hint: use letters, digits and "
                 "'_', and a version as in 'a#1'");
  return name;
}

void Printer::collectNames(KernelOp op) {
  for (Attribute name : op.getParamNames()) {
    params.insert(cast<StringAttr>(name).getValue());
    taken.insert(cast<StringAttr>(name).getValue());
  }
  op.walk([&](Operation *inner) {
    if (auto name = inner->getAttrOfType<StringAttr>("name"))
      taken.insert(name.getValue());
    if (auto list = inner->getAttrOfType<ArrayAttr>("names"))
      for (Attribute name : list)
        taken.insert(cast<StringAttr>(name).getValue());
    if (auto field = dyn_cast<FieldOp>(inner))
      fields.insert(field.getName());
    if (auto argument = dyn_cast<ArgumentOp>(inner))
      if (argument.getMode() >= ArgumentMode::Scalar)
        scalars.insert(argument.getName());
  });
}

std::string Printer::fresh(StringRef wanted) {
  StringRef base = wanted.split('#').first;
  for (unsigned n = 1;; ++n) {
    std::string name = (base + "#" + Twine(n)).str();
    if (taken.insert(name).second)
      return name;
  }
}

/// Whether a statement or an expression of `region` says `name` of a value.
static bool mentions(Region &region, StringRef name) {
  return region
      .walk([&](Operation *op) {
        StringRef key = isa<ScalarRefOp>(op) ? "name" : "field";
        auto attr = op->getAttrOfType<StringAttr>(key);
        return attr && attr.getValue() == name ? WalkResult::interrupt()
                                               : WalkResult::advance();
      })
      .wasInterrupted();
}

bool Printer::hides(BlockArgument value, StringRef wanted) {
  StringRef base = wanted.split('#').first;
  if (params.contains(base))
    return true;
  Region *region = value.getOwner()->getParent();
  if (fields.contains(wanted) || scalars.contains(wanted))
    if (mentions(*region, wanted))
      return true;
  for (BlockArgument other : value.getOwner()->getArguments()) {
    if (other == value)
      break;
    auto it = names.find(other);
    if (it != names.end() && it->second == wanted &&
        (wanted != "_" || !other.use_empty()))
      return true;
  }
  // A variable of an outer region that is used in this one.
  for (Operation *outer = region->getParentOp(); outer && !isa<KernelOp>(outer);
       outer = outer->getParentOp())
    if (outer->getBlock())
      for (BlockArgument other : outer->getBlock()->getArguments()) {
        auto it = names.find(other);
        if (it == names.end() || it->second != wanted)
          continue;
        for (Operation *user : other.getUsers())
          if (region->isAncestor(user->getParentRegion()))
            return true;
      }
  return false;
}

void Printer::bind(BlockArgument value, StringRef wanted) {
  names[value] = hides(value, wanted) ? fresh(wanted) : wanted.str();
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

void Printer::type(Operation *op, Type t) {
  Ty ty = frontend::tyOf(t);
  if (!frontend::isConcrete(ty))
    fail(op, "type cannot be written in source");
  else
    os << frontend::nameOf(ty);
}

void Printer::dims(ValueRange values) {
  if (values.empty())
    return;
  os << "[";
  llvm::interleaveComma(values, os, [&](Value value) { index(value); });
  os << "]";
}

/// A bound stands below the comparisons, so operators need parentheses.
void Printer::streamType(Operation *op, Type element, Value bound) {
  os << "stream<";
  type(op, element);
  if (bound) {
    os << ", ";
    expr(bound, Ty::Index, /*nested=*/true);
  }
  os << ">";
}

static std::optional<int64_t> constantOf(Value value) {
  auto op = value.getDefiningOp<ConstantOp>();
  auto attr = op ? dyn_cast<IntegerAttr>(op.getValue()) : IntegerAttr();
  if (!attr || !attr.getType().isIndex())
    return std::nullopt;
  return attr.getInt();
}

/// What the importer makes of a single coordinate.
static bool isSingle(Value lo, Value hi, Value step) {
  if (constantOf(step) != 1)
    return false;
  std::optional<int64_t> from = constantOf(lo), to = constantOf(hi);
  if (from)
    return to && *to == *from + 1;
  auto add = hi.getDefiningOp<BinaryOp>();
  return add && add.getKind() == BinaryKind::Add && add.getLhs() == lo &&
         constantOf(add.getRhs()) == 1;
}

void Printer::range(Value lo, Value hi, Value step) {
  index(lo);
  if (isSingle(lo, hi, step))
    return;
  os << ":";
  index(hi);
  if (constantOf(step) != 1) {
    os << ":";
    index(step);
  }
}

void Printer::ranges(ValueRange lo, ValueRange hi, ValueRange step) {
  os << "[";
  for (size_t i = 0; i < lo.size(); ++i) {
    os << (i ? ", " : "");
    range(lo[i], hi[i], step[i]);
  }
  os << "]";
}

void Printer::typedVars(ArrayAttr wanted, ValueRange values) {
  for (auto [i, value] : llvm::enumerate(values)) {
    auto argument = cast<BlockArgument>(value);
    Operation *op = argument.getOwner()->getParentOp();
    bind(argument, checkName(op, cast<StringAttr>(wanted[i]).getValue()));
    os << (i ? ", " : "");
    type(op, value.getType());
    os << " " << names[value];
  }
}

void Printer::closeBrace() {
  --depth;
  line() << "}\n";
}

//===----------------------------------------------------------------------===//
// Kernel level
//===----------------------------------------------------------------------===//

LogicalResult Printer::kernel(KernelOp op) {
  collectNames(op);
  if (std::optional<DictionaryAttr> least = op.getPreconditions()) {
    os << "// spada-precondition:";
    for (NamedAttribute entry : *least)
      if (auto value = dyn_cast<IntegerAttr>(entry.getValue()))
        os << " " << entry.getName().getValue() << ">=" << value.getInt();
    os << "\n";
  }
  if (auto bound = op->getAttrOfType<DictionaryAttr>("bindings")) {
    os << "// with";
    for (NamedAttribute entry : bound) {
      os << " " << entry.getName().getValue() << "=";
      entry.getValue().print(os, /*elideType=*/true);
    }
    os << "\n";
  }
  if (checkName(op, op.getSymName()).contains('#'))
    fail(op, "a kernel name cannot have a version");
  os << "kernel @" << op.getSymName() << "<";
  Block &body = op.getBody().front();
  for (auto [i, value] : llvm::enumerate(body.getArguments())) {
    StringRef name = cast<StringAttr>(op.getParamNames()[i]).getValue();
    names[value] = checkName(op, name).str();
    os << (i ? ", " : "") << name;
  }
  os << ">(";
  arguments(body);
  os << ") {\n";
  ++depth;
  blocks(body);
  closeBrace();
  return success(!failed);
}

void Printer::arguments(Block &body) {
  StringRef separator = "\n";
  ++depth;
  for (ArgumentOp op : body.getOps<ArgumentOp>()) {
    os << separator;
    line();
    argument(op);
    separator = ",\n";
  }
  --depth;
}

void Printer::argument(ArgumentOp op) {
  ArgumentMode mode = op.getMode();
  if (mode >= ArgumentMode::Scalar)
    type(op, op.getElementType());
  else
    streamType(op, op.getElementType(), op.getBound());
  dims(op.getDims());
  if (mode == ArgumentMode::ReadOnly || mode == ArgumentMode::WriteOnly ||
      mode == ArgumentMode::CompileTime)
    os << " " << stringifyArgumentMode(mode);
  os << " " << checkName(op, op.getName());
}

void Printer::blocks(Block &body) {
  for (Operation &op : body) {
    if (auto phase = dyn_cast<PhaseOp>(op)) {
      line() << "phase {\n";
      ++depth;
      blocks(phase.getBody().front());
      closeBrace();
    } else if (auto loop = dyn_cast<MetaForOp>(op)) {
      metaFor(loop);
    } else if (auto place = dyn_cast<PlaceOp>(op)) {
      subgrid("place", place, place.getBody().front());
    } else if (auto dataflow = dyn_cast<DataflowOp>(op)) {
      subgrid("dataflow", dataflow, dataflow.getBody().front());
    } else if (auto compute = dyn_cast<ComputeOp>(op)) {
      subgrid("compute", compute, compute.getBody().front());
    }
  }
}

void Printer::metaFor(MetaForOp op) {
  BlockArgument variable = op.getBody().front().getArgument(0);
  bind(variable, checkName(op, op.getName()));
  line() << "for ";
  type(op, op.getType());
  os << " " << names[variable] << " in ";
  ranges(op.getLo(), op.getHi(), op.getStep());
  os << " {\n";
  ++depth;
  blocks(op.getBody().front());
  closeBrace();
}

void Printer::subgrid(StringRef word, SubgridOpInterface op, Block &contents) {
  line() << word << " ";
  typedVars(op.getNames(), contents.getArguments());
  os << " in [";
  range(op.getXLo(), op.getXHi(), op.getXStep());
  os << ", ";
  range(op.getYLo(), op.getYHi(), op.getYStep());
  os << "] {\n";
  ++depth;
  if (isa<ComputeOp>(op)) {
    compileTime = false;
    body(contents);
    compileTime = true;
  }
  for (Operation &inner : contents) {
    if (auto decl = dyn_cast<FieldOp>(inner))
      field(decl);
    else if (auto decl = dyn_cast<StreamOp>(inner))
      stream(decl);
    else if (auto decl = dyn_cast<ExternStreamOp>(inner))
      externStream(decl);
  }
  closeBrace();
}

void Printer::field(FieldOp op) {
  line() << (op.getIsExtern() ? "extern " : "");
  type(op, op.getElementType());
  dims(op.getDims());
  os << " " << checkName(op, op.getName()) << "\n";
}

void Printer::offset(Value lo, Value stop) {
  if (!stop)
    return index(lo);
  os << "[";
  index(lo);
  os << ":";
  index(stop);
  os << "]";
}

void Printer::stream(StreamOp op) {
  line();
  streamType(op, op.getElementType(), op.getBound());
  os << " " << checkName(op, op.getName()) << " = relative_stream(";
  offset(op.getDx(), op.getDxStop());
  os << ", ";
  offset(op.getDy(), op.getDyStop());
  os << ")";
  auto hops = op.getHops();
  if (hops || op.getChannel() || op.getCount()) {
    os << " { hops = ";
    if (!hops || hops->empty()) {
      os << "auto";
    } else {
      os << "[";
      for (size_t i = 0; i + 1 < hops->size(); i += 2)
        os << (i ? ", (" : "(") << (*hops)[i] << ", " << (*hops)[i + 1] << ")";
      os << "]";
    }
    os << ", channel = ";
    if (op.getChannel())
      index(op.getChannel());
    else
      os << "auto";
    if (op.getCount()) {
      os << ", count = ";
      index(op.getCount());
    }
    os << " }";
  }
  os << "\n";
}

void Printer::externStream(ExternStreamOp op) {
  line();
  streamType(op, op.getElementType(), op.getBound());
  os << " " << checkName(op, op.getName()) << " = extern_stream("
     << stringifyStreamDirection(op.getDirection()) << ")\n";
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

/// The reader refuses what is nested deeper than it can follow.
static bool isTooDeep(StringRef text) {
  int depth = 0, deepest = 0;
  for (char c : text) {
    depth += StringRef("([{").contains(c);
    depth -= StringRef(")]}").contains(c);
    deepest = std::max(deepest, depth);
  }
  return deepest > frontend::ast::maxNesting;
}

LogicalResult spada::exportSptl(KernelOp kernel, raw_ostream &os) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (failed(Printer(stream).kernel(kernel)))
    return failure();
  if (isTooDeep(text))
    return kernel.emitError("needs more than ")
           << frontend::ast::maxNesting
           << " levels of brackets in source, which cannot be read back";
  os << text;
  return success();
}

void spada::registerExportSptlTranslation() {
  static TranslateFromMLIRRegistration registration(
      "export-sptl", "the spada dialect to SpaDA source (.sptl)",
      [](Operation *op, raw_ostream &os) -> LogicalResult {
        auto module = dyn_cast<ModuleOp>(op);
        KernelOp found = dyn_cast<KernelOp>(op);
        if (module)
          for (KernelOp kernel : module.getOps<KernelOp>()) {
            if (found)
              return kernel.emitError("a source file holds one kernel");
            found = kernel;
          }
        if (!found)
          return op->emitError("holds no 'spada.kernel'");
        return exportSptl(found, os);
      },
      [](DialectRegistry &registry) { registry.insert<SpadaDialect>(); });
}
