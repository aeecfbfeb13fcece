"""The service of every tutorial, scikit-learn behind Flask, without their mistakes. IRIS_MODEL names the file."""

import os

from flask import Flask, jsonify, request

from iris_model import IrisModel

app = Flask(__name__)
# Flask would sort the keys of each answer.
app.json.sort_keys = False
model = IrisModel(os.environ["IRIS_MODEL"])


@app.post("/predict")
def predict():
    try:
        return jsonify(predictions=model.predict(request.get_json()["rows"]))
    except (KeyError, TypeError, ValueError) as error:
        return jsonify(error=f"{type(error).__name__}: {error}"), 400
