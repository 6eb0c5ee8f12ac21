#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Lines of each example against lines of the CSL that is made from it. Blank lines and lines that hold only a comment do
# not count, on either side.
"""Print lines of SpaDA and of emitted CSL (layout and PE programs) for each example."""
import argparse
import math
import os
import re
import subprocess
import sys
import tempfile

from common import run_example, table


def code_lines(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith("//"))


def read(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def emitted_lines(example, target):
    """(files, lines) of the CSL of the largest test case."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        command = [run_example.find_spada(), "build", example.source, "--target", target, "-o", out]
        values = {k: run_example.scalar_text(v) for k, v in example.compile_time.items()}
        for key, value in {**example.cases[-1], **values}.items():
            command += ["-p", f"{key}={value}"]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            print(done.stderr.strip(), file=sys.stderr)
            return None
        files = [os.path.join(root, name) for root, _, names in os.walk(out) for name in names if name.endswith(".csl")]
        return len(files), sum(code_lines(read(path)) for path in files)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", default="wse2", choices=["wse2", "wse3"])
    parser.add_argument("--features", action="store_true", help="also the feature programs")
    options = parser.parse_args()
    rows, ratios, failed = [], [], 0
    for name in run_example.names():
        example = run_example.Example(name)
        if "features" in example.folder.split(os.sep)[-2:] and not options.features:
            continue
        spada_lines, emitted = code_lines(read(example.source)), emitted_lines(example, options.target)
        failed += emitted is None
        case = run_example.case_text(example.cases[-1])
        if emitted:
            ratios.append(emitted[1] / spada_lines)
            rows.append([name, case, spada_lines, emitted[1], emitted[0], f"{ratios[-1]:.1f}"])
        else:
            rows.append([name, case, spada_lines, "failed", "", ""])
    table(["example", "parameters", "SpaDA", "CSL", "CSL files", "CSL/SpaDA"], rows)
    if ratios:
        mean = math.exp(sum(math.log(r) for r in ratios) / len(ratios))
        print(f"\ngeometric mean of the ratios: {mean:.1f}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
