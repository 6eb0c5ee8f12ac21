import numpy as np
from gt4py.cartesian.gtscript import IJ, PARALLEL, Field, K, computation, interval, stencil


@stencil(backend="numpy")
def mixed(height: Field[IJ, np.float32], level: Field[K, np.float64], inp: Field[(np.float64, (3,))],
          count: Field[np.int32], out: Field[np.float64], *, scale: float):
    with computation(PARALLEL), interval(...):
        out = scale * (inp[-2, 0, 0][0] + inp[0, 1, 1][2]) + level + height
        count = count + 1
