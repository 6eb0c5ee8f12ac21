# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'spmv' must give: entries in the order of the lists, then along each row from the east.
import numpy as np

CASES = [dict(X=2, Y=2, K=4, NZ=3), dict(X=4, Y=3, K=16, NZ=40)]
INDEPENDENT_TOLERANCE = 1e-4


def inputs(p, rng):
    count = (p.X, p.Y, p.NZ)
    values = rng.standard_normal(count, dtype=np.float32)
    values[:, :, p.NZ - 1] = 0.0  # padding
    return {
        "rows": rng.integers(0, p.K, count, dtype=np.int16),
        "columns": rng.integers(0, p.K, count, dtype=np.int16),
        "values": values,
        "x": rng.standard_normal((p.X, 1, p.K), dtype=np.float32),
    }


def expected(p, a):
    y = np.empty((1, p.Y, p.K), dtype=np.float32)
    for j in range(p.Y):
        total = None
        for i in range(p.X - 1, -1, -1):
            product = np.zeros(p.K, dtype=np.float32)
            for r, c, value in zip(a["rows"][i, j], a["columns"][i, j], a["values"][i, j]):
                product[r] = product[r] + value * a["x"][i, 0, c]
            total = product if total is None else product + total
        y[0, j] = total
    return {"y": y}


def independent(p, a):
    matrix = np.zeros((p.Y * p.K, p.X * p.K))
    i, j, _ = np.indices(a["rows"].shape)
    np.add.at(matrix, (j * p.K + a["rows"], i * p.K + a["columns"]), a["values"])
    return {"y": (matrix @ a["x"].astype(np.float64).reshape(-1)).reshape(1, p.Y, p.K)}
