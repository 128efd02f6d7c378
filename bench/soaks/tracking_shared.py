"""Two tracking servers on one PostgreSQL, one of them killed now and then: no update is lost, none takes place twice."""
import json
import random
import threading
import time

from harness.measure import Refused
from harness.postgres import Postgres
from harness.rest import Client, call
from soaks.tracking import Server, built

SUMMARY = "two tracking servers on one PostgreSQL, kill -9 of one of them: no lost update"

CLIENTS = 8


def options(parser):
    parser.add_argument("--rounds", type=int, default=5, help="kills (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=8, help="of load a round (default: %(default)s)")


def soak(setup):
    built(setup)
    database = Postgres()
    setup.closing(database.close)
    servers = [Server(setup, database.url, database.environment) for _ in range(2)]
    try:
        client = Client("127.0.0.1", servers[0].port)
        experiment = call(client, "experiments/create", name="shared")["experiment_id"]
        run = call(client, "runs/create", experiment_id=experiment)["run"]["info"]["run_id"]
        call(client, "registered-models/create", name="wine")
        told = Told()
        for i in range(setup.options.rounds):
            stop = threading.Event()
            writers = [threading.Thread(target=write, args=(k, i, servers, run, told, stop)) for k in range(CLIENTS)]
            for writer in writers:
                writer.start()
            time.sleep(setup.options.seconds / 2)
            killed = i % 2
            servers[killed].kill()
            servers[killed] = Server(setup, database.url, database.environment)
            time.sleep(setup.options.seconds / 2)
            stop.set()
            for writer in writers:
                writer.join(timeout=120)
            if told.wrong:
                raise Refused(told.wrong[0])
            setup.say(f"round {i + 1} of {setup.options.rounds}: {told.summary()}")
        return check(servers, run, told)
    finally:
        for server in servers:
            server.kill()


class Told:
    """What the servers acknowledged."""

    def __init__(self):
        self.lock = threading.Lock()
        self.params, self.steps, self.versions, self.moves, self.wrong = {}, set(), [], [], []
        self.races = self.broken = 0

    def summary(self):
        return {"params": len(self.params), "points": len(self.steps), "versions": len(self.versions),
                "promotions": len(self.moves), "promotions_refused": self.races, "calls_cut_off": self.broken}


def write(k, turn, servers, run, told, stop):
    noise, client, i = random.Random(turn * 100 + k), None, 0
    while not stop.is_set():
        i += 1
        try:
            if client is None:
                client = Client("127.0.0.1", servers[noise.randint(0, 1)].port, timeout=60)
            one(k, turn, i, client, run, told)
        except OSError:  # this server was killed: what became of the call is unknown, the next goes to any of the two
            with told.lock:
                told.broken += 1
            client = None
            time.sleep(0.05)
        except Refused as e:
            with told.lock:
                told.wrong.append(f"refused: {e}")
            return


def one(k, turn, i, client, run, told):
    # All clients want the same name to have a value of their own: one is first, and that value stays.
    key, value = f"shared-{turn}-{i}", f"of client {k}"
    try:
        call(client, "runs/log-parameter", run_id=run, key=key, value=value)
        with told.lock:
            if told.params.setdefault(key, value) != value:
                told.wrong.append(f"param {key} was acknowledged as '{value}' and as '{told.params[key]}'")
    except Refused as e:
        if "status 400" not in str(e):
            raise
    step = (turn * CLIENTS + k) * 1_000_000 + i
    call(client, "runs/log-metric", run_id=run, key="m", value=1, timestamp=1, step=step)
    version = int(call(client, "model-versions/create", name="wine", source=f"runs:/{run}/m")["model_version"]["version"])
    with told.lock:
        told.steps.add(step)
        told.versions.append(version)
    history = json.loads(client.get("/api/2.0/arclight/aliases/history?name=wine"))["changes"] if i % 5 == 0 else None
    if history is not None:
        now = str(history[-1]["to"]) if history else "none"
        body = {"name": "wine", "alias": "champion", "version": version, "expected": now, "why": f"client {k}"}
        try:
            client.post("/api/2.0/arclight/aliases/promote", json.dumps(body).encode())
            with told.lock:
                told.moves.append((now, version))
        except Refused as e:
            if "status 409" not in str(e):
                raise
            with told.lock:
                told.races += 1


def check(servers, run, told):
    client = Client("127.0.0.1", servers[0].port)
    data = json.loads(client.get(f"/api/2.0/mlflow/runs/get?run_id={run}"))["run"]["data"]
    params = {p["key"]: p["value"] for p in data["params"]}
    points = json.loads(client.get(f"/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key=m"))["metrics"]
    changes = json.loads(client.get("/api/2.0/arclight/aliases/history?name=wine"))["changes"]
    moves = [(str(change.get("from", "none")), change["to"]) for change in changes]
    problems = {
        "params lost or changed": [key for key, value in told.params.items() if params.get(key) != value],
        "points lost": sorted(told.steps - {point["step"] for point in points})[:5],
        "versions given twice": sorted({v for v in told.versions if told.versions.count(v) > 1})[:5],
        "promotions lost": [move for move in told.moves if move not in moves][:5],
        "promotions that began elsewhere than the one before ended":
            [(a, b) for a, b in zip(moves, moves[1:]) if str(a[1]) != b[0]][:5],
    }
    for what, found in problems.items():
        if found:
            raise Refused(f"{what}: {found}")
    return {"clients": CLIENTS, **told.summary(), "lost": 0}
