# What cannot be assigned.
# RUN: not spada-translate --import-gtscript --stencil f %s 2>&1 | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy")
# CHECK-DAG: :[[@LINE+4]]:19: note: declared here
# CHECK-DAG: :[[@LINE+3]]:45: note: declared here
# CHECK-DAG: :[[@LINE+2]]:71: note: 'n' is a parameter
# CHECK-DAG: :[[@LINE+1]]:13: note: declared here
def f(a: F, b: F, m: Field[IJ, np.float64], k1: Field[K, np.float64], n: int,
      t: GlobalTable[(np.float64, (4,))], v: Field[(np.float64, (2,))]):
    with computation(PARALLEL), interval(...):
        # CHECK-DAG: :[[@LINE+2]]:9: error: a target has no offset in I or J
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: read the neighbours instead of writing them
        b[1, 0, 0] = a
        # CHECK-DAG: :[[@LINE+2]]:9: error: a target has no offset in K in a PARALLEL computation
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: choose FORWARD or BACKWARD
        b[0, 0, 1] = a
        # CHECK-DAG: :[[@LINE+2]]:9: error: a target has no offset in K in a PARALLEL computation
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: choose FORWARD or BACKWARD
        b[0, 0, n] = a
        # CHECK-DAG: :[[@LINE+2]]:9: error: field 'm' with axes IJ is written in a PARALLEL computation
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: every level would write the same points; choose FORWARD or BACKWARD, where the last level written wins
        m = a
        # CHECK-DAG: :[[@LINE+2]]:9: error: field 'k1' with axes K is read-only
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: fields with axes IJK can be written, and those with axes IJ in FORWARD and BACKWARD computations
        k1 = a
        # CHECK-DAG: :[[@LINE+2]]:9: error: scalar parameter 'n' is read-only
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: assign to a temporary of another name
        n = 1
        # CHECK-DAG: :[[@LINE+2]]:9: error: a table is read-only, and '.A' is for reading
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: write the element of a field as x[0, 0, 0][n]
        t.A[0] = 1.0
        # CHECK-DAG: :[[@LINE+2]]:13: error: 'b' is assigned from a neighbour's value of itself
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: every point would see old or new values by chance; assign to a temporary first
        b = b[1, 0, 0]
        # CHECK-DAG: :[[@LINE+2]]:14: error: 'b' is assigned from a neighbour's value of itself
        # CHECK-DAG: :[[@LINE+1]]:14: note: hint: every point would see old or new values by chance; assign to a temporary first
        b += b[0, 1, 0]
        # CHECK-DAG: :[[@LINE+2]]:9: error: temporary 'w' has data dimensions but no declaration
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: write 'w: Field[(float64, (n,))] = 0.0' before the computations
        w[0, 0, 0][1] = 2.0
        # CHECK-DAG: :[[@LINE+2]]:9: error: 'new' is first assigned at an offset
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: assign to 'new' itself before
        new[1, 0, 0] = 2.0
        # CHECK-DAG: :[[@LINE+2]]:9: error: this cannot be assigned to
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: a target is a name, maybe with offsets and data indices
        a + b = 2.0
        # CHECK-DAG: :[[@LINE+2]]:9: error: this cannot be assigned to
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: a target is a name, maybe with offsets and data indices
        sqrt(b) = 2.0
        # CHECK-DAG: :[[@LINE+2]]:16: error: 2 targets but one value
        # CHECK-DAG: :[[@LINE+1]]:16: note: hint: write as many values, separated by commas
        b, a = a
        # CHECK-DAG: :[[@LINE+1]]:9: error: 2 targets but 3 values
        b, a = a, b, a
        # CHECK-DAG: :[[@LINE+1]]:13: error: one target but 2 values
        b = a, a
        # CHECK-DAG: :[[@LINE+2]]:13: error: 'v' of type Field[IJK, (float64, (2,))] lacks a data index
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: write v[0, 0, 0][n] or v.A[n]
        b = v
        # CHECK-DAG: :[[@LINE+1]]:12: error: 'b' has a type already
        b: float = 2.0
        # CHECK-DAG: :[[@LINE+2]]:12: error: a temporary cannot have axes K
        # CHECK-DAG: :[[@LINE+1]]:12: note: hint: temporaries have axes IJK or IJ
        c: Field[K, np.float64] = 2.0
        # CHECK-DAG: :[[@LINE+2]]:12: error: an IJ temporary is written in a PARALLEL computation
        # CHECK-DAG: :[[@LINE+1]]:12: note: hint: choose FORWARD or BACKWARD
        d: Field[IJ, np.float64] = 2.0
        # CHECK-DAG: :[[@LINE+2]]:12: error: invalid type of a temporary: 'unknown' is no known type: 'unknown' is not defined
        # CHECK-DAG: :[[@LINE+1]]:12: note: hint: give its meaning with --dtype unknown=TYPE, or the folder of the module that defines it with -I
        e: unknown = 2.0
    with computation(FORWARD), interval(...):
        # CHECK-DAG: :[[@LINE+2]]:9: error: field 'k1' with axes K is read-only
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: fields with axes IJK can be written, and those with axes IJ in FORWARD and BACKWARD computations
        k1 = a
        # CHECK-DAG: :[[@LINE+2]]:9: error: a target has no offset in I or J
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: read the neighbours instead of writing them
        b[0, 1, 0] = a
