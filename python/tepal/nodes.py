"""Trees over the columns that an estimator gets."""

import math
from dataclasses import dataclass
from typing import Optional

from .columns import round_to_f32


@dataclass
class Node:
    column: int
    threshold: float
    missing_left: bool
    # Of a split by categories: the codes that go left, and all that are known.
    left_codes: Optional[frozenset] = None
    known_codes: Optional[frozenset] = None


@dataclass
class Tree:
    """nodes: None at leaves."""

    left: list
    right: list
    nodes: list
    value: list
    weight: list


def whole(weights):
    """Weights as whole numbers where they are, which makes shorter files."""
    return [int(weight) if float(weight).is_integer() else float(weight) for weight in weights]


class Sides:
    """Which side of a node a value takes."""

    def __init__(self, inputs):
        self.cast = (lambda z: float(round_to_f32(z))) if inputs == "f32" else float

    def left(self, node, value):
        if math.isnan(value):
            return node.missing_left
        if node.left_codes is None:
            return self.cast(value) <= node.threshold
        if value < 0:
            return node.missing_left
        code = int(value)
        if code in node.left_codes:
            return True
        return False if code in node.known_codes else node.missing_left
