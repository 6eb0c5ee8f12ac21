//===- Registers.cpp - registers, types and positions of an image ---------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Bookkeeping of the packer that knows no op.
//
//===----------------------------------------------------------------------===//

#include "Packer.h"

using namespace mlir;
using namespace spada;

std::optional<image::Type> spada::imageType(Type type) {
  if (type.isIndex() || type.isInteger(16) || isa<csl::PtrType>(type))
    return image::Type::I16;
  if (type.isInteger(1))
    return image::Type::I1;
  if (type.isInteger(8))
    return image::Type::I8;
  if (type.isInteger(32))
    return image::Type::I32;
  if (type.isInteger(64))
    return image::Type::I64;
  if (type.isF16())
    return image::Type::F16;
  if (type.isF32())
    return image::Type::F32;
  return std::nullopt;
}

unsigned spada::imageTypeBytes(image::Type type) {
  switch (type) {
  case image::Type::I1:
  case image::Type::I8:
    return 1;
  case image::Type::I16:
  case image::Type::F16:
    return 2;
  case image::Type::I32:
  case image::Type::F32:
    return 4;
  case image::Type::I64:
    return 8;
  }
  return 0;
}

static FileLineColLoc findFileLocation(Location location) {
  if (auto file = dyn_cast<FileLineColLoc>(location))
    return file;
  if (auto name = dyn_cast<NameLoc>(location))
    return findFileLocation(name.getChildLoc());
  if (auto call = dyn_cast<CallSiteLoc>(location))
    return findFileLocation(call.getCallee());
  if (auto fused = dyn_cast<FusedLoc>(location))
    for (Location part : fused.getLocations())
      if (auto file = findFileLocation(part))
        return file;
  return {};
}

uint32_t LocationTable::add(Location location) {
  FileLineColLoc place = findFileLocation(location);
  if (!place)
    return 0;
  auto [file, freshFile] =
      fileNumbers.try_emplace(place.getFilename().str(), files.size());
  if (freshFile)
    files.push_back(file->first);
  auto [it, fresh] = numbers.try_emplace(
      {file->second, place.getLine(), place.getColumn()}, locations.size());
  if (fresh)
    locations.emplace_back(file->second, place.getLine(), place.getColumn());
  return it->second;
}

uint32_t StringTable::add(StringRef text) {
  auto [it, fresh] = numbers.try_emplace(text, texts.size());
  if (fresh)
    texts.push_back(text.str());
  return it->second;
}

Register RegisterFile::take() { return takeRange(1); }

Register RegisterFile::takeRange(unsigned count) {
  unsigned first = 0;
  for (unsigned i = 0; i < holders.size() && i - first < count; ++i)
    if (holders[i] != 0)
      first = i + 1;
  if (first + count > holders.size())
    holders.resize(first + count);
  for (unsigned i = 0; i < count; ++i)
    holders[first + i] = 1;
  return static_cast<Register>(first);
}

void RegisterFile::release(Register number) {
  if (holders[number] > 0)
    --holders[number];
}
