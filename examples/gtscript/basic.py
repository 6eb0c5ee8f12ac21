# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Stencils without dependencies between levels: copy, laplacian, a wind's kinetic energy."""

from gt4py.cartesian.gtscript import PARALLEL, Field, computation, interval, stencil

Type = float
DT5 = 112.5  # half a time step in seconds


@stencil(backend="numpy")
def copy(in_field: Field[Type], out_field: Field[Type]):
    with computation(PARALLEL), interval(...):
        out_field = in_field


@stencil(backend="numpy")
def laplacian(in_field: Field[Type], out_field: Field[Type]):
    """The five-point laplacian on every level."""
    with computation(PARALLEL), interval(...):
        out_field = -4.0 * in_field + (in_field[1, 0, 0] + in_field[-1, 0, 0] + in_field[0, 1, 0] + in_field[0, -1, 0])


@stencil(backend="numpy")
def uvbke(uc: Field[Type], vc: Field[Type], cosa: Field[Type], rsina: Field[Type], ub: Field[Type], vb: Field[Type]):
    """Contravariant winds at the corners of cells of a cubed sphere, times half a time step."""
    with computation(PARALLEL), interval(...):
        u = uc[0, -1, 0] + uc
        v = vc[-1, 0, 0] + vc
        ub = DT5 * (u - v * cosa) * rsina
        vb = DT5 * (v - u * cosa) * rsina
