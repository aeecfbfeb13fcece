"""Writes tables, and one model of each for every engine: python scoring_models.py <folder> <the program tepal>

tepal fits the model. All engines get its coefficients, with the scaling folded into them:

<name>.bin        the rows as little-endian doubles, row after row
<name>-exact.bin  the probabilities of these rows, computed in long doubles
<name>.tepal      tepal's model
<name>.json       the coefficients, for plain JavaScript, TensorFlow.js and scikit-learn
<name>.m2cgen.js  m2cgen's code
<name>.onnx       a product and a softmax in float32

tables.json describes the tables.
"""

import argparse
import csv
import json
import subprocess
from pathlib import Path

import m2cgen
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression

SEED = 20
ROWS = 50_000
# The rows that a model is fitted to do not change how long it predicts.
TRAINING_ROWS = 5_000
# Features, classes, informative and redundant features.
SHAPES = [(20, 2, 10, 5), (64, 10, 20, 10)]


def make_table(features, classes, informative, redundant):
    return make_classification(
        n_samples=ROWS, n_features=features, n_classes=classes, n_informative=informative, n_redundant=redundant,
        random_state=SEED,
    )  # fmt: skip


def train(tepal, base, names, design, target):
    """The intercepts and coefficients of the model that tepal fits, one list for each score."""
    table, model = base.with_suffix(".csv"), base.with_suffix(".tepal")
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*names, "y"])
        writer.writerows([*row, label] for row, label in zip(design.tolist(), target.tolist()))
    command = ["train", table, "--target", "y", "--task", "classification", "--created", "0", "-o", model]
    subprocess.run([tepal, *command], check=True, stdout=subprocess.DEVNULL)
    inspected = subprocess.run([tepal, "inspect", model, "--json"], check=True, stdout=subprocess.PIPE)
    described = json.loads(inspected.stdout)
    assert [feature["name"] for feature in described["features"]] == names
    outputs = described["outputs"]
    intercepts = [output["originalIntercept"] for output in outputs]
    return intercepts, [[entry["original"] for entry in output["coefficients"]] for output in outputs]


def exact_probabilities(design, intercepts, coefficients):
    assert np.finfo(np.longdouble).nmant > np.finfo(np.float64).nmant, "needs long doubles: an x86-64 processor"
    exact = np.longdouble
    scores = np.dot(design.astype(exact), np.array(coefficients, dtype=exact).T) + np.array(intercepts, dtype=exact)
    if len(intercepts) == 1:
        scores = np.hstack([np.zeros_like(scores), scores])
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def sklearn_model(intercepts, coefficients):
    model = LogisticRegression()
    model.intercept_, model.coef_ = np.array(intercepts), np.array(coefficients)
    model.classes_ = np.arange(max(2, len(intercepts)))
    model.n_features_in_ = model.coef_.shape[1]
    return model


def onnx_model(intercepts, coefficients):
    """Of two classes, the first has the score 0."""
    first = [0.0] if len(intercepts) == 1 else []
    bias = np.array(first + intercepts, dtype=np.float32)
    weights = np.array([[0.0] * len(coefficients[0]) for _ in first] + coefficients, dtype=np.float32).T
    features, classes = weights.shape
    graph = helper.make_graph(
        [
            helper.make_node("Gemm", ["rows", "weights", "bias"], ["scores"]),
            helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
        ],
        "linear classifier",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", features])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", classes])],
        [
            numpy_helper.from_array(np.ascontiguousarray(weights), "weights"),
            numpy_helper.from_array(bias, "bias"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


def write_all(folder, tepal, shape):
    features, classes, *_ = shape
    name = f"{ROWS}x{features}x{classes}"
    base = folder / name
    names = [f"f{index}" for index in range(features)]
    design, target = make_table(*shape)
    intercepts, coefficients = train(tepal, base, names, design[:TRAINING_ROWS], target[:TRAINING_ROWS])
    (folder / f"{name}.bin").write_bytes(design.astype("<f8").tobytes())
    exact = exact_probabilities(design, intercepts, coefficients)
    (folder / f"{name}-exact.bin").write_bytes(exact.astype("<f8").tobytes())
    (folder / f"{name}.json").write_text(json.dumps({"intercepts": intercepts, "coefficients": coefficients}))
    code = m2cgen.export_to_javascript(sklearn_model(intercepts, coefficients))
    (folder / f"{name}.m2cgen.js").write_text(f"export {code}")
    (folder / f"{name}.onnx").write_bytes(onnx_model(intercepts, coefficients))
    return {"name": name, "rows": ROWS, "features": features, "classes": classes}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("tepal", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    described = [write_all(arguments.folder, arguments.tepal, shape) for shape in SHAPES]
    (arguments.folder / "tables.json").write_text(json.dumps(described, indent=2) + "\n")


if __name__ == "__main__":
    main()
