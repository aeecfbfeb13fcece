"""Writes small models of ONNX with rows, and what onnxruntime predicts for them.

Each CONFIG.onnx has a CONFIG.csv beside it: the names of the features, then `output`, or `output0,output1,...`, the
probabilities in the order of the file's classes. README.md says how it is run.
"""

import pathlib
import random
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]


def table(seed, rows, columns, decimals=2):
    source = random.Random(seed)
    return np.array([[round(source.uniform(-3, 3), decimals) for _ in range(columns)] for _ in range(rows)])


def classes_of(x, n):
    score = x[:, 0] + 0.5 * x[:, 1] * x[:, 2] - 0.3 * np.abs(x[:, 3])
    return np.searchsorted(np.quantile(score, [k / n for k in range(1, n)]), score)


def number_of(x):
    return np.round(2 * x[:, 0] - x[:, 1] * x[:, 2] + 0.5 * x[:, 3] ** 2, 3)


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


def predicted(model, inputs):
    """The numbers of the last output: of a sequence of maps their values."""
    found = session(model).run(None, inputs)[-1]
    if isinstance(found, list):
        return np.array([[row[key] for key in sorted(row)] for row in found])
    return np.asarray(found).reshape(len(next(iter(inputs.values()))), -1)


def text(cell):
    if isinstance(cell, str):
        return cell
    return "" if cell != cell else repr(float(cell))


def write(folder, name, model, names, rows, inputs):
    outputs = predicted(model, inputs)
    heads = ["output"] if outputs.shape[1] == 1 else [f"output{k}" for k in range(outputs.shape[1])]
    lines = [",".join(names + heads)]
    for row, output in zip(rows, outputs):
        lines.append(",".join([text(cell) for cell in row] + [repr(float(number)) for number in output]))
    (folder / f"{name}.onnx").write_bytes(model.SerializeToString())
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")


def matrix(folder, name, model, x, dtype=np.float32):
    """A model of one input of several numbers."""
    names = [f"f{k}" for k in range(x.shape[1])] if x.shape[1] > 1 else [model.graph.input[0].name]
    write(folder, name, model, names, x.tolist(), {model.graph.input[0].name: x.astype(dtype)})


# ---- scikit-learn by skl2onnx ----

def of_sklearn(folder):
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType, DoubleTensorType, StringTensorType
    from sklearn import calibration, decomposition, ensemble, impute, linear_model, neural_network
    from sklearn import compose, pipeline, preprocessing, svm, tree

    x = table(1, 240, 4).astype(np.float32)
    two, three, number = classes_of(x, 2), classes_of(x, 3), number_of(x)
    check = np.vstack([table(2, 20, 4), x[:12].astype(np.float64)])

    def convert(name, model, double=False, zipmap=False, missing=False):
        kind = DoubleTensorType if double else FloatTensorType
        options = {id(model): {"zipmap": zipmap}} if hasattr(model, "predict_proba") else None
        made = to_onnx(model, initial_types=[("X", kind([None, 4]))], options=options, target_opset={"": 17, "ai.onnx.ml": 3})
        rows = check.copy()
        if missing:
            rows[::5, 1] = np.nan
        matrix(folder, name, made, rows, np.float64 if double else np.float32)

    scaled = pipeline.make_pipeline
    scaler = preprocessing.StandardScaler
    convert("skl_logistic", scaled(scaler(), linear_model.LogisticRegression()).fit(x, two))
    convert("skl_logistic_zipmap", linear_model.LogisticRegression().fit(x, two), zipmap=True)
    convert("skl_logistic_three", scaled(scaler(), linear_model.LogisticRegression()).fit(x, three))
    convert("skl_logistic_double", scaled(scaler(), linear_model.LogisticRegression()).fit(x, three), double=True)
    convert("skl_ridge", scaled(preprocessing.MinMaxScaler(), linear_model.Ridge()).fit(x, number))
    convert("skl_poisson", linear_model.PoissonRegressor().fit(x, np.abs(number)))
    convert("skl_imputer", scaled(impute.SimpleImputer(), linear_model.Ridge()).fit(x, number), missing=True)
    convert("skl_normalizer", scaled(preprocessing.Normalizer(), linear_model.LogisticRegression()).fit(x, two))
    convert("skl_pca", scaled(scaler(), decomposition.PCA(2), linear_model.LogisticRegression()).fit(x, two))
    convert("skl_polynomial", scaled(preprocessing.PolynomialFeatures(2), linear_model.Ridge()).fit(x, number))
    convert("skl_tree", tree.DecisionTreeClassifier(max_depth=5, random_state=0).fit(x, three))
    convert("skl_tree_number", tree.DecisionTreeRegressor(max_depth=5, random_state=0).fit(x, number))
    convert("skl_forest", ensemble.RandomForestClassifier(8, max_depth=5, random_state=0).fit(x, two))
    convert("skl_forest_three", ensemble.RandomForestClassifier(8, max_depth=4, random_state=0).fit(x, three))
    convert("skl_forest_number", ensemble.RandomForestRegressor(8, max_depth=5, random_state=0).fit(x, number))
    convert("skl_boosting", ensemble.GradientBoostingClassifier(n_estimators=10, random_state=0).fit(x, two))
    convert("skl_boosting_three", ensemble.GradientBoostingClassifier(n_estimators=6, random_state=0).fit(x, three))
    convert("skl_boosting_number", ensemble.GradientBoostingRegressor(n_estimators=10, random_state=0).fit(x, number))
    for activation in ("relu", "tanh", "logistic"):
        net = neural_network.MLPClassifier(hidden_layer_sizes=(8, 5), activation=activation, max_iter=60, random_state=0).fit(x, three)
        convert(f"skl_mlp_{activation}", net)
    convert("skl_mlp_two", neural_network.MLPClassifier(hidden_layer_sizes=(6,), max_iter=60, random_state=0).fit(x, two))
    convert("skl_mlp_number", neural_network.MLPRegressor(hidden_layer_sizes=(6,), max_iter=60, random_state=0).fit(x, number))
    for kernel in ("rbf", "poly", "sigmoid", "linear"):
        convert(f"skl_svr_{kernel}", svm.SVR(kernel=kernel, C=0.5).fit(x, number))
    voting = ensemble.VotingClassifier([("a", linear_model.LogisticRegression()), ("b", tree.DecisionTreeClassifier(max_depth=3))],
                                       voting="soft", flatten_transform=False)
    convert("skl_voting", voting.fit(x, three))
    convert("skl_calibrated", calibration.CalibratedClassifierCV(linear_model.LogisticRegression(), cv=3).fit(x, two))
    labels = np.array(["died", "survived", "censored"])[three]
    convert("skl_text_classes", linear_model.LogisticRegression().fit(x, labels))

    import pandas

    colors = np.array(["red", "green", "blue"])[np.abs(x[:, 3] * 7).astype(int) % 3]
    frame = pandas.DataFrame({"age": x[:, 0], "income": x[:, 1], "color": colors})
    columns = compose.ColumnTransformer([("n", scaler(), ["age", "income"]),
                                         ("c", preprocessing.OneHotEncoder(handle_unknown="ignore"), ["color"])])
    model = scaled(columns, linear_model.LogisticRegression()).fit(frame, two)
    types = [("age", FloatTensorType([None, 1])), ("income", FloatTensorType([None, 1])), ("color", StringTensorType([None, 1]))]
    made = to_onnx(model, initial_types=types, options={id(model): {"zipmap": False}}, target_opset={"": 17, "ai.onnx.ml": 3})
    rows = [[float(frame.age[k]), float(frame.income[k]), frame.color[k]] for k in range(20)] + [[0.5, -0.25, "violet"]]
    inputs = {"age": np.array([[row[0]] for row in rows], np.float32), "income": np.array([[row[1]] for row in rows], np.float32),
              "color": np.array([[row[2]] for row in rows])}
    write(folder, "skl_columns", made, ["age", "income", "color"], rows, inputs)


# ---- XGBoost and LightGBM by onnxmltools ----

def of_boosting(folder):
    import lightgbm
    import onnxmltools
    import xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    x = table(3, 240, 4).astype(np.float32)
    two, three, number = classes_of(x, 2), classes_of(x, 3), number_of(x)
    check = table(4, 32, 4)
    gap = check.copy()
    gap[::4, 1] = np.nan
    initial = [("X", FloatTensorType([None, 4]))]
    for name, y, kind in (("two", two, "Classifier"), ("three", three, "Classifier"), ("number", number, "Regressor")):
        model = getattr(xgboost, f"XGB{kind}")(n_estimators=8, max_depth=4).fit(x, y)
        matrix(folder, f"xgboost_{name}", onnxmltools.convert_xgboost(model, initial_types=initial, target_opset=15), gap)
        model = getattr(lightgbm, f"LGBM{kind}")(n_estimators=8, num_leaves=8, verbose=-1).fit(x, y)
        made = onnxmltools.convert_lightgbm(model, initial_types=initial, target_opset=15, zipmap=False)
        matrix(folder, f"lightgbm_{name}", made, check)


# ---- graphs by hand ----

def of_operators(folder):
    def model(name, nodes, output, tensors=(), width=4, kind=TensorProto.FLOAT, dtype=np.float32, check=None, opsets=OPSETS):
        inputs = [helper.make_tensor_value_info("X", kind, [None, width])]
        outputs = [helper.make_tensor_value_info(output, kind, [None, None])]
        tensors = [numpy_helper.from_array(np.asarray(values), key) for key, values in tensors]
        made = helper.make_model(helper.make_graph(nodes, name, inputs, outputs, tensors), opset_imports=opsets, ir_version=8)
        onnx.checker.check_model(made)
        matrix(folder, name, made, table(5, 24, width) if check is None else check, dtype)

    node, random_numbers = helper.make_node, random.Random(6)

    def weights(*dims):
        return np.array([random_numbers.uniform(-1, 1) for _ in range(int(np.prod(dims)))], np.float32).reshape(dims)

    for activation, more in (("Relu", {}), ("LeakyRelu", {"alpha": 0.1}), ("Elu", {}), ("Selu", {}), ("Softplus", {}), ("Softsign", {}),
                             ("Sigmoid", {}), ("Tanh", {}), ("HardSigmoid", {}), ("Erf", {})):
        nodes = [node("Gemm", ["X", "W1", "b1"], ["h"], transB=1), node(activation, ["h"], ["a"], **more),
                 node("Gemm", ["a", "W2", "b2"], ["y"], transB=1)]
        model(f"net_{activation.lower()}", nodes, "y",
              [("W1", weights(6, 4)), ("b1", weights(6)), ("W2", weights(1, 6)), ("b2", weights(1))])
    nodes = [node("MatMul", ["X", "W1"], ["h"]), node("Add", ["h", "b1"], ["g"]),
             node("BatchNormalization", ["g", "s", "c", "m", "v"], ["n"]), node("Relu", ["n"], ["r"]),
             node("MatMul", ["r", "W2"], ["z"]), node("Softmax", ["z"], ["p"], axis=-1)]
    model("net_normalized", nodes, "p", [("W1", weights(4, 6)), ("b1", weights(6)), ("s", weights(6)), ("c", weights(6)),
                                         ("m", weights(6)), ("v", np.abs(weights(6)) + np.float32(0.1)), ("W2", weights(6, 3))])
    nodes = [node("Gemm", ["X", "W1", "b1"], ["h"], transB=1), node("Relu", ["h"], ["a"]), node("Add", ["a", "h"], ["skip"]),
             node("Concat", ["skip", "X"], ["both"], axis=1), node("Gemm", ["both", "W2", "b2"], ["z"], transB=1),
             node("Sigmoid", ["z"], ["p"])]
    model("net_skip", nodes, "p", [("W1", weights(5, 4)), ("b1", weights(5)), ("W2", weights(1, 9)), ("b2", weights(1))])
    nodes = [node("ReduceMean", ["X"], ["m"], axes=[1], keepdims=1), node("Sub", ["X", "m"], ["c"]), node("Abs", ["c"], ["a"]),
             node("Clip", ["a", "low", "high"], ["k"]), node("Pow", ["k", "two"], ["q"]), node("ReduceSum", ["q", "axes"], ["y"])]
    model("net_arithmetic", nodes, "y", [("low", np.float32(0.25)), ("high", np.float32(2)), ("two", np.float32(2)),
                                         ("axes", np.array([1]))])

    # Trees with each mode, missing values on both sides, and NaN, infinite and equal numbers.
    edges = np.array([[value, other] for value in (-1.0, 0.5, np.nextafter(0.5, 1), 0.50000003, 2.0, np.nan)
                      for other in (1.0, 3.0, np.nan)])
    for at, mode in enumerate(("BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ")):
        for tracks in (0, 1):
            if mode == "BRANCH_NEQ" and tracks == 0:
                check = edges[~np.isnan(edges[:, 0])]
            else:
                check = edges
            nodes = [node("TreeEnsembleRegressor", ["X"], ["y"], domain="ai.onnx.ml", n_targets=1,
                          nodes_treeids=[0] * 5, nodes_nodeids=[0, 1, 2, 3, 4], nodes_featureids=[0, 1, 0, 0, 0],
                          nodes_modes=[mode, "BRANCH_LEQ", "LEAF", "LEAF", "LEAF"], nodes_values=[0.5, 2.0, 0.0, 0.0, 0.0],
                          nodes_truenodeids=[1, 3, 0, 0, 0], nodes_falsenodeids=[2, 4, 0, 0, 0],
                          nodes_missing_value_tracks_true=[tracks, 1 - tracks, 0, 0, 0],
                          target_treeids=[0, 0, 0], target_nodeids=[2, 3, 4], target_ids=[0, 0, 0],
                          target_weights=[1.5, -2.25, 0.1])]
            model(f"tree_{mode[7:].lower()}_{tracks}", nodes, "y", width=2, check=check)
    newest = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 5)]
    nodes = [node("TreeEnsemble", ["X"], ["y"], domain="ai.onnx.ml", n_targets=1, aggregate_function=1, post_transform=0,
                  tree_roots=[0, 2], nodes_featureids=[0, 1, 1],
                  nodes_modes=numpy_helper.from_array(np.array([0, 6, 3], np.uint8)),
                  nodes_splits=numpy_helper.from_array(np.array([0.5, 0.0, 2.0])),
                  nodes_truenodeids=[1, 0, 2], nodes_trueleafs=[0, 1, 1], nodes_falsenodeids=[1, 2, 3], nodes_falseleafs=[1, 1, 1],
                  membership_values=numpy_helper.from_array(np.array([3.0, 1.0, np.nan])),
                  leaf_targetids=[0, 0, 0, 0], leaf_weights=numpy_helper.from_array(np.array([0.1, -0.7, 1.25, 1 / 3])))]
    model("tree_newest_double", nodes, "y", width=2, kind=TensorProto.DOUBLE, dtype=np.float64, opsets=newest,
          check=np.array([[a, b] for a in (0.0, 0.5, np.nextafter(0.5, 1)) for b in (1.0, 2.0, 2.5, 3.0)]))


# ---- what is to be refused ----

def of_refused(folder):
    def model(name, nodes, outputs, tensors=(), kind=TensorProto.FLOAT):
        inputs = [helper.make_tensor_value_info("X", kind, [None, 2])]
        outputs = [helper.make_tensor_value_info(key, of, None) for key, of in outputs]
        tensors = [numpy_helper.from_array(np.asarray(values), key) for key, values in tensors]
        made = helper.make_model(helper.make_graph(nodes, name, inputs, outputs, tensors), opset_imports=OPSETS, ir_version=8)
        (folder / f"{name}.onnx").write_bytes(made.SerializeToString())

    node, weights = helper.make_node, [("W", np.array([[0.5], [-0.25]], np.float32))]
    # The class is the second from a probability of 0.3 on.
    model("class_by_threshold", [
        node("MatMul", ["X", "W"], ["z"]), node("Sigmoid", ["z"], ["p"]), node("Sub", ["one", "p"], ["q"]),
        node("Concat", ["q", "p"], ["probabilities"], axis=1), node("Greater", ["p", "limit"], ["is_second"]),
        node("Cast", ["is_second"], ["place"], to=TensorProto.INT64),
        node("ArrayFeatureExtractor", ["names", "place"], ["label"], domain="ai.onnx.ml"),
    ], [("label", TensorProto.STRING), ("probabilities", TensorProto.FLOAT)],
        weights + [("one", np.float32(1)), ("limit", np.float32(0.3)), ("names", np.array(["no", "yes"], dtype=object))])
    # Nothing keeps such scores up to 1.
    model("scores_from_0_on", [node("MatMul", ["X", "W"], ["z"]), node("Relu", ["z"], ["y"])], [("y", TensorProto.FLOAT)], weights)
    model("product_of_wholes", [node("Mul", ["X", "X"], ["y"]), node("Cast", ["y"], ["f"], to=TensorProto.FLOAT),
                                node("ReduceSum", ["f", "axes"], ["s"])], [("s", TensorProto.FLOAT)],
          [("axes", np.array([1]))], TensorProto.INT64)


def main(folder):
    folder = pathlib.Path(folder)
    (folder / "refused").mkdir(exist_ok=True)
    of_refused(folder / "refused")
    of_operators(folder)
    of_sklearn(folder)
    of_boosting(folder)


if __name__ == "__main__":
    main(sys.argv[1])
