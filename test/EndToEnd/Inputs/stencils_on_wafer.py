# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Runs every stencil of a file on the interpreter and on both wafers and compares what it wrote.
"""stencils_on_wafer.py FILE.py"""
import os
import re
import subprocess
import sys
import tempfile

import numpy as np

DOMAINS = [(4, 4, 4), (6, 5, 7), (16, 16, 4)]
HALO = 2
# Cycles of the SpaDA examples at 4 x 4 x 4.
BY_HAND = {("laplacian", "wse2"): 81, ("laplacian", "wse3"): 78}


def parameters(text):
    """Name of each stencil, and its parameters with their annotations."""
    for match in re.finditer(r"^def (\w+)\((.*)\):$", text, re.M):
        found = re.findall(r"(\w+): (\w+\[(?:[^\[\]]|\[[^\]]*\])*\]|[\w.]+)", match.group(2))
        yield match.group(1), found


def array(name, kind, domain, rng):
    """Values and the origin of the domain in them."""
    plane = (domain[0] + 2 * HALO, domain[1] + 2 * HALO)
    if kind == "Whole":
        low, high = (0, domain[2]) if name == "k" else (-9, 9)
        values = rng.integers(low, high, plane + domain[2:], dtype=np.int32)
        if name == "k":
            values -= np.arange(domain[2], dtype=np.int32)
        return values, (HALO, HALO, 0)
    if "bool_" in kind:
        return rng.random(plane + domain[2:]) < 0.5, (HALO, HALO, 0)
    if kind == "Field[IJ, np.int32]":
        return rng.integers(-1, domain[2] + 2, plane, dtype=np.int32), (HALO, HALO)
    shape = plane if "[IJ" in kind else domain[2:] if "[K" in kind else plane + domain[2:]
    origin = (HALO, HALO) if "[IJ" in kind else (0,) if "[K" in kind else (HALO, HALO, 0)
    if "(3,)" in kind:
        shape += (3,)
    return rng.standard_normal(shape, dtype=np.float32), origin


def run(file, name, options, fields, target, folder):
    command = ["spada", "run", f"{file}::{name}", "--target", target, "--literal-float", "32", "--literal-int", "32"]
    command += options
    for field in fields:
        command += ["--out", f"{field}={folder}/{field}.{target}.npy"]
    report = os.path.join(folder, "report.json")
    if target != "interp":
        command += ["--report", report]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        print(f"{name} on {target}: exit code {done.returncode}, differs\n{done.stderr}")
        return None, None
    cycles = None
    if target != "interp":
        with open(report) as stream:
            cycles = int(re.search(r'"cycles": (\d+)', stream.read()).group(1))
    return {field: np.load(f"{folder}/{field}.{target}.npy") for field in fields}, cycles


def compare(file, name, found, body, domain, folder):
    rng = np.random.default_rng(7)
    options, fields = ["--domain", ",".join(map(str, domain))], []
    for field, kind in found:
        if kind == "np.float32":
            options += ["--set", f"{field}={1.5 - 0.0625 * len(options)}"]
            continue
        values, origin = array(field, kind, domain, rng)
        np.save(f"{folder}/{field}.npy", values)
        options += ["--in", f"{field}={folder}/{field}.npy", "--origin", f"{field}=" + ",".join(map(str, origin))]
        if re.search(rf"^ +{field} = ", body, re.M):
            fields.append(field)
    want, _ = run(file, name, options, fields, "interp", folder)
    wrong = 0
    for target in ("wse2", "wse3"):
        got, cycles = run(file, name, options, fields, target, folder)
        equal = want and got and all(np.array_equal(got[f], want[f], equal_nan=True) for f in fields)
        slow = cycles is not None and domain == (4, 4, 4) and cycles > BY_HAND.get((name, target), cycles)
        if not equal or slow:
            wrong += 1
            print(name, domain, target, "differs" if not equal else f"takes {cycles} cycles")
    return wrong


def main():
    file = sys.argv[1]
    with open(file) as stream:
        text = stream.read()
    runs = wrong = 0
    for name, found in parameters(text):
        body = re.search(rf"^def {name}\(.*?(?=^def |\Z)", text, re.M | re.S).group(0)
        for domain in DOMAINS:
            with tempfile.TemporaryDirectory() as folder:
                runs += 1
                wrong += compare(file, name, found, body, domain, folder) > 0
    print(f"{wrong} of {runs} runs are wrong")


main()
