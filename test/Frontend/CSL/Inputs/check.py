# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Compiles a CSL test, launches its functions and compares what they show with what its comments say.

usage: check.py FILE.csl FOLDER wse2|wse3...

The file is the code of one PE, or sections '//--- NAME' of which one is layout.csl. Comments are commands, carried out
in order; a line that ends with ',' goes on in the next comment:
  // EXPECT function(f16 -1.5, u32 7) @2,0: 3, -1, f32(0.5)   launch on all PEs; what PE (0, 0), or the named one, shows.
                                                  Neighbouring lines for other PEs belong to the same launch.
  // WRITE name u32: 1, 2      set the array that the exported pointer `name` of type [*]u32 points to
  // READ name u16 @1,0: 1, 2  compare it
  // FAILS function: text      the launch ends the run with a message that holds the text; then a new run begins
  // LOG: text                 the run has printed a line with the text; these come last
A value is a Python expression; f16(x) and f32(x) are the bits of a float. In a layout.csl the line '// EXPORTS' stands for
the @export_name calls that the commands need.
"""
import os
import re
import subprocess
import sys

import numpy as np

from cerebras.sdk.runtime.sdkruntimepybind import MemcpyDataType, MemcpyOrder, SdkRuntime

LIMIT = 127
COMMAND = re.compile(
    r"\s*// (EXPECT|WRITE|READ|FAILS|LOG)(?: (\w+)(?:\(([^)]*)\))?(?: (\w+))?(?: @(\d+),(\d+))?)?: ?(.*)")
SINGLE_PE = """const memcpy = @import_module("<memcpy/get_params>", .{ .width = 1, .height = 1 });
layout {
  @set_rectangle(1, 1);
  @set_tile_code(0, 0, "pe.csl", .{ .memcpy_params = memcpy.get_params(0) });
// EXPORTS
}
"""


def f32(x):
    return int(np.float32(x).view(np.uint32))


def f16(x):
    return int(np.float16(x).view(np.uint16))


class Command:
    def __init__(self, match, line):
        self.kind, self.name, arguments, self.type, x, y, self.text = match.groups()
        self.line = line
        self.pe = (int(x or 0), int(y or 0))
        words = [argument.split() for argument in (arguments or "").split(",") if argument.strip()]
        self.types = [word[0] for word in words]
        self.arguments = [word[1] for word in words]

    def values(self):
        values = eval(f"[{self.text}]", {"np": np, "f16": f16, "f32": f32})
        mask = 0xffff if self.type in ("u16", "i16", "f16") else 0xffffffff
        return [int(value) & mask for value in values]

    def launch(self):
        return self.name, tuple(self.arguments)


def read_commands(text):
    commands = []
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        match = COMMAND.match(line)
        if not match:
            continue
        command = Command(match, number)
        while command.text.endswith(","):
            command.text += next(lines)[1].strip().lstrip("/")
        commands.append(command)
    return commands


def write_sources(text, commands, folder):
    sections = re.split(r"^//--- (\S+)\n", text, flags=re.MULTILINE)
    if len(sections) == 1:
        files = {"layout.csl": SINGLE_PE, "pe.csl": text}
    else:
        files = dict(zip(sections[1::2], sections[2::2]))
    exports = {"shown": "[*]u32, true"}
    for command in commands:
        if command.kind in ("EXPECT", "FAILS"):
            exports[command.name] = f"fn({', '.join(command.types)})void"
        elif command.kind in ("READ", "WRITE"):
            exports[command.name] = f"[*]{command.type}, true"
    lines = "\n".join(f'  @export_name("{name}", {type});' for name, type in exports.items())
    files["layout.csl"] = files["layout.csl"].replace("// EXPORTS", lines)
    for name, source in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(source)


def to_argument(type, text):
    if type in ("f16", "f32"):
        return getattr(np, "float" + type[1:])(text)
    return getattr(np, ("uint" if type[0] == "u" else "int") + type[1:])(int(text, 0))


class Run:
    def __init__(self, path, folder):
        self.path = path
        os.chdir(folder)
        self.failures = 0
        self.last = None
        self.start()
        self.width, self.height = self.runner._folder.rectangle

    def start(self):
        self.runner = SdkRuntime("out")
        self.runner.load()
        self.runner.run()

    def fail(self, command, text):
        print(f"{self.path}:{command.line}: {text}")
        self.failures += 1

    def copy_out(self, name, pe, count, bits16):
        words = np.zeros(count, np.uint32)
        kind = MemcpyDataType.MEMCPY_16BIT if bits16 else MemcpyDataType.MEMCPY_32BIT
        self.runner.memcpy_d2h(words, self.runner.get_id(name), *pe, 1, 1, count, streaming=False, data_type=kind,
                               order=MemcpyOrder.ROW_MAJOR, nonblock=False)
        return [int(word) for word in words]

    def launch(self, command):
        words = np.zeros(self.width * self.height * (LIMIT + 1), np.uint32)
        self.runner.memcpy_h2d(self.runner.get_id("shown"), words, 0, 0, self.width, self.height, LIMIT + 1,
                               streaming=False, data_type=MemcpyDataType.MEMCPY_32BIT, order=MemcpyOrder.ROW_MAJOR,
                               nonblock=False)
        arguments = [to_argument(*pair) for pair in zip(command.types, command.arguments)]
        self.runner.launch(command.name, *arguments, nonblock=False)

    def expect(self, command):
        if not self.last or self.last[0] != command.launch() or command.pe in self.last[1]:
            self.launch(command)
            self.last = command.launch(), set()
        self.last[1].add(command.pe)
        words = self.copy_out("shown", command.pe, LIMIT + 1, False)
        self.compare(command, command.values(), words[1:words[0] + 1])

    def compare(self, command, wanted, found):
        where = f"{command.name} of PE {command.pe}"
        if len(wanted) != len(found):
            self.fail(command, f"{where}: expected {len(wanted)} values, found {len(found)}")
        for i, (want, got) in enumerate(zip(wanted, found)):
            if want != got:
                self.fail(command, f"{where}, value {i}: expected {want} = {want:#x}, found {got} = {got:#x}")

    def carry_out(self, command):
        if command.kind == "EXPECT":
            return self.expect(command)
        self.last = None
        if command.kind == "READ":
            bits16 = command.type in ("u16", "i16", "f16")
            wanted = command.values()
            return self.compare(command, wanted, self.copy_out(command.name, command.pe, len(wanted), bits16))
        if command.kind == "WRITE":
            words = np.array(command.values(), np.uint32)
            kind = MemcpyDataType.MEMCPY_16BIT if command.type in ("u16", "i16") else MemcpyDataType.MEMCPY_32BIT
            return self.runner.memcpy_h2d(self.runner.get_id(command.name), words, *command.pe, 1, 1, len(words),
                                          streaming=False, data_type=kind, order=MemcpyOrder.ROW_MAJOR, nonblock=False)
        try:
            self.launch(command)
            self.copy_out("shown", (0, 0), 1, False)  # waits for the PE
            self.runner.stop()
            self.fail(command, f"{command.name}: expected a failure with '{command.text}', it ended well")
        except RuntimeError as error:
            if command.text not in str(error):
                self.fail(command, f"expected a failure with '{command.text}', got: {error}")
        self.start()  # anew
        return None

    def all(self, commands):
        try:
            for command in commands:
                if command.kind != "LOG":
                    self.carry_out(command)
            self.runner.stop()
        except RuntimeError as error:
            self.fail(command, str(error))
        for command in commands:
            if command.kind == "LOG":
                with open("sim.log", encoding="utf-8") as log:
                    if command.text not in log.read():
                        self.fail(command, f"no line of sim.log holds '{command.text}'")
        return self.failures


def main(path, folder, *archs):
    with open(path, encoding="utf-8") as source:
        text = source.read()
    commands = read_commands(text)
    if not commands:
        sys.exit(f"{path}: no commands")
    failures = 0
    for arch in archs:
        work = os.path.join(os.path.abspath(folder), arch)
        os.makedirs(work, exist_ok=True)
        write_sources(text, commands, work)
        compiled = subprocess.run(
            ["cslc", "--arch=" + arch, "layout.csl", "--fabric-dims=20,20", "--fabric-offsets=4,1", "-o", "out",
             "--import-path=" + os.path.dirname(os.path.abspath(__file__)), "--memcpy", "--channels=1"],
            cwd=work, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        if compiled.returncode:
            sys.exit(f"{path} ({arch}): cslc exits with {compiled.returncode}\n{compiled.stderr}")
        failed = Run(path, work).all(commands)
        if failed:
            print(f"{path}: {failed} differences on {arch}")
        failures += failed
    sys.exit(failures != 0)


main(sys.argv[1], sys.argv[2], *sys.argv[3:])
