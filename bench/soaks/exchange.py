"""DataFrames to Ray and back: a thousand random tables equal to the last bit, and 8 GB through a 2 GB store, five times."""
import contextlib
import json
import time

from exchange import cluster_of
from harness.measure import Refused
from harness.setup import ROOT

SUMMARY = "1,000 random tables through pyarrow, equal to the last bit; 8 GB through Ray's store five times without a leak"

MEGABYTES = 640  # of one passage: 10 million rows of 8 columns

USED = """
import ray
ray.init(log_to_driver=False, logging_level="ERROR")
print(int(ray.cluster_resources()["object_store_memory"] - ray.available_resources().get("object_store_memory", 0)))
"""


def options(parser):
    parser.add_argument("--cases", type=int, default=1000, help="random tables (default: %(default)s)")
    parser.add_argument("--gigabytes", type=float, default=8, help="through the store in one run (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="runs in a row on one cluster (default: %(default)s)")


def soak(setup):
    findings = {"tables": setup.test("exchange", "RoundTripSoak", minutes=30, arclight__soak__cases=setup.options.cases)}
    setup.arclight_text("version")  # builds it where that is to be done
    passages = max(1, round(setup.options.gigabytes * 1000 / MEGABYTES))
    rounds = []
    cluster, environment = cluster_of(setup)
    python = setup.peer("raydp")
    with contextlib.closing(cluster):
        before = used(setup, python, environment)
        for number in range(setup.options.rounds):
            began = time.monotonic()
            said = setup.run([ROOT / "arclight", "bench-exchange", "--no-copy", "--reps", passages], minutes=20,
                             environment=environment)
            result = json.loads(said.strip().splitlines()[-1])
            if not result["equal"]:
                raise Refused(f"round {number + 1}: what came back is not what went")
            after = wait_for(setup, python, environment, before)
            rounds.append({"gigabytes": round(passages * result["MB"] / 1000, 2), "left_bytes": after - before,
                           "seconds": round(time.monotonic() - began, 1)})
            setup.say(f"round {number + 1}: {json.dumps(rounds[-1])}")
            if after > before:
                raise Refused(f"round {number + 1}: {after - before} bytes are left in the store")
    return {**findings, "rounds": rounds}


def used(setup, python, environment):
    return int(setup.run([python, "-c", USED], minutes=2, environment=environment).strip().splitlines()[-1])


def wait_for(setup, python, environment, before):
    """What is used once it is no more than before; freeing takes Ray a moment."""
    deadline = time.monotonic() + 60
    while (now := used(setup, python, environment)) > before and time.monotonic() < deadline:
        time.sleep(1)
    return now
