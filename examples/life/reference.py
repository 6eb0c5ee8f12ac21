# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# What example 'life' must give.
import numpy as np

CASES = [dict(NX=2, NY=3, B=1, G=2), dict(NX=2, NY=2, B=2, G=2), dict(NX=3, NY=4, B=5, G=6)]


def inputs(p, rng):
    cells = rng.integers(0, 2, (p.NX, p.NY, p.B * p.B), dtype=np.int16)
    return {"before": cells}


def to_plane(p, tiles):
    """Tiles (x, y, rows * columns) to one plane of rows by columns."""
    return tiles.reshape(p.NX, p.NY, p.B, p.B).transpose(1, 2, 0, 3).reshape(p.NY * p.B, p.NX * p.B)


def to_tiles(p, plane):
    return plane.reshape(p.NY, p.B, p.NX, p.B).transpose(2, 0, 1, 3).reshape(p.NX, p.NY, p.B * p.B)


def expected(p, a):
    plane = to_plane(p, a["before"])
    rows, columns = plane.shape
    for _ in range(p.G):
        framed = np.pad(plane, 1)
        count = sum(framed[y:y + rows, x:x + columns] for y in range(3) for x in range(3)) - plane
        plane = np.where((count == 3) | ((count == 2) & (plane == 1)), 1, 0).astype(np.int16)
    return {"after": to_tiles(p, plane)}


def independent(p, a):
    alive = {(y, x) for y, x in zip(*np.nonzero(to_plane(p, a["before"])))}
    rows, columns = p.NY * p.B, p.NX * p.B
    for _ in range(p.G):
        counts = {}
        for y, x in alive:
            for other in ((y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx):
                counts[other] = counts.get(other, 0) + 1
        alive = {c for c, n in counts.items()
                 if (n == 3 or (n == 2 and c in alive)) and 0 <= c[0] < rows and 0 <= c[1] < columns}
    plane = np.zeros((rows, columns))
    for cell in alive:
        plane[cell] = 1
    return {"after": to_tiles(p, plane)}
