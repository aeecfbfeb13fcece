"""What is not carried is refused by its name, and no file is written."""

import os
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import (AdaBoostRegressor, BaggingClassifier, GradientBoostingRegressor, RandomForestRegressor,
                              VotingClassifier)
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, RidgeClassifier, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (FunctionTransformer, OneHotEncoder, OrdinalEncoder, QuantileTransformer,
                                   SplineTransformer, StandardScaler)
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier

import tepal

R = np.random.RandomState(1)
X = pd.DataFrame({"a": R.normal(size=60), "b": R.normal(size=60)})
Y = X["a"].to_numpy() + 0.1 * R.normal(size=60)
TEXTS = pd.DataFrame({"a": X["a"], "c": np.array(["u", "v", "w"], dtype=object)[R.randint(3, size=60)]})


def refused(part, model, table, target, **options):
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = os.path.join(folder, "model.json")
        try:
            tepal.export(model if target is None else model.fit(table, target), table, path, **options)
        except tepal.NotCarried as error:
            assert part in str(error), (part, str(error))
            assert not os.path.exists(path)
            return
    raise AssertionError(f"{part} is carried")


def encoded(encoder):
    return make_pipeline(ColumnTransformer([("c", encoder, ["c"])], remainder="passthrough"), LinearRegression())


def test_estimators():
    refused("RidgeClassifier: it has no probabilities; wrap it", RidgeClassifier(), X, Y > 0)
    refused("LinearSVC: it has no probabilities", LinearSVC(), X, Y > 0)
    refused("SVC: it has no probabilities", SVC(), X, Y > 0)
    refused("SGDClassifier: loss='hinge'", SGDClassifier(), X, Y > 0)
    transformed = TransformedTargetRegressor(Ridge(), func=np.sinh, inverse_func=np.arcsinh)
    refused("TransformedTargetRegressor: the inverse function 'arcsinh'", transformed, X, Y)
    refused("MultiOutputRegressor", MultiOutputRegressor(Ridge()), X, np.column_stack([Y, Y]))
    refused("several targets", Ridge(), X, np.column_stack([Y, -Y]))
    refused("several targets", RandomForestRegressor(2), X, np.column_stack([Y, -Y]))
    refused("several targets", MLPRegressor(hidden_layer_sizes=(2,), max_iter=5), X, np.column_stack([Y, -Y]))
    refused("init=Ridge", GradientBoostingRegressor(init=Ridge()), X, Y)
    refused("best_estimator_", GridSearchCV(Ridge(), {"alpha": [1.0]}), X, Y)
    refused("not fitted", Ridge(), X, None)
    refused("not fitted", MLPRegressor(), X, None)


def test_composites():
    pair = [("a", LogisticRegression()), ("b", DecisionTreeClassifier(max_depth=2))]
    refused("VotingClassifier: voting='hard'", VotingClassifier(pair), X, Y > 0)
    refused("KNeighborsClassifier: it contains the training rows",
            VotingClassifier(pair + [("c", KNeighborsClassifier())], voting="soft"), X, Y > 0)
    refused("AdaBoostRegressor: a weighted median", AdaBoostRegressor(n_estimators=2), X, Y)
    refused("GaussianProcessRegressor: it contains the training rows", GaussianProcessRegressor(), X, Y)
    refused("LinearSVC: it has no probabilities", BaggingClassifier(LinearSVC(), n_estimators=2), X, Y > 0)


def test_training_rows():
    model = SVR()
    refused("training rows, as its support vectors; export(..., allow_rows=True)", model, X, Y)
    refused("SVC: it contains", make_pipeline(StandardScaler(), CalibratedClassifierCV(SVC(), cv=2)), X, Y > 0)
    with tempfile.TemporaryDirectory() as folder:
        tepal.export(SVR(kernel="linear").fit(X, Y), X, os.path.join(folder, "linear.json"))
        tepal.export(model.fit(X, Y), X, os.path.join(folder, "rows.json"), allow_rows=True)


def test_steps():
    refused("FunctionTransformer: the function 'sin'", make_pipeline(FunctionTransformer(np.sin), Ridge()), X, Y)
    own = FunctionTransformer(lambda table: np.log1p(np.abs(table)))
    refused("FunctionTransformer: the function '<lambda>'", make_pipeline(own, Ridge()), X, Y)
    refused("SplineTransformer: a step that is not carried", make_pipeline(SplineTransformer(), Ridge()), X, Y)
    normal = QuantileTransformer(n_quantiles=10, output_distribution="normal")
    refused("QuantileTransformer: output_distribution='normal'", make_pipeline(normal, Ridge()), X, Y)
    marked = make_pipeline(SimpleImputer(missing_values="u", strategy="most_frequent"), OneHotEncoder())
    refused("missing_values='u'", encoded(marked), TEXTS, Y)


def test_tables():
    refused("an empty text", encoded(OneHotEncoder()), TEXTS.replace("u", ""), Y)
    fitted = encoded(OrdinalEncoder()).fit(TEXTS, Y)
    other = TEXTS.copy()
    other.loc[7, "c"] = "x"
    refused("the model itself does not predict it", fitted, other, None)
    refused("no column 'c'", fitted, TEXTS[["a"]], None)
    both = TEXTS.astype(object)
    both.loc[3, "c"], both.loc[4, "c"] = np.nan, None
    if both.loc[4, "c"] is None:
        refused("two kinds of missing", encoded(OneHotEncoder()), both, Y)
    refused("no feature 'z'", LinearRegression(), X, Y, units={"z": "mm"})
    classes = np.where(Y > 0, " b", "a")
    refused("begin or end with blanks", LogisticRegression(), X, classes)
    refused("differ in blanks alone", encoded(OneHotEncoder()), TEXTS.replace("u", "v "), Y)
    refused("ColumnTransformer does not take its first row", encoded(OneHotEncoder()).fit(TEXTS, Y), TEXTS.to_numpy(), None)


if __name__ == "__main__":
    test_estimators()
    test_composites()
    test_training_rows()
    test_steps()
    test_tables()
    print("all refused by name")
