//===- Operation.h - state of vector operations -----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Operations under way, and what they work on: data structure registers and
// FIFOs.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_OPERATION_H
#define SPADA_SIM_OPERATION_H

#include "Model.h"

namespace spada::sim {

/// Walks over the elements of one operand.
struct Cursor {
  enum Kind : uint8_t {
    Unused,
    Memory,
    Input,
    Output,
    Value,
    Scalar,
    Fifo
  } kind = Unused;
  Type type = Type::I32;
  uint8_t place = 0; ///< queue; FIFO
  uint8_t color = 0;
  uint8_t rank = 1;
  bool packs = false, hasHalf = false; ///< two elements a wavelet
  bool transforms = false;             ///< control wavelets to and from data
  uint32_t value = 0;  ///< Value: the scalar; Output: target of its words
  uint32_t half = 0;   ///< element of a wavelet that is half done; Scalar:
                       ///< what was there before a FIFO is popped
  int64_t address = 0; ///< Output: index, in bits 16 to 31
  int64_t step = 0;    ///< bytes, innermost dimension
};

/// The other dimensions of a cursor.
struct CursorDimensions {
  int64_t steps[maxDimensions] = {}; ///< bytes
  uint32_t sizes[maxDimensions] = {};
  uint32_t index[maxDimensions] = {};
};

/// What a data structure register holds.
struct DsrState {
  Dsd dsd;
  const DsrLoad *load = nullptr;      ///< null: nothing yet
  uint32_t left = 0;                  ///< elements, with single_step
  uint32_t index[maxDimensions] = {}; ///< where the next operation starts
};

/// A FIFO in memory, and what its users have not got.
struct FifoState {
  uint32_t head = 0, count = 0;
  uint32_t popWants = 0, pushWants = 0;     ///< elements; 0: nobody has waited
  uint32_t readLength = 0, writeLength = 0; ///< 0: not set
};

/// Task states that an operation changes at its end.
struct Effects {
  uint64_t active = 0, unblocked = 0, unblockedControl = 0;

  void activate(const Program &program, uint32_t task);
  void unblock(const Program &program, uint32_t task);
};

/// Ways in which an operation is not plain.
enum OperationFlag : uint8_t {
  TakesControl = 1, ///< control wavelets end it, or it is `dfilt`
  UsesFifo = 2,
  PacksHalves = 4, ///< two 16-bit elements a wavelet
  ZeroesSource = 8,
  CarriesOver = 16,
  AdvancesSwitch = 32,
  TransformsControl = 64 ///< an operand does
};

/// A vector operation under way. What every element needs is in front.
struct Operation {
  const VectorOperation *info = nullptr;
  uint64_t startAt = 0; ///< cycle of the first element at the earliest
  uint32_t total = 0, finished = 0; ///< elements
  uint8_t inputs[2] = {}, numInputs = 0;
  uint8_t output = 0xff;
  Builtin function = Builtin::Mov;
  uint8_t numSources = 0;
  uint8_t flags = 0;        ///< OperationFlag
  uint8_t priorityRank = 0; ///< larger goes first
  Cursor cursors[4];        ///< destination, then sources
  uint64_t issued = 0;
  CursorDimensions dimensions[4];
  bool isAsync = false;
  uint8_t microthread = 0; ///< hardware number
  uint8_t zeroSource = 0;
  uint32_t carry = 0;
  uint16_t result = noRegister;
  uint8_t saved[4] = {}; ///< registers that keep their place; 0xff: none
  Effects effects;
  image::OnControl onControl = image::OnControl::None;
  uint32_t onControlTask = none;
};

} // namespace spada::sim

#endif
