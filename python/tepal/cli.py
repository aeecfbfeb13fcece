"""Predicts with the command line program tepal."""

import csv
import json
import os
import shutil
import subprocess
import tempfile

import numpy as np

from .values import is_missing, plain


def load(path):
    """A model file of tepal, or a document of `tepal.export`, to predict with.

    The program is the one that the environment variable TEPAL names, or `tepal` on the path.
    """
    return Model(path)


class Model:
    def __init__(self, path):
        self.path = os.fspath(path)
        if not os.path.exists(self.path):
            raise FileNotFoundError(self.path)
        self.features, self.classes, self.has_rows = described(self.path)
        self.is_document = self.features is not None
        if not self.is_document:
            found = json.loads(run([program(), "inspect", self.path, "--json"]))
            self.features = [feature["name"] for feature in found["features"]]
            self.classes = [label_of(entry["class"]) for entry in found["target"].get("classes") or []]

    def predict(self, frame):
        """Numbers, or the classes that are predicted."""
        header, rows = self.run(frame)
        cells = [row[header.index("prediction")] for row in rows]
        if any(name.startswith("probability_") for name in header):
            labels = {text_of(value): value for value in self.classes or []}
            return np.array([labels.get(cell, cell) for cell in cells])
        return np.array([float(cell) for cell in cells])

    def predict_proba(self, frame):
        """A probability for each class, in the order of the model's classes."""
        header, rows = self.run(frame)
        names = [name for name in header if name.startswith("probability_")]
        if not names:
            raise TypeError("the model predicts numbers, which have no probabilities")
        if self.classes:
            wanted = ["probability_" + text_of(value) for value in self.classes]
            names = wanted if sorted(wanted) == sorted(names) else names
        return np.array([[float(row[header.index(name)]) for name in names] for row in rows])

    def run(self, frame):
        """The header and the rows of what the program writes."""
        with tempfile.TemporaryDirectory() as folder:
            rows = os.path.join(folder, "rows.csv")
            with open(rows, "w", encoding="utf-8", newline="") as file:
                write_rows(file, frame, self.features)
            model = self.path
            if self.is_document:
                model = os.path.join(folder, "model.tepal")
                run([program(), "import", self.path, "-o", model] + ["--allow-rows"] * self.has_rows)
            lines = list(csv.reader(run([program(), "predict", model, rows]).splitlines()))
        return lines[0], lines[1:]


def label_of(label):
    """A class as NumPy has it: a whole number, a number, True, False or a text."""
    if isinstance(label, float) and label.is_integer():
        return int(label)
    return {"True": True, "False": False}.get(label, label) if isinstance(label, str) else label


def program():
    named = os.environ.get("TEPAL")
    found = shutil.which(named or "tepal")
    if not found:
        where = f"the variable TEPAL names {named!r}, where no program is" if named else \
            "the program tepal is neither on the path nor named by the variable TEPAL"
        raise FileNotFoundError(where)
    return found


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"tepal ended with code {done.returncode}")
    return done.stdout


def described(path):
    """The features and classes of a document, and whether it has training rows; None for files of another kind."""
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        has_rows = any("vectors" in node for node in document["estimator"].get("nodes", ()))
        return [feature["name"] for feature in document["features"]], document["target"]["classes"], has_rows
    except (ValueError, KeyError, TypeError):
        return None, None, False


def write_rows(file, frame, features):
    """The features of the model. A frame has them by name, an array by position."""
    if hasattr(frame, "columns") and hasattr(frame, "iloc"):
        lost = [name for name in features if name not in frame.columns]
        if lost:
            raise KeyError(f"no column {lost[0]!r}")
        columns = [frame[name].tolist() for name in features]
    else:
        table = np.asarray(frame, dtype=object)
        if table.ndim != 2:
            raise TypeError("expected a pandas frame or a table of two dimensions")
        places = range(len(features))
        if all(name.startswith("x") and name[1:].isdigit() for name in features):
            # The names that `export` gives to the columns of an array, some of which may not be used.
            places = [int(name[1:]) for name in features]
        elif table.shape[1] != len(features):
            raise ValueError(f"{table.shape[1]} columns where the model has {len(features)} features")
        columns = [table[:, place].tolist() for place in places]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(features)
    writer.writerows(zip(*[[text_of(cell) for cell in column] for column in columns]))


def text_of(cell):
    """A cell of a CSV file: numbers by their shortest text, nothing where it is missing."""
    if is_missing(cell):
        return ""
    cell = plain(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return repr(cell) if isinstance(cell, float) else str(cell)
