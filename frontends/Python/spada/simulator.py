# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""The simulator's C interface (runtime/include/spada/Sim/SimulatorC.h) through ctypes.

Knows nothing of folders, host arrays or the names of the vendor's interface.
"""
import ctypes
import ctypes.util
import os

import numpy as np

ABI_VERSION = 2
LIBRARY_NAME = "libspada-sim.so"
STATUS = {0: "finished", 1: "deadlocked", 2: "trapped", 3: "ran out of its budget of cycles"}


class SimulationError(RuntimeError):
    """The simulated program did not do what was waited for."""

    def __init__(self, text, status, cycle):
        super().__init__(text)
        self.status = status
        self.cycle = cycle


class _Report(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int32), ("cycles", ctypes.c_uint64), ("tasks", ctypes.c_uint64),
                ("wavelet_hops", ctypes.c_uint64), ("active_pe_cycles", ctypes.c_uint64),
                ("busy_pe_cycles", ctypes.c_uint64), ("message", ctypes.c_char_p)]


class _Options(ctypes.Structure):
    _fields_ = [("threads", ctypes.c_int32), ("max_cycles", ctypes.c_uint64), ("trace_path", ctypes.c_char_p),
                ("log_path", ctypes.c_char_p)]


class Region(ctypes.Structure):
    """PEs of the rectangle, in rectangle coordinates."""
    _fields_ = [("x", ctypes.c_int32), ("y", ctypes.c_int32), ("width", ctypes.c_int32), ("height", ctypes.c_int32)]


_SIM = ctypes.c_void_p
_WORDS = ctypes.POINTER(ctypes.c_uint32)
_FUNCTIONS = {
    "spada_sim_abi_version": (ctypes.c_uint32, []),
    "spada_sim_load": (_SIM, [ctypes.c_char_p, ctypes.c_size_t]),
    "spada_sim_free": (None, [_SIM]),
    "spada_sim_error": (ctypes.c_char_p, [_SIM]),
    "spada_sim_start": (ctypes.c_int, [_SIM, ctypes.POINTER(_Options)]),
    "spada_sim_symbol": (ctypes.c_int32, [_SIM, ctypes.c_char_p]),
    "spada_sim_num_symbols": (ctypes.c_int32, [_SIM]),
    "spada_sim_symbol_name": (ctypes.c_char_p, [_SIM, ctypes.c_int32]),
    "spada_sim_copy_in": (ctypes.c_uint64, [_SIM, ctypes.c_int32, Region, ctypes.c_uint32, ctypes.c_int, _WORDS]),
    "spada_sim_copy_out": (ctypes.c_uint64, [_SIM, ctypes.c_int32, Region, ctypes.c_uint32, ctypes.c_int, _WORDS]),
    "spada_sim_stream_in": (ctypes.c_uint64, [_SIM, ctypes.c_uint32, Region, ctypes.c_uint32, _WORDS]),
    "spada_sim_stream_out": (ctypes.c_uint64, [_SIM, ctypes.c_uint32, Region, ctypes.c_uint32, _WORDS]),
    "spada_sim_launch": (ctypes.c_uint64, [_SIM, ctypes.c_int32, _WORDS, ctypes.c_uint32]),
    "spada_sim_wait": (ctypes.c_int, [_SIM, ctypes.c_uint64, ctypes.POINTER(_Report)]),
    "spada_sim_done": (ctypes.c_int, [_SIM, ctypes.c_uint64]),
    "spada_sim_read_variable": (ctypes.c_int, [_SIM, ctypes.c_int32, ctypes.c_int32, ctypes.c_char_p, ctypes.c_void_p,
                                               ctypes.c_size_t, ctypes.POINTER(ctypes.c_size_t)]),
    "spada_sim_write_variable": (ctypes.c_int, [_SIM, ctypes.c_int32, ctypes.c_int32, ctypes.c_char_p, ctypes.c_void_p,
                                                ctypes.c_size_t]),
    "spada_sim_stop": (ctypes.c_int, [_SIM]),
}


def shared_object_candidates():
    """Where the library is looked for, best first: environment, beside the package, build tree, system."""
    chosen = os.environ.get("SPADA_SIM_LIBRARY")
    if chosen:
        return [chosen]
    here = os.path.dirname(os.path.abspath(__file__))
    places = [os.path.join(here, LIBRARY_NAME),
              os.path.join(here, "..", "..", "..", "build", "lib", LIBRARY_NAME),
              os.path.join(here, "..", "..", "..", LIBRARY_NAME)]
    found = [os.path.normpath(place) for place in places if os.path.exists(place)]
    system = ctypes.util.find_library("spada-sim")
    return found + ([system] if system else [])


_library = None


def load_shared_object():
    """The loaded library with its functions declared. Raises ImportError when there is none that fits."""
    global _library
    if _library is not None:
        return _library
    candidates = shared_object_candidates()
    if not candidates:
        raise ImportError(f"the simulator '{LIBRARY_NAME}' was not found; build it (target 'spada_sim_c') or name it "
                          "in the environment variable SPADA_SIM_LIBRARY")
    try:
        loaded = ctypes.CDLL(candidates[0])
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(loaded, name)
            function.restype = result
            function.argtypes = arguments
    except (OSError, AttributeError) as error:
        raise ImportError(f"the simulator '{candidates[0]}' cannot be used: {error}") from error
    version = loaded.spada_sim_abi_version()
    if version != ABI_VERSION:
        raise ImportError(f"the simulator '{candidates[0]}' has interface version {version}, the package needs "
                          f"{ABI_VERSION}; build both from one checkout")
    _library = loaded
    return loaded


def _pointer(words):
    return words.ctypes.data_as(_WORDS)


class Simulator:
    """A loaded image and its session. Words are NumPy arrays of uint32, C-contiguous, ordered [y][x][element]."""

    def __init__(self, image):
        self._library = load_shared_object()
        self._handle = self._library.spada_sim_load(image, len(image))
        self.cycles = 0
        if not self._handle:
            raise MemoryError("the simulator got no memory for the image")
        text = self._error()
        if text:
            self.close()
            raise RuntimeError(f"the image cannot be loaded: {text}")

    def close(self):
        handle, self._handle = self._handle, None
        if handle:
            self._library.spada_sim_free(handle)

    def __del__(self):
        if getattr(self, "_handle", None):
            self.close()

    def _error(self):
        return self._library.spada_sim_error(self._handle).decode(errors="replace")

    def _checked(self, result):
        if not result:
            raise ValueError(self._error() or "the simulator refused the command")
        return result

    def start(self, threads=0, max_cycles=0, trace_path=None, log_path=None):
        options = _Options(threads, max_cycles, trace_path and os.fsencode(trace_path),
                           log_path and os.fsencode(log_path))
        if not self._library.spada_sim_start(self._handle, ctypes.byref(options)):
            raise RuntimeError(self._error() or "the simulator did not start")

    def symbol(self, name):
        """Number of the exported variable or function; -1 when there is none."""
        return self._library.spada_sim_symbol(self._handle, name.encode())

    def symbols(self):
        count = self._library.spada_sim_num_symbols(self._handle)
        return [self._library.spada_sim_symbol_name(self._handle, number).decode() for number in range(count)]

    def copy_in(self, symbol, region, elements, bits16, words):
        return self._checked(self._library.spada_sim_copy_in(self._handle, symbol, region, elements, bits16,
                                                             _pointer(words)))

    def copy_out(self, symbol, region, elements, bits16, words):
        """The caller keeps `words` alive until the command is done."""
        return self._checked(self._library.spada_sim_copy_out(self._handle, symbol, region, elements, bits16,
                                                              _pointer(words)))

    def stream_in(self, color, region, elements, words):
        return self._checked(self._library.spada_sim_stream_in(self._handle, color, region, elements, _pointer(words)))

    def stream_out(self, color, region, elements, words):
        """The caller keeps `words` alive until the command is done."""
        return self._checked(self._library.spada_sim_stream_out(self._handle, color, region, elements,
                                                                _pointer(words)))

    def launch(self, symbol, slots):
        words = np.array(slots, dtype=np.uint32)
        return self._checked(self._library.spada_sim_launch(self._handle, symbol, _pointer(words), len(words)))

    def wait(self, command):
        """Runs until `command` is done; 0: until all are done and nothing moves."""
        report = _Report()
        reached = self._library.spada_sim_wait(self._handle, command, ctypes.byref(report))
        self.cycles = report.cycles
        if reached:
            return
        message = (report.message or b"").decode(errors="replace") or self._error()
        what = STATUS.get(report.status, f"ended with status {report.status}")
        raise SimulationError(f"the simulated program {what} at cycle {report.cycles}: {message}", report.status,
                              report.cycles)

    def done(self, command):
        return bool(self._library.spada_sim_done(self._handle, command))

    def read_variable(self, x, y, name):
        """The bytes of a variable of one PE."""
        size = ctypes.c_size_t()
        arguments = (self._handle, x, y, name.encode())
        if not self._library.spada_sim_read_variable(*arguments, None, 0, ctypes.byref(size)):
            raise ValueError(self._error() or f"there is no variable '{name}' on PE ({x}, {y})")
        buffer = (ctypes.c_char * size.value)()
        if not self._library.spada_sim_read_variable(*arguments, buffer, size.value, ctypes.byref(size)):
            raise ValueError(self._error() or f"variable '{name}' of PE ({x}, {y}) cannot be read")
        return bytes(buffer)

    def stop(self):
        if not self._library.spada_sim_stop(self._handle):
            raise RuntimeError(self._error() or "the simulator did not stop")
