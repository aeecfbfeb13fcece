"""Moves a rising function into the thresholds behind it.

`h(x) <= t` holds for all doubles up to some x, and for none above, where h rises. That x is found by bisection over
doubles, so the same rows go left, bit by bit, and the document needs no h.
"""

import numpy as np

LARGEST = float(np.finfo(np.float64).max)


def keys(x):
    """Whole numbers in the order of the doubles."""
    bits = np.asarray(x, dtype=np.float64).view(np.int64)
    return np.where(bits >= 0, bits, np.iinfo(np.int64).min - bits)


def doubles(key):
    key = np.asarray(key, dtype=np.int64)
    bits = np.where(key >= 0, key, np.iinfo(np.int64).min - key)
    return bits.view(np.float64)


def folded(function, thresholds):
    """The largest x with function(x) <= t, for every t."""
    thresholds = np.asarray(thresholds, dtype=np.float64)
    low = np.full(thresholds.shape, keys(-LARGEST), dtype=np.int64)
    high = np.full(thresholds.shape, keys(LARGEST), dtype=np.int64)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        for _ in range(65):
            # Above the middle, so that low = high ends it.
            middle = (low >> 1) + (high >> 1) + ((low | high) & 1)
            left = function(doubles(middle)) <= thresholds
            low = np.where(left, middle, low)
            high = np.where(left, high, np.maximum(middle - 1, low))
    return doubles(low)
