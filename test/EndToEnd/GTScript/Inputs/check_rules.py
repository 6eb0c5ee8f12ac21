# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Runs each stencil of rules.py on a target and compares with formulas in numpy.

    check_rules.py TARGET FOLDER [NAME ...]
"""
import os
import subprocess
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
NI, NJ, NK = 5, 4, 6
random = np.random.default_rng(7)


def field(low=(0, 0, 0), high=(0, 0, 0)):
    """Values that have few bits, so that sums and products are exact."""
    shape = [n + l + h for n, l, h in zip((NI, NJ, NK), low, high)]
    return np.round(random.uniform(-2, 2, shape) * 16) / 16


def integers(low, high):
    return random.integers(low, high, (NI, NJ, NK)).astype(np.int32)


A = field()
WIDE = field((0, 1, 0), (1, 0, 0))  # origin 0, 1, 0
EAST = field((0, 0, 0), (1, 0, 0))
N, M = integers(-9, 9), integers(1, 5)
M[::2] *= -1


def recurrence(values):
    out = values.copy()
    for k in range(1, NK):
        out[..., k] += 0.5 * out[..., k - 1]
    return out


def regions():
    out = A.copy()
    out[0] = A[0] + 100
    out[:, -1] = A[:, -1] + 100
    out[-2:-1, 1:] = A[-2:-1, 1:] - 100
    return out


def doubled():
    out = np.abs(A) + 0.125
    while (out < 4).any():
        out = np.where(out < 4, out * 2, out)
    return out


def frozen():
    return {"a": np.where(A > 0, -A, A), "out": np.where(A > 0, -A, np.where(A < -0.5, 7, A * 2))}


def shifted():
    out = np.zeros_like(A)
    out[..., 1:] = A[..., :-1]
    return out


def marked():
    out = A.copy()
    out[..., 1] = 5
    return out


A0 = EAST[:-1]


def pair():
    x = EAST[1:] ** 2 - A0 ** 2 + 3.0 * (EAST[1:] - A0)
    return {"out": np.maximum(x, A0), "other": np.minimum(x, A0)}


SHIFT = (integers(0, 6) - np.arange(NK)).astype(np.int32)
LEVELS = np.arange(NK)[None, None, :] + SHIFT
TENSOR = np.round(random.uniform(-2, 2, (NI, NJ, NK, 2, 2)) * 16) / 16
TABLE = np.array([1.0, 2.0, 3.0])
PLANE, COLUMN = field()[:, :, 0].copy(), field()[0, 0].copy()

# name: inputs, options, expected
RULES = {
    "extents": ({"a": WIDE}, ["--origin", "a=0,1,0"], {"out": 2 * WIDE[1:, 1:] + 2 * WIDE[:-1, :-1]}),
    "old_values": ({"a": A}, [], {"out": np.concatenate([A[..., 1:] + A[..., :-1] + 1, np.zeros((NI, NJ, 1))], 2)}),
    "intervals": ({"a": A}, [], {"out": A + np.array([10.0] + [20.0] * (NK - 2) + [30.0])}),
    "forward": ({"a": A}, [], {"out": recurrence(A)}),
    "backward": ({"a": A}, [], {"out": recurrence(A[..., ::-1])[..., ::-1]}),
    "last_level_wins": ({"a": A}, [], {"plane": 2 * A[..., -1]}),
    "broadcast": ({"plane": PLANE, "column": COLUMN}, [], {"out": PLANE[:, :, None] * COLUMN}),
    "frozen_mask": ({"a": A}, [], frozen()),
    "scalar_if": ({"a": A}, ["--set", "n=1"], {"out": A - 1}),
    "ternary": ({"a": A}, [], {"out": 1 + np.abs(A) * 2}),
    "loop": ({"a": A}, [], {"out": doubled()}),
    "regions": ({"a": A}, [], {"out": regions()}),
    "functions": ({"a": EAST}, [], pair()),
    "tuples": ({"a": A, "b": A + 1}, [], {"a": A + 1, "b": A + 1}),
    "variable_level": ({"a": A, "shift": SHIFT}, [],
                       {"out": np.take_along_axis(A, LEVELS, 2) + A[..., 1:2] + np.arange(NK)}),
    "shifted_write": ({"a": A}, [], {"out": shifted()}),
    "data_dims": ({"v": TENSOR, "table": TABLE}, [], {"out": TENSOR[..., 0, 1] + TENSOR[..., 1, 0] * 3}),
    "types": ({"n": N, "m": M}, [], {"third": (N.astype(np.float32) / M.astype(np.float32)).astype(np.float64),
                                     "first": np.ones_like(A), "cut": np.trunc(N - 2.75).astype(np.int32)}),
    "remainders": ({"n": N, "m": M, "a": A}, [], {"whole": N % M, "part": np.mod(A, 0.75)}),
    "natives": ({"a": A}, [], {
        "out": np.sqrt(np.abs(A)) + np.tanh(A) * np.minimum(A, 0.25) - np.maximum(np.floor(A), 0),
        "rounded": np.rint(2 * A) + 10 * np.sign(A) * np.floor(np.abs(2 * A) + 0.5),
        "power": A * A + np.sqrt(np.abs(A) + 1)}),
    "externals": ({"a": A}, [], {"out": 2 * A + 3}),
    "planes": ({"a": A}, [], {"out": A}),
    "halo": ({"a": A}, [], {"a": marked()}),
}
CLOSE = {"natives"}  # functions of a library: the last digits may differ


def run(name, target, folder):
    inputs, options, expected = RULES[name]
    command = ["spada", "run", f"{HERE}/rules.py::{name}", "--target", target, "--domain", f"{NI},{NJ},{NK}", *options]
    for argument, array in inputs.items():
        path = f"{folder}/{name}-{argument}.npy"
        np.save(path, array)
        command += ["--in", f"{argument}={path}"]
    for argument in expected:
        command += ["--out", f"{argument}={folder}/{name}-out-{argument}.npy"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return f"exit code {done.returncode}: {done.stderr.strip()}"
    for argument, wanted in expected.items():
        got = np.load(f"{folder}/{name}-out-{argument}.npy")
        equal = np.allclose(got, wanted, rtol=1e-13, atol=0) if name in CLOSE else np.array_equal(got, wanted)
        if got.shape != wanted.shape or not equal:
            where = tuple(np.argwhere(got != wanted)[0]) if got.shape == wanted.shape else ()
            return f"'{argument}' of shape {got.shape} is wrong at {where}: {got[where]}, wanted {wanted[where]}"
    return None


def main():
    target, folder, *names = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    wrong = 0
    for name in names or RULES:
        problem = run(name, target, folder)
        wrong += problem is not None
        print(f"{name}: {'right' if problem is None else problem}")
    print(f"{len(names or RULES) - wrong} of {len(names or RULES)} rules hold on {target}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
