//===- Names.cpp - names that CSL can spell -------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/Transforms/Names.h"
#include "dialects/CSL/Transforms/Transforms.h"

#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

bool spada::isReservedCSLName(StringRef name) {
  static const llvm::StringSet<> reserved = {
      // Keywords.
      "align", "and", "anytype", "break", "comptime", "const", "continue",
      "else", "enum", "export", "extern", "false", "fn", "for", "if", "inline",
      "layout", "linkname", "linksection", "noinline", "or", "packed", "param",
      "return", "struct", "switch", "task", "true", "union", "var", "void",
      "while", "asm", "volatile",
      // Types.
      "bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f16",
      "f32", "bf16", "cb16", "anyopaque", "type", "comptime_int",
      "comptime_float", "comptime_string", "comptime_struct", "color",
      "local_task_id", "data_task_id", "control_task_id", "input_queue",
      "output_queue", "ut_id", "direction", "mem1d_dsd", "mem4d_dsd",
      "fabin_dsd", "fabout_dsd", "circbuf_dsd", "dsr_dest", "dsr_src0",
      "dsr_src1", "dsr_fifo_dest", "dsr_fifo_src1", "xdsr", "sr",
      "imported_module",
      // Predeclared values and the discard name.
      "NORTH", "SOUTH", "EAST", "WEST", "RAMP", "_"};
  return reserved.contains(name);
}

std::string spada::legalCSLName(StringRef name) {
  std::string legal;
  for (char c : name) {
    if (llvm::isAlnum(c) || c == '_')
      legal += c;
    else
      legal += c == '#' ? "__" : "_";
  }
  if (legal.empty() || llvm::isDigit(legal.front()))
    legal.insert(0, "n");
  if (isReservedCSLName(legal))
    legal += "_";
  return legal;
}

bool CSLNames::tryTake(const std::string &name) {
  if (!taken.insert(name).second)
    return false;
  order.push_back(name);
  return true;
}

std::string CSLNames::take(StringRef hint) {
  std::string base = legalCSLName(hint), name = base;
  for (unsigned i = 1; !tryTake(name); ++i)
    name = base + "_" + std::to_string(i);
  return name;
}

std::string CSLNames::takeNumbered(StringRef hint) {
  for (unsigned i = 0;; ++i)
    if (std::string name = hint.str() + std::to_string(i); tryTake(name))
      return name;
}

void CSLNames::close() {
  for (size_t mark = marks.pop_back_val(); order.size() > mark;
       order.pop_back())
    taken.erase(order.back());
}

/// Replaces references to the renamed symbols inside of `scope`.
static void replaceUses(Operation *scope,
                        const llvm::DenseMap<StringAttr, StringAttr> &renamed) {
  if (renamed.empty())
    return;
  AttrTypeReplacer replacer;
  replacer.addReplacement(
      [&](FlatSymbolRefAttr name) -> std::optional<Attribute> {
        auto it = renamed.find(name.getAttr());
        return it == renamed.end() ? name : FlatSymbolRefAttr::get(it->second);
      });
  scope->walk<WalkOrder::PreOrder>([&](Operation *op) {
    // A program's own names are looked up in the program.
    if (op != scope && isa<ProgramOp>(op))
      return WalkResult::skip();
    replacer.replaceElementsIn(op);
    return WalkResult::advance();
  });
}

/// Gives each symbol directly in `scope` a legal name. Names that are legal
/// already keep theirs.
static void renameSymbols(Operation *scope, Block &block, CSLNames &names) {
  SmallVector<SymbolOpInterface> illegal;
  for (auto symbol : block.getOps<SymbolOpInterface>()) {
    if (legalCSLName(symbol.getName()) == symbol.getName())
      names.take(symbol.getName());
    else
      illegal.push_back(symbol);
  }
  llvm::DenseMap<StringAttr, StringAttr> renamed;
  for (SymbolOpInterface symbol : illegal) {
    auto name =
        StringAttr::get(scope->getContext(), names.take(symbol.getName()));
    renamed[symbol.getNameAttr()] = name;
    if (isa<ParamOp>(symbol)) // the layout binds it by its old name
      symbol->setAttr("csl.original_name", symbol.getNameAttr());
    symbol.setName(name);
  }
  replaceUses(scope, renamed);
}

void spada::csl::legalizeNames(ModuleOp module) {
  CSLNames files;
  files.take("layout"); // the layout's own file; also a keyword
  renameSymbols(module, *module.getBody(), files);
  for (auto program : module.getOps<ProgramOp>()) {
    CSLNames names;
    renameSymbols(program, program.getBody().front(), names);
  }
}

llvm::DenseSet<StringAttr> spada::csl::flatVariables(ProgramOp program) {
  llvm::DenseSet<StringAttr> exported, flat;
  for (auto pointer : program.getBody().getOps<PointerOp>())
    if (pointer.getTargetAttr())
      exported.insert(pointer.getTargetAttr().getAttr());
  for (auto variable : program.getBody().getOps<VariableOp>()) {
    auto type = cast<MemRefType>(variable.getType());
    auto init = dyn_cast_or_null<DenseElementsAttr>(variable.getInitAttr());
    bool listed = type.getRank() > 1 && init && !init.isSplat();
    if (listed ||
        (type.getRank() != 1 && exported.contains(variable.getSymNameAttr())))
      flat.insert(variable.getSymNameAttr());
  }
  return flat;
}
