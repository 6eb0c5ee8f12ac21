# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'multiply_add' must give.
import numpy as np

CASES = [dict(K=3), dict(K=40)]
SCALARS = {"c0": np.float32(1.1), "c1": np.float32(-0.3)}


def inputs(p, rng):
    return {"a": rng.standard_normal((2, 1, p.K), dtype=np.float32)}


def expected(p, a):
    x, z = a["a"]
    y = x + x * a["c0"]
    y = y + x * np.float32(-0.125)
    s = a["c0"] + a["c1"] * z
    return {"b": np.stack([y, np.float32(1.0) + s * z])}


def independent(p, a):
    x, z = a["a"].astype(np.float64)
    return {"b": np.stack([x * (1 + 1.1 - 0.125), np.polyval([-0.3, 1.1, 1.0], z)])}
