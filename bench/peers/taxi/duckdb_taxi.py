"""The same work in DuckDB: duckdb_taxi.py convert|report INPUT OUTPUT THREADS"""
import json
import shutil
import sys
import time
from pathlib import Path

import duckdb

MONEY = ("fare_amount", "extra", "mta_tax", "tip_amount", "tolls_amount", "improvement_surcharge", "total_amount",
         "congestion_surcharge")
what, source, output, threads = sys.argv[1:5]
shutil.rmtree(output, ignore_errors=True)
Path(output).unlink(missing_ok=True)
db = duckdb.connect(config={"threads": int(threads)})
start = time.perf_counter()
if what == "convert":
    types = {"VendorID": "VARCHAR", "tpep_pickup_datetime": "TIMESTAMP", "tpep_dropoff_datetime": "TIMESTAMP",
             "passenger_count": "INTEGER", "trip_distance": "DECIMAL(10,3)", "RatecodeID": "INTEGER",
             "store_and_fwd_flag": "VARCHAR", "PULocationID": "INTEGER", "DOLocationID": "INTEGER",
             "payment_type": "INTEGER", **{name: "DECIMAL(10,2)" for name in MONEY}}
    db.execute(f"""COPY (SELECT *, year(tpep_pickup_datetime) AS year, month(tpep_pickup_datetime) AS month
        FROM read_csv('{source}/yellow_*.csv', header=true, columns={types}))
        TO '{output}' (FORMAT parquet, PARTITION_BY (year, month))""")
    seconds = time.perf_counter() - start
    rows, total = db.execute(
        f"SELECT count(*), sum(total_amount) FROM read_parquet('{output}/*/*/*.parquet')").fetchone()
else:
    sums = ", ".join(f"sum({name}) AS revenue_monthly_{name}" for name in MONEY)
    db.execute(f"""COPY (SELECT pickup_location_id AS revenue_zone, date_trunc('month', pickup_datetime) AS revenue_month,
        'yellow' AS service_type, {sums}, count(*) AS trips, avg(passenger_count) AS p, avg(trip_distance) AS d
        FROM read_parquet('{source}/*/*/*.parquet') GROUP BY ALL) TO '{output}' (FORMAT parquet)""")
    seconds = time.perf_counter() - start
    rows, total = db.execute(
        f"SELECT sum(trips), sum(revenue_monthly_total_amount) FROM read_parquet('{output}')").fetchone()
print(json.dumps({"wall_seconds": seconds, "rows": int(rows), "total": str(total),
                  "versions": {"duckdb": duckdb.__version__}}))
