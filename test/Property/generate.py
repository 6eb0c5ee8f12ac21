#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Makes random SpaDA programs that are right by construction, with inputs. It neither compiles nor runs them: agree.py.
"""Write a random program and its inputs.

  python3 test/Property/generate.py --seed 7 -o case

writes case/case.sptl, one .npy file for each input and case/case.json (scalars, names of inputs and outputs). The same
seed gives the same bytes.
"""
import argparse
import json
import os

import numpy as np

DTYPES = {"f32": np.float32, "f16": np.float16, "i16": np.int16, "i32": np.int32}
FIELDS = ["x", "y", "z"]


class Program:
    """One random program. Every number drawn comes from `rng`; nothing depends on sets or clocks."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.type = self.pick(["f32", "f32", "i16", "i32", "f16"])
        self.is_float = self.type.startswith("f")
        self.width = 1 if self.coin(0.1) else int(self.rng.integers(2, 7))
        self.height = 1 if self.coin(0.3) else int(self.rng.integers(2, 5))
        self.size = int(self.rng.integers(1, 13))
        self.has_scalar = self.coin()
        self.channels = self.names = 0
        self.lines = []
        self.build()

    # Draws

    def pick(self, values):
        return values[int(self.rng.integers(len(values)))]

    def coin(self, chance=0.5):
        return bool(self.rng.random() < chance)

    def channel(self):
        self.channels += 1
        return self.channels - 1

    # Expressions: every operator in parentheses, so that association plays no part.

    def literal(self):
        return self.pick(["0.5", "1.5", "2.0", "0.25", "3.0"]) if self.is_float else str(int(self.rng.integers(0, 8)))

    def leaf(self, atoms):
        return self.literal() if self.coin(0.25) else self.pick(atoms)

    def expression(self, atoms, depth=2):
        if depth == 0 or self.coin(0.25):
            return self.leaf(atoms)
        a, b = self.expression(atoms, depth - 1), self.expression(atoms, depth - 1)
        kind = self.pick(["+", "-", "*", "fmac", "if", "/", "%" if not self.is_float else "+"])
        if kind == "fmac":
            return f"fmac({a}, {b}, {self.leaf(atoms)})"
        if kind == "if":
            return f"({a} if {a} {self.pick(['<', '>', '<=', '>=', '==', '!='])} {b} else {b})"
        if kind in "/%":
            # Literals alone would be a compile-time division, which must be exact.
            a = self.pick(atoms)
            return f"({a} {kind} {self.pick(['2.0', '3.0']) if self.is_float else self.pick(['2', '3', '5', '7'])})"
        return f"({a} {kind} {b})"

    def atoms(self, index):
        atoms = [f"{field}[{index}]" for field in FIELDS] + ["acc"]
        return atoms + ["alpha"] if self.has_scalar else atoms

    # Statements of a compute body that touch only this PE.

    def local(self):
        target = self.pick(FIELDS)
        others = [field for field in FIELDS if field != target]
        kind = self.pick(["map", "for", "scan", "reverse", "assign", "async", "element", "indirect"])
        if kind in ("map", "for"):
            lo = 0 if self.coin(0.7) else int(self.rng.integers(0, self.size))
            step = "" if self.coin(0.8) else ":2"
            head = "await map" if kind == "map" else "for"
            body = self.expression(self.atoms("k"))
            return [f"{head} i16 k in [{lo}:K{step}] {{ {target}[k] = {body} }}"]
        if kind == "scan":
            return ["for i16 k in [0:K] {", f"    acc = {self.expression(['acc', others[0] + '[k]'])}",
                    f"    {target}[k] = acc", "}"]
        if kind == "reverse":
            return [f"for i16 k in [K-1:0:-1] {{ {target}[k] = ({target}[k] + {target}[(k - 1)]) }}"]
        if kind == "assign":
            return [f"{target} = {self.expression(FIELDS)}"]
        if kind == "async":
            self.names += 1
            return [f"completion c{self.names} = async {{ acc = {self.expression([others[0] + '[0]', 'acc'])} }}",
                    f"await map i16 k in [0:K] {{ {target}[k] = {self.expression([others[1] + '[k]'])} }}", "awaitall"]
        if kind == "element":
            return [f"{target}[{int(self.rng.integers(self.size))}] = {self.expression(self.atoms('0'))}"]
        return ["for i16 k in [0:K] {", "    at = ((k * 3) % K)", f"    {target}[k] = {others[0]}[at]", "}"]

    def sending(self, field, stream, name):
        """Statements that send all of `field`; what must be awaited later comes second."""
        kind = self.pick(["await", "completion", "elements"])
        if kind == "elements":
            return [f"for i16 k in [0:K] {{ await send({field}[k], {stream}) }}"], []
        if kind == "await":
            return [f"await send({field}, {stream})"], []
        return [f"completion {name} = send({field}, {stream})"], [f"await {name}"]

    def receiving(self, field, stream):
        kind = self.pick(["whole", "foreach", "elements"])
        if kind == "whole":
            return [f"await receive({field}, {stream})"]
        if kind == "elements":
            return [f"for i16 k in [0:K] {{ await receive({field}[k], {stream}) }}"]
        other = self.pick([other for other in FIELDS if other != field])
        body = self.expression(["e", f"{other}[k]", f"{field}[k]"])
        return [f"await foreach i16 k, {self.type} e in [0:K], receive({stream}) {{ {field}[k] = {body} }}"]

    # Phases

    def emit(self, text, depth):
        self.lines.append("    " * depth + text)

    def compute(self, xs, ys, body):
        self.emit(f"compute u16 i, u16 j in [{xs}, {ys}] {{", 2)
        for line in body:
            self.emit(line, 3)
        self.emit("}", 2)

    def dataflow(self, streams):
        self.emit("dataflow u16 i, u16 j in [0:W, 0:H] {", 2)
        for name, offset, channel in streams:
            self.emit(f"stream<{self.type}> {name} = relative_stream({offset}) {{ hops = auto, channel = {channel} }}", 3)
        self.emit("}", 2)

    def local_phase(self):
        body = [line for _ in range(int(self.rng.integers(1, 4))) for line in self.local()]
        self.compute(*self.pick([("0:W", "0:H"), ("0:W:2", "0:H"), ("0:W", "0"), ("1:W", "0:H:2")]), body)

    def axis(self, size):
        """(lowest sender, distance): senders at lowest, lowest + 2 distance, ...; distance 0 when there is no room."""
        if size < 2:
            return 0, 0
        distance = int(self.rng.integers(1, min(size - 1, 3) + 1))
        return int(self.rng.integers(0, size - distance)), distance

    def shift_phase(self):
        """Disjoint pairs of PEs; in each, one sends to the other, or both do."""
        (x, dx), (y, dy) = self.axis(self.width), self.axis(self.height)
        if dx and dy:
            dx, dy = self.pick([(dx, 0), (0, dy), (dx, dy)])
        if not dx and not dy:
            return self.local_phase()
        # Pairs do not share PEs or paths: senders stand 2 distance apart on every axis that moves.
        def first(start, distance, size):
            return f"{start}:{size}-{distance}:{2 * distance}" if distance else f"0:{size}"

        def second(start, distance, size):
            return f"{start + distance}:{size}:{2 * distance}" if distance else f"0:{size}"
        here = first(x, dx, "W"), first(y, dy, "H")
        there = second(x, dx, "W"), second(y, dy, "H")
        if self.coin():
            here, there, dx, dy = there, here, -dx, -dy
        streams = [("go", f"{dx}, {dy}", self.channel())]
        field, target = self.pick(FIELDS), self.pick(FIELDS)
        send, later = self.sending(field, "go", "tx")
        if self.coin(0.6):
            self.dataflow(streams)
            self.compute(*here, send + later)
            self.compute(*there, self.receiving(target, "go"))
            return
        streams.append(("back", f"{-dx}, {-dy}", self.channel()))
        back = self.pick([f for f in FIELDS if f != field])
        self.dataflow(streams)
        # What is under way must not be written: receive into a field that is not being sent.
        free = [f for f in FIELDS if f not in (field, back)][0]
        self.compute(*here, [f"completion tx = send({field}, go)", f"await receive({free}, back)", "await tx"])
        self.compute(*there, [f"completion tx = send({back}, back)", f"await receive({free}, go)", "await tx"])

    def multicast_phase(self):
        """The first or last column, or row, sends to all the others of its line."""
        along_x = self.width > 1 and (self.height < 2 or self.coin())
        size, name = (self.width, "W") if along_x else (self.height, "H")
        if size < 2:
            return self.local_phase()
        if self.coin():
            reach, sender, receivers = f"[1:{name}]", "0", f"1:{name}"
        else:
            reach, sender, receivers = f"[-1:-{name}]", f"{name}-1", f"0:{name}-1"
        field = self.pick(FIELDS)
        self.dataflow([("cast", f"{reach}, 0" if along_x else f"0, {reach}", self.channel())])
        other = "0:H" if along_x else "0:W"
        place = (lambda line: (line, other)) if along_x else (lambda line: (other, line))
        self.compute(*place(sender), [f"await send({field}, cast)"])
        self.compute(*place(receivers), [f"await receive({self.pick(FIELDS)}, cast)"])

    def chain_phase(self):
        """A running sum that flows east, element by element; neighbours use different channels."""
        if self.width < 2:
            return self.local_phase()
        streams = [("p", "1, 0", self.channel()), ("q", "1, 0", self.channel())]
        self.dataflow(streams)
        self.compute("0", "0:H", ["await send(x, p)"])
        body = self.expression(["x[k]", "e"])
        for start, source, target in ((1, "p", "q"), (2, "q", "p")):
            self.compute(f"{start}:W-1:2", "0:H",
                         [f"await foreach i16 k, {self.type} e in [0:K], receive({source}) {{", f"    x[k] = {body}",
                          f"    await send(x[k], {target})", "}"])
        last = "p" if self.width % 2 == 0 else "q"
        self.compute("W-1", "0:H", [f"await foreach i16 k, {self.type} e in [0:K], receive({last}) {{ x[k] = {body} }}"])

    def build(self):
        scalar = f"{self.type} alpha, " if self.has_scalar else ""
        array = f"stream<{self.type}, K>[W, H]"
        self.emit(f"kernel @case<W, H, K>({array} readonly a, {array} readonly b, {scalar}{array} writeonly r) {{", 0)
        self.emit("place u16 i, u16 j in [0:W, 0:H] {", 1)
        for field in FIELDS:
            self.emit(f"{self.type}[K] {field}", 2)
        self.emit(f"{self.type} acc", 2)
        self.emit("i16 at", 2)
        self.emit("}", 1)
        self.phase(lambda: self.compute("0:W", "0:H", ["await receive(x, a[i, j])", "await receive(y, b[i, j])"]))
        for _ in range(int(self.rng.integers(1, 5))):
            self.phase(self.pick([self.local_phase, self.shift_phase, self.shift_phase, self.multicast_phase,
                                  self.chain_phase]))
        total = "fmac(z[k], x[k], y[k])" if self.coin() else "(z[k] + (x[k] - y[k]))"
        self.phase(lambda: self.compute("0:W", "0:H", [f"await map i16 k in [0:K] {{ z[k] = {total} }}",
                                                       "await send(z, r[i, j])"]))
        self.emit("}", 0)

    def phase(self, fill):
        self.emit("phase {", 1)
        fill()
        self.emit("}", 1)

    # Results

    def source(self):
        return "\n".join(self.lines) + "\n"

    def arrays(self):
        shape, dtype = (self.width, self.height, self.size), DTYPES[self.type]
        if self.is_float:
            return {name: self.rng.uniform(-2, 2, shape).astype(dtype) for name in ("a", "b")}
        return {name: self.rng.integers(-100, 100, shape).astype(dtype) for name in ("a", "b")}


def write(seed, folder):
    """Write case.sptl, a.npy, b.npy and case.json into `folder`; return the description in case.json."""
    program = Program(seed)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "case.sptl"), "w") as file:
        file.write(program.source())
    for name, array in program.arrays().items():
        np.save(os.path.join(folder, name + ".npy"), array)
    description = {"seed": seed, "params": {"W": program.width, "H": program.height, "K": program.size},
                   "scalars": {"alpha": 1.5 if program.is_float else 3} if program.has_scalar else {},
                   "inputs": ["a", "b"], "outputs": ["r"]}
    with open(os.path.join(folder, "case.json"), "w") as file:
        json.dump(description, file, indent=2)
        file.write("\n")
    return description


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("-o", "--directory", required=True)
    options = parser.parse_args()
    write(options.seed, options.directory)


if __name__ == "__main__":
    main()
