"""Weighted sums of the columns, written as weighted sums of the document's columns.

scikit-learn may have several columns of one feature where the document has one. Their terms are added then.
Categories can be rewritten always: a table of values is a sum over indicators of its categories.
"""

import math

from .columns import Constant, Flag
from .compiled import Compiled
from .errors import NotCarried


def compile_linear(fitted, columns, features, step):
    """The document's columns and coefficients of a linear estimator."""
    return Linear(fitted, columns, features, step).compiled()


class Linear:
    def __init__(self, fitted, columns, features, step):
        self.features, self.step = features, step
        self.weights = [list(map(float, weights)) for weights in fitted.coefficients]
        self.intercepts = [float(intercept) for intercept in fitted.intercepts]
        self.columns = columns
        self.result = Compiled([], {})
        self.coefficients = []  # one list over the scores for each column of the document

    def compiled(self):
        for at, column in enumerate(self.columns):
            if isinstance(column, Constant):
                self.add_to_intercepts([weight * column.value for weight in self.weight(at)])
        for feature in self.features.all:
            places = [at for at, column in enumerate(self.columns)
                      if not isinstance(column, Constant) and column.feature == feature.index]
            flags = [at for at in places if isinstance(self.columns[at], Flag)]
            others = [at for at in places if at not in flags]
            if feature.kind == "category":
                self.category(feature, others, flags)
            elif places:
                self.number(feature, others, flags)
        by_score = [list(one) for one in zip(*self.coefficients)]
        self.result.estimator = {"kind": "linear", "coefficients": by_score, "intercepts": self.intercepts}
        return self.result

    def weight(self, at):
        return [weights[at] for weights in self.weights]

    def add_to_intercepts(self, terms):
        self.intercepts = [intercept + term for intercept, term in zip(self.intercepts, terms)]

    def emit(self, feature, of, coefficients, center=0.0, scale=1.0, category=None):
        column = {"feature": feature.index, "of": of}
        if category is not None:
            column["category"] = category
        column.update(center=center, scale=scale)
        self.result.columns.append(column)
        self.coefficients.append(coefficients)

    def number(self, feature, numbers, flags):
        if feature.kind is None:
            feature.be_number(self.step)
        correction = [0.0] * len(self.weights)
        missing = "pass"
        if numbers:
            first = self.columns[numbers[0]]
            center, scale = first.center_and_scale()
            total = self.weight(numbers[0])
            for at in numbers[1:]:
                other_center, other_scale = self.columns[at].center_and_scale()
                # (x - c2) / s2 = ((x - c1) / s1) * (s1 / s2) + (c1 - c2) / s2
                weight = self.weight(at)
                total = [one + other * (scale / other_scale) for one, other in zip(total, weight)]
                self.add_to_intercepts([other * ((center - other_center) / other_scale) for other in weight])
            self.emit(feature, "value", total, center, scale)
            if any(self.columns[at].fill is None for at in numbers):
                missing = "refuse"
            else:
                imputed = first.raw_fill if first.raw_fill is not None else first.fill * scale + center
                missing = {"impute": imputed}
                for at in numbers:
                    column = self.columns[at]
                    difference = column.fill - column(imputed)
                    if not close(column.fill, column(imputed)):
                        correction = [one + weight * difference for one, weight in zip(correction, self.weight(at))]
        if missing != "refuse":
            self.flags(feature, flags, correction)
        else:
            self.absent_flags(flags)
        self.result.missing[feature.index] = missing

    def absent_flags(self, flags):
        for at in flags:
            self.add_to_intercepts([weight * self.columns[at].present for weight in self.weight(at)])

    def flags(self, feature, flags, correction):
        """Indicators of missing cells, and what else is to be added where a cell is missing."""
        if len(flags) == 1 and not any(correction):
            column = self.columns[flags[0]]
            self.emit(feature, "missing", self.weight(flags[0]), column.center, column.scale)
        elif flags or any(correction):
            for at in flags:
                column = self.columns[at]
                weight = self.weight(at)
                self.add_to_intercepts([one * column.present for one in weight])
                rise = column.missing - column.present
                correction = [one + other * rise for one, other in zip(correction, weight)]
            self.emit(feature, "missing", correction)

    def category(self, feature, tables, flags):
        n = len(feature.categories)
        columns = [self.columns[at] for at in tables]
        takes_unseen = all(usable(column.unseen) for column in columns)
        takes_missing = all(usable(column.missing) for column in columns)
        if any(not usable(value) for column in columns for value in column.values):
            raise NotCarried(self.step, f"a category of {feature.name!r} that becomes a missing value")
        self.result.unseen[feature.index] = takes_unseen
        missing = counts_as(columns, n) if takes_missing else "refuse"
        bases = [column.base for column in columns]
        natural = (None not in bases and len(set(bases)) == len(bases) and missing is not None
                   and (not takes_unseen or all(close(column.unseen, outside(column, n)) for column in columns)))
        correction = [0.0] * len(self.weights)
        if natural:
            for at, column in zip(tables, columns):
                category = column.base[1] if column.base[0] == "category" else None
                self.emit(feature, column.base[0], self.weight(at), column.center, column.scale, category)
        else:
            # Terms of each category, minus those of unseen ones, which go to the intercept.
            start = self.terms(tables, lambda column: column.unseen) if takes_unseen else [0.0] * len(self.weights)
            self.add_to_intercepts(start)
            for category in range(n):
                terms = self.terms(tables, lambda column: column.values[category])
                self.emit(feature, "category", [one - other for one, other in zip(terms, start)], category=category)
            if takes_missing:
                terms = self.terms(tables, lambda column: column.missing)
                correction = [one - other for one, other in zip(terms, start)]
                missing = {"impute": n}
                same = [category for category in range(n)
                        if all(close(column.values[category], column.missing) for column in columns)]
                if same:
                    hints = [column.filled_with for column in columns if column.filled_with in same]
                    missing, correction = {"impute": (hints + same)[0]}, [0.0] * len(self.weights)
            else:
                missing = "refuse"
        self.result.missing[feature.index] = missing
        if missing == "refuse":
            self.absent_flags(flags)
        else:
            self.flags(feature, flags, correction)

    def terms(self, tables, value):
        total = [0.0] * len(self.weights)
        for at in tables:
            total = [one + weight * value(self.columns[at]) for one, weight in zip(total, self.weight(at))]
        return total


def counts_as(columns, n):
    """The category that missing cells count as; n for none of the list; None where there is no such number."""
    same = [category for category in range(n)
            if all(close(column.values[category], column.missing) for column in columns)]
    hints = [column.filled_with for column in columns if column.filled_with in same]
    if columns and all(column.base is not None and close(column.missing, outside(column, n)) for column in columns):
        if not hints:
            return {"impute": n}
    if same:
        return {"impute": (hints + same)[0]}
    return None


def outside(column, n):
    """The value of a natural column for a category that is not in the list."""
    value = float(n) if column.base[0] == "value" else 0.0
    return (value - column.center) / column.scale


def usable(value):
    return value is not None and not math.isnan(value)


def close(a, b):
    return a == b or abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1e-300)
