#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Simulated cycles of GTScript stencils beside the same stencils in SpaDA by hand and beside published ones. Every run is
# compared with the interpreter, bit by bit. Sources are those of examples/gtscript, and the ones below.
"""Print cycles of stencils from GT4Py source, from SpaDA by hand, and published.

By hand: our example of the same operations in the same order. Published: vendor simulator, public compiler of September
2026 from its own GT4Py front end (its issue tracker); '-': it failed to run, or no figure is known. Its figure for
vertical_advection is for a kernel that gives zeros everywhere; the source of its one_d_diff is not public: ours is a
centred difference. Exit code 1 if a run fails or differs, 2 if one needs more cycles than by hand or than published.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import numpy as np

from common import HERE, run_example, table

OWN = '''
from gt4py.cartesian.gtscript import *

def laplacian(in_field: Field[float], out_field: Field[float]):
    """In the order of the example by hand."""
    with computation(PARALLEL), interval(...):
        sides = in_field[-1, 0, 0] + in_field * -4.0 + in_field[1, 0, 0]
        out_field = sides + in_field[0, -1, 0] + in_field[0, 1, 0]

def pure_vertical(given: Field[float], found: Field[float]):
    """In the order of the example by hand."""
    with computation(FORWARD):
        with interval(0, 1):
            found = given
        with interval(1, None):
            found = given + found[0, 0, -1] * 0.5

def one_d_diff(in_field: Field[float], out_field: Field[float]):
    with computation(PARALLEL), interval(...):
        out_field = in_field[1, 0, 0] - in_field[-1, 0, 0]
'''
SMALL = ("4,4,4", "16,16,4")
ROWS = [  # file (None: OWN), stencil, example by hand, {domain: {target: published cycles}}
    ("basic", "copy", "copy", {}),
    (None, "pure_vertical", "pure_vertical", {d: dict(wse2=35, wse3=32) for d in SMALL}),
    (None, "laplacian", "laplacian", {d: dict(wse2=153) for d in SMALL}),
    ("basic", "laplacian", None, {d: dict(wse2=153) for d in SMALL}),
    (None, "one_d_diff", None, {d: dict(wse2=56) for d in SMALL}),
    ("basic", "uvbke", "uvbke", {"4,4,4": dict(wse2=209), "16,16,4": dict(wse2=213)}),
    ("vertical_advection", "vertical_advection", None, {}),
    ("diffusion", "horizontal_diffusion", None, {}),
    ("diffusion", "hdiffsa", None, {}),
    ("diffusion", "hdiffsmag", None, {}),
    ("vertical", "tridiagonal", None, {}),
]
HALO = 3


def call(spada, path, name, domain, target, folder, fields, options):
    """Runs the stencil; (its fields, its report)."""
    command = [spada, "run", f"{path}::{name}", "--target", target, "--dtype", "float=float32", "--literal-float", "32"]
    command += ["--literal-int", "32", "--domain", domain] + options
    for field in fields:
        command += ["--out", f"{field}={folder}/{field}.{target}.npy"]
    if target != "interp":
        command += ["--report", f"{folder}/report.json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        print(f"{name} on {target}, {domain}: {done.stderr}", file=sys.stderr)
        return None, {}
    report = {}
    if target != "interp":
        with open(f"{folder}/report.json") as file:
            report = json.load(file)
    return {field: np.load(f"{folder}/{field}.{target}.npy") for field in fields}, report


def measure(spada, path, name, domain, targets):
    """{target: (cycles, PEs)}; no entry where a run fails or differs."""
    with open(path) as file:
        text = re.search(rf"^def {name}\((.*?)\):\n(.*?)(?=^def |^@|\Z)", file.read(), re.M | re.S)
    rng = np.random.default_rng(11)
    size = [int(n) for n in domain.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        options, fields = [], []
        for argument, kind in re.findall(r"(\w+): (\w+)", text.group(1)):
            if kind != "Field":
                options += ["--set", f"{argument}=0.5"]
                continue
            shape = (size[0] + 2 * HALO, size[1] + 2 * HALO, size[2])
            np.save(f"{folder}/{argument}.npy", rng.uniform(0.5, 1.5, shape).astype(np.float32))
            options += ["--in", f"{argument}={folder}/{argument}.npy", "--origin", f"{argument}={HALO},{HALO},0"]
            if re.search(rf"^ +{argument} = ", text.group(2), re.M):
                fields.append(argument)
        want, _ = call(spada, path, name, domain, "interp", folder, fields, options)
        found = {}
        for target in targets:
            got, report = call(spada, path, name, domain, target, folder, fields, options)
            if want and got and all(np.array_equal(got[f], want[f], equal_nan=True) for f in fields):
                found[target] = report["cycles"], report["grid"][0] * report["grid"][1]
        return found


def by_hand(spada, name, domain, target):
    if name is None:
        return None
    example = run_example.Example(name)
    size = dict(zip("IJK", (int(n) for n in domain.split(","))))
    if name == "copy":
        size = dict(N=size["I"], K=size["K"])
    with tempfile.TemporaryDirectory() as folder:
        code, report, _, _ = run_example.run(example, size, target, spada, folder)
    return report.get("cycles") if code == 0 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=["wse2", "wse3"], action="append", help="default: both")
    parser.add_argument("--domain", action="append", help="I,J,K; default 4,4,4 16,16,4 16,16,80")
    parser.add_argument("--filter", default="", help="only stencils whose name matches")
    options = parser.parse_args()
    spada = run_example.find_spada()
    targets = options.target or ["wse2", "wse3"]
    rows, failed, slower = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        own = f"{folder}/own.py"
        with open(own, "w") as file:
            file.write(OWN)
        for source, name, example, published in ROWS:
            if not re.search(options.filter, name):
                continue
            path = os.path.join(HERE, "..", "examples", "gtscript", f"{source}.py") if source else own
            for domain in options.domain or [*SMALL, "16,16,80"]:
                found = measure(spada, path, name, domain, targets)
                for target in targets:
                    got, pes = found.get(target, (None, ""))
                    hand = by_hand(spada, example, domain, target)
                    known = published.get(domain, {}).get(target)
                    failed += got is None
                    slower += got is not None and any(n is not None and got > n for n in (hand, known))
                    label = name if source or not example else name + " as by hand"
                    cells = [hand, known, "failed" if got is None else got]
                    rows.append([label, domain.replace(",", "x"), target, pes] + ["-" if c is None else c for c in cells])
    table(["stencil", "domain", "target", "PEs", "by hand", "published", "from GTScript"], rows)
    print(f"\n{failed} failed or different, {slower} slower than by hand or than published")
    return 1 if failed else 2 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
