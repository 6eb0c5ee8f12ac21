# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'whole_arrays' must give.
import numpy as np

CASES = [dict(M=2, N=3), dict(M=5, N=8)]


def inputs(p, rng):
    return {"a": rng.standard_normal((2, 1, p.M * p.N), dtype=np.float32)}


def expected(p, a):
    v = a["a"]
    z = v * v + np.float32(1.5)
    v = v - z
    z = z * np.float32(2.0) + v
    return {"b": z + v}


def independent(p, a):
    a = a["a"].astype(np.float64)
    square = a * a + 1.5
    return {"b": 2 * square + 2 * (a - square)}
