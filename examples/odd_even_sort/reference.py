# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'odd_even_sort' must give.
import numpy as np

CASES = [dict(N=2, K=3), dict(N=5, K=4), dict(N=8, K=16)]


def inputs(p, rng):
    keys = rng.integers(-2**31, 2**31, (p.N, 1, p.K), dtype=np.int32)
    keys[0, 0, 0] = keys[p.N - 1, 0, p.K - 1]  # an equal pair
    return {"keys": keys}


def expected(p, a):
    return {"sorted": np.sort(a["keys"].reshape(-1)).reshape(p.N, 1, p.K)}


def independent(p, a):
    # The rounds themselves.
    blocks = [sorted(int(k) for k in block) for block in a["keys"][:, 0]]
    for s in range(p.N + 1):
        for i in range(s % 2, p.N - 1, 2):
            both = sorted(blocks[i] + blocks[i + 1])
            blocks[i], blocks[i + 1] = both[:p.K], both[p.K:]
    return {"sorted": np.array(blocks).reshape(p.N, 1, p.K)}
