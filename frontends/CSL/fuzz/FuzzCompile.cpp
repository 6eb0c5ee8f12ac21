//===- FuzzCompile.cpp - libFuzzer target of the CSL compiler -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Any text is compiled or refused with a message, never a crash, a hang or
// memory without bounds. The input is one PE program, or files with a line
// '//--- NAME' before each; what compiles is packed for the simulator.
//
//===----------------------------------------------------------------------===//

#include "spada/Frontend/CSL.h"
#include "spada/Target/SimImage.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>

using namespace mlir;

static constexpr llvm::StringLiteral singleLayout = R"(
const memcpy = @import_module("<memcpy/get_params>",
                              .{ .width = 2, .height = 1 });
layout {
  @set_rectangle(2, 1);
  for (@range(u16, 2)) |x|
    @set_tile_code(x, 0, "pe.csl",
                   .{ .memcpy_params = memcpy.get_params(x), .id = x });
// EXPORTS
}
)";

/// What the tests show values with.
static constexpr llvm::StringLiteral checkModule = R"(
param memcpy_params: comptime_struct;
const sys_mod = @import_module("<memcpy/memcpy>", memcpy_params);
var shown = @zeros([128]u32);
var shown_pointer: [*]u32 = &shown;
fn show(x: anytype) void {
  shown[0] += 1;
  shown[shown[0]] = @as(u32, x);
}
fn done() void { sys_mod.unblock_cmd_stream(); }
comptime { @export_symbol(shown_pointer, "shown"); }
)";

using Files = std::map<std::string, std::string>;

static Files split(llvm::StringRef text) {
  static constexpr llvm::StringLiteral marker = "//--- ";
  Files files;
  std::string name;
  bool isMarked = false;
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    if (line.starts_with(marker)) {
      name = line.drop_front(marker.size()).str();
      isMarked = true;
    } else if (isMarked) {
      files[name] += (line + "\n").str();
    } else {
      name += (line + "\n").str();
    }
    text = rest;
  }
  if (!isMarked)
    files = {{"layout.csl", singleLayout.str()}, {"pe.csl", name}};
  files.try_emplace("check.csl", checkModule);
  return files;
}

/// Declares what the files export, as good as the text tells.
static void fillExports(Files &files) {
  static constexpr llvm::StringLiteral call = "@export_symbol(";
  std::map<std::string, std::string> types;
  for (const auto &[name, content] : files)
    for (llvm::StringRef text = content;
         text.contains(call) && types.size() < 100;) {
      text = text.substr(text.find(call) + call.size());
      auto isLetter = [](char c) { return llvm::isAlnum(c) || c == '_'; };
      llvm::StringRef symbol = text.take_while(isLetter);
      if (text.substr(symbol.size()).starts_with(", \""))
        types[text.drop_front(symbol.size() + 3).take_while(isLetter).str()] =
            "[*]u32, true";
      else
        types[symbol.str()] = "fn()void";
    }
  std::string lines;
  for (const auto &[name, type] : types)
    lines += "@export_name(\"" + name + "\", " + type + ");\n";
  static constexpr llvm::StringLiteral place = "// EXPORTS";
  std::string &layout = files["layout.csl"];
  if (size_t at = layout.find(place); at != std::string::npos)
    layout.replace(at, place.size(), lines);
}

[[noreturn]] static void stop(const char *what, const Files &files) {
  fprintf(stderr, "%s\n", what);
  for (const auto &[name, text] : files)
    fprintf(stderr, "//--- %s\n%s", name.c_str(), text.c_str());
  abort();
}

static void run(const Files &files, const char *arch, MLIRContext &context,
                unsigned &errors) {
  spada::CSLOptions options;
  options.arch = arch;
  options.fabricWidth = options.fabricHeight = 12;
  options.offsetX = 4;
  options.offsetY = 1;
  options.maxSteps = 50'000;
  options.readFile =
      [&](const std::string &path) -> std::optional<std::string> {
    auto it = files.find(path);
    return it == files.end() ? std::nullopt : std::optional(it->second);
  };
  options.print = [](const std::string &) {};
  errors = 0;
  spada::CSLResult result = spada::importCSL("layout.csl", options, context);
  if (!result.module != (errors > 0))
    stop("the result does not say whether there were errors", files);
  if (!result.module)
    return;
  std::vector<uint8_t> image;
  errors = 0;
  bool packed = succeeded(spada::packSimImage(*result.module, image));
  if (packed == (errors > 0))
    stop("the packer does not say why it refuses", files);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static std::unique_ptr<MLIRContext> context;
  static unsigned runs = 0, errors = 0;
  // A context keeps all locations for good.
  if (!context || ++runs % 200 == 0) {
    context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
    context->getDiagEngine().registerHandler([](Diagnostic &diagnostic) {
      errors += diagnostic.getSeverity() == DiagnosticSeverity::Error;
      return success();
    });
  }
  Files files = split({reinterpret_cast<const char *>(data), size});
  fillExports(files);
  for (const char *arch : {"wse2", "wse3"})
    run(files, arch, *context, errors);
  return 0;
}
