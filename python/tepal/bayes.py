"""Reads classifiers that compare densities: naive Bayes and quadratic discriminant analysis."""

import numpy as np

from . import estimators, steps
from .compiled import Fitted


def densities(model, vector, classes, graph):
    """Scores from a logarithm of the density for each class."""
    if len(classes) == 2:
        vector = graph.subtract(graph.pick(vector, [1]), graph.pick(vector, [0]))
        return Fitted("graph", "logistic", classes, vector=vector)
    return Fitted("graph", "softmax", classes, vector=vector)


def gaussian(model, columns, features):
    classes, graph = estimators.classes_of(model), features.graph
    columns = [features.numeric(column, model) for column in columns]
    means, variances = np.asarray(model.theta_, dtype=np.float64), np.asarray(model.var_, dtype=np.float64)
    n_classes, n_columns = means.shape
    center = means.mean(axis=0)
    graph.hint(columns, center, np.sqrt(variances.mean(axis=0) + ((means - center) ** 2).mean(axis=0)))
    vector = graph.pick(graph.vector(columns, model), list(range(n_columns)) * n_classes)
    vector = graph.subtract(vector, means)
    vector = graph.divide(graph.multiply(vector, vector), variances)
    weights = np.kron(np.eye(n_classes), np.full(n_columns, -0.5))
    # In the precision of the fit, as the model itself computes it.
    own = np.asarray(model.var_)
    bias = np.log(model.class_prior_) + [-0.5 * np.sum(np.log(2.0 * np.pi * row)) for row in own]
    return densities(model, graph.dense(vector, weights, bias), classes, graph)


def linear(model, weights, intercepts):
    """Scores that are weighted sums of the columns."""
    classes = estimators.classes_of(model)
    weights, intercepts = np.asarray(weights, dtype=np.float64), np.asarray(intercepts, dtype=np.float64)
    if len(classes) == 2:
        weights, intercepts = weights[1:] - weights[:1], intercepts[1:] - intercepts[:1]
    return Fitted("linear", "logistic" if len(classes) == 2 else "softmax", classes,
                  coefficients=weights.tolist(), intercepts=intercepts.tolist())


def multinomial(model, columns, features):
    return linear(model, model.feature_log_prob_, model.class_log_prior_)


def complement(model, columns, features):
    return linear(model, model.feature_log_prob_, np.zeros(len(model.classes_)))


def bernoulli(model, columns, features):
    found, absent = np.asarray(model.feature_log_prob_), np.log(1 - np.exp(model.feature_log_prob_))
    made = linear(model, found - absent, model.class_log_prior_ + absent.sum(axis=1))
    if model.binarize is not None:
        made.columns = steps.above(model, columns, features, model.binarize)
    return made


def quadratic(model, columns, features):
    classes, graph = estimators.classes_of(model), features.graph
    columns = [features.numeric(column, model) for column in columns]
    graph.hint(columns, np.mean(model.means_, axis=0), np.std(model.means_, axis=0) + 1e-3)
    vector = graph.vector(columns, model)
    parts = []
    for mean, rotation, scaling, prior in zip(model.means_, model.rotations_, model.scalings_, model.priors_):
        turned = graph.dense(graph.scaled(vector, mean), (rotation * scaling**-0.5).T)
        bias = -0.5 * np.log(scaling).sum() + np.log(prior)
        parts.append(graph.dense(graph.multiply(turned, turned), [[-0.5] * len(scaling)], [bias]))
    return densities(model, graph.join(parts), classes, graph)


RULES = {
    "GaussianNB": gaussian,
    "MultinomialNB": multinomial,
    "ComplementNB": complement,
    "BernoulliNB": bernoulli,
    "QuadraticDiscriminantAnalysis": quadratic,
}
