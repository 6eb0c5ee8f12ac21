//===- Readers.h - the readers of each format -------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Readers of one matrix append layers to a network; the others fill an empty
// one. `file` is for messages. Nothing here knows MLIR.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_READERS_H
#define SPADA_FRONTENDS_NET_READERS_H

#include "frontends/Net/Model.h"

#include <map>

namespace spada::net {

/// NumPy archives: layers, or a graph of `source`, `destination`, `weight`.
bool readNpz(std::string_view bytes, const std::string &file,
             const Settings &settings, Network &network, Error &error);
/// One layer as an array of two dimensions; zeros are no connections.
bool readNpy(std::string_view bytes, const std::string &file,
             const Settings &settings, Network &network, Error &error);
/// One layer in the Matrix Market exchange format.
bool readMatrixMarket(std::string_view bytes, const std::string &file,
                      const Settings &settings, Network &network, Error &error);
/// One pattern of the deep learning matrix collection; random weights.
bool readSmtx(std::string_view bytes, const std::string &file,
              const Settings &settings, Network &network, Error &error);
/// One layer of the Graph Challenge. The number of neurons is that of a file
/// name like `n1024-l1.tsv`, else the largest of the file.
bool readTsv(std::string_view bytes, const std::string &file,
             const Settings &settings, Network &network, Error &error);
/// The official Graph Challenge networks from their class maps.
bool readPartition(std::string_view bytes, const std::string &file,
                   uint64_t layers, Network &network, Error &error);
/// Chains and graphs of linear operators and activations.
bool readOnnx(std::string_view bytes, const std::string &file,
              const Settings &settings, Network &network, Error &error);

/// Key and value of a generator's or format's parameters.
using Parameters = std::map<std::string, std::string, std::less<>>;
/// Makes a network. `kind` is one of `generators`.
bool generate(const std::string &kind, const Parameters &parameters,
              const Settings &settings, Network &network, Error &error);

/// How something is written in a spec, and what it is.
struct Described {
  const char *name, *parameters, *meaning;
};
const std::vector<Described> &generators();

/// The usual bias of Graph Challenge networks with so many neurons a layer.
double challengeBias(uint64_t neurons);
/// Layer `number` of such a network: `classOf[i]` is the class of input i.
Layer challengeLayer(uint64_t number, const std::vector<uint32_t> &classOf,
                     uint32_t classes, uint64_t firstSource);
/// Residue classes of the official networks, N / 16; 0 for other sizes.
uint32_t challengeClasses(uint64_t neurons);

/// Reads the network that `spec` names.
bool readNetwork(std::string_view spec, const Settings &settings,
                 Network &network, Error &error);
/// One file by its contents and the end of its name.
bool readBytes(std::string_view bytes, const std::string &file,
               const Settings &settings, Network &network, Error &error);

} // namespace spada::net

#endif
