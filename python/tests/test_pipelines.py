"""Many random pipelines: each is carried with equal predictions, or refused by name.

    python tests/test_pipelines.py            60 pipelines
    python tests/test_pipelines.py 500        500 pipelines
    python tests/test_pipelines.py 500 1000   500 pipelines, from seed 1000 on

Under pytest, the variable TEPAL_PIPELINES is the number of pipelines.
"""

import collections
import json
import os
import random
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pandas as pd
import sklearn
from sklearn import (calibration, decomposition, discriminant_analysis, ensemble, feature_selection, linear_model,
                     multiclass, naive_bayes, neural_network, svm, tree)
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import (Binarizer, FunctionTransformer, KBinsDiscretizer, MaxAbsScaler, MinMaxScaler,
                                   Normalizer, OneHotEncoder, OrdinalEncoder, PolynomialFeatures, PowerTransformer,
                                   QuantileTransformer, RobustScaler, StandardScaler)

import tepal
from tepal.export import Original, differences, is_single, shaken
from tepal.scorer import score

try:
    from catboost import CatBoostClassifier, CatBoostRegressor
    from lightgbm import LGBMClassifier, LGBMRegressor
    from xgboost import XGBRegressor
except ImportError:
    # The environments of earlier versions have none of them; test_boosters.py needs them.
    LGBMClassifier = None

VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])
COUNT = int(os.environ.get("TEPAL_PIPELINES", "60"))
# On some tables libsvm does not end by itself.
STEPS = 20000


# ---- tables ----

class Plan:
    """The kinds of a table's columns."""

    def __init__(self, r):
        self.as_array = r.random() < 0.2
        kinds = ["decimal", "normal", "whole", "large", "tiny", "with missing", "with missing"]
        others = ["texts", "texts", "texts with missing", "texts with None", "booleans", "codes", "categories"]
        self.columns = {f"n{j}": r.choice(kinds) for j in range(r.randint(1, 4))}
        if not self.as_array:
            self.columns.update({f"c{j}": r.choice(others) for j in range(r.randint(0, 3))})
        names = list(self.columns)
        r.shuffle(names)
        self.columns = {name: self.columns[name] for name in names}
        words = ["north", "south", "east", "west", "Nord-Ost", "x y", "10", "b", "B"]
        self.words = {name: r.sample(words, r.randint(2, 5)) for name in names}
        self.narrow = r.random() < 0.1

    def numbers(self):
        return [name for name in self.columns if name.startswith("n")]

    def table(self, seed, rows):
        r = np.random.RandomState(seed)
        made, effect = {}, np.zeros(rows)
        for name, kind in self.columns.items():
            made[name], part = self.column(name, kind, r, rows)
            effect += part
        frame = pd.DataFrame(made)
        effect += 0.3 * r.normal(size=rows)
        if self.narrow:
            frame = frame.astype({name: np.float32 for name in self.numbers()})
        return (frame.to_numpy() if self.as_array else frame), effect

    def column(self, name, kind, r, rows):
        if name.startswith("n"):
            x = r.normal(size=rows)
            part = np.where(x > 0.2, x, 0.5 * x)
            if kind == "decimal":
                x = np.round(x, 1)
            elif kind == "whole":
                x = np.round(5 * x)
            elif kind == "large":
                x = 1e6 + 1e3 * x
            elif kind == "tiny":
                x = 1e-7 * x
            elif kind == "with missing":
                x = np.where(r.uniform(size=rows) < 0.15, np.nan, np.round(20 + 3 * x, 2))
            return x, part
        if kind == "booleans":
            x = r.uniform(size=rows) < 0.4
            return x, 0.7 * x
        if kind == "codes":
            x = r.choice([0, 1, 2, 5, 9], size=rows)
            return x, 0.3 * (x == 2)
        words = self.words[name]
        at = r.randint(len(words), size=rows)
        x = np.array(words, dtype=object)[at]
        if kind == "texts with missing":
            x[r.uniform(size=rows) < 0.15] = np.nan
        if kind == "texts with None":
            x[r.uniform(size=rows) < 0.15] = None
        x = pd.Categorical(x, words) if kind == "categories" else pd.Series(x, dtype=object)
        return x, 0.6 * (at == 0) - 0.4 * (at == 1)


# ---- pipelines ----

def scaler(r):
    last = FunctionTransformer(np.log1p) if r.random() < 0.2 else RobustScaler()
    return r.choice([StandardScaler(), StandardScaler(), StandardScaler(with_mean=False),
                     StandardScaler(with_std=False), MinMaxScaler(), MinMaxScaler(feature_range=(-1, 3)), MaxAbsScaler(), RobustScaler(),
                     RobustScaler(with_centering=False), "passthrough", FunctionTransformer(),
                     MinMaxScaler(clip=r.random() < 0.3), last])


def graph_step(r):
    return r.choice([PowerTransformer(), QuantileTransformer(n_quantiles=r.choice([5, 40])), Normalizer(),
                     Normalizer(r.choice(["l1", "max"])), Binarizer(threshold=0.5), PolynomialFeatures(2),
                     PolynomialFeatures(3, interaction_only=True), decomposition.PCA(1), decomposition.PCA(whiten=True),
                     KBinsDiscretizer(3, encode=r.choice(["onehot-dense", "ordinal"])), MinMaxScaler(clip=True),
                     FunctionTransformer(r.choice([np.abs, np.log1p, np.sqrt, np.square, np.exp])),
                     decomposition.TruncatedSVD(1)])


def number_imputer(r):
    strategy = r.choice(["mean", "median", "most_frequent", "constant"])
    fill = r.choice([0.0, -1.0, 20.5]) if strategy == "constant" else None
    return SimpleImputer(strategy=strategy, fill_value=fill, add_indicator=r.random() < 0.35,
                         keep_empty_features=r.random() < 0.2)


def number_part(r):
    steps = []
    if r.random() < 0.8:
        steps.append(number_imputer(r))
    if r.random() < 0.6:
        steps.insert(r.choice([0, len(steps)]), scaler(r))
    if r.random() < 0.15:
        steps.append(scaler(r))
    if r.random() < 0.2:
        steps.append(graph_step(r))
    if r.random() < 0.1:
        steps.append(feature_selection.VarianceThreshold())
    if not steps:
        return "passthrough"
    return make_pipeline(*steps) if len(steps) > 1 or r.random() < 0.3 else steps[0]


def number_union(r):
    if r.random() < 0.15:
        parts = [(f"p{j}", r.choice([number_part(r), scaler(r)])) for j in range(2)]
        return FeatureUnion(parts, transformer_weights={"p0": 0.5} if r.random() < 0.3 else None)
    return number_part(r)


def category_imputer(r):
    missing = r.choice([np.nan, np.nan, None])
    if r.random() < 0.5:
        return SimpleImputer(strategy="most_frequent", missing_values=missing, add_indicator=r.random() < 0.2)
    return SimpleImputer(strategy="constant", fill_value="not known", missing_values=missing)


def category_part(r):
    steps = [category_imputer(r)] if r.random() < 0.35 else []
    if r.random() < 0.6:
        options = {"handle_unknown": r.choice(["ignore", "ignore", "error"])}
        options["drop"] = r.choice([None, None, "first", "if_binary"])
        if r.random() < 0.2:
            options.update(min_frequency=0.2, handle_unknown="infrequent_if_exist")
        steps.append(OneHotEncoder(**options))
    elif VERSION >= (1, 4) and r.random() < 0.3:
        from sklearn.preprocessing import TargetEncoder

        steps.append(TargetEncoder(random_state=1))
    else:
        unknown = r.choice([-1, np.nan, 100])
        options = {"handle_unknown": "use_encoded_value", "unknown_value": unknown} if r.random() < 0.7 else {}
        if r.random() < 0.4:
            options["encoded_missing_value"] = r.choice([-2, 50])
        if VERSION >= (1, 3) and r.random() < 0.2:
            options["max_categories"] = 2
        steps.append(OrdinalEncoder(**options))
    if r.random() < 0.2:
        steps.append(StandardScaler(with_mean=False))
    if r.random() < 0.1:
        steps.append(SimpleImputer(strategy="most_frequent"))
    return make_pipeline(*steps) if len(steps) > 1 else steps[0]


def preparation(r, plan):
    if plan.as_array or (len(plan.numbers()) == len(plan.columns) and r.random() < 0.5):
        part = number_union(r)
        return part
    numbers = plan.numbers()
    others = [name for name in plan.columns if name not in numbers]
    if r.random() < 0.1:
        numbers = numbers[:-1]
    parts = [("numbers", number_union(r), numbers)] if numbers else []
    for at, name in enumerate(others):
        choice = category_part(r)
        if plan.columns[name] in ("booleans", "codes") and r.random() < 0.5:
            choice = r.choice(["passthrough", StandardScaler()])
        if r.random() < 0.05:
            choice = "drop"
        parts.append((f"other{at}", choice, [name]))
    r.shuffle(parts)
    return ColumnTransformer(parts, remainder=r.choice(["drop", "drop", "passthrough"]))


def boosters(r, n_classes):
    """Those of other libraries. XGBoost takes no other classes than 0, 1 and so on."""
    leaves = {"n_estimators": r.randint(1, 6), "num_leaves": r.choice([3, 8, 31]), "min_child_samples": 5, "verbose": -1}
    depth = {"iterations": r.randint(1, 6), "depth": r.choice([2, 4]), "verbose": 0, "allow_writing_files": False}
    if LGBMClassifier is None:
        return []
    if n_classes:
        return [LGBMClassifier(n_jobs=1, **leaves), CatBoostClassifier(thread_count=1, **depth)] * 2
    return [LGBMRegressor(n_jobs=1, **leaves), CatBoostRegressor(thread_count=1, **depth),
            XGBRegressor(n_estimators=r.randint(1, 6), max_depth=r.choice([2, 5]), n_jobs=1)]


def estimator(r, n_classes):
    small = {"n_estimators": r.randint(1, 6), "max_depth": r.choice([2, 4, None]), "random_state": 1}
    hist = {"max_iter": r.randint(1, 6), "max_leaf_nodes": r.choice([3, 8, 31]), "min_samples_leaf": 5,
            "random_state": 1}
    if n_classes:
        choices = [
            linear_model.LogisticRegression(max_iter=200), linear_model.LogisticRegression(C=100.0, max_iter=200),
            linear_model.LogisticRegressionCV(Cs=2, cv=2, max_iter=100),
            linear_model.SGDClassifier(loss="log_loss", random_state=1),
            discriminant_analysis.LinearDiscriminantAnalysis(), linear_model.RidgeClassifier(), svm.LinearSVC(),
            tree.DecisionTreeClassifier(max_depth=r.choice([3, None]), random_state=1),
            tree.ExtraTreeClassifier(max_depth=5, random_state=1),
            ensemble.RandomForestClassifier(**small), ensemble.RandomForestClassifier(**small),
            ensemble.ExtraTreesClassifier(**small), ensemble.GradientBoostingClassifier(**{**small, "max_depth": 3}),
            ensemble.GradientBoostingClassifier(init=r.choice(["zero", None]), **{**small, "max_depth": 2}),
            ensemble.HistGradientBoostingClassifier(**hist), ensemble.HistGradientBoostingClassifier(**hist),
            naive_bayes.GaussianNB(),
        ] + boosters(r, n_classes)
        if n_classes == 2:
            choices.append(ensemble.GradientBoostingClassifier(loss="exponential", **{**small, "max_depth": 2}))
        if VERSION < (1, 7):
            choices += [linear_model.LogisticRegression(multi_class=r.choice(["multinomial", "ovr"]))] * 2
        return r.choice(choices)
    return r.choice([
        linear_model.LinearRegression(), linear_model.Ridge(), linear_model.RidgeCV(), linear_model.Lasso(0.01),
        linear_model.LassoCV(cv=2, n_alphas=5) if VERSION < (1, 7) else linear_model.LassoCV(cv=2, alphas=5),
        linear_model.ElasticNet(0.01), linear_model.Lars(), linear_model.LassoLarsIC(), linear_model.BayesianRidge(),
        linear_model.OrthogonalMatchingPursuit(), linear_model.ARDRegression(), linear_model.HuberRegressor(),
        linear_model.TheilSenRegressor(random_state=1, max_subpopulation=200),
        linear_model.RANSACRegressor(random_state=1), linear_model.QuantileRegressor(alpha=0.01, solver="highs"),
        linear_model.SGDRegressor(random_state=1), svm.LinearSVR(random_state=1),
        linear_model.PassiveAggressiveRegressor(random_state=1), linear_model.PoissonRegressor(),
        linear_model.GammaRegressor(), linear_model.TweedieRegressor(power=r.choice([0, 1.5])),
        TransformedTargetRegressor(linear_model.Ridge()),
        tree.DecisionTreeRegressor(max_depth=r.choice([4, None]), random_state=1),
        tree.ExtraTreeRegressor(max_depth=5, random_state=1), ensemble.RandomForestRegressor(**small),
        ensemble.RandomForestRegressor(**small), ensemble.ExtraTreesRegressor(**small),
        ensemble.GradientBoostingRegressor(loss=r.choice(["squared_error", "huber", "quantile"]),
                                           **{**small, "max_depth": 3}),
        ensemble.HistGradientBoostingRegressor(**hist),
        ensemble.HistGradientBoostingRegressor(loss=r.choice(["poisson", "absolute_error"]), **hist),
        ensemble.HistGradientBoostingRegressor(interaction_cst=r.choice([None, "no_interactions"]), **hist),
    ] + boosters(r, n_classes))


def composite(r, n_classes, depth=0):
    """Networks, kernel machines and estimators that are made of others."""
    def inner():
        return composite(r, n_classes, depth + 1) if depth == 0 and r.random() < 0.15 else estimator(r, n_classes)

    network = {"hidden_layer_sizes": r.choice([(4,), (5, 3)]), "max_iter": 15, "random_state": 1,
               "activation": r.choice(["relu", "tanh", "logistic", "identity"])}
    kernel = r.choice(["rbf", "poly", "sigmoid", "linear"])
    pairs = [(f"e{j}", inner()) for j in range(r.randint(1, 3))]
    if n_classes:
        return r.choice([
            neural_network.MLPClassifier(**network), neural_network.MLPClassifier(**network),
            calibration.CalibratedClassifierCV(inner(), method=r.choice(["sigmoid", "isotonic"]), cv=2),
            calibration.CalibratedClassifierCV(svm.SVC(kernel=kernel, max_iter=STEPS), cv=2),
            calibration.CalibratedClassifierCV(linear_model.SGDClassifier(random_state=1), cv=2),
            ensemble.VotingClassifier(pairs, voting="soft", weights=r.choice([None, list(range(1, len(pairs) + 1))])),
            ensemble.StackingClassifier(pairs, cv=2, passthrough=r.random() < 0.3),
            ensemble.StackingClassifier(pairs, tree.DecisionTreeClassifier(max_depth=3, random_state=1), cv=2),
            ensemble.BaggingClassifier(inner(), n_estimators=2, max_features=0.8, random_state=1),
            ensemble.AdaBoostClassifier(n_estimators=3, random_state=1), multiclass.OneVsRestClassifier(inner()),
            svm.SVC(kernel=kernel, probability=True, random_state=1, max_iter=STEPS), naive_bayes.GaussianNB(),
            discriminant_analysis.QuadraticDiscriminantAnalysis(reg_param=0.1), naive_bayes.BernoulliNB(),
            linear_model.SGDClassifier(loss="modified_huber", random_state=1),
        ])
    return r.choice([
        neural_network.MLPRegressor(**network), neural_network.MLPRegressor(**network), svm.SVR(kernel=kernel, max_iter=STEPS),
        svm.NuSVR(kernel=kernel, max_iter=STEPS), ensemble.VotingRegressor(pairs), ensemble.StackingRegressor(pairs, cv=2),
        ensemble.StackingRegressor(pairs, linear_model.Ridge(), cv=2, passthrough=True),
        ensemble.BaggingRegressor(inner(), n_estimators=2, max_features=0.8, random_state=1),
        TransformedTargetRegressor(inner(), func=np.log1p, inverse_func=np.expm1),
        TransformedTargetRegressor(inner(), transformer=StandardScaler()),
        ensemble.GradientBoostingRegressor(init=tree.DecisionTreeRegressor(max_depth=2), n_estimators=2),
        ensemble.IsolationForest(n_estimators=4, random_state=1),
    ])


def pipeline(r, plan, n_classes):
    steps = []
    last = composite(r, n_classes) if r.random() < 0.35 else estimator(r, n_classes)
    if "HistGradient" in type(last).__name__ and not plan.as_array and r.random() < 0.4:
        return histogram_pipeline(r, plan, last)
    if r.random() < 0.9 or len(plan.numbers()) < len(plan.columns):
        steps.append(preparation(r, plan))
    if r.random() < 0.15:
        steps.append(scaler(r))
    if r.random() < 0.1:
        test = feature_selection.f_classif if n_classes else feature_selection.f_regression
        steps.append(feature_selection.SelectKBest(test, k=1))
    if r.random() < 0.05:
        steps.append(feature_selection.SelectFromModel(tree.DecisionTreeRegressor(random_state=1)))
    if r.random() < 0.15:
        steps.append(graph_step(r))
    return make_pipeline(*steps, last)


def histogram_pipeline(r, plan, last):
    """Categories for histogram boosting: from the frame, or as codes of an encoder."""
    others = [name for name in plan.columns if not name.startswith("n")]
    if VERSION >= (1, 4) and r.random() < 0.6:
        return last.set_params(categorical_features=others)
    unknown = r.choice([np.nan, -1])
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=unknown)
    first = ColumnTransformer([("codes", encoder, others), ("numbers", number_part(r), plan.numbers())])
    return make_pipeline(first, last.set_params(categorical_features=list(range(len(others)))))


# ---- the check ----

def target(r, score, n_classes, model):
    if n_classes:
        labels = r.choice([["b", "c", "a"], [3, 1, 2], [1.0, 2.0, 4.0]] + ([[True, False]] if n_classes == 2 else []))
        cuts = np.quantile(score, np.linspace(0, 1, n_classes + 1)[1:-1])
        return np.array([labels[at] for at in np.searchsorted(cuts, score)])
    return np.exp(np.clip(score, -3, 3)) if r.random() < 0.5 or needs_positive(model) else score


def needs_positive(model):
    last = model[-1] if isinstance(model, Pipeline) else model
    return type(last).__name__ in ("PoissonRegressor", "GammaRegressor", "TweedieRegressor") or getattr(
        last, "loss", None) == "poisson"


def fitted(seed):
    """A random pipeline, its plan, and the table that it was fitted on. Raises what scikit-learn raises."""
    r = random.Random(seed)
    plan = Plan(r)
    n_classes = r.choice([0, 0, 2, 3])
    model = pipeline(r, plan, n_classes)
    frame, effect = plan.table(seed, 150)
    y = target(r, effect, n_classes, model)
    model.fit(frame, y)
    found = (model.predict_proba if hasattr(model, "predict_proba") else model.predict)(frame)
    assert np.isfinite(found).all()
    return model, plan, frame


def one(seed, folder):
    """'equal', 'refused' with the reason, or 'not fitted' where scikit-learn itself refuses the pipeline."""
    try:
        model, plan, frame = fitted(seed)
    except Exception as error:
        return "not fitted", f"{type(error).__name__}: {str(error)[:80]}"
    path = Path(folder) / f"{seed}.json"
    try:
        summary = tepal.export(model, frame, path, allow_rows=True)
    except tepal.NotCarried as error:
        assert not path.exists()
        return "refused", error
    document = json.loads(path.read_text(encoding="utf-8"))
    fresh(model, document, plan, seed)
    assert summary.rows == len(frame) and summary.proof_rows >= 1
    return "equal", summary


def fresh(model, document, plan, seed):
    """Rows that the export has not seen: other values, cells missing, categories unseen."""
    frame, _ = plan.table(seed + 100000, 60)
    frame = pd.DataFrame(frame, columns=list(plan.columns)) if plan.as_array else frame
    r = np.random.RandomState(seed)
    for name in plan.columns:
        spoilt = r.uniform(size=len(frame)) < 0.1
        if original_name(plan, name) in document["dropped"]:
            # scikit-learn may refuse cells of these too, but predicts the same whatever they are.
            continue
        if name.startswith("n"):
            frame[name] = np.where(spoilt, np.nan, frame[name].astype(np.float64))
        elif plan.columns[name].startswith("texts"):
            values = np.array(frame[name].tolist(), dtype=object)
            values[spoilt] = "never seen"
            frame[name] = pd.Series(values, dtype=object)
    table = frame.to_numpy() if plan.as_array else frame
    original = Original(model, table)
    own = [{"index": original.names.index(feature["name"])} for feature in document["features"]]
    rows = original.rows_checked(own, document)
    kept = [at for at, row in enumerate(rows) if all(accepted(cell, f) for cell, f in zip(row, document["features"]))]
    if not kept:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kept, expected = predicted(original, document, table, rows, kept)
        if not kept:
            return
        rows = [rows[at] for at in kept]
        found = score(document, rows)
    limit = 1e-6 if is_single(document) else 1e-14 if document["estimator"]["kind"] == "trees" else 1e-9
    found = differences(document, expected, found).max(axis=1)
    wrong = np.flatnonzero(~(found <= limit))
    if document["estimator"]["kind"] == "graph" and len(wrong):
        # Not the rows in which the last bits decide.
        wrong = wrong[shaken(document, [rows[at] for at in wrong]).max(axis=1) <= limit / 4]
    assert not len(wrong), (seed, found[wrong])


def predicted(original, document, table, rows, kept):
    """The rows that the model predicts; the others must have no prediction in a graph."""
    def chosen(places):
        return table[places] if isinstance(table, np.ndarray) else table.iloc[places].reset_index(drop=True)

    try:
        return kept, original.predict_table(chosen(kept))
    except Exception:
        assert document["estimator"]["kind"] == "graph"
    taken, expected = [], []
    for at in kept:
        try:
            expected.append(original.predict_table(chosen([at]))[0])
            taken.append(at)
        except Exception:
            with np.errstate(all="ignore"):
                assert not np.isfinite(score(document, [rows[at]]).outputs).all()
    return taken, np.array(expected)


def original_name(plan, name):
    return f"x{list(plan.columns).index(name)}" if plan.as_array else name


def accepted(cell, feature):
    if cell is None:
        return feature["missing"] != "refuse"
    return feature["kind"] == "number" or feature["unseen"] or cell < len(feature["categories"])


def run(count, first=0):
    counts, reasons = collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made, seed = 0, first
        while made < count:
            try:
                outcome, detail = one(seed, folder)
            except Exception as error:
                raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error
            counts[outcome] += 1
            if outcome != "equal":
                reasons[f"{outcome}: {reason(detail)}"] += 1
            made += outcome != "not fitted"
            seed += 1
    print(f"scikit-learn {sklearn.__version__}: {counts['equal']} equal, {counts['refused']} refused; "
          f"{counts['not fitted']} more that scikit-learn itself does not fit")
    return counts, reasons


def reason(detail):
    return f"{detail.step}: {detail.why}" if isinstance(detail, tepal.NotCarried) else detail


def test_random_pipelines():
    counts, _ = run(COUNT)
    assert counts["equal"] >= COUNT // 2
    assert counts["equal"] + counts["refused"] == COUNT


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    _, found = run(numbers[0] if numbers else COUNT, numbers[1] if len(numbers) > 1 else 0)
    for text, number in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        print(f"{number:5}  {text[:230]}")
