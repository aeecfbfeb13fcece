"""Walks pipelines, column transformers and unions, and gives the columns that reach the estimator."""

import numbers

import numpy as np

from .errors import NotCarried
from .transformers import multiplied, transform

PASSED = (None, "passthrough")


def final_estimator(model, columns, features):
    """The last step of the model, and the columns it gets."""
    if is_a(model, "Pipeline"):
        # What a row becomes on the way, as far as that is known.
        row = features.first_row if columns == features.raw() else None
        for _, step in model.steps[:-1]:
            columns = walk(step, columns, features, row)
            row = after(step, row)
        features.is_sparse = is_sparse(row)
        last = model.steps[-1][1]
        if isinstance(last, str) or last is None:
            raise NotCarried(model, "the last step is no estimator")
        return final_estimator(last, columns, features)
    return model, columns


def is_sparse(row):
    return hasattr(row, "tocsr")


def after(step, row):
    """What a step makes of a row."""
    if row is None or isinstance(step, str) or step is None:
        return row
    try:
        return step.transform(row)
    except Exception as error:
        raise NotCarried("X_check", f"{type(step).__name__} does not take its first row: {error}") from error


def picked(row, places):
    """Some columns of a row."""
    if row is None:
        return None
    return row.iloc[:, places] if hasattr(row, "iloc") else row[:, places]


def walk(step, columns, features, row=None):
    """The columns after one step. row: what it gets of a row, if that is known."""
    if isinstance(step, str) or step is None:
        if step in PASSED:
            return columns
        raise NotCarried(str(step), "an unknown step")
    if is_a(step, "Pipeline"):
        for _, inner in step.steps:
            columns = walk(inner, columns, features, row)
            row = after(inner, row)
        return columns
    if is_a(step, "ColumnTransformer"):
        return column_transformer(step, columns, features, row)
    if is_a(step, "FeatureUnion"):
        return feature_union(step, columns, features, row)
    features.is_sparse = is_sparse(row)
    features.had_sparse |= features.is_sparse
    return transform(step, columns, features)


def column_transformer(step, columns, features, row):
    if step.n_features_in_ != len(columns):
        raise NotCarried(step, f"fitted on {step.n_features_in_} columns and given {len(columns)}")
    names = getattr(step, "feature_names_in_", None)
    result = []
    for name, inner, chosen in step.transformers_:
        if isinstance(inner, str) and inner == "drop":
            continue
        places = positions(step, chosen, len(columns), names)
        if places:
            found = walk(inner, [columns[place] for place in places], features, picked(row, places))
            result += weighted(step, name, found, features)
    return result


def feature_union(step, columns, features, row):
    result = []
    for name, inner in step.transformer_list:
        if isinstance(inner, str) and inner == "drop":
            continue
        result += weighted(step, name, walk(inner, columns, features, row), features)
    return result


def weighted(step, name, columns, features):
    weight = (step.transformer_weights or {}).get(name)
    if weight is None or weight == 1:
        return columns
    return multiplied(step, columns, features, weight)


def positions(step, chosen, n, names):
    """Where the columns stand that a part of a column transformer takes."""
    if callable(chosen):
        raise NotCarried(step, "columns chosen by a function")
    if isinstance(chosen, (str, numbers.Integral)) and not isinstance(chosen, bool):
        raise NotCarried(step, "a single column that is not in a list")
    if isinstance(chosen, slice):
        start, stop = chosen.start, chosen.stop
        if isinstance(start, str) or isinstance(stop, str):
            start = None if start is None else position(step, start, n, names)
            stop = None if stop is None else position(step, stop, n, names) + 1
        return list(range(n))[slice(start, stop, chosen.step)]
    chosen = list(chosen)
    if chosen and all(isinstance(one, (bool, np.bool_)) for one in chosen):
        return [place for place, one in enumerate(chosen) if one]
    return [position(step, one, n, names) for one in chosen]


def position(step, one, n, names):
    if isinstance(one, str):
        found = [] if names is None else [place for place, name in enumerate(names) if name == one]
        if len(found) != 1:
            raise NotCarried(step, f"the column {one!r} is not known")
        return found[0]
    if isinstance(one, numbers.Integral):
        return int(one) % n
    raise NotCarried(step, f"the column {one!r} is not known")


def is_a(step, name):
    kind = type(step)
    return kind.__name__ == name and kind.__module__.startswith("sklearn.")


def described(model):
    """The names of the steps, for people."""
    if is_a(model, "Pipeline"):
        inner = [described(step) for _, step in model.steps if not isinstance(step, str) and step is not None]
        return f"Pipeline({', '.join(inner)})"
    if is_a(model, "ColumnTransformer"):
        inner = [described(step) for _, step, _ in model.transformers_ if not isinstance(step, str)]
        return f"ColumnTransformer({', '.join(inner)})"
    if is_a(model, "FeatureUnion"):
        inner = [described(step) for _, step in model.transformer_list if not isinstance(step, str)]
        return f"FeatureUnion({', '.join(inner)})"
    return type(model).__name__
