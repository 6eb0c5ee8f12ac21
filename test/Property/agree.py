#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Runs random programs on the interpreter and on simulated wafers and compares the bits. Programs come from generate.py.
"""Hold interpreter and simulator to the same answers on random programs.

  python3 test/Property/agree.py --first 0 --count 20 --targets wse2,wse3 [--keep DIR]

Exit code: 0 all agree; 2 some do not, or a program was rejected. Every failure prints its seed.
"""
import argparse
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import generate
import numpy as np


def run(folder, case, target, budget_s):
    """(exit code, outputs, text) of one program on one target."""
    out = os.path.join(folder, target)
    os.makedirs(out, exist_ok=True)
    command = ["spada", "run", os.path.join(folder, "case.sptl"), "--target", target]
    command += [word for name, value in case["params"].items() for word in ("-p", f"{name}={value}")]
    command += [word for name, value in case["scalars"].items() for word in ("--set", f"{name}={value}")]
    command += [word for name in case["inputs"] for word in ("--in", f"{name}={folder}/{name}.npy")]
    command += [word for name in case["outputs"] for word in ("--out", f"{name}={out}/{name}.npy")]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=budget_s)
    except subprocess.TimeoutExpired:
        return 3, {}, f"no end within {budget_s} s"
    if done.returncode != 0:
        return done.returncode, {}, done.stdout
    return 0, {name: np.load(f"{out}/{name}.npy") for name in case["outputs"]}, done.stdout


def same(left, right):
    """Equal bits, where any not-a-number equals any other."""
    if left.dtype != right.dtype or left.shape != right.shape:
        return False
    if left.dtype.kind == "f":
        both = np.isnan(left) & np.isnan(right)
        return bool(np.all(both | (left.view(f"i{left.itemsize}") == right.view(f"i{right.itemsize}"))))
    return bool(np.array_equal(left, right))


def check(seed, targets, folder, budget_s):
    """What is wrong with one seed, or nothing."""
    case = generate.write(seed, folder)
    code, expected, text = run(folder, case, "interp", budget_s)
    if code != 0:
        return f"interp ends with {code}: {text}"
    for target in targets:
        code, found, text = run(folder, case, target, budget_s)
        if code != 0:
            return f"{target} ends with {code}: {text}"
        for name in case["outputs"]:
            if not same(expected[name], found[name]):
                at = tuple(int(n) for n in np.argwhere(expected[name] != found[name])[0])
                return f"{name}{list(at)} is {expected[name][at]} on interp and {found[name][at]} on {target}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--targets", default="wse2,wse3")
    parser.add_argument("--budget", type=float, default=60, help="seconds for one run")
    parser.add_argument("--keep", help="folder to keep programs and results in")
    options = parser.parse_args()
    failures = 0
    with tempfile.TemporaryDirectory() as temporary:
        for seed in range(options.first, options.first + options.count):
            folder = os.path.join(options.keep or temporary, str(seed))
            problem = check(seed, [t for t in options.targets.split(",") if t], folder, options.budget)
            if problem:
                failures += 1
                print(f"seed {seed}: {problem.rstrip()}")
    print(f"{options.count - failures} of {options.count} programs agree")
    return 2 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
