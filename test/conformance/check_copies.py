# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Own check for the folder bandwidth-test: what is copied into symbol `A` of each PE comes back, in both orders.

Usage: cs_python check_copies.py FOLDER, a compile folder whose parameters are width, height and pe_length.
"""
import json
import sys

import numpy as np

from cerebras.sdk.runtime.sdkruntimepybind import MemcpyDataType, MemcpyOrder, SdkRuntime


def main(folder):
    with open(f"{folder}/out.json", encoding="utf-8") as text:
        params = json.load(text)["params"]
    width, height, length = (int(params[name]) for name in ("width", "height", "pe_length"))
    values = np.random.default_rng(1).integers(0, 1 << 32, (height, width, length), dtype=np.uint32)
    word = {"streaming": False, "data_type": MemcpyDataType.MEMCPY_32BIT, "nonblock": False}

    runner = SdkRuntime(folder)
    symbol = runner.get_id("A")
    runner.load()
    runner.run()
    region = (0, 0, width, height, length)
    runner.memcpy_h2d(symbol, values.transpose(2, 1, 0).ravel(), *region, order=MemcpyOrder.COL_MAJOR, **word)
    rows = np.zeros(values.size, np.uint32)
    runner.memcpy_d2h(rows, symbol, *region, order=MemcpyOrder.ROW_MAJOR, **word)
    columns = np.zeros(values.size, np.uint32)
    runner.memcpy_d2h(columns, symbol, *region, order=MemcpyOrder.COL_MAJOR, **word)
    runner.stop()
    np.testing.assert_array_equal(rows.reshape(height, width, length), values)
    np.testing.assert_array_equal(columns.reshape(length, width, height).transpose(2, 1, 0), values)


if __name__ == "__main__":
    main(sys.argv[1])
