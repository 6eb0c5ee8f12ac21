# The dialect of SpaDA's samples, and parameters without annotations.
# RUN: spada-translate --import-gtscript --dialect=spada --stencil laplacian %s | FileCheck %s
# RUN: not spada-translate --import-gtscript --stencil laplacian %s 2>&1 | FileCheck %s --check-prefix=GT4PY
# RUN: spada-translate --import-gtscript --stencil Suite.definition --types=%S/Inputs/types.json %s | FileCheck %s --check-prefix=SUITE
# RUN: spada-translate --import-gtscript --stencil aliased --dtype Mine=Field[int32] %s | FileCheck %s --check-prefix=WIDE
# RUN: spada-translate --import-gtscript --stencil aliased --alias-float=32 --dtype Mine=Field[IJ,bool] --dtype float=float32 %s | FileCheck %s --check-prefix=NARROW
# RUN: not spada-translate --import-gtscript %s 2>&1 | FileCheck %s --check-prefix=MANY
import numpy as np
from gt4py import PARALLEL, computation, interval

Field3D = np.ndarray
Mine = Field3D


# MANY: error: the file has 3 stencils
# MANY: hint: choose one of laplacian, Suite.definition, aliased


# CHECK: @laplacian(%a: !stencil.field<IJK, f32> {stencil.name = "a"}, %b: !stencil.field<IJK, f32>
# CHECK-SAME: %w: f32
# CHECK: arith.constant -4.000000e+00 : f32
# GT4PY: :[[@LINE+2]]:18: error: invalid type of parameter 'a': 'Field3D' does not say axes and element type
# GT4PY: hint: write Field[float64], or read the file with --dialect=spada
def laplacian(a: Field3D, b: Field3D, w: float):
    with computation(PARALLEL), interval(...):
        b = -4.0 * a[0, 0, 0] + a[1, 0, 0] * w


class Suite:
    # SUITE: %a: !stencil.field<IJK, f32> {stencil.name = "a"}, %b: !stencil.field<IJK, f32> {stencil.name = "b"}, %w: f64
    def definition(a, b, *, w):
        with computation(PARALLEL), interval(...):
            b = a * w


# WIDE: %a: !stencil.field<IJK, f64>
# WIDE-SAME: %b: !stencil.field<IJ, f64>
# WIDE-SAME: %k: !stencil.field<K, f32>
# WIDE-SAME: %i: !stencil.field<IJ, i64>
# NARROW: %a: !stencil.field<IJK, f32>
# NARROW-SAME: %b: !stencil.field<IJ, f32>
# NARROW-SAME: %k: !stencil.field<K, f32>
# NARROW-SAME: %i: !stencil.field<IJ, i64>
# NARROW-SAME: %m: !stencil.field<IJ, i1> {stencil.default,
# NARROW: arith.constant 2.000000e+00 : f32
def aliased(a: FloatField, b: FloatFieldIJ, k: FloatFieldK32, i: IntFieldIJ, w: Float, m: Mine = None):
    with computation(PARALLEL), interval(...):
        a = 2.0 * w + b
