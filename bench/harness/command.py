"""What `bench/run` and `bench/soak` share: help, the list, names that do not exist, how a run ends."""
import signal
import sys

from .measure import Refused


def command(program, about, names, module, run, argv, out):
    """Finds the module that the first argument names and gives it to `run(name, module, rest)`; the exit code.

    names(): what there is; module(name): it, with SUMMARY
    """
    argv = sys.argv[1:] if argv is None else argv
    if not argv or argv[0] in ("-h", "--help"):
        print(about.strip(), file=out)
        print("\nThere are: " + ", ".join(names()), file=out)
        return 0 if argv else 2
    if argv[0] == "--list":
        for name in names():
            print(f"{name:16} {module(name).SUMMARY}", file=out)
        return 0
    name = argv[0]
    if name not in names():
        print(f"{program}: there is no '{name}'; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that children are ended on the way out
    try:
        run(name, module(name), argv[1:])
        return 0
    except Refused as e:
        print(f"{program} {name}: {e}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{program} {name}: stopped", file=sys.stderr)
        return 130
