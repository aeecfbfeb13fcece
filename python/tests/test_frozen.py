"""The scorer gives what scikit-learn predicted, for all reference files."""

import csv
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tepal.scorer import score

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "interop" / "sklearn"


def cell(text, feature):
    if text == "":
        return None
    if feature["kind"] == "number":
        return float(text)
    labels = [str(label) for label in feature["categories"]]
    return labels.index(text) if text in labels else len(labels)


def check(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    features, proof = document["features"], document["proof"]
    with open(path.with_suffix(".csv"), encoding="utf-8", newline="") as file:
        header, *lines = list(csv.reader(file))
    assert header[: len(features)] == [feature["name"] for feature in features]
    rows = [[cell(text, feature) for text, feature in zip(line, features)] for line in lines]
    expected = np.array([[float(text) for text in line[len(features):]] for line in lines])
    limit = 1e-15 if document["estimator"]["kind"] == "trees" else 1e-12
    assert np.allclose(score(document, rows).outputs, expected, rtol=limit, atol=limit), path
    outputs = np.array(proof["outputs"])
    found = score(document, proof["rows"]).outputs
    assert (np.abs(found - outputs) <= proof["tolerance"] * np.maximum(np.abs(found), np.abs(outputs))).all(), path


def test_all_reference_files():
    paths = sorted(FOLDER.glob("*/*.json"))
    assert len(paths) > 160
    for path in paths:
        check(path)
    print(f"{len(paths)} files are scored as scikit-learn does")


if __name__ == "__main__":
    test_all_reference_files()
