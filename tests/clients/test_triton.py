"""The Open Inference Protocol as Triton's HTTP client speaks it, with the binary tensor extension."""

import numpy as np
import pytest
import requests
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException, triton_to_np_dtype

from samples import IRIS, IRIS_LABELS, PENGUIN_LABELS, PENGUIN_NAMES, PENGUIN_TEXTS, PENGUINS, columns
from serving import ROOT

MATRIX = np.array(IRIS)


@pytest.fixture(scope="module")
def client(address):
    with triton.InferenceServerClient(address, concurrency=4) as client:
        yield client


def tensor(values, datatype="FP64", name="x", binary=True):
    made = triton.InferInput(name, list(values.shape), datatype)
    return made.set_data_from_numpy(values.astype(triton_to_np_dtype(datatype)), binary_data=binary)


def outputs(*names, binary=True):
    return [triton.InferRequestedOutput(name, binary_data=binary) for name in names]


def texts(values):
    """Labels come as bytes from binary tensors, as text from JSON."""
    return [value.decode() if isinstance(value, bytes) else value for value in values.ravel()]


def test_the_server_and_its_models_are_ready(client):
    assert client.is_server_live() and client.is_server_ready()
    for name, version in [("iris", ""), ("iris", "1"), ("iris", "2"), ("penguins", ""), ("breast-cancer", "1")]:
        assert client.is_model_ready(name, version), (name, version)
    assert not client.is_model_ready("iris", "3")
    assert not client.is_model_ready("tulips")


def test_the_server_describes_itself(client):
    metadata = client.get_server_metadata()
    assert metadata["name"] and metadata["version"]
    assert "binary_tensor_data" in metadata["extensions"]


def test_a_model_describes_itself(client):
    metadata = client.get_model_metadata("iris")
    assert (metadata["name"], sorted(metadata["versions"])) == ("iris", ["1", "2"])
    assert metadata["platform"]
    assert {"predict", "predict_proba"} <= {output["name"] for output in metadata["outputs"]}
    assert client.get_model_metadata("iris", "1")["name"] == "iris"


@pytest.mark.parametrize("model", ["iris", "diabetes", "breast-cancer", "penguins"])
def test_a_request_made_from_the_metadata_is_answered_as_the_metadata_says(client, model):
    metadata = client.get_model_metadata(model)
    penguins = columns(PENGUIN_NAMES, PENGUINS)

    def input_of(described):
        shape = [2 if size == -1 else size for size in described["shape"]]
        if described["datatype"] == "BYTES":
            values = np.full(shape, penguins[described["name"]][0], dtype=object)
        else:
            values = np.ones(shape)
        return tensor(values, described["datatype"], described["name"])

    inputs = [input_of(described) for described in metadata["inputs"]]
    result = client.infer(model, inputs, outputs=outputs(*(output["name"] for output in metadata["outputs"])))
    for described in metadata["outputs"]:
        output = result.get_output(described["name"])
        assert output["datatype"] == described["datatype"]
        assert len(output["shape"]) == len(described["shape"]) and output["shape"][0] == 2, output
        assert all(said in (-1, found) for said, found in zip(described["shape"], output["shape"])), output
        assert result.as_numpy(described["name"]).size == np.prod(output["shape"])


def test_binary_tensors_in_and_out(client):
    result = client.infer("iris", [tensor(MATRIX)])
    assert [output["name"] for output in result.get_response()["outputs"]] == ["predict", "predict_proba"]
    assert result.get_output("predict")["datatype"] == "BYTES"
    assert result.get_output("predict_proba")["datatype"] == "FP64"
    assert result.get_output("predict_proba")["parameters"]["binary_data_size"] == 3 * 3 * 8
    assert texts(result.as_numpy("predict")) == IRIS_LABELS
    probabilities = result.as_numpy("predict_proba")
    assert probabilities.shape == (3, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-15)
    assert list(probabilities.argmax(axis=1)) == [0, 1, 2]


def test_json_tensors_in_and_out_have_the_same_bits(client):
    names = ["predict", "predict_proba"]
    binary = client.infer("iris", [tensor(MATRIX)], outputs=outputs(*names))
    result = client.infer("iris", [tensor(MATRIX, binary=False)], outputs=outputs(*names, binary=False))
    assert "binary_data_size" not in result.get_output("predict_proba").get("parameters", {})
    assert texts(result.as_numpy("predict")) == IRIS_LABELS
    assert result.as_numpy("predict_proba").tobytes() == binary.as_numpy("predict_proba").tobytes()
    # One kind in, the other out.
    crossed = client.infer("iris", [tensor(MATRIX, binary=False)], outputs=outputs(*names))
    assert crossed.as_numpy("predict_proba").tobytes() == binary.as_numpy("predict_proba").tobytes()


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("datatype", ["FP32", "INT64", "INT32", "UINT8"])
def test_other_numbers_are_widened_without_loss(client, datatype, binary):
    values = MATRIX.astype(triton_to_np_dtype(datatype))
    wide = client.infer("iris", [tensor(values)]).as_numpy("predict_proba")
    found = client.infer("iris", [tensor(values, datatype, binary=binary)]).as_numpy("predict_proba")
    assert found.tobytes() == wide.tobytes()


def test_the_outputs_asked_for_are_the_ones_given(client):
    def infer(*names):
        return client.infer("iris", [tensor(MATRIX)], outputs=outputs(*names))

    for name in ["predict", "predict_proba", "decision_function", "contributions"]:
        assert [output["name"] for output in infer(name).get_response()["outputs"]] == [name]

    result = infer("predict_proba", "decision_function", "contributions")
    scores = result.as_numpy("decision_function")
    assert scores.shape == (3, 3)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    np.testing.assert_allclose(powers / powers.sum(axis=1, keepdims=True), result.as_numpy("predict_proba"), rtol=1e-12)
    # A score is its class's baseline and what each feature adds: features are the last dimension.
    added = result.as_numpy("contributions").reshape(3, 3, 4).sum(axis=2)
    np.testing.assert_allclose(scores - added, (scores - added)[[0, 0, 0]], atol=1e-12)


def test_two_classes_have_one_score_as_in_scikit_learn(client):
    rows = np.loadtxt(ROOT / "tests/golden/breast_cancer.csv", delimiter=",", skiprows=1, max_rows=30, usecols=range(30))
    result = client.infer("breast-cancer", [tensor(rows)], outputs=outputs("predict_proba", "decision_function"))
    scores = result.as_numpy("decision_function")
    assert scores.size == 30 and set(scores.ravel() > 0) == {True, False}
    np.testing.assert_allclose(1 / (1 + np.exp(-scores.ravel())), result.as_numpy("predict_proba")[:, 1], rtol=1e-12)


def test_a_regression_predicts_numbers_and_has_no_probabilities(client):
    rows = tensor(np.array([[48, 1, 21.6, 87, 183, 103.2, 70, 3, 3.8918]]))
    result = client.infer("diabetes", [rows])
    assert result.get_output("predict")["datatype"] == "FP64"
    assert 25 < result.as_numpy("predict").item() < 346
    with pytest.raises(InferenceServerException) as refused:
        client.infer("diabetes", [rows], outputs=outputs("predict_proba"))
    assert refused.value.status() == "400"


def test_the_request_comes_back_by_its_id_from_the_version_asked_for(client):
    result = client.infer("iris", [tensor(MATRIX)], request_id="request-7")
    answer = result.get_response()
    assert (answer["id"], answer["model_name"], answer["model_version"]) == ("request-7", "iris", "2")
    assert client.infer("iris", [tensor(MATRIX)], model_version="1").get_response()["model_version"] == "1"


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("width", [[], [1]])
def test_columns_of_both_kinds_come_by_name(client, binary, width):
    # Binary text has no missing value, so the texts are those of the first row; NaN is a missing number.
    def input_of(name, values):
        if name in PENGUIN_TEXTS:
            return tensor(np.full([3] + width, values[0], dtype=object), "BYTES", name, binary)
        return tensor(np.array(values, dtype=float).reshape([3] + width), "FP64", name, binary)

    inputs = [input_of(name, values) for name, values in columns(PENGUIN_NAMES, PENGUINS).items()]
    result = client.infer("penguins", inputs[::-1])
    assert texts(result.as_numpy("predict"))[:2] == PENGUIN_LABELS[:2]
    assert result.as_numpy("predict_proba").shape == (3, 3)


@pytest.mark.parametrize("binary", [True, False])
def test_no_rows_are_refused(client, binary):
    wanted = outputs("predict", "predict_proba", "decision_function", "contributions", binary=binary)
    with pytest.raises(InferenceServerException, match="expected at least one row, found none"):
        client.infer("iris", [tensor(np.zeros((0, 4)), binary=binary)], outputs=wanted)


def test_what_is_wrong_is_said_in_the_servers_words(client, url):
    def refusal(model, inputs, **options):
        with pytest.raises(InferenceServerException) as refused:
            client.infer(model, inputs, **options)
        return refused.value.status(), refused.value.message()

    status, message = refusal("tulips", [tensor(MATRIX)])
    assert status == "404" and "tulips" in message
    assert message == requests.get(f"{url}/v2/models/tulips", timeout=10).json()["error"]
    status, message = refusal("iris", [tensor(MATRIX)], model_version="3")
    assert status == "404" and "3" in message
    status, message = refusal("iris", [tensor(MATRIX)], outputs=outputs("transform"))
    assert status == "400" and "transform" in message
    status, message = refusal("iris", [tensor(MATRIX[:, :3])])
    assert status == "400" and "4" in message
    status, message = refusal("iris", [tensor(np.array([["a"] * 4], dtype=object), "BYTES")])
    assert status == "400" and message
    with pytest.raises(InferenceServerException) as refused:
        client.get_model_metadata("tulips")
    assert refused.value.status() == "404"


def test_requests_at_once_get_their_own_answers(client):
    sent = [client.async_infer("iris", [tensor(MATRIX[[at % 3]])], request_id=str(at)) for at in range(24)]
    for at, request in enumerate(sent):
        result = request.get_result(timeout=10)
        assert result.get_response()["id"] == str(at)
        assert texts(result.as_numpy("predict")) == [IRIS_LABELS[at % 3]]


def test_a_client_that_takes_gzip_reads_the_answer(client):
    plain = client.infer("iris", [tensor(MATRIX)]).as_numpy("predict_proba")
    result = client.infer("iris", [tensor(MATRIX)], response_compression_algorithm="gzip")
    assert result.as_numpy("predict_proba").tobytes() == plain.tobytes()
