"""A stencil that reads levels known at run time only."""

import numpy as np
from gt4py.cartesian.gtscript import FORWARD, Field, computation, interval


def pick(a: Field[np.float32], at: Field[np.int32], b: Field[np.float32]):
    with computation(FORWARD), interval(...):
        b = a[0, 0, at] + a[0, 0, 1]
