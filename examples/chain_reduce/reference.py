# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'chain_reduce' must give: the sum from the east end to the west.
import numpy as np

CASES = [dict(N=4, K=8), dict(N=15, K=128)]
CYCLES = [("wse2", dict(N=15, K=128), 3920)]


def inputs(p, rng):
    return {"part": rng.standard_normal((p.N, 1, p.K), dtype=np.float32)}


def expected(p, a):
    total = a["part"][p.N - 1, 0]
    for i in range(p.N - 2, -1, -1):
        total = a["part"][i, 0] + total
    return {"total": total.reshape(1, 1, p.K)}


def independent(p, a):
    total = a["part"].astype(np.float64).sum(axis=0)
    return {"total": total.reshape(1, 1, p.K)}
