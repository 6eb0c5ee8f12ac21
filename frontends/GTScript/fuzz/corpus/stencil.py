from enum import IntEnum
from self import *
import self as other
import numpy as np
import gt4py.cartesian.gtscript as gtscript
from gt4py.cartesian.gtscript import PARALLEL, Field, computation, interval

GRAV = 9.8 if other else -1
WIDE, NARROW = np.float64, np.float32
F = Field[gtscript.IJK, WIDE]


class Mode(IntEnum):
    A = 1
    B = 2


def scale(a, b=2):
    if a == 1:
        return b
    return a * b


N = scale(2, b=3) ** 2 // Mode.B
N += 1


@gtscript.function
def average(a):
    return 0.5 * (a[0, 0, 0] + a[1, 0, 0])


def smooth(f: F, out: "Field[np.float64]", *, w: float = 1.0):
    from __externals__ import flag

    with computation(PARALLEL), interval(1, -1):
        t = average(f) if w > GRAV else other.GRAV
        if __INLINED(flag):
            out = t
        elif f < 0 and not out == 1:
            out[0, 0, 0] += f[-1, 0, 0] ** 2
        else:
            while out < 1:
                out = out + f"{x!r:{w}}"
