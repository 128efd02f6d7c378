"""A RayDP session on a running Ray cluster, driven over standard input: the peer of BenchSession in the module ray.

--address HOST:PORT   the cluster's GCS
--executors N, --memory SIZE, --driver-memory SIZE

Counts one row, prints {"counted": 1, "versions": {...}}, and then answers each line with a line of JSON:
  sql TEXT    {"seconds": s, "answer": text of the first value of the first row}
  executors   {"executors": n}
  exit        ends
Set up as RayDP's documentation says for Java 17. Its own fault tolerance is on, as by default.
"""
import argparse
import json
import os
import sys
import time

os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # or executors start the python3 of PATH
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
answers = os.fdopen(os.dup(1), "w", buffering=1)  # children inherit descriptor 1
os.dup2(2, 1)

OPENS = " ".join(["-XX:+IgnoreUnrecognizedVMOptions"] + [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in (
    "java.lang java.lang.invoke java.io java.net java.nio java.math java.text java.util java.util.concurrent "
    "java.util.concurrent.atomic sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar").split()])

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--address", required=True)
parser.add_argument("--executors", type=int, default=1)
parser.add_argument("--memory", default="1GB")
parser.add_argument("--driver-memory", default="1g")
given = parser.parse_args()

import ray  # noqa: E402
import raydp  # noqa: E402

ray.init(address=given.address, logging_level="ERROR", log_to_driver=False)
conf = {"spark.driver.memory": given.driver_memory, "spark.ui.enabled": "false"}
for who in ("executor", "driver", "ray.raydp_app_master"):
    conf[f"spark.{who}.extraJavaOptions"] = OPENS
spark = raydp.init_spark("session", num_executors=given.executors, executor_cores=1, executor_memory=given.memory,
                         configs=conf)
spark.sparkContext.setLogLevel("ERROR")


def say(**what):
    print(json.dumps(what), file=answers, flush=True)


counted = spark.range(1).count()
from importlib.metadata import version  # noqa: E402

say(counted=counted, versions={name: version(name) for name in ("raydp", "ray", "pyspark")})
for line in sys.stdin:
    word, _, rest = line.strip().partition(" ")
    if word == "exit":
        break
    if word == "sql":
        began = time.monotonic()
        answer = spark.sql(rest).collect()[0][0]
        say(seconds=time.monotonic() - began, answer=str(answer))
    elif word == "executors":
        say(executors=spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1)
    else:
        say(error=f"no such word: {word}")
raydp.stop_spark()
ray.shutdown()
