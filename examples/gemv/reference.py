# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'gemv' must give: columns of each block in order, then along each row from the east.
import numpy as np

CASES = [dict(X=2, Y=2, K=2), dict(X=3, Y=4, K=2), dict(X=4, Y=3, K=16)]
SCALARS = {"alpha": np.float32(1.5), "beta": np.float32(-0.75)}
INDEPENDENT_TOLERANCE = 1e-4


def inputs(p, rng):
    # A[i, j] holds block (row j, column i) by columns.
    return {
        "A": rng.standard_normal((p.X, p.Y, p.K * p.K), dtype=np.float32),
        "x": rng.standard_normal((p.X, 1, p.K), dtype=np.float32),
        "y": rng.standard_normal((1, p.Y, p.K), dtype=np.float32),
    }


def expected(p, a):
    blocks = a["A"].reshape(p.X, p.Y, p.K, p.K)
    z = np.empty((1, p.Y, p.K), dtype=np.float32)
    for j in range(p.Y):
        row = []
        for i in range(p.X):
            product = np.zeros(p.K, dtype=np.float32)
            for c in range(p.K):
                product = product + blocks[i, j, c] * a["x"][i, 0, c]
            row.append(product)
        total = row[-1]
        for product in row[-2::-1]:
            total = product + total
        z[0, j] = total * a["alpha"] + a["y"][0, j] * a["beta"]
    return {"z": z}


def independent(p, a):
    # The whole matrix, row-major: [j, r, i, c].
    matrix = a["A"].astype(np.float64).reshape(p.X, p.Y, p.K, p.K).transpose(1, 3, 0, 2).reshape(p.Y * p.K, p.X * p.K)
    product = matrix @ a["x"].astype(np.float64).reshape(-1)
    return {"z": 1.5 * product.reshape(1, p.Y, p.K) - 0.75 * a["y"]}
