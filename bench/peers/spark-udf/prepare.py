"""Writes what both sides score: --to/model-310 and --to/model-20 (MLflow model directories: one booster, and its first
20 trees), --to/model.json and --to/test.csv (the same booster, and rows it did not see, the label last), and
--to/rows.parquet (those rows over and over, each value moved by up to 10%; none with --rows 0)."""
import argparse
import json
import os
import shutil
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.filterwarnings("ignore")
out = os.fdopen(os.dup(1), "w", buffering=1)  # Spark's launcher prints on standard output
os.dup2(2, 1)
import mlflow.xgboost  # noqa: E402
import pandas as pd  # noqa: E402
import xgboost as xgb  # noqa: E402
from mlflow.models import infer_signature  # noqa: E402
from pyspark.sql import functions as F  # noqa: E402
from session import spark  # noqa: E402
from sklearn.model_selection import train_test_split  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--data", type=Path, required=True, help="folder with winequality-red.csv and winequality-white.csv")
parser.add_argument("--to", type=Path, required=True)
parser.add_argument("--rows", type=int, default=2_000_000)
arguments = parser.parse_args()
arguments.to.mkdir(parents=True, exist_ok=True)

colours = []
for colour in ("red", "white"):
    table = pd.read_csv(arguments.data / f"winequality-{colour}.csv", sep=";")
    table["is_red"] = int(colour == "red")
    colours.append(table)
table = pd.concat(colours, ignore_index=True)
table.columns = [name.replace(" ", "_") for name in table.columns]
labels = (table.pop("quality") >= 7).astype(int)
train, rest, train_labels, rest_labels = train_test_split(table, labels, train_size=0.6, random_state=123)
val, test, val_labels, test_labels = train_test_split(rest, rest_labels, test_size=0.5, random_state=123)

# The best parameters of Hyperopt's search with 16 evaluations and seed 123.
params = dict(max_depth=17, learning_rate=0.05498371694062937, min_child_weight=2.480836983446515,
              reg_alpha=0.012364872125432642, reg_lambda=0.0035901614232672187, objective="binary:logistic",
              seed=123, nthread=1, eval_metric="auc")
booster = xgb.train(params, xgb.DMatrix(train, label=train_labels), 1000, verbose_eval=False,
                    evals=[(xgb.DMatrix(val, label=val_labels), "validation")], early_stopping_rounds=50)
trees = {}
for name, model in (("310", booster), ("20", booster[:20])):
    folder = arguments.to / f"model-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    mlflow.xgboost.save_model(model, str(folder), signature=infer_signature(train, model.predict(xgb.DMatrix(test))),
                              pip_requirements=[f"xgboost=={version('xgboost')}"])
    trees[name] = model.num_boosted_rounds()
booster.save_model(arguments.to / "model.json")
test.assign(label=test_labels).to_csv(arguments.to / "test.csv", index=False)
if arguments.rows == 0:
    print(json.dumps({"trees": trees, "versions": {}}), file=out)
    sys.exit(0)

session = spark()
base = session.createDataFrame(test)
copies = arguments.rows // len(test) + 1
moved = [(F.col(c) * (1 + (F.rand(7) - 0.5) * 0.2)).alias(c) for c in test.columns if c != "is_red"]
base.crossJoin(session.range(copies)).select(*moved, F.col("is_red").cast("long").alias("is_red")) \
    .limit(arguments.rows).repartition(8).write.mode("overwrite").parquet(str(arguments.to / "rows.parquet"))
session.stop()
print(json.dumps({"trees": trees, "versions": {}}), file=out)
sys.stdout.flush()
