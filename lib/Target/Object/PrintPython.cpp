//===- PrintPython.cpp - the Python module of a library -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A table of the arguments and code that checks a call as GT4Py documents it.
// The module needs numpy only.
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Object/Lower.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace spada;

static constexpr StringLiteral code = R"py(

_library = ctypes.CDLL(os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib" + NAME + ".so"))
_call = getattr(_library, NAME + "_call")
_call.restype = ctypes.c_int32
_call.argtypes = [ctypes.c_void_p] * 4 + [ctypes.c_int64]


def _origin(name, axes, array, origin):
    """The index of the first point of the domain, for each axis of the field."""
    if isinstance(origin, dict):
        given = origin.get(name, origin.get("_all_"))
    else:
        given = origin
    if given is None:
        given = getattr(array, "__gt_origin__", getattr(array, "default_origin", None))
    if given is None:
        return (0,) * len(axes)
    if isinstance(given, (int, np.integer)):
        given = (int(given),) * 3
    given = tuple(int(n) for n in given)
    if len(given) == 3 and len(axes) < 3:
        given = tuple(given["IJK".index(axis)] for axis in axes)
    if len(given) < len(axes):
        raise ValueError(f"origin of field '{name}' is {given}, but the field has the axes {axes}")
    return given[:len(axes)]


def _check_array(argument, array):
    name, dtype = argument["name"], np.dtype(argument["type"])
    axes, data = argument["axes"], argument["data"]
    if array.dtype != dtype:
        raise TypeError(f"the dtype of field '{name}' is '{array.dtype}' instead of '{dtype}'")
    if array.ndim != len(axes) + len(data):
        raise ValueError(f"field '{name}' has {array.ndim} dimensions instead of {len(axes) + len(data)}")
    if data and array.shape[len(axes):] != data:
        raise ValueError(f"field '{name}' has data dimensions {array.shape[len(axes):]} instead of {data}")
    if argument["written"] and not array.flags.writeable:
        raise ValueError(f"field '{name}' is written, but its array is read-only")
    if any(stride % array.itemsize for stride in array.strides):
        raise ValueError(f"the strides of field '{name}' are not multiples of its element's size")


def _scalar(argument, value):
    name, dtype = argument["name"], np.dtype(argument["type"])
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if not isinstance(value, (bool, int, float, np.generic)):
        raise TypeError(f"the type of parameter '{name}' is '{type(value).__name__}' instead of '{dtype}'")
    if dtype.kind != "f" and value != dtype.type(value):
        raise TypeError(f"the value {value!r} of parameter '{name}' is no '{dtype}'")
    return np.array(value, dtype=dtype)


def _check_overlap(fields):
    for argument, array, _ in fields:
        for other, second, _ in fields:
            if argument["written"] and other is not argument and np.may_share_memory(array, second):
                try:
                    shared = np.shares_memory(array, second, max_work=10000)
                except Exception:
                    shared = True
                if shared:
                    raise ValueError(f"field '{argument['name']}' is written and shares memory with field "
                                     f"'{other['name']}'")


def _domain(fields):
    """The largest domain that every field has room for."""
    domain = []
    for axis in range(3):
        room = [array.shape[a["axes"].index("IJK"[axis])] - origin[a["axes"].index("IJK"[axis])] - a["upper"][axis]
                for a, array, origin in fields if "IJK"[axis] in a["axes"]]
        domain.append(min(room) if room else 1)
    return tuple(domain)


def _check_bounds(fields, domain):
    if len(domain) != 3 or min(domain) <= 0:
        raise ValueError(f"compute domain {domain} contains zero sizes")
    if domain[2] < MIN_LEVELS:
        raise ValueError(f"compute domain too small: it has {domain[2]} levels, but must have at least {MIN_LEVELS}")
    for argument, array, origin in fields:
        for dim, axis in enumerate(argument["axes"]):
            at = "IJK".index(axis)
            if origin[dim] < argument["lower"][at]:
                raise ValueError(f"origin for field '{argument['name']}' too small on axis {axis}: must be at least "
                                 f"{argument['lower'][at]}, is {origin[dim]}")
            least = origin[dim] + domain[at] + argument["upper"][at]
            if array.shape[dim] < least:
                raise ValueError(f"shape of field '{argument['name']}' is {array.shape[dim]} on axis {axis} but must be "
                                 f"at least {least}")


def _bind(args, kwargs):
    names = [a["name"] for a in ARGUMENTS]
    if len(args) > len(names):
        raise TypeError(f"'{NAME}' has {len(names)} arguments, not {len(args)}")
    values = dict(zip(names, args))
    for name, value in kwargs.items():
        if name not in names:
            raise TypeError(f"'{NAME}' has no argument '{name}'; it has {', '.join(names)}")
        if name in values:
            raise TypeError(f"argument '{name}' is given twice")
        values[name] = value
    for argument in ARGUMENTS:
        if argument["name"] in values:
            continue
        if not argument["optional"]:
            kind = "field" if argument["field"] else "parameter"
            raise TypeError(f"missing value for {kind} '{argument['name']}'")
        values[argument["name"]] = argument.get("default")
    return values


def run(*args, origin=None, domain=None, threads=0, validate_args=True, **kwargs):
    """Runs the stencil on numpy arrays, which are changed in place.

    origin: index of the first point of the domain, one tuple for all fields or a dict by name with '_all_'.
    domain: numbers of points on I, J, K; the largest that fits if left out.
    threads: number of threads; 0 leaves it to OpenMP.
    """
    values = _bind(args, kwargs)
    fields, scalars, bases, strides = [], [], [], []
    for argument in ARGUMENTS:
        value = values[argument["name"]]
        if not argument["field"]:
            scalars.append(_scalar(argument, value))
            continue
        if value is None:
            if not argument["optional"] or argument["used"]:
                raise TypeError(f"missing value for field '{argument['name']}'")
            bases.append(None)
            strides += [0] * (len(argument["axes"]) + len(argument["data"]))
            continue
        array = np.asarray(value)
        if validate_args:
            _check_array(argument, array)
        index = _origin(argument["name"], argument["axes"], value, origin)
        fields.append((argument, array, index))
        steps = array.strides[:len(index)]
        bases.append(array.ctypes.data + sum(n * step for n, step in zip(index, steps)))
        strides += [step // array.itemsize for step in array.strides]
    used = [f for f in fields if f[0]["used"]]
    domain = _domain(used) if domain is None else tuple(int(n) for n in domain)
    if validate_args:
        _check_bounds(used, domain)
        _check_overlap(used)
    status = _call((ctypes.c_int64 * 3)(*domain), (ctypes.c_void_p * max(1, len(bases)))(*bases),
                   (ctypes.c_int64 * max(1, len(strides)))(*strides),
                   (ctypes.c_void_p * max(1, len(scalars)))(*[s.ctypes.data for s in scalars]), threads)
    if status:
        raise ValueError(f"compute domain too small: must have at least {MIN_LEVELS} levels")


def _place(taken, written, pitch):
    """Where to start within ALIAS_BYTES, farthest from the fields with which stores and loads could be mistaken, and from
    the two rows on each side that stencils read most."""
    rows = [start + n * pitch for start, other in taken if written or other for n in range(-2, 3)]

    def gap(start):
        return min((min((start - row) % ALIAS_BYTES, (row - start) % ALIAS_BYTES) for row in rows), default=0)
    return max(range(0, ALIAS_BYTES, LINE_BYTES), key=gap)


def allocate(domain, halo=0, unit_stride="I"):
    """Makes arrays of zeros for all fields, by name, and the origin to give to `run`, laid out as the code is fastest.

    domain: numbers of points on I, J, K.
    halo: points to have around the domain on I and J at least; there are always as many as the stencil needs.
    unit_stride: the axis along which points are neighbours in memory, 'I', which is the fastest, or 'K'.

    Rows of the domain start where a line of a cache starts. What is written does not start at the same place of
    ALIAS_BYTES as what is read: there, processors mistake loads for loads of what was stored last, and wait.
    """
    domain = tuple(int(n) for n in domain)
    if len(domain) != 3 or min(domain) <= 0:
        raise ValueError(f"the domain {domain} is not three positive numbers")
    if not isinstance(halo, (int, np.integer)) or halo < 0:
        raise ValueError(f"the halo {halo} is not one number of at least 0 points")
    if unit_stride not in ("I", "K"):
        raise ValueError(f"unit_stride is {unit_stride!r} instead of 'I' or 'K'")
    needed = [a for a in ARGUMENTS if a["field"] and (a["used"] or not a["optional"])]
    lower, upper = ([max([least] + [a[side][n] for a in needed]) for n, least in enumerate((halo, halo, 0))]
                    for side in ("lower", "upper"))
    fields, taken = {}, []
    for argument in needed:
        dtype, axes, data = np.dtype(argument["type"]), argument["axes"], argument["data"]
        room = (upper[0], upper[1], max(0, argument["upper"][2]))
        shape = [lower[n] + domain[n] + room[n] for n in map("IJK".index, axes)] + list(data)
        order = sorted(range(len(axes)), reverse=unit_stride == "K")
        strides, size = [0] * len(shape), dtype.itemsize
        for n in order + list(range(len(axes), len(shape)))[::-1]:
            strides[n] = size
            size *= shape[n]
            if n in order[:1]:
                size = -(-size // LINE_BYTES) * LINE_BYTES
        pitch = strides[axes.index("J")] if "J" in axes else 0
        place = _place(taken, argument["written"], pitch)
        taken.append((place, argument["written"]))
        memory = np.empty(size + ALIAS_BYTES, np.uint8)  # numpy asks for large pages here, and not in np.zeros
        memory.fill(0)
        first = sum(lower["IJK".index(axis)] * stride for axis, stride in zip(axes, strides))
        fields[argument["name"]] = np.ndarray(shape, dtype, memory.data, (place - first - memory.ctypes.data) % ALIAS_BYTES,
                                              strides)
    return fields, tuple(lower)


globals()[NAME] = run
)py";

static StringRef boolean(bool value) { return value ? "True" : "False"; }

static void printTuple(raw_ostream &os, ArrayRef<int64_t> values) {
  os << '(';
  for (int64_t value : values)
    os << value << ", ";
  os << ')';
}

static void printArgument(raw_ostream &os, const StencilArgument &argument) {
  bool hasDefault = argument.isOptional || !argument.defaultValue.empty();
  os << "    {\"name\": \"" << argument.name
     << "\", \"field\": " << boolean(argument.isField) << ", \"type\": \""
     << argument.type << "\", \"optional\": " << boolean(hasDefault);
  if (!argument.isField) {
    if (hasDefault)
      os << ", \"default\": " << argument.defaultValue;
    os << "},\n";
    return;
  }
  os << ", \"axes\": \"";
  for (unsigned axis = 0; axis < 3; ++axis)
    if (argument.axes[axis])
      os << "IJK"[axis];
  os << "\", \"data\": ";
  printTuple(os, argument.dataDims);
  os << ", \"used\": " << boolean(argument.isRead || argument.isWritten)
     << ", \"written\": " << boolean(argument.isWritten) << ", \"lower\": ";
  printTuple(os, argument.lower);
  os << ", \"upper\": ";
  printTuple(os, argument.upper);
  os << "},\n";
}

std::string spada::cpu::printPythonModule(const StencilSignature &signature,
                                          const Host &host) {
  std::string text;
  raw_string_ostream os(text);
  os << "\"\"\"Stencil '" << signature.name
     << "', made by spada: call `run`, or `" << signature.name
     << "`.\"\"\"\nimport ctypes\nimport os\n\nimport numpy as np\n\nNAME = \""
     << signature.name << "\"\nMIN_LEVELS = " << signature.minLevels
     << "\nLINE_BYTES = " << host.lineBytes
     << "\nALIAS_BYTES = " << host.aliasBytes
     << "\n# Halos are the points needed below and above the domain on I, J "
        "and "
        "K.\nARGUMENTS = [\n";
  for (const StencilArgument &argument : signature.arguments)
    printArgument(os, argument);
  os << "]\n" << code;
  return text;
}
