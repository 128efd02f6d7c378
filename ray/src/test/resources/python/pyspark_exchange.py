"""Writes and reads a dataset by PySpark alone: MASTER, class path."""
import sys

from pyspark.sql import SparkSession

spark = (SparkSession.builder.master(sys.argv[1])
         .config("spark.driver.extraClassPath", sys.argv[2]).config("spark.executor.instances", 1)
         .config("spark.executor.memory", "700m")
         .config("spark.sql.catalog.ray", "dev.arclight.ray.dataset.RayCatalog").getOrCreate())
spark.range(1000).selectExpr("id as x", "id % 7 as k").write.format("ray").save("by-pyspark")
print("READ", spark.read.format("ray").load("by-pyspark").where("k = 3").agg({"x": "sum"}).first()[0])
print("SQL", spark.sql("select count(*) from ray.`by-pyspark`").first()[0])
try:
    spark.read.format("ray").load("by-pysprak")
except Exception as e:
    print("UNKNOWN", " ".join(str(e).splitlines()[:2]))     # py4j's words, then ours
spark.stop()
