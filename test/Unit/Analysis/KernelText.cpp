//===- KernelText.cpp - kernels in concrete form for tests ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Text and parsing only; nothing is checked here.
//
//===----------------------------------------------------------------------===//

#include "KernelText.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace spada::test {

std::string constant(int64_t value) {
  return value < 0 ? "%m" + std::to_string(-value)
                   : "%c" + std::to_string(value);
}

static std::string range(const std::string &text) {
  llvm::SmallVector<StringRef, 3> parts;
  StringRef(text).split(parts, ':');
  long long lo = 0, hi = 0, step = 1;
  (void)parts[0].getAsInteger(10, lo);
  hi = lo + 1;
  if (parts.size() > 1)
    (void)parts[1].getAsInteger(10, hi);
  if (parts.size() > 2)
    (void)parts[2].getAsInteger(10, step);
  return constant(lo) + " to " + constant(hi) + " step " + constant(step);
}

static std::string block(const char *kind, const std::string &x,
                         const std::string &y, const std::string &body) {
  return std::string("spada.") + kind + " [\"i\", \"j\"] in (" + range(x) +
         ", " + range(y) + ") {\n^bb0(%i: i16, %j: i16):\n" + body + "}\n";
}

std::string place(std::string x, std::string y, std::string fields) {
  return block("place", x, y, fields);
}
std::string dataflow(std::string x, std::string y, std::string streams) {
  return block("dataflow", x, y, streams);
}
std::string compute(std::string x, std::string y, std::string body) {
  return block("compute", x, y, body);
}
std::string phase(std::string blocks) {
  return "spada.phase {\n" + blocks + "}\n";
}

std::string field(std::string name, int64_t size) {
  return "spada.field \"" + name + "\" f32" +
         (size ? " dims(" + constant(size) + ")" : "") + "\n";
}

std::string stream(std::string name, int64_t dx, int64_t dy, std::string rest) {
  return "spada.stream \"" + name + "\" f32 offset(" + constant(dx) + ", " +
         constant(dy) + ") " + rest + "\n";
}

static int counter = 0; // fresh value names; their order does not matter

static std::string refer(const std::string &streamName, std::string &value) {
  value = "%s" + std::to_string(counter++);
  return value + " = spada.stream_ref \"" + streamName +
         "\" : !spada.stream<f32>\n";
}

std::string awaitSend(std::string fieldName, std::string streamName) {
  std::string value, text = refer(streamName, value);
  std::string done = "%t" + std::to_string(counter++);
  return text + done + " = spada.send \"" + fieldName + "\" to " + value +
         " : !spada.stream<f32>\nspada.await " + done + "\n";
}

std::string awaitReceive(std::string fieldName, std::string streamName) {
  std::string value, text = refer(streamName, value);
  std::string done = "%t" + std::to_string(counter++);
  return text + done + " = spada.receive \"" + fieldName + "\" from " + value +
         " : !spada.stream<f32>\nspada.await " + done + "\n";
}

static std::string kernelText(const std::string &body) {
  std::string text = "spada.kernel @k [] {\n";
  for (int64_t value = -64; value <= 1024; ++value)
    if (body.find(constant(value)) != std::string::npos)
      text += constant(value) + " = spada.constant " + std::to_string(value) +
              " : index\n";
  return text + body + "}\n";
}

Kernel::Kernel(const std::string &body)
    : handler(&context, [this](Diagnostic &diagnostic) {
        messages += diagnostic.str() + "\n";
        for (Diagnostic &note : diagnostic.getNotes())
          messages += "note: " + note.str() + "\n";
        return success();
      }) {
  context.loadDialect<SpadaDialect>();
  context.printOpOnDiagnostic(false);
  module = parseSourceString<ModuleOp>(kernelText(body), &context);
  if (module)
    for (KernelOp found : module->getOps<KernelOp>())
      kernel = found;
}

FailureOr<KernelAnalysis> Kernel::analyzeFor(const Machine &machine) {
  return analyze(kernel, machine);
}

bool Kernel::checkFor(const Machine &machine, CheckReport &report) {
  return succeeded(checkKernel(kernel, machine, &report));
}

Machine machineNamed(const char *name) {
  Machine machine;
  std::string error;
  if (!parseMachine(builtinMachineText(name), machine, error))
    llvm::errs() << error << "\n";
  return machine;
}

} // namespace spada::test
