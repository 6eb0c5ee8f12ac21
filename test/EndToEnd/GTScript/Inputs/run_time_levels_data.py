"""usage: run_time_levels_data.py write | compare FILE.npy ...; files are in the current directory."""

import sys

import numpy as np

LEVELS, BELOW, ABOVE = 4, 2, 3
rng = np.random.default_rng(3)
a = rng.random((3, 2, BELOW + LEVELS + ABOVE), dtype=np.float32)
k = np.arange(LEVELS)
# Every column reaches the lowest and the highest level of the array.
at = rng.integers(-BELOW - k, LEVELS + ABOVE - k, size=(3, 2, LEVELS), dtype=np.int32)
at[..., 0], at[..., -1] = -BELOW, ABOVE
expected = np.take_along_axis(a, BELOW + k + at, axis=2) + a[..., BELOW + 1 : BELOW + 1 + LEVELS]

if sys.argv[1] == "write":
    np.save("a.npy", a)
    np.save("at.npy", at)
for name in sys.argv[2:]:
    same = np.array_equal(np.load(name), expected)
    print(name, "equal" if same else "differs")
