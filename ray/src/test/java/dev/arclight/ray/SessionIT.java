package dev.arclight.ray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.engine.Arclight;
import dev.arclight.testing.Await;
import dev.arclight.testing.RayCluster;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/** One session with two executors on a real cluster of two nodes: the same answers as {@code local[2]}, and losses. */
final class SessionIT {
    private static RayCluster cluster;
    private static Arclight arclight;

    @BeforeAll
    static void start() {
        cluster = RayCluster.start("ray-newest", 1, 1);
        arclight = RayTests.session(cluster, Map.of("spark.executor.instances", "2", "spark.executor.memory", "700m"));
        RayTests.awaitWork(arclight.spark(), 2);
    }

    @AfterAll
    static void stop() {
        try (RayCluster closing = cluster) {
            if (arclight != null) {
                arclight.close();
                Await.until(
                        "no executor JVM left",
                        RayTests.PATIENCE,
                        () -> closing.workers().isEmpty());
            }
        }
    }

    @Test
    void executorsAreOnBothNodes() {
        // A node has one CPU. A worker that another test killed may be replaced just now.
        Await.until("two workers", RayTests.PATIENCE, () -> cluster.workers().size() == 2);
    }

    @Test
    void broadcastAndShuffleJoinsAgreeWithAnIndependentSum() {
        SparkSession spark = arclight.spark();
        spark.range(0, 10_000, 1, 4).selectExpr("id", "id % 7 as k").createOrReplaceTempView("facts");
        spark.range(0, 7).selectExpr("id as k", "id * 10 as v").createOrReplaceTempView("dims");
        long expected =
                IntStream.range(0, 10_000).mapToLong(i -> (i % 7) * 10L + i).sum();
        for (String hint : List.of("BROADCAST(dims)", "MERGE(dims)", "SHUFFLE_HASH(dims)")) {
            Row row = spark.sql("select /*+ %s */ sum(v + id), count(*) from facts join dims using (k)".formatted(hint))
                    .first();
            assertThat(row.getLong(0)).as(hint).isEqualTo(expected);
            assertThat(row.getLong(1)).as(hint).isEqualTo(10_000);
        }
    }

    @Test
    void classesOfTheApplicationReachTheExecutors() {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(arclight.spark().sparkContext());
        List<Tuple2<String, Integer>> counted = context.parallelize(List.of("b a", "a c a", "b"), 3)
                .flatMap(line -> List.of(line.split(" ")).iterator())
                .mapToPair(word -> new Tuple2<>(new Word(word), 1))
                .reduceByKey(Integer::sum)
                .map(pair -> new Tuple2<>(pair._1().text(), pair._2()))
                .collect();
        assertThat(counted).containsExactlyInAnyOrder(new Tuple2<>("a", 3), new Tuple2<>("b", 2), new Tuple2<>("c", 1));
    }

    private record Word(String text) implements Serializable {}

    @Test
    void aStreamingAggregationGoesOnAfterAnExecutorIsKilled(@TempDir Path folder) throws Exception {
        SparkSession spark = arclight.spark();
        Path in = folder.resolve("in");
        spark.range(0, 1000, 1, 2).write().parquet(in.resolve("1").toString());
        var query = spark.readStream()
                .schema("id long")
                .option("recursiveFileLookup", "true")
                .parquet(in.toString())
                .groupBy("id")
                .count()
                .writeStream()
                .format("memory")
                .queryName("seen")
                .outputMode("complete")
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .start();
        try {
            query.processAllAvailable();
            assertThat(spark.table("seen").count()).isEqualTo(1000);
            RayTests.awaitWork(spark, 2);
            cluster.workers().get(0).destroyForcibly();
            spark.range(500, 1500, 1, 2).write().parquet(in.resolve("2").toString());
            query.processAllAvailable();
            Row row = spark.sql("select count(*), sum(count) from seen").first();
            assertThat(row.getLong(0)).isEqualTo(1500);
            assertThat(row.getLong(1)).isEqualTo(2000);
        } finally {
            query.stop();
        }
        RayTests.awaitWork(spark, 2);
    }

    @Test
    void anExecutorKilledDuringAShuffleCostsTimeAndNotTheAnswer() throws Exception {
        SparkSession spark = arclight.spark();
        RayTests.awaitWork(spark, 2);
        String query = "select sum(s) from (select id % 1000 k, sum(xxhash64(id) % 7) s from range(0, 60000000, 1, 8)"
                + " group by k)";
        long expected = spark.sql(query).first().getLong(0);
        CompletableFuture<Void> killed = CompletableFuture.runAsync(() -> {
            Await.until(
                    "a running task",
                    RayTests.PATIENCE,
                    () -> spark.sparkContext().statusTracker().getActiveStageIds().length > 0);
            cluster.workers().stream()
                    .max(Comparator.comparing(ProcessHandle::pid))
                    .orElseThrow()
                    .destroyForcibly();
        });
        assertThat(spark.sql(query).first().getLong(0)).isEqualTo(expected);
        killed.get(1, TimeUnit.SECONDS); // or it was killed after the query, and this says nothing
        RayTests.awaitWork(spark, 2);
        assertThat(spark.sql(query).first().getLong(0)).isEqualTo(expected);
    }

    /** Also says whether two bindings of slf4j meet: they would say so on standard error, which Ray keeps too. */
    @Test
    void executorsLogToRaysFolderInOneFormat() throws IOException {
        assertThat(arclight.spark().range(10).count()).isEqualTo(10);
        int executors = 0;
        try (Stream<Path> files = Files.list(cluster.logs())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(text).as(file.toString()).doesNotContain("SLF4J");
                if (file.getFileName().toString().startsWith("java-worker")) {
                    executors++;
                    assertThat(text.lines().filter(line -> line.contains(" CoarseGrainedExecutorBackend ")))
                            .isNotEmpty()
                            .allMatch(line -> line.matches(RayTests.LOG_LINE));
                }
            }
        }
        assertThat(executors).isGreaterThanOrEqualTo(2);
    }

    @Test
    void noSecretIsOnACommandLine() {
        String secret = arclight.spark().sparkContext().getConf().get("spark.authenticate.secret");
        assertThat(secret).hasSizeGreaterThan(30);
        assertThat(cluster.workers())
                .allSatisfy(worker -> assertThat(worker.info().commandLine().orElse(""))
                        .isNotEmpty()
                        .doesNotContain(secret));
    }
}
