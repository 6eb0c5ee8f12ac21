# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'tree_reduce' must give: the sum in the order of the tree.
import numpy as np

CASES = [dict(L=1, K=4), dict(L=2, K=2), dict(L=4, K=32)]


def inputs(p, rng):
    return {"part": rng.standard_normal((1 << p.L, 1, p.K), dtype=np.float32)}


def expected(p, a):
    v = a["part"][:, 0]
    while len(v) > 1:
        v = v[0::2] + v[1::2]
    return {"total": v.reshape(1, 1, p.K)}


def independent(p, a):
    return {"total": a["part"].astype(np.float64).sum(axis=0).reshape(1, 1, p.K)}
