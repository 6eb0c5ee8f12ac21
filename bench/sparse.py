#!/usr/bin/env python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Speed of sparse networks on this machine's processor, beside other ways to run them.

For each case: a ladder from a plain layer-by-layer kernel (compressed rows, our own, in sparse_peers.cpp) to the code
that `spada build` makes, one step at a time; then Eigen, SuiteSparse:GraphBLAS, librsb, LIBXSMM and dense OpenBLAS where
they are installed and can run the case. Outputs are checked before anything is timed: ours equal each other bit for bit,
others' differ by rounding. All contenders run in turns, round after round; the least time counts.

G/s are 1e9 connections times inputs a second, on dense random activations, nothing skipped. `computed` beside merging is
the share of connections that are left; its rate is nominal. `x CSR` is the speed over the best tiled run of our own
plain compressed rows. `% FMA` is the share of what multiply-adds in registers reach in the same run; the units that only
add are counted in neither, so that sums of equal weights can pass 100.

With --gc FOLDER (partition.tsv, images-1200.hex, categories.tsv): the Graph Challenge network of 1024 neurons and 120
layers on its images, repeated --copies times, with dead inputs dropped; nominal and effective rates.

Exit codes: 0 done; 1 something failed; 2 a goal is missed: 1.8 x CSR where two layers of 64 inputs fit half of 2 MiB,
3 x beyond, for RadiX-Net; 3 x the fastest library.
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

from common import HERE, run_example, table, take_turns

CASES = {"mlp": ("ffn", [500] * 4, .1), "ffn90": ("ffn", [1024, 4096, 1024], .1), "ffn99": ("ffn", [1024, 4096, 1024], .01),
         "radix1024x120": ("radix", 1024, 120), "radix4096x24": ("radix", 4096, 24), "radix16384x20": ("radix", 16384, 20),
         "radix65536x12": ("radix", 65536, 12)}
BATCH = {"radix16384x20": 512, "radix65536x12": 256}
# The steps of the ladder: options of `spada build`.
LADDER = [("depth first", ["--code", "no-blocks,no-classes,no-registers,no-fold,wide-indices"]),
          ("+ ordered", ["--code", "no-registers,no-fold,wide-indices"]), ("+ register blocks", ["--code", "no-fold,wide-indices"]),
          ("+ 16-bit indices", ["--code", "no-fold"]), ("+ folded weights", []), ("(+ merging)", ["--merge"])]
PEERS = {"Eigen": ("EIGEN", ["-I/usr/include/eigen3"], []), "GraphBLAS": ("GRAPHBLAS", [], ["-lgraphblas"]),
         "librsb": ("RSB", [], ["-lrsb"]), "LIBXSMM": ("XSMM", [], ["-lxsmm", "-lxsmmnoblas", "-ldl", "-lpthread"]),
         "OpenBLAS, dense": ("BLAS", [], ["-lopenblas"])}
BIAS = {1024: -.3, 4096: -.35, 16384: -.4, 65536: -.45}


class Layer(ctypes.Structure):
    _fields_ = [("rows", ctypes.c_int64), ("columns", ctypes.c_int64), ("first", ctypes.c_void_p),
                ("column", ctypes.c_void_p), ("weight", ctypes.c_void_p), ("bias", ctypes.c_void_p),
                ("relu", ctypes.c_int32), ("cap", ctypes.c_float)]


def radix(neurons, layers, random):
    """(rows, columns, first, column, weight, bias, cap) of each layer: classes of 16 neurons, 2 read by each."""
    classes = neurons // 16
    depth = 12 if neurons == 65536 else classes.bit_length() - 1
    of = np.arange(neurons) % classes
    for layer in range(layers):
        if layer and layer % depth == 0:
            of = random.permutation(neurons) % classes
        members = np.argsort(of, kind="stable").reshape(classes, 16)
        own = np.arange(classes)
        pairs = np.sort(np.concatenate([members[own], members[(own + 2**(layer % depth)) % classes]], axis=1), axis=1)
        column = pairs[np.arange(neurons) % classes].astype(np.int32).ravel()
        yield (neurons, neurons, np.arange(neurons + 1, dtype=np.int64) * 32, column,
               np.full(column.size, 1 / 16, np.float32), np.full(neurons, BIAS[neurons], np.float32), 32.)


def ffn(widths, density, random):
    for n, (columns, rows) in enumerate(zip(widths, widths[1:])):
        pattern = random.random((rows, columns)) < density
        first = np.concatenate([[0], np.cumsum(pattern.sum(1))]).astype(np.int64)
        column = np.nonzero(pattern)[1].astype(np.int32)
        weight = (random.standard_normal(column.size) / np.sqrt(density * columns)).astype(np.float32)
        bias = (random.standard_normal(rows) * .1).astype(np.float32)
        yield rows, columns, first, column, weight, bias, (None if n + 2 == len(widths) else np.inf)


def make_case(name, folder):
    """The layers, and a file of them for spada."""
    kind, size, more = CASES[name]
    random = np.random.default_rng(1)
    layers = list(radix(size, more, random) if kind == "radix" else ffn(size, more, random))
    arrays = {}
    for n, (rows, columns, first, column, weight, bias, cap) in enumerate(layers):
        arrays |= {f"{n}.indptr": first, f"{n}.indices": column, f"{n}.data": weight, f"{n}.bias": bias,
                   f"{n}.shape": np.array([rows, columns])}
        arrays[f"{n}.activation"] = np.array("none" if cap is None else "relu" if cap == np.inf else f"relu:{cap:g}")
    path = os.path.join(folder, name + ".npz")
    np.savez(path, **arrays)
    return layers, path


def build_ours(path, options, where):
    """The Python module of a network, and seconds."""
    command = [run_example.find_spada(), "build", path, "--name", "net", "--cpu", "native", "-o", where] + options
    start = time.perf_counter()
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"error: exit code {run.returncode} from: {' '.join(command)}\n{run.stderr.strip()}")
    spec = importlib.util.spec_from_file_location("net", os.path.join(where, "net.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, time.perf_counter() - start


def build_peer(folder, define, flags, libraries):
    """The library of a peer, or nothing where it cannot be compiled."""
    compiler = next((c for c in ("g++", "clang++") if shutil.which(c)), None)
    where = os.path.join(folder, f"lib{define}.so")
    command = [str(compiler), "-std=gnu++20", "-O3", "-march=native", "-mprefer-vector-width=512", "-fno-math-errno",
               "-fopenmp", "-fPIC", "-shared", f"-DPEER_{define}", *flags, f"{HERE}/sparse_peers.cpp", "-o", where, *libraries]
    if not compiler or subprocess.run(command, capture_output=True).returncode:
        return None
    library = ctypes.CDLL(where)
    library.peer_open.restype = ctypes.c_void_p
    library.peer_open.argtypes = [ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int, ctypes.c_int64, ctypes.c_int]
    library.peer_run.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    library.peer_close.argtypes = [ctypes.c_void_p]
    return library


def tiles_of(x, tile):
    """batch x neurons as tiles of neurons x tile, one after the other."""
    return np.ascontiguousarray(x.reshape(-1, tile, x.shape[1]).transpose(0, 2, 1))


class Peer:
    """One way to run the layers through a peer's library; `call` runs it, `result` is batch x outputs."""

    def __init__(self, library, layers, x, threads, tile, depth):
        self.code, self.rows = library, layers[-1][0]
        native = (Layer * len(layers))()
        for to, (rows, columns, first, column, weight, bias, cap) in zip(native, layers):
            to.rows, to.columns, to.relu, to.cap = rows, columns, cap is not None, np.inf if cap is None else cap
            to.first, to.column, to.weight, to.bias = (a.ctypes.data for a in (first, column, weight, bias))
        self.keep = native
        self.tile = tile if depth else x.shape[0]
        self.handle = library.peer_open(len(layers), native, x.shape[0], threads, tile, depth)
        self.x = tiles_of(x, self.tile)
        self.y = np.zeros((x.shape[0] // self.tile, self.rows, self.tile), np.float32)
        self.failed = not self.handle or self.call() != 0

    def call(self):
        return self.code.peer_run(self.handle, self.x.ctypes.data, self.y.ctypes.data)

    def result(self):
        return self.y.transpose(0, 2, 1).reshape(-1, self.rows)

    def close(self):
        if self.handle:
            self.code.peer_close(self.handle)


def reference(layers, x):
    """A few inputs in float64."""
    values = x[:4].astype(np.float64)
    for rows, columns, first, column, weight, bias, cap in layers:
        sums = np.stack([np.add.reduceat(np.append(weight * v[column], 0), np.minimum(first[:-1], weight.size)) for v in values])
        sums[:, first[:-1] == first[1:]] = 0
        values = sums + bias
        if cap is not None:
            values = np.clip(values, 0, cap)
    return values


def probes(library):
    """Rates of multiply-adds in G/s: registers, rows of 256 bytes from 16 KiB, 512 KiB and 16 MiB."""
    library.peer_probe.restype = ctypes.c_double
    library.peer_probe.argtypes = [ctypes.c_int64, ctypes.c_int64]
    sizes = {"registers": (0, 20), "16 KiB": (1 << 14, 20), "512 KiB": (1 << 19, 20), "16 MiB": (1 << 24, 5)}
    return {name: max(library.peer_probe(*size) for _ in range(5)) for name, size in sizes.items()}


def run_case(name, options, threads, peers, folder):
    """Prints the table of a case; the goals that it misses."""
    layers, path = make_case(name, folder)
    connections = sum(layer[3].size for layer in layers)
    batch = options.batch or BATCH.get(name, 1024)
    batch = -(-batch // 128) * 128
    x = np.random.default_rng(2).random((batch, layers[0][1]), dtype=np.float32)
    wanted = reference(layers, x)
    scale = max(1e-30, np.abs(wanted).max())
    contenders, notes, first = {}, {}, None
    keep = []
    for n, (step, flags) in enumerate(LADDER):
        if step == "+ folded weights" and CASES[name][0] != "radix":
            continue
        module, seconds = build_ours(path, flags, os.path.join(folder, f"{name}-{n}"))
        y = np.empty((batch, module.OUTPUTS), np.float32)
        memory, work = module.workspace(batch, threads), []
        module.run(x, y, threads=threads, memory=memory, work=work)
        if np.abs(y[:4] - wanted).max() > 1e-5 * scale or (first is not None and y.tobytes() != first.tobytes()):
            sys.exit(f"error: {name}, {step}: wrong outputs")
        first = y.copy()
        notes[step] = f"{seconds:.1f} s to build" + (
            f", computed {100 * work[0] / (connections * batch):.1f} %" if "merging" in step else "")
        contenders[step] = lambda m=module, y=y, w=memory: m.run(x, y, threads=threads, memory=w)
        keep.append(memory)
    runs = [("layer by layer, CSR", peers["CSR"], 0, 0)]
    runs += [(f"{'depth' if depth else 'layers'}, CSR, tile {tile}", peers["CSR"], tile, depth)
             for depth in (1, 0) for tile in (16, 32, 64, 128)]
    for peer in PEERS:
        small = name in ("mlp", "ffn90", "ffn99")
        if peers[peer] and (small or peer not in ("LIBXSMM", "OpenBLAS, dense")):
            runs += [(f"{peer}, whole batch", peers[peer], 0, 0), (f"{peer}, tile 64", peers[peer], 64, 1)]
    for label, library, tile, depth in runs:
        peer = Peer(library, layers, x, threads, tile, depth)
        if peer.failed:
            notes[label] = "cannot run it"
        elif np.abs(peer.result()[:4] - wanted).max() > 1e-4 * scale:
            sys.exit(f"error: {name}, {label}: wrong outputs")
        else:
            contenders[label] = peer.call
        keep.append(peer)
    before = probes(peers["CSR"])
    times = dict(zip(contenders, take_turns(contenders.values(), options.rounds, options.budget)))
    after = probes(peers["CSR"])
    ceiling = {key: max(before[key], after[key]) * threads for key in before}
    print(f"\n{name}: {connections:,} connections, batch {batch}, {threads} thread{'s' * (threads > 1)}; ceilings of multiply-adds, "
          "G/s: " + ", ".join(f"{key} {value:.0f}" for key, value in ceiling.items()))
    rate = {label: connections * batch / min(t) / 1e9 for label, t in times.items()}
    csr = max(r for label, r in rate.items() if "CSR, tile" in label)
    rows = []
    for label, t in sorted(times.items(), key=lambda item: "CSR" not in item[0]):
        rows.append([label, f"{min(t) * 1e3:.2f}", f"{np.median(t) * 1e3:.2f}", f"{rate[label]:.1f}", f"{rate[label] / csr:.2f}",
                     f"{100 * rate[label] / ceiling['registers']:.0f}", notes.get(label, "")])
    rows += [[label, "", "", "", "", "", note] for label, note in notes.items() if label not in times]
    table(["way", "ms", "median", "G/s", "x CSR", "% FMA", "note"], rows)
    for peer in keep:
        if isinstance(peer, Peer):
            peer.close()
    best = max(r for label, r in rate.items() if label[0] == "+" or label == "depth first")
    missed = []
    if CASES[name][0] == "radix":
        goal = 1.8 if CASES[name][1] <= 2048 else 3
        if CASES[name][1] != 4096 and best < goal * csr:
            missed.append(f"{name}: {best / csr:.2f} x CSR, not {goal}")
    libraries = {label: r for label, r in rate.items() if label.split(",")[0] in PEERS}
    if libraries and best < 3 * max(libraries.values()):
        top = max(libraries, key=libraries.get)
        missed.append(f"{name}: {best / libraries[top]:.2f} x {top}, not 3")
    return missed


def graph_challenge(data, options, threads, folder):
    """The official network and images: nominal and effective rates, categories first."""
    rows = [line.strip() for line in open(os.path.join(data, "images-1200.hex")) if line.strip()]
    x = np.array([[int(bit) for digit in row for bit in f"{int(digit, 16):04b}"] for row in rows], np.float32)
    wanted = [int(n) for n in open(os.path.join(data, "categories.tsv")).read().split()]
    wanted = [n for n in wanted if n <= len(x)]
    x = np.tile(x, (options.copies, 1))
    result = []
    for label, flags in (("dense", []), ("dead inputs dropped", ["--skip-zeros"]),
                         ("(both, merging)", ["--skip-zeros", "--merge"])):
        spec = f"gc-partition:{os.path.join(data, 'partition.tsv')},layers=120"
        module, _ = build_ours(spec, flags, os.path.join(folder, f"gc{len(result)}"))
        y, memory = np.empty((len(x), module.OUTPUTS), np.float32), module.workspace(len(x), threads)
        work = []
        module.run(x, y, threads=threads, memory=memory, work=work)
        alive = np.flatnonzero(y.any(1))
        if list(alive[alive < len(rows)] + 1) != wanted:
            sys.exit(f"error: {label}: other categories")
        times, = take_turns([lambda: module.run(x, y, threads=threads, memory=memory)], options.rounds)
        nominal = module.CONNECTIONS * len(x) / min(times) / 1e9
        share = work[0] / (module.CONNECTIONS * len(x))
        result.append([label, f"{min(times) * 1e3:.1f}", f"{np.median(times) * 1e3:.1f}", f"{nominal:.0f}", f"{100 * share:.2f}",
                       f"{nominal * share:.1f}"])
    print(f"\nGraph Challenge, 1024 neurons, 120 layers, {len(x)} inputs, {threads} thread{'s' * (threads > 1)}; {len(wanted)} "
          "categories equal the official ones")
    table(["way", "ms", "median", "nominal G/s", "computed %", "effective G/s"], result)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default=",".join(CASES), help="names, with commas between; empty: none")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--batch", type=int, help="inputs; default 1024, less for wide networks")
    parser.add_argument("--rounds", type=int, default=20, help="runs of each contender")
    parser.add_argument("--budget", type=float, default=10, help="seconds after which a contender is not run again")
    parser.add_argument("--gc", metavar="FOLDER", help="data of the Graph Challenge")
    parser.add_argument("--copies", type=int, default=50, help="how often its 1200 images are repeated")
    options = parser.parse_args()
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        peers = {name: build_peer(folder, *how) for name, how in PEERS.items()}
        peers["CSR"] = build_peer(folder, "CSR", [], [])
        if not peers["CSR"]:
            sys.exit("error: no C++ compiler made bench/sparse_peers.cpp")
        skipped = [name for name, peer in peers.items() if not peer]
        if skipped:
            print("skipped, not installed: " + ", ".join(skipped))
        for name in filter(None, options.cases.split(",")):
            if name not in CASES:
                sys.exit(f"error: unknown case '{name}'; known are {', '.join(CASES)}")
            for threads in map(int, options.threads.split(",")):
                missed += run_case(name, options, threads, peers, folder)
        if options.gc:
            for threads in map(int, options.threads.split(",")):
                graph_challenge(options.gc, options, threads, folder)
    for line in missed:
        print("goal missed: " + line)
    sys.exit(2 if missed else 0)


if __name__ == "__main__":
    main()
