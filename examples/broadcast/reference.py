# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'broadcast' must give.
import numpy as np

CASES = [dict(NX=2, NY=2, K=4), dict(NX=6, NY=5, K=32)]


def inputs(p, rng):
    return {"src": rng.standard_normal((1, 1, p.K), dtype=np.float32)}


def expected(p, a):
    return {"dst": np.broadcast_to(a["src"], (p.NX, p.NY, p.K))}


def independent(p, a):
    return {"dst": np.tile(a["src"].astype(np.float64), (p.NX, p.NY, 1))}
