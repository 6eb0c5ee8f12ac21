# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'argument_shapes' must give.
import numpy as np

CASES = [dict(N=3, K=2), dict(N=6, K=9)]


def inputs(p, rng):
    return {"first": rng.standard_normal((p.K,), dtype=np.float32),
            "rest": rng.standard_normal((p.N - 1, p.K), dtype=np.float32),
            "both": rng.standard_normal((p.N, 1, 2), dtype=np.float32)}


def expected(p, a):
    both, v = a["both"].copy(), a["rest"] * np.float32(2.0)
    both[:, :, 1] = both[:, :, 0] - both[:, :, 1]
    total = np.zeros(1, dtype=np.float32)
    for x in v[-1]:
        total[0] = total[0] + x
    return {"both": both, "inner": v[:-1].reshape(p.N - 2, 1, p.K), "total": total}


def independent(p, a):
    rest = a["rest"].astype(np.float64)
    return {"both": a["both"].astype(np.float64) @ np.array([[1.0, 1.0], [0.0, -1.0]]),
            "inner": 2 * rest[:p.N - 2, None], "total": np.array([2 * rest[p.N - 2].sum()])}
