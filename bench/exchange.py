"""DataFrames to Ray and back, beside RayDP: same tables, cached in Spark, one executor of one core, a store of 2 GB."""
import json
import os
import secrets
import signal
import subprocess
import threading
from pathlib import Path

from harness.measure import Figure, Refused, Run
from harness.setup import ROOT

SUMMARY = "Spark to Ray and back, MB/s and memory: ours beside RayDP's from_spark and to_spark"

STORE = 2_000_000_000
TABLES = {"numeric": (10_000_000, "4g"), "strings": (2_000_000, "3g")}


def options(parser):
    parser.add_argument("--scale", type=float, default=1, help="share of the rows (default: %(default)s)")


def figures(setup):
    ours = {table: Memo(lambda table=table: our_run(setup, table)) for table in TABLES}
    peer = {table: Memo(lambda table=table: peer_run(setup, table)) for table in TABLES}

    def figure(table, name, key):
        return Figure(f"{table} {name}", "MB/s", False, ours[table].taker(key), peer[table].taker(key))

    return [figure("numeric", "spark to ray", "there"), figure("numeric", "ray to spark", "back"),
            Figure("memory", "MiB", True, ours["numeric"].taker("memory"), peer["numeric"].taker("memory")),
            # The "peer" is the same bytes as plain copies through the store, in the same sessions.
            Figure("numeric fraction of copy", "MB/s", False, ours["numeric"].taker("there"),
                   ours["numeric"].taker("copy")),
            figure("strings", "spark to ray", "there"), figure("strings", "ray to spark", "back")]


class Memo:
    """The runs of one side on one table: one run serves a value to each figure."""

    def __init__(self, run):
        self._run, self._done = run, []

    def taker(self, key):
        taken = 0

        def take():
            nonlocal taken
            if taken == len(self._done):
                self._done.append(self._run())
            taken += 1
            return Run(self._done[taken - 1][key])
        return take


def our_run(setup, table):
    rows, memory = TABLES[table]
    rows = int(rows * setup.options.scale)
    python = setup.peer("raydp")
    with Cluster(setup, python) as cluster, PeakMemory() as peak:
        environment = {**os.environ, **cluster.environment}
        log = setup.folder / "ours.log"
        with open(log, "w") as errors:
            said = subprocess.run(
                [ROOT / "arclight", "bench-exchange", "--table", table, "--rows", str(rows), "--memory", memory],
                env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True, timeout=900)
    if said.returncode:
        raise Refused(f"ours ended with exit code {said.returncode}: {log.read_text()[-1500:]}")
    result = json.loads(said.stdout.strip().splitlines()[-1])
    if not result["equal"]:
        raise Refused("what ours brought back is not what it took there")
    megabytes = result["MB"]
    return {"there": megabytes / median(result["spark_to_ray_s"]), "back": megabytes / median(result["ray_to_spark_s"]),
            "copy": megabytes / median(result["copy_in_s"]), "memory": peak.bytes / 2 ** 20}


def peer_run(setup, table):
    rows, memory = TABLES[table]
    result = setup.script("raydp", "exchange.py", "--table", table, "--rows", int(rows * setup.options.scale),
                          "--memory", memory.upper() + "B", "--object-store-bytes", STORE, "--reps", 3)
    if not result["roundtrip_equal"] or result["errors"]:
        raise Refused(f"RayDP failed: {result['errors']}")
    return {"there": result["from_spark_MBps"], "back": result["to_spark_MBps"],
            "memory": sum(kind["private"] for kind in result["peak_mib"].values())}


def median(values):
    return sorted(values)[len(values) // 2]


class Cluster:
    """A Ray cluster of its own, as RayDP's script makes itself one."""

    def __init__(self, setup, python):
        self.ray = python.parent / "ray"
        self.folder = Path("/tmp") / f"alb-{secrets.token_hex(3)}"
        self.port = 20_000 + secrets.randbelow(9_000)
        token = setup.folder / "token"
        token.write_text(secrets.token_hex(32))
        token.chmod(0o600)
        jar = next(python.parent.parent.glob("lib/python*/site-packages/ray/jars/ray_dist.jar"))
        self.environment = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(token), "ARCLIGHT_RAY_JAR": str(jar),
                            "RAY_ADDRESS": f"127.0.0.1:{self.port}", "RAY_USAGE_STATS_ENABLED": "0"}

    def __enter__(self):
        environment = {**os.environ, **self.environment}
        del environment["RAY_ADDRESS"]
        self.process = subprocess.Popen(
            [self.ray, "start", "--head", "--block", f"--port={self.port}", f"--temp-dir={self.folder}", "--num-cpus=2",
             f"--object-store-memory={STORE}", "--include-dashboard=false", "--disable-usage-stats"],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True)
        for line in self.process.stdout:
            if "Ray runtime started" in line:
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return self
        raise Refused("ray start did not start")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(30)
        finally:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            subprocess.run(["rm", "-rf", self.folder], check=True)


class PeakMemory:
    """Peak of the private bytes of all our descendants but this script: what RayDP's script counts, too."""

    def __init__(self):
        self.bytes, self._stop = 0, threading.Event()

    def __enter__(self):
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _watch(self):
        page = os.sysconf("SC_PAGE_SIZE")
        while not self._stop.wait(0.4):
            parents, private = {}, {}
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                    _, resident, shared, *_ = map(int, (folder / "statm").read_text().split())
                    private[int(folder.name)] = (resident - shared) * page
                except (OSError, ValueError):
                    pass  # it has ended
            total = 0
            for pid in parents:
                at = parents[pid]
                while at > 1 and at != os.getpid():
                    at = parents.get(at, 0)
                if at == os.getpid():
                    total += private.get(pid, 0)
            self.bytes = max(self.bytes, total)
