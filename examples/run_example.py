#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Runs one example through `spada run` and compares every output with the example's own numpy reference. It makes inputs
# and checks; it does not compile anything itself.
"""Run an example and compare it with numpy.

  python3 examples/run_example.py laplacian --target wse2 -p I=8 -p J=8
  python3 examples/run_example.py --list

Parameters that are not given come from the example's first test case. Exit code: 0 right; 2 wrong values or more cycles
than allowed; otherwise that of `spada run`.
"""
import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import types

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


class Example:
    """An example's source and reference. `cases` are parameter sets; `cycles` are published counts: (target, case, n)."""

    def __init__(self, name):
        self.name = name
        places = [os.path.join(HERE, name), os.path.join(HERE, "features", name)]
        self.folder = next((p for p in places if os.path.exists(os.path.join(p, "reference.py"))), None)
        if self.folder is None:
            raise SystemExit(f"error: no example '{name}'; hint: one of {', '.join(names())}")
        self.source = os.path.join(self.folder, name + ".sptl")
        spec = importlib.util.spec_from_file_location("reference_" + name, os.path.join(self.folder, "reference.py"))
        self.reference = importlib.util.module_from_spec(spec)
        sys.dont_write_bytecode = True
        spec.loader.exec_module(self.reference)
        self.cases = self.reference.CASES
        self.scalars = getattr(self.reference, "SCALARS", {})
        self.compile_time = getattr(self.reference, "COMPILE_TIME", {})
        self.tolerance = getattr(self.reference, "TOLERANCE", 0.0)
        self.cycles = getattr(self.reference, "CYCLES", [])
        self.targets = getattr(self.reference, "TARGETS", ["interp", "wse2", "wse3"])

    def arrays(self, case, seed):
        """(inputs, expected outputs, outputs by an independent formulation), each a map from argument to array."""
        params = types.SimpleNamespace(**case)
        inputs = self.reference.inputs(params, np.random.default_rng(seed))
        known = {**inputs, **self.scalars, **self.compile_time}
        return inputs, self.reference.expected(params, known), self.reference.independent(params, known)

    def cycle_bound(self, target, case):
        return next((n for t, c, n in self.cycles if t == target and c == case), None)


def names():
    """All examples, the feature programs after the others."""
    found = []
    for folder in (HERE, os.path.join(HERE, "features")):
        if os.path.isdir(folder):
            found += sorted(n for n in os.listdir(folder) if os.path.exists(os.path.join(folder, n, "reference.py")))
    return found


def case_text(case):
    return ",".join(f"{k}={v}" for k, v in case.items())


def find_spada(given=None):
    built = os.path.join(HERE, "..", "build", "bin", "spada")
    for path in (given, os.environ.get("SPADA"), built, shutil.which("spada")):
        if path and os.path.exists(path):
            return os.path.abspath(path)
    raise SystemExit("error: no 'spada' found; hint: build it, put it in PATH or give --spada PATH")


def scalar_text(value):
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    return repr(float(value)) if np.issubdtype(type(value), np.floating) else str(int(value))


def compare(name, got, want, tolerance):
    """(largest absolute difference, message or None)."""
    want = np.asarray(want)
    if got.shape != want.shape or got.dtype != want.dtype:
        return np.inf, f"'{name}' is {got.dtype}{list(got.shape)}, should be {want.dtype}{list(want.shape)}"
    difference = np.abs(got.astype(np.float64) - want.astype(np.float64))
    error = float(difference.max(initial=0.0))
    if not error <= tolerance:  # also for NaN
        at = tuple(int(k) for k in np.unravel_index(int(np.nanargmax(difference)), want.shape))
        return error, f"'{name}'{list(at)} is {got[at]}, should be {want[at]} ({int((difference > tolerance).sum())} wrong)"
    return error, None


def run(example, case, target, spada, folder, threads=None, seed=0, timeout=None):
    """Returns (exit code, report, largest error, messages)."""
    inputs, expected, _ = example.arrays(case, seed)
    report_path = os.path.join(folder, "report.json")
    command = [spada, "run", example.source, "--target", target, "--report", report_path]
    for key, value in {**case, **{k: scalar_text(v) for k, v in example.compile_time.items()}}.items():
        command += ["-p", f"{key}={value}"]
    for key, value in inputs.items():
        path = os.path.join(folder, key + ".in.npy")
        np.save(path, value)
        command += ["--in", f"{key}={path}"]
    for key in expected:
        command += ["--out", f"{key}={os.path.join(folder, key + '.out.npy')}"]
    for key, value in example.scalars.items():
        command += ["--set", f"{key}={scalar_text(value)}"]
    if threads:
        command += ["--threads", str(threads)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout)
    report = {}
    if os.path.exists(report_path):
        with open(report_path, encoding="utf-8") as stream:
            report = json.load(stream)
    if done.returncode:
        return done.returncode, report, np.inf, [done.stderr.strip() or done.stdout.strip()]
    worst, messages = 0.0, []
    for key, want in expected.items():
        error, message = compare(key, np.load(os.path.join(folder, key + ".out.npy")), want, example.tolerance)
        worst = max(worst, error)
        if message:
            messages.append(message)
    return (2 if messages else 0), report, worst, messages


def run_and_judge(example, case, target, spada, folder, options):
    """(exit code, what to say). `options` has threads, seed and published_cycles, and may have a timeout in seconds."""
    timeout = getattr(options, "timeout", None)
    code, report, error, messages = run(example, case, target, spada, folder, options.threads, options.seed, timeout)
    title, cycles = f"{example.name} {case_text(case)} on {target}", report.get("cycles")
    bound = example.cycle_bound(target, case) if options.published_cycles else None
    if code == 0 and bound is not None and cycles is not None and cycles > bound:
        code, messages = 2, [f"{cycles} cycles, should be at most {bound}"]
    if code:
        return code, "\n".join([f"{title}: exit code {code}"] + messages)
    return 0, f"{title}: max error {error:g}" + (f", {cycles} cycles" if cycles is not None else "")


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", help="an example, see --list")
    parser.add_argument("--list", action="store_true", help="print the names of all examples and stop")
    parser.add_argument("--target", default="interp", choices=["interp", "wse2", "wse3"])
    parser.add_argument("-p", dest="params", action="append", default=[], metavar="NAME=INT", help="a parameter")
    parser.add_argument("--seed", type=int, default=0, help="of the random inputs")
    parser.add_argument("--threads", type=int, help="of the simulator")
    parser.add_argument("--keep", metavar="FOLDER", help="leave inputs, outputs and the report there")
    parser.add_argument("--spada", metavar="PATH", help="the program to run")
    parser.add_argument("--published-cycles", action="store_true", help="fail if there are more cycles than published")
    return parser, parser.parse_args(argv)


def main(argv):
    parser, options = parse(argv)
    if options.list:
        print("\n".join(names()))
        return 0
    if not options.name:
        parser.error("which example? see --list")
    example = Example(options.name)
    case = dict(example.cases[0])
    for text in options.params:
        key, _, value = text.partition("=")
        if key not in case or not value.lstrip("-").isdigit():
            parser.error(f"'{options.name}' has the parameters {', '.join(case) or 'none'}, not '{text}'")
        case[key] = int(value)
    spada = find_spada(options.spada)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        os.makedirs(folder, exist_ok=True)
        code, text = run_and_judge(example, case, options.target, spada, folder, options)
    print(text, file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
