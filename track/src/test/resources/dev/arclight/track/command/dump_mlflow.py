"""All that MLflow's client sees in a store, where it lies aside, one JSON line each. ARGV: URI"""
import json
import sys

import mlflow
from mlflow import MlflowClient
from mlflow.entities import ViewType

mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_registry_uri(sys.argv[1])
client = MlflowClient()


def show(kind, **values):
    print(json.dumps([kind, values], sort_keys=True, default=str))


experiments = sorted(client.search_experiments(view_type=ViewType.ALL), key=lambda e: e.experiment_id)
for e in experiments:
    show("experiment", id=e.experiment_id, name=e.name, stage=e.lifecycle_stage, made=e.creation_time, tags=e.tags)
ids = [e.experiment_id for e in experiments]
for r in sorted(client.search_runs(ids, run_view_type=ViewType.ALL), key=lambda r: r.info.run_id):
    i = r.info
    history = {key: [[m.value, m.timestamp, m.step] for m in client.get_metric_history(i.run_id, key)] for key in sorted(r.data.metrics)}
    for points in history.values():
        points.sort(key=lambda p: (p[2], p[1], str(p[0])))
    files = [f.path for f in client.list_artifacts(i.run_id, "deep/er")]
    show("run", id=i.run_id, name=i.run_name, experiment=i.experiment_id, status=i.status, start=i.start_time, end=i.end_time,
         stage=i.lifecycle_stage, user=i.user_id, params=r.data.params, tags=r.data.tags, latest=r.data.metrics, history=history,
         inputs=[[d.dataset.name, d.dataset.digest, d.dataset.schema, [[t.key, t.value] for t in d.tags]] for d in r.inputs.dataset_inputs],
         files=files, text=mlflow.artifacts.load_text(i.artifact_uri + "/deep/er/a.txt") if files else None)
for m in client.search_logged_models(ids) if hasattr(client, "search_logged_models") else []:
    show("model", id=m.model_id, name=m.name, status=m.status, run=m.source_run_id, tags=m.tags, params=m.params,
         metrics=[[x.key, x.value, x.dataset_name, x.dataset_digest] for x in m.metrics or []],
         files=sorted(f.path for f in client.list_logged_model_artifacts(m.model_id)))
for m in client.search_registered_models():
    show("registered", name=m.name, description=m.description or "", tags=m.tags, aliases={k: int(v) for k, v in m.aliases.items()})
for v in sorted(client.search_model_versions(), key=lambda v: (v.name, int(v.version))):
    show("version", name=v.name, version=int(v.version), run=v.run_id, stage=v.current_stage, description=v.description or "",
         tags=v.tags, source="models:" if v.source.startswith("models:") else v.source[-5:])
