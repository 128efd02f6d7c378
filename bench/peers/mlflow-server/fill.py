"""Makes an MLflow database with many runs, as if logged by its client: ARGV: FILE RUNS. Prints one JSON object."""
import json
import os
import random
import sqlite3
import sys
import uuid

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"

import mlflow  # noqa: E402
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore  # noqa: E402

path, count = sys.argv[1], int(sys.argv[2])
store = SqlAlchemyStore("sqlite:///" + path, path + ".artifacts")  # its own schema
experiment = store.create_experiment("load")
random.seed(1)
runs, metrics, params, tags = [], [], [], []
for i in range(count):
    run, at = uuid.UUID(int=random.getrandbits(128)).hex, 1_790_000_000_000 + i * 1000
    runs.append((run, f"run {i}", "UNKNOWN", "", "", "bench", "FINISHED", at, at + 900, "", "active",
                 f"mlflow-artifacts:/{experiment}/{run}/artifacts", int(experiment)))
    metrics.append(("auc", random.random(), at, run, 0, 0))
    params += [("max_depth", str(random.randint(4, 100)), run), ("eta", str(random.random()), run)]
    tags += [("mlflow.runName", f"run {i}", run), ("mlflow.user", "bench", run)]
database = sqlite3.connect(path)
with database:
    database.executemany("INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status,"
                         " start_time, end_time, source_version, lifecycle_stage, artifact_uri, experiment_id)"
                         " VALUES (" + ", ".join("?" * 13) + ")", runs)
    for table in ("metrics", "latest_metrics"):
        database.executemany(f"INSERT INTO {table} (key, value, timestamp, run_uuid, step, is_nan)"
                             " VALUES (?, ?, ?, ?, ?, ?)", metrics)
    database.executemany("INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)", params)
    database.executemany("INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)", tags)
database.close()
print(json.dumps({"experiment": experiment, "versions": {"mlflow": mlflow.__version__}}))
