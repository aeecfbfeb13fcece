"""Writes small models of XGBoost, and what XGBoost itself predicts with them for rows that are hard to read right.

Run as `python generate.py FOLDER`, with the packages of one requirements-VERSION.txt installed. The files go to
FOLDER/VERSION, where VERSION is that of the installed XGBoost. It uses no network, and one thread. Every table comes
from Python's own `random.Random` with a fixed seed and from sums and products only, so two runs write the same bytes.
See README.md for what the files are.
"""

import json
import os
import random
import sys
import tempfile
import warnings
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd
import xgboost as xgb

VERSION = tuple(int(part) for part in xgb.__version__.split("."))
NAN = float("nan")
ROWS = 40
# Categories that no model has seen; more of them are known where a column has more.
UNSEEN = [32, 64, 1000, 16777215]
LARGEST = float(np.finfo(np.float32).max)
# The file itself keeps the texts and numbers of categories since this version.
KEEPS_CATEGORIES = VERSION >= (3, 1)
REFUSED_WRITTEN = VERSION in [(1, 7, 6), (2, 0, 3), (3, 2, 0)]


# ---- tables ----

def tenths(r):
    i = r.randrange(-30, 31)
    return i / 10, i / 30


def whole(r):
    i = r.randrange(-3, 4)
    return float(i), (i * i - 4) / 5


def large(r):
    """Whole numbers around 2^24: above it, every second one is half-way between two floats."""
    i = r.randrange(0, 600)
    return float(16777000 + i), i / 300 - 1


def digits(r):
    i = r.randrange(-9999, 10000)
    return i / 10000, (1 if i > 1234 else -1) * 0.8


def tiny(r):
    """Many of them are no normal floats."""
    i = r.randrange(-5, 6)
    sizes = [0.0, 1e-45, 3e-42, 1e-40, 2e-38, 1e-36]
    return (sizes[i] if i >= 0 else -sizes[-i]), i / 5


COLUMNS = {"tenths": tenths, "whole": whole, "large": large, "digits": digits, "tiny": tiny}
WEIGHTS = [1.0, 0.7, 0.5, 0.3, 0.2]


def codes(count, seed):
    """Categories 0, 1, ...: each has an effect of its own."""
    effects = [random.Random(1000 * seed + i).random() * 2 - 1 for i in range(count)]

    def column(r):
        i = r.randrange(count)
        return float(i), effects[i]
    return column


def table(seed, columns, rows=200, missing=0.03, noise=0.4):
    """Doubles with NaN, and a score of each row that depends on the columns."""
    r = random.Random(seed)
    x, scores = [], []
    for _ in range(rows):
        cells, effects = [], []
        for make in columns:
            value, effect = make(r)
            gone = r.random() < missing
            cells.append(NAN if gone else value)
            effects.append(0.5 if gone else effect)
        score = sum(w * e for w, e in zip(WEIGHTS, effects)) + effects[0] * effects[1]
        scores.append(score + noise * (r.random() + r.random() - 1))
        x.append(cells)
    return np.array(x), np.array(scores)


# ---- reading the model, only to know where it splits ----

def model_of(booster):
    return json.loads(booster.save_raw("json"))["learner"]


def trees_of(learner):
    model = learner["gradient_booster"]
    return (model["gbtree"] if "gbtree" in model else model)["model"]["trees"]


def splits_of(learner):
    """Feature and threshold of each numeric split, without those twice."""
    found = []
    for tree in trees_of(learner):
        for left, feature, threshold, kind in zip(tree["left_children"], tree["split_indices"],
                                                  tree["split_conditions"], tree["split_type"]):
            if left != -1 and kind == 0 and (feature, threshold) not in found:
                found.append((feature, threshold))
    return found


# ---- hostile rows ----

def around(text):
    """Doubles that a reader confuses with the threshold unless it rounds and compares as XGBoost does."""
    threshold = np.float32(text)
    exact = float(threshold)
    before = float(np.nextafter(threshold, np.float32(-np.inf)))
    after = float(np.nextafter(threshold, np.float32(np.inf)))
    middle = (before + exact) / 2
    found = [exact, np.nextafter(exact, -np.inf), np.nextafter(exact, np.inf), before, after, middle,
             np.nextafter(middle, -np.inf), np.nextafter(middle, np.inf), float(str(threshold))]
    unique = []
    for value in found:
        if float(value) not in unique:
            unique.append(float(value))
    return unique


def hostile(case, x, predict):
    """Rows of doubles: edges of splits, missing cells, extremes, and the first rows of the table."""
    numeric = [j for j in range(x.shape[1]) if j not in case.categories]
    splits = splits_of(case.learner) if case.has_splits else []
    # Where a row's prediction changes over the split, it is reached. Different features first.
    reached, seen = [], {}
    for feature, text in splits:
        threshold = np.float32(text)
        low, high = x.copy(), x.copy()
        low[:, feature] = float(np.nextafter(threshold, np.float32(-np.inf)))
        high[:, feature] = float(threshold)
        differs = (predict(low) != predict(high)).reshape(len(x), -1).any(axis=1)
        if differs.any():
            seen[feature] = seen.get(feature, 0) + 1
            reached.append((seen[feature], len(reached), feature, text, x[int(np.argmax(differs))]))
    reached.sort(key=lambda entry: entry[:2])
    rows = []

    def add(base, changes):
        row = np.array(base)
        for j, value in changes.items():
            row[j] = value
        rows.append(row)

    everywhere = list(range(x.shape[1]))
    add(x[0], {j: NAN for j in everywhere})
    for j in everywhere:
        add(x[j + 1], {j: NAN})
    # What is multiplied by weights must not overflow.
    extremes = [LARGEST, -1e30, -0.0, 1e-40, -1e-40] if case.has_splits else [1e6, -1e6, -0.0, 1e-40, 16777217.0]
    if case.categories:
        # One code of every categorical column in each row, the numeric ones around their splits by turns.
        edges = {j: [value for feature, text in splits if feature == j for value in around(text)] + extremes
                 for j in numeric}
        wanted = {j: list(range(count)) + [code for code in UNSEEN + [count] if code >= count and not case.known_only]
                  for j, count in case.categories.items()}
        for i in range(max(len(values) for values in wanted.values())):
            changes = {j: values[i % len(values)] for j, values in wanted.items()}
            changes.update({j: edges[j][i % len(edges[j])] for j in numeric})
            add(x[i + 6], changes)
    else:
        for i, value in enumerate(extremes):
            add(x[i + 1], {j: value for j in numeric})
        # The edges of three splits reached, and as many of others as there is room for.
        for _, _, feature, text, base in reached[:3]:
            for value in around(text):
                add(base, {feature: value})
        for _, _, feature, text, base in reached[3:]:
            if len(rows) + 2 <= ROWS - 1:
                edges = around(text)
                add(base, {feature: edges[3]})
                add(base, {feature: edges[0]})
    for i in range(ROWS - len(rows)):
        add(x[i + 20], {})
    assert len(rows) == ROWS, len(rows)
    return np.array(rows)


# ---- writing ----

def text_of(value):
    return "" if value != value else repr(float(value))


def answer(value):
    value = np.float32(value)
    assert np.isfinite(value)
    return repr(float(value))


class Case:
    def __init__(self, folder, name, booster, x, form="json", header=None, categories=None, labels=None,
                 early=False, classes=False, known_only=False, splits=True):
        """categories: column -> number of its codes; labels: column -> what each code stands for in the file."""
        self.categories, self.labels, self.known_only = categories or {}, labels or {}, known_only
        self.has_splits = splits
        path = folder / (name + "." + form)
        booster.save_model(path)
        booster = xgb.Booster({"nthread": 1}, model_file=path)
        self.learner = model_of(booster)
        self.types = booster.feature_types
        self.names = booster.feature_names
        everything = (0, booster.num_boosted_rounds())
        chosen = everything
        if early:
            best = int(booster.attr("best_iteration"))
            assert 0 < best + 1 < everything[1], (best, everything)
            chosen = (0, best + 1)

        def predict(rows, margin=True, rounds=chosen):
            return booster.predict(self.matrix(rows), output_margin=margin, iteration_range=rounds)

        rows = hostile(self, x, predict)
        margins = columns_of(predict(rows))
        if not self.labels:
            # XGBoost itself rounds the doubles to floats.
            with np.errstate(under="ignore"):
                assert (columns_of(predict(rows.astype(np.float32))) == margins).all()
        groups = [("margin", margins), ("output", columns_of(predict(rows, margin=False)))]
        if early:
            groups.append(("all", columns_of(predict(rows, rounds=everything))))
            assert (groups[2][1] != margins).any()
        names = list(header or self.names or ["f%d" % j for j in range(x.shape[1])])
        for group, values in groups:
            names += [group] if values.shape[1] == 1 else [group + str(k) for k in range(values.shape[1])]
        lines = [",".join(names)]
        for i, row in enumerate(rows):
            cells = [self.cell(j, value) for j, value in enumerate(row)]
            for group, values in groups:
                whole_numbers = classes and group == "output"
                cells += [str(int(value)) if whole_numbers else answer(value) for value in values[i]]
            lines.append(",".join(cells))
        text = "\n".join(lines) + "\n"
        assert '"' not in text
        (folder / (name + ".csv")).write_bytes(text.encode("utf-8"))

    def matrix(self, rows):
        if not self.labels:
            return xgb.DMatrix(np.ascontiguousarray(rows, dtype=np.float64), feature_names=self.names,
                               feature_types=self.types, nthread=1)
        # The categories stand in another order than in training: XGBoost finds them by what they stand for.
        frame = {}
        for j, name in enumerate(self.names):
            labels = self.labels.get(j)
            if labels is None:
                frame[name] = rows[:, j].astype(np.float64)
            else:
                frame[name] = categorical(rows[:, j], labels, labels[::-1])
        return xgb.DMatrix(pd.DataFrame(frame), enable_categorical=True, nthread=1)

    def cell(self, j, value):
        if value != value or j not in self.categories:
            return text_of(value)
        code = int(value)
        return str(self.labels[j][code]) if j in self.labels else str(code)


def columns_of(prediction):
    return prediction.reshape(len(prediction), -1)


def categorical(codes, labels, order=None):
    values = [None if code != code else labels[int(code)] for code in codes]
    return pd.Categorical(values, categories=labels if order is None else order)


def train(x, y, objective, rounds=3, names="abcde", types=None, **options):
    names = None if names is None else list(names)[:x.shape[1]]
    matrix = xgb.DMatrix(x, label=y, feature_names=names, feature_types=types, nthread=1, **options.pop("data", {}))
    return train_matrix(matrix, objective, rounds, **options)


def train_matrix(matrix, objective, rounds=3, evals=(), stop=None, obj=None, **options):
    parameters = {"max_depth": 3, "eta": 0.7, "nthread": 1, "seed": 7, "verbosity": 0, **options}
    if objective:
        parameters["objective"] = objective
    return xgb.train(parameters, matrix, rounds, evals=list(evals), early_stopping_rounds=stop, obj=obj,
                     verbose_eval=False)


def classes_of(scores):
    low, high = sorted(scores)[len(scores) // 3], sorted(scores)[2 * len(scores) // 3]
    return np.array([0.0 if s < low else 1.0 if s < high else 2.0 for s in scores])


def write_all(folder):
    plain = [tenths, whole, digits]
    five = [tenths, whole, large, digits, tiny]
    four = [tenths, whole, large, digits]

    x, s = table(1, four)
    names = ["my feature", "größe", "c (mm)", "größe 2"]
    Case(folder, "squared", train(x, s, "reg:squarederror", names=names, types=["float", "q", "int", "q"]), x)

    x, s = table(2, five)
    y = (s > 0.3).astype(float)
    Case(folder, "logistic", train(x, y, "binary:logistic"), x)
    Case(folder, "logistic-base", train(x, y, "binary:logistic", base_score=0.3), x)
    Case(folder, "logitraw", train(x, y, "binary:logitraw"), x)
    Case(folder, "hinge", train(x, y, "binary:hinge"), x)
    Case(folder, "ubj", train(x, y, "binary:logistic", seed=8, max_depth=4), x, form="ubj")

    x, s = table(3, plain)
    y = classes_of(s)
    Case(folder, "softprob", train(x, y, "multi:softprob", num_class=3, rounds=2), x)
    Case(folder, "softmax", train(x, y, "multi:softmax", num_class=3, rounds=2, max_depth=2), x, classes=True)

    x, s = table(4, plain)
    Case(folder, "poisson", train(x, np.floor(np.maximum(0, 2 + 2 * s)), "count:poisson"), x)
    Case(folder, "gamma", train(x, 0.2 + (s + 2) * (s + 2), "reg:gamma"), x)
    Case(folder, "tweedie", train(x, np.maximum(0, s), "reg:tweedie", tweedie_variance_power=1.4), x)
    Case(folder, "absolute", train(x, 10 * s, "reg:absoluteerror"), x)
    Case(folder, "pseudohuber", train(x, 3 * s, "reg:pseudohubererror"), x)
    Case(folder, "logistic-number", train(x, np.clip((s + 2) / 4, 0, 1), "reg:logistic"), x)
    if VERSION >= (2, 0):
        Case(folder, "quantile", train(x, s, "reg:quantileerror", quantile_alpha=0.8, tree_method="hist"), x)
    r = random.Random(44)
    time = (s + 3) * (1 + r.random())
    censored = np.array([-1.0 if r.random() < 0.3 else 1.0 for _ in time])
    Case(folder, "cox", train(x, time * censored, "survival:cox"), x)
    grades = np.clip(np.floor(s + 2), 0, 4)
    Case(folder, "ranking", train(x, grades, "rank:pairwise", data={"qid": np.arange(len(s)) // 10}), x)

    x, s = table(5, four)
    y = (s > 0).astype(float)
    Case(folder, "dart", train(x, y, "binary:logistic", booster="dart", rate_drop=0.5, skip_drop=0.0, rounds=5,
                               max_depth=2), x)
    Case(folder, "parallel", train(x, s, "reg:squarederror", num_parallel_tree=3, subsample=0.7, rounds=2,
                                   max_depth=2), x)
    Case(folder, "lossguide", train(x, s, "reg:squarederror", tree_method="hist", grow_policy="lossguide",
                                    max_leaves=6, max_depth=0), x)
    x, s = table(6, five)
    Case(folder, "nonames", train(x, s, "reg:squarederror", names=None), x)
    x, s = table(7, five, missing=0.4)
    Case(folder, "missing", train(x, (s > 0.5).astype(float), "binary:logistic"), x)

    early_stopping(folder, plain)
    categories(folder)
    linear(folder)
    two_of_softmax(folder)

    def squares(prediction, matrix):
        return prediction - matrix.get_label(), np.ones(len(prediction))

    # The file says nothing of it: it names reg:squarederror.
    x, s = table(16, plain)
    Case(folder, "custom-objective", train(x, s, None, obj=squares, rounds=2), x)

    x, s = table(10, plain)
    Case(folder, "constant", train(x, np.full(len(x), 1.25), "reg:squarederror", base_score=0.5), x)
    x, s = table(11, plain, noise=0.0, missing=0.0)
    y = (s > 0.2).astype(float)
    y[:3] = 1 - y[:3]
    booster = train(x, y, "binary:logistic", rounds=8, max_depth=2, eta=8.0, min_child_weight=0, **{"lambda": 0})
    Case(folder, "deep-zero", booster, x)
    smallest = min(min(tree["sum_hessian"]) for tree in trees_of(model_of(booster)))
    print("deep-zero: smallest sum_hessian", smallest)
    assert smallest < 1e-6


def linear(folder):
    # The default updater, shotgun, promises no fixed order.
    options = {"booster": "gblinear", "updater": "coord_descent", "max_depth": None}
    columns = [tenths, whole, digits]
    x, s = table(18, columns)
    Case(folder, "gblinear", train(x, s, "reg:squarederror", **options), x, splits=False)
    Case(folder, "gblinear-two", train(x, (s > 0).astype(float), "binary:logistic", **options), x, splits=False)
    Case(folder, "gblinear-softprob-two", train(x, (s > 0).astype(float), "multi:softprob", num_class=2, **options), x,
         splits=False)
    Case(folder, "gblinear-classes", train(x, classes_of(s), "multi:softprob", num_class=3, **options), x,
         splits=False)


def two_of_softmax(folder):
    x, s = table(19, [tenths, whole, digits])
    y = (s > 0).astype(float)
    Case(folder, "softprob-two", train(x, y, "multi:softprob", num_class=2, rounds=2), x)


def early_stopping(folder, columns):
    """Overfits on purpose: the file keeps more rounds than the best one."""
    x, s = table(8, columns, noise=2.0)
    held, t = table(9, columns, noise=2.0)
    for name, objective, goal, options in [
            ("early", "binary:logistic", lambda scores: (scores > 0).astype(float), {}),
            ("early-classes", "multi:softprob", classes_of, {"num_class": 3, "num_parallel_tree": 2, "max_depth": 1})]:
        names = ["a", "b", "c"]
        matrix = xgb.DMatrix(x, label=goal(s), feature_names=names, nthread=1)
        other = xgb.DMatrix(held, label=goal(t), feature_names=names, nthread=1)
        options = {"eta": 1.0 if name == "early" else 3.0, "max_depth": 2, "subsample": 0.5, **options}
        for seed in range(1, 200):
            booster = train_matrix(matrix, objective, 4 if name == "early" else 3, evals=[(other, "held")],
                                   stop=2 if name == "early" else 1, seed=seed, **options)
            if 1 <= booster.best_iteration < booster.num_boosted_rounds() - 1:
                break
        print(name, "seed", seed, "best", booster.best_iteration, "of", booster.num_boosted_rounds())
        Case(folder, name, booster, x, early=True)


def categories(folder):
    hist = {"tree_method": "hist", "max_depth": 3}
    counts = {0: 5, 2: 26}
    columns = [codes(5, 21), tenths, codes(26, 22)]
    x, s = table(12, columns, rows=300, missing=0.08)
    # A frame's categories over 0, 1, ...: each value is its own code.
    frame = pd.DataFrame({"a": categorical(x[:, 0], list(range(5))), "b": x[:, 1],
                          "c": categorical(x[:, 2], list(range(26)))})
    matrix = xgb.DMatrix(frame, label=s, enable_categorical=True, nthread=1)
    Case(folder, "categories", train_matrix(matrix, "reg:squarederror", max_cat_to_onehot=1, **hist), x,
         categories=counts)
    # Only codes, from numpy.
    columns = [codes(5, 23), tenths, codes(12, 24)]
    x, s = table(13, columns, rows=300, missing=0.08)
    Case(folder, "onehot", train(x, (s > 0).astype(float), "binary:logistic", types=["c", "float", "c"],
                                 max_cat_to_onehot=20, data={"enable_categorical": True}, **hist), x,
         categories={0: 5, 2: 12})
    # More codes than a word of a set of bits has room for.
    columns = [codes(33, 25), digits]
    x, s = table(14, columns, rows=300, missing=0.03)
    Case(folder, "words", train(x, s, "reg:squarederror", types=["c", "float"], max_cat_to_onehot=1, rounds=2,
                                data={"enable_categorical": True}, **hist), x, categories={0: 33})
    # Texts, and whole numbers that are not their codes; neither is in sorted order.
    texts = ["medium", "very large", "large", "tiny", "none at all", "10", "9", "small", "Large"]
    numbers = [30, 10, -20, 7, 1000000]
    columns = [codes(9, 26), tenths, codes(5, 27)]
    x, s = table(15, columns, rows=300, missing=0.08)
    for name, first, last in [("texts", texts, None), ("ubj-texts", texts, None),
                              ("integers", list(range(9)), numbers)]:
        if name == "integers" and not KEEPS_CATEGORIES:
            continue
        frame = pd.DataFrame({"a": categorical(x[:, 0], first), "b": x[:, 1],
                              "c": x[:, 2] if last is None else categorical(x[:, 2], last)})
        matrix = xgb.DMatrix(frame, label=s, enable_categorical=True, nthread=1)
        labels = {0: first} if last is None else {0: first, 2: last}
        booster = train_matrix(matrix, "reg:squarederror", max_cat_to_onehot=1, **hist)
        Case(folder, name, booster, x, form="ubj" if name.startswith("ubj") else "json",
             categories={j: len(labels[j]) for j in labels}, labels=labels if KEEPS_CATEGORIES else None,
             known_only=KEEPS_CATEGORIES)


def write_refused(folder):
    x, s = table(16, [tenths, whole, digits])
    y = (s > 0).astype(float)

    def save(name, booster):
        booster.save_model(folder / name)

    matrix = xgb.DMatrix(x, feature_names=["a", "b", "c"], nthread=1)
    matrix.set_float_info("label_lower_bound", s + 3)
    matrix.set_float_info("label_upper_bound", np.where(y > 0, np.inf, s + 3))
    save("aft.json", train_matrix(matrix, "survival:aft"))

    if VERSION >= (2, 0):
        save("multi-output-tree.json", train(x, np.column_stack([s, -s]), "reg:squarederror", tree_method="hist",
                                             multi_strategy="multi_output_tree"))
        save("quantiles.json", train(x, s, "reg:quantileerror", quantile_alpha=[0.1, 0.5, 0.9], tree_method="hist"))
    if KEEPS_CATEGORIES:
        # From pandas, these versions count characters where they mean bytes: the texts come out cut and shifted.
        # In the second file they are valid UTF-8 all the same: "é", "ab", "ca".
        x, s = table(17, [codes(3, 28), tenths])
        for name, labels in [("texts-cut", ["groß", "klein", "größer"]), ("texts-shifted", ["éa", "bc", "ab"])]:
            frame = pd.DataFrame({"a": categorical(x[:, 0], labels), "b": x[:, 1]})
            matrix = xgb.DMatrix(frame, label=s, enable_categorical=True, nthread=1)
            save(name + ".json", train_matrix(matrix, "reg:squarederror", tree_method="hist", rounds=2))
    if VERSION < (3, 1):
        with tempfile.TemporaryDirectory() as other:
            path = Path(other) / ("old.model" if VERSION < (2, 0) else "old.deprecated")
            train(x, y, "binary:logistic", rounds=2).save_model(path)
            (folder / "old.model").write_bytes(path.read_bytes())


def main():
    folder = Path(sys.argv[1]) / xgb.__version__
    folder.mkdir(parents=True, exist_ok=True)
    xgb.set_config(verbosity=0)
    warnings.simplefilter("ignore")
    write_all(folder)
    if REFUSED_WRITTEN:
        (folder / "refused").mkdir(exist_ok=True)
        write_refused(folder / "refused")


if __name__ == "__main__":
    main()
