# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'flags' must give.
import numpy as np

CASES = [dict(K=4), dict(K=21)]


def inputs(p, rng):
    return {"a": rng.integers(-100, 100, (2, 1, p.K), dtype=np.int16)}


def expected(p, a):
    even = a["a"] % 2 == 0
    other = even[::-1]
    c = np.where(other, a["a"], -a["a"])
    same = even == other
    c[:, :, 0] += same.any(axis=2)
    return {"same": same, "c": c}


def independent(p, a):
    same, c = np.zeros((2, 1, p.K)), np.zeros((2, 1, p.K))
    for i in range(2):
        for k in range(p.K):
            mine, theirs = int(a["a"][i, 0, k]), int(a["a"][1 - i, 0, k])
            same[i, 0, k] = (mine - theirs) % 2 == 0
            c[i, 0, k] = mine * (-1) ** (theirs % 2)
        c[i, 0, 0] += 1 if same[i].any() else 0
    return {"same": same, "c": c}
