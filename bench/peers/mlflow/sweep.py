"""Hyperopt's search over XGBoost, one trial after the other, nothing tracked: the cost of the search itself.

--parameters FILE   replay these trials (one JSON object a line)
--suggest N         let TPE suggest N trials (seed 123) and print them as such a file: how parameters.jsonl was made

Prints {"wall_seconds", "validation_auc": [one a trial], "versions"}. The time is that of the search alone: no imports,
no reading of files. The data is converted once, before the first trial and inside the time.
"""
import argparse
import json
import logging
import time
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.filterwarnings("ignore")
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import xgboost as xgb  # noqa: E402
from hyperopt import STATUS_OK, Trials, fmin, hp, tpe  # noqa: E402
from hyperopt.fmin import generate_trial  # noqa: E402
from hyperopt.pyll import scope  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--splits", type=Path, required=True, help="folder with train.csv and val.csv")
source = parser.add_mutually_exclusive_group(required=True)
source.add_argument("--parameters", type=Path)
source.add_argument("--suggest", type=int)
parser.add_argument("--nthread", type=int, default=1, help="threads of one training (default: %(default)s)")
arguments = parser.parse_args()
logging.getLogger("hyperopt").setLevel(logging.WARNING)

SPACE = {
    "max_depth": scope.int(hp.quniform("max_depth", 4, 100, 1)),
    "learning_rate": hp.loguniform("learning_rate", -3, 0),
    "reg_alpha": hp.loguniform("reg_alpha", -5, -1),
    "reg_lambda": hp.loguniform("reg_lambda", -6, -1),
    "min_child_weight": hp.loguniform("min_child_weight", -1, 3),
}
FIXED = {"objective": "binary:logistic", "eval_metric": "auc", "seed": 123, "nthread": arguments.nthread}
ROUNDS, PATIENCE = 1000, 50


def table(name):
    frame = pd.read_csv(arguments.splits / f"{name}.csv")
    return frame.drop(columns="label"), frame["label"]


(features, labels), (val_features, val_labels) = table("train"), table("val")
replayed = [] if arguments.parameters is None else [json.loads(line) for line in arguments.parameters.open()]
evals = arguments.suggest or len(replayed)
trials, aucs = Trials(), []
start = time.perf_counter()
train = xgb.DMatrix(features, label=labels)
val = xgb.DMatrix(val_features, label=val_labels)


def evaluate(parameters):
    booster = xgb.train({**parameters, **FIXED}, train, ROUNDS, evals=[(val, "validation")],
                        early_stopping_rounds=PATIENCE, verbose_eval=False)
    aucs.append(booster.best_score)
    return {"status": STATUS_OK, "loss": -booster.best_score}


def replay(ids, domain, trials, seed):
    """In the place of a sampler: the next of the list. (With points_to_evaluate, fmin would add as many of its own.)"""
    return [generate_trial(trial, replayed[trial]) for trial in ids]


fmin(fn=evaluate, space=SPACE, algo=replay if replayed else tpe.suggest, max_evals=evals, trials=trials,
     show_progressbar=False, rstate=np.random.default_rng(123))
wall = time.perf_counter() - start

if arguments.suggest:
    for trial in trials.trials:
        values = {name: value[0] for name, value in trial["misc"]["vals"].items()}
        print(json.dumps({name: int(values[name]) if name == "max_depth" else values[name] for name in SPACE}))
else:
    print(json.dumps({"wall_seconds": wall, "validation_auc": aucs,
                      "versions": {name: version(name) for name in ("hyperopt", "numpy", "xgboost")}}))
