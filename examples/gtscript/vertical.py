# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Stencils whose levels depend on each other: recurrences and tridiagonal systems."""

from gt4py.cartesian.gtscript import BACKWARD, FORWARD, Field, computation, interval, stencil


@stencil(backend="numpy")
def pure_vertical(field: Field[float]):
    """A recurrence from the lowest level up."""
    with computation(FORWARD), interval(1, None):
        field = field - 0.5 * field[0, 0, -1]


@stencil(backend="numpy")
def tridiagonal(lower: Field[float], diag: Field[float], upper: Field[float], rhs: Field[float], out: Field[float]):
    """The algorithm of Thomas: eliminate upwards, substitute downwards."""
    with computation(FORWARD):
        with interval(0, 1):
            upper = upper / diag
            rhs = rhs / diag
        with interval(1, None):
            upper = upper / (diag - lower * upper[0, 0, -1])
            rhs = (rhs - lower * rhs[0, 0, -1]) / (diag - lower * upper[0, 0, -1])
    with computation(BACKWARD):
        with interval(-1, None):
            out = rhs
        with interval(0, -1):
            out = rhs - upper * out[0, 0, 1]
