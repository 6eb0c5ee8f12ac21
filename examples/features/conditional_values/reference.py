# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'conditional_values' must give.
import numpy as np

CASES = [dict(K=4, FAR=0), dict(K=30, FAR=1)]
SCALARS = {"low": np.float32(-0.5), "high": np.float32(0.75)}


def inputs(p, rng):
    a = rng.standard_normal((3, 1, p.K), dtype=np.float32)
    a[1:, 0, 1] = 0.0
    return {"a": a}


def expected(p, a):
    b = np.empty_like(a["a"])
    last, plain = (2, 1) if p.FAR == 1 else (1, 2)
    b[0] = np.clip(a["a"][0], a["low"], a["high"])
    b[plain] = np.where(a["a"][plain] == 0, np.float32(1.0), np.abs(a["a"][plain]))
    b[last] = np.maximum(a["a"][0], a["a"][last])
    most = b[last].max()
    b[last, 0, 0] = most if most != b[last, 0, 0] else -most
    return {"b": b}


def independent(p, a):
    first, one, two = ([float(x) for x in row[0]] for row in a["a"])
    last, plain = (two, one) if p.FAR == 1 else (one, two)
    low, high = -0.5, 0.75
    clamped = [low if x <= low else high if x >= high else x for x in first]
    sizes = [1.0 if x == 0 else abs(x) for x in plain]
    most = [max(x, y) for x, y in zip(first, last)]
    most[0] = max(most) if max(most) != most[0] else -most[0]
    rows = [clamped, sizes, most] if p.FAR == 1 else [clamped, most, sizes]
    return {"b": np.array(rows)[:, None]}
