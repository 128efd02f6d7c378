"""Fills an MLflow database through MLflow's own client. ARGV: DATABASE-URI ARTIFACTS-FOLDER"""
import math
import sys
import tempfile
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag

database, artifacts = sys.argv[1], sys.argv[2]
mlflow.set_tracking_uri(database)
mlflow.set_registry_uri(database)
client = MlflowClient()
files = Path(tempfile.mkdtemp())
for name in ("wine ü", "gone", "other"):  # the default one would put its artifacts into the working directory
    client.create_experiment(name, artifact_location=f"{artifacts}/{name}", tags={"a": "b ' \" ü", "mlflow.note.content": "n"})
experiment = client.get_experiment_by_name("wine ü").experiment_id
other = client.get_experiment_by_name("other").experiment_id
client.delete_experiment(client.get_experiment_by_name("gone").experiment_id)
runs = []
for i in range(12):
    run = client.create_run(experiment if i % 3 else other, run_name=f"run {i}", tags={"group": "ab"[i % 2], "empty": ""})
    runs.append(run.info.run_id)
    client.log_batch(
        run.info.run_id,
        metrics=[Metric("loss", 1 / (step + 1), 1000 + step, step) for step in range(700)]
        + [Metric("odd", value, 5, 0) for value in (math.nan, math.inf, -math.inf)] + [Metric("m/x y", -0.0, 7, -3)],
        params=[Param("depth", str(i)), Param("text", "x" * 500)], tags=[RunTag("t", "v\n2")])
    client.log_inputs(run.info.run_id, [DatasetInput(Dataset("wine", f"d{i % 4}", "local", "{}", "[]", None), [InputTag("mlflow.data.context", "train")])])
    (files / "a.txt").write_text(f"file {i} ü")
    client.log_artifact(run.info.run_id, str(files / "a.txt"), "deep/er")
    client.set_terminated(run.info.run_id, ["FINISHED", "FAILED", "KILLED"][i % 3], 99_000 + i)
client.delete_run(runs[4])
source = client.get_run(runs[1]).info.artifact_uri + "/deep"
if hasattr(client, "create_logged_model"):  # MLflow 3
    model = client.create_logged_model(experiment, name="model", source_run_id=runs[1], tags={"k": "v"}, params={"p": "1"})
    (files / "MLmodel").write_text("flavors: {}\n")
    client.log_model_artifacts(model.model_id, str(files))
    client.finalize_logged_model(model.model_id, "READY")
    client.log_metric(runs[1], "auc", 0.9, model_id=model.model_id, dataset_name="wine", dataset_digest="d1")
    source = model.model_uri
client.create_registered_model("reg ü", tags={"a": "1"}, description="d")
client.create_registered_model("empty")
client.create_model_version("reg ü", source, runs[1], tags={"v": "1"}, description="first")
client.create_model_version("reg ü", client.get_run(runs[2]).info.artifact_uri + "/deep", runs[2])
client.create_model_version("reg ü", client.get_run(runs[3]).info.artifact_uri + "/deep", runs[3])
client.set_registered_model_alias("reg ü", "champion", "2")
client.transition_model_version_stage("reg ü", "1", "Production")
client.delete_model_version("reg ü", "3")
