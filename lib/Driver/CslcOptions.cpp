//===- CslcOptions.cpp - the command line of `cslc` -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "CslcOptions.h"

#include "llvm/ADT/StringExtras.h"

#include <cstdlib>

using namespace spada;
using llvm::StringRef;

llvm::StringRef spada::cslcUsage() {
  return R"(usage: cslc LAYOUT.csl [options]

Compiles a CSL layout with everything that it imports for the simulated wafer.
Options take their value behind '=' or as the next word.

  --arch=wse2|wse3             target (default wse2)
  --fabric-dims=W,H            PEs of the simulated fabric
  --fabric-offsets=X,Y         north-west corner of the program rectangle
  -o DIR                       output folder (default out)
  --params=NAME:VALUE,...      values of the layout file's params; may be repeated
  --colors=NAME:NUMBER,...     values of the layout file's color params
  --import-path=DIR            where imports are looked for; may be repeated, and
                               CSL_IMPORT_PATH lists more, separated by ':'
  --memcpy                     host copies (always there; accepted)
  --channels=N                 host channels, 1 to 16 (no effect on results)
  --width-west-buf=N           buffer columns (no effect on results)
  --width-east-buf=N
  --fp16-format=ieee           format of 16-bit floats
  --max-inlined-iterations=N   limit of inline loops (default 50)
  --max-parallelism=N          accepted
  --sdk-layout=FILE            compile a layout described in JSON
  --emit-mlir                  print the csl dialect to standard output
  --verbose                    say what is compiled
  --help, --version

exit code: 0 done, 1 rejected
)";
}

static llvm::Error fail(const llvm::Twine &message) {
  return llvm::createStringError(message.str());
}

static llvm::Error readNumber(StringRef option, StringRef text, int64_t least,
                              int64_t most, int64_t &number) {
  if (text.getAsInteger(0, number) || number < least || number > most)
    return fail("option '" + option + "': '" + text +
                "' is not a number from " + llvm::Twine(least) + " to " +
                llvm::Twine(most));
  return llvm::Error::success();
}

static llvm::Error readPair(StringRef option, StringRef text, int64_t &first,
                            int64_t &second) {
  auto [a, b] = text.split(',');
  if (auto error = readNumber(option, a.trim(), 0, 65535, first))
    return error;
  return readNumber(option, b.trim(), 0, 65535, second);
}

static llvm::Error
readBindings(StringRef option, StringRef text,
             std::vector<std::pair<std::string, int64_t>> &bindings) {
  llvm::SmallVector<StringRef> items;
  text.split(items, ',', -1, false);
  for (StringRef item : items) {
    auto [name, value] = item.trim().split(':');
    int64_t number = 0;
    if (value == "true" || value == "false")
      number = value == "true";
    else if (name.empty() || value.empty() || value.getAsInteger(0, number))
      return fail("option '" + option + "': '" + item +
                  "' is not of the form NAME:INTEGER");
    bindings.push_back({name.str(), number});
  }
  return llvm::Error::success();
}

static llvm::Error apply(CslcOptions &options, StringRef name,
                         StringRef value) {
  CSLOptions &frontend = options.frontend;
  if (name == "--arch") {
    if (value != "wse2" && value != "wse3")
      return fail("option '--arch': there is no '" + value +
                  "'; known are wse2 and wse3");
    frontend.arch = value.str();
  } else if (name == "--fabric-dims") {
    return readPair(name, value, frontend.fabricWidth, frontend.fabricHeight);
  } else if (name == "--fabric-offsets") {
    return readPair(name, value, frontend.offsetX, frontend.offsetY);
  } else if (name == "-o") {
    options.output = value.str();
  } else if (name == "--params") {
    return readBindings(name, value, frontend.params);
  } else if (name == "--colors") {
    return readBindings(name, value, frontend.colors);
  } else if (name == "--import-path") {
    frontend.importPaths.push_back(value.str());
  } else if (name == "--channels") {
    return readNumber(name, value, 1, 16, options.channels);
  } else if (name == "--width-west-buf") {
    return readNumber(name, value, 0, 65535, options.westBuffer);
  } else if (name == "--width-east-buf") {
    return readNumber(name, value, 0, 65535, options.eastBuffer);
  } else if (name == "--max-inlined-iterations") {
    return readNumber(name, value, 0, 1'000'000'000,
                      frontend.maxInlinedIterations);
  } else if (name == "--max-parallelism") {
    int64_t ignored;
    return readNumber(name, value, 1, 65535, ignored);
  } else if (name == "--fp16-format") {
    if (value != "ieee" && value != "f16" && value != "fp16")
      return fail("option '--fp16-format': '" + value +
                  "' is not supported; only ieee is");
  } else if (name == "--sdk-layout") {
    options.sdkLayout = value.str();
  }
  return llvm::Error::success();
}

llvm::Expected<CslcOptions> spada::parseCslcOptions(int argc, char **argv) {
  CslcOptions options;
  const std::pair<StringRef, bool *> flags[] = {
      {"--memcpy", &options.memcpy},   {"--verbose", &options.verbose},
      {"--help", &options.help},       {"-h", &options.help},
      {"--version", &options.version}, {"--emit-mlir", &options.emitMLIR}};
  const StringRef valued[] = {"--arch",           "--fabric-dims",
                              "--fabric-offsets", "-o",
                              "--params",         "--colors",
                              "--import-path",    "--channels",
                              "--width-west-buf", "--width-east-buf",
                              "--fp16-format",    "--max-inlined-iterations",
                              "--sdk-layout",     "--max-parallelism"};
  for (int i = 1; i < argc; ++i) {
    StringRef word = argv[i];
    if (!word.starts_with("-") || word == "-") {
      if (!options.layout.empty())
        return fail("two layout files, '" + options.layout + "' and '" + word +
                    "'");
      options.layout = word.str();
      continue;
    }
    auto [name, value] = word.split('=');
    auto *flag = llvm::find_if(
        flags, [&, n = name](const auto &f) { return f.first == n; });
    if (flag != std::end(flags)) {
      if (word.contains('='))
        return fail("option '" + name + "' takes no value");
      *flag->second = true;
      continue;
    }
    if (!llvm::is_contained(valued, name))
      return fail("unknown option '" + word + "'; see cslc --help");
    if (!word.contains('=')) {
      if (i + 1 == argc)
        return fail("option '" + name + "' needs a value");
      value = argv[++i];
    }
    if (auto error = apply(options, name, value))
      return std::move(error);
  }
  if (const char *paths = std::getenv("CSL_IMPORT_PATH")) {
    llvm::SmallVector<StringRef> folders;
    StringRef(paths).split(folders, ':', -1, false);
    for (StringRef folder : folders)
      options.frontend.importPaths.push_back(folder.str());
  }
  if (options.layout.empty() && options.sdkLayout.empty() && !options.help &&
      !options.version)
    return fail("no layout file is given; see cslc --help");
  if (!options.layout.empty() && !options.sdkLayout.empty())
    return fail("the layout file '" + options.layout +
                "' and --sdk-layout are given; choose one");
  return options;
}
