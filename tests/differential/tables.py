"""Random tables as people have them, with random options: seeded, so that a number is enough to see one again."""
from dataclasses import dataclass, field

import numpy as np
import pandas as pd


@dataclass
class Case:
    """A table, what is predicted of it, and how."""

    seed: int
    frame: pd.DataFrame
    numbers: list[str]
    categories: list[str]
    task: str
    weights: bool = False
    l2: float | None = None
    scale: str = "standard"
    encode: str = "one-hot"
    impute: str = "median"
    indicators: bool = False
    intercept: bool = True
    balanced: bool = False
    solver: str = "auto"
    flags: list[str] = field(default_factory=list)

    @property
    def penalty(self) -> float:
        """The l2 that the fit has."""
        return self.l2 if self.l2 is not None else (0.0 if self.task == "regression" else 1.0)


def case(seed: int) -> Case:
    """The case of a seed."""
    random = np.random.default_rng(seed)
    is_wide = random.random() < 0.08
    n_rows = int(np.exp(random.uniform(np.log(20), np.log(60 if is_wide else 1500))))
    n_numbers = int(random.integers(20, 120) if is_wide else random.integers(1, 9))
    columns, numbers, categories = {}, [], []
    score = np.zeros(n_rows)
    for at in range(n_numbers):
        name = f"x{at}"
        values = number(random, n_rows)
        if at > 1 and random.random() < 0.04:
            # A column that is written down twice, or the sum of two.
            values = columns["x0"] + (columns["x1"] if random.random() < 0.5 else 0.0)
        spread = values.std()
        if spread > 0:
            score += random.normal() * (values - values.mean()) / spread
        columns[name] = values
        numbers.append(name)
    for at in range(int(random.integers(0, 4))):
        name = f"c{at}"
        n_levels = int(random.integers(2, 8))
        shares = random.dirichlet(np.ones(n_levels) * 2)
        codes = random.choice(n_levels, n_rows, p=shares)
        score += random.normal(size=n_levels)[codes]
        columns[name] = np.array([f"level {chr(97 + level)}" for level in range(n_levels)], dtype=object)[codes]
        categories.append(name)
    task = random.choice(["regression", "two classes", "classes"], p=[0.35, 0.4, 0.25])
    noise = np.exp(random.uniform(np.log(0.05), np.log(5.0)))
    score = score / max(score.std(), 1e-9) + noise * random.normal(size=n_rows)
    columns["y"] = target(random, score, task)
    result = Case(seed, pd.DataFrame(columns), numbers, categories, str(task))
    options(random, result)
    missing(random, result)
    return result


def number(random: np.random.Generator, n_rows: int) -> np.ndarray:
    """A column of numbers on a scale that people measure on."""
    kind = random.integers(0, 7)
    values = random.normal(size=n_rows)
    if kind == 0:
        values = random.lognormal(sigma=1.0, size=n_rows)
    elif kind == 1:
        values = random.integers(0, 10, n_rows).astype(float)
    elif kind == 2:
        values = (random.random(n_rows) < random.uniform(0.1, 0.9)).astype(float)
    elif kind == 3:
        values = 1.7e9 + np.round(random.uniform(0, 1e7, n_rows))
    elif kind == 4:
        values = values * 10.0 ** random.integers(-6, 7)
    elif kind == 5:
        values = values + 10.0 ** random.integers(0, 5)
    return np.array([float(f"{value:.6g}") if abs(value) < 1e9 else value for value in values])


def target(random: np.random.Generator, score: np.ndarray, task: str) -> np.ndarray:
    """What is predicted, of a score."""
    if task == "regression":
        values = score * 10.0 ** random.integers(-3, 5) + random.choice([0.0, 0.0, 100.0, 1e5])
        return np.array([float(f"{value:.8g}") for value in values])
    n_classes = 2 if task == "two classes" else int(random.integers(3, 6))
    shares = np.cumsum(random.dirichlet(np.ones(n_classes) * 3))[:-1]
    codes = np.searchsorted(np.quantile(score, shares), score)
    # Every class has a few rows.
    codes[: 2 * n_classes] = np.arange(2 * n_classes) % n_classes
    return np.array([f"class {chr(112 + code)}" for code in range(n_classes)], dtype=object)[codes]


def options(random: np.random.Generator, case: Case) -> None:
    """Options of the fit, most of them by default."""
    case.l2 = random.choice(np.array([None, 0.0, 1e-6, 1e-3, 0.1, 1.0, 10.0, 1e3], dtype=object),
                            p=[0.3, 0.2, 0.08, 0.08, 0.1, 0.08, 0.08, 0.08])
    case.scale = str(random.choice(["standard", "minmax", "robust", "none"], p=[0.7, 0.1, 0.1, 0.1]))
    case.encode = str(random.choice(["one-hot", "drop-first", "ordinal"], p=[0.6, 0.25, 0.15]))
    case.impute = str(random.choice(["median", "mean", "most-frequent", "0.5"], p=[0.6, 0.2, 0.1, 0.1]))
    case.intercept = bool(random.random() < 0.9)
    case.indicators = bool(random.random() < 0.2)
    case.balanced = bool(case.task != "regression" and random.random() < 0.15)
    case.solver = str(random.choice(["auto", "newton", "lbfgs"], p=[0.6, 0.2, 0.2]))
    if random.random() < 0.25:
        whole = random.random() < 0.5
        weights = random.integers(1, 4, len(case.frame)) if whole else random.uniform(0.2, 3.0, len(case.frame)).round(3)
        case.frame["w"] = weights.astype(float)
        case.weights = True
        if not whole:
            # scikit-learn's imputers and quantiles know of no weights: rows of whole ones are repeated for them.
            case.impute = "0.5"
            case.scale = "standard" if case.scale == "robust" else case.scale


def missing(random: np.random.Generator, case: Case) -> None:
    """Takes some values away."""
    if random.random() < 0.6:
        return
    for name in case.numbers + case.categories:
        if random.random() < 0.4:
            gone = random.random(len(case.frame)) < random.uniform(0.01, 0.2)
            if case.frame.loc[~gone, name].nunique() > 1:
                case.frame.loc[gone, name] = np.nan
