"""Writes the tables and the reference fits that the tests compare with.

Run by `make golden`, which installs the pinned packages of requirements.txt into a virtual environment and has
examples/write-tables.rs write the tables of tests/tables/mod.rs into the folder given here as the argument.
Everything is deterministic: the tables ship with scikit-learn or come from a seeded generator, the only random step
here is scikit-learn's train_test_split with random_state=42, and the solvers are run until their gradient is at
rounding level.
"""

import csv
import json
import sys
import time
import warnings
from pathlib import Path

import mpmath
import numpy as np
import sklearn
from sklearn import datasets
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
PAGE_DATA = PROJECT / "www" / "data"

# Of a very wide table only the first coefficients are stored.
MOST_FEATURES, COEFFICIENTS_SHOWN = 100, 20


def write_table(path, names, rows, target_name, target):
    """Numbers in their shortest decimal form, which reads back to the same bits."""
    lines = [",".join([*names, target_name])]
    for row, label in zip(rows, target):
        lines.append(",".join([*map(repr, row.tolist()), str(label)]))
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


def iris_split(rows, target):
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


def write_golden():
    """golden.json, and the tables that ship with scikit-learn."""
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
            golden["iris_split"] = iris_split(bunch.data, target)
    (HERE / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")
    digits = datasets.load_digits()
    labels = [f"d{digit}" for digit in digits.target]
    write_table(HERE / "digits.csv", digits.feature_names, digits.data.astype(int), "digit", labels)


def read_case(case, folder):
    """The features, the target's cells and the rows' weights."""
    with open(folder / case["file"], newline="") as file:
        header, *lines = csv.reader(file)
    target = np.array([line[header.index(case["target"])] for line in lines])
    places = [place for place, name in enumerate(header) if name not in (case["target"], case["weights"])]
    rows = np.array([[float(line[place]) for place in places] for line in lines])
    weights = np.ones(len(lines))
    if case["weights"]:
        weights = np.array([float(line[header.index(case["weights"])]) for line in lines])
    return rows, target, weights


class Logistic:
    """Sum of w log-loss + l2 / 2 |b|^2 over coefficients b (outputs x features) and intercepts a.

    The objective and its gradient are evaluated in long double (64 bits of mantissa), so that they can tell apart
    points that agree to double precision.
    """

    def __init__(self, design, codes, weights, l2, intercept):
        self.design, self.codes, self.weights, self.l2, self.intercept = design, codes, weights, l2, intercept
        self.classes = codes.max() + 1
        self.outputs = 1 if self.classes == 2 else self.classes
        self.is_class = codes[:, None] == np.arange(self.classes)

    def at(self, parameters):
        """Objective, gradient (outputs x parameters) and probabilities; an intercept is the last column."""
        features = self.design.shape[1]
        coefficients = parameters[:, :features]
        scores = self.design @ coefficients.T
        if self.intercept:
            scores = scores + parameters[:, features]
        if self.outputs == 1:
            scores = np.hstack([np.zeros_like(scores), scores])
        # log(sum_k exp(s_k)) - s_y, without cancellation where the class is nearly certain.
        differences = np.exp(scores - scores[self.is_class][:, None])
        losses = np.log1p(np.where(self.is_class, 0, differences).sum(axis=1))
        objective = (self.weights * losses).sum() + self.l2 / 2 * (coefficients**2).sum()
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities = powers / powers.sum(axis=1, keepdims=True)
        residuals = (self.weights[:, None] * (probabilities - self.is_class))[:, -self.outputs :]
        gradient = residuals.T @ self.design + self.l2 * coefficients
        if self.intercept:
            gradient = np.hstack([gradient, residuals.sum(axis=0)[:, None]])
        return objective, gradient, probabilities

    def newton_step(self, gradient, probabilities):
        design = self.design.astype(float)
        if self.intercept:
            design = np.hstack([design, np.ones((len(design), 1))])
        size = design.shape[1]
        probabilities, weights = probabilities[:, -self.outputs :].astype(float), self.weights.astype(float)
        hessian = np.zeros((self.outputs, size, self.outputs, size))
        for i in range(self.outputs):
            for j in range(i + 1):
                curvature = weights * probabilities[:, i] * ((i == j) - probabilities[:, j])
                hessian[i, :, j] = hessian[j, :, i] = design.T @ (curvature[:, None] * design)
        penalties = np.full(size, float(self.l2))
        if self.intercept:
            penalties[-1] = 0
        for i in range(self.outputs):
            hessian[i, :, i] += np.diag(penalties)
        if self.outputs > 1:
            # What is not penalized may be shifted in all classes alike; the step is the one that does not shift it.
            for place in np.flatnonzero(penalties == 0):
                hessian[:, place, :, place] += 1
        hessian = hessian.reshape(self.outputs * size, -1)
        scale = 1 / np.sqrt(np.diag(hessian))
        step = scale * np.linalg.solve(hessian * scale * scale[:, None], scale * gradient.astype(float).ravel())
        return step.reshape(gradient.shape)

    def polish(self, parameters):
        """Newton's steps with the gradient in long double, for as long as they lower the objective or the gradient."""
        objective, gradient, probabilities = self.at(parameters)
        for _ in range(30):
            step = self.newton_step(gradient, probabilities)
            candidate = parameters - step
            moved = self.at(candidate)
            lower = moved[0] < objective or np.abs(moved[1]).max() < np.abs(gradient).max()
            if not lower or moved[0] > objective * (1 + 1e-15):
                break
            parameters, (objective, gradient, probabilities) = candidate, moved
        return parameters, objective, gradient


def fit_classes(rows, design, shift, target, weights, case):
    """The optimum on `design`, whose columns are those of `rows` less `shift`, perhaps divided by their deviation."""
    classes, codes = np.unique(target, return_inverse=True)
    if case["balanced"]:
        weights = weights * (len(codes) / (len(classes) * np.bincount(codes)))[codes]
    problem = Logistic(design, codes, weights.astype(np.longdouble), np.longdouble(case["l2"]), case["intercept"])
    # scikit-learn sees the table as it is where nothing is standardized; the intercept makes up for the shift.
    given = design.astype(float) if case["standardize"] else rows
    inverse_penalty = 1 / case["l2"] if case["l2"] else np.inf
    fits = {}
    for solver in ("newton-cholesky", "lbfgs"):
        fit = LogisticRegression(
            C=inverse_penalty, tol=1e-12, solver=solver, max_iter=20000, fit_intercept=case["intercept"]
        )
        with warnings.catch_warnings():
            # They end at rounding level and say that 1e-12 was not reached.
            warnings.simplefilter("ignore")
            fit.fit(given, target, sample_weight=weights)
        parameters = fit.coef_.astype(np.longdouble)
        if case["intercept"]:
            intercepts = fit.intercept_.astype(np.longdouble)
            if not case["standardize"]:
                intercepts = intercepts + parameters @ shift
            if len(intercepts) > 1:
                intercepts = intercepts - intercepts.mean()
            parameters = np.hstack([parameters, intercepts[:, None]])
        fits[solver] = (problem.at(parameters)[0], parameters)
    solver = min(fits, key=lambda name: fits[name][0])
    parameters, objective, gradient = problem.polish(fits[solver][1])
    above = {name: float(fits[name][0] / objective - 1) for name in fits}
    features = design.shape[1]
    intercepts = parameters[:, features] if case["intercept"] else np.zeros(len(parameters))
    directions = np.hstack([design, np.ones((len(design), 1))]) if case["intercept"] else design
    unique = bool(case["l2"]) or np.linalg.matrix_rank(directions.astype(float)) == directions.shape[1]
    return solver + " and Newton's method", parameters[:, :features], intercepts, objective, gradient, unique, above


def fit_number(design, target, weights, case):
    """Least squares: min 1/2 sum of w (y - s)^2 + l2 / 2 |b|^2, and of several optima the one with the least |b|.

    By the singular values of the weighted table, then refined with residuals in long double. The refinement's steps
    lie in the table's row space, and so does the solution of least norm.
    """
    weights, target = weights.astype(np.longdouble), target.astype(float).astype(np.longdouble)
    mean = (weights @ target) / weights.sum() if case["intercept"] else np.longdouble(0)
    l2 = np.longdouble(case["l2"])
    stacked = np.vstack([np.sqrt(weights)[:, None] * design, np.sqrt(l2) * np.eye(design.shape[1])]).astype(float)
    _, singular, directions = np.linalg.svd(stacked, full_matrices=False)
    kept = singular > 1e-12 * singular[0]
    inverse = (directions[kept].T / singular[kept] ** 2) @ directions[kept]

    def at(coefficients):
        residuals = design @ coefficients - (target - mean)
        objective = (weights * residuals**2).sum() / 2 + l2 / 2 * (coefficients**2).sum()
        return objective, design.T @ (weights * residuals) + l2 * coefficients

    coefficients = np.zeros(design.shape[1], dtype=np.longdouble)
    for _ in range(10):
        coefficients = coefficients - inverse @ at(coefficients)[1]
    objective, gradient = at(coefficients)
    return "singular values", coefficients[None, :], np.array([mean]), objective, gradient, True, {}


def optimum(case, folder):
    started = time.time()
    rows, target, weights = read_case(case, folder)
    wide_rows, wide_weights = rows.astype(np.longdouble), weights.astype(np.longdouble)
    means = (wide_weights @ wide_rows) / wide_weights.sum()
    deviations = np.sqrt((wide_weights @ (wide_rows - means) ** 2) / wide_weights.sum())
    kept = rows.min(axis=0) < rows.max(axis=0)
    deviations[~kept] = 0
    # An intercept is not penalized: shifting the columns changes it alone, and makes the problem better conditioned.
    shift = means[kept] if case["intercept"] else np.zeros(kept.sum(), dtype=np.longdouble)
    scale = deviations[kept] if case["standardize"] else np.ones(kept.sum(), dtype=np.longdouble)
    design = (wide_rows[:, kept] - shift) / scale
    # Cells of a target that is a number are numbers.
    if target[0][0].isalpha():
        fitted = fit_classes(rows[:, kept], design, shift, target, weights, case)
    else:
        fitted = fit_number(design, target, weights, case)
    solver, scaled, intercepts, objective, gradient, unique, above = fitted
    coefficients = np.zeros((len(scaled), rows.shape[1]), dtype=np.longdouble)
    coefficients[:, kept] = scaled / scale
    intercepts = intercepts - coefficients[:, kept] @ shift
    shown = COEFFICIENTS_SHOWN if rows.shape[1] > MOST_FEATURES else rows.shape[1]
    entry = {
        "name": case["name"],
        "solver": solver,
        "objective": float(objective),
        "gradient": float(np.abs(gradient).max()),
        "unique": bool(unique),
        "coefficients": coefficients[:, :shown].astype(float).tolist(),
        "intercepts": intercepts.astype(float).tolist(),
        "deviations": deviations[:shown].astype(float).tolist(),
    }
    if shown < rows.shape[1]:
        entry["coefficients_shown"] = shown
    solvers = "  ".join(f"{name} {excess:+.1e}" for name, excess in above.items())
    print(
        f"{case['name']:28} {rows.shape[0]:6} x {rows.shape[1]:<5} {entry['objective']:<20.17g} "
        f"gradient {entry['gradient']:.1e}  {time.time() - started:5.1f} s  {solvers}",
        flush=True,
    )
    return entry


def write_optima(folder):
    """optima.json, a case a line."""
    cases = [json.dumps(optimum(case, folder)) for case in json.loads((folder / "cases.json").read_text())]
    versions = f'"scikit_learn": "{sklearn.__version__}",\n"numpy": "{np.__version__}"'
    (HERE / "optima.json").write_text("{\n" + versions + ',\n"cases": [\n' + ",\n".join(cases) + "\n]\n}\n")


def write_losses():
    """losses.json: log loss and slopes p - y at given scores, which are the doubles that their decimals read as."""
    # exp(-2000) is 1e-869: enough digits that 1 + exp(-2000) keeps 60 of it.
    mpmath.mp.dps = 1000

    def text(value):
        return mpmath.nstr(value, 60, min_fixed=0, max_fixed=0)

    binary = []
    magnitudes = [5e-324, 1e-300, 1e-17, 1e-8, 0.001, 0.5, 1.0, 2.0, 10.0, 18.4, 30.0, 36.7, 37.5, 40.0, 100.0, 354.0]
    magnitudes += [700.0, 709.0, 709.8, 745.0]
    for score in [-size for size in reversed(magnitudes)] + [0.0] + magnitudes:
        exact = mpmath.mpf(score)
        for label in (0, 1):
            loss = mpmath.log(1 + mpmath.exp(-exact if label else exact))
            slope = -1 / (1 + mpmath.exp(exact)) if label else 1 / (1 + mpmath.exp(-exact))
            binary.append({"score": score, "class": label, "loss": text(loss), "slope": text(slope)})
    multinomial = []
    for scores in [
        [0.0, 0.0, 0.0],
        [1e-9, 0.0, -1e-9],
        [1e-300, 0.0, -1e-300],
        [1.0, 2.0, 3.0],
        [0.1, 0.2, 0.3, 0.4, 0.5],
        [18.4, 0.0, -18.4],
        [36.7, 36.7, 0.0],
        [50.0, -50.0, 0.0, 3.0],
        [709.0, 0.0, -709.0],
        [745.0, 0.0, 0.0],
        [1000.0, 999.5, -1000.0],
        [-1000.0, -999.5, -1001.0],
        [1e6, 1e6, 1e6, 999999.0],
        [-30.0, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5],
    ]:
        powers = [mpmath.exp(mpmath.mpf(score)) for score in scores]
        for label in range(len(scores)):
            others = sum(power for place, power in enumerate(powers) if place != label)
            loss = mpmath.log(1 + others / powers[label])
            slopes = [power / sum(powers) for power in powers]
            # p - 1 as minus the other probabilities, which keeps its digits.
            slopes[label] = -others / sum(powers)
            multinomial.append(
                {"scores": scores, "class": label, "loss": text(loss), "slopes": [text(slope) for slope in slopes]}
            )
    lists = {"binary": binary, "multinomial": multinomial}
    blocks = [f'"{name}": [\n' + ",\n".join(map(json.dumps, entries)) + "\n]" for name, entries in lists.items()]
    (HERE / "losses.json").write_text("{\n" + f'"mpmath": "{mpmath.__version__}",\n' + ",\n".join(blocks) + "\n}\n")


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "target" / "tables"
    write_golden()
    write_losses()
    write_optima(folder)


if __name__ == "__main__":
    main()
