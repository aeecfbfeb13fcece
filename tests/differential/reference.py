"""The optimum of a case, by scikit-learn's preprocessing and a Newton's method of its own."""
import copy
import warnings

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.special import log_softmax
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, OrdinalEncoder, RobustScaler, StandardScaler

from tables import Case

# Of a step of Newton's method in scores, of the objective, and of the last step beside the parameters.
LARGEST_STEP = 1e6
ROUNDING = 1e-13
SETTLED = 1e-13


def design(case: Case) -> np.ndarray:
    """The prepared columns, in the order of the table."""
    weights = case.frame["w"].to_numpy() if case.weights else None
    # Row numbers, each as often as the row counts.
    counted = np.repeat(np.arange(len(case.frame)), weights.astype(int) if weights is not None and not np.any(weights % 1) else 1)
    strategy = {"most-frequent": "most_frequent"}.get(case.impute, case.impute)
    is_constant = strategy not in ("median", "mean", "most_frequent")
    columns = []
    for name in [name for name in case.frame if name in case.numbers + case.categories]:
        raw = case.frame[[name]]
        if name in case.numbers:
            fill = {"strategy": "constant", "fill_value": float(strategy)} if is_constant else {"strategy": strategy}
            filled = SimpleImputer(add_indicator=case.indicators, **fill).fit(raw.iloc[counted]).transform(raw)
        elif case.encode == "ordinal":
            filled = OrdinalEncoder().fit_transform(raw.fillna(heaviest(raw[name], weights)))
        else:
            filled = raw.fillna(heaviest(raw[name], weights)).to_numpy()
            drop = "first" if case.encode == "drop-first" else None
            columns.append(OneHotEncoder(drop=drop, sparse_output=False).fit_transform(filled))
            continue
        scaler = scaler_of(case)
        is_weighted = isinstance(scaler, StandardScaler) and weights is not None
        if is_weighted:
            columns.append(scaler.fit_transform(filled, sample_weight=weights))
        else:
            columns.append(scaler.fit(filled[counted]).transform(filled))
    return np.hstack(columns).astype(float)


def heaviest(column: pd.Series, weights: np.ndarray | None) -> object:
    """The category with the most weight, the first in order on a tie."""
    counts = np.ones(len(column)) if weights is None else weights
    return pd.Series(counts).groupby(column.to_numpy()).sum().idxmax()


def scaler_of(case: Case):
    """Without an intercept the standard scaling divides by the root mean square, and subtracts nothing."""
    if case.scale == "standard" and not case.intercept:
        weights = case.frame["w"] if case.weights else None
        size = lambda columns: np.sqrt(np.average(columns**2, axis=0, weights=weights))
        return FunctionTransformer(lambda columns: columns / np.where(size(columns) > 0, size(columns), 1.0))
    return {"standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler, "none": FunctionTransformer}[case.scale]()


def row_weights(case: Case) -> np.ndarray:
    """How much each row counts in the loss."""
    weights = case.frame["w"].to_numpy() if case.weights else np.ones(len(case.frame))
    if not case.balanced:
        return weights
    labels, codes = np.unique(case.frame["y"], return_inverse=True)
    totals = np.bincount(codes, weights)
    return weights * (weights.sum() / (len(labels) * totals))[codes]


class Objective:
    """The loss summed over rows, and l2/2 times the squares of the coefficients."""

    def __init__(self, case: Case):
        self.columns = design(case)
        ones = np.ones((len(self.columns), 1))
        self.design = np.hstack([self.columns, ones]) if case.intercept else self.columns
        self.weights, self.penalty = row_weights(case), case.penalty
        self.penalized = np.arange(self.design.shape[1]) < self.columns.shape[1]
        if case.task == "regression":
            self.target = case.frame["y"].to_numpy(dtype=float)
            self.labels = None
        else:
            self.labels, self.codes = np.unique(case.frame["y"], return_inverse=True)
            self.one_hot = np.eye(len(self.labels))[self.codes]
        self.is_binary = self.labels is not None and len(self.labels) == 2

    @property
    def n_outputs(self) -> int:
        return 1 if self.labels is None or self.is_binary else len(self.labels)

    def penalties(self) -> np.ndarray:
        return self.penalty * self.penalized

    def scores(self, parameters: np.ndarray) -> np.ndarray:
        scores = self.design @ parameters
        return np.hstack([np.zeros((len(scores), 1)), scores]) if self.is_binary else scores

    def odds(self, parameters: np.ndarray) -> np.ndarray:
        """Of each other class against the true one; 0 for that one itself, so that small losses keep their digits."""
        scores = self.scores(parameters)
        return np.exp(scores - np.take_along_axis(scores, self.codes[:, None], axis=1)) * (1.0 - self.one_hot)

    def value(self, parameters: np.ndarray) -> float:
        penalty = 0.5 * np.sum(self.penalties()[:, None] * parameters**2)
        if self.labels is None:
            loss = 0.5 * self.weights @ (self.target - self.design @ parameters[:, 0]) ** 2
        else:
            odds = self.odds(parameters)
            loss = self.weights @ np.where(np.isfinite(odds.sum(axis=1)), np.log1p(odds.sum(axis=1)), np.inf)
        return float(loss + penalty)

    def derivatives(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        probabilities = np.exp(log_softmax(self.scores(parameters), axis=1))
        odds = self.odds(parameters)
        residuals = np.where(np.isfinite(odds), odds, 0.0) / (1.0 + odds.sum(axis=1))[:, None]
        residuals = self.weights[:, None] * (residuals - self.one_hot * residuals.sum(axis=1)[:, None])
        if self.is_binary:
            residuals, probabilities = residuals[:, 1:], probabilities[:, 1:]
        gradient = self.design.T @ residuals + self.penalties()[:, None] * parameters
        width, n_outputs = self.design.shape[1], self.n_outputs
        hessian = np.zeros((n_outputs, width, n_outputs, width))
        for first in range(n_outputs):
            for second in range(n_outputs):
                shared = probabilities[:, first] * ((first == second) - probabilities[:, second])
                hessian[first, :, second] = (self.design * (self.weights * shared)[:, None]).T @ self.design
            hessian[first, :, first] += np.diag(self.penalties())
        return gradient, hessian.reshape(width * n_outputs, -1)

    def optimum(self) -> np.ndarray:
        """Shape (columns and intercept, outputs). Least norm where the optimum is not unique."""
        width = self.design.shape[1]
        if self.labels is None:
            root = np.sqrt(self.weights)[:, None]
            rows = [self.design * root, np.diag(np.sqrt(self.penalty) * self.penalized)]
            # Centred, as large means would take digits.
            shift = np.average(self.target, weights=self.weights) if not self.penalized.all() else 0.0
            targets = np.concatenate([(self.target - shift) * root[:, 0], np.zeros(width)])
            stacked = np.vstack(rows)
            norms = np.maximum(np.linalg.norm(stacked, axis=0), np.finfo(float).tiny)
            # What columns differ by in their last digits says nothing.
            parameters = (np.linalg.lstsq(stacked / norms, targets, rcond=1e-9)[0] / norms)[:, None]
            if shift:
                parameters[-1] += shift
            return parameters
        # On columns of one scale, where units lie far apart.
        shift, unit = np.zeros(width), np.sqrt(np.mean(self.design**2, axis=0))
        if not self.penalized.all():
            shift = np.where(self.penalized, self.design.mean(axis=0), 0.0)
            unit = np.where(self.penalized, self.design.std(axis=0), 1.0)
        unit = np.where(unit > 0, unit, 1.0)
        scaled = copy.copy(self)
        scaled.design, scaled.penalty = (self.design - shift) / unit, self.penalty / unit**2
        parameters = scaled.newton() / unit[:, None]
        if not self.penalized.all():
            parameters[-1] -= shift @ parameters
        return parameters

    def newton(self) -> np.ndarray:
        width = self.design.shape[1]
        parameters = np.zeros((width, self.n_outputs))
        value = self.value(parameters)
        for _ in range(200):
            gradient, hessian = self.derivatives(parameters)
            scale = np.sqrt(np.maximum(np.diag(hessian), np.finfo(float).tiny))
            step = np.linalg.lstsq(hessian / np.outer(scale, scale), -gradient.T.ravel() / scale, rcond=1e-14)[0] / scale
            step = step.reshape(self.n_outputs, width).T
            size = min(1.0, LARGEST_STEP / max(np.abs(self.design @ step).max(), np.finfo(float).tiny))
            # The objective is flat to half its digits: there whole steps go on, which double the right digits.
            while (moved := self.value(parameters + size * step)) > value * (1.0 + ROUNDING) and size > 1e-12:
                size /= 2
            parameters, value = parameters + size * step, moved
            if np.abs(size * step).max() <= SETTLED * np.abs(parameters).max():
                break
        return parameters

    def condition(self, parameters: np.ndarray) -> float:
        """Of the Hessian on its own scale, its flat directions aside."""
        if self.labels is None:
            rows = self.design * np.sqrt(self.weights)[:, None]
            hessian = rows.T @ rows + np.diag(self.penalty * self.penalized)
        else:
            hessian = self.derivatives(parameters)[1]
        scale = np.sqrt(np.diag(hessian))
        if not (scale > 0).all():
            return np.inf
        values = np.linalg.eigvalsh(hessian / np.outer(scale, scale))
        values = values[values > 1e-15 * len(values) * values[-1]]
        return float(values[-1] / values[0])

    def is_separated(self) -> bool:
        """Whether a direction lowers no row's margin and raises that of one, so that without a penalty there is no optimum
        (Albert and Anderson, "On the existence of maximum likelihood estimates in logistic regression models", 1984)."""
        if self.labels is None or self.penalty > 0:
            return False
        width = self.design.shape[1]
        scaled = self.design / np.maximum(np.abs(self.design).max(axis=0), np.finfo(float).tiny)
        margins = []
        for row, code in zip(scaled, self.codes):
            if self.is_binary:
                margins.append(row if code == 1 else -row)
                continue
            for other in range(len(self.labels)):
                if other != code:
                    margin = np.zeros((len(self.labels), width))
                    margin[code], margin[other] = row, -row
                    margins.append(margin.ravel())
        margins = np.array(margins)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = linprog(-margins.sum(axis=0), A_ub=-margins, b_ub=np.zeros(len(margins)), bounds=(-1, 1), method="highs")
        return found.status == 0 and -found.fun > 1e-7
