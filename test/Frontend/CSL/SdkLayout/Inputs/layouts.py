# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Layouts that are compiled and run: layouts.py FOLDER wse2|wse3, from the folder of the CSL files."""
import json
import os
import sys

import numpy as np

from cerebras.geometry.geometry import IntVector
from cerebras.sdk.runtime.sdkruntimepybind import (Color, Edge, Route, RoutingPosition, SdkLayout, SdkRuntime,
                                                   SdkTarget, SimfabConfig, get_edge_routing, get_platform)

OUT, ARCH = sys.argv[1], sys.argv[2]
PLATFORM = get_platform(None, SimfabConfig(), SdkTarget.WSE3 if ARCH == "wse3" else SdkTarget.WSE2)
FROM_RAMP = RoutingPosition().set_input([Route.RAMP])
TO_RAMP = RoutingPosition().set_output([Route.RAMP])
SIZE = 4


def compiled(layout, name):
    return SdkRuntime(layout.compile(out_prefix=os.path.join(OUT, name)), PLATFORM, memcpy_required=False)


def region(layout, file, name, width, height, x, y, **params):
    code = layout.create_code_region(file, name, width, height)
    code.place(x, y)
    for param, value in dict(size=SIZE, **params).items():
        code.set_param_all(param, value)
    return code


def ran(layout, name):
    runtime = compiled(layout, name)
    runtime.load()
    runtime.run()
    return runtime


def check(name, found, expected):
    assert np.array_equal(found, expected), f"{name}: found {found}, expected {expected}"
    print(f"{name} passed")


def lanes():
    """Three lanes around a corner, below another region, and on to PEs with data of their own."""
    layout = SdkLayout(PLATFORM)
    source = region(layout, "./source.csl", "source", 3, 1, 6, 0)
    target = region(layout, "./target.csl", "target", 1, 3, 2, 2)
    region(layout, "./target.csl", "bystander", 2, 1, 3, 2, rx=Color("other"))
    tx, rx = source.color("tx"), target.color("rx")
    source.set_param_all(tx)
    target.set_param_all(rx)
    data = np.arange(3 * SIZE, dtype=np.uint32).reshape(1, -1) + 0x10000
    source.set_symbol_all("data", data, 3 * SIZE, 1)
    layout.connect(source.create_output_port(tx, Edge.BOTTOM, [FROM_RAMP], 12),
                   target.create_input_port(rx, Edge.RIGHT, [TO_RAMP], 12))
    runtime = ran(layout, "lanes")
    runtime.stop()
    found = np.concatenate([runtime.read_symbol(2, 2 + i, "data", dtype="uint32") for i in range(3)])
    check("lanes", found, data[0])


def crossing():
    """Two connections that cross, and one that leaves by another side because the fabric ends."""
    layout = SdkLayout(PLATFORM)
    places = {"a": (0, 2), "b": (2, 0), "c": (4, 2), "d": (2, 4), "e": (0, 0), "f": (0, 4)}
    regions = {}
    for name, (x, y) in places.items():
        sends = name in "abe"
        regions[name] = region(layout, "./source.csl" if sends else "./target.csl", name, 1, 1, x, y)
    for number, (start, end, leaves, enters) in enumerate([("a", "c", Edge.RIGHT, Edge.LEFT),
                                                           ("b", "d", Edge.BOTTOM, Edge.TOP),
                                                           ("e", "f", Edge.LEFT, Edge.LEFT)]):
        tx, rx = regions[start].color("tx"), regions[end].color("rx")
        regions[start].set_param_all(tx)
        regions[end].set_param_all(rx)
        regions[start].set_symbol_all("data", np.full(SIZE, number + 1, dtype=np.uint32), SIZE, 1)
        layout.connect(regions[start].create_output_port(tx, leaves, [FROM_RAMP], SIZE),
                       regions[end].create_input_port(rx, enters, [TO_RAMP], SIZE))
    runtime = ran(layout, "crossing")
    runtime.stop()
    found = [int(runtime.read_symbol(*places[name], "data", dtype="uint32")[0]) for name in "cdf"]
    check("crossing", found, [1, 2, 3])


def streams():
    """Streams over four PEs at a time, each with a number of its own."""
    layout = SdkLayout(PLATFORM)
    code = region(layout, "./add.csl", "add", 4, 1, 1, 1, advance=False)
    rx, tx = code.color("rx"), code.color("tx")
    code.set_param_all(rx)
    code.set_param_all(tx)
    for x in range(4):
        code.set_param(IntVector(x, 0), "number", 100 * x)
    source = layout.create_input_stream(code.create_input_port(rx, Edge.TOP, [TO_RAMP], 16))
    target = layout.create_output_stream(code.create_output_port(tx, Edge.BOTTOM, [FROM_RAMP], 16))
    runtime = ran(layout, "streams")
    data, found = np.arange(16, dtype=np.uint32), np.zeros(16, dtype=np.uint32)
    runtime.send(source, data, nonblock=True)
    runtime.receive(target, found, 16, nonblock=True)
    runtime.stop()
    check("streams", found, data + np.repeat([0, 100, 200, 300], 4))


def relays():
    """A stream to all PEs of a column, and one from them in turns: both have routes that need a relay."""
    layout = SdkLayout(PLATFORM)
    code = region(layout, "./add.csl", "add", 1, 3, 0, 1, advance=True)
    rx, tx = code.color("rx"), code.color("tx")
    code.set_param_all(rx)
    code.set_param_all(tx)
    for y in range(3):
        code.set_param(IntVector(0, y), "number", 1000 * y)
    code.paint_all(rx, [RoutingPosition().set_input([Route.NORTH]).set_output([Route.RAMP, Route.SOUTH])],
                   [get_edge_routing(Edge.BOTTOM, [RoutingPosition().set_input([Route.NORTH])
                                                   .set_output([Route.RAMP])])])
    code.paint_all(tx, [RoutingPosition().set_input([Route.RAMP]).set_output([Route.NORTH]),
                        RoutingPosition().set_input([Route.SOUTH]).set_output([Route.NORTH])])
    enter = code.create_input_port(rx, Edge.TOP, [RoutingPosition().set_output([Route.RAMP, Route.SOUTH])], SIZE)
    leave = code.create_output_port(tx, Edge.TOP, [FROM_RAMP, RoutingPosition().set_input([Route.SOUTH])], 3 * SIZE)
    source, target = layout.create_input_stream(enter), layout.create_output_stream(leave)
    runtime = ran(layout, "relays")
    data, found = np.arange(SIZE, dtype=np.uint32) + 7, np.zeros(3 * SIZE, dtype=np.uint32)
    runtime.send(source, data, nonblock=True)
    runtime.receive(target, found, 3 * SIZE, nonblock=True)
    runtime.stop()
    check("relays", found, np.concatenate([data, data + 1000, data + 2000]))


def chain():
    """Numbers are used again where colors do not meet."""
    layout = SdkLayout(PLATFORM)
    before = None
    for i in range(30):
        code = region(layout, "./add.csl", f"add{i}", 1, 1, 2 * i + 1, 1, advance=False, number=i)
        rx, tx = code.color("rx"), code.color("tx")
        code.set_param_all(rx)
        code.set_param_all(tx)
        enter = code.create_input_port(rx, Edge.LEFT, [TO_RAMP], SIZE)
        leave = code.create_output_port(tx, Edge.RIGHT, [FROM_RAMP], SIZE)
        if before is None:
            source = layout.create_input_stream(enter)
        else:
            layout.connect(before, enter)
        before = leave
    target = layout.create_output_stream(before)
    runtime = ran(layout, "chain")
    found = np.zeros(SIZE, dtype=np.uint32)
    runtime.send(source, np.arange(SIZE, dtype=np.uint32), nonblock=True)
    runtime.receive(target, found, SIZE, nonblock=True)
    runtime.stop()
    check("chain", found, np.arange(SIZE) + sum(range(30)))
    with open(os.path.join(OUT, "chain", "colors.json"), encoding="utf-8") as text:
        numbers = json.load(text)
    assert len(numbers) == 60 and len(set(numbers.values())) <= 4, numbers
    assert all(numbers[f"add{i}.tx"] == numbers[f"add{i + 1}.rx"] for i in range(29)), numbers


for run in (lanes, crossing, streams, relays, chain):
    run()
