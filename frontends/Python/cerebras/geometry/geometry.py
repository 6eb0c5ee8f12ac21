# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Points and rectangles of the grid."""
from spada.geometry import IntRectangle, IntVector

__all__ = ["IntRectangle", "IntVector"]
