# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Stencils without dependencies between levels: copy, laplacian, a wind's kinetic energy."""

from gt4py.cartesian.gtscript import PARALLEL, Field, computation, interval, stencil

DT5 = 112.5  # half a time step in seconds


@stencil(backend="numpy")
def copy(in_field: Field[float], out_field: Field[float]):
    with computation(PARALLEL), interval(...):
        out_field = in_field


@stencil(backend="numpy")
def laplacian(in_field: Field[float], out_field: Field[float]):
    """The five-point laplacian on every level."""
    with computation(PARALLEL), interval(...):
        out_field = -4.0 * in_field + (in_field[1, 0, 0] + in_field[-1, 0, 0] + in_field[0, 1, 0] + in_field[0, -1, 0])


@stencil(backend="numpy")
def uvbke(uc: Field[float], vc: Field[float], cosa: Field[float], rsina: Field[float], ub: Field[float], vb: Field[float]):
    """Contravariant winds at the corners of cells of a cubed sphere, times half a time step."""
    with computation(PARALLEL), interval(...):
        u = uc[0, -1, 0] + uc
        v = vc[-1, 0, 0] + vc
        ub = DT5 * (u - v * cosa) * rsina
        vb = DT5 * (v - u * cosa) * rsina
