"""Writes the tables of the benchmark: python tables.py <folder>

<name>.bin holds little-endian doubles, column after column: the features, then the target (class codes 0..K-1, or
numbers). tables.json describes them. The files hold the raw numbers; `standardize` says that the fit is on columns
centred and divided by their population deviation, with constant columns dropped.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn import datasets

SEED = 20


def classes(rows, features, n_classes, informative, redundant, **options):
    return datasets.make_classification(
        n_samples=rows, n_features=features, n_classes=n_classes, n_informative=informative, n_redundant=redundant,
        random_state=SEED, **options,
    )  # fmt: skip


def badly_scaled():
    """Columns whose scales go from 1e-3 to 1e4, in no order."""
    design, target = classes(5_000, 20, 3, 10, 5)
    scales = np.random.default_rng(SEED).permutation(np.logspace(-3, 4, 20))
    return design * scales, target


def separable():
    """Two classes with a gap between them: without the penalty there is no optimum."""
    random = np.random.default_rng(SEED)
    direction = random.standard_normal(5)
    direction /= np.linalg.norm(direction)
    design = random.standard_normal((2_000, 5))
    target = (design @ direction > 0).astype(int)
    return design + np.outer(np.where(target == 1, 0.25, -0.25), direction), target


def rare():
    """One row of the second class in 500."""
    random = np.random.default_rng(SEED)
    target = (np.arange(10_000) % 500 == 0).astype(int)
    return random.standard_normal((10_000, 4)) + target[:, None] * np.array([2.0, 1.0, 0.5, 0.0]), target


def shipped():
    """The classification tables that come with scikit-learn, raw and standardized."""
    for name in ["iris", "wine", "breast_cancer", "digits"]:
        design, target = getattr(datasets, f"load_{name}")(return_X_y=True)
        for standardize in [False, True]:
            suffix = "std" if standardize else "raw"
            yield f"{name.replace('_', '-')}-{suffix}", design, target, standardize


def tables():
    """Name, features, target, whether to standardize."""
    yield from shipped()
    yield "diabetes-raw", *datasets.load_diabetes(return_X_y=True, scaled=False), False
    yield "50000x20x2", *classes(50_000, 20, 2, 10, 5), False
    yield "20000x64x10", *classes(20_000, 64, 10, 20, 10), False
    yield "scales-5000x20x3", *badly_scaled(), False
    yield "separable-2000x5x2", *separable(), False
    yield "wide-200x2000x2", *classes(200, 2_000, 2, 20, 10), True
    yield "rare-10000x4x2", *rare(), False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    described = []
    for name, design, target, standardize in tables():
        (folder / f"{name}.bin").write_bytes(np.column_stack([design, target]).astype("<f8").tobytes("F"))
        n_classes = int(target.max()) + 1 if np.issubdtype(target.dtype, np.integer) else 0
        rows, features = design.shape
        described.append(
            {"name": name, "rows": rows, "features": features, "classes": n_classes, "standardize": standardize}
        )
    (folder / "tables.json").write_text(json.dumps(described, indent=2) + "\n")


if __name__ == "__main__":
    main()
