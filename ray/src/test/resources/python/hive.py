"""A PySpark driver on Ray with Hive's catalogue and a table in a format of Hive's: hive.py MASTER CLASSPATH FOLDER"""
import sys
from pyspark.sql import SparkSession
master, classes, folder = sys.argv[1:4]
spark = (SparkSession.builder.master(master)
         .config("spark.driver.extraClassPath", classes)
         .config("spark.driver.extraJavaOptions", f"-Dderby.system.home={folder}")
         .config("spark.executor.instances", "1").config("spark.executor.memory", "700m").config("spark.ui.enabled", "false")
         .config("spark.sql.catalogImplementation", "hive").config("spark.sql.warehouse.dir", f"{folder}/warehouse")
         .config("spark.hadoop.javax.jdo.option.ConnectionURL", f"jdbc:derby:;databaseName={folder}/store;create=true")
         .getOrCreate())
spark.sql("create table numbers (id bigint) stored as textfile")
spark.range(1000).write.insertInto("numbers")
print("ANSWER", spark.sql("select sum(id) from numbers").first()[0])
print("PROVIDER", [row[1] for row in spark.sql("describe extended numbers").collect() if row[0] == "Provider"][0])
spark.stop()
