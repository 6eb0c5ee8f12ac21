# Constants, types and functions come from other files; externals from options and files.
# RUN: spada-translate --import-gtscript -I %S/Inputs -e SCALE=4 %s | FileCheck %s --check-prefixes=CHECK,FOUR
# RUN: spada-translate --import-gtscript -I %S/Inputs -e 'SCALE=@%S/Inputs/externals.json' %s | FileCheck %s --check-prefixes=CHECK,HALF
# RUN: spada-translate --import-gtscript -I %S/Inputs -e '*=@%S/Inputs/externals.json' %s | FileCheck %s --check-prefixes=CHECK,HALF
# RUN: spada-translate --import-gtscript -I %S/Inputs -e SCALE=4 --literal-float=32 --literal-int=32 %s | FileCheck %s --check-prefix=NARROW
# RUN: spada-translate --import-gtscript -I %S/Inputs -e SCALE=4 --mlir-print-debuginfo %s | FileCheck %s --check-prefix=WHERE
# RUN: spada-translate --import-gtscript -I %S/Inputs --list-stencils %s | FileCheck %s --check-prefix=LIST
# RUN: not spada-translate --import-gtscript -I %S/Inputs %s 2>&1 | FileCheck %s --check-prefix=NEEDS
# RUN: not spada-translate --import-gtscript -I %S/Inputs -e 'X=@%S/Inputs/externals.json' %s 2>&1 | FileCheck %s --check-prefix=MEMBER
# RUN: not spada-translate --import-gtscript -I %S/Inputs --stencil g %s 2>&1 | FileCheck %s --check-prefix=NAME
from enum import IntEnum

import constants as c
from functions import scaled
from gt4py.cartesian.gtscript import PARALLEL, computation, enum, interval
from kinds import MyField, Vec


@enum
class Mode(IntEnum):
    A = 1
    B = 2


# LIST: {{[0-9]+}} f SCALE
# CHECK: %a: !stencil.field<IJK, f32>
# CHECK-SAME: %b: !stencil.field<IJK, f32>
# CHECK-SAME: %v: !stencil.field<IJK, f32, [2]>
# CHECK-SAME: %mode: i64 {stencil.default = 1 : i64, stencil.name = "mode"}
# CHECK-SAME: %w: f64 {stencil.default = 2.000000e+00 : f64, stencil.literal, stencil.name = "w"}
# NARROW: %mode: i32 {stencil.default = 1 : i32
# NARROW-SAME: %w: f64
def f(a: MyField, b: "MyField", v: Vec, mode: Mode = Mode.A, w: "float" = 2):
    with computation(PARALLEL), interval(...):
        # CHECK: arith.constant 5.000000e-01 : f32
        # FOUR: arith.constant 4 : i64
        # HALF: arith.constant 2.500000e+00 : f64
        # CHECK: arith.constant 9.810000e+00 : f64
        # CHECK: arith.constant 2.943000e+01 : f64
        # NARROW: arith.constant 4 : i32
        # NARROW: arith.constant 9.810000e+00 : f32
        # WHERE: loc("{{.*}}functions.py":6:12)
        # WHERE: loc(callsite(
        # NEEDS: functions.py:6:23: error: external 'SCALE' has no value
        # NEEDS: note: hint: give it with -e SCALE=VALUE; 'f' still needs SCALE
        # NEEDS: functions.py:5:31: note: imported here
        # NEEDS: imports.py:[[@LINE+3]]:13: note: 'scaled' is called here
        # MEMBER: error: '{{.*}}externals.json' has no member 'X'
        # NAME: error: the file has no stencil 'g'
        b = scaled(a) * c.GRAV + c.NESTED.X
        # CHECK: arith.cmpi eq, %mode,
        if mode == Mode.B:
            b = w
        v[0, 0, 0][0] = b
