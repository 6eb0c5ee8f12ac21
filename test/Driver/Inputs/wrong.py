import numpy as np
from gt4py.cartesian.gtscript import PARALLEL, Field, computation, interval, stencil


@stencil(backend="numpy")
def races(a: Field[np.float64], b: Field[np.float64]):
    with computation(PARALLEL), interval(...):
        b = a
        a = b[1, 0, 0]


@stencil(backend="numpy")
def right(a: Field[np.float64], b: Field[np.float64]):
    with computation(PARALLEL), interval(...):
        b = a
