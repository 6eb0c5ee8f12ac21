# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Runs the stencils of examples/gtscript on a target and compares with formulas in numpy.

    check_examples.py EXAMPLES TARGET 32|64 I,J,K FOLDER [NAME ...]
"""
import os
import subprocess
import sys

import numpy as np

BELOW, ABOVE = slice(None, -1), slice(1, None)


def inner(a, n=1):
    return a[n:-n, n:-n]


def laplace(a):
    """With the sign of diffusion: four times the point less its neighbours."""
    return 4 * inner(a) - (a[2:, 1:-1] + a[:-2, 1:-1] + a[1:-1, 2:] + a[1:-1, :-2])


def limited(flux, difference):
    return np.where(flux * difference > 0, 0, flux)


def copy(in_field):
    return {"out_field": in_field}


def laplacian(in_field):
    return {"out_field": -laplace(in_field)}


def uvbke(uc, vc, cosa, rsina):
    u, v = uc[:, BELOW] + uc[:, ABOVE], vc[BELOW] + vc[ABOVE]
    return {"ub": 112.5 * (u - v * cosa) * rsina, "vb": 112.5 * (v - u * cosa) * rsina}


def horizontal_diffusion(in_field, coeff):
    second, near = laplace(in_field), inner(in_field)
    i = limited(np.diff(second, axis=0), np.diff(near, axis=0))[:, 1:-1]
    j = limited(np.diff(second, axis=1), np.diff(near, axis=1))[1:-1]
    return {"out_field": inner(near) - coeff * (np.diff(i, axis=0) + np.diff(j, axis=1))}


def hdiffsa(phi, mask, north, south):
    near = inner(phi)
    second = phi[2:, 1:-1] + phi[:-2, 1:-1] - 2 * near + north * (phi[1:-1, 2:] - near) + south * (phi[1:-1, :-2] - near)
    i = limited(np.diff(second, axis=0), np.diff(near, axis=0))[:, 1:-1]
    j = limited(north[1:-1, :-1] * np.diff(second, axis=1)[1:-1], np.diff(near, axis=1)[1:-1])
    return {"out": inner(near) - (np.diff(i, axis=0) + np.diff(j, axis=1)) * mask}


def hdiffsmag(u, v, mask, tau):
    tension = (v[1:, 1:] - v[1:, :-1]) - (u[1:, 1:] - u[:-1, 1:])  # from point (1, 1) on
    shear = u[:-1, 1:] - u[:-1, :-1] + v[1:, :-1] - v[:-1, :-1]    # up to the last point but one
    t2, s2 = tension**2, shear**2
    centre_t, centre_s = t2[:-1, :-1], s2[1:, 1:]
    rate_u = tau * np.sqrt(0.5 * (centre_t + t2[1:, :-1]) + 0.5 * (centre_s + s2[1:, :-1])) - mask
    rate_v = tau * np.sqrt(0.5 * (centre_t + t2[:-1, 1:]) + 0.5 * (centre_s + s2[:-1, 1:])) - mask
    return {"u_out": inner(u) - np.clip(rate_u, 0, 0.5) * laplace(u),
            "v_out": inner(v) - np.clip(rate_v, 0, 0.5) * laplace(v)}


def pure_vertical(field):
    out = field.copy()
    for k in range(1, field.shape[2]):
        out[..., k] -= 0.5 * out[..., k - 1]
    return {"field": out}


def solve(lower, diag, upper, rhs):
    """Dense systems, one for each column."""
    levels = diag.shape[2]
    matrix = np.zeros(diag.shape + (levels,))
    for k in range(levels):
        matrix[..., k, k] = diag[..., k]
        if k:
            matrix[..., k, k - 1] = lower[..., k]
        if k + 1 < levels:
            matrix[..., k, k + 1] = upper[..., k]
    return np.linalg.solve(matrix, rhs[..., None])[..., 0]


def tridiagonal(lower, diag, upper, rhs):
    return {"out": solve(lower, diag, upper, rhs)}


def vertical_advection(utens_stage, u_stage, wcon, u_pos, utens, dtr_stage):
    wind = 0.25 * (wcon[1:] + wcon[:-1])  # at the lower face of each level
    below, above = np.zeros_like(u_pos), np.zeros_like(u_pos)
    below[..., 1:], above[..., :-1] = -wind[..., 1:], wind[..., 1:]
    change = np.diff(u_stage, axis=2)
    rhs = dtr_stage * u_pos + utens + utens_stage
    rhs[..., 1:] += 0.5 * below[..., 1:] * change
    rhs[..., :-1] -= 0.5 * above[..., :-1] * change
    result = solve(0.5 * below, dtr_stage - 0.5 * below - 0.5 * above, 0.5 * above, rhs)
    return {"utens_stage": dtr_stage * (result - u_pos)}


# name: file, formula, halo (low I, high I, low J, high J) of inputs that have one, scalars
EXAMPLES = {
    "copy": ("basic", copy, {}, {}),
    "laplacian": ("basic", laplacian, {"in_field": (1, 1, 1, 1)}, {}),
    "uvbke": ("basic", uvbke, {"uc": (0, 0, 1, 0), "vc": (1, 0, 0, 0)}, {}),
    "horizontal_diffusion": ("diffusion", horizontal_diffusion, {"in_field": (2, 2, 2, 2)}, {}),
    "hdiffsa": ("diffusion", hdiffsa, {"phi": (2, 2, 2, 2), "north": (1, 1, 1, 1), "south": (1, 1, 1, 1)}, {}),
    "hdiffsmag": ("diffusion", hdiffsmag, {"u": (1, 1, 1, 1), "v": (1, 1, 1, 1)}, {"tau": 0.25}),
    "pure_vertical": ("vertical", pure_vertical, {}, {}),
    "tridiagonal": ("vertical", tridiagonal, {}, {}),
    "vertical_advection": ("vertical_advection", vertical_advection, {"wcon": (0, 1, 0, 0)}, {"dtr_stage": 3.0}),
}


def run(name, examples, target, bits, domain, folder):
    file, formula, halos, scalars = EXAMPLES[name]
    random = np.random.default_rng(3)
    command = ["spada", "run", f"{examples}/{file}.py::{name}", "-t", target, "--domain", ",".join(map(str, domain))]
    if bits == "32":
        command += ["--dtype", "float=float32", "--literal-float", "32"]
    inputs = {}
    for argument in formula.__code__.co_varnames[:formula.__code__.co_argcount]:
        if argument in scalars:
            command += ["--set", f"{argument}={scalars[argument]}"]
            continue
        low_i, high_i, low_j, high_j = halos.get(argument, (0, 0, 0, 0))
        shape = (low_i + domain[0] + high_i, low_j + domain[1] + high_j, domain[2])
        values = random.uniform(-1, 1, shape) + (4 if argument == "diag" else 0)
        inputs[argument] = values.astype("f4" if bits == "32" else "f8")
        path = f"{folder}/{name}-{argument}.npy"
        np.save(path, inputs[argument])
        command += ["--in", f"{argument}={path}", "--origin", f"{argument}={low_i},{low_j},0"]
    exact = {argument: array.astype("f8") for argument, array in inputs.items()}
    expected = formula(**exact, **scalars)
    for argument in expected:
        command += ["--out", f"{argument}={folder}/{name}-out-{argument}.npy"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return f"exit code {done.returncode}: {done.stderr.strip()}"
    tolerance = 2e-5 if bits == "32" else 1e-12
    for argument, wanted in expected.items():
        got = np.load(f"{folder}/{name}-out-{argument}.npy").astype("f8")
        error = np.abs(got - wanted).max() / max(1, np.abs(wanted).max()) if got.shape == wanted.shape else np.inf
        if not error <= tolerance:
            return f"'{argument}' of shape {got.shape} is off by {error:g}"
    return None


def main():
    examples, target, bits, domain, folder, *names = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    domain = [int(n) for n in domain.split(",")]
    names, wrong = names or list(EXAMPLES), 0
    for name in names:
        problem = run(name, examples, target, bits, domain, folder)
        wrong += problem is not None
        print(f"{name}: {'right' if problem is None else problem}")
    print(f"{len(names) - wrong} of {len(names)} examples are right on {target}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
