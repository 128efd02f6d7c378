"""Searches over XGBoost on the wine data with seeds 1, 2, ..., one trial after the other, nothing tracked.

Prints {"best_validation_auc": [one a seed], "wall_seconds", "versions"}.
"""
import argparse
import json
import logging
import math
import time
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.filterwarnings("ignore")
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import xgboost as xgb  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--splits", type=Path, required=True, help="folder with train.csv and val.csv")
parser.add_argument("--tuner", choices=["hyperopt", "optuna"], required=True)
parser.add_argument("--trials", type=int, default=96)
parser.add_argument("--seeds", type=int, default=5)
arguments = parser.parse_args()

# Name: (low, high), of the logarithm but for the first, which is a whole number.
SPACE = {"max_depth": (4, 100), "learning_rate": (-3, 0), "reg_alpha": (-5, -1), "reg_lambda": (-6, -1),
         "min_child_weight": (-1, 3)}
ROUNDS, PATIENCE = 1000, 50


def matrix(name):
    frame = pd.read_csv(arguments.splits / f"{name}.csv")
    return xgb.DMatrix(frame.drop(columns="label"), label=frame["label"])


train, val = matrix("train"), matrix("val")


def auc(parameters, seed):
    fixed = {"objective": "binary:logistic", "eval_metric": "auc", "seed": seed, "nthread": 1}
    booster = xgb.train({**parameters, **fixed}, train, ROUNDS, evals=[(val, "validation")],
                        early_stopping_rounds=PATIENCE, verbose_eval=False)
    return booster.best_score


def hyperopt(seed):
    from hyperopt import STATUS_OK, Trials, fmin, hp, tpe
    from hyperopt.pyll import scope
    logging.getLogger("hyperopt").setLevel(logging.WARNING)
    space = {name: scope.int(hp.quniform(name, *ends, 1)) if name == "max_depth" else hp.loguniform(name, *ends)
             for name, ends in SPACE.items()}
    trials = Trials()
    fmin(fn=lambda parameters: {"status": STATUS_OK, "loss": -auc(parameters, seed)}, space=space, algo=tpe.suggest,
         max_evals=arguments.trials, trials=trials, show_progressbar=False, rstate=np.random.default_rng(seed))
    return -min(trials.losses())


def optuna(seed):
    import optuna
    optuna.logging.set_verbosity(optuna.logging.WARNING)

    def objective(trial):
        return auc({name: trial.suggest_int(name, *ends) if name == "max_depth"
                    else trial.suggest_float(name, math.exp(ends[0]), math.exp(ends[1]), log=True)
                    for name, ends in SPACE.items()}, seed)

    sampler = optuna.samplers.TPESampler(multivariate=True, group=True, constant_liar=True, seed=seed)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.optimize(objective, n_trials=arguments.trials)
    return study.best_value


search = {"hyperopt": hyperopt, "optuna": optuna}[arguments.tuner]
start = time.perf_counter()
best = [search(seed) for seed in range(1, arguments.seeds + 1)]
print(json.dumps({"best_validation_auc": best, "wall_seconds": time.perf_counter() - start,
                  "versions": {name: version(name) for name in (arguments.tuner, "xgboost", "numpy")}}))
