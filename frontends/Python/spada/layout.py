# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""SdkLayout: describes regions of code, colors, ports and connections, and has them compiled.

The classes only take notes. `compile` writes them as JSON (docs/sdk-layout-json.md) and starts `cslc --sdk-layout`;
colors are assigned and connections routed there.
"""
import enum
import json
import os
import shutil
import subprocess
import sys

import numpy as np

from spada.geometry import IntRectangle, IntVector
from spada.words import check_enum, check_int

SCHEMA_VERSION = 1


class SdkTarget(enum.Enum):
    """Generation of the machine."""
    WSE2 = "wse2"
    WSE3 = "wse3"


class Route(enum.Enum):
    """A port of a router."""
    RAMP = "RAMP"
    NORTH = "NORTH"
    SOUTH = "SOUTH"
    EAST = "EAST"
    WEST = "WEST"


class Edge(enum.Enum):
    """An edge of a region."""
    TOP = "TOP"
    BOTTOM = "BOTTOM"
    LEFT = "LEFT"
    RIGHT = "RIGHT"


class SimfabConfig:
    """How programs are simulated. Memory stays readable after the run whatever `dump_core` says."""

    def __init__(self, dump_core=False, num_threads=1, suppress_trace=True, core_path=None):
        self.dump_core = dump_core
        self.num_threads = check_int(num_threads, "num_threads", 1, 64)
        self.suppress_trace = suppress_trace
        self.core_path = core_path


class SdkExecutionPlatform:
    """What a layout is compiled for and runs on: always the simulator."""

    def __init__(self, config, target):
        self.config = config
        self.target = target
        self.num_threads = config.num_threads

    def is_simulation(self):
        return True

    def is_system(self):
        return False


def get_platform(addr, config=None, target=SdkTarget.WSE3):
    if addr:
        raise ValueError(f"the address is '{addr}'; programs run on the simulator only: leave it empty")
    config = SimfabConfig() if config is None else config
    if not isinstance(config, SimfabConfig):
        raise TypeError(f"'config' is of type '{type(config).__name__}'; expected a SimfabConfig")
    return SdkExecutionPlatform(config, check_enum(target, SdkTarget, "target"))


class SdkCompileArtifacts:
    """A compile folder."""

    def __init__(self, artifacts_path):
        self.path = os.fspath(artifacts_path)


class Color:
    """A color by name. Without `value` the compiler chooses its number.

    Two colors of one name are the same one, except that the colors of a region (`CodeRegion.color`) are its own.
    """

    def __init__(self, name, value=None, *, region=None):
        if not isinstance(name, str) or not name:
            raise TypeError(f"the name of a color is {name!r}; expected a string")
        self.name = name
        self.value = None if value is None else check_int(value, "value", 0, 23)
        self.region = region

    @property
    def id(self):
        return self.name if self.region is None else f"{self.region}.{self.name}"


def _routes(values, name):
    values = list(values)
    for value in values:
        check_enum(value, Route, name)
    return values


class RoutingPosition:
    """Where a color comes from and goes to at one position of its switch."""

    def __init__(self):
        self.input = []
        self.output = []

    def set_input(self, routes):
        self.input = _routes(routes, "routes")
        return self

    def set_output(self, routes):
        self.output = _routes(routes, "routes")
        return self

    def to_json(self):
        return {"input": [route.value for route in self.input], "output": [route.value for route in self.output]}


class EdgeRouteInfo:
    """Routing positions of the PEs of one edge; made by `get_edge_routing`."""

    def __init__(self, edge, positions):
        self.edge = edge
        self.positions = positions


def get_edge_routing(edge, positions):
    return EdgeRouteInfo(check_enum(edge, Edge, "edge"), _positions(positions))


def _positions(positions):
    positions = list(positions)
    if not 1 <= len(positions) <= 4:
        raise ValueError(f"{len(positions)} routing positions were given; a switch has 1 to 4")
    for position in positions:
        if not isinstance(position, RoutingPosition):
            raise TypeError(f"a routing position is of type '{type(position).__name__}'; expected a RoutingPosition")
    return [position.to_json() for position in positions]


class PortHandle:
    """One side of a connection or of a stream."""

    def __init__(self, identifier, kind, size, port_region):
        self.id = identifier
        self.kind = kind
        self.size = size
        self.region = port_region


class StreamHandle:
    """A stream between the host and a port."""

    def __init__(self, port):
        self.port = port


class CodeRegion:
    """A rectangle of PEs that run one source file; made by `SdkLayout.create_code_region`."""

    def __init__(self, layout, source, name, width, height):
        self._layout = layout
        self.source = source
        self.name = name
        self.width = check_int(width, "width", 1)
        self.height = check_int(height, "height", 1)
        self._place = (0, 0)
        self._params = []
        self._paint = []
        self._ports = []
        self._symbols = []

    def place(self, x, y):
        """Coordinates of the region's upper left PE."""
        self._place = (check_int(x, "x"), check_int(y, "y"))

    def color(self, name, value=None):
        """A color of this region alone."""
        return self._layout.known_color(Color(name, value, region=self.name))

    # PEs of the region.

    def _all(self):
        return [0, 0, self.width - 1, self.height - 1]

    def _rectangle(self, rectangle):
        if isinstance(rectangle, IntVector):
            rectangle = IntRectangle(rectangle, rectangle + IntVector(1, 1))
        if not isinstance(rectangle, IntRectangle):
            raise TypeError(f"the PEs are given as '{type(rectangle).__name__}'; expected an IntVector or an "
                            "IntRectangle")
        low, high = rectangle.upper_left, rectangle.lower_right
        if not (0 <= low.x < high.x <= self.width and 0 <= low.y < high.y <= self.height):
            raise ValueError(f"the PEs from ({low.x}, {low.y}) up to ({high.x}, {high.y}) are not in region "
                             f"'{self.name}' of {self.width} x {self.height} PEs")
        return [low.x, low.y, high.x - 1, high.y - 1]

    def _edge(self, edge):
        right, bottom = self.width - 1, self.height - 1
        return {Edge.TOP: [0, 0, right, 0], Edge.BOTTOM: [0, bottom, right, bottom], Edge.LEFT: [0, 0, 0, bottom],
                Edge.RIGHT: [right, 0, right, bottom]}[edge]

    # Parameters.

    def _set(self, rectangle, name, value):
        if value is None:
            if not isinstance(name, Color):
                raise TypeError(f"parameter '{name}' got no value; only a color may stand alone")
            name, value = name.name, name
        if not isinstance(name, str):
            raise TypeError(f"the name of a parameter is {name!r}; expected a string")
        if isinstance(value, Color):
            value = {"color": self._layout.known_color(value).id}
        elif isinstance(value, (np.bool_, np.integer, np.floating)):
            value = value.item()
        elif not isinstance(value, (bool, int, float)):
            raise TypeError(f"parameter '{name}' is of type '{type(value).__name__}'; expected a number or a Color")
        self._params.append({"rect": rectangle, "name": name, "value": value})

    def set_param_all(self, name, value=None):
        self._set(self._all(), name, value)

    def set_param_range(self, rectangle, name, value=None):
        self._set(self._rectangle(rectangle), name, value)

    def set_param(self, coordinate, name, value=None):
        self._set(self._rectangle(coordinate), name, value)

    # Routes.

    def _painted(self, rectangle, color, positions):
        self._paint.append({"rect": rectangle, "color": self._layout.known_color(color).id, "positions": positions})

    def paint_all(self, color, positions, edge_routing=()):
        """Routes of a color on all PEs; those of an edge in `edge_routing` have its routes instead."""
        self._painted(self._all(), color, _positions(positions))
        for info in edge_routing:
            if not isinstance(info, EdgeRouteInfo):
                raise TypeError(f"an edge's routing is of type '{type(info).__name__}'; get_edge_routing() makes it")
            self._painted(self._edge(info.edge), color, info.positions)

    def paint_range(self, rectangle, color, positions):
        self._painted(self._rectangle(rectangle), color, _positions(positions))

    def paint(self, coordinate, color, positions):
        self._painted(self._rectangle(coordinate), color, _positions(positions))

    # Ports and memory.

    def _port(self, kind, color, edge, positions, size, prefix):
        color = self._layout.known_color(color)
        check_enum(edge, Edge, "edge")
        positions = _positions(positions)
        given, missing = ("input", "output") if kind == "in" else ("output", "input")
        for position in positions:
            if position[given]:
                raise ValueError(f"an {kind}put port on color '{color.name}' sets the {given} of its routes; the "
                                 f"port's edge says it: set only the {missing}")
        port = PortHandle(f"{self.name}.{prefix}{color.name}", kind, check_int(size, "size", 1), self)
        self._layout.register_port(port)
        self._ports.append({"id": port.id, "kind": kind, "color": color.id, "edge": edge.value,
                            "positions": positions, "size": port.size})
        return port

    def create_input_port(self, color, edge, routes, size, prefix=""):
        """A color that comes in over an edge; `routes` say where it goes from there."""
        return self._port("in", color, edge, routes, size, prefix)

    def create_output_port(self, color, edge, routes, size, prefix=""):
        """A color that leaves over an edge; `routes` say where it comes from."""
        return self._port("out", color, edge, routes, size, prefix)

    def set_symbol_all(self, symbol, data, width, height):
        """Initial values of a variable: each PE gets its block of the matrix of `height` rows of `width` elements."""
        if not isinstance(data, np.ndarray) or data.dtype.kind not in "iuf" or data.dtype.itemsize not in (2, 4):
            kind = getattr(data, "dtype", type(data).__name__)
            raise TypeError(f"the data of symbol '{symbol}' is of type '{kind}'; expected a NumPy array with elements "
                            "of 16 or 32 bits")
        width, height = check_int(width, "width", 1), check_int(height, "height", 1)
        if data.size != width * height:
            raise ValueError(f"the data of symbol '{symbol}' has {data.size} elements; {width} x {height} need "
                             f"{width * height}")
        if width % self.width or height % self.height:
            raise ValueError(f"the data of symbol '{symbol}', {width} x {height}, cannot be divided among the "
                             f"{self.width} x {self.height} PEs of region '{self.name}'")
        bits = np.uint32 if data.dtype.itemsize == 4 else np.uint16
        blocks = np.ascontiguousarray(data).reshape(-1).view(bits).reshape(
            self.height, height // self.height, self.width, width // self.width).transpose(0, 2, 1, 3)
        self._symbols.append({"name": symbol, "element_bytes": data.dtype.itemsize,
                              "tiles": blocks.reshape(self.width * self.height, -1).tolist()})

    def to_json(self):
        return {"name": self.name, "file": self.source, "x": self._place[0], "y": self._place[1], "width": self.width,
                "height": self.height, "params": self._params, "paint": self._paint, "ports": self._ports,
                "symbols": self._symbols}


class SdkLayout:
    """A program as regions of code with connections between them."""

    def __init__(self, platform):
        if not isinstance(platform, SdkExecutionPlatform):
            raise TypeError(f"'platform' is of type '{type(platform).__name__}'; get_platform() makes it")
        self._platform = platform
        self._regions = {}
        self._colors = {}
        self._ports = {}
        self._connections = []
        self._inputs = []
        self._outputs = []

    def create_code_region(self, source, name, width, height):
        if name in self._regions:
            raise ValueError(f"the layout has two regions of name '{name}'")
        region = CodeRegion(self, os.fspath(source), name, width, height)
        self._regions[name] = region
        return region

    def known_color(self, color):
        """The color, noted down; a second one of its name must not contradict it."""
        if not isinstance(color, Color):
            raise TypeError(f"a color is of type '{type(color).__name__}'; expected a Color")
        first = self._colors.setdefault(color.id, color)
        if first.value is None:
            first.value = color.value
        elif color.value is not None and color.value != first.value:
            raise ValueError(f"color '{color.name}' has value {color.value}, but another color of this name has "
                             f"{first.value}")
        return first

    def register_port(self, port):
        if port.id in self._ports:
            raise ValueError(f"region '{port.region.name}' has two ports '{port.id}'; give one of them a prefix")
        self._ports[port.id] = port

    def _checked_port(self, port, kind):
        if not isinstance(port, PortHandle) or self._ports.get(port.id) is not port:
            raise TypeError("a port of this layout was expected; create_input_port() and create_output_port() make "
                            "them")
        if port.kind != kind:
            raise ValueError(f"port '{port.id}' is an {port.kind}put port; expected an {kind}put port")
        return port

    def connect(self, source, destination):
        """Whatever leaves the output port arrives at the input port; both must have the same size."""
        self._checked_port(source, "out")
        self._checked_port(destination, "in")
        if source.size != destination.size:
            raise ValueError(f"port '{source.id}' has size {source.size}, but port '{destination.id}' has size "
                             f"{destination.size}")
        self._connections.append([source.id, destination.id])

    def create_input_stream(self, port):
        self._inputs.append(self._checked_port(port, "in").id)
        return StreamHandle(port)

    def create_output_stream(self, port):
        self._outputs.append(self._checked_port(port, "out").id)
        return StreamHandle(port)

    def to_json(self):
        return {"version": SCHEMA_VERSION, "target": self._platform.target.value, "fabric": None,
                "colors": [{"id": color.id, "name": color.name, "region": color.region, "value": color.value}
                           for color in self._colors.values()],
                "regions": [region.to_json() for region in self._regions.values()],
                "connections": self._connections, "input_streams": self._inputs, "output_streams": self._outputs}

    def compile(self, out_prefix="out"):
        """Compiles into the folder `out_prefix`; raises RuntimeError with the compiler's messages."""
        os.makedirs(out_prefix, exist_ok=True)
        description = os.path.join(out_prefix, "sdk-layout.json")
        with open(description, "w", encoding="utf-8") as text:
            json.dump(self.to_json(), text, indent=1)
            text.write("\n")
        command = [find_cslc(), f"--sdk-layout={description}", "-o", os.fspath(out_prefix)]
        run = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
        if run.returncode:
            raise RuntimeError(f"'{' '.join(command)}' ended with exit code {run.returncode}:\n{run.stderr.rstrip()}")
        sys.stderr.write(run.stderr)
        return SdkCompileArtifacts(out_prefix)


def find_cslc():
    """The compiler: $SPADA_CSLC, else the one on the PATH; `cs_python` sets the former to its neighbour."""
    found = os.environ.get("SPADA_CSLC") or shutil.which("cslc")
    if not found:
        raise RuntimeError("the compiler 'cslc' was not found; put it on the PATH or name it in SPADA_CSLC")
    return found
