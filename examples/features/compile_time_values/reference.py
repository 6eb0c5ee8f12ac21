# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'compile_time_values' must give.
import numpy as np

CASES = [dict(N=2, K=4), dict(N=3, K=10)]
COMPILE_TIME = {"shift": np.int32(5)}


def inputs(p, rng):
    return {"a": rng.standard_normal((p.N, p.N, p.K), dtype=np.float32)}


def expected(p, a):
    v = a["a"].copy()
    v[:, :, :p.K // 2] = v[:, :, p.K // 2:] * np.float32(3.0)
    w = np.arange(p.K // 2, dtype=np.int32) + np.int32(p.N * p.K * 8 - 5)
    return {"b": v, "c": np.broadcast_to(w, (p.N, 1, p.K // 2))}


def independent(p, a):
    half = p.K // 2
    b = np.concatenate([3.0 * a["a"][:, :, -half:].astype(np.float64), a["a"][:, :, half:]], axis=2)
    return {"b": b, "c": np.tile(np.arange(half) + 8 * p.N * p.K - 5, (p.N, 1, 1))}
