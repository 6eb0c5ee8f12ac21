//===- Frontend.cpp - SpaDA source to IR ----------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads the file, its precondition line, and reports. The work is in Parse.cpp
// and in the importer.
//
//===----------------------------------------------------------------------===//

#include "frontends/Spada/Frontend.h"
#include "frontends/Spada/Importer.h"

#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"

#include <algorithm>

using namespace mlir;
using namespace spada;
using namespace spada::frontend;

void Messages::report(MLIRContext *context, llvm::StringRef file) {
  std::vector<std::pair<size_t, const Message *>> order;
  for (const Message &message : all)
    order.emplace_back(order.size(), &message);
  std::sort(order.begin(), order.end(), [](const auto &a, const auto &b) {
    return std::tuple(a.second->loc.line, a.second->loc.col, a.first) <
           std::tuple(b.second->loc.line, b.second->loc.col, b.first);
  });
  StringAttr name = StringAttr::get(context, file);
  auto at = [&](ast::Loc loc) -> Location {
    return FileLineColLoc::get(name, loc.line, loc.col);
  };
  constexpr size_t most = 100;
  size_t count = 0;
  for (const auto &[position, message] : order) {
    if (message->isError && ++count > most)
      continue;
    auto [text, hint] = llvm::StringRef(message->text).split("; hint: ");
    InFlightDiagnostic diagnostic = message->isError
                                        ? emitError(at(message->loc))
                                        : emitWarning(at(message->loc));
    diagnostic << text;
    for (const auto &[where, note] : message->notes)
      diagnostic.attachNote(at(where)) << note;
    if (!hint.empty())
      diagnostic.attachNote(at(message->loc)) << "hint: " << hint;
  }
  if (count > most)
    emitError(at({1, 1})) << "and " << count - most << " more errors";
}

using Preconditions = std::vector<std::pair<std::string, int64_t>>;

/// Reads the terms `NAME>=INT` after the colon of the header line.
static void readTerms(llvm::StringRef terms, ast::Loc loc, Preconditions &found,
                      Messages &messages) {
  const char *begin = terms.begin();
  while (true) {
    terms = terms.ltrim(" \t\r,");
    if (terms.empty())
      return;
    llvm::StringRef term = terms
                               .take_until([](char c) {
                                 return c == ' ' || c == '\t' || c == ',';
                               })
                               .rtrim("\r");
    ast::Loc at = loc;
    at.col += uint32_t(terms.begin() - begin);
    auto [name, number] = term.split(">=");
    int64_t value = 0;
    bool isName =
        !name.empty() && !llvm::isDigit(name[0]) &&
        llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
    if (!isName || number.empty() || number.getAsInteger(10, value)) {
      messages.error(at, "malformed precondition '" + term +
                             "'; hint: write terms as in 'N>=2 K>=1'");
      return;
    }
    if (llvm::any_of(found, [&](const auto &e) { return e.first == name; }))
      messages.error(at, "two preconditions on '" + name + "'");
    found.emplace_back(name.str(), value);
    terms = terms.drop_front(term.size());
  }
}

/// The first line `// spada-precondition: ...`.
static void readPreconditions(llvm::StringRef source, Preconditions &found,
                              Messages &messages) {
  constexpr llvm::StringLiteral key = "spada-precondition:";
  uint32_t number = 0;
  while (!source.empty()) {
    auto [line, rest] = source.split('\n');
    ++number;
    source = rest;
    llvm::StringRef text = line.ltrim(" \t");
    if (!text.consume_front("//"))
      continue;
    text = text.ltrim(" \t");
    if (!text.consume_front(key))
      continue;
    ast::Loc loc{number, uint32_t(text.data() - line.data()) + 1};
    readTerms(text, loc, found, messages);
    return;
  }
}

OwningOpRef<ModuleOp> frontend::importSpada(llvm::SourceMgr &sources,
                                            MLIRContext *context,
                                            const ImportOptions &options) {
  context->loadDialect<SpadaDialect>();
  const llvm::MemoryBuffer *buffer =
      sources.getMemoryBuffer(sources.getMainFileID());
  llvm::StringRef file = buffer->getBufferIdentifier();
  std::string_view source(buffer->getBufferStart(), buffer->getBufferSize());

  Messages messages;
  ast::Program program;
  OwningOpRef<ModuleOp> module;
  Preconditions preconditions;
  readPreconditions(source, preconditions, messages);
  for (const ast::SyntaxError &e : ast::parse(source, program))
    messages.error(e.loc, e.message);
  if (!messages.hasErrors())
    module = Importer(context, file, source, options, messages)
                 .run(program.kernel, preconditions);
  messages.report(context, file);
  if (messages.hasErrors())
    return {};
  return module;
}

static llvm::cl::opt<bool> &compatOption() {
  static llvm::cl::opt<bool> option(
      "compat",
      llvm::cl::desc("read operator chains right-associated, as the public "
                     "SpaDA compiler does"),
      llvm::cl::init(false));
  return option;
}

void spada::registerImportSpadaTranslation() {
  compatOption();
  static TranslateToMLIRRegistration registration(
      "import-spada", "SpaDA source (.sptl) to the spada dialect",
      [](llvm::SourceMgr &sources, MLIRContext *context) {
        return OwningOpRef<Operation *>(
            frontend::importSpada(sources, context, {compatOption()})
                .release()
                .getOperation());
      },
      [](DialectRegistry &registry) { registry.insert<SpadaDialect>(); });
}
