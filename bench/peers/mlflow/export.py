"""Trains one model on wine (310 boosted trees) and writes under --to:

model/          MLflow model directory (flavors xgboost and python_function, signature, given pip requirements)
bodies.jsonl    one request body a line, {"dataframe_split": ...} with one row of the test split
large.jsonl     the same with 1,000 rows each
expected.json   what the pyfunc model predicts for the rows of bodies.jsonl, in order
"""
import argparse
import json
import shutil
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.filterwarnings("ignore")
import mlflow  # noqa: E402
import mlflow.xgboost  # noqa: E402
import pandas as pd  # noqa: E402
import xgboost as xgb  # noqa: E402
from mlflow.models import infer_signature  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--splits", type=Path, required=True, help="folder with train.csv, val.csv and test.csv")
parser.add_argument("--to", type=Path, required=True)
arguments = parser.parse_args()

# The best of a sweep of 16 trials with Hyperopt's TPE, seed 123.
PARAMETERS = {"max_depth": 17, "learning_rate": 0.05498371694062937, "min_child_weight": 2.480836983446515,
              "reg_alpha": 0.012364872125432642, "reg_lambda": 0.0035901614232672187, "objective": "binary:logistic",
              "seed": 123, "nthread": 1, "eval_metric": "auc"}
LARGE_ROWS, LARGE_BODIES = 1000, 8


def table(name):
    frame = pd.read_csv(arguments.splits / f"{name}.csv")
    return frame.drop(columns="label"), frame["label"]


def bodies(rows, name):
    with open(arguments.to / name, "w") as file:
        for some in rows:
            file.write(json.dumps({"dataframe_split": {"columns": list(test.columns), "data": some}}) + "\n")


(train, labels), (val, val_labels), (test, _) = table("train"), table("val"), table("test")
booster = xgb.train(PARAMETERS, xgb.DMatrix(train, label=labels), 1000,
                    evals=[(xgb.DMatrix(val, label=val_labels), "validation")], early_stopping_rounds=50,
                    verbose_eval=False)
arguments.to.mkdir(parents=True, exist_ok=True)
model = arguments.to / "model"
shutil.rmtree(model, ignore_errors=True)
mlflow.xgboost.save_model(booster, str(model), signature=infer_signature(train, booster.predict(xgb.DMatrix(test))),
                          pip_requirements=[f"{name}=={version(name)}" for name in ("mlflow", "xgboost")])
rows = test.astype(object).values.tolist()
bodies(([row] for row in rows), "bodies.jsonl")
bodies(([rows[(i * 131 + j) % len(rows)] for j in range(LARGE_ROWS)] for i in range(LARGE_BODIES)), "large.jsonl")
expected = mlflow.pyfunc.load_model(str(model)).predict(test)
(arguments.to / "expected.json").write_text(json.dumps([float(value) for value in expected]))
print(json.dumps({"trees": booster.num_boosted_rounds(),
                  "versions": {name: version(name) for name in ("mlflow", "xgboost")}}))
