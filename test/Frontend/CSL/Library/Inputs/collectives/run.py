"""Random lists of collectives, with PEs that come late, against numpy."""
import json
import sys

import numpy as np

from cerebras.sdk.runtime.sdkruntimepybind import (MemcpyDataType, MemcpyOrder,
                                                   SdkRuntime)

MOST, ROOM = 16, 24
BROADCAST, SCATTER, GATHER, REDUCE = range(4)
name, seed, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with open(f"{name}/out.json", encoding="utf-8") as file:
  params = json.load(file)["params"]
width, height = int(params["width"]), int(params["height"])
rng = np.random.default_rng(seed)
options = {"streaming": False, "data_type": MemcpyDataType.MEMCPY_32BIT,
           "order": MemcpyOrder.ROW_MAJOR, "nonblock": False}
runner = SdkRuntime(name)
symbols = {key: runner.get_id(key) for key in ("calls", "source", "results")}
runner.load()
runner.run()


def reduce_in_order(rows, root):
  """The root's values plus the chains from both ends of the line."""
  total = rows[root].copy()
  for side in (rows[:root:-1], rows[:root]):
    if len(side):
      chain = side[0].copy()
      for row in side[1:]:
        chain = row + chain
      total = total + chain
  return total


def expected(kind, root, count, line):
  """What each PE of a line has in its results, and which words count."""
  pes = len(line)
  out = np.zeros((pes, ROOM), np.uint32)
  if kind == BROADCAST:
    out[:, :count] = line[root, :count]
  elif kind == SCATTER:
    for pe in range(pes):
      out[pe, :count] = line[root, pe * count:(pe + 1) * count]
  elif kind == GATHER:
    out[root, :pes * count] = line[:, :count].ravel()
  else:
    rows = line[:, :count].copy().view(np.float32)
    out[root, :count] = reduce_in_order(rows, root).view(np.uint32)
  return out


failures = 0
for turn in range(rounds):
  function = ("run_x", "run_y", "run_both")[turn % 3]
  shortest = {"run_x": width, "run_y": height,
              "run_both": min(width, height)}[function]
  longest = {"run_x": width, "run_y": height,
             "run_both": max(width, height)}[function]
  calls = []
  for _ in range(MOST):
    kind = int(rng.integers(4))
    limit = ROOM if kind in (BROADCAST, REDUCE) else ROOM // longest
    count = int(rng.integers(0 if rng.random() < 0.1 else 1, limit + 1))
    calls.append((kind, int(rng.integers(shortest)), count))
  table = np.zeros((height, width, MOST, 4), np.uint32)
  table[..., :3] = calls
  table[..., 3] = rng.integers(0, 200, (height, width, MOST)) * (
      rng.random((height, width, MOST)) < 0.3)
  # Small integers as floats, and different ones everywhere.
  source = rng.integers(-1000, 1000, (height, width, ROOM)).astype(np.float32)
  source += rng.random((height, width, ROOM)).astype(np.float32)
  source = source.view(np.uint32)
  results = np.zeros((height, width, 2 * MOST * ROOM), np.uint32)
  for key, array in (("calls", table), ("source", source),
                     ("results", results)):
    runner.memcpy_h2d(symbols[key], array.ravel(), 0, 0, width, height,
                      array.size // (width * height), **options)
  runner.launch(function, np.int16(MOST), nonblock=False)
  got = np.zeros(results.size, np.uint32)
  runner.memcpy_d2h(got, symbols["results"], 0, 0, width, height,
                    2 * MOST * ROOM, **options)
  got = got.reshape(height, width, 2, MOST, ROOM)
  want = np.zeros_like(got)
  for at, (kind, root, count) in enumerate(calls):
    if function != "run_y":
      for y in range(height):
        want[y, :, 0, at] = expected(kind, root, count, source[y])
    if function != "run_x":
      for x in range(width):
        want[:, x, 1, at] = expected(kind, root, count, source[:, x])
  if not np.array_equal(got, want):
    y, x, axis, at = (int(i[0]) for i in np.nonzero((got != want).any(-1)))
    print(f"turn {turn} {function}, PE ({x}, {y}), axis {axis}, call {at} "
          f"{calls[at]}: expected\n{want[y, x, axis, at]}, got\n"
          f"{got[y, x, axis, at]}")
    failures += 1
runner.stop()
sys.exit(failures != 0)
