"""Steps and estimators that need a graph: each is carried, and the program predicts what the model predicts.

    python tests/test_graphs.py

Without the variable TEPAL, which names the program, the package's own scorer is compared.
"""

import collections
import json
import os
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pandas as pd
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (AdaBoostClassifier, BaggingClassifier, BaggingRegressor, GradientBoostingClassifier,
                              GradientBoostingRegressor, HistGradientBoostingClassifier, HistGradientBoostingRegressor,
                              IsolationForest, RandomForestClassifier, RandomForestRegressor, StackingClassifier,
                              StackingRegressor, VotingClassifier, VotingRegressor)
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import (LinearRegression, LogisticRegression, Perceptron, PoissonRegressor, Ridge,
                                  RidgeClassifier, SGDClassifier)
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (Binarizer, FunctionTransformer, KBinsDiscretizer, MaxAbsScaler, MinMaxScaler,
                                   Normalizer, OneHotEncoder, OrdinalEncoder, PolynomialFeatures, PowerTransformer,
                                   QuantileTransformer, RobustScaler, StandardScaler)
from sklearn.svm import SVC, SVR, LinearSVC, NuSVC, NuSVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

import tepal
from tepal.original import Original
from tepal.scorer import score

VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])
# Differences, relative to numbers above 1. The second where a model itself cancels or is steep.
LIMIT, STEEP = 1e-12, 1e-10


def table(seed, rows=160):
    r = np.random.RandomState(seed)
    a, b = np.round(r.normal(size=rows), 1), 40 + 12 * r.normal(size=rows)
    c = np.where(r.uniform(size=rows) < 0.1, np.nan, np.round(np.exp(r.normal(size=rows)), 2))
    kind = r.choice(["new", "old", "mixed", "rare", "Other"], p=[0.4, 0.3, 0.24, 0.03, 0.03], size=rows)
    kind = np.array([np.nan if r.uniform() < 0.05 else one for one in kind], dtype=object)
    effect = a + 0.05 * (b - 40) + np.where(kind == "new", 0.8, -0.2) + 0.3 * a**2 + 0.2 * r.normal(size=rows)
    return pd.DataFrame({"a": a, "b": b, "c": c, "kind": kind}), effect


FRAME, EFFECT = table(1)
TARGETS = {
    "number": EFFECT,
    "positive": np.exp(np.clip(EFFECT, -3, 3)),
    "two": np.where(EFFECT > 0.5, "yes", "no"),
    "three": np.digitize(EFFECT, [-0.3, 0.9]) + 1,
}


def prepared(numbers=None, categories=None, columns=("a", "b", "c")):
    numbers = numbers or make_pipeline(SimpleImputer(), StandardScaler())
    categories = categories or OneHotEncoder(handle_unknown="ignore")
    return ColumnTransformer([("numbers", numbers, list(columns)), ("kind", categories, ["kind"])], sparse_threshold=0)


def filled(*steps):
    return prepared(make_pipeline(SimpleImputer(), *steps))


def after(last, *steps):
    return make_pipeline(prepared(), *steps, last)


def forest(kind=RandomForestClassifier):
    return kind(4, max_depth=4, random_state=1)


def steps_in_graphs():
    """Transformers, each before a linear model and before trees."""
    def both(transformer, **options):
        yield prepared(make_pipeline(SimpleImputer(**options), transformer))
        yield prepared(make_pipeline(SimpleImputer(**options), StandardScaler(), transformer))

    yield "pca", [make_pipeline(prepared(), PCA(3, random_state=1)),
                  make_pipeline(filled(PCA(2, whiten=True)), StandardScaler()),
                  make_pipeline(prepared(), PCA(4, random_state=1), PCA(2, random_state=1))]
    yield "svd", [make_pipeline(prepared(), TruncatedSVD(2, random_state=1))]
    yield "polynomial", [filled(PolynomialFeatures(3)), filled(StandardScaler(), PolynomialFeatures(interaction_only=True)),
                         make_pipeline(prepared(), PolynomialFeatures(2, include_bias=False), StandardScaler())]
    for norm in ("l1", "l2", "max"):
        yield f"normalizer {norm}", list(both(Normalizer(norm)))
    yield "binarizer", list(both(Binarizer(threshold=0.3)))
    for encode in ("onehot", "onehot-dense", "ordinal"):
        bins = KBinsDiscretizer(4, encode=encode)
        yield f"bins {encode}", [filled(bins), prepared(make_pipeline(StandardScaler(), SimpleImputer(), bins))]
    yield "quantiles", list(both(QuantileTransformer(n_quantiles=30)))
    yield "powers", list(both(PowerTransformer())) + list(both(PowerTransformer(standardize=False)))
    yield "box-cox", [prepared(make_pipeline(SimpleImputer(), PowerTransformer(method="box-cox")), columns=["b", "c"])]
    yield "clip", [filled(MinMaxScaler(clip=True)), make_pipeline(prepared(), MinMaxScaler((-1, 2), clip=True))]
    for function in (np.abs, np.square, np.exp, np.expm1):
        yield f"function {function.__name__}", [filled(StandardScaler(), FunctionTransformer(function))]
    for function in (np.log, np.log1p, np.sqrt):
        positive = make_pipeline(SimpleImputer(), FunctionTransformer(function))
        yield f"function {function.__name__}", [prepared(positive, columns=["b", "c"])]
    marked = make_pipeline(FunctionTransformer(), SimpleImputer(missing_values=0.1, add_indicator=True))
    yield "marker", [prepared(marked, columns=["a", "b"])]
    late = make_pipeline(PowerTransformer(), SimpleImputer(add_indicator=True))
    yield "imputer after", [make_pipeline(prepared(late))]
    yield "scalers after", [make_pipeline(prepared(), PCA(3, random_state=1), scaler) for scaler in
                            (MinMaxScaler(), MaxAbsScaler(), RobustScaler(), StandardScaler(with_mean=False))]
    yield "union", [prepared(make_pipeline(SimpleImputer(), FeatureUnion(
        [("a", PCA(2, random_state=1)), ("b", StandardScaler())], transformer_weights={"a": 2.0, "b": -0.5})))]
    yield "discriminants", [make_pipeline(prepared(), LinearDiscriminantAnalysis(solver=solver)) for solver in
                            ("svd", "eigen")]
    frequent = [OneHotEncoder(min_frequency=0.1, handle_unknown="infrequent_if_exist"),
                OneHotEncoder(max_categories=3, handle_unknown="infrequent_if_exist", drop="first")]
    if VERSION >= (1, 3):
        frequent.append(OrdinalEncoder(max_categories=3, handle_unknown="use_encoded_value", unknown_value=-1,
                                       encoded_missing_value=-2))
    yield "infrequent", [make_pipeline(prepared(categories=encoder), PCA(3, random_state=1)) for encoder in frequent]


def estimators():
    """Name, target, model, and the options of export."""
    def of_classes(name, make, **options):
        for target in ("two", "three"):
            yield f"{name} {target}", target, after(make()), options

    for activation in ("identity", "logistic", "tanh", "relu"):
        sizes = {"hidden_layer_sizes": (6, 4), "max_iter": 40, "random_state": 1, "activation": activation}
        yield from of_classes(f"network {activation}", lambda: MLPClassifier(**sizes))
        yield f"network {activation}", "number", after(MLPRegressor(**sizes)), {}
    if VERSION >= (1, 7):
        yield "network poisson", "positive", after(MLPRegressor(loss="poisson", max_iter=40, random_state=1)), {}
    inner = [("logistic", lambda: LogisticRegression()), ("svc", lambda: LinearSVC(random_state=1)), ("forest", forest),
             ("ridge", lambda: RidgeClassifier()), ("normal", lambda: make_pipeline(PCA(3), GaussianNB())),
             ("hinge", lambda: SGDClassifier(random_state=1)), ("perceptron", lambda: Perceptron(random_state=1)),
             ("boosting", lambda: GradientBoostingClassifier(n_estimators=3, random_state=1)),
             ("bagging", lambda: BaggingClassifier(LogisticRegression(), 2, random_state=1)),
             ("rest", lambda: OneVsRestClassifier(LogisticRegression())),
             ("adaboost", lambda: AdaBoostClassifier(n_estimators=3, random_state=1))]
    for method in ("sigmoid", "isotonic") + (("temperature",) if VERSION >= (1, 8) else ()):
        for name, make in inner:
            if method == "temperature" and name not in ("logistic", "svc", "forest", "ridge"):
                continue  # scikit-learn itself fails to fit some of them
            yield from of_classes(f"calibrated {name} {method}",
                                  lambda: CalibratedClassifierCV(make(), method=method, cv=2))
    whole = make_pipeline(prepared(), LinearSVC(random_state=1))
    yield "calibrated pipeline", "two", CalibratedClassifierCV(whole, cv=2, ensemble=False), {}
    for kernel in ("linear", "rbf", "poly", "sigmoid"):
        allowed = {} if kernel == "linear" else {"allow_rows": True}
        yield f"svr {kernel}", "number", after(SVR(kernel=kernel)), allowed
        yield f"nusvr {kernel}", "number", after(NuSVR(kernel=kernel)), allowed
        yield f"svc {kernel}", "two", after(SVC(kernel=kernel, probability=True, random_state=1)), allowed
        yield from of_classes(f"calibrated svc {kernel}", lambda: CalibratedClassifierCV(SVC(kernel=kernel), cv=2),
                              **allowed)
    yield "nusvc", "two", after(NuSVC(probability=True, random_state=1, nu=0.3)), {"allow_rows": True}

    def voters():
        return [("a", make_pipeline(prepared(), LogisticRegression())), ("b", make_pipeline(filled(), forest())),
                ("c", make_pipeline(prepared(SimpleImputer(strategy="median")),
                                    HistGradientBoostingClassifier(max_iter=3))),
                ("d", make_pipeline(prepared(MinMaxScaler()), HistGradientBoostingClassifier(max_iter=2)))]

    def regressors():
        return [("a", make_pipeline(prepared(), Ridge())), ("b", make_pipeline(filled(), forest(RandomForestRegressor))),
                ("c", make_pipeline(prepared("passthrough"), HistGradientBoostingRegressor(max_iter=3)))]

    for target in ("two", "three"):
        yield f"voting {target}", target, VotingClassifier(voters(), voting="soft"), {}
        yield f"voting weights {target}", target, VotingClassifier(voters(), voting="soft", weights=[1, 2, 0.5, 3]), {}
        yield f"stacking {target}", target, StackingClassifier(voters(), cv=2), {}
        decisions = voters()[:2] + [("e", make_pipeline(prepared(), LinearSVC(random_state=1)))]
        yield f"stacking decisions {target}", target, StackingClassifier(decisions, forest(), cv=2), {}
        rows = [("a", LogisticRegression()), ("b", forest()), ("c", "drop")]
        yield f"stacking passthrough {target}", target, after(StackingClassifier(rows, cv=2, passthrough=True)), {}
    yield "voting", "number", VotingRegressor(regressors()), {}
    order = [["old", "rare", "new", "mixed", "Other", np.nan]]
    unsorted = prepared("passthrough", OrdinalEncoder(categories=order))
    boosting = HistGradientBoostingRegressor(max_iter=3, categorical_features=[3])
    yield "voting by categories", "number", VotingRegressor(
        [("a", make_pipeline(unsorted, boosting)), ("b", make_pipeline(unsorted, SimpleImputer(), PCA(3), Ridge()))]), {}
    yield "stacking", "number", StackingRegressor(regressors(), cv=2), {}
    yield "stacking poisson", "positive", after(StackingRegressor([("a", PoissonRegressor()), ("b", Ridge())],
                                                                  PoissonRegressor(), cv=2)), {}
    yield from of_classes("bagging", lambda: BaggingClassifier(LogisticRegression(), 3, max_features=0.7, random_state=1))
    yield from of_classes("bagging trees", lambda: BaggingClassifier(n_estimators=3, random_state=1))
    yield "bagging", "number", after(BaggingRegressor(DecisionTreeRegressor(max_depth=3), 3, max_features=0.6,
                                                      bootstrap_features=True, random_state=1)), {}
    yield from of_classes("adaboost", lambda: AdaBoostClassifier(n_estimators=4, random_state=1))
    yield from of_classes("adaboost deep", lambda: AdaBoostClassifier(DecisionTreeClassifier(max_depth=3), n_estimators=3,
                                                                      random_state=1))
    if VERSION < (1, 6):
        yield from of_classes("adaboost samme", lambda: AdaBoostClassifier(n_estimators=4, algorithm="SAMME",
                                                                           random_state=1))
    yield from of_classes("adaboost logistic", lambda: AdaBoostClassifier(LogisticRegression(), n_estimators=3,
                                                                          random_state=1))
    yield from of_classes("one against rest", lambda: OneVsRestClassifier(LogisticRegression()))
    yield from of_classes("sgd", lambda: SGDClassifier(loss="log_loss", random_state=1))
    yield from of_classes("sgd huber", lambda: SGDClassifier(loss="modified_huber", random_state=1))
    if VERSION < (1, 8):
        yield "liblinear", "three", after(LogisticRegression(solver="liblinear")), {}
    if VERSION < (1, 7):
        yield "one against rest logistic", "three", after(LogisticRegression(multi_class="ovr")), {}
    yield from of_classes("bayes", lambda: GaussianNB())
    yield from of_classes("bernoulli", lambda: BernoulliNB())
    for name, kind in (("multinomial", MultinomialNB), ("complement", ComplementNB)):
        for target in ("two", "three"):
            yield f"{name} {target}", target, make_pipeline(filled(MinMaxScaler(clip=True)), kind()), {}
    yield from of_classes("quadratic", lambda: make_pipeline(PCA(4, random_state=1), QuadraticDiscriminantAnalysis()))
    yield "isolation forest", "number", after(IsolationForest(n_estimators=6, random_state=1)), {}
    yield "isolation forest parts", "number", after(IsolationForest(n_estimators=6, max_features=0.5, random_state=1)), {}
    for function, inverse in ((np.log, np.exp), (np.log1p, np.expm1), (np.sqrt, np.square)):
        last = TransformedTargetRegressor(Ridge(), func=function, inverse_func=inverse)
        yield f"target {function.__name__}", "positive", after(last), {}
        whole = TransformedTargetRegressor(after(forest(RandomForestRegressor)), func=function, inverse_func=inverse)
        yield f"target {function.__name__} trees", "positive", whole, {}
    for scaler in (StandardScaler(), MinMaxScaler(), RobustScaler(), MaxAbsScaler()):
        yield f"target {type(scaler).__name__}", "number", after(TransformedTargetRegressor(Ridge(), transformer=scaler)), {}
    first = DecisionTreeRegressor(max_depth=2, random_state=1)
    yield "boosting after a tree", "number", after(GradientBoostingRegressor(init=first, n_estimators=3)), {}
    yield "boosting after a forest", "number", after(GradientBoostingRegressor(init=forest(RandomForestRegressor),
                                                                               n_estimators=3)), {}
    yield "boosting after a mean", "number", after(GradientBoostingRegressor(init=DummyRegressor(), n_estimators=3)), {}
    yield from of_classes("boosting after a tree", lambda: GradientBoostingClassifier(
        init=DecisionTreeClassifier(max_depth=2, random_state=1), n_estimators=3))
    yield from of_classes("boosting after a share", lambda: GradientBoostingClassifier(
        init=DummyClassifier(strategy="prior"), n_estimators=3))


def cases():
    for name, makers in steps_in_graphs():
        for place, maker in enumerate(makers):
            for last, target in ((Ridge(), "number"), (LogisticRegression(), "three")):
                if target == "number" and name == "discriminants":
                    continue
                yield f"{name} {place} before {type(last).__name__}", target, make_pipeline(maker, last), {}
            if not any(word in name for word in ("pca", "svd", "discriminants")):
                last = HistGradientBoostingRegressor(max_iter=3, min_samples_leaf=5)
                yield f"{name} {place} before trees", "number", make_pipeline(maker, forest(RandomForestRegressor)), {}
                yield f"{name} {place} before boosting", "number", make_pipeline(maker, last), {}
            else:
                yield f"{name} {place} before trees", "two", make_pipeline(maker, forest()), {}
    if VERSION >= (1, 3):
        from sklearn.preprocessing import TargetEncoder

        for target, last in (("number", Ridge()), ("two", LogisticRegression())) + (
                (("three", LogisticRegression()),) if VERSION >= (1, 4) else ()):
            encoder = prepared(categories=TargetEncoder(random_state=1))
            yield f"targets {target}", target, make_pipeline(encoder, last), {}
            yield f"targets {target} before pca", target, make_pipeline(encoder, PCA(2, random_state=1), last), {}
    flags = make_pipeline(prepared(FeatureUnion([("x", SimpleImputer()), ("m", MissingIndicator())])))
    yield "indicator", "number", make_pipeline(flags, LinearRegression()), {}
    yield "indicator before pca", "number", make_pipeline(flags, PCA(3, random_state=1), LinearRegression()), {}
    yield from estimators()


def check(name, target, model, options, folder):
    """The kind of the document and the largest difference."""
    y = TARGETS[target]
    model = sklearn.base.clone(model).fit(FRAME, y)
    path = Path(folder) / "model.json"
    tepal.export(model, FRAME, path, **options)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert len(document["estimator"].get("nodes", ())) <= 120, (name, len(document["estimator"]["nodes"]))
    fresh, _ = table(2, 100)
    fresh = fresh[fresh["c"].notna() & fresh["kind"].notna() & (fresh["b"] > 0)].reset_index(drop=True)
    original = Original(model, fresh)
    expected = original.predict_checked()
    if "TEPAL" in os.environ:
        loaded = tepal.load(path)
        found = loaded.predict_proba(fresh) if hasattr(model, "classes_") else loaded.predict(fresh).reshape(-1, 1)
    else:
        own = [{"index": original.names.index(feature["name"])} for feature in document["features"]]
        with np.errstate(all="ignore"):
            found = score(document, original.rows_checked(own, document)).outputs
    return document["estimator"]["kind"], (np.abs(expected - found) / np.maximum(1.0, np.abs(expected))).max()


def run(names=()):
    counts, worst = collections.Counter(), collections.defaultdict(float)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, target, model, options in cases():
            if names and not any(one in name for one in names):
                continue
            try:
                kind, difference = check(name, target, model, options, folder)
            except Exception as error:
                raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error
            assert difference <= (STEEP if "svc" in name else LIMIT), (name, difference)
            counts[kind] += 1
            family = " ".join(name.split()[:1])
            worst[family] = max(worst[family], difference)
    print(f"scikit-learn {sklearn.__version__}: {dict(counts)}")
    return worst


def test_each_step_and_estimator():
    run()


if __name__ == "__main__":
    for family, difference in sorted(run(sys.argv[1:]).items()):
        print(f"{difference:8.1e}  {family}")
