package dev.arclight.ray.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.engine.Arclight;
import dev.arclight.ray.RayTests;
import dev.arclight.testing.Await;
import dev.arclight.testing.RayCluster;
import dev.arclight.testing.Snippets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DataFrames to Ray, to a Python process, and back, on a real cluster. */
@Tag("full")
@Tag("own-process")
final class ExchangeIT {
    private static final String PAGE = "docs/exchange.md";
    private static final String IMPORTS = """
        import dev.arclight.engine.Arclight;
        import dev.arclight.ray.dataset.*;
        import org.apache.spark.sql.*;
        import org.apache.spark.sql.streaming.Trigger;
        """;
    /** What the page's programs call by these names. */
    private static final String GIVEN = """
        Arclight arclight = given("arclight");
        SparkSession spark = given("spark");
        Dataset<Row> df = given("df"), stream = given("stream");
        """;

    private static RayCluster cluster;
    private static Arclight arclight;
    private static SparkSession spark;
    private static Exchange exchange;
    private static PythonSide python;

    @BeforeAll
    static void start() {
        cluster = RayCluster.start("ray-data", 4);
        python = PythonSide.start(cluster);
        arclight = ExchangeTests.session(cluster, 2);
        spark = arclight.spark();
        exchange = Exchange.of(arclight);
    }

    @AfterAll
    static void stop() {
        try (RayCluster closing = cluster;
                PythonSide ending = python) {
            assertThat(ending).isNotNull();
            if (arclight != null) {
                arclight.close();
                Await.until(
                        "no executor left",
                        RayTests.PATIENCE,
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
              float(id) as f, id % 2 = 0 as even, cast(id % 128 as byte) as b, cast(id as short) as s, int(id) as i,
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
        exchange.put(table, DatasetOptions.named("everything"));
        Dataset<Row> back = spark.read().format("ray").load("everything");
        assertThat(back.schema()).isEqualTo(table.schema());
        List<Row> rows = table.collectAsList();
        assertThat(back.collectAsList()).isEqualTo(rows);
        python.ask("again", "everything", "everything-again");
        Dataset<Row> again = spark.read().format("ray").load("everything-again");
        assertThat(again.schema().asNullable()).isEqualTo(table.schema().asNullable());
        // Ray Data keeps no order among blocks.
        assertThat(again.collectAsList()).containsExactlyInAnyOrderElementsOf(rows);
    }

    @Test
    void sparkAggregatesWhatRayDataMapped() {
        ExchangeTests.saveNumbers(spark);
        assertThat(python.ask("sums", "numbers")).contains("ANSWER 100000 4999950000");
        python.ask("double", "numbers", "doubled");
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
        python.ask("made", "made");
        Dataset<Row> made = spark.read().format("ray").load("made");
        assertThat(made.schema().simpleString())
                .contains("u8:smallint,u16:int,u32:bigint,u64:decimal(20,0),f16:float,large:string,view:string")
                .contains("fixed:binary,dictionary:string,list:array<bigint>,time:time(6),date:date")
                .contains("ns:timestamp_ntz,seconds:timestamp,wide:decimal(38,2),nothing:void");
        Row row = made.where("u8 is not null").first();
        assertThat(row.getDecimal(3)).isEqualTo("18446744073709551615");
        assertThat(row.getString(5) + row.getString(6) + row.getString(8)).isEqualTo("éviewa");
        assertThat(python.ask("refused"))
                .anyMatch(line -> line.contains("REFUSED wide ValueError Column 'wide'"))
                .anyMatch(line -> line.contains("REFUSED fine ValueError Column 'fine'"))
                .anyMatch(line -> line.contains("REFUSED nanos ValueError Column 'nanos'"))
                .anyMatch(line -> line.contains("REFUSED either ValueError Column 'either'"))
                .anyMatch(line -> line.contains("REFUSED runs ValueError Column 'runs'"))
                .anyMatch(line -> line.contains("REFUSED views ValueError Column 'views'"))
                .anyMatch(line -> line.contains("REFUSED twice") && line.contains("2 times"))
                .anyMatch(line -> line.contains("REFUSED objects ValueError Column 'objects'"))
                .anyMatch(line -> line.contains("REFUSED shapeless ValueError The blocks have different types"))
                .noneMatch(line -> line.contains("TAKEN"));
        assertThat(exchange.names()).doesNotContain("refused");
        python.ask("uneven", "uneven");
        assertThat(spark.read().format("ray").load("uneven").orderBy("k").collectAsList())
                .extracting(each -> each.get(0))
                .containsExactly(null, null, "a", null);
    }

    @Test
    void tensorsKeepTheirShape() {
        python.ask("tensors", "tensors");
        Dataset<Row> tensors = spark.read().format("ray").load("tensors");
        assertThat(tensors.schema().simpleString())
                .isEqualTo("struct<ray:array<array<smallint>>,native:array<array<float>>,"
                        + "beside_null:array<array<float>>,ragged:struct<data:array<double>,shape:array<bigint>>>");
        assertThat(tensors.toJSON().collectAsList())
                .containsExactly(
                        "{'ray':[[0,1],[2,3],[4,5]],'native':[[0.0,1.0],[2.0,3.0]],'beside_null':[[0.5,1.5],[2.5,3.5]],"
                                        .replace('\'', '"')
                                + "'ragged':{'data':[0.0,0.0],'shape':[1,2]}}".replace('\'', '"'),
                        "{'ray':[[6,7],[8,9],[10,11]],'native':[[4.0,5.0],[6.0,7.0]],".replace('\'', '"')
                                + "'ragged':{'data':[1.0,1.0],'shape':[2,1]}}".replace('\'', '"'));
    }

    @Test
    void theWideTheLongAndTheEmptyComeBackFromPython() {
        String[] columns = IntStream.range(0, 5000)
                .mapToObj(
                        i -> i % 2 == 0 ? "id * %d as c%d".formatted(i, i) : "concat(id, '/%d') as c%d".formatted(i, i))
                .toArray(String[]::new);
        thereAndBack("wide", spark.range(0, 20, 1, 2).selectExpr(columns));
        thereAndBack("long", spark.range(0, 8, 1, 2).selectExpr("id as x", "repeat(concat('é', id), 1000000) as s"));
        thereAndBack("one", spark.range(0, 3, 1, 1).selectExpr("id as x"));
        thereAndBack("empty", everything().where("x < 0"));
        thereAndBack("gaps", spark.range(0, 100, 1, 10).where("id >= 50").toDF("x"));
        Dataset<Row> none = spark.range(0, 70_000, 1, 3).selectExpr();
        try (RayDataset rows = exchange.put(none, DatasetOptions.named("no-columns"))) {
            assertThat(rows.read(spark).schema()).isEqualTo(none.schema());
            assertThat(rows.read(spark).count()).isEqualTo(70_000);
        }
    }

    private static void thereAndBack(String name, Dataset<Row> table) {
        try (RayDataset there = exchange.put(table, DatasetOptions.named(name))) {
            List<Row> rows = table.collectAsList();
            assertThat(there.rows()).isEqualTo(rows.size());
            assertThat(there.read(spark).schema()).isEqualTo(table.schema());
            assertThat(there.read(spark).collectAsList()).isEqualTo(rows);
            python.ask("again", name, name + "-again");
        }
        try (RayDataset back = exchange.open(name + "-again")) {
            assertThat(back.read(spark).schema().asNullable())
                    .isEqualTo(table.schema().asNullable());
            // Ray Data keeps no order among blocks unless it is told to.
            assertThat(back.read(spark).collectAsList()).containsExactlyInAnyOrderElementsOf(table.collectAsList());
            back.drop();
        }
    }

    @Test
    void whatCannotGoIsRefusedByNameBeforeAnythingRuns() {
        Dataset<Row> fails = spark.range(1).selectExpr("raise_error('this ran') as e");
        assertThatThrownBy(() -> fails.selectExpr("e", "parse_json('{}') as v")
                        .write()
                        .format("ray")
                        .save("refused"))
                .hasMessageContaining("'v'")
                .hasMessageContaining("VARIANT");
        assertThatThrownBy(() -> exchange.put(fails.selectExpr("e", "e"), DatasetOptions.named("refused")))
                .hasMessageContaining("Two columns are named 'e'");
        assertThat(exchange.names()).doesNotContain("refused");
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
    void sqlCreatesFillsReadsAndDropsDatasets() {
        spark.sql("create table ray.made_by_sql as select id as x, concat('row ', id) as s from range(10)");
        spark.sql("insert into ray.made_by_sql values (10, 'more'), (11, null)");
        assertThat(spark.sql("select count(*), sum(x), count(s) from ray.made_by_sql where x >= 9")
                        .first())
                .isEqualTo(RowFactory.create(3L, 30L, 2L));
        assertThat(spark.sql("show tables in ray like 'made_by_sql'").count()).isEqualTo(1);
        assertThatThrownBy(() -> spark.sql("create table ray.made_by_sql (x long)"))
                .hasMessageContaining("TABLE_OR_VIEW_ALREADY_EXISTS");
        assertThatThrownBy(() -> spark.sql("insert into ray.made_by_sql select id div 0, 's' from range(1)"))
                .hasMessageContaining("DIVIDE_BY_ZERO");
        spark.sql("insert overwrite ray.made_by_sql select 1, 'only'");
        assertThat(spark.table("ray.made_by_sql").collectAsList()).containsExactly(RowFactory.create(1L, "only"));
        assertThatThrownBy(() -> spark.sql("select * from ray.made_by_sq"))
                .hasMessage("No dataset 'made_by_sq' on this Ray cluster: did you mean 'made_by_sql'?");
        assertThatThrownBy(() -> spark.sql("select * from ray.other.made_by_sql"))
                .hasMessageContaining("There is no namespace 'other': datasets have none");
        spark.sql("drop table ray.made_by_sql");
        spark.sql("drop table if exists ray.made_by_sql");
        assertThat(exchange.names()).doesNotContain("made_by_sql");
    }

    @Test
    void saveAsTableCreatesAppendsAndOverwrites() {
        Dataset<Row> ten = spark.range(10).toDF("x");
        ten.write().saveAsTable("ray.saved");
        assertThatThrownBy(() -> ten.write().saveAsTable("ray.saved")).hasMessageContaining("ALREADY_EXISTS");
        ten.write().mode("append").saveAsTable("ray.saved");
        assertThat(spark.table("ray.saved").count()).isEqualTo(20);
        spark.range(3).toDF("y").write().mode("overwrite").saveAsTable("ray.saved");
        assertThat(spark.table("ray.saved").orderBy("y").collectAsList())
                .containsExactly(RowFactory.create(0L), RowFactory.create(1L), RowFactory.create(2L));
        spark.sql("drop table ray.saved");
    }

    @Test
    void whatTheDocumentationShowsRuns(@TempDir Path folder) throws Exception {
        Dataset<Row> trips = spark.range(0, 100, 1, 4).selectExpr("id", "double(id) / 5 as km");
        trips.write().parquet(folder.resolve("in").toString());
        Dataset<Row> stream = spark.readStream()
                .schema(trips.schema())
                .parquet(folder.resolve("in").toString());
        Map<String, ?> given = Map.of("arclight", arclight, "spark", spark, "df", trips, "stream", stream);
        List<String> java = Snippets.of(PAGE, "java");
        Snippets.runJava(folder, IMPORTS, GIVEN + java.get(0), given);
        assertThat(spark.read().format("ray").load("trips").count()).isEqualTo(100);
        python.ask("run", Snippets.of(PAGE, "python").get(0));
        Snippets.runJava(folder, IMPORTS, GIVEN + java.get(1), given);
        assertThat(spark.read().format("ray").load("scored").where("fast").count())
                .isEqualTo(49);
        Snippets.runJava(folder, IMPORTS, GIVEN + java.get(2), given);
        Snippets.runJava(folder, IMPORTS, GIVEN + java.get(3), given);
        assertThat(spark.read().format("ray").load("events").count()).isEqualTo(100);
        for (String statement : Snippets.of(PAGE, "sql").get(0).split(";\n", 0)) {
            spark.sql(statement).collectAsList();
        }
        List.of("trips", "scored", "events").forEach(exchange::drop);
    }

    @Test
    void aTypedHandleKnowsItsDatasetAndFreesItsMemory() {
        long before = ExchangeTests.atRest(python);
        RayDataset dataset = exchange.put(spark.range(0, 4_000_000, 1, 4).toDF("x"), DatasetOptions.named("handle"));
        assertThat(dataset.rows()).isEqualTo(4_000_000);
        assertThat(dataset.bytes()).isBetween(32_000_000L, 33_000_000L);
        assertThat(dataset.blocks())
                .hasSize(4)
                .allSatisfy(block -> assertThat(block.nodes()).isNotEmpty());
        assertThat(python.ask("objects", "handle")).isEqualTo(dataset.refs());
        assertThat(dataset.read(spark).selectExpr("sum(x)").first().getLong(0)).isEqualTo(7999998000000L);
        Await.until("its memory used", RayTests.PATIENCE, () -> used() > before + 31_000_000);
        dataset.close();
        Await.until("the memory back", RayTests.PATIENCE, () -> used() <= before);
        assertThatThrownBy(() -> dataset.read(spark))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_STATE))
                .hasMessage("Dataset 'handle' has been closed");
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNearest() {
        spark.range(1).toDF("x").write().format("ray").save("flights");
        assertThatThrownBy(() -> spark.read().format("ray").load("flihgts"))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessage("No dataset 'flihgts' on this Ray cluster: did you mean 'flights'?");
        assertThat(python.ask("unknown", "flihgts").get(0)).contains("did you mean 'flights'?");
        assertThat(python.ask("unknown", "zzz").get(0)).contains("No dataset 'zzz' on this Ray cluster");
        exchange.drop("flights");
    }

    @Test
    void rowsFromSparkTrainAModelOnRayTrain(@TempDir Path folder) {
        spark.range(0, 5000, 1, 2)
                .selectExpr("rand(7) * 2 - 1 as x")
                .selectExpr("x", "3 * x - 1 + randn(8) / 10 as y")
                .write()
                .format("ray")
                .save("training");
        List<Double> losses =
                python.numbers("LOSS", "train", "training", folder.toString()).toList();
        assertThat(losses).hasSize(5);
        // The noise's variance is 0.01.
        assertThat(losses.get(4)).isLessThan(0.02).isLessThan(losses.get(0) / 5);
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
                    batch.write().format("ray").mode("append").save("streamed");
                })
                .start()
                .awaitTermination();
        assertThat(count("streamed")).isEqualTo(300);
        assertThat(ExchangeTests.sum(spark, "streamed")).isEqualTo(300L * 299 / 2);
    }

    private static long count(String name) {
        return spark.read().format("ray").load(name).count();
    }

    private static long used() {
        return python.number("USED", "used");
    }
}
