# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Compile folders for tests, without a compiler: the image is written as JSON and packed by flatc."""
import json
import os
import subprocess

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
SCHEMA = os.path.join(ROOT, "runtime", "include", "spada", "Sim", "Image.fbs")
NONE = 0xffff
SIZES = {"I1": 1, "I8": 1, "I16": 2, "F16": 2, "I32": 4, "F32": 4}


class Program:
    """One PE program under construction; the names are those of Image.fbs."""

    def __init__(self):
        self.table = {"name": "pe", "instructions": [], "registers": 8, "dsds": [], "vectors": [], "tasks": [],
                      "functions": [], "queues": [], "variables": [], "memory_bytes": 0, "symbols": [], "exports": [],
                      "prints": []}
        self.rpc = []

    def variable(self, name, kind, elements, exported=True):
        size = SIZES[kind]
        at = -(-self.table["memory_bytes"] // size) * size
        self.table["memory_bytes"] = at + size * elements
        entry = {"name": name, "type": kind, "address": at, "elements": elements}
        self.table["variables"].append(entry)
        if exported:
            self.table["symbols"].append(dict(entry))
            self.rpc.append({"id": len(self.rpc), "name": name, "type": "[*]u32", "kind": "Var"})
        return at

    def emit(self, opcode, kind="I32", a=NONE, b=NONE, c=NONE, imm=0):
        self.table["instructions"].append({"opcode": opcode, "type": kind, "a": a, "b": b, "c": c, "d": NONE,
                                           "imm": imm, "location": 0})

    def function(self, name, inputs):
        """An exported function; `inputs` are (CSL type, image type). Its arguments are in registers 0, 1, ..."""
        self.table["exports"].append({"name": name, "function": len(self.table["functions"]),
                                      "types": [kind for _, kind in inputs]})
        self.table["functions"].append({"name": name, "entry": len(self.table["instructions"]), "first_register": 0,
                                        "registers": 8})
        self.rpc.append({"id": len(self.rpc), "name": name, "type": "fn", "kind": "Func",
                         "inputs": [{"name": f"x{number}", "type": kind} for number, (kind, _) in enumerate(inputs)]})

    def end(self, unblock=False):
        if unblock:
            self.emit("HostUnblock")
        self.emit("Return")


def standard_program():
    """"data" (4 words), "half" (3 of 16 bits), "seen" (2 words), a hidden trace; functions "add", "both", "hang", "fail",
    "say"; words that come in on color 2 leave on color 3, one larger."""
    pe = Program()
    data = pe.variable("data", "I32", 4)
    pe.variable("half", "I16", 3)
    seen = pe.variable("seen", "I32", 2)
    trace = pe.variable("__trace_key", "I16", 4, exported=False)
    word = pe.variable("word", "I32", 1, exported=False)

    pe.function("add", [("i16", "I16")])
    for element in range(4):
        pe.emit("Load", a=1, imm=data + 4 * element)
        pe.emit("Add", a=1, b=1, c=0)
        pe.emit("Store", a=1, imm=data + 4 * element)
    pe.emit("Const", "I16", a=1, imm=3)
    pe.emit("Store", "I16", a=1, imm=trace)
    pe.emit("Const", "I16", a=1, imm=8)
    pe.emit("Store", "I16", a=1, imm=trace + 2)
    pe.emit("Store", "I16", a=0, imm=trace + 4)
    pe.end(unblock=True)
    pe.function("both", [("f32", "F32"), ("u32", "I32")])
    pe.emit("Store", a=0, imm=seen)
    pe.emit("Store", a=1, imm=seen + 4)
    pe.end(unblock=True)
    pe.function("hang", [])
    pe.end()
    pe.function("fail", [])
    pe.emit("Const", a=0, imm=0)
    pe.emit("DivU", a=0, b=0, c=0)
    pe.end(unblock=True)
    pe.function("say", [])
    pe.emit("Const", a=0, imm=7)
    pe.emit("Print", b=0, imm=0)
    pe.end(unblock=True)
    pe.table["prints"].append({"format": "seven is {d}\n", "types": ["I32"], "location": 0})

    pe.table["dsds"].append({"kind": "FabricOut", "type": "I32", "sizes": [1], "queue": 3, "color": 3})
    pe.table["queues"] = [{"is_output": False, "number": 2, "color": 2}, {"is_output": True, "number": 3, "color": 3}]
    pe.table["vectors"].append({"builtin": "mov32", "destination": {"kind": "Slot", "type": "I32", "value": 0},
                                "sources": [{"kind": "Address", "type": "I32", "value": word}], "location": 0})
    pe.table["tasks"].append({"name": "forward", "kind": "Data", "id": 2, "queue": 2,
                              "entry": len(pe.table["instructions"]), "payload_register": 0, "payload_type": "I32"})
    pe.emit("Const", a=1, imm=1)
    pe.emit("Add", a=0, b=0, c=1)
    pe.emit("Store", a=0, imm=word)
    pe.emit("Vector", imm=0)
    pe.end()
    return pe


def write_folder(folder, program, width, height, offsets=(4, 1), **extra):
    """A compile folder as cslc writes it."""
    with open(os.path.join(ROOT, "machines", "wse2.json"), encoding="utf-8") as text:
        machine = text.read()
    box = {"x_lo": 0, "x_hi": width, "x_step": 1, "y_lo": 0, "y_hi": height, "y_step": 1}
    image = {"version": 2, "kernel": "test", "machine": machine, "width": width, "height": height,
             "programs": [program.table], "tiles": [{"program": 0, "boxes": [box], "params": []}], "routes": [],
             "arguments": [], "files": ["a.csl"], "locations": [{"file": 0, "line": 7, "column": 3}],
             "host_in_colors": [2], "host_out_colors": [3]}
    binaries = os.path.join(folder, "bin")
    os.makedirs(binaries, exist_ok=True)
    with open(os.path.join(binaries, "program.json"), "w", encoding="utf-8") as text:
        json.dump(image, text)
    subprocess.run(["flatc", "-b", "-o", binaries, SCHEMA, os.path.join(binaries, "program.json")], check=True)
    description = {"params": {}, "colors": {}, "arch": "wse2", "fabric_dims": [width + 7, height + 2],
                   "fabric_offsets": list(offsets), "rectangle": [width, height], "rpc_symbols": program.rpc, **extra}
    with open(os.path.join(folder, "out.json"), "w", encoding="utf-8") as text:
        json.dump(description, text)
    return folder
