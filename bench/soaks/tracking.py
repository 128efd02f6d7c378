"""The tracking server killed in the middle of writes, and with a full disk; what it acknowledged must be there."""
import hashlib
import json
import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

from harness.measure import Refused
from harness.rest import Client, call
from harness.setup import ROOT, free_port

SUMMARY = "tracking server: kill -9 under load, disk full: every acknowledged write there, no torn artifact"

CLIENTS = 8


def options(parser):
    parser.add_argument("--rounds", type=int, default=20, help="kills (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default: %(default)s)")
    parser.add_argument("--small-disk", metavar="DIR", help="an empty folder on a disk of its own of 16 to 64 MB, to be "
                        "filled; without it, one is mounted (tmpfs), which needs root")


def built(setup):
    """Builds the program where that is to be done; servers are then started without."""
    setup.versions["arclight"] = setup.run([ROOT / "arclight", "version"], minutes=30).splitlines()[0].removeprefix("arclight ")


def soak(setup):
    built(setup)
    try:
        return both(setup)
    except Refused as e:
        log = (setup.folder / "server.log").read_text(errors="replace")[-3000:]
        raise Refused(f"{e}; the server's log ends with: {log}") from None


def both(setup):
    kills = killed(setup)
    disk = setup.options.small_disk
    if disk:
        return {"kills": kills, "full_disk": full(setup, Path(disk))}
    mount = setup.folder / "small"
    mount.mkdir()
    try:
        setup.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", mount], minutes=1)
    except Refused as e:
        setup.say(f"no small disk could be mounted: {e}")
        return {"kills": kills, "full_disk": "not tried: mounting a small disk needs root, or --small-disk"}
    try:
        return {"kills": kills, "full_disk": full(setup, mount)}
    finally:
        setup.run(["umount", "-l", mount], minutes=1)


class Server:
    def __init__(self, setup, store, environment=None):
        self.port = free_port()
        self.log = open(setup.folder / "server.log", "a")
        self.process = subprocess.Popen([ROOT / "arclight", "tracking", "--port", str(self.port), "--store", store],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True,
                                        env={**os.environ, "ARCLIGHT_NO_BUILD": "1", **(environment or {})})
        until = time.monotonic() + 60
        while True:
            try:
                Client("127.0.0.1", self.port, timeout=5).get("/health")
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    self.kill()
                    raise Refused(f"the server does not start: {(setup.folder / 'server.log').read_text()[-1500:]}") from None
                time.sleep(0.05)

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.log.close()


class Writer(threading.Thread):
    """Logs points, params and artifacts one after the other; keeps what was acknowledged, by what it must read."""

    def __init__(self, port, experiment, number, seed):
        super().__init__(daemon=True)
        self.noise = random.Random(seed * 1000 + number)
        self.client = Client("127.0.0.1", port)
        self.run_id = call(self.client, "runs/create", experiment_id=experiment)["run"]["info"]["run_id"]
        self.metrics, self.params, self.artifacts, self.started = {}, {}, {}, {}
        self.refused = None

    def run(self):
        i = 0
        try:
            while True:
                self.one(i)
                i += 1
        except (OSError, Refused) as e:  # the server is gone
            self.refused = str(e)

    def one(self, i):
        kind = i % 4
        if kind == 0:
            value = self.noise.random()
            call(self.client, "runs/log-metric", run_id=self.run_id, key="single", value=value, timestamp=1, step=i)
            self.metrics["single", i] = value
        elif kind == 1:
            points = {("batch", i * 1000 + j): self.noise.random() for j in range(200)}
            call(self.client, "runs/log-batch", run_id=self.run_id,
                 metrics=[{"key": key, "step": step, "value": value, "timestamp": 1} for (key, step), value in points.items()])
            self.metrics.update(points)
        elif kind == 2:
            call(self.client, "runs/log-parameter", run_id=self.run_id, key=f"p{i}", value=str(i))
            self.params[f"p{i}"] = str(i)
        else:
            content = self.noise.randbytes(self.noise.randint(1, 300_000))
            path = f"files/{self.noise.randint(0, 5)}.bin"  # often one that is there: replaced whole or not at all
            self.started.setdefault(path, set()).add(digest(content))
            self.put(path, content)
            self.artifacts[path] = digest(content)

    def put(self, path, content):
        self.client.put(f"/api/2.0/mlflow-artifacts/artifacts/{self.folder()}/{path}", content)

    def folder(self):
        return self.run_id + "-files"


def killed(setup):
    store = setup.folder / "store"
    moments = random.Random(setup.options.seed)
    writers, acknowledged = [], 0
    for i in range(setup.options.rounds):
        server = Server(setup, store)
        try:
            client = Client("127.0.0.1", server.port)
            experiment = call(client, "experiments/create", name=f"round {i}")["experiment_id"]
            check(client, writers[-2 * CLIENTS:])  # of the rounds before
            now = [Writer(server.port, experiment, k, setup.options.seed + i) for k in range(CLIENTS)]
            for writer in now:
                writer.start()
            time.sleep(moments.uniform(0.2, 4))
        finally:
            server.kill()
        for writer in now:
            writer.join(timeout=60)
        writers += now
        acknowledged += sum(len(w.metrics) + len(w.params) + len(w.artifacts) for w in now)
        setup.say(f"round {i + 1} of {setup.options.rounds}: {acknowledged:,} writes acknowledged so far")
    server = Server(setup, store)
    try:
        check(Client("127.0.0.1", server.port), writers)
    finally:
        server.kill()
    return {"rounds": setup.options.rounds, "clients": CLIENTS, "acknowledged": acknowledged, "lost": 0}


def check(client, writers):
    for writer in writers:
        run = json.loads(client.get(f"/api/2.0/mlflow/runs/get?run_id={writer.run_id}"))["run"]
        params = {p["key"]: p["value"] for p in run["data"].get("params", [])}
        missing = [key for key, value in writer.params.items() if params.get(key) != value]
        for key in ("single", "batch"):
            answer = json.loads(client.get(f"/api/2.0/mlflow/metrics/get-history?run_id={writer.run_id}&metric_key={key}"))
            found = {m["step"]: m["value"] for m in answer.get("metrics", [])}
            missing += [at for at, value in writer.metrics.items() if at[0] == key and found.get(at[1]) != value]
            if key == "batch":
                batches = {}
                for step in found:
                    batches[step // 1000] = batches.get(step // 1000, 0) + 1
                missing += [f"half a batch: {n} of 200" for n in batches.values() if n != 200]
        for path, acknowledged in writer.artifacts.items():
            content = client.get(f"/api/2.0/mlflow-artifacts/artifacts/{writer.folder()}/{path}")
            # The one acknowledged last, or a later one whose acknowledgement was lost: a whole one in any case.
            if digest(content) not in writer.started[path]:
                missing.append(f"{path} is torn: {len(content)} bytes")
        if missing:
            raise Refused(f"run {writer.run_id}: {len(missing)} of what was acknowledged is not there: {missing[:5]}")


def full(setup, disk):
    """Writes until the disk is full, sees it refused clearly, makes room, and goes on."""
    store = disk / "store"
    server = Server(setup, store)
    try:
        client = Client("127.0.0.1", server.port)
        experiment = call(client, "experiments/create", name="full")["experiment_id"]
        writer = Writer(server.port, experiment, 0, 1)
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * (6 << 20))
        refusals = []
        i = 0
        while len(refusals) < 20:
            try:
                writer.one(i)
            except Refused as e:
                refusals.append(str(e))
            i += 1
            if i > 100_000:
                raise Refused("the disk is not full after 100,000 writes: is it small?")
        check(client, [writer])
        clear = [text for text in refusals if "disk is full" in text.lower() or "no space" in text.lower()]
        if len(clear) != len(refusals):
            raise Refused(f"refused without saying that the disk is full: {sorted(set(refusals) - set(clear))[:3]}")
        ballast.unlink()
        for more in range(i, i + 8):
            writer.one(more)
        check(client, [writer])
        server.kill()
        server = Server(setup, store)
        check(Client("127.0.0.1", server.port), [writer])
        return {"writes_before": i - len(refusals), "refused": len(refusals), "said": refusals[0][:300], "after_space": 8}
    finally:
        server.kill()


def digest(content):
    return hashlib.sha256(content).hexdigest()

