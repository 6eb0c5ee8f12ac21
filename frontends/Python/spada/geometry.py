# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Points and rectangles of the grid; importable as `cerebras.geometry.geometry`."""
import dataclasses


@dataclasses.dataclass(frozen=True, order=True)
class IntVector:
    """A point, or a distance; x grows to the east, y to the south."""
    x: int
    y: int

    def __add__(self, other):
        return IntVector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return IntVector(self.x - other.x, self.y - other.y)

    def __iter__(self):
        return iter((self.x, self.y))


@dataclasses.dataclass(frozen=True)
class IntRectangle:
    """The points from `upper_left` up to, and without, the column and row of `lower_right`."""
    upper_left: IntVector
    lower_right: IntVector

    @property
    def width(self):
        return self.lower_right.x - self.upper_left.x

    @property
    def height(self):
        return self.lower_right.y - self.upper_left.y

    def __contains__(self, point):
        return (self.upper_left.x <= point.x < self.lower_right.x and
                self.upper_left.y <= point.y < self.lower_right.y)
