# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'compile_time_loops' must give.
import numpy as np

CASES = [dict(N=2, K=3), dict(N=5, K=6), dict(N=7, K=2)]


def inputs(p, rng):
    return {"a": rng.standard_normal((p.N, p.N, p.K), dtype=np.float32)}


def expected(p, a):
    v = a["a"].copy()
    v[1:] = v[:1] - v[1:]
    return {"b": v}


def independent(p, a):
    mix = -np.eye(p.N)
    mix[:, 0] = 1.0
    return {"b": np.einsum("oi,ijk->ojk", mix, a["a"].astype(np.float64))}
