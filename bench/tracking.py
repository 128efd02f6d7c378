"""Tracking servers over the same REST calls: ours beside `mlflow server`, both with all that is logged on disk before
they answer (SQLite, synchronous=FULL)."""
import json
import os
import random
import shutil
import socket
import subprocess
import time
from pathlib import Path

from harness.measure import Figure, Refused, Run
from harness.rest import Client, call, together
from harness.setup import ROOT

SUMMARY = "tracking server: log-metric, log-batch, search, memory; ours beside mlflow server, 8 clients"

CLIENTS = 8
WARM_SECONDS = 3
SEARCHES = 40
LEAN = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}


def options(parser):
    parser.add_argument("--seconds", type=float, default=8, help="of each load (default: %(default)s)")
    parser.add_argument("--stored", type=int, default=10_000, metavar="RUNS",
                        help="runs in the store that is searched (default: %(default)s)")


def figures(setup):
    database = setup.folder / "mlflow.db"
    experiment = setup.script("mlflow-server", "fill.py", database, setup.options.stored)["experiment"]
    store = setup.folder / "store"
    setup.arclight("tracking", "import", database, "--store", store, "--no-artifacts", "--json")
    sessions = {}

    def figure(name, unit, lower, key, peer="peer"):
        turns = {}

        def side(which, at):
            def one():
                # A server is started and loaded once a turn; each figure takes its part of that.
                turn = turns[which] = turns.get(which, -1) + 1
                if (at, turn) not in sessions:
                    sessions[at, turn] = session(setup, at, database, store, experiment)
                return Run(sessions[at, turn][key], sessions[at, turn]["verified"])
            return one

        ours = "ours" if peer == "peer" else "ours beside leanest"
        return Figure(name, unit, lower, side("ours", ours), side("peer", peer), agree)

    return [figure("log-metric", "calls/s", False, "log_metric"),
            figure("log-batch", "batches of 1,000/s", False, "log_batch"),
            figure("search", "ms, p95", True, "search"),
            figure("memory", "MiB", True, "memory"),
            figure("memory leanest", "MiB", True, "memory", "leanest")]


def agree(ours, peer):
    if not (ours and peer):
        raise Refused("a server lost points that it had acknowledged")


def session(setup, side, database, store, experiment):
    folder = setup.folder / side.replace(" ", "-")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    port = free_port()
    environment = dict(os.environ, MLFLOW_DISABLE_TELEMETRY="true")
    if side.startswith("ours"):
        shutil.copytree(store, folder / "store")
        command = [ROOT / "arclight", "tracking", "--port", port, "--store", folder / "store"]
    else:
        shutil.copy(database, folder / "mlflow.db")
        python = setup.peer("mlflow-server")
        command = [python.parent / "mlflow", "server", "--host", "127.0.0.1", "--port", port,
                   "--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", folder / "artifacts"]
        environment["PATH"] = f"{python.parent}:{environment['PATH']}"
        if side == "leanest":
            command += ["--workers", 1]
            environment.update(LEAN)
    with setup.server(command, environment, folder) as process:
        await_health(process, port, folder)
        result = load(port, experiment, setup.options.seconds)
        result["memory"] = resident(process.pid)
        result["verified"] = result.pop("acknowledged") == result.pop("found")
    setup.say(f"{side}: {json.dumps(result)}")
    shutil.rmtree(folder, ignore_errors=True)
    return result


def load(port, experiment, seconds):
    clients = [Client("127.0.0.1", port) for _ in range(CLIENTS)]
    runs = [call(c, "runs/create", experiment_id=experiment, start_time=now())["run"]["info"]["run_id"] for c in clients]
    noise = random.Random(2)

    def log_metric(k, i):
        clients[k].post("/api/2.0/mlflow/runs/log-metric",
                        b'{"run_id": "%b", "key": "auc2", "value": %f, "timestamp": %d, "step": %d}'
                        % (runs[k].encode(), noise.random(), now(), i))

    # Steps are written as the batch's number and three digits: each point of each batch is another one.
    template = json.dumps({"run_id": "@run", "metrics": [
        {"key": f"m{j % 10}", "value": j * 0.5, "timestamp": 1_790_000_000_000, "step": "@step%03d" % (j // 10)}
        for j in range(1000)]})
    template = template.replace('"@step', "@")
    for digits in range(100):
        template = template.replace('@%03d"' % digits, "@%03d" % digits)
    bodies = [template.replace("@run", run).encode() for run in runs]

    def log_batch(k, i):
        clients[k].post("/api/2.0/mlflow/runs/log-batch", bodies[k].replace(b"@", b"%d" % (i + 1)))

    offsets = [0] * CLIENTS

    def continued(work):
        return lambda k, i: work(k, i + offsets[k])

    result, acknowledged = {}, 0
    for name, work in (("log_metric", log_metric), ("log_batch", log_batch)):
        offsets = [0] * CLIENTS
        warm, _, _ = together(CLIENTS, work, seconds=WARM_SECONDS)
        offsets = warm
        counts, took, _ = together(CLIENTS, continued(work), seconds=seconds)
        result[name] = sum(counts) / took
        acknowledged += sum(warm) + sum(counts) if name == "log_metric" else 100 * (sum(warm) + sum(counts))

    def search(k, i):
        call(clients[k], "runs/search", experiment_ids=[experiment], order_by=["metrics.auc DESC"], max_results=50,
             filter=f"metrics.auc > {0.5 + (i % 5) / 10} and params.max_depth = '{4 + (7 * k + i) % 97}'")

    together(CLIENTS, search, times=5)
    _, _, laps = together(CLIENTS, search, times=SEARCHES)
    result["search"] = laps[int(len(laps) * 0.95)] * 1000
    result["acknowledged"] = acknowledged
    result["found"] = sum(points(clients[0], run, key) for run in runs for key in ("auc2", "m3"))
    for client in clients:
        client.close()
    return result


def points(client, run, key):
    count, token = 0, ""
    while True:
        answer = json.loads(client.get(f"/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key={key}"
                                       f"&max_results=25000" + (f"&page_token={token}" if token else "")))
        count += len(answer.get("metrics", []))
        token = answer.get("next_page_token", "")
        if not token:
            return count


def resident(root):
    """MiB of a process and all below it; pages that several share are shared out (PSS)."""
    children = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            parent = next(line for line in status.read_text().splitlines() if line.startswith("PPid:")).split()[1]
        except (OSError, StopIteration):
            continue
        children.setdefault(int(parent), []).append(int(status.parent.name))
    total, todo = 0, [root]
    while todo:
        pid = todo.pop()
        todo += children.get(pid, [])
        try:
            with open(f"/proc/{pid}/smaps_rollup") as rollup:
                total += int(next(line for line in rollup if line.startswith("Pss:")).split()[1])
        except (OSError, StopIteration):
            pass
    return total / 1024


def await_health(process, port, folder, minutes=3):
    until = time.monotonic() + minutes * 60
    while time.monotonic() < until:
        if process.poll() is not None:
            raise Refused(f"the server ended with {process.returncode}: {(folder / 'server.log').read_text()[-1000:]}")
        try:
            client = Client("127.0.0.1", port, timeout=10)
            client.get("/health")
            client.close()
            return
        except (OSError, Refused):
            time.sleep(0.2)
    raise Refused(f"the server did not answer within {minutes} minutes")


def now():
    return int(time.time() * 1000)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]
