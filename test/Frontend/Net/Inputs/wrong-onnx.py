# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Writes ONNX models that have to be rejected, and compares the messages."""
import importlib
import os
import re
import tempfile

import numpy as np
from onnx import TensorProto, helper

import networks

models = importlib.import_module("onnx-models")
folder = tempfile.mkdtemp()


def chain(op, inputs=("s",), **attributes):
    """A model that ends in one node of the given kind."""
    model = models.Model()
    model.constant("w", np.eye(4, 5, dtype=np.float32)), model.node("MatMul", ["x", "w"], "s")
    model.node(op, list(inputs), "y", **attributes)
    return model


def with_constant(array, op="Add", name="c"):
    model = chain(op, ("s", name))
    model.constant(name, array)
    return model


def backwards():
    model = chain("Relu", ("late",))
    model.node("Tanh", ["s"], "late")
    return model


def twice():
    model = chain("Relu")
    model.node("Tanh", ["s"], "y")
    return model


def bounds(low, high):
    model = chain("Clip", ("s", "low", "high"))
    model.constant("low", np.float32(low)), model.constant("high", np.float32(high))
    return model


def weights(array, op="MatMul", **attributes):
    model = models.Model()
    model.constant("w", array), model.node(op, ["x", "w"], "y", **attributes)
    return model


def sparse(places, count=2):
    model = models.Model()
    values = helper.make_tensor("w", TensorProto.FLOAT, [count], [1.0] * count)
    indices = helper.make_tensor("i", TensorProto.INT64, [len(places)], places)
    model.sparse.append(helper.make_sparse_tensor(values, indices, [4, 3]))
    model.node("MatMul", ["x", "w"], "y")
    return model


def tensor(**fields):
    model = models.Model()
    model.constant("w", np.eye(4, dtype=np.float32)), model.node("MatMul", ["x", "w"], "y")
    for name, value in fields.items():
        if name == "dims":
            del model.constants[0].dims[:]
            model.constants[0].dims.extend(value)
        else:
            setattr(model.constants[0], name, value)
    return model


def shaped(shape, kind=TensorProto.FLOAT):
    model = models.Model()
    model.inputs = [helper.make_tensor_value_info("x", kind, shape)]
    model.node("Relu", ["x"], "y")
    return model


def same():
    model = models.Model()
    model.node("Identity", ["x"], "y")
    return model


CASES = [
    ("operator", chain("Softmax"), r"node 'y_node' \(Softmax\) has an operator that cannot be read\n.*these can: Add"),
    ("leaky", chain("LeakyRelu", alpha=0.1), r"\(LeakyRelu\) has an operator that cannot be read"),
    ("domain", chain("FusedMatMul", domain="com.microsoft"), r"belongs to domain 'com.microsoft', which is not known"),
    ("missing", chain("Relu", ("nothing",)), r"\(Relu\) uses 'nothing', which no node gives"),
    ("cycle", backwards(), r"\(Relu\) uses 'late' before node 'late_node' \(Tanh\) gives it\n.*has no cycles"),
    ("twice", twice(), r"\(Tanh\) gives 'y', which exists already"),
    ("clip", bounds(-1, 1), r"\(Clip\) clips to -1 ... 1\n.*the lower bound has to be 0"),
    ("bias", with_constant(np.ones(4, np.float32)), r"\(Add\) has 'c' of shape 4 for 5 neurons"),
    ("batch", with_constant(np.ones((2, 5), np.float32)), r"\(Add\) has 'c' of shape 2 x 5 for 5 neurons"),
    ("product", chain("Mul", ("s", "s")), r"\(Mul\) combines two tensors that depend on the input"),
    ("attention", chain("MatMul", ("s", "s")), r"\(MatMul\) multiplies two tensors that depend on the input"),
    ("width", weights(np.ones((3, 2), np.float32)), r"\(MatMul\) has weights for 3 values, but its operand has 4"),
    ("vector", weights(np.ones(4, np.float32)), r"\(MatMul\) has weights with 1 dimensions\n.*a matrix is expected"),
    ("transA", weights(np.ones((4, 2), np.float32), "Gemm", transA=1), r"\(Gemm\) transposes its input"),
    ("nan", weights(np.full((4, 2), np.nan, np.float32)), r"\(MatMul\) has weight nan in row 0, column 0"),
    ("axis", chain("Concat", ("s", "s"), axis=0), r"\(Concat\) joins along axis 0"),
    ("gelu", chain("Gelu", approximate="tanh"), r"\(Gelu\) approximates by 'tanh'"),
    ("sum", chain("Add", ("s", "x")), r"\(Add\) adds tensors of 5 and 4 values"),
    ("sparse range", sparse([1, 12]), r"entry 1 of sparse tensor 'w' has index 12, which is out of range"),
    ("sparse order", sparse([5, 5]), r"entry 1 of sparse tensor 'w' comes before or repeats entry 0"),
    ("sparse count", sparse([1, 2, 3]), r"sparse tensor 'w' has 3 indices for 2 values"),
    ("shape", tensor(dims=[4, 5]), r"tensor 'w' has 64 bytes, but its shape and type need 80"),
    ("negative", tensor(dims=[-4, 4]), r"tensor 'w' has extent -4, which is out of range"),
    ("huge", tensor(dims=[1 << 40, 1 << 40]), r"tensor 'w' has extent 1099511627776, which is out of range"),
    ("type", tensor(data_type=TensorProto.STRING), r"tensor 'w' has elements of type 8, which cannot be read"),
    ("external", tensor(data_location=TensorProto.EXTERNAL), r"tensor 'w' is in another file"),
    ("open", shaped(["batch", "n"]), r"dimension 1 of input 'x' is not known"),
    ("scalar", shaped([4]), r"input 'x' has 1 dimensions"),
    ("wide", shaped(["batch", 1 << 30]), r"has 1073741824 neurons but only \d+ connections"),
    ("integers", shaped(["batch", 3], TensorProto.UINT8), r"input 'x' has elements of type 2"),
    ("nothing", same(), r"the network has no neuron but its inputs"),
    ("picture", shaped(["batch", 2, 2]), None),
]


def main():
    for name, model, expected in CASES:
        path = os.path.join(folder, "wrong.onnx")
        model.save(path, ["y"])
        if expected is None:
            networks.load(path)
            continue
        message = networks.translate(path, expect=1)
        assert re.search(expected, message), (name, message[:600])
        print(name + ": " + re.sub(r"^.*?(error: )", r"\1", message.splitlines()[0]))
    model = chain("Relu")
    model.save(path, ["y"])
    with open(path, "rb") as file:
        data = file.read()
    for name, part, expected in [("cut", data[:-3], "the file is no ONNX model, or is damaged"),
                                 ("empty", b"", "the model has no graph"),
                                 ("text", b"hello, world", "the file is no ONNX model, or is damaged")]:
        with open(path, "wb") as file:
            file.write(part)
        message = networks.translate(path, expect=1)
        assert expected in message, (name, message)
        print(name + ": " + re.sub(r"^.*?(error: )", r"\1", message.splitlines()[0]))
    print("all were rejected")


if __name__ == "__main__":
    main()
