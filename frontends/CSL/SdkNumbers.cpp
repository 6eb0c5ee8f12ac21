//===- SdkNumbers.cpp - numbers for the colors of a layout ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Compilation.h"
#include "SdkRoutes.h"

#include "llvm/ADT/bit.h"

using namespace spada;
using namespace spada::cslfront;

/// Low numbers first: ids of tasks start at 8. 21 to 23 belong to the system.
static constexpr unsigned numbersInOrder[] = {
    0, 1, 2, 3, 4, 5, 6, 7, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8};

/// Colors that have a switch on WSE-3, as bits.
static constexpr uint32_t wse3Switches =
    0x3ff | 1u << 12 | 1u << 13 | 1u << 16 | 1u << 17 | 1u << 20 | 1u << 21;

static bool isSwitched(const SdkClass &color) {
  for (const auto &[cell, positions] : color.routes)
    if (positions.size() > 1)
      return true;
  return false;
}

/// A position of a switch on WSE-2 gives another port to one side.
void SdkRoutes::checkSwitches(const SdkClass &color) const {
  if (layout.target != "wse2")
    return;
  for (const auto &[cell, positions] : color.routes)
    for (size_t i = 1; i < positions.size(); ++i) {
      uint8_t input = positions[i].input, output = positions[i].output;
      bool newInput = input != positions[0].input,
           newOutput = output != positions[0].output;
      const char *what =
          newInput && newOutput ? "changes the input and the output"
          : (newInput && llvm::popcount(input) > 1) ||
                  (newOutput && llvm::popcount(output) > 1)
              ? "has two router ports on the side that it changes"
              : nullptr;
      if (what)
        throw CompileError{{},
                           "color '" + color.name + "' of PE " + placeOf(cell) +
                               ": position " + std::to_string(i) + " " + what +
                               "; on wse2 it can set one side to one router "
                               "port",
                           {}};
    }
}

void SdkRoutes::markTouched(SdkClass &color) {
  for (const auto &[cell, positions] : color.routes)
    for (const SdkPosition &position : positions)
      for (uint8_t side : sdkSides)
        if ((position.input | position.output) & side)
          if (std::optional<SdkCell> next = neighbor(cell, side))
            color.touched.set(*next);
}

bool SdkRoutes::meet(const SdkClass &a, const SdkClass &b) const {
  return a.present.anyCommon(b.present) || a.present.anyCommon(b.touched) ||
         a.touched.anyCommon(b.present);
}

/// The class with the fewest numbers left goes first.
void SdkRoutes::chooseNumbers() {
  std::vector<uint32_t> allowed; // by class, bits
  uint32_t all = 0;
  for (unsigned number : numbersInOrder)
    all |= 1u << number;
  for (SdkClass &color : classes) {
    markTouched(color);
    checkSwitches(color);
    bool limited = layout.target == "wse3" && isSwitched(color);
    if (limited && color.number && !(wse3Switches >> *color.number & 1))
      throw CompileError{{},
                         "color '" + color.name + "' has the number " +
                             std::to_string(*color.number) +
                             " and switch positions; on wse3 the colors 0 to "
                             "9, 12, 13, 16, 17, 20 and 21 have switches",
                         {}};
    allowed.push_back(limited ? all & wse3Switches : all);
  }
  auto give = [&](size_t taken) {
    for (size_t i = 0; i < classes.size(); ++i)
      if (i != taken && meet(classes[i], classes[taken]))
        allowed[i] &= ~(1u << *classes[taken].number);
  };
  for (size_t i = 0; i < classes.size(); ++i)
    if (classes[i].number)
      give(i);
  for (;;) {
    size_t next = classes.size();
    for (size_t i = 0; i < classes.size(); ++i)
      if (!classes[i].number &&
          (next == classes.size() ||
           llvm::popcount(allowed[i]) < llvm::popcount(allowed[next])))
        next = i;
    if (next == classes.size())
      return;
    for (unsigned number : numbersInOrder)
      if (!classes[next].number && allowed[next] >> number & 1)
        classes[next].number = number;
    if (!classes[next].number)
      throw CompileError{{},
                         "no number is left for color '" + classes[next].name +
                             "'; the colors that it meets on its PEs have "
                             "them all",
                         {}};
    give(next);
  }
}
