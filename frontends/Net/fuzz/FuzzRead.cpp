//===- FuzzRead.cpp - libFuzzer target of the readers of networks ---------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Any bytes are read or refused, never a crash, a hang or a lot of memory. The
// first byte chooses the format; what was read is checked.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Images.h"
#include "frontends/Net/Readers.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

using namespace spada::net;

[[noreturn]] static void stop(const char *what) {
  fprintf(stderr, "%s\n", what);
  abort();
}

/// Arrays have the sizes that they say, and every source is a neuron. Weights
/// that operators of ONNX compute are checked when the IR is built.
static void check(const Network &network, bool isComputed) {
  uint64_t neurons = network.countNeurons();
  for (const Layer &layer : network.layers) {
    uint64_t count = layer.columns.size();
    if (layer.rows.size() != layer.neurons + 1 || layer.rows[0] != 0 ||
        uint64_t(layer.rows.back()) != count || layer.weights.size() != count)
      stop("sizes do not match");
    if (layer.bias.size() > 1 && layer.bias.size() != layer.neurons)
      stop("there are more or fewer biases than neurons");
    for (uint64_t row = 0; row < layer.neurons; ++row)
      if (layer.rows[row] > layer.rows[row + 1])
        stop("rows decrease");
    for (uint64_t c = 0; c < count; ++c) {
      if (layer.columns[c] < 0 || uint64_t(layer.columns[c]) >= neurons)
        stop("a source is out of range");
      if (!isComputed && !std::isfinite(layer.weights[c]))
        stop("a weight is not finite");
    }
  }
  if (network.outputs)
    for (int32_t output : *network.outputs)
      if (output < 0 || uint64_t(output) >= neurons)
        stop("an output is out of range");
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const names[] = {"a.npz",  "a.npy",     "a.mtx",
                                      "a.smtx", "n4-l1.tsv", "a.tsv",
                                      "a.onnx", "partition", "images"};
  if (size == 0)
    return 0;
  std::string name = names[data[0] % std::size(names)];
  std::string_view bytes(reinterpret_cast<const char *>(data) + 1, size - 1);
  Network network;
  Settings settings;
  Error error;
  bool isRead;
  if (name == "images") {
    Images images;
    isRead = readImages(bytes, name, 16, 1000, images, error);
    if (isRead && images.values.size() != images.rows * images.columns)
      stop("images have another size");
  } else if (name == "partition") {
    isRead = readPartition(bytes, name, 0, network, error);
  } else {
    isRead = readBytes(bytes, name, settings, network, error);
  }
  if (!isRead && (error.message.empty() || error.file != name))
    stop("no network and no reason");
  if (isRead)
    check(network, name == "a.onnx");
  return 0;
}
