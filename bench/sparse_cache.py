#!/usr/bin/env python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Predicted reads of sparse networks beside the data misses that cachegrind counts.

For each network, order, tile and cache a library is built and called under `valgrind --tool=cachegrind` with a fully
associative first cache; the lines of 64 bytes that one more tile of the batch misses are compared with

  order  reads of neurons' values that `spada sparse` counts for the order under LRU, plus weights and indices once for each
         tile, plus the inputs and outputs themselves
  code   what `spada sparse --explain` predicts for the code: the same cache, but the groups of connections as they are
         packed, rows of dead neurons used again, and weights and indices that take room in the cache

The code keeps to an order only roughly: it groups windows of connections that do not depend on each other by destination,
so that sums stay in registers. Goal: `code` within 15 %; exit code 2 if one is not. Needs valgrind and a C compiler.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from common import run_example, table

LINE = 64
MLP, FFN = "random:widths=500-500-500-500,density=0.1", "ffn:widths=512-2048-512,density=0.05"
RADIX, GROWTH = "radix:neurons=1024,layers=6", "growth:neurons=2500,capacity=99,degree=20,inputs=50"
# network, order, tile, bytes of the cache
ROWS = [(MLP, "destination", 64, 64 << 10), (MLP, "destination", 64, 128 << 10), (MLP, "destination", 16, 16 << 10),
        (MLP, "blocked", 64, 64 << 10), (MLP, "blocked", 16, 16 << 10), (FFN, "destination", 64, 64 << 10),
        (FFN, "blocked", 64, 64 << 10), (FFN, "streaming", 64, 64 << 10), (RADIX, "destination", 64, 64 << 10),
        (RADIX, "class", 64, 32 << 10), (GROWTH, "growth", 64, 64 << 10)]
CALLER = """
#include "net.h"
#include <stdlib.h>
int main(int count, char **arguments) {
  int64_t batch = atoll(arguments[1]), inputs = atoll(arguments[2]), outputs = atoll(arguments[3]);
  float *x = malloc(batch * inputs * sizeof(float)), *y = malloc(batch * outputs * sizeof(float));
  for (int64_t i = 0; i < batch * inputs; ++i)
    x[i] = (float)(i % 7) / 8;
  return net_call(x, inputs, y, outputs, batch, 1, 0, 0);
}
"""


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"error: exit code {done.returncode} from: {' '.join(command)}\n{done.stderr.strip()}")
    return done


def report(spada, arguments, folder):
    path = os.path.join(folder, "report.json")
    run([spada, "sparse", *arguments, "--report", path])
    with open(path) as file:
        return json.load(file)


def predict(spada, network, order, tile, cache, folder):
    """Lines of a tile by the order and by the code; inputs and outputs of the network."""
    memory = [network, "--memory", f"{cache}B", "--batch", str(tile), "--policy", "LRU"]
    facts = report(spada, memory, folder)
    reads = next(o["reads"] for o in facts["orders"] if o["order"] == order and o["policy"] == "LRU")
    code = report(spada, [*memory, "--order", order, "--tile", str(tile), "--vectors", "avx2", "--random", str(tile),
                          "--explain"], folder)["code"]
    ends = facts["inputs"], facts["outputs"]
    theory = ((reads - facts["connections"] + sum(ends) * tile) * 4 + code["stream_bytes"]) / LINE
    return theory, code["misses"][-1]["lines"], ends


def measure(spada, network, order, tile, cache, ends, folder):
    """Misses of one more tile."""
    run([spada, "build", network, "--memory", f"{cache}B", "--batch", str(tile), "--policy", "LRU", "--order", order,
         "--tile", str(tile), "--vectors", "avx2", "--name", "net", "-o", folder])
    source, program = os.path.join(folder, "caller.c"), os.path.join(folder, "caller")
    with open(source, "w") as text:
        text.write(CALLER)
    run(["cc", "-O2", source, "-o", program, f"-L{folder}", "-lnet", f"-Wl,-rpath,{folder}"])
    misses = []
    for tiles in (2, 6):
        done = run(["valgrind", "--tool=cachegrind", "--cache-sim=yes", f"--D1={cache},{cache // LINE},{LINE}",
                    f"--LL={32 << 20},16,{LINE}", f"--cachegrind-out-file={folder}/counts", program, str(tiles * tile),
                    *map(str, ends)])
        misses.append(int(re.search(r"D1 +misses: +([\d,]+)", done.stderr).group(1).replace(",", "")))
    return (misses[1] - misses[0]) / 4


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    for needed in ("valgrind", "cc"):
        if not shutil.which(needed):
            sys.exit(f"error: no '{needed}'; hint: install it")
    spada, lines, worst = run_example.find_spada(), [], 0
    for network, order, tile, cache in ROWS:
        with tempfile.TemporaryDirectory() as folder:
            theory, code, ends = predict(spada, network, order, tile, cache, folder)
            missed = measure(spada, network, order, tile, cache, ends, folder)
        worst = max(worst, abs(code / missed - 1))
        lines.append([network, order, tile, f"{cache >> 10} KiB", f"{missed:,.0f}", f"{theory:,.0f}",
                      f"{100 * (theory / missed - 1):+.1f} %", f"{code:,}", f"{100 * (code / missed - 1):+.1f} %"])
    table(["network", "order", "tile", "cache", "missed", "order predicts", "", "code predicts", ""], lines)
    sys.exit(2 if worst > 0.15 else 0)


if __name__ == "__main__":
    main()
