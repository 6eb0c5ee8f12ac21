//===- Check.cpp - the checks behind `spada check` ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Turns the analyses into verdicts. What `analyze` rejects is a No of
// "routing"; the rest is decided here.
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/Check.h"

#include "Builder.h"
#include "Races.h"

#include <algorithm>

using namespace mlir;

namespace spada {

using namespace detail;

bool CheckReport::holds() const {
  return llvm::all_of(results, [](const CheckResult &result) {
    return result.verdict == Verdict::Yes;
  });
}

bool CheckReport::fails() const {
  return llvm::any_of(results, [](const CheckResult &result) {
    return result.verdict == Verdict::No;
  });
}

namespace {
/// Results of one property; ends with a Yes if there was nothing else.
class Property {
public:
  Property(CheckReport &report, std::string name, Location whole)
      : report(report), name(std::move(name)), whole(whole) {}
  ~Property() {
    if (clean)
      report.results.push_back({name, Verdict::Yes, "", whole});
  }
  void add(Verdict verdict, std::string detail, Location at) {
    clean = false;
    report.results.push_back({name, verdict, std::move(detail), at});
  }

private:
  CheckReport &report;
  std::string name;
  Location whole;
  bool clean = true;
};
} // namespace

//===----------------------------------------------------------------------===//
// Element counts, order and races
//===----------------------------------------------------------------------===//

static void checkCounts(const KernelAnalysis &analysis, Property &property) {
  for (const Flow &flow : analysis.flows)
    if (!flow.counted)
      property.add(Verdict::Undecided,
                   "the number of elements of stream '" + flow.name +
                       "' cannot be computed",
                   flow.location());
}

static std::string describeStatement(Operation *op) {
  std::string text = op->getName().stripDialect().str();
  if (auto location = op->getLoc()->findInstanceOf<FileLineColLoc>())
    text += " at line " + std::to_string(location.getLine());
  return text;
}

static std::string describeFinding(const Finding &finding,
                                   const ComputeInfo &info) {
  PE pe = info.region.first();
  std::string where =
      "PE [" + std::to_string(pe.x) + ", " + std::to_string(pe.y) + "]";
  std::string second = describeStatement(finding.second),
              first = describeStatement(finding.first);
  if (finding.kind == Finding::Kind::UnorderedStream)
    return "on " + where + ", " + second + " uses stream '" + finding.name +
           "' while " + first + " is outstanding on it; await that first";
  if (finding.certain)
    return "on " + where + ", " + second + " touches field '" + finding.name +
           "' while " + first + " is outstanding on it; await that first";
  return second + " may touch the elements of field '" + finding.name +
         "' on which " + first +
         " is outstanding; the indices are not simple enough to tell";
}

namespace {
struct LocatedFinding {
  Finding finding;
  unsigned compute;
};
} // namespace

static std::vector<LocatedFinding>
collectFindings(const KernelAnalysis &analysis) {
  std::vector<LocatedFinding> all;
  for (unsigned i = 0; i < analysis.computes.size(); ++i) {
    const ComputeInfo &info = analysis.computes[i];
    if (info.representative != i || info.region.empty())
      continue;
    for (Finding &finding : findRaces(info.op))
      all.push_back({std::move(finding), i});
  }
  return all;
}

static void addFindings(const KernelAnalysis &analysis,
                        const std::vector<LocatedFinding> &findings,
                        Finding::Kind kind, Property &property) {
  for (auto &[finding, compute] : findings)
    if (finding.kind == kind)
      property.add(finding.certain ? Verdict::No : Verdict::Undecided,
                   describeFinding(finding, analysis.computes[compute]),
                   finding.second->getLoc());
}

//===----------------------------------------------------------------------===//
// Bounded arguments
//===----------------------------------------------------------------------===//

namespace {
/// One index of an argument: a subgrid variable plus a constant.
struct ArgumentIndex {
  unsigned variable = 0;
  int64_t offset = 0;
  auto operator<=>(const ArgumentIndex &) const = default;
};
using ArgumentIndices = std::vector<ArgumentIndex>;

/// Elements by argument, element of it, and direction.
using ArgumentCounts =
    std::map<std::tuple<std::string, ArgumentIndices, Role>, CountPieces>;
} // namespace

static Value stripCasts(Value value) {
  while (auto cast = value.getDefiningOp<CastOp>())
    value = cast.getOperand();
  return value;
}

static std::optional<ArgumentIndex> parseIndex(Value value, ComputeOp compute) {
  value = stripCasts(value);
  int64_t offset = 0;
  if (auto binary = value.getDefiningOp<BinaryOp>()) {
    bool subtracts = binary.getKind() == BinaryKind::Sub;
    if (!subtracts && binary.getKind() != BinaryKind::Add)
      return std::nullopt;
    auto left = constantValue(binary.getLhs());
    auto right = constantValue(binary.getRhs());
    if (right) {
      offset = subtracts ? -*right : *right;
      value = stripCasts(binary.getLhs());
    } else if (left && !subtracts) {
      offset = *left;
      value = stripCasts(binary.getRhs());
    } else {
      return std::nullopt;
    }
  }
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || argument.getOwner()->getParentOp() != compute)
    return std::nullopt;
  return ArgumentIndex{argument.getArgNumber(), offset};
}

static std::optional<ArgumentIndices> parseIndices(ArgumentRefOp ref,
                                                   ComputeOp compute) {
  ArgumentIndices indices;
  for (Value value : ref.getIndices()) {
    auto index = parseIndex(value, compute);
    if (!index)
      return std::nullopt;
    indices.push_back(*index);
  }
  return indices;
}

static ArgumentOp findArgument(KernelOp kernel, StringRef name) {
  for (ArgumentOp argument : kernel.getBody().getOps<ArgumentOp>())
    if (argument.getName() == name)
      return argument;
  return ArgumentOp();
}

/// Every index of the PEs of `region` lies inside the argument's shape.
static void checkIndices(ArgumentOp argument, const ArgumentIndices &indices,
                         const Region &region, Operation *op,
                         Property &property) {
  StridedBox bounds = region.boundingBox();
  for (auto [index, dim] : llvm::zip(indices, argument.getDims())) {
    auto size = constantValue(dim);
    bool isX = index.variable == 0;
    int64_t least = (isX ? bounds.xLo : bounds.yLo) + index.offset;
    int64_t greatest = (isX ? bounds.xHi : bounds.yHi) - 1 + index.offset;
    if (!size || (least >= 0 && greatest < *size))
      continue;
    property.add(Verdict::No,
                 "PEs of this block use index " +
                     std::to_string(least < 0 ? least : greatest) +
                     " of argument '" + argument.getName().str() +
                     "', whose size is " + std::to_string(*size),
                 op->getLoc());
    return;
  }
}

static void compareArgument(ArgumentOp argument, const CountPieces &pieces,
                            Role role, Property &property) {
  auto bound = constantValue(argument.getBound());
  std::string name = argument.getName().str();
  const char *verb = role == Role::Receive ? "receive" : "send";
  for (const CountPiece &piece : pieces) {
    if (!piece.count || !bound)
      property.add(Verdict::Undecided,
                   "cannot tell how many elements of argument '" + name +
                       "' the statements here " + verb,
                   piece.op->getLoc());
    else if (*piece.count > *bound)
      property.add(Verdict::No,
                   withVerb(piece.region, verb) + " " +
                       std::to_string(*piece.count) +
                       " elements of argument '" + name + "', which has " +
                       std::to_string(*bound),
                   piece.op->getLoc());
  }
}

static void checkArguments(const KernelAnalysis &analysis, Property &property) {
  ArgumentCounts counts;
  for (const StreamStatement &statement : statementsOf(analysis)) {
    auto ref = dyn_cast_or_null<ArgumentRefOp>(statement.stream);
    if (!ref || !statement.role)
      continue;
    ArgumentOp argument = findArgument(analysis.kernel, ref.getName());
    if (!argument) {
      property.add(Verdict::No,
                   "argument '" + ref.getName().str() + "' is not declared",
                   ref.getLoc());
      continue;
    }
    const ComputeInfo &info = analysis.computes[statement.compute];
    auto indices = parseIndices(ref, info.op);
    if (!indices) {
      property.add(Verdict::Undecided,
                   "index of argument '" + ref.getName().str() +
                       "' is not a subgrid variable plus a constant",
                   ref.getLoc());
      continue;
    }
    checkIndices(argument, *indices, info.region, statement.op, property);
    if (!argument.getBound())
      continue; // streaming: any number
    CountPieces &pieces =
        counts[{ref.getName().str(), *indices, *statement.role}];
    for (CountPiece &piece : countStatement(analysis, statement, info.region))
      addCount(pieces, piece.region, piece.count, piece.op);
  }
  for (auto &[key, pieces] : counts)
    compareArgument(findArgument(analysis.kernel, std::get<0>(key)), pieces,
                    std::get<2>(key), property);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

/// The largest fields of a class, for a message.
static std::string largestFields(const KernelAnalysis &analysis,
                                 const PEClass &peClass) {
  constexpr size_t shown = 4;
  std::vector<std::pair<int64_t, std::string>> fields;
  for (unsigned place : peClass.places) {
    PlaceOp op = analysis.places[place].op;
    for (FieldOp field : op.getBody().getOps<FieldOp>())
      fields.push_back({-fieldBytes(field).value_or(0), field.getName().str()});
  }
  llvm::sort(fields);
  std::string text;
  for (size_t i = 0; i < std::min(shown, fields.size()); ++i)
    text += (i ? ", '" : "'") + fields[i].second + "' " +
            std::to_string(-fields[i].first);
  return text;
}

static void checkMemory(const KernelAnalysis &analysis, const Machine &machine,
                        CheckReport &report, Property &property) {
  int64_t available = machine.memoryBytes - machine.reservedBytes;
  for (const PEClass &peClass : analysis.classes) {
    report.fieldBytesMax = std::max(report.fieldBytesMax, peClass.fieldBytes);
    if (peClass.fieldBytes <= available)
      continue;
    property.add(Verdict::Undecided,
                 "fields of " + peClass.region.describe() + " take " +
                     std::to_string(peClass.fieldBytes) + " bytes, " +
                     std::to_string(available) + " of " + machine.name +
                     " are free; it fits only if fields can share storage "
                     "(largest: " +
                     largestFields(analysis, peClass) + ")",
                 analysis.kernel->getLoc());
  }
}

//===----------------------------------------------------------------------===//
// All of them
//===----------------------------------------------------------------------===//

CheckReport checkAnalysed(const KernelAnalysis &analysis,
                          const Machine &machine) {
  CheckReport report;
  KernelOp kernel = analysis.kernel;
  Location whole = kernel.getLoc();
  {
    Property routing(report, "routing", whole);
  }
  {
    Property counts(report, "element counts", whole);
    checkCounts(analysis, counts);
  }
  std::vector<LocatedFinding> findings = collectFindings(analysis);
  {
    Property order(report, "ordered streams", whole);
    addFindings(analysis, findings, Finding::Kind::UnorderedStream, order);
  }
  {
    Property races(report, "data races", whole);
    addFindings(analysis, findings, Finding::Kind::Race, races);
  }
  {
    Property arguments(report, "argument bounds", whole);
    checkArguments(analysis, arguments);
  }
  {
    Property memory(report, "memory", whole);
    checkMemory(analysis, machine, report, memory);
  }
  return report;
}

LogicalResult checkKernel(KernelOp kernel, const Machine &machine,
                          CheckReport *report) {
  FailureOr<KernelAnalysis> analysis = analyze(kernel, machine);
  if (failed(analysis)) {
    if (report)
      report->results = {{"routing", Verdict::No,
                          "the kernel cannot be routed as written; see the "
                          "errors",
                          kernel.getLoc()}};
    return failure();
  }
  CheckReport found = checkAnalysed(*analysis, machine);
  for (const CheckResult &result : found.results) {
    if (result.verdict == Verdict::No)
      emitError(result.location) << result.property << ": " << result.detail;
    else if (result.verdict == Verdict::Undecided)
      emitWarning(result.location)
          << "undecided, " << result.property << ": " << result.detail;
  }
  bool fails = found.fails();
  if (report)
    *report = std::move(found);
  return failure(fails);
}

} // namespace spada
