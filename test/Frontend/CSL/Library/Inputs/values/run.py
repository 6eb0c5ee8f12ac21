"""Values that the small libraries give, against numpy's or written out."""
import sys

import numpy as np

from cerebras.sdk.debug.debug_util import debug_util
from cerebras.sdk.runtime.sdkruntimepybind import (MemcpyDataType, MemcpyOrder,
                                                   SdkRuntime)

name = sys.argv[1]
only = sys.argv[2:]
runner = SdkRuntime(name)
symbol = runner.get_id("results")
runner.load()
runner.run()
failures = 0


def launch(function, count=32):
  runner.launch(function, nonblock=False)
  words = np.zeros(32, np.uint32)
  runner.memcpy_d2h(words, symbol, 0, 0, 1, 1, 32, streaming=False,
                    data_type=MemcpyDataType.MEMCPY_32BIT,
                    order=MemcpyOrder.ROW_MAJOR, nonblock=False)
  return words[:count]


def check(function, expected):
  global failures
  if only and function not in only:
    return
  words = launch(function)
  for i in range(32):
    want = expected[i] if i < len(expected) else 0
    got = int(words[i])
    if want != got and not (isinstance(want, tuple) and want[0] <= got <= want[1]):
      print(f"{function}[{i}]: expected {want}, got {got} = 0x{got:x}")
      failures += 1


def f32(x, slack=0):
  bits = int(np.float32(x).view(np.uint32))
  return (bits - slack, bits + slack) if slack else bits


def f16(x, slack=0):
  bits = int(np.float16(x).view(np.uint16))
  return (bits - slack, bits + slack) if slack else bits


check("test_control", [
    40 << 16, 1 << 22 | 40 << 16 | 0x1234, 6 << 22 | 40 << 16 | 7, 0x9df9249,
    5 << 22 | 0 << 25 | 3 << 28 | 1 | 40 << 16,
    4 << 22 | 4 << 25 | 0x9249 | 31 << 16,
    5 << 22 | 5 << 25 | 0x9249 | 31 << 16, 0x9df9249])
two, x = np.float32(2), np.float32(-3.5)
check("test_math_f32", [
    f32(np.sqrt(two)), f32(np.sqrt(two)), f32(0.5), f32(2.0**-0.5, 1),
    f32(np.exp(2.0), 1), f32(np.log(2.0), 1), f32(np.sin(2.0), 1),
    f32(np.cos(2.0), 1), f32(np.tanh(2.0), 1), f32(2.0**-3.5, 1), f32(3.5),
    f32(-1), f32(-4), f32(-3), f32(2), f32(-3.5), f32(-3.5 / 8), f32(-1.75),
    f32(np.float32(1e-40) * 2.0**133), f32(-np.inf), f32(np.pi),
    1, 0, 1, 0, 0, 1, 0, 1, 0])
check("test_math_f16", [
    f16(np.sqrt(np.float16(5))), f16(0.2), f16(np.exp(5.0), 1), f16(5), f16(2),
    f16(1.25), f16(np.inf), 1, 1])
check("test_math_int", [7, 0xffff, 9, 4, 1, 0xdead, 0xbeef])
check("test_random", [1, 50, 1])
check("test_types", [1, 0, 1, 0, 1, 0, 1, 4, 64, 1])
check("test_malloc", [1, 0, 1, 0, 6, f32(1), 0, 1])
check("test_dsd_ops", sum(
    ([f32(a), f32(b), f16(-a)] for a, b in
     [(2, 2), (2.5, 2), (-13, 2), (36, 16)]), []))
check("test_tile_config", [
    0x7f29, 0x7f49, 0x91, 0x1 << 4 | 8 | 4 << 5 | 2 << 5,
    0x2000 | 0x1 << 4 | 8 | 6 << 5, 0x7000 | 3 << 8 | 5 << 4 | 12,
    0x1000 | 3 << 8 | 5 << 4 | 12, 0x1555, 1 << 6, 1, 0, 0, 0])
check("test_time", [1, 1, 0, 1])
check("test_debug", [])
runner.stop()

if not only or "test_debug" in only:
  trace = debug_util(name).read_trace(4, 1, "t")
  want = [True, 200, -3, "abc", 2.0, -2, 5.0, -7, 0x12345678, ""]
  if list(trace[:-1]) != want or not 0 < trace[-1] < 1 << 48:
    print("trace: expected", want, "and a time stamp, got", trace)
    failures += 1
sys.exit(failures != 0)
