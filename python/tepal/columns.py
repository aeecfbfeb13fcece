"""What a prepared column is, as a function of one feature of the table.

A pipeline turns the columns of a table into columns of numbers. Every one of these is one of six things:

Raw       a feature as it stands in the table; it is not yet known whether it is a number or a category
Number    a rising function of a number
Table     a function of a category: one value for each, one for unseen categories, one for missing cells
Flag      one value where the feature is there, another where it is missing
Constant  the same value in every row
Computed  a number that a graph computes, of any features
"""

import math
from dataclasses import dataclass, replace
from typing import Optional

import numpy as np

NOTHING = object()


@dataclass(frozen=True)
class Standard:
    """(x - center) / scale"""

    center: float
    scale: float

    def __call__(self, x):
        return (x - self.center) / self.scale

    def after(self, center, scale):
        """Center and scale of (x - center) / scale followed by this."""
        return center + self.center * scale, scale * self.scale


@dataclass(frozen=True)
class Affine:
    """x * factor + offset"""

    factor: float
    offset: float

    def __call__(self, x):
        return x * self.factor + self.offset

    def after(self, center, scale):
        return center - self.offset * scale / self.factor, scale / self.factor


@dataclass(frozen=True)
class Raw:
    feature: int
    fill: object = NOTHING


@dataclass(frozen=True)
class Number:
    feature: int
    operations: tuple = ()
    # What missing cells have become by now; None where they are still missing.
    fill: Optional[float] = None
    # The value of the feature that stands for missing cells, where it is known.
    raw_fill: Optional[float] = None

    def then(self, operation):
        fill = None if self.fill is None else float(operation(self.fill))
        return replace(self, operations=self.operations + (operation,), fill=fill)

    def __call__(self, x):
        for operation in self.operations:
            x = operation(x)
        return x

    def center_and_scale(self):
        center, scale = 0.0, 1.0
        for operation in self.operations:
            center, scale = operation.after(center, scale)
        return center, scale


@dataclass(frozen=True)
class Table:
    feature: int
    values: tuple
    # None where such cells are refused; NaN where they are still missing.
    unseen: Optional[float]
    missing: Optional[float]
    # ("category", index) or ("value",) as long as the table is no more than that, scaled.
    base: Optional[tuple] = None
    center: float = 0.0
    scale: float = 1.0
    # The category that missing cells were given by an imputer.
    filled_with: Optional[int] = None

    def then(self, operation):
        center, scale = operation.after(self.center, self.scale)
        return replace(self.mapped(operation), base=self.base, center=center, scale=scale)

    def mapped(self, function):
        def one(value):
            return None if value is None else float(function(value))

        values = tuple(one(value) for value in self.values)
        return replace(self, values=values, unseen=one(self.unseen), missing=one(self.missing), base=None)


@dataclass(frozen=True)
class Flag:
    feature: int
    present: float = 0.0
    missing: float = 1.0
    center: float = 0.0
    scale: float = 1.0

    def then(self, operation):
        center, scale = operation.after(self.center, self.scale)
        return replace(self, present=float(operation(self.present)), missing=float(operation(self.missing)),
                       center=center, scale=scale)


@dataclass(frozen=True)
class Constant:
    value: float

    def then(self, operation):
        return Constant(float(operation(self.value)))


@dataclass(frozen=True)
class Computed:
    vector: int
    place: int


def with_fill(value, fill):
    """A value of a table after an imputer."""
    return fill if value is not None and math.isnan(value) else value


def without_zero(value):
    """A value of a sparse table, in which zeros are missing."""
    return math.nan if value == 0 else value


def round_to_f32(x):
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(x, dtype=np.float64).astype(np.float32).astype(np.float64)
