#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Simulated cycles of our examples beside the published ones of the public compiler for the same work. Every run is also
# compared with numpy. Both columns are simulators; see docs/simulator-model.md for how far ours is calibrated.
"""Print cycles of small kernels beside published ones.

Published: vendor simulator, public compiler of September 2026 (its issue tracker). '-': it failed to run.
Exit code 1 if a kernel fails or gives wrong values, 2 if one needs more cycles than published.
"""
import argparse
import sys
import tempfile

from common import run_example, table

ROWS = [  # published name, our example, parameters, {target: published cycles}
    ("copy N=4 K=4", "copy", dict(N=4, K=4), dict(wse2=22, wse3=21)),
    ("pure_vertical 4x4x4", "pure_vertical", dict(I=4, J=4, K=4), dict(wse2=35, wse3=32)),
    ("pure_vertical 16x16x4", "pure_vertical", dict(I=16, J=16, K=4), dict(wse2=35, wse3=32)),
    ("reduce N=15 K=128", "chain_reduce", dict(N=15, K=128), dict(wse2=3920, wse3=3090)),
    ("reduce_pipelined N=15 K=128", "chain_reduce_pipelined", dict(N=15, K=128), dict(wse2=317, wse3=343)),
    ("laplacian 4x4x4", "laplacian", dict(I=4, J=4, K=4), dict(wse2=153)),
    ("laplacian 16x16x4", "laplacian", dict(I=16, J=16, K=4), dict(wse2=153)),
    ("laplacian 4x4x4", "laplacian_auto", dict(I=4, J=4, K=4), dict(wse2=153)),
    ("laplacian 16x16x4", "laplacian_auto", dict(I=16, J=16, K=4), dict(wse2=153)),
    ("uvbke 4x4x4", "uvbke", dict(I=4, J=4, K=4), dict(wse2=209)),
    ("uvbke 16x16x4", "uvbke", dict(I=16, J=16, K=4), dict(wse2=213)),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=["wse2", "wse3"], action="append", help="default: both")
    options = parser.parse_args()
    spada = run_example.find_spada()
    rows, slower, failed = [], 0, 0
    for published_name, name, case, published in ROWS:
        for target in options.target or ["wse2", "wse3"]:
            with tempfile.TemporaryDirectory() as folder:
                example = run_example.Example(name)
                code, report, _, messages = run_example.run(example, case, target, spada, folder)
            want = published.get(target)
            got = report.get("cycles") if code == 0 else None
            failed += code != 0
            slower += bool(got is not None and want is not None and got > want)
            ratio = f"{got / want:.2f}" if got is not None and want else ""
            grid = report.get("grid")
            rows.append([published_name, name, target, grid[0] * grid[1] if grid else "",
                         "-" if want is None else want, "failed" if got is None else got, ratio])
            if code:
                print(f"{name} on {target}:", *messages, file=sys.stderr)
    table(["published kernel", "our example", "target", "PEs", "published", "ours", "ours/published"], rows)
    print(f"\n{failed} failed, {slower} slower than published")
    return 1 if failed else 2 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
