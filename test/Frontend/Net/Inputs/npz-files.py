# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Writes archives of NumPy, imports them, and compares with NumPy; then archives that have to be rejected."""
import io
import os
import re
import struct
import sys
import tempfile
import zipfile

import numpy as np

import networks

folder = tempfile.mkdtemp()
rng = np.random.RandomState(11)


def path(name):
    return os.path.join(folder, name)


def compressed(dense):
    """Row starts, columns and values of a matrix."""
    rows, columns = np.nonzero(dense)
    return np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=dense.shape[0]))]), columns, dense[rows, columns]


def matrix(rows, columns, dtype=np.float32):
    return (np.round(rng.randn(rows, columns) * 8) / 8 * (rng.rand(rows, columns) < 0.6)).astype(dtype)


def csr(prefix, dense, index=np.int32):
    starts, columns, values = compressed(dense)
    return {prefix + "indptr": starts.astype(index), prefix + "indices": columns.astype(index), prefix + "data": values}


def compare(name, net, run, inputs=5):
    x = rng.randn(7, inputs)
    got, want = net.run(x), run(x)
    assert got.shape == want.shape and np.abs(got - want).max() < 1e-6, (name, np.abs(got - want).max())
    print(f"{name}: equal to numpy")


def relu(v):
    return np.maximum(v, 0)


def good():
    v, w = matrix(6, 5), matrix(3, 6)
    bias = matrix(1, 6)[0]

    def two(x):
        return relu(relu(x @ v.T + bias) @ w.T)

    files = {**csr("0.", v), "0.bias": bias, **csr("1.", w, np.int64), "1.shape": np.array([3, 6])}
    np.savez(path("layers.npz"), **files)
    compare("layers", networks.load(path("layers.npz")), two)
    np.savez_compressed(path("packed.npz"), **files)
    compare("packed", networks.load(path("packed.npz")), two)
    # Numbers order the layers; the rest of the names is free.
    names = {name.replace("0.", "layer9_").replace("1.", "layer10_"): array for name, array in files.items()}
    np.savez(path("names.npz"), **names)
    compare("names", networks.load(path("names.npz")), two)
    # As scipy.sparse.save_npz writes csr, csc and coo.
    np.savez(path("v.npz"), format=np.array(b"csr"), shape=v.shape, **csr("", v))
    np.savez(path("w.npz"), format=np.array("csc"), shape=w.shape, **csr("", w.T))
    row, column = np.nonzero(w)
    np.savez(path("u.npz"), format=np.array("coo"), shape=w.shape, row=row[::-1], col=column[::-1],
             data=w[row, column][::-1])
    for last in ("w", "u"):
        net = networks.load(f"{path('v.npz')},{path(last + '.npz')}", "--net-activation=none")
        compare("scipy " + last, net, lambda x: x @ v.T @ w.T)
    # Dense weights lose their zeros.
    np.savez(path("dense.npz"), **{"0.weight": v, "0.bias": bias, "2.weight": w, "2.activation": np.array("tanh")})
    net = networks.load(path("dense.npz"))
    assert net.connections() == np.count_nonzero(v) + np.count_nonzero(w)
    compare("dense", net, lambda x: np.tanh(relu(x @ v.T + bias) @ w.T))
    np.save(path("v.npy"), np.ascontiguousarray(v.T))
    compare("npy", networks.load(path("v.npy"), "--net-rows=inputs", "--net-activation=sigmoid"),
            lambda x: 1 / (1 + np.exp(-(x @ v.T))))
    for kind in ("f2", "f8", "i1", "i2", "i8", "u1", "u4", "?"):
        numbers = np.abs(v * 8).astype(kind)
        np.save(path("kind.npy"), numbers)
        net = networks.load(path("kind.npy"), "--net-values=f64", "--net-activation=none")
        assert net.connections() == np.count_nonzero(numbers)
        compare("type " + kind, net, lambda x: x @ numbers.T.astype(float))
    # An empty row, and capped activation.
    v[2] = 0
    np.savez(path("cap.npz"), **csr("0.", v), **{"0.activation": "relu:0.5", "0.bias": np.float32(0.25)})
    compare("cap", networks.load(path("cap.npz")), lambda x: np.clip(x @ v.T + 0.25, 0, 0.5))
    # 100,000 connections come back bit by bit.
    large = (rng.randn(400, 500) * (rng.rand(400, 500) < 0.5)).astype(np.float32)
    np.savez_compressed(path("large.npz"), **csr("", large))
    net = networks.load(path("large.npz"))
    starts, columns, values = compressed(large)
    _, _, _, rows, indices, weights, _ = net.layers[0]
    assert (rows == starts).all() and (indices == columns).all() and (weights == values).all()
    half = networks.load(path("large.npz"), "--net-weights=bf16").layers[0][5]
    bits = values.view(np.uint32).astype(np.uint64)
    rounded = ((bits + 0x7fff + (bits >> 16 & 1)) >> 16 << 16).astype(np.uint32).view(np.float32)
    assert (half == rounded).all()
    assert (networks.load(path("large.npz"), "--net-weights=f16").layers[0][5] == values.astype(np.float16)).all()
    print("large: equal bit by bit, also in bf16 and f16")


def graph():
    """Neurons in any order: 3 and 1 are inputs, 0 and 4 hidden, 2 the output."""
    edges = [(3, 0, 1.0), (1, 0, -2.0), (1, 4, 0.5), (0, 4, 3.0), (4, 2, 1.5), (3, 2, -1.0)]
    source, destination, weight = (np.array(column) for column in zip(*edges))
    base = {"source": source, "destination": destination, "weight": weight}

    def run(x):
        a, b = x.T  # inputs 3 and 1
        hidden = relu(a - 2 * b + 0.1)
        other = np.tanh(0.5 * b + 3 * hidden + 0.5)
        return np.stack([1.5 * other - a + 0.3], 1)

    extra = {"inputs": np.array([3, 1]), "bias": np.array([0.1, 0, 0.3, 0, 0.5]),
             "activation": np.array(["relu", "", "none", "", "tanh"])}
    # Values of inputs have no activation; their entries are not read.
    np.savez(path("graph.npz"), **base, **extra)
    compare("graph", networks.load(path("graph.npz"), "--net-values=f64"), run, 2)
    inner = {"inputs": np.array([3, 1]), "bias": np.array([0.1, 0.3, 0.5]),
             "activation": np.array([b"relu", b"none", b"tanh"]), "outputs": np.array([2]), "neurons": np.array(5)}
    np.savez(path("inner.npz"), **base, **inner)
    compare("inner", networks.load(path("inner.npz"), "--net-values=f64"), run, 2)
    np.savez(path("plain.npz"), **base)
    net = networks.load(path("plain.npz"), "--net-last-activation=none")
    assert net.inputs == 2 and [layer[1] for layer in net.layers] == ["relu", "none", "relu"], net.layers
    print("plain: inputs and outputs are found")
    return base


def rejected(name, expected, spec=None, *options):
    message = networks.translate(spec or path(name), *options, expect=1)
    first = message.splitlines()[0]
    first = re.sub(r"^.*?(error: )", r"\1", first)
    assert re.search(expected, message), (name, message[:600])
    print(f"{name}: {first}")


def write_npz(name, arrays):
    np.savez(path(name), **arrays)


def npy_bytes(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def write_zip(name, members, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path(name), "w", method) as archive:
        for member, data in members.items():
            archive.writestr(member, data)


def header(text, data=b"", version=1, length=None):
    text = text.encode()
    size = struct.pack("<H" if version == 1 else "<I", len(text) if length is None else length)
    return b"\x93NUMPY" + bytes([version, 0]) + size + text + data


def wrong_layers():
    v = np.array([[1, 0, 2, 0, 0], [0, 3, 0, 0, 0], [0, 0, 0, 4, 0], [0, 0, 0, 0, 5]], np.float32)
    base = csr("", v)
    cases = [
        ("decreasing", {"indptr": np.array([0, 3, 2, 4, 5])}, r"'indptr' decreases from 3 to 2 after row 1"),
        ("range", {"indices": base["indices"] + 2}, r"connection 5 -> 7 \(layer 0, row 2, column 5\) is out of range: the matrix has 4 rows and 5"),
        ("negative", {"indices": base["indices"] - 1}, r"entry 0 of 'indices' is -1"),
        ("count", {"indptr": np.array([0, 1, 2, 3, 4])}, r"'indptr' goes from 0 to 4, but 'indices' has"),
        ("start", {"indptr": base["indptr"] + 1}, r"'indptr' goes from 1 to"),
        ("weights", {"data": base["data"][1:]}, r"'data' has \d+ weights for \d+ connections"),
        ("nan", {"data": base["data"] * np.nan}, r"connection 0 -> 5 \(layer 0, row 0, column 0\) has weight nan"),
        ("infinite", {"data": base["data"] * np.float32(np.inf)}, r"has weight inf"),
        ("shape", {"shape": np.array([3, 5])}, r"'shape' has 3 rows, but 'indptr' has 4"),
        ("pair", {"shape": np.array([4, 5, 1])}, r"'shape' is no pair of sizes"),
        ("float index", {"indices": base["indices"].astype(float)}, r"array 'indices' does not hold integers"),
        ("text", {"data": np.array(["a"] * len(base["data"]))}, r"array 'data' does not hold numbers"),
        ("two dimensions", {"data": base["data"][None]}, r"array 'data' has 2 dimensions"),
        ("bias", {"bias": np.zeros(3, np.float32)}, r"layer 0 has 3 biases for 4 neurons"),
        ("bad bias", {"bias": np.array([0, 1, np.inf, 0])}, r"neuron 7 \(layer 0, row 2\) has bias inf"),
        ("format", {"format": np.array("bsr")}, r"'format' is 'bsr', which cannot be read"),
        ("activation", {"activation": np.array("elu")}, r"'activation' is 'elu', which is no activation"),
        ("unknown", {"mask": np.zeros(3)}, r"array 'mask' has no meaning here"),
        ("unnumbered", {"fc.bias": np.zeros(3)}, r"array 'fc.bias' names no layer by a number"),
        ("complex", {"data": base["data"].astype(np.complex64)}, r"elements of type '<c8', which cannot be read"),
        ("big endian", {"data": base["data"].astype(">f4")}, r"elements of type '>f4'"),
    ]
    base["shape"] = np.array([4, 5])
    for name, change, expected in cases:
        write_npz("wrong.npz", {**base, **change})
        rejected(name, expected, path("wrong.npz"))
    write_npz("wrong.npz", {**csr("0.", v), **csr("1.", v)})
    rejected("width", r"layer 1 takes 5 values, but layer 0 gives 4", path("wrong.npz"))
    write_npz("wrong.npz", {"row": np.array([0, 1, 0]), "col": np.array([1, 1, 1]), "data": np.array([1.5, 2, 2.5])})
    rejected("repeated", r"connection 1 -> 2 \(layer 0, row 0, column 1\) is repeated: it has weight 1.5 before and 2.5 "
             "here", path("wrong.npz"))
    write_npz("wrong.npz", {**csr("a1.", v), **csr("b1.", v)})
    rejected("two names", r"arrays 'a1.'... and 'b1.'... both name layer 1", path("wrong.npz"))
    np.save(path("wrong.npy"), np.asfortranarray(v))
    rejected("fortran", r"stored column by column", path("wrong.npy"))


def wrong_graphs(base):
    cases = [
        ("cycle", {"source": np.array([0, 1, 2, 3]), "destination": np.array([1, 2, 3, 1]), "weight": np.ones(4)},
         r"connection 1 \(1 -> 2\) is part of a cycle"),
        ("self", {"source": np.array([0, 1]), "destination": np.array([1, 1]), "weight": np.ones(2)},
         r"connection 1 \(1 -> 1\) leads from a neuron to itself"),
        ("repeated in graph", {"source": np.array([0, 0]), "destination": np.array([1, 1]), "weight": np.array([1, 2.5])},
         r"connection 1 \(0 -> 1\) repeats connection 0: it has weight 1 before and 2.5 here"),
        ("into input", {**base, "inputs": np.array([3, 1, 0])}, r"connection 0 \(3 -> 0\) leads into an input"),
        ("nan in graph", {**base, "weight": base["weight"] * np.nan}, r"connection 0 \(3 -> 0\) has weight nan"),
        ("neurons", {**base, "neurons": np.array(4)}, r"connection 2 \(1 -> 4\) is out of range: the network has 4"),
        ("negative neuron", {**base, "source": base["source"] - 2}, r"connection 1 names neuron -1"),
        ("sizes", {**base, "weight": np.ones(3)}, r"'source' has 6 entries, 'destination' 6 and 'weight' 3"),
        ("missing", {"source": base["source"], "weight": base["weight"]}, r"array 'destination' is missing"),
        ("two inputs", {**base, "inputs": np.array([3, 3])}, r"'inputs' names neuron 3 twice"),
        ("output", {**base, "outputs": np.array([9])}, r"'outputs' names neuron 9, but the network has 5"),
        ("graph bias", {**base, "bias": np.zeros(2)}, r"'bias' has 2 entries, but there are 5 neurons, 3 without"),
        ("many neurons", {**base, "neurons": np.array(2000000000)}, r"has 2000000000 neurons but only 6 connections"),
        ("nothing", {"source": np.array([], int), "destination": np.array([], int), "weight": np.array([]),
                     "neurons": np.array(3)}, r"the network has no neuron but its inputs"),
        ("no outputs", {**base, "outputs": np.array([], int)}, r"the network has no outputs"),
        ("graph activation", {**base, "activation": np.array("selu")}, r"entry 0 of 'activation' is 'selu'"),
    ]
    for name, arrays, expected in cases:
        write_npz("wrong.npz", arrays)
        rejected(name, expected, path("wrong.npz"))


def wrong_bytes():
    v = matrix(4, 5)
    write_npz("whole.npz", csr("", v))
    with open(path("whole.npz"), "rb") as file:
        whole = file.read()
    for name, data, expected in [
            ("cut", whole[:len(whole) // 2], r"the zip archive is damaged: it has no end record"),
            ("empty", b"", r"damaged: it is shorter than its end record"),
            ("flipped", whole[:200] + bytes([whole[200] ^ 1]) + whole[201:], r"damaged: .* has checksum|damaged header"),
            ("directory", whole.replace(b"PK\x01\x02", b"PK\x01\x03"), r"damaged: its directory ends too early")]:
        with open(path("bytes.npz"), "wb") as file:
            file.write(data)
        rejected(name, expected, path("bytes.npz"))
    data = npy_bytes(v)
    for name, member, content, expected in [
            ("foreign file", "readme.txt", b"x", r"'readme.txt', which is no NumPy array"),
            ("no npy", "a.npy", b"hello world", r"array 'a' is not in NumPy's format"),
            ("cut npy", "0.weight.npy", data[:-4], r"array '0.weight' holds 76 bytes of data, but its shape and type "
             "need 80"),
            ("version", "a.npy", b"\x93NUMPY\x07\x00" + data[8:], r"format version 7; 1 to 3 can be read"),
            ("header length", "a.npy", header("{}", version=2, length=0xfffffff0), r"a header of 4294967280 bytes"),
            ("no type", "a.npy", header("{'shape': (1,)}"), r"damaged header: it names no element type"),
            ("object", "a.npy", header("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"), r"type '\|O'"),
            ("large shape", "a.npy", header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, "
             "99999999999)}"), r"its shape is no list of sizes, or is too large"),
            ("long array", "0.weight.npy", header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999)}"),
             r"holds 0 bytes of data, but its shape and type need 39999200004")]:
        write_zip("member.npz", {member: content})
        rejected(name, expected, path("member.npz"))
    write_zip("method.npz", {"0.weight.npy": data}, zipfile.ZIP_LZMA)
    rejected("method", r"'0.weight.npy' is compressed by method 14", path("method.npz"))
    # A name that is no UTF-8, and sizes that no compressed data can have.
    write_zip("name.npz", {"0.weigXt.npy": data})
    with open(path("name.npz"), "rb") as file:
        bad = file.read().replace(b"weigXt", b"weig\xfft")
    with open(path("name.npz"), "wb") as file:
        file.write(bad)
    rejected("name", r"a file named '0.weig\\xfft.npy', which is no UTF-8", path("name.npz"))
    write_zip("bomb.npz", {"0.weight.npy": data}, zipfile.ZIP_DEFLATED)
    with open(path("bomb.npz"), "rb") as file:
        bomb = bytearray(file.read())
    at = bomb.find(b"PK\x01\x02")
    bomb[at + 24:at + 28] = struct.pack("<I", 0xf0000000)
    with open(path("bomb.npz"), "wb") as file:
        file.write(bomb)
    rejected("bomb", r"cannot have 4026531840 bytes in \d+", path("bomb.npz"))


if __name__ == "__main__":
    if sys.argv[1] == "good":
        good()
        graph()
    else:
        wrong_layers()
        wrong_graphs(graph())
        wrong_bytes()
        print("all were rejected")
