# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'runtime_indices' must give.
import numpy as np

CASES = [dict(K=6, B=2), dict(K=50, B=7)]


def inputs(p, rng):
    return {"where": rng.permutation(p.K).astype(np.int16).reshape(1, 1, p.K),
            "value": rng.standard_normal((1, 1, p.K), dtype=np.float32)}


def expected(p, a):
    at = a["where"][0, 0]
    inverse = np.empty(p.K, dtype=np.int16)
    inverse[at] = np.arange(p.K)
    return {"gathered": a["value"][:, :, at], "inverse": inverse.reshape(1, 1, p.K),
            "histogram": np.bincount(at % p.B, minlength=p.B).astype(np.int16).reshape(1, 1, p.B)}


def independent(p, a):
    at = [int(k) for k in a["where"].flat]
    return {"gathered": np.array([[[float(a["value"][0, 0, k]) for k in at]]]),
            "inverse": np.argsort(at).reshape(1, 1, p.K),
            "histogram": np.array([[[sum(1 for k in at if k % p.B == b) for b in range(p.B)]]])}
