"""3D transforms against numpy's, in both directions and all three norms."""
import json
import sys

import numpy as np

from cerebras.sdk import sdk_utils
from cerebras.sdk.runtime.sdkruntimepybind import (MemcpyDataType, MemcpyOrder,
                                                   SdkRuntime)

name = sys.argv[1]
with open(f"{name}/out.json", encoding="utf-8") as file:
  params = {key: int(value) for key, value in
            json.load(file)["params"].items()}
n, width, half = params["N"], params["width"], params["half"]
t = n // width
dtype = np.float16 if half else np.float32
size = 2 * t * t * n
options = {"streaming": False, "order": MemcpyOrder.ROW_MAJOR,
           "nonblock": False}
kind = (MemcpyDataType.MEMCPY_16BIT if half else MemcpyDataType.MEMCPY_32BIT)
runner = SdkRuntime(name)
runner.load()
runner.run()
ids = {key: runner.get_id(key) for key in ("X", "twiddle_array", "fft_time")}
words = np.zeros(n, np.uint32)
angles = np.pi * np.arange(n // 2) / (n // 2)
sdk_utils.memcpy_view(words, np.dtype(dtype))[0::2] = np.cos(angles)
sdk_utils.memcpy_view(words, np.dtype(dtype))[1::2] = np.sin(angles)
runner.memcpy_h2d(ids["twiddle_array"], np.tile(words, width * width), 0, 0,
                  width, width, n, data_type=kind, **options)
rng = np.random.default_rng(7)
failures = 0
cases = [("csfftExecC2C", norm, inverse) for norm in range(3)
         for inverse in (0, 1)] + [("csfftExecR2C", 0, 0),
                                   ("csfftExecC2R", 0, 1)]
for function, norm, inverse in cases:
  data = rng.random((n, n, n)) + 1j * rng.random((n, n, n))  # y, x, z
  if function == "csfftExecR2C":
    data = data.real + 0j
  # PE (c, r) has (z, y % t, x % t), complex numbers as pairs.
  parts = data.reshape(width, t, width, t, n).transpose(0, 2, 4, 1, 3)
  pairs = np.stack([parts.real, parts.imag], -1).astype(dtype)
  words = np.zeros(pairs.size, np.uint32)
  sdk_utils.memcpy_view(words, np.dtype(dtype))[:] = pairs.ravel()
  runner.memcpy_h2d(ids["X"], words, 0, 0, width, width, size, data_type=kind,
                    **options)
  args = [np.int16(norm)] + ([np.int16(inverse)] if "C2C" in function else [])
  runner.launch(function, *args, nonblock=False)
  got = np.zeros(pairs.size, np.uint32)
  runner.memcpy_d2h(got, ids["X"], 0, 0, width, width, size, data_type=kind,
                    **options)
  got = sdk_utils.memcpy_view(got, np.dtype(dtype)).astype(np.float64)
  got = got.reshape(pairs.shape)
  got = (got[..., 0] + 1j * got[..., 1]).transpose(0, 3, 1, 4, 2)
  got = got.reshape(n, n, n)
  transform = np.fft.ifftn if inverse else np.fft.fftn
  want = transform(data, norm=("backward", "ortho", "forward")[norm])
  error = np.abs(got - want).max() / np.abs(want).max()
  limit = 5e-3 if half else 1e-6
  if not error < limit:
    print(f"{function} norm {norm} inverse {inverse}: error {error}")
    failures += 1
  time = np.zeros(2 * width * width, np.uint32)
  runner.memcpy_d2h(time, ids["fft_time"], 0, 0, width, width, 2,
                    data_type=MemcpyDataType.MEMCPY_32BIT, **options)
  if not (time[0::2].all() and (time[1::2] == 0).all()):
    print("fft_time:", time)
    failures += 1
runner.stop()
sys.exit(failures != 0)
