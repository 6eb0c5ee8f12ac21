"""Calls the library of sparse.test: the same bits as `spada sparse`, for rows at any distance."""
import sys

import numpy as np

folder = sys.argv[1]
sys.path.insert(0, f"{folder}/lib")
import mlp  # noqa: E402

x = np.load(f"{folder}/x.npy")
right = np.load(f"{folder}/interp.npy")
assert np.array_equal(mlp.mlp(x), right)
for count in range(1, 17):
    assert np.array_equal(mlp.mlp(x[:count]), right[:count])
wide = np.zeros((37, 50), dtype=np.float32)
wide[:, :30] = x
assert np.array_equal(mlp.mlp(wide[:, :30], threads=2), right)
