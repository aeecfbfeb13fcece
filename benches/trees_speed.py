"""Times trees natively beside LightGBM, XGBoost and scikit-learn: python trees_speed.py <folder> [--rounds 5]

20 features and two classes, on one thread: 100 rounds of 31 leaves, and forests of 100 full trees. The engines run in turn. Prints
medians. tepal is run by cargo, on one thread and on two: `cargo bench --bench trees`.
"""

import os

for variable in ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"]:
    os.environ[variable] = "1"  # before numpy is imported

import argparse
import json
import statistics
import subprocess
import time
from pathlib import Path

import lightgbm
import numpy as np
import xgboost
from sklearn.datasets import make_classification
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier

FEATURES = 20


def table(folder, rows):
    design, target = make_classification(rows, FEATURES, n_informative=10, n_redundant=5, random_state=20)
    path = folder / f"trees-{rows}.json"
    np.column_stack([design, target]).astype("<f8").T.tofile(path.with_suffix(".bin"))
    path.write_text(json.dumps({"rows": rows, "features": FEATURES, "classes": 2}))
    return path, np.ascontiguousarray(design), target


def tepal(path, threads, learner, *leaves):
    command = ["cargo", "bench", "--quiet", "--bench", "trees", "--", str(path.resolve()), str(threads), learner, *leaves]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found["seconds"], found["microsecondsPerRow"]


def timed(model, predict, design, target):
    start = time.perf_counter()
    model.fit(design, target)
    fitted = time.perf_counter() - start
    start = time.perf_counter()
    predict(model)
    return fitted, 1e6 * (time.perf_counter() - start) / len(target)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for rows in [50_000, 500_000]:
        path, design, target = table(arguments.folder, rows)
        engines = {
            "tepal": lambda: tepal(path, 1, "boosting"),
            "tepal, two threads": lambda: tepal(path, 2, "boosting"),
            "LightGBM": lambda: timed(
                lightgbm.LGBMClassifier(n_estimators=100, n_jobs=1, verbose=-1),
                lambda model: model.booster_.predict(design, num_threads=1), design, target,
            ),
            "XGBoost": lambda: timed(
                xgboost.XGBClassifier(
                    n_estimators=100, learning_rate=0.1, tree_method="hist", grow_policy="lossguide", max_leaves=31,
                    max_depth=0, n_jobs=1,
                ),
                lambda model: model.get_booster().inplace_predict(design), design, target,
            ),
            "scikit-learn": lambda: timed(
                HistGradientBoostingClassifier(max_iter=100, early_stopping=False),
                lambda model: model.predict_proba(design), design, target,
            ),
        }  # fmt: skip
        compare(f"boosting, {rows} x {FEATURES} x 2", engines, "LightGBM", arguments.rounds if rows < 100_000 else max(1, arguments.rounds // 2))
    path, design, target = table(arguments.folder, 50_000)
    for learner, model in [("forest", RandomForestClassifier), ("extra-trees", ExtraTreesClassifier)]:
        engines = {
            "tepal": lambda: tepal(path, 1, learner, str(1 << 20)),
            "tepal, two threads": lambda: tepal(path, 2, learner, str(1 << 20)),
            "scikit-learn": lambda: timed(
                model(n_estimators=100, n_jobs=1), lambda model: model.predict_proba(design), design, target
            ),
        }
        compare(f"{learner}, 50000 x {FEATURES} x 2", engines, "scikit-learn", max(1, arguments.rounds // 2))


def compare(what, engines, peer, rounds):
    times = {engine: [] for engine in engines}
    for _ in range(rounds):
        for engine, run in engines.items():
            times[engine].append(run())
    print(f"| {what} | fit s | / {peer} | us a row |\n|---|---|---|---|")
    medians = {engine: [statistics.median(of) for of in zip(*found)] for engine, found in times.items()}
    for engine, (seconds, microseconds) in medians.items():
        print(f"| {engine} | {seconds:.3f} | {seconds / medians[peer][0]:.2f} | {microseconds:.2f} |", flush=True)


if __name__ == "__main__":
    main()
