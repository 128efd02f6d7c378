"""How good a model a search finds on the wine data: ours, Hyperopt's and Optuna's, with the same space and budget."""
import statistics
import tempfile
from pathlib import Path

from harness.measure import Figure, Refused, Run

SUMMARY = "median best validation AUC of wine sweeps of 96 trials, 5 seeds, beside Hyperopt and Optuna"


def options(parser):
    parser.add_argument("--data", help="folder with winequality-red.csv and winequality-white.csv "
                                       "(default: ../shared/data/wine)")
    parser.add_argument("--evals", type=int, default=96, help="trials of each seed (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=5, help="sweeps (default: %(default)s)")


def figures(setup):
    data = setup.data(setup.options.data, "wine", "winequality-red.csv", "winequality-white.csv")
    splits = setup.folder / "splits"
    setup.script("mlflow", "splits.py", "--data", data, "--to", splits)
    budget = ["--trials", setup.options.evals, "--seeds", setup.options.seeds]

    def ours():
        out = Path(tempfile.mkdtemp(dir=setup.folder)) / "out"
        return run(setup.arclight("bench-pruning", "--splits", splits, "--out", out, "--pruner", "NONE", *budget))

    def peer(tuner):
        return lambda: run(setup.script("tuners", "wine.py", "--splits", splits, "--tuner", tuner, *budget))

    return [Figure(tuner, "AUC", False, ours, peer(tuner), agree) for tuner in ("hyperopt", "optuna")]


def run(result):
    try:
        best = [float(auc) for auc in result["best_validation_auc"]]
    except (KeyError, TypeError, ValueError) as e:
        raise Refused(f"expected best_validation_auc, got {str(result)[:300]}: {e!r}") from None
    return Run(statistics.median(best), best)


def agree(ours, peer):
    """As many sweeps on each side, or their medians are of different things."""
    if len(ours) != len(peer):
        raise Refused(f"ours has {len(ours)} sweeps, the peer {len(peer)}")
