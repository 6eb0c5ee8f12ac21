# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'auto_distance' must give.
import numpy as np

CASES = [dict(K=4), dict(K=33)]


def inputs(p, rng):
    return {"a": rng.standard_normal((5, 4, p.K), dtype=np.float32)}


def expected(p, a):
    v = a["a"].copy()
    v[3] = v[3] + v[0]
    v[1, 0] = v[1, 0] * v[1, 3]
    v[2, 3] = v[4, 1] - v[2, 3]
    return {"b": v}


def independent(p, a):
    a = a["a"].astype(np.float64)
    b = a + np.concatenate([np.zeros((3, 4, p.K)), a[:1], np.zeros((1, 4, p.K))])
    b[1, 0] *= a[1, 3]
    b[2, 3] = a[4, 1] - a[2, 3]
    return {"b": b}
