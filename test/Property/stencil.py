#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Random programs of the stencil dialect: the interpreter prints the same bits before and after optimisation.
"""Hold the passes on the stencil dialect to the meaning of programs.

  python3 test/Property/stencil.py --first 0 --count 50 --passes=--stencil-fuse,--stencil-forward

Programs that stencil-check rejects are drawn again. Exit code: 0 all agree; 2 some do not. Every failure prints its seed.
"""
import argparse
import random
import subprocess
import sys

SIZE = (3, 2, 5)
HALO = 3
FIELD = "!stencil.field<IJK, f64>"
MASK = "!stencil.field<IJK, i1>"
INTERVALS = [["[start, end)"], ["[start, start + 1)", "[start + 1, end)"], ["[start, end + -1)", "[end + -1, end)"]]
REGIONS = ["start:start + 1, :", "end + -1:end, :", ":, start:start + 1", ":, end + -2:", "start + 1:end, :end + -1"]


class Program:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines, self.number = [], 0
        self.inputs, self.outputs = ["a", "b"], ["o", "p"]
        self.temporaries = []
        self.masks = 0
        self.defined = []

    def value(self):
        self.number += 1
        return f"%v{self.number}"

    def emit(self, text, depth):
        self.lines.append("  " * depth + text)

    def read(self, depth, order, written):
        choices = self.inputs + self.outputs + self.defined * 2
        name = self.random.choice(choices)
        offset = [0, 0, 0]
        is_quiet = name not in written
        if name not in self.outputs and self.random.random() < 0.5:
            offset[self.random.randrange(2)] = self.random.choice([-1, 1])
        if is_quiet and name in self.inputs and self.random.random() < 0.3:
            offset[2] = self.random.choice([-1, 1])
        elif not is_quiet and order != "parallel" and self.carry and self.random.random() < 0.5:
            offset = [0, 0, -1 if order == "forward" else 1]
        value = self.value()
        self.emit(f"{value} = stencil.read %{name}{offset} : {FIELD}", depth)
        return value

    def expression(self, depth, order, written, levels):
        if levels == 0 or self.random.random() < 0.2:
            return self.read(depth, order, written)
        left = self.expression(depth, order, written, levels - 1)
        right = self.expression(depth, order, written, levels - 1)
        kind = self.random.choice(["addf", "subf", "mulf", "maximumf", "divf", "select"])
        value = self.value()
        if kind == "select":
            test = self.value()
            self.emit(f"{test} = arith.cmpf olt, {left}, {right} : f64", depth)
            self.emit(f"{value} = arith.select {test}, {left}, {right} : f64", depth)
        else:
            self.emit(f"{value} = arith.{kind} {left}, {right} : f64", depth)
        return value

    def statement(self, order, written, target):
        where = ""
        if self.random.random() < 0.2 and (target in self.defined or target in self.outputs):
            where = f"where [#stencil.region<{self.random.choice(REGIONS)}>] "
        may_branch = target in self.defined or target in self.outputs
        if may_branch and self.random.random() < 0.4:
            mask = f"m{self.masks}"
            self.masks += 1
            self.emit(f"stencil.statement {where}{{", 2)
            left, right = self.read(3, order, written), self.read(3, order, written)
            test = self.value()
            self.emit(f"{test} = arith.cmpf ogt, {left}, {right} : f64", 3)
            self.emit(f"stencil.write {test}, %{mask} : {MASK}", 3)
            self.emit("}", 2)
            for negate in range(self.random.choice([1, 2])):
                self.emit(f"stencil.statement joined {where}{{", 2)
                test = self.value()
                self.emit(f"{test} = stencil.read %{mask}[0, 0, 0] : {MASK}", 3)
                if negate:
                    self.emit("%true = arith.constant true", 3)
                    self.emit(f"%n{test[1:]} = arith.xori {test}, %true : i1", 3)
                    test = f"%n{test[1:]}"
                self.emit(f"scf.if {test} {{", 3)
                value = self.expression(4, order, written, 2)
                self.emit(f"stencil.write {value}, %{target} : {FIELD}", 4)
                self.emit("}", 3)
                self.emit("}", 2)
        else:
            self.emit(f"stencil.statement {where}{{", 2)
            value = self.expression(3, order, written, 3)
            self.emit(f"stencil.write {value}, %{target} : {FIELD}", 3)
            self.emit("}", 2)

    def computation(self):
        order = self.random.choice(["parallel", "parallel", "forward", "backward"])
        intervals = self.random.choice(INTERVALS)
        targets = [self.random.choice(self.outputs + self.temporaries) for _ in range(self.random.randrange(1, 5))]
        defined = list(self.defined)
        for position, interval in enumerate(intervals[::-1] if order == "backward" else intervals):
            self.defined = list(defined)
            # The first level has none before it.
            self.carry = position > 0 and order != "parallel"
            self.emit(f"stencil.section {order} {interval} {{", 1)
            written = set()
            for target in targets:
                self.statement(order, written | set(targets), target)
                if target in self.temporaries and target not in self.defined:
                    self.defined.append(target)
            self.emit("}", 1)

    def text(self):
        self.temporaries = [f"t{n}" for n in range(4)]
        for _ in range(self.random.randrange(1, 4)):
            self.computation()
        shape = [SIZE[0] + 2 * HALO, SIZE[1] + 2 * HALO, SIZE[2] + 2]
        count = shape[0] * shape[1] * shape[2]
        names = self.inputs + self.outputs
        arguments = ", ".join(f'%{name}: {FIELD} {{stencil.name = "{name}"}}' for name in names)
        inputs = ", ".join(f"{name} = dense<{self.array(shape)}> : tensor<{'x'.join(map(str, shape))}xf64>" for name in names)
        origins = ", ".join(f"{name} = array<i64: {HALO}, {HALO}, 1>" for name in names)
        head = [f"stencil.program @p({arguments}) attributes {{domain = array<i64: {', '.join(map(str, SIZE))}>,",
                f"    inputs = {{{inputs}}},", f"    origins = {{{origins}}}}} {{"]
        head += [f'  %{name} = stencil.temporary "{name}" : {FIELD}' for name in self.temporaries]
        head += [f'  %m{n} = stencil.temporary "m{n}" : {MASK}' for n in range(self.masks)]
        return "\n".join(head + self.lines + ["}"]) + "\n"

    def array(self, shape):
        if not shape:
            return f"{self.random.randrange(-8, 9)}.5"
        return "[" + ", ".join(self.array(shape[1:]) for _ in range(shape[0])) + "]"


def opt(text, *passes):
    return subprocess.run([TOOL, "-", "-o", "/dev/null", *passes], input=text, capture_output=True, text=True)


def main():
    global TOOL
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--passes", default="--stencil-optimize")
    parser.add_argument("--tool", default="spada-opt")
    parser.add_argument("--keep", help="file for the last program that fails")
    options = parser.parse_args()
    TOOL = options.tool
    passes = options.passes.split(",")
    agree, seed = 0, options.first * 1000
    for _ in range(options.count):
        while True:
            text = Program(seed).text()
            seed += 1
            plain = opt(text, "--stencil-infer-extents", "--stencil-check", "--stencil-interpret")
            if plain.stdout:
                break
            if plain.returncode != 0 and "error" not in plain.stderr or "expected" in plain.stderr:
                print(f"seed {seed - 1}: {plain.stderr}")
                sys.exit(2)
        after = opt(text, "--stencil-infer-extents", *passes, "--stencil-interpret")
        if after.stdout == plain.stdout and after.returncode == 0:
            agree += 1
            continue
        print(f"seed {seed - 1} differs\n{after.stderr}")
        if options.keep:
            with open(options.keep, "w") as out:
                out.write(text)
    print(f"{agree} of {options.count} programs agree")
    sys.exit(0 if agree == options.count else 2)


if __name__ == "__main__":
    main()
