# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""run.py NETWORK.mlir X.npy: prints the outputs of a network."""
import sys

import numpy as np

import networks

with open(sys.argv[1]) as file:
    net = networks.Network(file.read())
print(*(f"{value:g}" for value in net.run(np.load(sys.argv[2])).reshape(-1)))
