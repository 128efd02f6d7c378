"""Taxi trips: CSV of a year to declared Parquet by month, and the revenue report on it."""
from decimal import Decimal
from pathlib import Path

from harness.measure import Figure, Refused, Run

SUMMARY = "taxi trips: convert a year of CSV, and report revenue, beside plain Spark, DuckDB and Polars"

THREADS = 2


def options(parser):
    parser.add_argument("--rows", type=int, default=20_000_000, help="trips (default: %(default)s)")
    parser.add_argument("--peers", default="plain,duckdb,polars", help="some of plain, duckdb, polars (default: all)")


def figures(setup):
    rows = setup.options.rows
    peers = setup.options.peers.split(",")
    unknown = set(peers) - {"plain", "duckdb", "polars"}
    if unknown:
        raise Refused(f"--peers: there is no {', '.join(sorted(unknown))}")
    data = setup.folder / "csv"
    setup.arclight_text("data", "taxi", "--months", "2019-01..2019-12", "--service", "yellow", "--rows", rows,
                        "--out", data)
    table = setup.folder / "table"
    setup.arclight("bench-taxi", "--what", "convert", "--input", data, "--output", table)
    inputs = {"convert": data, "report": table}

    def ours(what):
        return lambda: run(setup.arclight("bench-taxi", "--what", what, "--input", inputs[what], "--threads", THREADS,
                                          "--output", setup.folder / "ours"))

    def peer(what, who):
        if who == "plain":
            return lambda: run(setup.arclight("bench-taxi", "--what", what, "--plain", "--input", inputs[what],
                                              "--threads", THREADS, "--output", setup.folder / "peer"))
        return lambda: run(setup.script("taxi", f"{who}_taxi.py", what, inputs[what], setup.folder / "peer.parquet",
                                        THREADS))

    def name(what, who):
        return what if who == "plain" else f"{what}-{who}"

    return [Figure(name(what, who), "s", True, ours(what), peer(what, who), agree(rows))
            for what in ("convert", "report") for who in peers]


def run(result):
    return Run(float(result["wall_seconds"]), (int(result["rows"]), Decimal(result["total"])))


def agree(rows):
    def check(ours, peer):
        if ours != peer or ours[0] != rows:
            raise Refused(f"ours has (rows, money) {ours}, the peer {peer}, {rows} rows were made")
    return check
