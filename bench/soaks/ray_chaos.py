"""Executors, nodes and drivers of sessions on Ray, killed with -9 while a shuffle job runs."""
import os
import random
import signal
import statistics
import threading
import time

from harness.measure import Refused, rounded
from harness.sessions import Cluster, Session, command_line
from harness.setup import BENCH, ROOT

SUMMARY = "Spark on Ray: kill -9 of executors, a node and the driver during shuffle jobs; times beside RayDP's"

EXECUTORS = 2
KINDS = ("executor", "node", "driver")
MOST_OF_RAYDPS = 0.6
QUERY = "select sum(s) from (select id % 1000 k, sum(xxhash64(id) % 7) s from range(0, {rows}, 1, 16) group by k)"


def options(parser):
    parser.add_argument("--rounds", type=int, default=20, help="kills of ours (default: %(default)s)")
    parser.add_argument("--peer-rounds", type=int, default=5, help="kills of RayDP's executors (default: %(default)s)")
    parser.add_argument("--only", choices=KINDS, help="kills of one kind (default: 5 of 7 executors, a node, a driver)")
    parser.add_argument("--rows", type=int, default=600_000_000, help="of the job (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the choices (default: %(default)s)")


def soak(setup):
    setup.run([ROOT / "arclight", "version"], minutes=30)
    chance = random.Random(setup.options.seed)
    python = setup.peer("raydp")
    side = Side(setup, python, ours=True)
    beside = setup.options.peer_rounds and setup.options.only in (None, "executor")
    peer = Side(setup, python, ours=False) if beside else None
    expected = side.session.ask("sql " + side.query)["answer"]
    found = []
    for i in range(setup.options.rounds):
        # Nodes and drivers now and then, executors otherwise.
        kind = setup.options.only or ("node" if i % 7 == 5 else "driver" if i % 7 == 6 else "executor")
        found.append({"kind": kind, "side": "ours", **getattr(side, kind)(chance, expected)})
        setup.say(f"round {i + 1} of {setup.options.rounds}: {found[-1]}")
        if peer and kind == "executor" and sum(f["side"] == "raydp" for f in found) < setup.options.peer_rounds:
            found.append({"kind": kind, "side": "raydp", **peer.executor(chance, expected)})
            setup.say(f"beside it: {found[-1]}")

    result = {"rounds": setup.options.rounds, "kills": found}
    for name, side in (("added_seconds", "ours"), ("added_seconds_raydp", "raydp")):
        added = [f["added_seconds"] for f in found if f["kind"] == "executor" and f["side"] == side]
        if added:
            result[name] = rounded(statistics.median(added))
    if "added_seconds_raydp" in result:
        result["of_raydps"] = rounded(result["added_seconds"] / result["added_seconds_raydp"])
        if result["of_raydps"] > MOST_OF_RAYDPS:
            raise Refused(f"the kill of an executor added {result['of_raydps']} of RayDP's time, "
                          f"promised are {MOST_OF_RAYDPS}: {found}")
    return result


class Side:
    """A cluster of two nodes with one executor each, and a session."""

    def __init__(self, setup, python, ours):
        self.setup, self.python, self.ours = setup, python, ours
        self.query = QUERY.format(rows=setup.options.rows)
        self.cluster = Cluster(setup, python, 1 if ours else EXECUTORS, token=ours)
        setup.closing(self.cluster.close)
        if ours:
            self.cluster.add_node(python, 1)
        self.session = self.start()
        self.await_executors(EXECUTORS)
        self.session.ask("sql " + self.query)  # warm

    def start(self):
        if self.ours:
            ray = next(self.python.parent.parent.glob("lib/python3*/site-packages/ray"))
            session = Session(self.setup, [
                ROOT / "arclight", "submit", "--master", "ray:" + self.cluster.address,
                "--conf", f"spark.executor.instances={EXECUTORS}", "--conf", "spark.executor.memory=700m",
                "dev.arclight.ray.bench.BenchSession"],
                {**self.cluster.environment, "ARCLIGHT_RAY_JAR": str(ray), "ARCLIGHT_MEMORY": "1g"})
        else:
            session = Session(self.setup, [
                self.python, BENCH / "peers" / "raydp" / "session.py", "--address", self.cluster.address,
                "--executors", EXECUTORS, "--memory", "700MB"], self.cluster.environment)
        self.setup.closing(session.close)
        return session

    def await_executors(self, count):
        deadline = time.monotonic() + 90
        while (seen := self.session.ask("executors")["executors"]) < count:
            if time.monotonic() > deadline:
                raise Refused(f"{seen} executors after 90 s, expected {count}")
            time.sleep(0.2)

    def executors(self):
        return [pid for pid in self.cluster.processes()
                if "DefaultWorker" in (line := command_line(pid)) and "-Xmx" in line]

    def executor(self, chance, expected):
        pid = chance.choice(self.executors())
        found = self.disturbed(chance, expected, lambda: os.kill(pid, signal.SIGKILL))
        self.await_executors(EXECUTORS)
        return found

    def node(self, chance, expected):
        found = self.disturbed(chance, expected, self.cluster.kill_node)
        self.cluster.add_node(self.python, 1)
        self.await_executors(EXECUTORS)
        return found

    def disturbed(self, chance, expected, kill):
        """A job, the same one with `kill` in the middle, and the same once more."""
        base = self.job(expected, "before")
        after = chance.uniform(0.2, 0.7) * base
        timer = threading.Timer(after, kill)
        timer.start()
        try:
            disturbed = self.job(expected, f"with a kill after {after:.1f} s")
        finally:
            timer.join()
        self.job(expected, "after it")
        return {"base_seconds": round(base, 2), "after_seconds": round(after, 2),
                "added_seconds": round(disturbed - base, 2)}

    def job(self, expected, when):
        said = self.session.ask("sql " + self.query, patience=120)
        if said["answer"] != expected:
            raise Refused(f"the job {when} answered {said['answer']}, expected {expected}")
        return said["seconds"]

    def driver(self, chance, expected):
        """The driver in the middle of a job: nothing is left of it on the cluster, and a new one works."""
        self.session.process.stdin.write(("sql " + self.query + "\n").encode())
        self.session.process.stdin.flush()
        time.sleep(chance.uniform(0.2, 2))
        began = time.monotonic()
        self.session.kill()
        while self.executors():
            if time.monotonic() - began > 30:
                raise Refused(f"30 s after the driver's kill -9 executors are left: {self.executors()}")
            time.sleep(0.05)
        gone = time.monotonic() - began
        self.session = self.start()
        self.await_executors(EXECUTORS)
        self.job(expected, "of the next driver")
        return {"executors_gone_seconds": round(gone, 2)}
