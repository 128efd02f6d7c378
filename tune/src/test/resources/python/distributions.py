"""usage: distributions.py DRAWS: draws from Hyperopt's and Optuna's distributions as JSON, name -> values."""
import json
import math
import sys

import numpy as np
import optuna
from hyperopt import hp
from hyperopt.pyll.stochastic import sample

draws = int(sys.argv[1])
space = {
    "uniform": hp.uniform("uniform", -2, 6),
    "loguniform": hp.loguniform("loguniform", -3, 0),
    "quniform": hp.quniform("quniform", 4, 7, 1),
    "qloguniform": hp.qloguniform("qloguniform", 0, math.log(4), 1),
    "normal": hp.normal("normal", 1, 2),
    "lognormal": hp.lognormal("lognormal", 0, 1),
    "qnormal": hp.qnormal("qnormal", 0, 1, 1),
    "qlognormal": hp.qlognormal("qlognormal", 0, 1, 2),
    "uniformint": hp.uniformint("uniformint", 1, 4),
    "randint": hp.randint("randint", 1, 5),
    "choice": hp.choice("choice", [10, 20, 30]),
    # there only under one option of another
    "nested": hp.choice("kind", [-1.0, hp.uniform("share", 0, 1)]),
}
out = {name: [] for name in space}
random = np.random.default_rng(5)
for _ in range(draws):
    for name, value in sample(space, random).items():
        out[name].append(float(value))

optuna.logging.set_verbosity(optuna.logging.ERROR)
study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=5))
theirs = {"suggest_float": [], "suggest_float_log": [], "suggest_int": [], "suggest_int_log": [],
        "suggest_categorical": []}
for _ in range(draws):
    trial = study.ask()
    theirs["suggest_float"].append(trial.suggest_float("a", -2, 6))
    theirs["suggest_float_log"].append(trial.suggest_float("b", 1e-4, 1, log=True))
    theirs["suggest_int"].append(trial.suggest_int("c", 1, 4))
    theirs["suggest_int_log"].append(trial.suggest_int("d", 1, 64, log=True))
    theirs["suggest_categorical"].append(trial.suggest_categorical("e", [10, 20, 30]))
print(json.dumps({**out, **theirs}))
