"""The operations of graphs with NumPy alone, as readers have to do them.

A vector is a table here: a row for each row that is scored. With `noise`, a number that other readers may round
differently is moved by about as much as they may.
"""

import math

import numpy as np

from .columns import round_to_f32

ROWS_AT_ONCE = 1024
# Half of the distance between 1 and the next double, with room for sums in another order.
NOISE = 4 * 2.0**-52


def run(estimator, z, trees, noise=None):
    """The scores of the prepared rows, and the sizes of the terms that make them.

    trees(estimator, table) gives the scores of trees. noise(shape) gives numbers from -1 to 1.
    """
    parts = [scores_of(estimator["nodes"], z[at:at + ROWS_AT_ONCE], trees, noise)
             for at in range(0, len(z), ROWS_AT_ONCE)]
    return tuple(np.concatenate(part) for part in zip(*parts))


def scores_of(nodes, z, trees, noise):
    vectors, sizes = [z], np.abs(z)
    for node in nodes:
        inputs = [vectors[at] for at in node["inputs"]]
        made, sizes = operation(node, inputs, trees, len(z))
        if noise is not None and sizes is not None:
            made = made + NOISE * sizes * noise(made.shape)
        if node.get("single"):
            made = round_to_f32(made)
        vectors.append(made)
    made = vectors[-1]
    return made, np.abs(made) if sizes is None else np.broadcast_to(sizes, made.shape)


def operation(node, inputs, trees, n_rows):
    """The vector, and the size of its rounding errors; None where there are none."""
    kind, name = node["op"].split("/")
    with np.errstate(all="ignore"):
        if kind == "function":
            made = FUNCTIONS[name](inputs[0])
            return made, None if name in EXACT else np.abs(made)
        if kind == "arithmetic":
            made = ARITHMETIC[name](*inputs)
            return made, np.abs(made) if name == "power" else None
        if kind == "reduce":
            return reduced(name, inputs[0])
        if kind == "kernel":
            return likeness(name, node, inputs[0])
        return OPERATIONS[name](node, inputs, trees, n_rows)


# ---- of one number ----

def logistic(x):
    small = np.exp(-np.abs(x))
    return np.where(np.isnan(x), x, np.where(x >= 0, 1 / (1 + small), small / (1 + small)))


EXACT = ("abs", "ceil", "floor", "is-missing", "round", "sign", "sqrt")

FUNCTIONS = {
    "abs": np.abs,
    "ceil": np.ceil,
    "erf": lambda x: np.vectorize(math.erf, otypes=[np.float64])(x),
    "exp": np.exp,
    "expm1": np.expm1,
    "floor": np.floor,
    "is-missing": lambda x: np.isnan(x).astype(np.float64),
    "log": np.log,
    "log1p": np.log1p,
    "logistic": logistic,
    "round": np.rint,
    "sign": np.sign,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
}

# ---- of two numbers ----

ARITHMETIC = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "power": np.power,
    "less": lambda a, b: (a < b).astype(np.float64),
    "at-most": lambda a, b: (a <= b).astype(np.float64),
    "equal": lambda a, b: (a == b).astype(np.float64),
}


# ---- of a whole vector ----

def reduced(name, x):
    if name == "place-of-maximum":
        return np.argmax(x, axis=1).astype(np.float64)[:, np.newaxis], None
    function = {"sum": np.sum, "mean": np.mean, "product": np.prod, "maximum": np.max, "minimum": np.min}[name]
    made = function(x, axis=1, keepdims=True)
    if name in ("sum", "mean"):
        return made, np.abs(function(np.abs(x), axis=1, keepdims=True))
    return made, np.abs(made) if name == "product" else None


def softmax(node, inputs, trees, n_rows):
    powers = np.exp(inputs[0] - inputs[0].max(axis=1, keepdims=True))
    made = powers / powers.sum(axis=1, keepdims=True)
    return made, np.abs(made)


def log_softmax(node, inputs, trees, n_rows):
    below = inputs[0] - inputs[0].max(axis=1, keepdims=True)
    logarithm = np.log(np.exp(below).sum(axis=1, keepdims=True))
    return below - logarithm, np.abs(below) + np.abs(logarithm)


def dense(node, inputs, trees, n_rows):
    weights, bias = np.array(node["weights"]), np.array(node["bias"])
    return inputs[0] @ weights.T + bias, np.abs(inputs[0]) @ np.abs(weights).T + np.abs(bias)


def likeness(name, node, x):
    parameters, vectors = node["parameters"], np.array(node["vectors"])
    if name == "gaussian":
        # Vector by vector: the square of a sum would cancel.
        distance = np.stack([((x - one) ** 2).sum(axis=1) for one in vectors], axis=1)
        made = np.exp(-parameters[0] * distance)
        return made, made * (1 + parameters[0] * distance)
    inner, size = x @ vectors.T, np.abs(x) @ np.abs(vectors).T
    inner, size = parameters[0] * inner + parameters[1], np.abs(parameters[0]) * size + abs(parameters[1])
    if name == "sigmoid":
        made = np.tanh(inner)
        return made, np.abs(made) + (1 - made**2) * size
    degree = parameters[2]
    return inner**degree, np.abs(inner) ** degree + degree * np.abs(inner) ** (degree - 1) * size


def lookups(node, inputs, trees, n_rows):
    x = inputs[0]
    made = np.empty(x.shape)
    for at, one in enumerate(node["lookups"]):
        keys, values = np.array(one["keys"], dtype=np.float64), np.array(one["values"] + [np.nan], dtype=np.float64)
        cells = x[:, at]
        place = np.searchsorted(keys, cells)
        found = np.append(keys, np.nan)[place] == cells
        other, missing = (np.nan if one[name] is None else one[name] for name in ("other", "missing"))
        made[:, at] = np.where(np.isnan(cells), missing, np.where(found, values[place], other))
    return made, None


def curves(node, inputs, trees, n_rows):
    """As numpy.interp; of two points at one place the last one counts there."""
    vector = inputs[0]
    made, sizes = np.empty(vector.shape), np.zeros(vector.shape)
    for at, one in enumerate(node["curves"]):
        x, y, cells = np.array(one["x"]), np.array(one["y"]), vector[:, at]
        place = np.searchsorted(x, cells, side="right") - 1
        low = np.clip(place, 0, len(x) - 1)
        high = np.clip(low + 1, 0, len(x) - 1)
        slope = (y[high] - y[low]) / np.where(x[high] == x[low], 1.0, x[high] - x[low])
        between = slope * (cells - x[low]) + y[low]
        level = (place < 0) | (place == len(x) - 1) | (x[low] == cells)
        made[:, at] = np.where(np.isnan(cells), cells, np.where(level, y[low], between))
        sizes[:, at] = np.where(level | (slope == 0), 0.0, np.abs(y[low]) + np.abs(between))
    return made, sizes


OPERATIONS = {
    "constant": lambda node, inputs, trees, n_rows: (np.tile(np.array(node["numbers"]), (n_rows, 1)), None),
    "pick": lambda node, inputs, trees, n_rows: (inputs[0][:, node["places"]], None),
    "join": lambda node, inputs, trees, n_rows: (np.concatenate(inputs, axis=1), None),
    "dense": dense,
    "choose": lambda node, inputs, trees, n_rows: (np.where(inputs[0] != 0, inputs[1], inputs[2]), None),
    "softmax": softmax,
    "log-softmax": log_softmax,
    "trees": lambda node, inputs, trees, n_rows: (trees(node["trees"], inputs[0]), None),
    "lookups": lookups,
    "curves": curves,
}
