# Parameters of a stencil.
# RUN: not spada-translate --import-gtscript --stencil f %s 2>&1 | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy")
# CHECK-DAG: :[[@LINE+10]]:7: error: parameter 'a' has no type
# CHECK-DAG: :[[@LINE+9]]:7: note: hint: write a: Field[float64], or give a file of types with --types
# CHECK-DAG: :[[@LINE+8]]:13: error: invalid type of parameter 'b': 'np.ndarray' does not say axes and element type
# CHECK-DAG: :[[@LINE+7]]:13: note: hint: write Field[float64], or read the file with --dialect=spada
# CHECK-DAG: :[[@LINE+6]]:28: error: invalid type of parameter 'c': 'Field' lacks an element type
# CHECK-DAG: :[[@LINE+5]]:28: note: hint: write Field[float64]
# CHECK-DAG: :[[@LINE+4]]:38: error: invalid type of parameter 'd': 'np.uint8' is no data type of GTScript
# CHECK-DAG: :[[@LINE+3]]:38: note: hint: data types are bool, int8, int16, int32, int64, float32 and float64
# CHECK-DAG: :[[@LINE+2]]:58: error: invalid type of parameter 'e': 'np.complex128' is no data type of GTScript
# CHECK-DAG: :[[@LINE+1]]:58: note: hint: data types are bool, int8, int16, int32, int64, float32 and float64
def f(a, b: np.ndarray, c: Field, d: Field[np.uint8], e: Field[np.complex128],
      # CHECK-DAG: :[[@LINE+5]]:30: error: field 'g' has the default 1
      # CHECK-DAG: :[[@LINE+4]]:30: note: hint: the default of a field can only be None
      # CHECK-DAG: :[[@LINE+3]]:46: error: default "x" of 'h' is no float64
      # CHECK-DAG: :[[@LINE+2]]:60: error: default 1.5 of 'i' is no int64
      # CHECK-DAG: :[[@LINE+1]]:75: error: default 1 of 'j' is no bool
      g: Field[np.float64] = 1.0, h: float = "x", i: int = 1.5, j: bool = 1,
      # CHECK-DAG: :[[@LINE+5]]:10: error: invalid type of parameter 'k': 'Unknown' is no known type: 'Unknown' is not defined
      # CHECK-DAG: :[[@LINE+4]]:10: note: hint: give its meaning with --dtype Unknown=TYPE, or the folder of the module that defines it with -I
      # CHECK-DAG: :[[@LINE+3]]:26: error: invalid type of parameter 'l': a table needs data dimensions
      # CHECK-DAG: :[[@LINE+2]]:26: note: hint: write GlobalTable[(float64, (4,))]
      # CHECK-DAG: :[[@LINE+1]]:61: error: invalid type of parameter 'm': the annotation is no type
      k: Unknown = 1, l: GlobalTable[np.float64] = None, m: 3 = 1,
      # CHECK-DAG: :[[@LINE+2]]:10: error: invalid type of parameter 'o': a data dimension must be a positive integer, not 0
      # CHECK-DAG: :[[@LINE+1]]:47: error: invalid type of parameter 'p': the data dimensions are no integers known at compile time: 'q' is not defined
      o: Field[(np.float64, (0,))] = None, p: Field[(np.float64, (q,))] = None,
      # CHECK-DAG: :[[@LINE+4]]:8: error: '*args' is no parameter of a stencil
      # CHECK-DAG: :[[@LINE+3]]:8: note: hint: list the parameters by name
      # CHECK-DAG: :[[@LINE+2]]:16: error: '**kwargs' is no parameter of a stencil
      # CHECK-DAG: :[[@LINE+1]]:16: note: hint: list the parameters by name
      *args, **kwargs):
    with computation(PARALLEL), interval(...):
        pass
