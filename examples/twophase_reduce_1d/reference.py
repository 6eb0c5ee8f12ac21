# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'twophase_reduce_1d' must give: sums within the groups, then of the group sums, both from the east.
import numpy as np

CASES = [dict(N=12, S=3, K=2), dict(N=14, S=4, K=5), dict(N=9, S=4, K=4), dict(N=4, S=8, K=4), dict(N=64, S=8, K=32)]


def inputs(p, rng):
    return {"part": rng.standard_normal((p.N, 1, p.K), dtype=np.float32)}


def chain(blocks):
    total = blocks[-1]
    for block in blocks[-2::-1]:
        total = block + total
    return total


def expected(p, a):
    part = a["part"][:, 0]
    return {"total": chain([chain(part[g:g + p.S]) for g in range(0, p.N, p.S)]).reshape(1, 1, p.K)}


def independent(p, a):
    return {"total": a["part"].astype(np.float64).sum(axis=0).reshape(1, 1, p.K)}
