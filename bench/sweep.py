"""Parameter search over XGBoost on the wine data: the same list of parameters, tried by both."""
from harness.measure import Figure, Refused, Run
from harness.setup import BENCH

SUMMARY = "wine sweep: ours, two at a time and fully logged, beside Hyperopt's bare search replaying the same trials"

PARAMETERS = BENCH / "peers" / "mlflow" / "parameters.jsonl"
PARALLELISM = 2

# Both train with the same algorithm, but maybe different versions of the library: a trial may differ a little.
TRIAL_TOLERANCE = 0.02
MEAN_TOLERANCE = 0.003


def options(parser):
    parser.add_argument("--data", help="folder with winequality-red.csv and winequality-white.csv "
                                       "(default: ../shared/data/wine)")
    parser.add_argument("--evals", type=int, default=96, help="trials, 1 to 96 (default: %(default)s)")


def figures(setup):
    trials = PARAMETERS.read_text().splitlines()
    if not 1 <= setup.options.evals <= len(trials):
        raise Refused(f"--evals {setup.options.evals}: the list has {len(trials)} trials")
    parameters = setup.folder / "parameters.jsonl"
    parameters.write_text("\n".join(trials[:setup.options.evals]) + "\n")
    data = setup.data(setup.options.data, "wine", "winequality-red.csv", "winequality-white.csv")
    splits = setup.folder / "splits"
    setup.script("mlflow", "splits.py", "--data", data, "--to", splits)

    def ours():
        # The only place that knows our side's command. It prints {"wall_seconds": s, "validation_auc": [one a trial],
        # "versions": {}}: the time from the first trial's start to the last one's end, logged, as the peer's.
        result = setup.arclight("bench-sweep", "--splits", splits, "--parameters", parameters,
                                "--out", setup.folder / "ours", "--parallelism", PARALLELISM)
        return Run(result["wall_seconds"], result["validation_auc"])

    def peer():
        result = setup.script("mlflow", "sweep.py", "--splits", splits, "--parameters", parameters)
        return Run(result["wall_seconds"], result["validation_auc"])

    return [Figure("bare", "s", True, ours, peer, agree)]


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
