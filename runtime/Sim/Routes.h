//===- Routes.h - what the image says of a color at a router ----*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Routes, switch positions and filters, verified. Constant while running; the
// state that they start is in Engine.h.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_ROUTES_H
#define SPADA_SIM_ROUTES_H

#include "spada/Sim/Image_generated.h"

#include <compare>
#include <cstdint>

namespace spada::sim {

constexpr unsigned numPositions = 4; ///< with position 0, the base route

/// Sides that a position gives a color instead of those of its base route; a
/// side that is 0 stays. Both 0: the position is invalid.
struct SwitchPosition {
  uint8_t rx = 0, tx = 0;

  bool isValid() const { return rx != 0 || tx != 0; }
  auto operator<=>(const SwitchPosition &) const = default;
};

struct FilterInfo {
  image::FilterKind kind = image::FilterKind::Counter;
  bool countData = false, countControl = false, filterControl = false;
  uint32_t initCounter = 0, maxCounter = 0, limit1 = 0, limit2 = 0;
  uint32_t minIndex = 0, maxIndex = 0;

  auto operator<=>(const FilterInfo &) const = default;
};

/// What a route has beside its two sides. Routes that have the same share it.
struct RouteSettings {
  SwitchPosition positions[numPositions - 1];
  uint8_t position = 0;
  image::PopMode popMode = image::PopMode::NoPop;
  bool ring = false, swapX = false, swapY = false, teardown = false;
  bool messages = false; ///< finds the way of messages by their headers
  bool hasFilter = false;
  FilterInfo filter;

  auto operator<=>(const RouteSettings &) const = default;
};

constexpr uint32_t maxRouteSettings = (1u << 21) - 1;

/// A color at a router. Of a full wafer there are many, so it is packed.
struct ColorRoute {
  uint32_t rx : 5 = 0, tx : 5 = 0; ///< port bits
  uint32_t isRouted : 1 = 0;
  uint32_t settings : 21 = maxRouteSettings; ///< in Model::routeSettings

  bool hasSettings() const { return settings != maxRouteSettings; }
  friend bool operator==(ColorRoute, ColorRoute) = default;
};

} // namespace spada::sim

#endif
