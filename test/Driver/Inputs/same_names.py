from gt4py.cartesian.gtscript import PARALLEL, Field, computation, interval


def first():
    def same(a: Field[float], b: Field[float]):
        with computation(PARALLEL), interval(...):
            b = a


def second():
    def same(a: Field[float], b: Field[float]):
        with computation(PARALLEL), interval(...):
            b = a + 1.0
