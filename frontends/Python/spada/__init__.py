# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""The host's side of programs for the wafer: runs what `cslc` compiled on the simulator.

The package `cerebras` beside this one has the names that host scripts import.
"""

__version__ = "0.1.0"
