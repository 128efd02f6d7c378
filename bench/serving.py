"""The scoring server beside `mlflow models serve`, on the same model directory and the same requests."""
import contextlib
import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request

from harness.measure import Figure, Refused, Run
from harness.setup import BENCH, ROOT, free_port

SUMMARY = "scoring server: requests, p99, one client's p50, 1,000-row bodies, start, memory; beside MLflow's, and an echo"

LOAD = BENCH / "http" / "Load.java"
ECHO = BENCH / "http" / "Echo.java"
JAVA = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
CLIENTS = 8
TOLERANCE = 1e-6  # beside as much relative: the two print a float32 with as many digits as they like
READY_SECONDS = 120
UP = re.compile(r"at (http://[0-9.:]+)")


def options(parser):
    parser.add_argument("--data", help="folder with winequality-red.csv and winequality-white.csv "
                                       "(default: ../shared/data/wine)")
    parser.add_argument("--warmup", type=float, default=4, help="seconds of load before it counts (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=8, help="seconds that count (default: %(default)s)")


def figures(setup):
    bench = Serving(setup)
    return [
        Figure("requests", "1/s", False, bench.ours("requests"), bench.mlflow("requests"), agree),
        Figure("p99", "ms", True, bench.ours("p99"), bench.mlflow("p99"), agree),
        Figure("large body", "rows/s", False, bench.ours("large body"), bench.mlflow("large body"), agree),
        Figure("ready", "s", True, bench.ours("ready"), bench.mlflow("ready"), agree),
        Figure("memory", "MiB", True, bench.ours("memory"), bench.mlflow("memory"), agree),
        Figure("one client p50", "ms", True, bench.one_client("ours"), bench.one_client("echo")),
        Figure("echo", "1/s", False, bench.against_echo("ours"), bench.against_echo("echo")),
    ]


def agree(ours, peer):
    """Same rows, same predictions: speed of different answers is not compared."""
    if len(ours) != len(peer):
        raise Refused(f"ours predicted {len(ours)} rows, the peer {len(peer)}")
    worst = max(range(len(ours)), key=lambda i: abs(ours[i] - peer[i]))
    if not abs(ours[worst] - peer[worst]) <= TOLERANCE * (1 + abs(peer[worst])):
        raise Refused(f"row {worst}: ours predicts {ours[worst]}, the peer {peer[worst]}")


class Serving:
    def __init__(self, setup):
        self.setup = setup
        options = setup.options
        data = setup.data(options.data, "wine", "winequality-red.csv", "winequality-white.csv")
        splits, self.exported = setup.folder / "splits", setup.folder / "exported"
        setup.script("mlflow", "splits.py", "--data", data, "--to", splits)
        self.trees = setup.script("mlflow", "export.py", "--splits", splits, "--to", self.exported)["trees"]
        said = setup.run([ROOT / "arclight", "version"], minutes=30).splitlines()
        setup.versions["arclight"] = "; ".join(line.removeprefix("arclight ") for line in said if line)
        self.model = self.exported / "model"
        with self.up("ours"):  # once: makes the launcher's class archive
            pass
        self.figure_runs = {}

    def ours(self, figure):
        return lambda: self.measured("ours", figure)

    def mlflow(self, figure):
        return lambda: self.measured("mlflow", figure)

    def measured(self, side, figure):
        """A server's whole life gives all figures; each run of each side is used for all of them, in order."""
        runs = self.figure_runs.setdefault((side, figure), [])
        if not runs:
            values, evidence = self.life(side)
            for name, value in values.items():
                self.figure_runs.setdefault((side, name), []).append(Run(value, evidence))
        return runs.pop(0)

    def life(self, side):
        started = time.monotonic()
        with self.up(side) as server:
            ready = time.monotonic() - started
            evidence = server.predictions(self.exported / "bodies.jsonl")
            small = self.load(server, "bodies.jsonl", CLIENTS)
            large = self.load(server, "large.jsonl", CLIENTS)
            memory = server.memory()
        return {"ready": ready, "requests": small["per_second"], "p99": small["p99"] / 1e3,
                "large body": large["per_second"] * 1000, "memory": memory / 1024}, evidence

    def one_client(self, side):
        def run():
            with self.up(side) as server:
                return Run(self.load(server, "bodies.jsonl", 1)["p50"] / 1e3)
        return run

    def against_echo(self, side):
        def run():
            with self.up(side) as server:
                return Run(self.load(server, "bodies.jsonl", CLIENTS)["per_second"])
        return run

    def load(self, server, bodies, clients):
        said = self.setup.run([JAVA, "-XX:+UseSerialGC", "-Xmx512m", LOAD, "--uri", server.uri + "/invocations",
                               "--bodies", self.exported / bodies, "--clients", clients,
                               "--warmup", self.setup.options.warmup, "--seconds", self.setup.options.seconds], minutes=5)
        result = json.loads(said)
        if result["errors"] or set(result["answers"]) != {"200"}:
            raise Refused(f"not every request was answered: {said.strip()[:500]}")
        if result["connections"] != clients:
            raise Refused(f"{result['connections']} connections for {clients} clients: they were not kept")
        return result["answers"]["200"]

    def up(self, side):
        if side == "ours":
            command = [ROOT / "arclight", "serve", self.model, "--port", "0"]
        elif side == "echo":
            command = [JAVA, "-XX:+UseSerialGC", "-cp", ROOT / "dist" / "target" / "arclight" / "lib" / "*", ECHO]
        else:
            port = free_port()
            command = [self.setup.peer("mlflow").parent / "mlflow", "models", "serve", "-m", self.model, "--env-manager",
                       "local", "-h", "127.0.0.1", "-p", str(port), "--workers", "1"]
            return server(self.setup, side, command, f"http://127.0.0.1:{port}")
        return server(self.setup, side, command)


@contextlib.contextmanager
def server(setup, side, command, uri=None):
    log = setup.folder / f"{side}.log"
    environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true",
                   "PATH": f"{setup.peer('mlflow').parent}{os.pathsep}{os.environ['PATH']}"}
    with open(log, "w") as out:
        child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                 start_new_session=True, env=environment)
    try:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            found = UP.search(log.read_text(errors="replace")) if uri is None else None
            at = uri or (found and found[1])
            if at and (side == "echo" or answers(at + "/ping")):
                break
            if child.poll() is not None or time.monotonic() > deadline:
                raise Refused(f"{side} is not up after {READY_SECONDS} s or ended: {log.read_text()[-1500:]}")
            time.sleep(0.005)
        yield Server(at, child.pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


class Server:
    def __init__(self, uri, group):
        self.uri = uri
        self.group = group

    def predictions(self, bodies):
        """One prediction for each body, over one request each."""
        found = []
        for body in bodies.read_text().splitlines():
            request = urllib.request.Request(self.uri + "/invocations", body.encode(), {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=30) as answer:
                found += json.load(answer)["predictions"]
        return found

    def memory(self):
        """KiB: proportional set sizes of all processes of the group, so that shared pages count once."""
        total = 0
        for pid in subprocess.run(["pgrep", "-g", str(self.group)], capture_output=True, text=True).stdout.split():
            with contextlib.suppress(OSError):
                with open(f"/proc/{pid}/smaps_rollup") as file:
                    total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        return total


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False
