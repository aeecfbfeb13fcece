"""Documents through the program: export, import, predict.

The variable TEPAL names the program. Without one the tests are passed over.
"""

import json
import os
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from test_pipelines import fitted, tepal

# So many seeds are tried.
SEEDS = 40

needs_program = pytest.mark.skipif("TEPAL" not in os.environ, reason="no program")


def in_doubles(frame):
    """The same numbers in 64 bits, as they are compared: in 32 bits scikit-learn computes in 32 bits."""
    if isinstance(frame, np.ndarray):
        return frame.astype(np.float64) if frame.dtype == np.float32 else frame
    return frame.astype({name: np.float64 for name, kind in frame.dtypes.items() if kind == np.float32})


@needs_program
def test_imported_pipelines_predict_the_same():
    warnings.simplefilter("ignore")
    n_equal = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(SEEDS):
            try:
                model, plan, frame = fitted(seed)
            except Exception:
                continue
            path = Path(folder) / f"{seed}.json"
            try:
                tepal.export(model, frame, path)
            except tepal.NotCarried:
                continue
            loaded, frame = tepal.load(path), in_doubles(frame)
            if hasattr(model, "predict_proba"):
                expected, found = model.predict_proba(frame), loaded.predict_proba(frame)
            else:
                is_unusual = type(getattr(model, "steps", [("", model)])[-1][1]).__name__ == "IsolationForest"
                asked = model.score_samples if is_unusual else model.predict
                expected, found = asked(frame), loaded.predict(frame)
            size = np.maximum(1.0, np.abs(expected))
            # A booster of XGBoost predicts in 32 bits.
            is_single = json.loads(path.read_text(encoding="utf-8"))["proof"].get("single", False)
            assert (np.abs(expected - found) / size).max() < (1e-6 if is_single else 1e-9), seed
            n_equal += 1
    assert n_equal > SEEDS // 4, n_equal


@needs_program
def test_a_document_that_was_changed_is_refused():
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(SEEDS):
            path = Path(folder) / f"{seed}.json"
            try:
                model, plan, frame = fitted(seed)
                tepal.export(model, frame, path)
            except Exception:
                continue
            text = path.read_text(encoding="utf-8")
            changed = text.replace('"missing_left":[0', '"missing_left":[1').replace('"intercepts":[', '"intercepts":[1')
            if changed == text or '"trees"' in text:
                continue
            path.write_text(changed, encoding="utf-8")
            with pytest.raises(RuntimeError, match="proof row|expected"):
                tepal.load(path).predict(frame)
            return
    raise AssertionError("no document could be changed")


@needs_program
def test_rows_are_kept_if_asked_for():
    warnings.simplefilter("ignore")
    n_kept, n_rows, n_rows_kept = 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(SEEDS):
            path = Path(folder) / f"{seed}.json"
            try:
                model, plan, frame = fitted(seed)
                summary = tepal.export(model, frame, path, keep_rows=True)
            except Exception:
                continue
            tepal.load(path).predict(frame)
            document = json.loads(path.read_text(encoding="utf-8"))
            n_rows, n_rows_kept = n_rows + summary.rows, n_rows_kept + len(document["kept"]["rows"])
            document["kept"]["outputs"][0][0] += 0.5
            path.write_text(json.dumps(document), encoding="utf-8")
            with pytest.raises(RuntimeError, match="kept row 1: the model itself predicts"):
                tepal.load(path).predict(frame)
            n_kept += 1
    assert n_kept > SEEDS // 4, n_kept
    # But for those in which last bits decide.
    assert 0.99 * n_rows < n_rows_kept <= n_rows, (n_rows_kept, n_rows)
