"""One session with one executor of 1 GB and one core, on a Ray cluster that runs already."""
import os
import time

from harness.measure import Figure, Refused, Run
from harness.sessions import Cluster, Session, command_line, memory_mib
from harness.setup import BENCH, ROOT

SUMMARY = "a session on Ray with one idle 1 GB executor: process start to first count, and memory, beside RayDP's"

SETTLE_SECONDS = 3


def figures(setup):
    python = setup.peer("raydp")
    setup.run([ROOT / "arclight", "version"], minutes=30)
    theirs = Cluster(setup, python, 2, token=False)
    setup.closing(theirs.close)
    own = Cluster(setup, python, 2, token=True)
    setup.closing(own.close)
    ray = next(python.parent.parent.glob("lib/python3*/site-packages/ray"))

    def ours():
        return Session(setup, [ROOT / "arclight", "submit", "--master", "ray:" + own.address,
                               "--conf", "spark.executor.instances=1", "--conf", "spark.executor.memory=1g",
                               "dev.arclight.ray.bench.BenchSession"],
                       {**own.environment, "ARCLIGHT_RAY_JAR": str(ray), "ARCLIGHT_MEMORY": "1g"})

    def peer():
        return Session(setup, [python, BENCH / "peers" / "raydp" / "session.py", "--address", theirs.address],
                       theirs.environment)

    def started(start, cluster):
        settle(cluster)
        session = start()
        try:
            return Run(session.seconds, session.ready["counted"])
        finally:
            session.close()

    def held(start, cluster):
        settle(cluster)
        before = set(cluster.processes())
        session = start()
        try:
            time.sleep(SETTLE_SECONDS)
            executors = session.ask("executors")["executors"]
            # Python workers that Ray keeps ready are not the session's, though RayDP's driver makes Ray start them.
            new = [pid for pid in set(cluster.processes()) - before if "ray::IDLE" not in command_line(pid)]
            return Run(memory_mib(new + session.processes()), (session.ready["counted"], executors))
        finally:
            session.close()

    started(ours, own)  # class archives are made once for each installation; the peer has nothing of the kind

    return [Figure("start", "s", True, lambda: started(ours, own), lambda: started(peer, theirs), agree),
            Figure("memory", "MiB", True, lambda: held(ours, own), lambda: held(peer, theirs), agree)]


def settle(cluster):
    """Waits until the session before has left the cluster."""
    deadline = time.monotonic() + 60
    while any("java" in command_line(pid).split(" ")[0] for pid in cluster.processes()):
        if time.monotonic() > deadline:
            raise Refused("JVMs of the session before are left on the cluster after 60 s")
        time.sleep(0.2)


def agree(ours, peer):
    if ours != peer:
        raise Refused(f"ours counted {ours}, the peer {peer}")
