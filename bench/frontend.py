#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Speed of the front end on generated text: 5 MB of the kind that stencil compilers write, the same on every run. Times
# `spada-translate --import-spada` from start to end, including the printing of the module, to nowhere.
"""Measure how fast SpaDA text is read, in MB/s (1 MB = 1,000,000 bytes).

The rate is by processor time, which other programs on the machine disturb less than wall time; there is one thread.
Exit code 2 if it is slower than 1.5 MB/s.
"""
import argparse
import os
import sys
import tempfile

from common import best, table, tool

BLOCK = """    phase {{
        place u16 i, u16 j in [{a}:N:2, {b}:N:2] {{
            f32[K] t#{n}
            f32[K] mat_{n}_1_0_0;
        }}
        dataflow u16 i#{n}, u16 j#{n} in [0:N, 0:N] {{
            stream<f32> s{n} = relative_stream(1, 0) {{ hops = [(1, 0)], channel = {c} }}
            stream<f32, K> s{n}#1 = relative_stream(0, -1) {{ hops = auto, channel = {c} + 1 }}   // round {n}
        }}
        compute u16 i#{n}, u16 j#{n} in [{a}:N - 1:2, {b}:(N - 1):2] {{
            completion r{n} = foreach i16 k, f32 x in [0:K], receive(s{n}) {{
                t#{n}[k] = ((u[k] + x) * {f}) - u[k]
            }}
            completion w{n} = send(u, s{n}#1); await w{n}; await r{n}
            await map i16 k in [0:K] {{ mat_{n}_1_0_0[k] = fmac(t#{n}[k], -4.0, u[k]) }}
            for i16 k in [K - 2:-1:-1] {{
                u[k] = mat_{n}_1_0_0[k] if mat_{n}_1_0_0[k] > u[(k + 1)] else (u[k] * {f})
            }}
            awaitall
        }}
    }}
"""


def generate(size):
    """A kernel of at least `size` bytes."""
    parts = ["kernel @generated<N, K>(stream<f32, K>[N, N] readonly src, stream<f32, K>[N, N] writeonly dst) {\n"
             "    place u16 i, u16 j in [0:N, 0:N] { f32[K] u }\n"
             "    compute u16 i, u16 j in [0:N, 0:N] { await receive(u, src[i, j]) }\n"]
    length, n = len(parts[0]), 0
    while length < size:
        n += 1
        parts.append(BLOCK.format(n=n, a=1 + n % 2, b=1 + n // 2 % 2, c=2 * (n % 5), f=f"{n % 97}.{n % 89}e-1"))
        length += len(parts[-1])
    parts.append("    compute u16 i, u16 j in [0:N, 0:N] { await send(u, dst[i, j]) }\n}\n")
    return "".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=5.0)
    parser.add_argument("--repeat", type=int, default=3, help="the fastest run counts (default 3)")
    parser.add_argument("--write", metavar="FILE", help="only write the text")
    options = parser.parse_args()
    text = generate(int(options.megabytes * 1e6))
    if options.write:
        with open(options.write, "w", encoding="ascii") as stream:
            stream.write(text)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "generated.sptl")
        with open(path, "w", encoding="ascii") as stream:
            stream.write(text)
        seconds, memory, processor = best([tool("spada-translate"), "--import-spada", path, "-o", os.devnull], options.repeat)
    rate = len(text) / 1e6 / processor
    table(["text", "bytes", "lines", "seconds", "processor s", "MB/s", "peak MB"],
          [["generated", len(text), text.count("\n"), f"{seconds:.2f}", f"{processor:.2f}", f"{rate:.2f}", f"{memory:.0f}"]])
    return 2 if rate < 1.5 else 0


if __name__ == "__main__":
    sys.exit(main())
