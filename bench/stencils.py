#!/usr/bin/env python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Speed of GTScript stencils on this machine's processor.

Builds a library for each stencil of stencils_source.py with `spada build --target cpu`, runs it on numpy arrays and
prints points per second and the bandwidth that they mean when each 3-D field moves once per call: 2 words a point for
copy and laplacian, 3 for hdiff, 6 for uvbke and vadv, 7 for tridiagonal. The last column compares with the bandwidth of
a[i] = b[i] + c[i] on arrays as large as a field, measured beside each stencil (C compiled with cc, or numpy without
one). The least of several times counts.

Layouts: i is unit stride on I (numpy's order F), k is unit stride on K (order C).
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

from common import run_example, table

HERE = os.path.dirname(os.path.abspath(__file__))
WORDS = {"copy": 2, "laplacian": 2, "uvbke": 6, "hdiff": 3, "tridiagonal": 7, "vadv": 6}
STREAM = """
#include <stddef.h>
void stream_NAME(TYPE *restrict a, const TYPE *restrict b, const TYPE *restrict c, size_t n, int threads) {
#pragma omp parallel for num_threads(threads)
  for (size_t i = 0; i < n; ++i)
    a[i] = b[i] + c[i];
}
"""


def build(folder, name, bits):
    """The Python module of a stencil and the seconds that it took."""
    where = os.path.join(folder, f"{name}{bits}")
    command = [run_example.find_spada(), "build", f"{HERE}/stencils_source.py::{name}", "--target", "cpu", "-o", where,
               "--float", str(bits), "--literal-float", str(bits)]
    start = time.perf_counter()
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"error: exit code {run.returncode} from: {' '.join(command)}\n{run.stderr.strip()}")
    seconds = time.perf_counter() - start
    spec = importlib.util.spec_from_file_location(f"{name}{bits}", os.path.join(where, name + ".py"))
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


def least_time(call, times):
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def make_call(module, size, bits, layout, threads, random):
    """Arguments for a domain of `size` points: fields with exactly the halo that they need."""
    values, origin = [], {}
    for argument in module.ARGUMENTS:
        if not argument["field"]:
            values.append(3.0)
            continue
        shape = [n + low + high for n, low, high in zip(size, argument["lower"], argument["upper"])]
        array = np.empty(shape, dtype=f"float{bits}", order="F" if layout == "i" else "C")
        array[...] = 1.0 + random.random(shape, dtype=array.dtype)
        if argument["name"] == "diag":
            array += 4.0
        values.append(array)
        origin[argument["name"]] = tuple(argument["lower"])
    kept = [v.copy(order="K") if isinstance(v, np.ndarray) else v for v in values]

    def call():
        module.run(*values, origin=origin, domain=size, threads=threads, validate_args=False)

    def reset():
        for value, old in zip(values, kept):
            if isinstance(value, np.ndarray):
                value[...] = old
    return call, reset


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stencils", default=",".join(WORDS), help="names, with commas between")
    parser.add_argument("--sizes", default="128x128x80,512x512x80")
    parser.add_argument("--bits", default="64,32")
    parser.add_argument("--layouts", default="i,k")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--times", type=int, default=15, help="runs of each, the least time counts")
    options = parser.parse_args()
    random = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        stream, how = build_stream(folder)
        print(f"stream: a = b + c, {how}")
        rows = []
        for name in options.stencils.split(","):
            if name not in WORDS:
                sys.exit(f"error: unknown stencil '{name}'; known are {', '.join(WORDS)}")
            for bits in map(int, options.bits.split(",")):
                module, seconds = build(folder, name, bits)
                for text in options.sizes.split(","):
                    size = tuple(map(int, text.split("x")))
                    points = size[0] * size[1] * size[2]
                    vectors = [np.ones(points, dtype=f"float{bits}") for _ in range(3)]
                    for threads in map(int, options.threads.split(",")):
                        for layout in options.layouts.split(","):
                            call, reset = make_call(module, size, bits, layout, threads, random)
                            reset()
                            ours = least_time(call, options.times)
                            base = least_time(lambda: stream(*vectors, threads), options.times)
                            bandwidth = WORDS[name] * bits / 8 * points / ours / 1e9
                            limit = 3 * bits / 8 * points / base / 1e9
                            rows.append([name, f"f{bits}", text, threads, layout, f"{seconds:.2f}", f"{ours * 1e3:.2f}",
                                         f"{points / ours / 1e6:.0f}", f"{bandwidth:.1f}", f"{limit:.1f}",
                                         f"{100 * bandwidth / limit:.0f}"])
        table(["stencil", "type", "domain", "threads", "layout", "build s", "ms", "Mpt/s", "GB/s", "stream", "%"], rows)


if __name__ == "__main__":
    main()
