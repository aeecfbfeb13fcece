"""Writes fitted scikit-learn models as files that tepal imports exactly, and predicts with tepal models."""

from .cli import load
from .errors import NotCarried
from .export import Summary, export

__all__ = ["NotCarried", "Summary", "export", "load"]
