# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Checks generated networks: counts, patterns, statistics."""
import numpy as np

import networks


def radix():
    net = networks.load("radix:neurons=1024,layers=120,seed=3")
    assert net.connections() == 3932160 and len(net.layers) == 120
    classes = 64
    for number, (size, activation, cap, rows, columns, weights, bias) in enumerate(net.layers):
        assert (size, activation, cap) == (1024, "relu", 32)
        assert (rows == np.arange(1025) * 32).all() and (weights == 1 / 16).all() and (bias == np.float32(-0.3)).all()
        sources = columns.reshape(1024, 32) - 1024 * number
        assert (np.diff(sources) > 0).all()
        # Outputs o and o + 64 read the same; 2^j classes on, half of the sources are those of the next output.
        assert (sources[:classes] == sources[classes:2 * classes]).all()
        assert (np.bincount(sources.reshape(-1)) == 32).all()
        if number < 6:
            for o in range(1024):
                want = {i for i in range(1024) if i % classes in (o % classes, (o + 2 ** number) % classes)}
                assert set(sources[o]) == want
    print("radix: the first period is the formula, later ones are balanced")


def random():
    net = networks.load("random:widths=500-500-500-500,density=0.1,seed=2")
    assert abs(net.connections() - 75000) < 4 * (75000 * 0.9) ** 0.5, net.connections()
    weights = np.concatenate([layer[5] for layer in net.layers])
    assert abs(weights.mean()) < 0.003 and abs(weights.std() * 50 ** 0.5 - 1) < 0.02
    per_column = np.bincount(net.layers[0][4], minlength=500)
    assert abs(per_column.std() - (500 * 0.09) ** 0.5) < 1
    print("random: the density is right")


def growth():
    net = networks.load("growth:neurons=2500,capacity=99,degree=20,inputs=50")
    first, last = {}, {}
    for step, (source, destination, _) in enumerate(net.triples()):
        assert source < destination
        for neuron in (source, destination):
            first.setdefault(neuron, step)
            last[neuron] = step
    alive = np.zeros(net.connections() + 1, int)
    for neuron in first:
        alive[first[neuron]] += 1
        alive[last[neuron] + 1] -= 1
    most = np.cumsum(alive).max()
    assert most <= 99, most
    print(f"growth: {net.inputs} inputs, {net.connections()} connections, never more than 99 values held")


def skew():
    net = networks.load("skew:widths=2000-2000,density=0.05,sigma=1,seed=4")
    lengths = np.diff(net.layers[0][3])
    assert abs(lengths.mean() - 100) < 12, lengths.mean()
    assert 0.9 < np.log(lengths[lengths > 0]).std() < 1.1
    print("skew: mean row length is right")


def skip():
    net = networks.load("skip:widths=100-100-100-100,density=0.2,skips=0.1,seed=4")
    skips = [source for source, destination, _ in net.triples()
             if destination >= 200 and source // 100 < destination // 100 - 1]
    total = sum(1 for _, destination, _ in net.triples() if destination >= 200)
    assert abs(len(skips) / total - 0.1) < 0.02, len(skips) / total
    print("skip: a tenth of the connections skips layers")


if __name__ == "__main__":
    radix()
    random()
    growth()
    skew()
    skip()
