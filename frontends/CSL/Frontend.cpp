//===- Frontend.cpp - CSL source to the csl dialect -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Interprets the layout block, then compiles one program for each group of PEs
// that can share it.
//
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "Program.h"
#include "Sema.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/Path.h"

using namespace spada;
using namespace spada::cslfront;

namespace {
/// A layout that a layout block describes.
class BlockImporter : public Importer {
public:
  using Importer::Importer;

private:
  void fillLayout() override;
  void finishLayout(mlir::ModuleOp, csl::LayoutOp op) override {
    readHostMetadata(path, c.options, op);
  }
  void bindRootParams(Sema &sema, ModuleInstance &root);
  void checkPes(Loc at);
};
} // namespace

mlir::Location Importer::location(Loc at) {
  if (at.line == 0 || at.file >= c.sources.size())
    return mlir::FileLineColLoc::get(&c.context, path, 1, 1);
  return mlir::FileLineColLoc::get(&c.context, c.sources[at.file]->path,
                                   at.line, at.column);
}

void BlockImporter::bindRootParams(Sema &sema, ModuleInstance &root) {
  auto bind = [&](const std::string &name, Value value, const char *option) {
    Name known = c.names.intern(name);
    auto it = root.byName.find(known);
    if (it == root.byName.end() ||
        root.states[it->second].decl->kind != DeclKind::Param)
      throw CompileError{{},
                         std::string(option) + " names '" + name +
                             "', but the file has no such param",
                         {}};
    root.bound[known] = value;
  };
  for (const auto &[name, value] : c.options.params) {
    // A number also stands for a bool and for a color.
    Name known = c.names.intern(name);
    Value bound = sema.integer(value);
    if (auto it = root.byName.find(known); it != root.byName.end())
      if (const Expr *type = root.states[it->second].decl->type)
        if (type->kind == ExprKind::Name) {
          std::string_view text = c.names.text(type->name);
          const Type *named = c.types.named(text);
          if (named && (named->is(TypeKind::Bool) || named->isId()))
            bound = Value::integer(named, value);
        }
    bind(name, bound, "--params");
  }
  for (const auto &[name, value] : c.options.colors)
    bind(name, Value::integer(c.types.color, value), "--colors");
}

void BlockImporter::fillLayout() {
  Loc nowhere;
  Source &source = c.load(path, nowhere);
  Sema sema(c, &layout, nullptr);
  ModuleInstance *root = sema.instantiate(source, nowhere);
  sema.module = root;
  bindRootParams(sema, *root);
  unsigned blocks = 0;
  for (const Decl *decl : source.decls)
    if (decl->kind == DeclKind::Layout) {
      layoutLoc = decl->loc;
      ++blocks;
    }
  if (blocks != 1)
    throw CompileError{{source.number, 1, 1},
                       "the file has " + std::to_string(blocks) +
                           " layout blocks; the one given to the compiler "
                           "needs exactly one",
                       {}};
  sema.runBlocks(*root, DeclKind::Layout);
  if (!layout.hasRectangle())
    throw CompileError{layoutLoc, "the layout block has no @set_rectangle", {}};
  checkPes(layoutLoc);
}

void BlockImporter::checkPes(Loc at) {
  size_t count = 0;
  std::vector<bool> has(size_t(layout.width * layout.height));
  for (const TileShape &shape : layout.shapes)
    for (uint32_t pe : shape.pes) {
      has[pe] = true;
      ++count;
    }
  for (uint32_t pe = 0; pe < has.size(); ++pe)
    if (!has[pe])
      throw CompileError{at,
                         "PE (" + std::to_string(layout.xOf(pe)) + ", " +
                             std::to_string(layout.yOf(pe)) +
                             ") has no tile code; " +
                             std::to_string(has.size() - count) +
                             " PEs of the rectangle have none",
                         {}};
}

void Importer::compilePrograms(mlir::ModuleOp module) {
  mlir::OpBuilder builder(&c.context);
  auto op = mlir::cast<csl::LayoutOp>(module.getBody()->front());
  std::map<std::string, unsigned> used;
  for (const TileShape &shape : layout.shapes) {
    llvm::StringRef file = shape.path;
    file.consume_back(">"); // a library
    file.consume_front("<");
    std::string stem = llvm::sys::path::stem(file).str();
    for (char &letter : stem)
      if (!llvm::isAlnum(letter))
        letter = '_';
    std::vector<uint32_t> all(shape.pes.size());
    for (uint32_t i = 0; i < all.size(); ++i)
      all[i] = i;
    std::vector<std::vector<uint32_t>> groups{std::move(all)};
    while (!groups.empty()) {
      std::vector<uint32_t> members = std::move(groups.back());
      groups.pop_back();
      unsigned number = used[stem];
      std::string name = stem;
      if (number)
        name += "_" + std::to_string(number);
      Program program(c, layout, shape, members, name);
      try {
        program.run(module);
      } catch (const SplitGroup &split) {
        auto parts = program.split(*split.condition);
        for (auto it = parts.rbegin(); it != parts.rend(); ++it)
          groups.push_back(std::move(it->second));
        continue;
      }
      ++used[stem];
      builder.setInsertionPointToEnd(&op.getBody().front());
      program.applyToLayout(builder, op.getLoc());
    }
  }
}

static mlir::Type typeOfName(llvm::StringRef name, mlir::MLIRContext *context) {
  if (name == "f16" || name == "f32")
    return name == "f16" ? mlir::Type(mlir::Float16Type::get(context))
                         : mlir::Type(mlir::Float32Type::get(context));
  unsigned bits = 16;
  if (name == "bool")
    bits = 1;
  else if (name.size() > 1 && (name[0] == 'i' || name[0] == 'u'))
    name.drop_front().getAsInteger(10, bits);
  return mlir::IntegerType::get(context, bits);
}

mlir::Type Importer::exportType(const CSLExport &exported,
                                mlir::ModuleOp module) {
  llvm::StringRef text = exported.type;
  if (exported.isFunction) {
    llvm::SmallVector<mlir::Type> inputs, results;
    for (const std::string &input : exported.inputs)
      inputs.push_back(typeOfName(input, &c.context));
    llvm::StringRef result = text.substr(text.rfind(')') + 1).trim();
    if (result != "void")
      results.push_back(typeOfName(result, &c.context));
    return mlir::FunctionType::get(&c.context, inputs, results);
  }
  llvm::SmallVector<int64_t> dims{mlir::ShapedType::kDynamic};
  // The array that some program's pointer starts at.
  module.walk([&](csl::ExportSymbolOp symbol) {
    if (symbol.getName() != exported.name)
      return;
    auto program = symbol->getParentOfType<csl::ProgramOp>();
    mlir::SymbolTable table(program);
    auto pointer = table.lookup<csl::PointerOp>(symbol.getSymbol());
    if (!pointer || !pointer.getTarget())
      return;
    if (auto variable = table.lookup<csl::VariableOp>(*pointer.getTarget()))
      dims.assign(
          1, mlir::cast<mlir::MemRefType>(variable.getType()).getNumElements());
  });
  text = text.substr(text.find_last_of("]* ") + 1);
  return mlir::MemRefType::get(dims, typeOfName(text, &c.context));
}

void Importer::emitLayout(mlir::ModuleOp module, csl::LayoutOp op) {
  mlir::OpBuilder builder(&c.context);
  builder.setInsertionPointToEnd(&op.getBody().front());
  layout.emitColors(builder, op.getLoc());
  for (const auto &[isOut, color] : layout.hostColors)
    builder.create<csl::HostColorOp>(
        op.getLoc(), isOut ? csl::HostDirection::Out : csl::HostDirection::In,
        color);
  for (const CSLExport &exported : layout.exports)
    if (!exported.isColor)
      builder.create<csl::ExportNameOp>(op.getLoc(), exported.name,
                                        exportType(exported, module),
                                        exported.isMutable);
}

/// The verifier's text in the words of CSL: "'csl.task' op ..." is about a
/// task.
static std::string inWordsOfCSL(std::string text) {
  llvm::StringRef rest = text;
  if (!rest.consume_front("'csl."))
    return text;
  auto [word, message] = rest.split("'");
  message.consume_front(" op");
  std::string name = word == "vector" ? "operation" : word.str();
  std::replace(name.begin(), name.end(), '_', ' ');
  return "this " + name + message.str();
}

static bool verifyForAuthor(mlir::ModuleOp module) {
  using Text = std::pair<mlir::Location, std::string>;
  std::vector<std::vector<Text>> found; // each with its notes
  module.getContext()->printOpOnDiagnostic(false);
  {
    mlir::ScopedDiagnosticHandler handler(
        module.getContext(), [&](mlir::Diagnostic &diagnostic) {
          found.push_back({{diagnostic.getLocation(), diagnostic.str()}});
          for (mlir::Diagnostic &note : diagnostic.getNotes())
            found.back().push_back({note.getLocation(), note.str()});
          return mlir::success();
        });
    if (mlir::succeeded(mlir::verify(module)))
      return true;
  }
  for (const std::vector<Text> &texts : found) {
    mlir::InFlightDiagnostic error = mlir::emitError(texts.front().first)
                                     << inWordsOfCSL(texts.front().second);
    for (size_t i = 1; i < texts.size(); ++i)
      error.attachNote(texts[i].first) << inWordsOfCSL(texts[i].second);
  }
  return false;
}

CSLResult Importer::run() {
  c.context.loadDialect<csl::CSLDialect, mlir::arith::ArithDialect,
                        mlir::math::MathDialect, mlir::memref::MemRefDialect,
                        mlir::scf::SCFDialect>();
  mlir::OwningOpRef<mlir::ModuleOp> module;
  try {
    fillLayout();
    module = mlir::ModuleOp::create(location(layoutLoc));
    mlir::OpBuilder builder(module->getBodyRegion());
    builder.setInsertionPointToStart(module->getBody());
    auto op = builder.create<csl::LayoutOp>(
        location(layoutLoc), llvm::sys::path::stem(path), c.options.arch,
        uint64_t(layout.width), uint64_t(layout.height), false);
    op.getBody().emplaceBlock();
    compilePrograms(*module);
    emitLayout(*module, op);
    finishLayout(*module, op);
  } catch (const CompileError &error) {
    mlir::InFlightDiagnostic diagnostic = mlir::emitError(location(error.loc))
                                          << error.message;
    for (const auto &[loc, text] : error.notes)
      diagnostic.attachNote(location(loc)) << text;
    return std::move(result);
  } catch (const ArenaFull &) {
    mlir::emitError(location(layoutLoc))
        << "the values known at compile time need more than "
        << Arena::maxBytes / (size_t(1) << 30) << " GiB";
    return std::move(result);
  } catch (const SplitGroup &) {
    mlir::emitError(location(layoutLoc))
        << "PEs of one program differ where they must not";
    return std::move(result);
  }
  if (!verifyForAuthor(*module))
    return std::move(result);
  result.module = std::move(module);
  result.width = layout.width;
  result.height = layout.height;
  result.exports = layout.exports;
  return std::move(result);
}

CSLResult spada::importCSL(const std::string &path, const CSLOptions &options,
                           mlir::MLIRContext &context) {
  return BlockImporter(path, options, context).run();
}
