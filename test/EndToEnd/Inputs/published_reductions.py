# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Runs the two-phase chain reduction of 512 PEs from its SpaDA source on the simulated WSE-2 and compares cycles with ten
# published runs of hand-written CSL (Luczynski et al., "Near-Optimal Wafer-Scale Reduce", HPDC 2024, vendor simulator).
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

# Group size, elements for each PE, published cycles, allowed relative difference.
RUNS = [(2, 4096, 10055, 0.02), (4, 4096, 9421, 0.02), (8, 4096, 9117, 0.02), (16, 4096, 8989, 0.02),
        (32, 4096, 8973, 0.02), (64, 4096, 9061, 0.02), (128, 4096, 9297, 0.02), (256, 4096, 9800, 0.02),
        (512, 4096, 7218, 0.02), (28, 64, 925, 0.06)]

source = sys.argv[1]
rng = np.random.default_rng(0)
failures = 0
with tempfile.TemporaryDirectory() as folder:
    path = lambda name: os.path.join(folder, name)
    for group, elements, published, allowed in RUNS:
        values = rng.standard_normal((512, 1, elements), dtype=np.float32)
        np.save(path("a.npy"), values)
        subprocess.run(["spada", "run", source, "-p", "N=512", "-p", f"S={group}", "-p", f"K={elements}", "--target", "wse2",
                        "--in", f"part={path('a.npy')}", "--out", f"total={path('sum.npy')}", "--report", path("report.json")],
                       check=True, stdout=subprocess.DEVNULL)
        with open(path("report.json")) as report:
            cycles = json.load(report)["cycles"]
        difference = cycles / published - 1
        error = np.abs(np.load(path("sum.npy")).ravel() - values.astype(np.float64).sum(axis=(0, 1))).max()
        ok = abs(difference) <= allowed and error < 1e-3
        failures += not ok
        print(f"S={group} n={elements}: {cycles} cycles, published {published}, {difference:+.1%}, error {error:.1e}"
              f"{'' if ok else ' WRONG'}")
print(f"{len(RUNS) - failures} of {len(RUNS)} within bounds")
