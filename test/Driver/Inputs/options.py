import numpy as np
from gt4py.cartesian.gtscript import PARALLEL, Field, computation, interval, stencil
from ndsl.dsl.typing import FloatField

import constants

Field3D = np.ndarray


def scaled(a: FloatField, out: FloatField):
    from __externals__ import factor, wide

    with computation(PARALLEL), interval(...):
        if __INLINED(wide):
            out = factor * a + constants.ONE
        else:
            out = a


def bare(a, out):
    with computation(PARALLEL), interval(...):
        out = a + 1.0


@stencil(backend="numpy")
def named(a: "Mine", out: "Mine"):
    with computation(PARALLEL), interval(...):
        out = a + 2.0


def plain(a: Field3D, out: Field3D):
    with computation(PARALLEL), interval(...):
        out = a + 0.1


def tensors(v: Field[(np.float64, (3,))], out: Field[np.float64]):
    with computation(PARALLEL), interval(...):
        out = v[0, 0, 0][0]


def thick(a: Field[np.float64], out: Field[np.float64]):
    with computation(PARALLEL), interval(0, 3):
        out = a
    with computation(PARALLEL), interval(-3, None):
        out = a + 1.0
