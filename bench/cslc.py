#!/usr/bin/python3
# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Time, memory and number of programs of compiling CSL for many PEs. Nothing is simulated.
"""Measure cslc on layouts in which PEs differ in nothing, in a number, or in what their code needs.

  same    every PE has the same params
  id      every PE has a number of its own, used when the program runs
  sides   the left column's code differs, decided by a compile-time condition on a param

Exit code 2 if 200 x 200 PEs with ids take 2 s or more, or 750 x 994 equal PEs 5 s or 2 GB.
"""
import argparse
import os
import subprocess
import sys
import tempfile

from common import best, table, tool

LAYOUT = """
param width: u16;
param height: u16;
param kind: u16;
const memcpy = @import_module("<memcpy/get_params>", .{ .width = width, .height = height });
const c: color = @get_color(1);
layout {
  @set_rectangle(width, height);
  for (@range(u16, height)) |y| {
    for (@range(u16, width)) |x| {
      @set_tile_code(x, y, "pe.csl", .{
        .memcpy_params = memcpy.get_params(x),
        .id = if (kind == 1) @as(u32, y) * @as(u32, width) + @as(u32, x) else 0,
        .is_left = kind == 2 and x == 0,
      });
      if (x == 0) {
        @set_color_config(x, y, c, .{ .routes = .{ .rx = .{ RAMP }, .tx = .{ EAST } } });
      } else if (x == width - 1) {
        @set_color_config(x, y, c, .{ .routes = .{ .rx = .{ WEST }, .tx = .{ RAMP } } });
      } else {
        @set_color_config(x, y, c, .{ .routes = .{ .rx = .{ WEST }, .tx = .{ EAST, RAMP } } });
      }
    }
  }
  @export_name("a", [*]u32, true);
  @export_name("main", fn()void);
}
"""

PROGRAM = """
param memcpy_params: comptime_struct;
param id: u32;
param is_left: bool;
const sys_mod = @import_module("<memcpy/memcpy>", memcpy_params);
var a = @zeros([4]u32);
var a_ptr: [*]u32 = &a;
fn main() void {
  a[0] = id;
  if (is_left) {
    a[1] = 7;
  }
  sys_mod.unblock_cmd_stream();
}
comptime {
  @export_symbol(a_ptr, "a");
  @export_symbol(main);
}
"""

KINDS = ["same", "id", "sides"]
SIZES = [(200, 200), (750, 994)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3, help="the fastest run counts (default 3)")
    options = parser.parse_args()
    cslc = tool("cslc")
    rows, exceeded = [], False
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("layout.csl", LAYOUT), ("pe.csl", PROGRAM)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        for width, height in SIZES:
            for number, kind in enumerate(KINDS):
                command = [cslc, os.path.join(folder, "layout.csl"), "--arch=wse2", "--fabric-dims=757,996",
                           "--fabric-offsets=4,1", f"--params=width:{width},height:{height},kind:{number}"]
                seconds, megabytes, _ = best(command + ["-o", os.path.join(folder, "out")], options.repeat)
                text = subprocess.run(command + ["--emit-mlir"], capture_output=True, text=True, check=True).stdout
                programs = sum(line.startswith("  csl.program ") for line in text.splitlines())
                if (width, kind) == (200, "id"):
                    exceeded |= seconds >= 2.0
                if (width, kind) == (750, "same"):
                    exceeded |= seconds >= 5.0 or megabytes >= 2000.0
                rows.append([kind, f"{width}x{height}", programs, f"{seconds:.2f}", f"{megabytes:.0f}"])
    table(["params", "PEs", "programs", "seconds", "peak MB"], rows)
    return 2 if exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
