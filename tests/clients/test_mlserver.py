"""The Open Inference Protocol with MLServer's types and codecs, and its batch client."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import requests
from mlserver.codecs import NumpyCodec, NumpyRequestCodec, PandasCodec, StringCodec
from mlserver.types import (
    InferenceErrorResponse,
    InferenceRequest,
    InferenceResponse,
    MetadataModelResponse,
    MetadataServerResponse,
    RequestOutput,
)

from samples import IRIS, IRIS_LABELS, IRIS_NAMES, PENGUIN_LABELS, PENGUIN_NAMES, PENGUIN_TEXTS, PENGUINS

MATRIX = np.array(IRIS)


@pytest.fixture
def infer(post):
    def infer(model, request):
        answer = post(f"/v2/models/{model}/infer", request.model_dump())
        assert answer.status_code == 200, answer.text
        return InferenceResponse.model_validate(answer.json())

    return infer


def output(response, name):
    return next(output for output in response.outputs if output.name == name)


def table(names, rows, texts=()):
    """MLServer's codec knows pandas' texts as objects only."""
    return pd.DataFrame(rows, columns=names).astype({name: object for name in texts})


def test_metadata_is_of_mlservers_types(url):
    server = MetadataServerResponse.model_validate(requests.get(f"{url}/v2", timeout=10).json())
    assert server.name and server.version
    for model, n_features in [("iris", 4), ("diabetes", 9), ("breast-cancer", 30), ("penguins", 7)]:
        metadata = MetadataModelResponse.model_validate(requests.get(f"{url}/v2/models/{model}", timeout=10).json())
        assert metadata.name == model
        # One tensor of all features, or one for each.
        assert [input.shape[-1] for input in metadata.inputs] == [n_features] or len(metadata.inputs) == n_features


def test_a_matrix_is_sent_and_read_by_the_numpy_codec(infer):
    request = InferenceRequest(id="7", inputs=[NumpyCodec.encode_input("input-0", MATRIX)])
    response = infer("iris", request)
    assert (response.id, response.model_name, response.model_version) == ("7", "iris", "2")
    assert StringCodec.decode_output(output(response, "predict")) == IRIS_LABELS
    assert NumpyCodec.decode_output(output(response, "predict_proba")).shape == (3, 3)

    request = NumpyRequestCodec.encode_request(MATRIX)
    request.outputs = [RequestOutput(name="predict_proba"), RequestOutput(name="decision_function")]
    response = infer("iris", request)
    assert [output.name for output in response.outputs] == ["predict_proba", "decision_function"]
    scores = NumpyCodec.decode_output(output(response, "decision_function"))
    assert list(scores.argmax(axis=1)) == [0, 1, 2]


def test_rows_in_rows_are_read_as_well_as_flat_ones(infer):
    request = InferenceRequest(inputs=[NumpyCodec.encode_input("input-0", MATRIX)])
    flat = infer("iris", request)
    request.inputs[0].data.root = MATRIX.tolist()
    assert infer("iris", request) == flat


def test_null_is_as_good_as_nothing_where_something_may_be_left_out(post):
    # As pydantic writes what is not there, unless it is told not to.
    request = InferenceRequest(inputs=[NumpyCodec.encode_input("input-0", MATRIX)])
    body = request.model_dump(exclude_unset=False, exclude_none=False)
    assert (body["id"], body["parameters"], body["outputs"]) == (None, None, None)
    answer = post("/v2/models/iris/infer", body)
    assert answer.status_code == 200, answer.text


def test_a_table_is_sent_and_read_by_the_pandas_codec(infer):
    request = PandasCodec.encode_request(table(IRIS_NAMES, IRIS), use_bytes=False)
    request.outputs = [RequestOutput(name="predict")]
    assert list(PandasCodec.decode_response(infer("iris", request))["predict"]) == IRIS_LABELS


def test_a_table_may_have_text_and_missing_numbers(infer):
    # The codec fails at a missing text by itself, before it sends anything: those are put in as null.
    penguins = table(PENGUIN_NAMES, PENGUINS, PENGUIN_TEXTS).fillna(dict.fromkeys(PENGUIN_TEXTS, "?"))
    request = PandasCodec.encode_request(penguins, use_bytes=False)
    for input in request.inputs:
        input.data.root = [None if value == "?" else value for value in input.data]
    assert sum(value is None for input in request.inputs for value in input.data) == 4
    assert StringCodec.decode_output(output(infer("penguins", request), "predict")) == PENGUIN_LABELS


def test_errors_are_of_mlservers_type(post):
    request = InferenceRequest(inputs=[NumpyCodec.encode_input("input-0", MATRIX[:, :3])])
    for model, status in [("iris", 400), ("tulips", 404)]:
        answer = post(f"/v2/models/{model}/infer", request.model_dump())
        assert answer.status_code == status
        assert InferenceErrorResponse.model_validate(answer.json()).error


@pytest.mark.parametrize("flags", [[], ["--batch-size", "3"], ["--binary-data"], ["--batch-size", "2", "--binary-data"]])
def test_the_batch_client_gets_an_answer_for_each_line(address, tmp_path, flags):
    def line(at):
        request = InferenceRequest(id=f"row-{at}", inputs=[NumpyCodec.encode_input("x", MATRIX[[at % 3]])])
        request.outputs = [RequestOutput(name="predict"), RequestOutput(name="predict_proba")]
        return request.model_dump_json()

    (tmp_path / "in.jsonl").write_text("\n".join(map(line, range(9))) + "\n")
    paths = ["--input-data-path", tmp_path / "in.jsonl", "--output-data-path", tmp_path / "out.jsonl"]
    client = Path(sys.executable).with_name("mlserver")
    command = [client, "infer", "--url", address, "--model-name", "iris", "--retries", "1", *paths, *flags]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert not [answer for answer in answers if "error" in answer]
    responses = {answer["id"]: InferenceResponse.model_validate(answer) for answer in answers}
    assert len(responses) == len(answers) == 9
    for at in range(9):
        response = responses[f"row-{at}"]
        assert StringCodec.decode_output(output(response, "predict")) == [IRIS_LABELS[at % 3]]
        assert NumpyCodec.decode_output(output(response, "predict_proba")).shape == (1, 3)
