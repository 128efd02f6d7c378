"""The same work in Polars: polars_taxi.py convert|report INPUT OUTPUT THREADS"""
import json
import os
import shutil
import sys
import time
from pathlib import Path

what, source, output, threads = sys.argv[1:5]
os.environ["POLARS_MAX_THREADS"] = threads
import polars as pl  # noqa: E402 - reads the variable

MONEY = ("fare_amount", "extra", "mta_tax", "tip_amount", "tolls_amount", "improvement_surcharge", "total_amount",
         "congestion_surcharge")
shutil.rmtree(output, ignore_errors=True)
Path(output).unlink(missing_ok=True)
start = time.perf_counter()
if what == "convert":
    types = {"VendorID": pl.String, "tpep_pickup_datetime": pl.String, "tpep_dropoff_datetime": pl.String,
             "passenger_count": pl.Int32, "trip_distance": pl.Decimal(10, 3), "RatecodeID": pl.Int32,
             "store_and_fwd_flag": pl.String, "PULocationID": pl.Int32, "DOLocationID": pl.Int32,
             "payment_type": pl.Int32, **{name: pl.Decimal(10, 2) for name in MONEY}}
    moment = "%Y-%m-%d %H:%M:%S"
    for path in sorted(Path(source).glob("yellow_*.csv")):  # a month at a time: all of them do not fit into memory
        trips = pl.scan_csv(path, schema=types).with_columns(
            pl.col("tpep_pickup_datetime").str.to_datetime(moment), pl.col("tpep_dropoff_datetime").str.to_datetime(moment))
        to = Path(output) / path.stem
        to.mkdir(parents=True)
        trips.sink_parquet(to / "part.parquet", compression="snappy")
    seconds = time.perf_counter() - start
    rows, total = pl.scan_parquet(f"{output}/*/*.parquet").select(
        pl.len(), pl.col("total_amount").cast(pl.Decimal(38, 2)).sum()).collect().row(0)
else:
    pl.scan_parquet(f"{source}/*/*/*.parquet").group_by(
        pl.col("pickup_location_id").alias("revenue_zone"),
        pl.col("pickup_datetime").dt.truncate("1mo").alias("revenue_month")).agg(
        *(pl.col(name).cast(pl.Decimal(38, 2)).sum().alias(f"revenue_monthly_{name}") for name in MONEY),
        pl.len().alias("trips"), pl.col("passenger_count").mean().alias("p"), pl.col("trip_distance").mean().alias("d"),
    ).collect().write_parquet(output)
    seconds = time.perf_counter() - start
    rows, total = pl.read_parquet(output).select(
        pl.col("trips").sum(), pl.col("revenue_monthly_total_amount").sum()).row(0)
print(json.dumps({"wall_seconds": seconds, "rows": int(rows), "total": str(total), "versions": {"polars": pl.__version__}}))
