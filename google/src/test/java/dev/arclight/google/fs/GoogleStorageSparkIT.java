package dev.arclight.google.fs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.testing.FakeGcs;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Spark on {@code gs://}: real Spark and Google's connector, and an emulator of Cloud Storage. */
@Tag("full")
class GoogleStorageSparkIT {
    private static final String ROOT = "gs://lake/tables";

    private static FakeGcs gcs;
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        gcs = FakeGcs.start("lake");
        SparkSession.Builder builder = SparkSession.builder()
                .master("local[2]")
                .appName("gs")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2");
        gcs.settings().forEach((name, value) -> builder.config("spark.hadoop." + name, value));
        spark = builder.getOrCreate();
    }

    @AfterAll
    static void stop() throws IOException {
        spark.stop();
        FileSystem.closeAll();
        gcs.close();
    }

    @Test
    void parquetAndPartitionedCsvAreReadAsTheyWereWritten() throws IOException {
        Dataset<Row> rows = spark.range(1000)
                .withColumn("k", col("id").mod(4))
                .withColumn("t", col("id").cast("string"));
        rows.write().parquet(ROOT + "/parquet");
        rows.limit(10).write().mode(SaveMode.Append).parquet(ROOT + "/parquet");
        rows.write().partitionBy("k").option("header", "true").csv(ROOT + "/csv");
        assertThat(spark.read().parquet(ROOT + "/parquet").count()).isEqualTo(1010);
        Dataset<Row> csv = spark.read()
                .option("header", "true")
                .option("inferSchema", "true")
                .csv(ROOT + "/csv");
        assertThat(csv.filter("k = 3").agg(sum("id")).first().getLong(0)).isEqualTo(125_250); // 3 + 7 + ... + 999
        assertThat(List.of(csv.inputFiles())).allMatch(file -> file.startsWith(ROOT + "/csv/k="));
        rows.filter("id < 5").write().mode(SaveMode.Overwrite).parquet(ROOT + "/parquet");
        assertThat(spark.read().parquet(ROOT + "/parquet").count()).isEqualTo(5);
        FileSystem files = FileSystem.get(URI.create(ROOT), spark.sessionState().newHadoopConf());
        assertThat(Stream.of(files.globStatus(new Path(ROOT + "/csv/k=[12]")))
                        .map(one -> one.getPath().getName()))
                .containsExactly("k=1", "k=2");
        assertThat(Stream.of(files.listStatus(new Path(ROOT)))
                        .map(one -> one.getPath().getName()))
                .containsExactlyInAnyOrder("parquet", "csv");
    }

    @Test
    void checkpointsOfStreamsHaveTheirFileContext() throws IOException {
        FileContext files = FileContext.getFileContext(
                URI.create(ROOT), spark.sessionState().newHadoopConf());
        Path path = new Path("gs://lake/context/file");
        try (var out = files.create(path, java.util.EnumSet.of(CreateFlag.CREATE), CreateOpts.createParent())) {
            out.writeUTF("written");
        }
        try (var in = files.open(path)) {
            assertThat(in.readUTF()).isEqualTo("written");
        }
    }
}
