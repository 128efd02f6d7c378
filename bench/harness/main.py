"""The command line, and the loop that every benchmark goes through.

A benchmark is a module `bench/NAME.py` (dashes in the name are underscores in the file) with

  SUMMARY              one line for `--list`
  options(parser)      adds its own options (may be missing)
  figures(setup)       a list of `measure.Figure`, everything that is not timed already done

and prints nothing itself.
"""
import argparse
import importlib
import json
import sys
from pathlib import Path

from . import load
from .command import command
from .measure import Refused, measure
from .record import record
from .setup import Setup

BENCH = Path(__file__).resolve().parent.parent


def names():
    return sorted(path.stem.replace("_", "-") for path in BENCH.glob("*.py"))


def module(name):
    return importlib.import_module(name.replace("-", "_"))


def parser_for(name, benchmark, about):
    parser = argparse.ArgumentParser(prog=f"bench/run {name}", description=benchmark.SUMMARY, epilog=about,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="of each side, at least 3 (default: %(default)s)")
    parser.add_argument("--figure", action="append", metavar="NAME", help="only this one; may be repeated")
    parser.add_argument("--load", type=float, default=2.5, metavar="AVERAGE",
                        help="start a run only below this 1-minute load average (default: %(default)s)")
    parser.add_argument("--patience", type=float, default=30, metavar="MINUTES",
                        help="how long to wait for that (default: %(default)s)")
    parser.add_argument("--record", action="store_true", help="keep the result as docs/measurements/bench-NAME.json")
    if hasattr(benchmark, "options"):
        benchmark.options(parser)
    return parser


def main(about, argv=None, out=sys.stdout):
    def run(name, benchmark, arguments):
        options = parser_for(name, benchmark, about).parse_args(arguments)
        with Setup(name, options) as setup:
            gate = load.Gate(options.load, options.patience * 60)
            chosen = benchmark.figures(setup)
            if options.figure:
                unknown = set(options.figure) - {figure.name for figure in chosen}
                if unknown:
                    raise Refused(f"{name} has no figure {', '.join(sorted(unknown))}; "
                                  f"it has: {', '.join(figure.name for figure in chosen)}")
                chosen = [figure for figure in chosen if figure.name in options.figure]
            results = [measure(figure, options.runs, gate, setup.say) for figure in chosen]
            result = {"bench": name, "figures": results, "versions": dict(sorted(setup.versions.items())),
                      "load": gate.report()}
            print(json.dumps(result), file=out, flush=True)
            if options.record:
                setup.say(f"kept as {record('bench', name, result)}")

    return command("bench/run", about, names, module, run, argv, out)
