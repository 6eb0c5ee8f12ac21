# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Same input, same output: CSL of two processes byte for byte; values, cycles and counts of the simulator for one, two and
# three threads. Right or wrong values are judged elsewhere.
import filecmp
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, sys.argv[1])
import run_example

COUNTS = ("cycles", "tasks", "wavelet_hops")


def build(spada, example, case, target, folder):
    command = [spada, "build", example.source, "--target", target, "-o", folder]
    for key, value in {**case, **example.compile_time}.items():
        command += ["-p", f"{key}={value}"]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def files(folder):
    return sorted(os.path.relpath(os.path.join(r, f), folder) for r, _, names in os.walk(folder) for f in names)


def main():
    spada, wrong, checked = run_example.find_spada(), 0, 0
    for name in run_example.names():
        example = run_example.Example(name)
        case = example.cases[-1]
        with tempfile.TemporaryDirectory() as folder:
            one, two = os.path.join(folder, "one"), os.path.join(folder, "two")
            if not all([build(spada, example, case, "wse2", out) for out in (one, two)]):
                continue  # what does not compile fails in the example's own test
            same, different, broken = filecmp.cmpfiles(one, two, files(one), shallow=False)
            if files(one) != files(two) or different or broken:
                print(f"{name}: two builds differ in {different + broken or 'the names of files'}")
                wrong += 1
            runs = []
            for threads in (1, 2, 3):
                code, report, _, messages = run_example.run(example, case, "wse3", spada, folder, threads)
                runs.append((code, messages, [report.get(key) for key in COUNTS]))
            if runs[1:] != runs[:-1]:
                print(f"{name}: runs with 1, 2 and 3 threads differ: {runs}")
                wrong += 1
        checked += 1
    print(f"{checked} examples, {wrong} differences")
    return 1 if wrong else 0


sys.exit(main())
