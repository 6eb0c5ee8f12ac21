# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Functions that PEs have no library for, on the wafer, against double precision.
"""device_functions.py: prints the largest error of each function in units of the last place."""
import math
import os
import subprocess
import sys
import tempfile

import numpy as np

STENCIL = """
from gt4py.cartesian.gtscript import *
Real = Field[np.float32]
def functions({arguments}):
    with computation(PARALLEL), interval(...):
{body}
"""
# name -> bounds of the argument, reference, largest error in units of the last place
CASES = {
    "asin": ((-1, 1), math.asin, 2),
    "acos": ((-1, 1), math.acos, 2),
    "atan": ((-20, 20), math.atan, 2),
    "sinh": ((-80, 80), math.sinh, 2.5),
    "cosh": ((-80, 80), math.cosh, 2.5),
    "asinh": ((-30, 30), math.asinh, 2),
    "acosh": ((1, 30), math.acosh, 2),
    "atanh": ((-0.999, 0.999), math.atanh, 2),
    "log10": ((1e-3, 30), math.log10, 2),
    "cbrt": ((-30, 30), lambda x: math.copysign(abs(x) ** (1 / 3), x), 2),
    "erf": ((-5, 5), math.erf, 2),
    "erfc": ((-5, 9), math.erfc, 5),
    "gamma": ((0.01, 35), math.gamma, 6),
}
DOMAIN = (16, 16, 8)


def main():
    target = sys.argv[1]
    rng = np.random.default_rng(5)
    with tempfile.TemporaryDirectory() as folder:
        names, body, options = [], [], []
        for name, ((low, high), _, _) in CASES.items():
            values = rng.uniform(low, high, DOMAIN).astype(np.float32)
            values[0, 0, :3] = np.clip([0.5, 1.0, 2.0], low, high)
            np.save(f"{folder}/{name}.npy", values)
            names.append(f"{name}_x")
            body.append(f"        {name}_x = {name}({name}_x)")
            options += ["--in", f"{name}_x={folder}/{name}.npy", "--out", f"{name}_x={folder}/{name}.out.npy"]
        x = rng.uniform(-1e4, 1e4, DOMAIN).astype(np.float32)
        y = (rng.uniform(-3, 3, DOMAIN) * 10.0 ** rng.integers(-3, 3, DOMAIN)).astype(np.float32)
        x[0, 0, :5], y[0, 0, :5] = [1, -1, 0, np.inf, 7.5], [0, np.inf, -2, 2, -2.5]
        np.save(f"{folder}/x.npy", x)
        np.save(f"{folder}/y.npy", y)
        body.append("        x = mod(x, y)")
        options += ["--in", f"x={folder}/x.npy", "--in", f"y={folder}/y.npy", "--out", f"x={folder}/x.out.npy"]
        source = f"{folder}/functions.py"
        arguments = ", ".join(f"{name}: Real" for name in names + ["x", "y"])
        with open(source, "w") as file:
            file.write(STENCIL.format(arguments=arguments, body="\n".join(body)))
        subprocess.run(["spada", "run", f"{source}::functions", "--target", target, "--literal-float", "32"] + options,
                       check=True)
        for name, (_, reference, bound) in CASES.items():
            given, found = np.load(f"{folder}/{name}.npy"), np.load(f"{folder}/{name}.out.npy")
            want = np.vectorize(reference)(given.astype(np.float64))
            unit = np.spacing(np.abs(want).astype(np.float32)).astype(np.float64)
            error = float(np.max(np.abs(found - want) / np.maximum(unit, 2.0**-149)))
            print(name, "ok" if error <= bound else f"is wrong by {error:.2f} units of the last place, {bound} allowed")
        with np.errstate(all="ignore"):
            want = np.mod(x, y)
        want[0, 0, 1] = np.inf  # numpy and Python agree: the sign of the divisor
        print("mod", "ok" if np.array_equal(np.load(f"{folder}/x.out.npy"), want, equal_nan=True) else "is wrong")


main()
