"""Parameter search over XGBoost on the wine data: the same list of parameters, tried by both."""
import tempfile
from pathlib import Path

from harness.measure import Figure, Refused, Run
from harness.setup import BENCH

SUMMARY = "wine sweep, the same trials replayed: beside Hyperopt's bare search, without tracking, beside SparkTrials and MLflow"

PARAMETERS = BENCH / "peers" / "mlflow" / "parameters.jsonl"
PARALLELISM = 2

# Both train with the same algorithm, but maybe different versions of the library: a trial may differ a little.
TRIAL_TOLERANCE = 0.02
MEAN_TOLERANCE = 0.003


def options(parser):
    parser.add_argument("--data", help="folder with winequality-red.csv and winequality-white.csv "
                                       "(default: ../shared/data/wine)")
    parser.add_argument("--evals", type=int, default=96, help="trials, 1 to 96 (default: %(default)s)")
    parser.add_argument("--spark-evals", type=int, default=16, help="trials of spark-trials, 1 to 96 (default: %(default)s)")


def figures(setup):
    trials = PARAMETERS.read_text().splitlines()
    def first(option, count):
        if not 1 <= count <= len(trials):
            raise Refused(f"{option} {count}: the list has {len(trials)} trials")
        file = setup.folder / f"parameters-{count}.jsonl"
        file.write_text("\n".join(trials[:count]) + "\n")
        return file

    parameters = first("--evals", setup.options.evals)
    few = first("--spark-evals", setup.options.spark_evals)
    data = setup.data(setup.options.data, "wine", "winequality-red.csv", "winequality-white.csv")
    splits = setup.folder / "splits"
    setup.script("mlflow", "splits.py", "--data", data, "--to", splits)

    def empty():
        return Path(tempfile.mkdtemp(dir=setup.folder))

    def ours(file, *more):
        # The only place that knows our side's command. It prints {"wall_seconds": s, "validation_auc": [one a trial],
        # "versions": {}}: the time from the first trial's start to the last one's end, logged, as the peer's.
        def work():
            return run(setup.arclight("bench-sweep", "--splits", splits, "--parameters", file, "--out", empty() / "out",
                                      "--parallelism", PARALLELISM, *more))
        return work

    def peer():
        result = setup.script("mlflow", "sweep.py", "--splits", splits, "--parameters", parameters)
        return run(result)

    def spark_trials():
        return run(setup.script("mlflow", "spark_trials.py", "--splits", splits, "--parameters", few, "--store", empty(),
                                "--parallelism", PARALLELISM))

    return [Figure("bare", "s", True, ours(parameters), peer, agree),
            Figure("overhead", "s", True, ours(parameters), ours(parameters, "--untracked"), agree),
            Figure("spark-trials", "s", True, ours(few, "--place", "spark"), spark_trials, agree)]


def run(result):
    try:
        return Run(float(result["wall_seconds"]), [float(auc) for auc in result["validation_auc"]])
    except (KeyError, TypeError, ValueError) as e:
        raise Refused(f"expected wall_seconds and validation_auc, got {str(result)[:300]}: {e!r}") from None


def agree(ours, peer):
    """Same input, same answer: seconds of different work are not compared."""
    if len(ours) != len(peer):
        raise Refused(f"ours tried {len(ours)} parameters, the peer {len(peer)}")
    differences = [abs(a - b) for a, b in zip(ours, peer)]
    worst = max(range(len(differences)), key=differences.__getitem__)
    mean = sum(differences) / len(differences)
    if not (differences[worst] <= TRIAL_TOLERANCE and mean <= MEAN_TOLERANCE):  # not: NaN never agrees
        raise Refused(f"validation AUCs differ by {mean:.5f} on average and by {differences[worst]:.5f} in trial "
                      f"{worst + 1} (ours {ours[worst]:.5f}, peer {peer[worst]:.5f}): not the same work")
