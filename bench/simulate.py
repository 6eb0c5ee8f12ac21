#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Speed of the simulator on the Laplacian: simulated PE-cycles for each second of real time. Values are compared with
# numpy, so that a fast wrong run does not count.
"""Measure the simulator on the Laplacian at 128x128x80 with 1 and 2 threads.

Exit code 1 if a run fails, 2 if the largest thread count needs a minute or more in all (compiling, simulating, files).
"""
import argparse
import sys
import tempfile
import time

from common import run_example, table


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="128x128x80", metavar="IxJxK", help="default 128x128x80")
    parser.add_argument("--threads", default="1,2", metavar="N,N,...", help="default 1,2")
    parser.add_argument("--target", default="wse2", choices=["wse2", "wse3"])
    parser.add_argument("--example", default="laplacian", choices=["laplacian", "laplacian_auto"])
    options = parser.parse_args()
    case = dict(zip("IJK", (int(n) for n in options.size.split("x"))))
    example, spada, rows, cycles = run_example.Example(options.example), run_example.find_spada(), [], set()
    for threads in (int(n) for n in options.threads.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            code, report, _, messages = run_example.run(example, case, options.target, spada, folder, threads)
            total = time.perf_counter() - start
        if code:
            print(*messages, sep="\n", file=sys.stderr)
            return 1
        cycles.add(report["cycles"])
        pes, seconds = report["grid"][0] * report["grid"][1], report["simulate_seconds"]
        rate = pes * report["cycles"] / seconds
        rows.append([threads, pes, report["cycles"], f"{seconds:.2f}", f"{total:.2f}", f"{rate / 1e6:.2f}",
                     f"{rate / threads / 1e6:.2f}"])
    table(["threads", "PEs", "cycles", "simulate s", "all s", "M PE-cycles/s", "for each thread"], rows)
    if len(cycles) > 1:
        print("error: the number of cycles depends on the number of threads", file=sys.stderr)
        return 1
    return 2 if total >= 60.0 else 0


if __name__ == "__main__":
    sys.exit(main())
