#!/usr/bin/env python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Writes a tiny checkout and stored results in DIR: what is right, what is wrong, and what cannot be compiled."""
import json
import os
import sys

import numpy

SOURCE = '''from gt4py.cartesian.gtscript import PARALLEL, Field, computation, interval, stencil

@stencil(backend="numpy")
def double(a: Field[float], b: Field[float]):
    with computation(PARALLEL), interval(...):
        b = 2.0 * a

@stencil(backend="numpy")
def triple(a: Field[float], b: Field[float]):
    with computation(PARALLEL), interval(...):
        b = 3.0 * a

@stencil(backend="numpy")
def looping(a: Field[float], b: Field[float]):
    with computation(PARALLEL), interval(...):
        b = a
        while b < 1.0:
            b = 2.0 * b

@stencil(backend="numpy")
def broken(a: Field[float], b: Field[float]):
    with computation(PARALLEL), interval(...):
        b = unknown
'''


def make_case(folder, name, result, dtype="float64"):
    array = numpy.linspace(0.25, 2.0, 4 * 3 * 5).reshape(4, 3, 5).astype(dtype)
    arrays = {"in_a": array, "in_b": numpy.zeros_like(array), "out_b": result(array).astype(dtype)}
    file = f"{name}-{dtype}.npz"
    numpy.savez(os.path.join(folder, "data", file), **arrays)
    fields = [{"name": field, "kind": "field", "passed": "array", "dtype": dtype, "axes": "IJK", "data_dims": [],
               "shape": [4, 3, 5], "origin": [0, 0, 0], "stored_output": field == "b"} for field in "ab"]
    bits = int(dtype[-2:])
    return {"id": f"spada/{name}_f{bits}", "group": "C-spada", "file": file, "domain": [4, 3, 5],
            "source": {"repository": "own/spada", "path": "samples/stencils.py", "function": name}, "externals": {},
            "type_aliases": {"float": dtype}, "literal_precision": {"float": bits, "int": bits}, "arguments": fields,
            "tolerance": {dtype: {"rtol": 1e-6, "atol": 0.0}}}


def doubled_until_one(array):
    return numpy.where(array < 0.5, 4.0 * array, numpy.where(array < 1.0, 2.0 * array, array))


def main():
    folder = sys.argv[1]
    for name in ("checkout", "data"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    with open(os.path.join(folder, "checkout", "stencils.py"), "w", encoding="utf-8") as text:
        text.write(SOURCE)
    cases = [make_case(folder, "double", lambda a: 2.0 * a),
             make_case(folder, "double", lambda a: 2.0 * a, dtype="float32"),
             make_case(folder, "triple", lambda a: 2.0 * a), make_case(folder, "looping", doubled_until_one),
             make_case(folder, "broken", lambda a: a), make_case(folder, "missing", lambda a: a)]
    with open(os.path.join(folder, "data", "manifest.json"), "w", encoding="utf-8") as text:
        json.dump({"cases": cases}, text)


if __name__ == "__main__":
    main()
