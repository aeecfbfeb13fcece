"""Reads neural networks."""

from . import estimators
from .compiled import Fitted
from .errors import NotCarried

LINKS = ("identity", "exp", "logistic", "softmax")


def perceptron(model, columns, features):
    """Layers of weighted sums, with a function of each sum between them."""
    classes = estimators.classes_of(model) if hasattr(model, "classes_") else None
    link = model.out_activation_
    if link not in LINKS or (classes is None) != (link in ("identity", "exp")):
        raise NotCarried(model, f"out_activation_={link!r}")
    if model.n_outputs_ != (len(classes) if link == "softmax" else 1):
        raise NotCarried(model, "several targets")
    graph = features.graph
    vector = graph.vector(columns, model)
    for layer, (weights, bias) in enumerate(zip(model.coefs_, model.intercepts_)):
        vector = graph.dense(vector, weights.T, bias)
        if layer < len(model.coefs_) - 1:
            vector = activated(graph, model, vector)
    return Fitted("graph", link, classes, vector=vector)


def activated(graph, model, vector):
    if model.activation == "identity":
        return vector
    if model.activation == "relu":
        return graph.arithmetic("maximum", vector, [0.0])
    if model.activation in ("tanh", "logistic"):
        return graph.function(model.activation, vector)
    raise NotCarried(model, f"activation={model.activation!r}")
