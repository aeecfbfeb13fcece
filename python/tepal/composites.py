"""Reads estimators that are made of others."""

import functools
import sys
from dataclasses import replace

import numpy as np

from . import estimators, nested, steps
from .compiled import Fitted
from .errors import NotCarried
from .values import number
from .versions import version


def shares(vector, classes, graph):
    """Probabilities as scores."""
    return Fitted("graph", "shares", classes, vector=graph.pick(vector, [1]) if len(classes) == 2 else vector)


def average(vectors, graph, weights=None):
    """The weighted mean of vectors of one width, added up in their order."""
    weights = [1.0] * len(vectors) if weights is None else [float(weight) for weight in weights]
    total = None
    for vector, weight in zip(vectors, weights):
        part = vector if weight == 1.0 else graph.multiply(vector, [weight])
        total = part if total is None else graph.add(total, part)
    return graph.divide(total, [sum(weights)])


def mean_of_regressors(models, columns_of, features, weights=None):
    graph = features.graph
    found = [nested.predictions(model, columns, features) for model, columns in zip(models, columns_of)]
    return Fitted("graph", "identity", vector=average(found, graph, weights))


def voting_classifier(model, columns, features):
    if model.voting != "soft":
        raise NotCarried(model, "voting='hard' has no probabilities")
    classes, graph = estimators.classes_of(model), features.graph
    found = [nested.probabilities(inner, columns, features) for inner in model.estimators_]
    return shares(average(found, graph, model._weights_not_none), classes, graph)


def voting_regressor(model, columns, features):
    n = len(model.estimators_)
    return mean_of_regressors(model.estimators_, [columns] * n, features, model._weights_not_none)


def stacking(model, columns, features):
    graph = features.graph
    classes = estimators.classes_of(model) if hasattr(model, "classes_") else None
    found = []
    for inner, method in zip(model.estimators_, model.stack_method_):
        if method == "predict_proba":
            vector = nested.probabilities(inner, columns, features)
            vector = graph.pick(vector, [1]) if graph.width(vector) == 2 else vector
        elif method == "decision_function":
            vector = nested.decisions(inner, columns, features)
        else:
            vector = nested.predictions(inner, columns, features)
        found += graph.columns(vector)
    if model.passthrough:
        found += columns
    last = nested.fitted(model.final_estimator_, found, features)
    if (last.classes is None) != (classes is None) or (classes is not None and len(last.classes) != len(classes)):
        raise NotCarried(model, "a final estimator of other classes")
    return replace(last, classes=classes)


def bagging(model, columns, features):
    graph = features.graph
    if is_forest(model):
        made = estimators.mean_of_trees([inner.tree_ for inner in model.estimators_],
                                        estimators.classes_of(model) if hasattr(model, "classes_") else None)
        for tree, places in zip(made.trees, model.estimators_features_):
            tree.nodes = moved(tree.nodes, places)
        return made
    chosen = [[columns[place] for place in places] for places in model.estimators_features_]
    if not hasattr(model, "classes_"):
        return mean_of_regressors(model.estimators_, chosen, features)
    classes = estimators.classes_of(model)
    found = []
    for inner, own in zip(model.estimators_, chosen):
        if not hasattr(inner, "predict_proba"):
            raise NotCarried(inner, estimators.WITHOUT)
        vector = nested.probabilities(inner, own, features)
        if len(inner.classes_) < len(classes):
            spread = np.zeros((len(classes), len(inner.classes_)))
            spread[[int(one) for one in inner.classes_], range(len(inner.classes_))] = 1.0
            vector = graph.dense(vector, spread)
        found.append(vector)
    return shares(average(found, graph), classes, graph)


def one_against_rest(model, columns, features):
    """Independent probabilities, made to add up to 1."""
    if model.multilabel_:
        raise NotCarried(model, "several targets")
    classes, graph = estimators.classes_of(model), features.graph
    found = [graph.pick(nested.probabilities(inner, columns, features), [1]) for inner in model.estimators_]
    if len(found) == 1:
        return Fitted("graph", "shares", classes, vector=found[0])
    return Fitted("graph", "shares", classes, vector=graph.share(graph.join(found), 0.0))


def is_forest(model):
    """Whether the estimators are single trees that know all classes."""
    n_classes = len(getattr(model, "classes_", ()))
    names = ("DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreeClassifier", "ExtraTreeRegressor")
    return all(type(inner).__name__ in names and inner.n_outputs_ == 1 for inner in model.estimators_) and all(
        len(getattr(inner, "classes_", ())) == n_classes for inner in model.estimators_)


def moved(nodes, places):
    """Nodes over some of the columns, as nodes over all of them."""
    return [None if node is None else replace(node, column=int(places[node.column])) for node in nodes]


def bagging_decisions(model, columns, features):
    found = []
    for inner, places in zip(model.estimators_, model.estimators_features_):
        if len(inner.classes_) < len(model.classes_):
            raise NotCarried(model, "an estimator that knows some of the classes only")
        found.append(nested.decisions(inner, [columns[place] for place in places], features))
    return average(found, features.graph)


def rest_decisions(model, columns, features):
    return features.graph.join([nested.decisions(inner, columns, features) for inner in model.estimators_])


# ---- calibration ----

def calibrated_classifier(model, columns, features):
    classes, graph = estimators.classes_of(model), features.graph
    found = [calibrated(model, one, columns, features) for one in model.calibrated_classifiers_]
    return shares(average(found, graph), classes, graph)


def calibrated(model, one, columns, features):
    """The probabilities of one of several pairs of an estimator and its calibration."""
    graph, n_classes = features.graph, len(model.classes_)
    inner = one.estimator if hasattr(one, "estimator") else one.base_estimator
    has_decision = nested.has_decision(inner)
    if len(inner.classes_) != n_classes:
        raise NotCarried(model, "an estimator that knows some of the classes only")
    if has_decision:
        scores = nested.decisions(inner, columns, features)
    else:
        scores = nested.probabilities(inner, columns, features)
    if one.method == "temperature":
        return tempered(one, scores, has_decision, n_classes, features)
    if n_classes == 2 and not has_decision:
        scores = graph.pick(scores, [1])
    if one.method == "sigmoid":
        slopes, offsets = zip(*[(each.a_, each.b_) for each in one.calibrators])
        scores = graph.add(graph.multiply(scores, np.negative(slopes)), np.negative(offsets))
        vector = graph.function("logistic", scores)
    elif one.method == "isotonic":
        vector = isotonic(one.calibrators, scores, graph)
    else:
        raise NotCarried(model, f"method={one.method!r}")
    if n_classes == 2:
        return graph.join([graph.subtract([1.0], vector), vector])
    return graph.share(vector)


def isotonic(calibrators, scores, graph):
    return graph.curves(scores, [(each.X_thresholds_, each.y_thresholds_) for each in calibrators])


def tempered(one, scores, has_decision, n_classes, features):
    """A softmax of the scores over a temperature."""
    graph = features.graph
    beta = number(one.calibrators[0].beta_, one)
    if not has_decision:
        scores = graph.function("log", graph.add(scores, [1e-12]))
    elif n_classes == 2:
        scores = graph.join([graph.multiply(scores, [-1.0]), scores])
    return graph.softmax(graph.multiply(scores, [beta]))


# ---- boosting by weights ----

def adaboost_classifier(model, columns, features):
    classes, graph, n = estimators.classes_of(model), features.graph, len(model.classes_)
    vector = weighted_votes(model, columns, features)
    if n == 2:
        # The softmax of (-d / 2, d / 2).
        return Fitted("graph", "logistic", classes, vector=vector)
    return Fitted("graph", "softmax", classes, vector=graph.divide(vector, [n - 1.0]))


def weighted_votes(model, columns, features):
    """What decision_function gives."""
    graph, n = features.graph, len(model.classes_)
    if any(len(inner.classes_) != n for inner in model.estimators_):
        raise NotCarried(model, "an estimator that knows some of the classes only")
    weights = np.asarray(model.estimator_weights_, dtype=np.float64)
    total = float(np.sum(weights))
    if is_forest(model):
        # The votes of each leaf.
        trees = []
        for inner, weight in zip(model.estimators_, weights):
            votes = votes_of_shares(model, estimators.shares_of(inner.tree_, n), weight)
            trees.append(estimators.sklearn_tree(inner.tree_, votes.tolist()))
        found = Fitted("trees", "identity", combine="mean", inputs="f32", base=[0.0] * n, trees=trees,
                       takes_missing=estimators.takes_missing())
        columns = [features.numeric(column, model) for column in columns]
        vector = graph.multiply(graph.trees(found, columns, model), [len(trees) / total])
    else:
        found = [votes_of(model, nested.probabilities(inner, columns, features), weight, graph)
                 for inner, weight in zip(model.estimators_, weights)]
        vector = graph.divide(functools.reduce(graph.add, found), [total])
    return graph.subtract(graph.pick(vector, [1]), graph.pick(vector, [0])) if n == 2 else vector


def takes_logarithms(model):
    return getattr(model, "algorithm", "SAMME") == "SAMME.R"


def vote_against(n):
    """For each class that is not predicted."""
    return -1.0 / (n - 1) if version() >= (1, 3) else 0.0


def votes_of(model, vector, weight, graph):
    n = len(model.classes_)
    if takes_logarithms(model):
        vector = graph.function("log", graph.arithmetic("maximum", vector, [np.finfo(np.float64).eps]))
        mean = graph.multiply(graph.reduce("sum", vector), [1.0 / n])
        return graph.multiply(graph.subtract(vector, mean), [n - 1.0])
    best = graph.arithmetic("equal", graph.reduce("place-of-maximum", vector), np.arange(n))
    return graph.choose(best, [weight], [vote_against(n) * weight])


def votes_of_shares(model, shares, weight):
    n = len(model.classes_)
    if takes_logarithms(model):
        logarithms = np.log(np.maximum(shares, np.finfo(np.float64).eps))
        return (n - 1) * (logarithms - (1.0 / n) * logarithms.sum(axis=1)[:, np.newaxis])
    best = shares.argmax(axis=1)[:, np.newaxis] == np.arange(n)
    return np.where(best, weight, vote_against(n) * weight)


IN_32_BITS = ("Dummy", "DecisionTree", "ExtraTree", "RandomForest", "GradientBoosting")


def boosted_from(model, made, columns, features):
    """Boosting that starts from the predictions of another estimator."""
    graph, first = features.graph, model.init_
    if not type(first).__name__.startswith(IN_32_BITS):
        raise NotCarried(model, f"init={type(first).__name__}, which computes in 32 bits there; trees are carried")
    columns = [features.numeric(column, model) for column in columns]
    if made.classes is None:
        start = nested.predictions(first, columns, features)
    else:
        start = nested.probabilities(first, columns, features)
        start = graph.pick(start, [1]) if made.link == "logistic" else start
        least = least_share(model)
        start = graph.arithmetic("minimum", graph.arithmetic("maximum", start, [least]), [1 - least])
        if made.link == "logistic":
            start = graph.function("log", graph.divide(start, graph.subtract([1.0], start)))
            start = graph.multiply(start, [0.5]) if model.loss == "exponential" else start
        else:
            start = graph.function("log", start)
            if version() >= (1, 4):
                start = graph.subtract(start, graph.reduce("mean", start))
    vector = graph.add(start, graph.trees(made, columns, model))
    return replace(made, kind="graph", vector=vector)


class Never:
    """Says that the first class is certain."""

    def predict_proba(self, table):
        return np.array([[1.0] + [0.0] * (self.n_classes - 1)])


def least_share(model):
    """How close to 0 and 1 boosting takes probabilities to start from. Later versions are closer."""
    single, double = (float(np.finfo(kind).eps) for kind in (np.float32, np.float64))
    function = getattr(sys.modules[type(model).__module__], "_init_raw_predictions", None)
    if function is None:
        return single
    never = Never()
    never.n_classes = len(model.classes_)
    raw = np.ravel(function(np.zeros((1, 1)), never, model._loss, True))
    logit = np.ptp(raw) if len(raw) > 1 else abs(raw[0]) * (2 if model.loss == "exponential" else 1)
    return double if logit > 25 else single


def isolation_forest(model, columns, features):
    """The score of being an outlier, as score_samples gives it."""
    graph = features.graph
    columns = [features.numeric(column, model) for column in columns]
    trees = []
    for inner, places in zip(model.estimators_, model.estimators_features_):
        values = depths(inner.tree_) + path_length(inner.tree_.n_node_samples)
        tree = estimators.sklearn_tree(inner.tree_, values.tolist())
        if model._max_features < len(columns):
            tree.nodes = moved(tree.nodes, places)
        trees.append(tree)
    found = Fitted("trees", "identity", combine="sum", inputs="f32", base=[0.0], trees=trees,
                   takes_missing=estimators.takes_missing())
    total = graph.trees(found, columns, model)
    scale = len(trees) * path_length([model._max_samples])[0]
    power = graph.arithmetic("power", [2.0], graph.divide(total, [-scale]))
    return Fitted("graph", "identity", vector=graph.multiply(power, [-1.0]))


def depths(tree):
    """How many splits lead to each node."""
    found = np.zeros(tree.node_count)
    for at in range(tree.node_count):
        for child in (tree.children_left[at], tree.children_right[at]):
            if child >= 0:
                found[child] = found[at] + 1
    return found


def path_length(n_rows):
    """The mean depth of a row in a random tree of so many rows."""
    n = np.asarray(n_rows, dtype=np.float64)
    with np.errstate(all="ignore"):
        large = 2.0 * (np.log(n - 1.0) + np.euler_gamma) - 2.0 * (n - 1.0) / n
    return np.where(n <= 1, 0.0, np.where(n == 2, 1.0, large))


# ---- targets ----

INVERSES = {"exp", "expm1", "square", "sqrt", "log", "log1p"}


def transformed_target(model, columns, features):
    """A regressor whose predictions go through the inverse of a transformer."""
    graph, step = features.graph, model.transformer_
    found = nested.fitted(model.regressor_, columns, features)
    if found.classes is not None or graph.width(found.vector) != 1:
        raise NotCarried(model, "several targets")
    kind = type(step).__name__
    vector = nested.number_of(found, graph)
    if kind == "FunctionTransformer":
        if step.inverse_func is None:
            return Fitted("graph", "identity", vector=vector)
        name = getattr(step.inverse_func, "__name__", None)
        if name not in INVERSES or getattr(np, name, None) is not step.inverse_func or step.inv_kw_args:
            raise NotCarried(model, f"the inverse function {name!r}; {', '.join(sorted(INVERSES))} are carried")
        if name == "exp" and found.link == "identity":
            return replace(found, link="exp")
        return Fitted("graph", "identity", vector=steps.applied(graph, name, vector))
    factor, offset = inverse_of(model, step, kind)
    return Fitted("graph", "identity", vector=graph.add(graph.multiply(vector, [factor]), [offset]))


def inverse_of(model, step, kind):
    """Factor and offset of what undoes a scaler."""
    if kind == "StandardScaler":
        return (step.scale_[0] if step.with_std else 1.0), (step.mean_[0] if step.with_mean else 0.0)
    if kind == "RobustScaler":
        return (step.scale_[0] if step.with_scaling else 1.0), (step.center_[0] if step.with_centering else 0.0)
    if kind == "MinMaxScaler" and not step.clip:
        return 1.0 / step.scale_[0], -step.min_[0] / step.scale_[0]
    if kind == "MaxAbsScaler" and not getattr(step, "clip", False):
        return step.scale_[0], 0.0
    raise NotCarried(model, f"the target's {kind}")


RULES = {
    "VotingClassifier": voting_classifier,
    "VotingRegressor": voting_regressor,
    "StackingClassifier": stacking,
    "StackingRegressor": stacking,
    "BaggingClassifier": bagging,
    "BaggingRegressor": bagging,
    "OneVsRestClassifier": one_against_rest,
    "CalibratedClassifierCV": calibrated_classifier,
    "AdaBoostClassifier": adaboost_classifier,
    "IsolationForest": isolation_forest,
    "TransformedTargetRegressor": transformed_target,
}

# What decision_function gives.
DECISIONS = {
    "BaggingClassifier": bagging_decisions,
    "OneVsRestClassifier": rest_decisions,
    "AdaBoostClassifier": weighted_votes,
}
