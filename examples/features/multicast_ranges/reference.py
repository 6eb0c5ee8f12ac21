# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'multicast_ranges' must give.
import numpy as np

CASES = [dict(N=5, K=2), dict(N=8, K=16)]


def inputs(p, rng):
    return {"a": rng.standard_normal((p.N, p.N, p.K), dtype=np.float32)}


def expected(p, a):
    v, n = a["a"].copy(), p.N
    v[2:] = v[2:] + v[:1]
    v[n - 4:n - 1, ::2] = v[n - 4:n - 1, ::2] - v[n - 1:, ::2]
    v[:1, 3:] = v[:1, 3:] * v[:1, :1]
    v[1:, :n - 2] = v[1:, n - 1:] - v[1:, :n - 2]
    return {"b": v}


def independent(p, a):
    a, n = a["a"].astype(np.float64), p.N
    one = np.array([[a[i, j] + (a[0, j] if i >= 2 else 0) for j in range(n)] for i in range(n)])
    two = np.array([[one[i, j] - (one[n - 1, j] if n - 4 <= i < n - 1 and j % 2 == 0 else 0) for j in range(n)]
                    for i in range(n)])
    three = two.copy()
    for i in range(n):
        for j in range(n):
            if i == 0 and j >= 3:
                three[i, j] = two[i, j] * two[0, 0]
            if i > 0 and j < n - 2:
                three[i, j] = two[i, n - 1] - two[i, j]
    return {"b": three}
