//===- CommandLine.h - options of one command -------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A table of options gives parsing, errors and help. Not llvm::cl: that would
// list every option of the LLVM libraries, and stops at the first error.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_COMMANDLINE_H
#define SPADA_DRIVER_COMMANDLINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spada::driver {

/// One option of a command.
struct OptionSpec {
  llvm::StringRef name;  ///< "--target"
  llvm::StringRef alias; ///< "-t" or empty
  llvm::StringRef value; ///< what stands for the value in help; empty: a flag
  llvm::StringRef help;  ///< may have several lines
  bool repeats = false;  ///< may be given more than once
};

/// One command: `spada NAME ...`.
struct CommandSpec {
  llvm::StringRef name, summary, usage, description;
  std::vector<OptionSpec> options;
  llvm::StringRef examples; ///< shell lines and what they do
  size_t leastFiles = 1, mostFiles = 1;
  llvm::StringRef fileKind; ///< for messages: "a .sptl file"
};

/// What was given.
class ParsedCommand {
public:
  std::vector<std::string> files;
  bool wantsHelp = false;

  bool has(llvm::StringRef name) const { return find(name) != nullptr; }
  /// The value of an option given once; `fallback` when absent.
  llvm::StringRef get(llvm::StringRef name,
                      llvm::StringRef fallback = {}) const;
  std::vector<std::string> all(llvm::StringRef name) const;
  void add(llvm::StringRef name, llvm::StringRef value);

private:
  const std::string *find(llvm::StringRef name) const;
  std::vector<std::pair<std::string, std::string>> values;
};

/// NAME=VALUE pairs in the order given.
using NamedValues = std::vector<std::pair<std::string, std::string>>;

/// Collects the errors of one command; prints "spada NAME: error: ...".
class Errors {
public:
  explicit Errors(llvm::StringRef command) : command(command) {}
  /// Reports an error, with an optional hint on a line of its own.
  void report(const llvm::Twine &message, const llvm::Twine &hint = {});
  bool any() const { return count != 0; }

private:
  std::string command;
  unsigned count = 0;
};

/// Parses `args`; every problem is reported to `errors`.
ParsedCommand parseCommand(const CommandSpec &spec,
                           llvm::ArrayRef<std::string> args, Errors &errors);

/// Splits the NAME=VALUE texts of option `name`; reports missing parts and
/// names given twice.
NamedValues namedValues(const CommandSpec &spec, const ParsedCommand &command,
                        llvm::StringRef name, Errors &errors);

/// A whole number of at least `least` given by option `name`.
std::optional<int64_t> integerOption(const ParsedCommand &command,
                                     llvm::StringRef name, int64_t least,
                                     Errors &errors);

/// Reports when the value of `name` is not one of `choices`.
void checkChoice(const ParsedCommand &command, llvm::StringRef name,
                 llvm::ArrayRef<llvm::StringRef> choices, Errors &errors);

/// The candidate closest to `text`, empty when none is close.
llvm::StringRef closest(llvm::StringRef text,
                        llvm::ArrayRef<llvm::StringRef> candidates);

/// "'a', 'b' and 'c'" of at most four items, then "and 3 more".
std::string quotedList(llvm::ArrayRef<std::string> names);

void printHelp(const CommandSpec &spec, llvm::raw_ostream &os);

} // namespace spada::driver

#endif
