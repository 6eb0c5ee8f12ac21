#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Prints compiled programs as CSL, reads the text back and holds the result to the module that was printed.
"""Hold import(print(csl)) to csl, for all examples, for random programs or for modules of the csl dialect.

  python3 roundtrip.py examples --target wse2 [--only NAME] [--simulate]
  python3 roundtrip.py random --target wse3 --first 0 --count 20 [--simulate]
  python3 roundtrip.py modules FILE.mlir ...

Both modules go through csl-normalize; then their text and their images must be equal, byte for byte. With --simulate, the
module, what was read back and the normal form run on the same inputs and must give the same bits in the same cycles.
Exit code: 0 all equal; 2 some are not. Every failure is printed with its first difference.
"""
import argparse
import ctypes
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile

import numpy as np

sys.dont_write_bytecode = True
SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "..")
sys.path[:0] = [os.path.join(SOURCE, "examples"), os.path.join(SOURCE, "test", "Property"),
                os.path.join(SOURCE, "frontends", "Python")]


class Problem(Exception):
    """What is not equal."""


def call(*command, text=None):
    """The output of a command of ours; a failure is a problem."""
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise Problem(f"{' '.join(command[:2])} ends with {done.returncode}: {done.stderr.decode()[:500]}")
    return done.stdout


class Case:
    """A program with its parameters and what goes into a run."""

    def __init__(self, title, source, params, inputs, scalars, outputs):
        self.title, self.source, self.params = title, source, params
        self.inputs, self.scalars, self.outputs = inputs, scalars, outputs


def example_cases(only, target):
    import run_example
    for name in run_example.names():
        example = run_example.Example(name)
        if (only and name != only) or target not in example.targets:
            continue
        for case in example.cases:
            inputs, outputs, _ = example.arrays(case, 0)
            params = {**case, **{k: run_example.scalar_text(v) for k, v in example.compile_time.items()}}
            title = f"{name} {run_example.case_text(case)}"
            yield Case(title, example.source, params, inputs, example.scalars, outputs)


def random_cases(first, count, folder):
    import generate
    for seed in range(first, first + count):
        place = os.path.join(folder, f"seed{seed}")
        case = generate.write(seed, place)
        kind = np.load(os.path.join(place, "a.npy")).dtype
        arrays = {name: np.load(os.path.join(place, name + ".npy")) for name in case["inputs"]}
        scalars = {name: kind.type(value) for name, value in case["scalars"].items()}
        outputs = {name: np.zeros_like(arrays["a"]) for name in case["outputs"]}
        yield Case(f"seed {seed}", os.path.join(place, "case.sptl"), case["params"], arrays, scalars, outputs)
        shutil.rmtree(place)


def difference(printed, back):
    """The first lines that differ."""
    pairs = itertools.zip_longest(printed.decode().split("\n"), back.decode().split("\n"))
    line, (left, right) = next((n, p) for n, p in enumerate(pairs, 1) if p[0] != p[1])
    return f"line {line} of the normal form is\n  {left}\nand, read back,\n  {right}"


def simulate(image, case):
    """(cycles, outputs) of one run."""
    from spada import simulator
    library = simulator.load_shared_object()
    library.spada_sim_run.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_void_p]
    handle = ctypes.c_void_p(library.spada_sim_load(image, len(image)))

    def checked(done):
        if not done:
            raise Problem("the simulator says: " + library.spada_sim_error(handle).decode())
    try:
        for name, array in case.inputs.items():
            data = np.ascontiguousarray(array).tobytes()
            checked(library.spada_sim_write(handle, name.encode(), data, ctypes.c_size_t(len(data))))
        for name, value in case.scalars.items():
            bits = int.from_bytes(np.asarray(value).tobytes(), "little")
            checked(library.spada_sim_set_scalar(handle, name.encode(), ctypes.c_uint64(bits)))
        report = simulator._Report()
        checked(library.spada_sim_run(handle, 1, 0, None, ctypes.byref(report)))
        if report.status != 0:
            raise Problem(f"the program {simulator.STATUS[report.status]}: {(report.message or b'').decode()}")
        outputs = {}
        for name, like in case.outputs.items():
            data, size = ctypes.create_string_buffer(np.asarray(like).nbytes), ctypes.c_size_t()
            checked(library.spada_sim_read(handle, name.encode(), data, ctypes.c_size_t(len(data)), ctypes.byref(size)))
            outputs[name] = data.raw
        return report.cycles, outputs
    finally:
        library.spada_sim_free(handle)


def image_of(module):
    return call("spada-translate", "--emit-sim-image", "-", text=module)


def hold(module, back):
    """The images of two modules that have one normal form."""
    normal = [call("spada-opt", "--strip-debuginfo", "--csl-normalize", "-", text=text) for text in (module, back)]
    if normal[0] != normal[1]:
        raise Problem(difference(*normal))
    images = [image_of(text) for text in normal]
    if images[0] != images[1]:
        raise Problem("the images differ")
    return images


def check_module(path, folder):
    """A module in a file, printed and read back."""
    directory = os.path.join(folder, "csl")
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    with open(path, "rb") as file:
        module = file.read()
    text = call("spada-translate", "--emit-csl", "-", text=module).decode()
    for name, body in re.findall(r"^//--- (.*)\n((?:(?!//--- ).*\n)*)", text, flags=re.MULTILINE):
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            file.write(body)
    target = re.search(r'arch "(\w+)"', module.decode()).group(1)
    hold(module, call("spada-translate", "--import-csl", f"--csl-arch={target}", os.path.join(directory, "layout.csl")))


def check(case, target, folder, with_simulation):
    directory = os.path.join(folder, "csl")
    shutil.rmtree(directory, ignore_errors=True)
    params = [word for name, value in case.params.items() for word in ("-p", f"{name}={value}")]
    call("spada", "build", case.source, "--target", target, "--module", "-o", directory, *params)
    with open(os.path.join(directory, "module.mlir"), "rb") as file:
        module = file.read()
    back = call("spada-translate", "--import-csl", f"--csl-arch={target}", os.path.join(directory, "layout.csl"))
    images = hold(module, back)
    if not with_simulation:
        return
    runs = {"printed": simulate(image_of(module), case), "read back": simulate(image_of(back), case),
            "normalized": simulate(images[0], case)}
    cycles, outputs = runs["printed"]
    for what, run in runs.items():
        if run[1] != outputs:
            raise Problem(f"the module gives other values {what} than printed")
        if run[0] != cycles:
            raise Problem(f"the module takes {cycles} cycles printed and {run[0]} {what}")


def jobs(options, folder):
    """(title, what checks it) for each program."""
    if options.what == "modules":
        for path in options.files:
            yield os.path.basename(path), lambda: check_module(path, folder)
        return
    cases = (example_cases(options.only, options.target) if options.what == "examples" else
             random_cases(options.first, options.count, folder))
    for case in cases:
        yield f"{case.title} on {options.target}", lambda: check(case, options.target, folder, options.simulate)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["examples", "random", "modules"])
    parser.add_argument("files", nargs="*", help="modules of the csl dialect")
    parser.add_argument("--target", default="wse2", choices=["wse2", "wse3"])
    parser.add_argument("--only", help="one example")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--simulate", action="store_true")
    options = parser.parse_args()
    total = failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for title, hold_it in jobs(options, folder):
            total += 1
            try:
                hold_it()
            except Problem as problem:
                failures += 1
                print(f"{title}: {problem}")
    print(f"{total - failures} of {total} programs are what their text says")
    return 2 if failures or not total else 0


if __name__ == "__main__":
    sys.exit(main())
