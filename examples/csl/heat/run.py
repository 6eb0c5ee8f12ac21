"""Runs the rod on the simulator and compares it with numpy, bit for bit."""

import argparse
import json

import numpy as np
from cerebras.sdk.runtime.sdkruntimepybind import MemcpyDataType, MemcpyOrder, SdkRuntime

parser = argparse.ArgumentParser()
parser.add_argument("--name", required=True, help="folder that cslc wrote")
parser.add_argument("--steps", type=int, default=20)
args = parser.parse_args()

with open(f"{args.name}/out.json", encoding="utf-8") as file:
    params = json.load(file)["params"]
width, cells = int(params["width"]), int(params["cells"])
rate = np.float32(0.25)

rod = np.zeros(width * cells, np.float32)
rod[width * cells // 3] = 100.0

runner = SdkRuntime(args.name)
symbol = runner.get_id("u")
runner.load()
runner.run()
mode = dict(streaming=False, order=MemcpyOrder.ROW_MAJOR, data_type=MemcpyDataType.MEMCPY_32BIT, nonblock=False)
framed = np.zeros((width, cells + 2), np.float32)
framed[:, 1:-1] = rod.reshape(width, cells)
runner.memcpy_h2d(symbol, framed.ravel(), 0, 0, width, 1, cells + 2, **mode)
runner.launch("run", np.uint16(args.steps), rate, nonblock=False)
runner.memcpy_d2h(framed.ravel(), symbol, 0, 0, width, 1, cells + 2, **mode)
runner.stop()

for _ in range(args.steps):
    ends = np.concatenate(([np.float32(0)], rod, [np.float32(0)]))
    change = (ends[:-2] + ends[2:]) + rod * np.float32(-2)
    rod = rod + change * rate
np.testing.assert_array_equal(framed[:, 1:-1].ravel(), rod)
print(f"{width} PEs, {width * cells} cells, {args.steps} steps: equal to numpy")
