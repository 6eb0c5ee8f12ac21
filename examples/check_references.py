#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Checks the references themselves: 'expected', which follows the program's order of operations, against 'independent',
# which says the same in other words and in double precision. Runs no tool of ours.
import sys

import numpy as np
import run_example


def main():
    wrong = 0
    for name in run_example.names():
        example = run_example.Example(name)
        allowed = getattr(example.reference, "INDEPENDENT_TOLERANCE", 1e-5)
        for case in example.cases:
            _, expected, independent = example.arrays(case, 0)
            if expected.keys() != independent.keys():
                raise SystemExit(f"{name}: 'expected' and 'independent' name different outputs")
            for key, value in expected.items():
                want = np.asarray(independent[key], dtype=np.float64)
                if value.shape != want.shape:
                    raise SystemExit(f"{name}: '{key}' is {value.shape} and {want.shape}")
                error = np.max(np.abs(value.astype(np.float64) - want) / np.maximum(1.0, np.abs(want)), initial=0.0)
                if not error <= allowed:
                    print(f"{name} {run_example.case_text(case)}: '{key}' differs by {error:g}, allowed {allowed:g}")
                    wrong += 1
    print(f"{wrong} wrong references")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
