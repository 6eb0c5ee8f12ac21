//===- Cluster.cpp - orders by shared sources -----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Both orders choose which destinations of a level follow each other by the
// sources that they share. An index from sources to destinations makes the cost
// of a choice depend on what is shared, not on the size of the level.
//
//===----------------------------------------------------------------------===//

#include "Levels.h"
#include "spada/Analysis/Sparse/Orders.h"

#include <algorithm>
#include <numeric>

using namespace spada::sparse;

namespace {

/// Sorted lists of sources, one after the other.
struct Lists {
  std::vector<uint64_t> first = {0};
  std::vector<uint32_t> source;

  uint64_t size() const { return first.size() - 1; }
  const uint32_t *begin(uint64_t i) const { return source.data() + first[i]; }
  const uint32_t *end(uint64_t i) const { return source.data() + first[i + 1]; }
  uint64_t length(uint64_t i) const { return first[i + 1] - first[i]; }
  bool areEqual(uint64_t a, uint64_t b) const {
    return length(a) == length(b) && std::equal(begin(a), end(a), begin(b));
  }
  /// Appends the sources of a neuron.
  void add(const Graph &graph, const Adjacency &into, uint32_t v) {
    uint64_t start = source.size();
    for (uint64_t e = into.first[v]; e < into.first[v + 1]; ++e)
      source.push_back(graph.source[into.connection[e]]);
    if (!std::is_sorted(source.begin() + start, source.end()))
      std::sort(source.begin() + start, source.end());
    first.push_back(source.size());
  }
};

/// Gives sources consecutive numbers, level after level.
class Numbering {
public:
  explicit Numbering(uint32_t neurons) : number(neurons), seen(neurons, 0) {}
  /// Renumbers all lists; the count of different sources.
  uint32_t apply(Lists &lists) {
    uint32_t count = 0;
    ++level;
    for (uint32_t &source : lists.source) {
      if (seen[source] != level) {
        seen[source] = level;
        number[source] = count++;
      }
      source = number[source];
    }
    return count;
  }

private:
  std::vector<uint32_t> number, seen;
  uint32_t level = 0;
};

/// Items of a level (destinations, or classes of them), each with a set of
/// sources; which item shares most with those of the current block.
class Sharing {
public:
  /// \param most  as many sources of an item are looked at, evenly spread; all
  /// would make large dense levels quadratic
  Sharing(const Lists &lists, uint32_t sources, uint64_t most = UINT64_MAX)
      : shared(lists.size(), 0), taken(lists.size(), 0), inBlock(sources, 0),
        firstUser(uint64_t(sources) + 1, 0) {
    for (uint64_t i = 0; i < lists.size(); ++i) {
      uint64_t length = lists.length(i), count = std::min(most, length);
      for (uint64_t j = 0; j < count; ++j)
        items.source.push_back(lists.begin(i)[j * length / count]);
      items.first.push_back(items.source.size());
    }
    for (uint32_t source : items.source)
      ++firstUser[source + 1];
    std::partial_sum(firstUser.begin(), firstUser.end(), firstUser.begin());
    users.resize(items.source.size());
    std::vector<uint64_t> next(firstUser.begin(), firstUser.end() - 1);
    for (uint64_t i = 0; i < items.size(); ++i)
      for (const uint32_t *source = items.begin(i); source != items.end(i);
           ++source)
        users[next[*source]++] = i;
  }

  /// Forgets the sources of the block.
  void startBlock() {
    for (uint32_t source : block)
      inBlock[source] = 0;
    for (uint32_t item : touched)
      shared[item] = 0;
    block.clear();
    touched.clear();
  }

  void take(uint32_t item) {
    taken[item] = 1;
    for (const uint32_t *source = items.begin(item); source != items.end(item);
         ++source) {
      if (inBlock[*source])
        continue;
      inBlock[*source] = 1;
      block.push_back(*source);
      for (uint64_t e = firstUser[*source]; e < firstUser[*source + 1]; ++e)
        if (uint32_t user = users[e]; !taken[user] && shared[user]++ == 0)
          touched.push_back(user);
    }
  }

  /// The item with the fewest new sources less shared ones among those that
  /// share any, else the first one left; -1 when all are taken.
  int64_t best() {
    std::erase_if(touched, [&](uint32_t item) { return taken[item] != 0; });
    int64_t best = -1, bestKey = 0;
    for (uint32_t item : touched) {
      int64_t key = int64_t(items.length(item)) - 2 * int64_t(shared[item]);
      if (best < 0 || key < bestKey || (key == bestKey && item < best)) {
        best = item;
        bestKey = key;
      }
    }
    if (best >= 0)
      return best;
    while (next < taken.size() && taken[next])
      ++next;
    return next < taken.size() ? int64_t(next) : -1;
  }

private:
  Lists items;
  std::vector<uint32_t> shared;
  std::vector<char> taken, inBlock;
  std::vector<uint64_t> firstUser; ///< of each source, in `users`
  std::vector<uint32_t> users;
  /// Sources of the block; items not taken that use one of them.
  std::vector<uint32_t> block, touched;
  uint32_t next = 0;
};

/// Destinations with equal lists of sources.
struct Classes {
  Lists lists;
  std::vector<uint64_t> firstMember = {0};
  std::vector<uint32_t> members;
};

} // namespace

Order spada::sparse::orderClustered(const Graph &graph, uint64_t size,
                                    bool keepSums) {
  LevelLists levels(graph);
  Order order;
  order.reserve(graph.connections());
  BlockWriter writer(graph, levels.into, order, keepSums);
  Numbering numbering(graph.neurons);
  for (uint64_t level = 1; level < levels.neurons.size(); ++level) {
    const std::vector<uint32_t> &neurons = levels.neurons[level];
    Lists lists;
    for (uint32_t v : neurons)
      lists.add(graph, levels.into, v);
    uint32_t sources = numbering.apply(lists);
    Sharing sharing(lists, sources);
    std::vector<uint32_t> block;
    for (int64_t item = sharing.best(); item >= 0; item = sharing.best()) {
      sharing.take(item);
      block.push_back(neurons[item]);
      if (block.size() < size)
        continue;
      writer.write(block.data(), block.data() + block.size());
      block.clear();
      sharing.startBlock();
    }
    writer.write(block.data(), block.data() + block.size());
  }
  return order;
}

/// The classes of the neurons of a level, by their first members.
static Classes findClasses(const Graph &graph, const Adjacency &into,
                           const std::vector<uint32_t> &neurons) {
  Lists all;
  std::vector<std::pair<uint64_t, uint32_t>> hashed;
  for (uint32_t i = 0; i < neurons.size(); ++i) {
    all.add(graph, into, neurons[i]);
    uint64_t hash = all.length(i);
    for (const uint32_t *source = all.begin(i); source != all.end(i); ++source)
      hash = (hash ^ *source) * 0x9e3779b97f4a7c15u + (hash >> 29);
    hashed.push_back({hash, i});
  }
  std::sort(hashed.begin(), hashed.end());
  // The first neuron of each one's class. Lists that share a hash by chance are
  // compared with the last list that began a class.
  std::vector<uint32_t> leader(neurons.size());
  for (uint64_t i = 0, last = 0; i < hashed.size(); ++i) {
    uint32_t item = hashed[i].second;
    if (hashed[i].first != hashed[last].first ||
        !all.areEqual(item, hashed[last].second))
      last = i;
    leader[item] = hashed[last].second;
  }
  Classes classes;
  std::vector<uint32_t> number(neurons.size());
  std::vector<uint64_t> count;
  for (uint32_t i = 0; i < neurons.size(); ++i) {
    if (leader[i] == i) {
      number[i] = count.size();
      count.push_back(0);
      classes.lists.add(graph, into, neurons[i]);
    }
    ++count[number[leader[i]]];
  }
  for (uint64_t size : count)
    classes.firstMember.push_back(classes.firstMember.back() + size);
  classes.members.resize(neurons.size());
  std::vector<uint64_t> next(classes.firstMember.begin(),
                             classes.firstMember.end() - 1);
  for (uint32_t i = 0; i < neurons.size(); ++i)
    classes.members[next[number[leader[i]]]++] = neurons[i];
  return classes;
}

Order spada::sparse::orderByClass(const Graph &graph, uint64_t size,
                                  bool keepSums) {
  constexpr uint64_t mostSources = 48;
  LevelLists levels(graph);
  Order order;
  order.reserve(graph.connections());
  BlockWriter writer(graph, levels.into, order, keepSums);
  Numbering numbering(graph.neurons);
  for (uint64_t level = 1; level < levels.neurons.size(); ++level) {
    Classes classes = findClasses(graph, levels.into, levels.neurons[level]);
    uint32_t sources = numbering.apply(classes.lists);
    Sharing sharing(classes.lists, sources, mostSources);
    for (int64_t item = sharing.best(); item >= 0; item = sharing.best()) {
      sharing.startBlock();
      sharing.take(item);
      const uint32_t *member = classes.members.data();
      for (uint64_t i = classes.firstMember[item],
                    last = classes.firstMember[item + 1];
           i < last; i += size)
        writer.write(member + i, member + std::min(last, i + size));
    }
  }
  return order;
}
