//===- SdkLayout.cpp - compile a layout described in JSON -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Gives the layout what the description says, with the routes and numbers of
// its colors, and the compiled programs the values of their variables.
//
//===----------------------------------------------------------------------===//

#include "SdkLayout.h"
#include "Importer.h"
#include "SdkRoutes.h"
#include "Sema.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace spada;
using namespace spada::cslfront;

namespace {
class SdkImporter : public Importer {
public:
  SdkImporter(const std::string &path, CSLOptions &options,
              mlir::MLIRContext &context)
      : Importer(path, options, context), options(options) {}

private:
  void fillLayout() override;
  void finishLayout(mlir::ModuleOp module, csl::LayoutOp op) override;
  std::string readText();
  void setRoutes(const SdkRoutes &routes);
  void setRegion(Sema &sema, const SdkRegion &region, const SdkRoutes &routes);
  void checkParams(Sema &sema, const SdkRegion &region);
  void setOtherPes(Sema &sema, const SdkRoutes &routes);
  void noteResult(const SdkRoutes &routes);
  using Programs = std::vector<csl::ProgramOp>; ///< by PE
  void setSymbol(mlir::OpBuilder &builder, const SdkRegion &region,
                 const SdkSymbol &symbol, const Programs &programs,
                 mlir::Location loc);

  CSLOptions &options;
  SdkDescription description;
};
} // namespace

[[noreturn]] static void fail(const std::string &path,
                              const std::string &what) {
  throw CompileError{{}, "'" + path + "' " + what, {}};
}

//===----------------------------------------------------------------------===//
// Routes
//===----------------------------------------------------------------------===//

static ColorConfig toConfig(const SdkPositions &positions) {
  ColorConfig config;
  const SdkPosition &base = positions.front();
  config.rx = base.input;
  config.tx = base.output;
  config.hasSwitches = positions.size() > 1;
  bool newRx = false, newTx = false;
  for (size_t i = 1; i < positions.size(); ++i) {
    // What no position has changed need not be said, but each says something.
    const SdkPosition &position = positions[i];
    newTx |= position.output != base.output;
    newRx |= position.input != base.input || !newTx;
    config.switchRx[i - 1] = newRx ? position.input : 0;
    config.switchTx[i - 1] = newTx ? position.output : 0;
  }
  return config;
}

void SdkImporter::setRoutes(const SdkRoutes &routes) {
  for (const SdkClass &color : routes.classes)
    for (const auto &[cell, positions] : color.routes)
      layout.setColorConfig(routes.xOf(cell), routes.yOf(cell), *color.number,
                            toConfig(positions), {});
}

//===----------------------------------------------------------------------===//
// Tile code
//===----------------------------------------------------------------------===//

void SdkImporter::checkParams(Sema &sema, const SdkRegion &region) {
  Source &source = c.load(region.file, {});
  std::set<Name> known;
  for (const Decl *decl : source.decls)
    if (decl->kind == DeclKind::Param)
      known.insert(decl->name);
  for (const SdkParam &param : region.params)
    if (!known.count(sema.c.names.intern(param.name)))
      fail(param.path, "sets param '" + param.name + "', but '" + region.file +
                           "' has no such param");
}

static Value toValue(Sema &sema, const SdkParam &param,
                     const SdkRoutes &routes) {
  switch (param.kind) {
  case SdkParam::Integer:
    return sema.integer(param.integer);
  case SdkParam::Bool:
    return sema.boolean(param.integer);
  case SdkParam::Float:
    return Value::floating(sema.types.comptimeFloat, param.number);
  case SdkParam::Color:
    return Value::integer(sema.types.color,
                          routes.numberOf(unsigned(param.integer)));
  }
  return sema.voidValue();
}

void SdkImporter::setRegion(Sema &sema, const SdkRegion &region,
                            const SdkRoutes &routes) {
  checkParams(sema, region);
  // By param in order of first use, then by PE: the last entry counts.
  std::vector<std::pair<Name, std::vector<const SdkParam *>>> values;
  for (const SdkParam &param : region.params) {
    Name name = c.names.intern(param.name);
    auto it =
        std::find_if(values.begin(), values.end(),
                     [&](const auto &entry) { return entry.first == name; });
    if (it == values.end()) {
      values.push_back({name, {}});
      it = values.end() - 1;
      it->second.resize(size_t(region.width * region.height));
    }
    for (int64_t y = param.rect.yLow; y <= param.rect.yHigh; ++y)
      for (int64_t x = param.rect.xLow; x <= param.rect.xHigh; ++x)
        it->second[size_t(y * region.width + x)] = &param;
  }
  for (int64_t y = 0; y < region.height; ++y)
    for (int64_t x = 0; x < region.width; ++x) {
      std::vector<std::pair<Name, Value>> fields;
      for (const auto &[name, byPe] : values)
        if (const SdkParam *param = byPe[size_t(y * region.width + x)])
          fields.push_back({name, toValue(sema, *param, routes)});
      Arena::Mark mark = c.arena.mark();
      size_t shapes = layout.shapes.size();
      layout.setTileCode(region.x + x, region.y + y, region.file,
                         sema.structValue(fields), {});
      if (layout.shapes.size() == shapes)
        c.arena.release(mark);
    }
}

/// Relays, and PEs that only pass wavelets on.
void SdkImporter::setOtherPes(Sema &sema, const SdkRoutes &routes) {
  for (const SdkRelay &relay : routes.relays) {
    auto color = [&](unsigned number) {
      return Value::integer(sema.types.color, *routes.classes[number].number);
    };
    layout.setTileCode(
        relay.x, relay.y, "<sdk_layout/relay>",
        sema.structValue({{c.names.intern("from"), color(relay.from)},
                          {c.names.intern("to"), color(relay.to)}}),
        {});
  }
  Value nothing = sema.structValue({});
  for (int64_t y = 0; y < routes.height; ++y)
    for (int64_t x = 0; x < routes.width; ++x)
      if (routes.isIdle(x, y))
        layout.setTileCode(x, y, "<empty>", nothing, {});
}

//===----------------------------------------------------------------------===//
// The whole layout
//===----------------------------------------------------------------------===//

std::string SdkImporter::readText() {
  std::optional<std::string> text;
  if (options.readFile) {
    text = options.readFile(path);
  } else if (auto buffer = llvm::MemoryBuffer::getFile(path)) {
    text = (*buffer)->getBuffer().str();
  }
  if (!text)
    throw CompileError{{}, "cannot read '" + path + "'", {}};
  return std::move(*text);
}

void SdkImporter::noteResult(const SdkRoutes &routes) {
  for (const SdkStream &stream : routes.streams) {
    unsigned number = *routes.classes[stream.colorClass].number;
    layout.hostColors.insert({!stream.isInput, number});
    result.streams.push_back({description.ports[stream.port].id, stream.isInput,
                              number, stream.x, stream.y, stream.width,
                              stream.height});
  }
  for (unsigned i = 0; i < description.colors.size(); ++i)
    result.colors.push_back({description.colors[i].id, routes.numberOf(i)});
}

void SdkImporter::fillLayout() {
  description = readSdkLayout(readText());
  options.arch = description.target;
  SdkRoutes routes(description);
  layout.width = routes.width;
  layout.height = routes.height;
  std::tie(options.fabricWidth, options.fabricHeight) =
      description.fabric.value_or(std::pair(routes.width, routes.height));
  options.offsetX = options.offsetY = 0;
  Sema sema(c, &layout, nullptr);
  for (const SdkRegion &region : description.regions)
    setRegion(sema, region, routes);
  setOtherPes(sema, routes);
  setRoutes(routes);
  noteResult(routes);
}

//===----------------------------------------------------------------------===//
// Values of variables
//===----------------------------------------------------------------------===//

static csl::VariableOp findVariable(csl::ProgramOp program,
                                    llvm::StringRef name) {
  for (auto variable : program.getBody().getOps<csl::VariableOp>())
    if (variable.getLinkName().value_or(variable.getSymName()) == name)
      return variable;
  return {};
}

static mlir::DenseElementsAttr dataOf(mlir::MemRefType type,
                                      const std::vector<uint32_t> &words,
                                      unsigned bytes) {
  std::vector<char> raw;
  for (uint32_t word : words)
    for (unsigned i = 0; i < bytes; ++i)
      raw.push_back(char(word >> 8 * i));
  return mlir::DenseElementsAttr::getFromRawBuffer(
      mlir::RankedTensorType::get(type.getShape(), type.getElementType()), raw);
}

void SdkImporter::setSymbol(mlir::OpBuilder &builder, const SdkRegion &region,
                            const SdkSymbol &symbol, const Programs &programs,
                            mlir::Location loc) {
  for (size_t i = 0; i < symbol.tiles.size(); ++i) {
    int64_t x = region.x + int64_t(i) % region.width,
            y = region.y + int64_t(i) / region.width;
    csl::ProgramOp program = programs[layout.peOf(x, y)];
    csl::VariableOp variable = findVariable(program, symbol.name);
    if (!variable)
      fail(symbol.path, "sets '" + symbol.name + "', but '" + region.file +
                            "' has no variable of this name; declare it with "
                            "'export var'");
    auto type = mlir::cast<mlir::MemRefType>(variable.getType());
    if (!type.getElementType().isIntOrFloat())
      fail(symbol.path, "sets variable '" + symbol.name + "' of pointers");
    unsigned bytes = type.getElementTypeBitWidth() / 8;
    if (bytes != symbol.bytes)
      fail(symbol.path, "gives elements of " + std::to_string(symbol.bytes) +
                            " bytes, those of variable '" + symbol.name +
                            "' have " + std::to_string(bytes));
    if (type.getNumElements() != int64_t(symbol.tiles[i].size()))
      fail(symbol.path, "gives " + std::to_string(symbol.tiles[i].size()) +
                            " elements to PE (" + std::to_string(x) + ", " +
                            std::to_string(y) + "), variable '" + symbol.name +
                            "' has " + std::to_string(type.getNumElements()));
    auto name = mlir::SymbolRefAttr::get(
        program.getSymNameAttr(),
        {mlir::FlatSymbolRefAttr::get(variable.getSymNameAttr())});
    builder.create<csl::TileDataOp>(loc, name, x, y,
                                    dataOf(type, symbol.tiles[i], bytes));
  }
}

void SdkImporter::finishLayout(mlir::ModuleOp module, csl::LayoutOp op) {
  Programs programs(size_t(layout.width * layout.height));
  mlir::SymbolTable table(module);
  for (auto tile : op.getBody().getOps<csl::TileCodeOp>()) {
    auto program = table.lookup<csl::ProgramOp>(tile.getProgram());
    csl::BoxAttr box = tile.getBox();
    for (int64_t y = box.getYLo(); y < box.getYHi(); y += box.getYStep())
      for (int64_t x = box.getXLo(); x < box.getXHi(); x += box.getXStep())
        programs[layout.peOf(x, y)] = program;
  }
  mlir::OpBuilder builder(&c.context);
  builder.setInsertionPointToEnd(&op.getBody().front());
  for (const SdkRegion &region : description.regions)
    for (const SdkSymbol &symbol : region.symbols)
      setSymbol(builder, region, symbol, programs, op.getLoc());
}

CSLResult spada::importSdkLayout(const std::string &path, CSLOptions &options,
                                 mlir::MLIRContext &context) {
  return SdkImporter(path, options, context).run();
}
