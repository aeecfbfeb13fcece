"""The OpenAPI document: valid, and true of what the server does."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from serving import running

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    # 405 for methods that a path does not have, and `Allow` with those that it has.
    "unsupported_method",
    "allow_header_conformance",
]
# Off:
# - positive_data_acceptance: a schema cannot say that a tensor's data has as many values as its shape, nor that a score
#   of finite values is finite, so requests of the right schema may get 400.
# - negative_data_rejection: a stream answers 200 and says in a line what is wrong with a row; text stands for a category,
#   so many wrong values are right for one model.
# - missing_required_header: no route requires one.
# - use_after_free, ensure_resource_availability, object_level_authorization: nothing is made or deleted.
# - ignored_auth: on in a run of its own, with keys.

# `make clients-full` sends as many times the examples.
TIMES = int(os.environ.get("TEPAL_EXAMPLES", "1"))
SECONDS = 300 * TIMES


def schemathesis(folder, url, checks, phases, examples, *flags):
    """Fails with what it printed if it found something wrong."""
    tool = Path(sys.executable).with_name("st")
    command = [tool, "run", f"{url}/openapi.json", "--checks", ",".join(checks), "--phases", phases]
    command += ["--max-examples", str(examples * TIMES), "--workers", "1", "--seed", "7", "--generation-database", "none"]
    command += ["--request-timeout", "10", "--continue-on-failure", "--no-color", *flags]
    # It writes caches where it runs.
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode != 0:
        pytest.fail(f"schemathesis ended with {done.returncode}\n{done.stdout}\n{done.stderr}", pytrace=False)


def test_the_document_is_openapi_3_1(url):
    answer = requests.get(f"{url}/openapi.json", timeout=10)
    assert answer.headers["content-type"].startswith("application/json")
    document = answer.json()
    assert document["openapi"].startswith("3.1.")
    validate(document, cls=OpenAPIV31SpecValidator)


def test_the_document_has_the_routes(url):
    paths = requests.get(f"{url}/openapi.json", timeout=10).json()["paths"]
    # A path of every model, or a path for each: both are fine.
    found = {re.sub(r"\{[^}]*\}", "iris", path, count=1) for path in paths}
    for route in [
        "/predict",
        "/predict/iris",
        "/model",
        "/models",
        "/v2",
        "/v2/health/live",
        "/v2/health/ready",
        "/v2/models/iris",
        "/v2/models/iris/ready",
        "/v2/models/iris/infer",
        "/v1/models",
        "/v1/models/iris",
        "/v1/models/iris:predict",
        "/v1/models/iris:explain",
        "/ping",
        "/health",
        "/version",
        "/invocations",
        "/healthz",
        "/readyz",
        "/metrics",
    ]:
        assert route in found, f"{route} is not among {sorted(paths)}"


def test_what_schemathesis_sends_is_answered_as_documented(url, tmp_path):
    schemathesis(tmp_path, url, CHECKS, "examples,coverage,fuzzing", 40)


def test_who_has_no_key_is_refused(models, tmp_path):
    key = "a-key-of-these-tests"
    keys = tmp_path / "keys"
    keys.write_text(f"tests predict,admin {hashlib.sha256(key.encode()).hexdigest()}\n")
    flags = ["--models", str(models), "--default-model", "iris", "--keys", str(keys)]
    with running(tmp_path / "log", *flags) as address:
        url = f"http://{address}"
        assert requests.get(f"{url}/healthz", timeout=10).status_code == 200
        assert requests.get(f"{url}/models", timeout=10).status_code == 401
        document = requests.get(f"{url}/openapi.json", headers={"authorization": f"Bearer {key}"}, timeout=10)
        # Without it the check has nothing to check.
        assert document.json()["components"]["securitySchemes"]
        checks = ["ignored_auth", "not_a_server_error", "status_code_conformance"]
        schemathesis(tmp_path, url, checks, "fuzzing", 5, "--header", f"Authorization: Bearer {key}")
