# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'twophase_reduce_2d' must give: the two-phase sum of each row, then of column 0.
import numpy as np

CASES = [dict(GX=2, SX=2, GY=2, SY=2, K=2), dict(GX=3, SX=4, GY=4, SY=3, K=16)]
INDEPENDENT_TOLERANCE = 1e-4


def inputs(p, rng):
    return {"part": rng.standard_normal((p.GX * p.SX, p.GY * p.SY, p.K), dtype=np.float32)}


def chain(blocks):
    total = blocks[-1]
    for block in blocks[-2::-1]:
        total = block + total
    return total


def two_phase(blocks, size):
    return chain([chain(blocks[g:g + size]) for g in range(0, len(blocks), size)])


def expected(p, a):
    column = two_phase(a["part"], p.SX)  # all rows at once
    return {"total": two_phase(column, p.SY).reshape(1, 1, p.K)}


def independent(p, a):
    return {"total": a["part"].astype(np.float64).sum(axis=(0, 1)).reshape(1, 1, p.K)}
