# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'pure_vertical' must give.
import numpy as np

CASES = [dict(I=4, J=4, K=4), dict(I=3, J=5, K=40)]
CYCLES = [("wse2", dict(I=4, J=4, K=4), 35)]


def inputs(p, rng):
    return {"u": rng.standard_normal((p.I, p.J, p.K), dtype=np.float32)}


def expected(p, a):
    v = a["u"].copy()
    for k in range(1, p.K):
        v[:, :, k] = v[:, :, k] + v[:, :, k - 1] * np.float32(0.5)
    return {"v": v}


def independent(p, a):
    # The recurrence unrolled: v[k] = sum of 0.5^(k-m) u[m].
    k = np.arange(p.K)
    weights = np.where(k[:, None] >= k, 0.5 ** np.maximum(k[:, None] - k, 0), 0.0)
    return {"v": a["u"].astype(np.float64) @ weights.T}
