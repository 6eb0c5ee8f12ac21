"""(2 - 3.5i) and (2 + 2i): sum, difference and product."""
import sys

import numpy as np

from cerebras.sdk.runtime.sdkruntimepybind import (MemcpyDataType, MemcpyOrder,
                                                   SdkRuntime)

runner = SdkRuntime(sys.argv[1])
runner.load()
runner.run()
runner.launch("run", nonblock=False)
parts = np.zeros(6, np.float32)
runner.memcpy_d2h(parts, runner.get_id("parts"), 0, 0, 1, 1, 6, streaming=False,
                  data_type=MemcpyDataType.MEMCPY_32BIT,
                  order=MemcpyOrder.ROW_MAJOR, nonblock=False)
runner.stop()
np.testing.assert_array_equal(parts, [4, -1.5, 0, -5.5, 11, -3])
