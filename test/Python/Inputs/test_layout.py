# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""The description that SdkLayout makes (docs/sdk-layout-json.md), its errors, and the call of the compiler."""
import json
import os
import tempfile
import unittest
from unittest import mock

import numpy as np

from cerebras.geometry.geometry import IntRectangle, IntVector
from cerebras.sdk.runtime.sdkruntimepybind import (Color, Edge, Route, RoutingPosition, SdkLayout, SdkTarget,
                                                   SimfabConfig, get_edge_routing, get_platform)

RAMP_IN = RoutingPosition().set_input([Route.RAMP])
RAMP_OUT = RoutingPosition().set_output([Route.RAMP])
RAMP_OUT_JSON = {"input": [], "output": ["RAMP"]}


def new_layout(target=SdkTarget.WSE2):
    return SdkLayout(get_platform(None, SimfabConfig(dump_core=True), target))


class Description(unittest.TestCase):
    def setUp(self):
        self.layout = new_layout()
        self.region = self.layout.create_code_region("./a.csl", "a", 4, 2)

    def json(self):
        return self.layout.to_json()["regions"][0]

    def test_shell(self):
        self.region.place(3, 5)
        self.assertEqual(self.layout.to_json(), {
            "version": 1, "target": "wse2", "fabric": None, "colors": [], "connections": [], "input_streams": [],
            "output_streams": [],
            "regions": [{"name": "a", "file": "./a.csl", "x": 3, "y": 5, "width": 4, "height": 2, "params": [],
                         "paint": [], "ports": [], "symbols": []}]})

    def test_params(self):
        mine, shared = self.region.color("tx"), Color("tx", 3)
        self.region.set_param_all("size", np.int16(10))
        self.region.set_param_all(mine)
        self.region.set_param(IntVector(1, 0), "flag", True)
        self.region.set_param_range(IntRectangle(IntVector(1, 0), IntVector(2, 2)), "rx", shared)
        self.assertEqual(self.json()["params"], [
            {"rect": [0, 0, 3, 1], "name": "size", "value": 10},
            {"rect": [0, 0, 3, 1], "name": "tx", "value": {"color": "a.tx"}},
            {"rect": [1, 0, 1, 0], "name": "flag", "value": True},
            {"rect": [1, 0, 1, 1], "name": "rx", "value": {"color": "tx"}}])
        self.assertEqual(self.layout.to_json()["colors"], [
            {"id": "a.tx", "name": "tx", "region": "a", "value": None},
            {"id": "tx", "name": "tx", "region": None, "value": 3}])

    def test_paint_with_edges(self):
        color = Color("c")
        through = RoutingPosition().set_input([Route.WEST]).set_output([Route.EAST, Route.RAMP])
        end = RoutingPosition().set_input([Route.WEST]).set_output([Route.RAMP])
        self.region.paint_all(color, [through, end], [get_edge_routing(Edge.RIGHT, [end])])
        self.region.paint(IntVector(0, 1), color, [end])
        end_json = {"input": ["WEST"], "output": ["RAMP"]}
        self.assertEqual(self.json()["paint"], [
            {"rect": [0, 0, 3, 1], "color": "c",
             "positions": [{"input": ["WEST"], "output": ["EAST", "RAMP"]}, end_json]},
            {"rect": [3, 0, 3, 1], "color": "c", "positions": [end_json]},
            {"rect": [0, 1, 0, 1], "color": "c", "positions": [end_json]}])

    def test_ports_connections_and_streams(self):
        other = self.layout.create_code_region("b.csl", "b", 1, 1)
        rx, tx = other.color("rx"), Color("c")
        out = self.region.create_output_port(tx, Edge.RIGHT, [RAMP_IN], 8, "_out")
        back = self.region.create_input_port(tx, Edge.TOP, [RAMP_OUT], 8)
        into = other.create_input_port(rx, Edge.LEFT, [RAMP_OUT], 8)
        self.layout.connect(out, into)
        self.layout.create_input_stream(back)
        self.assertEqual([port["id"] for port in self.json()["ports"]], ["a._outc", "a.c"])
        self.assertEqual(self.layout.to_json()["regions"][1]["ports"], [
            {"id": "b.rx", "kind": "in", "color": "b.rx", "edge": "LEFT", "positions": [RAMP_OUT_JSON], "size": 8}])
        self.assertEqual(self.layout.to_json()["connections"], [["a._outc", "b.rx"]])
        self.assertEqual(self.layout.to_json()["input_streams"], ["a.c"])

    def test_symbol_blocks(self):
        self.region.set_symbol_all("A", np.arange(16, dtype=np.uint16), 4, 4)
        self.assertEqual(self.json()["symbols"], [{"name": "A", "element_bytes": 2, "tiles": [
            [0, 4], [1, 5], [2, 6], [3, 7], [8, 12], [9, 13], [10, 14], [11, 15]]}])


class Errors(unittest.TestCase):
    def setUp(self):
        self.layout = new_layout()
        self.region = self.layout.create_code_region("./a.csl", "a", 4, 2)

    def test_values(self):
        for message, call in (
                ("two regions of name 'a'", lambda: self.layout.create_code_region("x.csl", "a", 1, 1)),
                ("'width' is 0; it must be at least 1", lambda: self.layout.create_code_region("x.csl", "x", 0, 1)),
                (r"from \(4, 0\) up to \(5, 1\) are not in region 'a' of 4 x 2 PEs",
                 lambda: self.region.set_param(IntVector(4, 0), "p", 1)),
                ("5 routing positions were given; a switch has 1 to 4",
                 lambda: self.region.paint_all(Color("c"), [RAMP_IN] * 5)),
                ("an input port on color 'c' sets the input",
                 lambda: self.region.create_input_port(Color("c"), Edge.TOP, [RAMP_IN], 1)),
                ("has 3 elements; 4 x 2 need 8",
                 lambda: self.region.set_symbol_all("A", np.zeros(3, np.float32), 4, 2)),
                ("6 x 2, cannot be divided among the 4 x 2 PEs",
                 lambda: self.region.set_symbol_all("A", np.zeros(12, np.float32), 6, 2)),
                ("'value' is 24; it must be at most 23", lambda: Color("c", 24)),
                ("programs run on the simulator only", lambda: get_platform("1.2.3.4:9000"))):
            with self.assertRaisesRegex(ValueError, message):
                call()

    def test_types(self):
        for message, call in (
                ("parameter 'p' got no value", lambda: self.region.set_param_all("p")),
                ("parameter 'p' is of type 'str'", lambda: self.region.set_param_all("p", "1")),
                ("'edge' is 1; expected one of Edge.TOP", lambda: get_edge_routing(1, [RAMP_IN])),
                ("a port of this layout was expected", lambda: self.layout.create_input_stream("a"))):
            with self.assertRaisesRegex(TypeError, message):
                call()

    def test_ports(self):
        color = Color("c")
        first = self.region.create_input_port(color, Edge.TOP, [RAMP_OUT], 4)
        out = self.region.create_output_port(color, Edge.TOP, [RAMP_IN], 5, "o_")
        with self.assertRaisesRegex(ValueError, "two ports 'a.c'"):
            self.region.create_input_port(color, Edge.LEFT, [RAMP_OUT], 4)
        with self.assertRaisesRegex(ValueError, "'a.o_c' has size 5, but port 'a.c' has size 4"):
            self.layout.connect(out, first)
        with self.assertRaisesRegex(ValueError, "'a.c' is an input port; expected an output port"):
            self.layout.connect(first, out)
        with self.assertRaisesRegex(ValueError, "color 'd' has value 2, but another color of this name has 1"):
            self.region.paint_all(Color("d", 1), [RAMP_IN])
            self.region.paint_all(Color("d", 2), [RAMP_IN])


class Compile(unittest.TestCase):
    def compile_with(self, script):
        with tempfile.TemporaryDirectory() as folder:
            cslc = os.path.join(folder, "cslc")
            with open(cslc, "w", encoding="utf-8") as text:
                text.write("#!/bin/sh\n" + script)
            os.chmod(cslc, 0o755)
            with mock.patch.dict(os.environ, {"SPADA_CSLC": cslc}):
                artifacts = new_layout(SdkTarget.WSE3).compile(out_prefix=os.path.join(folder, "out"))
            with open(os.path.join(artifacts.path, "arguments"), encoding="utf-8") as text:
                arguments = text.read().split()
            with open(arguments[0].partition("=")[2], encoding="utf-8") as text:
                return arguments, json.load(text), artifacts

    def test_command(self):
        arguments, description, artifacts = self.compile_with('echo "$@" > "$3/arguments"\n')
        self.assertEqual(arguments[1:], ["-o", artifacts.path])
        self.assertEqual(description["target"], "wse3")

    def test_rejected(self):
        with self.assertRaisesRegex(RuntimeError, "(?s)ended with exit code 1:\na.csl:1:1: error: no$"):
            self.compile_with('echo "a.csl:1:1: error: no" >&2\nexit 1\n')


if __name__ == "__main__":
    unittest.main()
