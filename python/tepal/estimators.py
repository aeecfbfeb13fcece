"""Reads fitted estimators: their coefficients or trees, their classes, and how scores become predictions."""

import numpy as np

from . import bayes, boosting, composites, kernels, networks, of_catboost, of_lightgbm, of_xgboost
from .compiled import Fitted
from .errors import NotCarried
from .fold import LARGEST
from .nodes import Node, Tree, whole
from .values import labels, number
from .versions import version


def read(model, columns, features):
    """What a fitted estimator is, in terms of its columns."""
    name, library = type(model).__name__, library_of(model)
    if library in BOOSTERS and is_fitted(model):
        same_width(model, columns)
        largest = LARGEST if library == "lightgbm" else float(np.finfo(np.float32).max)
        features.graph.require_finite(columns, model, largest, True)
        return BOOSTERS[library](model, columns, features)
    rule = RULES.get(name)
    if rule is None or library != "sklearn":
        raise NotCarried(name, WHY.get(name) or "an estimator that is not carried")
    same_width(model, columns)
    if name not in composites.RULES and not name.startswith("HistGradientBoosting"):
        single = rule in (regression_forest, classification_forest, gradient_boosting)
        largest = float(np.finfo(np.float32).max) if single else LARGEST
        features.graph.require_finite(columns, model, largest, version() >= MISSING_SINCE.get(name, (9, 9)))
    return rule(model, columns, features)


def same_width(model, columns):
    n_features = getattr(model, "n_features_in_", len(columns))
    if n_features != len(columns):
        raise NotCarried(model, f"fitted on {n_features} columns and given {len(columns)}")


def weights_of(model, n_scores=1):
    coefficients = np.asarray(model.coef_, dtype=np.float64)
    if coefficients.ndim > 2 or (coefficients.ndim == 2 and coefficients.shape[0] != n_scores):
        raise NotCarried(model, "several targets")
    coefficients = np.atleast_2d(coefficients)
    if coefficients.shape[0] != n_scores:
        raise NotCarried(model, f"{coefficients.shape[0]} rows of coefficients where {n_scores} are expected")
    intercepts = np.broadcast_to(np.asarray(model.intercept_, dtype=np.float64).ravel(), (n_scores,))
    return ([[number(value, model) for value in row] for row in coefficients],
            [number(value, model) for value in intercepts])


def linear(model, link, n_scores=1, classes=None, slope=None):
    coefficients, intercepts = weights_of(model, n_scores)
    return Fitted("linear", link, classes, slope, coefficients, intercepts)


def linear_regressor(model, columns, features):
    return linear(model, "identity")


def consensus_regressor(model, columns, features):
    return read(model.estimator_, columns, features)


def generalized_regressor(model, columns, features):
    logarithmic = True
    if type(model).__name__ == "TweedieRegressor":
        logarithmic = model.link == "log" or (model.link == "auto" and model.power > 0)
    return linear(model, "exp" if logarithmic else "identity")


def classes_of(model):
    if isinstance(model.classes_, list):
        raise NotCarried(model, "several targets")
    found = labels(model.classes_, model)
    if len(found) < 2:
        raise NotCarried(model, "a single class")
    if isinstance(found[0], str) and [one.strip() for one in found] != sorted({one.strip() for one in found}):
        raise NotCarried(model, f"the classes {found!r} begin or end with blanks, which a table of rows loses; "
                                "fit it without these")
    return found


def n_scores(classes):
    return 1 if len(classes) == 2 else len(classes)


def one_by_one(model, columns, features, classes, probability):
    """A probability of each class against the rest, made to add up to 1."""
    graph = features.graph
    vector = graph.dense(graph.vector(columns, model), *weights_of(model, len(classes)))
    return Fitted("graph", "shares", classes, vector=graph.share(probability(graph, vector)))


def classifier(model, classes, slope=None):
    if len(classes) == 2:
        return linear(model, "logistic", 1, classes, slope)
    return linear(model, "softmax", len(classes), classes)


def logistic_regression(model, columns, features):
    classes = classes_of(model)
    # From 1.8 on there is no such option any more.
    choice = getattr(model, "multi_class", "auto")
    if choice == "deprecated":
        choice = "auto"
    solver_is_binary = model.solver == "liblinear" or (model.solver == "newton-cholesky" and version() < (1, 6))
    if len(classes) == 2:
        # With the softmax of (-d, d) the log-odds are 2 d.
        return classifier(model, classes, 2.0 if choice == "multinomial" else None)
    if choice in ("ovr", "warn") or (choice == "auto" and solver_is_binary):
        return one_by_one(model, columns, features, classes, logistic)
    return classifier(model, classes)


def logistic(graph, vector):
    return graph.function("logistic", vector)


def huber(graph, vector):
    """(clip(x, -1, 1) + 1) / 2"""
    vector = graph.arithmetic("minimum", graph.arithmetic("maximum", vector, [-1.0]), [1.0])
    return graph.divide(graph.add(vector, [1.0]), [2.0])


def sgd_classifier(model, columns, features):
    if model.loss not in ("log_loss", "log", "modified_huber"):
        raise NotCarried(model, f"loss={model.loss!r} has no probabilities that are carried; "
                                "wrap it in CalibratedClassifierCV")
    classes = classes_of(model)
    probability = huber if model.loss == "modified_huber" else logistic
    if len(classes) > 2:
        return one_by_one(model, columns, features, classes, probability)
    if probability is logistic:
        return classifier(model, classes)
    graph = features.graph
    vector = huber(graph, graph.dense(graph.vector(columns, model), *weights_of(model)))
    return Fitted("graph", "shares", classes, vector=vector)


def discriminant_analysis(model, columns, features):
    return classifier(model, classes_of(model))


# ---- trees ----

def sklearn_tree(tree, values):
    left, right = tree.children_left.tolist(), tree.children_right.tolist()
    go_left = tree_missing(tree)
    splits = zip(left, tree.feature.tolist(), tree.threshold.tolist(), go_left)
    nodes = [None if at < 0 else Node(int(column), min(float(threshold), LARGEST), bool(missing))
             for at, column, threshold, missing in splits]
    return Tree(left, right, nodes, values, whole(tree.weighted_n_node_samples))


def tree_missing(tree):
    found = getattr(tree, "missing_go_to_left", None)
    return [False] * tree.node_count if found is None else np.asarray(found).tolist()


# Since when trees take missing values of the table.
MISSING_SINCE = {"DecisionTreeClassifier": (1, 3), "DecisionTreeRegressor": (1, 3), "RandomForestClassifier": (1, 4),
                 "RandomForestRegressor": (1, 4), "ExtraTreeClassifier": (1, 6), "ExtraTreeRegressor": (1, 6),
                 "ExtraTreesClassifier": (1, 6), "ExtraTreesRegressor": (1, 6)}


def takes_missing():
    return version() >= (1, 3)


def single_target(model):
    if model.n_outputs_ != 1:
        raise NotCarried(model, "several targets")


def regression_forest(model, columns, features):
    single_target(model)
    return mean_of_trees(trees_of(model))


def classification_forest(model, columns, features):
    single_target(model)
    return mean_of_trees(trees_of(model), classes_of(model))


def mean_of_trees(all_trees, classes=None):
    if classes is None:
        trees = [sklearn_tree(tree, tree.value[:, 0, 0].tolist()) for tree in all_trees]
        return Fitted("trees", "identity", combine="mean", inputs="f32", base=[0.0], trees=trees,
                      takes_missing=takes_missing())
    trees = []
    for tree in all_trees:
        shares = shares_of(tree, len(classes))
        trees.append(sklearn_tree(tree, shares[:, 1].tolist() if len(classes) == 2 else shares.tolist()))
    base = [0.0] * (1 if len(classes) == 2 else len(classes))
    return Fitted("trees", "shares", classes, combine="mean", inputs="f32", base=base, trees=trees,
                  takes_missing=takes_missing())


def shares_of(tree, n_classes):
    """Of each node the classes' shares of its rows."""
    shares = tree.value[:, 0, :n_classes]
    if version() < (1, 4):
        # Counts; later versions keep shares.
        total = shares.sum(axis=1)[:, np.newaxis]
        total[total == 0.0] = 1.0
        shares = shares / total
    return shares


def trees_of(model):
    return [tree.tree_ for tree in getattr(model, "estimators_", [model])]


def gradient_boosting(model, columns, features):
    classes = classes_of(model) if hasattr(model, "classes_") else None
    trees = [sklearn_tree(one.tree_, (model.learning_rate * one.tree_.value[:, 0, 0]).tolist())
             for one in model.estimators_.ravel()]
    link, slope = "identity", None
    if classes is not None:
        link = "logistic" if len(classes) == 2 else "softmax"
        slope = 2.0 if model.loss == "exponential" else None
    made = Fitted("trees", link, classes, slope, combine="sum", inputs="f32", trees=trees,
                  base=[0.0] * model.estimators_.shape[1])
    if not (model.init is None or (isinstance(model.init, str) and model.init == "zero")):
        return composites.boosted_from(model, made, columns, features)
    base = np.asarray(model._raw_predict_init(np.zeros((1, model.n_features_in_))), dtype=np.float64).ravel()
    made.base = [number(value, model) for value in base]
    return made


def dummy(model, columns, features):
    """The same prediction for every row."""
    graph = features.graph
    if hasattr(model, "classes_"):
        if model.strategy not in ("prior", "constant", "most_frequent"):
            raise NotCarried(model, f"strategy={model.strategy!r}")
        classes = classes_of(model)
        found = model.predict_proba(np.zeros((1, 1)))[0]
        return Fitted("graph", "shares", classes, vector=graph.constant(found[1:] if len(classes) == 2 else found))
    if np.size(model.constant_) != 1:
        raise NotCarried(model, "several targets")
    return Fitted("graph", "identity", vector=graph.constant(model.constant_))


def histogram_boosting(model, columns, features):
    classes = classes_of(model) if hasattr(model, "classes_") else None
    return boosting.read(model, columns, features, classes)


LINEAR = """LinearRegression Ridge RidgeCV Lasso LassoCV ElasticNet ElasticNetCV Lars LarsCV LassoLars LassoLarsCV
LassoLarsIC OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV BayesianRidge ARDRegression HuberRegressor
TheilSenRegressor QuantileRegressor SGDRegressor LinearSVR PassiveAggressiveRegressor""".split()

RULES = {
    **{name: linear_regressor for name in LINEAR},
    "RANSACRegressor": consensus_regressor,
    "PoissonRegressor": generalized_regressor,
    "GammaRegressor": generalized_regressor,
    "TweedieRegressor": generalized_regressor,
    "LogisticRegression": logistic_regression,
    "LogisticRegressionCV": logistic_regression,
    "SGDClassifier": sgd_classifier,
    "LinearDiscriminantAnalysis": discriminant_analysis,
    "DecisionTreeClassifier": classification_forest,
    "ExtraTreeClassifier": classification_forest,
    "RandomForestClassifier": classification_forest,
    "ExtraTreesClassifier": classification_forest,
    "DecisionTreeRegressor": regression_forest,
    "ExtraTreeRegressor": regression_forest,
    "RandomForestRegressor": regression_forest,
    "ExtraTreesRegressor": regression_forest,
    "GradientBoostingClassifier": gradient_boosting,
    "GradientBoostingRegressor": gradient_boosting,
    "HistGradientBoostingClassifier": histogram_boosting,
    "HistGradientBoostingRegressor": histogram_boosting,
    "DummyClassifier": dummy,
    "DummyRegressor": dummy,
    "MLPClassifier": networks.perceptron,
    "MLPRegressor": networks.perceptron,
    **bayes.RULES,
    **kernels.RULES,
    **composites.RULES,
}

WITHOUT = "it has no probabilities; wrap it in CalibratedClassifierCV"
ROWS = "it contains the training rows"
SEARCH = "a search; export its best_estimator_"

WHY = {
    **{name: WITHOUT for name in ("RidgeClassifier", "RidgeClassifierCV", "LinearSVC", "Perceptron",
                                  "PassiveAggressiveClassifier")},
    **{name: ROWS for name in ("KNeighborsClassifier", "KNeighborsRegressor", "RadiusNeighborsClassifier",
                               "RadiusNeighborsRegressor", "GaussianProcessClassifier", "GaussianProcessRegressor",
                               "KernelRidge")},
    **{name: SEARCH for name in ("GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV")},
    "AdaBoostRegressor": "a weighted median of its estimators",
    "MultiOutputRegressor": "several targets",
    "MultiOutputClassifier": "several targets",
}


BOOSTERS = {"xgboost": of_xgboost.read, "lightgbm": of_lightgbm.read, "catboost": of_catboost.read}


def is_fitted(model):
    """Of XGBoost, LightGBM or CatBoost. The last one knows its features before."""
    return hasattr(model, "n_features_in_") and (not hasattr(model, "is_fitted") or model.is_fitted())


def library_of(model):
    return type(model).__module__.split(".")[0]
