"""Steps that a graph computes: their columns are no functions of one feature."""

import numpy as np

from .columns import Constant, Table
from .errors import NotCarried
from .values import is_nan, number
from .versions import version

EPSILON = 2.0**-52


def elementwise(step, columns, features, function, build):
    """A function of each number: of tables value by value, of numbers in the graph.

    build(vector, places) makes the vector for the columns that stand there.
    """
    columns = [features.numeric(column, step) for column in columns]
    result = list(columns)
    places = []
    for at, column in enumerate(columns):
        if isinstance(column, Constant):
            result[at] = Constant(number(function(column.value, at), step))
        elif isinstance(column, Table):
            result[at] = column.mapped(lambda value: finite(step, function(value, at)))
        else:
            places.append(at)
    if places:
        vector = build(features.graph.vector([columns[at] for at in places], step), places)
        for at, column in zip(places, features.graph.columns(vector)):
            result[at] = column
    return result


def finite(step, value):
    """A number that may be missing, but not infinite."""
    return value if is_nan(value) else number(value, step)


def clipped(step, columns, features, low, high):
    def build(vector, places):
        vector = features.graph.arithmetic("maximum", vector, [low])
        return features.graph.arithmetic("minimum", vector, [high])

    return elementwise(step, columns, features, lambda value, at: float(np.clip(value, low, high)), build)


def function_transformer(step, columns, features):
    if step.func is None:
        return columns
    name = getattr(step.func, "__name__", None)
    if FUNCTIONS.get(name) is None or getattr(np, name, None) is not step.func or step.kw_args:
        raise NotCarried(step, f"the function {name or step.func!r}; {', '.join(sorted(FUNCTIONS))} are carried")

    def function(value, at):
        with np.errstate(all="ignore"):
            return float(step.func(np.float64(value)))

    graph, columns = features.graph, numeric(step, columns, features)
    graph.may_overflow |= name in OVERFLOWING

    def build(vector, places):
        made = applied(graph, name, vector)
        if name in INVERSES:
            graph.inverses[made] = [columns[at] for at in places], INVERSES[name]
        return made

    return elementwise(step, columns, features, function, build)


def applied(graph, name, vector):
    """A function of NumPy, as a node."""
    return graph.multiply(vector, vector) if name == "square" else graph.function(FUNCTIONS[name], vector)


# NumPy's names, and those of graphs.
FUNCTIONS = {"log": "log", "log1p": "log1p", "sqrt": "sqrt", "exp": "exp", "expm1": "expm1", "abs": "abs",
             "absolute": "abs", "fabs": "abs", "square": "square"}

OVERFLOWING = ("log", "log1p", "sqrt", "exp", "expm1", "square")
INVERSES = {"log": np.exp, "log1p": np.expm1, "sqrt": np.square}


def numeric(step, columns, features):
    return [features.numeric(column, step) for column in columns]


# ---- projections ----

def principal_components(step, columns, features):
    graph, columns = features.graph, numeric(step, columns, features)
    components = np.asarray(step.components_, dtype=np.float64)
    variances = np.asarray(step.explained_variance_, dtype=np.float64)
    with np.errstate(all="ignore"):
        graph.hint(columns, step.mean_, np.sqrt((components**2 * variances[:, np.newaxis]).sum(axis=0)))
    vector = graph.vector(columns, step)
    # Since 1.5 rows are centered after the projection.
    if version() < (1, 5):
        vector = graph.dense(graph.scaled(vector, step.mean_), components)
    else:
        # In the precision of the fit.
        center = step.mean_.reshape(1, -1) @ step.components_.T
        vector = graph.subtract(graph.dense(vector, components), center)
    if step.whiten:
        scale = np.sqrt(step.explained_variance_)
        if version() >= (1, 5):
            scale = np.maximum(scale, np.finfo(scale.dtype).eps)
        vector = graph.divide(vector, scale)
    return graph.columns(vector)


def truncated_svd(step, columns, features):
    return features.graph.columns(features.graph.dense(features.graph.vector(columns, step), step.components_))


def discriminants(step, columns, features):
    graph = features.graph
    if step.solver == "lsqr":
        raise NotCarried(step, "solver='lsqr' does not transform")
    vector = graph.vector(columns, step)
    if step.solver == "svd":
        vector = graph.scaled(vector, step.xbar_)
    return graph.columns(graph.dense(vector, np.asarray(step.scalings_)[:, : step._max_components].T))


# ---- functions of several columns ----

def polynomial_features(step, columns, features):
    graph = features.graph
    powers = np.asarray(step.powers_)
    factors = [[place for place, power in enumerate(row) for _ in range(int(power))] for row in powers]
    most = max(map(len, factors))
    if most == 0:
        return [Constant(1.0)]
    vector = graph.join([graph.vector(columns, step), graph.constant([1.0])])
    one = len(columns)
    factors = [row + [one] * (most - len(row)) for row in factors]
    product = graph.pick(vector, [row[0] for row in factors])
    for place in range(1, most):
        product = graph.multiply(product, graph.pick(vector, [row[place] for row in factors]))
    return graph.columns(product)


def normalizer(step, columns, features):
    graph = features.graph
    vector = graph.vector(columns, step)
    if step.norm == "l2":
        size = graph.function("sqrt", graph.reduce("sum", graph.multiply(vector, vector)))
    else:
        size = graph.reduce("sum" if step.norm == "l1" else "maximum", graph.function("abs", vector))
    size = graph.choose(graph.arithmetic("less", size, [10 * EPSILON]), [1.0], size)
    return graph.columns(graph.divide(vector, size))


# ---- functions of one column that are no lines ----

def binarizer(step, columns, features):
    return above(step, columns, features, step.threshold)


def above(step, columns, features, threshold):
    """1 where a number is above the threshold, else 0."""
    threshold = number(threshold, step)
    return elementwise(step, columns, features, lambda value, at: float(value > threshold),
                       lambda vector, _: features.graph.arithmetic("less", [threshold], vector))


def bins(step, columns, features):
    graph, columns = features.graph, numeric(step, columns, features)
    inner = [np.asarray(edges, dtype=np.float64)[1:-1] for edges in step.bin_edges_]
    graph.hint(columns, [(edges[0] + edges[-1]) / 2 for edges in step.bin_edges_],
               [(edges[-1] - edges[0]) / 4 for edges in step.bin_edges_])
    for column, edges in zip(columns, inner):
        graph.note_edges(column, edges)

    def build(vector, places):
        return graph.curves(vector, [staircase(inner[at]) for at in places])

    def function(value, at):
        return float(np.searchsorted(inner[at], value, side="right"))

    result = elementwise(step, columns, features, function, build)
    if step.encode == "ordinal":
        return result
    vector = graph.vector(result, step)
    counts = [len(categories) for categories in step._encoder.categories_]
    places = [at for at, count in enumerate(counts) for _ in range(count)]
    numbers = [float(one) for categories in step._encoder.categories_ for one in categories]
    return graph.columns(graph.arithmetic("equal", graph.pick(vector, places), numbers))


def staircase(edges):
    """A curve that rises by 1 at each edge: of two points at one place the last one counts there."""
    if not len(edges):
        return [0.0], [0.0]
    return np.repeat(edges, 2), np.repeat(np.arange(len(edges) + 1.0), 2)[1:-1]


def quantile_transformer(step, columns, features):
    if step.output_distribution != "uniform":
        raise NotCarried(step, f"output_distribution={step.output_distribution!r}; only 'uniform' is carried")
    graph, columns = features.graph, numeric(step, columns, features)
    quantiles = np.asarray(step.quantiles_, dtype=np.float64).T
    references = np.asarray(step.references_, dtype=np.float64)
    low, high = quantiles[:, 0], quantiles[:, -1]
    graph.range(columns, low, quantiles[:, quantiles.shape[1] // 2], high)
    vector = graph.vector(columns, step)
    forward = graph.curves(vector, [(one, references) for one in quantiles])
    negative = graph.multiply(vector, [-1.0])
    backward = graph.curves(negative, [(-one[::-1], -references[::-1]) for one in quantiles])
    value = graph.multiply(graph.subtract(forward, backward), [0.5])
    value = graph.choose(graph.arithmetic("equal", vector, high), [1.0], value)
    return graph.columns(graph.choose(graph.arithmetic("equal", vector, low), [0.0], value))


def power_transformer(step, columns, features):
    graph, columns = features.graph, numeric(step, columns, features)
    powers = np.asarray(step.lambdas_)
    vector = graph.vector(columns, step)
    if step.method == "box-cox":
        # Other numbers are refused.
        graph.refuse_unless(graph.subtract([1.0], graph.arithmetic("at-most", vector, [0.0])))
        value = powered(graph, graph.function("log", vector), powers, np.abs(powers) == 0)
    else:
        least = np.spacing(1.0)
        above = powered(graph, graph.function("log1p", vector), powers, np.abs(powers) < least)
        mirrored = graph.function("log1p", graph.multiply(vector, [-1.0]))
        # One by one: NumPy 1 takes the difference of such a scalar in 64 bits.
        below = powered(graph, mirrored, np.array([2 - power for power in powers]), np.abs(powers - 2) <= least)
        is_above = graph.arithmetic("at-most", [0.0], vector)
        value = graph.choose(is_above, above, graph.multiply(below, [-1.0]))
    if step.standardize:
        with np.errstate(all="ignore"):
            graph.range(columns, *step.inverse_transform(np.array([[-2.0], [0.0], [2.0]]) * np.ones(len(columns))))
        value = graph.scaled(value, step._scaler.mean_, step._scaler.scale_)
    return graph.columns(value)


def powered(graph, logarithm, powers, is_zero):
    """(e^(power logarithm) - 1) / power, and the logarithm itself where the power is 0."""
    safe = np.where(is_zero, 1.0, powers)
    value = graph.divide(graph.function("expm1", graph.multiply(logarithm, safe)), safe)
    return graph.choose(is_zero.astype(float), logarithm, value) if is_zero.any() else value


RULES = {
    "FunctionTransformer": function_transformer,
    "PCA": principal_components,
    "TruncatedSVD": truncated_svd,
    "LinearDiscriminantAnalysis": discriminants,
    "PolynomialFeatures": polynomial_features,
    "Normalizer": normalizer,
    "Binarizer": binarizer,
    "KBinsDiscretizer": bins,
    "QuantileTransformer": quantile_transformer,
    "PowerTransformer": power_transformer,
}
