"""The wine demo, killed again and again where it happens to be."""
import json
import os
import random
import signal
import subprocess
import time

from harness.measure import Refused
from harness.setup import ROOT

SUMMARY = "the wine demo, kill -9 or Ctrl-C at random moments: old output intact, no process left, a rerun works"

EVALS = 8


def options(parser):
    parser.add_argument("--rounds", type=int, default=30, help="kills (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default: %(default)s)")


def soak(setup):
    arclight = ROOT / "arclight"
    setup.versions["arclight"] = setup.run([arclight, "version"], minutes=30).splitlines()[0].removeprefix("arclight ")
    out = setup.folder / "out"
    demo = [arclight, "demo", "wine", "--evals", EVALS, "--out", out]
    started = time.monotonic()
    setup.run(demo, minutes=10)
    whole = time.monotonic() - started
    before = result(out)
    moments = random.Random(setup.options.seed)
    running = 0
    kills = []
    for i in range(setup.options.rounds):
        kind = "SIGKILL" if i % 2 == 0 else "SIGINT"
        after = moments.uniform(0.02, 1.0) * whole
        ended = kill(setup, demo, kind, after)
        left = processes(out)
        if left:
            raise Refused(f"round {i + 1}, {kind} after {after:.2f} s: processes are left: {left}")
        if ended not in (0, -9 if kind == "SIGKILL" else 130):
            raise Refused(f"round {i + 1}, {kind} after {after:.2f} s: the demo ended with exit code {ended}")
        if ended != 0 and result(out) != before:
            raise Refused(f"round {i + 1}, {kind} after {after:.2f} s: the output of the run before has changed")
        before = result(out)
        runs = json.loads(setup.run([arclight, "runs", "list", "--tracking", out / "tracking", "--all", "--max", 50_000,
                                     "--json"], 2)) if (out / "tracking").exists() else []
        running_now = sum(run["status"] == "RUNNING" for run in runs)
        if kind == "SIGINT" and running_now > running:
            raise Refused(f"round {i + 1}, {kind} after {after:.2f} s: {running_now - running} runs stay as RUNNING")
        running = running_now
        hidden = sorted(path.name for path in out.iterdir() if path.name.startswith(".staging"))
        kills.append({"signal": kind, "after_seconds": round(after, 2), "exit": ended, "runs": len(runs)})
        setup.say(f"round {i + 1} of {setup.options.rounds}: {kind} after {after:.2f} s, exit {ended}, "
                  f"{len(runs)} runs, {len(hidden)} staging folders")
    setup.run(demo, minutes=10)
    if result(out)["seed"] != before["seed"]:
        raise Refused("the rerun at the end has another seed")
    left = [path.name for path in out.iterdir() if path.name.startswith(".staging")]
    if left:
        raise Refused(f"the rerun at the end left {left} of the killed runs behind")
    return {"rounds": len(kills), "demo_seconds": round(whole, 1), "kills": kills}


def kill(setup, command, kind, after):
    """Starts the demo, kills it `after` seconds later; its exit code, minus the signal where it was killed by one."""
    with open(setup.folder / "demo.log", "w") as log:
        # Where the soak itself runs in the background, it was started with SIGINT ignored, and so would be the demo.
        child = subprocess.Popen(["env", "--default-signal=INT", *map(str, command)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                 start_new_session=True)
    try:
        try:
            child.wait(timeout=after)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, getattr(signal, kind))
        return child.wait(timeout=60)
    except subprocess.TimeoutExpired:
        raise Refused(f"60 s after {kind}, {after:.2f} s into it, the demo still runs") from None
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)


def result(out):
    """What is published: parsed, so that a torn file is seen; with the batch's files."""
    summary = json.loads((out / "summary.json").read_text())
    if not (out / "report.html").read_text().rstrip().endswith("</html>"):
        raise Refused("report.html is not whole")
    if not (out / "batch" / "_SUCCESS").is_file():
        raise Refused("batch/ has no _SUCCESS")
    return summary


def processes(out):
    """The demo's processes that still run, by its output folder; given a moment to end."""
    deadline = time.monotonic() + 10
    while True:
        found = subprocess.run(["pgrep", "-af", str(out)], capture_output=True, text=True).stdout.splitlines()
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.1)
