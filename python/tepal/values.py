"""Single values: what is missing, and what a label is."""

import math

import numpy as np

from .errors import NotCarried


def is_missing(value):
    """Whether a cell is missing: None, NaN, pandas.NA or NaT."""
    if value is None:
        return True
    if isinstance(value, (str, bytes, bool, np.bool_)):
        return False
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return True  # pandas.NA has no truth value


def is_nan(value):
    return isinstance(value, (float, np.floating)) and math.isnan(value)


def plain(value):
    """A NumPy scalar as the Python value equal to it."""
    return value.item() if isinstance(value, np.generic) else value


def label(value, step):
    """A category or class as JSON writes it: a text, a number or a boolean."""
    value = plain(value)
    if isinstance(value, str):
        # A subclass of str becomes a str.
        return str(value)
    if isinstance(value, int) and abs(value) > 2**53:
        raise NotCarried(step, f"the label {value}, which is no number of 64 bits: use texts")
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise NotCarried(step, f"{value!r} is neither a text nor a finite number nor a boolean")


def labels(values, step):
    """Several labels, all of one kind."""
    found = [label(value, step) for value in values]
    kinds = {kind_of(value) for value in found}
    if len(kinds) > 1:
        raise NotCarried(step, f"labels of several kinds ({', '.join(sorted(kinds))})")
    if len(set(found)) < len(found):
        raise NotCarried(step, "the same label twice")
    return found


def kind_of(value):
    if isinstance(value, str):
        return "text"
    return "boolean" if isinstance(value, bool) else "number"


def number(value, step):
    """A finite number as a float."""
    try:
        value = float(value)
    except (TypeError, ValueError):
        raise NotCarried(step, f"{value!r} is not a number") from None
    if not math.isfinite(value):
        raise NotCarried(step, "a number that is not finite")
    return value
