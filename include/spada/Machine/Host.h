//===- Host.h - the model of a processor core with caches -------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Every number about the host that choices depend on, with its unit in the
// field's name; filled from machines/host.json, which gives the source beside
// each number. What the operating system reports, such as sizes of caches, a
// caller may put in its place.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_MACHINE_HOST_H
#define SPADA_MACHINE_HOST_H

#include <cstdint>
#include <string>
#include <string_view>

namespace spada {

/// One core.
struct Host {
  std::string name;
  int64_t lineBytes = 0;
  /// Loads wait for earlier stores with the same address modulo this.
  int64_t aliasBytes = 0;
  int64_t aheadBytes = 0; ///< from what is asked for to what is used
  /// Of stencils: second-level caches that the rows of a tile fill; rows that
  /// share a loop, and levels of a sweep that do; fields that a sweep asks for
  /// of the next tile; rows whose addresses a loop keeps in registers,
  /// operations of its body that do so with their values.
  int64_t rowTileCaches = 0, rowsAtOnce = 0, levelsAtOnce = 0,
          nextTileFields = 0, rowAddresses = 0, rowOperations = 0;
  double multiplyAddsPerSecond = 0; ///< single precision, from registers
  /// Sums of vectors that take as long as one division or root, one division of
  /// integers or remainder, one call of a mathematical function.
  int64_t divideSums = 0, remainderSums = 0, functionSums = 0;
  double missedBranchSeconds = 0;
  /// Of sparse networks: bytes of a neuron's values in a tile; second-level
  /// caches that two layers fill where half of them is better; operations of a
  /// loop's body that hide the loop.
  int64_t tileRowBytes = 0, largeLayerCaches = 0, unrolledOperations = 0;
  /// Sums of vectors that take as long as: a step of the code for few inputs
  /// with one of them, and what each further one adds, where every lane has its
  /// own source and where all share one; a source of a tile, and each of its
  /// destinations.
  double laneStepSums = 0, laneInputSums = 0, sharedStepSums = 0,
         sharedInputSums = 0, tileSourceSums = 0, tileDestinationSums = 0;
  /// Instructions that read one vector, and the first cache for them.
  int64_t vectorCodeBytes = 0, codeCacheBytes = 0;
  int64_t levelOneBytes = 0, levelTwoBytes = 0, levelThreeBytes = 0;
  /// What the core reads from each.
  double levelOneBytesPerSecond = 0, levelTwoBytesPerSecond = 0,
         levelThreeBytesPerSecond = 0, memoryBytesPerSecond = 0;

  /// Checks that the numbers fit together. On failure returns false and sets
  /// `error` to a message that names the field.
  bool validate(std::string &error) const;
};

/// Fills a host from the text of a description and validates it. On failure
/// returns false and sets `error` to a message that names the missing or wrong
/// field.
bool parseHost(std::string_view json, Host &host, std::string &error);

/// The description that is compiled in.
std::string_view builtinHostText();

/// The host of that description.
Host builtinHost();

/// The same with the caches of this machine.
Host localHost();

/// Puts the sizes of this machine's caches in the place of those of `host`, as
/// far as the operating system tells them. \p folder  where Linux describes the
/// caches of a core.
void readCacheSizes(Host &host, const std::string &folder =
                                    "/sys/devices/system/cpu/cpu0/cache");

} // namespace spada

#endif
