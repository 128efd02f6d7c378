"""DataFrames to Ray and back, beside RayDP: same tables, cached in Spark, one executor of one core, a store of 2 GB."""
import contextlib
import json
import os
import threading
from pathlib import Path

from harness.measure import Figure, Refused, Run
from harness.sessions import Cluster, tree
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
    setup.arclight_text("version")  # builds it where that is to be done, not while memory is counted
    cluster, environment = cluster_of(setup)
    with contextlib.closing(cluster), PeakMemory() as peak:
        said = setup.run([ROOT / "arclight", "bench-exchange", "--table", table, "--memory", memory,
                          "--rows", int(rows * setup.options.scale)], minutes=15, environment=environment)
        spilled = cluster.spilled()
    result = json.loads(said.strip().splitlines()[-1])
    if not result["equal"]:
        raise Refused("what ours brought back is not what it took there")
    if spilled:
        raise Refused(f"ours spilled {spilled} bytes out of a store of {STORE}")
    megabytes = result["MB"]
    setup.say(f"{table}, ours: {json.dumps(result)}; peak private memory in MiB: {json.dumps(peak.of_peak)}")
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


def cluster_of(setup):
    """A Ray cluster of its own, as RayDP's script makes itself one, and what a session needs to find it."""
    python = setup.peer("raydp")
    cluster = Cluster(setup, python, 2, token=True, store=STORE)
    ray = next(python.parent.parent.glob("lib/python3*/site-packages/ray"))
    return cluster, {**cluster.environment, "RAY_ADDRESS": cluster.address, "ARCLIGHT_RAY_JAR": str(ray)}


class PeakMemory:
    """Peak of the private bytes of all our descendants but this script: what RayDP's script counts, too."""

    def __init__(self):
        self.bytes, self.of_peak, self._stop = 0, {}, threading.Event()

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
            now = {}
            for pid in tree(os.getpid())[1:]:
                try:
                    _, resident, shared, *_ = map(int, Path(f"/proc/{pid}/statm").read_text().split())
                    name = Path(f"/proc/{pid}/comm").read_text().strip()
                except OSError:
                    continue  # it has ended
                now[name] = now.get(name, 0) + (resident - shared) * page
            if sum(now.values()) > self.bytes:
                self.bytes, self.of_peak = sum(now.values()), {name: size >> 20 for name, size in now.items()}
