"""The columns of the table that a model was fitted on."""

import numpy as np

from .columns import Constant, Number, Raw, Table, NOTHING
from .errors import NotCarried
from .graph import Graph
from .values import is_missing, kind_of, labels, number


class Feature:
    def __init__(self, index, name, boolean):
        self.index = index
        self.name = name
        self.boolean = boolean
        self.kind = None  # "number" or "category", once it is known
        self.categories = None
        # What the model takes for a missing cell of this feature: NaN, None or pandas.NA.
        self.marker = np.nan
        self.marker_known = False
        self.texts = False  # the table for checking has texts here

    def is_marked_by(self, marker, step):
        """Whether a step that takes this for a missing cell means the missing cells of this feature.

        None and NaN are different to scikit-learn, but the same to a CSV file. The kind that the table for checking has
        is the one that counts; without any, the first step decides.
        """
        if not self.marker_known:
            self.marker, self.marker_known = marker, True
        return (self.marker is None) == (marker is None)

    def be_number(self, step):
        if self.kind == "category":
            raise NotCarried(step, f"feature {self.name!r} is used both as a number and as a category")
        if self.texts:
            raise NotCarried(step, f"feature {self.name!r} has texts where numbers are expected")
        self.kind = "number"

    def be_category(self, categories, step):
        """categories: without the missing one."""
        if self.kind == "number":
            raise NotCarried(step, f"feature {self.name!r} is used both as a number and as a category")
        found = labels(categories, step)
        if not found:
            raise NotCarried(step, f"feature {self.name!r} has no category")
        if "" in found:
            why = "has an empty text as a category, which no CSV file tells from a missing cell"
            raise NotCarried(step, f"feature {self.name!r} {why}")
        if isinstance(found[0], str) and len({one.strip() for one in found}) < len(found):
            twice = next(one.strip() for at, one in enumerate(found) if one.strip() in {o.strip() for o in found[:at]})
            raise NotCarried(step, f"feature {self.name!r} has two categories {twice!r}, which differ in blanks alone")
        known = self.categories
        if known is not None and (known != found or kind_of(known[0]) != kind_of(found[0])):
            raise NotCarried(step, f"feature {self.name!r} is encoded with two different lists of categories")
        self.kind, self.categories = "category", found

    def sorted_places(self):
        """Where each category stands once they are sorted."""
        order = sorted(range(len(self.categories)), key=lambda at: self.categories[at])
        return [order.index(at) for at in range(len(order))]

    def sort(self):
        self.categories = sorted(self.categories)


class Features:
    """All of them, in the order of the table."""

    def __init__(self, names, booleans, texts, markers, imputed=None, allow_rows=False, first_row=None):
        """markers: of each column, the missing cells that it has. imputed: see Graph. first_row: a table of one row."""
        self.first_row = first_row
        # Whether the columns that an estimator gets are a sparse table, as far as it is known.
        self.is_sparse = False
        self.had_sparse = False
        self.graph = Graph(self, imputed, allow_rows)
        self.all = [Feature(index, name, boolean) for index, (name, boolean) in enumerate(zip(names, booleans))]
        for feature, has_texts, found in zip(self.all, texts, markers):
            feature.texts = has_texts
            if has_texts and found:
                if len({marker is None for marker in found}) > 1:
                    raise two_kinds("X_check", feature)
                feature.marker, feature.marker_known = found[0], True

    def __getitem__(self, index):
        return self.all[index]

    def raw(self):
        return [Raw(feature.index) for feature in self.all]

    def numeric(self, column, step):
        """The column as a number: what arithmetic makes of it."""
        if not isinstance(column, Raw):
            return column
        feature = self.all[column.feature]
        if feature.boolean:
            feature.be_category([False, True], step)
            if column.fill is not NOTHING:
                raise NotCarried(step, f"feature {feature.name!r} is of booleans and imputed")
            return Table(column.feature, (0.0, 1.0), None, None, base=("value",))
        feature.be_number(step)
        if column.fill is NOTHING:
            return Number(column.feature)
        fill = number(column.fill, step)
        return Number(column.feature, (), fill, fill)

    def encoded(self, column, categories, step):
        """Codes 0, 1, ... of a raw column by a list of categories, which may end with missing ones.

        Gives the labels' own codes, the code of missing cells, and the code that an imputer gives them; a code is None
        where the list has no such category.
        """
        feature = self.all[column.feature]
        categories = list(categories)
        present = [(code, value) for code, value in enumerate(categories) if not is_missing(value)]
        absent = [(code, value) for code, value in enumerate(categories) if is_missing(value)]
        if len(absent) > 1:
            raise two_kinds(step, feature)
        feature.be_category([value for _, value in present], step)
        if column.fill is not NOTHING:
            if absent:
                raise two_kinds(step, feature)
            fill = column.fill
            match = [at for at, (_, value) in enumerate(present)
                     if value == fill and kind_of_any(value) == kind_of_any(fill)]
            return [code for code, _ in present], None, (match[0] if match else "unseen")
        if absent:
            if not feature.is_marked_by(absent[0][1], step):
                raise two_kinds(step, feature)
            return [code for code, _ in present], absent[0][0], None
        return [code for code, _ in present], None, None


def two_kinds(step, feature):
    return NotCarried(step, f"feature {feature.name!r} has two kinds of missing cells, None and NaN")


def kind_of_any(value):
    if isinstance(value, str):
        return "text"
    return "boolean" if isinstance(value, (bool, np.bool_)) else "number"


def feature_of(column):
    return None if isinstance(column, Constant) else column.feature
