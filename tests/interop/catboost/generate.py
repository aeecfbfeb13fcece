"""Writes small models of CatBoost, and what CatBoost itself predicts with them for rows that are hard to read right.

Run as `python generate.py FOLDER`, with the packages of one requirements-VERSION.txt installed. The files go to
FOLDER/VERSION, where VERSION is that of the installed CatBoost. It uses no network, and one thread. Every table comes
from Python's own `random.Random` with a fixed seed and from sums and products only, so two runs write the same bytes.
See README.md for what the files are.
"""

import json
import math
import random
import re
import sys
import tempfile
import warnings
from pathlib import Path

import catboost
import numpy as np
from catboost import CatBoost, CatBoostClassifier, CatBoostRanker, CatBoostRegressor, Pool

VERSION = tuple(int(part) for part in catboost.__version__.split("."))
NEWEST, OLDEST = VERSION == (1, 2, 10), VERSION == (1, 0, 6)
NAN = float("nan")
# The older versions have fewer rows, to keep this folder small: one split with all its edges instead of two.
ROWS, EDGES = (36, 2) if NEWEST else (26, 1)
LARGEST = float(np.finfo(np.float32).max)
UNSEEN = "never seen"
# These have fewer rows still: what they are about is not in the rows.
SHORT = ["no-names", "weighted", "scale-classes", "text-classes", "text-two", "integer-classes", "integer-two",
         "float-classes", "boolean-classes", "tweedie", "quantile", "mae", "ranking", "shrunk", "ignored", "best",
         "sum", "constant", "single-leaf", "single-leaf-lossguide"]
# As CatBoost writes it. All other models are without the spaces and ends of lines between what they say, and without
# some options and results of the training.
AS_WRITTEN = ["boolean-classes"] if NEWEST or OLDEST else []
LEFT_OUT = ["output_options", "cat_feature_params", "text_processing_options", "embedding_processing_options",
            "tree_learner_options", "system_options", "training"]
LEFT_OUT += ["model%d:%s" % (k, name) for k in range(2) for name in ["output_options", "training"]]
# Only these are written by the versions before the newest.
OLDER = ["rmse", "names", "binary", "cross-entropy", "multiclass", "one-vs-all", "text-two", "boolean-classes",
         "poisson", "scale-and-bias", "nan-min", "nan-max", "lossguide", "depthwise-classes", "one-hot-texts",
         "single-leaf"]


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


def same(r):
    r.random()
    return 1.5, 0.0


WEIGHTS = [1.0, 0.7, 0.5, 0.3, 0.2]


def categories(values, seed):
    """Texts or whole numbers: each has an effect of its own."""
    effects = [random.Random(1000 * seed + i).random() * 2 - 1 for i in range(len(values))]

    def column(r):
        i = r.randrange(len(values))
        return values[i], effects[i]
    return column


def table(seed, columns, rows=200, missing=0.03, noise=0.4):
    """Doubles with NaN, or categories, and a score of each row that depends on the columns."""
    r = random.Random(seed)
    x, scores = [], []
    for _ in range(rows):
        cells, effects = [], []
        for make in columns:
            value, effect = make(r)
            gone = r.random() < missing and isinstance(value, float)
            cells.append(NAN if gone else value)
            effects.append(0.5 if gone else effect)
        score = sum(w * e for w, e in zip(WEIGHTS, effects)) + effects[0] * effects[1]
        scores.append(score + noise * (r.random() + r.random() - 1))
        x.append(cells)
    return x, np.array(scores)


def pool_of(x, y=None, **options):
    categorical = [j for j in range(len(x[0])) if not isinstance(x[0][j], float)]
    data = [list(row) for row in x] if categorical else np.array(x, dtype=np.float64)
    return Pool(data, y, cat_features=categorical or None, thread_count=1, **options)


# ---- reading the model, only to know where it splits ----

def trees_of(document):
    return document["oblivious_trees"] if "oblivious_trees" in document else document["trees"]


def names_of(document, width):
    """As the file has them, or f0, f1, ..."""
    names = ["f%d" % j for j in range(width)]
    for kind in ["float_features", "categorical_features"]:
        for feature in document["features_info"].get(kind, []):
            j = feature["flat_feature_index"]
            names[j] = feature.get("feature_id") or feature.get("feature_name") or names[j]
    return names


def splits_of(document):
    """Column and border of each numeric split, without those twice."""
    columns = [f["flat_feature_index"] for f in document["features_info"].get("float_features", [])]
    found = []

    def take(split):
        if split["split_type"] == "FloatFeature":
            entry = (columns[split["float_feature_index"]], float(split["border"]))
            if entry not in found:
                found.append(entry)

    def walk(node):
        if "split" in node:
            take(node["split"])
            walk(node["left"])
            walk(node["right"])
        for split in node.get("splits") or []:
            take(split)

    for tree in trees_of(document):
        walk(tree)
    return found


# ---- hostile rows ----

def up(value):
    return float(np.nextafter(value, np.inf))


def down(value):
    return float(np.nextafter(value, -np.inf))


def around(number):
    """Doubles that a reader confuses with the border unless it rounds and compares as CatBoost does."""
    border = np.float32(number)
    exact = float(border)
    assert exact == number
    if abs(exact) == LARGEST:
        # The next step is infinity, where missing values go. Half a step rounds to it.
        beyond = math.copysign(2.0 ** 128 - 2.0 ** 103, exact)
        return [exact, float(np.nextafter(exact, 0)), float(np.nextafter(border, np.float32(0))),
                math.copysign(1e39, exact), beyond, float(np.nextafter(beyond, 0))]
    above = float(np.nextafter(border, np.float32(np.inf)))
    below = float(np.nextafter(border, np.float32(-np.inf)))
    upper, lower = (exact + above) / 2, (exact + below) / 2
    found = [exact, up(exact), upper, above, up(upper), down(upper), down(exact), lower, below, float(str(border))]
    unique = []
    for value in found:
        assert math.isfinite(value)
        if value not in unique:
            unique.append(value)
    return unique


def hostile(document, x, predict, count):
    """Edges of splits, missing cells, extremes, categories, and the first rows of the table."""
    width = len(x[0])
    numeric = [j for j in range(width) if isinstance(x[0][j], float)]
    splits = splits_of(document)
    # Where a row's prediction changes over the border, the split is reached. Different columns first.
    reached, seen = [], {}
    for column, border in splits:
        side = [[list(row) for row in x], [list(row) for row in x]]
        for row in side[0]:
            row[column] = border
        for row in side[1]:
            row[column] = float(np.nextafter(np.float32(border), np.float32(np.inf)))
        differs = (predict(side[0]) != predict(side[1])).any(axis=1)
        if differs.any():
            seen[column] = seen.get(column, 0) + 1
            reached.append((seen[column], len(reached), column, border, x[int(np.argmax(differs))]))
    reached.sort(key=lambda entry: entry[:2])
    # One that only missing values decide comes before all.
    for i, entry in enumerate(reached):
        if abs(entry[3]) == LARGEST:
            reached = [entry] + [other for other in reached if abs(other[3]) != LARGEST]
            whole_edges = EDGES + 1
            break
    else:
        whole_edges = EDGES
    rows = []

    def add(base, changes):
        row = list(base)
        for j, value in changes.items():
            row[j] = value
        rows.append(row)

    add(x[0], {j: NAN for j in numeric})
    for j in numeric:
        add(x[j + 1], {j: NAN})
    extremes = [LARGEST, -1e30, -0.0, 1e-40, -1e-40]
    if len(numeric) < width:
        # One category of every such column in each row, the numeric ones around their borders by turns.
        edges = {j: [value for column, border in splits if column == j for value in around(border)] + extremes
                 for j in numeric}
        wanted = {}
        for j in range(width):
            if j not in numeric:
                known = sorted(set(row[j] for row in x), key=str)
                wanted[j] = known + [UNSEEN if isinstance(known[0], str) else 123456789]
        for i in range(2 * max(len(values) for values in wanted.values())):
            changes = {j: values[i % len(values)] for j, values in wanted.items()}
            changes.update({j: edges[j][i % len(edges[j])] for j in numeric})
            add(x[i + 6], changes)
    else:
        for i, value in enumerate(extremes):
            add(x[i + 1], {j: value for j in numeric})
        # All edges of some splits reached, and two of as many others as there is room for.
        for _, _, column, border, base in reached[:whole_edges]:
            for value in around(border):
                add(base, {column: value})
        for _, _, column, border, base in reached[whole_edges:]:
            if len(rows) + 2 <= count - 1:
                edges = around(border)
                add(base, {column: edges[0]})
                add(base, {column: edges[3]})
    for i in range(count - len(rows)):
        add(x[i + 20], {})
    return rows[:count]


# ---- writing ----

def compact(text):
    """Leaves out spaces and ends of lines outside of strings. Every number stays as CatBoost writes it."""
    return "".join(part if part.startswith('"') else re.sub(r"\s+", "", part)
                   for part in re.split(r'("(?:[^"\\]|\\.)*")', text))


def without(text, name):
    """Leaves a member out of a compact document."""
    start = text.index('"%s":' % name)
    end = json.JSONDecoder().raw_decode(text, start + len(name) + 3)[1]
    if text[end] == ",":
        return text[:start] + text[end + 1:]
    return text[:start].rstrip(",") + text[end:]


def settled(text):
    """The same in every run: without the random identity and the time. And without who built this CatBoost where."""
    text = re.sub(r'(model_guid":\s*)"[^"]*"', r'\1"00000000-00000000-00000000-00000000"', text)
    text = re.sub(r'(train_finish_time":\s*)"[^"]*"', r'\1"2000-01-01T00:00:00Z"', text)
    text = re.sub(r"    Author: [^\\]*\\n", "", text)
    return re.sub(r'\\n\\nOther info:[^"]*"', '"', text)


def save(path, model, pool=None):
    """Gives the document back."""
    with tempfile.TemporaryDirectory() as other:
        raw = Path(other) / "model.json"
        model.save_model(str(raw), format="json", pool=pool)
        text = settled(raw.read_bytes().decode("utf-8"))
    document = json.loads(text)
    if path.stem not in AS_WRITTEN:
        text = compact(text)
        assert json.loads(text) == document
        for name in LEFT_OUT:
            while '"%s":' % name in text:
                text = without(text, name)
        info = document["model_info"]
        options = [info[key] for key in info if key.endswith(":params") or key == "params"]
        for part in [info] + options + [one["data_processing_options"] for one in options]:
            for name in LEFT_OUT:
                part.pop(name, None)
        assert json.loads(text) == document
    path.write_bytes(text.encode("utf-8"))
    return document


def cell(value):
    if isinstance(value, float):
        return "" if value != value else repr(value)
    return str(value)


def answer(value):
    assert np.isfinite(value)
    return repr(float(value))


def table_of(values):
    values = np.asarray(values, dtype=np.float64)
    return values.reshape(len(values), -1)


class Folder:
    def __init__(self, path):
        self.path = path

    def wants(self, name):
        return NEWEST or name in OLDER

    def case(self, name, model, x, texts=False):
        """texts: the file is saved with the training table at hand; it has the texts of the categories then."""
        pool = pool_of(x, feature_names=model.feature_names_) if texts else None
        document = save(self.path / (name + ".json"), model, pool)

        def predict(rows, kind="RawFormulaVal"):
            return table_of(CatBoost.predict(model, pool_of(rows), prediction_type=kind, thread_count=1))

        rows = hostile(document, x, predict, 16 if name in SHORT else ROWS)
        raw = predict(rows)
        if isinstance(model, CatBoostClassifier):
            output = table_of(model.predict_proba(pool_of(rows), thread_count=1))
        else:
            output = table_of(model.predict(pool_of(rows), thread_count=1))
        # Rounding first changes nothing; neither does predicting row by row.
        rounded = [[float(np.float32(value)) if isinstance(value, float) else value for value in row] for row in rows]
        assert (predict(rounded) == raw).all()
        assert all((predict([row])[0] == raw[i]).all() for i, row in enumerate(rows))
        if not splits_of(document):
            assert (raw == raw[0]).all()
        names = names_of(document, len(x[0]))
        for group, values in [("raw", raw), ("output", output)]:
            names += [group] if values.shape[1] == 1 else [group + str(k) for k in range(values.shape[1])]
        lines = [",".join(names)]
        for i, row in enumerate(rows):
            lines.append(",".join([cell(value) for value in row] + [answer(v) for v in raw[i]]
                                  + [answer(v) for v in output[i]]))
        text = "\n".join(lines) + "\n"
        assert '"' not in text and all(line.count(",") == len(names) - 1 for line in lines)
        (self.path / (name + ".csv")).write_bytes(text.encode("utf-8"))


def train(kind, x, y, rounds=4, names="abcde", data=None, evaluate=None, **options):
    """A model with three levels; the columns are a, b, c, ..."""
    parameters = {"iterations": rounds, "depth": 3, "learning_rate": 0.5, "thread_count": 1, "random_seed": 7,
                  "verbose": False, "allow_writing_files": False, **options}
    data = dict(data or {})
    if names is not None:
        data["feature_names"] = list(names)[:len(x[0])]
    model = kind(**parameters)
    if evaluate is not None:
        evaluate = pool_of(*evaluate, **({"feature_names": data["feature_names"]} if names else {}))
    return model.fit(pool_of(x, y, **data), eval_set=evaluate)


def classes_of(scores, labels=(0, 1, 2)):
    low, high = sorted(scores)[len(scores) // 3], sorted(scores)[2 * len(scores) // 3]
    return [labels[0] if s < low else labels[1] if s < high else labels[2] for s in scores]


def write_all(folder):
    plain = [tenths, whole, digits]
    four = [tenths, whole, large, digits]
    five = [tenths, whole, large, digits, tiny]
    spaced = ["my feature", "größe", "c (mm)", "größe 2"]

    def case(name, kind, x, y, texts=False, change=None, **options):
        if folder.wants(name):
            model = train(kind, x, y, **options)
            if change is not None:
                change(model)
            folder.case(name, model, x, texts)

    number, classes = CatBoostRegressor, CatBoostClassifier

    x, s = table(1, five)
    case("rmse", number, x, s, rounds=5)
    case("names", number, [row[:4] for row in x], s, names=spaced, texts=OLDEST)
    case("no-names", number, x, s, names=None, rounds=2)

    x, s = table(2, five)
    y = (s > 0.3).astype(int)
    case("binary", classes, x, y)
    case("weighted", classes, x, y, data={"weight": [1 + (i % 7) / 3 for i in range(len(x))]}, class_weights=[1, 2.5])
    p = [min(1.0, max(0.0, (value + 2) / 4)) for value in s]
    case("cross-entropy", classes, x, p, loss_function="CrossEntropy")

    x, s = table(3, plain)
    case("multiclass", classes, x, classes_of(s), loss_function="MultiClass")
    case("one-vs-all", classes, x, classes_of(s), loss_function="MultiClassOneVsAll", rounds=2)
    case("scale-classes", classes, x, classes_of(s), loss_function="MultiClass", rounds=2,
         change=lambda model: model.set_scale_and_bias(0.7, [0.1, -0.2, 0.3]))
    case("one-vs-all-two", classes, x, [int(value > 0.2) for value in s], loss_function="MultiClassOneVsAll", rounds=2)
    case("softmax-two", classes, x, [int(value > 0.2) for value in s], loss_function="MultiClass", rounds=2)
    case("text-classes", classes, x, classes_of(s, ["red", "dark blü", "green, \"y\""]), rounds=2,
         class_names=["red", "green, \"y\"", "dark blü"], loss_function="MultiClass")
    case("text-two", classes, x, ["yes" if value > 0.2 else "no" for value in s], class_names=["yes", "no"], rounds=2)
    case("integer-classes", classes, x, classes_of(s, [30, -7, 1000]), rounds=2, loss_function="MultiClass")
    case("integer-two", classes, x, [7 if value > 0.2 else -3 for value in s], rounds=2)
    case("float-classes", classes, x, [2.5 if value > 0.2 else -0.5 for value in s], rounds=2)
    case("boolean-classes", classes, x, s > 0.2, rounds=2)

    x, s = table(4, plain)
    case("poisson", number, x, np.floor(np.maximum(0, 2 + 2 * s)), loss_function="Poisson")
    case("tweedie", number, x, np.maximum(0, s), loss_function="Tweedie:variance_power=1.4")
    case("quantile", number, x, s, loss_function="Quantile:alpha=0.9")
    case("mae", number, x, 10 * s, loss_function="MAE")
    grades = np.clip(np.floor(s + 2), 0, 4) / 4
    case("ranking", CatBoostRanker, x, grades, loss_function="YetiRank",
         data={"group_id": np.arange(len(s)) // 10})
    if folder.wants("sum"):
        parts = [train(number, x, values, rounds=2) for values in [s, s * s]]
        folder.case("sum", catboost.sum_models(parts, weights=[0.5, 2.0]), x)
    case("scale-and-bias", number, x, s, change=lambda model: model.set_scale_and_bias(2, 0.3))
    case("shrunk", number, x, s, model_shrink_rate=0.1, rounds=2)

    x, s = table(5, five, missing=0.3)
    # Missing values are unlike the lowest and unlike the highest.
    s = s + [2.0 * (row[0] != row[0]) - 1.5 * (row[3] != row[3]) for row in x]
    case("nan-min", number, x, s, nan_mode="Min")
    case("nan-max", number, x, s, nan_mode="Max")
    case("nan-mixed", number, x, s, rounds=3,
         per_float_feature_quantization=["0:nan_mode=Max", "3:nan_mode=Max"])
    x, s = table(13, [tiny, tenths], noise=0.1)
    case("tiny", number, x, s)
    x, s = table(6, four, missing=0)
    case("no-nan", number, x, s, nan_mode="Max")
    x, s = table(7, [tenths, same, whole, digits, large])
    case("ignored", number, x, s, ignored_features=[2], rounds=2)

    if folder.wants("best"):
        x, s = table(8, plain, noise=4.0)
        held, t = table(9, plain, noise=4.0)
        for seed in range(1, 200):
            model = train(classes, x, (s > 0).astype(int), rounds=8, depth=2, evaluate=(held, (t > 0).astype(int)),
                          use_best_model=True, learning_rate=1.0, random_seed=seed)
            if 1 < model.tree_count_ < 6:
                break
        print("best: seed", seed, "trees", model.tree_count_)
        folder.case("best", model, x)

    x, s = table(10, four)
    y = (s > 0).astype(int)
    case("lossguide", number, x, s, grow_policy="Lossguide", max_leaves=7, depth=5)
    case("depthwise", classes, x, y, grow_policy="Depthwise")
    case("depthwise-classes", classes, [row[:3] for row in x], classes_of(s), grow_policy="Depthwise", rounds=2,
         loss_function="MultiClass")

    # Every length that the hash of a text treats in its own way, and letters beyond ASCII.
    texts = ["a", "bc", "größe", "ordinary", "a little longer", "sixteen letters!", "between seventeen and 32",
             "between thirty-three and sixty-four bytes öäü",
             "more than sixty-four bytes; such a text goes through the loop of the hash more than once if it has more"
             " than one hundred and twenty-eight"]
    columns = [categories(texts, 21), tenths, categories([-5, 0, 7, 30, 123456], 22), digits]
    x, s = table(11, columns, rows=300, missing=0.08)
    case("one-hot", number, x, s, one_hot_max_size=20, rounds=10)
    case("one-hot-texts", number, x, s, one_hot_max_size=20, texts=True)
    case("lossguide-one-hot", classes, x, (s > 0).astype(int), one_hot_max_size=20, grow_policy="Lossguide",
         max_leaves=7, depth=5)

    x, s = table(12, plain)
    case("constant", number, x, np.full(len(x), 1.25), allow_const_label=True, bootstrap_type="No", rounds=2)
    case("single-leaf", classes, x, classes_of(s), depth=0, rounds=2, loss_function="MultiClass")
    case("single-leaf-lossguide", number, x, s, depth=0, rounds=2, grow_policy="Lossguide")


def plain_model(**parameters):
    return CatBoost(parameters)


class Squares:
    def calc_ders_range(self, approximations, targets, weights):
        return [(target - value, -1.0) for value, target in zip(approximations, targets)]


def write_refused(folder):
    x, s = table(20, [categories(["red", "green", "blue", "black", "white"], 23), tenths], rows=300)
    y = (s > 0).astype(int)
    model = train(CatBoostClassifier, x, y, one_hot_max_size=2, rounds=3, max_ctr_complexity=1)
    assert save(folder / "ctr.json", model).get("ctr_data")

    x, s = table(21, [tenths, whole, digits])
    save(folder / "custom-objective.json", train(plain_model, x, s, rounds=2, depth=2, loss_function=Squares(),
                                                 eval_metric="RMSE"))
    if NEWEST:
        save(folder / "uncertainty.json", train(plain_model, x, s, rounds=2, depth=2,
                                                loss_function="RMSEWithUncertainty"))
        save(folder / "two-targets.json", train(plain_model, x, np.column_stack([s, -s]), rounds=2, depth=2,
                                                loss_function="MultiRMSE"))
    # Later versions do not save such a model as JSON. All versions refuse texts.
    data = [[row[0], [float(value) for value in row[1:]]] for row in np.nan_to_num(np.array(x)).tolist()]
    pool = Pool(data, (s > 0).astype(int), embedding_features=[1])
    model = CatBoostClassifier(iterations=1, depth=2, thread_count=1, random_seed=7, verbose=False,
                               allow_writing_files=False)
    model.fit(pool)
    try:
        save(folder / "embedding.json", model)
    except catboost.CatBoostError as error:
        print("embedding:", error)


def main():
    folder = Path(sys.argv[1]) / catboost.__version__
    (folder / "refused").mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    write_all(Folder(folder))
    write_refused(folder / "refused")


if __name__ == "__main__":
    main()
