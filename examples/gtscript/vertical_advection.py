# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Implicit vertical advection of a wind component: a tridiagonal system for each column."""

from gt4py.cartesian import gtscript
from gt4py.cartesian.gtscript import BACKWARD, FORWARD, Field, computation, interval, stencil

BET_M = 0.5  # share of the old time level
BET_P = 0.5  # share of the new one


@stencil(backend="numpy")
def vertical_advection(
    utens_stage: Field[float],
    u_stage: Field[float],
    wcon: Field[float],
    u_pos: Field[float],
    utens: Field[float],
    *,
    dtr_stage: float,
):
    with computation(FORWARD):
        with interval(0, 1):
            above = 0.25 * (wcon[1, 0, 1] + wcon[0, 0, 1])
            c = above * BET_P
            diag = dtr_stage - c
            correction = -(above * BET_M) * (u_stage[0, 0, 1] - u_stage)
            d = (dtr_stage * u_pos + utens + utens_stage + correction) / diag
            c = c / diag
        with interval(1, -1):
            below = -0.25 * (wcon[1, 0, 0] + wcon)
            above = 0.25 * (wcon[1, 0, 1] + wcon[0, 0, 1])
            a = below * BET_P
            c = above * BET_P
            diag = dtr_stage - a - c
            correction = -(below * BET_M) * (u_stage[0, 0, -1] - u_stage) - (above * BET_M) * (u_stage[0, 0, 1] - u_stage)
            d = dtr_stage * u_pos + utens + utens_stage + correction
            share = 1.0 / (diag - c[0, 0, -1] * a)
            c = c * share
            d = (d - d[0, 0, -1] * a) * share
        with interval(-1, None):
            below = -0.25 * (wcon[1, 0, 0] + wcon)
            a = below * BET_P
            diag = dtr_stage - a
            correction = -(below * BET_M) * (u_stage[0, 0, -1] - u_stage)
            d = dtr_stage * u_pos + utens + utens_stage + correction
            d = (d - d[0, 0, -1] * a) / (diag - c[0, 0, -1] * a)
    with computation(BACKWARD):
        with interval(-1, None):
            data = d
            utens_stage = dtr_stage * (data - u_pos)
        with interval(0, -1):
            data = d - c * data[0, 0, 1]
            utens_stage = dtr_stage * (data - u_pos)
