"""How the splits on one feature stand in the document."""

import math

from .columns import Constant, Flag, Number, Table, round_to_f32
from .errors import NotCarried
from .fold import folded
from .linear import counts_as


class NumberPlan:
    def __init__(self, feature, columns, nodes, sides, fitted, native, step):
        self.feature, self.all, self.nodes, self.sides, self.native = feature, columns, nodes, sides, native
        own = [column for column in columns if isinstance(column, Number) and column.feature == feature.index]
        self.numbers = own
        self.has_flag = any(isinstance(column, Flag) and column.feature == feature.index for column in columns)
        self.single = own[0].operations[0] if native and own and own[0].operations else None
        self.raw = self.fold(fitted.inputs)
        filled = [column for column in own if column.fill is not None]
        if len(filled) < len(own) and not fitted.takes_missing:
            self.missing = "refuse"
        elif len(filled) == len(own) and own:
            self.missing = self.imputed()
        else:
            self.missing = "pass"

    def fold(self, inputs):
        """(column, threshold) -> the largest value of the feature that goes left."""
        found = {}
        for place in {node.column for node in self.nodes}:
            column = self.all[place]
            if isinstance(column, Number):
                thresholds = sorted({node.threshold for node in self.nodes if node.column == place})
                function = (lambda x: round_to_f32(column(x))) if inputs == "f32" else column
                found.update(zip(((place, t) for t in thresholds), map(float, folded(function, thresholds))))
        return found

    def imputed(self):
        """The value that stands for missing ones, if there is one that takes the same way everywhere."""
        candidates = []
        for column in self.numbers:
            center, scale = column.center_and_scale()
            candidates += [column.raw_fill, column.fill * scale + center]
        for value in candidates:
            if value is not None and math.isfinite(value) and all(self.takes_way(node, value) for node in self.nodes):
                return {"impute": value}
        return "pass"

    def takes_way(self, node, value):
        column = self.all[node.column]
        if not isinstance(column, Number):
            return True
        return (value <= self.raw[node.column, node.threshold]) == self.sides.left(node, column.fill)

    def columns(self):
        center, scale = (self.single.center, self.single.scale) if self.single else (0.0, 1.0)
        found = []
        if self.numbers:
            found.append({"feature": self.feature.index, "of": "value", "center": center, "scale": scale})
        if self.has_flag:
            found.append({"feature": self.feature.index, "of": "missing", "center": 0.0, "scale": 1.0})
        return found

    def split(self, node):
        """The document's column, threshold, side of missing values and list of categories."""
        column = self.all[node.column]
        if isinstance(column, Flag):
            return flag_split(self.feature, column, node, self.sides)
        threshold = node.threshold if self.native else self.raw[node.column, node.threshold]
        missing_left = self.missing == "pass" and (
            node.missing_left if column.fill is None else self.sides.left(node, column.fill))
        return (self.feature.index, "value", None), threshold, missing_left, None


def flag_split(feature, column, node, sides):
    present, missing = sides.left(node, column.present), sides.left(node, column.missing)
    return (feature.index, "missing", None), *two_values(present, missing, feature)


def two_values(zero, one, feature):
    """A threshold that sends 0 and 1 to these sides."""
    if zero == one:
        return (1.5 if zero else -0.5), False, None
    if zero:
        return 0.5, False, None
    raise NotCarried("trees", f"a falling function of {feature.name!r}")


class TablePlan:
    def __init__(self, feature, columns, nodes, sides, fitted, native, step):
        self.feature, self.all, self.sides = feature, columns, sides
        self.n = len(feature.categories)
        own = [column for column in columns if not isinstance(column, Constant) and column.feature == feature.index]
        self.tables = [column for column in own if isinstance(column, Table)]
        self.has_flag = any(isinstance(column, Flag) for column in own)
        self.takes_unseen = all(column.unseen is not None for column in self.tables)
        self.nodes = [node for node in nodes if isinstance(columns[node.column], Table)]
        takes_missing = all(column.missing is not None for column in self.tables)
        self.natural = self.is_natural()
        self.missing = self.way_of_missing(step) if takes_missing else "refuse"

    def ways(self, node):
        """The sides of the categories, of unseen ones and of missing cells."""
        column = self.all[node.column]
        values = [self.sides.left(node, value) for value in column.values]
        unseen = self.sides.left(node, column.unseen) if self.takes_unseen else None
        missing = None if column.missing is None else self.sides.left(node, column.missing)
        return values, unseen, missing

    def is_natural(self):
        """Whether every table can stand in the document as it is, with thresholds and without lists of categories."""
        bases = {column.base for column in self.tables}
        if None in bases or any(node.left_codes is not None for node in self.nodes):
            return False
        return all(self.natural_split(node) is not None for node in self.nodes)

    def natural_split(self, node):
        column = self.all[node.column]
        values, unseen, _ = self.ways(node)
        if column.base[0] == "category":
            place = column.base[1]
            others = {side for category, side in enumerate(values) if category != place}
            if self.takes_unseen:
                others.add(unseen)
            if len(others) > 1:
                return None
            zero = others.pop() if others else values[place]
            if zero == values[place]:
                return 1.5 if zero else -0.5
            return 0.5 if zero else None
        n_left = sum(values)
        if values != [category < n_left for category in range(self.n)]:
            return None
        if not self.takes_unseen:
            return node.threshold if (column.center, column.scale) == (0.0, 1.0) else n_left - 0.5
        if unseen and n_left < self.n:
            return None
        if (column.center, column.scale) == (0.0, 1.0) and (self.n <= node.threshold) == unseen:
            return node.threshold
        return self.n + 0.5 if unseen else n_left - 0.5

    def way_of_missing(self, step):
        if not self.tables:
            return {"impute": self.n}
        same = self.same_as_missing()
        if same and (not self.natural or counts_as(self.tables, self.n) != {"impute": self.n}):
            return {"impute": same[0]}
        ways = [self.ways(node) for node in self.nodes]
        if self.natural:
            # Those of the list count as none of its categories.
            def none_of_them(node):
                column, threshold = self.all[node.column], self.natural_split(node)
                return 0 <= threshold if column.base[0] == "category" else self.n <= threshold

            if all(none_of_them(node) == way[2] for node, way in zip(self.nodes, ways)):
                return {"impute": self.n}
            if all(column.base == ("value",) for column in self.tables):
                return "pass"
        self.natural = False
        if self.takes_unseen and any(unseen != missing for _, unseen, missing in ways):
            name = self.feature.name
            raise NotCarried(step, f"unseen and missing categories of {name!r} go different ways in the trees; "
                                   "an OrdinalEncoder with unknown_value=numpy.nan may help")
        return "pass"

    def same_as_missing(self):
        """The categories whose values missing cells have in every table, an imputer's own choice first."""
        same = [category for category in range(self.n)
                if all(table.values[category] == table.missing for table in self.tables)]
        return [table.filled_with for table in self.tables if table.filled_with in same] + same

    def columns(self):
        found = []
        if self.natural:
            for base in sorted({column.base for column in self.tables}, key=lambda base: base[1:]):
                column = {"feature": self.feature.index, "of": base[0]}
                if base[0] == "category":
                    column["category"] = base[1]
                found.append({**column, "center": 0.0, "scale": 1.0})
        elif self.tables:
            found.append({"feature": self.feature.index, "of": "value", "center": 0.0, "scale": 1.0})
        if self.has_flag:
            found.append({"feature": self.feature.index, "of": "missing", "center": 0.0, "scale": 1.0})
        return found

    def split(self, node):
        column = self.all[node.column]
        if isinstance(column, Flag):
            return flag_split(self.feature, column, node, self.sides)
        values, unseen, missing = self.ways(node)
        missing_left = missing if self.missing == "pass" else False
        if self.natural:
            key = (self.feature.index, column.base[0], column.base[1] if len(column.base) > 1 else None)
            return key, float(self.natural_split(node)), missing_left, None
        left = [category for category, side in enumerate(values) if side]
        if self.takes_unseen:
            missing_left = unseen
        return (self.feature.index, "value", None), 0.0, missing_left, left
