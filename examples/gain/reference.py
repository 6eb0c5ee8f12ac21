# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'gain' must give for a finite piece of its endless input.
import numpy as np

CASES = [dict(N=1), dict(N=6)]
SCALARS = {"gain": np.float32(3.25), "limit": np.float32(2.0)}


def inputs(p, rng):
    return {"src": rng.standard_normal((p.N, 1, 50), dtype=np.float32)}


def expected(p, a):
    return {"dst": np.clip(a["src"] * a["gain"], -a["limit"], a["limit"])}


def independent(p, a):
    return {"dst": np.maximum(np.minimum(a["src"].astype(np.float64) * 3.25, 2.0), -2.0)}
