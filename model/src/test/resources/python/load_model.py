"""Opens a model directory as a Python user would and writes what it predicts.

usage: load_model.py DIRECTORY ROWS OUT. ROWS: raw little-endian float32, columns as the signature has them. OUT: raw
float32, the predictions of mlflow.pyfunc and then those of mlflow.xgboost. Prints the columns of the signature.
"""
import json
import sys

import mlflow
import mlflow.xgboost
import numpy as np
import pandas as pd
import xgboost as xgb

directory, rows, out = sys.argv[1:]
pyfunc = mlflow.pyfunc.load_model(directory)
schema = pyfunc.metadata.get_input_schema()
columns = schema.input_names()
table = np.fromfile(rows, "<f4").reshape(-1, len(columns))
frame = pd.DataFrame(table.astype(np.float64), columns=columns)
first = np.asarray(pyfunc.predict(frame), "<f4")
booster = mlflow.xgboost.load_model(directory)
second = np.asarray(booster.predict(xgb.DMatrix(frame)), "<f4")
np.concatenate([first.ravel(), second.ravel()]).tofile(out)
print(json.dumps({
    "columns": columns,
    "types": [t.name for t in schema.input_types()],
    "example": pyfunc.metadata.load_input_example(directory).shape if pyfunc.metadata.saved_input_example_info else None,
    "metadata": pyfunc.metadata.metadata,
    "flavors": sorted(pyfunc.metadata.flavors),
    "best": booster.attributes(),
}))
