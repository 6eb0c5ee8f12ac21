# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Between the arrays of a host script and the 32-bit words of the simulator, which are ordered [y][x][element]."""
import enum
import re

import numpy as np


class MemcpyDataType(enum.Enum):
    """Size of an element on the PE; in the host's array each takes 32 bits."""
    MEMCPY_16BIT = 0
    MEMCPY_32BIT = 1


class MemcpyOrder(enum.Enum):
    """ROW_MAJOR: the array is A[h][w][l]; COL_MAJOR: A[l][w][h]."""
    ROW_MAJOR = 0
    COL_MAJOR = 1


def check_enum(value, kind, name):
    if not isinstance(value, kind):
        choices = ", ".join(f"{kind.__name__}.{member.name}" for member in kind)
        raise TypeError(f"'{name}' is {value!r}; expected one of {choices}")
    return value


def check_int(value, name, low=0, high=None):
    """`value` as a Python integer that is not below `low` nor above `high`."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"'{name}' is of type '{type(value).__name__}'; expected an integer")
    value = int(value)
    if value < low:
        raise ValueError(f"'{name}' is {value}; it must be at least {low}")
    if high is not None and value > high:
        raise ValueError(f"'{name}' is {value}; it must be at most {high}")
    return value


def check_array(array, name):
    if not isinstance(array, np.ndarray):
        raise TypeError(f"'{name}' is of type '{type(array).__name__}'; expected a NumPy array")
    if array.dtype.itemsize != 4 or array.dtype.kind not in "iuf":
        raise TypeError(f"'{name}' has elements of type '{array.dtype}'; expected 32 bits for each element (uint32, "
                        "int32 or float32); 'input_array_to_u32' widens 16-bit data")
    return array


def check_size(array, name, shape):
    height, width, elements = shape
    if array.size != height * width * elements:
        raise ValueError(f"'{name}' has {array.size} elements; {width} x {height} PEs with {elements} elements each "
                         f"need {height * width * elements}")


def to_words(array, shape, order):
    """Words [y][x][element] of a host array whose elements are `shape` = (height, width, elements) in `order`."""
    height, width, elements = shape
    flat = np.ascontiguousarray(array).reshape(-1).view(np.uint32)
    if order is MemcpyOrder.ROW_MAJOR:
        return flat
    return np.ascontiguousarray(flat.reshape(elements, width, height).transpose(2, 1, 0)).reshape(-1)


def from_words(words, array, shape, order):
    """Fills the host array, whatever its shape and strides, in the order of its indices."""
    height, width, elements = shape
    if order is MemcpyOrder.COL_MAJOR:
        words = np.ascontiguousarray(words.reshape(height, width, elements).transpose(2, 1, 0)).reshape(-1)
    array.flat[:words.size] = words.view(array.dtype)


INTEGER = re.compile(r"([iu])(8|16|32)$")
FLOATS = {"f16": np.float16, "f32": np.float32}


def float_bits(value, kind):
    if kind == "f16":
        return int(np.float16(value).view(np.uint16))
    return int(np.float32(value).view(np.uint32))


def to_slot(value, kind, name):
    """The 32-bit slot of a scalar argument of CSL type `kind`; integers must fit, floats are rounded."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    is_int = isinstance(value, (int, bool, np.integer, np.bool_))
    if not is_int and not isinstance(value, (float, np.floating)):
        raise TypeError(f"{name} is of type '{type(value).__name__}'; expected a number for CSL type '{kind}'")
    if kind in FLOATS:
        return float_bits(value, kind)
    if not is_int:
        raise TypeError(f"{name} is {value!r} of type '{type(value).__name__}'; CSL type '{kind}' takes integers only")
    value = int(value)
    if kind == "bool":
        low, high = 0, 1
    else:
        match = INTEGER.match(kind)
        if not match:
            raise TypeError(f"{name} has CSL type '{kind}', which the host cannot pass")
        bits = int(match[2])
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if match[1] == "i" else (0, (1 << bits) - 1)
    if not low <= value <= high:
        raise ValueError(f"{name} is {value}; CSL type '{kind}' holds {low} to {high}")
    return value & 0xffffffff


def to_packed_slot(value, name):
    """The 32-bit slot of an argument that the script has packed itself: bits as they are."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, np.floating) and value.dtype.itemsize in (2, 4):
        return float_bits(value, "f16" if value.dtype.itemsize == 2 else "f32")
    if isinstance(value, float):
        return float_bits(value, "f32")
    if isinstance(value, (int, np.integer, np.bool_)):
        value = int(value)
        if -(1 << 31) <= value < 1 << 32:
            return value & 0xffffffff
        raise ValueError(f"{name} is {value}; a slot has 32 bits")
    raise TypeError(f"{name} is of type '{type(value).__name__}'; expected a number")
