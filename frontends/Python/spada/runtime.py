# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""SdkRuntime: copies, streams and launches of a host script on the simulator.

Commands are only noted down when they are given. The machine runs when the script waits: in a blocking call, in
`task_wait` and in `stop`. Whatever was noted down before then happens at the same simulated time, as far as the program
lets it, so that a stream to the machine and a stream from it never wait for each other's end.
"""
import collections
import os

import numpy as np

from spada.folder import CompiledFolder
from spada.simulator import Region, Simulator
from spada.words import (MemcpyDataType, MemcpyOrder, check_array, check_enum, check_int, check_size, from_words,
                         to_packed_slot, to_slot, to_words)

Task = collections.namedtuple("Task", ["command"])
Task.__doc__ = "A command that was given with nonblock=True."

_ended = {}  # real path of a compile folder -> (its description, simulator) after stop(), for debug_util


def ended_run(path):
    """The description and the simulator of the last run of a folder in this process, or None."""
    return _ended.get(os.path.realpath(path))


def _refuse_system(cmaddr):
    if cmaddr:
        raise ValueError(f"'cmaddr' is '{cmaddr}'; programs run on the simulator only: leave it empty")


class _Pending:
    """A command whose result is still to be given to the script."""

    def __init__(self, command, words, deliver):
        self.command = command
        self.words = words      # the simulator writes here until the command is done
        self.deliver = deliver


class SdkRuntime:
    """Runs the program of a compile folder, or of what `SdkLayout.compile` gave back."""

    def __init__(self, bindir, platform=None, *, cmaddr=None, suppress_simfab_trace=False, simfab_numthreads=None,
                 msg_level="WARNING", memcpy_required=True):
        _refuse_system(cmaddr)
        self._folder = CompiledFolder(getattr(bindir, "path", bindir))
        if simfab_numthreads is None:
            simfab_numthreads = getattr(platform, "num_threads", None)
        threads = 1 if simfab_numthreads is None else check_int(simfab_numthreads, "simfab_numthreads", 1, 64)
        self._threads = min(threads, os.cpu_count() or 1)
        self._simulator = Simulator(self._folder.image())
        self._state = "new"
        self._pending = []
        _ended.pop(os.path.realpath(self._folder.path), None)

    # The life of a run.

    def load(self):
        """Puts the program on the machine. `run` starts it."""
        if self._state != "new":
            raise RuntimeError(f"load() after the program was {self._state}; make a new SdkRuntime for another run")
        self._simulator.start(threads=self._threads, max_cycles=int(os.environ.get("SPADA_MAX_CYCLES", "0")),
                              trace_path=os.environ.get("SPADA_TRACE_FILE"), log_path="sim.log")
        self._state = "loaded"

    def run(self):
        """From here on commands are taken."""
        if self._state == "new":
            self.load()
        if self._state != "loaded":
            raise RuntimeError(f"run() after the program was {self._state}; make a new SdkRuntime for another run")
        self._state = "running"

    def stop(self):
        """Runs until all commands are done and nothing moves, then ends the run; memory stays readable."""
        if self._state in ("stopped", "new"):
            return
        try:
            if self._state == "running":
                self._wait(0)
        finally:
            self._state = "stopped"
            self._simulator.stop()
            self._note_cycles()
            _ended[os.path.realpath(self._folder.path)] = (self._folder, self._simulator)

    def __enter__(self):
        self.load()
        self.run()
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            self.stop()

    def _note_cycles(self):
        path = os.environ.get("SPADA_CYCLES_FILE")
        if path:
            with open(path, "a", encoding="utf-8") as text:
                text.write(f"{self._simulator.cycles}\n")

    def _running(self, what):
        if self._state != "running":
            hint = {"new": "call load() and run() first", "loaded": "call run() first",
                    "failed": "the program has failed before"}.get(self._state, "stop() has ended the run")
            raise RuntimeError(f"{what} while the program is not running; {hint}")

    # Waiting.

    def _wait(self, command):
        try:
            self._simulator.wait(command)
        except RuntimeError:
            self._state = "failed"
            raise
        left = []
        for pending in self._pending:
            if self._simulator.done(pending.command):
                pending.deliver(pending.words)
            else:
                left.append(pending)
        self._pending = left

    def _given(self, command, nonblock):
        if not nonblock:
            self._wait(command)
        return Task(command)

    def task_wait(self, task):
        """Runs until the command is done."""
        self._running("task_wait()")
        self._wait(task.command)

    def is_task_done(self, task):
        """Whether the command is done, without running the machine."""
        return self._simulator.done(task.command)

    # Symbols, copies and streams.

    def get_id(self, name):
        """Number of an exported symbol, for copies."""
        number = self._simulator.symbol(name)
        if number < 0:
            known = ", ".join(f"'{symbol}'" for symbol in self._simulator.symbols()) or "none"
            raise ValueError(f"the program exports no symbol '{name}'; its symbols: {known}")
        return number

    def _region(self, px, py, w, h, elem_per_pe):
        region = Region(check_int(px, "px"), check_int(py, "py"), check_int(w, "w", 1), check_int(h, "h", 1))
        elements = check_int(elem_per_pe, "elem_per_pe", 1)
        if self._folder.rectangle:
            width, height = self._folder.rectangle
            if region.x + region.width > width or region.y + region.height > height:
                raise ValueError(f"the region of {region.width} x {region.height} PEs at ({region.x}, {region.y}) "
                                 f"leaves the program's rectangle of {width} x {height} PEs")
        return region, (region.height, region.width, elements)

    def _copy_in(self, dest, words, region, elements, streaming, data_type, nonblock):
        if streaming:
            command = self._simulator.stream_in(check_int(dest, "dest"), region, elements, words)
        else:
            bits16 = check_enum(data_type, MemcpyDataType, "data_type") is MemcpyDataType.MEMCPY_16BIT
            command = self._simulator.copy_in(check_int(dest, "dest"), region, elements, bits16, words)
        return self._given(command, nonblock)

    def memcpy_h2d(self, dest, src, px, py, w, h, elem_per_pe, *, streaming=False,
                   data_type=MemcpyDataType.MEMCPY_32BIT, order=MemcpyOrder.ROW_MAJOR, nonblock=False):
        """Copies an array to symbol `dest` of each PE, or streams it in on color `dest`."""
        self._running("memcpy_h2d()")
        region, shape = self._region(px, py, w, h, elem_per_pe)
        check_enum(order, MemcpyOrder, "order")
        check_size(check_array(src, "src"), "src", shape)
        words = to_words(src, shape, order)
        return self._copy_in(dest, words, region, shape[2], streaming, data_type, nonblock)

    def _broadcast(self, name, along, dest, src, px, py, w, h, elem_per_pe, streaming, data_type, order, nonblock):
        self._running(name)
        region, shape = self._region(px, py, w, h, elem_per_pe)
        check_enum(order, MemcpyOrder, "order")
        source = tuple(1 if axis == along else extent for axis, extent in enumerate(shape))
        check_size(check_array(src, "src"), "src", source)
        words = np.ascontiguousarray(np.broadcast_to(to_words(src, source, order).reshape(source), shape)).reshape(-1)
        return self._copy_in(dest, words, region, shape[2], streaming, data_type, nonblock)

    def memcpy_h2d_rowbcast(self, dest, src, px, py, w, h, elem_per_pe, *, streaming=False,
                            data_type=MemcpyDataType.MEMCPY_32BIT, order=MemcpyOrder.ROW_MAJOR, nonblock=False):
        """memcpy_h2d of one column of data, which every column of PEs gets."""
        return self._broadcast("memcpy_h2d_rowbcast()", 1, dest, src, px, py, w, h, elem_per_pe, streaming, data_type,
                               order, nonblock)

    def memcpy_h2d_colbcast(self, dest, src, px, py, w, h, elem_per_pe, *, streaming=False,
                            data_type=MemcpyDataType.MEMCPY_32BIT, order=MemcpyOrder.ROW_MAJOR, nonblock=False):
        """memcpy_h2d of one row of data, which every row of PEs gets."""
        return self._broadcast("memcpy_h2d_colbcast()", 0, dest, src, px, py, w, h, elem_per_pe, streaming, data_type,
                               order, nonblock)

    def memcpy_d2h(self, dest, src, px, py, w, h, elem_per_pe, *, streaming=False,
                   data_type=MemcpyDataType.MEMCPY_32BIT, order=MemcpyOrder.ROW_MAJOR, nonblock=False):
        """Fills the array `dest` from symbol `src` of each PE, or from what the PEs send on color `src`."""
        self._running("memcpy_d2h()")
        region, shape = self._region(px, py, w, h, elem_per_pe)
        check_enum(order, MemcpyOrder, "order")
        check_size(self._writable(dest), "dest", shape)
        words = np.zeros(dest.size, dtype=np.uint32)
        if streaming:
            command = self._simulator.stream_out(check_int(src, "src"), region, shape[2], words)
        else:
            bits16 = check_enum(data_type, MemcpyDataType, "data_type") is MemcpyDataType.MEMCPY_16BIT
            command = self._simulator.copy_out(check_int(src, "src"), region, shape[2], bits16, words)
        self._pending.append(_Pending(command, words, lambda words: from_words(words, dest, shape, order)))
        return self._given(command, nonblock)

    @staticmethod
    def _writable(array):
        if not check_array(array, "dest").flags.writeable:
            raise ValueError("'dest' cannot be written; give an array that owns its data or a view of one")
        return array

    # Functions.

    def _function(self, what, name, count):
        self._running(f"{what}('{name}')")
        if not isinstance(name, str):
            raise TypeError(f"'name' is of type '{type(name).__name__}'; expected the name of an exported function")
        inputs = self._folder.functions.get(name)
        if inputs is None:
            known = ", ".join(f"'{function}'" for function in self._folder.functions) or "none"
            raise ValueError(f"the program exports no function '{name}'; its functions: {known}")
        if count != len(inputs):
            raise ValueError(f"function '{name}' takes {len(inputs)} arguments, {count} were given")
        return self.get_id(name), inputs

    def launch(self, name, *args, nonblock=False):
        """Calls an exported function on every PE; arguments are converted to the types that it declares."""
        symbol, inputs = self._function("launch", name, len(args))
        slots = [to_slot(value, kind, f"argument {number} ('{label}') of function '{name}'")
                 for number, (value, (label, kind)) in enumerate(zip(args, inputs), 1)]
        return self._given(self._simulator.launch(symbol, slots), nonblock)

    def call(self, name, args, nonblock=False):
        """`launch` with arguments that the script has packed into 32 bits each."""
        symbol, _ = self._function("call", name, len(args))
        slots = [to_packed_slot(value, f"argument {number} of function '{name}'")
                 for number, value in enumerate(args, 1)]
        return self._given(self._simulator.launch(symbol, slots), nonblock)

    # Streams of SdkLayout.

    def _stream(self, what, stream, direction, count):
        self._running(what)
        port = getattr(stream, "port", stream)
        name = getattr(port, "id", port)
        found = self._folder.streams.get(name)
        if found is None or found["direction"] != direction:
            known = ", ".join(f"'{key}'" for key, value in self._folder.streams.items()
                              if value["direction"] == direction) or "none"
            raise ValueError(f"the layout has no {direction}put stream '{name}'; its {direction}put streams: {known}")
        region = Region(*found["region"])
        pes = region.width * region.height
        if count % pes:
            raise ValueError(f"{count} elements cannot be divided among the {pes} PEs of stream '{name}'")
        return found["color"], region, count // pes

    def send(self, stream, data, nonblock=False):
        """Sends an array into an input stream."""
        check_array(data, "data")
        color, region, elements = self._stream("send()", stream, "in", data.size)
        words = np.ascontiguousarray(data).reshape(-1).view(np.uint32)
        return self._given(self._simulator.stream_in(color, region, elements, words), nonblock)

    def receive(self, stream, data, count, nonblock=False):
        """Fills the first `count` elements of an array from an output stream."""
        self._writable(data)
        check_int(count, "count", 1, data.size)
        color, region, elements = self._stream("receive()", stream, "out", count)
        words = np.zeros(count, dtype=np.uint32)
        command = self._simulator.stream_out(color, region, elements, words)

        def deliver(words):
            data.flat[:count] = words.view(data.dtype)

        self._pending.append(_Pending(command, words, deliver))
        return self._given(command, nonblock)

    def read_symbol(self, x, y, name, dtype="uint8"):
        """The memory of a variable of the PE with these fabric coordinates, as an array of `dtype`."""
        if self._state == "new":
            raise RuntimeError("read_symbol() before load()")
        return read_variable(self._folder, self._simulator, x, y, name, dtype)


def read_variable(folder, simulator, x, y, name, dtype):
    kind = np.dtype(dtype)
    column, row = folder.to_rectangle(check_int(x, "x"), check_int(y, "y"))
    data = simulator.read_variable(column, row, name)
    if len(data) % kind.itemsize:
        raise ValueError(f"variable '{name}' has {len(data)} bytes, which is no multiple of the {kind.itemsize} bytes "
                         f"of '{kind}'")
    return np.frombuffer(data, dtype=kind).copy()
