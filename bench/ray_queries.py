"""The 22 queries of TPC-H: two executors on Ray beside the same two on Spark standalone."""
import os
import re
import socket
import subprocess
import time

from harness.measure import Figure, Refused, Run
from harness.sessions import Cluster, Session
from harness.setup import ROOT

SUMMARY = "TPC-H at scale 0.1, all 22 queries: executors on Ray beside the same executors on Spark standalone"

QUERIES = ROOT / "ray" / "src" / "test" / "resources" / "tpch" / "queries.sql"
EXECUTORS = 2
SETTINGS = {"spark.executor.instances": EXECUTORS, "spark.executor.cores": 1, "spark.executor.memory": "1g",
            "spark.cores.max": EXECUTORS, "spark.sql.shuffle.partitions": 4, "spark.ui.enabled": "false"}


def options(parser):
    parser.add_argument("--scale", type=float, default=0.1, help="1 is 1 GB of text (default: %(default)s)")


def figures(setup):
    tables = setup.folder / "tpch"
    setup.test("ray", "TpchFilesTest", 15, arclight__soak__folder=tables, arclight__soak__scale=setup.options.scale)
    setup.run([ROOT / "arclight", "version"], minutes=30)
    queries = [" ".join(part.split("\n", 1)[1].split()) for part in
               re.split(r"(?m)^-- (?=q\d+$)", QUERIES.read_text()) if part.startswith("q")]
    if len(queries) != 22:
        raise Refused(f"{QUERIES} has {len(queries)} queries, expected 22")

    python = setup.peer("raydp")  # the Ray of the wheel
    cluster = Cluster(setup, python, EXECUTORS, token=True)
    setup.closing(cluster.close)
    ray = next(python.parent.parent.glob("lib/python3*/site-packages/ray"))
    ours = session(setup, "ray:" + cluster.address, {**cluster.environment, "ARCLIGHT_RAY_JAR": str(ray)})
    peer = session(setup, standalone(setup), {})
    for one in (ours, peer):
        one.ask(f"views {tables}")
        total(one, queries)  # warm: classes, code, the file system's cache

    def agree(a, b):
        wrong = [f"q{i + 1}" for i, (x, y) in enumerate(zip(a, b)) if x != y]
        if wrong:
            raise Refused(f"the answers of {', '.join(wrong)} differ")

    return [Figure("total", "s", True, lambda: total(ours, queries), lambda: total(peer, queries), agree)]


def session(setup, master, environment):
    command = [ROOT / "arclight", "submit", "--master", master]
    for key, value in SETTINGS.items():
        command += ["--conf", f"{key}={value}"]
    command.append("dev.arclight.ray.bench.BenchSession")
    started = Session(setup, command, {**environment, "ARCLIGHT_MEMORY": "1g"})
    setup.closing(started.close)
    deadline = time.monotonic() + 60
    while started.ask("executors")["executors"] < EXECUTORS:
        if time.monotonic() > deadline:
            raise Refused(f"not {EXECUTORS} executors on {master} after 60 s")
        time.sleep(0.2)
    return started


def total(session, queries):
    answers = [session.ask("sql " + query) for query in queries]
    return Run(sum(answer["seconds"] for answer in answers), [answer["answer"] for answer in answers])


def standalone(setup):
    """Starts a master and a worker of the wheel's Spark; the master's address."""
    python = setup.peer("standalone")
    spark = next(python.parent.parent.glob("lib/python3*/site-packages/pyspark"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    master = f"spark://127.0.0.1:{port}"
    home = {"SPARK_HOME": str(spark), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_NO_DAEMONIZE": "1"}
    daemon(setup, home, spark, "master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1",
           "--port", port, "--webui-port", 0, until="I have been elected leader")
    daemon(setup, home, spark, "worker", "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1",
           "--webui-port", 0, "--cores", EXECUTORS, "--memory", "3g", "--work-dir", setup.folder / "work", master,
           until="Successfully registered with master")
    return master


def daemon(setup, environment, spark, name, *command, until):
    log = setup.folder / f"{name}.log"
    with open(log, "w") as out:
        process = subprocess.Popen([spark / "bin" / "spark-class", *map(str, command)], stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=out, start_new_session=True,
                                   env={**os.environ, **environment})
    setup.owns(process)
    deadline = time.monotonic() + 60
    while until not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Refused(f"the standalone {name} did not start: {log.read_text()[-800:]}")
        time.sleep(0.1)
