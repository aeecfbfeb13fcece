"""The JSON file: its parts, and how it is written."""

import json

KEYS = ("tepal", "source", "version", "model", "name", "features", "dropped", "target", "columns", "estimator", "link",
        "slope", "proof", "checked", "kept")


def written(document):
    """One part, tree, node or proof row a line. Numbers are the shortest texts that read back the same."""
    lines = [f"{json.dumps(key)}: {part(key, document[key])}" for key in KEYS if key in document]
    return "{" + ",\n ".join(lines) + "}\n"


def part(key, value):
    if key in ("features", "columns"):
        return listed(map(text, value))
    if key == "estimator" and value["kind"] == "trees":
        return with_list(value, "trees", text)
    if key == "estimator" and value["kind"] == "graph":
        return with_list(value, "nodes", node)
    if key in ("proof", "kept"):
        inner = [f'"rows": {listed(map(text, value["rows"]))}', f'"outputs": {listed(map(text, value["outputs"]))}']
        single = ', "single": true' if value.get("single") else ""
        return "{" + ",\n  ".join(inner) + f',\n  "tolerance": {text(value["tolerance"])}{single}' + "}"
    return text(value)


def with_list(value, key, write):
    inner = [f"{json.dumps(name)}: {text(value[name])}" for name in value if name != key]
    return "{" + ", ".join(inner) + f', "{key}": ' + listed(map(write, value[key])) + "}"


def node(value):
    """A node of a graph; its trees a line each."""
    if "trees" not in value:
        return text(value)
    inner = [f"{json.dumps(name)}: {text(value[name])}" for name in value if name != "trees"]
    return "{" + ", ".join(inner) + ', "trees": ' + with_list(value["trees"], "trees", text) + "}"


def listed(items):
    return "[\n  " + ",\n  ".join(items) + "]"


def text(value):
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
