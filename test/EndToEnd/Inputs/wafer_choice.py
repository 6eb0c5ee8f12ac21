# Part of the spada project. SPDX-License-Identifier: Apache-2.0
from gt4py.cartesian.gtscript import *

Real = Field[np.float32]


def again(a: Real, out: Real):
    """The temporary's neighbours are known when those of `a` are."""
    with computation(PARALLEL), interval(...):
        twice = a * 2.0
        out = twice[1, 0, 0] + a[1, 0, 0]


def once(a: Real, b: Real, out: Real):
    """One exchange of the product instead of two of its factors."""
    with computation(PARALLEL), interval(...):
        product = a * b
        out = product[1, 0, 0] - product


def wide(a: Real, out: Real):
    """Each column is needed by the two PEs on both sides."""
    with computation(PARALLEL), interval(...):
        out = a[-2, 0, 0] + a[2, 0, 0] - 4.0 * (a[-1, 0, 0] + a[1, 0, 0]) + 6.0 * a


def behind(a: Real, out: Real):
    """The last PEs would send over the edge of the grid."""
    with computation(PARALLEL), interval(...):
        out = a - 2.0 * a[-1, 0, 0] + a[-2, 0, 0]
