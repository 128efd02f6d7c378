"""The command line of `bench/soak`.

A soak is a module `bench/soaks/NAME.py` (dashes in the name are underscores in the file) with

  SUMMARY              one line for `--list`
  options(parser)      adds its own options (may be missing)
  soak(setup)          does the work; returns the findings, a dict for JSON; raises Refused where a promise did not hold

and prints nothing itself. Work in Java is a JUnit class tagged `soak` that `setup.test` runs.
"""
import argparse
import importlib
import json
import os
import sys
import time

from .command import command
from .measure import rounded
from .record import record
from .setup import BENCH, Setup

SOAKS = BENCH / "soaks"


def names():
    return sorted(path.stem.replace("_", "-") for path in SOAKS.glob("*.py"))


def module(name):
    return importlib.import_module("soaks." + name.replace("-", "_"))


def main(about, argv=None, out=sys.stdout):
    def run(name, soak, arguments):
        parser = argparse.ArgumentParser(prog=f"bench/soak {name}", description=soak.SUMMARY)
        parser.add_argument("--record", action="store_true", help="keep the result under docs/measurements")
        if hasattr(soak, "options"):
            soak.options(parser)
        options = parser.parse_args(arguments)
        with Setup(name, options, program="bench/soak") as setup:
            started = time.monotonic()
            machine = {"cores": os.cpu_count(), "load_before": rounded(os.getloadavg()[0], 3)}
            findings = soak.soak(setup)
            result = {"soak": name, "findings": findings, "seconds": round(time.monotonic() - started, 1),
                      "versions": dict(sorted(setup.versions.items())), "machine": machine}
            print(json.dumps(result), file=out, flush=True)
            if options.record:
                setup.say(f"kept as {record('soak', name, result)}")

    return command("bench/soak", about, names, module, run, argv, out)
