# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'vertical' must give: the two sweeps, and as an independent check the system solved by numpy.
import numpy as np

CASES = [dict(I=4, J=4, K=4), dict(I=3, J=5, K=24)]
SCALARS = {"a": np.float32(0.375), "c": np.float32(0.25)}
INDEPENDENT_TOLERANCE = 1e-4


def inputs(p, rng):
    pivots = np.ones(p.K)
    for k in range(1, p.K):
        pivots[k] = 1.0 / (1.0 - 0.375 * 0.25 * pivots[k - 1])
    r = np.broadcast_to(pivots.astype(np.float32), (p.I, p.J, p.K)).copy()
    return {"u": rng.standard_normal((p.I, p.J, p.K), dtype=np.float32), "r": r}


def expected(p, a):
    d, r = a["u"].copy(), a["r"]
    d[:, :, 0] = d[:, :, 0] * r[:, :, 0]
    for k in range(1, p.K):
        d[:, :, k] = (d[:, :, k] + d[:, :, k - 1] * a["a"]) * r[:, :, k]
    for k in range(p.K - 2, -1, -1):
        d[:, :, k] = d[:, :, k] + (d[:, :, k + 1] * r[:, :, k]) * a["c"]
    return {"w": d}


def independent(p, a):
    system = np.eye(p.K) - 0.375 * np.eye(p.K, k=-1) - 0.25 * np.eye(p.K, k=1)
    rhs = a["u"].astype(np.float64).reshape(-1, p.K).T
    return {"w": np.linalg.solve(system, rhs).T.reshape(p.I, p.J, p.K)}
