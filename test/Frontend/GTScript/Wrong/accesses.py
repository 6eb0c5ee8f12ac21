# Offsets, levels and data indices.
# RUN: not spada-translate --import-gtscript --stencil f %s 2>&1 | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy")
# CHECK-DAG: :[[@LINE+4]]:7: note: declared here
# CHECK-DAG: :[[@LINE+3]]:19: note: declared here
# CHECK-DAG: :[[@LINE+2]]:45: note: declared here
# CHECK-DAG: :[[@LINE+1]]:71: note: declared here
def f(a: F, b: F, m: Field[IJ, np.float64], k1: Field[K, np.float64], n: int,
      # CHECK-DAG: :[[@LINE+2]]:7: note: declared here
      # CHECK-DAG: :[[@LINE+1]]:37: note: declared here
      v: Field[(np.float64, (2,))], t: GlobalTable[(np.float64, (4,))]):
    with computation(FORWARD), interval(...):
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'a' has 1 offset, but its axes are I, J, K
        b = a[1]
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'm' has 3 offsets, but its axes are I, J
        b = m[0, 0, 1]
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'k1' has 3 offsets, but its axes are K
        b = k1[1, 0, 0]
        # CHECK-DAG: :[[@LINE+1]]:21: error: an offset must be a small integer, not 1.5
        b = a[0, 0, 1.5]
        # CHECK-DAG: :[[@LINE+1]]:15: error: an offset must be a small integer, not 0.5
        b = a[0.5, 0, 0]
        # CHECK-DAG: :[[@LINE+2]]:15: error: an offset in I must be an integer known at compile time: 'n' is known only when the stencil runs
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: only offsets in K can be known at run time
        b = a[n, 0, 0]
        # CHECK-DAG: :[[@LINE+2]]:21: error: a vertical offset must be an integer, not float64
        # CHECK-DAG: :[[@LINE+1]]:21: note: hint: convert it with int(...)
        b = a[0, 0, a]
        # CHECK-DAG: :[[@LINE+1]]:15: error: an offset is an integer, not a slice
        b = a[0:1, 0, 0]
        # CHECK-DAG: :[[@LINE+1]]:18: error: axes are written in the order I, J, K
        b = a[J, I]
        # CHECK-DAG: :[[@LINE+1]]:22: error: axis I is given twice
        b = a[I + 1, I]
        # CHECK-DAG: :[[@LINE+2]]:15: error: this index must be an axis plus or minus a constant
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: an absolute level is read with a.at(K=...)
        b = a[0, 0, K - 1]
        # CHECK-DAG: :[[@LINE+1]]:15: error: 'm' has no axis K; its axes are I, J
        b = m[K]
        # CHECK-DAG: :[[@LINE+2]]:15: error: this index must be an axis plus or minus a constant
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: write I, J - 1 or K + 1
        b = a[I * 2]
        # CHECK-DAG: :[[@LINE+2]]:13: error: 'v' of type Field[IJK, (float64, (2,))] lacks a data index
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: write v[0, 0, 0][n] or v.A[n]
        b = v
        # CHECK-DAG: :[[@LINE+1]]:24: error: data index 2 is out of range; 'v' has 2 elements there
        b = v[0, 0, 0][2]
        # CHECK-DAG: :[[@LINE+1]]:24: error: data index -1 is out of range; 'v' has 2 elements there
        b = v[0, 0, 0][-1]
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'v' has 1 data dimension, but 2 indices
        b = v[0, 0, 0][0, 1]
        # CHECK-DAG: :[[@LINE+1]]:24: error: a data index must be an integer, not 0.5
        b = v[0, 0, 0][0.5]
        # CHECK-DAG: :[[@LINE+2]]:24: error: a data index must be an integer, not float64
        # CHECK-DAG: :[[@LINE+1]]:24: note: hint: convert it with int(...)
        b = v[0, 0, 0][a]
        # CHECK-DAG: :[[@LINE+1]]:17: error: data index 3 is out of range; 'v' has 2 elements there
        b = v.A[3]
        # CHECK-DAG: :[[@LINE+2]]:13: error: 't' of type GlobalTable[(float64, (4,))] lacks a data index
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: write t.A[n]
        b = t
        # CHECK-DAG: :[[@LINE+2]]:13: error: 't' is a table and has no offsets
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: its elements are read with t.A[n]
        b = t[1]
        # CHECK-DAG: :[[@LINE+1]]:17: error: data index 4 is out of range; 't' has 4 elements there
        b = t.A[4]
        # CHECK-DAG: :[[@LINE+1]]:18: error: an absolute level is written x.at(K=level) or x.at(K=level, ddim=[n])
        b = a.at(1)
        # CHECK-DAG: :[[@LINE+1]]:18: error: an absolute level is written x.at(K=level) or x.at(K=level, ddim=[n])
        b = a.at(J=1)
        # CHECK-DAG: :[[@LINE+2]]:20: error: 'at(K=K)' is the level at hand
        # CHECK-DAG: :[[@LINE+1]]:20: note: hint: write 'a'
        b = a.at(K=K)
        # CHECK-DAG: :[[@LINE+2]]:20: error: a level must be an integer, not float64
        # CHECK-DAG: :[[@LINE+1]]:20: note: hint: convert it with int(...)
        b = a.at(K=1.5)
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'm' has no axis K; its axes are I, J
        b = m.at(K=1)
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'v' has 1 data dimension, but 0 indices
        b = v.at(K=1)
        # CHECK-DAG: :[[@LINE+2]]:28: error: 'ddim' is a list of data indices
        # CHECK-DAG: :[[@LINE+1]]:28: note: hint: write ddim=[n]
        b = v.at(K=1, ddim=0)
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'n' is a scalar and has no offsets
        b = n[0, 0, 1]
        # CHECK-DAG: :[[@LINE+2]]:13: error: only fields and results of functions take offsets
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: assign the value to a temporary first
        b = (a + b)[1, 0, 0]
        # CHECK-DAG: :[[@LINE+1]]:13: error: a field takes offsets and data indices, no third subscript
        b = a[0, 0, 0][0][0]
