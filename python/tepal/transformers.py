"""Single steps that make columns out of columns. Each takes a list of columns and gives a list of columns."""

import math

import numpy as np

from .columns import Affine, Constant, Flag, Number, Raw, Standard, Table, NOTHING, with_fill
from .errors import NotCarried
from .values import is_missing, is_nan, number


def transform(step, columns, features):
    """The columns after a fitted transformer that is no pipeline, union or column transformer."""
    name = type(step).__name__
    rule = RULES.get(name)
    if rule is None or not type(step).__module__.startswith("sklearn."):
        raise NotCarried(name, "a step that is not carried")
    n_features = getattr(step, "n_features_in_", len(columns))
    if n_features != len(columns):
        raise NotCarried(name, f"fitted on {n_features} columns and given {len(columns)}")
    return rule(step, columns, features)


def scaled(step, columns, features, operations):
    result = []
    for column, operation in zip(columns, operations):
        column = features.numeric(column, step)
        result.append(column if operation is None else column.then(operation))
    return result


def centers_and_scales(step, columns, centers, scales):
    n = len(columns)
    centers = np.zeros(n) if centers is None else centers
    scales = np.ones(n) if scales is None else scales
    operations = []
    for center, scale in zip(centers, scales):
        center, scale = number(center, step), number(scale, step)
        if scale <= 0:
            raise NotCarried(step, "a scale that is not positive")
        operations.append(None if center == 0 and scale == 1 else Standard(center, scale))
    return operations


def standard_scaler(step, columns, features):
    centers = step.mean_ if step.with_mean else None
    scales = step.scale_ if step.with_std else None
    return scaled(step, columns, features, centers_and_scales(step, columns, centers, scales))


def robust_scaler(step, columns, features):
    centers = step.center_ if step.with_centering else None
    scales = step.scale_ if step.with_scaling else None
    return scaled(step, columns, features, centers_and_scales(step, columns, centers, scales))


def max_abs_scaler(step, columns, features):
    refuse_clip(step)
    return scaled(step, columns, features, centers_and_scales(step, columns, None, step.scale_))


def min_max_scaler(step, columns, features):
    refuse_clip(step)
    operations = [affine(step, factor, offset) for factor, offset in zip(step.scale_, step.min_)]
    return scaled(step, columns, features, operations)


def affine(step, factor, offset):
    factor, offset = number(factor, step), number(offset, step)
    if factor <= 0:
        raise NotCarried(step, "a factor that is not positive")
    return Affine(factor, offset)


def refuse_clip(step):
    if getattr(step, "clip", False):
        raise NotCarried(step, "clip=True")


def simple_imputer(step, columns, features):
    marker = step.missing_values
    if not is_missing(marker):
        raise NotCarried(step, f"missing_values={marker!r}; only NaN and None are carried")
    if step.strategy not in ("mean", "median", "most_frequent", "constant"):
        raise NotCarried(step, f"strategy={step.strategy!r}")
    result = []
    for column, statistic in zip(columns, step.statistics_):
        if is_nan(statistic):
            continue  # A column without a single value was dropped.
        result.append(imputed(step, column, filled_in(step, statistic), features, marker))
    if step.add_indicator:
        result += [indicator(step, columns[j], features, marker) for j in step.indicator_.features_]
    return result


def filled_in(step, statistic):
    """The value as it is filled in: later versions round it to the kind of number that the imputer was fitted on."""
    kind = np.dtype(getattr(step, "_fill_dtype", object))
    return kind.type(statistic) if kind.kind == "f" else statistic


def imputed(step, column, statistic, features, marker):
    if isinstance(column, Raw):
        if column.fill is not NOTHING:
            return column
        if not features[column.feature].is_marked_by(marker, step):
            return column
        if is_missing(statistic):
            raise NotCarried(step, "None as the most frequent value")
        return Raw(column.feature, statistic)
    if isinstance(column, Number) and column.fill is None:
        return Number(column.feature, column.operations, number(statistic, step))
    if isinstance(column, Table):
        fill = number(statistic, step)
        values = tuple(with_fill(value, fill) for value in column.values)
        unseen, missing = with_fill(column.unseen, fill), with_fill(column.missing, fill)
        same = (values, unseen) == (column.values, column.unseen)
        return Table(column.feature, values, unseen, missing, column.base if same else None, column.center,
                     column.scale, column.filled_with)
    return column


def indicator(step, column, features, marker):
    if isinstance(column, Raw):
        own = features[column.feature].is_marked_by(marker, step)
        return Flag(column.feature) if own and column.fill is NOTHING else Constant(0.0)
    if isinstance(column, Number):
        return Flag(column.feature) if column.fill is None else Constant(0.0)
    if isinstance(column, Table):
        return column.mapped(lambda value: 1.0 if math.isnan(value) else 0.0)
    return Constant(0.0)


def one_hot_encoder(step, columns, features):
    if any(found is not None for found in getattr(step, "infrequent_categories_", None) or []):
        raise NotCarried(step, "infrequent categories")
    drop = step.drop_idx_ if step.drop_idx_ is not None else [None] * len(columns)
    result = []
    for column, categories, dropped in zip(columns, step.categories_, drop):
        kept = [code for code in range(len(categories)) if code != dropped]
        codes = coded(step, column, categories, features, step.handle_unknown != "error")
        for code in kept:
            result.append(codes.equal_to(code, features))
    return result


class Coded:
    """A column as codes of an encoder: a code for each category, for unseen and for missing cells.

    A code is -1 where the encoder does not know the cell, and None where it refuses it.
    """

    def __init__(self, column, codes, unseen, missing, filled_with=None):
        self.column, self.codes, self.unseen, self.missing = column, codes, unseen, missing
        self.filled_with = filled_with

    def equal_to(self, code, features):
        """1 where the code is this one, else 0."""
        def one(found):
            return None if found is None else float(found == code)

        values = tuple(one(found) for found in self.codes)
        if isinstance(self.column, Raw) and self.missing == code and code not in self.codes:
            return Flag(self.column.feature)
        at = self.codes.index(code) if self.codes.count(code) == 1 and isinstance(self.column, Raw) else None
        return Table(self.column.feature, values, one(self.unseen), one(self.missing),
                     None if at is None else ("category", at), filled_with=self.filled_with)

    def numbers(self, unknown, absent_code, absent_value):
        """The codes as numbers; unknown ones and the code of the missing category have numbers of their own."""
        def one(found):
            if found is None:
                return None
            if found == absent_code:
                return absent_value
            return unknown if found == -1 else float(found)

        values = tuple(one(found) for found in self.codes)
        natural = isinstance(self.column, Raw) and values == tuple(float(i) for i in range(len(values)))
        return Table(self.column.feature, values, one(self.unseen), one(self.missing),
                     ("value",) if natural else None, filled_with=self.filled_with)


def coded(step, column, categories, features, takes_unknown):
    unknown = -1 if takes_unknown else None
    if isinstance(column, Raw):
        codes, missing, filled_with = features.encoded(column, categories, step)
        if filled_with == "unseen":
            return Coded(column, codes, unknown, unknown)
        if filled_with is not None:
            return Coded(column, codes, unknown, codes[filled_with], filled_with)
        return Coded(column, codes, unknown, unknown if missing is None else missing)
    if isinstance(column, (Table, Flag)):
        places = {}
        for code, value in enumerate(categories):
            if not isinstance(value, (int, float, np.number)):
                raise NotCarried(step, "categories that are no numbers, after a step that gives numbers")
            places["nan" if is_nan(value) else float(value)] = code

        def one(value):
            return None if value is None else places.get("nan" if math.isnan(value) else value, unknown)

        if isinstance(column, Flag):
            raise NotCarried(step, "an encoder after an indicator of missing cells")
        codes = [one(value) for value in column.values]
        if any(code is None for code in codes):
            raise NotCarried(step, "a category that the step before gives and this one refuses")
        return Coded(column, codes, one(column.unseen), one(column.missing), column.filled_with)
    raise NotCarried(step, "an encoder after arithmetic")


def ordinal_encoder(step, columns, features):
    if any(found is not None for found in getattr(step, "infrequent_categories_", None) or []):
        raise NotCarried(step, "infrequent categories")
    takes_unknown = step.handle_unknown == "use_encoded_value"
    unknown = float(step.unknown_value) if takes_unknown else None
    result = []
    for column, categories in zip(columns, step.categories_):
        # None is a category as any other here.
        absent = [code for code, value in enumerate(categories) if is_nan(value)]
        codes = coded(step, column, categories, features, takes_unknown)
        result.append(codes.numbers(unknown, absent[0] if absent else None, float(step.encoded_missing_value)))
    return result


def function_transformer(step, columns, features):
    if step.func is not None:
        raise NotCarried(step, f"the function {getattr(step.func, '__name__', step.func)!r}")
    return columns


def selector(step, columns, features):
    return [column for column, kept in zip(columns, step.get_support()) if kept]


RULES = {
    "StandardScaler": standard_scaler,
    "RobustScaler": robust_scaler,
    "MaxAbsScaler": max_abs_scaler,
    "MinMaxScaler": min_max_scaler,
    "SimpleImputer": simple_imputer,
    "OneHotEncoder": one_hot_encoder,
    "OrdinalEncoder": ordinal_encoder,
    "FunctionTransformer": function_transformer,
    "VarianceThreshold": selector,
    "SelectKBest": selector,
    "SelectPercentile": selector,
    "SelectFpr": selector,
    "SelectFdr": selector,
    "SelectFwe": selector,
    "GenericUnivariateSelect": selector,
    "SelectFromModel": selector,
    "RFE": selector,
    "RFECV": selector,
    "SequentialFeatureSelector": selector,
}
