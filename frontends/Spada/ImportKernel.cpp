//===- ImportKernel.cpp - kernels, blocks and fields ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Everything outside compute bodies but streams, which ImportStreams.cpp reads.
//
//===----------------------------------------------------------------------===//

#include "frontends/Spada/Importer.h"

using namespace mlir;
using namespace spada;
using namespace spada::frontend;
using llvm::StringRef;
using llvm::Twine;

static StringRef ref(std::string_view text) { return StringRef(text); }

Importer::Importer(MLIRContext *context, StringRef file,
                   std::string_view source, const ImportOptions &options,
                   Messages &messages)
    : builder(context), file(StringAttr::get(context, file)), source(source),
      options(options), messages(messages) {}

Location Importer::loc(ast::Loc at) {
  return FileLineColLoc::get(file, at.line, at.col);
}

Type Importer::mlirType(Ty t) {
  switch (t) {
  case Ty::F16:
    return builder.getF16Type();
  case Ty::F32:
    return builder.getF32Type();
  case Ty::F64:
    return builder.getF64Type();
  case Ty::Index:
    return builder.getIndexType();
  default:
    break;
  }
  return IntegerType::get(builder.getContext(), widthOf(t),
                          isUnsignedTy(t) ? IntegerType::Unsigned
                                          : IntegerType::Signless);
}

StringRef Importer::textOf(const ast::Expr &e) const {
  return ref(source.substr(e.begin, e.end - e.begin));
}

ArrayAttr Importer::names(llvm::ArrayRef<ast::TypedVar> vars) {
  llvm::SmallVector<Attribute> result;
  for (const ast::TypedVar &var : vars)
    result.push_back(string(var.name.text));
  return builder.getArrayAttr(result);
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// Parameters are replaced everywhere, so nothing else may have their names.
void Importer::checkName(const ast::Ident &name, const char *what) {
  StringRef base = ref(name.text).split('#').first;
  auto param = paramLocs.find(base);
  if (param == paramLocs.end())
    return;
  error(name.loc, Twine(what) + " '" + ref(name.text) +
                      "' has the name of a parameter; hint: rename one of them")
      .note(param->second, "parameter declared here");
}

void Importer::checkVars(llvm::ArrayRef<ast::TypedVar> vars) {
  for (auto [i, var] : llvm::enumerate(vars)) {
    checkName(var.name, "variable");
    for (const ast::TypedVar &other : vars.take_front(i))
      if (other.name.text == var.name.text && var.name.text != "_") {
        error(var.name.loc,
              "two variables are named '" + Twine(ref(var.name.text)) + "'")
            .note(other.name.loc, "first one here");
        break;
      }
  }
}

ast::Scalar Importer::indexScalar(const ast::TypedVar &var, const char *what) {
  if (isIntTy(tyOf(var.type)))
    return var.type;
  messages.warn(var.typeLoc,
                Twine(what) + " '" + ref(var.name.text) + "' has type '" +
                    nameOf(tyOf(var.type)) +
                    "', taken as 'i32'; hint: use an integer type");
  return ast::Scalar::I32;
}

//===----------------------------------------------------------------------===//
// Kernel
//===----------------------------------------------------------------------===//

void Importer::checkParams(const ast::Kernel &kernel) {
  if (kernel.name) {
    if (!kernel.hasAt)
      messages.warn(kernel.name->loc, "kernel name '" +
                                          Twine(ref(kernel.name->text)) +
                                          "' without '@'; hint: write '@" +
                                          ref(kernel.name->text) + "'");
    if (ref(kernel.name->text).contains('#'))
      error(kernel.name->loc, "kernel name '" + Twine(ref(kernel.name->text)) +
                                  "' has a version suffix");
  }
  for (const ast::Ident &param : kernel.params) {
    if (ref(param.text).contains('#'))
      error(param.loc,
            "parameter '" + Twine(ref(param.text)) + "' has a version suffix");
    auto [it, isNew] = paramLocs.try_emplace(ref(param.text), param.loc);
    if (!isNew)
      error(param.loc,
            "two parameters are named '" + Twine(ref(param.text)) + "'")
          .note(it->second, "first one here");
  }
}

OwningOpRef<ModuleOp>
Importer::run(const ast::Kernel &kernel,
              llvm::ArrayRef<std::pair<std::string, int64_t>> preconditions) {
  OwningOpRef<ModuleOp> module =
      ModuleOp::create(FileLineColLoc::get(file, 1, 1));
  builder.setInsertionPointToEnd(module->getBody());
  checkParams(kernel);
  llvm::SmallVector<Attribute> paramNames;
  for (const ast::Ident &param : kernel.params)
    paramNames.push_back(string(param.text));
  llvm::SmallVector<NamedAttribute> least;
  for (const auto &[name, value] : preconditions) {
    if (paramLocs.count(name))
      least.push_back(
          builder.getNamedAttr(name, builder.getI64IntegerAttr(value)));
    else
      messages.warn(kernel.loc, "precondition on '" + Twine(name) +
                                    "', which is no parameter, is ignored");
  }
  auto op = builder.create<KernelOp>(
      loc(kernel.loc), string(kernel.name ? kernel.name->text : "kernel"),
      builder.getArrayAttr(paramNames),
      least.empty() ? DictionaryAttr() : builder.getDictionaryAttr(least));
  mlir::Block *body = builder.createBlock(&op.getBody());
  for (const ast::Ident &param : kernel.params)
    params.try_emplace(
        ref(param.text),
        body->addArgument(builder.getIndexType(), loc(param.loc)));
  for (const ast::Argument &argument : kernel.arguments)
    importArgument(argument);
  collect(kernel.blocks, kernelScope);
  importBlocks(kernel.blocks);
  settleArguments(kernel);
  return module;
}

//===----------------------------------------------------------------------===//
// Declarations of a scope
//===----------------------------------------------------------------------===//

void Importer::collectPlace(const ast::Block &block, DeclScope &scope) {
  llvm::StringMap<ast::Loc> here;
  for (const ast::Field &field : block.fields) {
    StringRef name = ref(field.name.text);
    auto [it, isNew] = here.try_emplace(name, field.name.loc);
    if (isNew)
      scope.fields[name].push_back({&field, &block});
    else
      error(field.name.loc, "field '" + name + "' is declared twice")
          .note(it->second, "first declared here");
  }
}

void Importer::collectDataflow(const ast::Block &block, DeclScope &scope) {
  llvm::StringMap<ast::Loc> here;
  for (const ast::StreamDecl &decl : block.streams) {
    StringRef name = ref(decl.name.text);
    auto [it, isNew] = here.try_emplace(name, decl.name.loc);
    if (isNew)
      scope.streams[name].push_back({&decl, &block});
    else
      error(decl.name.loc, "stream '" + name + "' is declared twice")
          .note(it->second, "first declared here");
  }
}

void Importer::collect(llvm::ArrayRef<ast::Block> blocks, DeclScope &scope) {
  for (const ast::Block &part : blocks) {
    if (part.kind == ast::BlockKind::Place)
      collectPlace(part, scope);
    else if (part.kind == ast::BlockKind::Dataflow)
      collectDataflow(part, scope);
    else if (part.kind == ast::BlockKind::MetaFor)
      collect(part.blocks, scope);
  }
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

void Importer::importBlocks(llvm::ArrayRef<ast::Block> blocks) {
  for (const ast::Block &part : blocks) {
    switch (part.kind) {
    case ast::BlockKind::Place:
      importSubgrid<PlaceOp>(part, [&] {
        for (const ast::Field &field : part.fields)
          importField(field);
      });
      break;
    case ast::BlockKind::Dataflow:
      importSubgrid<DataflowOp>(part, [&] {
        for (const ast::StreamDecl &decl : part.streams)
          decl.isExtern ? importExternStream(decl) : importStream(decl);
      });
      break;
    case ast::BlockKind::Compute:
      importSubgrid<ComputeOp>(part, [&] {
        compileTime = false;
        Body body;
        importBody(part.body, body);
        compileTime = true;
      });
      break;
    case ast::BlockKind::Phase:
      importPhase(part);
      break;
    case ast::BlockKind::MetaFor:
      checkVars(part.vars);
      if (part.vars.size() != part.ranges.size())
        error(part.loc, counted(part.vars.size(), "loop variable") + " for " +
                            counted(part.ranges.size(), "range"));
      importMetaFor(part, 0);
      break;
    }
  }
}

void Importer::importPhase(const ast::Block &block) {
  if (phaseScope) {
    error(block.loc, "a phase inside a phase; hint: phases stand in the kernel "
                     "or in its compile-time loops");
    return;
  }
  DeclScope scope;
  collect(block.blocks, scope);
  phaseScope = &scope;
  auto op = builder.create<PhaseOp>(loc(block.loc));
  OpBuilder::InsertionGuard guard(builder);
  builder.createBlock(&op.getBody());
  importBlocks(block.blocks);
  phaseScope = nullptr;
}

/// One op for each variable, the first outermost.
void Importer::importMetaFor(const ast::Block &block, size_t position) {
  if (position >= block.vars.size() || position >= block.ranges.size()) {
    importBlocks(block.blocks);
    return;
  }
  const ast::TypedVar &var = block.vars[position];
  ast::Scalar type = indexScalar(var, "loop variable");
  Value lo, hi, step;
  bool valid =
      range(block.ranges[position], lo, hi, step, false, "compile-time loop");
  OpBuilder::InsertionGuard guard(builder);
  Value value;
  if (valid) {
    auto op =
        builder.create<MetaForOp>(loc(block.loc), string(var.name.text),
                                  TypeAttr::get(mlirType(type)), lo, hi, step);
    mlir::Block *body = builder.createBlock(&op.getBody());
    value = body->addArgument(builder.getIndexType(), loc(var.name.loc));
  }
  variables.push_back({var.name.text, Ty::Index, VarKind::Meta, 0, value});
  importMetaFor(block, position + 1);
  variables.pop_back();
}

template <typename OpT>
void Importer::importSubgrid(const ast::Block &part,
                             llvm::function_ref<void()> importContents) {
  size_t outer = variables.size();
  Value bounds[2][3];
  bool valid = true;
  if (part.ranges.size() != 2)
    error(part.loc, "subgrid has " + counted(part.ranges.size(), "range") +
                        "; hint: write [x range, y range]");
  for (size_t i = 0; i < part.ranges.size(); ++i) {
    Value ignored[3];
    Value *to = i < 2 ? bounds[i] : ignored;
    valid &= range(part.ranges[i], to[0], to[1], to[2], false, "subgrid");
  }
  checkVars(part.vars);
  if (part.vars.size() != 2)
    error(part.loc, "subgrid has " + counted(part.vars.size(), "variable") +
                        "; hint: declare two, as in 'i16 i, i16 j'");
  OpBuilder::InsertionGuard guard(builder);
  mlir::Block *body = nullptr;
  if (valid && !messages.hasErrors()) {
    auto op = builder.create<OpT>(loc(part.loc), names(part.vars), bounds[0][0],
                                  bounds[0][1], bounds[0][2], bounds[1][0],
                                  bounds[1][1], bounds[1][2]);
    body = builder.createBlock(&op.getBody());
  }
  for (auto [i, var] : llvm::enumerate(part.vars)) {
    Ty type = tyOf(indexScalar(var, "subgrid variable"));
    Value value =
        body ? body->addArgument(mlirType(type), loc(var.name.loc)) : Value();
    variables.push_back(
        {var.name.text, type, VarKind::Subgrid, unsigned(i), value});
  }
  block = &part;
  importContents();
  block = nullptr;
  variables.truncate(outer);
}

void Importer::importField(const ast::Field &field) {
  checkName(field.name, "field");
  StringRef name = ref(field.name.text);
  if (field.type.isStream)
    error(field.type.loc, "field '" + name +
                              "' is a stream; hint: declare "
                              "streams in a dataflow block");
  auto argument = arguments.find(name);
  if (argument != arguments.end() && !argument->second.decl->type.isStream)
    error(field.name.loc, "field '" + name + "' has the name of an argument")
        .note(argument->second.decl->name.loc, "argument declared here");
  llvm::SmallVector<Value> dims;
  bool valid = true;
  for (const ast::Expr &dim : field.type.dims) {
    dims.push_back(index(dim));
    valid &= bool(dims.back());
    if (std::optional<int64_t> size = literalInt(dim); size && *size < 0)
      error(dim.loc, "field '" + name + "' has a dimension of " + Twine(*size));
  }
  if (valid)
    builder.create<FieldOp>(loc(field.name.loc), builder.getStringAttr(name),
                            TypeAttr::get(mlirType(field.type.element)), dims,
                            field.isExtern ? builder.getUnitAttr()
                                           : UnitAttr());
}
