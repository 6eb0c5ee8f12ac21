# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Horizontal diffusion of fourth order with a flux limiter, and after Smagorinsky."""

from gt4py.cartesian import gtscript
from gt4py.cartesian.gtscript import PARALLEL, Field, computation, interval, sqrt, stencil


@gtscript.function
def lap(phi):
    return 4.0 * phi - (phi[1, 0, 0] + phi[-1, 0, 0] + phi[0, 1, 0] + phi[0, -1, 0])


@gtscript.function
def limited(flux, difference):
    """Fluxes only run down the gradient."""
    return 0.0 if flux * difference > 0.0 else flux


@stencil(backend="numpy")
def horizontal_diffusion(in_field: Field[float], out_field: Field[float], coeff: Field[float]):
    with computation(PARALLEL), interval(...):
        second = lap(in_field)
        along_i = limited(second[1, 0, 0] - second, in_field[1, 0, 0] - in_field)
        along_j = limited(second[0, 1, 0] - second, in_field[0, 1, 0] - in_field)
        out_field = in_field - coeff * (along_i - along_i[-1, 0, 0] + along_j - along_j[0, -1, 0])


@stencil(backend="numpy")
def hdiffsa(phi: Field[float], mask: Field[float], out: Field[float], north: Field[float], south: Field[float]):
    """Diffusion along coordinate surfaces with metric factors for the faces to north and south."""
    with computation(PARALLEL), interval(...):
        second = (
            phi[1, 0, 0] + phi[-1, 0, 0] - 2.0 * phi + north * (phi[0, 1, 0] - phi) + south * (phi[0, -1, 0] - phi)
        )
        along_i = limited(second[1, 0, 0] - second, phi[1, 0, 0] - phi)
        along_j = limited(north * (second[0, 1, 0] - second), phi[0, 1, 0] - phi)
        out = phi + (along_i[-1, 0, 0] - along_i + along_j[0, -1, 0] - along_j) * mask


@stencil(backend="numpy")
def hdiffsmag(u: Field[float], v: Field[float], mask: Field[float], u_out: Field[float], v_out: Field[float], tau: float):
    """Diffusion of a wind whose coefficient grows with its deformation, at most one half."""
    with computation(PARALLEL), interval(...):
        tension = v[0, 0, 0] - v[0, -1, 0] - (u[0, 0, 0] - u[-1, 0, 0])
        shear = u[0, 1, 0] - u + v[1, 0, 0] - v
        t2 = tension * tension
        s2 = shear * shear
        rate_u = tau * sqrt(0.5 * (t2 + t2[1, 0, 0]) + 0.5 * (s2 + s2[0, -1, 0])) - mask
        rate_v = tau * sqrt(0.5 * (t2 + t2[0, 1, 0]) + 0.5 * (s2 + s2[-1, 0, 0])) - mask
        smag_u = min(0.5, max(0.0, rate_u))
        smag_v = min(0.5, max(0.0, rate_v))
        u_out = u - smag_u * lap(u)
        v_out = v - smag_v * lap(v)
