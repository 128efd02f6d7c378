"""Hyperopt's search through SparkTrials on local[N], each trial a run of MLflow's with its model, requirements given.

Replays the trials of --parameters (one JSON object a line). Prints {"wall_seconds", "validation_auc": [one a trial],
"versions"}. The time is that of the search alone: no imports, no start of Spark.
"""
import argparse
import json
import logging
import time
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.filterwarnings("ignore")
import mlflow  # noqa: E402
import mlflow.xgboost  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import xgboost as xgb  # noqa: E402
from hyperopt import STATUS_OK, SparkTrials, fmin, hp  # noqa: E402
from hyperopt.fmin import generate_trial  # noqa: E402
from hyperopt.pyll import scope  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--splits", type=Path, required=True, help="folder with train.csv and val.csv")
parser.add_argument("--parameters", type=Path, required=True)
parser.add_argument("--parallelism", type=int, default=2)
parser.add_argument("--store", type=Path, required=True, help="folder for MLflow's database and artifacts; must exist")
arguments = parser.parse_args()
logging.getLogger("hyperopt").setLevel(logging.WARNING)
logging.getLogger("hyperopt-spark").setLevel(logging.WARNING)

SPACE = {
    "max_depth": scope.int(hp.quniform("max_depth", 4, 100, 1)),
    "learning_rate": hp.loguniform("learning_rate", -3, 0),
    "reg_alpha": hp.loguniform("reg_alpha", -5, -1),
    "reg_lambda": hp.loguniform("reg_lambda", -6, -1),
    "min_child_weight": hp.loguniform("min_child_weight", -1, 3),
}
FIXED = {"objective": "binary:logistic", "eval_metric": "auc", "seed": 123, "nthread": 1}
PINS = [f"{name}=={version(name)}" for name in ("mlflow", "xgboost", "numpy", "pandas")]
URI = f"sqlite:///{arguments.store.resolve()}/mlflow.db"


def table(name):
    frame = pd.read_csv(arguments.splits / f"{name}.csv")
    return frame.drop(columns="label"), frame["label"]


(features, labels), (val_features, val_labels) = table("train"), table("val")
replayed = [json.loads(line) for line in arguments.parameters.open()]
mlflow.set_tracking_uri(URI)
experiment = mlflow.create_experiment("wine", artifact_location=str(arguments.store.resolve() / "artifacts"))


def evaluate(parameters):
    from mlflow.models import infer_signature
    mlflow.set_tracking_uri(URI)
    with mlflow.start_run(experiment_id=experiment):
        val = xgb.DMatrix(val_features, label=val_labels)
        booster = xgb.train({**parameters, **FIXED}, xgb.DMatrix(features, label=labels), 1000,
                            evals=[(val, "validation")], early_stopping_rounds=50, verbose_eval=False)
        mlflow.log_params(parameters)
        mlflow.log_metric("auc", booster.best_score)
        mlflow.xgboost.log_model(booster, name="model", pip_requirements=PINS,
                                 signature=infer_signature(features, booster.predict(val)))
    return {"status": STATUS_OK, "loss": -booster.best_score}


def replay(ids, domain, trials, seed):
    """In the place of a sampler: the next of the list."""
    return [generate_trial(trial, replayed[trial]) for trial in ids]


spark = SparkSession.builder.master(f"local[{arguments.parallelism}]").config("spark.ui.enabled", "false") \
    .config("spark.driver.memory", "1g").config("spark.driver.host", "127.0.0.1").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
trials = SparkTrials(parallelism=arguments.parallelism, spark_session=spark)
start = time.perf_counter()
with mlflow.start_run(experiment_id=experiment, run_name="xgboost_models"):
    fmin(fn=evaluate, space=SPACE, algo=replay, max_evals=len(replayed), trials=trials, show_progressbar=False,
         rstate=np.random.default_rng(123))
wall = time.perf_counter() - start
spark.stop()
aucs = [-trial["result"]["loss"] for trial in sorted(trials.trials, key=lambda trial: trial["tid"])]
print(json.dumps({"wall_seconds": wall, "validation_auc": aucs,
                  "versions": {name: version(name) for name in ("hyperopt", "mlflow", "pyspark", "xgboost")}}))
