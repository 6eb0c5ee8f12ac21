# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Writes ONNX models, imports them, and compares with NumPy. `--write FOLDER` keeps some of them."""
import math
import os
import sys
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import networks

rng = np.random.RandomState(5)


def sparse_matrix(rows, columns, density=0.5):
    return (rng.randn(rows, columns) * (rng.rand(rows, columns) < density)).astype(np.float32)


class Model:
    def __init__(self, inputs=4, opset=13, shape=None):
        self.nodes, self.constants, self.sparse, self.opset = [], [], [], opset
        self.inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch"] + (shape or [inputs]))]

    def constant(self, name, array):
        self.constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def node(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], name=output + "_node", **attributes))
        return output

    def save(self, path, outputs):
        outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
        graph = helper.make_graph(self.nodes, "g", self.inputs, outputs, self.constants,
                                  sparse_initializer=self.sparse)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)])
        with open(path, "wb") as file:
            file.write(model.SerializeToString())


def relu(v):
    return np.maximum(v, 0)


def gelu(v):
    return v / 2 * (1 + np.vectorize(math.erf)(v / math.sqrt(2)))


def chain():
    """MatMul + Add + Relu, then Gemm with transB."""
    m, w, b = Model(), sparse_matrix(4, 6), rng.randn(6).astype(np.float32)
    v, c = sparse_matrix(3, 6), rng.randn(3).astype(np.float32)
    m.constant("w", w), m.constant("b", b), m.constant("v", v), m.constant("c", c)
    m.node("MatMul", ["x", "w"], "s"), m.node("Add", ["s", "b"], "t"), m.node("Relu", ["t"], "r")
    m.node("Gemm", ["r", "v", "c"], "y", transB=1, alpha=0.5, beta=2.0)
    return m, ["y"], lambda x: 0.5 * relu(x @ w + b) @ v.T + 2 * c, 2


def clip_operands():
    m, w = Model(), sparse_matrix(4, 5)
    m.constant("w", w), m.constant("low", np.float32(0)), m.constant("high", np.float32(1.5))
    m.node("MatMul", ["x", "w"], "s"), m.node("Clip", ["s", "low", "high"], "y")
    return m, ["y"], lambda x: np.clip(x @ w, 0, 1.5), 1


def clip_attributes():
    """Up to operator set 10 bounds are attributes; a bound after Relu is its cap."""
    m, w = Model(opset=6), sparse_matrix(4, 5)
    m.constant("w", w)
    m.node("MatMul", ["x", "w"], "s"), m.node("Relu", ["s"], "r"), m.node("Clip", ["r"], "y", min=-1.0, max=2.0)
    return m, ["y"], lambda x: np.minimum(relu(x @ w), 2), 1


def normalized():
    m, w = Model(), sparse_matrix(4, 5)
    scale, bias, mean = (rng.randn(5).astype(np.float32) for _ in range(3))
    variance = rng.rand(5).astype(np.float32) + 0.1
    m.constant("w", w)
    for name, array in (("scale", scale), ("bias", bias), ("mean", mean), ("variance", variance)):
        m.constant(name, array)
    m.node("MatMul", ["x", "w"], "s"), m.node("BatchNormalization", ["s", "scale", "bias", "mean", "variance"], "n",
                                              epsilon=1e-3)
    m.node("Sigmoid", ["n"], "y")
    return m, ["y"], lambda x: 1 / (1 + np.exp(-((x @ w - mean) / np.sqrt(variance + 1e-3) * scale + bias))), 1


def residual():
    """Two skips: one around an activation, one of a sum that two nodes read."""
    m, w, v = Model(), sparse_matrix(4, 4), sparse_matrix(4, 4)
    m.constant("w", w), m.constant("v", v)
    m.node("MatMul", ["x", "w"], "s"), m.node("Relu", ["s"], "r"), m.node("Add", ["r", "x"], "a")
    m.node("MatMul", ["a", "v"], "t"), m.node("Tanh", ["t"], "u"), m.node("Sub", ["a", "u"], "d")
    m.node("Relu", ["d"], "y")

    def run(x):
        a = relu(x @ w) + x
        return relu(a - np.tanh(a @ v))
    return m, ["y"], run, None


def doubled():
    """x + x is one connection of weight 2 a neuron."""
    m = Model()
    m.node("Add", ["x", "x"], "a"), m.node("Relu", ["a"], "y")
    return m, ["y"], lambda x: relu(2 * x), 1


def joined():
    m, w, v = Model(), sparse_matrix(4, 3), sparse_matrix(5, 2)
    m.constant("w", w), m.constant("v", v)
    m.node("MatMul", ["x", "w"], "s"), m.node("Relu", ["s"], "r")
    m.node("Identity", ["x"], "i"), m.node("Concat", ["r", "i"], "c", axis=1)
    m.constant("first", np.eye(7, 5, dtype=np.float32))
    m.node("MatMul", ["c", "first"], "f"), m.node("MatMul", ["f", "v"], "y")
    return m, ["y", "r"], lambda x: np.concatenate([np.concatenate([relu(x @ w), x], 1)[:, :5] @ v, relu(x @ w)], 1), \
        None


def joined_twice():
    """A neuron that is there twice has one connection, of the sum of both weights."""
    m, w = Model(), np.ones((8, 3), np.float32)
    m.constant("w", w), m.node("Concat", ["x", "x"], "c", axis=1), m.node("MatMul", ["c", "w"], "y")
    return m, ["y"], lambda x: np.concatenate([x, x], 1) @ w, 1


def picture():
    m, w = Model(shape=[1, 2, 3]), sparse_matrix(6, 3)
    m.constant("w", w)
    m.node("Flatten", ["x"], "f"), m.node("MatMul", ["f", "w"], "s"), m.node("Relu", ["s"], "y")
    return m, ["y"], lambda x: relu(x.reshape(-1, 6) @ w), 1


def erf_gelu(form):
    m, w = Model(), sparse_matrix(4, 5)
    m.constant("w", w), m.constant("root", np.float32(math.sqrt(2))), m.constant("one", np.float32(1))
    m.constant("half", np.float32(0.5)), m.node("MatMul", ["x", "w"], "s")
    m.node("Div", ["s", "root"], "d"), m.node("Erf", ["d"], "e"), m.node("Add", ["e", "one"], "p")
    if form == 0:
        m.node("Mul", ["s", "p"], "q"), m.node("Mul", ["q", "half"], "y")
    elif form == 1:
        m.node("Mul", ["s", "half"], "h"), m.node("Mul", ["h", "p"], "y")
    else:
        m.node("Mul", ["p", "half"], "h"), m.node("Mul", ["s", "h"], "y")
    return m, ["y"], lambda x: gelu(x @ w), 1


def sparse_initializer():
    m, w = Model(), sparse_matrix(4, 6, 0.3)
    flat = w.reshape(-1)
    places = np.flatnonzero(flat)
    values = helper.make_tensor("w", TensorProto.FLOAT, [len(places)], flat[places])
    indices = helper.make_tensor("wi", TensorProto.INT64, [len(places)], places)
    m.sparse.append(helper.make_sparse_tensor(values, indices, [4, 6]))
    m.node("MatMul", ["x", "w"], "s"), m.node("Relu", ["s"], "y")
    return m, ["y"], lambda x: relu(x @ w), 1


def half_precision():
    m, w = Model(), sparse_matrix(4, 6).astype(np.float16)
    m.constant("w", w), m.node("MatMul", ["x", "w"], "s"), m.node("Relu", ["s"], "y")
    return m, ["y"], lambda x: relu(x @ w.astype(np.float64)), 1


def transposed():
    """A constant that is transposed, by a Constant node; Mul and Div of constants."""
    m, w = Model(), sparse_matrix(6, 4)
    m.nodes.append(helper.make_node("Constant", [], ["w"], value=numpy_helper.from_array(w, "w")))
    m.node("Transpose", ["w"], "wt", perm=[1, 0]), m.node("MatMul", ["x", "wt"], "s")
    m.constant("two", np.float32(2)), m.constant("four", np.full(6, 4, np.float32))
    m.node("Mul", ["two", "s"], "t"), m.node("Div", ["t", "four"], "u"), m.node("Neg", ["u"], "y")
    return m, ["y"], lambda x: -(x @ w.T) / 2, 1


MODELS = {"chain": chain, "clip-operands": clip_operands, "clip-attributes": clip_attributes,
          "normalized": normalized, "residual": residual, "doubled": doubled, "joined": joined, "joined-twice": joined_twice, "picture": picture,
          "gelu-0": lambda: erf_gelu(0), "gelu-1": lambda: erf_gelu(1), "gelu-2": lambda: erf_gelu(2),
          "sparse": sparse_initializer, "half": half_precision, "transposed": transposed}


class RandomModel:
    """Operators on tensors that were made before, and beside them the same in NumPy."""

    def __init__(self):
        self.model, self.known, self.count = Model(), {"x": (4, lambda x: x)}, 0
        for _ in range(rng.randint(3, 14)):
            self.add()

    def pick(self, size=None):
        names = [name for name, (n, _) in self.known.items() if size in (None, n)]
        return names[rng.randint(len(names))]

    def constant(self, array):
        self.count += 1
        return self.model.constant(f"c{self.count}", np.asarray(array, np.float32))

    def give(self, op, inputs, size, run, **attributes):
        self.count += 1
        name = self.model.node(op, inputs, f"t{self.count}", **attributes)
        self.known[name] = (size, run)

    def add(self):
        a = self.pick()
        n, f = self.known[a]
        b = self.pick(n)
        g = self.known[b][1]
        row = rng.randn(n).astype(np.float32)
        kind = rng.randint(11)
        if kind == 0:
            w = sparse_matrix(n, rng.randint(1, 6))
            self.give("MatMul", [a, self.constant(w)], w.shape[1], lambda x: f(x) @ w)
        elif kind == 1:
            w = sparse_matrix(rng.randint(1, 6), n)
            c = rng.randn(w.shape[0]).astype(np.float32)
            self.give("Gemm", [a, self.constant(w), self.constant(c)], w.shape[0], lambda x: f(x) @ w.T + c, transB=1)
        elif kind == 2:
            self.give("Add", [a, b], n, lambda x: f(x) + g(x))
        elif kind == 3:
            self.give("Sub", [a, b], n, lambda x: f(x) - g(x))
        elif kind == 4:
            self.give("Add", [self.constant(row), a], n, lambda x: f(x) + row)
        elif kind == 5:
            self.give("Sub", [self.constant(row), a], n, lambda x: row - f(x))
        elif kind == 6:
            self.give("Relu", [a], n, lambda x: relu(f(x)))
        elif kind == 7:
            bounds = [self.constant(0.0), self.constant(0.75)]
            self.give("Clip", [a, *bounds], n, lambda x: np.clip(f(x), 0, np.float32(0.75)))
        elif kind == 8:
            self.give("Tanh", [a], n, lambda x: np.tanh(f(x)))
        elif kind == 9:
            c = self.pick()
            m, h = self.known[c]
            self.give("Concat", [a, c], n + m, lambda x: np.concatenate([f(x), h(x)], 1), axis=1)
        else:
            self.give("Mul", [a, self.constant(row)], n, lambda x: f(x) * row)


def check_random(folder, count):
    for index in range(count):
        random = RandomModel()
        random.give("Relu", ["x"], 4, relu)  # not all outputs may be inputs
        outputs = sorted({random.pick() for _ in range(rng.randint(1, 3))} - {"x"} | {f"t{random.count}"})
        path = os.path.join(folder, "random.onnx")
        random.model.save(path, outputs)
        net = networks.load(path, "--net-values=f64")
        x = rng.randn(3, 4)
        want = np.concatenate([random.known[name][1](x) for name in outputs], 1)
        got = net.run(x)
        assert got.shape == want.shape and np.abs(got - want).max() < 1e-5 * (1 + np.abs(want).max()), (index, outputs)
    print(f"{count} random models: equal to numpy")


def main():
    keep = sys.argv[2] if len(sys.argv) > 2 and sys.argv[1] == "--write" else None
    folder = keep or tempfile.mkdtemp()
    for name, make in MODELS.items():
        model, outputs, run, layers = make()
        path = os.path.join(folder, name + ".onnx")
        model.save(path, outputs)
        if keep:
            continue
        net = networks.load(path, "--net-values=f64")
        shape = [d.dim_value for d in model.inputs[0].type.tensor_type.shape.dim][1:]
        x = rng.randn(5, *shape)
        got, want = net.run(x.reshape(5, -1)), run(x)
        assert got.shape == want.shape, (name, got.shape, want.shape)
        error = np.abs(got - want).max()
        assert error < 1e-6, (name, error)
        assert layers is None or len(net.layers) == layers, (name, len(net.layers))
        print(f"{name}: {net.connections()} connections in {len(net.layers)} layers, equal to numpy")
        os.remove(path)
    if not keep:
        check_random(folder, 60)


if __name__ == "__main__":
    main()
