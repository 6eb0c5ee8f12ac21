# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Helpers of host scripts around 16-bit data and time stamps; importable as `cerebras.sdk.sdk_utils`."""
import numpy as np


def memcpy_view(array, datatype):
    """A view of an array of 32-bit words as elements of `datatype`; of 16-bit types it shows the low halves.

    Writing to the view writes to the array; the high halves keep their bits.
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"'array' is of type '{type(array).__name__}'; expected a NumPy array")
    kind = np.dtype(datatype)
    if array.dtype.itemsize != 4:
        raise TypeError(f"'array' has elements of type '{array.dtype}'; expected 32 bits for each element")
    if kind.itemsize == 4:
        return array.view(kind)
    if kind.itemsize == 2:
        return array.view(np.dtype([("low", kind), ("high", np.uint16)]))["low"]
    raise TypeError(f"'datatype' is '{kind}'; expected a type of 16 or 32 bits")


def input_array_to_u32(np_arr, sentinel=None, fast_dim_sz=1):
    """One 32-bit word for each element, 16-bit elements in the low half.

    The high half is 0 when `sentinel` is None, else the element's index in its row of `fast_dim_sz` elements. Arrays of
    32-bit elements keep their bits.
    """
    array = np.asarray(np_arr)
    if array.dtype.itemsize == 4 and array.dtype.kind in "iuf":
        return np.ascontiguousarray(array).reshape(-1).view(np.uint32)
    if array.dtype.itemsize != 2 or array.dtype.kind not in "iuf":
        raise TypeError(f"'np_arr' has elements of type '{array.dtype}'; expected 16 or 32 bits for each element")
    words = np.ascontiguousarray(array).reshape(-1).view(np.uint16).astype(np.uint32)
    if sentinel is None:
        return words
    if isinstance(fast_dim_sz, bool) or not isinstance(fast_dim_sz, (int, np.integer)):
        raise TypeError(f"'fast_dim_sz' is of type '{type(fast_dim_sz).__name__}'; expected an integer")
    if fast_dim_sz < 1:
        raise ValueError(f"'fast_dim_sz' is {fast_dim_sz}; it must be at least 1")
    index = np.arange(words.size, dtype=np.uint32) % np.uint32(fast_dim_sz)
    return words | (index & np.uint32(0xffff)) << np.uint32(16)


def calculate_cycles(timestamp_buf):
    """Cycles between two time stamps of 48 bits that a program packed into three 32-bit words, start first."""
    words = np.ascontiguousarray(timestamp_buf)
    if words.dtype.itemsize != 4 or words.size != 3:
        raise ValueError(f"'timestamp_buf' has {words.size} elements of type '{words.dtype}'; expected 3 of 32 bits")
    first, second, third = (int(word) for word in words.reshape(-1).view(np.uint32))
    start = first | (second & 0xffff) << 32
    end = second >> 16 | third << 16
    return np.int64(end - start)
