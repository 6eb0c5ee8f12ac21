# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""One small stencil for each rule of GTScript; check_rules.py has the values."""
import numpy as np

from gt4py.cartesian import gtscript
from gt4py.cartesian.gtscript import (
    BACKWARD, FORWARD, IJ, PARALLEL, Field, GlobalTable, I, J, K, computation, horizontal, interval, region, stencil,
)

F = Field[np.float64]
OFFSET = 3


@gtscript.function
def difference(f, scale=1.0):
    return scale * (f[1, 0, 0] - f)


@gtscript.function
def both(x, y):
    high = x if x > y else y
    low = y if x > y else x
    return high, low


@stencil(backend="numpy")
def extents(a: F, out: F):
    with computation(PARALLEL), interval(...):
        t = 2.0 * a
        out = t[1, 0, 0] + t[0, -1, 0]


@stencil(backend="numpy")
def old_values(a: F, out: F):
    with computation(PARALLEL), interval(0, -1):
        t = a + 1.0
    with computation(PARALLEL), interval(0, -1):
        out = a[0, 0, 1]
        out = out + t


@stencil(backend="numpy")
def intervals(a: F, out: F):
    with computation(PARALLEL):
        with interval(0, 1):
            out = a + 10.0
        with interval(1, -1):
            out = a + 20.0
        with interval(-1, None):
            out = a + 30.0


@stencil(backend="numpy")
def forward(a: F, out: F):
    with computation(FORWARD):
        with interval(0, 1):
            out = a
        with interval(1, None):
            out = 0.5 * out[0, 0, -1] + a


@stencil(backend="numpy")
def backward(a: F, out: F):
    with computation(BACKWARD):
        with interval(-1, None):
            out = a
        with interval(0, -1):
            out = 0.5 * out[0, 0, 1] + a


@stencil(backend="numpy")
def last_level_wins(a: F, plane: Field[IJ, np.float64]):
    with computation(FORWARD), interval(...):
        plane = a * 2.0


@stencil(backend="numpy")
def broadcast(plane: Field[IJ, np.float64], column: Field[gtscript.K, np.float64], out: F):
    with computation(PARALLEL), interval(...):
        out = plane * column


@stencil(backend="numpy")
def frozen_mask(a: F, out: F):
    with computation(PARALLEL), interval(...):
        if a > 0.0:
            a = -a
            out = a
        elif a < -0.5:
            out = 7.0
        else:
            out = a * 2.0


@stencil(backend="numpy")
def scalar_if(a: F, out: F, *, up: bool = True, n: np.int64 = 2):
    with computation(PARALLEL), interval(...):
        if up and n > 1:
            out = a + 1.0
        else:
            out = a - 1.0


@stencil(backend="numpy")
def ternary(a: F, out: F):
    with computation(PARALLEL), interval(...):
        out = 1.0 + (a if a > 0.0 else -a) * 2.0


@stencil(backend="numpy")
def loop(a: F, out: F):
    with computation(PARALLEL), interval(...):
        out = abs(a) + 0.125
        while out < 4.0:
            out = out * 2.0


@stencil(backend="numpy")
def regions(a: F, out: F):
    with computation(PARALLEL), interval(...):
        out = a
        with horizontal(region[I[0], :], region[:, J[-1]]):
            out = a + 100.0
        with horizontal(region[I[-1] - 1 : I[-1], J[0] + 1 :]):
            out = a - 100.0


@stencil(backend="numpy")
def functions(a: F, out: F, other: F):
    with computation(PARALLEL), interval(...):
        out = difference(a * a) + difference(a, scale=3.0)
        out, other = both(out, a)


@stencil(backend="numpy")
def tuples(a: F, b: F):
    with computation(PARALLEL), interval(...):
        a, b = b, a


@stencil(backend="numpy")
def variable_level(a: F, shift: Field[np.int32], out: F):
    with computation(PARALLEL), interval(...):
        out = a[0, 0, shift] + a.at(K=1) + K


@stencil(backend="numpy")
def shifted_write(a: F, out: F):
    with computation(FORWARD), interval(0, -1):
        out[0, 0, 1] = a


@stencil(backend="numpy")
def data_dims(v: Field[(np.float64, (2, 2))], table: GlobalTable[(np.float64, (3,))], out: F):
    with computation(PARALLEL), interval(...):
        out = v[0, 0, 0][0, 1] + v[0, 0, 0][1, 0] * table.A[2]


@stencil(backend="numpy")
def types(n: Field[np.int32], m: Field[np.int32], third: F, first: F, cut: Field[np.int32]):
    with computation(PARALLEL), interval(...):
        third = n / m
        t = 1
        t = t + 0.75
        first = t
        cut = -2.75 + n


@stencil(backend="numpy")
def remainders(n: Field[np.int32], m: Field[np.int32], a: F, whole: Field[np.int32], part: F):
    with computation(PARALLEL), interval(...):
        whole = n % m
        part = a % 0.75


@stencil(backend="numpy")
def natives(a: F, out: F, rounded: F, power: F):
    from __gtscript__ import floor, max, min, round, round_away_from_zero, sqrt, tanh

    with computation(PARALLEL), interval(...):
        out = sqrt(abs(a)) + tanh(a) * min(a, 0.25) - max(floor(a), 0.0)
        rounded = round(a * 2.0) + 10.0 * round_away_from_zero(a * 2.0)
        power = a**2 + (abs(a) + 1.0) ** 0.5


@stencil(backend="numpy", externals={"factor": 2.0, "wide": True})
def externals(a: F, out: F):
    from __externals__ import factor, wide

    with computation(PARALLEL), interval(...):
        if __INLINED(wide):
            out = factor * a + OFFSET
        else:
            out = a[100, 0, 0]


@stencil(backend="numpy")
def planes(a: F, out: F):
    with computation(FORWARD), interval(...):
        top: Field[IJ, np.float64] = 0.0
        top = top + a
        out = top


@stencil(backend="numpy")
def halo(a: F):
    with computation(PARALLEL), interval(1, 2):
        a = 5.0
