"""Launches, and leaves sim.log."""
import sys

from cerebras.sdk.runtime.sdkruntimepybind import SdkRuntime

runner = SdkRuntime(sys.argv[1])
runner.load()
runner.run()
runner.launch("run", nonblock=False)
runner.stop()
