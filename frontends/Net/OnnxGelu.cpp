//===- OnnxGelu.cpp - gelu out of simpler operators -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Exporters below operator set 20 write x / 2 * (1 + erf(x / sqrt 2)) as five
// nodes, with their factors in one of three orders.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Onnx.h"

#include <cmath>
#include <set>

using namespace spada::net::operators;

namespace {
class GeluFinder {
public:
  explicit GeluFinder(Graph &graph) : graph(graph) {
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
      for (const std::string &name : graph.nodes[n].inputs)
        users[name].insert(n);
      for (const std::string &name : graph.nodes[n].outputs)
        giver[name] = n;
    }
    for (const std::string &name : graph.outputs)
      users[name].insert(SIZE_MAX);
  }
  void run();

private:
  /// The other operand of a node that has the constant `value` as one.
  bool hasConstant(const Node &node, double value, std::string &other) const;
  /// The only user of a node's result, if it is an `op`.
  const Node *onlyUser(const Node &node, const char *op) const;
  bool isUsedOnce(const Node &node) const;
  bool match(const Node &erf, std::string &x, const Node *&last,
             std::vector<size_t> &inner) const;
  size_t indexOf(const Node *node) const {
    return size_t(node - graph.nodes.data());
  }

  Graph &graph;
  std::map<std::string, std::set<size_t>> users;
  std::map<std::string, size_t> giver;
};
} // namespace

bool GeluFinder::hasConstant(const Node &node, double value,
                             std::string &other) const {
  if (node.inputs.size() != 2)
    return false;
  for (int side : {0, 1}) {
    auto it = graph.constants.find(node.inputs[side]);
    if (it == graph.constants.end() || it->second->isSparse ||
        it->second->values.size() != 1)
      continue;
    other = node.inputs[1 - side];
    bool isInverse = node.op == "Div";
    return (!isInverse || side == 1) &&
           std::fabs(it->second->values[0] - value) < 1e-3 * value;
  }
  return false;
}

bool GeluFinder::isUsedOnce(const Node &node) const {
  if (node.outputs.size() != 1)
    return false;
  auto it = users.find(node.outputs[0]);
  return it != users.end() && it->second.size() == 1 &&
         *it->second.begin() != SIZE_MAX;
}

const Node *GeluFinder::onlyUser(const Node &node, const char *op) const {
  if (!isUsedOnce(node))
    return nullptr;
  const Node &user = graph.nodes[*users.at(node.outputs[0]).begin()];
  return user.op == op && user.inputs.size() == 2 && user.outputs.size() == 1
             ? &user
             : nullptr;
}

bool GeluFinder::match(const Node &erf, std::string &x, const Node *&last,
                       std::vector<size_t> &inner) const {
  auto given = giver.find(erf.input(0));
  if (given == giver.end() || erf.inputs.size() != 1)
    return false;
  const Node &scale = graph.nodes[given->second];
  std::string other;
  bool isScaled =
      (scale.op == "Div" && hasConstant(scale, std::sqrt(2.0), x)) ||
      (scale.op == "Mul" && hasConstant(scale, std::sqrt(0.5), x));
  const Node *add = onlyUser(erf, "Add");
  if (!isScaled || !add || !hasConstant(*add, 1, other) || !isUsedOnce(scale))
    return false;
  const Node *first = onlyUser(*add, "Mul");
  if (!first)
    return false;
  inner = {given->second, indexOf(&erf), indexOf(add)};
  auto isProduct = [&](const Node &node, const std::string &with) {
    return node.inputs[0] == with || node.inputs[1] == with;
  };
  const Node *second = onlyUser(*first, "Mul");
  last = second;
  if (second && isProduct(*first, x) && hasConstant(*second, 0.5, other)) {
    inner.push_back(indexOf(first));
    return true;
  }
  if (second && hasConstant(*first, 0.5, other) && isProduct(*second, x)) {
    inner.push_back(indexOf(first));
    return true;
  }
  last = first;
  for (int side : {0, 1}) {
    auto half = giver.find(first->inputs[side]);
    if (half == giver.end())
      continue;
    const Node &node = graph.nodes[half->second];
    bool isHalf = (node.op == "Mul" && hasConstant(node, 0.5, other)) ||
                  (node.op == "Div" && hasConstant(node, 2, other));
    if (isHalf && other == x && onlyUser(node, "Mul") == first) {
      inner.push_back(half->second);
      return true;
    }
  }
  return false;
}

void GeluFinder::run() {
  std::set<size_t> removed;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    std::string x;
    const Node *last = nullptr;
    std::vector<size_t> inner;
    if (graph.nodes[n].op != "Erf" || !match(graph.nodes[n], x, last, inner))
      continue;
    removed.insert(inner.begin(), inner.end());
    Node &node = graph.nodes[indexOf(last)];
    node.op = "Gelu";
    node.inputs = {x};
    node.attributes.clear();
  }
  std::vector<Node> kept;
  for (size_t n = 0; n < graph.nodes.size(); ++n)
    if (!removed.count(n))
      kept.push_back(std::move(graph.nodes[n]));
  graph.nodes = std::move(kept);
}

/// The value of a `Constant` node, if it is one.
static ConstantPtr constantOf(const Node &node) {
  if (node.op != "Constant" || node.outputs.size() != 1)
    return nullptr;
  for (const auto &[name, attribute] : node.attributes) {
    if (attribute.constant)
      return attribute.constant;
    if (name != "value_float" && name != "value_int")
      continue;
    Constant constant;
    constant.values.push(name == "value_int" ? double(attribute.integer)
                                             : attribute.real);
    return std::make_shared<Constant>(std::move(constant));
  }
  return nullptr;
}

void spada::net::operators::simplify(Graph &graph) {
  std::vector<Node> kept;
  for (Node &node : graph.nodes)
    if (ConstantPtr constant = constantOf(node))
      graph.constants.try_emplace(node.outputs[0], constant);
    else
      kept.push_back(std::move(node));
  graph.nodes = std::move(kept);
  GeluFinder(graph).run();
}
