//===- LoadTileData.cpp - initial values of single PEs --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Loader.h"

using namespace spada;
using namespace spada::sim;

static bool load(const image::TileData &from, Model &model, Checker &checker) {
  if (!checker.check(from.x() < model.width && from.y() < model.height,
                     "data of a PE outside of the rectangle"))
    return false;
  uint32_t tile = model.tileNumber(from.x(), from.y());
  uint32_t program = model.tiles[tile].program;
  const std::string name = from.variable()->str();
  const VariableInfo *found = nullptr;
  if (program != none)
    for (const VariableInfo &variable : model.programs[program].variables)
      if (variable.name == name)
        found = &variable;
  if (!checker.check(found && found->bytes == sizeOf(from.bytes()), [&] {
        return "data of " + std::to_string(sizeOf(from.bytes())) +
               " bytes for '" + name + "' of " + model.peName(tile) +
               (found ? ", which has " + std::to_string(found->bytes)
                      : ", which does not exist");
      }))
    return false;
  if (found->bytes)
    model.tileData.push_back(
        {tile, {found->address, {from.bytes()->begin(), from.bytes()->end()}}});
  return true;
}

bool sim::loadTileData(const image::Image &source, Model &model,
                       Checker &checker) {
  for (uint32_t i = 0; i < sizeOf(source.tile_data()); ++i)
    if (!load(*source.tile_data()->Get(i), model, checker))
      return false;
  return true;
}
