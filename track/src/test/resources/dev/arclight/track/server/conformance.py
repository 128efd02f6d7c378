"""What MLflow's own Python client sees of a tracking server, one JSON line a call.

Ids and times are normalised, so that the lines of two servers can be compared. Usage: conformance.py URI FOLDER
"""
import json, math, os, re, sys, warnings

warnings.filterwarnings("ignore")
os.environ.update(MLFLOW_TRACKING_URI=sys.argv[1], MLFLOW_HTTP_REQUEST_MAX_RETRIES="0", GIT_PYTHON_REFRESH="quiet")
import logging; logging.disable(logging.CRITICAL)
OUT, sys.stdout = sys.stdout, sys.stderr  # MLflow prints links
import requests
import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType, Dataset, DatasetInput, InputTag
V3 = not mlflow.__version__.startswith("2.")  # which has logged models
if V3:
    from mlflow.entities import LoggedModelInput, LoggedModelOutput, LoggedModelStatus, LoggedModelParameter
from mlflow.exceptions import MlflowException

URI, FOLDER = sys.argv[1], sys.argv[2]
c, ids, N = MlflowClient(), {}, [0]


def norm(v):
    """Ids become their order of appearance, times whether they are set."""
    if isinstance(v, float) and math.isnan(v):
        return "NaN"
    if isinstance(v, dict):
        return {norm(k) if isinstance(k, str) else k: ("T" if k.endswith(("time", "timestamp", "_ms")) and isinstance(x, int) and x > 10**12 else norm(x)) for k, x in sorted(v.items())}
    if isinstance(v, (list, tuple)):
        return [norm(x) for x in v]
    if isinstance(v, str):
        v = v.replace(URI, "URI")
        for i in re.findall(r"(?:m-)?[0-9a-f]{32}", v):
            v = v.replace(i, ids.setdefault(i, f"<{len(ids)}>"))
        return v
    return v


def show(o):
    """The public values of an entity."""
    if o is None or isinstance(o, (bool, int, float, str)):
        return o
    if isinstance(o, dict):
        return {k: show(x) for k, x in o.items()}
    if isinstance(o, (list, tuple)):
        return [show(x) for x in o]
    if hasattr(o, "to_dictionary"):
        return show(o.to_dictionary())
    d = {}
    for k in dir(o):
        if not k.startswith("_") and k not in ("workspace", "user_id", "model_registration", "effective_trace_archival_retention"):
            try:
                x = getattr(o, k)
            except Exception:
                continue
            if not callable(x):
                d[k] = show(x)
    return d or str(o)


def call(name, f, keep=True):
    N[0] += 1
    r, out = None, {"n": N[0], "call": name}
    try:
        r = f()
        out["result"] = norm(show(r)) if keep else "ok"
    except MlflowException as e:
        out["error"] = e.error_code
        out["status"] = e.get_http_status_code()
    except Exception as e:
        out["error"] = type(e).__name__
        out["text"] = norm(str(e))[:300]
    print(json.dumps(out), flush=True, file=OUT)
    return r


# Experiments
e = call("create_experiment", lambda: c.create_experiment("exp ünï/1", tags={"a": "1", "b": "ü"}), False)
call("create_experiment twice", lambda: c.create_experiment("exp ünï/1"))
call("create_experiment empty", lambda: c.create_experiment(""))
call("create_experiment long", lambda: c.create_experiment("x" * 501))
call("get_experiment", lambda: {k: v for k, v in show(c.get_experiment(e)).items() if k not in ("experiment_id", "artifact_location")})
call("get_experiment none", lambda: c.get_experiment("123456789"))
call("get_experiment text", lambda: c.get_experiment("abc"))
call("get_experiment_by_name", lambda: c.get_experiment_by_name("exp ünï/1").tags)
call("get_experiment_by_name none", lambda: c.get_experiment_by_name("none"))
call("set_experiment_tag", lambda: c.set_experiment_tag(e, "a", "2"))
call("delete_experiment_tag", lambda: c.delete_experiment_tag(e, "b"))
call("delete_experiment_tag none", lambda: c.delete_experiment_tag(e, "zz"))
call("tags", lambda: c.get_experiment(e).tags)
call("rename_experiment", lambda: c.rename_experiment(e, "exp 2"))
for i in range(3):
    call("create for search", lambda: c.create_experiment(f"search-{i}", tags={"k": str(i)}), False)
call("rename to taken", lambda: c.rename_experiment(e, "search-0"))
for f in ["name LIKE 'search-%'", "name ILIKE 'SEARCH-%'", "name = 'search-1'", "tags.k = '2'", "tags.k != '2'", "name LIKE 'SEARCH%'", "attribute.name = 'search-2'", "tags.k IS NULL AND name LIKE 'search%'", "name > 'a'", "nonsense", "creation_time > 5 AND name LIKE 'sea%'", "tags.k LIKE '%'"]:
    call("search_experiments " + f, lambda: sorted(x.name for x in c.search_experiments(filter_string=f)))
call("search_experiments order", lambda: [x.name for x in c.search_experiments(filter_string="name LIKE 'search%'", order_by=["name DESC"])])
call("search_experiments default order", lambda: [x.name for x in c.search_experiments(filter_string="name LIKE 'search%'")])
p = call("search_experiments page", lambda: c.search_experiments(max_results=2, order_by=["name ASC"]), False)
call("page token", lambda: p.token)
call("page names", lambda: [x.name for x in p])
call("page 2", lambda: [x.name for x in c.search_experiments(max_results=2, order_by=["name ASC"], page_token=p.token)])
call("search_experiments max", lambda: c.search_experiments(max_results=60000))
d = c.create_experiment("to delete")
call("delete_experiment", lambda: c.delete_experiment(d))
call("delete_experiment again", lambda: c.delete_experiment(d))
call("deleted stage", lambda: c.get_experiment(d).lifecycle_stage)
call("create in deleted", lambda: c.create_run(d))
call("create deleted name", lambda: c.create_experiment("to delete"))
call("search deleted", lambda: [x.name for x in c.search_experiments(view_type=ViewType.DELETED_ONLY)])
call("restore_experiment", lambda: c.restore_experiment(d))
call("restore_experiment active", lambda: c.restore_experiment(d))

# Runs
r = call("create_run", lambda: c.create_run(e, run_name="run 1", tags={"t": "1"}, start_time=1_700_000_000_000), False)
rid = r.info.run_id
call("get_run", lambda: {k: v for k, v in c.get_run(rid).data.tags.items()})
call("get_run info", lambda: [c.get_run(rid).info.run_name, c.get_run(rid).info.status, c.get_run(rid).info.lifecycle_stage, c.get_run(rid).info.start_time, c.get_run(rid).info.end_time])
call("get_run none", lambda: c.get_run("0" * 32))
call("create_run bad exp", lambda: c.create_run("99999999"))
call("create_run name conflict", lambda: c.create_run(e, run_name="a", tags={"mlflow.runName": "b"}))
call("log_param", lambda: c.log_param(rid, "p", 1))
call("log_param same", lambda: c.log_param(rid, "p", 1))
call("log_param other", lambda: c.log_param(rid, "p", 2))
call("log_param 6000", lambda: c.log_param(rid, "long", "x" * 6000), False)
call("log_param 6001", lambda: len(str(c.log_param(rid, "long2", "x" * 6001))))
call("log_param key 250", lambda: c.log_param(rid, "k" * 250, "x"))
call("log_param key 251", lambda: c.log_param(rid, "k" * 251, "x"))
for k in ["a b", "a/b", "a:b", "ключ", "a//b", "../a", "a*b", "", ".", "a\tb"]:
    call("log_param key " + repr(k), lambda: c.log_param(rid, k, "v"))
for k, v in [("m", 1.5), ("m", -2), ("nan", float("nan")), ("inf", float("inf")), ("ninf", float("-inf")), ("m/a b", 1e300), ("m*", 1)]:
    call(f"log_metric {k} {v}", lambda: c.log_metric(rid, k, v, timestamp=1000, step=3))
call("log_metric neg step", lambda: c.log_metric(rid, "m", 9, timestamp=2000, step=-1))
call("log_metric neg time", lambda: c.log_metric(rid, "m", 9, timestamp=-1, step=1))
call("log_metric same twice", lambda: c.log_metric(rid, "m", 1.5, timestamp=1000, step=3))
call("get_metric_history", lambda: sorted([[m.value, m.timestamp, m.step] for m in c.get_metric_history(rid, "m")]))
call("get_metric_history nan", lambda: [m.value for m in c.get_metric_history(rid, "nan")])
call("get_metric_history none", lambda: list(c.get_metric_history(rid, "no such")))
call("metrics", lambda: c.get_run(rid).data.metrics)
call("params", lambda: {k: v[:20] for k, v in c.get_run(rid).data.params.items()})
call("set_tag", lambda: c.set_tag(rid, "t", "2"))
call("set_tag 8000", lambda: c.set_tag(rid, "big", "x" * 8000), False)
call("set_tag 8001", lambda: c.set_tag(rid, "big2", "x" * 8001))
call("delete_tag", lambda: c.delete_tag(rid, "t"))
call("delete_tag none", lambda: c.delete_tag(rid, "t"))
call("log_batch", lambda: c.log_batch(rid, [Metric("b", i / 7, 5, i) for i in range(900)], [Param(f"bp{i}", str(i)) for i in range(50)], [RunTag(f"bt{i}", "x") for i in range(50)]))
call("history size", lambda: len(c.get_metric_history(rid, "b")))
B = lambda **k: requests.post(URI + "/api/2.0/mlflow/runs/log-batch", json=dict(run_id=rid, **k))
err = lambda r: [r.status_code, r.json().get("error_code")]
call("batch 1001 metrics", lambda: err(B(metrics=[dict(key="x", value=1, timestamp=1, step=i) for i in range(1001)])))
call("batch 101 params", lambda: err(B(params=[dict(key=f"x{i}", value="1") for i in range(101)])))
call("batch 101 tags", lambda: err(B(tags=[dict(key=f"x{i}", value="1") for i in range(101)])))
call("batch duplicate params", lambda: err(B(params=[dict(key="dup", value="1"), dict(key="dup", value="2")])))
call("batch over 1 MB", lambda: err(B(tags=[dict(key=f"x{i}", value="y" * 7900) for i in range(100)], params=[dict(key=f"x{i}", value="y" * 5900) for i in range(100)])))
call("batch NaN text", lambda: err(B(metrics=[dict(key="nt", value="NaN", timestamp=1, step=0)])))
call("batch no value", lambda: err(B(metrics=[dict(key="nv", timestamp=1, step=0)])))
call("batch quoted numbers", lambda: err(B(metrics=[dict(key="qn", value="1.5", timestamp="1", step="2")])))
call("batch run none", lambda: err(requests.post(URI + "/api/2.0/mlflow/runs/log-batch", json=dict(run_id="0" * 32))))
call("batch no run", lambda: err(requests.post(URI + "/api/2.0/mlflow/runs/log-batch", json=dict(metrics=[]))))
call("not json", lambda: requests.post(URI + "/api/2.0/mlflow/runs/log-batch", data="{", headers={"Content-Type": "application/json"}).status_code)
call("no such path", lambda: requests.get(URI + "/api/2.0/mlflow/nothing").status_code)
call("update_run", lambda: c.update_run(rid, status="SCHEDULED", name="new name"))
call("updated", lambda: [c.get_run(rid).info.run_name, c.get_run(rid).info.status, c.get_run(rid).data.tags["mlflow.runName"]])
call("set_terminated", lambda: c.set_terminated(rid, "FAILED", 1_700_000_001_000))
call("terminated", lambda: [c.get_run(rid).info.status, c.get_run(rid).info.end_time])
d = c.create_run(e, run_name="deleted", start_time=1_600_000_000_000).info.run_id
call("delete_run", lambda: c.delete_run(d))
call("delete_run again", lambda: c.delete_run(d))
call("log to deleted", lambda: c.log_metric(d, "m", 1))
call("deleted lifecycle", lambda: c.get_run(d).info.lifecycle_stage)
call("search deleted runs", lambda: [x.info.run_name for x in c.search_runs([e], run_view_type=ViewType.DELETED_ONLY)])
call("restore_run", lambda: c.restore_run(d))
call("restore_run active", lambda: c.restore_run(d))

# Search
se = c.create_experiment("searched")
for i in range(12):
    x = c.create_run(se, run_name=f"s{i:02d}", start_time=1_650_000_000_000 + i * 1000, tags={"grp": "ab"[i % 2], "Case": "UPper" if i % 3 else "lower"}).info.run_id
    c.log_batch(x, [Metric("auc", float("nan") if i == 5 else i / 10, 10, 1), Metric("my metric/x", -i, 1, 0)] if i != 7 else [], [Param("depth", str(i % 4)), Param("a.b", "x_y%" if i == 2 else "v")], [])
S = lambda f="", **k: [x.info.run_name for x in c.search_runs([se], f, **k)]
for f in ["metrics.auc > 0.5", "metrics.auc >= 0.5 and metrics.auc < 1", "metric.auc != 0.3", "metrics.auc = 0.3", "metrics.`my metric/x` <= -3", "metrics.\"my metric/x\" < -10", "metrics.auc > -1e-1", "params.depth = '2'", "params.depth != '2'", "param.depth LIKE '%'", "params.`a.b` LIKE 'x_y%'", "params.a.b = 'v'", "parameters.depth = \"3\"", "params.depth IN ('1')", "params.depth IS NULL", "params.none IS NULL", "params.depth IS NOT NULL AND metrics.auc > 0.9", "tags.grp = 'a'", "tag.grp != 'a'", "tags.Case LIKE 'UP%'", "tags.Case LIKE 'up%'", "tags.Case ILIKE 'up%'", "tags.case = 'lower'", "tags.`mlflow.runName` = 's03'", "tags.mlflow.runName = 's03'", "attributes.status = 'RUNNING' and metrics.auc > 1", "attribute.run_name = 's04'", "run_name LIKE 's1%'", "attributes.`run name` = 's01'", "attr.start_time > 1650000009000", "start_time >= 1650000010000", "created > 1650000010000", "end_time > 5", "attributes.run_id = 'x'", "attributes.status IN ('RUNNING')", "run_id IN ('a', 'b')", "run_id NOT IN ('a')", "metrics.auc > '1'", "metrics.auc LIKE '1'", "params.depth > '1'", "params.depth = 2", "tags.grp = 'a' OR tags.grp = 'b'", "tags.grp = 'a' AND", "tags.grp = 'a", "foo.bar = '1'", "attributes.nope = '1'", "metrics.auc IS NULL", "tags.grp = 'a'; DROP TABLE runs", "tags.grp = 'x'' OR ''1''=''1'", "metrics.none = 0", "dataset.name = 'd'", "datasets.nope = 'd'", "tags.grp='a'and params.depth='0'", "  metrics.auc   >   1.0  ", "TAGS.grp = 'a'", "tags.grp like 'a'", "metrics.auc > 0.5 AND (params.depth = '1')", "not metrics.auc > 0.5", "metrics.auc > .5", "metrics.auc > 5e-1"]:
    call("search_runs " + f, lambda: S(f))
for o in [["metrics.auc DESC"], ["metrics.auc ASC"], ["metrics.auc"], ["params.depth ASC", "metrics.auc DESC"], ["attributes.start_time ASC"], ["start_time DESC"], ["tags.Case DESC", "run_name"], ["metrics.`my metric/x` ASC"], ["params.none"], ["attribute.end_time ASC"], ["metrics.auc DOWN"], ["nope"], ["metrics.auc", "metrics.auc DESC"], ["created ASC"], ["attributes.run_name DESC"], ["dataset.name"]]:
    call("order_by " + repr(o), lambda: S(order_by=o))
p = call("search page", lambda: c.search_runs([se], max_results=5, order_by=["run_name ASC"]), False)
call("search page token", lambda: p.token)
call("search page 2", lambda: [x.info.run_name for x in c.search_runs([se], max_results=5, order_by=["run_name ASC"], page_token=p.token)])
call("search bad token", lambda: c.search_runs([se], page_token="garbage"))
call("search max 50001", lambda: c.search_runs([se], max_results=50001))
call("search max 0", lambda: err(requests.post(URI + "/api/2.0/mlflow/runs/search", json=dict(experiment_ids=[se], max_results=0))))
call("search no experiments", lambda: list(c.search_runs([])))
call("search two experiments", lambda: len(c.search_runs([se, e])))

# Inputs, outputs, artifacts
ds = DatasetInput(Dataset("wine", "d1", "local", "{}", "{}", "{}"), [InputTag("mlflow.data.context", "train")])
call("log_inputs", lambda: c.log_inputs(rid, [ds]))
call("log_inputs again", lambda: c.log_inputs(rid, [ds]))
call("inputs", lambda: c.get_run(rid).inputs)
call("search dataset", lambda: [x.info.run_name for x in c.search_runs([e], "dataset.name = 'wine' AND dataset.context = 'train'")])
call("log_text", lambda: c.log_text(rid, "hello ü", "a/b c/ü.txt"))
call("log_dict", lambda: c.log_dict(rid, {"a": 1}, "a/d.json"))
os.makedirs(FOLDER + "/up/sub", exist_ok=True); open(FOLDER + "/up/sub/x.bin", "wb").write(bytes(range(256)) * 5000); open(FOLDER + "/up/y.txt", "w").write("y")
call("log_artifacts", lambda: c.log_artifacts(rid, FOLDER + "/up", "dir"))
L = lambda q=None: sorted([f.path, f.is_dir, f.file_size] for f in c.list_artifacts(rid, q))
call("list_artifacts", lambda: L())
call("list_artifacts a", lambda: L("a"))
call("list_artifacts deep", lambda: L("dir/sub"))
call("list_artifacts none", lambda: L("none"))
call("list_artifacts file", lambda: L("dir/y.txt"))
call("download", lambda: open(c.download_artifacts(rid, "a/b c/ü.txt"), encoding="utf8").read())
call("download dir", lambda: sorted(os.listdir(c.download_artifacts(rid, "dir"))))
call("download bytes", lambda: os.path.getsize(c.download_artifacts(rid, "dir/sub/x.bin")))
call("download none", lambda: mlflow.artifacts.load_text(f"runs:/{rid}/none.txt"), False)
raw = lambda m, q, **k: requests.request(m, URI + "/api/2.0/" + q, **k).status_code
call("traversal list", lambda: raw("GET", f"mlflow/artifacts/list?run_id={rid}&path=../.."))
call("traversal get", lambda: raw("GET", "mlflow-artifacts/artifacts/..%2f..%2fetc/passwd"))
call("proxy missing", lambda: raw("GET", "mlflow-artifacts/artifacts/no/such/file"))

# Logged models
m = (V3 or None) and call("create_logged_model", lambda: c.create_logged_model(e, name="lm", source_run_id=rid, tags={"a": "1"}, params={"p": "1"}, model_type="xgb"), False)
if m is not None:
    call("logged model", lambda: [m.name, m.status, m.tags, m.params, m.model_type, m.source_run_id, m.metrics])
    call("create_logged_model bad", lambda: c.create_logged_model(e, name="a/b"))
    call("get_logged_model none", lambda: c.get_logged_model("m-" + "0" * 32))
    call("set_logged_model_tags", lambda: c.set_logged_model_tags(m.model_id, {"b": "2"}))
    call("delete_logged_model_tag", lambda: c.delete_logged_model_tag(m.model_id, "a"))
    call("delete_logged_model_tag none", lambda: c.delete_logged_model_tag(m.model_id, "zz"))
    call("log_metric on model", lambda: c.log_metric(rid, "macc", 0.9, model_id=m.model_id, dataset_name="wine", dataset_digest="d1", timestamp=5, step=1))
    call("finalize_logged_model", lambda: c.finalize_logged_model(m.model_id, "READY").status)
    call("get_logged_model", lambda: (lambda x: [x.name, x.status, x.tags, x.params, [[q.key, q.value, q.dataset_name, q.dataset_digest, q.step] for q in x.metrics]])(c.get_logged_model(m.model_id)))
    m2 = c.create_logged_model(e, name="lm2")
    for f in ["name = 'lm'", "name LIKE 'lm%'", "metrics.macc > 0.5", "metrics.macc > 0.95", "params.p = '1'", "tags.b = '2'", "model_type = 'xgb'", "status = 'READY'", "name != 'lm'", "attributes.name = 'lm2'", "source_run_id = 'x'", "nope = 'x'", "name IN ('lm', 'x')"]:
        call("search_logged_models " + f, lambda: sorted(x.name for x in c.search_logged_models([e], filter_string=f)))
    call("search_logged_models order", lambda: [x.name for x in c.search_logged_models([e], order_by=[{"field_name": "name", "ascending": False}])])
    call("search_logged_models metric order", lambda: [x.name for x in c.search_logged_models([e], order_by=[{"field_name": "metrics.macc", "ascending": True}])])
    call("search_logged_models dataset", lambda: [x.name for x in c.search_logged_models([e], datasets=[{"dataset_name": "wine"}])])
    call("log_outputs", lambda: c.log_outputs(rid, [LoggedModelOutput(m.model_id, 1)]))
    call("outputs", lambda: [[x.step] for x in c.get_run(rid).outputs.model_outputs])
    call("log_inputs model", lambda: c.log_inputs(rid, models=[LoggedModelInput(m.model_id)]))
    call("model inputs", lambda: len(c.get_run(rid).inputs.model_inputs))
    call("delete_logged_model", lambda: c.delete_logged_model(m2.model_id))
    call("deleted logged model", lambda: c.get_logged_model(m2.model_id))

# Registry
call("create_registered_model", lambda: show(c.create_registered_model("reg ü", {"t": "1"}, "desc")))
call("create_registered_model twice", lambda: c.create_registered_model("reg ü"))
call("create_registered_model slash", lambda: c.create_registered_model("a/b"))
call("create_registered_model empty", lambda: c.create_registered_model(""))
call("get_registered_model", lambda: c.get_registered_model("reg ü"))
call("get_registered_model none", lambda: c.get_registered_model("none"))
call("update_registered_model", lambda: c.update_registered_model("reg ü", "desc 2").description)
call("set_registered_model_tag", lambda: c.set_registered_model_tag("reg ü", "t2", "v"))
call("delete_registered_model_tag", lambda: c.delete_registered_model_tag("reg ü", "t"))
call("delete_registered_model_tag none", lambda: c.delete_registered_model_tag("reg ü", "zz"))
for i in range(3):
    call("create_model_version", lambda: (lambda v: [v.version, v.current_stage, v.status, v.description, v.tags, v.run_id, v.source])(c.create_model_version("reg ü", f"runs:/{rid}/model", rid, tags={"i": str(i)}, description=f"d{i}")))
call("create_model_version no model", lambda: c.create_model_version("none", f"runs:/{rid}/model", rid))
if m is not None:
    call("create_model_version models:/", lambda: (lambda v: [v.version, re.sub(r":/\d+/", ":/E/", v.source), v.run_id])(c.create_model_version("reg ü", m.artifact_location, rid, model_id=m.model_id)))
    call("get_model_version_download_uri", lambda: re.sub(r":/\d+/", ":/E/", c.get_model_version_download_uri("reg ü", "4")))
call("get_model_version", lambda: c.get_model_version("reg ü", "2"))
call("get_model_version none", lambda: c.get_model_version("reg ü", "99"))
call("get_model_version text", lambda: c.get_model_version("reg ü", "x"))
call("update_model_version", lambda: c.update_model_version("reg ü", "1", "new").description)
call("set_model_version_tag", lambda: c.set_model_version_tag("reg ü", "1", "k", "v"))
call("delete_model_version_tag", lambda: c.delete_model_version_tag("reg ü", "1", "i"))
call("version tags", lambda: c.get_model_version("reg ü", "1").tags)
for f in ["name = 'reg ü'", "name LIKE 'reg%'", "name ILIKE 'REG%'", "tags.t2 = 'v'", "name > 'a'", "nope = 'x'", "name != 'reg ü'", "name IN ('reg ü')"]:
    call("search_registered_models " + f, lambda: [x.name for x in c.search_registered_models(f)])
call("search_registered_models order", lambda: [x.name for x in c.search_registered_models(order_by=["name DESC"])])
call("search_registered_models order last", lambda: [x.name for x in c.search_registered_models(order_by=["last_updated_timestamp DESC"])])
call("search_registered_models bad order", lambda: c.search_registered_models(order_by=["nope"]))
for f in ["name = 'reg ü'", f"run_id = '{rid}'", "tags.i = '2'", "version_number > 1", "version_number = 2", "source_path LIKE 'runs:%'", "name = 'none'", "run_id IN ('" + rid + "')", "nope = '1'"]:
    call("search_model_versions " + norm(f), lambda: [x.version for x in c.search_model_versions(f, order_by=["version_number ASC"])])
call("set alias", lambda: c.set_registered_model_alias("reg ü", "champion", "1"))
call("set alias again", lambda: c.set_registered_model_alias("reg ü", "champion", "2"))
call("set alias 2", lambda: c.set_registered_model_alias("reg ü", "other-1_x", "2"))
for a in ["v1", "latest", "a b", "", "x" * 256, "x" * 255]:
    call("set alias " + a[:10] + str(len(a)), lambda: c.set_registered_model_alias("reg ü", a, "1"))
call("set alias no version", lambda: c.set_registered_model_alias("reg ü", "z", "77"))
call("get by alias", lambda: [c.get_model_version_by_alias("reg ü", "champion").version, sorted(c.get_model_version_by_alias("reg ü", "champion").aliases)])
call("get by alias none", lambda: c.get_model_version_by_alias("reg ü", "none"))
call("aliases", lambda: {k: str(v) for k, v in c.get_registered_model("reg ü").aliases.items() if len(k) < 100})
call("delete alias", lambda: c.delete_registered_model_alias("reg ü", "other-1_x"))
call("delete alias none", lambda: c.delete_registered_model_alias("reg ü", "other-1_x"))
call("transition", lambda: c.transition_model_version_stage("reg ü", "1", "Production").current_stage)
call("transition lower", lambda: c.transition_model_version_stage("reg ü", "2", "production", archive_existing_versions=True).current_stage)
call("archived", lambda: c.get_model_version("reg ü", "1").current_stage)
call("transition bad", lambda: c.transition_model_version_stage("reg ü", "1", "Nowhere"))
call("transition archive none", lambda: c.transition_model_version_stage("reg ü", "1", "None", archive_existing_versions=True))
call("get_latest_versions", lambda: sorted([v.version, v.current_stage] for v in c.get_latest_versions("reg ü")))
call("get_latest_versions stage", lambda: [v.version for v in c.get_latest_versions("reg ü", ["Production"])])
call("delete_model_version", lambda: c.delete_model_version("reg ü", "2"))
call("alias after delete", lambda: {k: str(v) for k, v in c.get_registered_model("reg ü").aliases.items() if len(k) < 100})
call("delete_model_version again", lambda: c.delete_model_version("reg ü", "2"))
call("rename_registered_model", lambda: c.rename_registered_model("reg ü", "reg 2").name)
call("renamed versions", lambda: sorted(v.version for v in c.search_model_versions("name = 'reg 2'")))
call("delete_registered_model", lambda: c.delete_registered_model("reg 2"))
call("delete_registered_model again", lambda: c.delete_registered_model("reg 2"))

# The fluent API and models
mlflow.set_experiment("fluent")
with mlflow.start_run(run_name="parent") as parent:
    mlflow.log_params({"a": 1, "b": "x"}); mlflow.log_metrics({"m": 0.5}, step=1); mlflow.set_tags({"z": "1"})
    with mlflow.start_run(run_name="child", nested=True) as child:
        mlflow.log_metric("m", 1)
call("fluent parent", lambda: [c.get_run(parent.info.run_id).info.status, c.get_run(parent.info.run_id).data.params])
call("fluent child", lambda: c.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent.info.run_id)
call("search_runs pandas", lambda: mlflow.search_runs(experiment_names=["fluent"], order_by=["start_time"])["metrics.m"].tolist())
try:
    with mlflow.start_run(run_name="bad") as bad:
        raise ValueError("x")
except ValueError:
    pass
call("fluent failed", lambda: c.get_run(bad.info.run_id).info.status)
import numpy as np, xgboost as xgb
from sklearn.linear_model import LogisticRegression
X = np.random.default_rng(1).normal(size=(200, 3)); y = (X[:, 0] > 0).astype(int)


def sklearn():
    with mlflow.start_run(run_name="sk"):
        info = mlflow.sklearn.log_model(LogisticRegression().fit(X, y), **{"name" if V3 else "artifact_path": "model"}, registered_model_name="sk-model", pip_requirements=["scikit-learn"], input_example=None)
    c.set_registered_model_alias("sk-model", "champion", 1)
    a = mlflow.pyfunc.load_model("models:/sk-model@champion").predict(X)
    b = mlflow.sklearn.load_model("models:/sk-model/1").predict(X)
    d = mlflow.sklearn.load_model(info.model_uri).predict(X)
    return [a.tolist() == b.tolist() == d.tolist(), sorted(os.listdir(mlflow.artifacts.download_artifacts("models:/sk-model@champion")))]


def autolog():
    mlflow.xgboost.autolog(log_models=False)
    with mlflow.start_run(run_name="xgb") as r:
        xgb.train({"objective": "binary:logistic", "eval_metric": "auc"}, xgb.DMatrix(X, y), 5, evals=[(xgb.DMatrix(X, y), "train")], verbose_eval=False)
    x = c.get_run(r.info.run_id)
    return [sorted(x.data.metrics), len(c.get_metric_history(r.info.run_id, "train-auc")), x.data.params["num_boost_round"], sorted(f.path for f in c.list_artifacts(r.info.run_id))]


call("sklearn.log_model and load_model", sklearn)
call("xgboost.autolog", autolog)
print(json.dumps({"calls": N[0]}), file=OUT)
