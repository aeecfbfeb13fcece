"""XGBoost, LightGBM and CatBoost in pipelines: each is carried, and the program predicts what the model predicts.

    python tests/test_boosters.py

With the variable TEPAL, which names the program.
"""

import collections
import json
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pandas as pd
from catboost import CatBoostClassifier, CatBoostRegressor
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.decomposition import PCA
from sklearn.ensemble import BaggingRegressor, StackingClassifier, VotingClassifier, VotingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, OneHotEncoder, OrdinalEncoder, RobustScaler, StandardScaler
from xgboost import XGBClassifier, XGBRegressor, XGBRFClassifier

import tepal

# Of numbers of 64 bits and of 32.
LIMIT, SINGLE = 1e-14, 1e-6


def table(seed, rows=200):
    r = np.random.RandomState(seed)
    a, b = np.round(r.normal(size=rows), 1), np.round(40 + 12 * r.normal(size=rows), 1)
    c = np.where(r.uniform(size=rows) < 0.15, np.nan, np.round(np.exp(r.normal(size=rows)), 2))
    kind = r.choice(["new", "old", "mixed", "rare", "Other"], size=rows)
    effect = a + 0.04 * (b - 40) + (kind == "new") + 0.5 * np.nan_to_num(c) + 0.3 * r.normal(size=rows)
    return pd.DataFrame({"a": a, "b": b, "c": c, "kind": kind}), effect


FRAME, EFFECT = table(1)
TARGETS = {
    "number": EFFECT,
    "positive": np.exp(np.clip(EFFECT, -3, 3)),
    "two": (EFFECT > 0.5).astype(int),
    "three": np.digitize(EFFECT, [-0.3, 0.9]),
    "texts": np.where(EFFECT > 0.5, "yes", "no"),
}
NUMBERS = ["a", "b", "c"]


def xgb(kind=XGBClassifier, **options):
    return kind(n_estimators=8, max_depth=3, n_jobs=1, **options)


def lgb(kind=LGBMClassifier, **options):
    return kind(n_estimators=8, num_leaves=6, n_jobs=1, verbose=-1, **options)


def cat(kind=CatBoostClassifier, **options):
    return kind(iterations=8, depth=3, thread_count=1, verbose=0, allow_writing_files=False, **options)


def prepared(numbers, categories=None, **options):
    categories = categories or OneHotEncoder(handle_unknown="ignore")
    return ColumnTransformer([("kind", categories, ["kind"]), ("numbers", numbers, NUMBERS)], **options)


def filled(*steps):
    return make_pipeline(SimpleImputer(), StandardScaler(), *steps)


PREPARED = {
    "dense": lambda: prepared(StandardScaler(), sparse_threshold=0.0),
    # A number that is its mean is 0, which is not there, and so missing to XGBoost.
    "sparse": lambda: prepared(filled(), sparse_threshold=1.0),
    "codes": lambda: prepared("passthrough", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)),
    "projected": lambda: prepared(filled(PCA(2)), sparse_threshold=0.0),
    "one-hot": lambda: ColumnTransformer([("kind", OneHotEncoder(handle_unknown="ignore"), ["kind"])]),
}


def calibrated(make, method):
    return CalibratedClassifierCV(make_pipeline(PREPARED["dense"](), make()), cv=2, method=method)


def cases():
    for name, make in PREPARED.items():
        for target in ("two", "three"):
            yield f"xgboost {name} {target}", target, make_pipeline(make(), xgb())
            yield f"lightgbm {name} {target}", target, make_pipeline(make(), lgb())
            yield f"catboost {name} {target}", target, make_pipeline(make(), cat())
        yield f"xgboost {name} number", "number", make_pipeline(make(), xgb(XGBRegressor))
        yield f"lightgbm {name} number", "number", make_pipeline(make(), lgb(LGBMRegressor))
        yield f"catboost {name} number", "number", make_pipeline(make(), cat(CatBoostRegressor))
    dense = PREPARED["dense"]
    # Of two classes each has a score.
    yield "xgboost softmax", "two", make_pipeline(dense(), xgb(objective="multi:softprob", num_class=2))
    yield "lightgbm softmax", "two", make_pipeline(dense(), lgb(objective="multiclass", num_class=2))
    yield "catboost softmax", "two", make_pipeline(dense(), cat(loss_function="MultiClass"))
    for scaler in (StandardScaler(with_mean=False), MaxAbsScaler(), RobustScaler(with_centering=False)):
        for name, make in (("xgboost", xgb), ("lightgbm", lgb), ("catboost", cat)):
            # Numbers of a sparse table are multiplied, where those of others are divided.
            sparse = prepared(SimpleImputer(), sparse_threshold=1.0)
            yield f"{name} {type(scaler).__name__}", "two", make_pipeline(sparse, scaler, make())
    logarithm = TransformedTargetRegressor(make_pipeline(dense(), xgb(XGBRegressor)), func=np.log, inverse_func=np.exp)
    yield "xgboost logarithm", "positive", logarithm
    yield "xgboost dart number", "number", make_pipeline(dense(), xgb(XGBRegressor, booster="dart", rate_drop=0.3))
    for loss in ("count:poisson", "reg:gamma", "reg:tweedie"):
        yield f"xgboost {loss}", "positive", make_pipeline(dense(), xgb(XGBRegressor, objective=loss))
    for loss in ("poisson", "gamma", "tweedie"):
        yield f"lightgbm {loss}", "positive", make_pipeline(dense(), lgb(LGBMRegressor, objective=loss))
    for loss in ("Poisson", "Tweedie:variance_power=1.5", "MAE"):
        yield f"catboost {loss}", "positive", make_pipeline(dense(), cat(CatBoostRegressor, loss_function=loss))
    yield "xgboost dart", "two", make_pipeline(dense(), xgb(booster="dart", rate_drop=0.5))
    yield "xgboost forest", "two", make_pipeline(dense(), xgb(XGBRFClassifier))
    yield "xgboost given base", "two", make_pipeline(dense(), xgb(base_score=0.3))
    yield "lightgbm forest", "number", make_pipeline(dense(), lgb(LGBMRegressor, boosting_type="rf", bagging_freq=1,
                                                                  bagging_fraction=0.5))
    yield "lightgbm sigmoid", "two", make_pipeline(dense(), lgb(sigmoid=0.7))
    yield "lightgbm texts", "texts", make_pipeline(dense(), lgb())
    yield "catboost texts", "texts", make_pipeline(dense(), cat())
    for policy in ("Lossguide", "Depthwise"):
        yield f"catboost {policy}", "two", make_pipeline(dense(), cat(grow_policy=policy))
        yield f"catboost {policy} three", "three", make_pipeline(dense(), cat(grow_policy=policy))
    yield "catboost alone", "number", make_pipeline(ColumnTransformer([("n", "passthrough", NUMBERS)]),
                                                    cat(CatBoostRegressor, nan_mode="Max"))
    three = [("x", xgb()), ("l", lgb()), ("c", cat())]
    logistic = make_pipeline(SimpleImputer(), LogisticRegression())
    for target in ("two", "three"):
        yield f"voting {target}", target, make_pipeline(
            dense(), VotingClassifier(three + [("r", logistic)], voting="soft"))
        yield f"voting of xgboost {target}", target, make_pipeline(
            dense(), VotingClassifier([("a", xgb()), ("b", xgb(learning_rate=0.1))], voting="soft"))
        yield f"stacking {target}", target, make_pipeline(dense(), StackingClassifier(three, LogisticRegression(), cv=2))
    whole = [(name, make_pipeline(PREPARED["sparse"](), make(kind)))
             for name, make, kind in (("x", xgb, XGBRegressor), ("l", lgb, LGBMRegressor), ("c", cat, CatBoostRegressor))]
    yield "voting of pipelines", "number", VotingRegressor(whole + [("r", make_pipeline(PREPARED["sparse"](), Ridge()))])
    for name, make in (("xgboost", xgb), ("lightgbm", lgb), ("catboost", cat)):
        for method in ("sigmoid", "isotonic"):
            yield f"calibrated {name} {method}", "two", calibrated(make, method)
    yield "bagging", "number", make_pipeline(dense(), BaggingRegressor(lgb(LGBMRegressor), 3, random_state=1))


def check(name, target, model, folder):
    """The kind of the document and the largest difference."""
    model = model.fit(FRAME, TARGETS[target])
    path = Path(folder) / "model.json"
    summary = tepal.export(model, FRAME, path)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert summary.proof_rows >= (5 if "one-hot" in name else 20), (name, summary)
    fresh, _ = table(2, 120)
    # Where a number is the mean of its column.
    fresh.loc[:9, "a"] = FRAME["a"].mean()
    if "one-hot" in name:
        fresh["kind"] = fresh["kind"].replace("rare", "unseen")
    loaded = tepal.load(path)
    if target in ("number", "positive"):
        expected, found = model.predict(fresh), loaded.predict(fresh)
    else:
        expected, found = model.predict_proba(fresh), loaded.predict_proba(fresh)
    difference = np.abs(np.asarray(expected, dtype=np.float64) - found) / np.maximum(1.0, np.abs(expected))
    return document["estimator"]["kind"], difference.max(), bool(document["proof"].get("single"))


def run(names=()):
    counts, worst = collections.Counter(), collections.defaultdict(float)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, target, model in cases():
            if names and not any(one in name for one in names):
                continue
            try:
                kind, difference, single = check(name, target, model, folder)
            except Exception as error:
                raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error
            assert difference <= (SINGLE if single else LIMIT), (name, difference)
            counts[kind] += 1
            worst[name.split()[0]] = max(worst[name.split()[0]], difference)
    print(dict(counts))
    return worst


def test_boosters_in_pipelines():
    run()


def test_a_booster_alone_is_carried():
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for make, source in ((xgb, "XGBoost"), (lgb, "LightGBM"), (cat, "CatBoost")):
            path = Path(folder) / "alone.json"
            model = make().fit(FRAME[NUMBERS], TARGETS["two"])
            tepal.export(model, FRAME[NUMBERS], path)
            assert json.loads(path.read_text(encoding="utf-8"))["source"] == source
            difference = np.abs(tepal.load(path).predict_proba(FRAME[NUMBERS]) - model.predict_proba(FRAME[NUMBERS]))
            assert difference.max() <= SINGLE, (source, difference.max())


def test_what_is_not_carried_is_refused():
    frame = FRAME.assign(kind=FRAME["kind"].astype("category"))
    cases = [
        ("booster='gblinear'", xgb(booster="gblinear"), FRAME[["a", "b"]], "two"),
        ("missing=-1", xgb(missing=-1), FRAME[NUMBERS], "two"),
        ("objective='binary:hinge'", xgb(objective="binary:hinge"), FRAME[NUMBERS], "two"),
        ("categories that XGBoost itself splits", xgb(enable_categorical=True), frame, "two"),
        ("categories that LightGBM itself splits", lgb(), frame, "two"),
        ("zero_as_missing=True", lgb(zero_as_missing=True), FRAME[NUMBERS], "two"),
        ("linear_tree=True", lgb(LGBMRegressor, linear_tree=True), FRAME[NUMBERS], "number"),
        ("objective='regression sqrt'", lgb(LGBMRegressor, reg_sqrt=True), FRAME[NUMBERS], "positive"),
        ("objective='multiclassova", lgb(objective="multiclassova"), FRAME[NUMBERS], "three"),
        ("categories or texts that CatBoost itself splits", cat(cat_features=["kind"]), FRAME, "two"),
        ("loss_function='MultiClassOneVsAll'", cat(loss_function="MultiClassOneVsAll"), FRAME[NUMBERS], "three"),
    ]
    # In 32 bits a scaler moves numbers over thresholds.
    r = np.random.RandomState(1)
    narrow = pd.DataFrame({"a": r.randint(60, size=400), "b": r.randint(9, size=400)}).astype(np.float32)
    TARGETS["narrow"] = (narrow["a"] * 3 + narrow["b"] * 17 + 20 * r.normal(size=400) > 130).astype(int)
    cases.append(("fit it on numbers of 64 bits", make_pipeline(StandardScaler(), xgb()), narrow, "narrow"))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for part, model, frame, target in cases:
            path = Path(folder) / "refused.json"
            try:
                tepal.export(model.fit(frame, TARGETS[target]), frame, path)
            except tepal.NotCarried as error:
                assert part in str(error), (part, str(error))
                assert not path.exists()
            else:
                raise AssertionError(f"{part} is carried")
        for model, part in ((xgb(), "no fitted estimator"), (cat(), "no fitted estimator"),
                            (lgb().fit(FRAME[NUMBERS], TARGETS["two"]).booster_, "write it by its save_model")):
            try:
                tepal.export(model, FRAME[NUMBERS], path)
            except tepal.NotCarried as error:
                assert part in str(error), error
            else:
                raise AssertionError(f"{part}: it is carried")


def test_names_with_blanks_are_those_of_the_table():
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = FRAME[NUMBERS].rename(columns={"a": "length (cm)"})
        path = Path(folder) / "blanks.json"
        tepal.export(lgb().fit(frame, TARGETS["two"]), frame, path)
        assert json.loads(path.read_text(encoding="utf-8"))["features"][0]["name"] == "length (cm)"


if __name__ == "__main__":
    for family, difference in sorted(run(sys.argv[1:]).items()):
        print(f"{difference:8.1e}  {family}")
