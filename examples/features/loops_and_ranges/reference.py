# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'loops_and_ranges' must give.
import numpy as np

CASES = [dict(K=4), dict(K=15)]
INDEPENDENT_TOLERANCE = 1e-4


def inputs(p, rng):
    return {"a": rng.standard_normal((2, 1, 2 * p.K), dtype=np.float32)}


def expected(p, a):
    v, w, n = a["a"][0, 0].copy(), a["a"][1, 0].copy(), p.K
    w[0::2] = w[0::2] + v[1::2]
    v[1::2] *= np.float32(2.0)
    v[2:n] += np.float32(1.0)
    for k in range(2 * n - 1, n, -3):
        v[k] = v[k] - v[k - 1]
    w *= np.float32(0.5)
    for m in (1, 2):
        carry = np.float32(0.0)
        for k in range(n - 1, -1, -1):
            carry = carry + w[k]
            w[k] = carry
        w[n + m - 1] = carry
    return {"b": np.stack([v, w])[:, None]}


def independent(p, a):
    v, w = a["a"][:, 0].astype(np.float64)
    n, k = p.K, np.arange(2 * p.K)
    first = v * np.where(k % 2 == 1, 2, 1) + ((k >= 2) & (k < n))
    down = [q for q in range(2 * n) if q > n and (2 * n - 1 - q) % 3 == 0]
    result = first.copy()
    result[down] -= first[np.array(down) - 1]
    second = w.copy()
    second[0::2] += v[1::2]
    second /= 2
    once = np.cumsum(second[n - 1::-1])[::-1]
    twice = np.cumsum(once[::-1])[::-1]
    second[:n] = twice
    second[n:n + 2] = once[0], twice[0]
    return {"b": np.stack([result, second])[:, None]}
