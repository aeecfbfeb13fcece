"""Cases of the operators of ONNX-ML, whose answers onnx.reference and onnxruntime give.

They have the content of the tests of onnx.reference for these operators: each post_transform, each rule of a tree, several
targets, base values, missing values, kernels. Their numbers are their own.
"""

import random

import numpy as np
from onnx import helper, numpy_helper

from asking import REFERENCE, RUNTIME, Case, by_others, model_of

ML = "ai.onnx.ml"
OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid(ML, 3)]
NEWEST = [helper.make_opsetid("", 17), helper.make_opsetid(ML, 5)]
TRANSFORMS = ("NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT")
RULES = ("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ")
NAN = float("nan")
SHARES = ", shares of its scores"


def table(seed, rows, columns, dtype=np.float32):
    source = random.Random(seed)
    return np.array([[round(source.uniform(-2, 2), 2) for _ in range(columns)] for _ in range(rows)], dtype)


def weights(seed, n, low=-1.0, high=1.0):
    source = random.Random(seed)
    return [float(np.float32(source.uniform(low, high))) for _ in range(n)]


def node(operator, inputs, outputs, **attributes):
    attributes = {name: value for name, value in attributes.items() if value is not None}
    return helper.make_node(operator, inputs, outputs, domain=ML, **attributes)


class Cases:
    """Cases as they are made, and what others do not run."""

    def __init__(self):
        self.all, self.failures = [], []

    def ask(self, name, operator, model, inputs):
        answers, failures = by_others(model, inputs)
        self.failures += [(name, operator, whom, why) for whom, why in failures.items()]
        return answers

    def numbers(self, name, operator, nodes, inputs, exact=False, opsets=OPSETS, tensors=(), dtype=np.float32):
        """A model with one output y."""
        model = model_of(nodes, inputs, [("y", dtype)], tensors, opsets)
        answers = self.ask(name, operator, model, inputs)
        expected = {whom: numbers_of(found[0]) for whom, found in answers.items()}
        tolerance = {"rtol": 0, "atol": 0} if exact else {"rtol": 1e-5, "atol": 1e-6}
        if expected:
            self.all.append(Case(name, operator, model, inputs, expected, **tolerance))

    def classes(self, name, operator, made, inputs, labels=np.int64, rtol=1e-5, atol=1e-6):
        """A model with a label and scores; and with shares made of the scores, which are probabilities in any case."""
        model = model_of([made], inputs, [("label", labels), ("scores", np.float32)], (), OPSETS)
        names = names_of(made)
        self.add_classes(name, operator, model, inputs, names, rtol, atol)
        shares = [
            helper.make_node("Sigmoid", ["scores"], ["positive"]),
            helper.make_node("ReduceSum", ["positive", "second"], ["sum"], keepdims=1),
            helper.make_node("Div", ["positive", "sum"], ["shares"]),
        ]
        axis = [numpy_helper.from_array(np.array([1]), "second")]
        model = model_of([made, *shares], inputs, [("label", labels), ("shares", np.float32)], axis, OPSETS)
        self.add_classes(name + SHARES, operator, model, inputs, names, rtol, atol)

    def add_classes(self, name, operator, model, inputs, names, rtol, atol):
        answers = self.ask(name, operator, model, inputs)
        expected = {whom: numbers_of(found[1]) for whom, found in answers.items()}
        labels = {whom: np.asarray(found[0]).ravel() for whom, found in answers.items()}
        if expected:
            self.all.append(Case(name, operator, model, inputs, expected, labels, names, rtol=rtol, atol=atol))


def names_of(made):
    """The classes of a classifier."""
    for attribute in made.attribute:
        if attribute.name.startswith("classlabels"):
            return tuple(str(label) for label in attribute.ints) or tuple(label.decode() for label in attribute.strings)
    return ()


def numbers_of(found):
    """Texts are compared by no number."""
    found = np.asarray(found)
    return np.full(found.shape, np.nan) if found.dtype.kind in "OUS" else found


# ---- numbers that are prepared ----


def of_preparations(cases):
    x = table(1, 8, 4)
    zero = x.copy()
    zero[2] = 0
    gaps = x.copy()
    gaps[::3, 1] = NAN
    gaps[1, 3] = NAN
    wholes = np.array([[5, 1, 3], [2, 1, 3], [0, -1, 2]])
    for name, scale, offset in (
        ("one number", [0.5], [-4.5]),
        ("each its own", weights(2, 4, 0.1, 2), weights(3, 4)),
        ("no offset", weights(2, 4, 0.1, 2), None),
    ):
        cases.numbers(f"Scaler, {name}", "Scaler", [node("Scaler", ["x"], ["y"], scale=scale, offset=offset)], {"x": x})
    cases.numbers(
        "Scaler of 64 bits",
        "Scaler",
        [node("Scaler", ["x"], ["y"], scale=[0.3], offset=[0.1])],
        {"x": table(4, 6, 3, np.float64)},
    )
    for threshold in (0.5, None, -1.25):
        cases.numbers(
            f"Binarizer {threshold}", "Binarizer", [node("Binarizer", ["x"], ["y"], threshold=threshold)], {"x": zero}, exact=True
        )
    for norm in ("MAX", "L1", "L2"):
        made = [node("Normalizer", ["x"], ["y"], norm=norm)]
        cases.numbers(f"Normalizer {norm}", "Normalizer", made, {"x": np.abs(x)})
        cases.numbers(f"Normalizer {norm} of numbers below 0", "Normalizer", made, {"x": x})
        cases.numbers(f"Normalizer {norm} of a row of 0", "Normalizer", made, {"x": np.abs(zero)})
    for name, imputed, replaced, rows in (
        ("one number", [0.25], NAN, gaps),
        ("each its own", weights(5, 4), NAN, gaps),
        ("of a number", [1.5], 0.0, zero),
        ("of a number, with gaps", [1.5], 0.0, gaps),
    ):
        made = node("Imputer", ["x"], ["y"], imputed_value_floats=imputed, replaced_value_float=replaced)
        cases.numbers(f"Imputer, {name}", "Imputer", [made], {"x": rows}, exact=True)
    made = node("Imputer", ["x"], ["y"], imputed_value_int64s=[7], replaced_value_int64=-1)
    cases.numbers("Imputer of whole numbers", "Imputer", [made], {"x": wholes}, exact=True, dtype=np.int64)
    y = table(6, 8, 3)
    for sizes in ([4], [2], [6], [4, 3], [1, 1], [0, 3], [2, 3]):
        inputs = dict(list({"x": x, "z": y}.items())[: len(sizes)])
        made = node("FeatureVectorizer", list(inputs), ["y"], inputdimensions=sizes)
        cases.numbers(f"FeatureVectorizer {sizes}", "FeatureVectorizer", [made], inputs, exact=True)
    for places in ([0], [0, 1], [3, 1, 0, 3]):
        made = node("ArrayFeatureExtractor", ["x", "places"], ["y"])
        tensors = [numpy_helper.from_array(np.array(places), "places")]
        cases.numbers(f"ArrayFeatureExtractor {places}", "ArrayFeatureExtractor", [made], {"x": x}, exact=True, tensors=tensors)


def of_categories(cases):
    wholes = np.array([[5, 1, 3], [2, 1, 3], [3, 3, 1]])
    known = np.array([[2, 1, 3], [3, 3, 1]])
    texts = np.array([["c5", "c1", "c3"], ["c2", "c1", "c3"]], dtype=object)
    for zeros, rows in ((1, wholes), (0, known), (0, wholes)):
        made = [node("OneHotEncoder", ["x"], ["y"], cats_int64s=[1, 2, 3], zeros=zeros)]
        cases.numbers(f"OneHotEncoder of whole numbers, zeros={zeros}", "OneHotEncoder", made, {"x": rows}, exact=True)
    made = [node("OneHotEncoder", ["x"], ["y"], cats_int64s=[3, 1, 2], zeros=1)]
    cases.numbers("OneHotEncoder of whole numbers in disorder", "OneHotEncoder", made, {"x": wholes}, exact=True)
    cases.numbers(
        "OneHotEncoder of numbers", "OneHotEncoder", made, {"x": np.array([[1.0], [2.0], [1.5], [0.0]], np.float32)}, exact=True
    )
    for names in (["c1", "c2", "c3"], ["c3", "c1", "c2"]):
        made = [node("OneHotEncoder", ["x"], ["y"], cats_strings=names, zeros=1)]
        cases.numbers(f"OneHotEncoder of texts {names}", "OneHotEncoder", made, {"x": texts}, exact=True)
    numbers = np.array([[0, 1, NAN, 3, 4]], np.float32).T
    for name, inputs, kind, settings in (
        (
            "numbers to whole numbers",
            numbers,
            np.int64,
            {"keys_floats": [4.0, 1.0, 2.0, 3.0], "values_int64s": [0, 1, 2, 3], "default_int64": -5},
        ),
        (
            "numbers with a key NaN",
            numbers,
            np.int64,
            {"keys_floats": [4.0, 1.0, NAN, 3.0], "values_int64s": [0, 1, 2, 3], "default_int64": -5},
        ),
        ("numbers to numbers", numbers, np.float32, {"keys_floats": [4.0, 1.0, 3.0], "values_floats": [0.5, -1.5, 0.1]}),
        (
            "whole numbers to numbers",
            wholes,
            np.float32,
            {"keys_int64s": [1, 2, 3], "values_floats": [0.5, -1.5, 0.1], "default_float": 9.0},
        ),
        ("whole numbers to whole numbers", wholes, np.int64, {"keys_int64s": [3, 1], "values_int64s": [10, 20]}),
        (
            "whole numbers to texts",
            wholes[:, :1],
            object,
            {"keys_int64s": [1, 2, 3], "values_strings": ["a", "b", "c"], "default_string": "none"},
        ),
        ("texts to whole numbers", texts, np.int64, {"keys_strings": ["c3", "c1", "c2"], "values_int64s": [0, 1, 2]}),
        (
            "texts to numbers",
            texts,
            np.float32,
            {"keys_strings": ["c3", "c1", "c2"], "values_floats": [0.5, 1.5, -2.5], "default_float": 7.0},
        ),
        ("texts to texts", texts, object, {"keys_strings": ["c1"], "values_strings": ["a"]}),
        ("texts without one of a row", texts, np.int64, {"keys_strings": ["c1"], "values_int64s": [4], "default_int64": 8}),
    ):
        cases.numbers(
            f"LabelEncoder, {name}",
            "LabelEncoder",
            [node("LabelEncoder", ["x"], ["y"], **settings)],
            {"x": inputs},
            exact=True,
            dtype=kind,
        )
    tensors = (
        ("numbers of 64 bits", np.array([[0.1], [2.5], [NAN], [7.0]]), np.float64, [0.1, 2.5], [1 / 3, -0.1], [0.7]),
        ("large whole numbers", np.array([[1], [2], [9]]), np.int64, [1, 2], [16_777_217, 5], [33_554_433]),
        ("whole numbers of 32 bits", np.array([[1], [2], [9]], np.int32), np.float32, [1, 2], [0.1, 0.2], [0.3]),
    )
    for name, inputs, kind, keys, values, default in tensors:
        made = node(
            "LabelEncoder",
            ["x"],
            ["y"],
            keys_tensor=numpy_helper.from_array(np.array(keys, inputs.dtype)),
            values_tensor=numpy_helper.from_array(np.array(values, kind)),
            default_tensor=numpy_helper.from_array(np.array(default, kind)),
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(ML, 4)]
        cases.numbers(
            f"LabelEncoder of tensors, {name}", "LabelEncoder", [made], {"x": inputs}, exact=True, opsets=opsets, dtype=kind
        )


# ---- linear models ----


def of_linear(cases):
    x = table(7, 8, 3)
    for transform in TRANSFORMS:
        for targets in (1, 2, 3):
            made = node(
                "LinearRegressor",
                ["x"],
                ["y"],
                coefficients=weights(8, 3 * targets, 0.05, 0.2),
                targets=targets,
                intercepts=weights(9, targets, 0.2, 0.5),
                post_transform=transform,
            )
            inputs = {"x": np.abs(x) / 4} if transform == "PROBIT" else {"x": x}
            cases.numbers(f"LinearRegressor {transform}, {targets} targets", "LinearRegressor", [made], inputs)
    made = node("LinearRegressor", ["x"], ["y"], coefficients=weights(8, 3))
    cases.numbers("LinearRegressor without intercept", "LinearRegressor", [made], {"x": x})
    for transform in TRANSFORMS:
        inputs = {"x": np.abs(x) / 4} if transform == "PROBIT" else {"x": x}
        low, high = (0.05, 0.2) if transform == "PROBIT" else (-1, 1)
        for name, rows, labels in (
            ("3 classes", 3, [0, 1, 2]),
            ("2 classes, a row each", 2, [0, 1]),
            ("2 classes, one row", 1, [0, 1]),
            ("1 class", 1, [1]),
        ):
            made = node(
                "LinearClassifier",
                ["x"],
                ["label", "scores"],
                coefficients=weights(10 + rows, 3 * rows, low, high),
                intercepts=weights(20 + rows, rows, 0.2, 0.5),
                classlabels_ints=labels,
                post_transform=transform,
                multi_class=0,
            )
            cases.classes(f"LinearClassifier {transform}, {name}", "LinearClassifier", made, inputs)
        made = node(
            "LinearClassifier",
            ["x"],
            ["label", "scores"],
            coefficients=weights(30, 9, low, high),
            intercepts=weights(31, 3, 0.2, 0.5),
            classlabels_strings=["zebra", "ant", "bee"],
            post_transform=transform,
        )
        cases.classes(f"LinearClassifier {transform}, names in disorder", "LinearClassifier", made, inputs, object)


# ---- trees ----


class Forest:
    """Random trees in the lists of versions 1 to 3 of ONNX-ML."""

    def __init__(self, seed, n_trees, depth, n_features, rules=("BRANCH_LEQ",), tracks=False):
        self.source = random.Random(seed)
        self.rules, self.tracks, self.n_features = rules, tracks, n_features
        self.lists = {
            name: []
            for name in (
                "treeids",
                "nodeids",
                "featureids",
                "modes",
                "values",
                "truenodeids",
                "falsenodeids",
                "missing_value_tracks_true",
            )
        }
        self.leaves = []
        for tree in range(n_trees):
            self.next = 0
            self.grow(tree, depth)

    def add(self, **entries):
        for name, value in entries.items():
            self.lists[name].append(value)

    def grow(self, tree, depth):
        """A node and what stands below it; its number."""
        number = self.next
        self.next += 1
        is_leaf = depth == 0 or (number > 0 and self.source.random() < 0.2)
        self.add(
            treeids=tree,
            nodeids=number,
            featureids=0 if is_leaf else self.source.randrange(self.n_features),
            modes="LEAF" if is_leaf else self.source.choice(self.rules),
            missing_value_tracks_true=int(self.tracks and self.source.random() < 0.5),
            values=0.0 if is_leaf else float(np.float32(round(self.source.uniform(-1.5, 1.5), 1))),
            truenodeids=0,
            falsenodeids=0,
        )
        at = len(self.lists["nodeids"]) - 1
        if is_leaf:
            self.leaves.append((tree, number))
        else:
            self.lists["truenodeids"][at] = self.grow(tree, depth - 1)
            self.lists["falsenodeids"][at] = self.grow(tree, depth - 1)
        return number

    def settings(self, kind, targets, low=-1.0, high=1.0):
        """The attributes, with a weight of each leaf for each of some targets."""
        entries = [
            (tree, number, target, float(np.float32(self.source.uniform(low, high))))
            for tree, number in self.leaves
            for target in targets
        ]
        found = {f"nodes_{name}": values for name, values in self.lists.items()}
        for place, name in enumerate(("treeids", "nodeids", "ids", "weights")):
            found[f"{kind}_{name}"] = [entry[place] for entry in entries]
        return found


def rows_for_trees(dtype=np.float32):
    x = table(40, 24, 3, dtype)
    x[::4] = np.round(x[::4], 1)
    return x


def with_gaps(x):
    x = x.copy()
    x[::3, 0] = NAN
    x[::5, 2] = NAN
    return x


def of_tree_regressors(cases):
    x, operator = rows_for_trees(), "TreeEnsembleRegressor"

    def add(name, settings, rows=x, exact=False):
        cases.numbers(f"{operator}, {name}", operator, [node(operator, ["x"], ["y"], **settings)], {"x": rows}, exact=exact)

    for aggregate in ("SUM", "AVERAGE", "MIN", "MAX"):
        for targets in (1, 2):
            for base in (None, weights(41, targets)):
                settings = Forest(42, 4, 3, 3).settings("target", range(targets))
                add(
                    f"{aggregate}, {targets} targets, base values {base is not None}",
                    {**settings, "n_targets": targets, "base_values": base, "aggregate_function": aggregate},
                )
    for rule in RULES:
        for tracks in (False, True):
            settings = {**Forest(43, 3, 3, 3, [rule], tracks).settings("target", [0]), "n_targets": 1}
            add(f"{rule}, tracks {tracks}", settings)
            add(f"{rule}, tracks {tracks}, with gaps", settings, with_gaps(x))
    add("all rules", {**Forest(44, 5, 4, 3, RULES, True).settings("target", [0]), "n_targets": 1}, with_gaps(x))
    for transform in TRANSFORMS[1:]:
        for targets in (1, 3):
            settings = {**Forest(45, 3, 2, 3).settings("target", range(targets), 0.05, 0.3), "n_targets": targets}
            add(f"{transform}, {targets} targets", {**settings, "post_transform": transform})
    settings = Forest(46, 3, 2, 3).settings("target", [0])
    del settings["nodes_missing_value_tracks_true"]
    add("without what tracks", {**settings, "n_targets": 1}, with_gaps(x))
    # Some trees have no weight of a target.
    one, other = Forest(47, 2, 2, 3).settings("target", [0]), Forest(48, 2, 2, 3).settings("target", [1])
    for tree_ids in ("nodes_treeids", "target_treeids"):
        other[tree_ids] = [tree + 2 for tree in other[tree_ids]]
    both = {name: one[name] + other[name] for name in one}
    for aggregate in ("SUM", "AVERAGE", "MIN", "MAX"):
        add(f"targets of their own trees, {aggregate}", {**both, "n_targets": 2, "aggregate_function": aggregate})
        add(
            f"targets of their own trees, {aggregate}, base values",
            {**both, "n_targets": 2, "aggregate_function": aggregate, "base_values": [0.5, -0.25]},
        )
    add("a leaf alone", {**Forest(49, 1, 0, 3).settings("target", [0]), "n_targets": 1})
    add("numbers of trees out of order", {**reordered(Forest(50, 3, 2, 3).settings("target", [0])), "n_targets": 1})
    double = Forest(51, 3, 3, 3).settings("target", [0])
    for name in ("nodes_values", "target_weights"):
        double[f"{name}_as_tensor"] = numpy_helper.from_array(np.array(double.pop(name)) + 1e-9)
    made = [node(operator, ["x"], ["y"], **double, n_targets=1)]
    cases.numbers(f"{operator}, of 64 bits", operator, made, {"x": rows_for_trees(np.float64)})


def reordered(settings):
    """Trees are called 7, 3 and 5."""
    names = {0: 7, 1: 3, 2: 5}
    return {name: [names[tree] for tree in values] if name.endswith("treeids") else values for name, values in settings.items()}


def of_tree_classifiers(cases):
    x, operator = rows_for_trees(), "TreeEnsembleClassifier"

    def add(name, settings, labels=np.int64, rows=x):
        cases.classes(f"{operator} {name}", operator, node(operator, ["x"], ["label", "scores"], **settings), {"x": rows}, labels)

    for transform in TRANSFORMS:

        def settings(seed, targets, low, high, labels, base=None):
            found = Forest(seed, 3, 3, 3).settings("class", targets, low, high)
            return {**found, "classlabels_int64s": labels, "post_transform": transform, "base_values": base}

        add(f"{transform}, 3 classes", settings(60, range(3), 0.02, 0.1, [0, 1, 2]))
        add(f"{transform}, 3 classes, base values", settings(61, range(3), 0.02, 0.1, [0, 1, 2], [0.1, 0.2, 0.15]))
        add(f"{transform}, 3 classes, some below 0", settings(62, range(3), -1, 1, [0, 1, 2]))
        add(f"{transform}, 2 classes", settings(63, range(2), 0.02, 0.1, [0, 1]))
        for target in (0, 1):
            name = f"2 classes, weights of {target}"
            add(f"{transform}, {name}", settings(64, [target], 0.02, 0.3, [0, 1]))
            add(f"{transform}, {name}, some below 0", settings(65, [target], -1, 1, [0, 1]))
            add(f"{transform}, {name}, a base value", settings(66, [target], -1, 1, [0, 1], [0.25]))
            add(f"{transform}, {name}, two base values", settings(67, [target], -1, 1, [0, 1], [0.25, -0.5]))
            add(f"{transform}, {name}, votes and a base value", settings(68, [target], 0.02, 0.2, [0, 1], [0.1]))
        found = settings(69, range(3), 0.02, 0.1, None)
        add(f"{transform}, names", {**found, "classlabels_strings": ["zebra", "ant", "bee"]}, object)
        add(f"{transform}, with gaps", settings(70, range(3), 0.02, 0.1, [0, 1, 2]), rows=with_gaps(x))


def of_newest_trees(cases):
    x, operator = rows_for_trees(), "TreeEnsemble"

    def add(name, rows=x, mode=0, aggregate=1, transform=0, targets=(0, 0, 0, 0, 0), members=None, tracks=None, dtype=np.float32):
        def tensor(values, kind):
            return numpy_helper.from_array(np.array(values, kind))

        modes = [mode, 0, mode, 0]
        made = node(
            operator,
            ["x"],
            ["y"],
            n_targets=max(targets) + 1,
            aggregate_function=aggregate,
            post_transform=transform,
            tree_roots=[0, 2],
            nodes_featureids=[0, 1, 2, 0],
            nodes_modes=tensor(modes, np.uint8),
            nodes_splits=tensor([0.1, -0.5, 0.3, 1.2], dtype),
            nodes_truenodeids=[1, 0, 2, 3],
            nodes_trueleafs=[0, 1, 1, 1],
            nodes_falsenodeids=[1, 1, 3, 4],
            nodes_falseleafs=[1, 1, 0, 1],
            nodes_missing_value_tracks_true=tracks,
            membership_values=None if members is None else tensor(members, dtype),
            leaf_targetids=list(targets),
            leaf_weights=tensor([0.1, -0.7, 1.25, 1 / 3, -2.5], dtype),
        )
        cases.numbers(f"{operator}, {name}", operator, [made], {"x": rows.astype(dtype)}, opsets=NEWEST, dtype=dtype)

    for place, aggregate in enumerate(("AVERAGE", "SUM", "MIN", "MAX")):
        add(aggregate, aggregate=place)
        add(f"{aggregate}, 3 targets", aggregate=place, targets=(0, 1, 2, 0, 2))
    for place, rule in enumerate(("LEQ", "LT", "GTE", "GT", "EQ", "NEQ")):
        add(rule, mode=place)
        add(f"{rule}, of 64 bits", mode=place, dtype=np.float64)
        for tracks in ([0, 1, 0, 1], [1, 0, 1, 0]):
            add(f"{rule}, with gaps {tracks}", with_gaps(x), mode=place, tracks=tracks)
    members = [0.1, -1.3, 0.5, NAN, 0.3, 1.9, NAN]
    rows = np.array([[a, b, c] for a in (0.1, -1.3, 0.7) for b in (-1.0, 1.0) for c in (0.3, 1.9, 0.31)], np.float32)
    add("members", rows, mode=6, members=members)
    add("members, with gaps", with_gaps(rows), mode=6, members=members)
    add("members, with gaps, tracks", with_gaps(rows), mode=6, members=members, tracks=[1, 0, 1, 0])
    # The numbers of the standard. onnxruntime takes 1 for LOGISTIC and 2 for SOFTMAX, and onnx.reference transforms nothing.
    for place, transform in enumerate(("NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT")):
        add(f"{transform}", transform=place)
        add(f"{transform}, 3 targets", transform=place, targets=(0, 1, 2, 0, 2))


# ---- support vector machines ----

# Of two classes too, others search for probabilities that fit, until they err by less than this. The exact ones are known.
SEARCHED = 0.0025
KERNELS = (
    ("LINEAR", [0.4, 0.0, 3.0]),
    ("POLY", [0.35, 0.5, 3.0]),
    ("POLY", [0.35, 0.0, 2.0]),
    ("RBF", [0.3, 0.0, 3.0]),
    ("SIGMOID", [0.3, 0.2, 3.0]),
)


def of_machines(cases):
    x = table(80, 8, 3)
    for kernel, parameters in KERNELS:
        made = node(
            "SVMRegressor",
            ["x"],
            ["y"],
            coefficients=weights(81, 6),
            support_vectors=weights(82, 18),
            kernel_params=parameters,
            kernel_type=kernel,
            n_supports=6,
            rho=[0.4],
            post_transform="NONE",
        )
        cases.numbers(f"SVMRegressor {kernel} {parameters}", "SVMRegressor", [made], {"x": x})
    for one_class in (0, 1):
        made = node(
            "SVMRegressor",
            ["x"],
            ["y"],
            coefficients=weights(83, 3),
            kernel_params=[0.1, 0.0, 3.0],
            kernel_type="LINEAR",
            n_supports=0,
            rho=[1.2],
            one_class=one_class,
        )
        cases.numbers(f"SVMRegressor without vectors, one_class={one_class}", "SVMRegressor", [made], {"x": x})
    for transform in TRANSFORMS[1:]:
        made = node(
            "SVMRegressor",
            ["x"],
            ["y"],
            coefficients=weights(81, 6, 0, 0.1),
            support_vectors=weights(82, 18),
            kernel_params=[0.3, 0.0, 3.0],
            kernel_type="RBF",
            n_supports=6,
            rho=[0.4],
            post_transform=transform,
        )
        cases.numbers(f"SVMRegressor {transform}", "SVMRegressor", [made], {"x": x})
    for transform in TRANSFORMS:
        for kernel, parameters in KERNELS:
            for has_probabilities in (True, False):
                probabilities = {"prob_a": [-1.7], "prob_b": [0.1]} if has_probabilities else {}
                made = node(
                    "SVMClassifier",
                    ["x"],
                    ["label", "scores"],
                    classlabels_ints=[0, 1],
                    kernel_type=kernel,
                    kernel_params=parameters,
                    coefficients=weights(84, 7),
                    support_vectors=weights(85, 21),
                    vectors_per_class=[4, 3],
                    rho=[0.2],
                    post_transform=transform,
                    **probabilities,
                )
                name = f"SVMClassifier {kernel} {parameters} {transform}, probabilities {has_probabilities}"
                cases.classes(name, "SVMClassifier", made, {"x": x}, atol=SEARCHED if has_probabilities else 1e-6)
        made = node(
            "SVMClassifier",
            ["x"],
            ["label", "scores"],
            classlabels_ints=[0, 1, 2],
            kernel_type="RBF",
            kernel_params=[0.3, 0.0, 3.0],
            coefficients=weights(86, 16),
            support_vectors=weights(87, 24),
            vectors_per_class=[3, 3, 2],
            rho=weights(88, 3),
            post_transform=transform,
            prob_a=[-1.5, -1.6, -1.7],
            prob_b=[0.1, 0.0, -0.1],
        )
        cases.classes(f"SVMClassifier RBF {transform}, 3 classes", "SVMClassifier", made, {"x": x}, atol=SEARCHED)
        for n in (2, 4):
            made = node(
                "SVMClassifier",
                ["x"],
                ["label", "scores"],
                classlabels_ints=list(range(n)),
                kernel_type="LINEAR",
                kernel_params=[0.001, 0.0, 3.0],
                coefficients=weights(89, 3 * n),
                rho=weights(90, n, 0.1, 0.5),
                post_transform=transform,
            )
            cases.classes(f"SVMClassifier without vectors {transform}, {n} classes", "SVMClassifier", made, {"x": x})
    made = node(
        "SVMClassifier",
        ["x"],
        ["label", "scores"],
        classlabels_strings=["yes", "no"],
        kernel_type="RBF",
        kernel_params=[0.3, 0.0, 3.0],
        coefficients=weights(84, 7),
        support_vectors=weights(85, 21),
        vectors_per_class=[4, 3],
        rho=[0.2],
        post_transform="NONE",
        prob_a=[-1.7],
        prob_b=[0.1],
    )
    cases.classes("SVMClassifier, names", "SVMClassifier", made, {"x": x}, object, atol=SEARCHED)


def all_cases():
    cases = Cases()
    for make in (
        of_preparations,
        of_categories,
        of_linear,
        of_tree_regressors,
        of_tree_classifiers,
        of_newest_trees,
        of_machines,
    ):
        make(cases)
    return cases


def disagreements(cases):
    """The cases in which the two others differ, with the first row that does. Shares of scores differ where the scores do."""
    found = []
    for case in cases:
        if REFERENCE not in case.expected or RUNTIME not in case.expected or case.name.endswith(SHARES):
            continue
        one, other = (case.expected[whom].reshape(len(case.expected[whom]), -1).astype(float) for whom in (REFERENCE, RUNTIME))
        if one.shape != other.shape:
            found.append((case, f"shapes {case.expected[REFERENCE].shape} and {case.expected[RUNTIME].shape}"))
            continue
        close = np.isclose(one, other, rtol=max(case.rtol, 1e-5), atol=case.atol, equal_nan=True).all(axis=1)
        if not close.all():
            row = int(np.argmin(close))
            found.append((case, f"row {row}: {np.round(one[row], 6).tolist()} and {np.round(other[row], 6).tolist()}"))
        elif case.labels and [str(a) for a in case.labels[REFERENCE]] != [str(b) for b in case.labels[RUNTIME]]:
            found.append((case, f"classes {case.labels[REFERENCE].tolist()} and {case.labels[RUNTIME].tolist()}"))
    return found
