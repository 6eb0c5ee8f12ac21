# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Reads the memory of a program that has ended; importable as `cerebras.sdk.debug.debug_util`."""
import numpy as np

from spada.runtime import ended_run, read_variable

# Records of the debug library: the kind, then its payload in 16-bit words, low word first.
_SCALARS = {1: np.bool_, 2: np.uint8, 3: np.int8, 4: np.uint16, 5: np.int16, 6: np.float16, 7: np.uint32, 8: np.int32,
            9: np.float32}
_STRING = 10
_TIMESTAMP = 11


def decode_trace(words):
    """The values of a trace buffer: word 0 is the number of words used after it."""
    used = int(words[0]) if len(words) else 0
    if used >= len(words) and used:
        raise ValueError(f"the trace says that it has {used} words, its buffer has {len(words) - 1}")
    values, at, end = [], 1, 1 + used

    def take(count):
        nonlocal at
        if at + count > end:
            raise ValueError(f"a trace record at word {at} needs {count} words, {end - at} are left")
        at += count
        return np.ascontiguousarray(words[at - count:at], dtype=np.uint16)

    while at < end:
        tag = int(take(1)[0])
        if tag in _SCALARS:
            kind = np.dtype(_SCALARS[tag])
            payload = take(max(1, kind.itemsize // 2))
            if kind.itemsize == 1:
                payload = (payload & 0xff).astype(np.uint8)
            values.append(payload.view(kind)[0].item())
        elif tag == _STRING:
            size = int(take(1)[0])
            values.append(take((size + 1) // 2).tobytes()[:size].decode(errors="replace"))
        elif tag == _TIMESTAMP:
            low, middle, high = (int(word) for word in take(3))
            values.append(low | middle << 16 | high << 32)
        else:
            raise ValueError(f"the trace has a record of unknown kind {tag} at word {at - 1}")
    return values


class debug_util:  # the name is the vendor's
    """Memory of the last run of a compile folder in this process, after stop(). Coordinates are those of the fabric."""

    def __init__(self, bindir, cmaddr=None):
        if cmaddr:
            raise ValueError(f"'cmaddr' is '{cmaddr}'; programs run on the simulator only: leave it empty")
        run = ended_run(bindir)
        if run is None:
            raise RuntimeError(f"no run of '{bindir}' has ended in this process; call stop() of its SdkRuntime first")
        self._folder, self._simulator = run

    def get_symbol(self, col, row, symbol, dtype):
        """A variable of one PE as an array of `dtype`."""
        return read_variable(self._folder, self._simulator, col, row, symbol, dtype)

    def read_trace(self, px, py, name):
        """What the program traced on one PE under the key `name`, in order."""
        return decode_trace(read_variable(self._folder, self._simulator, px, py, f"__trace_{name}", np.uint16))
