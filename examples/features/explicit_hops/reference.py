# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'explicit_hops' must give.
import numpy as np

CASES = [dict(K=4), dict(K=50)]


def inputs(p, rng):
    return {"a": rng.standard_normal((3, 3, p.K), dtype=np.float32)}


def expected(p, a):
    b = a["a"].copy()
    b[2, 2] -= a["a"][0, 0]
    b[0, 2] -= a["a"][2, 0]
    return {"b": b}


def independent(p, a):
    moved = np.zeros((3, 3, 3, 3))
    moved[2, 2, 0, 0] = moved[0, 2, 2, 0] = 1.0
    return {"b": a["a"] - np.einsum("xyij,ijk->xyk", moved, a["a"].astype(np.float64))}
