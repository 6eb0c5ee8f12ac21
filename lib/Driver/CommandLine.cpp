//===- CommandLine.cpp - options of one command ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads a command line by its table. Knows no command and no option by name.
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace spada::driver;

void Errors::report(const Twine &message, const Twine &hint) {
  ++count;
  errs() << "spada" << (command.empty() ? "" : " " + command)
         << ": error: " << message << "\n";
  std::string text = hint.str();
  if (!text.empty())
    errs() << "  hint: " << text << "\n";
}

const std::string *ParsedCommand::find(StringRef name) const {
  for (const auto &[key, value] : values)
    if (name == key)
      return &value;
  return nullptr;
}

StringRef ParsedCommand::get(StringRef name, StringRef fallback) const {
  const std::string *value = find(name);
  return value ? StringRef(*value) : fallback;
}

std::vector<std::string> ParsedCommand::all(StringRef name) const {
  std::vector<std::string> result;
  for (const auto &[key, value] : values)
    if (name == key)
      result.push_back(value);
  return result;
}

void ParsedCommand::add(StringRef name, StringRef value) {
  values.emplace_back(name, value);
}

StringRef spada::driver::closest(StringRef text,
                                 ArrayRef<StringRef> candidates) {
  StringRef best;
  unsigned bestDistance = 3;
  for (StringRef candidate : candidates) {
    unsigned distance = text.edit_distance(candidate, true, bestDistance);
    if (distance < bestDistance && distance < candidate.size()) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

std::string spada::driver::quotedList(ArrayRef<std::string> names) {
  std::string text;
  size_t shown = names.size() > 4 ? 4 : names.size();
  for (size_t n = 0; n < shown; ++n) {
    if (n)
      text += n + 1 == names.size() ? " and " : ", ";
    text += "'" + names[n] + "'";
  }
  if (names.size() > shown)
    text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

static const OptionSpec *findOption(const CommandSpec &spec, StringRef name) {
  for (const OptionSpec &option : spec.options)
    if (option.name == name || (!option.alias.empty() && option.alias == name))
      return &option;
  return nullptr;
}

static void reportUnknown(const CommandSpec &spec, StringRef name,
                          Errors &errors) {
  SmallVector<StringRef> names;
  for (const OptionSpec &option : spec.options)
    names.push_back(option.name);
  StringRef near = closest(name, names);
  errors.report("unknown option '" + name + "'",
                near.empty() ? "'spada " + spec.name + " --help' lists them"
                             : "did you mean '" + near + "'?");
}

/// Splits "--name=value" and "-pNAME=3"; \returns whether a value is attached.
static bool splitAttached(const CommandSpec &spec, StringRef arg,
                          StringRef &name, StringRef &value) {
  name = arg;
  if (arg.starts_with("--")) {
    size_t equals = arg.find('=');
    if (equals == StringRef::npos)
      return false;
    name = arg.take_front(equals);
    value = arg.drop_front(equals + 1);
    return true;
  }
  if (arg.size() > 2 && !findOption(spec, arg)) {
    name = arg.take_front(2);
    value = arg.drop_front(2);
    value.consume_front("=");
    return true;
  }
  return false;
}

/// Takes the option at `args[at]` and its value.
static void parseOption(const CommandSpec &spec, ArrayRef<std::string> args,
                        size_t &at, ParsedCommand &command, Errors &errors) {
  StringRef name, value;
  bool attached = splitAttached(spec, args[at], name, value);
  const OptionSpec *option = findOption(spec, name);
  if (!option) {
    reportUnknown(spec, name, errors);
    return;
  }
  if (option->value.empty()) {
    if (attached)
      errors.report("option '" + option->name + "' takes no value, got '" +
                    value + "'");
    if (!command.has(option->name))
      command.add(option->name, "");
    return;
  }
  if (!attached) {
    if (at + 1 >= args.size()) {
      errors.report("option '" + option->name +
                    "' needs a value: " + option->name + " " + option->value);
      return;
    }
    value = args[++at];
  }
  if (value.empty())
    errors.report("option '" + option->name +
                  "' needs a value: " + option->name + " " + option->value);
  if (!option->repeats && command.has(option->name))
    errors.report("option '" + option->name + "' is given twice: '" +
                  command.get(option->name) + "' and '" + value + "'");
  command.add(option->name, value);
}

ParsedCommand spada::driver::parseCommand(const CommandSpec &spec,
                                          ArrayRef<std::string> args,
                                          Errors &errors) {
  ParsedCommand command;
  bool onlyFiles = false;
  for (size_t at = 0; at < args.size(); ++at) {
    StringRef arg = args[at];
    if (!onlyFiles && arg == "--")
      onlyFiles = true;
    else if (!onlyFiles && (arg == "--help" || arg == "-h"))
      command.wantsHelp = true;
    else if (!onlyFiles && arg.size() > 1 && arg.starts_with("-"))
      parseOption(spec, args, at, command, errors);
    else
      command.files.push_back(arg.str());
  }
  if (command.wantsHelp)
    return command;
  if (command.files.size() < spec.leastFiles)
    errors.report("no input: expected " + spec.fileKind,
                  "usage: " + spec.usage);
  // After an unknown option its value would look like one file too many.
  if (command.files.size() > spec.mostFiles && !errors.any())
    errors.report("unexpected argument '" + command.files[spec.mostFiles] +
                      "' after '" + command.files[spec.mostFiles - 1] + "'",
                  "usage: " + spec.usage);
  return command;
}

NamedValues spada::driver::namedValues(const CommandSpec &spec,
                                       const ParsedCommand &command,
                                       StringRef name, Errors &errors) {
  NamedValues result;
  const OptionSpec *option = findOption(spec, name);
  for (const std::string &text : command.all(name)) {
    auto [key, value] = StringRef(text).split('=');
    if (key.empty() || value.empty()) {
      errors.report("option '" + option->name + "' expects " + option->value +
                    ", got '" + text + "'");
      continue;
    }
    bool twice = false;
    for (const auto &[other, otherValue] : result)
      if (key == other) {
        errors.report("'" + key + "' is given twice by '" + option->name +
                      "': '" + otherValue + "' and '" + value + "'");
        twice = true;
      }
    if (!twice)
      result.emplace_back(key.str(), value.str());
  }
  return result;
}

std::optional<int64_t>
spada::driver::integerOption(const ParsedCommand &command, StringRef name,
                             int64_t least, Errors &errors) {
  if (!command.has(name))
    return std::nullopt;
  int64_t value = 0;
  if (!command.get(name).getAsInteger(10, value) && value >= least)
    return value;
  errors.report("option '" + name + "' expects a whole number of at least " +
                Twine(least) + ", got '" + command.get(name) + "'");
  return std::nullopt;
}

void spada::driver::checkChoice(const ParsedCommand &command, StringRef name,
                                ArrayRef<StringRef> choices, Errors &errors) {
  if (!command.has(name) || is_contained(choices, command.get(name)))
    return;
  errors.report("option '" + name + "' expects one of " + join(choices, ", ") +
                "; got '" + command.get(name) + "'");
}

/// Prints `text` with every line after the first indented.
static void printIndented(StringRef text, unsigned indent, raw_ostream &os) {
  SmallVector<StringRef> lines;
  text.split(lines, '\n');
  for (size_t n = 0; n < lines.size(); ++n) {
    if (n)
      os.indent(indent);
    os << lines[n] << "\n";
  }
}

void spada::driver::printHelp(const CommandSpec &spec, raw_ostream &os) {
  os << spec.summary << "\n\nUsage: " << spec.usage << "\n\n"
     << spec.description << "\n\nOptions:\n";
  constexpr unsigned column = 26;
  auto row = [&](StringRef alias, StringRef name, StringRef value,
                 StringRef help) {
    std::string head = "  ";
    if (!alias.empty())
      head += alias.str() + ", ";
    head += name;
    if (!value.empty())
      head += " " + value.str();
    os << head;
    if (head.size() + 1 < column)
      os.indent(column - head.size());
    else
      (os << "\n").indent(column);
    printIndented(help, column, os);
  };
  for (const OptionSpec &option : spec.options)
    row(option.alias, option.name, option.value, option.help);
  row("-h", "--help", "", "show this text");
  os << "\nExamples:\n  ";
  printIndented(spec.examples, 2, os);
  os << "\nExit codes: 0 done; 1 input or command line rejected; 2 the program "
        "ran wrongly\n(deadlock, trap); 3 undecided or out of budget.\n";
}
