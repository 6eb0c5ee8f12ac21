# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'uvbke' must give, in the program's order of operations.
import numpy as np

CASES = [dict(I=4, J=4, K=4), dict(I=5, J=7, K=20)]
SCALARS = {"dt5": np.float32(0.125)}
CYCLES = [("wse2", dict(I=4, J=4, K=4), 209)]


def inputs(p, rng):
    wind = (p.I + 1, p.J + 1, p.K)
    angle = rng.uniform(0.3, 1.2, (p.I, p.J, p.K))
    return {"u": rng.standard_normal(wind, dtype=np.float32), "v": rng.standard_normal(wind, dtype=np.float32),
            "cosa": np.cos(angle).astype(np.float32), "rsina": (1.0 / np.sin(angle)).astype(np.float32)}


def expected(p, a):
    us, vs = a["u"][1:, 1:] + a["u"][1:, :-1], a["v"][1:, 1:] + a["v"][:-1, 1:]
    scale = a["rsina"] * a["dt5"]
    return {"ub": (us - vs * a["cosa"]) * scale, "vb": (vs - us * a["cosa"]) * scale}


def independent(p, a):
    u, v, c, r = (a[n].astype(np.float64) for n in ("u", "v", "cosa", "rsina"))
    ub, vb = np.empty_like(c), np.empty_like(c)
    for i in range(p.I):
        for j in range(p.J):
            us, vs = u[i + 1, j] + u[i + 1, j + 1], v[i, j + 1] + v[i + 1, j + 1]
            ub[i, j] = 0.125 * (us - vs * c[i, j]) * r[i, j]
            vb[i, j] = 0.125 * (vs - us * c[i, j]) * r[i, j]
    return {"ub": ub, "vb": vb}
