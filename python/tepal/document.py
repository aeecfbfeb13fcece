"""The JSON file: its parts, and how it is written."""

import json

KEYS = ("tepal", "source", "version", "model", "name", "features", "dropped", "target", "columns", "estimator", "link",
        "slope", "proof", "checked")


def written(document):
    """One part, tree or proof row a line. Numbers are the shortest texts that read back the same."""
    lines = [f"{json.dumps(key)}: {part(key, document[key])}" for key in KEYS]
    return "{" + ",\n ".join(lines) + "}\n"


def part(key, value):
    if key in ("features", "columns"):
        return listed(map(text, value))
    if key == "estimator" and value["kind"] == "trees":
        inner = [f"{json.dumps(name)}: {text(value[name])}" for name in value if name != "trees"]
        return "{" + ", ".join(inner) + ', "trees": ' + listed(map(text, value["trees"])) + "}"
    if key == "proof":
        inner = [f'"rows": {listed(map(text, value["rows"]))}', f'"outputs": {listed(map(text, value["outputs"]))}']
        return "{" + ",\n  ".join(inner) + f',\n  "tolerance": {text(value["tolerance"])}' + "}"
    return text(value)


def listed(items):
    return "[\n  " + ",\n  ".join(items) + "]"


def text(value):
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
