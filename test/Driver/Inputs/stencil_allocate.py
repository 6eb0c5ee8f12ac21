"""Builds stencils in FOLDER and checks the arrays that their modules allocate: their room, where they start, what they give."""
import importlib.util
import os
import subprocess
import sys

import numpy as np

folder, bench, sources = sys.argv[1:]


def build(source, name, bits=64):
    where = os.path.join(folder, f"{name}{bits}")
    subprocess.run(["spada", "build", f"{source}::{name}", "-o", where, "--float", str(bits)], check=True,
                   stdout=subprocess.DEVNULL)
    spec = importlib.util.spec_from_file_location(name, os.path.join(where, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def check(module, domain, halo, unit_stride, scalars):
    fields, origin = module.allocate(domain, halo, unit_stride)
    plain = {}
    random = np.random.default_rng(5)
    starts = []
    for argument in module.ARGUMENTS:
        if not argument["field"]:
            continue
        name, axes, array = argument["name"], argument["axes"], fields[argument["name"]]
        assert array.dtype == argument["type"] and not array.any() and array.flags.writeable
        for at, axis in enumerate(axes):
            n = "IJK".index(axis)
            room = halo if n < 2 else 0
            assert origin[n] >= max(room, argument["lower"][n])
            assert array.shape[at] - origin[n] - domain[n] >= max(room, argument["upper"][n])
        if unit_stride in axes:
            assert array.strides[axes.index(unit_stride)] == array.itemsize
        first = array[tuple(origin["IJK".index(axis)] for axis in axes)]
        start = first.__array_interface__["data"][0] if isinstance(first, np.ndarray) else \
            array[tuple(slice(origin["IJK".index(axis)], None) for axis in axes)].ctypes.data
        assert start % module.LINE_BYTES == 0
        starts.append((start, argument["written"]))
        array[...] = 8 * random.random(array.shape)
        plain[name] = np.array(array, order="C")
    gaps = [(a - b) % module.ALIAS_BYTES for a, written in starts for b, other in starts if written and not other]
    assert not gaps or min(min(gap, module.ALIAS_BYTES - gap) for gap in gaps) >= 2 * module.LINE_BYTES, starts
    module.run(**fields, **scalars, origin=origin, domain=domain)
    module.run(**plain, **scalars, origin=origin, domain=domain)
    for name, array in fields.items():
        assert np.array_equal(array, plain[name]), name


def fails(module, text, *args):
    try:
        module.allocate(*args)
    except ValueError as error:
        assert text in str(error), error
        return
    raise AssertionError(f"{args} are taken")


checked = 0
for source, name, bits, scalars in [(bench, "hdiff", 64, {}), (bench, "smagorinsky", 32, {}), (bench, "vadv", 64, {"dtr": 3.0}),
                                    (sources, "mixed", 64, {"scale": 2.0})]:
    module = build(source, name, bits)
    for unit_stride in "IK":
        for domain, halo in [((512, 5, 4), 3), ((17, 6, 9), 0), ((1, 1, 3), 1)]:
            check(module, domain, halo, unit_stride, scalars)
            checked += 1
fails(module, "the domain (4, 0, 3) is not three positive numbers", (4, 0, 3))
fails(module, "the domain (4, 3) is not three positive numbers", (4, 3))
fails(module, "the halo -1 is not one number of at least 0 points", (4, 4, 4), -1)
fails(module, "the halo (3, 3, 0) is not one number of at least 0 points", (4, 4, 4), (3, 3, 0))
fails(module, "unit_stride is 'J' instead of 'I' or 'K'", (4, 4, 4), 0, "J")
print(f"{checked} sets of arrays are right")
