# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# One stencil for each thing that the lowering to the wafer has to get right.
import numpy as np
from gt4py.cartesian.gtscript import BACKWARD, FORWARD, PARALLEL, Field, I, IJ, J, K, computation, horizontal, interval, region

Real = Field[np.float32]
Whole = Field[np.int32]


def laplacian(u: Real, out: Real):
    with computation(PARALLEL), interval(...):
        out = -4.0 * u + u[1, 0, 0] + u[-1, 0, 0] + u[0, 1, 0] + u[0, -1, 0]


def corners(u: Real, out: Real):
    """Diagonals and distances above one; two uses of one value."""
    with computation(PARALLEL), interval(...):
        out = u[1, 1, 0] + u[-1, -1, 0] + 2.0 * u[2, 0, 0] - u[0, -2, 0] + u[1, -1, 0] * u[1, 1, 0]


def limited(u: Real, out: Real):
    """Temporaries of other PEs, and selections."""
    with computation(PARALLEL), interval(...):
        bend = u[1, 0, 0] - 2.0 * u + u[-1, 0, 0]
        step = bend[1, 0, 0] - bend
        flux = 0.0 if step * (u[1, 0, 0] - u) > 0.0 else step
        out = u - flux + flux[-1, 0, 0]


def sweep(a: Real, b: Real, out: Real):
    """A recurrence up and one down, fed by a neighbour."""
    with computation(FORWARD):
        with interval(0, 1):
            t = a
        with interval(1, None):
            t = (a[1, 0, 0] - t[0, 0, -1]) / (2.0 + b * b)
    with computation(BACKWARD):
        with interval(-1, None):
            out = t
        with interval(0, -1):
            out = t - b * out[0, 0, 1]


def branches(u: Real, w: Real, out: Real, flag: np.float32):
    with computation(PARALLEL), interval(...):
        if u > 0.0:
            out = u[1, 0, 0] * w
            w = -w
        elif w > flag:
            out = w
        else:
            out = 0.0
        if flag > 1.0:
            out = out + 1.0


def edges(u: Real, out: Real):
    with computation(PARALLEL), interval(...):
        out = u
        with horizontal(region[I[0], :], region[:, J[-1]]):
            out = u + 10.0
        with horizontal(region[I[-1], J[0] + 1 :]):
            out = u[1, 0, 0] * 2.0


def planes(a: Real, p: Field[IJ, np.float32], q: Field[K, np.float32], out: Real, s: Field[IJ, np.float32]):
    with computation(PARALLEL), interval(...):
        out = a * p + q + p[1, 0] - a * (0.5 * p * p[0, 1])
    with computation(FORWARD):
        with interval(0, 1):
            s = a
        with interval(1, None):
            s = s + a


def shifted(a: Real, out: Real):
    """Neighbours at other levels, in parts of the column."""
    with computation(PARALLEL):
        with interval(0, 1):
            out = a[0, 0, 1]
        with interval(1, -1):
            out = a[1, 0, -1] + a[1, 0, 1]
        with interval(-1, None):
            out = a[0, -1, -1]


def partial(a: Real, b: Real):
    """Levels that are not written keep their values."""
    with computation(PARALLEL), interval(1, None):
        a = a + b
    with computation(BACKWARD), interval(0, -1):
        a = a + a[0, 0, 1]


def extremes(a: Real, b: Real, out: Real):
    with computation(PARALLEL), interval(...):
        out = max(a, b[1, 0, 0]) - min(a, b) * abs(a)


def numbers(a: Whole, b: Whole, m: Field[np.bool_], out: Whole):
    with computation(PARALLEL), interval(...):
        out = a * b + a[1, 0, 0]
        if m:
            out = -out


def reached(a: Real, k: Whole, out: Real):
    with computation(PARALLEL), interval(...):
        out = a[0, 0, k]


def roots(a: Real, out: Real):
    with computation(PARALLEL), interval(...):
        out = sqrt(abs(a)) + floor(a) * ceil(a)


def vectors(a: Field[(np.float32, (3,))], out: Real):
    with computation(PARALLEL), interval(...):
        out = a[0, 0, 0][0] + a[1, 0, 0][2] * a[0, 0, 0][1]


def halved(a: Real, b: Real, out: Real):
    """Loops of a point, one in the other, under a condition that the inner one changes."""
    with computation(PARALLEL), interval(...):
        steps = 0.0
        left = abs(a) * 64.0
        limit = abs(b[1, 0, 0]) + 0.5
        out = a
        if left > limit:
            while left > limit:
                left = left * 0.5
                steps = steps + 1.0
                if steps > 3.0:
                    limit = limit + 0.25
                part = left
                while part > 2.0:
                    part = part - limit
                    left = left - 0.125
                out = out + part
        out = out + steps
    with computation(FORWARD), interval(1, None):
        while out[0, 0, -1] > out:
            out = out + 1.0


def crossed(a: Real, n: Whole, out: Real, m: Whole):
    """More kinds of messages than a wse2 PE has output queues."""
    with computation(PARALLEL), interval(...):
        around = a[1, 0, 0] + a[-1, 0, 0] + a[0, 1, 0] + a[0, -1, 0]
        apart = n[1, 0, 0] - n[0, -1, 0]
        out = around * around[1, 0, 0]
        m = apart + apart[1, 0, 0] * 2


def bounded(a: Real, n: Field[IJ, np.int32], p: Field[IJ, np.float32], out: Real, other: Real):
    """Intervals that end where a field says."""
    with computation(PARALLEL), interval(0, n):
        out = a
    with computation(PARALLEL), interval(p, None):
        other = a


def scaled(a: Real, s01: np.float32, s02: np.float32, s03: np.float32, s04: np.float32, s05: np.float32, s06: np.float32, s07: np.float32, s08: np.float32, s09: np.float32, s10: np.float32, s11: np.float32, s12: np.float32, s13: np.float32, s14: np.float32, s15: np.float32, s16: np.float32, s17: np.float32, out: Real):
    """More scalars than a launch takes."""
    with computation(PARALLEL), interval(...):
        out = a * s01 + s02 * s03 + s04 * s05 + s06 * s07 + s08 * s09 + s10 * s11 + s12 * s13 + s14 * s15
        out = out * s16 - a[1, 0, 0] * s17


def fanned(a: Real, b: Real, out: Real):
    """More messages under way, one after the other, than a wse2 PE has tasks."""
    with computation(PARALLEL), interval(...):
        t1 = a * b
        t2 = a + b
        t3 = a - b
        t4 = t1 * b
        t5 = t2 * t3
        t6 = t2 * t4
        t7 = t3 * t4
        t8 = t3 * t5
        s1 = t1[1, 0, 0] + t1[-1, 0, 0] + t1[0, 1, 0] * t1[0, -1, 0]
        s2 = t2[1, 0, 0] * t2[-1, 0, 0] + t2[0, 1, 0] + t2[0, -1, 0]
        s3 = t3[1, 0, 0] + t3[-1, 0, 0] * t3[0, 1, 0] + t3[0, -1, 0]
        s4 = t4[1, 0, 0] * t4[-1, 0, 0] + t4[0, 1, 0] * t4[0, -1, 0]
        s5 = t5[1, 0, 0] + t5[-1, 0, 0] + t5[0, 1, 0] + t5[0, -1, 0]
        s6 = t6[1, 0, 0] * t6[-1, 0, 0] + t6[0, 1, 0] + t6[0, -1, 0]
        s7 = t7[1, 0, 0] + t7[-1, 0, 0] + t7[0, 1, 0] * t7[0, -1, 0]
        s8 = t8[1, 0, 0] + t8[-1, 0, 0] * t8[0, 1, 0] + t8[0, -1, 0]
        out = s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8


def spread(a: Real, b: Real, out: Real):
    """Multicasts along both axes, of parts of columns too, and a diagonal that begins at one of their copies."""
    with computation(PARALLEL), interval(...):
        t = a[-1, 0, 0] + 2.0 * a[1, 0, 0] - a[-2, 0, 0] * a[2, 0, 0] + a[2, 1, 0]
        out = t[0, 1, 0] - t[0, -1, 0]
    with computation(FORWARD), interval(1, None):
        out = 0.5 * out[0, 0, -1] + out + b[0, 1, 0] * b[0, -1, 0] + b[0, 2, -1] * b[0, -2, 0]
