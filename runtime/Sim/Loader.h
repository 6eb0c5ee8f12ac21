//===- Loader.h - checks shared by the image loaders ------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Private to the loader: how errors are collected, and the entry for one
// program.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_LOADER_H
#define SPADA_SIM_LOADER_H

#include "Model.h"

namespace spada::sim {

/// Collects the first error of a load.
class Checker {
public:
  explicit Checker(std::string &error) : error(error) {}

  /// Records `message` unless `condition` holds; returns `condition`.
  template <typename Message> bool check(bool condition, Message &&message) {
    if (!condition && error.empty())
      error = "image: " + context + message();
    return condition;
  }
  bool check(bool condition, const char *message) {
    return check(condition, [&] { return std::string(message); });
  }
  bool failed() const { return !error.empty(); }

  std::string context; ///< "program 'x': "

private:
  std::string &error;
};

/// Decodes one program; the machine and the locations of `model` are already
/// there.
bool loadProgram(const image::Program &source, const Model &model,
                 Program &program, Checker &checker);

/// Decodes its vector operations, data structure registers, FIFOs and texts to
/// print, after descriptors and tasks.
bool loadVectors(const image::Program &source, const Machine &machine,
                 size_t numLocations, Program &program, Checker &checker);

/// Decodes its instructions, after everything that they name.
bool loadCode(const image::Program &source, const Model &model,
              Program &program, Checker &checker);

/// Cycles of a decoded instruction; of a conditional jump when it is not taken.
uint16_t costOf(const Machine &machine, const Instruction &in);

/// Decodes the initial values of single PEs, after programs and tiles.
bool loadTileData(const image::Image &source, Model &model, Checker &checker);

/// Type number `value` of the image, checked: of one register.
inline bool isType(int64_t value) {
  return value >= 0 && value <= int64_t(Type::F32);
}
/// Or of a pair of registers.
inline bool isAnyType(int64_t value) {
  return isType(value) || value == int64_t(Type::I64);
}

template <typename Vector> uint32_t sizeOf(const Vector *vector) {
  return vector ? vector->size() : 0;
}

} // namespace spada::sim

#endif
