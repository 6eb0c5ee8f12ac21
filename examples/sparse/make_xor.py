# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Writes networks with NumPy: `make_xor.py FOLDER` makes xor.npz as two layers, and skip.npz as a graph.

  python3 make_xor.py .
  spada sparse xor.npz --in xor-inputs.npy --out y.npy      # 0, 1, 1, 0
"""
import os
import sys

import numpy as np

folder = sys.argv[1] if len(sys.argv) > 1 else "."

# Layers: compressed rows; rows are the outputs of a layer.
np.savez(os.path.join(folder, "xor.npz"), **{
    "0.indptr": np.array([0, 2, 4]), "0.indices": np.array([0, 1, 0, 1]), "0.data": np.ones(4, np.float32),
    "0.bias": np.array([0, -1], np.float32), "0.activation": "relu",
    "1.indptr": np.array([0, 2]), "1.indices": np.array([0, 1]), "1.data": np.array([1, -2], np.float32),
    "1.bias": np.zeros(1, np.float32), "1.activation": "none"})
np.save(os.path.join(folder, "xor-inputs.npy"), np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32))

# The same as a graph with one hidden neuron: x + y - 2 relu(x + y - 1). Two connections skip the hidden layer.
np.savez(os.path.join(folder, "skip.npz"), source=np.array([0, 1, 0, 1, 2]), destination=np.array([2, 2, 3, 3, 3]),
         weight=np.array([1, 1, 1, 1, -2], np.float32), bias=np.array([-1, 0]), activation=np.array(["relu", "none"]))
