//===- Check.cpp - rules of a whole csl module ----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What op verifiers cannot see: limits of the machine, tiles and routes of the
// whole rectangle, exports on both sides. Run by the printer and the packer
// before they start. PEs are only listed where most boxes are single PEs.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/CSLDialect.h"
#include "spada/Machine/Machine.h"
#include "spada/Target/CSL.h"

#include "llvm/ADT/MapVector.h"

#include <algorithm>
#include <numeric>

using namespace mlir;
using namespace spada;
using namespace spada::csl;

/// Is there a member of both `lo, lo + step, ... < hi` progressions?
static bool meets(int64_t loA, int64_t hiA, int64_t stepA, int64_t loB,
                  int64_t hiB, int64_t stepB) {
  if (stepA < stepB) {
    std::swap(loA, loB);
    std::swap(hiA, hiB);
    std::swap(stepA, stepB);
  }
  int64_t low = std::max(loA, loB), high = std::min(hiA, hiB);
  if ((loA - loB) % std::gcd(stepA, stepB) != 0)
    return false;
  // Members of A from `low` on; a common one comes within one period.
  int64_t first = loA + (low - loA + stepA - 1) / stepA * stepA;
  for (int64_t i = 0, x = first; i < stepB && x < high; ++i, x += stepA)
    if ((x - loB) % stepB == 0)
      return true;
  return false;
}

static bool meet(BoxAttr a, BoxAttr b) {
  return meets(a.getXLo(), a.getXHi(), a.getXStep(), b.getXLo(), b.getXHi(),
               b.getXStep()) &&
         meets(a.getYLo(), a.getYHi(), a.getYStep(), b.getYLo(), b.getYHi(),
               b.getYStep());
}

static int64_t countPes(BoxAttr box) {
  return ((box.getXHi() - box.getXLo() - 1) / box.getXStep() + 1) *
         ((box.getYHi() - box.getYLo() - 1) / box.getYStep() + 1);
}

namespace {
struct BoxUse {
  BoxAttr box;
  Operation *op;
  size_t index; ///< textual order
};

class Checker {
public:
  Checker(ModuleOp module, LayoutOp layout, const Machine &machine,
          CSLLimits limits);
  LogicalResult run();

private:
  LogicalResult checkDisjoint(std::vector<BoxUse> &uses, const Twine &what);
  LogicalResult checkDisjointPes(ArrayRef<BoxUse> uses, const Twine &what);
  static LogicalResult reportTwice(const BoxUse &first, const BoxUse &second,
                                   const Twine &what);
  LogicalResult checkTiles();
  LogicalResult checkRoutes();
  LogicalResult checkProgram(ProgramOp program);
  LogicalResult checkLocalTask(ProgramOp program, TaskOp task);
  LogicalResult checkTaskTable(ProgramOp program);
  LogicalResult checkVector(VectorOp vector);
  LogicalResult checkExports(ProgramOp program);
  LogicalResult checkArguments();
  LogicalResult checkColor(Operation *op, int64_t color);
  LogicalResult checkNumber(Operation *op, const std::vector<int64_t> &usable,
                            int64_t number, StringRef what);

  ModuleOp module;
  LayoutOp layout;
  const Machine &machine;
  CSLLimits limits;
  std::vector<int64_t> colors, inputQueues, outputQueues, localTaskIds;
  llvm::MapVector<StringRef, ExportNameOp> exports;
};
} // namespace

static std::vector<int64_t> numbersFrom(int64_t first, int64_t end) {
  std::vector<int64_t> numbers(end - first);
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

Checker::Checker(ModuleOp module, LayoutOp layout, const Machine &machine,
                 CSLLimits limits)
    : module(module), layout(layout), machine(machine), limits(limits),
      colors(machine.programColors), inputQueues(machine.inputQueues),
      outputQueues(machine.outputQueues), localTaskIds(machine.localTaskIds) {
  if (limits == CSLLimits::Compiler)
    return;
  constexpr int64_t allColors = 24, localIds = 31;
  colors = numbersFrom(0, allColors);
  inputQueues = numbersFrom(0, machine.inputQueueDepthWavelets.size());
  outputQueues = numbersFrom(0, machine.outputQueueDepthWavelets.size());
  // Where queues start data tasks, the first ids are theirs.
  localTaskIds = numbersFrom(
      machine.dataTaskIdIsColor ? 0 : machine.inputQueueDepthWavelets.size(),
      localIds);
}

/// "2, 3, 4": at most twelve numbers.
static std::string listed(const std::vector<int64_t> &numbers) {
  std::string text;
  for (size_t i = 0; i < numbers.size() && i < 12; ++i)
    text += (i ? ", " : "") + std::to_string(numbers[i]);
  return numbers.size() > 12
             ? text + " and " + std::to_string(numbers.size() - 12) + " more"
             : text;
}

LogicalResult Checker::checkNumber(Operation *op,
                                   const std::vector<int64_t> &usable,
                                   int64_t number, StringRef what) {
  if (llvm::is_contained(usable, number))
    return success();
  return op->emitError() << "'" << op->getName() << "' uses " << what << " "
                         << number << ", which programs of " << machine.name
                         << " cannot; usable are " << listed(usable);
}

LogicalResult Checker::checkColor(Operation *op, int64_t color) {
  return checkNumber(op, colors, color, "color");
}

/// Many boxes: marks their PEs in a picture of the rectangle, in time of its
/// size.
LogicalResult Checker::checkDisjointPes(ArrayRef<BoxUse> uses,
                                        const Twine &what) {
  auto width = static_cast<size_t>(layout.getWidth());
  std::vector<uint32_t> owners(width * layout.getHeight()); // number + 1
  for (const BoxUse &use : uses)
    for (int64_t y = use.box.getYLo(); y < use.box.getYHi();
         y += use.box.getYStep())
      for (int64_t x = use.box.getXLo(); x < use.box.getXHi();
           x += use.box.getXStep()) {
        uint32_t &owner = owners[static_cast<size_t>(y) * width + x];
        if (owner)
          return reportTwice(uses[owner - 1], use, what);
        owner = use.index + 1;
      }
  return success();
}

LogicalResult Checker::reportTwice(const BoxUse &first, const BoxUse &second,
                                   const Twine &what) {
  InFlightDiagnostic diag = second.op->emitError()
                            << what << " is set a second time on a PE of box "
                            << second.box;
  diag.attachNote(first.op->getLoc()) << "first set here, on " << first.box;
  return diag;
}

LogicalResult Checker::checkDisjoint(std::vector<BoxUse> &uses,
                                     const Twine &what) {
  constexpr size_t few = 100;
  if (uses.size() > few)
    return checkDisjointPes(uses, what);
  llvm::sort(uses, [](const BoxUse &a, const BoxUse &b) {
    return std::pair(a.box.getXLo(), a.index) <
           std::pair(b.box.getXLo(), b.index);
  });
  for (size_t i = 0; i < uses.size(); ++i)
    for (size_t j = i + 1;
         j < uses.size() && uses[j].box.getXLo() < uses[i].box.getXHi(); ++j)
      if (meet(uses[i].box, uses[j].box))
        return reportTwice(uses[i], uses[j], what);
  return success();
}

LogicalResult Checker::checkTiles() {
  auto width = static_cast<int64_t>(layout.getWidth()),
       height = static_cast<int64_t>(layout.getHeight());
  if (width > machine.programMaxWidthPes ||
      height > machine.programMaxHeightPes)
    return layout.emitError()
           << "program of " << width << " x " << height << " PEs does not fit "
           << machine.name << ", which has room for "
           << machine.programMaxWidthPes << " x "
           << machine.programMaxHeightPes;
  std::vector<BoxUse> tiles;
  int64_t pes = 0;
  for (auto tile : layout.getBody().getOps<TileCodeOp>()) {
    tiles.push_back({tile.getBox(), tile, tiles.size()});
    pes += countPes(tile.getBox());
  }
  if (failed(checkDisjoint(tiles, "code")))
    return failure();
  if (pes != width * height)
    return layout.emitError() << "layout leaves " << width * height - pes
                              << " of " << width * height
                              << " PEs without code; give every PE a "
                                 "csl.tile_code, an empty program if need be";
  return success();
}

LogicalResult Checker::checkRoutes() {
  std::map<int64_t, std::vector<BoxUse>> routes;
  for (auto config : layout.getBody().getOps<ColorConfigOp>()) {
    if (failed(checkColor(config, config.getColor())))
      return failure();
    std::vector<BoxUse> &uses = routes[config.getColor()];
    uses.push_back({config.getBox(), config, uses.size()});
  }
  for (auto &[color, uses] : routes)
    if (failed(checkDisjoint(uses, "route of color " + Twine(color))))
      return failure();
  return success();
}

/// From here on local task ids belong to the tasks of bundled libraries.
static constexpr int64_t firstLibraryTask = 32;

LogicalResult Checker::checkLocalTask(ProgramOp program, TaskOp task) {
  int64_t id = *task.getId();
  if (id >= firstLibraryTask && limits == CSLLimits::Hardware)
    return success();
  if (failed(checkNumber(task, localTaskIds, id, "local task id")))
    return failure();
  if (!machine.localTaskIdsShareColors || limits == CSLLimits::Hardware)
    return success();
  for (auto color : program.getBody().getOps<ColorOp>())
    if (static_cast<int64_t>(color.getNumber()) == id) {
      InFlightDiagnostic diag = task.emitError()
                                << "'csl.task' uses local task id " << id
                                << ", which is also a color of the program; "
                                << machine.name << " has one table for both";
      diag.attachNote(color.getLoc()) << "color declared here";
      return diag;
    }
  return success();
}

/// WSE-2 has one table for the ids of local, data and control tasks.
LogicalResult Checker::checkTaskTable(ProgramOp program) {
  if (!machine.localTaskIdsShareColors)
    return success();
  std::map<int64_t, TaskOp> owners;
  SymbolTable symbols(program);
  for (auto task : program.getBody().getOps<TaskOp>()) {
    if (task.getKind() == TaskKind::Teardown ||
        task.getKind() == TaskKind::QueueEmpty)
      continue;
    int64_t id =
        task.getId()
            ? *task.getId()
            : symbols
                  .lookup<ColorOp>(
                      symbols.lookup<QueueOp>(*task.getQueue()).getColor())
                  .getNumber();
    auto [it, fresh] = owners.try_emplace(id, task);
    if (fresh)
      continue;
    InFlightDiagnostic diag =
        task.emitError() << "'csl.task' takes task id " << id
                         << " a second time; " << machine.name
                         << " has one table for local, data (by color) and "
                            "control tasks";
    diag.attachNote(it->second.getLoc()) << "first taken here";
    return diag;
  }
  return success();
}

LogicalResult Checker::checkVector(VectorOp vector) {
  int64_t inputs =
      llvm::count_if(vector.getOperands_().getTypes(),
                     [](Type type) { return isa<FabinDsdType>(type); });
  if (inputs > machine.maxFabricInputsPerOperation)
    return vector.emitError()
           << "'csl.vector' reads " << inputs << " fabric inputs; "
           << machine.name << " can read "
           << machine.maxFabricInputsPerOperation << " in one operation";
  if (vector.getUt() && machine.microthreadIsQueue)
    return vector.emitError()
           << "'csl.vector' names microthread " << *vector.getUt() << "; on "
           << machine.name << " the queue implies it, leave 'ut' out";
  return success();
}

LogicalResult Checker::checkProgram(ProgramOp program) {
  SymbolTable symbols(program);
  std::map<int64_t, QueueOp> readers, writers;
  for (Operation &op : program.getBody().front()) {
    LogicalResult result = success();
    if (auto color = dyn_cast<ColorOp>(op))
      result = checkColor(&op, color.getNumber());
    if (auto queue = dyn_cast<QueueOp>(op);
        queue && queue.getKind() == QueueKind::Output &&
        machine.outputQueueBoundToColor) {
      auto [it, fresh] = writers.try_emplace(queue.getNumber(), queue);
      if (!fresh) {
        InFlightDiagnostic diag = queue.emitError()
                                  << "'csl.queue' takes output queue "
                                  << queue.getNumber() << " a second time; on "
                                  << machine.name << " it serves one color";
        diag.attachNote(it->second.getLoc()) << "first taken here";
        return diag;
      }
    }
    // People give queues that they do not use one unused color.
    if (auto queue = dyn_cast<QueueOp>(op);
        queue && queue.getKind() == QueueKind::Input &&
        limits == CSLLimits::Compiler) {
      int64_t color = symbols.lookup<ColorOp>(queue.getColor()).getNumber();
      auto [it, fresh] = readers.try_emplace(color, queue);
      if (!fresh) {
        InFlightDiagnostic diag =
            queue.emitError()
            << "'csl.queue' is the second input queue of color " << color
            << "; wavelets of a color go to one queue";
        diag.attachNote(it->second.getLoc()) << "first one here";
        return diag;
      }
    }
    if (auto queue = dyn_cast<QueueOp>(op))
      result =
          queue.getKind() == QueueKind::Input
              ? checkNumber(&op, inputQueues, queue.getNumber(), "input queue")
              : checkNumber(&op, outputQueues, queue.getNumber(),
                            "output queue");
    else if (auto task = dyn_cast<TaskOp>(op);
             task && task.getKind() == TaskKind::Local)
      result = checkLocalTask(program, task);
    if (failed(result))
      return failure();
  }
  if (failed(checkTaskTable(program)))
    return failure();
  WalkResult walk = program.walk(
      [&](VectorOp vector) { return WalkResult(checkVector(vector)); });
  return failure(walk.wasInterrupted());
}

LogicalResult Checker::checkExports(ProgramOp program) {
  SymbolTable symbols(program);
  for (auto exported : program.getBody().getOps<ExportSymbolOp>()) {
    ExportNameOp name = exports.lookup(exported.getName());
    if (!name)
      return exported.emitError()
             << "'" << exported.getName() << "' is exported by program '"
             << program.getSymName()
             << "' but not by the layout; add a csl.export_name";
    bool matches = false;
    if (auto pointer = symbols.lookup<PointerOp>(exported.getSymbol())) {
      auto array = dyn_cast<MemRefType>(name.getType());
      matches = array && array.getElementType() == pointer.getPointee();
    } else if (auto function = symbols.lookup<FuncOp>(exported.getSymbol())) {
      auto type = dyn_cast<FunctionType>(name.getType());
      TypeRange results;
      Type result =
          function.getResultType() ? *function.getResultType() : Type();
      if (result)
        results = TypeRange(result);
      matches = type &&
                TypeRange(type.getInputs()) ==
                    function.getBody().front().getArgumentTypes() &&
                TypeRange(type.getResults()) == results;
    }
    if (!matches) {
      InFlightDiagnostic diag = exported.emitError()
                                << "'" << exported.getName() << "' of program '"
                                << program.getSymName()
                                << "' has another type than the layout's "
                                << name.getType();
      diag.attachNote(name.getLoc()) << "layout's export here";
      return diag;
    }
  }
  return success();
}

LogicalResult Checker::checkArguments() {
  for (auto argument : layout.getBody().getOps<HostArgumentOp>()) {
    if (argument.getColor()) {
      if (failed(checkColor(argument, *argument.getColor())))
        return failure();
      continue;
    }
    if (argument.getIsScalar())
      continue;
    ExportNameOp name = exports.lookup(argument.getName());
    if (!name || !isa<MemRefType>(name.getType()))
      return argument.emitError()
             << "host argument '" << argument.getName()
             << "' has no array of its name; add a csl.export_name";
  }
  return success();
}

LogicalResult Checker::run() {
  for (auto exported : layout.getBody().getOps<ExportNameOp>())
    if (!exports.insert({exported.getName(), exported}).second)
      return exported.emitError()
             << "'" << exported.getName() << "' is exported a second time";
  if (failed(checkTiles()) || failed(checkRoutes()) || failed(checkArguments()))
    return failure();
  for (auto program : module.getOps<ProgramOp>())
    if (failed(checkProgram(program)) || failed(checkExports(program)))
      return failure();
  return success();
}

LogicalResult spada::checkCSL(ModuleOp module, const Machine &machine,
                              CSLLimits limits) {
  for (auto layout : module.getOps<LayoutOp>())
    if (failed(Checker(module, layout, machine, limits).run()))
      return failure();
  return success();
}
