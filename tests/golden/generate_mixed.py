"""Writes the tables of mixed column types, and what scikit-learn and statsmodels answer for them.

Run as `python generate_mixed.py`, with the packages of requirements.txt and requirements-added.txt installed. It uses
no network and no random numbers: the tables ship inside the packages palmerpenguins and pydataset, and every fit is
polished to its optimum. Two runs write the same bytes. Last bits may differ where numpy's long double is no longer
than a double, as on ARM.
"""

import csv
import importlib.metadata
import importlib.util
import io
import json
import tarfile
import warnings
from pathlib import Path

import mpmath
import numpy as np
import pandas as pd
import sklearn.calibration
import sklearn.metrics as metrics
from scipy.special import expit, log_expit
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.impute import SimpleImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, RobustScaler, StandardScaler

HERE = Path(__file__).parent
LONG = np.longdouble
ROWS_STORED = 400
# The split of the held-out evaluation: the first of these whose parts have every class, and no unseen level.
SPLITS = [(4, 3), (4, 2), (4, 1), (4, 0), (5, 4), (5, 3), (5, 2), (5, 1), (5, 0), (6, 5), (6, 4), (6, 3), (6, 2)]

# Each table: where it comes from, which rows and columns are written, how its missing cells are written, and what
# each column is for. Columns that are neither left out nor named here make the script stop.
TABLES = [
    dict(name="penguins", package="palmerpenguins", source="penguins.csv", missing="NA", target="species",
         numeric=["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "year"],
         categorical=["island", "sex"]),
    dict(name="penguins_raw", package="palmerpenguins", source="penguins-raw.csv", missing="", target="Sex",
         left_out=["Region", "Date Egg", "Comments"],
         numeric=["Culmen Length (mm)", "Culmen Depth (mm)", "Flipper Length (mm)", "Body Mass (g)",
                  "Delta 15 N (o/oo)", "Delta 13 C (o/oo)"],
         categorical=["studyName", "Species", "Island", "Clutch Completion"],
         dropped=["Sample Number", "Stage", "Individual ID"]),
    dict(name="survey", package="pydataset", source="MASS/survey.csv", missing="NA", target="Sex", dialect="tab",
         numeric=["Wr.Hnd", "NW.Hnd", "Pulse", "Height", "Age"],
         categorical=["W.Hnd", "Fold", "Clap", "Exer", "Smoke", "M.I"]),
    dict(name="hdma", package="pydataset", source="Ecdat/Hdma.csv", every=3, offset=1, missing="", target="deny",
         numeric=["dir", "hir", "lvr", "ccs", "mcs", "uria", "comdominiom"],
         categorical=["pbcr", "dmi", "self", "single", "black"]),
    dict(name="males", package="pydataset", source="Ecdat/Males.csv", every=9, missing="NA", target="union",
         numeric=["year", "school", "exper", "wage"],
         categorical=["ethn", "married", "health", "industry", "occupation", "residence"], dropped=["nr"]),
    dict(name="flchain", package="pydataset", source="survival/flchain.csv", every=8, missing="", target="death",
         numeric=["age", "sample.yr", "kappa", "lambda", "flc.grp", "creatinine"], categorical=["sex"],
         dropped=["mgus", "futime", "chapter"]),
    dict(name="chile", package="pydataset", source="car/Chile.csv", every=3, missing="NA", target="vote",
         numeric=["population", "age", "income", "statusquo"], categorical=["region", "sex", "education"]),
    dict(name="political", package="pydataset", source="pscl/politicalInformation.csv", every=2, missing="",
         target="y", numeric=["age", "length"], categorical=["collegeDegree", "female", "homeOwn", "govt"],
         dropped=["id"]),
    dict(name="slid", package="pydataset", source="car/SLID.csv", every=8, missing="", target="wages", task="number",
         dialect="semicolon", numeric=["education", "age"], categorical=["sex", "language"]),
    dict(name="cars93", package="pydataset", source="MASS/Cars93.csv", missing="NA", target="Price", task="number",
         numeric=["MPG.city", "EngineSize", "Horsepower", "RPM", "Fuel.tank.capacity", "Passengers", "Length",
                  "Rear.seat.room", "Luggage.room", "Weight"],
         categorical=["Type", "AirBags", "DriveTrain", "Cylinders", "Man.trans.avail", "Origin"],
         dropped=["Manufacturer", "Model", "Min.Price", "Max.Price", "MPG.highway", "Rev.per.mile", "Wheelbase",
                  "Width", "Turn.circle"], left_out=["Make"]),
    dict(name="msleep", package="pydataset", source="ggplot2/msleep.csv", missing="NA", target="sleep_total",
         task="number", numeric=["sleep_rem", "sleep_cycle", "brainwt", "bodywt"],
         categorical=["vore", "conservation"], dropped=["name", "genus", "order", "awake"]),
    dict(name="bdi", package="pydataset", source="HSAUR/BtheB.csv", missing="", target="bdi.8m", task="number",
         numeric=["bdi.pre", "bdi.2m", "bdi.4m", "bdi.6m"], categorical=["drug", "length", "treatment"]),
]

DEFAULT = dict(
    numeric_impute="median", numeric_fill=None, add_indicator=False, scale="standard",
    category_impute="most_frequent", category_fill=None, encode="one_hot", drop=None, handle_unknown="error",
    model="logistic", C=1.0, class_weight=None, alpha=None,
)
CONSTANT = dict(numeric_impute="constant", numeric_fill=0, category_impute="constant", category_fill="missing")
LEAST_SQUARES = dict(model="least_squares", alpha=None, drop="first")

# The further cases of each table: a name, and what differs from its default case.
FURTHER = {
    "penguins": {
        "ordinal": dict(encode="ordinal"),
        "c_0_1": dict(C=0.1),
        "missing_as_a_level": CONSTANT,
    },
    "penguins_raw": {
        "most_frequent": dict(numeric_impute="most_frequent"),
        "indicator": dict(add_indicator=True),
        "indicator_drop_first": dict(add_indicator=True, drop="first", numeric_impute="mean"),
    },
    "survey": {
        "mean": dict(numeric_impute="mean"),
        "most_frequent": dict(numeric_impute="most_frequent"),
        "robust": dict(scale="robust"),
        "c_0_1_missing_as_a_level": dict(C=0.1, **CONSTANT),
    },
    "hdma": {
        "minmax": dict(scale="minmax"),
        "unscaled": dict(scale="none"),
        "balanced": dict(class_weight="balanced"),
    },
    "males": {
        "drop_first": dict(drop="first"),
        "ignore_unknown": dict(handle_unknown="ignore"),
        "c_0_1_missing_as_a_level": dict(C=0.1, category_impute="constant", category_fill="missing"),
    },
    "flchain": {
        "mean": dict(numeric_impute="mean"),
        "indicator_balanced": dict(add_indicator=True, class_weight="balanced"),
    },
    "chile": {
        "constant_drop_first": dict(drop="first", **CONSTANT),
        "balanced": dict(class_weight="balanced"),
    },
    "political": {
        "ordinal": dict(encode="ordinal"),
        "ignore_unknown": dict(handle_unknown="ignore"),
    },
    "slid": {
        "mean": dict(numeric_impute="mean"),
        "robust": dict(scale="robust"),
        "least_squares": LEAST_SQUARES,
    },
    "cars93": {
        "drop_first": dict(drop="first"),
        "ordinal": dict(encode="ordinal"),
        "least_squares": LEAST_SQUARES,
    },
    "msleep": {
        "constant": CONSTANT,
        "indicator": dict(add_indicator=True),
        "ignore_unknown": dict(handle_unknown="ignore"),
        "unscaled": dict(scale="none"),
    },
    "bdi": {
        "minmax": dict(scale="minmax"),
        "least_squares_indicator": dict(LEAST_SQUARES, add_indicator=True),
    },
}


# ---- tables ----

def package_folder(package):
    return Path(importlib.util.find_spec(package).submodule_search_locations[0])


def source_text(table):
    if table["package"] == "palmerpenguins":
        return (package_folder("palmerpenguins") / "data" / table["source"]).read_text(encoding="utf-8")
    with tarfile.open(package_folder("pydataset") / "resources.tar.gz") as archive:
        return archive.extractfile("resources/rdata/csv/" + table["source"]).read().decode("utf-8")


def shortest(number):
    """The shortest decimals that read back as this double; whole numbers without a point."""
    text = repr(float(number))
    return text[:-2] if text.endswith(".0") else text


def numeric_columns(table):
    """The columns whose cells are numbers: features, a target of a regression, and dropped ones by their cells."""
    names = list(table["numeric"])
    if table.get("task") == "number":
        names.append(table["target"])
    return names


def read_table(table):
    """Header and rows; a missing cell is None, every other cell a string."""
    lines = list(csv.reader(io.StringIO(source_text(table))))
    header, rows = lines[0], lines[1:]
    left_out = {"", *table.get("left_out", [])}
    keep = [i for i, name in enumerate(header) if name not in left_out]
    header = [header[i] for i in keep]
    rows = [[None if row[i] in ("NA", "") else row[i] for i in keep] for row in rows]
    rows = rows[table.get("offset", 0)::table.get("every", 1)]
    known = [table["target"], *table["numeric"], *table["categorical"], *table.get("dropped", [])]
    assert sorted(known) == sorted(header), (table["name"], set(header) ^ set(known))
    for name in numeric_columns(table):
        i = header.index(name)
        for row in rows:
            row[i] = None if row[i] is None else shortest(row[i])
    return header, rows


def write_table(path, header, rows, missing, separator=",", decimal=".", ending="\n", numbers=()):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=ending)
    writer.writerow(header)
    for row in rows:
        cells = []
        for name, cell in zip(header, row):
            cell = missing if cell is None else cell
            cells.append(cell.replace(".", decimal) if name in numbers else cell)
        writer.writerow(cells)
    path.write_bytes(text.getvalue().encode("utf-8"))


def frame_of(table, header, rows):
    """Features as scikit-learn gets them: doubles with NaN, and strings with NaN."""
    columns = {}
    for name in table["numeric"]:
        i = header.index(name)
        columns[name] = np.array([np.nan if row[i] is None else float(row[i]) for row in rows])
    for name in table["categorical"]:
        i = header.index(name)
        columns[name] = pd.Series([np.nan if row[i] is None else row[i] for row in rows], dtype=object)
    return pd.DataFrame(columns)


def schema(table, header, rows):
    numeric, categorical = [], []
    for name in table["numeric"]:
        i = header.index(name)
        values = np.array([float(row[i]) for row in rows if row[i] is not None])
        at = np.percentile(values, [5, 25, 50, 75, 95])
        numeric.append(dict(name=name, count=len(values), missing=len(rows) - len(values), min=float(values.min()),
                            max=float(values.max()), mean=float(values.mean()), percentiles=at.tolist()))
        assert values.min() < values.max()
    for name in table["categorical"]:
        i = header.index(name)
        values = [row[i] for row in rows if row[i] is not None]
        levels = [[level, values.count(level)] for level in sorted(set(values))]
        categorical.append(dict(name=name, count=len(values), missing=len(rows) - len(values), levels=levels))
    return dict(numeric=numeric, categorical=categorical)


# ---- fits ----

def preparation(table, options):
    number_steps = [("impute", SimpleImputer(strategy=options["numeric_impute"], fill_value=options["numeric_fill"],
                                             add_indicator=options["add_indicator"]))]
    scaler = {"standard": StandardScaler, "minmax": MinMaxScaler, "robust": RobustScaler, "none": None}
    if scaler[options["scale"]]:
        number_steps.append(("scale", scaler[options["scale"]]()))
    category_steps = [("impute", SimpleImputer(strategy=options["category_impute"],
                                               fill_value=options["category_fill"]))]
    if options["encode"] == "one_hot":
        category_steps.append(("encode", OneHotEncoder(drop=options["drop"], sparse_output=False,
                                                       handle_unknown=options["handle_unknown"])))
    else:
        category_steps += [("encode", OrdinalEncoder()), ("scale", StandardScaler())]
    return ColumnTransformer([("num", Pipeline(number_steps), table["numeric"]),
                              ("cat", Pipeline(category_steps), table["categorical"])], sparse_threshold=0)


def solve_refined(matrix, right):
    """Solves in long double: a double's solution of the matrix scaled to a unit diagonal, refined."""
    scale = 1 / np.sqrt(np.diag(matrix))
    scaled = matrix * scale[:, None] * scale[None, :]
    inverse = np.linalg.inv(scaled.astype(float)).astype(LONG)
    wanted = right * scale
    solution = inverse @ wanted
    for _ in range(20):
        solution = solution + inverse @ (wanted - scaled @ solution)
    return solution * scale


def fit_number(x, y, alpha):
    """Ridge or least squares, with a free intercept; the coefficients' optimum in long double."""
    model = LinearRegression() if alpha is None else Ridge(alpha=alpha)
    model.fit(x, y)
    xl, yl = x.astype(LONG), y.astype(LONG)
    means, mean = xl.mean(axis=0), yl.mean()
    centred = xl - means
    gram = centred.T @ centred + (0 if alpha is None else alpha) * np.eye(x.shape[1], dtype=LONG)
    if alpha is None:
        assert np.linalg.matrix_rank(centred.astype(float)) == x.shape[1]
    coefficients = solve_refined(gram, centred.T @ (yl - mean))
    intercept = mean - means @ coefficients
    far = np.abs(model.predict(x) - (xl @ coefficients + intercept).astype(float)).max()
    assert far < 1e-8 * (1 + np.abs(y).max()), far
    residuals = yl - mean - centred @ coefficients
    penalty = 0 if alpha is None else alpha
    gradient = np.abs(penalty * coefficients - centred.T @ residuals).max()
    objective = (residuals @ residuals + penalty * (coefficients @ coefficients)) / 2
    return coefficients[None, :], np.array([intercept]), dict(
        solver=type(model).__name__, objective=float(objective), gradient=float(gradient))


def probabilities(scores):
    """Of the second class alone where there is one score, else of every class."""
    if scores.shape[1] == 1:
        z = scores[:, 0]
        small = np.exp(-np.abs(z))
        return np.where(z >= 0, 1 / (1 + small), small / (1 + small))[:, None]
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def row_losses(scores, codes):
    if scores.shape[1] == 1:
        z = np.where(codes == 1, -scores[:, 0], scores[:, 0])
        return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    top = scores.max(axis=1)
    return np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top - scores[np.arange(len(codes)), codes]


def fit_classes(x, codes, classes, c, class_weight):
    """Logistic regression at its optimum, in the form sum of w * loss + l2 / 2 * sum of b^2 with l2 = 1 / C."""
    weights = np.ones(len(codes), dtype=LONG)
    if class_weight == "balanced":
        counts = np.bincount(codes)
        weights = LONG(len(codes)) / (classes * counts[codes].astype(LONG))
    l2 = LONG(1) / LONG(c)
    xl = np.column_stack([x.astype(LONG), np.ones(len(x), dtype=LONG)])
    width, outputs = xl.shape[1], 1 if classes == 2 else classes
    targets = codes[:, None] == np.arange(classes)[None, :]
    targets = (targets[:, 1:] if outputs == 1 else targets).astype(LONG)
    penalized = np.append(np.ones(width - 1, dtype=LONG), LONG(0))

    def objective(b):
        return weights @ row_losses(xl @ b.T, codes) + l2 / 2 * (penalized * b * b).sum()

    best = None
    for solver in ["newton-cholesky", "lbfgs"]:
        model = LogisticRegression(C=c, class_weight=class_weight, solver=solver, tol=1e-14, max_iter=20000)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(x, codes)
        b = np.column_stack([model.coef_, model.intercept_]).astype(LONG)
        value = objective(b)
        if best is None or value < best[0]:
            best = (value, solver, b)
    _, solver, b = best
    first = probabilities(xl @ b.T)

    for _ in range(12):
        p = probabilities(xl @ b.T)
        gradient = (weights[:, None] * (p - targets)).T @ xl + l2 * penalized * b
        hessian = np.zeros((outputs, width, outputs, width), dtype=LONG)
        for i in range(outputs):
            for j in range(outputs):
                curve = p[:, i] * ((i == j) - p[:, j])
                hessian[i, :, j, :] = (xl * (weights * curve)[:, None]).T @ xl
            hessian[i, :, i, :] += l2 * np.diag(penalized)
        if outputs > 1:
            # The sum of the intercepts is free: this holds it, and changes no step.
            hessian[:, -1, :, -1] += 1
        size = outputs * width
        step = solve_refined(hessian.reshape(size, size), gradient.reshape(size))
        b = b - step.reshape(outputs, width)
    p = probabilities(xl @ b.T)
    gradient = (weights[:, None] * (p - targets)).T @ xl + l2 * penalized * b
    if outputs > 1:
        b[:, -1] -= b[:, -1].mean()
    assert np.abs(gradient).max() < 1e-11, np.abs(gradient).max()
    return b[:, :-1], b[:, -1], dict(solver=solver, objective=float(objective(b)),
                                     gradient=float(np.abs(gradient).max()),
                                     solver_probability_error=float(np.abs(p - first).max()))


class Fitted:
    def __init__(self, table, options, frame, target, classes):
        self.options, self.classes = options, classes
        self.preparation = preparation(table, options)
        x = self.preparation.fit_transform(frame).astype(float)
        self.columns = self.preparation.get_feature_names_out().tolist()
        if classes is None:
            alpha = options["alpha"] if options["model"] == "ridge" else None
            self.b, self.b0, self.details = fit_number(x, target, alpha)
        else:
            self.b, self.b0, self.details = fit_classes(x, target, len(classes), options["C"],
                                                        options["class_weight"])

    def answers(self, frame):
        """Predictions, or the second class's probability of two classes, or all probabilities of each row."""
        x = self.preparation.transform(frame).astype(LONG)
        scores = x @ self.b.T + self.b0
        if self.classes is None:
            return scores[:, 0].astype(float)
        p = probabilities(scores).astype(float)
        return p[:, 0] if p.shape[1] == 1 else p

    def learned(self):
        """What the preparation learned from the rows."""
        number, category = (self.preparation.named_transformers_[name] for name in ["num", "cat"])
        found = dict(numeric_fills=number["impute"].statistics_.tolist(),
                     category_fills=list(category["impute"].statistics_),
                     levels=[list(levels) for levels in category["encode"].categories_])
        if self.options["add_indicator"]:
            found["indicators"] = number["impute"].indicator_.features_.tolist()
        for name, steps in [("numeric", number), ("category", category)]:
            if "scale" in steps.named_steps:
                scaler = steps["scale"]
                shift = {"StandardScaler": "mean_", "RobustScaler": "center_", "MinMaxScaler": "data_min_"}
                spread = "data_range_" if isinstance(scaler, MinMaxScaler) else "scale_"
                found[name + "_shift"] = getattr(scaler, shift[type(scaler).__name__]).tolist()
                found[name + "_spread"] = getattr(scaler, spread).tolist()
        return found


# ---- evaluation ----

def floats(values):
    return np.asarray(values, dtype=float).tolist()


def curve(values):
    return [None if np.isinf(v) else float(v) for v in values]


def evaluate_classes(p, codes, classes):
    count = len(classes)
    full = np.column_stack([1 - p, p]) if p.ndim == 1 else p
    predicted = full.argmax(axis=1)
    labels = list(range(count))
    hits = int((predicted == codes).sum())
    found = dict(
        accuracy=metrics.accuracy_score(codes, predicted),
        wilson_95=floats(proportion_confint(hits, len(codes), alpha=0.05, method="wilson")),
        balanced_accuracy=metrics.balanced_accuracy_score(codes, predicted),
        confusion_matrix=metrics.confusion_matrix(codes, predicted, labels=labels).tolist(),
    )
    precision, recall, f1, support = metrics.precision_recall_fscore_support(codes, predicted, labels=labels,
                                                                             zero_division=0)
    found["per_class"] = dict(precision=floats(precision), recall=floats(recall), f1=floats(f1),
                              support=support.tolist())
    for average in ["micro", "macro", "weighted"]:
        three = metrics.precision_recall_fscore_support(codes, predicted, labels=labels, average=average,
                                                        zero_division=0)[:3]
        found[average] = dict(zip(["precision", "recall", "f1"], floats(three)))
    found["log_loss"] = metrics.log_loss(codes, full, labels=labels)
    if count == 2:
        fpr, tpr, thresholds = metrics.roc_curve(codes, p, drop_intermediate=False)
        found["roc_curve"] = dict(fpr=floats(fpr), tpr=floats(tpr), thresholds=curve(thresholds))
        found["roc_auc"] = metrics.roc_auc_score(codes, p)
        precision, recall, thresholds = metrics.precision_recall_curve(codes, p)
        found["precision_recall_curve"] = dict(precision=floats(precision), recall=floats(recall),
                                               thresholds=floats(thresholds))
        found["average_precision"] = metrics.average_precision_score(codes, p)
        found["brier"] = metrics.brier_score_loss(codes, p)
        for strategy in ["uniform", "quantile"]:
            true, mean = sklearn.calibration.calibration_curve(codes, p, n_bins=10, strategy=strategy)
            found["calibration_curve_" + strategy] = dict(prob_true=floats(true), prob_pred=floats(mean))
    else:
        found["roc_auc_ovr_macro"] = metrics.roc_auc_score(codes, p, multi_class="ovr", average="macro",
                                                           labels=labels)
        found["brier"] = metrics.brier_score_loss(codes, p, labels=labels, scale_by_half="auto")
    return {key: float(value) if isinstance(value, np.floating) else value for key, value in found.items()}


def evaluate_numbers(prediction, y):
    at = [0, 5, 25, 50, 75, 95, 100]
    return dict(r2=float(metrics.r2_score(y, prediction)),
                mean_absolute_error=float(metrics.mean_absolute_error(y, prediction)),
                root_mean_squared_error=float(metrics.root_mean_squared_error(y, prediction)),
                median_absolute_error=float(metrics.median_absolute_error(y, prediction)),
                residual_percentiles=floats(np.percentile(y - prediction, at)))


def held_out(table, frame, target, classes, options):
    for every, remainder in SPLITS:
        position = np.arange(len(target))
        test = position % every == remainder
        parts = [frame[~test].reset_index(drop=True), frame[test].reset_index(drop=True)]
        if classes and any(len(np.unique(target[part])) < len(classes) for part in [test, ~test]):
            continue
        if any((~parts[1][name].dropna().isin(parts[0][name].dropna())).any() for name in table["categorical"]):
            continue
        break
    else:
        raise SystemExit(f"no split fits {table['name']}")
    fitted = Fitted(table, options, parts[0], target[~test], classes)
    answers = fitted.answers(parts[1])
    found = dict(every=every, remainder=remainder, train_rows=int((~test).sum()), test_rows=int(test.sum()))
    nothing = np.zeros((len(target), 1))
    if classes:
        found["y"] = target[test].tolist()
        found["probabilities"] = answers.tolist()
        found["metrics"] = evaluate_classes(answers, target[test], classes)
        dummy = DummyClassifier(strategy="most_frequent").fit(nothing[~test], target[~test])
        prior = DummyClassifier(strategy="prior").fit(nothing[~test], target[~test])
        found["baseline"] = dict(
            most_frequent_accuracy=float(dummy.score(nothing[test], target[test])),
            prior_log_loss=float(metrics.log_loss(target[test], prior.predict_proba(nothing[test]))))
    else:
        found["y"] = target[test].tolist()
        found["predictions"] = answers.tolist()
        found["metrics"] = evaluate_numbers(answers, target[test])
        mean = DummyRegressor(strategy="mean").fit(nothing[~test], target[~test]).predict(nothing[test])
        found["baseline"] = dict(
            mean=float(mean[0]), r2=float(metrics.r2_score(target[test], mean)),
            mean_absolute_error=float(metrics.mean_absolute_error(target[test], mean)),
            root_mean_squared_error=float(metrics.root_mean_squared_error(target[test], mean)))
    return found


def calibration(p, y):
    """Isotonic and sigmoid maps fitted on stored probabilities; see the README for what each minimizes."""
    isotonic = IsotonicRegression(out_of_bounds="clip", y_min=0, y_max=1).fit(p, y)
    points = np.arange(25) / 24
    scores = np.log(p) - np.log1p(-p)
    a, b = sklearn.calibration._sigmoid_calibration(scores, y)
    ones, zeros = int((y == 1).sum()), int((y == 0).sum())
    high, low = (ones + 1) / (ones + 2), 1 / (zeros + 2)
    targets = np.where(y == 1, LONG(ones + 1) / (ones + 2), LONG(1) / (zeros + 2))
    design = np.column_stack([-scores.astype(LONG), -np.ones(len(y), dtype=LONG)])
    optimum = np.array([a, b], dtype=LONG)
    for _ in range(30):
        q = probabilities((design @ optimum)[:, None])[:, 0]
        gradient = design.T @ (q - targets)
        optimum = optimum - solve_refined((design * (q * (1 - q))[:, None]).T @ design, gradient)

    def loss(ab):
        z = (-(ab[0] * scores + ab[1])).astype(float)
        t = targets.astype(float)
        return float(-(t * log_expit(z) + (1 - t) * log_expit(-z)).sum())

    at = optimum.astype(float)
    return dict(
        isotonic=dict(x_thresholds=floats(isotonic.X_thresholds_), y_thresholds=floats(isotonic.y_thresholds_),
                      points=floats(points), predictions=floats(isotonic.predict(points))),
        sigmoid=dict(positives=ones, negatives=zeros, target_positive=high, target_negative=low, a=float(a),
                     b=float(b), loss=loss(np.array([a, b])), optimum_a=float(at[0]), optimum_b=float(at[1]),
                     optimum_loss=loss(at), optimum_gradient=float(np.abs(gradient).max()),
                     points=floats(points[1:-1]),
                     optimum_predictions=floats(expit(-(at[0] * (np.log(points[1:-1]) - np.log1p(-points[1:-1]))
                                                        + at[1])))))


# ---- standard errors ----

INFERENCE = [
    dict(table="penguins_raw", features=["Culmen Length (mm)", "Culmen Depth (mm)", "Flipper Length (mm)",
                                         "Body Mass (g)"]),
    dict(table="hdma", features=["dir", "lvr", "ccs", "mcs", "uria"]),
    dict(table="slid", features=["education", "age"]),
]


def exact_fit(x, y, logistic):
    """Coefficients and standard errors to 50 digits, the standard errors from the expected information."""
    mpmath.mp.dps = 50
    rows = [[mpmath.mpf(v) for v in row] for row in x.tolist()]
    wanted = [mpmath.mpf(v) for v in y.tolist()]
    width = len(rows[0])
    b = mpmath.matrix(width, 1)
    for _ in range(40 if logistic else 2):
        information, slope = mpmath.matrix(width, width), mpmath.matrix(width, 1)
        squares = mpmath.mpf(0)
        for row, target in zip(rows, wanted):
            z = mpmath.fdot(row, b)
            p = 1 / (1 + mpmath.exp(-z)) if logistic else z
            weight = p * (1 - p) if logistic else mpmath.mpf(1)
            squares += (target - p) ** 2
            for i in range(width):
                slope[i] += row[i] * (target - p)
                for j in range(i + 1):
                    information[i, j] += weight * row[i] * row[j]
        for i in range(width):
            for j in range(i):
                information[j, i] = information[i, j]
        step = mpmath.lu_solve(information, slope)
        b += step
        if max(abs(s / (v or 1)) for s, v in zip(step, b)) < mpmath.mpf(10) ** -35:
            break
    variance = 1 if logistic else squares / (len(rows) - width)
    inverse = information ** -1
    return (np.array([float(v) for v in b]),
            np.array([float(mpmath.sqrt(variance * inverse[i, i])) for i in range(width)]))


def inference(spec, table, header, rows):
    logistic = table.get("task") != "number"
    used = [header.index(name) for name in [table["target"], *spec["features"]]]
    complete = [[row[i] for i in used] for row in rows if all(row[i] is not None for i in used)]
    x = np.array([[1.0, *map(float, row[1:])] for row in complete])
    found = dict(table=table["name"], file=f"mixed/{table['name']}.csv", target=table["target"],
                 features=spec["features"], rows=len(complete), names=["(intercept)", *spec["features"]])
    if logistic:
        classes = sorted({row[0] for row in complete})
        y = np.array([float(classes.index(row[0])) for row in complete])
        result = sm.Logit(y, x).fit(method="newton", tol=1e-14, maxiter=1000, disp=0)
        found.update(model="Logit", classes=classes, positive=classes[1], log_likelihood=float(result.llf))
    else:
        y = np.array([float(row[0]) for row in complete])
        result = sm.OLS(y, x).fit()
        found.update(model="OLS", df_resid=int(result.df_resid), scale=float(result.scale),
                     r2=float(result.rsquared), log_likelihood=float(result.llf))
    exact, errors = exact_fit(x, y, logistic)
    assert np.allclose(result.params, exact, rtol=1e-7, atol=0), (result.params, exact)
    assert np.allclose(result.bse, errors, rtol=1e-7, atol=0), (result.bse, errors)
    found.update(params=floats(result.params), bse=floats(result.bse), statistics=floats(result.tvalues),
                 p_values=floats(result.pvalues), conf_int=floats(result.conf_int(0.05)), exact_params=floats(exact),
                 exact_bse=floats(errors))
    return found


# ---- all ----

def cells_of(frame, names):
    """The rows' cells as strings, a missing one as null."""
    rows = []
    for _, row in frame.iterrows():
        cells = []
        for name in names:
            cell = row[name]
            if isinstance(cell, str):
                cells.append(cell)
            else:
                cells.append(None if np.isnan(cell) else shortest(cell))
        rows.append(cells)
    return rows


def unseen_rows(table, fitted, frame):
    """The first rows, with a level in them that the fit has not seen."""
    changed = frame.head(len(table["categorical"]) + 2).copy()
    for i, name in enumerate(table["categorical"]):
        changed.loc[i, name] = "a level never seen"
    changed.loc[len(table["categorical"]), table["categorical"]] = "another one"
    names = [*table["numeric"], *table["categorical"]]
    return dict(columns=names, rows=cells_of(changed, names), answers=fitted.answers(changed).tolist())


def lines_of(items):
    return ",\n".join(json.dumps(item, separators=(",", ":"), allow_nan=False) for item in items)


def write_json(path, head, lists):
    parts = [f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}" for key, value in head.items()]
    parts += [f"{json.dumps(key)}:[\n{lines_of(items)}\n]" for key, items in lists.items()]
    path.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8", newline="\n")


def main():
    folder = HERE / "mixed"
    folder.mkdir(exist_ok=True)
    tables, cases, splits, calibrations, inferences = [], [], [], [], []
    for table in TABLES:
        name, number = table["name"], table.get("task") == "number"
        header, rows = read_table(table)
        write_table(folder / f"{name}.csv", header, rows, table["missing"])
        others = {}
        if table.get("dialect") == "semicolon":
            others = dict(separator=";", decimal=",", ending="\r\n", numbers=numeric_columns(table))
        elif table.get("dialect") == "tab":
            others = dict(separator="\t")
        if others:
            write_table(folder / f"{name}_{table['dialect']}.csv", header, rows, table["missing"], **others)

        at = header.index(table["target"])
        kept = [row for row in rows if row[at] is not None]
        classes = None if number else sorted({row[at] for row in kept})
        target = np.array([float(row[at]) if number else classes.index(row[at]) for row in kept])
        frame = frame_of(table, header, kept)
        about = dict(table=name, file=f"mixed/{name}.csv", target=table["target"], task="number" if number else "class",
                     classes=classes, numeric=table["numeric"], categorical=table["categorical"],
                     dropped=table.get("dropped", []))
        tables.append(dict(table=name, file=about["file"], also=f"mixed/{name}_{table['dialect']}.csv" if others
                           else None, missing_written_as=table["missing"], rows=len(rows), columns=header,
                           target=table["target"], target_missing=len(rows) - len(kept),
                           class_counts=None if number else np.bincount(target).tolist(),
                           **schema(table, header, rows)))

        default = dict(DEFAULT, model="ridge", alpha=1.0, C=None) if number else DEFAULT
        for case, changes in {"default": {}, **FURTHER[name]}.items():
            options = dict(default, **changes)
            if options["scale"] == "robust":
                assert all(np.diff(np.nanpercentile(frame[c], [25, 75])) > 0 for c in table["numeric"]), name
            fitted = Fitted(table, options, frame, target, classes)
            answers = fitted.answers(frame)
            cases.append(dict(
                case=f"{name}/{case}", **about, options=options, rows=len(kept), left_out_rows=len(rows) - len(kept),
                learned=fitted.learned(), columns=fitted.columns, coefficients=floats(fitted.b),
                intercepts=floats(fitted.b0), **fitted.details, rows_stored=min(len(kept), ROWS_STORED),
                **{"predictions" if number else "probabilities": answers[:ROWS_STORED].tolist()},
                **({"unseen": unseen_rows(table, fitted, frame)} if options["handle_unknown"] == "ignore" else {})))
            print(cases[-1]["case"], len(kept), len(rows) - len(kept), fitted.details, flush=True)
        split = held_out(table, frame, target, classes, default)
        splits.append(dict(case=f"{name}/default", **about, **split))
        if name in ("hdma", "flchain"):
            calibrations.append(dict(case=f"{name}/default", fitted_on="the held_out probabilities and y of this case",
                                     **calibration(np.array(split["probabilities"]), np.array(split["y"]))))
        for spec in INFERENCE:
            if spec["table"] == name:
                inferences.append(inference(spec, table, header, rows))
    packages = ["scikit-learn", "numpy", "scipy", "pandas", "palmerpenguins", "pydataset"]
    versions = {package: importlib.metadata.version(package) for package in packages}
    write_json(HERE / "mixed.json", dict(versions=versions),
               dict(tables=tables, cases=cases, held_out=splits, calibration=calibrations))
    more = {package: importlib.metadata.version(package) for package in ["statsmodels", "numpy", "mpmath"]}
    write_json(HERE / "inference.json", dict(versions=more), dict(fits=inferences))


if __name__ == "__main__":
    # statsmodels warns on import about nothing that matters here.
    import statsmodels.api as sm
    from statsmodels.stats.proportion import proportion_confint

    main()
