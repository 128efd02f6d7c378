"""Saves a model as Python users do. usage: save_model.py DIRECTORY"""
import sys

import mlflow.xgboost
import numpy as np
import pandas as pd
import xgboost as xgb
from mlflow.models import infer_signature

rng = np.random.default_rng(1)
frame = pd.DataFrame(rng.normal(size=(400, 3)), columns=["fixed acidity", "pH", "alcohol"])
frame["is_red"] = rng.integers(0, 2, 400)
label = (frame["pH"] + frame["is_red"] > 0.4).astype(float)
booster = xgb.train({"objective": "binary:logistic", "max_depth": 3}, xgb.DMatrix(frame, label=label), 15)
expected = booster.predict(xgb.DMatrix(frame))
mlflow.xgboost.save_model(booster, sys.argv[1], signature=infer_signature(frame, expected), input_example=frame.head(3),
                          pip_requirements=["xgboost"], model_format=sys.argv[2])
frame.to_numpy().astype("<f4").tofile(sys.argv[1] + ".rows")
expected.astype("<f4").tofile(sys.argv[1] + ".predictions")
