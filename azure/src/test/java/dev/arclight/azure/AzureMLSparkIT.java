package dev.arclight.azure;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.testing.AccountSas;
import dev.arclight.testing.ArmStandIn;
import dev.arclight.testing.ArmStandIn.Workspace;
import dev.arclight.testing.Azurite;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spark on {@code azureml://} paths: real Spark and ABFS, Microsoft's emulator of Azure Storage, and a stand-in for
 * Resource Manager. Catches: paths that come back in another form, workspaces that are taken for one another,
 * credentials that expire while a job runs, secrets in logs.
 */
@Tag("full")
class AzureMLSparkIT {
    private static final Workspace ONE = new Workspace("1111", "rg-one", "ws-one");
    private static final Workspace TWO = new Workspace("2222", "rg-two", "ws-two");

    @TempDir
    static Path folder;

    private static Azurite azurite;
    private static ArmStandIn arm;
    private static SparkSession spark;
    private static LogTaken log;

    @BeforeAll
    static void start() throws IOException {
        azurite = Azurite.start("lakeone", "laketwo");
        arm = ArmStandIn.start(folder);
        arm.blobDatastore(ONE, "lake", "lakeone", "files");
        arm.blobDatastore(TWO, "lake", "laketwo", "files");
        log = LogTaken.begin("dev.arclight", "org.apache.hadoop.fs.azurebfs");
        SparkSession.Builder builder = SparkSession.builder()
                .master("local[2]")
                .appName("azureml")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.eventLog.enabled", "true")
                .config("spark.eventLog.compress", "false")
                .config("spark.eventLog.dir", folder.toUri().toString())
                .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString());
        builder.config(
                "spark.hadoop.fs.AbstractFileSystem.azureml.impl", "dev.arclight.azure.fs.AzureMLAbstractFileSystem");
        ONE.settings().forEach((name, value) -> builder.config("spark.hadoop." + name, value));
        azurite.settings().forEach((name, value) -> builder.config("spark.hadoop." + name, value));
        arm.settings().forEach((name, value) -> builder.config("spark.hadoop." + name, value));
        spark = builder.getOrCreate();
    }

    @AfterAll
    static void stop() throws IOException {
        spark.stop();
        FileSystem.closeAll();
        log.close();
        arm.close();
        azurite.close();
    }

    private static String inWorkspace(Workspace workspace, String path) {
        return "azureml://subscriptions/%s/resourcegroups/%s/workspaces/%s/datastores/lake/paths/%s"
                .formatted(workspace.subscription(), workspace.resourceGroup(), workspace.name(), path);
    }

    private static FileSystem files(String uri) throws IOException {
        return FileSystem.get(URI.create(uri), configuration());
    }

    private static Configuration configuration() {
        return spark.sessionState().newHadoopConf();
    }

    private static List<String> paths(FileStatus[] found) {
        return Stream.of(found).map(status -> status.getPath().toString()).toList();
    }

    @Test
    void parquetAndPartitionedCsvAreReadAsTheyWereWritten() {
        String root = "azureml://datastores/lake/paths/tables";
        Dataset<Row> rows = spark.range(1000)
                .withColumn("k", col("id").mod(4))
                .withColumn("t", col("id").cast("string"));
        rows.write().parquet(root + "/parquet");
        rows.write().partitionBy("k").option("header", "true").csv(root + "/csv");
        rows.limit(10).write().mode(SaveMode.Append).parquet(root + "/parquet");
        assertThat(spark.read().parquet(root + "/parquet").count()).isEqualTo(1010);
        Dataset<Row> csv = spark.read()
                .option("header", "true")
                .option("inferSchema", "true")
                .csv(root + "/csv");
        assertThat(csv.filter("k = 3").agg(sum("id")).first().getLong(0)).isEqualTo(125_250); // 3 + 7 + ... + 999
        assertThat(List.of(csv.inputFiles())).allMatch(file -> file.startsWith(root + "/csv/k="));
        rows.filter("id < 5").write().mode(SaveMode.Overwrite).parquet(root + "/parquet");
        assertThat(spark.read().parquet(root + "/parquet").count()).isEqualTo(5);
    }

    @Test
    void listingsAndGlobsGiveBackTheFormThatWasAskedFor() throws IOException {
        for (String base : List.of(
                "azureml://datastores/lake/paths/globs",
                "azureml://datastore/lake/paths/globs",
                inWorkspace(ONE, "globs"),
                inWorkspace(ONE, "globs")
                        .replace("workspaces", "providers/Microsoft.MachineLearningServices/workspaces"))) {
            FileSystem files = files(base);
            for (String name : List.of("a/1.csv", "a/2.csv", "b/1.csv", "b/x.txt")) {
                try (OutputStream out = files.create(path(base + "/" + name), true)) {
                    out.write(name.getBytes(StandardCharsets.UTF_8));
                }
            }
            assertThat(paths(files.listStatus(path(base)))).containsExactly(base + "/a", base + "/b");
            assertThat(paths(files.globStatus(path(base + "/*/1.csv"))))
                    .containsExactly(base + "/a/1.csv", base + "/b/1.csv");
            assertThat(files.getFileStatus(path(base + "/b/x.txt")).getLen()).isEqualTo(7);
            List<String> all = new ArrayList<>();
            var located = files.listFiles(path(base), true);
            while (located.hasNext()) {
                all.add(located.next().getPath().toString());
            }
            assertThat(all)
                    .containsExactlyInAnyOrder(
                            base + "/a/1.csv", base + "/a/2.csv", base + "/b/1.csv", base + "/b/x.txt");
            assertThat(files.rename(path(base + "/a"), path(base + "/c"))).isTrue();
            assertThat(paths(files.listStatus(path(base)))).containsExactly(base + "/b", base + "/c");
            assertThat(files.delete(path(base), true)).isTrue();
        }
        assertThat(paths(files("azureml://datastores/").listStatus(path("azureml://datastores"))))
                .contains("azureml://datastores/lake");
    }

    private static org.apache.hadoop.fs.Path path(String text) {
        return new org.apache.hadoop.fs.Path(text);
    }

    @Test
    void twoWorkspacesWithADatastoreOfTheSameNameAreTwoStores() throws IOException {
        spark.range(10).write().parquet(inWorkspace(ONE, "both"));
        spark.range(100, 120).write().parquet(inWorkspace(TWO, "both"));
        Dataset<Row> one = spark.read().parquet(inWorkspace(ONE, "both"));
        Dataset<Row> two = spark.read().parquet(inWorkspace(TWO, "both"));
        assertThat(one.union(two).agg(sum("id")).first().getLong(0)).isEqualTo(45 + 2190);
        assertThat(spark.read().parquet("azureml://datastores/lake/paths/both").count())
                .isEqualTo(10);
        assertThatThrownBy(() -> files(inWorkspace(ONE, ""))
                        .rename(path(inWorkspace(ONE, "both")), path(inWorkspace(TWO, "moved"))))
                .hasMessageContaining("different stores");
    }

    @Test
    void aJobOutlivesItsSignatureAndItsToken() throws IOException {
        AtomicInteger signed = new AtomicInteger();
        String account = "lakeone";
        arm.blobDatastore(ONE, "container", account, "short"); // ABFS makes none with a signature
        files("azureml://datastores/").mkdirs(path("azureml://datastores/container/paths/any"));
        arm.blobDatastore(ONE, "short", account, "short", "Sas", () -> {
            signed.incrementAndGet();
            return Map.of(
                    "secretsType",
                    "Sas",
                    "sasToken",
                    AccountSas.of(
                            account,
                            Azurite.keys(account).first(),
                            Instant.now().plusSeconds(4)));
        });
        String out = "azureml://datastores/short/paths/many";
        Instant began = Instant.now();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ScheduledFuture<?> renewals = timer.scheduleAtFixedRate(AzureMLSparkIT::renewToken, 1, 1, TimeUnit.SECONDS);
        try {
            spark.range(0, 2000, 1, 200).write().parquet(out);
            assertThat(renewals.isDone())
                    .as("the tokens of Resource Manager went on expiring")
                    .isFalse();
        } finally {
            timer.shutdownNow();
        }
        assertThat(Duration.between(began, Instant.now()).toSeconds())
                .as("the job must take longer than a signature holds")
                .isGreaterThan(4);
        assertThat(spark.read().parquet(out).count()).isEqualTo(2000);
        assertThat(spark.read().parquet(out).inputFiles()).hasSize(200);
        assertThat(signed.get()).isGreaterThan(2);
    }

    /** The tokens that Resource Manager has given out are worth nothing any more. */
    private static void renewToken() {
        try {
            arm.renewToken();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aKeyThatWasReplacedIsAskedForAgain() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        String right = Azurite.keys("lakeone").second();
        files("azureml://datastores/lake").mkdirs(path("azureml://datastores/lake/paths/any")); // makes the container
        arm.blobDatastore(
                ONE,
                "rotated",
                "lakeone",
                "files",
                "AccountKey",
                () -> Map.of(
                        "secretsType",
                        "AccountKey",
                        "key",
                        asked.getAndIncrement() == 0 ? Azurite.keys("laketwo").first() : right));
        Configuration own = configuration();
        own.set("fs.azure.createRemoteFileSystemDuringInitialization", "false");
        try (FileSystem files = FileSystem.newInstance(URI.create("azureml://datastores/"), own)) {
            assertThat(files.mkdirs(path("azureml://datastores/rotated/paths/new")))
                    .isTrue();
            assertThat(asked).hasValue(2);
        }
        arm.put(
                ONE,
                "data/rotated/versions/1",
                "1",
                Map.of(
                        "dataType",
                        "uri_folder",
                        "dataUri",
                        inWorkspace(ONE, "any").replace("/lake/", "/rotated/")));
        asked.set(0);
        try (FileSystem files = FileSystem.newInstance(URI.create("azureml://data/"), own)) {
            assertThat(files.exists(path("azureml://data/rotated/versions/1"))).isTrue();
            assertThat(asked)
                    .as("a version of data lies in a datastore, whose key may be replaced")
                    .hasValue(2);
        }
    }

    @Test
    void aVersionOfDataIsReadByItsUriAndNeverWritten() throws IOException {
        spark.range(7).write().parquet(inWorkspace(ONE, "registered/wine"));
        arm.put(ONE, "data/wine", "wine", Map.of("latestVersion", "1"));
        arm.put(
                ONE,
                "data/wine/versions/1",
                "1",
                Map.of("dataType", "uri_folder", "dataUri", inWorkspace(ONE, "registered/wine/")));
        String uri = "azureml://data/wine/versions/1";
        assertThat(spark.read().parquet(uri).count()).isEqualTo(7);
        assertThat(spark.read().parquet("azureml://data/wine/versions/latest").inputFiles())
                .allMatch(file -> file.startsWith("azureml://data/wine/versions/latest/part-"));
        assertThatThrownBy(() -> files(uri).create(path(uri + "/x")).close())
                .hasMessageContaining("a registered version of data never changes");
    }

    @Test
    void fileContextWorksToo() throws IOException {
        FileContext files = FileContext.getFileContext(URI.create("azureml://datastores/"), configuration());
        org.apache.hadoop.fs.Path file = path("azureml://datastores/lake/paths/context/x");
        files.mkdir(file.getParent(), org.apache.hadoop.fs.permission.FsPermission.getDirDefault(), true);
        files.create(file, java.util.EnumSet.of(org.apache.hadoop.fs.CreateFlag.CREATE))
                .close();
        files.rename(file, path("azureml://datastores/lake/paths/context/y"));
        assertThat(files.util().exists(path("azureml://datastores/lake/paths/context/y")))
                .isTrue();
    }

    @Test
    void failuresAreOneSentence() {
        assertThatThrownBy(() -> spark.read().parquet("azureml://datastores/lakke/paths/x"))
                .hasStackTraceContaining("There is no datastore 'lakke' in workspace 'ws-one'; nearest: lake");
        assertThatThrownBy(() -> spark.read().parquet("azureml://datastores/lake/path/x"))
                .hasStackTraceContaining("part 3 is 'path', expected 'paths'");
        arm.deny(TWO, "datastores/secret");
        assertThatThrownBy(() -> spark.read().parquet(inWorkspace(TWO, "x").replace("/lake/", "/secret/")))
                .hasStackTraceContaining("it takes the role 'AzureML Data Scientist'");
    }

    @Test
    void noSecretIsInLogsOrSettings() throws IOException {
        spark.range(3).write().mode(SaveMode.Overwrite).parquet(inWorkspace(ONE, "logged"));
        List<String> secrets =
                List.of(Azurite.keys("lakeone").first(), Azurite.keys("laketwo").first(), "sig=", "arm-secret-");
        StringBuilder seen = new StringBuilder(log.text());
        configuration().forEach(entry -> seen.append(entry.getValue()).append('\n'));
        try (Stream<Path> logs = Files.walk(folder)) {
            for (Path file : logs.filter(f -> f.getFileName().toString().contains("local-"))
                    .filter(Files::isRegularFile)
                    .toList()) {
                seen.append(Files.readString(file));
            }
        }
        assertThat(seen).hasSizeGreaterThan(10_000).contains("SparkListenerApplicationStart");
        assertThat(secrets).noneMatch(secret -> seen.indexOf(secret) >= 0);
    }
}
