"""Checks the files of this folder against the schemas of the programs that read them, without a network.

    scripts/venv.sh target/tests-venv tests/requirements.txt --no-deps
    target/tests-venv/bin/python deploy/check.py             # a line for each document; exit code 1 if one is wrong
    target/tests-venv/bin/python deploy/check.py --mutants   # and that it notices when one is

Python 3.11 or newer, for tomllib.
"""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import types
from functools import cache
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

HERE = Path(__file__).resolve().parent
MANUAL = HERE.parent / "docs" / "server.md"
KUBERNETES = ["1.25.0", "1.37.0"]  # the oldest and the newest that kubernetes-validate carries
DRAIN = 10  # seconds, where a file does not say

# Flags in these files that are not tepal-server's.
OTHERS = {
    *("--release", "--locked", "--bin", "--no-default-features", "--features"),  # cargo
    *("--from", "--mount", "--no-cache", "--rm", "--read-only", "--build"),  # Docker, Alpine
    *("--from-file", "--now", "--no-deps", "--mutants"),  # kubectl, systemctl, pip, this program
}

# One error a kind of check has to find: file, text, and what takes its place.
MUTANTS = [
    ("kubernetes.yaml", "maxReplicas:", "maximumReplicas:"),
    ("kubernetes.yaml", "containerPort: 8080", "containerPort: eighty"),
    ("kubernetes.yaml", "name: http\n              containerPort", "name: web\n              containerPort"),
    ("kubernetes.yaml", "- name: models\n              mountPath", "- name: model\n              mountPath"),
    ("kubernetes.yaml", "  selector:\n    app.kubernetes.io/name: tepal", "  selector:\n    name: tepal"),
    ("kubernetes.yaml", "kind: Deployment\n    name: tepal", "kind: Deployment\n    name: petal"),
    ("kubernetes.yaml", "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 15"),
    ("kubernetes.yaml", "TEPAL_OPEN_METRICS", "TEPAL_OPEN_METRIC"),
    ("kubernetes.yaml", "policyTypes:", "policyType:"),
    ("kserve.yaml", "autoSelect", "autoselect"),
    ("kserve.yaml", "priority: 1", "priority: high"),
    ("kserve.yaml", "readOnlyRootFilesystem", "readonlyRootFilesystem"),
    ("kserve.yaml", "      modelFormat:\n        name: tepal\n", ""),
    ("kserve.yaml", "--model_dir", "--model_folder"),
    ("compose.yaml", "cap_drop", "drop_caps"),
    ("compose.yaml", "    secrets:\n      - keys", "    secrets:\n      - key"),
    ("compose.yaml", "stop_grace_period: 15s", "stop_grace_period: 5s"),
    ("Dockerfile", "COPY . .", "COPIE . ."),
    ("Dockerfile", "COPY --from=build", "COPY --from=builder"),
    ("tepal-server.service", "ProtectSystem=", "ProtectSystems="),
    ("tepal-server.service", "MemoryMax=128M", "MemoryMax=much"),
    ("tepal-server.service", "TimeoutStopSec=20", "TimeoutStopSec=10"),
    ("tepal.toml", "port = 8080", "ports = 8080"),
    ("tepal.toml", "#shadow", "#shade"),
    ("tepal.toml", "#queue = 64 ", "# "),
    ("tepal.toml", "#rate = 50", "#rate = fifty"),
]


def folder(package):
    """Where a package is, without importing it and so without what it imports."""
    return Path(importlib.util.find_spec(package).submodule_search_locations[0])


@cache
def kubernetes_types(version):
    path = folder("kubernetes_validate") / "kubernetes-json-schema" / f"v{version}-local-strict" / "_definitions.json"
    return json.loads(path.read_text())


@cache
def kserve_types():
    """kserve.models, behind an empty package `kserve`: the real one starts a server's worth of imports."""
    package = types.ModuleType("kserve")
    package.__path__ = [str(folder("kserve"))]
    sys.modules["kserve"] = package
    return importlib.import_module("kserve.models")


def schema_problems(value, schema, place="", definitions=()):
    registry = Registry().with_resources((each["$id"], Resource.from_contents(each)) for each in definitions)
    for error in Draft202012Validator(schema, registry=registry).iter_errors(value):
        yield f"{place}{error.json_path.removeprefix('$')}: {error.message}"


def kubernetes_problems(value, kind, place=""):
    """`kind` as in apps.v1.Deployment, or without a group: core's, or of what all objects have, such as ObjectMeta."""
    kind = kind.replace(".k8s.io", "")  # networking.k8s.io is networking there
    for version in KUBERNETES:
        definitions = kubernetes_types(version)
        names = (f"io.k8s.api.{kind}", f"io.k8s.api.core.{kind}", f"io.k8s.apimachinery.pkg.apis.meta.{kind}")
        name = next((name for name in names if name in definitions["$defs"]), None)
        if name is None:
            yield f"{place}: Kubernetes {version} has no {kind}"
            continue
        schema = {"$ref": f"{definitions['$id']}#/$defs/{name}"}
        yield from (f"{problem} (Kubernetes {version})" for problem in schema_problems(value, schema, place, [definitions]))


def kserve_problems(value, kind, place=""):
    """What keeps a value from being of one of KServe's types, whose SDK says the type of each field and asks for the
    required ones. Parts that are Kubernetes's own are left to its schemas."""
    collection = re.fullmatch(r"(list\[|dict\(str, )(.+)[])]", kind)
    plain = {"str": str, "int": int, "bool": bool}.get(kind)
    model = getattr(kserve_types(), kind, None)
    if collection:
        container = list if kind.startswith("list") else dict
        if not isinstance(value, container):
            yield f"{place}: a {container.__name__} is expected, not {value!r}"
            return
        for key, part in value.items() if container is dict else enumerate(value):
            yield from kserve_problems(part, collection[2], f"{place}[{key!r}]")
    elif plain:
        if type(value) is not plain:
            yield f"{place}: {kind} is expected, not {value!r}"
    elif model is None:
        yield from kubernetes_problems(value, re.sub(r"^V(\d\w*?)(?=[A-Z])", r"v\1.", kind), place)
    elif not isinstance(value, dict):
        yield f"{place}: {kind} is expected, not {value!r}"
    else:
        fields = {name: field for field, name in model.attribute_map.items()}
        for name, part in value.items():
            if name in fields:
                yield from kserve_problems(part, model.openapi_types[fields[name]], f"{place}.{name}")
            else:
                yield f"{place}.{name}: {kind} has no such field"
        try:
            model(**{fields[name]: part for name, part in value.items() if name in fields})
        except ValueError as error:
            yield f"{place}: {error}"


def reference_problems(documents):
    """Names by which the objects find each other, which no schema compares."""
    objects = {document["kind"]: document for document in documents}
    specs = {kind: document["spec"] for kind, document in objects.items()}
    template = specs["Deployment"]["template"]
    pod = template["spec"]
    selectors = {
        "Deployment": specs["Deployment"]["selector"]["matchLabels"],
        "Service": specs["Service"]["selector"],
        "PodDisruptionBudget": specs["PodDisruptionBudget"]["selector"]["matchLabels"],
    }
    for kind, selector in selectors.items():
        if not selector.items() <= template["metadata"]["labels"].items():
            yield f"{kind}: its selector does not select the pods"
    target = specs["HorizontalPodAutoscaler"]["scaleTargetRef"]["name"]
    if target != objects["Deployment"]["metadata"]["name"]:
        yield f"HorizontalPodAutoscaler: no Deployment is called {target}"
    volumes = {volume["name"] for volume in pod["volumes"]}
    for container in pod["containers"]:
        ports = {port["name"] for port in container["ports"]}
        wanted = {port["targetPort"] for port in specs["Service"]["ports"]}
        wanted |= {probe["httpGet"]["port"] for name, probe in container.items() if name.endswith("Probe")}
        yield from (f"no port is called {name}" for name in wanted - ports)
        yield from (f"no volume is called {name}" for name in {m["name"] for m in container["volumeMounts"]} - volumes)


def compose_problems(document):
    schema = folder("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    yield from schema_problems(document, json.loads(schema.read_text()))
    for name, service in document["services"].items():
        missing = set(service.get("secrets", [])) - document.get("secrets", {}).keys()
        yield from (f"services.{name}: no secret is called {secret}" for secret in missing)


def command_problems(command):
    done = subprocess.run(command, capture_output=True, text=True)
    lines = (done.stdout + done.stderr).splitlines()
    return lines if lines or done.returncode == 0 else [f"{command[0]} ended with exit code {done.returncode}"]


def unit_problems(path):
    """As systemd-analyze sees it on a machine that has the program: it looks for what ExecStart names."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / path.name
        copy.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", path.read_text()))
        lines = command_problems(["systemd-analyze", "verify", "--man=no", str(copy)])
        return [line for line in lines if path.stem in line]  # it speaks of the machine's other units as well


def manual_flags():
    """The flags in the manual's table of settings."""
    cells = re.findall(r"(?m)^\| (`--[^|]*)\|", MANUAL.read_text().replace(r"\|", " "))
    return {flag for cell in cells for flag in re.findall(r"--[a-z-]+(?![\w-])", cell)}


def config_problems(text):
    """Every setting of the file, switched on or not, is in the manual, and the other way round."""
    config = tomllib.loads(text)
    everything = tomllib.loads(re.sub(r"(?m)^#(?=\S)", "", text))
    assert config.items() <= everything.items()
    traffic = everything.pop("traffic")
    flags = {flag.removeprefix("--").replace("-", "_") for flag in manual_flags()} - {"config"}
    yield from (f"{key}: no such setting in the manual" for key in everything.keys() - flags)
    yield from (f"{key}: in the manual, but not here" for key in flags - everything.keys())
    for name, table in traffic.items():
        yield from (f"traffic.{name}.{key}: not in the manual" for key in table if f"\n{key} = " not in MANUAL.read_text())


def word_problems(text):
    """Flags and variables that are not in the manual."""
    words = r"(?<![\w-])--[a-z][\w-]*|\bTEPAL_[A-Z_]*[A-Z]\b"
    known = set(re.findall(words, MANUAL.read_text())) | OTHERS
    return [f"{word}: not in docs/server.md" for word in sorted(set(re.findall(words, text)) - known)]


def stop_problems(text, grace):
    """Whether whoever sends SIGTERM waits until the server has ended by itself."""

    def seconds(name, default):
        found = re.search(rf"(?im)^[^#]*\b(?:TEPAL_)?{name}\b\W*(?:value\W+)?(\d+)", text)
        return int(found[1]) if found else default

    patience = int(re.search(grace, text)[1])
    needed = seconds("STOP_DELAY", 0) + seconds("DRAIN", DRAIN)
    if patience <= needed:
        yield f"killed after {patience} s, while the server takes up to {needed} s"


def checks(here):
    """What is checked, and its problems; None where the machine lacks the program for it."""

    def text(name):
        return (here / name).read_text()

    kubernetes = list(yaml.safe_load_all(text("kubernetes.yaml")))
    for document in kubernetes:
        group, _, version = document["apiVersion"].rpartition("/")
        kind = ".".join(filter(None, [group, version, document["kind"]]))
        yield f"kubernetes.yaml {kind}", kubernetes_problems(document, kind)
    yield "kubernetes.yaml names", reference_problems(kubernetes)
    for document in yaml.safe_load_all(text("kserve.yaml")):
        kind = document["apiVersion"].split("/")[1].capitalize() + document["kind"]
        yield f"kserve.yaml {kind}", kserve_problems(document, kind)
    yield "compose.yaml", compose_problems(yaml.safe_load(text("compose.yaml")))

    hadolint = shutil.which("hadolint", path=Path(sys.executable).parent)
    yield "Dockerfile", command_problems([hadolint, here / "Dockerfile"]) if hadolint else None
    systemd = shutil.which("systemd-analyze")
    yield "tepal-server.service", unit_problems(here / "tepal-server.service") if systemd else None

    yield "tepal.toml", config_problems(text("tepal.toml"))
    for path in sorted(here.iterdir()):
        if path.is_file() and path.name not in (".gitignore", "keys", "check.py"):
            yield f"{path.name} flags and variables", word_problems(path.read_text())
    yield "compose.yaml stop", stop_problems(text("compose.yaml"), r"stop_grace_period: (\d+)s")
    yield "kubernetes.yaml stop", stop_problems(text("kubernetes.yaml"), r"terminationGracePeriodSeconds: (\d+)")
    unit = text("tepal-server.service") + text("tepal.toml")
    yield "tepal-server.service stop", stop_problems(unit, r"TimeoutStopSec=(\d+)")


def problems(here, say):
    """All that is wrong with a folder; each check is said as it ends."""
    everything = []
    try:
        for name, found in checks(here):
            found = None if found is None else list(found)
            say(f"{'skip' if found is None else 'FAIL' if found else 'ok':4}  {name}")
            for problem in found or []:
                say(f"      {problem}")
            everything += found or []
    except (yaml.YAMLError, tomllib.TOMLDecodeError) as error:
        say(f"FAIL  {error}")
        everything.append(str(error))
    return everything


def unnoticed():
    """How many of the mutants pass for right."""
    count = 0
    for name, old, new in MUTANTS:
        with tempfile.TemporaryDirectory() as temporary:
            copy = shutil.copytree(HERE, Path(temporary) / "deploy")
            text = (copy / name).read_text()
            assert old in text, f"{name} has no {old!r}"
            (copy / name).write_text(text.replace(old, new, 1))
            noticed = problems(copy, lambda line: None)
        print(f"ok    {name} changed: {noticed[0]}" if noticed else f"FAIL  {name}: nobody notices {new!r} for {old!r}")
        count += not noticed
    return count


def main():
    wrong = len(problems(HERE, print))
    if "--mutants" in sys.argv:
        wrong += unnoticed()
    sys.exit(1 if wrong else 0)


main()
