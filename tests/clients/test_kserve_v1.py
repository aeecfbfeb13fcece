"""The requests of TensorFlow Serving and of KServe's first protocol."""

import json

import pytest
import requests

from samples import IRIS, IRIS_CLASSES, IRIS_LABELS, IRIS_NAMES, PENGUIN_LABELS, PENGUIN_NAMES, PENGUINS, by_name, columns

PREDICT = "/v1/models/iris:predict"


def answer_of(response):
    assert response.status_code == 200, response.text
    return response.json()


def refusal_of(response, status):
    assert response.status_code == status, response.text
    answer = response.json()
    assert isinstance(answer["error"], str) and answer["error"]
    assert isinstance(answer["kind"], str)
    return answer["error"]


@pytest.mark.parametrize("instances", [IRIS, by_name(IRIS_NAMES, IRIS)])
def test_instances_are_rows_in_order_or_by_name(post, instances):
    assert answer_of(post(PREDICT, {"instances": instances}))["predictions"] == IRIS_LABELS
    for version in "12":
        response = post(f"/v1/models/iris/versions/{version}:predict", {"instances": instances})
        assert answer_of(response)["predictions"] == IRIS_LABELS
        assert (response.headers["tepal-model"], response.headers["tepal-version"]) == ("iris", version)


def test_inputs_are_columns_as_an_object_and_rows_as_a_list(post):
    answer = answer_of(post(PREDICT, {"inputs": columns(IRIS_NAMES, IRIS)}))
    assert answer["outputs"] == IRIS_LABELS and "predictions" not in answer
    for rows in [IRIS, by_name(IRIS_NAMES, IRIS)]:
        answer = answer_of(post(PREDICT, {"inputs": rows}))
        assert answer["predictions"] == IRIS_LABELS and "outputs" not in answer


def test_the_signature_says_what_is_predicted(post):
    def predict(key, value, signature):
        return answer_of(post(PREDICT, {key: value, "signature_name": signature}))

    assert predict("instances", IRIS, "predict")["predictions"] == IRIS_LABELS
    probabilities = predict("instances", IRIS, "predict_proba")["predictions"]
    assert [len(row) for row in probabilities] == [3, 3, 3]
    assert [row.index(max(row)) for row in probabilities] == [0, 1, 2]
    assert predict("inputs", columns(IRIS_NAMES, IRIS), "predict_proba")["outputs"] == probabilities
    scores = predict("instances", IRIS, "decision_function")["predictions"]
    assert [row.index(max(row)) for row in scores] == [0, 1, 2]
    assert len(predict("instances", IRIS, "contributions")["predictions"]) == 3
    # TensorFlow Serving's own name for what a model does by default.
    assert predict("instances", IRIS, "serving_default")["predictions"] == IRIS_LABELS
    assert "classify" in refusal_of(post(PREDICT, {"instances": IRIS, "signature_name": "classify"}), 400)


def test_no_rows_are_refused(post):
    assert "expected at least one row" in str(refusal_of(post(PREDICT, {"instances": []}), 400))


def test_a_regression_predicts_numbers(post):
    row = [48, 1, 21.6, 87, 183, 103.2, 70, 3, 3.8918]
    (prediction,) = answer_of(post("/v1/models/diabetes:predict", {"instances": [row]}))["predictions"]
    assert 25 < prediction < 346
    refusal_of(post("/v1/models/diabetes:predict", {"instances": [row], "signature_name": "predict_proba"}), 400)


def test_what_python_writes_for_a_missing_value_is_one(post):
    nan = float("nan")
    rows = [[nan if value is None else value for value in row] for row in PENGUINS]
    for instances in [rows, by_name(PENGUIN_NAMES, rows)]:
        body = json.dumps({"instances": instances})
        assert body.count("NaN") == 4
        answer = answer_of(post("/v1/models/penguins:predict", data=body))
        assert answer["predictions"] == PENGUIN_LABELS
    assert answer_of(post("/v1/models/penguins:predict", {"instances": PENGUINS}))["predictions"] == PENGUIN_LABELS
    # Iris takes no missing values; the error names the column.
    response = post(PREDICT, data=json.dumps({"instances": [[5.1, nan, 1.4, 0.2]]}))
    refusal_of(response, 400)
    assert (response.json()["row"], response.json()["column"]) == (1, "sepal width (cm)")


def test_explanations_name_the_features(post):
    answer = answer_of(post("/v1/models/iris:explain", {"instances": IRIS}))
    assert len(answer["explanations"]) == 3
    for explanation in answer["explanations"]:
        text = json.dumps(explanation)
        assert all(json.dumps(name) in text for name in IRIS_NAMES + IRIS_CLASSES)


def test_the_status_is_tensorflow_servings_and_kserves(url):
    def get(route):
        return requests.get(url + route, timeout=10)

    assert set(answer_of(get("/v1/models"))["models"]) == {"iris", "diabetes", "breast-cancer", "penguins"}
    status = answer_of(get("/v1/models/iris"))
    assert (status["name"], status["ready"]) == ("iris", True)
    assert {version["version"] for version in status["model_version_status"]} == {"1", "2"}
    (version,) = answer_of(get("/v1/models/iris/versions/1"))["model_version_status"]
    assert version == {"version": "1", "state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}
    assert "tulips" in refusal_of(get("/v1/models/tulips"), 404)
    refusal_of(get("/v1/models/iris/versions/3"), 404)


@pytest.mark.parametrize(
    "body",
    [
        {"instances": IRIS, "inputs": IRIS},
        {},
        {"instances": 7},
        {"instances": [[5.1, 3.5, 1.4]]},
        {"instances": [["a", 3.5, 1.4, 0.2]]},
        {"instances": [{"sepal length (cm)": 5.1}]},
        {"inputs": {"sepal length (cm)": [5.1]}},
        {"inputs": columns(IRIS_NAMES, IRIS) | {"petal width (cm)": [0.2]}},
        IRIS,
    ],
)
def test_other_shapes_are_refused(post, body):
    refusal_of(post(PREDICT, body), 400)


def test_unknown_models_and_verbs_are_not_found(post):
    assert "tulips" in refusal_of(post("/v1/models/tulips:predict", {"instances": IRIS}), 404)
    refusal_of(post("/v1/models/iris/versions/3:predict", {"instances": IRIS}), 404)
    refusal_of(post("/v1/models/iris:generate", {"instances": IRIS}), 404)
