# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'laplacian' must give: neighbours are added in the order west, east, north, south.
import numpy as np

CASES = [dict(I=4, J=4, K=4), dict(I=7, J=5, K=16)]
CYCLES = [("wse2", dict(I=4, J=4, K=4), 153)]


def inputs(p, rng):
    return {"src": rng.standard_normal((p.I + 2, p.J + 2, p.K), dtype=np.float32)}


def expected(p, a):
    u = a["src"]
    lap = u[:-2, 1:-1] + u[1:-1, 1:-1] * np.float32(-4.0)
    lap = lap + u[2:, 1:-1]
    lap = lap + u[1:-1, :-2]
    lap = lap + u[1:-1, 2:]
    return {"dst": lap}


def independent(p, a):
    u = a["src"].astype(np.float64)
    second_x = u[2:, 1:-1] - 2.0 * u[1:-1, 1:-1] + u[:-2, 1:-1]
    second_y = u[1:-1, 2:] - 2.0 * u[1:-1, 1:-1] + u[1:-1, :-2]
    return {"dst": second_x + second_y}
