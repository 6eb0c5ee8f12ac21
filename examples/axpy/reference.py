# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'axpy' must give, rounding after the product and after the sum.
import numpy as np

CASES = [dict(N=4, K=8), dict(N=9, K=31)]
SCALARS = {"alpha": np.float32(1.75)}


def inputs(p, rng):
    return {name: rng.standard_normal((p.N, 1, p.K), dtype=np.float32) for name in ("x", "y")}


def expected(p, a):
    return {"z": a["y"] + a["x"] * a["alpha"]}


def independent(p, a):
    return {"z": np.float64(a["alpha"]) * a["x"].astype(np.float64) + a["y"]}
