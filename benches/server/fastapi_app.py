"""The same service with FastAPI. IRIS_MODEL names the file."""

import os

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from iris_model import IrisModel

app = FastAPI()
model = IrisModel(os.environ["IRIS_MODEL"])


class Rows(BaseModel):
    rows: list[dict[str, float]]


# `async`, as a prediction is shorter than the way to a thread and back; the answer as it is, as there is nothing to check.
@app.post("/predict")
async def predict(request: Rows):
    try:
        return JSONResponse({"predictions": model.predict(request.rows)})
    except KeyError as error:
        raise HTTPException(400, f"a row lacks {error}") from error
