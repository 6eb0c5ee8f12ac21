"""Total of all bumps, when it has come to the threshold."""
import json
import sys

import numpy as np

from cerebras.sdk.runtime.sdkruntimepybind import (MemcpyDataType, MemcpyOrder,
                                                   SdkRuntime)

name, times = sys.argv[1], int(sys.argv[2])
with open(f"{name}/out.json", encoding="utf-8") as file:
  params = json.load(file)["params"]
width, height = int(params["width"]), int(params["height"])
threshold = int(params["threshold"])
options = {"data_type": MemcpyDataType.MEMCPY_32BIT,
           "order": MemcpyOrder.ROW_MAJOR, "nonblock": False}
runner = SdkRuntime(name)
runner.load()
runner.run()
bumps = np.random.default_rng(5).integers(
    1, 9, (height, width, 3)).astype(np.uint32)
bumps[..., 2] = times
all_bumps = int((bumps[..., 0] + bumps[..., 1]).sum()) * times
runner.memcpy_h2d(runner.get_id("bumps"), bumps.ravel(), 0, 0, width, height, 3,
                  streaming=False, **options)
runner.launch("run", nonblock=False)
total = np.zeros(1, np.uint32)
runner.memcpy_d2h(total, 10, width - 1, 0, 1, 1, 1, streaming=True, **options)
runner.stop()
print("total", total[0], "of", all_bumps, "threshold", threshold)
ok = threshold <= total[0] <= all_bumps
if threshold == all_bumps:
  ok = ok and total[0] == all_bumps
sys.exit(not ok)
