# Classes that make stencils give externals where they are literals; -e goes before, and calls that differ say nothing.
# RUN: spada-translate --import-gtscript --stencil f %s | FileCheck %s
# RUN: spada-translate --import-gtscript --stencil f -e N=7 %s | FileCheck %s --check-prefix=GIVEN
# RUN: not spada-translate --import-gtscript --stencil g %s 2>&1 | FileCheck %s --check-prefix=DIFFER
# RUN: not spada-translate --import-gtscript --stencil h %s 2>&1 | FileCheck %s --check-prefix=RUNTIME
from gt4py.cartesian.gtscript import *

F = Field[float]
size = 9


def f(a: F):
    from __externals__ import N, FLAG

    with computation(PARALLEL), interval(...):
        if __INLINED(FLAG):
            a = N
        else:
            a = 100.0 * N


def g(a: F):
    from __externals__ import N

    with computation(PARALLEL), interval(...):
        a = N


def h(a: F):
    from __externals__ import size

    with computation(PARALLEL), interval(...):
        a = size


class Model:
    def __init__(self, factory, size, more):
        self._f = factory.from_dims_halo(
            func=f,
            compute_dims=[1, 2, 3],
            externals={"N": -2.5 * 2, "FLAG": not False, **more},
        )
        if size:
            self._g = factory.from_origin_domain(g, externals={"N": 1.0})
        else:
            self._g = wrap(factory.from_origin_domain(g, externals={"N": 2.0}))
        # The argument, not the number above.
        self._h = factory.from_origin_domain(h, externals={"size": size})


# CHECK: stencil.program @f
# CHECK: arith.constant -5.0
# CHECK-NOT: 100.0
# GIVEN: stencil.program @f
# GIVEN: arith.constant 7
# GIVEN-NOT: 100.0
# DIFFER: makers.py:[[#]]:{{[0-9]+}}: error: {{.*}}'N'
# RUNTIME: makers.py:[[#]]:{{[0-9]+}}: error: {{.*}}'size'
