# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Writes the arrays of the tests of stencils, or checks what came out: FOLDER [KIND FILE ...]."""
import os
import sys

import numpy as np

os.chdir(sys.argv[1])
wide = (np.arange(6 * 5 * 3).reshape(6, 5, 3) % 7).astype(np.float32)
base = np.arange(30, dtype=np.float32).reshape(6, 5)


def laplacian():
    return wide[2:, 1:-1] + wide[:-2, 1:-1] + wide[1:-1, 2:] + wide[1:-1, :-2] - 4 * wide[1:-1, 1:-1]


def parts():
    """The origin holds for the output too, so a border of zeros stays in front."""
    framed = np.zeros((5, 4, 3), np.float32)
    framed[1:, 1:] = laplacian()
    total = wide.copy()
    total[1:3, 1:3] = base[1:3, 1:3, None] + np.cumsum(wide[1:3, 1:3], 2) + [0, 2, 4]
    return [framed, total]


def main():
    kind, files = sys.argv[2], sys.argv[3:]
    expected = {"laplacian": lambda: [2 * laplacian()] * len(files), "parts": parts,
                "options": lambda: [3 * wide + 1, wide.astype(float) + 1, wide + 2, wide + np.float32(0.1)]}[kind]()
    for path, wanted in zip(files, expected, strict=True):
        got = np.load(path)
        assert got.dtype == wanted.dtype and got.shape == wanted.shape, (path, got.dtype, got.shape)
        np.testing.assert_array_equal(got, wanted, path)


if len(sys.argv) > 2:
    sys.exit(main())
np.save("wide.npy", wide)
np.save("base.npy", base)
np.save("double.npy", wide.astype(np.float64))
np.save("k.npy", np.ones((6, 5, 3), np.int32))
np.save("small.npy", wide[:2, :2])
np.save("flat.npy", wide[0])
np.save("vector.npy", np.zeros((6, 5, 3, 2), np.float64))
