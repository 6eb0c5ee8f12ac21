//===- SparseCode.cpp - networks on this machine's CPU --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "SparseCode.h"

#include "Compile.h"
#include "spada/Interp/SparseInterp.h"
#include "spada/JIT/SparseKernel.h"
#include "spada/Target/Object.h"

#include <cstring>

using namespace llvm;
using namespace spada;
using namespace spada::driver;
using namespace spada::sparse;

std::vector<OptionSpec> spada::driver::sparseCodeOptions() {
  return {{"--order", "", "NAME",
           "order of the connections: destination, source, blocked,\n"
           "clustered, class, greedy, streaming; own: the file's; default\n"
           "auto: own, or what the code generator finds best"},
          {"--order-size", "", "D",
           "destinations of a block or class; default by --memory"},
          {"--fast", "", "",
           "sums may be taken in any order; without it results are equal\n"
           "to those of the file's order bit for bit"},
          {"--merge", "", "", "compute neurons with equal connections once"},
          {"--skip-zeros", "", "",
           "leave out inputs whose values have all become zero for good"},
          {"--tile", "", "N",
           "inputs that run through the network together; default by caches"},
          {"--vectors", "", "SET", "plain, avx2 or avx512; default the best"}};
}

SparseObjectOptions spada::driver::readSparseCode(const ParsedCommand &command,
                                                  Errors &errors) {
  SparseObjectOptions options;
  useHostCaches(options.code);
  options.code.useThreads = !findOpenMPLibrary().empty();
  options.code.merge = command.has("--merge");
  options.code.skipZeros = command.has("--skip-zeros");
  options.code.tile = integerOption(command, "--tile", 1, errors).value_or(0);
  if (options.code.tile > 65536)
    errors.report("option '--tile' expects at most 65536, got '" +
                  command.get("--tile") + "'");
  checkChoice(command, "--vectors", {"plain", "avx2", "avx512"}, errors);
  for (VectorSet set : {VectorSet::Plain, VectorSet::AVX2, VectorSet::AVX512})
    if (command.get("--vectors") == vectorSetName(set))
      options.set = set;
  return options;
}

bool spada::driver::setOrder(const ParsedCommand &command,
                             SparseProgram &program, const Memory &memory,
                             Errors &errors) {
  StringRef name = command.get("--order", "auto");
  NetworkOp network = program.op();
  if (command.has("--fast"))
    network.setFast(true);
  uint64_t size = integerOption(command, "--order-size", 1, errors).value_or(0);
  if (errors.any())
    return false;
  if (name == "auto" || name == "own")
    return true;
  auto kind = parseOrderKind(name.str());
  if (!kind) {
    errors.report("option '--order' expects auto, own, destination, source, "
                  "blocked, clustered, class, greedy or streaming; got '" +
                  name + "'");
    return false;
  }
  std::vector<uint32_t> kept;
  Graph graph = graphOf(network);
  Order order = makeOrder(withoutLoneNeurons(graph), *kind, memory, size,
                          /*keepSums=*/!network.getFast());
  if (order.size() != graph.connections()) {
    errors.report("order '" + name +
                      "' cannot keep the order of the connections into each "
                      "neuron in this network",
                  "add --fast, which lets sums be taken in any order");
    return false;
  }
  mlir::Type i64 = mlir::IntegerType::get(&program.context(), 64);
  network.setOrderAttr(makeResource("order", i64, std::move(order)));
  return succeeded(network.verifyRegions());
}

/// Calls `run` on typed inputs and puts its result into an array.
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
  SparseObjectOptions options = readSparseCode(command, errors);
  int64_t threads = integerOption(command, "--threads", 1, errors).value_or(0);
  int64_t repeat = integerOption(command, "--repeat", 1, errors).value_or(1);
  if (errors.any())
    return std::nullopt;
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
