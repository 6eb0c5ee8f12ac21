from gt4py.cartesian.gtscript import function
from constants import HALF
@function
def scaled(x):
    from __externals__ import SCALE
    return x * HALF * SCALE
