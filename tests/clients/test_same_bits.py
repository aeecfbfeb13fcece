"""One row has the same 64 bits of probabilities whichever way it comes in."""

import csv
import io
import json
import struct
import subprocess

import numpy as np
import pytest
import requests

from samples import IRIS, IRIS_CLASSES, IRIS_NAMES, PENGUIN_NAMES, PENGUIN_TEXTS, PENGUINS, by_name, columns
from serving import CLI

# Numbers of as many digits as there are, and of a size that none of the flowers has.
LONG = [
    [5.843333333333334, 3.0573333333333337, 3.7580000000000005, 1.1993333333333336],
    [4.35, 1e-07, 1.0000000000000002, 2.5],
    [122.41629403378658, 0.1 + 0.2, 1 / 3, 5e-324],
]
TABLES = {
    "iris": (IRIS_NAMES, IRIS + LONG, IRIS_CLASSES),
    "penguins": (PENGUIN_NAMES, PENGUINS, ["Adelie", "Chinstrap", "Gentoo"]),
}


def bits(rows):
    return [struct.pack(f"<{len(row)}d", *row).hex(" ", 8) for row in rows]


def csv_of(names, rows):
    """Numbers as Python writes them, nothing for a missing value."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([names, *rows])
    return lines.getvalue()


def probabilities_of_csv(text, classes):
    return [[float(line[f"probability_{name}"]) for name in classes] for line in csv.DictReader(io.StringIO(text))]


def probabilities_of(prediction, classes):
    found = {entry["class"]: entry["probability"] for entry in prediction["probabilities"]}
    assert list(found) == classes and prediction["probability"] == max(found.values())
    return list(found.values())


class Routes:
    """Each method takes the rows one way and gives the probabilities of each."""

    def __init__(self, url, model, names, rows, classes):
        self.url, self.model, self.names, self.rows, self.classes = url, model, names, rows, classes

    def post(self, route, json=None, **options):
        answer = requests.post(self.url + route, json=json, timeout=10, **options)
        assert answer.status_code == 200, answer.text
        return answer

    def predict_data(self):
        answers = [self.post(f"/predict/{self.model}", {"data": row}).json() for row in self.rows]
        return [probabilities_of(answer, self.classes) for answer in answers]

    def predict_rows(self):
        answer = self.post(f"/predict/{self.model}", {"rows": by_name(self.names, self.rows)}).json()
        return [probabilities_of(prediction, self.classes) for prediction in answer["predictions"]]

    def ndjson(self, rows):
        body = "".join(json.dumps(row) + "\n" for row in rows)
        answer = self.post(f"/predict/{self.model}", data=body, headers={"content-type": "application/x-ndjson"})
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        return [probabilities_of(json.loads(line), self.classes) for line in answer.text.splitlines()]

    def ndjson_by_name(self):
        return self.ndjson(by_name(self.names, self.rows))

    def ndjson_in_order(self):
        return self.ndjson(self.rows)

    def csv(self):
        body = csv_of(self.names, self.rows)
        answer = self.post(f"/predict/{self.model}", data=body, headers={"content-type": "text/csv"})
        assert answer.headers["content-type"].startswith("text/csv")
        return probabilities_of_csv(answer.text, self.classes)

    def tensors(self):
        """One a column. Text stays JSON in binary requests too, for its missing values."""
        for name, values in columns(self.names, self.rows).items():
            text = name in PENGUIN_TEXTS
            yield {"name": name, "shape": [len(values)], "datatype": "BYTES" if text else "FP64"}, values

    def infer(self, body, raw=b""):
        body = json.dumps(body | {"outputs": [{"name": "predict_proba", "parameters": {"binary_data": bool(raw)}}]})
        headers = {"inference-header-content-length": str(len(body))} if raw else {}
        answer = self.post(f"/v2/models/{self.model}/infer", data=body.encode() + raw, headers=headers)
        length = answer.headers.get("inference-header-content-length")
        assert bool(length) == bool(raw)
        (output,) = json.loads(answer.content[: int(length)] if raw else answer.content)["outputs"]
        assert (output["shape"], output["datatype"]) == ([len(self.rows), len(self.classes)], "FP64")
        values = np.frombuffer(answer.content[int(length) :], "<f8") if raw else np.array(output["data"], dtype=float)
        return values.reshape(output["shape"]).tolist()

    def v2_json_columns(self):
        return self.infer({"inputs": [tensor | {"data": values} for tensor, values in self.tensors()]})

    def v2_binary_columns(self):
        inputs, raw = [], b""
        for tensor, values in self.tensors():
            if tensor["datatype"] == "FP64":
                raw += np.array(values, dtype="<f8").tobytes()
                inputs.append(tensor | {"parameters": {"binary_data_size": 8 * len(values)}})
            else:
                inputs.append(tensor | {"data": values})
        return self.infer({"inputs": inputs}, raw)

    def matrix(self):
        return {"name": "x", "shape": [len(self.rows), len(self.names)], "datatype": "FP64"}

    def v2_json_matrix(self):
        return self.infer({"inputs": [self.matrix() | {"data": self.rows}]})

    def v2_binary_matrix(self):
        raw = np.array(self.rows, dtype="<f8").tobytes()
        return self.infer({"inputs": [self.matrix() | {"parameters": {"binary_data_size": len(raw)}}]}, raw)

    def v1_instances(self):
        body = {"instances": self.rows, "signature_name": "predict_proba"}
        return self.post(f"/v1/models/{self.model}:predict", body).json()["predictions"]

    def v1_columns(self):
        body = {"inputs": columns(self.names, self.rows), "signature_name": "predict_proba"}
        return self.post(f"/v1/models/{self.model}:predict", body).json()["outputs"]

    def invocations(self):
        body = {"dataframe_split": {"columns": self.names, "data": self.rows}}
        body["params"] = {"predict_method": "predict_proba"}
        return self.post("/invocations", body).json()["predictions"]


ANY = ["predict_data", "predict_rows", "ndjson_by_name", "ndjson_in_order", "csv", "v2_json_columns"]
ANY += ["v2_binary_columns", "v1_instances", "v1_columns"]
# A matrix has numbers only, and /invocations the default model only.
IRIS_ONLY = ["v2_json_matrix", "v2_binary_matrix", "invocations"]


@pytest.fixture(scope="module")
def expected(models):
    """What the command line says."""

    def predict(model, path):
        names, rows, classes = TABLES[model]
        command = [CLI, "predict", models / path, "-"]
        done = subprocess.run(command, input=csv_of(names, rows), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return bits(probabilities_of_csv(done.stdout, classes))

    return {"iris": predict("iris", "iris@2.tepal"), "penguins": predict("penguins", "penguins.tepal")}


@pytest.mark.parametrize(
    ("model", "route"), [("iris", route) for route in ANY + IRIS_ONLY] + [("penguins", route) for route in ANY]
)
def test_a_route_gives_the_bits_of_the_command_line(url, expected, model, route):
    names, rows, classes = TABLES[model]
    assert bits(getattr(Routes(url, model, names, rows, classes), route)()) == expected[model]
