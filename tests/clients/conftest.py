"""One server with four models, one of them in two versions, for all tests."""

import os
import shutil

import pytest
import requests

from serving import ROOT, running

# The clients would ask a proxy of the environment for 127.0.0.1 as well.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"

MODELS = {
    "iris@1": "v1-iris",
    "iris@2": "v1-iris",
    "diabetes": "v1-diabetes",
    "breast-cancer": "v1-breast-cancer",
    "penguins": "v3-penguins",
}


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """The folder."""
    folder = tmp_path_factory.mktemp("models")
    for name, source in MODELS.items():
        shutil.copy(ROOT / f"tests/models/{source}.tepal", folder / f"{name}.tepal")
    return folder


@pytest.fixture(scope="session")
def address(models, tmp_path_factory):
    """HOST:PORT, as tritonclient and mlserver ask for it."""
    log = tmp_path_factory.mktemp("server") / "log"
    with running(log, "--models", str(models), "--default-model", "iris") as address:
        yield address


@pytest.fixture(scope="session")
def url(address):
    return f"http://{address}"


@pytest.fixture
def post(url):
    """Posts to a route: JSON, or `data` as it is."""

    def post(route, json=None, **options):
        return requests.post(url + route, json=json, timeout=10, **options)

    return post
