# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Writes the arrays of these tests into a folder, by numpy itself."""
import os
import sys

import numpy as np

os.makedirs(sys.argv[1], exist_ok=True)
os.chdir(sys.argv[1])
x = np.arange(8, dtype=np.float32).reshape(2, 1, 4)
np.save("x.npy", x)
np.save("fortran.npy", np.asfortranarray(x))
np.save("x64.npy", x.astype(np.float64))
np.save("int64.npy", x.astype(np.int64))
np.save("flat.npy", x.reshape(8))
np.save("wide.npy", np.zeros((3, 1, 4), np.float32))
np.save("at.npy", np.array([[[7]]], np.int32))
