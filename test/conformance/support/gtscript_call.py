# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""The commands for one stencil, and the comparison of what comes out of them."""
import dataclasses
import json
import os
import re
import signal
import subprocess
import tempfile
import threading

import numpy

DTYPES = {"f32": "float32", "f64": "float64", "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64",
          "i1": "bool"}
SMALL_DOMAIN = (7, 5, 6)
SINGLE_TOLERANCE = 1e-5
DOUBLE_TOLERANCE = 1e-10


@dataclasses.dataclass
class Done:
    ok: bool
    reason: str
    seconds: float
    text: str


class Spada:
    """Runs our commands, each with a limit of time."""

    def __init__(self, folder, timeout, logs):
        self.folder, self.timeout, self.logs = folder, timeout, logs

    def run(self, command, *arguments, log=None):
        line = [os.path.join(self.folder, command), *arguments]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True)
            late = threading.Event()

            def stop():
                late.set()
                os.killpg(process.pid, signal.SIGKILL)

            timer = threading.Timer(self.timeout, stop)
            timer.start()
            _, status, usage = os.wait4(process.pid, 0)
            timer.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            text, errors = out.read().decode(errors="replace"), err.read().decode(errors="replace")
        ok = process.returncode == 0
        reason = "" if ok else self.reason(process.returncode, errors, late.is_set())
        if not ok and self.logs and log:
            with open(os.path.join(self.logs, re.sub(r"[^\w.-]", "_", log) + ".log"), "w", encoding="utf-8") as file:
                file.write(" ".join(line) + "\n" + text + errors)
        return Done(ok, reason, usage.ru_utime + usage.ru_stime, text)

    def reason(self, code, errors, late):
        if late:
            return f"stopped after {self.timeout:g} s"
        if code < 0:
            return f"crash ({signal.Signals(-code).name})"
        for text in errors.splitlines():
            found = re.match(r"(?:(.*?):(\d+):(\d+): |[\w-]+: )?error: (.*)", text)
            if found:
                place = f"{os.path.basename(found[1])}:{found[2]}:{found[3]}: " if found[1] else ""
                return place + found[4]
        lines = errors.split("\n")
        return f"exit code {code}: {lines[0]}"

    def list_stencils(self, path):
        done = self.run("spada-translate", "--import-gtscript", "--list-stencils", path)
        found = [re.match(r"\d+ ([\w.]+)", line) for line in done.text.splitlines()]
        return [match[1] for match in found if match]


def narrow(text):
    return text.replace("float64", "float32").replace("int64", "int32")


def narrow_array(array):
    types = {"float64": "float32", "int64": "int32"}
    return array.astype(types.get(array.dtype.name, array.dtype.name))


def difference(name, got, want, tolerance):
    """What is wrong with an array, or None. No tolerance: every bit counts."""
    if got.shape != want.shape or got.dtype != want.dtype:
        return f"'{name}' is {got.dtype}{list(got.shape)} instead of {want.dtype}{list(want.shape)}"
    if tolerance is None or want.dtype.kind != "f":
        wrong = got.view(f"u{got.itemsize}") != want.view(f"u{want.itemsize}")
    else:
        with numpy.errstate(invalid="ignore", over="ignore"):
            near = numpy.abs(got - want) <= tolerance["atol"] + tolerance["rtol"] * numpy.abs(want)
        wrong = ~(near | (got == want) | (numpy.isnan(got) & numpy.isnan(want)))
    if not wrong.any():
        return None
    index = tuple(int(position) for position in numpy.argwhere(wrong)[0])
    return (f"'{name}' differs at {wrong.sum()} of {wrong.size} points, first {list(index)}: "
            f"{got[index]} instead of {want[index]}")


def relative_tolerance(array, relative):
    finite = numpy.abs(array[numpy.isfinite(array)]) if array.dtype.kind == "f" else numpy.zeros(0)
    return {"rtol": relative, "atol": relative * float(finite.max()) if finite.size else 0.0}


class Call:
    """One variant of a stencil, in 64 or 32 bits."""

    def __init__(self, spada, stencil, variant, folder, is_single=False):
        self.spada, self.stencil, self.variant, self.folder = spada, stencil, variant, folder
        self.is_single = is_single
        self.bits = dict(variant.bits)
        if is_single:
            self.bits = {"float": 32, "int": 32}

    def single(self):
        return Call(self.spada, self.stencil, self.variant, self.folder, True)

    @property
    def is_narrowed(self):
        return self.is_single and self.variant.bits["float"] != 32

    def options(self):
        """How the source is to be read."""
        dtypes, types = dict(self.variant.dtypes), dict(self.variant.types)
        if self.is_narrowed:
            dtypes = {name: narrow(text) for name, text in dtypes.items()}
            types = {name: narrow(text) for name, text in types.items()}
            for name in ("np.float64", "float64", "float", "Float"):
                dtypes[name] = "float32"
            for name in ("np.int64", "np.int_", "int64", "int", "Int"):
                dtypes[name] = "int32"
            for axes in ("", "IJ", "IK", "JK", "I", "J", "K"):
                dtypes.setdefault(f"FloatField{axes}", f"Field[{axes or 'IJK'}, float32]")
                dtypes.setdefault(f"IntField{axes}", f"Field[{axes or 'IJK'}, int32]")
        line = ["--literal-float", str(self.bits["float"]), "--literal-int", str(self.bits["int"]),
                "--float", str(self.bits["float"])]
        for folder in self.stencil.include:
            line += ["-I", folder]
        for name, value in self.variant.externals.items():
            line += ["-e", f"{name}={value}"]
        for name, text in dtypes.items():
            line += ["--dtype", f"{name}={text}"]
        if types:
            path = os.path.join(self.folder, "types.json")
            with open(path, "w", encoding="utf-8") as text:
                json.dump(types, text)
            line += ["--types", path]
        return line

    def command(self, verb, *arguments, log=None):
        return self.spada.run("spada", verb, f"{self.stencil.path}::{self.stencil.selector}", *self.options(),
                              *arguments, log=log and f"{self.stencil.group}-{self.stencil.name}-{log}")

    def check(self):
        return self.command("check", log="check")

    def domain(self):
        """A small domain with enough levels."""
        return self.variant.cases[0]["domain"] if self.variant.cases else SMALL_DOMAIN

    def build(self, target):
        line = ["--target", target, "-o", os.path.join(self.folder, target)]
        if target != "cpu":
            line += ["--domain", ",".join(map(str, self.domain()))]
        return self.command("build", *line, log=f"build-{target}")

    # Comparison

    def arguments(self):
        """Rows of the table that `spada check` prints: name, type and halo."""
        pattern = r"  (\w+) +(Field\[[^\]]*\]|table \w+ \([\d, ]+\)|\w+)  +\w+(?:  +(.*))?"
        found = [re.fullmatch(pattern, line) for line in self.check().text.splitlines()]
        return [(match[1], match[2], match[3] or "") for match in found if match and match[1] != "argument"]

    def call(self, target, domain, arrays, scalars, origins):
        """Arrays after the call, or the reason why there are none."""
        line = ["--target", target, "--domain", ",".join(map(str, domain))]
        out = os.path.join(self.folder, "out")
        os.makedirs(out, exist_ok=True)
        for name, array in arrays.items():
            path = os.path.join(self.folder, f"in_{name}.npy")
            numpy.save(path, array)
            line += ["--in", f"{name}={path}"]
            if name in origins:
                line += ["--out", f"{name}={os.path.join(out, name)}.npy",
                         "--origin", f"{name}=" + ",".join(map(str, origins[name]))]
        for name, value in scalars.items():
            line += ["--set", f"{name}={value}"]
        done = self.command("run", *line, log=f"run-{target}")
        if not done.ok:
            return None, done.reason
        return {name: numpy.load(os.path.join(out, name + ".npy")) for name in origins}, None

    def names(self, case):
        """Our name of each argument of the case; None if these are not the arguments of our stencil.

        Our own stencils of the SpaDA group may have other names in the same order."""
        stored = [argument["name"] for argument in case["arguments"]]
        if self.stencil.group != "spada":
            return dict(zip(stored, stored))
        ours = [name for name, _, _ in self.arguments()]
        if len(ours) != len(stored):
            return None
        return dict(zip(stored, stored if set(ours) == set(stored) else ours))

    def stored(self, case, names, stored):
        """Arrays, scalars and origins of a stored case."""
        arrays, scalars, origins = {}, {}, {}
        for argument in case["arguments"]:
            name = names[argument["name"]]
            if argument["kind"] == "scalar":
                scalars[name] = argument["value"]
            elif argument.get("passed") != "none":
                array = stored["in_" + argument["name"]]
                arrays[name] = narrow_array(array) if self.is_narrowed else array
                if argument["kind"] == "field":
                    origins[name] = argument["origin"]
        return arrays, scalars, origins

    def compare_stored(self, case, target):
        """None, or what differs from the stored results, or from our interpreter if they have other types."""
        stored, names = numpy.load(case["path"]), self.names(case)
        if names is None:
            return "it has not the arguments of the stored results"
        arrays, scalars, origins = self.stored(case, names, stored)
        got, reason = self.call(target, case["domain"], arrays, scalars, origins)
        if reason:
            return reason
        if self.is_narrowed:
            return self.compare_own(got, target, case["domain"], arrays, scalars, origins)
        for name in names:
            if names[name] not in origins:
                continue
            written = f"out_{name}" in stored
            want = stored[f"out_{name}" if written else f"in_{name}"]
            problem = difference(name, got[names[name]], want, case["tolerance"].get(str(want.dtype)) if written else None)
            if problem:
                return problem
        return None

    def compare_own(self, got, target, domain, arrays, scalars, origins):
        want, reason = self.call("interp", domain, arrays, scalars, origins)
        if reason:
            return f"our interpreter: {reason}"
        relative = SINGLE_TOLERANCE if self.is_single else DOUBLE_TOLERANCE
        for name in origins:
            problem = difference(name, got[name], want[name], relative_tolerance(want[name], relative))
            if problem:
                return f"against our interpreter: {problem}"
        return None

    def random_call(self):
        """Arrays, scalars and origins that the table of `spada check` asks for."""
        random = numpy.random.default_rng(20240322)
        sizes = dict(zip("IJK", SMALL_DOMAIN))
        arrays, scalars, origins = {}, {}, {}
        for name, kind, halo in self.arguments():
            found = re.fullmatch(r"(?:Field\[(\w+), |table )?(\w+?)(?:,? \((.*)\))?\]?", kind)
            axes, dtype, dims = found[1] or "", DTYPES.get(found[2], found[2]), found[3] or ""
            if kind == found[2]:
                scalars[name] = 0.75 if dtype.startswith("float") else 1
                continue
            ends = {axis: (0, 0) for axis in axes}
            for axis, low, high in re.findall(r"([IJK]) ([+-]?\d+)\.\.([+-]?\d+)", halo):
                ends[axis] = max(0, -int(low)), max(0, int(high))
            shape = [sizes[axis] + sum(ends[axis]) for axis in axes] + [int(size) for size in re.findall(r"\d+", dims)]
            values = random.uniform(0.5, 1.5, shape)
            arrays[name] = values.astype(dtype) if dtype.startswith("float") else (values > 1.0).astype(dtype)
            if axes:
                origins[name] = [ends[axis][0] for axis in axes]
        return arrays, scalars, origins

    def compare_random(self, target):
        """None, or how a target and our interpreter differ on random arrays."""
        arrays, scalars, origins = self.random_call()
        got, reason = self.call(target, SMALL_DOMAIN, arrays, scalars, origins)
        return reason or self.compare_own(got, target, SMALL_DOMAIN, arrays, scalars, origins)
