//===- Interp.h - the reference interpreter ---------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Defines what a concrete SpaDA kernel means by running it PE by PE with
// channels without bound. No time, no routes, no hardware limits: those are the
// simulator's.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_INTERP_INTERP_H
#define SPADA_INTERP_INTERP_H

#include "dialects/Spada/IR/SpadaDialect.h"
#include "spada/Support/Array.h"

#include "mlir/IR/Location.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace spada {

/// How a run ended, and what there is to say about it.
struct InterpResult {
  enum Status {
    Finished,   ///< every PE has ended and every element sent was received
    Deadlocked, ///< some PE waits for ever, or an element was never received
    Trapped,    ///< an operation had no result, such as an index out of bounds
    Rejected,   ///< the kernel or the inputs cannot be run at all
  };
  /// A place and what happened there.
  struct Note {
    mlir::Location location;
    std::string text;
  };
  /// What the run did; all of them independent of the order in which PEs take
  /// turns.
  struct Counts {
    int64_t pes = 0;              ///< PEs that a compute block covers
    int64_t operations = 0;       ///< ops executed, on all PEs together
    int64_t elementsSent = 0;     ///< elements put into streams between PEs; a
                                  ///< multicast counts each receiver
    int64_t elementsReceived = 0; ///< elements taken from them
    int64_t hostElementsIn = 0;   ///< elements taken from arguments
    int64_t hostElementsOut = 0;  ///< elements appended to arguments
  };

  Status status = Finished;
  /// One line without its location; empty when finished.
  std::string message;
  /// Where `message` happened.
  std::optional<mlir::Location> location;
  /// At most four places, then one that counts the rest.
  std::vector<Note> notes;
  Counts counts;

  /// Message and notes with their locations, one a line.
  std::string text() const;
  /// The same as diagnostics of MLIR.
  void emitDiagnostics(mlir::Location fallback) const;
};

/// Limits against inputs that no interpreter could run.
struct InterpOptions {
  int64_t maxPEs = int64_t(1) << 22;
  int64_t maxFieldElements = int64_t(1) << 28; ///< of all PEs together
};

/// Runs `kernel`, which must be in concrete form.
/// \p inputs   one array for each argument that is received from: shape `dims`
/// followed by `bound` (or any length).
/// \p scalars  one value for each run-time scalar; it must be exact in the
/// scalar's type when that is an integer.
/// \p outputs  set when the run finished: one array for each argument that is
/// sent to.
InterpResult interpret(KernelOp kernel,
                       const std::map<std::string, Array> &inputs,
                       const std::map<std::string, double> &scalars,
                       std::map<std::string, Array> &outputs,
                       const InterpOptions &options = {});

/// The dtype of Array for a SpaDA scalar type: "f16" ... "u32", "bool".
std::string dtypeOf(mlir::Type type);

} // namespace spada

#endif
