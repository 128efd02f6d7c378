package dev.arclight.ray.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.engine.Arclight;
import dev.arclight.testing.Await;
import dev.arclight.testing.RayCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DataFrames to Ray, to Python, and back, on a real cluster of two nodes. */
@Tag("unproven")
final class ExchangeIT {
    private static RayCluster cluster;
    private static Arclight arclight;
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        cluster = RayCluster.start("ray-data", 2, 2);
        arclight = ExchangeTests.session(cluster, 2);
        spark = arclight.spark();
    }

    @AfterAll
    static void stop() {
        try (RayCluster closing = cluster) {
            if (arclight != null) {
                arclight.close();
                Await.until(
                        "no executor left",
                        Duration.ofSeconds(15),
                        () -> closing.workers().isEmpty());
            }
        }
    }

    /** Every type, with what RayDP changes: longs above 2^53 beside null, and NaN. */
    private static Dataset<Row> everything() {
        return spark.sql("""
                select id as x, if(id % 3 = 0, null, 9007199254740993 + id) as big,
                  case id % 5 when 0 then double('NaN') when 1 then double('-Infinity') when 2 then -0.0d when 3 then null
                    else id / 3d end as d,
                  float(id) as f, id % 2 = 0 as even, cast(id as byte) as b, cast(id as short) as s, int(id) as i,
                  cast(id as decimal(38, 10)) / 3 as wide, cast(id as decimal(9, 2)) as narrow,
                  if(id % 4 = 0, null, concat('row ', id)) as text, cast(concat('x', id) as binary) as bytes,
                  date_add(date'0001-01-01', int(id) * 1000) as day, timestamp_micros(id * 1000001) as at,
                  cast(timestamp_micros(id) as timestamp_ntz) as ntz, make_dt_interval(int(id), 1, 2, 3.000004) as span,
                  make_ym_interval(int(id), 5) as months, make_interval(1, int(id), 0, 3, 4, 5, 6.5) as calendar,
                  time'12:34:56.789012' as time, null as nothing,
                  array(id, null, id + 1) as list, map('a', id, 'b', null) as pairs,
                  named_struct('p', id, 'q', array(named_struct('r', map(id, array(text_of(id)))))) as deep
                from range(0, 1000, 1, 5)
                """.replace("text_of(id)", "if(id % 2 = 0, null, string(id))"));
    }

    @Test
    void everyTypeComesBackEqualFromRayAndFromPython() {
        Dataset<Row> table = everything();
        // Not by save(): Spark refuses intervals there, whatever the source.
        Exchange.of(arclight).put(table, DatasetOptions.named("everything"));
        Dataset<Row> back = spark.read().format("ray").load("everything");
        assertThat(back.schema()).isEqualTo(table.schema());
        List<Row> rows = table.collectAsList();
        assertThat(back.collectAsList()).isEqualTo(rows);
        ExchangeTests.python(cluster, "exchange.py", "again", "everything", "everything-again");
        Dataset<Row> again = spark.read().format("ray").load("everything-again");
        assertThat(again.schema().asNullable()).isEqualTo(table.schema().asNullable());
        assertThat(again.collectAsList()).isEqualTo(rows);
    }

    @Test
    void sparkAggregatesWhatRayDataMapped() {
        spark.range(0, 100_000, 1, 4)
                .selectExpr("id as x", "id % 10 as k")
                .write()
                .format("ray")
                .save("numbers");
        assertThat(ExchangeTests.python(cluster, "exchange.py", "sums", "numbers"))
                .contains("ANSWER 100000 4999950000");
        ExchangeTests.python(cluster, "exchange.py", "double", "numbers", "doubled");
        assertThat(spark.read()
                        .format("ray")
                        .load("doubled")
                        .groupBy("k")
                        .sum("x")
                        .orderBy("k")
                        .collectAsList())
                .extracting(row -> row.getLong(1))
                .first()
                .isEqualTo(2L * (0 + 99_990) * 10_000 / 2);
    }

    @Test
    void whatRayDataMakesAndSparkHasNotIsCastOrRefusedByName() {
        ExchangeTests.python(cluster, "exchange.py", "made", "made");
        Dataset<Row> made = spark.read().format("ray").load("made");
        assertThat(made.schema().simpleString())
                .contains("u8:smallint,u16:int,u32:bigint,u64:decimal(20,0),f16:float,large:string,view:string")
                .contains("fixed:binary,dictionary:string,list:array<bigint>,time:time(6),date:date")
                .contains("ns:timestamp_ntz,seconds:timestamp,wide:decimal(38,2),nothing:void");
        Row row = made.where("u8 is not null").first();
        assertThat(row.getDecimal(3)).isEqualTo("18446744073709551615");
        assertThat(row.getString(5) + row.getString(6) + row.getString(8)).isEqualTo("éviewa");
        ExchangeTests.python(cluster, "exchange.py", "tensor", "tensor");
        assertThat(spark.read().format("ray").load("tensor").count()).isEqualTo(3);
        assertThat(ExchangeTests.python(cluster, "exchange.py", "refused").lines())
                .anyMatch(line -> line.contains("REFUSED wide") && line.contains("at most 38 digits"))
                .anyMatch(line -> line.contains("REFUSED fine ValueError Column 'fine'"))
                .anyMatch(line -> line.contains("REFUSED either") && line.contains("'either'"))
                .anyMatch(line -> line.contains("No dataset 'nosuch'"))
                .noneMatch(line -> line.contains("TAKEN"));
    }

    @Test
    void saveModesAreSparks() {
        Dataset<Row> ten = spark.range(10).toDF("x");
        ten.write().format("ray").save("modes");
        assertThatThrownBy(() -> ten.write().format("ray").save("modes"))
                .hasMessageContaining("Dataset 'modes' exists with 10 rows");
        ten.write().format("ray").mode("ignore").save("modes");
        assertThat(count("modes")).isEqualTo(10);
        ten.write().format("ray").mode("append").save("modes");
        assertThat(count("modes")).isEqualTo(20);
        assertThatThrownBy(() -> spark.range(1)
                        .toDF("y")
                        .write()
                        .format("ray")
                        .mode("append")
                        .save("modes"))
                .hasMessageContaining("other columns");
        spark.range(3).toDF("x").write().format("ray").mode("overwrite").save("modes");
        assertThat(count("modes")).isEqualTo(3);
    }

    @Test
    void sqlReadsOnlyTheColumnsAndBlocksItNeeds() {
        spark.range(0, 100_000, 1, 10)
                .selectExpr("id as x", "id as y")
                .write()
                .format("ray")
                .save("pruned");
        spark.sql("create or replace temporary view pruned using ray options (path 'pruned')");
        Dataset<Row> few = spark.sql("select y from pruned limit 7");
        assertThat(few.queryExecution().toString()).contains("ray pruned struct<y:bigint>");
        assertThat(few.collectAsList()).hasSize(7);
        assertThat(few.rdd().getNumPartitions()).isEqualTo(1);
        assertThat(spark.sql("select sum(y), count(*) from pruned").first().getLong(0))
                .isEqualTo(4999950000L);
    }

    @Test
    void aTypedHandleKnowsItsDatasetAndFreesItsMemory() {
        Exchange exchange = Exchange.of(arclight);
        long before = used();
        RayDataset dataset = exchange.put(spark.range(0, 4_000_000, 1, 4).toDF("x"), DatasetOptions.named("handle"));
        assertThat(dataset.rows()).isEqualTo(4_000_000);
        assertThat(dataset.bytes()).isBetween(32_000_000L, 33_000_000L);
        assertThat(dataset.blocks())
                .hasSize(4)
                .allSatisfy(block -> assertThat(block.nodes()).isNotEmpty());
        assertThat(dataset.read(spark).selectExpr("sum(x)").first().getLong(0)).isEqualTo(7999998000000L);
        assertThat(used()).isGreaterThan(before + 31_000_000);
        dataset.close();
        Await.until("the memory back", Duration.ofSeconds(20), () -> used() <= before);
        assertThatThrownBy(() -> dataset.read(spark))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_STATE))
                .hasMessage("Dataset 'handle' has been closed");
        assertThatThrownBy(() -> spark.read().format("ray").load("handl"))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void emptyTablesAndEmptyPartitionsKeepTheirSchema() {
        Exchange exchange = Exchange.of(arclight);
        Dataset<Row> none = everything().where("x < 0");
        try (RayDataset empty = exchange.put(none, DatasetOptions.named("none"))) {
            assertThat(empty.rows()).isZero();
            assertThat(empty.read(spark).schema()).isEqualTo(none.schema());
            assertThat(empty.read(spark).collectAsList()).isEmpty();
        }
        Dataset<Row> gaps = spark.range(0, 100, 1, 10).where("id >= 50").toDF("x");
        try (RayDataset dataset =
                exchange.put(gaps, DatasetOptions.named("gaps").withMode(SaveMode.Overwrite))) {
            assertThat(dataset.read(spark).collectAsList()).isEqualTo(gaps.collectAsList());
        }
    }

    @Test
    void rowsFromSparkTrainAModelInPython() {
        spark.range(0, 5000, 1, 2)
                .selectExpr("rand(7) * 2 - 1 as x")
                .selectExpr("x", "3 * x - 1 + randn(8) / 10 as y")
                .write()
                .format("ray")
                .save("training");
        List<Double> losses = ExchangeTests.python(cluster, "exchange.py", "train", "training")
                .lines()
                .filter(line -> line.startsWith("LOSS"))
                .map(line -> Double.parseDouble(line.substring(5)))
                .toList();
        assertThat(losses).hasSize(5);
        // The noise's variance is 0.01.
        assertThat(losses.get(4)).isLessThan(0.02).isLessThan(losses.get(0) / 5);
    }

    @Test
    void killedExecutorsTakeNothingWithThem() {
        Dataset<Row> table = spark.range(0, 50_000, 1, 4).toDF("x").cache();
        table.write().format("ray").save("survivor");
        cluster.workers().forEach(ProcessHandle::destroyForcibly);
        assertThat(ExchangeTests.python(cluster, "exchange.py", "sums", "survivor"))
                .contains("ANSWER 50000 1249975000");
        assertThat(sum("survivor")).isEqualTo(1249975000L);
        table.write().format("ray").save("same-again");
        spark.range(10).toDF("x").write().format("ray").save("another");
        assertThat(sum("same-again")).isEqualTo(1249975000L);
        assertThat(sum("another")).isEqualTo(45);
    }

    @Test
    void aStreamAppendsItsBatches(@TempDir Path folder) throws Exception {
        for (int i = 0; i < 3; i++) {
            spark.range(i * 100L, i * 100L + 100, 1, 1)
                    .toDF("x")
                    .write()
                    .mode("append")
                    .parquet(folder.resolve("in").toString());
        }
        spark.readStream()
                .schema("x long")
                .option("maxFilesPerTrigger", 1)
                .parquet(folder.resolve("in").toString())
                .writeStream()
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .foreachBatch((batch, id) -> {
                    batch.write().format("ray").mode("append").save("events");
                })
                .start()
                .awaitTermination();
        assertThat(count("events")).isEqualTo(300);
        assertThat(sum("events")).isEqualTo(300L * 299 / 2);
    }

    private static long sum(String name) {
        return spark.read()
                .format("ray")
                .load(name)
                .selectExpr("sum(x)")
                .first()
                .getLong(0);
    }

    private static long count(String name) {
        return spark.read().format("ray").load(name).count();
    }

    private static long used() {
        return ExchangeTests.python(cluster, "exchange.py", "used")
                .lines()
                .filter(line -> line.startsWith("USED"))
                .mapToLong(line -> Long.parseLong(line.substring(5)))
                .findFirst()
                .orElseThrow();
    }
}
