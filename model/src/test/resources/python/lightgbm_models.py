"""Trains LightGBM models of many kinds and writes what it predicts for 10,000 rows each.

usage: lightgbm_models.py FOLDER. Writes NAME.lgb, NAME.rows, NAME.margins and NAME.predictions (raw little-endian
float32), one MLflow directory `mlflow` with its rows and pyfunc's predictions, and prints one JSON list of {"name",
"features", "outputs", "trees"}.
"""
import json
import sys
from pathlib import Path

import lightgbm as lgb
import mlflow.lightgbm
import mlflow.pyfunc
import numpy as np
import pandas as pd
from mlflow.models import infer_signature

OUT = Path(sys.argv[1])
ROWS, FEATURES = 10_000, 6
rng = np.random.default_rng(11)
made = []


def table(rows, missing=0.0, zeros=0.0, categories=0):
    x = rng.normal(size=(rows, FEATURES)).astype(np.float32)
    x[:, 0] = np.round(x[:, 0], 1)  # ties with thresholds
    if zeros:
        x[rng.random(x.shape) < zeros] = 0
    if categories:
        x[:, 5] = rng.integers(0, categories, rows)
    if missing:
        x[rng.random(x.shape) < missing] = np.nan
    return x


def signal(x):
    z = np.nan_to_num(x)
    return z[:, 0] * 1.5 - z[:, 1] ** 2 + np.sin(3 * z[:, 2]) + (z[:, 5] % 3 == 1) + 0.3 * rng.normal(size=len(z))


def fit(name, label, rounds=25, rows=1500, missing=0.0, zeros=0.0, categories=0, stop=None, group=None, **params):
    x = table(rows, missing, zeros, categories)
    kind = [5] if categories else "auto"
    train = lgb.Dataset(x, label(signal(x)), categorical_feature=kind, group=[group] * (rows // group) if group else None)
    params = dict(verbosity=-1, num_threads=1, seed=3, min_data_in_leaf=5, **params)
    callbacks, extra = [], {}
    if stop:
        v = table(500, missing, zeros, categories)
        extra = dict(valid_sets=[lgb.Dataset(v, label(signal(v)), reference=train)])
        callbacks = [lgb.early_stopping(stop, verbose=False)]
    booster = lgb.train(params, train, rounds, callbacks=callbacks, **extra)
    booster.save_model(OUT / f"{name}.lgb")
    # Unseen and negative categories and missing values where there were none in training, too.
    score = table(ROWS, missing or 0.02, zeros or 0.02, categories + 3 if categories else 0)
    if categories:
        score[:20, 5] = -1
    reader = lgb.Booster(model_file=OUT / f"{name}.lgb")
    wide = score.astype(np.float64)
    score.astype("<f4").tofile(OUT / f"{name}.rows")
    predictions = np.asarray(reader.predict(wide)).reshape(ROWS, -1)
    predictions.astype("<f4").tofile(OUT / f"{name}.predictions")
    np.asarray(reader.predict(wide, raw_score=True)).astype("<f4").tofile(OUT / f"{name}.margins")
    made.append(dict(name=name, features=FEATURES, outputs=predictions.shape[1], trees=reader.num_trees()))


def positive(z):
    return z > 0


def classes(z):
    return np.digitize(z, [-1, 1])


def counts(z):
    return np.round(np.exp(np.clip(z, -2, 2)))


fit("binary", positive, objective="binary")
fit("binary-sigmoid", positive, objective="binary", sigmoid=1.7, is_unbalance=True)
fit("binary-missing", positive, objective="binary", missing=0.2)
fit("binary-zero-missing", positive, objective="binary", zeros=0.3, missing=0.1, zero_as_missing=True)
fit("binary-no-missing", positive, objective="binary", use_missing=False)
fit("binary-categories", positive, objective="binary", categories=40, missing=0.05, cat_smooth=1, min_data_per_group=5)
fit("binary-onehot", positive, objective="binary", categories=4)
fit("binary-stopped", positive, rounds=200, objective="binary", stop=5)
fit("binary-dart", positive, objective="binary", boosting="dart", drop_rate=0.3)
fit("binary-deep", positive, objective="binary", num_leaves=255, rounds=60, rows=4000)
fit("binary-stump", positive, objective="binary", num_leaves=2)
fit("binary-goss", positive, objective="binary", data_sample_strategy="goss")
fit("forest", positive, objective="binary", boosting="rf", bagging_freq=1, bagging_fraction=0.6)
fit("forest-regression", lambda z: z, objective="regression", boosting="rf", bagging_freq=1, bagging_fraction=0.6)
fit("regression", lambda z: z, objective="regression")
fit("regression-sqrt", lambda z: z * 3, objective="regression", reg_sqrt=True)
fit("regression-l1", lambda z: z, objective="regression_l1")
fit("huber", lambda z: z, objective="huber")
fit("fair", lambda z: z, objective="fair")
fit("quantile", lambda z: z, objective="quantile", alpha=0.9)
fit("mape", lambda z: z + 20, objective="mape")
fit("poisson", counts, objective="poisson")
fit("gamma", lambda z: counts(z) + 1, objective="gamma")
fit("tweedie", counts, objective="tweedie")
fit("multiclass", classes, objective="multiclass", num_class=3)
fit("multiclass-ova", classes, objective="multiclassova", num_class=3)
fit("cross-entropy", lambda z: 1 / (1 + np.exp(-z)), objective="cross_entropy")
fit("cross-entropy-lambda", lambda z: 1 / (1 + np.exp(-z)), objective="cross_entropy_lambda")
fit("lambdarank", classes, objective="lambdarank", group=10)
fit("xendcg", classes, objective="rank_xendcg", group=10)
fit("constant", lambda z: np.full(len(z), 0.25), objective="regression")

frame = pd.DataFrame(table(ROWS), columns=["fixed acidity", "pH", "c", "d", "e", "f"])
booster = lgb.train(dict(objective="binary", verbosity=-1, num_threads=1), lgb.Dataset(frame, positive(signal(frame.to_numpy()))), 20)
mlflow.lightgbm.save_model(booster, str(OUT / "mlflow"), pip_requirements=["lightgbm"],
                           signature=infer_signature(frame, booster.predict(frame)))
frame.to_numpy().astype("<f4").tofile(OUT / "mlflow.rows")
np.asarray(mlflow.pyfunc.load_model(str(OUT / "mlflow")).predict(frame)).astype("<f4").tofile(OUT / "mlflow.predictions")
print(json.dumps(made))
