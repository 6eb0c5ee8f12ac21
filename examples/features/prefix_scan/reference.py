# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'prefix_scan' must give.
import numpy as np

CASES = [dict(N=2, R=1, K=3), dict(N=7, R=3, K=12)]
INDEPENDENT_TOLERANCE = 1e-4


def inputs(p, rng):
    return {"a": rng.standard_normal((p.N, p.R, p.K), dtype=np.float32)}


def expected(p, a):
    v = a["a"].copy()
    for i in range(1, p.N):
        v[i] = v[i] + v[i - 1]
    for k in range(1, p.K):
        v[:, :, k] = v[:, :, k] + v[:, :, k - 1]
    return {"b": v}


def independent(p, a):
    return {"b": a["a"].astype(np.float64).cumsum(axis=0).cumsum(axis=2)}
