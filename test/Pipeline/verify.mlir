// A phase is handed on only when the module is what the phase promises.
// RUN: not spada-opt %s --verify-spada 2>&1 | FileCheck %s --check-prefix=SPADA
// RUN: not spada-opt %s --verify-csl 2>&1 | FileCheck %s --check-prefix=CSL
// RUN: spada-opt %s --spada-concretize="params=N=1" --verify-spada | FileCheck %s --check-prefix=CONCRETE

// SPADA: error: kernel 'k' is not in concrete form after phase 'spada'
// CSL: error: 'spada.kernel' is left after phase 'csl'
// CONCRETE: spada.kernel @k []
spada.kernel @k ["N"] {
^bb0(%N: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.place ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32
  }
}
