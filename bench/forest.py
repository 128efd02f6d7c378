"""One row through a forest of 310 trees: our predictor and XGBoost's own library through xgboost4j, by JMH."""
import json

from harness.measure import Figure, Refused, Run
from harness.setup import ROOT

SUMMARY = "a row and a block of rows through the wine model in one thread, by JMH, beside XGBoost's library in the JVM"

JMH = ROOT / "bench" / "jmh"
BUILD = ["mvn", "-B", "-q", "-f", ROOT / "pom.xml", "-Pjmh", "-Dquick", "-Dmaven.test.skip=true", "-pl", "bench/jmh", "-am",
         "package", "dependency:build-classpath", "-Dmdep.outputFile=target/classpath"]


def options(parser):
    parser.add_argument("--data", help="folder with winequality-red.csv and winequality-white.csv "
                                       "(default: ../shared/data/wine)")


def figures(setup):
    data = setup.data(setup.options.data, "wine", "winequality-red.csv", "winequality-white.csv")
    wine = setup.folder / "wine"
    made = setup.script("spark-udf", "prepare.py", "--data", data, "--to", wine, "--rows", 0)
    if made["trees"]["310"] != 310:
        raise Refused(f"the model has {made['trees']['310']} trees: another XGBoost stops training elsewhere")
    setup.run(BUILD, minutes=30)
    path = f"{JMH / 'target' / 'classes'}:{(JMH / 'target' / 'classpath').read_text().strip()}"

    def measured(method, rows):
        # Before it measures anything, the benchmark compares all floats of both sides.
        report = setup.folder / "jmh.json"
        setup.run(["java", f"-Dwine={wine}", "-cp", path, "org.openjdk.jmh.Main", f"ForestBenchmark.{method}$",
                   "-p", f"rows={rows}", "-p", "rounds=310", "-rf", "json", "-rff", report, "-foe", "true"], minutes=10)
        result, = json.loads(report.read_text())
        setup.versions["jmh"] = result["jmhVersion"]
        return Run(result["primaryMetric"]["score"] / rows)

    def figure(name, rows, method):
        return Figure(name, "us", True, lambda: measured("ours", rows), lambda: measured(method, rows))

    return [figure("one row", 1, "xgboost4jInPlace"), figure("one row of a matrix", 1, "xgboost4j"),
            figure("row of 10000", 10_000, "xgboost4jInPlace")]
