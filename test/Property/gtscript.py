#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Random GTScript stencils: the code for the CPU gives the interpreter's bits, whatever the arrays and tiles are like.
"""Hold the code that is made for the CPU to the meaning of stencils.

  python3 test/Property/gtscript.py --first 0 --count 20

Each stencil is compiled to a library, half of them with tiles of a few points, and called on arrays with the first, the
last and the second axis contiguous. Stencils that the checks reject are drawn again. Exit code: 0 all agree; 2 some do
not. Every failure prints its seed; --keep FILE saves the last such stencil.
"""
import argparse
import importlib.util
import os
import random
import subprocess
import sys
import tempfile

import numpy as np

HALO = (3, 3, 1)
INPUTS, OUTPUTS = ["a", "b", "c"], ["o", "p", "q"]
PLANES = ["m"]  # fields without levels, which sweeps write
INTERVALS = [["..."], ["0, 1", "1, None"], ["0, -1", "-1, None"], ["0, 2", "2, -1", "-1, None"]]


class Stencil:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines, self.defined = [], []
        self.order, self.carries, self.busy = "PARALLEL", False, set()

    def read(self):
        names = INPUTS + OUTPUTS + PLANES + self.defined * 2
        name = self.random.choice(names)
        offset = [0, 0, 0]
        if name in INPUTS or name not in self.busy:
            if self.random.random() < 0.5:
                offset[self.random.randrange(2)] = self.random.choice([-1, 1, 2] if name in INPUTS else [-1, 1])
            if name in INPUTS and self.random.random() < 0.3:
                offset[2] = self.random.choice([-1, 1])
        if name not in INPUTS + PLANES and self.carries and self.random.random() < 0.5:
            offset = [0, 0, -1 if self.order == "FORWARD" else 1]
        return f"{name}[{', '.join(map(str, offset))}]" if any(offset) else name

    def expression(self, depth):
        draw = self.random.random()
        if depth == 0 or draw < 0.15:
            return self.read()
        left, right = self.expression(depth - 1), self.expression(depth - 1)
        if draw < 0.25:
            return f"{self.random.choice(['min', 'max'])}({left}, {right})"
        if draw < 0.35:
            return f"({left} if {self.read()} > {self.random.randrange(-3, 4)}.5 else {right})"
        if draw < 0.42:
            return f"{left} / (2.5 + abs({right}))"
        if draw < 0.5:
            return f"s * ({left})"
        return f"({left} {self.random.choice('+-*')} {right})"

    def statement(self, target, indent):
        if self.random.random() < 0.25:
            self.lines.append(f"{indent}if {self.read()} < {self.random.randrange(-3, 4)}.25:")
            self.lines.append(f"{indent}    {target} = {self.expression(2)}")
            if self.random.random() < 0.6 or target not in OUTPUTS + PLANES + self.defined:
                self.lines.append(f"{indent}else:")
                self.lines.append(f"{indent}    {target} = {self.expression(1)}")
            return
        self.lines.append(f"{indent}{target} = {self.expression(3)}")

    def computation(self):
        self.order = self.random.choice(["PARALLEL", "PARALLEL", "FORWARD", "BACKWARD"])
        intervals = self.random.choice(INTERVALS)
        choices = OUTPUTS + ["t0", "t1", "t2"] + (PLANES if self.order != "PARALLEL" else [])
        targets = [self.random.choice(choices) for _ in range(self.random.randrange(1, 5))]
        before = list(self.defined)
        self.lines.append(f"    with computation({self.order}):")
        for position, interval in enumerate(intervals[::-1] if self.order == "BACKWARD" else intervals):
            self.defined = list(before)
            self.carries = position > 0 and self.order != "PARALLEL"
            self.busy = set(targets) if self.order != "PARALLEL" else set()
            self.lines.append(f"        with interval({interval}):")
            for target in targets:
                self.statement(target, " " * 12)
                if target not in self.defined + OUTPUTS + PLANES:
                    self.defined.append(target)

    def text(self):
        for _ in range(self.random.randrange(1, 4)):
            self.computation()
        fields = ", ".join([f"{name}: Field[Float]" for name in INPUTS + OUTPUTS] +
                           [f"{name}: Field[IJ, Float]" for name in PLANES])
        names = "BACKWARD, FORWARD, IJ, PARALLEL, Field, computation, interval"
        head = [f"from gt4py.cartesian.gtscript import {names}", "", "",
                f"def program({fields}, s: Float):"]
        return "\n".join(head + self.lines) + "\n"


def arrange(array, layout):
    """A copy of `array` with the first, the last or the second axis contiguous."""
    if layout == "second" and array.ndim == 3:
        return np.moveaxis(np.ascontiguousarray(np.moveaxis(array, 1, 2)), 2, 1)
    return np.array(array, order="F" if layout == "first" else "C")


class Run:
    """One stencil in a folder."""

    def __init__(self, tool, folder, seed):
        self.tool, self.folder, self.seed = tool, folder, seed
        self.random = random.Random(-seed - 1)
        self.bits = self.random.choice(["64", "32"])
        self.size = (self.random.randrange(1, 50), self.random.randrange(1, 9), self.random.randrange(4, 21))
        self.tile = self.random.choice([None, "17,3,2", "8,1,0", "5,4,3"])
        self.source = os.path.join(folder, "program.py")
        self.types = ["--float", self.bits, "--literal-float", self.bits]
        values = np.random.default_rng(seed)
        shape = [n + 2 * h for n, h in zip(self.size, HALO)]
        self.arrays = {name: values.integers(-40, 40, shape).astype(f"float{self.bits}") / 8
                       for name in INPUTS + OUTPUTS}
        for name in PLANES:
            self.arrays[name] = values.integers(-40, 40, shape[:2]).astype(f"float{self.bits}") / 8

    def spada(self, *arguments):
        return subprocess.run([self.tool, *arguments], capture_output=True, text=True)

    def interpret(self):
        """What the fields hold afterwards, or nothing where the stencil is rejected."""
        command = ["run", self.source, "--target", "interp", *self.types, "--set", "s=1.5",
                   "--domain", ",".join(map(str, self.size)), "--origin", ",".join(map(str, HALO))]
        for name, array in self.arrays.items():
            np.save(os.path.join(self.folder, name + ".npy"), array)
            command += ["--in", f"{name}={self.folder}/{name}.npy"]
        for name in OUTPUTS + PLANES:
            command += ["--out", f"{name}={self.folder}/{name}-after.npy"]
        result = self.spada(*command)
        if result.returncode == 1 and "error:" in result.stderr:
            return None
        if result.returncode:
            raise RuntimeError(f"interpreter: exit code {result.returncode}\n{result.stderr}")
        return {name: np.load(os.path.join(self.folder, name + "-after.npy")) for name in OUTPUTS + PLANES}

    def compile(self):
        where = os.path.join(self.folder, "library")
        result = self.spada("build", self.source, "--target", "cpu", "-o", where, *self.types,
                            *(["--tile", self.tile] if self.tile else []))
        if result.returncode:
            raise RuntimeError(f"build: exit code {result.returncode}\n{result.stderr}")
        spec = importlib.util.spec_from_file_location(f"program{self.seed}", os.path.join(where, "program.py"))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def compare(self, module, expected, layout):
        """The names of fields that differ."""
        values = {name: arrange(array, layout) for name, array in self.arrays.items()}
        module.run(*values.values(), 1.5, origin={name: HALO for name in values}, domain=self.size,
                   threads=self.random.choice([1, 2, 3]))
        return [name for name in OUTPUTS + PLANES if not np.array_equal(values[name], expected[name], equal_nan=True)]


def check(tool, seed):
    """True or what is wrong with the stencil of `seed`; None when it is rejected."""
    text = Stencil(seed).text()
    with tempfile.TemporaryDirectory() as folder:
        run = Run(tool, folder, seed)
        with open(run.source, "w") as file:
            file.write(text)
        try:
            with np.errstate(all="ignore"):
                expected = run.interpret()
                if expected is None:
                    return None
                module = run.compile()
                for layout in ("first", "last", "second"):
                    wrong = run.compare(module, expected, layout)
                    if wrong:
                        return (f"{', '.join(wrong)} with the {layout} axis contiguous, float{run.bits}, "
                                f"domain {run.size}, tile {run.tile}")
        except RuntimeError as problem:
            return str(problem)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--tool", default="spada")
    parser.add_argument("--keep", help="file for the last stencil that fails")
    options = parser.parse_args()
    agree, seed = 0, options.first * 1000
    for _ in range(options.count):
        while (result := check(options.tool, seed)) is None:
            seed += 1
        if result is True:
            agree += 1
        else:
            print(f"seed {seed} differs: {result}")
            if options.keep:
                with open(options.keep, "w") as out:
                    out.write(Stencil(seed).text())
        seed += 1
    print(f"{agree} of {options.count} stencils agree")
    sys.exit(0 if agree == options.count else 2)


if __name__ == "__main__":
    main()
