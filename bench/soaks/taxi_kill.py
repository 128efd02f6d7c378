"""A conversion of trips, killed again and again where it happens to be."""
import hashlib
import json
import os
import random
import signal
import subprocess
import time

from harness.measure import Refused
from harness.setup import ROOT

SUMMARY = "taxi convert, kill -9 or Ctrl-C at random moments: no part of a month, other months untouched, a rerun is whole"

DIGEST = """SELECT year, month, count(*) AS trips, sum(total_amount) AS total,
    sum(CAST(xxhash64(pickup_datetime, dropoff_datetime, trip_distance, total_amount) AS DECIMAL(38, 0))) AS digest
    FROM trips GROUP BY year, month ORDER BY year, month"""


def options(parser):
    parser.add_argument("--rounds", type=int, default=10, help="kills (default: %(default)s)")
    parser.add_argument("--rows", type=int, default=400_000, help="trips of the three months (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default: %(default)s)")


def soak(setup):
    arclight = ROOT / "arclight"
    setup.versions["arclight"] = setup.run([arclight, "version"], minutes=30).splitlines()[0].removeprefix("arclight ")
    data, table = setup.folder / "data", setup.folder / "table"
    setup.run([arclight, "data", "taxi", "--months", "2019-01..2019-03", "--service", "yellow", "--flaws", 1000,
               "--rows", setup.options.rows, "--out", data], minutes=10)

    def convert(*months):
        return [arclight, "taxi", "convert", "--service", "yellow", "--output", table, "--input",
                *(data / f"yellow_tripdata_2019-{month:02}.csv" for month in months)]

    def digest():
        return setup.run([arclight, "sql", DIGEST, "--table", f"trips={table}", "--format", "csv"], minutes=5)

    setup.run(convert(1, 2, 3), minutes=10)
    undisturbed = digest()
    started = time.monotonic()
    setup.run(convert(2, 3), minutes=10)
    whole = time.monotonic() - started
    january = content(table / "year=2019" / "month=1")
    moments = random.Random(setup.options.seed)
    kills, missed = [], 0
    while len(kills) < setup.options.rounds:
        i = len(kills)
        kind = "SIGKILL" if i % 3 else "SIGINT"
        # The renames are at the very end: half of the kills aim there.
        after = whole * (moments.uniform(0.05, 1.0) if i % 2 else moments.uniform(0.8, 1.02))
        ended, reached = kill(setup, convert(2, 3), kind, after)
        if content(table / "year=2019" / "month=1") != january:
            raise Refused(f"round {i + 1}, {kind} after {after:.2f} s: January has changed, which nobody converts")
        missing = [month for month in (1, 2, 3) if not is_whole(table / "year=2019" / f"month={month}")]
        staged = [path.name for path in table.iterdir() if path.name.startswith(".staging")]
        if missing and (not staged or (table / "_SUCCESS").exists()):
            raise Refused(f"round {i + 1}, {kind} after {after:.2f} s: months {missing} are not there, and nothing says so")
        if kind == "SIGINT" and staged:
            raise Refused(f"round {i + 1}: Ctrl-C after {after:.2f} s left {staged}")
        if not reached:
            missed += 1
            whole *= 0.95  # the machine was slower when it was measured
            if missed > 3 * setup.options.rounds:
                raise Refused(f"{missed} conversions were over before their signal, {len(kills)} were not")
            continue
        kills.append({"signal": kind, "after_seconds": round(after, 2), "exit": ended, "missing": missing,
                      "staged": len(staged)})
        setup.say(f"round {i + 1} of {setup.options.rounds}: {kind} after {after:.2f} s, exit {ended}, missing {missing}")
    setup.run(convert(2, 3), minutes=10)
    if digest() != undisturbed:
        raise Refused("the output after all kills and a rerun is not that of an undisturbed run")
    left = [path.name for path in table.iterdir() if path.name.startswith(".staging")]
    if left or not (table / "_SUCCESS").exists():
        raise Refused(f"after the rerun: staging folders {left}, _SUCCESS {(table / '_SUCCESS').exists()}")
    quality = json.loads((table / "_quality" / "quality.json").read_text())
    if quality["rows_in"] != quality["kept"] + sum(quality["rejected"].values()):
        raise Refused(f"rows are lost in quality.json: {quality['rows_in']}")
    return {"rounds": len(kills), "missed": missed, "convert_seconds": round(whole, 1), "kills": kills}


def kill(setup, command, kind, after):
    """Starts the command, signals it `after` seconds later; its exit code, minus the signal where it died of one, and
    whether it still ran then."""
    with open(setup.folder / "convert.log", "w") as log:
        child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                 start_new_session=True)
    try:
        return child.wait(timeout=after), False
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, getattr(signal, kind))
    try:
        return child.wait(timeout=60), True
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        raise Refused(f"60 s after {kind}, {after:.2f} s into it, the conversion still runs") from None


def content(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def is_whole(folder):
    """A month as readers see it: marked, and each file with Parquet's magic at its end. False if it is not there."""
    if not folder.is_dir():
        return False
    files = [path for path in folder.iterdir() if path.suffix == ".parquet"]
    if not files or not (folder / "_SUCCESS").exists():
        raise Refused(f"{folder} is there and not whole")
    for path in files:
        if path.read_bytes()[-4:] != b"PAR1":
            raise Refused(f"{path} is a part of a file")
    return True
