"""Saves a model that early stopping ended, as Python users do. usage: save_model.py DIRECTORY FORMAT"""
import sys

import mlflow.pyfunc
import mlflow.xgboost
import numpy as np
import pandas as pd
import xgboost as xgb
from mlflow.models import infer_signature

rng = np.random.default_rng(1)
frame = pd.DataFrame(rng.normal(size=(400, 3)), columns=["fixed acidity", "pH", "alcohol"])
frame["is_red"] = rng.integers(0, 2, 400)
label = ((frame["pH"] + frame["is_red"] > 0.4) ^ (rng.random(400) < 0.2)).astype(float)  # noise, to stop early for
train = xgb.DMatrix(frame[:200], label=label[:200])
booster = xgb.train({"objective": "binary:logistic", "max_depth": 6}, train, 60, early_stopping_rounds=5,
                    evals=[(xgb.DMatrix(frame[200:], label=label[200:]), "held")], verbose_eval=False)
assert booster.best_iteration + 1 < booster.num_boosted_rounds() < 60
expected = booster.predict(xgb.DMatrix(frame))
mlflow.xgboost.save_model(booster, sys.argv[1], signature=infer_signature(frame, expected), input_example=frame.head(3),
                          pip_requirements=["xgboost"], model_format=sys.argv[2])
frame.to_numpy().astype("<f4").tofile(sys.argv[1] + ".rows")
mlflow.pyfunc.load_model(sys.argv[1]).predict(frame).astype("<f4").tofile(sys.argv[1] + ".predictions")
print("best %d of %d" % (booster.best_iteration, booster.num_boosted_rounds()))
