"""Times scikit-learn's solvers to the optimum: python sklearn_times.py <folder> [--runs 7] [--only name]

Every solver is given the loosest tolerance at which its objective is within 1e-9 (relative) of the best known, so
that none pays for digits that another does not deliver. One thread. Reads what tables.py wrote, writes sklearn.json.
"""

import os

for variable in ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"]:
    os.environ[variable] = "1"  # before numpy is imported

import argparse
import json
import signal
import statistics
import time
import warnings
from pathlib import Path

import numpy as np
from scipy.special import logsumexp
from sklearn.linear_model import LinearRegression, LogisticRegression

SOLVERS = ["lbfgs", "newton-cholesky", "newton-cg"]
TOLERANCES = [10.0**-digits for digits in range(4, 13)]
SAME_OBJECTIVE = 1e-9
MAX_SECONDS = 20
MAX_ITERATIONS = 20_000
# Fits shorter than this are repeated until their times add up to it.
LEAST_SECONDS = 0.3


class TooSlow(Exception):
    """A fit reached MAX_SECONDS or MAX_ITERATIONS."""


def read_table(folder, table):
    columns = np.fromfile(folder / f"{table['name']}.bin", dtype="<f8").reshape(table["features"] + 1, table["rows"])
    design, target = columns[:-1].T, columns[-1]
    if table["standardize"]:
        design = design[:, np.ptp(design, axis=0) > 0]
        design = (design - design.mean(axis=0)) / design.std(axis=0)
    # The order that scikit-learn would copy the rows to.
    return np.ascontiguousarray(design), target.astype(int) if table["classes"] else target


def objective(model, design, target, n_classes):
    """The summed loss plus half the squared norm of the coefficients."""
    if n_classes == 0:
        return 0.5 * np.sum((target - model.predict(design)) ** 2)
    penalty = 0.5 * np.sum(model.coef_**2)
    scores = design @ model.coef_.T + model.intercept_
    if n_classes == 2:
        return np.sum(np.logaddexp(0.0, np.where(target == 1, -scores[:, 0], scores[:, 0]))) + penalty
    return np.sum(logsumexp(scores, axis=1) - scores[np.arange(len(target)), target]) + penalty


def new_model(solver, tolerance):
    if solver == "LinearRegression":
        return LinearRegression()
    return LogisticRegression(C=1.0, solver=solver, tol=tolerance, max_iter=MAX_ITERATIONS)


def limited_fit(solver, tolerance, design, target):
    def stop(*_):
        raise TooSlow

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = new_model(solver, tolerance).fit(design, target)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if solver != "LinearRegression" and model.n_iter_.max() >= MAX_ITERATIONS:
        raise TooSlow
    return model


def best_objective(design, target, n_classes):
    attempts = [("LinearRegression", None)] if n_classes == 0 else [("newton-cholesky", 1e-12), ("lbfgs", 1e-12)]
    found = []
    for attempt in attempts:
        try:
            found.append(objective(limited_fit(*attempt, design, target), design, target, n_classes))
        except TooSlow:
            pass
    return min(found)


def loosest_tolerance(solver, best, design, target, n_classes):
    """A description of the first fit that is good enough, or of why there is none."""
    gap = None
    for tolerance in [None] if n_classes == 0 else TOLERANCES:
        try:
            model = limited_fit(solver, tolerance, design, target)
        except TooSlow:
            return {"tol": None, "reason": f"over {MAX_SECONDS} s or {MAX_ITERATIONS} iterations at tol {tolerance:g}"}
        reached = objective(model, design, target, n_classes)
        gap = (reached - best) / abs(best)
        if gap <= SAME_OBJECTIVE:
            iterations = 1 if n_classes == 0 else int(model.n_iter_.max())
            return {"objective": reached, "tol": tolerance, "iterations": iterations, "reached": True}
    return {"tol": None, "reason": f"{gap:.1e} above the best objective at tol {TOLERANCES[-1]:g}"}


def median_milliseconds(solver, tolerance, design, target, runs):
    times = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        while len(times) < runs or sum(times) < LEAST_SECONDS:
            model = new_model(solver, tolerance)
            start = time.perf_counter()
            model.fit(design, target)
            times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def time_table(folder, table, runs):
    design, target = read_table(folder, table)
    n_classes = table["classes"]
    best = best_objective(design, target, n_classes)
    attempts = {}
    for solver in SOLVERS if n_classes else ["LinearRegression"]:
        attempt = loosest_tolerance(solver, best, design, target, n_classes)
        if attempt.pop("reached", False):
            attempt["milliseconds"] = median_milliseconds(solver, attempt["tol"], design, target, runs)
        attempts[solver] = attempt
    timed = {solver: attempt for solver, attempt in attempts.items() if "milliseconds" in attempt}
    fastest = min(timed, key=lambda solver: timed[solver]["milliseconds"])
    best = min([best, *(attempt["objective"] for attempt in timed.values())])
    return {
        "objective": best,
        "solver": fastest,
        "tol": timed[fastest]["tol"],
        "milliseconds": timed[fastest]["milliseconds"],
        "all": attempts,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", help="the name of one table; the others keep the times they have")
    arguments = parser.parse_args()
    output = arguments.folder / "sklearn.json"
    results = json.loads(output.read_text()) if output.exists() else {}
    for table in json.loads((arguments.folder / "tables.json").read_text()):
        name = table["name"]
        if arguments.only in (None, name):
            results[name] = time_table(arguments.folder, table, arguments.runs)
            output.write_text(json.dumps(results, indent=2) + "\n")
            print(f"{name:20} {results[name]['milliseconds']:10.2f} ms  {results[name]['solver']}", flush=True)


if __name__ == "__main__":
    main()
