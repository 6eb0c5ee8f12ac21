//===- SparseCommand.cpp - spada sparse -----------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Analyses a sparse network, or runs it on a batch.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Compile.h"
#include "Report.h"
#include "SparseAnalysis.h"
#include "SparseBatch.h"
#include "SparseCode.h"
#include "Svg.h"
#include "spada/Analysis/Sparse/Network.h"
#include "spada/Support/Files.h"
#include "spada/Support/Npy.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

CommandSpec spada::driver::sparseSpec() {
  CommandSpec spec;
  spec.name = "sparse";
  spec.summary = "analyse a sparse network, or run it on a batch of inputs";
  spec.usage =
      "spada sparse NETWORK [--memory SIZE] [--batch Q] [--plot FILE.svg]\n"
      "       spada sparse NETWORK --in X.npy --out Y.npy [--order NAME]";
  spec.fileKind = "a network";
  spec.description =
      "Without inputs: counts the reads and writes between slow memory and a "
      "fast memory of\n--memory for each order of the connections, beside "
      "their bounds. With inputs: compiles\nthe network and runs it. See "
      "docs/sparse.md and docs/networks.md.\n\nNETWORK is";
  static std::string description;
  description = spec.description.str();
  for (const std::string &line : listNetFormats())
    description += "\n  " + line;
  spec.description = description;
  append_range(spec.options, memoryOptions());
  append_range(spec.options, sparseCodeOptions());
  append_range(spec.options, batchOptions());
  std::vector<OptionSpec> own = {
      {"--out", "", "FILE.npy", "file for the outputs, (batch, outputs)"},
      {"--categories", "", "FILE",
       "compare the inputs whose outputs are not all zero with a list\n"
       "of their numbers, from 1; exit code 2 if they differ"},
      {"--target", "-t", "NAME", "cpu (default) or interp"},
      {"--threads", "", "N", "threads of the CPU; default all"},
      {"--repeat", "", "N", "run so often and tell the least time"},
      {"--explain", "", "", "tell what the code generator chose"},
      {"--plot", "", "FILE.svg", "reads and writes against memory, a picture"},
      {"--report", "", "FILE.json", "write what was counted"}};
  append_range(spec.options, own);
  append_range(spec.options, networkOptions());
  spec.examples =
      "spada sparse ffn:widths=1024-4096-1024,density=0.1 --memory 64KiB "
      "--batch 64\n"
      "spada sparse layers.npz --in x.npy --out y.npy --order class\n"
      "spada sparse radix:neurons=1024,layers=120 --random 1024 --repeat 5";
  return spec;
}

namespace {
class SparseSession {
public:
  explicit SparseSession(const ParsedCommand &command)
      : command(command), errors("sparse") {}
  int execute();

private:
  int analyze();
  int run();
  void printRun(const SparseRun &result, const Array &batch);
  bool writeReport(Json facts);
  void check(Error error) {
    if (error)
      errors.report(toString(std::move(error)));
  }

  const ParsedCommand &command;
  Errors errors;
  SparseProgram program;
  std::optional<FastMemory> memory;
};
} // namespace

bool SparseSession::writeReport(Json facts) {
  Json report = {{"spada", SPADA_VERSION}, {"network", command.files[0]}};
  report.update(facts);
  if (command.has("--report"))
    check(writeJson(command.get("--report"), report));
  return !errors.any();
}

int SparseSession::analyze() {
  for (StringRef option :
       {"--out", "--categories", "--limit", "--repeat", "--explain",
        "--threads", "--tile", "--vectors", "--skip-zeros"})
    if (command.has(option))
      errors.report("option '" + option + "' needs inputs",
                    "add --in, --images or --random");
  if (errors.any() || !prepareNetwork(command, program, memory->memory,
                                      memory->memory.batch, errors))
    return exitRejected;
  sparse::Graph all = graphOf(program.op());
  sparse::Graph graph = withoutLoneNeurons(all);
  if (graph.connections() == 0) {
    errors.report("network '" + command.files[0] + "' has no connections");
    return exitRejected;
  }
  sparse::Order own;
  if (auto order = program.op().getOrder()) {
    sparse::Numbers numbers = *sparse::Numbers::of(*order);
    for (uint64_t step = 0; step < numbers.size(); ++step)
      own.push_back(numbers.integer(step));
  }
  SparseFacts facts = analyzeNetwork(graph, own, *memory);
  facts.loneNeurons = all.neurons - graph.neurons;
  outs() << command.files[0] << "\n";
  printFacts(facts, *memory, outs());
  if (command.has("--plot"))
    check(writeFileAtomically(command.get("--plot"), [&](raw_ostream &os) {
      os << plotOrders(graph, own, *memory);
    }));
  return writeReport(factsJson(facts, *memory)) ? exitDone : exitRejected;
}

void SparseSession::printRun(const SparseRun &result, const Array &batch) {
  uint64_t connections = program.op().countConnections();
  double nominal = double(connections) * batch.shape[0];
  outs() << command.files[0] << " on " << command.get("--target", "cpu") << ": "
         << batch.shape[0] << " inputs, " << grouped(connections)
         << " connections\n  run " << timeText(result.seconds);
  if (result.compileSeconds > 0)
    outs() << ", compiled in " << timeText(result.compileSeconds);
  if (result.seconds > 0)
    outs() << "\n  nominal rate "
           << formatv("{0:f2}", nominal / result.seconds * 1e-9)
           << " G connections x inputs/s";
  if (result.work && double(*result.work) != nominal)
    outs() << "; computed " << formatv("{0:f2}", *result.work / nominal * 100)
           << " %, rate "
           << formatv("{0:f2}", *result.work / result.seconds * 1e-9) << " G/s";
  if (result.statistics.connections)
    outs() << "\n  "
           << formatv("{0:f2}", result.statistics.bytesPerConnection())
           << " bytes of indices and weights for each connection, "
           << grouped(result.statistics.shared)
           << " connections in groups that share sources";
  outs() << "\n";
}

int SparseSession::run() {
  if (command.has("--plot"))
    errors.report("option '--plot' is for analysing, without inputs");
  std::optional<Array> batch = readBatch(command, program, errors);
  if (!batch || errors.any() ||
      !prepareNetwork(command, program, memory->memory, batch->shape[0],
                      errors))
    return exitRejected;
  std::optional<SparseRun> result =
      runNetwork(command, program, *batch, errors);
  if (!result)
    return exitRejected;
  if (command.has("--out"))
    check(writeNpy(command.get("--out"), result->outputs));
  printRun(*result, *batch);
  if (command.has("--out") && !errors.any())
    outs() << "  outputs -> " << command.get("--out") << "\n";
  Json facts = {{"batch", batch->shape[0]},
                {"connections", program.op().countConnections()},
                {"seconds", result->seconds},
                {"compile_seconds", result->compileSeconds},
                {"repetitions", result->repetitions}};
  if (result->work)
    facts["connections_computed"] = *result->work;
  if (command.has("--explain"))
    facts["code"] = explainCode(command, program, *memory, outs());
  if (!writeReport(facts))
    return exitRejected;
  if (!command.has("--categories"))
    return exitDone;
  std::vector<uint64_t> found = categoriesOf(result->outputs);
  if (!checkCategories(found, batch->shape[0], command.get("--categories"),
                       program, errors))
    return exitWrong;
  outs() << "  " << found.size() << " categories, equal to "
         << command.get("--categories") << "\n";
  return exitDone;
}

int SparseSession::execute() {
  checkChoice(command, "--target", {"cpu", "interp"}, errors);
  NetOptions options = readNetworkOptions(command, errors);
  readSparseCode(command, program, errors);
  if (errors.any() || !program.load(command.files[0], options, errors))
    return exitRejected;
  memory = readMemory(command, program.valueBytes(), errors);
  if (!memory)
    return exitRejected;
  return hasBatch(command) ? run() : analyze();
}

int spada::driver::sparseCommand(const CommandSpec &spec,
                                 const ParsedCommand &command) {
  return SparseSession(command).execute();
}
