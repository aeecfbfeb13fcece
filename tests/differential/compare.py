"""Random tables and options: what tepal fits, says and measures, beside an optimum of its own, scikit-learn and statsmodels.

    compare.py TEPAL [--tables N] [--first SEED] [--keep FOLDER]

Fails where a table is refused that has an optimum, where one without is fitted, and where a figure is further off than it may
be. Counted apart are cases of a condition number above 1e12, those in which the reference's objective is the higher one, columns that
tepal names as nearly dependent, and L-BFGS by name that ran out of rounds. A seed gives its table again."""
import argparse
import io
import json
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from sklearn import metrics

from reference import Objective
from tables import Case, case

# The worst differences that are allowed: of objectives as shares, of probabilities, of metrics, of standard errors as shares.
LIMITS = {"objective": 1e-9, "prediction": 1e-8, "metric": 1e-10, "standard error": 1e-6}
ILL_CONDITIONED = 1e12
RIGHT = ("fitted", "refused", "ill-conditioned", "below the reference", "near dependence named", "out of rounds")


def flags(case: Case) -> list[str]:
    """The options of the command line."""
    options = ["--scale", case.scale, "--encode", case.encode, "--impute", case.impute, "--solver", case.solver]
    options += ["--impute-always", "--number", ",".join(case.numbers)]
    options += ["--task", "regression" if case.task == "regression" else "classification"]
    options += ["--category", ",".join(case.categories)] if case.categories else []
    options += ["--l2", repr(case.l2)] if case.l2 is not None else []
    options += ["--weights", "w"] if case.weights else []
    for is_asked, flag in [(case.indicators, "--indicators"), (case.balanced, "--balanced"), (not case.intercept, "--no-intercept")]:
        options += [flag] if is_asked else []
    return options


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True, check=False, timeout=120)


class Comparison:
    """What came of one case."""

    def __init__(self, tepal: str, case: Case, folder: Path):
        self.case, self.tepal = case, tepal
        self.table, self.model = folder / "t.csv", folder / "m.tepal"
        self.differences: dict[str, float] = {}
        case.frame.to_csv(self.table, index=False)

    def outcome(self) -> str:
        """`fitted`, `refused` where there is no optimum, or what is wrong."""
        trained = run(self.tepal, "train", self.table, "--target", "y", "-o", self.model, "--json", *flags(self.case))
        objective = Objective(self.case)
        if objective.is_separated():
            is_said = trained.returncode != 0 and "grow without end" in trained.stderr
            return "refused" if is_said else f"no optimum, and not refused for it: {trained.stderr.strip()[-300:]}"
        parameters = objective.optimum()
        if trained.returncode != 0:
            # A solver that was asked for by name may be too slow, and says so.
            if self.case.solver == "lbfgs" and "after 1000 rounds" in trained.stderr:
                return "out of rounds"
            if objective.condition(parameters) > ILL_CONDITIONED:
                return "ill-conditioned"
            return f"refused: {trained.stderr.strip()[-300:]}"
        said = json.loads(trained.stdout)
        self.compare_fit(objective, parameters, said)
        self.compare_metrics()
        self.compare_errors(said)
        worst = {name: value for name, value in self.differences.items() if not value <= LIMITS[name]}
        if not worst:
            return "fitted"
        if any("no fit tells some columns" in warning for warning in said["training"]["warnings"]):
            return "near dependence named"
        if set(worst) <= {"prediction", "objective"} and said["certificate"]["objective"] < objective.value(parameters):
            return "below the reference"
        is_ill = set(worst) <= {"prediction", "objective", "standard error"} and objective.condition(parameters) > ILL_CONDITIONED
        return "ill-conditioned" if is_ill else f"differs: {worst}"

    def note(self, name: str, difference: float) -> None:
        self.differences[name] = max(self.differences.get(name, 0.0), float(difference))

    def compare_fit(self, objective: Objective, parameters: np.ndarray, said: dict) -> None:
        expected, found = objective.value(parameters), said["certificate"]["objective"]
        # Where a fit leaves next to nothing, what is left is of rounding errors: of the numbers, or of the scores.
        if objective.labels is None:
            least = 1e-10 * abs(objective.value(np.zeros_like(parameters)))
        else:
            least = 1e-6 * objective.weights @ np.abs(objective.scores(parameters)).max(axis=1)
        scale = max(abs(expected), least)
        self.note("objective", abs(found - expected) / scale)
        predicted = run(self.tepal, "predict", self.model, self.table)
        self.predicted = pd.read_csv(io.StringIO(predicted.stdout), float_precision="round_trip", keep_default_na=False)
        if objective.labels is None:
            spread = max(np.abs(objective.target).max(), np.finfo(float).tiny)
            self.note("prediction", np.abs(self.predicted["prediction"] - objective.scores(parameters)[:, 0]).max() / spread)
        else:
            scores = objective.scores(parameters)
            shares = np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None])
            columns = self.predicted[[f"probability_{label}" for label in objective.labels]]
            self.note("prediction", np.abs(columns.to_numpy() - shares).max())

    def compare_metrics(self) -> None:
        options = ["--weights", "w"] if self.case.weights else []
        said = run(self.tepal, "evaluate", self.model, self.table, "--json", *options)
        report = json.loads(said.stdout)["report"] if "report" in json.loads(said.stdout) else json.loads(said.stdout)
        truth, weights = self.case.frame["y"], self.case.frame["w"] if self.case.weights else None
        if self.case.task == "regression":
            found = self.predicted["prediction"]
            spread = np.average((truth - np.average(truth, weights=weights)) ** 2, weights=weights) ** 0.5
            figures = [
                (report["model"]["rSquared"], metrics.r2_score(truth, found, sample_weight=weights), 1.0),
                (report["model"]["rootMeanSquaredError"], metrics.root_mean_squared_error(truth, found, sample_weight=weights), spread),
                (report["model"]["meanAbsoluteError"], metrics.mean_absolute_error(truth, found, sample_weight=weights), spread),
            ]
        else:
            # scikit-learn's log loss takes no probability below 2e-16.
            labels = sorted(truth.unique())
            shares = self.predicted[[f"probability_{label}" for label in labels]].to_numpy()
            figures = [
                (report["accuracy"], metrics.accuracy_score(truth, self.predicted["prediction"], sample_weight=weights), 1.0),
                (report["logLoss"], np.average(-np.log(shares[np.arange(len(truth)), np.searchsorted(labels, truth)]), weights=weights), 1.0),
                (report["averages"]["macro"]["f1"],
                 metrics.f1_score(truth, self.predicted["prediction"], average="macro", sample_weight=weights, zero_division=0), 1.0),
            ]
            if len(labels) == 2:
                auc = metrics.roc_auc_score(truth == labels[1], shares[:, 1], sample_weight=weights)
                figures.append((report["binary"]["auc"], auc, 1.0))
        for said_figure, expected, scale in figures:
            self.note("metric", abs(said_figure - expected) / max(abs(expected), scale, 1e-300))

    def compare_errors(self, said: dict) -> None:
        """Standard errors, where tepal gives all of them and statsmodels has the same model."""
        case = self.case
        has_all = len(said["outputs"]) == 1 and all(c["error"] is not None for c in said["outputs"][0]["coefficients"])
        is_plain = not (case.categories or case.weights or case.balanced or case.penalty or case.frame[case.numbers].isna().any(axis=None))
        if not (has_all and is_plain):
            return
        coefficients = said["outputs"][0]["coefficients"]
        raw = case.frame[[c["feature"] for c in coefficients]].to_numpy(dtype=float)
        centre = raw.mean(axis=0) if case.intercept else np.zeros(raw.shape[1])
        scale = np.abs(raw - centre).max(axis=0)
        columns = (raw - centre) / scale
        columns = sm.add_constant(columns, has_constant="add") if case.intercept else columns
        if not case.intercept and case.scale not in ("none",):
            return  # The prepared columns are centred: another model.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if case.task == "regression":
                errors = sm.OLS(case.frame["y"].to_numpy(dtype=float), columns).fit().bse
            else:
                is_second = (case.frame["y"] == sorted(case.frame["y"].unique())[1]).to_numpy(dtype=float)
                errors = sm.Logit(is_second, columns).fit(disp=0, method="newton", maxiter=200, tol=1e-14).bse
        errors = (errors[1:] if case.intercept else errors) / scale
        for c, error in zip(coefficients, errors):
            self.note("standard error", abs(c["error"] - error) / error)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tepal")
    parser.add_argument("--tables", type=int, default=100)
    parser.add_argument("--first", type=int, default=1)
    arguments = parser.parse_args()
    outcomes, worst, faults = Counter(), {name: (0.0, 0) for name in LIMITS}, []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(arguments.first, arguments.first + arguments.tables):
            comparison = Comparison(arguments.tepal, case(seed), Path(folder))
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                try:
                    outcome = comparison.outcome()
                except (ValueError, np.linalg.LinAlgError, subprocess.TimeoutExpired) as error:
                    outcome = f"failed: {error}"
            outcomes[outcome.split(":")[0]] += 1
            if outcome not in RIGHT:
                faults.append(f"seed {seed}: {outcome}\n  {' '.join(flags(comparison.case))}")
            if outcome == "fitted":
                for name, value in comparison.differences.items():
                    worst[name] = max(worst[name], (value, seed))
    print(f"{arguments.tables} tables: " + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()))
    for name, (value, seed) in worst.items():
        print(f"  worst {name}: {value:.1e} (seed {seed}, at most {LIMITS[name]:.0e})")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
