"""Tracking servers over the same REST calls: ours beside `mlflow server`, both with all that is logged on disk before
they answer (SQLite, synchronous=FULL)."""
import json
import os
import shutil
import time
from pathlib import Path

from harness.measure import Figure, Refused, Run
from harness.rest import Client, call, together
from harness.setup import BENCH, JAVA, ROOT, free_port

SUMMARY = "tracking server: log-metric, log-batch, search, memory; ours beside mlflow server, 8 clients"

CLIENTS = 8
WARM_SECONDS = 5
SEARCHES = 400
POINTS_A_CLIENT = 25_000
LEAN = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}


def options(parser):
    parser.add_argument("--seconds", type=float, default=8, help="of each load (default: %(default)s)")
    parser.add_argument("--stored", type=int, default=10_000, metavar="RUNS",
                        help="runs in the store that is searched (default: %(default)s)")


def figures(setup):
    database = setup.folder / "mlflow.db"
    experiment = setup.script("mlflow-server", "fill.py", database, setup.options.stored)["experiment"]
    store = setup.folder / "store"
    setup.versions["arclight"] = setup.arclight_text("version").splitlines()[0].removeprefix("arclight ")
    setup.arclight_text("tracking", "import", database, "--store", store, "--no-artifacts")
    sessions = {}

    def figure(name, unit, lower, key, peer="peer"):
        turns = {}

        def side(which, at):
            def one():
                # A server is started and loaded once a turn; each figure takes its part of that.
                turn = turns[which] = turns.get(which, -1) + 1
                if (at, turn) not in sessions:
                    sessions[at, turn] = session(setup, at, database, store, experiment)
                return Run(sessions[at, turn][key], sessions[at, turn]["evidence"])
            return one

        ours = "ours" if peer == "peer" else "ours beside leanest"
        return Figure(name, unit, lower, side("ours", ours), side("peer", peer), agree)

    return [figure("log-metric", "calls/s", False, "log_metric"),
            figure("log-batch", "batches of 1,000/s", False, "log_batch"),
            figure("search", "ms, p95", True, "search"),
            figure("memory", "MiB", True, "memory"),
            figure("memory leanest", "MiB", True, "memory", "leanest")]


def agree(ours, peer):
    if not (ours[0] and peer[0]):
        raise Refused("a server lost points that it had acknowledged")
    if ours[1] != peer[1]:
        raise Refused("the two found other runs, or in another order")


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
        result = load(setup, port, experiment)
        result["memory"] = resident(process.pid)
    evidence = result.pop("verified"), result.pop("answers")
    setup.say(f"{side}: {json.dumps(result)}")
    result["evidence"] = evidence
    shutil.rmtree(folder, ignore_errors=True)
    return result


def load(setup, port, experiment):
    clients = [Client("127.0.0.1", port) for _ in range(CLIENTS)]
    runs = [call(c, "runs/create", experiment_id=experiment, start_time=now())["run"]["info"]["run_id"] for c in clients]
    result = {}
    result["log_metric"], acknowledged = log_metric(setup, port, runs)

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

    warm, _, _ = together(CLIENTS, log_batch, seconds=WARM_SECONDS)
    counts, took, _ = together(CLIENTS, lambda k, i: log_batch(k, i + warm[k]), seconds=setup.options.seconds)
    result["log_batch"] = sum(counts) / took
    acknowledged += 100 * (sum(warm) + sum(counts))

    searches = [{"experiment_ids": [experiment], "order_by": ["metrics.auc DESC"], "max_results": 50,
                 "filter": f"metrics.auc > {0.5 + (i % 5) / 10} and params.max_depth = '{4 + i % 97}'"}
                for i in range(SEARCHES)]
    result["search"] = posted(setup, port, "search", [json.dumps(body) for body in searches])["answers"]["200"]["p95"] / 1000
    result["answers"] = [[run["info"]["run_id"] for run in call(clients[0], "runs/search", **body).get("runs", [])]
                         for body in searches[:20]]
    result["verified"] = acknowledged == sum(points(clients[0], run, key) for run in runs for key in ("auc2", "m3"))
    for client in clients:
        client.close()
    return result


def log_metric(setup, port, runs):
    """Calls a second, and how many points were acknowledged in all. No point comes twice: each client begins where its
    own run's bodies do, and there are more than it can send."""
    bodies = (f'{{"run_id": "{run}", "key": "auc2", "value": {step % 997 / 997:f}, '
              f'"timestamp": {1_790_000_000_000 + step}, "step": {step}}}'
              for run in runs for step in range(POINTS_A_CLIENT))
    result = posted(setup, port, "log-metric", bodies)
    return result["answers"]["200"]["per_second"], result["acknowledged"]


def posted(setup, port, path, bodies):
    """What a load of 8 clients gave. It comes from one small program: eight threads of Python would take half of a small
    machine from the server that they measure, and wait for one another."""
    file = setup.folder / "bodies.jsonl"
    with open(file, "w") as out:
        out.writelines(body + "\n" for body in bodies)
    said = setup.run([JAVA, "-XX:+UseSerialGC", "-Xmx1g", BENCH / "http" / "Load.java", "--bodies", file,
                      "--uri", f"http://127.0.0.1:{port}/api/2.0/mlflow/runs/{path}", "--clients", CLIENTS,
                      "--warmup", WARM_SECONDS, "--seconds", setup.options.seconds], minutes=5)
    result = json.loads(said)
    if result["errors"] or set(result["answers"]) != {"200"}:
        raise Refused(f"not every {path} was answered: {said.strip()[:500]}")
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
