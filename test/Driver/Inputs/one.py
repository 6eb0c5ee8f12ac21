import numpy as np
from gt4py.cartesian.gtscript import PARALLEL, Field, computation, interval, stencil


@stencil(backend="numpy")
def smooth(inp: Field[np.float64], out: Field[np.float64], *, weight: float = 0.25):
    with computation(PARALLEL), interval(...):
        out = weight * (inp[1, 0, 0] + inp[-1, 0, 0] + inp[0, 1, 0] + inp[0, -1, 0])
