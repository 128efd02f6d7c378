"""A PySpark driver on Ray with a Python UDF: udf.py MASTER CLASSPATH"""
import sys
from pyspark.sql import SparkSession
from pyspark.sql.functions import udf
from pyspark.sql.types import LongType
master, classes = sys.argv[1:3]
spark = (SparkSession.builder.master(master)
         .config("spark.driver.extraClassPath", classes)
         .config("spark.executor.instances", "1").config("spark.executor.memory", "700m").config("spark.ui.enabled", "false")
         .getOrCreate())
twice = udf(lambda x: x * 2, LongType())
print("ANSWER", spark.range(1000).select(twice("id").alias("x")).groupBy().sum("x").first()[0])
spark.stop()
