"""Trains models of many kinds with the installed xgboost and writes what it predicts for 10,000 rows each.

usage: models.py FOLDER. Writes NAME.ubj, NAME.json, NAME.rows, NAME.margins and NAME.predictions (raw little-endian
float32) and prints one JSON list of {"name", "features", "outputs", "margins", "rounds"}.
"""
import json
import sys
from pathlib import Path

import numpy as np
import xgboost as xgb

OUT = Path(sys.argv[1])
ROWS = 10_000
rng = np.random.default_rng(7)
made = []


def table(rows, features, missing=0.0):
    x = rng.normal(size=(rows, features)).astype(np.float32)
    x[:, 0] = np.round(x[:, 0], 1)  # ties with thresholds
    if missing:
        x[rng.random(x.shape) < missing] = np.nan
    return x


def signal(x):
    z = np.nan_to_num(x)
    return z[:, 0] * 1.5 - z[:, 1] ** 2 + np.sin(3 * z[:, 2]) + 0.3 * rng.normal(size=len(z))


def save(name, booster, score, kind=None, **predict):
    matrix = xgb.DMatrix(score, feature_types=kind, enable_categorical=kind is not None)
    margins = booster.predict(matrix, output_margin=True, **predict).astype("<f4").reshape(len(score), -1)
    predictions = booster.predict(matrix, **predict).astype("<f4").reshape(len(score), -1)
    booster.save_model(OUT / f"{name}.ubj")
    booster.save_model(OUT / f"{name}.json")
    score.astype("<f4").tofile(OUT / f"{name}.rows")
    margins.tofile(OUT / f"{name}.margins")
    predictions.tofile(OUT / f"{name}.predictions")
    made.append(dict(name=name, features=score.shape[1], outputs=predictions.shape[1], margins=margins.shape[1],
                     rounds=booster.num_boosted_rounds()))


def fit(name, label, rounds=20, features=8, missing=0.0, rows=1500, kind=None, x=None, score=None, stop=None,
        group=None, label_bounds=None, **params):
    x = table(rows, features, missing) if x is None else x
    y = label(signal(x))
    matrix = xgb.DMatrix(x, label=None if label_bounds else y, feature_types=kind, enable_categorical=kind is not None)
    if group:
        matrix.set_group([group] * (len(x) // group))
    if label_bounds:
        matrix.set_float_info("label_lower_bound", y)
        matrix.set_float_info("label_upper_bound", y)
    extra = {}
    if stop:
        v = table(500, features, missing)
        extra = dict(evals=[(xgb.DMatrix(v, label=label(signal(v))), "v")], early_stopping_rounds=stop)
    booster = xgb.train(dict(nthread=1, seed=3, **params), matrix, rounds, verbose_eval=False, **extra)
    save(name, booster, table(ROWS, x.shape[1], missing or 0.02) if score is None else score, kind)
    return booster


identity = lambda s: s
positive = lambda s: np.exp(s / 2)
binary = lambda s: (s > 0.3).astype(float)
three = lambda s: np.digitize(s, [-1, 0.5]).astype(float)
pair = lambda s: np.stack([s, np.cos(s)], 1)

fit("squarederror", identity, objective="reg:squarederror")
fit("squaredlogerror", positive, objective="reg:squaredlogerror")
fit("pseudohuber", identity, objective="reg:pseudohubererror")
fit("absoluteerror", identity, objective="reg:absoluteerror")
fit("quantile", identity, objective="reg:quantileerror", quantile_alpha=0.7)
fit("quantiles", identity, objective="reg:quantileerror", quantile_alpha=[0.1, 0.5, 0.9])
fit("reg-logistic", binary, objective="reg:logistic")
fit("logistic", binary, objective="binary:logistic")
fit("logitraw", binary, objective="binary:logitraw")
fit("hinge", binary, objective="binary:hinge")
fit("poisson", lambda s: np.floor(positive(s)), objective="count:poisson")
fit("gamma", positive, objective="reg:gamma")
fit("tweedie", positive, objective="reg:tweedie", tweedie_variance_power=1.4)
fit("cox", positive, objective="survival:cox")
fit("aft", positive, objective="survival:aft", label_bounds=True)
fit("softprob", three, objective="multi:softprob", num_class=3)
fit("softmax", three, objective="multi:softmax", num_class=3)
fit("rank-ndcg", lambda s: np.clip(np.round(s + 2), 0, 4), objective="rank:ndcg", group=10)
fit("rank-pairwise", binary, objective="rank:pairwise", group=10)
fit("rank-map", binary, objective="rank:map", group=10)

fit("missing", binary, objective="binary:logistic", missing=0.3, rounds=60)
fit("missing-softprob", three, objective="multi:softprob", num_class=3, missing=0.5)
fit("depth-1", binary, objective="binary:logistic", max_depth=1, rounds=80)
fit("depth-16", binary, objective="binary:logistic", max_depth=16, min_child_weight=0.1)
fit("leaves", binary, objective="binary:logistic", max_depth=0, max_leaves=40, grow_policy="lossguide")
fit("exact-pruned", identity, objective="reg:squarederror", tree_method="exact", gamma=3.0)
fit("approx", binary, objective="binary:logistic", tree_method="approx")
fit("base-score", binary, objective="binary:logistic", base_score=0.2)
fit("weighted", binary, objective="binary:logistic", scale_pos_weight=4.0, reg_alpha=0.4, max_delta_step=1)
fit("sampled", identity, objective="reg:squarederror", subsample=0.6, colsample_bynode=0.5)
fit("monotone", identity, objective="reg:squarederror", monotone_constraints="(1,0,0,0,0,0,0,0)")
fit("no-split", identity, objective="reg:squarederror", min_child_weight=1e6)
fit("one-feature", identity, objective="reg:squarederror", features=1,
    x=(one := np.hstack([table(800, 1)])).repeat(3, axis=1))
fit("wide", binary, objective="binary:logistic", features=200, missing=0.8)
fit("many-rounds", binary, objective="binary:logistic", rounds=310, max_depth=6, learning_rate=0.05)
fit("forest", identity, objective="reg:squarederror", num_parallel_tree=25, rounds=1, subsample=0.7, learning_rate=1,
    colsample_bynode=0.6)
fit("boosted-forest", three, objective="multi:softprob", num_class=3, num_parallel_tree=4, rounds=6, subsample=0.7)
fit("targets", pair, objective="reg:squarederror")
fit("labels", lambda s: np.stack([s > 0, s < -1], 1).astype(float), objective="binary:logistic")

kinds = ["c", "q", "c", "q"]


def categories(rows):
    x = table(rows, 4, 0.05)
    x[:, 0] = rng.integers(0, 5, rows)
    x[:, 2] = rng.integers(0, 60, rows)
    return x


fit("categories-one-hot", identity, x=categories(1500), score=categories(ROWS), kind=kinds,
    objective="reg:squarederror", tree_method="hist", max_cat_to_onehot=100)
fit("categories-sets", binary, x=categories(1500), score=categories(ROWS), kind=kinds, objective="binary:logistic",
    tree_method="hist", max_cat_to_onehot=2, missing=0.1)
strange = categories(ROWS)
strange[:, 2] = rng.integers(0, 200, ROWS)  # categories that training never saw
fit("categories-unseen", identity, x=categories(1500), score=strange, kind=kinds, objective="reg:squarederror",
    tree_method="hist", max_cat_to_onehot=2)

if len(sys.argv) > 2:  # multi-output trees, for readers that know them
    fit("vector-leaves", pair, objective="reg:squarederror", multi_strategy="multi_output_tree", tree_method="hist")
    fit("vector-softprob", three, objective="multi:softprob", num_class=3, multi_strategy="multi_output_tree",
        tree_method="hist")

# What early stopping means: the prediction up to the best iteration, which cut() must give.
x, v, s = table(1500, 8, 0.1), table(500, 8, 0.1), table(ROWS, 8, 0.1)
for name, label, params in [("stopped", binary, dict(objective="binary:logistic", eval_metric="auc")),
                            ("stopped-softprob", three, dict(objective="multi:softprob", num_class=3,
                                                             num_parallel_tree=2))]:
    booster = xgb.train(dict(nthread=1, learning_rate=0.6, max_depth=8, **params), xgb.DMatrix(x, label=label(signal(x))), 200,
                        evals=[(xgb.DMatrix(v, label=label(signal(v))), "v")], early_stopping_rounds=5,
                        verbose_eval=False)
    assert booster.best_iteration + 1 < booster.num_boosted_rounds()
    save(name, booster, s, iteration_range=(0, booster.best_iteration + 1))
    made[-1]["cut"] = booster.best_iteration + 1

print(json.dumps(made))
