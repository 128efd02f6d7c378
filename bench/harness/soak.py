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
import signal
import sys
import time

from .measure import Refused, rounded
from .record import record
from .setup import BENCH, Setup

SOAKS = BENCH / "soaks"


def names():
    return sorted(path.stem.replace("_", "-") for path in SOAKS.glob("*.py"))


def module(name):
    return importlib.import_module("soaks." + name.replace("-", "_"))


def main(about, argv=None, out=sys.stdout):
    argv = sys.argv[1:] if argv is None else argv
    if not argv or argv[0] in ("-h", "--help"):
        print(about.strip(), file=out)
        print("\nSoaks: " + ", ".join(names()), file=out)
        return 0 if argv else 2
    if argv[0] == "--list":
        for name in names():
            print(f"{name:16} {module(name).SUMMARY}", file=out)
        return 0
    name = argv[0]
    if name not in names():
        print(f"bench/soak: no soak '{name}'; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that children are ended on the way out
    soak = module(name)
    parser = argparse.ArgumentParser(prog=f"bench/soak {name}", description=soak.SUMMARY)
    parser.add_argument("--record", action="store_true", help="keep the result under docs/measurements")
    if hasattr(soak, "options"):
        soak.options(parser)
    options = parser.parse_args(argv[1:])
    try:
        with Setup(name, options, program="bench/soak") as setup:
            started = time.monotonic()
            machine = {"cores": os.cpu_count(), "load_before": rounded(os.getloadavg()[0], 3)}
            findings = soak.soak(setup)
            result = {"soak": name, "findings": findings, "seconds": round(time.monotonic() - started, 1),
                      "versions": dict(sorted(setup.versions.items())), "machine": machine}
            print(json.dumps(result), file=out, flush=True)
            if options.record:
                setup.say(f"kept as {record('soak', name, result)}")
        return 0
    except Refused as e:
        print(f"bench/soak {name}: {e}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"bench/soak {name}: stopped", file=sys.stderr)
        return 130
