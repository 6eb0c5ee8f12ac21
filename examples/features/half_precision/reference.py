# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'half_precision' must give.
import numpy as np

CASES = [dict(N=2, K=3), dict(N=5, K=3)]
SCALARS = {"scale": np.float16(0.3)}
INDEPENDENT_TOLERANCE = 5e-3


def inputs(p, rng):
    return {"a": rng.standard_normal((p.N, 1, p.K)).astype(np.float16)}


def expected(p, a):
    v = a["a"].copy()
    v[:-1] = a["a"][:-1] - a["a"][1:]
    return {"b": v + v * a["scale"]}


def independent(p, a):
    v = a["a"].astype(np.float64)
    v[:-1] = -np.diff(v, axis=0)
    return {"b": 1.3 * v}
