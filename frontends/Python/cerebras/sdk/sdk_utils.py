# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Helpers around 16-bit data and time stamps."""
from spada.utils import calculate_cycles, input_array_to_u32, memcpy_view

__all__ = ["calculate_cycles", "input_array_to_u32", "memcpy_view"]
