"""Times scikit-learn's predict_proba on one thread: python sklearn_scoring.py <folder> [--rounds 15]

Reads the tables and coefficients that scoring_models.py wrote to <folder>/scoring. Writes scoring-sklearn.json.
"""

import os

for variable in ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"]:
    os.environ[variable] = "1"  # before numpy is imported

import argparse
import json
import statistics
import time
from pathlib import Path

import numpy as np
import sklearn
from scoring_models import sklearn_model

WARM_SECONDS = 0.5
# Runs shorter than this are timed in batches.
LEAST_SECONDS = 0.02


def elapsed(run, times):
    start = time.perf_counter()
    for _ in range(times):
        run()
    return time.perf_counter() - start


def median_milliseconds(run, rounds):
    warm = time.perf_counter() + WARM_SECONDS
    while time.perf_counter() < warm:
        run()
    batch = 1
    while elapsed(run, batch) < LEAST_SECONDS:
        batch *= 2
    return 1e3 * statistics.median(elapsed(run, batch) / batch for _ in range(rounds))


def time_table(folder, table, rounds):
    base = folder / table["name"]
    rows = np.fromfile(f"{base}.bin", dtype="<f8").reshape(table["rows"], table["features"])
    exact = np.fromfile(f"{base}-exact.bin", dtype="<f8").reshape(table["rows"], table["classes"])
    model = sklearn_model(**json.loads(Path(f"{base}.json").read_text()))
    return {
        "milliseconds": median_milliseconds(lambda: model.predict_proba(rows), rounds),
        "difference": float(np.abs(model.predict_proba(rows) - exact).max()),
        "version": sklearn.__version__,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    scoring = arguments.folder / "scoring"
    results = {}
    for table in json.loads((scoring / "tables.json").read_text()):
        results[table["name"]] = time_table(scoring, table, arguments.rounds)
        print(f"{table['name']:20} {results[table['name']]['milliseconds']:10.2f} ms", flush=True)
    (arguments.folder / "scoring-sklearn.json").write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
