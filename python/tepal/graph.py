"""Builds graphs: operations on short vectors of numbers.

Vector 0 is the row of the document's columns, in the order in which they are asked for until the graph is compiled.
Node k makes vector k. Only picks take vector 0.
"""

import json
import math

import numpy as np

from .columns import Computed, Constant, Flag, Number, Standard, Table, round_to_f32
from .compiled import Compiled
from .errors import NotCarried
from .fold import folded
from .nodes import Sides
from .trees import written
from .values import number

# Of the larger nodes texts are not kept: equal ones are rare.
COMPARED = 2000


class Graph:
    def __init__(self, features, imputed=None, allow_rows=False):
        """imputed: what the document puts for missing cells of a feature, before the graph."""
        self.features, self.imputed, self.allow_rows = features, imputed or {}, allow_rows
        self.nodes, self.widths, self.step = [None], [None], "graph"
        self.sources = {}  # (feature, of) -> place in vector 0
        self.known = {}
        self.numbers, self.tables = [], []
        self.fills = {}
        self.splits = []  # trees with their columns
        self.edges = {}
        self.hints = {}
        self.inverses = {}  # vector -> the columns that it is a function of, and the inverse of that function
        self.conditions = []  # vectors of numbers that are 0 where the model refuses a row
        self.may_overflow = False

    # ---- nodes ----

    def node(self, op, inputs, width, parameters=None, single=False):
        """single: whether its numbers are rounded to 32 bits."""
        parameters = {} if parameters is None else parameters
        made = {"op": op, "inputs": [int(one) for one in inputs], **parameters}
        if single:
            made["single"] = True
        key = None
        if sum(map(len, parameters.values())) <= COMPARED and op != "operation/trees":
            key = json.dumps(made)
            if key in self.known:
                return self.known[key]
        self.nodes.append(made)
        self.widths.append(width)
        self.known[key] = len(self.nodes) - 1
        return len(self.nodes) - 1

    def width(self, vector):
        return self.widths[vector]

    def finite(self, values):
        return [number(value, self.step) for value in np.asarray(values, dtype=np.float64).ravel()]

    def constant(self, values):
        values = self.finite(values)
        return self.node("operation/constant", [], len(values), {"numbers": values})

    def operand(self, values):
        """A constant for arithmetic: one number where all are equal."""
        values = self.finite(values)
        return self.constant(values[:1] if len(set(values)) == 1 else values)

    def pick(self, vector, places):
        places = [int(place) for place in places]
        if vector != 0 and places == list(range(self.widths[vector])):
            return vector
        return self.node("operation/pick", [vector], len(places), {"places": places})

    def join(self, vectors):
        if len(vectors) == 1:
            return vectors[0]
        return self.node("operation/join", vectors, sum(self.widths[vector] for vector in vectors))

    def dense(self, vector, weights, bias=None):
        """weights: a row for each number that is made."""
        weights = np.atleast_2d(np.asarray(weights, dtype=np.float64))
        bias = np.zeros(len(weights)) if bias is None else np.broadcast_to(np.ravel(bias), (len(weights),))
        if weights.shape[1] != self.widths[vector]:
            raise NotCarried(self.step, f"{weights.shape[1]} weights for {self.widths[vector]} numbers")
        rows = [self.finite(row) for row in weights]
        return self.node("operation/dense", [vector], len(rows), {"weights": rows, "bias": self.finite(bias)})

    def function(self, name, vector, single=False):
        return self.node(f"function/{name}", [vector], self.widths[vector], single=single)

    def arithmetic(self, name, a, b, single=False):
        """a and b: vectors, or arrays of numbers."""
        a, b = (one if isinstance(one, int) else self.operand(one) for one in (a, b))
        return self.node(f"arithmetic/{name}", [a, b], max(self.widths[a], self.widths[b]), single=single)

    def add(self, a, b):
        return self.arithmetic("add", a, b)

    def subtract(self, a, b):
        return self.arithmetic("subtract", a, b)

    def multiply(self, a, b):
        return self.arithmetic("multiply", a, b)

    def divide(self, a, b):
        return self.arithmetic("divide", a, b)

    def choose(self, condition, yes, no):
        inputs = [one if isinstance(one, int) else self.operand(one) for one in (condition, yes, no)]
        return self.node("operation/choose", inputs, max(self.widths[one] for one in inputs))

    def softmax(self, vector):
        return self.node("operation/softmax", [vector], self.widths[vector])

    def reduce(self, name, vector, single=False):
        return self.node(f"reduce/{name}", [vector], 1, single=single)

    def lookups(self, vector, lookups):
        return self.node("operation/lookups", [vector], len(lookups), {"lookups": lookups})

    def curves(self, vector, curves):
        """curves: pairs of x and y."""
        made = [{"x": self.finite(x), "y": self.finite(y)} for x, y in curves]
        return self.node("operation/curves", [vector], len(made), {"curves": made})

    def kernel(self, name, vector, parameters, vectors):
        rows = [self.finite(row) for row in vectors]
        parameters = {"parameters": self.finite(parameters), "vectors": rows}
        return self.node(f"kernel/{name}", [vector], len(rows), parameters)

    def share(self, vector, otherwise=None):
        """Numbers over their sum. Where it is 0 they are all equal, or what is given."""
        total = self.reduce("sum", vector)
        otherwise = 1.0 / self.widths[vector] if otherwise is None else otherwise
        return self.choose(self.arithmetic("equal", total, [0.0]), [otherwise], self.divide(vector, total))

    # ---- columns ----

    def columns(self, vector):
        return [Computed(vector, place) for place in range(self.widths[vector])]

    def vector(self, columns, step):
        """One vector of these columns."""
        self.step = step
        if not columns:
            raise NotCarried(step, "no column")
        columns = self.computed([self.features.numeric(column, step) for column in columns])
        vectors = list(dict.fromkeys(column.vector for column in columns))
        start = dict(zip(vectors, np.cumsum([0] + [self.widths[vector] for vector in vectors]).tolist()))
        places = [start[column.vector] + column.place for column in columns]
        return self.pick(self.join(vectors), places)

    def computed(self, columns):
        """Each column as a number of the graph; those of one kind together."""
        groups = {}
        for at, column in enumerate(columns):
            kind = type(column)
            if kind is Number:
                kind = (kind, tuple(map(type, column.operations)), self.fill_of(column) is None)
            groups.setdefault(kind, []).append(at)
        result = list(columns)
        for kind, places in groups.items():
            if kind is Computed:
                continue
            own = [columns[at] for at in places]
            vector = MAKERS[type(own[0])](self, own)
            for at, place in zip(places, range(len(own))):
                result[at] = Computed(vector, place)
        return result

    def source(self, keys):
        """The document's columns."""
        return self.pick(0, [self.sources.setdefault(key, len(self.sources)) for key in keys])

    def fill_of(self, column):
        """What is to be put for missing values, if the document does not impute the feature."""
        return None if column.feature in self.imputed else column.fill

    def number_vector(self, columns):
        for column in columns:
            self.fills.setdefault(column.feature, set()).add(None if column.fill is None else column.raw_fill)
        self.numbers += columns
        vector = self.source([(column.feature, "value") for column in columns])
        missing = self.function("is-missing", vector) if self.fill_of(columns[0]) is not None else None
        for operations in zip(*[column.operations for column in columns]):
            if isinstance(operations[0], Standard):
                vector = self.scaled(vector, [one.center for one in operations], [one.scale for one in operations])
            else:
                vector = self.multiply(vector, [one.factor for one in operations])
                vector = self.add(vector, [one.offset for one in operations])
        if missing is not None:
            vector = self.choose(missing, [column.fill for column in columns], vector)
        return vector

    def scaled(self, vector, centers=None, scales=None):
        """(x - center) / scale"""
        if centers is not None and np.any(centers):
            vector = self.subtract(vector, centers)
        if scales is not None and np.any(np.asarray(scales) != 1):
            vector = self.divide(vector, scales)
        return vector

    def table_vector(self, columns):
        self.tables += columns
        for column in columns:
            filled = column.filled_with
            known = filled is not None and column.values[filled] == column.missing
            self.fills.setdefault(column.feature, set()).add(filled if known else None)
        vector = self.source([(column.feature, "value") for column in columns])
        if all(column.values == natural(column) and column.unseen is None and column.missing is None
               for column in columns) and all(self.places(column) == natural(column) for column in columns):
            return vector
        return self.lookups(vector, [self.lookup(column) for column in columns])

    def places(self, column):
        """Where the categories stand once they are sorted."""
        return tuple(map(float, self.features[column.feature].sorted_places()))

    def lookup(self, column):
        pairs = sorted(zip(self.places(column), column.values))
        other = column.unseen
        if other is None:
            # Never asked for: the commonest value makes the shortest list.
            values = [value for _, value in pairs if not math.isnan(value)]
            other = max(values, key=values.count) if values else math.nan
        if any(math.isnan(value) for _, value in pairs) and not math.isnan(other):
            raise NotCarried(self.step, "a category that becomes a missing value")
        pairs = [(key, value) for key, value in pairs if not same(value, other)]
        return {"keys": [key for key, _ in pairs], "values": self.finite([value for _, value in pairs]),
                "other": self.or_null(other), "missing": self.or_null(column.missing)}

    def or_null(self, value):
        return None if value is None or math.isnan(value) else number(value, self.step)

    def flag_vector(self, columns):
        vector = self.source([(column.feature, "missing") for column in columns])
        if all((column.present, column.missing) == (0.0, 1.0) for column in columns):
            return vector
        return self.lookups(vector, [{"keys": [0.0, 1.0], "values": self.finite([column.present, column.missing]),
                                      "other": None, "missing": None} for column in columns])

    def constant_vector(self, columns):
        return self.constant([column.value for column in columns])

    def hint(self, columns, centers, spreads):
        """Where the numbers of features are, as a step tells: about center +- 2 spread."""
        centers, spreads = np.ravel(centers), np.ravel(spreads)
        self.range(columns, centers - 2 * spreads, centers, centers + 2 * spreads)

    def range(self, columns, lows, middles, highs):
        """Where the numbers of features are, of columns that are features as they stand."""
        for column, low, middle, high in zip(columns, lows, middles, highs):
            known = isinstance(column, Number) and not column.operations
            if known and np.isfinite([low, middle, high]).all() and low < middle < high:
                self.hints.setdefault(column.feature, [float(low), float(middle), float(high)])

    def hint_of_function(self, column, operation):
        """What a scaler tells of the feature behind a function."""
        if isinstance(column, Computed) and column.vector in self.inverses and isinstance(operation, Standard):
            columns, inverse = self.inverses[column.vector]
            with np.errstate(all="ignore"):
                ends = [[inverse(operation.center + side * operation.scale)] for side in (-2, 0, 2)]
            self.range([columns[column.place]], *ends)

    # ---- what a model refuses ----

    def refuse_unless(self, condition):
        """Rows in which one of these numbers is 0 have no prediction."""
        self.conditions.append(condition)

    def require_finite(self, columns, step, largest, takes_missing):
        """Only where a function may have made an infinite or missing number of a number."""
        own = [column for column in columns if isinstance(column, Computed)]
        if self.may_overflow and own:
            size = self.function("abs", self.vector(own, step))
            if takes_missing:
                self.refuse_unless(self.subtract([1.0], self.arithmetic("less", [largest], size)))
            else:
                self.refuse_unless(self.arithmetic("at-most", size, [largest]))

    def guarded(self, vector):
        """The scores, which are missing where a condition is not met."""
        if not self.conditions:
            return vector
        met = self.reduce("minimum", self.join(list(dict.fromkeys(self.conditions))))
        return self.choose(met, vector, self.function("log", self.constant([-1.0])))

    # ---- trees ----

    def trees(self, fitted, columns, step):
        """The scores of trees over columns."""
        self.step = step
        sides = Sides(fitted.inputs)
        columns = list(columns)
        places = {}

        def place(node):
            """The column of a node; a split by categories has one of its own, which is 0 on the left."""
            if node.left_codes is None:
                return node.column
            key = (node.column, node.left_codes, node.known_codes, node.missing_left)
            if key not in places:
                places[key] = len(columns)
                columns.append(by_side(columns[node.column], node, sides, step))
            return places[key]

        def split(node):
            return place(node), 0.5 if node.left_codes is not None else node.threshold, node.missing_left, None

        trees = [written(tree, columns, split, sides, fitted.combine) for tree in fitted.trees]
        self.splits.append((fitted, columns))
        vector = self.vector(columns, step)
        made = {"combine": fitted.combine, "inputs": fitted.inputs, "base": self.finite(fitted.base), "trees": trees}
        if fitted.sums == "f32":
            made["sums"] = "f32"
        return self.node("operation/trees", [vector], len(fitted.base), {"trees": made})

    def note_edges(self, column, edges):
        """Values at which a function of a feature jumps."""
        if isinstance(column, Number) and not column.operations:
            self.edges.setdefault(column.feature, set()).update(float(edge) for edge in edges)

    def jumps(self):
        """Of each feature the largest values before a part of the graph jumps, for proof rows."""
        found = {feature: set(edges) for feature, edges in self.edges.items()}
        thresholds = {}
        for fitted, columns in self.splits:
            for tree in fitted.trees:
                for node in tree.nodes:
                    if node is not None and node.left_codes is None and isinstance(columns[node.column], Number):
                        thresholds.setdefault((columns[node.column], fitted.inputs), set()).add(node.threshold)
        for (column, inputs), own in thresholds.items():
            function = (lambda x: round_to_f32(column(x))) if inputs == "f32" else column
            found.setdefault(column.feature, set()).update(folded(function, sorted(own)).tolist())
        return found

    # ---- the end ----

    def imputable(self):
        """Features whose missing cells become one value everywhere."""
        found = {feature: list(fills)[0] for feature, fills in self.fills.items() if len(fills) == 1}
        return {feature: value for feature, value in found.items() if value is not None}

    def compiled(self, last):
        """The document's columns and the graph whose last vector is this one."""
        live = self.live(last)
        used = {place for at in live if self.nodes[at]["inputs"] == [0] for place in self.nodes[at]["places"]}
        keys = sorted((key for key, place in self.sources.items() if place in used), key=order)
        place = {self.sources[key]: at for at, key in enumerate(keys)}
        result = Compiled([{"feature": feature, "of": of, "center": 0.0, "scale": 1.0} for feature, of in keys], {})
        new, nodes = {0: 0}, []
        for at in live:
            node = dict(self.nodes[at])
            if node["inputs"] == [0]:
                node["places"] = [place[one] for one in node["places"]]
                if node["places"] == list(range(len(keys))) and at != last:
                    new[at] = 0
                    continue
            node["inputs"] = [new[one] for one in node["inputs"]]
            nodes.append(node)
            new[at] = len(nodes)
        result.estimator = {"kind": "graph", "nodes": nodes}
        for feature, _ in keys:
            self.describe(feature, result)
        return result

    def live(self, last):
        """The nodes that the last vector needs, in their order."""
        found, stack = set(), [last]
        while stack:
            at = stack.pop()
            if at not in found and at != 0:
                found.add(at)
                stack += self.nodes[at]["inputs"]
        return sorted(found)

    def describe(self, index, result):
        feature = self.features[index]
        missing = "pass"
        if feature.kind is None:
            feature.be_number(self.step)
        if feature.kind == "category":
            tables = [table for table in self.tables if table.feature == index]
            result.unseen[index] = all(table.unseen is not None for table in tables)
            if index in self.imputed:
                missing = {"impute": feature.sorted_places()[self.imputed[index]]}
            elif any(table.missing is None for table in tables):
                missing = "refuse"
            feature.sort()
        elif index in self.imputed:
            missing = {"impute": self.imputed[index]}
        result.missing[index] = missing


MAKERS = {Number: Graph.number_vector, Table: Graph.table_vector, Flag: Graph.flag_vector,
          Constant: Graph.constant_vector}


def natural(column):
    return tuple(float(code) for code in range(len(column.values)))


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


def order(key):
    feature, of = key
    return feature, ("value", "missing").index(of)


def by_side(column, node, sides, step):
    """A column that is 0 where the categories of a split go left, else 1."""
    def one(value):
        return 0.0 if sides.left(node, value) else 1.0

    if isinstance(column, Table):
        return column.mapped(one)
    if isinstance(column, Constant):
        return Constant(one(column.value))
    raise NotCarried(step, "categories after arithmetic")
