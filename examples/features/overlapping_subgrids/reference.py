# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'overlapping_subgrids' must give.
import numpy as np

CASES = [dict(N=6, K=2), dict(N=11, K=8)]


def inputs(p, rng):
    return {"a": rng.standard_normal((p.N, p.N, p.K), dtype=np.float32)}


def expected(p, a):
    v = a["a"].copy()
    v[::2] *= np.float32(2.0)
    v[1:, 2::3] = v[1:, 2::3] * np.float32(3.0) + np.float32(1.0)
    v[3:5, 1:p.N - 1] -= np.float32(5.0)
    v[::5, 0] *= np.float32(0.5)
    return {"b": v}


def independent(p, a):
    b = np.empty((p.N, p.N, p.K))
    for i in range(p.N):
        for j in range(p.N):
            x = a["a"][i, j].astype(np.float64)
            x = x * 2 if i % 2 == 0 else x
            x = 3 * x + 1 if i >= 1 and j % 3 == 2 else x
            x = x - 5 if i in (3, 4) and 1 <= j < p.N - 1 else x
            b[i, j] = x / 2 if j == 0 and i % 5 == 0 else x
    return {"b": b}
