"""From a fitted model to its document, checked against the model itself."""

import math
import sys
import warnings
from dataclasses import dataclass

import numpy as np

from . import document as files
from . import estimators, nested, pipeline
from .columns import Affine, Computed, Number, Standard
from .errors import NotCarried
from .features import Features
from .linear import compile_linear
from .original import Original, unseen
from .proof import LEAST, MOST, Proof, ranges
from .scorer import score
from .trees import compile_trees
from .versions import sklearn_version

EPSILON = 2.0**-52
# How close the last bits of proof rows have to be; behind 1e-9 where the model predicts in 32 bits.
LIMITS = [1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 4e-6]
# Sums of 32 bits in another order, and what is computed of them.
SINGLE_LIMIT = 1e-6
# Of so many rows of X_check one may be left out, where the last bits of a graph decide.
ROWS_PER_TIE = 50
POWERS = [10.0**power for power in range(-16, -3)]


@dataclass(frozen=True)
class Summary:
    """What was checked: rows of X_check, proof rows, and the largest difference between document and model."""

    rows: int
    proof_rows: int
    largest_difference: float
    tolerance: float
    # Rows of X_check for which the model's own predict() says another class than the most probable one.
    different_labels: int = 0


def export(model, X_check, path, *, target="target", name="", units=None, descriptions=None, allow_rows=False,
           keep_rows=False):
    """Writes a fitted model as a document that tepal imports.

    X_check are rows to compare on, with the columns that the model was fitted on. Where the document would not predict
    what the model predicts, this raises NotCarried and writes nothing. allow_rows: write models that contain training
    rows, such as support vectors. keep_rows: write X_check too, with what the model predicts for it, so that readers
    can compare as well.
    """
    made, summary = document_of(model, X_check, target=target, name=name, units=units, descriptions=descriptions,
                                allow_rows=allow_rows, keep_rows=keep_rows)
    text = files.written(made)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return summary


def document_of(model, x_check, *, target="target", name="", units=None, descriptions=None, allow_rows=False,
                keep_rows=False):
    library = estimators.library_of(model)
    if type(model).__name__ == "Booster":
        raise NotCarried(model, "no estimator; write it by its save_model, and import that file")
    if library != "sklearn" and not (library in estimators.BOOSTERS and estimators.is_fitted(model)):
        raise NotCarried(model, "no fitted estimator of scikit-learn, nor one of XGBoost, LightGBM or CatBoost")
    if not isinstance(target, str) or not target.strip():
        raise NotCarried("target", f"{target!r} is no name; give it one: target='outcome'")
    original = Original(model, x_check)
    found = compiled(model, original, allow_rows)
    document, own = assembled(model, found)
    document.update(target={"name": target, "classes": found.fitted.classes}, name=name)
    described(document, units or {}, descriptions or {})
    return checked(document, own, original, found, keep_rows)


class Found:
    """A model as columns and an estimator, and what is known of the features."""

    def __init__(self, model, original, imputed, allow_rows):
        self.features = Features(original.names, original.booleans, original.texts, original.markers, imputed,
                                 allow_rows, original.first_row())
        self.graph = self.features.graph
        self.last = model
        try:
            self.last, columns = pipeline.final_estimator(model, self.features.raw(), self.features)
            self.fitted = estimators.read(self.last, columns, self.features)
        except AttributeError as error:
            raise NotCarried(self.last, f"not fitted, or of an unknown version ({error})") from error
        if self.fitted.kind == "graph":
            columns = []
        elif self.fitted.columns is not None:
            columns = self.fitted.columns
        self.columns = [self.features.numeric(column, self.last) for column in columns]
        self.compiled = None

    def needs_graph(self):
        # Of two classes trees have one score.
        is_two = self.fitted.link == "softmax" and len(self.fitted.classes) == 2
        return self.fitted.kind == "graph" or is_two or any(isinstance(column, Computed) for column in self.columns)

    def compile_directly(self):
        compile_it = compile_linear if self.fitted.kind == "linear" else compile_trees
        self.compiled = compile_it(self.fitted, self.columns, self.features, self.last)

    def compile_graph(self):
        self.fitted = nested.scored(self.fitted, self.columns, self.features, self.last)
        self.compiled = self.graph.compiled(self.graph.guarded(self.fitted.vector))
        self.columns = self.graph.numbers


def compiled(model, original, allow_rows):
    """A linear model or trees where they do, else a graph."""
    found = Found(model, original, None, allow_rows)
    reason = None
    if not found.needs_graph():
        try:
            found.compile_directly()
            return found
        except NotCarried as error:
            reason = error
    try:
        found = Found(model, original, None, allow_rows)
        found.compile_graph()
        imputed = found.graph.imputable()
        if imputed:
            # Once more, now that it is known which features have one value for missing cells.
            found = Found(model, original, imputed, allow_rows)
            found.compile_graph()
        return found
    except NotCarried as error:
        raise reason or error from error


def assembled(model, found):
    features, compiled, fitted = found.features, found.compiled, found.fitted
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
        **source_of(model),
        "model": pipeline.described(model),
        "features": listed,
        "dropped": [feature.name for feature in features.all if feature.index not in place],
        "columns": columns,
        "estimator": compiled.estimator,
        "link": fitted.link,
        "slope": fitted.slope,
    }
    return document, own


def source_of(model):
    library = estimators.library_of(model)
    if library == "sklearn":
        return {"source": "scikit-learn", "version": sklearn_version()}
    names = {"xgboost": "XGBoost", "lightgbm": "LightGBM", "catboost": "CatBoost"}
    return {"source": names[library], "version": sys.modules[library].__version__}


def described(document, units, descriptions):
    names = {feature["name"] for feature in document["features"]}
    target = document["target"]["name"]
    if target in names:
        raise NotCarried("target", f"a feature has the target's name {target!r}; give the target another: target='...'")
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

def checked(document, own, original, found, keep_rows):
    last = found.last
    place = {feature["index"]: at for at, feature in enumerate(own)}
    hints, steepness = hints_of(document, place, found)
    jumps = {place[index]: values for index, values in found.graph.jumps().items() if index in place}
    for feature, known in zip(document["features"], ranges(document, hints, jumps)):
        if feature["kind"] == "number":
            feature["range"] = known
    proof = probed(document, own, original, steepness, jumps)
    expected = original.predict_checked()
    rows = original.rows_checked(own, document)
    refused(document, rows)
    limit = SINGLE_LIMIT if is_single(document) else 1e-14 if document["estimator"]["kind"] == "trees" else 1e-9
    kept = decided(document, rows, expected, limit, last)
    rows, expected = [rows[at] for at in kept], expected[kept]
    largest = compare(document, "X_check", rows, expected, scored(document, rows), limit, last)
    proof_rows, outputs, tolerance, difference = proven(document, own, original, proof, limit, found)
    largest = max(largest, difference)
    document["proof"] = {"rows": proof_rows, "outputs": outputs, "tolerance": tolerance}
    if is_single(document):
        document["proof"]["single"] = True
    document["checked"] = {"rows": len(rows), "largestDifference": largest}
    if keep_rows:
        document["kept"] = kept_rows(document, rows, expected, last)
    different = original.different_labels()
    if different:
        document["checked"]["differentLabels"] = different
        warnings.warn(f"in {different} of {len(original.x_check)} rows of X_check predict() says another class than the "
                      "most probable one, which is the one that tepal says", stacklevel=3)
    return document, Summary(len(rows), len(proof_rows), largest, tolerance, different)


def kept_rows(document, rows, expected, last):
    """Rows of X_check with what the model predicts, and how far a reader may be off: relative to numbers above 1.

    The rows in which last bits decide are not kept, as another reader's last bits are others.
    """
    bounds = np.maximum(relative(expected, scored(document, rows).outputs, 1.0), rounding(document, rows, expected, 1.0))
    bounds = bounds.max(axis=1)
    good = np.flatnonzero(bounds <= LIMITS[-1 if is_single(document) else 5] / 4)
    if not len(good):
        raise NotCarried(last, "in every row of X_check the last bits decide, so that none can be kept")
    outputs = [list(map(float, expected[at])) for at in good]
    return {"rows": [rows[at] for at in good], "outputs": outputs, "tolerance": with_room(max(EPSILON, bounds[good].max()))}


def is_single(document):
    """Whether the model predicts in 32 bits."""
    estimator = document["estimator"]
    nodes = estimator["nodes"] if estimator["kind"] == "graph" else [{"trees": estimator}]
    return any(isinstance(node.get("trees"), dict) and node["trees"].get("sums") == "f32" for node in nodes)


def decided(document, rows, expected, limit, last):
    """The rows but those in which the last bits of a graph decide, of which there may be few."""
    every = np.arange(len(rows))
    if document["estimator"]["kind"] != "graph":
        return every
    found = scored(document, rows)
    if expected.shape != found.outputs.shape:
        return every
    wrong = np.flatnonzero(~(differences(document, expected, found) <= limit).all(axis=1))
    if not len(wrong):
        return every
    ties = wrong[shaken(document, [rows[at] for at in wrong]).max(axis=1) > limit / 4]
    if len(ties) == len(wrong) and len(ties) * ROWS_PER_TIE > len(rows) + ROWS_PER_TIE:
        raise NotCarried(last, f"the last bits of sums decide in {len(ties)} of {len(rows)} rows of X_check")
    return np.setdiff1d(every, ties)


def shaken(document, rows, least=0.0):
    """How far a graph's outputs move, relative to them and to `least`, where each number in it is rounded otherwise."""
    outputs = scored(document, rows).outputs
    moved = np.zeros(outputs.shape)
    for seed in range(4):
        # Also by the opposite, so that a number at a border is once on each side of it.
        for sign in (1, -1):
            random = np.random.RandomState(seed)
            other = scored(document, rows, lambda shape: sign * random.uniform(-1, 1, shape)).outputs
            moved = np.fmax(moved, relative(outputs, other, least))
    return moved


def hints_of(document, place, found):
    """What scalers tell of the range of features, and how steep the score is in the others."""
    hints = {place[index]: hint for index, hint in found.graph.hints.items() if index in place}
    steepness = {}
    for column in found.columns:
        if not isinstance(column, Number) or not column.operations or column.feature not in place:
            continue
        first = column.operations[0]
        center, scale = first.after(0.0, 1.0)
        if isinstance(first, Standard):
            hint = [center - 2 * scale, center, center + 2 * scale]
        elif isinstance(first, Affine):
            hint = [center, center + scale / 2, center + scale]
        if all(map(math.isfinite, hint)) and hint[0] < hint[1] < hint[2]:
            hints[place[column.feature]] = hint
    if document["estimator"]["kind"] == "linear":
        for at, column in enumerate(document["columns"]):
            size = max(abs(weights[at]) for weights in document["estimator"]["coefficients"]) / column["scale"]
            if column["of"] == "value" and size > 0 and math.isfinite(1 / size):
                steepness[column["feature"]] = size
    return hints, steepness


def probed(document, own, original, steepness, jumps):
    """The maker of proof rows, once the model was asked whether it takes missing cells and unseen categories."""
    refusal = None
    for default in (0.0, 1.0) if document["estimator"]["kind"] == "graph" else (0.0,):
        proof = Proof(document, steepness, jumps, default)
        try:
            original.predict_rows([proof.typical], own, document)
        except Exception as error:
            refusal = refusal or error
        else:
            probe(document, own, original, list(proof.typical))
            return proof
    raise NotCarried("proof rows", f"the model does not predict a typical row: {refusal}") from refusal


def probe(document, own, original, typical):
    def takes(at, cell):
        row = list(typical)
        row[at] = cell
        try:
            return bool(np.isfinite(original.predict_rows([row], own, document)).all())
        except Exception:
            return False

    for at, feature in enumerate(document["features"]):
        if feature["kind"] == "number" and feature["range"] is None and typical[at] > 0 and not takes(at, 0.0):
            # The model is not defined at 0, where readers begin otherwise.
            feature["range"] = [typical[at] / 2, typical[at], typical[at] * 2]
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


def scored(document, rows, noise=None):
    with np.errstate(all="ignore"):
        return score(document, rows, noise)


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


def proven(document, own, original, proof, limit, found_model):
    """The proof rows, what the model predicts for them, and the tolerance that other readers need."""
    rows, last = proof.rows(), found_model.last
    if found_model.features.had_sparse:
        # What becomes 0 there is another thing than what is 0.
        rows = [row for row in rows if not any(is_tiny(cell) for cell in row)]
    rows, expected = predicted(document, own, original, rows, last)
    # Not the rows where rounding decides: where terms cancel, or a probability is 1 but for the last bits.
    bounds = rounding(document, rows, expected).max(axis=1)
    kept = np.flatnonzero(np.isfinite(expected).all(axis=1) & (bounds <= (4e-6 if is_single(document) else 1e-6)))
    if not len(kept):
        raise NotCarried(last, "on every proof row the prediction cancels or saturates")
    rows, expected, bounds = [rows[at] for at in kept], expected[kept], bounds[kept]
    found = scored(document, rows)
    largest = compare(document, "proof rows", rows, expected, found, limit, last)
    bounds = np.maximum(relative(expected, found.outputs).max(axis=1), bounds)
    wanted = max(LEAST, min(MOST, 4 * len(document["features"])))
    for most in LIMITS if is_single(document) else LIMITS[:6]:
        good = np.flatnonzero(bounds <= most)
        if len(good) >= wanted:
            break
    good = good[:wanted]
    if not len(good):
        raise NotCarried(last, "on every proof row the last bits decide")
    tolerance = with_room(bounds[good].max())
    return [rows[at] for at in good], [list(map(float, expected[at])) for at in good], tolerance, largest


def is_tiny(cell):
    return isinstance(cell, float) and 0 < abs(cell) < sys.float_info.min


def predicted(document, own, original, rows, last):
    """The rows that the model predicts, and what it predicts for them."""
    try:
        return rows, original.predict_rows(rows, own, document)
    except Exception as error:
        if document["estimator"]["kind"] != "graph":
            raise NotCarried(last, f"the model refuses rows that the document would take: {error}") from error
    kept, expected = [], []
    for row in rows:
        try:
            expected.append(original.predict_rows([row], own, document)[0])
            kept.append(row)
        except Exception as error:
            # Such as the logarithm of a negative number, which is none in the document.
            if np.isfinite(scored(document, [row]).outputs).all():
                raise NotCarried(last, f"the model refuses a row that the document would take: {error}") from error
    if not kept:
        raise NotCarried(last, "the model refuses every proof row")
    return kept, np.stack(expected)


def with_room(bound):
    """The power of ten that leaves room for the sums of other readers; 0 of 0."""
    return next(power for power in POWERS if power >= 4 * bound) if bound > 0 else 0.0


def relative(a, b, least=0.0):
    size = np.maximum(np.maximum(np.abs(a), np.abs(b)), least)
    return np.where(a == b, 0.0, np.abs(a - b) / np.where(size == 0, 1.0, size))


def rounding(document, rows, expected, least=0.0):
    """How far another order of sums, and other functions exp, may move a prediction, relative to it and to `least`."""
    size = np.maximum(np.abs(expected), least)
    link, found = document["link"], scored(document, rows)
    epsilon = 2.0**-23 if is_single(document) else EPSILON
    if document["estimator"]["kind"] == "graph" and expected.shape == found.outputs.shape:
        # A multiple of what was seen: noise seldom adds up.
        return 4 * shaken(document, rows, least) + 4 * epsilon + last_bits(document, size, epsilon)
    moved = np.zeros(len(expected))
    if document["estimator"]["kind"] == "linear":
        slope = document["slope"] or 1.0
        moved = 4 * EPSILON * slope * found.magnitudes.max(axis=1)
    with np.errstate(all="ignore"):
        if link == "identity":
            return np.where(moved[:, None] == 0, 0.0, moved[:, None] / size)
        if link == "shares":
            return np.zeros(expected.shape)
        if link == "exp":
            return np.tile((moved + 4 * epsilon)[:, None], (1, expected.shape[1]))
        bound = 2 * moved[:, None] + 4 * epsilon
        if expected.shape[1] == 2:
            # One probability is 1 minus the other.
            bound = bound + epsilon / 2 / size
        return np.tile(bound, (1, expected.shape[1])) if bound.shape[1] == 1 else bound


def last_bits(document, size, epsilon):
    """Of two probabilities one is 1 minus the other, or a logistic function of its own."""
    if document["link"] != "logistic" and (epsilon == EPSILON or size.shape[1] != 2):
        return np.zeros(size.shape)
    with np.errstate(all="ignore"):
        return epsilon / 2 / size
