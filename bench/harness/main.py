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
import signal
import sys
from pathlib import Path

from . import load
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
    argv = sys.argv[1:] if argv is None else argv
    if not argv or argv[0] in ("-h", "--help"):
        print(about.strip(), file=out)
        print("\nBenchmarks: " + ", ".join(names()), file=out)
        return 0 if argv else 2
    if argv[0] == "--list":
        for name in names():
            print(f"{name:16} {module(name).SUMMARY}", file=out)
        return 0
    name = argv[0]
    if name not in names():
        print(f"bench/run: no benchmark '{name}'; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that children are ended on the way out
    benchmark = module(name)
    options = parser_for(name, benchmark, about).parse_args(argv[1:])
    try:
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
        return 0
    except Refused as e:
        print(f"bench/run {name}: {e}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"bench/run {name}: stopped", file=sys.stderr)
        return 130
