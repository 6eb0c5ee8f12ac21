#!/usr/bin/env python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Speed of GTScript stencils on this machine's processor.

Builds a library for each stencil of stencils_source.py with `spada build --target cpu`, runs it on numpy arrays and
prints points per second and the bandwidth that they mean when each 3-D field moves once per call: 2 words a point for
copy and laplacian, 3 for hdiff, 5 for smagorinsky, 6 for uvbke and vadv, 7 for tridiagonal. The column % compares with the bandwidth of
a[i] = b[i] + c[i] (C compiled with cc, or numpy without one) on arrays of at least four times the last-level cache;
% cache, where the fields fit into that, with the same on arrays as large as a field.
All that a row compares is run in turns; the least of several times counts.
Arrays have --halo more points on each side of I and J than the domain; the library's module allocates them, or
with --arrays numpy np.empty.

Layouts: i is unit stride on I (numpy's order F), k is unit stride on K (order C).

With --gt4py the same stencils run beside ours as compiled by the GT4Py of that checkout: gt:cpu_ifirst in layout i,
gt:cpu_kfirst in layout k, on arrays that it allocates itself. The last column says how many times faster ours are.
Its first compilations take about 10 s each; they are kept in GT_CACHE_ROOT where that is set.

With --passes another table: how many times longer a stencil takes when an optimisation is left out.
"""
import argparse
import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np

from common import run_example, table, take_turns

HERE = os.path.dirname(os.path.abspath(__file__))
WORDS = {"copy": 2, "laplacian": 2, "uvbke": 6, "hdiff": 3, "tridiagonal": 7, "vadv": 6, "smagorinsky": 5}
PASSES = ["powers", "split", "dead", "inline", "fuse", "demote", "forward"]
STREAM = """
#include <stddef.h>
void stream_NAME(TYPE *restrict a, const TYPE *restrict b, const TYPE *restrict c, size_t n, int threads) {
#pragma omp parallel for num_threads(threads)
  for (size_t i = 0; i < n; ++i)
    a[i] = b[i] + c[i];
}
"""


def build(folder, name, bits, code=""):
    """The Python module of a stencil and the seconds that it took."""
    where = os.path.join(folder, f"{name}{bits}{code}")
    command = [run_example.find_spada(), "build", f"{HERE}/stencils_source.py::{name}", "--target", "cpu", "-o", where,
               "--float", str(bits), "--literal-float", str(bits)] + (["--code", code] if code else [])
    start = time.perf_counter()
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"error: exit code {run.returncode} from: {' '.join(command)}\n{run.stderr.strip()}")
    seconds = time.perf_counter() - start
    spec = importlib.util.spec_from_file_location(f"{name}{bits}{code}", os.path.join(where, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, seconds


def build_stream(folder):
    """A function (a, b, c, threads) and what made it."""
    compiler = next((c for c in ("cc", "gcc", "clang") if shutil.which(c)), None)
    if compiler:
        source, library = os.path.join(folder, "stream.c"), os.path.join(folder, "libstream.so")
        with open(source, "w") as file:
            for name, ctype in (("float64", "double"), ("float32", "float")):
                file.write(STREAM.replace("NAME", name).replace("TYPE", ctype))
        command = [compiler, "-O3", "-march=native", "-fopenmp", "-shared", "-fPIC", source, "-o", library]
        if subprocess.run(command, capture_output=True).returncode == 0:
            code = ctypes.CDLL(library)

            def stream(a, b, c, threads):
                function = getattr(code, f"stream_{a.dtype}")
                function(*(ctypes.c_void_p(x.ctypes.data) for x in (a, b, c)), ctypes.c_size_t(a.size),
                         ctypes.c_int(threads))
            return stream, f"C, {compiler} -O3"
    return lambda a, b, c, threads: np.add(b, c, out=a), "numpy, one thread"


def last_cache_bytes():
    """Bytes of the last-level cache, as the system says; 32 MiB where it does not."""
    folder = "/sys/devices/system/cpu/cpu0/cache"
    sizes = [0]
    for index in os.listdir(folder) if os.path.isdir(folder) else []:
        try:
            with open(os.path.join(folder, index, "size")) as file:
                text = file.read().strip()
            sizes.append(int(text[:-1]) * {"K": 1 << 10, "M": 1 << 20}[text[-1]])
        except (OSError, ValueError, KeyError, IndexError):
            continue
    return max(sizes) or 32 << 20


class GT4Py:
    """The stencils of stencils_source.py as another compiler makes them."""

    def __init__(self, path):
        sys.path.insert(0, os.path.join(path, "src") if os.path.isdir(os.path.join(path, "src")) else path)
        import gt4py.cartesian.gtscript as gtscript
        import gt4py.storage as storage
        self.gtscript, self.storage = gtscript, storage
        # The layout decides about its threads; it has no argument for them.
        self.openmp = ctypes.CDLL("libgomp.so.1")

    def compile(self, name, bits, layout):
        real = np.float64 if bits == 64 else np.float32
        spec = importlib.util.spec_from_file_location(f"gt4py_{name}_{bits}", f"{HERE}/stencils_source.py")
        module = importlib.util.module_from_spec(spec)
        module.Float = real
        spec.loader.exec_module(module)
        backend = f"gt:cpu_{layout}first"
        stencil = self.gtscript.stencil(backend=backend, definition=getattr(module, name), literal_float_precision=bits)
        return stencil, backend, real

    def make_call(self, compiled, ours, size, halo, threads, random):
        stencil, backend, real = compiled
        halo = (halo, halo, 0)
        values = {}
        for argument in ours.ARGUMENTS:
            if not argument["field"]:
                values[argument["name"]] = real(3.0)
                continue
            shape = tuple(n + 2 * h for n, h in zip(size, halo))
            array = self.storage.empty(shape, real, backend=backend, aligned_index=halo)
            array[...] = 1.0 + random.random(shape, dtype=real) + 4.0 * (argument["name"] == "diag")
            values[argument["name"]] = array

        def call():
            self.openmp.omp_set_num_threads(threads)
            stencil(**values, origin=halo, domain=size, validate_args=False)
        return call


def import_gt4py(path, folder):
    """GT4Py at `path`, or nothing and a line that says why."""
    if not path:
        return None
    os.environ.setdefault("GT_CACHE_ROOT", folder)
    try:
        return GT4Py(path)
    except Exception as problem:  # whatever its imports raise
        print(f"GT4Py is left out: {type(problem).__name__}: {problem}")
        return None


def make_arrays(module, size, halo, bits, layout):
    """The fields of a stencil by name, as numpy allocates them, and their origins."""
    fields, origin = {}, {}
    for argument in module.ARGUMENTS:
        if argument["field"]:
            lower, upper = ([max(least, n) for least, n in zip(argument[side], (halo, halo, 0))]
                            for side in ("lower", "upper"))
            shape = [n + low + high for n, low, high in zip(size, lower, upper)]
            fields[argument["name"]] = np.empty(shape, dtype=f"float{bits}", order="F" if layout == "i" else "C")
            origin[argument["name"]] = tuple(lower)
    return fields, origin


def make_call(module, options, size, bits, layout, threads, random):
    """A call with fields for a domain of `size` points, and one that fills them as at first."""
    if options.arrays == "numpy":
        fields, origin = make_arrays(module, size, options.halo, bits, layout)
    else:
        fields, origin = module.allocate(size, options.halo, layout.upper())
    for name, array in fields.items():
        array[...] = 1.0 + random.random(array.shape, dtype=array.dtype)
        if name == "diag":
            array += 4.0
    scalars = {argument["name"]: 3.0 for argument in module.ARGUMENTS if not argument["field"]}
    kept = {name: array.copy(order="K") for name, array in fields.items()}

    def call():
        module.run(**fields, **scalars, origin=origin, domain=size, threads=threads, validate_args=False)

    def reset():
        for name, array in fields.items():
            array[...] = kept[name]
    return call, reset


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stencils", default=",".join(WORDS), help="names, with commas between")
    parser.add_argument("--sizes", default="128x128x80,512x512x80")
    parser.add_argument("--bits", default="64,32")
    parser.add_argument("--layouts", default="i,k")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--halo", type=int, default=3, help="points around the domain; more where a stencil needs them")
    parser.add_argument("--arrays", choices=["module", "numpy"], default="module",
                        help="who allocates the fields: the library's Python module, or numpy")
    parser.add_argument("--times", type=int, default=15, help="runs of each, the least time counts")
    parser.add_argument("--passes", action="store_true", help="what each optimisation gains")
    parser.add_argument("--gt4py", metavar="PATH", help="a checkout of GT4Py to compare with")
    options = parser.parse_args()
    names = options.stencils.split(",")
    for name in names:
        if name not in WORDS:
            sys.exit(f"error: unknown stencil '{name}'; known are {', '.join(WORDS)}")
    with tempfile.TemporaryDirectory() as folder:
        if options.passes:
            measure_passes(options, folder, names)
            return
        stream, how = build_stream(folder)
        other = import_gt4py(options.gt4py, folder)
        print(f"stream: a = b + c, {how}")
        rows = []
        for name in names:
            for bits in map(int, options.bits.split(",")):
                rows += measure(options, folder, name, bits, stream, other)
        head = ["stencil", "type", "domain", "threads", "layout", "build s", "ms", "Mpt/s", "GB/s", "stream", "%", "% cache"]
        table(head + (["gt4py ms", "times"] if other else []), rows)


def measure_passes(options, folder, names):
    """Prints a table: milliseconds with all optimisations, and how many times more without each."""
    random = np.random.default_rng(1)
    rows = []
    for name in names:
        for bits in map(int, options.bits.split(",")):
            modules = [build(folder, name, bits, code)[0] for code in [""] + [f"no-{one}" for one in PASSES]]
            for text in options.sizes.split(","):
                size = tuple(map(int, text.split("x")))
                for layout in options.layouts.split(","):
                    for threads in map(int, options.threads.split(",")):
                        calls = [make_call(module, options, size, bits, layout, threads, random)[0] for module in modules]
                        best, *others = map(min, take_turns(calls, options.times))
                        rows.append([name, f"f{bits}", text, threads, layout, f"{best * 1e3:.2f}"] +
                                    [f"{other / best:.2f}" for other in others])
    table(["stencil", "type", "domain", "threads", "layout", "ms"] + [f"no-{one}" for one in PASSES], rows)


def measure(options, folder, name, bits, stream, other):
    """Rows of the table for one stencil and type."""
    random = np.random.default_rng(1)
    module, seconds = build(folder, name, bits)
    layouts = options.layouts.split(",")
    compiled = {layout: other.compile(name, bits, layout) for layout in layouts} if other else {}
    cache = last_cache_bytes()
    rows = []
    for text in options.sizes.split(","):
        size = tuple(map(int, text.split("x")))
        points = size[0] * size[1] * size[2]
        fields = sum(1 for argument in module.ARGUMENTS if argument["field"])
        lengths = [max(points, 4 * cache * 8 // bits)] + [points] * (fields * points * bits // 8 <= cache)
        vectors = [[np.ones(length, dtype=f"float{bits}") for _ in range(3)] for length in lengths]
        for threads in map(int, options.threads.split(",")):
            for layout in layouts:
                call, reset = make_call(module, options, size, bits, layout, threads, random)
                reset()
                calls = [call] + [lambda abc=abc: stream(*abc, threads) for abc in vectors]
                if other:
                    calls.append(other.make_call(compiled[layout], module, size, options.halo, threads, random))
                ours, *others = map(min, take_turns(calls, options.times))
                bandwidth = WORDS[name] * bits / 8 * points / ours / 1e9
                limits = [3 * bits / 8 * length / time / 1e9 for length, time in zip(lengths, others)]
                theirs = others[len(lengths):]
                shares = [f"{100 * bandwidth / limit:.0f}" for limit in limits]
                rows.append([name, f"f{bits}", text, threads, layout, f"{seconds:.2f}", f"{ours * 1e3:.2f}",
                             f"{points / ours / 1e6:.0f}", f"{bandwidth:.1f}", f"{limits[0]:.1f}"] + (shares + [""])[:2] +
                            [f"{t * 1e3:.2f}" for t in theirs] + [f"{t / ours:.1f}" for t in theirs])
    return rows


if __name__ == "__main__":
    main()
