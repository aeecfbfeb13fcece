"""Writes small models of scikit-learn, as `tepal.export` writes them, and what scikit-learn predicts with them.

    python generate.py FOLDER

writes FOLDER/VERSION, with the version of the installed scikit-learn. See README.md.
"""

import io
import json
import random
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.ensemble import (AdaBoostClassifier, ExtraTreesRegressor, GradientBoostingClassifier,
                              GradientBoostingRegressor, HistGradientBoostingClassifier, HistGradientBoostingRegressor,
                              RandomForestClassifier, StackingRegressor, VotingClassifier)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (KBinsDiscretizer, MinMaxScaler, Normalizer, OneHotEncoder, OrdinalEncoder,
                                   PolynomialFeatures, PowerTransformer, QuantileTransformer, StandardScaler)
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "python"))

import tepal
from tepal.export import shaken
from tepal.proof import Proof

VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])
ROWS = 32
MOST_BYTES = 12000


# ---- tables ----

def table(seed, rows=160, missing=0.1, decimals=1, texts_missing=0.0):
    """A frame with numbers a, b, c and categories kind and colour, and a score that depends on all of them."""
    r = random.Random(seed)
    a = [round(r.gauss(0, 1), decimals) for _ in range(rows)]
    b = [float(r.randrange(0, 9)) for _ in range(rows)]
    c = [round(r.gauss(40, 12), decimals) for _ in range(rows)]
    kind = [r.choice(["new", "old", "mixed"]) for _ in range(rows)]
    colour = [r.choice(["red", "green", "blue", "light grey"]) for _ in range(rows)]
    effect = {"new": 0.8, "old": -0.7, "mixed": 0.0, "red": 0.5, "green": -0.4, "blue": 0.2, "light grey": 0.0}
    score = np.array([a[i] + 0.2 * b[i] - 0.03 * c[i] + effect[kind[i]] + effect[colour[i]] + r.gauss(0, 0.3)
                      for i in range(rows)])
    for column in (a, c):
        for i in range(rows):
            if r.random() < missing:
                column[i] = float("nan")
    colour = np.array([np.nan if r.random() < texts_missing else value for value in colour], dtype=object)
    return pd.DataFrame({"a": a, "b": b, "c": c, "kind": np.array(kind, dtype=object), "colour": colour}), score


def numbers(seed, **options):
    frame, score = table(seed, **options)
    return frame[["a", "b", "c"]], score


def thirds(score, labels):
    low, high = np.quantile(score, [1 / 3, 2 / 3])
    return np.array([labels[0] if s < low else labels[1] if s < high else labels[2] for s in score])


# ---- rows ----

def hostile(document):
    """Rows at the thresholds and beside them, with missing cells, every category and unseen ones."""
    proof = Proof(document, {})
    proof.random = random.Random(11)
    typical, rows = list(proof.typical), []
    for at, feature in enumerate(document["features"]):
        if feature["kind"] == "number":
            large = [1e30, -1e30] if document["estimator"]["kind"] == "trees" else []
            for value in [-0.0, 1e-40, *large]:
                row = list(typical)
                row[at] = value
                rows.append(row)
    for row in proof.rows():
        if row not in rows:
            rows.append(row)
    if document["estimator"]["kind"] == "graph":
        # Not the rows in which the last bits decide.
        moved = shaken(document, rows).max(axis=1)
        rows = [row for row, one in zip(rows, moved) if one <= 1e-13]
    return rows[:ROWS]


def cell(value, feature):
    if value is None:
        return ""
    if feature["kind"] == "number":
        return repr(float(value))
    labels = [str(label) for label in feature["categories"]]
    return labels[value] if value < len(labels) else "unseen"


def case(folder, name, model, frame, target, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(frame, target)
        path = folder / (name + ".json")
        summary = tepal.export(model, frame, path, target="y", name=name, **options)
        document = json.loads(path.read_text(encoding="utf-8"))
        features = document["features"]
        rows = hostile(document)
        # What is predicted comes from the text of the file, read as any program reads it.
        header = [feature["name"] for feature in features]
        lines = [",".join(header)] + [",".join(map(cell, row, features)) for row in rows]
        texts = {feature["name"]: str for feature in features if feature["kind"] == "category"}
        read = pd.read_csv(io.StringIO("\n".join(lines)), float_precision="round_trip", keep_default_na=False,
                           na_values={name: [""] for name in header},
                           dtype={name: texts.get(name, "float64") for name in header})
        for column in texts:
            known = frame[column].dtype
            if isinstance(known, pd.CategoricalDtype):
                read[column] = pd.Categorical(read[column], list(known.categories) + ["unseen"])
            else:
                read[column] = np.array([np.nan if pd.isna(value) else value for value in read[column]], dtype=object)
        for dropped in document["dropped"]:
            read[dropped] = frame[dropped].iloc[0]
        read = read[list(frame.columns)]
        found = model.predict_proba(read) if hasattr(model, "classes_") else model.predict(read)
    found = np.asarray(found, dtype=np.float64).reshape(len(read), -1)
    assert np.isfinite(found).all()
    outputs = ["output"] if found.shape[1] == 1 else [f"output{k}" for k in range(found.shape[1])]
    lines[0] += "," + ",".join(outputs)
    for at, values in enumerate(found):
        lines[at + 1] += "," + ",".join(repr(float(value)) for value in values)
    text = "\n".join(lines) + "\n"
    assert '"' not in text
    (folder / (name + ".csv")).write_bytes(text.encode("utf-8"))
    for suffix in (".json", ".csv"):
        size = (folder / (name + suffix)).stat().st_size
        assert size <= MOST_BYTES, (name, suffix, size)
    print(f"{name:24} {summary.rows} rows, {summary.proof_rows} proof rows, largest difference "
          f"{summary.largest_difference:.1e}, tolerance {summary.tolerance:.0e}, {path.stat().st_size} bytes")


# ---- models ----

def prepared(numeric=None, categories=None):
    numeric = numeric or make_pipeline(SimpleImputer(), StandardScaler())
    categories = categories or OneHotEncoder(handle_unknown="ignore")
    return ColumnTransformer([("numbers", numeric, ["a", "b", "c"]), ("categories", categories, ["kind", "colour"])])


def write_all(folder):
    frame, score = table(1, texts_missing=0.1)
    case(folder, "logistic", make_pipeline(prepared(), LogisticRegression()), frame, score > 0.5)
    labels = ["low", "medium", "high"]  # in another order once they are sorted
    indicator = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    frequent = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(drop="first"))
    case(folder, "multinomial", make_pipeline(prepared(indicator, frequent), LogisticRegression()), frame,
         thirds(score, labels))
    frame, score = table(2, missing=0)
    between = prepared(MinMaxScaler(), OneHotEncoder(drop="if_binary"))
    case(folder, "ridge", make_pipeline(between, Ridge()), frame, score)
    case(folder, "poisson", make_pipeline(prepared(StandardScaler()), PoissonRegressor()), frame,
         np.floor(np.exp(np.clip(score, -2, 2))))
    if VERSION < (1, 7):
        two = LogisticRegression(multi_class="multinomial")
        case(folder, "multinomial-two", make_pipeline(StandardScaler(), two), frame[["a", "b", "c"]], score > 0.5)

    frame, score = numbers(3, missing=0.1 if VERSION >= (1, 3) else 0)
    case(folder, "tree-three", DecisionTreeClassifier(max_depth=4, random_state=1), frame, thirds(score, labels))
    frame, score = numbers(4, missing=0)
    case(folder, "tree-number", DecisionTreeRegressor(max_depth=5, random_state=1), frame, score)
    case(folder, "forest-two", RandomForestClassifier(3, max_depth=4, random_state=1), frame, score > 0.5)
    scaled = make_pipeline(StandardScaler(), RandomForestClassifier(2, max_depth=4, random_state=1))
    case(folder, "forest-three", scaled, frame, thirds(score, [3, 1, 2]))
    folded = make_pipeline(MinMaxScaler(), ExtraTreesRegressor(2, max_depth=4, random_state=1))
    case(folder, "extra-trees", folded, frame, score)
    case(folder, "boosting-two", GradientBoostingClassifier(n_estimators=4, random_state=1), frame, score > 0.5)
    case(folder, "boosting-exponential",
         GradientBoostingClassifier(n_estimators=4, loss="exponential", random_state=1), frame, score > 0.5)
    case(folder, "boosting-three", GradientBoostingClassifier(n_estimators=2, max_depth=2, random_state=1), frame,
         thirds(score, labels))
    frame, score = table(5)
    imputed = prepared(SimpleImputer(strategy="constant", fill_value=-1.0))
    case(folder, "boosting-number",
         make_pipeline(imputed, GradientBoostingRegressor(n_estimators=4, random_state=1)), frame, score)
    # No standing order of the categories.
    order = [["old", "new", "mixed"], ["red", "light grey", "green", "blue"]]
    encoder = OrdinalEncoder(categories=order, handle_unknown="use_encoded_value", unknown_value=-1)
    case(folder, "ordinal-forest",
         make_pipeline(prepared(SimpleImputer(), encoder), RandomForestClassifier(3, max_depth=4, random_state=1)),
         frame, score > 0.5)

    small = {"max_iter": 4, "max_leaf_nodes": 8, "min_samples_leaf": 5, "learning_rate": 0.5, "random_state": 1}
    frame, score = numbers(6)
    case(folder, "hist-number", HistGradientBoostingRegressor(**small), frame, score)
    case(folder, "hist-two", HistGradientBoostingClassifier(**small), frame, score > 0.5)
    case(folder, "hist-three", HistGradientBoostingClassifier(**{**small, "max_iter": 2}), frame, thirds(score, labels))
    case(folder, "hist-poisson", HistGradientBoostingRegressor(loss="poisson", **small), frame,
         np.floor(np.exp(np.clip(score, -2, 2))))
    frame, score = table(7, texts_missing=0.1)
    if VERSION >= (1, 4):
        for column in ("kind", "colour"):
            frame[column] = frame[column].astype("category")
        case(folder, "hist-categories", HistGradientBoostingRegressor(categorical_features="from_dtype", **small),
             frame, score)
    else:
        encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
        model = HistGradientBoostingRegressor(categorical_features=[3, 4], **small)
        case(folder, "hist-categories", make_pipeline(prepared("passthrough", encoder), model), frame, score)

    write_graphs(folder)
    iris = load_iris(as_frame=True)
    names = np.array(["setosa", "versicolor", "virginica"])
    case(folder, "iris", make_pipeline(StandardScaler(), LogisticRegression()), iris.data, names[iris.target])


def write_graphs(folder):
    """Models that are neither linear nor trees."""
    frame, score = table(8, rows=120, texts_missing=0.1)
    three = thirds(score, ["low", "medium", "high"])
    network = {"hidden_layer_sizes": (5, 3), "max_iter": 60, "random_state": 1}
    case(folder, "graph-network", make_pipeline(prepared(), MLPClassifier(**network)), frame, three)
    projected = make_pipeline(SimpleImputer(), StandardScaler(), PCA(2))
    tanh = MLPRegressor(activation="tanh", **network)
    case(folder, "graph-network-number", make_pipeline(prepared(projected), StandardScaler(), tanh), frame, score)
    case(folder, "graph-calibrated", make_pipeline(prepared(), CalibratedClassifierCV(LinearSVC(random_state=1), cv=2)),
         frame, three)
    small = RandomForestClassifier(2, max_depth=3, random_state=1)
    isotonic = CalibratedClassifierCV(small, method="isotonic", cv=2)
    case(folder, "graph-isotonic", make_pipeline(prepared(), isotonic), frame, score > 0.5)
    hist = HistGradientBoostingClassifier(max_iter=2, max_leaf_nodes=5, random_state=1, categorical_features=[3, 4])
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    voters = [("a", make_pipeline(prepared(), LogisticRegression())), ("b", make_pipeline(prepared(), small)),
              ("c", make_pipeline(prepared("passthrough", encoder), hist))]
    case(folder, "graph-voting", VotingClassifier(voters, voting="soft", weights=[2, 1, 1.5]), frame, score > 0.5)
    parts = [("a", Ridge()), ("b", DecisionTreeRegressor(max_depth=3, random_state=1))]
    case(folder, "graph-stacking",
         make_pipeline(prepared(), StackingRegressor(parts, Ridge(), cv=2, passthrough=True)), frame, score)
    case(folder, "graph-adaboost", make_pipeline(prepared(), AdaBoostClassifier(n_estimators=3, random_state=1)), frame,
         three)
    infrequent = OneHotEncoder(min_frequency=0.3, handle_unknown="infrequent_if_exist")
    case(folder, "graph-bayes", make_pipeline(prepared(categories=infrequent), PCA(4), GaussianNB()), frame, three)

    frame, score = numbers(9, rows=40, missing=0)
    scaler = StandardScaler()
    case(folder, "graph-svr", make_pipeline(scaler, SVR(epsilon=0.5)), frame, score, allow_rows=True)
    svc = SVC(kernel="poly", degree=2, coef0=1.0, probability=True, random_state=1)
    case(folder, "graph-svc", make_pipeline(scaler, svc), frame, score > 0.3, allow_rows=True)
    case(folder, "graph-calibrated-svc", make_pipeline(scaler, CalibratedClassifierCV(SVC(C=10.0), ensemble=False, cv=2)),
         frame, thirds(score, [3, 1, 2]), allow_rows=True)
    frame, score = numbers(10, missing=0.1)
    ways = ColumnTransformer([("powers", make_pipeline(SimpleImputer(), PowerTransformer()), ["a"]),
                              ("quantiles", make_pipeline(SimpleImputer(), QuantileTransformer(n_quantiles=9)), ["b"]),
                              ("bins", make_pipeline(SimpleImputer(), KBinsDiscretizer(4, encode="onehot-dense")), ["c"])])
    case(folder, "graph-curves", make_pipeline(ways, Ridge()), frame, score)
    crossed = make_pipeline(SimpleImputer(add_indicator=True), MinMaxScaler(clip=True), PolynomialFeatures(2), Normalizer())
    case(folder, "graph-polynomial", make_pipeline(crossed, LogisticRegression()), frame, score > 0.5)
    target = TransformedTargetRegressor(make_pipeline(SimpleImputer(), Ridge()), func=np.log1p, inverse_func=np.expm1)
    case(folder, "graph-target", target, frame, np.exp(np.clip(score, -2, 2)))


def main():
    folder = Path(sys.argv[1]) / sklearn.__version__
    folder.mkdir(parents=True, exist_ok=True)
    write_all(folder)


if __name__ == "__main__":
    main()
