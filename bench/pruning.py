"""The wine sweep with trials given up early, and with each trial run to its end."""
import statistics
import tempfile
from pathlib import Path

from harness.measure import Figure, Refused, Run

SUMMARY = "wine sweep with ASHA or the median rule beside the same sweep without: time at no worse AUC, 5 seeds"

TOLERANCE = 0.002


def options(parser):
    parser.add_argument("--data", help="folder with winequality-red.csv and winequality-white.csv "
                                       "(default: ../shared/data/wine)")
    parser.add_argument("--evals", type=int, default=96, help="trials of each seed (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=5, help="sweeps (default: %(default)s)")


def figures(setup):
    data = setup.data(setup.options.data, "wine", "winequality-red.csv", "winequality-white.csv")
    splits = setup.folder / "splits"
    setup.script("mlflow", "splits.py", "--data", data, "--to", splits)

    def sweep(pruner):
        def work():
            out = Path(tempfile.mkdtemp(dir=setup.folder)) / "out"
            return run(setup.arclight("bench-pruning", "--splits", splits, "--out", out, "--pruner", pruner, "--trials",
                                      setup.options.evals, "--seeds", setup.options.seeds))
        return work

    return [Figure(pruner, "s", True, sweep(pruner.upper()), sweep("NONE"), agree) for pruner in ("asha", "median")]


def run(result):
    try:
        return Run(float(result["wall_seconds"]), [float(auc) for auc in result["best_validation_auc"]])
    except (KeyError, TypeError, ValueError) as e:
        raise Refused(f"expected wall_seconds and best_validation_auc, got {str(result)[:300]}: {e!r}") from None


def agree(ours, peer):
    """Less time for a worse model is no gain."""
    if not statistics.median(ours) >= statistics.median(peer) - TOLERANCE:
        raise Refused(f"with pruning the median best AUC is {statistics.median(ours):.5f}, without "
                      f"{statistics.median(peer):.5f}: more than {TOLERANCE} worse")
