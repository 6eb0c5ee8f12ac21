"""Builds a stencil with each optimisation left out, in FOLDER, and compares what the libraries compute bit for bit."""
import importlib.util
import os
import subprocess
import sys

import numpy as np

folder, source = sys.argv[1:]
results = []
for code in ["", "powers", "split", "dead", "inline", "fuse", "demote", "forward", "inline,no-fuse,no-demote"]:
    where = os.path.join(folder, f"without-{code}")
    subprocess.run(["spada", "build", f"{source}::smagorinsky", "-o", where] + (["--code", f"no-{code}"] if code else []),
                   check=True, stdout=subprocess.DEVNULL)
    spec = importlib.util.spec_from_file_location("smagorinsky", os.path.join(where, "smagorinsky.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    random = np.random.default_rng(3)
    u, v, coeff, out_u, out_v = (random.random((33, 20, 5)) for _ in range(5))
    module.run(u, v, coeff, out_u, out_v, origin=(1, 1, 0), domain=(31, 18, 5))
    results.append((code, out_u, out_v))
for code, out_u, out_v in results[1:]:
    assert np.array_equal(out_u, results[0][1]) and np.array_equal(out_v, results[0][2]), code
print(f"{len(results)} libraries compute the same")
