#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Time and memory of compiling the Laplacian, source to CSL text, for a small and for a full wafer. The work must not grow
# with the number of PEs. Nothing is simulated.
"""Measure the compiler on the Laplacian at 16x16x320 and 748x992x320.

Exit code 2 if the large one takes 1 s or 300 MB or more.
"""
import argparse
import os
import sys
import tempfile

from common import best, run_example, table

SIZES = [(16, 16, 320), (748, 992, 320)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5, help="the fastest run counts (default 5)")
    options = parser.parse_args()
    spada, rows, exceeded = run_example.find_spada(), [], False
    for name in ("laplacian", "laplacian_auto"):
        for target in ("wse2", "wse3"):
            small = None
            for i, j, k in SIZES:
                with tempfile.TemporaryDirectory() as folder:
                    command = [spada, "build", run_example.Example(name).source, "--target", target, "-p", f"I={i}",
                               "-p", f"J={j}", "-p", f"K={k}", "-o", os.path.join(folder, "out")]
                    seconds, megabytes, _ = best(command, options.repeat)
                small = small or seconds
                exceeded |= seconds >= 1.0 or megabytes >= 300.0
                rows.append([name, target, f"{i}x{j}x{k}", (i + 2) * (j + 2), f"{seconds:.3f}", f"{megabytes:.0f}",
                             f"{seconds / small:.2f}"])
    table(["example", "target", "size", "PEs", "seconds", "peak MB", "time/small"], rows)
    return 2 if exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
