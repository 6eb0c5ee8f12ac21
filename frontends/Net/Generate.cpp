//===- Generate.cpp - networks out of parameters --------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The same parameters give the same network on every machine.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Matrix.h"
#include "frontends/Net/Parameters.h"
#include "frontends/Net/Random.h"

#include <algorithm>
#include <cmath>
#include <deque>

using namespace spada::net;

static constexpr uint64_t mostNeurons = INT32_MAX;
/// Of one generated network: the memory of a large server.
static constexpr uint64_t mostConnections = uint64_t(1) << 34;
static constexpr double biasDeviation = 0.1;

const std::vector<Described> &spada::net::generators() {
  static const std::vector<Described> known = {
      {"radix", "neurons=N,layers=120,seed=1",
       "RadiX-Net as in the Graph Challenge: N / 16 residue classes"},
      {"radix", "radices=4-4-4,blocks=1-2-2-1",
       "RadiX-Net from radices, times dense blocks"},
      {"random", "widths=60-60-60-60,density=0.15,seed=1",
       "layers whose connections are there with probability 'density'"},
      {"ffn", "widths=1024-4096-1024,density=0.1,seed=1",
       "the same for a pruned feed-forward block; its last layer is linear"},
      {"growth", "neurons=2500,capacity=99,degree=20,inputs=50,seed=1",
       "compact growth: 'capacity' values in memory are enough"},
      {"skew", "widths=512-512,density=0.1,sigma=1,seed=1",
       "layers whose rows have lognormal lengths"},
      {"skip", "widths=60-60-60-60,density=0.15,skips=0.1,seed=1",
       "layers with a share of connections from earlier layers"},
      {"band", "neurons=1000,layers=8,radius=2,seed=1",
       "each neuron reads those of its own number, more or less 'radius'"}};
  return known;
}

//===----------------------------------------------------------------------===//
// Radix
//===----------------------------------------------------------------------===//

double spada::net::challengeBias(uint64_t neurons) {
  return neurons >= 65536   ? -0.45
         : neurons >= 16384 ? -0.4
         : neurons >= 4096  ? -0.35
                            : -0.3;
}

uint32_t spada::net::challengeClasses(uint64_t neurons) {
  uint64_t classes = neurons / 16;
  bool isPower = classes >= 2 && (classes & (classes - 1)) == 0;
  return neurons % 16 == 0 && isPower && neurons <= mostNeurons
             ? uint32_t(classes)
             : 0;
}

Layer spada::net::challengeLayer(uint64_t number,
                                 const std::vector<uint32_t> &classOf,
                                 uint32_t classes, uint64_t firstSource) {
  uint32_t steps = 0;
  while ((uint32_t(1) << steps) < classes)
    ++steps;
  uint32_t shift = uint32_t(1) << (number % steps);
  std::vector<std::vector<int32_t>> members(classes);
  for (uint64_t i = 0; i < classOf.size(); ++i)
    members[classOf[i]].push_back(int32_t(firstSource + i));
  Layer layer;
  layer.neurons = classOf.size();
  layer.rows.reserve(layer.neurons + 1);
  layer.columns.resize(layer.neurons * 32);
  int32_t *end = layer.columns.data();
  for (uint64_t o = 0; o < layer.neurons; ++o) {
    const auto &a = members[o % classes];
    const auto &b = members[(o + shift) % classes];
    end = std::merge(a.begin(), a.end(), b.begin(), b.end(), end);
    layer.rows.push_back(end - layer.columns.data());
  }
  layer.weights = Values::splat(1.0 / 16, layer.columns.size());
  return layer;
}

static bool makeChallenge(ParameterReader &reader, Network &network) {
  uint64_t neurons = reader.integer("neurons", 1024, 32, mostNeurons);
  uint64_t layers = reader.integer("layers", 120, 1, 1 << 20);
  Random random(reader.integer("seed", 1, 0, UINT64_MAX));
  uint32_t classes = challengeClasses(neurons);
  if (!reader.finish())
    return false;
  if (!classes)
    return reader.refuse("there are " + std::to_string(neurons) + " neurons",
                         "16 times a power of two is expected, such as 1024, "
                         "4096, 16384 or 65536");
  if (neurons * (layers + 1) > mostNeurons)
    return reader.refuse("the network has " +
                         std::to_string(neurons * (layers + 1)) +
                         " neurons, more than " + std::to_string(mostNeurons));
  uint64_t steps = 0;
  while ((uint64_t(1) << steps) < classes)
    ++steps;
  network.inputs = neurons;
  network.usualFunction = Function{Activation::Relu, 32.0};
  network.usualBias = challengeBias(neurons);
  std::vector<uint32_t> classOf(neurons);
  for (uint64_t i = 0; i < neurons; ++i)
    classOf[i] = uint32_t(i % classes);
  for (uint64_t l = 0; l < layers; ++l) {
    if (l > 0 && l % steps == 0) {
      classOf = shuffled(uint32_t(neurons), random);
      for (uint32_t &each : classOf)
        each %= classes;
    }
    network.layers.push_back(challengeLayer(l, classOf, classes, l * neurons));
  }
  return true;
}

/// Layer `number` of the base topology joins node x to the nodes x + t * stride
/// (mod product), t below the radix, for all pairs of dense blocks.
static Layer makeRadixLayer(uint64_t radix, uint64_t stride, uint64_t product,
                            uint64_t from, uint64_t to, uint64_t firstSource,
                            double weight) {
  Layer layer;
  layer.neurons = to * product;
  for (uint64_t o = 0; o < layer.neurons; ++o) {
    uint64_t y = o % product;
    auto begin = layer.columns.size();
    for (uint64_t block = 0; block < from; ++block)
      for (uint64_t t = 0; t < radix; ++t) {
        uint64_t x = (y + product - t * stride) % product;
        layer.columns.push_back(int32_t(firstSource + block * product + x));
      }
    std::sort(layer.columns.begin() + begin, layer.columns.end());
    layer.rows.push_back(int64_t(layer.columns.size()));
  }
  layer.weights = Values::splat(weight, layer.columns.size());
  return layer;
}

static bool makeRadices(ParameterReader &reader, Network &network) {
  std::vector<uint64_t> radices = reader.list("radices", "2-2", 2, 1 << 16);
  std::string ones = "1";
  for (size_t i = 0; i < radices.size(); ++i)
    ones += "-1";
  std::vector<uint64_t> blocks =
      reader.list("blocks", ones.c_str(), 1, 1 << 16);
  bool hasWeight = reader.has("weight");
  double weight = reader.real("weight", 0, -1e6, 1e6);
  if (!reader.finish())
    return false;
  if (blocks.size() != radices.size() + 1)
    return reader.refuse("'blocks' has " + std::to_string(blocks.size()) +
                             " numbers for " + std::to_string(radices.size()) +
                             " radices",
                         "one more than radices is expected");
  uint64_t product = 1, neurons = 0, connections = 0;
  for (uint64_t radix : radices)
    product = std::min(product * radix, mostNeurons + 1);
  for (uint64_t block : blocks)
    neurons = std::min(neurons + block * product, mostNeurons + 1);
  for (size_t i = 0; i < radices.size(); ++i)
    connections += std::min(blocks[i + 1] * product, mostNeurons) *
                   std::min(blocks[i] * radices[i], mostNeurons) / 2;
  if (neurons > mostNeurons || connections > mostConnections / 2)
    return reader.refuse("the network is too large: more than " +
                         std::to_string(mostNeurons) + " neurons or " +
                         std::to_string(mostConnections) + " connections");
  network.inputs = blocks[0] * product;
  uint64_t stride = 1, first = 0;
  for (size_t i = 0; i < radices.size(); ++i) {
    double usual = 2.0 / double(radices[i] * blocks[i]);
    network.layers.push_back(makeRadixLayer(radices[i], stride, product,
                                            blocks[i], blocks[i + 1], first,
                                            hasWeight ? weight : usual));
    stride *= radices[i];
    first += blocks[i] * product;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Random layers
//===----------------------------------------------------------------------===//

namespace {
/// What the random generators share.
struct Widths {
  std::vector<uint64_t> widths;
  double density = 0;
  Random random{1};
};
} // namespace

static bool checkSize(ParameterReader &reader, double neurons,
                      double connections) {
  if (neurons <= double(mostNeurons) && connections <= double(mostConnections))
    return true;
  return reader.refuse("the network is too large: more than " +
                       std::to_string(mostNeurons) + " neurons or " +
                       std::to_string(mostConnections) + " connections");
}

static bool readWidths(ParameterReader &reader, Widths &widths,
                       const char *usual, double density) {
  widths.widths = reader.list("widths", usual, 1, mostNeurons);
  widths.density = reader.real("density", density, 0, 1);
  widths.random = Random(reader.integer("seed", 1, 0, UINT64_MAX));
  if (!reader.finish())
    return false;
  if (widths.widths.size() < 2)
    return reader.refuse("'widths' names one layer",
                         "inputs and at least one layer are expected");
  double neurons = 0, connections = 0;
  for (size_t i = 0; i < widths.widths.size(); ++i) {
    neurons += double(widths.widths[i]);
    if (i > 0)
      connections += widths.density * double(widths.widths[i]) *
                     double(widths.widths[i - 1]);
  }
  return checkSize(reader, neurons, connections);
}

/// Weights as of a trained layer, and biases unless the user gives one.
static void fillNumbers(Layer &layer, double fanIn, const Settings &settings,
                        Random &random) {
  double scale = 1 / std::sqrt(std::max(fanIn, 1.0));
  layer.weights.reserve(layer.columns.size());
  for (size_t i = 0; i < layer.columns.size(); ++i)
    layer.weights.push(float(random.normal() * scale));
  for (uint64_t i = 0; i < layer.neurons && !settings.hasBias; ++i)
    layer.bias.push(float(random.normal() * biasDeviation));
}

/// Every pair is connected with the same probability. The distance from one
/// connection to the next is geometric.
static void connectRandomly(Layer &layer, uint64_t inputs, uint64_t firstSource,
                            double density, Random &random) {
  bool isFull = density >= 1;
  double scale = isFull || density <= 0 ? 0 : 1 / logOf(1 - density);
  auto skip = [&]() -> uint64_t {
    if (isFull)
      return 0;
    double steps = logOf(random.unit()) * scale;
    return steps < 1e18 ? uint64_t(steps) : uint64_t(1e18);
  };
  uint64_t total = inputs * layer.neurons, row = 0;
  if (density <= 0 || (!isFull && logOf(1 - density) == 0))
    total = 0;
  layer.columns.reserve(size_t(double(total) * density * 1.01));
  for (uint64_t at = total ? skip() : 0; at < total; at += 1 + skip()) {
    for (; row < at / inputs; ++row)
      layer.rows.push_back(int64_t(layer.columns.size()));
    layer.columns.push_back(int32_t(firstSource + at % inputs));
  }
  layer.rows.resize(layer.neurons + 1, int64_t(layer.columns.size()));
}

/// Adds the layers of these widths. \p connect  gives a layer its connections
/// from the neurons before it: their number, and that of the first
template <typename Connect>
static void addLayers(Network &network, Widths &widths,
                      const Settings &settings, Connect connect) {
  network.inputs = widths.widths[0];
  uint64_t first = 0;
  for (size_t i = 1; i < widths.widths.size(); ++i) {
    Layer layer;
    layer.neurons = widths.widths[i];
    uint64_t inputs = widths.widths[i - 1];
    connect(layer, inputs, first);
    fillNumbers(layer, widths.density * double(inputs), settings,
                widths.random);
    first += inputs;
    network.layers.push_back(std::move(layer));
  }
}

static bool makeRandom(ParameterReader &reader, const Settings &settings,
                       Network &network, bool isBlock) {
  Widths widths;
  if (!readWidths(reader, widths, isBlock ? "1024-4096-1024" : "60-60-60-60",
                  isBlock ? 0.1 : 0.15))
    return false;
  if (isBlock)
    network.usualLastFunction = Function{Activation::None, {}};
  addLayers(network, widths, settings,
            [&](Layer &layer, uint64_t inputs, uint64_t first) {
              connectRandomly(layer, inputs, first, widths.density,
                              widths.random);
            });
  return true;
}

/// Appends `count` different numbers below `end`, ascending, each plus `first`.
static void drawSources(uint64_t count, uint64_t end, uint64_t first,
                        std::vector<uint32_t> &pool, Random &random,
                        std::vector<int32_t> &columns) {
  // The pool stays a permutation, so that it need not be made anew.
  for (uint64_t i = pool.size(); i < end; ++i)
    pool.push_back(uint32_t(i));
  size_t begin = columns.size();
  for (uint64_t i = 0; i < count; ++i) {
    std::swap(pool[i], pool[i + random.below(end - i)]);
    columns.push_back(int32_t(first + pool[i]));
  }
  std::sort(columns.begin() + begin, columns.end());
}

static bool makeSkewed(ParameterReader &reader, const Settings &settings,
                       Network &network) {
  Widths widths;
  double sigma = reader.real("sigma", 1, 0, 10);
  if (!readWidths(reader, widths, "512-512", 0.1))
    return false;
  addLayers(
      network, widths, settings,
      [&](Layer &layer, uint64_t inputs, uint64_t first) {
        double mean = widths.density * double(inputs);
        std::vector<uint32_t> pool;
        for (uint64_t row = 0; row < layer.neurons; ++row) {
          double length =
              mean * expOf(sigma * widths.random.normal() - sigma * sigma / 2);
          uint64_t count = uint64_t(std::min(length + 0.5, double(inputs)));
          drawSources(count, inputs, first, pool, widths.random, layer.columns);
          layer.rows.push_back(int64_t(layer.columns.size()));
        }
      });
  return true;
}

/// Gives a share of the connections a source before the last layer's first.
static void moveSources(Layer &layer, uint64_t firstSource, double skips,
                        Random &random) {
  for (uint64_t row = 0; row < layer.neurons; ++row) {
    auto begin = layer.columns.begin() + layer.rows[row];
    auto end = layer.columns.begin() + layer.rows[row + 1];
    for (auto it = begin; it != end; ++it) {
      if (random.unit() > skips)
        continue;
      int32_t source = int32_t(random.below(firstSource));
      if (std::find(begin, end, source) == end)
        *it = source;
    }
    std::sort(begin, end);
  }
}

static bool makeSkips(ParameterReader &reader, const Settings &settings,
                      Network &network) {
  Widths widths;
  double skips = reader.real("skips", 0.1, 0, 1);
  if (!readWidths(reader, widths, "60-60-60-60", 0.15))
    return false;
  addLayers(network, widths, settings,
            [&](Layer &layer, uint64_t inputs, uint64_t first) {
              connectRandomly(layer, inputs, first, widths.density,
                              widths.random);
              if (first > 0)
                moveSources(layer, first, skips, widths.random);
            });
  return true;
}

/// As in a convolution of one dimension; less at the borders.
static bool makeBand(ParameterReader &reader, const Settings &settings,
                     Network &network) {
  constexpr uint64_t mostLayers = 1 << 20;
  uint64_t neurons = reader.integer("neurons", 1000, 1, mostNeurons);
  uint64_t layers = reader.integer("layers", 8, 1, mostLayers);
  uint64_t radius = reader.integer("radius", 2, 0, neurons - 1);
  Widths widths;
  widths.random = Random(reader.integer("seed", 1, 0, UINT64_MAX));
  if (!reader.finish())
    return false;
  uint64_t read = std::min(2 * radius + 1, neurons);
  double connections = double(neurons) * double(layers) * double(read);
  if (!checkSize(reader, double(neurons) * double(layers + 1), connections))
    return false;
  widths.widths.assign(layers + 1, neurons);
  widths.density = double(read) / double(neurons);
  addLayers(network, widths, settings,
            [&](Layer &layer, uint64_t inputs, uint64_t first) {
              for (uint64_t row = 0; row < layer.neurons; ++row) {
                uint64_t end = std::min(row + radius + 1, inputs);
                for (uint64_t i = row - std::min(row, radius); i < end; ++i)
                  layer.columns.push_back(int32_t(first + i));
                layer.rows.push_back(int64_t(layer.columns.size()));
              }
            });
  return true;
}

//===----------------------------------------------------------------------===//
// Growth
//===----------------------------------------------------------------------===//

/// A new neuron takes its sources among the values that are held; the oldest
/// one is dropped when there are too many.
static bool makeGrowth(ParameterReader &reader, const Settings &settings,
                       Network &network) {
  uint64_t degree = reader.integer("degree", 20, 1, 1 << 20);
  uint64_t capacity = reader.integer("capacity", 99, 2, 1 << 24);
  uint64_t inputs =
      reader.integer("inputs", std::min<uint64_t>(50, capacity), 1, capacity);
  uint64_t neurons = reader.integer("neurons", 2500, inputs + 1, mostNeurons);
  Random random(reader.integer("seed", 1, 0, UINT64_MAX));
  if (!reader.finish())
    return false;
  if (degree >= capacity)
    return reader.refuse("'degree' is " + std::to_string(degree) +
                             ", but 'capacity' is " + std::to_string(capacity),
                         "a neuron and its sources are held at once");
  network.inputs = inputs;
  std::deque<uint32_t> held;
  std::vector<char> isUsed(neurons, 0);
  for (uint64_t i = 0; i < inputs; ++i)
    held.push_back(uint32_t(i));
  Layer layer;
  layer.neurons = neurons - inputs;
  std::vector<uint32_t> pool;
  std::vector<int32_t> drawn;
  for (uint64_t v = inputs; v < neurons; ++v) {
    if (held.size() == capacity)
      held.pop_front();
    // The pool is a permutation of as many numbers as there are held values.
    if (pool.size() > held.size())
      pool.clear();
    drawn.clear();
    drawSources(std::min<uint64_t>(degree, held.size()), held.size(), 0, pool,
                random, drawn);
    for (int32_t place : drawn) {
      isUsed[held[place]] = 1;
      layer.columns.push_back(int32_t(held[place]));
    }
    layer.rows.push_back(int64_t(layer.columns.size()));
    held.push_back(uint32_t(v));
  }
  fillNumbers(layer, double(degree), settings, random);
  network.layers.push_back(std::move(layer));
  network.outputs.emplace();
  for (uint64_t v = inputs; v < neurons; ++v)
    if (!isUsed[v])
      network.outputs->push_back(int32_t(v));
  return true;
}

bool spada::net::generate(const std::string &kind, const Parameters &parameters,
                          const Settings &settings, Network &network,
                          Error &error) {
  ParameterReader reader(kind, parameters, error);
  network.name = kind;
  if (kind == "radix")
    return parameters.count("radices") ? makeRadices(reader, network)
                                       : makeChallenge(reader, network);
  if (kind == "growth")
    return makeGrowth(reader, settings, network);
  if (kind == "skew")
    return makeSkewed(reader, settings, network);
  if (kind == "skip")
    return makeSkips(reader, settings, network);
  if (kind == "band")
    return makeBand(reader, settings, network);
  return makeRandom(reader, settings, network, kind == "ffn");
}
