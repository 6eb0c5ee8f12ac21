# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Wrong layouts and the compiler's first line about each: errors.py, from the folder of the CSL files."""
import copy
import json
import subprocess

RAMP_OUT = [{"input": ["RAMP"], "output": []}]
RAMP_IN = [{"input": [], "output": ["RAMP"]}]


def region(name, file, x, kind, used):
    return {"name": name, "file": f"./{file}.csl", "x": x, "y": 0, "width": 1, "height": 2,
            "params": [{"rect": [0, 0, 0, 1], "name": "size", "value": 4},
                       {"rect": [0, 0, 0, 1], "name": "tx" if kind == "out" else "rx", "value": {"color": used}}],
            "paint": [],
            "ports": [{"id": f"{name}.port", "kind": kind, "color": used, "size": 8,
                       "edge": "RIGHT" if kind == "out" else "LEFT",
                       "positions": RAMP_OUT if kind == "out" else RAMP_IN}],
            "symbols": [{"name": "data", "element_bytes": 4, "tiles": [[1, 2, 3, 4], [5, 6, 7, 8]]}]}


BASE = {"version": 1, "target": "wse2", "fabric": None,
        "colors": [{"id": name, "name": name, "region": None, "value": None} for name in "ab"],
        "regions": [region("one", "source", 0, "out", "a"), region("two", "target", 3, "in", "b")],
        "connections": [["one.port", "two.port"]], "input_streams": [], "output_streams": []}

def painted(colors, positions, **more):
    """The layout with more colors on the first PE."""
    paint = [{"rect": [0, 0, 0, 0], "color": color["id"], "positions": positions} for color in colors]
    return dict(more, colors=BASE["colors"] + colors, regions=[dict(BASE["regions"][0], paint=paint),
                                                               BASE["regions"][1]])


def color(name, value=None):
    return {"id": name, "name": name, "region": None, "value": value}


TURN = [{"input": ["RAMP"], "output": ["EAST"]}, {"input": ["WEST"], "output": ["SOUTH"]}]
FORK = [{"input": ["RAMP"], "output": ["EAST"]}, {"input": ["RAMP"], "output": ["EAST", "SOUTH"]}]

CASES = [
    # The form of the file.
    (["version"], 2, "'version' is 2, expected a whole number from 1 to 1"),
    (["target"], "wse4", "'target' is \"wse4\", expected \"wse2\" or \"wse3\""),
    (["fabric"], [8], "'fabric' is [8], expected a list of two numbers"),
    (["more"], 1, "the file has the unknown member 'more'"),
    (["regions"], [], "'regions' is empty; a layout needs a region"),
    (["regions", 0, "x"], -1, "'regions[0].x' is -1, expected a whole number from 0 to 2047"),
    (["regions", 0, "width"], 2049, "'regions[0].width' is 2049, expected a whole number from 1 to 2048"),
    (["regions", 0, "width"], 1e30, "'regions[0].width' is 1e+30, expected a whole number from 1 to 2048"),
    (["regions", 1, "name"], "one", "'regions[1].name' is 'one', as an earlier region's"),
    (["regions", 0, "params", 0, "rect"], [0, 0, 0, 2],
     "'regions[0].params[0].rect[3]' is 2, expected a whole number from 0 to 1"),
    (["regions", 0, "params", 0, "value"], "x",
     "'regions[0].params[0].value' is \"x\", expected a number, true, false or a color"),
    (["regions", 0, "ports", 0, "edge"], "MIDDLE",
     "'regions[0].ports[0].edge' is \"MIDDLE\", expected \"TOP\", \"BOTTOM\", \"LEFT\" or \"RIGHT\""),
    (["regions", 0, "ports", 0, "positions"], [], "'regions[0].ports[0].positions' has 0 positions; a switch has one "
                                                  "to four"),
    (["regions", 0, "ports", 0, "positions", 0, "output"], ["EAST"],
     "'regions[0].ports[0].positions[0].output' is not empty; the edge says it for a port"),
    (["regions", 0, "symbols", 0, "tiles"], [[1]],
     "'regions[0].symbols[0].tiles' has 1 entries, the region has 2 PEs"),
    (["regions", 0, "symbols", 0, "tiles", 1, 2], 1 << 32,
     "'regions[0].symbols[0].tiles[1][2]' is 4294967296, expected a whole number from 0 to 4294967295"),
    # Names.
    (["colors", 1, "id"], "a", "'colors[1].id' is 'a', as an earlier color's"),
    (["regions", 0, "ports", 0, "color"], "c",
     "'regions[0].ports[0].color' is \"c\", expected the id of a color in 'colors'"),
    (["regions", 1, "ports", 0, "id"], "one.port", "'regions[1].ports[0].id' is 'one.port', as an earlier port's"),
    (["connections", 0, 1], "three.port", "'connections[0][1]' is \"three.port\", expected the id of a port"),
    (["connections"], [["two.port", "one.port"]],
     "'connections[0][0]' is 'two.port', an input port, expected an output port"),
    (["input_streams"], ["two.port"],
     "'input_streams[0]' is port 'two.port', which 'connections[0][1]' uses already"),
    (["regions", 0, "file"], "./none.csl", "cannot read './none.csl'"),
    (["regions", 0, "params", 0, "name"], "length",
     "'regions[0].params[0]' sets param 'length', but './source.csl' has no such param"),
    (["regions", 0, "symbols", 0, "name"], "date", "'regions[0].symbols[0]' sets 'date', but './source.csl' has no "
                                                   "variable of this name; declare it with 'export var'"),
    # What does not fit.
    (["regions", 1, "ports", 0, "size"], 9, "'connections[0]' joins 'one.port' of 8 elements with 'two.port' of 9; "
                                            "both need the same number"),
    (["regions", 1, "ports", 0, "edge"], "TOP", "'connections[0]' joins 'one.port' of 2 PEs with 'two.port' of 1; "
                                                "both need the same number"),
    (["regions", 1, "x"], 0, "'regions[1]' overlaps 'regions[0]' at (0, 0); place it elsewhere"),
    (["fabric"], [3, 9], "'regions[1]' reaches to (3, 1) outside of the fabric of 3 x 9 PEs"),
    (["regions", 1, "ports", 0, "positions", 0, "output"], ["RAMP", "WEST"],
     "'regions[1].ports[0].positions[0].output' has the router port of the edge; what comes in there must take another "
     "one here"),
    ([], {"fabric": [4, 3], "regions": [BASE["regions"][0], dict(
        BASE["regions"][1], x=2, y=2, width=2, height=1, params=[],
        ports=[dict(BASE["regions"][1]["ports"][0], edge="TOP")])]},
     "'connections[0]' finds no way from port 'one.port' at PE (0, 0) to port 'two.port'; ways of one color cannot "
     "cross each other or its routes"),
    ([], painted([color("c")], TURN),
     "color 'c' of PE (0, 0): position 1 changes the input and the output; on wse2 it can set one side to one router "
     "port"),
    ([], painted([color("c")], FORK),
     "color 'c' of PE (0, 0): position 1 has two router ports on the side that it changes; on wse2 it can set one side "
     "to one router port"),
    ([], painted([color("c", 10)], FORK, target="wse3"),
     "color 'c' has the number 10 and switch positions; on wse3 the colors 0 to 9, 12, 13, 16, 17, 20 and 21 have "
     "switches"),
    ([], painted([color(f"c{i}") for i in range(21)], FORK[:1]),
     "no number is left for color 'c20'; the colors that it meets on its PEs have them all"),
    (["colors"], BASE["colors"] + [color("c", 24)],
     "'colors[2].value' is 24, expected a whole number from 0 to 23"),
    ([], {"colors": [dict(BASE["colors"][0], value=3), dict(BASE["colors"][1], value=4)]},
     "'connections' join colors of the numbers 3 and 4; the second is 'b'"),
    (["regions", 0, "symbols", 0, "tiles", 1], [1],
     "'regions[0].symbols[0]' gives 1 elements to PE (0, 1), variable 'data' has 4"),
    (["regions", 0, "symbols", 0, "element_bytes"], 2,
     "'regions[0].symbols[0]' gives elements of 2 bytes, those of variable 'data' have 4"),
    (["regions", 0, "paint"], [{"rect": [0, 0, 0, 0], "color": "c", "positions": RAMP_OUT}],
     "'regions[0].paint[0].color' is \"c\", expected the id of a color in 'colors'"),
]


def first_line(layout):
    with open("layout.json", "w", encoding="utf-8") as text:
        text.write(layout if isinstance(layout, str) else json.dumps(layout))
    run = subprocess.run(["cslc", "--sdk-layout=layout.json", "-o", "out"], capture_output=True, text=True,
                         check=False)
    return run.returncode, run.stderr.split("\n")[0]


def main():
    wrong = 0
    for path, value, expected in CASES:
        layout = copy.deepcopy(BASE)
        place = layout
        for key in path[:-1]:
            place = place[key]
        if path:
            place[path[-1]] = value
        else:
            layout.update(value)
        code, line = first_line(layout)
        if code != 1 or line != f"layout.json:1:1: error: {expected}":
            print(f"{path} = {value}: exit code {code}, '{line}', expected '{expected}'")
            wrong += 1
    for text, expected in [("", "the file is not valid JSON"), ("[]", "the file holds no object"),
                           ("{" * 100000, "the file is not valid JSON"),
                           ("{}", "the file has no member 'version'")]:
        code, line = first_line(text)
        if code != 1 or line != f"layout.json:1:1: error: {expected}":
            print(f"text '{text[:9]}': exit code {code}, '{line}', expected '{expected}'")
            wrong += 1
    code, line = first_line(BASE)
    if code:
        print(f"the right layout: exit code {code}, '{line}'")
    print(f"{wrong} of {len(CASES)} wrong")


main()
