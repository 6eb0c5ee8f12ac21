//===- StraightCode.cpp - small networks without loops --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The groups of a network one after the other, with their rows and the places
// of their weights as constants: nothing is read but rows, weights and biases.
// Functions of bounded size keep the time of compilation proportional.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Code.h"

#include <cstring>

using namespace mlir;
using namespace spada::sparse;

namespace {
/// Reads the indices of a packed network.
class IndexReader {
public:
  IndexReader(const PackedNetwork &packed, uint64_t at)
      : packed(packed), at(at), bytes(packed.isWide ? 4 : 2) {}
  const char *data() const { return packed.indices.data() + at; }
  void skip(uint64_t count) { at += count * bytes; }
  uint64_t get(uint64_t number) const {
    return readPackedIndex(data() + number * bytes, bytes);
  }

private:
  const PackedNetwork &packed;
  uint64_t at;
  unsigned bytes;
};
} // namespace

uint64_t spada::sparse::readPackedIndex(const char *from, unsigned bytes) {
  uint64_t value = 0;
  std::memcpy(&value, from, bytes); // the stream is little-endian
  return value;
}

bool KernelCode::isStraight() const {
  return packed.isStraight && set != VectorSet::Plain &&
         columns() == packed.tile && packed.cuts.empty();
}

/// The groups of `run` from `place` on, until the function has enough; moves
/// `place` to the next one.
void KernelCode::emitStraightRun(Mode mode, const GroupRun &run,
                                 StraightPlace &place, Value slots, Value state,
                                 uint64_t &room) {
  GroupForm shape = packed.forms[run.form];
  bool hasCount = shape.sources < 0;
  int64_t elementBytes = shape.weightType.getIntOrFloatBitWidth() / 8;
  Value weights = addressOf(names.stream("weights"));
  Value biases = addressOf(names.stream("biases"));
  Value smallest = load(bitsType, state, stateBytes);
  Value splat;
  if (shape.isSplat) {
    int64_t from = run.weightAt + (mode == Mode::Sums ? elementBytes : 0);
    splat = b.create<vector::BroadcastOp>(
        loc, vectorType,
        widen(load(shape.weightType, at(weights, from), elementBytes)));
  }
  for (; place.group < run.groups && room > 0; ++place.group) {
    IndexReader indices(packed, place.indexAt);
    int64_t count = shape.sources;
    if (hasCount)
      count = indices.get(shape.destinations);
    GroupForm own = shape;
    own.sources = count;
    Form form{own, mode, blockOf(own), slots, splat, {}, {}, {}};
    form.weight = at(weights, place.weightAt);
    form.bias = at(biases, place.biasAt);
    Reader reader{{}, form.weight, {}, {}, indices.data(), hasCount};
    smallest = computeGroup(form, reader, smallest);
    indices.skip(shape.destinations + hasCount + count);
    place.indexAt = indices.data() - packed.indices.data();
    if (!shape.isSplat)
      place.weightAt += count * shape.destinations * elementBytes;
    if (shape.isStart)
      place.biasAt += shape.destinations * valueBytes;
    uint64_t size = (count + 1) * shape.destinations;
    room -= std::min(room, size);
  }
  store(smallest, state, stateBytes);
}

/// `NAME_runs(slots, state, first, end)` for all runs.
void KernelCode::emitStraight(Mode mode) {
  constexpr uint64_t connectionsOfFunction = 64;
  std::vector<std::string> parts;
  size_t run = 0;
  auto placeOf = [&](size_t run) {
    if (run == packed.runs.size())
      return StraightPlace();
    const GroupRun &from = packed.runs[run];
    uint64_t weightAt = from.weightAt;
    return StraightPlace{0, from.indexAt, weightAt, from.biasAt};
  };
  StraightPlace place = placeOf(0);
  while (run < packed.runs.size()) {
    parts.push_back(modeName("straight" + std::to_string(parts.size()), mode));
    auto op = function(parts.back(), {pointerType, pointerType}, {});
    uint64_t room = connectionsOfFunction;
    while (run < packed.runs.size() && room > 0) {
      emitStraightRun(mode, packed.runs[run], place, op.getArgument(0),
                      op.getArgument(1), room);
      if (place.group == packed.runs[run].groups)
        place = placeOf(++run);
    }
    finish();
  }
  auto op = function(modeName("runs", mode),
                     {pointerType, pointerType, i64, i64}, {});
  for (const std::string &part : parts)
    call(part, {}, {op.getArgument(0), op.getArgument(1)});
  finish();
}
