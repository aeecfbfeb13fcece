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
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, RidgeClassifier, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, OrdinalEncoder, PolynomialFeatures
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeRegressor

import tepal

R = np.random.RandomState(1)
X = pd.DataFrame({"a": R.normal(size=60), "b": R.normal(size=60)})
Y = X["a"].to_numpy() + 0.1 * R.normal(size=60)
TEXTS = pd.DataFrame({"a": X["a"], "c": np.array(["u", "v", "w"], dtype=object)[R.randint(3, size=60)]})
THREE = np.digitize(Y, [-0.5, 0.5])


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
    refused("RidgeClassifier: it has no probabilities", RidgeClassifier(), X, Y > 0)
    refused("LinearSVC: it has no probabilities", LinearSVC(), X, Y > 0)
    refused("SGDClassifier: loss='hinge'", SGDClassifier(), X, Y > 0)
    refused("SGDClassifier: one class against the rest", SGDClassifier(loss="log_loss"), X, THREE)
    transformed = TransformedTargetRegressor(Ridge(), func=np.sinh, inverse_func=np.arcsinh)
    refused("TransformedTargetRegressor", transformed, X, Y)
    refused("MultiOutputRegressor", MultiOutputRegressor(Ridge()), X, np.column_stack([Y, Y]))
    refused("several targets", Ridge(), X, np.column_stack([Y, -Y]))
    refused("several targets", RandomForestRegressor(2), X, np.column_stack([Y, -Y]))
    refused("initial estimator", GradientBoostingRegressor(init=DecisionTreeRegressor(max_depth=1)), X, Y)
    refused("CalibratedClassifierCV", CalibratedClassifierCV(LogisticRegression()), X, Y > 0)
    refused("best_estimator_", GridSearchCV(Ridge(), {"alpha": [1.0]}), X, Y)
    refused("not fitted", Ridge(), X, None)


def test_steps():
    refused("MinMaxScaler: clip=True", make_pipeline(MinMaxScaler(clip=True), Ridge()), X, Y)
    refused("FunctionTransformer: the function", make_pipeline(FunctionTransformer(np.abs), Ridge()), X, Y)
    refused("PolynomialFeatures", make_pipeline(PolynomialFeatures(), Ridge()), X, Y)
    refused("infrequent", encoded(OneHotEncoder(min_frequency=25)), TEXTS, Y)
    refused("missing_values=-1", make_pipeline(SimpleImputer(missing_values=-1), Ridge()), X, Y)


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


if __name__ == "__main__":
    test_estimators()
    test_steps()
    test_tables()
    print("all refused by name")
