"""Trees over the columns of scikit-learn, written as trees over the document's columns."""

from .columns import Constant, Number, Standard, Table
from .compiled import Compiled
from .linear import usable
from .nodes import Sides
from .plans import NumberPlan, TablePlan


def compile_trees(fitted, columns, features, step):
    columns = [without_missing(column) if not fitted.takes_missing else column for column in columns]
    sides = Sides(fitted.inputs)
    plans = {}
    result = Compiled([], {})
    numbers = {column.feature: [] for column in columns if not isinstance(column, Constant)}
    for column in columns:
        if isinstance(column, Number):
            numbers[column.feature].append(column)
    native = all(is_native(found) for found in numbers.values())
    for feature in features.all:
        if feature.index not in numbers:
            continue
        nodes = [node for tree in fitted.trees for node in tree.nodes
                 if node is not None and not isinstance(columns[node.column], Constant)
                 and columns[node.column].feature == feature.index]
        if feature.kind is None:
            feature.be_number(step)
        make = TablePlan if feature.kind == "category" else NumberPlan
        plan = make(feature, columns, nodes, sides, fitted, native, step)
        plans[feature.index] = plan
        result.missing[feature.index] = plan.missing
        if feature.kind == "category":
            result.unseen[feature.index] = plan.takes_unseen
        result.columns += plan.columns()
    places = {key_of(column): place for place, column in enumerate(result.columns)}

    def split(node):
        key, *rest = plans[columns[node.column].feature].split(node)
        return places[key], *rest

    result.estimator = {
        "kind": "trees",
        "combine": fitted.combine,
        "inputs": fitted.inputs if native else "f64",
        **({"sums": "f32"} if fitted.sums == "f32" else {}),
        "base": fitted.base,
        "trees": [written(tree, columns, split, sides, fitted.combine) for tree in fitted.trees],
    }
    return result


def key_of(column):
    return column["feature"], column["of"], column.get("category")


def is_native(found):
    """Whether a feature's columns can stand in the document as they are, at most one centered and scaled value."""
    if len({(column.operations, column.fill, column.raw_fill) for column in found}) > 1:
        return False
    return all(len(column.operations) <= 1 and all(isinstance(one, Standard) for one in column.operations)
               for column in found)


def without_missing(column):
    """A table whose missing values the estimator refuses."""
    if not isinstance(column, Table):
        return column

    def one(value):
        return value if usable(value) else None

    return Table(column.feature, column.values, one(column.unseen), one(column.missing), column.base, column.center,
                 column.scale, column.filled_with)


def written(tree, columns, split, sides, combine):
    """The tree as the document has it, from the root on, without splits on a column that is always the same.

    split(node) gives the document's column, threshold, side of missing values and list of categories.
    """
    names = ("left", "right", "column", "threshold", "missing_left", "left_categories", "value", "weight")
    out = {name: [] for name in names}

    def add(at):
        node = tree.nodes[at]
        while node is not None and isinstance(columns[node.column], Constant):
            at = tree.left[at] if sides.left(node, columns[node.column].value) else tree.right[at]
            node = tree.nodes[at]
        number = len(out["left"])
        row = (-1, -1, 0, 0.0, 0, None)
        if node is not None:
            column, threshold, missing_left, categories = split(node)
            row = (-1, -1, column, float(threshold), int(bool(missing_left)), categories)
        for name, value in zip(names, row + (tree.value[at], tree.weight[at])):
            out[name].append(value)
        return number, at, node is not None

    # Without recursion: trees may be deep.
    stack = [(0, None, None)]
    while stack:
        at, parent, side = stack.pop()
        number, at, inner = add(at)
        if parent is not None:
            out[side][parent] = number
        if inner:
            stack.append((tree.right[at], number, "right"))
            stack.append((tree.left[at], number, "left"))
    if combine == "sum":
        mean_of_leaves(out)
    if not any(categories is not None for categories in out["left_categories"]):
        out["left_categories"] = None
    return out


def mean_of_leaves(out):
    """The value of an inner node is the mean of its training rows."""
    for at in reversed(range(len(out["left"]))):
        left, right = out["left"][at], out["right"][at]
        if left >= 0:
            a, b = out["weight"][left], out["weight"][right]
            share = a / (a + b) if a + b > 0 else 0.5
            out["value"][at] = out["value"][left] * share + out["value"][right] * (1 - share)
