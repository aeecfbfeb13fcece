"""What a fitted estimator becomes, before it is written."""

from dataclasses import dataclass, field
from typing import Optional


@dataclass
class Fitted:
    """An estimator in terms of the columns that it gets."""

    kind: str  # "linear", "trees" or "graph"
    link: str
    classes: Optional[list] = None
    slope: Optional[float] = None
    # Linear: a list of coefficients for each score, and an intercept for each.
    coefficients: Optional[list] = None
    intercepts: Optional[list] = None
    # Trees.
    combine: str = "sum"
    inputs: str = "f64"
    sums: str = "f64"
    base: Optional[list] = None
    trees: Optional[list] = None
    takes_missing: bool = False
    # Graph: the vector of the scores.
    vector: Optional[int] = None
    # Where the estimator changes its columns first: the columns that the coefficients and trees mean.
    columns: Optional[list] = None


@dataclass
class Compiled:
    """Columns and an estimator as the document has them, and what is known of the features."""

    columns: list
    estimator: dict
    missing: dict = field(default_factory=dict)  # feature -> "refuse", "pass" or {"impute": value}
    unseen: dict = field(default_factory=dict)  # feature of categories -> bool
