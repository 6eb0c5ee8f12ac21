//===- Check.cpp - reject programs whose result is not defined ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Collects accesses, runs the checks and warns about temporaries that nobody
// reads.
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/Transforms/Check.h"

#include "dialects/Stencil/Transforms/Transforms.h"

#include "llvm/ADT/SmallSet.h"

using namespace mlir;
using namespace spada;
using namespace spada::stencil;

namespace spada::stencil {
#define GEN_PASS_DEF_STENCILCHECKPASS
#include "dialects/Stencil/Transforms/Passes.h.inc"
} // namespace spada::stencil

CheckContext::CheckContext(ProgramOp program)
    : program(program), extents(computeExtents(program)) {
  unsigned group = 0, position = 0;
  for (auto section : program.getBody().front().getOps<SectionOp>()) {
    SectionSites &sites = sections.emplace_back();
    sites.section = section;
    ++group;
    for (auto statement : section.getBody().front().getOps<StatementOp>()) {
      group += !statement.getJoined();
      for (const FieldAccess &access : collectAccesses(statement))
        sites.fields[access.field].push_back(
            {access, statement, group, position++});
    }
  }
}

std::string stencil::offsetText(const FieldAccess &access) {
  auto type = cast<FieldType>(access.field.getType());
  int64_t offsets[] = {access.di, access.dj, access.dk};
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '[';
  for (unsigned axis = 0; axis < 3; ++axis) {
    if (!type.hasAxis(axis))
      continue;
    if (text.size() > 1)
      os << ", ";
    if (axis == 2 && access.isAnyLevel)
      os << "...";
    else
      os << offsets[axis];
  }
  os << ']';
  return text;
}

//===----------------------------------------------------------------------===//
// Temporaries that are never read
//===----------------------------------------------------------------------===//

/// The argument whose name differs by at most a third of the letters of `name`.
static StringRef findSimilar(ProgramOp program, StringRef name) {
  StringRef best;
  unsigned limit = (name.size() + 2) / 3 + 1;
  for (unsigned i = 0; i < program.getNumArguments(); ++i) {
    StringRef other = program.getArgName(i);
    if (!isa<FieldType>(program.getArgumentTypes()[i]))
      continue;
    unsigned distance = name.edit_distance_insensitive(other, true, limit);
    if (distance >= limit)
      continue;
    best = other;
    limit = distance;
  }
  return best;
}

/// Locals of inlined functions are not the user's to remove.
static bool isFromFunction(Location location) {
  return isa<CallSiteLoc>(location);
}

void stencil::warnUnread(const CheckContext &context) {
  for (auto temporary :
       context.program.getBody().front().getOps<TemporaryOp>()) {
    WriteOp write;
    bool isRead = false;
    for (Operation *user : temporary->getUsers()) {
      isRead |= isa<ReadOp>(user);
      if (auto other = dyn_cast<WriteOp>(user))
        write = other; // users are listed last to first
    }
    if (isRead || !write || isFromFunction(write.getLoc()))
      continue;
    InFlightDiagnostic warning = emitWarning(write.getLoc())
                                 << "temporary '" << temporary.getName()
                                 << "' is written, but never read";
    StringRef similar = findSimilar(context.program, temporary.getName());
    if (!similar.empty())
      warning.attachNote(context.program.getLoc())
          << "did you mean '" << similar << "'?";
  }
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

LogicalResult stencil::checkDomain(ProgramOp program,
                                   ArrayRef<int64_t> domain) {
  LogicalResult result = success();
  llvm::SmallSet<std::pair<Operation *, unsigned>, 8> seen;
  for (const UnsafeSizes &sizes : computeExtents(program).unsafeSizes) {
    int64_t size = domain[sizes.axis];
    if (size <= sizes.above || size >= sizes.below || size == 0 ||
        !seen.insert({sizes.read, sizes.axis}).second)
      continue;
    result = failure();
    FieldAccess access = *getAccess(sizes.read);
    InFlightDiagnostic error =
        sizes.read->emitError()
        << "'" << getFieldName(access.field) << offsetText(access)
        << "' in a region passes the halo: the domain "
           "has "
        << size << " points on axis "
        << "IJ"[sizes.axis] << ", but needs " << sizes.below;
    error.attachNote(sizes.read->getParentOfType<StatementOp>().getLoc())
        << "the region is counted from the other edge of the domain";
  }
  return result;
}

LogicalResult stencil::checkProgram(ProgramOp program) {
  CheckContext context(program);
  LogicalResult points = checkPoints(context), levels = checkLevels(context);
  LogicalResult sizes = success();
  if (std::optional<ArrayRef<int64_t>> domain = program.getDomain())
    sizes = checkDomain(program, *domain);
  if (failed(points) || failed(levels) || failed(sizes))
    return failure();
  warnUnread(context);
  return success();
}

namespace {
struct Check : spada::stencil::impl::StencilCheckPassBase<Check> {
  void runOnOperation() override {
    if (failed(checkProgram(getOperation())))
      signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
