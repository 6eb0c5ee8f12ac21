# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'copy' must give; no tools are started here.
import numpy as np

CASES = [dict(N=4, K=4), dict(N=5, K=33)]
CYCLES = [("wse2", dict(N=4, K=4), 22)]


def inputs(p, rng):
    return {"src": rng.standard_normal((p.N, p.N, p.K), dtype=np.float32)}


def expected(p, a):
    return {"dst": a["src"]}


def independent(p, a):
    return {"dst": np.array(a["src"], dtype=np.float64)}
