# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# The stencils that stencils.py measures, as plain GTScript. `Float` is float64 or float32 by `--float`.
from gt4py.cartesian.gtscript import BACKWARD, FORWARD, PARALLEL, Field, computation, interval


def copy(a: Field[Float], b: Field[Float]):
    with computation(PARALLEL), interval(...):
        b = a


def laplacian(a: Field[Float], b: Field[Float]):
    with computation(PARALLEL), interval(...):
        b = -4.0 * a + a[1, 0, 0] + a[-1, 0, 0] + a[0, 1, 0] + a[0, -1, 0]


def uvbke(uc: Field[Float], vc: Field[Float], cosa: Field[Float], rsina: Field[Float], ub: Field[Float],
          vb: Field[Float], dt5: Float):
    with computation(PARALLEL), interval(...):
        ub = dt5 * (uc[0, -1, 0] + uc - (vc[-1, 0, 0] + vc) * cosa) * rsina
        vb = dt5 * (vc[-1, 0, 0] + vc - (uc[0, -1, 0] + uc) * cosa) * rsina


def hdiff(u: Field[Float], coeff: Field[Float], out: Field[Float]):
    with computation(PARALLEL), interval(...):
        lap = 4.0 * u - (u[1, 0, 0] + u[-1, 0, 0] + u[0, 1, 0] + u[0, -1, 0])
        res = lap[1, 0, 0] - lap
        flx = 0.0 if res * (u[1, 0, 0] - u) > 0.0 else res
        ras = lap[0, 1, 0] - lap
        fly = 0.0 if ras * (u[0, 1, 0] - u) > 0.0 else ras
        out = u - coeff * (flx - flx[-1, 0, 0] + fly - fly[0, -1, 0])


def tridiagonal(inf: Field[Float], diag: Field[Float], sup: Field[Float], rhs: Field[Float], out: Field[Float]):
    with computation(FORWARD):
        with interval(0, 1):
            sup = sup / diag
            rhs = rhs / diag
        with interval(1, None):
            sup = sup / (diag - sup[0, 0, -1] * inf)
            rhs = (rhs - inf * rhs[0, 0, -1]) / (diag - sup[0, 0, -1] * inf)
    with computation(BACKWARD):
        with interval(-1, None):
            out = rhs
        with interval(0, -1):
            out = rhs - sup * out[0, 0, 1]


def vadv(tend: Field[Float], u: Field[Float], wcon: Field[Float], upos: Field[Float], utens: Field[Float], dtr: Float):
    with computation(FORWARD):
        with interval(0, 1):
            up = 0.25 * (wcon[1, 0, 1] + wcon[0, 0, 1])
            ccol = 0.5 * up
            bcol = dtr - ccol
            step = -0.5 * up * (u[0, 0, 1] - u)
            dcol = dtr * upos + utens + tend + step
            ccol = ccol / bcol
            dcol = dcol / bcol
        with interval(1, -1):
            down = -0.25 * (wcon[1, 0, 0] + wcon)
            up = 0.25 * (wcon[1, 0, 1] + wcon[0, 0, 1])
            acol = 0.5 * down
            ccol = 0.5 * up
            bcol = dtr - acol - ccol
            step = -0.5 * down * (u[0, 0, -1] - u) - 0.5 * up * (u[0, 0, 1] - u)
            dcol = dtr * upos + utens + tend + step
            divided = 1.0 / (bcol - ccol[0, 0, -1] * acol)
            ccol = ccol * divided
            dcol = (dcol - dcol[0, 0, -1] * acol) * divided
        with interval(-1, None):
            down = -0.25 * (wcon[1, 0, 0] + wcon)
            acol = 0.5 * down
            bcol = dtr - acol
            step = -0.5 * down * (u[0, 0, -1] - u)
            dcol = dtr * upos + utens + tend + step
            divided = 1.0 / (bcol - ccol[0, 0, -1] * acol)
            dcol = (dcol - dcol[0, 0, -1] * acol) * divided
    with computation(BACKWARD):
        with interval(-1, None):
            x = dcol
            tend = dtr * (x - upos)
        with interval(0, -1):
            x = dcol - ccol * x[0, 0, 1]
            tend = dtr * (x - upos)


def smagorinsky(u: Field[Float], v: Field[Float], coeff: Field[Float], out_u: Field[Float], out_v: Field[Float]):
    with computation(PARALLEL), interval(...):
        work = u[1, 0, 0] - u[-1, 0, 0]
        tension = 0.5 * (work - (v[0, 1, 0] - v[0, -1, 0]))
        work = v[1, 0, 0] - v[-1, 0, 0]
        shear = 0.5 * (work + u[0, 1, 0] - u[0, -1, 0])
        energy = tension * shear
        weight = coeff * (tension**2 + shear**2) ** 0.5
        if weight > 0.5:
            weight = 0.5
    with computation(PARALLEL), interval(...):
        work = 4.0 * u - (u[1, 0, 0] + u[-1, 0, 0] + u[0, 1, 0] + u[0, -1, 0])
        out_u = u - weight * work
        work = 4.0 * v - (v[1, 0, 0] + v[-1, 0, 0] + v[0, 1, 0] + v[0, -1, 0])
        out_v = v - weight * work
