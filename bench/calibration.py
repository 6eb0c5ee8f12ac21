#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Cycles of hand-written CSL in the form that the public SpaDA compiler emits, and of ten reductions, beside published ones.
# All published numbers come from the vendor's simulators; docs/simulator-model.md discusses the residuals.
"""Print published cycles, ours and the residual for each row; with --fit, search for the parameters that fit best.

Published: five kernels of the public SpaDA compiler (its issue tracker, September 2026; newer vendor tools; each PE counts
from its own launch, the largest count is compared) and ten reductions of 512 PEs (Luczynski et al., "Near-Optimal
Wafer-Scale Reduce", HPDC 2024; older vendor tools, WSE-2; PEs start together). '-': the row failed to run or is not given.
Values are compared with numpy in every run. Exit code 1 if a kernel fails or gives wrong values.
"""
import argparse
import ctypes
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile

from common import HERE, table, tool

sys.path.insert(0, os.path.join(HERE, "..", "frontends", "Python"))

import numpy as np  # noqa: E402
from spada.simulator import _Report as Report, load_shared_object  # noqa: E402
from cerebras.sdk.runtime.sdkruntimepybind import MemcpyDataType, MemcpyOrder, SdkRuntime  # noqa: E402

TARGETS = ("wse2", "wse3")


def copied(a):
    return a


def recurrence(a):
    out = a.copy()
    out[..., 1:] = 0  # the levels behind the first start at zero
    for k in range(1, 4):
        out[..., k] -= np.float32(0.5) * out[..., k - 1]
    return out


def tripled(a):
    return np.float32(3) * a


def doubled(a):
    return np.float32(2) * a


def increased(a):
    return a + np.float32(6)


def summed(a):
    total = a[:, -1]
    for x in range(a.shape[1] - 2, -1, -1):
        total = total + a[:, x]
    return total[:, np.newaxis]


def differences(a):
    return np.float32(2) * a[:, 1:-1] - a[:, :-2]


def laplacian(a):
    around = ((a[1:-1, 2:] + a[1:-1, :-2]) + a[2:, 1:-1]) + a[:-2, 1:-1]
    return np.float32(-4) * a[1:-1, 1:-1] + around


def winds(a):
    """Of u, v, cosa and rsina; for each PE inside ub, then vb."""
    u, v, cosa, rsina = np.split(a, 4, axis=2)
    inside = np.s_[1:-1, 1:-1]
    us, vs = u[inside] + u[:-2, 1:-1], v[inside] + v[1:-1, :-2]
    scale, cosa, rsina = np.float32(112.5), cosa[inside], rsina[inside]
    return np.concatenate([rsina * ((us - vs * cosa) * scale), rsina * ((vs - us * cosa) * scale)], axis=2)


class Kernel:
    """A row of the table: what is compiled, and which PEs hold the result."""

    def __init__(self, name, layout, width, height, elements, params, reference, result, wse2, wse3):
        self.name, self.layout, self.width, self.height = name, layout, width, height
        self.elements, self.params, self.reference, self.result = elements, params, reference, result
        self.published = {"wse2": wse2, "wse3": wse3}


def everywhere(width, height):
    return (0, 0, width, height)


# Name, layout, PEs, values of a PE, parameters, reference, region of the result, published cycles.
KERNELS = [
    Kernel("copy 4x4x4", "copy", 4, 4, 4, dict(K=4), copied, everywhere(4, 4), 22, 21),
    Kernel("pure_vertical 4x4x4", "pure_vertical", 4, 4, 4, {}, recurrence, everywhere(4, 4), 35, 32),
    Kernel("pure_vertical 16x16x4", "pure_vertical", 16, 16, 4, {}, recurrence, everywhere(16, 16), 35, 32),
    Kernel("one_d_diff 4x4x4", "one_d_diff", 6, 4, 4, dict(K=4), differences, (1, 0, 4, 4), 56, None),
    Kernel("one_d_diff 16x16x4", "one_d_diff", 18, 16, 4, dict(K=4), differences, (1, 0, 16, 16), 56, None),
    Kernel("laplacian 4x4x4", "laplacian", 6, 6, 4, dict(K=4), laplacian, (1, 1, 4, 4), 153, None),
    Kernel("laplacian 16x16x4", "laplacian", 18, 18, 4, dict(K=4), laplacian, (1, 1, 16, 16), 153, None),
    Kernel("uvbke 4x4x4", "uvbke", 6, 6, 16, dict(K=4), winds, (1, 1, 4, 4), 209, None),
    Kernel("uvbke 16x16x4", "uvbke", 18, 18, 16, dict(K=4), winds, (1, 1, 16, 16), 213, None),
    Kernel("reduce 15x128", "chain", 15, 1, 128, dict(K=128, pipelined=0), summed, (0, 0, 1, 1), 3920, 3090),
    Kernel("reduce_pipelined 15x128", "chain", 15, 1, 128, dict(K=128, pipelined=1), summed, (0, 0, 1, 1), 317, 343),
]

# Rates and start-up: single operations between two time stamps (simulator runs in public repositories). Not for the fit.
N = 5124
OPERATIONS = [
    Kernel("fmuls by a scalar", "operation", 1, 1, N, dict(K=N, multiply_add=0, one_bank=0), tripled, everywhere(1, 1), 2597,
           None),
    Kernel("fmuls, one bank", "operation", 1, 1, N, dict(K=N, multiply_add=0, one_bank=1), doubled, everywhere(1, 1), 5130,
           None),
    Kernel("fmacs, two banks", "operation", 1, 1, N, dict(K=N, multiply_add=1, one_bank=0), increased, everywhere(1, 1), 5130,
           None),
    Kernel("fmacs, one bank", "operation", 1, 1, N, dict(K=N, multiply_add=1, one_bank=1), increased, everywhere(1, 1), 10254,
           None),
]

# Group size, elements of a PE, published cycles.
REDUCTIONS = [(2, 4096, 10055), (4, 4096, 9421), (8, 4096, 9117), (16, 4096, 8989), (32, 4096, 8973), (64, 4096, 9061),
              (128, 4096, 9297), (256, 4096, 9800), (512, 4096, 7218), (28, 64, 925)]

#===-----------------------------------------------------------------------------------------------------------------------
# Machines
#===-----------------------------------------------------------------------------------------------------------------------


def machine_text(target):
    with open(os.path.join(HERE, "..", "machines", f"{target}.json"), encoding="utf-8") as text:
        return text.read()


def with_parameters(image, changes):
    """The image with other numbers in its machine description, which keeps its length."""
    start = image.find(b'{\n  "name"')
    length = int.from_bytes(image[start - 4:start], "little")
    machine = json.loads(image[start:start + length])
    for name, value in changes.items():
        section = next(s for s in machine.values() if isinstance(s, dict) and name in s)
        section[name]["value"] = value
        section[name]["source"] = "-"
    text = json.dumps(machine, separators=(",", ":")).encode()
    if len(text) > length:
        raise SystemExit("error: the changed machine description is longer than the image's")
    return image[:start] + text.ljust(length) + image[start + length:]


#===-----------------------------------------------------------------------------------------------------------------------
# Runs
#===-----------------------------------------------------------------------------------------------------------------------


def compile_kernel(kernel, target, folder):
    params = dict(width=kernel.width, height=kernel.height, **kernel.params)
    if kernel.height == 1:
        del params["height"]
    command = [tool("cslc"), os.path.join(HERE, "calibration", f"{kernel.layout}_layout.csl"), f"--arch={target}",
               f"--fabric-dims={kernel.width + 7},{kernel.height + 2}", "--fabric-offsets=4,1", "--memcpy", "--channels=1",
               "--params=" + ",".join(f"{name}:{value}" for name, value in params.items()), "-o", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"error: {kernel.name}: exit code {done.returncode} from {' '.join(command)}\n{done.stderr.strip()}")


def kernel_cycles(kernel, folder):
    """The largest count of a PE from its first time stamp to its last. Stops if a value is wrong."""
    width, height, elements = kernel.width, kernel.height, kernel.elements
    values = np.random.default_rng(0).standard_normal((height, width, elements), dtype=np.float32)
    runtime = SdkRuntime(folder)
    runtime.load()
    runtime.run()
    how = dict(streaming=False, order=MemcpyOrder.ROW_MAJOR, nonblock=False)
    runtime.memcpy_h2d(runtime.get_id("a"), values.ravel(), 0, 0, width, height, elements,
                       data_type=MemcpyDataType.MEMCPY_32BIT, **how)
    runtime.launch("main", nonblock=False)
    x, y, columns, rows = kernel.result
    expected = kernel.reference(values)
    out = np.zeros(expected.size, dtype=np.float32)
    runtime.memcpy_d2h(out, runtime.get_id("out"), x, y, columns, rows, expected.shape[-1],
                       data_type=MemcpyDataType.MEMCPY_32BIT, **how)
    stamps = np.zeros(width * height * 6, dtype=np.uint32)
    runtime.memcpy_d2h(stamps, runtime.get_id("stamps"), 0, 0, width, height, 6, data_type=MemcpyDataType.MEMCPY_16BIT, **how)
    runtime.stop()
    if not np.allclose(out.reshape(expected.shape), expected, rtol=1e-6, atol=1e-5):
        raise SystemExit(f"error: {kernel.name}: wrong values")
    words = stamps.astype(np.int64).reshape(-1, 2, 3) @ np.array([1, 1 << 16, 1 << 32])
    return int((words[:, 1] - words[:, 0]).max())


def whole_run_cycles(image):
    """Cycles of a program that runs by itself: all PEs start together, and the data are zeros."""
    sim = load_shared_object().spada_sim_load(image, len(image))
    report = Report()
    run = load_shared_object().spada_sim_run
    run.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint64, ctypes.c_char_p, ctypes.POINTER(Report)]
    good = run(sim, 1, 0, None, ctypes.byref(report))
    message = (report.message or b"").decode(errors="replace")
    load_shared_object().spada_sim_free(sim)
    if not good or report.status:
        raise SystemExit(f"error: a reduction ended with status {report.status}: {message}")
    return report.cycles


class Bench:
    """Everything compiled once; runs with changed machines."""

    def __init__(self, folder, targets, kernels, reductions):
        self.folder, self.targets = folder, targets
        self.kernels = kernels
        self.reductions = reductions if "wse2" in targets else []
        os.chdir(folder)  # the simulator's log goes to the current folder
        for target in targets:
            for number, kernel in enumerate(kernels):
                compile_kernel(kernel, target, self.path(number, target))
        source = os.path.join(HERE, "..", "examples", "twophase_reduce_1d", "twophase_reduce_1d.sptl")
        for group, elements, _ in self.reductions:
            subprocess.run([tool("spada"), "build", source, "-p", "N=512", "-p", f"S={group}", "-p", f"K={elements}",
                            "--target", "wse2", "--image", "-o", self.path(group, "reduction")], check=True,
                           stdout=subprocess.DEVNULL)

    def path(self, number, target):
        return os.path.join(self.folder, f"{target}-{number}")

    def run_kernel(self, number, target, changes):
        folder = self.path(number, target)
        if changes:
            changed = os.path.join(self.folder, "changed")
            shutil.rmtree(changed, ignore_errors=True)
            shutil.copytree(folder, changed)
            image = os.path.join(changed, "bin", "program.spimage")
            with open(image, "rb") as data:
                text = with_parameters(data.read(), changes)
            with open(image, "wb") as data:
                data.write(text)
            folder = changed
        return kernel_cycles(self.kernels[number], folder)

    def run_reduction(self, group, changes):
        with open(os.path.join(self.path(group, "reduction"), "program.spimage"), "rb") as data:
            image = with_parameters(data.read(), changes)
        return whole_run_cycles(image)

    def rows(self, target, changes):
        """(name, published, ours) of every kernel that has a published number; the ten reductions are apart."""
        return [(kernel.name, kernel.published[target], self.run_kernel(number, target, changes))
                for number, kernel in enumerate(self.kernels)]

    def reduction_rows(self, changes):
        return [(f"two-phase reduce 512, S={group}, n={elements}", published, self.run_reduction(group, changes))
                for group, elements, published in self.reductions]


#===-----------------------------------------------------------------------------------------------------------------------
# Fit
#===-----------------------------------------------------------------------------------------------------------------------


def residual(rows):
    """Root of the mean square of the relative errors."""
    errors = [ours / published - 1 for _, published, ours in rows if published is not None]
    return (sum(error * error for error in errors) / len(errors)) ** 0.5


def search(run, fixed, axes):
    """The best five points of a grid, as (residual, changes)."""
    points = []
    for values in itertools.product(*axes.values()):
        changes = dict(fixed, **dict(zip(axes, values)))
        points.append((residual(run(changes)), changes))
    return sorted(points, key=lambda point: point[0])[:5]


def report_fit(title, points):
    print(title)
    for value, changes in points:
        print(f"  {value:.2%}  " + ", ".join(f"{name} {number}" for name, number in changes.items()))
    return points[0][1]


def fit(bench):
    """What docs/simulator-model.md describes: latencies of WSE-2 from the reductions, then the rest from the kernels."""
    startup = dict(vectorStartupCycles=2)  # one operation of n elements between two stamps: n / width + 6, of which stamps 4
    costs = dict(taskDispatchCycles=range(5, 15), launchReturnCycles=range(0, 9))
    if "wse2" in bench.targets:
        axes = dict(hopLatencyCycles=(1, 2), rampLatencyCycles=(1, 2, 3))
        best = report_fit("wse2, ten reductions:", search(bench.reduction_rows, startup, axes))
        report_fit("wse2, kernels:", search(lambda changes: bench.rows("wse2", changes), best, costs))
    if "wse3" in bench.targets:
        axes = dict(rampLatencyCycles=(2, 3, 4), **costs)
        fixed = dict(startup, hopLatencyCycles=2)  # only hop + ramp shows; a log has neighbours two cycles apart
        report_fit("wse3, kernels:", search(lambda changes: bench.rows("wse3", changes), fixed, axes))


def show(bench):
    lines = []
    for target in bench.targets:
        rows = bench.rows(target, {}) + (bench.reduction_rows({}) if target == "wse2" else [])
        for name, published, ours in rows:
            error = "" if published is None else f"{ours / published - 1:+.1%}"
            lines.append([name, target, "-" if published is None else published, ours, error])
    table(["row", "target", "published", "ours", "residual"], lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=TARGETS, action="append", help="default: both")
    parser.add_argument("--fit", action="store_true", help="search the grids that chose the parameters (minutes)")
    parser.add_argument("--no-reductions", action="store_true", help="leave out the ten reductions")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kernels = KERNELS if options.fit else KERNELS + OPERATIONS
        bench = Bench(folder, options.target or TARGETS, kernels, [] if options.no_reductions else REDUCTIONS)
        fit(bench) if options.fit else show(bench)
    return 0


if __name__ == "__main__":
    sys.exit(main())
