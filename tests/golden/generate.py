"""Writes the tables and the reference fits that tests/golden.rs compares with.

Run by `make golden`, which installs the pinned scikit-learn of requirements.txt into a virtual environment.
Everything is deterministic: the tables ship with scikit-learn, the only random step is its train_test_split with
random_state=42, and the solvers are run until their gradient is at rounding level.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn import datasets
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent
PAGE_DATA = HERE.parents[1] / "www" / "data"


def write_table(path, names, rows, target_name, target):
    """Numbers in their shortest decimal form, which reads back to the same bits."""
    lines = [",".join([*names, target_name])]
    for row, label in zip(rows, target):
        lines.append(",".join([*(repr(float(value)) for value in row), str(label)]))
    path.write_text("\n".join(lines) + "\n")


def reference(rows, target, task, l2):
    """A fit on standardized rows at its optimum: coefficients per output, intercepts, objective."""
    scaler = StandardScaler().fit(rows)
    design = scaler.transform(rows)
    if task == "classification":
        # Newton reaches rounding level where L-BFGS stops at 1e-7 or so; both have the same optimum.
        fit = LogisticRegression(C=1 / l2, tol=1e-10, solver="newton-cholesky", max_iter=10000).fit(design, target)
        coefficients, intercepts = fit.coef_, fit.intercept_
        if len(intercepts) > 2:
            # Only differences of the intercepts matter; the representative with sum 0 is compared.
            intercepts = intercepts - intercepts.mean()
        scores = design @ coefficients.T + intercepts
        codes = np.searchsorted(fit.classes_, target)
        if scores.shape[1] == 1:
            scores = np.hstack([np.zeros_like(scores), scores])
        largest = scores.max(axis=1)
        losses = largest + np.log(np.exp(scores - largest[:, None]).sum(axis=1)) - scores[np.arange(len(codes)), codes]
        objective = losses.sum() + l2 / 2 * (coefficients**2).sum()
    else:
        fit = (Ridge(alpha=l2, tol=1e-12) if l2 else LinearRegression()).fit(design, target)
        coefficients, intercepts = fit.coef_[None, :], [fit.intercept_]
        residuals = target - fit.predict(design)
        objective = (residuals**2).sum() / 2 + l2 / 2 * (coefficients**2).sum()
    return scaler, fit, {
        "coefficients": np.asarray(coefficients).tolist(),
        "intercepts": np.asarray(intercepts).tolist(),
        "objective": float(objective),
    }


def iris_split(names, rows, target):
    """The tutorial's split, fit and example row."""
    training, held_out = train_test_split(np.arange(len(rows)), test_size=0.2, random_state=42)
    scaler, fit, fitted = reference(rows[training], target[training], "classification", 1.0)
    accuracy = fit.score(scaler.transform(rows[held_out]), target[held_out])
    example = [5.1, 3.5, 1.4, 0.2]
    # What LogisticRegression() answers with its default tolerance, 1e-4: the figure that tutorials print. Its gradient
    # shows how far from the optimum it stops.
    design = scaler.transform(rows[training])
    default = LogisticRegression().fit(design, target[training])
    residuals = default.predict_proba(design) - (default.classes_ == target[training][:, None])
    return {
        "training_rows": training.tolist(),
        "held_out_rows": held_out.tolist(),
        "accuracy": float(accuracy),
        "example": example,
        "probabilities": fit.predict_proba(scaler.transform([example]))[0].tolist(),
        "default_probabilities": default.predict_proba(scaler.transform([example]))[0].tolist(),
        "default_largest_gradient": float(np.abs(residuals.T @ design + default.coef_).max()),
        **fitted,
    }


def main():
    PAGE_DATA.mkdir(parents=True, exist_ok=True)
    tables = {
        "iris": (datasets.load_iris(), "species", "classification", [1.0]),
        "wine": (datasets.load_wine(), "cultivar", "classification", [1.0]),
        "breast_cancer": (datasets.load_breast_cancer(), "diagnosis", "classification", [1.0, 0.1]),
        "diabetes": (datasets.load_diabetes(scaled=False), "progression", "regression", [0.0, 1.0]),
    }
    golden = {"scikit_learn": sklearn.__version__, "numpy": np.__version__, "fits": []}
    for name, (bunch, target_name, task, penalties) in tables.items():
        target = bunch.target_names[bunch.target] if task == "classification" else bunch.target
        path = (PAGE_DATA if name == "iris" else HERE) / f"{name}.csv"
        write_table(path, bunch.feature_names, bunch.data, target_name, target)
        for l2 in penalties:
            _, _, fitted = reference(bunch.data, target, task, l2)
            golden["fits"].append({"table": name, "target": target_name, "l2": l2, **fitted})
        if name == "iris":
            golden["iris_split"] = iris_split(bunch.feature_names, bunch.data, target)
    (HERE / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
