# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Reads the printed form of `sparse.network` and runs it in float64, for tests of the importers."""
import math
import re
import subprocess

import numpy as np

TYPES = {"f64": np.float64, "f32": np.float32, "f16": np.float16, "i64": np.int64, "i32": np.int32}


def numbers(text, blobs):
    """One array attribute: `dense<...> : tensor<...>` or `dense_resource<name> : tensor<...>`."""
    kind, value, count, element = re.match(r"(dense|dense_resource)<(.*)> : tensor<(\d+)x(\w+)>$", text).groups()
    count = int(count)
    if kind == "dense_resource":
        data = blobs[value]
        if element == "bf16":
            return (np.frombuffer(data, np.uint16).astype(np.uint32) << 16).view(np.float32)
        return np.frombuffer(data, TYPES[element])
    if value.startswith('"0x'):
        return np.frombuffer(bytes.fromhex(value[3:-1]), TYPES[element])
    values = [math.nan if each.startswith("0x") else float(each) for each in re.split(r"[\[\], ]+", value) if each]
    array = np.array(values).astype(TYPES.get(element, np.float32))
    return np.full(count, array[0]) if array.size == 1 and count != 1 else array


class Network:
    def __init__(self, text):
        blobs = {}
        for name, hexadecimal in re.findall(r'^\s*(\w+): "0x([0-9A-F]*)"', text, re.M):
            blobs[name] = bytes.fromhex(hexadecimal)[4:]  # the first four bytes are the alignment
        head = re.search(r"sparse\.network @(\S+) inputs\((\d+)\)(?: outputs\(\[(.*?)\]\))?", text)
        self.name, self.inputs = head[1], int(head[2])
        self.layers = []
        layer = re.compile(r"sparse\.layer (\d+)\s+(\w+)\s*(?:cap\((.*?)\))?\s*rows\((.*?)\) columns\((.*?)\) "
                           r"weights\((.*?)\) bias\((.*?)\)\n")
        for size, activation, cap, *arrays in layer.findall(text):
            rows, columns, weights, bias = (numbers(each, blobs) for each in arrays)
            cap = float(cap.split(":")[0]) if cap else math.inf
            self.layers.append((int(size), activation, cap, rows.astype(int), columns.astype(int), weights, bias))
        self.neurons = self.inputs + sum(layer[0] for layer in self.layers)
        last = self.layers[-1][0] if self.layers else self.inputs
        self.outputs = [int(n) for n in head[3].split(",")] if head[3] else range(self.neurons - last, self.neurons)

    def connections(self):
        return sum(len(layer[4]) for layer in self.layers)

    def triples(self):
        """(source, destination, weight) of every connection, in the order of the network."""
        first = self.inputs
        for size, _, _, rows, columns, weights, _ in self.layers:
            for row in range(size):
                for c in range(rows[row], rows[row + 1]):
                    yield int(columns[c]), first + row, float(weights[c])
            first += size

    def run(self, x):
        """`x`: batch x inputs; the result: batch x outputs. Neurons are visited when their sources are known."""
        erf = np.vectorize(math.erf)
        act = {"none": lambda v, cap: v, "relu": lambda v, cap: np.minimum(np.maximum(v, 0), cap),
               "sigmoid": lambda v, cap: 1 / (1 + np.exp(-v)), "tanh": lambda v, cap: np.tanh(v),
               "gelu": lambda v, cap: v / 2 * (1 + erf(v / math.sqrt(2)))}
        value = [x[:, i] for i in range(self.inputs)] + [None] * (self.neurons - self.inputs)
        todo, first = [], self.inputs
        for size, activation, cap, rows, columns, weights, bias in self.layers:
            for row in range(size):
                part = slice(rows[row], rows[row + 1])
                todo.append((first + row, activation, cap, columns[part], weights[part], bias[row]))
            first += size
        while todo:
            later = []
            for entry in todo:
                neuron, activation, cap, columns, weights, bias = entry
                if any(value[c] is None for c in columns):
                    later.append(entry)
                    continue
                total = np.full(x.shape[0], float(bias))
                for c, weight in zip(columns, weights):
                    total = total + float(weight) * value[c]
                value[neuron] = act[activation](total, cap)
            assert len(later) < len(todo), "the network has a cycle"
            todo = later
        return np.stack([value[n] for n in self.outputs], axis=1)


def translate(spec, *options, expect=0):
    """Runs the importer. Its output, or its errors if it is expected to fail."""
    run = subprocess.run(["spada-translate", "--import-net", "--net", str(spec), "/dev/null", *options],
                         capture_output=True, text=True, errors="replace", timeout=120)
    assert run.returncode == expect, f"{spec}: exit code {run.returncode}\n{run.stderr[:2000]}"
    return run.stderr if expect else run.stdout


def load(spec, *options):
    return Network(translate(spec, *options))
