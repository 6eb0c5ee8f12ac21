//===- HostArguments.cpp - where arguments live on the wafer --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// See HostArguments.h.
//
//===----------------------------------------------------------------------===//

#include "HostArguments.h"

#include "Affine.h"

using namespace mlir;
using namespace spada;

namespace {

/// One use: which PE coordinate each index takes, and the offsets.
struct Use {
  int64_t offset[2];
  int64_t dims[2];
};

/// PE = index + offset in each axis; a missing or constant index pins the axis,
/// which the block must then have once.
FailureOr<Use> useOf(ArgumentRefOp ref, ArgumentOp argument, ComputeOp compute,
                     const spada::Region &region) {
  StridedBox box = region.boundingBox();
  int64_t lo[2] = {box.xLo, box.yLo},
          count[2] = {box.xHi - box.xLo, box.yHi - box.yLo};
  SmallVector<int64_t> sizes;
  for (Value dim : argument.getDims())
    sizes.push_back(*constantValue(dim));
  Use use = {{lo[0], lo[1]}, {1, 1}};
  bool taken[2] = {false, false};
  SmallVector<int64_t> pinned; // constant index of each dimension without a
                               // variable, -1 for the others
  for (auto [d, size] : llvm::enumerate(sizes)) {
    std::optional<LinearForm> form;
    if (d < ref.getIndices().size()) {
      form = linearForm(ref.getIndices()[d]);
      if (!form)
        return ref.emitError()
               << "index " << d << " of argument '" << ref.getName()
               << "' is not a subgrid variable plus a constant";
    } else {
      form = LinearForm();
    }
    if (form->terms.empty()) {
      pinned.push_back(form->constant);
      continue;
    }
    auto [variable, coefficient] = *form->terms.begin();
    auto coordinate = dyn_cast<BlockArgument>(variable);
    if (form->terms.size() != 1 || coefficient != 1 || !coordinate ||
        coordinate.getOwner() != &compute.getBody().front())
      return ref.emitError()
             << "index " << d << " of argument '" << ref.getName()
             << "' must be one subgrid variable, plus or minus a constant";
    unsigned axis = coordinate.getArgNumber();
    if (taken[axis] || (d == 0 && axis == 1 && sizes.size() == 2) ||
        (d == 1 && axis == 0))
      return ref.emitError()
             << "indices of argument '" << ref.getName()
             << "' must follow the order of the subgrid variables";
    taken[axis] = true;
    use.offset[axis] = -form->constant;
    use.dims[axis] = size;
    pinned.push_back(-1);
  }
  // Dimensions without a variable pin the axes that are left, in order.
  unsigned axis = 0;
  for (auto [d, index] : llvm::enumerate(pinned)) {
    if (index < 0)
      continue;
    while (axis < 2 && taken[axis])
      ++axis;
    if (axis == 2)
      break;
    taken[axis] = true;
    use.offset[axis] = lo[axis] - index;
    use.dims[axis] = sizes[d];
    if (count[axis] > 1)
      return ref.emitError()
             << "argument '" << ref.getName() << "' is used by " << count[axis]
             << " PEs along " << (axis ? "y" : "x")
             << " with one index; index it with the subgrid variable";
  }
  for (axis = 0; axis < 2; ++axis)
    if (!taken[axis] && count[axis] > 1)
      return ref.emitError()
             << "argument '" << ref.getName()
             << "' does not use the subgrid variable of " << (axis ? "y" : "x")
             << ", in which its block is " << count[axis] << " PEs wide";
  return use;
}

} // namespace

LogicalResult
spada::collectHostArguments(const KernelAnalysis &analysis,
                            SmallVectorImpl<HostArgument> &arguments) {
  KernelOp kernel = analysis.kernel;
  for (auto op : kernel.getBody().getOps<ArgumentOp>()) {
    HostArgument argument;
    argument.op = op;
    argument.isInput = op.getMode() != ArgumentMode::WriteOnly;
    if (op.getBound())
      argument.elements = *constantValue(op.getBound());
    if (op.getMode() == ArgumentMode::Scalar ||
        op.getMode() == ArgumentMode::CompileTime) {
      if (op.getMode() == ArgumentMode::Scalar)
        arguments.push_back(argument);
      continue;
    }
    std::optional<Use> agreed;
    Location agreedLoc = op.getLoc();
    spada::Region region;
    for (const ComputeInfo &compute : analysis.computes) {
      WalkResult walk = ComputeOp(compute.op).walk([&](ArgumentRefOp ref) {
        if (ref.getName() != op.getName())
          return WalkResult::advance();
        for (Operation *user : ref.getResult().getUsers())
          argument.isOutput |= isa<SendOp, SendValueOp>(user);
        FailureOr<Use> use = useOf(ref, op, compute.op, compute.region);
        if (failed(use))
          return WalkResult::interrupt();
        if (agreed && (agreed->offset[0] != use->offset[0] ||
                       agreed->offset[1] != use->offset[1])) {
          auto diag = ref.emitError()
                      << "argument '" << op.getName()
                      << "' is placed with offset (" << use->offset[0] << ", "
                      << use->offset[1] << ") here and (" << agreed->offset[0]
                      << ", " << agreed->offset[1] << ") before";
          diag.attachNote(agreedLoc) << "other use is here";
          return WalkResult::interrupt();
        }
        agreed = *use;
        agreedLoc = ref.getLoc();
        region = region.unite(compute.region);
        return WalkResult::advance();
      });
      if (walk.wasInterrupted())
        return failure();
    }
    argument.dims = {1, 1};
    if (!agreed || region.empty()) {
      // Never used: it lives nowhere.
      argument.dims.clear();
      for (Value dim : op.getDims())
        argument.dims.push_back(*constantValue(dim));
      argument.dims.resize(2, 1);
      arguments.push_back(argument);
      continue;
    }
    argument.dims = {agreed->dims[0], agreed->dims[1]};
    argument.offsetX = agreed->offset[0];
    argument.offsetY = agreed->offset[1];
    argument.box = region.boundingBox();
    auto inside = [](int64_t lo, int64_t hi, int64_t offset, int64_t size) {
      return lo >= offset && hi <= offset + size;
    };
    if (!inside(argument.box.xLo, argument.box.xHi, argument.offsetX,
                argument.dims[0]) ||
        !inside(argument.box.yLo, argument.box.yHi, argument.offsetY,
                argument.dims[1]))
      return op.emitError()
             << "argument '" << op.getName() << "' of shape ["
             << argument.dims[0] << ", " << argument.dims[1]
             << "] is indexed from (" << argument.box.xLo - argument.offsetX
             << ", " << argument.box.yLo - argument.offsetY << ") to ("
             << argument.box.xHi - 1 - argument.offsetX << ", "
             << argument.box.yHi - 1 - argument.offsetY << ")";
    arguments.push_back(argument);
  }
  return success();
}
