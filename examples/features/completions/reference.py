# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'completions' must give.
import numpy as np

CASES = [dict(K=4), dict(K=45)]


def inputs(p, rng):
    return {"a": rng.standard_normal((2, 1, p.K), dtype=np.float32)}


def expected(p, a):
    v, w = a["a"]
    half, two, three = np.float32(0.5), np.float32(2.0), np.float32(3.0)
    return {"b": np.stack([((v * two) + half) + w, ((v * two) * np.float32(-1.0) + w) + three])}


def independent(p, a):
    mix = np.array([[2.0, 1.0], [-2.0, 1.0]])
    return {"b": np.einsum("oi,ijk->ojk", mix, a["a"].astype(np.float64)) + np.array([0.5, 3.0])[:, None, None]}
