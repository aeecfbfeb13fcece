"""The model of both Python services: python iris_model.py FILE trains it and writes the file that they load."""

import sys

import joblib
import numpy as np
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


class IrisModel:
    """The loaded file."""

    def __init__(self, path):
        saved = joblib.load(path)
        self.pipeline, self.names, self.classes = saved["pipeline"], saved["names"], saved["classes"]

    def predict(self, rows):
        """All rows in one call, from plain arrays: a pandas table would cost more than the model. A row without one of
        the names is a KeyError."""
        if not rows:
            return []
        values = np.array([[row[name] for name in self.names] for row in rows], dtype=float)
        probabilities = self.pipeline.predict_proba(values)
        return [
            {
                "prediction": self.classes[best],
                "probability": row[best],
                "probabilities": [{"class": name, "probability": p} for name, p in zip(self.classes, row)],
            }
            for best, row in zip(probabilities.argmax(axis=1).tolist(), probabilities.tolist())
        ]


def train(path):
    iris = load_iris()
    classes = iris.target_names.tolist()
    pipeline = make_pipeline(StandardScaler(), LogisticRegression()).fit(iris.data, iris.target)
    joblib.dump({"pipeline": pipeline, "names": iris.feature_names, "classes": classes}, path)


if __name__ == "__main__":
    train(sys.argv[1])
