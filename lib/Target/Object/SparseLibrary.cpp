//===- SparseLibrary.cpp - shared libraries of sparse networks ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Links the object file, writes the header and the Python module, and moves
// all of them into the folder at the end.
//
//===----------------------------------------------------------------------===//

#include "spada/Target/SparseObject.h"

#include "lib/Target/Object/Lower.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace spada;

static std::string replaceAll(std::string text, StringRef what,
                              const std::string &by) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos;
       at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

static constexpr char header[] =
    R"h(/* The sparse network '@NAME', made by spada: @INPUTS inputs, @OUTPUTS outputs,
 * @CONNECTIONS connections.
 *
 * x is batch x inputs, y is batch x outputs; rows are at the distance of the
 * stride, in elements. They may not overlap. threads 0 leaves their number to
 * OpenMP. workspace has as many bytes as @NAME_workspace says, aligned to 64,
 * for one call at a time; or it is null, and the call takes its own. work, if
 * not null, becomes the number of connections times columns computed. The
 * result is 0, or 1 without memory. */
#ifndef SPARSE_@UPPER_H
#define SPARSE_@UPPER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { @NAME_inputs = @INPUTS, @NAME_outputs = @OUTPUTS };

int32_t @NAME_call(const @TYPE *x, int64_t x_stride, @TYPE *y, int64_t y_stride,
                   int64_t batch, int64_t threads, void *workspace,
                   int64_t *work);
int64_t @NAME_workspace(int64_t batch, int64_t threads);

#ifdef __cplusplus
}
#endif

#endif
)h";

static constexpr char python[] =
    R"py("""The sparse network '@NAME', made by spada: call `run`, or `@NAME`."""
import ctypes
import os

import numpy as np

NAME = "@NAME"
INPUTS = @INPUTS
OUTPUTS = @OUTPUTS
CONNECTIONS = @CONNECTIONS
DTYPE = np.dtype("@DTYPE")

_library = ctypes.CDLL(os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib@NAME.so"))
_call = _library.@NAME_call
_call.restype = ctypes.c_int32
_call.argtypes = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64,
                  ctypes.c_void_p, ctypes.POINTER(ctypes.c_int64)]
_workspace = _library.@NAME_workspace
_workspace.restype = ctypes.c_int64
_workspace.argtypes = [ctypes.c_int64, ctypes.c_int64]


def workspace(batch, threads=0):
    """Memory for calls, one at a time, with at most this batch; pass it as `memory`."""
    size = _workspace(batch, threads)
    memory = np.empty(size + 64, dtype=np.uint8)
    start = -memory.ctypes.data % 64
    return memory[start:start + size]


def _rows(array, name, columns):
    if array.ndim != 2 or array.shape[1] != columns:
        raise ValueError(f"'{name}' must be batch x {columns}, not {' x '.join(map(str, array.shape))}")
    if array.dtype != DTYPE:
        raise TypeError(f"'{name}' must have type {DTYPE}, not {array.dtype}")
    step, column = (s // DTYPE.itemsize for s in array.strides)
    if columns > 1 and column != 1 or array.strides[0] % DTYPE.itemsize:
        raise ValueError(f"'{name}' must have rows without gaps")
    return array.ctypes.data, step


def run(x, y=None, threads=0, memory=None, work=None):
    """The outputs for inputs `x`, a batch x @INPUTS array; `y`, if given, receives and is them.

    threads: their number; 0 leaves it to OpenMP.
    memory: what `workspace` gave, to be used again by later calls.
    work: a list that receives the number of connections times columns computed.
    """
    x = np.asarray(x)
    if x.ndim == 2 and (x.strides[1] != DTYPE.itemsize or x.strides[0] % DTYPE.itemsize):
        x = np.ascontiguousarray(x)
    x_data, x_step = _rows(x, "x", INPUTS)
    if y is None:
        y = np.empty((x.shape[0], OUTPUTS), dtype=DTYPE)
    y_data, y_step = _rows(y, "y", OUTPUTS)
    if y.shape[0] != x.shape[0]:
        raise ValueError(f"'y' has {y.shape[0]} rows, but 'x' has {x.shape[0]}")
    if np.may_share_memory(x, y) and np.shares_memory(x, y):
        raise ValueError("'x' and 'y' overlap")
    if memory is not None and memory.nbytes < _workspace(x.shape[0], threads):
        raise ValueError(f"'memory' has {memory.nbytes} bytes, not {_workspace(x.shape[0], threads)}")
    done = ctypes.c_int64(0)
    status = _call(x_data, x_step, y_data, y_step, x.shape[0], threads,
                   None if memory is None else memory.ctypes.data, ctypes.byref(done))
    if status:
        raise MemoryError("no memory for the rows of the network")
    if work is not None:
        work.append(done.value)
    return y


globals()[NAME] = run
)py";

static std::string fillIn(StringRef text, sparse::NetworkOp network) {
  bool isDouble = network.getValueType().isF64();
  std::string name = network.getSymName().str();
  std::string result = replaceAll(text.str(), "@NAME", name);
  result = replaceAll(result, "@UPPER", StringRef(name).upper());
  result = replaceAll(result, "@INPUTS", std::to_string(network.getInputs()));
  result = replaceAll(result, "@OUTPUTS",
                      std::to_string(network.getOutputNeurons().size()));
  result = replaceAll(result, "@CONNECTIONS",
                      std::to_string(network.countConnections()));
  result = replaceAll(result, "@DTYPE", isDouble ? "float64" : "float32");
  return replaceAll(result, "@TYPE", isDouble ? "double" : "float");
}

static bool isIdentifier(StringRef name) {
  auto isPart = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  return !name.empty() && !llvm::isDigit(name[0]) && llvm::all_of(name, isPart);
}

llvm::Error spada::writeSparseLibrary(sparse::NetworkOp network,
                                      StringRef folder,
                                      const SparseObjectOptions &options) {
  StringRef name = network.getSymName();
  if (!isIdentifier(name))
    return cpu::fail("network '" + name +
                     "' has no name that C has; letters, digits and '_'");
  if (options.code.useThreads && findOpenMPLibrary().empty())
    return cpu::fail("no OpenMP library of LLVM on this machine; install it or "
                     "build for one thread");
  auto object = emitSparseObject(network, options);
  if (failed(object))
    return cpu::fail("no code was made for network '" + name + "'");
  if (std::error_code problem = llvm::sys::fs::create_directories(folder))
    return cpu::fail("cannot make folder '" + folder +
                     "': " + problem.message());
  llvm::SmallString<128> work(folder);
  llvm::sys::path::append(work, "." + name + "-%%%%%%");
  llvm::SmallString<128> temporary;
  llvm::sys::fs::createUniquePath(work, temporary, /*MakeAbsolute=*/false);
  if (std::error_code problem = llvm::sys::fs::create_directories(temporary))
    return cpu::fail("cannot make folder '" + temporary +
                     "': " + problem.message());
  auto cleanup = llvm::make_scope_exit(
      [&] { llvm::sys::fs::remove_directories(temporary); });
  auto inside = [](StringRef where, const llvm::Twine &file) {
    llvm::SmallString<128> path(where);
    llvm::sys::path::append(path, file);
    return std::string(path);
  };
  std::string objectPath = inside(temporary, name + ".o");
  if (llvm::Error error =
          cpu::writeFile(objectPath, StringRef(object->data(), object->size())))
    return error;
  std::string files[] = {("lib" + name + ".so").str(), (name + ".h").str(),
                         (name + ".py").str()};
  if (llvm::Error error = cpu::linkLibrary(
          objectPath, inside(temporary, files[0]), options.code.useThreads))
    return error;
  if (llvm::Error error =
          cpu::writeFile(inside(temporary, files[1]), fillIn(header, network)))
    return error;
  if (llvm::Error error =
          cpu::writeFile(inside(temporary, files[2]), fillIn(python, network)))
    return error;
  for (const std::string &file : files)
    if (std::error_code problem = llvm::sys::fs::rename(inside(temporary, file),
                                                        inside(folder, file)))
      return cpu::fail("cannot write '" + inside(folder, file) +
                       "': " + problem.message());
  return llvm::Error::success();
}
