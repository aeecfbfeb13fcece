"""The fitted model itself: the table that it was fitted on, and what it predicts."""

import warnings

import numpy as np

from .errors import NotCarried
from .values import is_missing, kind_of, plain


# How far predictions for numbers of 32 bits may be from those for the same numbers in 64.
NARROW = 1e-5


class Original:
    """A fitted model, and a table with the columns and kinds of cells that it takes."""

    def __init__(self, model, x_check):
        self.model = model
        names = getattr(model, "feature_names_in_", None)
        self.is_frame = hasattr(x_check, "columns") and hasattr(x_check, "iloc")
        if self.is_frame and names is not None and type(model).__module__.startswith("lightgbm."):
            # LightGBM writes _ for a blank.
            own = [str(name) for name in x_check.columns]
            names = own if [name.replace(" ", "_") for name in own] == list(names) else names
        if self.is_frame:
            self.x_check = chosen(x_check, names)
            self.names = [str(name) for name in (self.x_check.columns if names is None else names)]
            if names is None and not all(isinstance(name, str) for name in self.x_check.columns):
                self.names = [f"x{j}" for j in range(len(self.names))]
            columns = [self.x_check.iloc[:, j] for j in range(len(self.names))]
            self.kinds = [column.dtype for column in columns]
            self.cells = [column.tolist() for column in columns]
        else:
            self.x_check = np.asarray(x_check)
            if self.x_check.ndim != 2:
                raise NotCarried("X_check", "a pandas frame or a table of two dimensions is expected")
            self.names = [f"x{j}" for j in range(self.x_check.shape[1])] if names is None else [str(n) for n in names]
            self.kinds = [self.x_check.dtype] * self.x_check.shape[1]
            self.cells = [self.x_check[:, j].tolist() for j in range(self.x_check.shape[1])]
        expected = getattr(model, "n_features_in_", len(self.names))
        if len(self.names) != len(self.kinds) or expected != len(self.kinds):
            raise NotCarried("X_check", f"{len(self.kinds)} columns where {expected} are expected")
        if len(set(self.names)) < len(self.names):
            raise NotCarried("X_check", "two columns of the same name")
        if not len(self.x_check):
            raise NotCarried("X_check", "no rows")
        self.booleans = [self.is_frame and getattr(kind, "kind", "O") == "b" for kind in self.kinds]
        self.markers = [[cell for cell in cells if is_missing(cell)] for cells in self.cells]
        self.texts = [any(isinstance(cell, str) for cell in cells) for cells in self.cells]

    def predict_table(self, table):
        """Numbers, or the probabilities of the classes."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if has_classes(self.model):
                found = self.model.predict_proba(table)
            elif is_outlier_detector(self.model):
                found = self.model.score_samples(table)
            else:
                found = self.model.predict(table)
        found = np.asarray(found, dtype=np.float64)
        return found.reshape(len(found), -1)

    def different_labels(self):
        """For how many rows of X_check predict() says another class than the most probable one."""
        if not has_classes(self.model):
            return 0
        classes = self.model.classes_
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            said = np.asarray(self.model.predict(self.x_check))
            if said.size != len(self.x_check):
                # XGBoost's wrapper gives two columns for a softmax of two classes.
                return 0
            said = said.reshape(len(self.x_check))
            likely = np.asarray(classes)[np.argmax(self.model.predict_proba(self.x_check), axis=1)]
        return int(np.sum(said != likely))

    def first_row(self):
        return self.x_check.iloc[:1] if self.is_frame else self.x_check[:1]

    def predict_checked(self):
        """What the model predicts for X_check. Rows of 32-bit numbers are given as the 64-bit numbers equal to them."""
        table = self.x_check
        if self.is_frame:
            narrow = {name: np.float64 for name, kind in zip(table.columns, self.kinds) if is_narrow(kind)}
            table = table.astype(narrow) if narrow else table
        elif is_narrow(table.dtype):
            table = table.astype(np.float64)
        try:
            found = self.predict_table(table)
            as_given = found if table is self.x_check else self.predict_table(self.x_check)
        except Exception as error:
            raise NotCarried("X_check", f"the model itself does not predict it: {error}") from error
        difference = float((np.abs(found - as_given) / np.maximum(1.0, np.abs(found))).max())
        if not difference <= NARROW:
            raise NotCarried("X_check", f"it has numbers of 32 bits, with which the model itself predicts otherwise than "
                                        f"with the same numbers in 64 bits, by up to {difference:.2g}; fit it on numbers "
                                        "of 64 bits: X.astype('float64')")
        return found

    def rows_checked(self, features, document):
        """X_check as rows of the document."""
        places = [feature["index"] for feature in features]
        columns = [raw_cells(self.cells[place], feature) for place, feature in zip(places, document["features"])]
        return [list(row) for row in zip(*columns)]

    def predict_rows(self, rows, features, document):
        return self.predict_table(self.table(rows, features, document))

    def table(self, rows, features, document):
        """A table of the original's kind from rows of the document."""
        columns = {}
        for place, (name, kind, cells) in enumerate(zip(self.names, self.kinds, self.cells)):
            columns[place] = [cells[0]] * len(rows)
        numeric = set()
        for at, (own, feature) in enumerate(zip(features, document["features"])):
            columns[own["index"]] = original_cells([row[at] for row in rows], own, feature)
            if feature["kind"] == "number":
                numeric.add(own["index"])
        if self.is_frame:
            import pandas

            made = {}
            for place, name in enumerate(self.x_check.columns):
                kind = np.dtype(np.float64) if place in numeric else self.kinds[place]
                made[name] = series(pandas, columns[place], kind)
            return pandas.DataFrame(made)
        if all(all(isinstance(cell, (float, int)) and not isinstance(cell, bool) for cell in cells)
               for cells in columns.values()) and self.x_check.dtype.kind in "fiub":
            return np.array([columns[place] for place in range(len(columns))], dtype=np.float64).T
        made = np.empty((len(rows), len(columns)), dtype=object)
        for place, cells in columns.items():
            made[:, place] = cells
        return made


def has_classes(model):
    """Whether it is a classifier. Regressors of CatBoost have a list of no classes."""
    return len(getattr(model, "classes_", ())) > 0


def is_outlier_detector(model):
    """Whether predict gives 1 and -1: score_samples gives the number behind it."""
    steps = getattr(model, "steps", None)
    return type(steps[-1][1] if steps else model).__name__ == "IsolationForest"


def chosen(frame, names):
    if names is None:
        return frame
    lost = [name for name in names if name not in frame.columns]
    if lost:
        raise NotCarried("X_check", f"no column {str(lost[0])!r}")
    return frame[list(names)]


def is_narrow(kind):
    return getattr(kind, "kind", "O") == "f" and getattr(kind, "itemsize", 8) < 8


def raw_cells(cells, feature):
    """Cells of a table as cells of the document."""
    if feature["kind"] == "number":
        return [raw_number(cell, feature) for cell in cells]
    kind = kind_of(feature["categories"][0])
    index = {value: at for at, value in enumerate(feature["categories"])}
    found = []
    for cell in cells:
        cell = plain(cell)
        if is_missing(cell):
            found.append(None)
        elif not isinstance(cell, (str, bool, int, float)) or kind_of(cell) != kind:
            found.append(len(index))
        else:
            found.append(index.get(cell, len(index)))
    return found


def raw_number(cell, feature):
    if is_missing(cell):
        return None
    cell = plain(cell)
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        raise NotCarried("X_check", f"feature {feature['name']!r}: {cell!r} where a number is expected")
    cell = float(cell)
    if cell in (float("inf"), float("-inf")):
        raise NotCarried("X_check", f"feature {feature['name']!r} has an infinite number")
    return cell


def original_cells(cells, own, feature):
    """Cells of the document as cells of a table."""
    if feature["kind"] == "number":
        return [own["marker"] if cell is None else float(cell) for cell in cells]
    values = list(feature["categories"]) + [unseen(feature["categories"])]
    return [own["marker"] if cell is None else values[int(cell)] for cell in cells]


def unseen(categories):
    """A category that is not in the list; None where there is none of its kind."""
    if isinstance(categories[0], str):
        text = "unseen"
        while text in categories:
            text += "!"
        return text
    if isinstance(categories[0], bool):
        return None if len(categories) == 2 else not categories[0]
    return max(categories) + 1


def series(pandas, cells, kind):
    if isinstance(kind, pandas.CategoricalDtype):
        known = list(kind.categories)
        more = [cell for cell in dict.fromkeys(cells) if not is_missing(cell) and cell not in known]
        return pandas.Series(pandas.Categorical([None if is_missing(cell) else cell for cell in cells], known + more))
    absent = any(is_missing(cell) for cell in cells)
    if getattr(kind, "kind", "O") in "fiu":
        return pandas.Series([float("nan") if is_missing(cell) else float(cell) for cell in cells], dtype="float64")
    if getattr(kind, "kind", "O") == "b" and not absent:
        return pandas.Series(cells, dtype=bool)
    if isinstance(kind, np.dtype):
        return pandas.Series(cells, dtype=object)
    return pandas.Series(cells, dtype=kind)
