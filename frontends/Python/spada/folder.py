# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""A folder that `cslc` wrote: `out.json` and `bin/program.spimage`."""
import json
import os


class CompiledFolder:
    """What the host's side needs to know of a compiled program."""

    def __init__(self, path):
        self.path = os.fspath(path)
        description = os.path.join(self.path, "out.json")
        if not os.path.isdir(self.path):
            raise FileNotFoundError(f"the compile folder '{self.path}' does not exist; 'cslc -o {self.path}' makes it")
        try:
            with open(description, encoding="utf-8") as text:
                data = json.load(text)
        except OSError as error:
            raise FileNotFoundError(f"'{self.path}' is not a compile folder: '{description}' cannot be read") from error
        except ValueError as error:
            raise ValueError(f"'{description}' is not valid JSON: {error}") from error
        self.offsets = tuple(data.get("fabric_offsets", (0, 0)))
        self.rectangle = tuple(data.get("rectangle", ()))
        self.streams = data.get("streams", {})
        self.functions = {}
        for symbol in data.get("rpc_symbols", []):
            if symbol.get("kind") == "Func":
                self.functions[symbol["name"]] = [(item.get("name", ""), item["type"])
                                                  for item in symbol.get("inputs", [])]

    def image(self):
        path = os.path.join(self.path, "bin", "program.spimage")
        try:
            with open(path, "rb") as data:
                return data.read()
        except OSError as error:
            raise FileNotFoundError(f"'{self.path}' is not a compile folder: '{path}' cannot be read") from error

    def to_rectangle(self, x, y):
        """Rectangle coordinates of the PE with these fabric coordinates."""
        return x - self.offsets[0], y - self.offsets[1]
