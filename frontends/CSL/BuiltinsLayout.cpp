//===- BuiltinsLayout.cpp - rectangle, tile code, colors, exports ---------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Layout.h"
#include "Program.h"

using namespace spada;
using namespace spada::cslfront;

static Layout &needLayout(Sema &s, const Expr &call) {
  if (!s.layout)
    s.error(call.loc, "'@" + llvm::Twine(s.c.names.text(call.name)) +
                          "' belongs into a layout block");
  return *s.layout;
}

static Layout &needRectangle(Sema &s, const Expr &call) {
  Layout &layout = needLayout(s, call);
  if (!layout.hasRectangle())
    s.error(call.loc, "@set_rectangle must come before '@" +
                          llvm::Twine(s.c.names.text(call.name)) + "'");
  return layout;
}

static Value setRectangle(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  Layout &layout = needLayout(s, call);
  if (layout.hasRectangle())
    s.error(call.loc, "the rectangle is set twice");
  int64_t width = s.forceInt(s.eval(*call.args[0]), call.loc),
          height = s.forceInt(s.eval(*call.args[1]), call.loc);
  if (width < 1 || height < 1 || width > 65535 || height > 65535)
    s.error(call.loc, "a rectangle of " + llvm::Twine(width) + " x " +
                          llvm::Twine(height) +
                          " PEs; both must be at least "
                          "1 and below 65536");
  constexpr int64_t most = 1 << 24;
  if (width * height > most)
    s.error(call.loc, "a rectangle of " + llvm::Twine(width) + " x " +
                          llvm::Twine(height) + " PEs; at most " +
                          llvm::Twine(most) + " PEs are possible");
  const CSLOptions &options = s.c.options;
  if (options.fabricWidth && (options.offsetX + width > options.fabricWidth ||
                              options.offsetY + height > options.fabricHeight))
    s.error(call.loc,
            "a rectangle of " + llvm::Twine(width) + " x " +
                llvm::Twine(height) + " PEs at " +
                llvm::Twine(options.offsetX) + "," +
                llvm::Twine(options.offsetY) + " does not fit a fabric of " +
                llvm::Twine(options.fabricWidth) + " x " +
                llvm::Twine(options.fabricHeight) + "; raise --fabric-dims");
  layout.width = width;
  layout.height = height;
  return s.voidValue();
}

/// The coordinates in the first two arguments.
static std::pair<int64_t, int64_t> position(Sema &s, const Layout &layout,
                                            const Expr &call) {
  int64_t x = s.forceInt(s.eval(*call.args[0]), call.loc),
          y = s.forceInt(s.eval(*call.args[1]), call.loc);
  if (x < 0 || y < 0 || x >= layout.width || y >= layout.height)
    s.error(call.loc, "PE (" + llvm::Twine(x) + ", " + llvm::Twine(y) +
                          ") is outside of the rectangle of " +
                          llvm::Twine(layout.width) + " x " +
                          llvm::Twine(layout.height) + " PEs");
  return {x, y};
}

static Value setTileCode(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 4);
  Layout &layout = needRectangle(s, call);
  auto [x, y] = position(s, layout, call);
  std::string path = s.module->source->path;
  if (call.args.size() > 2) {
    Value file = s.eval(*call.args[2]);
    if (!file.type->is(TypeKind::ComptimeString))
      s.error(call.loc, "expected a path, got " + s.describe(file));
    std::string &found = s.importCache[{s.module->source, *file.text}];
    if (found.empty())
      found = s.c.findImport(*file.text, s.module->source, call.loc);
    path = found;
  }
  Value params = call.args.size() > 3
                     ? s.eval(*call.args[3])
                     : Value::known(s.types.anonStruct, &Value::aggregate,
                                    s.aggregate(0, true));
  if (!params.isKnown() || !params.type->is(TypeKind::Struct))
    s.error(call.loc, "expected a struct of params, got " + s.describe(params));
  size_t shapes = layout.shapes.size();
  layout.setTileCode(x, y, path, params, call.loc);
  s.escaped |= layout.shapes.size() != shapes;
  return s.voidValue();
}

//===----------------------------------------------------------------------===//
// Color configurations
//===----------------------------------------------------------------------===//

static uint8_t portBit(Sema &s, const Value &value, Loc at) {
  Value known = s.force(value, at);
  if (!known.type->is(TypeKind::Direction))
    s.error(at, "expected a direction, got " + s.describe(known));
  if (known.i < 0 || known.i > 4)
    s.error(at, "direction " + llvm::Twine(known.i) + " does not exist");
  return uint8_t(1u << known.i);
}

static uint8_t portMask(Sema &s, const Value &value, Loc at) {
  if (!value.type->is(TypeKind::Struct) && !value.type->is(TypeKind::Array))
    return portBit(s, value, at);
  uint8_t mask = 0;
  for (uint32_t i = 0; i < value.aggregate->size; ++i)
    mask |= portBit(s, value.aggregate->at(i), at);
  return mask;
}

static void readSwitches(Sema &s, const Value &switches, ColorConfig &config,
                         Loc at) {
  checkFields(
      s, switches,
      {"pos1", "pos2", "pos3", "current_switch_pos", "ring_mode", "pop_mode"},
      at);
  config.hasSwitches = true;
  for (int i = 0; i < 3; ++i) {
    std::string name = "pos" + std::to_string(i + 1);
    std::optional<Value> position = s.field(switches, name);
    if (!position)
      continue;
    checkFields(s, *position, {"rx", "tx", "invalid"}, at);
    if (boolField(s, *position, "invalid", at))
      continue;
    if (std::optional<Value> rx = s.field(*position, "rx"))
      config.switchRx[i] = portMask(s, *rx, at);
    if (std::optional<Value> tx = s.field(*position, "tx"))
      config.switchTx[i] = portMask(s, *tx, at);
  }
  int64_t current = intField(s, switches, "current_switch_pos", 0, at);
  if (current < 0 || current > 3)
    s.error(at, "switch position " + llvm::Twine(current) +
                    " does not exist; positions are 0 to 3");
  config.current = uint8_t(current);
  config.ring = boolField(s, switches, "ring_mode", at);
  if (std::optional<Value> mode = s.field(switches, "pop_mode")) {
    int chosen = chosenField(
        s, *mode,
        {"no_pop", "always_pop", "pop_on_advance", "pop_on_advance_nop"}, at);
    config.popMode = uint8_t(std::max(chosen, 0));
  }
}

static void readFilter(Sema &s, const Value &filter, ColorConfig &config,
                       Loc at) {
  checkFields(s, filter,
              {"kind", "count_data", "count_control", "init_counter", "limit1",
               "limit2", "max_counter", "filter_control", "min_idx", "max_idx",
               "fast_mode"},
              at);
  std::optional<Value> kind = s.field(filter, "kind");
  int chosen =
      kind ? chosenField(s, *kind, {"counter", "sparse_counter", "range"}, at)
           : -1;
  if (chosen < 0)
    s.error(at, "a filter needs '.kind': counter, sparse_counter or range");
  config.hasFilter = true;
  config.filterKind = uint8_t(chosen);
  config.countData = boolField(s, filter, "count_data", at);
  config.countControl = boolField(s, filter, "count_control", at);
  config.filterControl = boolField(s, filter, "filter_control", at);
  config.initCounter = intField(s, filter, "init_counter", 0, at);
  config.maxCounter = intField(s, filter, "max_counter", 0, at);
  config.limit1 = intField(s, filter, "limit1", 0, at);
  config.limit2 = intField(s, filter, "limit2", 0, at);
  config.minIndex = intField(s, filter, "min_idx", 0, at);
  config.maxIndex = intField(s, filter, "max_idx", 0, at);
}

/// Has the part of a configuration any setting?
static bool isGiven(Sema &s, const std::optional<Value> &part, Loc at) {
  if (!part)
    return false;
  if (!part->isKnown() || !part->type->is(TypeKind::Struct))
    s.error(at, "expected a struct, got " + s.describe(*part));
  return part->aggregate->size > 0;
}

static ColorConfig readConfig(Sema &s, const Value &value, Loc at) {
  checkFields(s, value, {"routes", "switches", "filter", "teardown"}, at);
  ColorConfig config;
  std::optional<Value> routes = s.field(value, "routes");
  if (!routes)
    s.error(at, "a color configuration needs '.routes'");
  if (isGiven(s, routes, at)) {
    checkFields(s, *routes, {"rx", "tx", "color_swap_x", "color_swap_y"}, at);
    if (std::optional<Value> rx = s.field(*routes, "rx"))
      config.rx = portMask(s, *rx, at);
    if (std::optional<Value> tx = s.field(*routes, "tx"))
      config.tx = portMask(s, *tx, at);
    config.swapX = boolField(s, *routes, "color_swap_x", at);
    config.swapY = boolField(s, *routes, "color_swap_y", at);
    if ((config.swapX || config.swapY) && s.c.isWse3())
      s.error(at, "color swaps exist on wse2 only");
  }
  std::optional<Value> switches = s.field(value, "switches"),
                       filter = s.field(value, "filter");
  if (isGiven(s, switches, at))
    readSwitches(s, *switches, config, at);
  if (isGiven(s, filter, at))
    readFilter(s, *filter, config, at);
  config.teardown = boolField(s, value, "teardown", at);
  return config;
}

static unsigned colorNumber(Sema &s, const Expr &expr) {
  Value color = s.force(s.eval(expr), expr.loc);
  if (!color.type->is(TypeKind::Color))
    s.error(expr.loc, "expected a color, got " + s.describe(color));
  if (color.i < 0 || color.i > 23)
    s.error(expr.loc, "color " + llvm::Twine(color.i) +
                          " does not exist; colors are 0 "
                          "to 23");
  return unsigned(color.i);
}

static Value setColorConfig(Sema &s, const Expr &call) {
  checkArguments(s, call, 4, 4);
  Layout &layout = needRectangle(s, call);
  auto [x, y] = position(s, layout, call);
  unsigned color = colorNumber(s, *call.args[2]);
  layout.setColorConfig(
      x, y, color, readConfig(s, s.eval(*call.args[3]), call.loc), call.loc);
  return s.voidValue();
}

static Value setLocalColorConfig(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  if (!s.program || s.emitting())
    s.error(call.loc, "@set_local_color_config belongs into a comptime block "
                      "of a PE program");
  unsigned color = colorNumber(s, *call.args[0]);
  s.program->localConfigs.push_back(
      {color, readConfig(s, s.eval(*call.args[1]), call.loc), call.loc});
  return s.voidValue();
}

/// The color carries messages here; see the library `message_passing`.
static Value messageColor(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  if (!s.program || s.emitting())
    s.error(call.loc, "@__message_color belongs into a comptime block of a PE "
                      "program");
  ColorConfig config;
  config.rx = config.tx = 0x1f;
  config.messages = true;
  s.program->localConfigs.push_back(
      {colorNumber(s, *call.args[0]), config, call.loc});
  return s.voidValue();
}

//===----------------------------------------------------------------------===//
// What the host and the program see
//===----------------------------------------------------------------------===//

static Value getRectangle(Sema &s, const Expr &call) {
  checkArguments(s, call, 0, 0);
  const Layout &layout = s.layout ? *s.layout : s.program->layout;
  if (!layout.hasRectangle())
    s.error(call.loc, "@get_rectangle before @set_rectangle");
  auto name = [&](const char *text) { return s.c.names.intern(text); };
  auto number = [&](int64_t i) { return Value::integer(s.types.u16, i); };
  auto pair = [&](int64_t width, int64_t height) {
    return s.structValue(
        {{name("width"), number(width)}, {name("height"), number(height)}});
  };
  const CSLOptions &options = s.c.options;
  return s.structValue(
      {{name("width"), number(layout.width)},
       {name("height"), number(layout.height)},
       {name("fabric"), pair(options.fabricWidth, options.fabricHeight)},
       {name("offsets"), pair(options.offsetX, options.offsetY)}});
}

static Value exportName(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 3);
  Layout &layout = needLayout(s, call);
  CSLExport exported;
  exported.name = s.forceString(s.eval(*call.args[0]), call.loc);
  const Type *type = s.evalType(*call.args[1]);
  exported.type = type->name;
  exported.isFunction = type->is(TypeKind::Function);
  exported.isColor = type->is(TypeKind::Color);
  if (exported.isFunction) {
    for (const Type *param : type->params) {
      if (param->bytes() > 4)
        s.error(call.loc, "the host gives a function 16 or 32 bits a "
                          "parameter, not those of '" +
                              param->name + "'; export a variable");
      exported.inputs.push_back(param->name);
    }
    if (exported.inputs.size() > 15)
      s.error(call.loc, "an exported function has at most 15 parameters, this "
                        "one has " +
                            llvm::Twine(exported.inputs.size()));
  } else if (type->is(TypeKind::Array) || type->is(TypeKind::Struct) ||
             type->is(TypeKind::Enum)) {
    s.error(call.loc, "a value of type '" + type->name +
                          "' cannot be exported; export a pointer");
  }
  if (call.args.size() > 2)
    exported.isMutable = s.forceBool(s.eval(*call.args[2]), call.loc);
  for (const CSLExport &other : layout.exports)
    if (other.name == exported.name)
      s.error(call.loc, "the name '" + exported.name + "' is exported twice");
  layout.exports.push_back(exported);
  return s.voidValue();
}

static Value exportSymbol(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 2);
  if (!s.program || s.emitting())
    s.error(call.loc, "@export_symbol belongs into a comptime block of a PE "
                      "program");
  Sema::Reference reference = s.resolve(*call.args[0]);
  std::string name;
  if (call.args.size() > 1)
    name = s.forceString(s.eval(*call.args[1]), call.loc);
  else if (call.args[0]->kind == ExprKind::Name ||
           call.args[0]->kind == ExprKind::Member)
    name = s.c.names.text(call.args[0]->name);
  const CSLExport *declared = nullptr;
  for (const CSLExport &exported : s.program->layout.exports)
    if (exported.name == name)
      declared = &exported;
  if (!declared)
    s.error(call.loc, "'" + name +
                          "' is exported here, but no @export_name "
                          "of the layout declares it");
  if (reference.place && reference.place->kind == Place::Global) {
    if (declared->isFunction)
      s.error(call.loc, "'" + name + "' is a variable here and of type '" +
                            declared->type + "' in the layout");
    s.program->exportSymbol(reference.place->var, nullptr, name, call.loc);
    return s.voidValue();
  }
  Value value = reference.value;
  if (value && value.type->is(TypeKind::Function)) {
    if (!declared->isFunction)
      s.error(call.loc, "'" + name + "' is a function here and of type '" +
                            declared->type + "' in the layout");
    s.program->exportSymbol(nullptr, value.function, name, call.loc);
    return s.voidValue();
  }
  // A constant pointer: what it points to.
  if (value && value.isKnown() && value.type->isPointer()) {
    GlobalVar &var = s.c.variables.emplace_back();
    var.type = value.type;
    var.init = value;
    var.target = value.pointer->var;
    var.loc = call.loc;
    var.name = name + "_ptr";
    s.program->exportSymbol(&var, nullptr, name, call.loc);
    return s.voidValue();
  }
  s.error(call.loc, "only variables and functions can be exported");
}

llvm::ArrayRef<BuiltinEntry> spada::cslfront::layoutBuiltins() {
  static constexpr BuiltinEntry table[] = {
      {"set_rectangle", setRectangle},
      {"get_rectangle", getRectangle},
      {"set_tile_code", setTileCode},
      {"set_color_config", setColorConfig},
      {"set_local_color_config", setLocalColorConfig},
      {"__message_color", messageColor},
      {"export_name", exportName},
      {"export_symbol", exportSymbol},
  };
  return table;
}
