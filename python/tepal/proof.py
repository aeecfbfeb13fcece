"""Proof rows: rows made from the schema and the thresholds, never from a person's row."""

import math
import random

import numpy as np

from .columns import round_to_f32
from .fold import folded
from .scorer import score, side

LEAST, MOST = 32, 64
# No feature is that large in a proof row: it has to fit 32 bits.
TOO_LARGE = 1e38


def ranges(document, hints, jumps=None):
    """A minimum, a middle and a maximum for the features that have thresholds or scales.

    jumps: of features under a graph, the values at which a part of it jumps.
    """
    thresholds = raw_thresholds(document)
    found = []
    for at, feature in enumerate(document["features"]):
        own = {value for (column, _), value in thresholds.items() if document["columns"][column]["feature"] == at}
        own = sorted(value for value in own | set((jumps or {}).get(at, ())) if abs(value) <= TOO_LARGE)
        if feature["kind"] != "number":
            found.append(None)
        elif own:
            found.append([own[0], own[len(own) // 2], own[-1]])
        else:
            found.append(hints.get(at))
    return found


def raw_thresholds(document):
    """(column, threshold) -> the largest value of the feature that goes left, for values of numbers."""
    estimator = document["estimator"]
    if estimator["kind"] != "trees":
        return {}
    by_column = {}
    for tree in estimator["trees"]:
        for left, column, threshold in zip(tree["left"], tree["column"], tree["threshold"]):
            if left >= 0:
                by_column.setdefault(column, set()).add(threshold)
    found = {}
    for place, thresholds in by_column.items():
        column = document["columns"][place]
        if column["of"] == "value" and document["features"][column["feature"]]["kind"] == "number":
            thresholds = sorted(thresholds)
            plain = (column["center"], column["scale"]) == (0.0, 1.0)
            if plain and estimator["inputs"] == "f64":
                raw = thresholds
            else:
                raw = folded(scaled(column, estimator["inputs"]), thresholds).tolist()
            found.update(zip(((place, threshold) for threshold in thresholds), raw))
    return found


def scaled(column, inputs):
    def function(x):
        z = (x - column["center"]) / column["scale"]
        return round_to_f32(z) if inputs == "f32" else z

    return function


def neighbours(value):
    """The value, and the next doubles and floats on both sides of it."""
    if abs(value) > TOO_LARGE:
        return []  # a split between missing cells and all others
    near = np.float32(value)
    found = [value, float(np.nextafter(value, np.inf)), float(np.nextafter(value, -np.inf)), float(near)]
    found += [float(np.nextafter(near, np.float32(side))) for side in (np.inf, -np.inf)]
    return [one for one in dict.fromkeys(found) if abs(one) <= TOO_LARGE]


class Proof:
    def __init__(self, document, steepness, jumps=None, typical=0.0):
        """typical: what a number is taken to be of which nothing is known."""
        self.jumps, self.default = jumps or {}, typical
        self.document, self.features = document, document["features"]
        self.estimator = document["estimator"]
        self.thresholds = raw_thresholds(document)
        self.steepness = steepness
        self.random = random.Random(7)
        self.typical = [self.middle(feature) for feature in self.features]

    def middle(self, feature):
        if feature["kind"] == "category":
            imputed = feature["missing"]["impute"] if isinstance(feature["missing"], dict) else 0
            return imputed % len(feature["categories"])
        if feature["range"] is not None:
            return feature["range"][1]
        return float(feature["missing"]["impute"]) if isinstance(feature["missing"], dict) else self.default

    def choices(self, at):
        """Values of a feature that are worth a row."""
        feature = self.features[at]
        found = [None] if feature["missing"] != "refuse" else []
        if feature["kind"] == "category":
            n = len(feature["categories"])
            return found + ([n] if feature["unseen"] else []) + list(range(n))
        if feature["range"] is not None:
            low, middle, high = feature["range"]
            found += [low, high, middle]
            for value in (low, middle, high):
                found += neighbours(value)
            jumps = [value for value in sorted(self.jumps.get(at, ())) if abs(value) <= TOO_LARGE]
            for value in self.random.sample(jumps, min(8, len(jumps))):
                found += neighbours(value)
        else:
            size = 1 / self.steepness.get(at, 1.0)
            found += [self.typical[at] + size * factor for factor in (1.0, -1.0, 0.5, -0.25)]
            found += [1.0, -1.0]
        return list(dict.fromkeys(found))

    def rows(self):
        """More rows than are needed, the most telling ones first."""
        choices = [self.choices(at) for at in range(len(self.features))]
        first = [list(self.typical)]
        for place in (0, 1, 2, -1):
            first.append([found[place % len(found)] for found in choices])
        first += self.balanced()
        alone = []
        for step in range(max(map(len, choices))):
            for at, found in enumerate(choices):
                if step < len(found):
                    row = list(self.typical)
                    row[at] = found[step]
                    alone.append(row)
        paths = self.paths() if self.estimator["kind"] == "trees" else []
        mixed = [[self.random.choice(found) for found in choices] for _ in range(3 * MOST)]
        rows = first + [row for pair in zip(alone, paths) for row in pair]
        rows += alone[len(paths):] + paths[len(alone):] + mixed
        unique = {tuple(row): row for row in rows}
        return list(unique.values())[:4 * MOST]

    def balanced(self):
        """Rows for which the first two classes are about as likely, where the score is a sum."""
        if self.estimator["kind"] != "linear" or self.document["target"]["classes"] is None:
            return []
        found = []
        for at in self.steepness:
            if self.features[at]["kind"] != "number":
                continue
            column = [place for place, one in enumerate(self.document["columns"])
                      if one["feature"] == at and one["of"] == "value"][0]
            scale = self.document["columns"][column]["scale"]
            scores = score(self.document, [self.typical]).scores[0]
            slopes = [weights[column] / scale for weights in self.estimator["coefficients"]]
            distance, slope = scores[0], slopes[0]
            if len(scores) > 1:
                distance, slope = scores[1] - scores[0], slopes[1] - slopes[0]
            for wanted in (0.0, 1.0, -1.0):
                value = self.typical[at] + (wanted - distance) / slope if slope else math.inf
                if abs(value) <= TOO_LARGE:
                    row = list(self.typical)
                    row[at] = float(value)
                    found.append(row)
        return found

    # ---- rows that reach a split, and stand on either side of it ----

    def paths(self):
        nodes = [(tree, at) for tree in self.estimator["trees"] for at, left in enumerate(tree["left"]) if left >= 0]
        self.random.shuffle(nodes)
        found = []
        for tree, at in nodes[:MOST]:
            found += self.around(tree, at)
            if len(found) >= 2 * MOST:
                break
        self.random.shuffle(found)
        return found

    def around(self, tree, target):
        parents = {}
        for at, (left, right) in enumerate(zip(tree["left"], tree["right"])):
            if left >= 0:
                parents[left], parents[right] = (at, True), (at, False)
        way, at = [], target
        while at in parents:
            at, left = parents[at]
            way.append((at, left))
        state = [self.start(feature) for feature in self.features]
        for node, left in reversed(way):
            column = tree["column"][node]
            place = self.document["columns"][column]["feature"]
            state[place] = [cell for cell in self.more(state[place], column, tree, node)
                            if self.goes_left(tree, node, cell) == left]
            if not state[place]:
                return []
        row = [cells[0] for cells in state]
        column = self.document["columns"][tree["column"][target]]
        place = column["feature"]
        raw = self.thresholds.get((tree["column"][target], tree["threshold"][target]))
        if raw is None or tree["left_categories"] and tree["left_categories"][target] is not None:
            values = state[place]
        else:
            both = neighbours(raw) + neighbours(tree["threshold"][target])
            values = both[:2] + self.random.sample(both, min(2, len(both))) or state[place]
        result = []
        for value in values:
            other = list(row)
            other[place] = value
            result.append(other)
        return result

    def start(self, feature):
        if feature["kind"] == "category":
            n = len(feature["categories"])
            cells = list(range(n)) + ([n] if feature["unseen"] else [])
        else:
            cells = [self.middle(feature)]
        return cells + ([None] if feature["missing"] != "refuse" else [])

    def more(self, cells, column, tree, node):
        """The cells so far, and for a number also the ones beside this threshold."""
        raw = self.thresholds.get((column, tree["threshold"][node]))
        if raw is None or abs(raw) > TOO_LARGE:
            return cells
        numbers = [cell for cell in cells if cell is not None]
        if not numbers:
            return cells
        return numbers + [raw, float(np.nextafter(raw, np.inf))] + [cell for cell in cells if cell is None]

    def goes_left(self, tree, node, cell):
        return side(self.document, tree, node, cell)
