# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Reads the memory of a program that has ended."""
from spada.debug import debug_util

__all__ = ["debug_util"]
