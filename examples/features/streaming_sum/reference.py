# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'streaming_sum' must give; no tools are started here.
import numpy as np

CASES = [dict(N=1), dict(N=6)]


def inputs(p, rng):
    return {"a": rng.standard_normal((p.N, 1, 1), dtype=np.float32),
            "b": rng.standard_normal((p.N, 1, 4), dtype=np.float32)}


def expected(p, a):
    return {"total": a["a"] + a["b"][:, :, :1]}


def independent(p, a):
    return {"total": a["a"].astype(np.float64) + a["b"][:, :, 0:1].astype(np.float64)}
