# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Compiles the wrong programs of a file and compares what cslc says, word for word.

usage: check_errors.py FILE FOLDER [--write]

The file is cases, each a line '//--- NAME [wse2|wse3] [OPTIONS]' with a program behind it. A program that holds a layout
block is a layout.csl; another one is the pe.csl of a layout of one PE, which exports its function f. '//# NAME.csl' begins
a further file of the case. Comments '//! TEXT' say the lines that cslc is to print, without echoed sources. Line
numbers count from the line behind '//---'. --write puts what is found into the file.
"""
import os
import re
import subprocess
import sys

LAYOUT = """layout {
  @set_rectangle(1, 1);
  @set_tile_code(0, 0, "pe.csl", .{});
  @export_name("f", fn()void);
  @export_name("v", [*]u16, true);
}
"""
TAIL = "\ncomptime { @export_symbol(f); }\n"


def write_case(text, folder):
    parts = re.split(r"^//# (\S+)\n", text, flags=re.MULTILINE)
    main = "layout.csl" if re.search(r"^layout\b", parts[0], re.MULTILINE) else "pe.csl"
    files = dict(zip(parts[1::2], parts[2::2]))
    files[main] = parts[0]
    if main == "pe.csl":
        files["layout.csl"] = LAYOUT
        if re.search(r"^(export )?fn f\(", parts[0], re.MULTILINE) and "@export_symbol(f" not in parts[0]:
            files["pe.csl"] += TAIL
    os.makedirs(folder, exist_ok=True)
    for name, source in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(source)


def run_case(words, text, folder):
    write_case(text, folder)
    arch = "wse3" if "wse3" in words else "wse2"
    options = [word for word in words if word.startswith("-")]
    done = subprocess.run(["cslc", "--arch=" + arch, "layout.csl", "-o", "out", *options], cwd=folder,
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    found = []
    for line in done.stderr.splitlines():
        if re.fullmatch(r"\s*\^~*", line):  # the mark below an echoed source line
            found.pop()
        else:
            found.append(line)
    return done.returncode, found


def main(path, folder, write):
    with open(path, encoding="utf-8") as source:
        head, *rest = re.split(r"^//--- (.+)\n", source.read(), flags=re.MULTILINE)
    failures = 0
    result = [head]
    for title, text in zip(rest[::2], rest[1::2]):
        words = title.split()
        code, found = run_case(words[1:], text, os.path.join(os.path.abspath(folder), words[0]))
        wanted = re.findall(r"^//! (.*)\n", text, flags=re.MULTILINE)
        if code != 1:
            print(f"{path}: case '{words[0]}': cslc exits with {code}, not with 1")
            failures += 1
        if found != wanted:
            failures += 1
            if not write:
                print(f"{path}: case '{words[0]}':")
                print("\n".join([f"  expected: {line}" for line in wanted] + [f"  found:    {line}" for line in found]))
        if write:
            text = re.sub(r"^//! .*\n", "", text, flags=re.MULTILINE).rstrip("\n") + "\n"
            text += "".join(f"//! {line}\n" for line in found)
        result.append(f"//--- {title}\n{text}")
    if write:
        with open(path, "w", encoding="utf-8") as out:
            out.write("".join(result))
    if not rest:
        sys.exit(f"{path}: no cases")
    sys.exit(failures != 0 and not write)


main(sys.argv[1], sys.argv[2], "--write" in sys.argv[3:])
