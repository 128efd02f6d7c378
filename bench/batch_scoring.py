"""Scoring two million rows of a Parquet table: ours in Spark, MLflow's spark_udf, and XGBoost's own library."""
from harness.measure import Figure, Refused, Run

SUMMARY = "batch scoring: ours in Spark beside mlflow.pyfunc.spark_udf, 310 and 20 trees; and beside XGBoost itself"

MEAN_TOLERANCE = 1e-6


def options(parser):
    parser.add_argument("--data", help="folder with winequality-red.csv and winequality-white.csv "
                                       "(default: ../shared/data/wine)")
    parser.add_argument("--rows", type=int, default=2_000_000, help="to score (default: %(default)s)")


def figures(setup):
    data = setup.data(setup.options.data, "wine", "winequality-red.csv", "winequality-white.csv")
    folder = setup.folder / "input"
    made = setup.script("spark-udf", "prepare.py", "--data", data, "--to", folder, "--rows", setup.options.rows)
    if made["trees"] != {"310": 310, "20": 20}:
        raise Refused(f"the models have {made['trees']} trees: another XGBoost stops training elsewhere")

    def figure(name, trees, how):
        model, rows = folder / f"model-{trees}", folder / "rows.parquet"

        def ours():
            # The only place that knows our side's command: the same query as the peer's, its second run counts.
            return run(setup.arclight("bench-score", "--model", model, "--rows", rows))

        def peer():
            return run(setup.script("spark-udf", "score.py", "--how", how, "--model", model, "--rows", rows))

        return Figure(name, "rows/s", False, ours, peer, agree)

    return [figure("310 trees", "310", "udf"), figure("20 trees", "20", "udf"), figure("native", "310", "native")]


def run(result):
    try:
        return Run(float(result["rows_per_second"]), (int(result["rows"]), float(result["mean"])))
    except (KeyError, TypeError, ValueError) as e:
        raise Refused(f"expected rows_per_second, rows and mean, got {str(result)[:300]}: {e!r}") from None


def agree(ours, peer):
    """Same input, same answer."""
    if ours[0] != peer[0] or not abs(ours[1] - peer[1]) <= MEAN_TOLERANCE:
        raise Refused(f"ours scored {ours[0]} rows with mean {ours[1]}, the peer {peer[0]} with mean {peer[1]}: "
                      f"not the same work")
