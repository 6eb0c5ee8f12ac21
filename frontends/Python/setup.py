# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Puts the simulator of the build tree, where there is one, beside the package; all else is in pyproject.toml."""
import os
import shutil

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py
from setuptools.dist import Distribution

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = os.environ.get("SPADA_SIM_LIBRARY") or os.path.join(HERE, "..", "..", "build", "lib", "libspada-sim.so")


class BuildWithLibrary(build_py):
    def run(self):
        super().run()
        if os.path.exists(LIBRARY):
            target = os.path.join(self.build_lib, "spada")
            self.mkpath(target)
            shutil.copy2(LIBRARY, os.path.join(target, "libspada-sim.so"))


class PlatformDistribution(Distribution):
    """With the library inside, the wheel is for this platform only."""

    def has_ext_modules(self):
        return os.path.exists(LIBRARY)


setup(packages=find_packages(include=["spada*", "cerebras*"]), cmdclass={"build_py": BuildWithLibrary},
      distclass=PlatformDistribution)
