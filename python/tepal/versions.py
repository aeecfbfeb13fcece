"""The version of scikit-learn that runs."""

import sys


def sklearn_version():
    return sys.modules["sklearn"].__version__


def version():
    return tuple(int(part) for part in sklearn_version().split(".")[:2])
