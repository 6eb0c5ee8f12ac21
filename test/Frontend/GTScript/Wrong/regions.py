# Horizontal regions.
# RUN: not spada-translate --import-gtscript --stencil f %s 2>&1 | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy")
def f(a: F, b: F):
    # CHECK-DAG: :[[@LINE+1]]:31: note: imported here
    from __externals__ import i_start

    with computation(PARALLEL), interval(...):
        # CHECK-DAG: :[[@LINE+2]]:32: error: positions are I[0] and I[-1]
        # CHECK-DAG: :[[@LINE+1]]:32: note: hint: count from them: I[0] + 1
        with horizontal(region[I[1], :]):
            b = a
        # CHECK-DAG: :[[@LINE+2]]:32: error: positions are I[0] and I[-1]
        # CHECK-DAG: :[[@LINE+1]]:32: note: hint: count from them: I[0] + 1
        with horizontal(region[I[0:2], :]):
            b = a
        # CHECK-DAG: :[[@LINE+1]]:32: error: this range is along I, not along J
        with horizontal(region[J[0], :]):
            b = a
        # CHECK-DAG: :[[@LINE+2]]:25: error: a region has a range on I and one on J
        # CHECK-DAG: :[[@LINE+1]]:25: note: hint: write region[I[0] : I[0] + 2, :]
        with horizontal(region[:]):
            b = a
        # CHECK-DAG: :[[@LINE+2]]:25: error: a region has a range on I and one on J
        # CHECK-DAG: :[[@LINE+1]]:25: note: hint: write region[I[0] : I[0] + 2, :]
        with horizontal(region[:, :, :]):
            b = a
        # CHECK-DAG: :[[@LINE+2]]:14: error: horizontal(...) lists regions
        # CHECK-DAG: :[[@LINE+1]]:14: note: hint: write horizontal(region[I[0], :])
        with horizontal():
            b = a
        # CHECK-DAG: :[[@LINE+2]]:25: error: horizontal(...) lists regions
        # CHECK-DAG: :[[@LINE+1]]:25: note: hint: write region[I[0] : I[0] + 2, :]
        with horizontal(I[0]):
            b = a
        # CHECK-DAG: :[[@LINE+1]]:34: error: a region has no step
        with horizontal(region[::2, :]):
            b = a
        # CHECK-DAG: :[[@LINE+2]]:32: error: external 'i_start' has no value
        # CHECK-DAG: :[[@LINE+1]]:32: note: hint: give it with -e i_start=VALUE; 'f' still needs i_start
        with horizontal(region[i_start, :]):
            b = a
        # CHECK-DAG: :[[@LINE+2]]:32: error: a region's bound must be a position on axis I, not 0.5
        # CHECK-DAG: :[[@LINE+1]]:32: note: hint: write I[0] + n or I[-1] - n
        with horizontal(region[0.5, :]):
            b = a
        with horizontal(region[I[0], :]):
            # CHECK-DAG: :[[@LINE+2]]:13: error: a region cannot stand inside a region
            # CHECK-DAG: :[[@LINE+1]]:13: note: hint: write the common rectangle as one region
            with horizontal(region[:, J[0]]):
                b = a
        # CHECK-DAG: :[[@LINE+1]]:9: note: written here
        t = a
        with horizontal(region[I[0], :]):
            # CHECK-DAG: :[[@LINE+2]]:17: error: 't' is read with an offset in a region, but it was written before
            # CHECK-DAG: :[[@LINE+1]]:17: note: hint: read a copy that was made before it changed
            b = t[1, 0, 0]
