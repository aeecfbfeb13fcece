"""MLflow's scoring protocol, with MLflow's own client where it has one."""

import numpy as np
import pandas as pd
import pytest
import requests
from mlflow.exceptions import RestException
from mlflow.protos.databricks_pb2 import ErrorCode
from mlflow.pyfunc.scoring_server.client import ScoringServerClient

from samples import IRIS, IRIS_LABELS, IRIS_NAMES, PENGUIN_LABELS, PENGUIN_NAMES, PENGUINS, by_name, columns
from serving import running

SPLIT = {"columns": IRIS_NAMES, "data": IRIS}
CSV = pd.DataFrame(IRIS, columns=IRIS_NAMES).to_csv(index=False)


@pytest.fixture
def client(address):
    return ScoringServerClient(*address.rsplit(":", 1))


@pytest.fixture
def invoke(post):
    def invoke(body, content_type=None):
        if content_type is None:
            return post("/invocations", body)
        return post("/invocations", data=body, headers={"content-type": content_type})

    return invoke


def test_mlflows_client_finds_the_server(client, url):
    client.wait_server_ready(timeout=5)
    assert client.get_version()
    assert requests.get(f"{url}/health", timeout=10).status_code == 200


def test_mlflows_client_reads_the_predictions(client):
    table = pd.DataFrame(IRIS, columns=IRIS_NAMES, index=["a", "b", "c"])
    for rows in [table, np.array(IRIS), IRIS]:
        assert list(client.invoke(rows).get_predictions("ndarray")) == IRIS_LABELS
    probabilities = client.invoke(table, params={"predict_method": "predict_proba"}).get_predictions("ndarray")
    assert probabilities.shape == (3, 3) and list(probabilities.argmax(axis=1)) == [0, 1, 2]


def test_mlflows_client_writes_missing_values(models, tmp_path):
    """As bare NaN. The route has no model in it: this server has but one."""
    with running(tmp_path / "log", "--model", str(models / "penguins.tepal")) as address:
        client = ScoringServerClient(*address.rsplit(":", 1))
        penguins = pd.DataFrame(PENGUINS, columns=PENGUIN_NAMES)
        assert list(client.invoke(penguins)["predictions"]) == PENGUIN_LABELS


@pytest.mark.parametrize(
    "body",
    [
        {"dataframe_split": SPLIT},
        {"dataframe_split": SPLIT | {"index": [7, 8, 9]}},
        {"dataframe_split": {"columns": IRIS_NAMES[::-1], "data": [row[::-1] for row in IRIS]}},
        {"dataframe_records": by_name(IRIS_NAMES, IRIS)},
        {"instances": IRIS},
        {"instances": by_name(IRIS_NAMES, IRIS)},
        {"inputs": IRIS},
        {"inputs": columns(IRIS_NAMES, IRIS)},
        {"inputs": IRIS, "params": {"predict_method": "predict"}},
        {"inputs": IRIS, "params": {}},
    ],
)
def test_the_shapes_of_a_table_are_read(invoke, body):
    answer = invoke(body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["predictions"] == IRIS_LABELS


@pytest.mark.parametrize("content_type", ["text/csv", "text/csv; charset=utf-8", "text/csv;charset=UTF-8"])
def test_csv_is_read(invoke, content_type):
    answer = invoke(CSV, content_type)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["predictions"] == IRIS_LABELS


def test_json_may_say_its_charset(invoke):
    assert invoke('{"inputs": [[5.1, 3.5, 1.4, 0.2]]}', "application/json; charset=utf-8").status_code == 200


def refused(answer, status):
    """Read by MLflow's own exception."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["error_code"] in ErrorCode.keys()
    assert body["message"] and isinstance(body["message"], str)
    assert isinstance(body["error"], str) and isinstance(body["kind"], str)
    assert "stack_trace" not in body
    return RestException(body)


@pytest.mark.parametrize(
    "content_type",
    # MLflow also refuses parameters that are no charset, such as RFC 4180's `header=present`; those do no harm.
    ["text/csv; charset=latin-1", "application/json; charset=utf-16", "application/xml", "application/x-ndjson"],
)
def test_other_content_types_are_refused(invoke, content_type):
    refused(invoke(CSV, content_type), 415)


@pytest.mark.parametrize(
    "body",
    [
        IRIS,
        {},
        {"rows": by_name(IRIS_NAMES, IRIS)},
        {"instances": IRIS, "inputs": IRIS},
        {"dataframe_split": SPLIT, "dataframe_records": by_name(IRIS_NAMES, IRIS)},
        {"dataframe_split": {"columns": IRIS_NAMES, "data": [[5.1, 3.5, 1.4]]}},
        {"dataframe_split": {"columns": IRIS_NAMES}},
        {"dataframe_records": by_name(IRIS_NAMES[:3], IRIS)},
        {"inputs": IRIS, "params": {"predict_method": "transform"}},
        {"inputs": [["a", 3.5, 1.4, 0.2]]},
    ],
)
def test_other_shapes_are_refused(invoke, body):
    refused(invoke(body), 400)


def test_errors_say_what_is_wrong(invoke, client):
    error = refused(invoke({"dataframe_records": [{"sepal lenght (cm)": 5.1}]}), 400)
    assert "sepal lenght (cm)" in error.message
    refused(invoke("{", "application/json"), 400)
    refused(invoke("a,b\n1,2\n", "text/csv"), 400)
    with pytest.raises(Exception, match="error code 400"):
        client.invoke(np.array(IRIS)[:, :3])
