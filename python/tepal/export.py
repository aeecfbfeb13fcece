"""From a fitted model to its document, checked against the model itself."""

import math
from dataclasses import dataclass

import numpy as np

from . import document as files
from . import estimators, pipeline
from .columns import Affine, Number, Standard
from .errors import NotCarried
from .features import Features
from .linear import compile_linear
from .original import Original, unseen
from .proof import LEAST, MOST, Proof, ranges
from .scorer import score
from .trees import compile_trees

EPSILON = 2.0**-52


@dataclass(frozen=True)
class Summary:
    """What was checked: rows of X_check, proof rows, and the largest difference between document and model."""

    rows: int
    proof_rows: int
    largest_difference: float
    tolerance: float


def export(model, X_check, path, *, target="target", name="", units=None, descriptions=None):
    """Writes a fitted model as a document that tepal imports.

    X_check are rows to compare on, with the columns that the model was fitted on. Where the document would not predict
    what the model predicts, this raises NotCarried and writes nothing.
    """
    made, summary = document_of(model, X_check, target=target, name=name, units=units, descriptions=descriptions)
    text = files.written(made)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return summary


def document_of(model, x_check, *, target="target", name="", units=None, descriptions=None):
    if not type(model).__module__.startswith("sklearn."):
        raise NotCarried(model, "no model of scikit-learn; of XGBoost, LightGBM and CatBoost import what their save_model writes")
    original = Original(model, x_check)
    features = Features(original.names, original.booleans, original.texts, original.markers)
    last, columns = pipeline.final_estimator(model, features.raw(), features)
    fitted = read(last, columns, features)
    columns = columns if fitted.columns is None else fitted.columns
    columns = [features.numeric(column, last) for column in columns]
    compile_it = compile_linear if fitted.kind == "linear" else compile_trees
    compiled = compile_it(fitted, columns, features, last)
    document, own = assembled(model, features, compiled, fitted)
    document.update(target={"name": target, "classes": fitted.classes}, name=name)
    described(document, units or {}, descriptions or {})
    return checked(document, own, original, columns, last)


def read(last, columns, features):
    try:
        return estimators.read(last, columns, features)
    except AttributeError as error:
        raise NotCarried(last, f"not fitted, or of an unknown version ({error})") from error


def assembled(model, features, compiled, fitted):
    used = sorted({column["feature"] for column in compiled.columns})
    if not used:
        raise NotCarried(model, "no feature is used")
    place = {index: at for at, index in enumerate(used)}
    columns = [{**column, "feature": place[column["feature"]]} for column in compiled.columns]
    listed, own = [], []
    for index in used:
        feature = features[index]
        entry = {"name": feature.name, "kind": feature.kind}
        if feature.kind == "category":
            entry.update(categories=feature.categories, unseen=bool(compiled.unseen.get(index, False)))
        else:
            entry.update(range=None, unit=None, description=None)
        entry["missing"] = compiled.missing[index]
        listed.append(entry)
        own.append({"index": index, "marker": feature.marker})
    document = {
        "tepal": 1,
        "source": "scikit-learn",
        "version": estimators.sklearn_version(),
        "model": pipeline.described(model),
        "features": listed,
        "dropped": [feature.name for feature in features.all if feature.index not in place],
        "columns": columns,
        "estimator": compiled.estimator,
        "link": fitted.link,
        "slope": fitted.slope,
    }
    return document, own


def described(document, units, descriptions):
    names = {feature["name"] for feature in document["features"]}
    for what in (units, descriptions):
        lost = [name for name in what if name not in names]
        if lost:
            raise NotCarried("units and descriptions", f"no feature {lost[0]!r} is used")
    for feature in document["features"]:
        if feature["kind"] == "number":
            feature["unit"], feature["description"] = units.get(feature["name"]), descriptions.get(feature["name"])
        elif feature["name"] in units:
            raise NotCarried("units and descriptions", f"{feature['name']!r} is a category, which has no unit")
        elif feature["name"] in descriptions:
            feature["description"] = descriptions[feature["name"]]


# ---- the check ----

def checked(document, own, original, columns, last):
    hints, steepness = hints_of(document, own, columns)
    for feature, found in zip(document["features"], ranges(document, hints)):
        if feature["kind"] == "number":
            feature["range"] = found
    proof = Proof(document, steepness)
    probe(document, own, original, proof)
    expected = original.predict_checked()
    rows = original.rows_checked(own, document)
    refused(document, rows)
    found = scored(document, rows)
    limit = 1e-9 if document["estimator"]["kind"] == "linear" else 1e-14
    largest = compare(document, "X_check", rows, expected, found, limit, last)
    proof_rows, outputs, tolerance, difference = proven(document, own, original, proof, limit, last)
    largest = max(largest, difference)
    document["proof"] = {"rows": proof_rows, "outputs": outputs, "tolerance": tolerance}
    document["checked"] = {"rows": len(rows), "largestDifference": largest}
    return document, Summary(len(rows), len(proof_rows), largest, tolerance)


def hints_of(document, own, columns):
    """What scalers tell of the range of features, and how steep the score is in the others."""
    hints, steepness = {}, {}
    place = {feature["index"]: at for at, feature in enumerate(own)}
    for column in columns:
        if not isinstance(column, Number) or not column.operations or column.feature not in place:
            continue
        first = column.operations[0]
        center, scale = first.after(0.0, 1.0)
        if isinstance(first, Standard):
            found = [center - 2 * scale, center, center + 2 * scale]
        elif isinstance(first, Affine):
            found = [center, center + scale / 2, center + scale]
        if all(map(math.isfinite, found)) and found[0] < found[1] < found[2]:
            hints[place[column.feature]] = found
    if document["estimator"]["kind"] == "linear":
        for at, column in enumerate(document["columns"]):
            size = max(abs(weights[at]) for weights in document["estimator"]["coefficients"]) / column["scale"]
            if column["of"] == "value" and size > 0 and math.isfinite(1 / size):
                steepness[column["feature"]] = size
    return hints, steepness


def probe(document, own, original, proof):
    """Asks the model itself whether it takes missing cells and unseen categories."""
    typical = list(proof.typical)
    try:
        original.predict_rows([typical], own, document)
    except Exception as error:
        raise NotCarried("proof rows", f"the model does not predict a typical row: {error}") from error

    def takes(at, cell):
        row = list(typical)
        row[at] = cell
        try:
            return bool(np.isfinite(original.predict_rows([row], own, document)).all())
        except Exception:
            return False

    for at, feature in enumerate(document["features"]):
        if feature["missing"] != "refuse" and not takes(at, None):
            feature["missing"] = "refuse"
        if feature.get("unseen"):
            known = feature["categories"]
            feature["unseen"] = unseen(known) is not None and takes(at, len(known))


def refused(document, rows):
    """X_check must not have cells that the document refuses: the model takes them, as it predicted."""
    for at, feature in enumerate(document["features"]):
        cells = [row[at] for row in rows]
        found = []
        if feature["missing"] == "refuse":
            found.append((None, "is missing"))
        if feature["kind"] == "category" and not feature["unseen"]:
            found.append((len(feature["categories"]), "has an unseen category"))
        for cell, what in found:
            if cell in cells:
                where = f"row {cells.index(cell)}: feature {feature['name']!r}"
                raise NotCarried("X_check", f"{where} {what}, which the document refuses")


def scored(document, rows):
    with np.errstate(all="ignore"):
        return score(document, rows)


def differences(document, expected, found):
    """Of each output: absolute for probabilities, else relative to the prediction or to the terms that make it."""
    difference = np.abs(expected - found.outputs)
    if document["target"]["classes"] is not None:
        return difference
    size = np.maximum(np.abs(expected), np.abs(found.outputs))
    if document["link"] == "identity":
        size = np.maximum(size, found.magnitudes)
    return np.where(difference == 0, 0.0, difference / np.where(size == 0, 1.0, size))


def compare(document, where, rows, expected, found, limit, last):
    if expected.shape != found.outputs.shape:
        raise NotCarried(last, f"{expected.shape[1]} outputs where {found.outputs.shape[1]} are expected")
    difference = differences(document, expected, found)
    worst = np.unravel_index(np.argmax(np.where(np.isnan(difference), np.inf, difference)), difference.shape)
    if not difference[worst] <= limit:
        raise NotCarried(last, f"{where}, row {worst[0]} {rows[worst[0]]}: the model predicts {expected[worst]!r}, "
                               f"the document {found.outputs[worst]!r}")
    return float(difference[worst])


def proven(document, own, original, proof, limit, last):
    """The proof rows, what the model predicts for them, and the tolerance that other readers need."""
    rows = proof.rows()
    try:
        expected = original.predict_rows(rows, own, document)
    except Exception as error:
        raise NotCarried(last, f"the model refuses rows that the document would take: {error}") from error
    # Not the rows where rounding decides: where terms cancel, or a probability is 1 but for the last bits.
    bounds = rounding(document, expected, scored(document, rows)).max(axis=1)
    kept = np.flatnonzero(np.isfinite(expected).all(axis=1) & (bounds <= 1e-6))
    if not len(kept):
        raise NotCarried(last, "on every proof row the prediction cancels or saturates")
    rows, expected, bounds = [rows[at] for at in kept], expected[kept], bounds[kept]
    found = scored(document, rows)
    largest = compare(document, "proof rows", rows, expected, found, limit, last)
    bounds = np.maximum(plain_differences(expected, found.outputs).max(axis=1), bounds)
    wanted = max(LEAST, min(MOST, 4 * len(document["features"])))
    for most in (1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6):
        good = np.flatnonzero(bounds <= most)
        if len(good) >= wanted:
            break
    good = good[:wanted]
    tolerance = 0.0
    if bounds[good].max() > 0:
        tolerance = next(10.0**power for power in range(-16, 0) if 10.0**power >= bounds[good].max())
    return [rows[at] for at in good], [list(map(float, expected[at])) for at in good], tolerance, largest


def plain_differences(a, b):
    size = np.maximum(np.abs(a), np.abs(b))
    return np.where(a == b, 0.0, np.abs(a - b) / np.where(size == 0, 1.0, size))


def rounding(document, expected, found):
    """How far another order of sums, and other functions exp, may move a prediction, relative to it."""
    link = document["link"]
    moved = np.zeros(len(expected))
    if document["estimator"]["kind"] == "linear":
        slope = document["slope"] or 1.0
        moved = 4 * EPSILON * slope * found.magnitudes.max(axis=1)
    with np.errstate(all="ignore"):
        if link == "identity":
            return np.where(moved[:, None] == 0, 0.0, moved[:, None] / np.abs(expected))
        if link == "shares":
            return np.zeros(expected.shape)
        if link == "exp":
            return np.tile((moved + 4 * EPSILON)[:, None], (1, expected.shape[1]))
        bound = 2 * moved[:, None] + 4 * EPSILON
        if expected.shape[1] == 2:
            # One probability is 1 minus the other.
            bound = bound + EPSILON / 2 / expected
        return np.tile(bound, (1, expected.shape[1])) if bound.shape[1] == 1 else bound
