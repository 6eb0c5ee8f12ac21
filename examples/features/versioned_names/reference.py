# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'versioned_names' must give.
import numpy as np

CASES = [dict(K=1), dict(K=3), dict(K=20)]


def inputs(p, rng):
    return {"a": rng.standard_normal((2, 1, p.K), dtype=np.float32)}


def expected(p, a):
    first, second = a["a"]
    return {"b": np.stack([first - second * np.float32(2.0), first + second])}


def independent(p, a):
    return {"b": np.einsum("oi,ijk->ojk", [[1.0, -2.0], [1.0, 1.0]], a["a"].astype(np.float64))}
