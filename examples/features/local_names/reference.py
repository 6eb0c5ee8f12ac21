# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'local_names' must give.
import numpy as np

CASES = [dict(K=3), dict(K=40)]


def inputs(p, rng):
    return {"a": rng.standard_normal((2, 1, p.K), dtype=np.float32)}


def expected(p, a):
    v = a["a"].copy()
    keep = v * np.float32(3.0)
    keep[0] = keep[0] + v[1]
    v[1] = v[1] - keep[0]
    return {"b": keep + v}


def independent(p, a):
    mix = np.array([[4.0, 1.0], [-3.0, 3.0]])
    return {"b": np.einsum("oi,ijk->ojk", mix, a["a"].astype(np.float64))}
