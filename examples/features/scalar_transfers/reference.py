# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'scalar_transfers' must give.
import numpy as np

CASES = [dict(K=2), dict(K=10)]


def inputs(p, rng):
    return {"a": rng.standard_normal((2, 1, p.K), dtype=np.float32)}


def expected(p, a):
    v, w = a["a"][0].copy(), a["a"][1]
    total = np.float32(0.0)
    for x in v[0]:
        total = total + x
    second = v[0, 1]
    w = w * np.float32(2.5) + total
    v[0, 0], v[0, 1] = w[0, 0], second
    return {"b": np.stack([v, w])}


def independent(p, a):
    v, w = a["a"].astype(np.float64)
    result = np.stack([v, 2.5 * w + v.sum()])
    result[0, 0, 0] = result[1, 0, 0]
    return {"b": result}
