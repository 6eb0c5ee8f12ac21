# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'auto_channels' must give.
import numpy as np

CASES = [dict(N=3, K=2, R=2), dict(N=6, K=8, R=12)]


def inputs(p, rng):
    return {"a": rng.standard_normal((p.N, 1, p.K), dtype=np.float32)}


def expected(p, a):
    v, quarter = a["a"], np.float32(0.25)
    for _ in range(p.R):
        new = v.copy()
        new[1:] = new[1:] + v[:-1] * quarter
        new[:-1] = new[:-1] + v[1:] * quarter
        v = new
    return {"b": v}


def independent(p, a):
    step = np.eye(p.N) + 0.25 * (np.eye(p.N, k=1) + np.eye(p.N, k=-1))
    return {"b": np.einsum("oi,ijk->ojk", np.linalg.matrix_power(step, p.R), a["a"].astype(np.float64))}
