#!/usr/bin/env python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Compiles examples/laplacian, runs it on both wafers on a field made here, compares with numpy, draws the result."""
import json
import os
import subprocess
import sys

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
SPADA = os.path.join(ROOT, "build", "bin", "spada")
SOURCE = os.path.join("examples", "laplacian", "laplacian.sptl")
OUT = "out-demo"
I, J, K = 16, 16, 32


def make_field():
    """A smooth hill and a ring, different at each level, with the halo that the program expects around it."""
    x, y, k = np.meshgrid(np.linspace(-1, 1, I + 2), np.linspace(-1, 1, J + 2), np.arange(K), indexing="ij")
    r = np.hypot(x, y)
    return (np.exp(-6 * r * r) + 0.3 * np.cos(8 * r - 2 * np.pi * k / K)).astype(np.float32)


def laplacian(u):
    """The same sum in the same order as the program, in float32: the results agree to the last bit."""
    lap = u[:-2, 1:-1] + u[1:-1, 1:-1] * np.float32(-4)
    lap = lap + u[2:, 1:-1]
    lap = lap + u[1:-1, :-2]
    return lap + u[1:-1, 2:]


def heat_map(title, field, left):
    """SVG squares of one level, blue below zero, orange above."""
    scale, parts = float(np.abs(field).max()) or 1.0, []
    side = 320 / max(field.shape)
    for (i, j), value in np.ndenumerate(field):
        share = abs(float(value)) / scale
        ink = (0, 114, 178) if value < 0 else (213, 94, 0)
        fill = "#" + "".join(f"{round(255 + (c - 255) * share):02x}" for c in ink)
        parts.append(f'<rect x="{left + i * side:.1f}" y="{40 + j * side:.1f}" width="{side:.1f}" height="{side:.1f}"'
                     f' fill="{fill}"><title>({i}, {j}): {value:.4g}</title></rect>')
    return f'<text x="{left}" y="28">{title}, largest value {scale:.3g}</text>\n' + "\n".join(parts)


def draw(u, lap, path):
    level = K // 2
    body = heat_map(f"field, level {level}", u[1:-1, 1:-1, level], 20)
    body += heat_map(f"Laplacian, level {level}", lap[:, :, level], 380)
    with open(path, "w") as out:
        out.write('<svg xmlns="http://www.w3.org/2000/svg" width="720" height="380" font-family="sans-serif"'
                  f' font-size="14"><rect width="720" height="380" fill="#fff"/>\n{body}\n</svg>\n')


def main():
    os.chdir(ROOT)
    os.makedirs(OUT, exist_ok=True)
    u = make_field()
    np.save(f"{OUT}/field.npy", u)
    print(f"== field of {I} x {J} x {K} made: {OUT}/field.npy")
    wrong = False
    for target in ("wse2", "wse3"):
        folder = f"{OUT}/{target}"
        print(f"== compile and run {SOURCE} on {target}", flush=True)
        command = [SPADA, "run", SOURCE, "-p", f"I={I}", "-p", f"J={J}", "-p", f"K={K}", "--target", target,
                   "--in", f"src={OUT}/field.npy", "-o", folder, "--trace", f"{folder}.trace.json"]
        code = subprocess.run(command).returncode
        if code:
            return code
        lap = np.load(f"{folder}/dst.npy")
        error = float(np.abs(lap - laplacian(u)).max())
        with open(f"{folder}/report.json") as text:
            cycles = json.load(text)["cycles"]
        draw(u, lap, f"{folder}/result.svg")
        wrong |= not error <= 1e-6
        print(f"  max error against numpy: {error:g}; cycles: {cycles}")
        print(f"  CSL:               {folder}/csl/layout.csl")
        print(f"  picture of result: {folder}/result.svg")
        print(f"  picture of fabric: {folder}/fabric.html")
        print(f"  timeline:          {folder}.trace.json (open in ui.perfetto.dev)")
    print("== WRONG: a result differs from numpy" if wrong else "== right on both wafers")
    return 2 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
