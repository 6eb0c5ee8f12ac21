//===- SparseCode.cpp - networks on this machine's CPU --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "SparseCode.h"

#include "Compile.h"
#include "Report.h"
#include "Svg.h"
#include "dialects/Sparse/Transforms/Transforms.h"
#include "mlir/Pass/PassManager.h"
#include "spada/Analysis/Sparse/Anneal.h"
#include "spada/Analysis/Sparse/Predict.h"
#include "spada/Interp/SparseInterp.h"
#include "spada/JIT/SparseKernel.h"
#include "spada/Pipelines/Sparse.h"
#include "spada/Target/Object.h"
#include "llvm/Support/FormatVariadic.h"

#include <cstring>

using namespace llvm;
using namespace spada;
using namespace spada::driver;
using namespace spada::sparse;

std::vector<OptionSpec> spada::driver::sparseCodeOptions() {
  return {{"--order", "", "NAME",
           "order of the connections: destination, source, blocked,\n"
           "clustered, class, greedy, streaming, depth-first or growth;\n"
           "cheapest: the one of these with the fewest reads and writes;\n"
           "anneal: a search from there; own: the file's; default auto: own,\n"
           "or what the code generator finds best"},
          {"--order-size", "", "D",
           "destinations of a block, class or tile; default by --memory"},
          {"--moves", "", "N", "moves of --order anneal; default 100000"},
          {"--anneal-state", "", "FILE",
           "the search goes on from there, and is written there"},
          {"--fast", "", "",
           "sums may be taken in any order; without it results are equal\n"
           "to those of the file's order bit for bit"},
          {"--clean", "", "", "remove what does not change the outputs"},
          {"--merge", "", "",
           "compute neurons with equal connections once; with --fast also\n"
           "those with connections from equal neurons"},
          {"--skip-zeros", "", "",
           "leave out inputs whose values have all become zero for good"},
          {"--tile", "", "N",
           "inputs that run through the network together; default by caches"},
          {"--vectors", "", "SET", "plain, avx2 or avx512; default the best"},
          {"--code", "", "LIST",
           "leave out what makes code fast, to measure it; with commas:\n"
           "no-blocks, no-classes, no-registers, no-fold, no-few,\n"
           "no-straight, wide-indices; straight makes code without loops\n"
           "for networks of any size"}};
}

/// What `--code` leaves out.
static void readCodeList(const ParsedCommand &command,
                         SparseCodeOptions &options, Errors &errors) {
  SmallVector<StringRef> names;
  command.get("--code").split(names, ',', -1, /*KeepEmpty=*/false);
  for (StringRef name : names) {
    if (name == "no-blocks")
      options.blockSources = false;
    else if (name == "no-classes")
      options.groupClasses = false;
    else if (name == "no-registers")
      options.destinations = 1;
    else if (name == "no-fold")
      options.foldWeights = false;
    else if (name == "no-few")
      options.fewInputs = false;
    else if (name == "no-straight")
      options.straight = SparseCodeOptions::Straight::Never;
    else if (name == "straight")
      options.straight = SparseCodeOptions::Straight::Always;
    else if (name == "wide-indices")
      options.wideIndices = true;
    else
      errors.report("option '--code' expects no-blocks, no-classes, "
                    "no-registers, no-fold, no-few, no-straight, straight or "
                    "wide-indices; got '" +
                    name + "'");
  }
}

Json spada::driver::explainCode(const ParsedCommand &command,
                                SparseProgram &program,
                                const FastMemory &memory, raw_ostream &os) {
  Errors errors("sparse");
  SparseObjectOptions options = readSparseCode(command, program, errors);
  PackedNetwork packed = packNetwork(program.op(), options.code);
  uint64_t streamBytes =
      packed.indices.size() + packed.weights.size() + packed.biases.size();
  os << "  code: tiles of " << packed.tile << " inputs, " << packed.slots
     << " rows of " << packed.rowBytes() << " bytes, " << packed.runs.size()
     << " loops in " << packed.forms.size() << " forms, "
     << packed.statistics.spills << " sums stored before they are finished\n";
  if (packed.isStraight)
    os << "  whole tiles run through straight-line code, without reading "
          "indices\n";
  const FewInputs &few = packed.few;
  if (few.most)
    os << formatv("  up to {0} inputs: a second stream of {1} bytes, {2} loops "
                  "in {3} forms; predicted {4:f1} times as fast as a tile for "
                  "one input, {5:f1} for four\n",
                  few.most, grouped(few.bytes()), few.runs.size(),
                  few.forms.size(), few.tileCost / few.oneCost,
                  few.tileCost / few.fourCost);
  else if (options.code.fewInputs)
    os << "  few inputs: no second stream, a tile is predicted to be faster\n";
  Json json = {{"straight", packed.isStraight},
               {"few_inputs", few.most},
               {"few_stream_bytes", few.bytes()},
               {"tile", packed.tile},
               {"rows", packed.slots},
               {"row_bytes", packed.rowBytes()},
               {"stream_bytes", streamBytes},
               {"misses", Json::array()}};
  for (uint64_t bytes :
       {options.code.levelOneBytes, options.code.levelTwoBytes, memory.bytes}) {
    uint64_t misses =
        predictMisses(packed, bytes, options.set.value_or(VectorSet::AVX512));
    os << "  a tile misses " << grouped(misses)
       << " lines of 64 bytes in a cache of " << grouped(bytes) << " bytes\n";
    json["misses"].push_back({{"cache_bytes", bytes}, {"lines", misses}});
  }
  return json;
}

SparseObjectOptions spada::driver::readSparseCode(const ParsedCommand &command,
                                                  const SparseProgram &program,
                                                  Errors &errors) {
  SparseObjectOptions options;
  useHostCaches(options.code);
  options.code.useThreads = !findOpenMPLibrary().empty();
  options.code.merge = command.has("--merge");
  options.code.skipZeros = command.has("--skip-zeros");
  options.code.tile =
      integerOption(command, "--tile", 1, errors).value_or(program.tile);
  if (options.code.tile > 65536)
    errors.report("option '--tile' expects at most 65536, got '" +
                  command.get("--tile") + "'");
  readCodeList(command, options.code, errors);
  checkChoice(command, "--vectors", {"plain", "avx2", "avx512"}, errors);
  for (VectorSet set : {VectorSet::Plain, VectorSet::AVX2, VectorSet::AVX512})
    if (command.get("--vectors") == vectorSetName(set))
      options.set = set;
  return options;
}

bool spada::driver::checkStraight(const SparseObjectOptions &options,
                                  NetworkOp network, Errors &errors) {
  // Five seconds of compilation.
  constexpr uint64_t most = 10000;
  uint64_t connections = network.countConnections();
  if (options.code.straight != SparseCodeOptions::Straight::Always ||
      connections <= most)
    return true;
  errors.report("network '" + network.getSymName() + "' has " +
                    grouped(connections) + " connections; '--code straight' " +
                    "takes at most " + grouped(most),
                "leave it out: code with loops is faster for such networks");
  return false;
}

/// Tells how the search goes, on a terminal only.
static bool showProgress(const Annealing::Progress &now) {
  if (!errs().is_displayed())
    return true;
  errs() << formatv("\r  annealing: {0:f0} % of {1} moves, {2} reads and "
                    "writes{3}",
                    100.0 * now.move / std::max<uint64_t>(now.moves, 1),
                    now.moves, now.best.total(),
                    now.move == now.moves ? "\n" : "");
  return true;
}

static bool annealOrder(const ParsedCommand &command, NetworkOp network,
                        const Memory &memory, Errors &errors) {
  AnnealOptions options;
  options.memory = memory;
  options.keepSums = !network.getFast();
  options.moves = integerOption(command, "--moves", 1, errors).value_or(100000);
  options.seed = integerOption(command, "--seed", 0, errors).value_or(1);
  Graph graph = withoutLoneNeurons(graphOf(network));
  if (errors.any() || graph.connections() == 0)
    return !errors.any();
  Order start = makeBestOrder(graph, memory, options.keepSums), order;
  std::string problem;
  Stopwatch watch;
  if (!anneal(graph, start, options, /*seconds=*/0,
              command.get("--anneal-state").str(), showProgress, order,
              problem)) {
    errors.report("cannot anneal: " + problem);
    return false;
  }
  double seconds = watch.seconds();
  outs() << formatv("annealed: {0:f3} of the lower bound of reads and writes, "
                    "{1} moves in {2:f2} s\n",
                    double(simulate(graph, order, memory).total()) /
                        bounds(graph, memory.batch).lower,
                    grouped(options.moves), seconds);
  setOrder(network, std::move(order));
  return true;
}

namespace {
/// A way to run a batch, judged by its packed code.
struct Candidate {
  std::string name;
  mlir::Attribute order;
  unsigned tile = 0;
  double seconds = 0;
};
} // namespace

static Candidate judge(NetworkOp network, SparseObjectOptions options,
                       StringRef name, unsigned tile, uint64_t batch) {
  options.code.tile = tile;
  options.code.fewInputs = false;
  PackedNetwork packed = packNetwork(network, options.code);
  Host host = localHost();
  double seconds =
      predictSeconds(packed, host, options.set.value_or(VectorSet::AVX512));
  return {name.str(), network->getAttr(network.getOrderAttrName()), packed.tile,
          seconds * double(divideCeil(batch, packed.tile))};
}

/// The order, and unless `--tile` is given the tile, with the least predicted
/// time for a batch. What `auto` does stays unless something else is clearly
/// faster.
static bool chooseFastest(const ParsedCommand &command, SparseProgram &program,
                          uint64_t batch, Errors &errors) {
  constexpr double clearly = 0.95;
  constexpr uint64_t mostTried = 4'000'000;
  NetworkOp network = program.op();
  SparseObjectOptions options = readSparseCode(command, program, errors);
  Graph graph = withoutLoneNeurons(graphOf(network));
  if (graph.connections() == 0 || errors.any())
    return !errors.any();
  bool keepSums = !network.getFast(), hasTile = command.has("--tile");
  ValueSizes sizes;
  sizes.value = program.valueBytes();
  unsigned given = options.code.tile;
  Candidate best = judge(network, options, "auto", given, batch);
  std::string others;
  auto consider = [&](const Candidate &other) {
    others += formatv("; {0} with {1} {2}", other.name, other.tile,
                      timeText(other.seconds));
    if (other.seconds < clearly * best.seconds)
      best = other;
  };
  unsigned chosenTile = best.tile;
  if (!hasTile && graph.connections() <= mostTried)
    for (unsigned tile : {chosenTile / 2, chosenTile * 2})
      if (tile * sizes.value >= 64)
        consider(judge(network, options, "auto", tile, batch));
  Schedule chosen =
      chooseSchedule(graph, builtinHost(), batch, keepSums, sizes);
  setOrder(network, makeOrder(graph, chosen.kind, chosen.memory, 0, keepSums));
  if (failed(network.verifyRegions()))
    return false;
  consider(judge(network, options, orderName(chosen.kind),
                 hasTile ? given : unsigned(chosen.tile), batch));
  if (best.order)
    network->setAttr(network.getOrderAttrName(), best.order);
  else
    network.removeOrderAttr();
  outs() << "fastest: order " << best.name << ", tiles of " << best.tile
         << " inputs, predicted " << timeText(best.seconds)
         << " on the described host" << others << "\n";
  if (!hasTile)
    program.tile = best.tile;
  return true;
}

bool spada::driver::prepareNetwork(const ParsedCommand &command,
                                   SparseProgram &program, const Memory &memory,
                                   uint64_t batch, Errors &errors) {
  NetworkOp network = program.op();
  if (command.has("--fast"))
    network.setFast(true);
  std::string name = command.get("--order", "auto").str();
  bool anneals = name == "anneal";
  if (!anneals)
    for (StringRef option : {"--moves", "--anneal-state"})
      if (command.has(option))
        errors.report("option '" + option + "' is for '--order anneal'");
  SparseOptimizationOptions options;
  options.clean = command.has("--clean");
  options.merge = command.has("--merge") && network.getFast();
  options.memory = memory.values;
  options.batch = memory.batch;
  options.policy = policyName(memory.policy);
  options.size = integerOption(command, "--order-size", 1, errors).value_or(0);
  if (name == "cheapest")
    options.order = "auto";
  else if (parseOrderKind(name))
    options.order = name;
  else if (!is_contained({"auto", "own", "anneal", "fastest"}, StringRef(name)))
    errors.report(
        "option '--order' expects auto, own, cheapest, anneal, "
        "fastest, destination, source, blocked, clustered, class, greedy, "
        "streaming, depth-first or growth; got '" +
        name + "'");
  if (errors.any())
    return false;
  mlir::PassManager pm(&program.context());
  buildSparseOptimization(pm, options);
  if (failed(pm.run(program.module())))
    return false;
  if (name == "fastest")
    return chooseFastest(command, program, batch, errors);
  return !anneals || annealOrder(command, program.op(), memory, errors);
}

/// The interpreter on a batch of type T.
template <typename T>
static Array interpretBatch(NetworkOp network, const Array &batch) {
  std::vector<T> inputs(batch.bytes.size() / sizeof(T));
  std::memcpy(inputs.data(), batch.bytes.data(), batch.bytes.size());
  std::vector<T> values = interpretNetwork(network, inputs);
  Array outputs;
  outputs.dtype = batch.dtype;
  outputs.shape = {batch.shape[0], int64_t(network.getOutputNeurons().size())};
  outputs.bytes.resize(values.size() * sizeof(T));
  std::memcpy(outputs.bytes.data(), values.data(), outputs.bytes.size());
  return outputs;
}

static std::optional<SparseRun> runOnCpu(const ParsedCommand &command,
                                         SparseProgram &program,
                                         const Array &batch, Errors &errors) {
  SparseRun result;
  Stopwatch compile;
  NetworkOp network = program.op();
  SparseObjectOptions options = readSparseCode(command, program, errors);
  int64_t threads = integerOption(command, "--threads", 1, errors).value_or(0);
  int64_t repeat = integerOption(command, "--repeat", 1, errors).value_or(1);
  if (errors.any() || !checkStraight(options, network, errors))
    return std::nullopt;
  options.code.mostInputs = batch.shape[0];
  // More of them are a tile anyway.
  options.code.fewInputs &= batch.shape[0] < 16;
  auto object = emitSparseObject(network, options, &result.statistics);
  if (failed(object))
    return std::nullopt;
  std::string problem;
  auto kernel =
      SparseKernel::load(ArrayRef<char>(*object), network.getSymName().str(),
                         findOpenMPLibrary(), problem);
  if (!kernel) {
    errors.report("cannot load the code of network '" + network.getSymName() +
                  "': " + problem);
    return std::nullopt;
  }
  result.compileSeconds = compile.seconds();
  int64_t width = network.getOutputNeurons().size();
  result.outputs.dtype = batch.dtype;
  result.outputs.shape = {batch.shape[0], width};
  result.outputs.bytes.resize(batch.shape[0] * width * program.valueBytes());
  SparseKernel::Rows x{const_cast<uint8_t *>(batch.bytes.data()),
                       batch.shape[1]},
      y{result.outputs.bytes.data(), width};
  result.repetitions = repeat;
  for (int64_t time = 0; time < repeat; ++time) {
    int64_t work = 0;
    Stopwatch watch;
    if (!kernel->run(x, y, batch.shape[0], threads, &work)) {
      errors.report("no memory for a batch of " + Twine(batch.shape[0]) +
                        " inputs",
                    "use a smaller batch or a smaller --tile");
      return std::nullopt;
    }
    double seconds = watch.seconds();
    result.seconds = time ? std::min(result.seconds, seconds) : seconds;
    result.work = work;
  }
  return result;
}

std::optional<SparseRun> spada::driver::runNetwork(const ParsedCommand &command,
                                                   SparseProgram &program,
                                                   const Array &batch,
                                                   Errors &errors) {
  if (command.get("--target", "cpu") == "cpu")
    return runOnCpu(command, program, batch, errors);
  SparseRun result;
  Stopwatch watch;
  result.outputs = program.valueBytes() == 8
                       ? interpretBatch<double>(program.op(), batch)
                       : interpretBatch<float>(program.op(), batch);
  result.seconds = watch.seconds();
  return result;
}
