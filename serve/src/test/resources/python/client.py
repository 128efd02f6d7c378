"""A Python user: the same model by mlflow.pyfunc and by the server. usage: client.py MODEL_DIRECTORY SERVER_URI

Sends the layouts that a pandas user makes and prints how many predictions it compared.
"""
import sys

import mlflow.pyfunc
import numpy as np
import pandas as pd
import requests

directory, uri = sys.argv[1:]
model = mlflow.pyfunc.load_model(directory)
rng = np.random.default_rng(4)
n = 2000
frame = pd.DataFrame({
    "count": rng.integers(0, 3, n),
    "is_red": rng.integers(0, 2, n).astype(bool),
    "pH": rng.normal(size=n).astype("float32"),
    "fixed acidity": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n)),
    "note": rng.normal(size=n),
})
expected = model.predict(frame)
session = requests.Session()
compared = 0


def check(answer):
    global compared
    assert answer.status_code == 200, answer.text
    seen = np.array(answer.json()["predictions"], "float32")
    assert np.array_equal(seen, expected), np.abs(seen - expected).max()
    compared += len(seen)


json_frame = frame.astype(object).where(frame.notna(), None)
check(session.post(uri + "/invocations", json={"dataframe_split": json_frame.to_dict("split")}))
check(session.post(uri + "/invocations", json={"dataframe_records": json_frame.to_dict("records")}))
check(session.post(uri + "/invocations", json={"inputs": json_frame.to_dict("list")}))
check(session.post(uri + "/invocations", data=frame.to_csv(index=False), headers={"Content-Type": "text/csv"}))
check(session.post(uri + "/invocations", data='{"dataframe_split": ' + frame.to_json(orient="split") + "}",
                   headers={"Content-Type": "application/json"}))
bad = session.post(uri + "/invocations", json={"dataframe_records": [{"pH": 1}]})
assert bad.status_code == 400 and "missing inputs" in bad.json()["message"], bad.text
print(compared)
