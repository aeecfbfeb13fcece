"""Single steps that make columns out of columns. Each takes a list of columns and gives a list of columns."""

import math

import numpy as np

from . import steps
from .columns import Affine, Computed, Constant, Flag, Number, Raw, Standard, Table, NOTHING, with_fill
from .errors import NotCarried
from .fold import LARGEST
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
    if rule not in TAKING_ANYTHING:
        features.graph.require_finite(columns, step, LARGEST, rule in TAKING_MISSING)
    return rule(step, columns, features)


def scaled(step, columns, features, operations):
    """Each column after its operation, in the graph where it is computed there or the operation falls."""
    result = []
    for column, operation in zip(columns, operations):
        column = features.numeric(column, step)
        later = isinstance(column, Computed) or not is_rising(operation)
        features.graph.hint_of_function(column, operation)
        result.append(column if later or operation is None else column.then(operation))
    kinds = {type(operation) for operation in operations} - {type(None)}
    places = [at for at, column in enumerate(result) if isinstance(column, Computed) or not is_rising(operations[at])]
    if places and kinds:
        graph = features.graph
        vector = graph.vector([result[at] for at in places], step)
        plain = Affine(1.0, 0.0) if Affine in kinds else Standard(0.0, 1.0)
        own = [operations[at] or plain for at in places]
        if Affine in kinds:
            vector = graph.multiply(vector, [one.factor for one in own])
            if any(one.offset for one in own):
                vector = graph.add(vector, [one.offset for one in own])
        else:
            vector = graph.scaled(vector, [one.center for one in own], [one.scale for one in own])
        for at, column in zip(places, graph.columns(vector)):
            result[at] = column
    return result


def is_rising(operation):
    return operation is None or (operation.factor if isinstance(operation, Affine) else operation.scale) > 0


def centers_and_scales(step, columns, features, centers, scales):
    """Of a sparse table numbers are multiplied, where those of others are divided."""
    n = len(columns)
    centers = np.zeros(n) if centers is None else centers
    scales = np.ones(n) if scales is None else scales
    operations = []
    for center, scale in zip(centers, scales):
        center, scale = number(center, step), number(scale, step)
        if scale == 0:
            raise NotCarried(step, "a scale of 0")
        if features.is_sparse and center == 0 and scale != 1:
            operations.append(Affine(1.0 / scale, 0.0))
        else:
            operations.append(None if center == 0 and scale == 1 else Standard(center, scale))
    return operations


def standard_scaler(step, columns, features):
    centers = step.mean_ if step.with_mean else None
    scales = step.scale_ if step.with_std else None
    return scaled(step, columns, features, centers_and_scales(step, columns, features, centers, scales))


def robust_scaler(step, columns, features):
    centers = step.center_ if step.with_centering else None
    scales = step.scale_ if step.with_scaling else None
    return scaled(step, columns, features, centers_and_scales(step, columns, features, centers, scales))


def max_abs_scaler(step, columns, features):
    columns = scaled(step, columns, features, centers_and_scales(step, columns, features, None, step.scale_))
    return steps.clipped(step, columns, features, -1.0, 1.0) if getattr(step, "clip", False) else columns


def min_max_scaler(step, columns, features):
    operations = [Affine(number(factor, step), number(offset, step)) for factor, offset in zip(step.scale_, step.min_)]
    columns = scaled(step, columns, features, operations)
    return steps.clipped(step, columns, features, *step.feature_range) if getattr(step, "clip", False) else columns


def multiplied(step, columns, features, weight):
    return scaled(step, columns, features, [Affine(number(weight, step), 0.0)] * len(columns))


def simple_imputer(step, columns, features):
    if step.strategy not in ("mean", "median", "most_frequent", "constant"):
        raise NotCarried(step, f"strategy={step.strategy!r}")
    if not is_missing(step.missing_values):
        return marked_imputer(step, columns, features)
    marker = step.missing_values
    result, computed = [], []
    for column, statistic in zip(columns, step.statistics_):
        if is_nan(statistic):
            continue  # A column without a single value was dropped.
        if isinstance(column, Computed):
            computed.append((len(result), number(filled_in(step, statistic), step)))
            result.append(column)
        else:
            result.append(imputed(step, column, filled_in(step, statistic), features, marker))
    if computed:
        vector = features.graph.vector([result[at] for at, _ in computed], step)
        missing = features.graph.function("is-missing", vector)
        vector = features.graph.choose(missing, [fill for _, fill in computed], vector)
        for (at, _), column in zip(computed, features.graph.columns(vector)):
            result[at] = column
    if step.add_indicator:
        result += indicators(step, step.indicator_, columns, features)
    return result


def marked_imputer(step, columns, features):
    """Where a number stands for missing cells."""
    marker = step.missing_values
    if isinstance(marker, (str, bytes, bool)):
        raise NotCarried(step, f"missing_values={marker!r}; only numbers, NaN and None are carried")
    kept = [at for at, statistic in enumerate(step.statistics_) if not is_nan(statistic)]
    graph = features.graph
    vector = graph.vector(columns, step)
    marked = graph.arithmetic("equal", vector, [float(marker)])
    fills = [0.0 if is_nan(one) else number(filled_in(step, one), step) for one in step.statistics_]
    filled = graph.columns(graph.choose(marked, fills, vector))
    result = [filled[at] for at in kept]
    if step.add_indicator:
        result += [graph.columns(marked)[at] for at in step.indicator_.features_]
    return result


def missing_indicator(step, columns, features):
    if not is_missing(step.missing_values):
        raise NotCarried(step, f"missing_values={step.missing_values!r}; only NaN and None are carried")
    return indicators(step, step, columns, features)


def indicators(step, fitted, columns, features):
    return [indicator(step, columns[j], features, fitted.missing_values) for j in fitted.features_]


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
    if isinstance(column, Computed):
        vector = features.graph.vector([column], step)
        return Computed(features.graph.function("is-missing", vector), 0)
    return Constant(0.0)


def one_hot_encoder(step, columns, features):
    drop = getattr(step, "_drop_idx_after_grouping", step.drop_idx_)
    drop = [None] * len(columns) if drop is None else drop
    result = []
    for column, categories, dropped, groups in zip(columns, step.categories_, drop, groupings(step, len(columns))):
        codes = coded(step, column, categories, features, step.handle_unknown != "error")
        n_codes = len(categories)
        if groups is not None:
            n_codes = max(groups) + 1
            # Of infrequent ones the group is the last.
            unknown = n_codes - 1 if step.handle_unknown in ("infrequent_if_exist", "warn") else -1
            codes = codes.grouped(groups, unknown)
        for code in range(n_codes):
            if code != dropped:
                result.append(codes.equal_to(code, features))
    return result


def groupings(step, n):
    """Of each column the codes after infrequent categories are put together; None where there are none."""
    found = getattr(step, "_default_to_infrequent_mappings", None) or [None] * n
    return [None if groups is None else [int(code) for code in groups] for groups in found]


class Coded:
    """A column as codes of an encoder: a code for each category, for unseen and for missing cells.

    A code is -1 where the encoder does not know the cell, and None where it refuses it.
    """

    def __init__(self, column, codes, unseen, missing, filled_with=None):
        self.column, self.codes, self.unseen, self.missing = column, codes, unseen, missing
        self.filled_with = filled_with

    def grouped(self, groups, unknown, absent=None):
        """The codes of groups of categories. The code of the missing category may stay."""
        def one(found):
            if found is None or found == absent:
                return found
            return unknown if found == -1 else groups[found]

        codes = [one(found) for found in self.codes]
        return Coded(self.column, codes, one(self.unseen), one(self.missing), self.filled_with)

    def values_of(self, values, unknown):
        """A value for each code."""
        def one(found):
            return None if found is None else float(unknown if found == -1 else values[found])

        found = tuple(one(found) for found in self.codes)
        return Table(self.column.feature, found, one(self.unseen), one(self.missing), filled_with=self.filled_with)

    def equal_to(self, code, features):
        """1 where the code is this one, else 0."""
        def one(found):
            return None if found is None else float(found == code)

        values = tuple(one(found) for found in self.codes)
        alone = self.missing == code and self.unseen != code and code not in self.codes
        if isinstance(self.column, Raw) and alone:
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
    takes_unknown = step.handle_unknown == "use_encoded_value"
    unknown = float(step.unknown_value) if takes_unknown else None
    result = []
    for column, categories, groups in zip(columns, step.categories_, groupings(step, len(columns))):
        # None is a category as any other here.
        absent = [code for code, value in enumerate(categories) if is_nan(value)]
        codes = coded(step, column, categories, features, takes_unknown)
        if groups is not None:
            codes = codes.grouped(groups, -1, absent[0] if absent else None)
        result.append(codes.numbers(unknown, absent[0] if absent else None, float(step.encoded_missing_value)))
    return result


def target_encoder(step, columns, features):
    n_classes = len(step.classes_) if step.target_type_ == "multiclass" else 1
    means = np.broadcast_to(np.ravel(step.target_mean_), (n_classes,))
    result = []
    for at, (column, categories) in enumerate(zip(columns, step.categories_)):
        codes = coded(step, column, categories, features, True)
        for place, mean in enumerate(means):
            result.append(codes.values_of(step.encodings_[at * n_classes + place], mean))
    return result


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
    "TargetEncoder": target_encoder,
    "MissingIndicator": missing_indicator,
    **steps.RULES,
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

# What takes infinite numbers, and what takes missing ones.
TAKING_ANYTHING = (steps.function_transformer, selector)
TAKING_MISSING = (standard_scaler, robust_scaler, max_abs_scaler, min_max_scaler, simple_imputer, missing_indicator,
                  steps.power_transformer, steps.quantile_transformer)
