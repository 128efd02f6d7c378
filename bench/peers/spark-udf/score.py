"""Scores the rows of a Parquet table and prints {"rows_per_second", "rows", "mean", "versions"}.

--how udf      mlflow.pyfunc.spark_udf on local[2]; the second pass counts, the first warms the Python workers
--how native   XGBoost's own inplace_predict on an array in memory with 2 threads; the second pass counts
"""
import argparse
import json
import os
import time
import warnings
from importlib.metadata import version
from pathlib import Path

warnings.filterwarnings("ignore")
out = os.fdopen(os.dup(1), "w", buffering=1)  # Spark's launcher prints on standard output
os.dup2(2, 1)
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--how", choices=["udf", "native"], required=True)
parser.add_argument("--model", type=Path, required=True)
parser.add_argument("--rows", type=Path, required=True)
arguments = parser.parse_args()

if arguments.how == "udf":
    import mlflow
    from pyspark.sql import functions as F
    from session import spark

    session = spark()
    rows = session.read.parquet(str(arguments.rows))
    udf = mlflow.pyfunc.spark_udf(session, str(arguments.model), result_type="double", env_manager="local")
    for _ in range(2):
        start = time.perf_counter()
        mean, count = rows.select(udf(F.struct(*rows.columns)).alias("p")).agg(F.avg("p"), F.count("p")).collect()[0]
        seconds = time.perf_counter() - start
    session.stop()
else:
    import mlflow.xgboost
    import pandas as pd

    booster = mlflow.xgboost.load_model(str(arguments.model))
    booster.set_param({"nthread": 2})
    table = pd.read_parquet(arguments.rows).to_numpy("float32")
    booster.feature_names = None
    for _ in range(2):
        start = time.perf_counter()
        scores = booster.inplace_predict(table)
        seconds = time.perf_counter() - start
    mean, count = float(scores.astype("float64").mean()), len(scores)
print(json.dumps({"rows_per_second": count / seconds, "rows": count, "mean": mean,
                  "versions": {name: version(name) for name in ("mlflow", "xgboost", "pyspark", "pyarrow")}}), file=out)
