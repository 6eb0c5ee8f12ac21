# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What feature program 'integers' must give.
import numpy as np

CASES = [dict(K=5), dict(K=64)]


def inputs(p, rng):
    return {"a": rng.integers(-2**15, 2**15, (2, 1, p.K), dtype=np.int16),
            "b": rng.integers(-2**31, 2**31, (2, 1, p.K), dtype=np.int32),
            "c": rng.integers(0, 2**16, (2, 1, p.K), dtype=np.uint16)}


def expected(p, a):
    x, y, z = a["a"].copy(), a["b"].copy(), a["c"].copy()
    x[0] = a["a"][0] * np.int16(7) + np.int16(12345)
    y[0] = a["b"][0] * np.int32(65539) - np.int32(1)
    z[0] = (a["c"][0] >> np.uint16(3)) + (a["c"][0] << np.uint16(2))
    both16, both32 = a["a"][1] + a["a"][0], a["b"][1] - a["b"][0]
    x[1] = both16 // np.int16(7) + both16 % np.int16(-5)
    y[1] = both32 // np.int32(-1000) + both32 % np.int32(77)
    z[1] = np.where(a["c"][1] > a["c"][0], a["c"][1] // np.uint16(9), a["c"][0] % np.uint16(9))
    return {"x": x, "y": y, "z": z}


def wrap(value, bits):
    return (value + (1 << (bits - 1))) % (1 << bits) - (1 << (bits - 1))


def independent(p, a):
    x, y, z = np.zeros((2, 1, p.K)), np.zeros((2, 1, p.K)), np.zeros((2, 1, p.K))
    for k in range(p.K):
        (a0, a1), (b0, b1), (c0, c1) = ([int(v) for v in a[n][:, 0, k]] for n in "abc")
        x[0, 0, k], y[0, 0, k] = wrap(7 * a0 + 12345, 16), wrap(65539 * b0 - 1, 32)
        z[0, 0, k] = (c0 // 8 + c0 * 4) % 65536
        s, d = wrap(a0 + a1, 16), wrap(b1 - b0, 32)
        x[1, 0, k], y[1, 0, k] = wrap(s // 7 + s % -5, 16), wrap(d // -1000 + d % 77, 32)
        z[1, 0, k] = c1 // 9 if c1 > c0 else c0 % 9
    return {"x": x, "y": y, "z": z}
