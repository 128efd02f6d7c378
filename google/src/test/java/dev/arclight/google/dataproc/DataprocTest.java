package dev.arclight.google.dataproc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Settings;
import dev.arclight.base.progress.Progress;
import dev.arclight.base.rest.Credentials;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobId;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus.State;
import dev.arclight.engine.job.Submitter;
import dev.arclight.testing.Await;
import dev.arclight.testing.StandIn.Seen;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both submitters against a stand-in, with a folder for the bucket. */
@Timeout(120)
class DataprocTest {
    private static final JobId ID = new JobId("job-20260101-120000-ab12");

    @TempDir
    Path folder;

    private DataprocStandIn dataproc;
    private Path jar;

    @BeforeEach
    void start() throws IOException {
        dataproc = new DataprocStandIn(folder.resolve("output"));
        jar = Files.writeString(folder.resolve("app.jar"), "content of the jar");
    }

    @AfterEach
    void stop() {
        dataproc.close();
    }

    private Connection connection() {
        Credentials credentials = new TwoTokens();
        return new Connection(
                Map.of("GOOGLE_CLOUD_PROJECT", "my-project-1"),
                () -> credentials,
                Configuration::new,
                "file",
                Duration.ofMillis(20));
    }

    private Settings settings(String... pairs) {
        Map<String, String> all = new java.util.TreeMap<>(Map.of(
                "arclight.gcp-region",
                "europe-west1",
                "arclight.gcp-staging",
                folder.resolve("bucket").toUri().toString(),
                "arclight.dataproc-cluster",
                "cluster-a",
                "arclight.dataproc-endpoint",
                dataproc.uri().toString()));
        for (String pair : pairs) {
            all.put("arclight." + pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        Settings settings = Settings.empty();
        for (Map.Entry<String, String> entry : all.entrySet()) {
            settings = settings.with(entry.getKey(), new Settings.Value(entry.getValue(), "test"));
        }
        return settings;
    }

    private JobRequest request(String master, Map<String, String> spark, String... pairs) {
        return new JobRequest(
                "wine report",
                Master.of(master),
                DeployMode.CLUSTER,
                "org.example.Report",
                List.of(jar),
                List.of("--year", "2015"),
                spark,
                settings(pairs));
    }

    private static JobRecord record(Submitter submitter, String master, Map<String, String> handle) {
        return new JobRecord(
                ID,
                "wine report",
                Master.of(master),
                DeployMode.CLUSTER,
                Instant.EPOCH,
                submitter.name(),
                handle,
                Optional.empty());
    }

    private String log(Submitter submitter, JobRecord job, long from) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(submitter.log(job, from, out)).isEqualTo(from + out.size());
        return out.toString(StandardCharsets.UTF_8);
    }

    private void output(String part, String text) throws IOException {
        Path driver = folder.resolve("output").resolve(ID.text());
        Files.createDirectories(driver);
        Files.writeString(driver.resolve("driveroutput." + part), text);
    }

    private Path staged() {
        return folder.resolve("bucket").resolve(ID.text());
    }

    private long calls(String method, String end) {
        return dataproc.seen().stream()
                .filter(call -> call.method().equals(method))
                .map(Seen::path)
                .filter(path -> path.replaceFirst("\\?.*", "").endsWith(end))
                .count();
    }

    @Test
    void eachPlatformHasOneSubmitter() {
        for (String master : List.of("dataproc", "dataproc-serverless")) {
            assertThat(ServiceLoader.load(Submitter.class).stream()
                            .map(ServiceLoader.Provider::get)
                            .filter(one -> one.serves(Master.of(master), DeployMode.CLUSTER))
                            .map(Submitter::name))
                    .containsExactly(master);
        }
    }

    @Test
    void aJobOfAClusterIsSubmittedWatchedAndReadToItsEnd() throws Exception {
        Submitter submitter = new DataprocSubmitter(connection());
        Map<String, String> handle =
                submitter.submit(ID, request("dataproc", Map.of("spark.executor.memory", "4g")), Progress.NONE);
        JobRecord job = record(submitter, "dataproc", handle);
        assertThat(staged().resolve("app.jar")).hasContent("content of the jar");
        JsonNode sent = dataproc.job(ID.text());
        assertThat(sent.path("placement").path("clusterName").asText()).isEqualTo("cluster-a");
        JsonNode spark = sent.path("sparkJob");
        assertThat(spark.path("mainClass").asText()).isEqualTo("org.example.Report");
        assertThat(spark.path("args").toString()).isEqualTo("[\"--year\",\"2015\"]");
        assertThat(spark.path("jarFileUris").path(0).asText()).endsWith("/" + ID + "/app.jar");
        assertThat(spark.path("properties").path("spark.executor.memory").asText())
                .isEqualTo("4g");
        assertThat(spark.path("properties").path("spark.app.name").asText()).isEqualTo("wine report");
        assertThat(submitter.status(job).state()).isEqualTo(State.PENDING);
        assertThat(log(submitter, job, 0)).isEmpty();
        dataproc.job(ID.text(), "RUNNING", "");
        output("000000000", "first\n");
        assertThat(submitter.status(job).state()).isEqualTo(State.RUNNING);
        assertThat(log(submitter, job, 0)).isEqualTo("first\n");
        output("000000001", "second\n");
        assertThat(log(submitter, job, 2)).isEqualTo("rst\nsecond\n");
        assertThat(log(submitter, job, 6)).isEqualTo("second\n");
        assertThat(log(submitter, job, 99)).isEmpty();
        dataproc.job(ID.text(), "ERROR", "Job failed with message [class not found]");
        assertThat(submitter.status(job).state()).isEqualTo(State.FAILED);
        assertThat(submitter.status(job).detail()).contains("class not found");
        submitter.release(job);
        assertThat(staged()).doesNotExist();
    }

    @Test
    void aJobThatDataprocForgotIsLost() {
        Submitter submitter = new DataprocSubmitter(connection());
        JobRecord job = record(
                submitter,
                "dataproc",
                Map.of("endpoint", dataproc.uri().toString(), "project", "my-project-1", "region", "europe-west1"));
        assertThat(submitter.status(job).state()).isEqualTo(State.LOST);
    }

    @Test
    void secretsAreInTheBucketAlone() throws Exception {
        Submitter submitter = new DataprocSubmitter(connection());
        submitter.submit(
                ID,
                request("dataproc", Map.of("spark.my.password", "hunter2", "spark.executor.cores", "2")),
                Progress.NONE);
        JsonNode spark = dataproc.job(ID.text()).path("sparkJob");
        assertThat(dataproc.seen()).noneMatch(call -> call.text().contains("hunter2"));
        assertThat(spark.path("properties").has("spark.my.password")).isFalse();
        assertThat(spark.path("properties").path("spark.executor.cores").asText())
                .isEqualTo("2");
        // As the driver begins: the class comes from the jar that was shipped.
        List<String> arguments = new ArrayList<>();
        spark.path("args").forEach(argument -> arguments.add(argument.asText()));
        assertThat(arguments.subList(1, 4)).containsExactly("org.example.Report", "--year", "2015");
        arguments.set(1, NotedApplication.class.getName());
        URI settings = URI.create(spark.path("jarFileUris").path(1).asText());
        assertThat(settings.getPath()).endsWith("/arclight-private-settings.jar");
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new java.net.URL[] {settings.toURL()}, before)) {
            assertThat(loader.findResource(spark.path("mainClass").asText().replace('.', '/') + ".class"))
                    .isNotNull();
            loader.loadClass(spark.path("mainClass").asText())
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments.toArray(String[]::new));
            assertThat(NotedApplication.SEEN).containsExactly("hunter2", "--year", "2015");
        } finally {
            System.clearProperty("spark.my.password");
        }
    }

    @Test
    void aRefusedTokenIsReplacedOnce() throws Exception {
        dataproc.accept("t2");
        Submitter submitter = new DataprocSubmitter(connection());
        submitter.submit(ID, request("dataproc", Map.of()), Progress.NONE);
        assertThat(dataproc.jobs()).hasSize(1);
        assertThat(dataproc.seen().get(0).header("Authorization")).isEqualTo("Bearer t1");
        dataproc.accept("t3");
        assertThatThrownBy(() -> submitter.submit(ID, request("dataproc", Map.of()), Progress.NONE))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN))
                .hasMessageContaining("gcloud auth application-default login");
    }

    @Test
    void whatPassesIsWaitedFor() throws Exception {
        dataproc.trouble(429, 503);
        Submitter submitter = new DataprocSubmitter(connection());
        submitter.submit(ID, request("dataproc", Map.of()), Progress.NONE);
        assertThat(dataproc.jobs()).containsOnlyKeys(ID.text());
        assertThat(calls("GET", "/clusters/cluster-a")).isEqualTo(3);
    }

    @Test
    void aSubmissionThatIsRefusedLeavesNothingAndNamesTheRole() {
        dataproc.trouble(403);
        assertThatThrownBy(() -> new DataprocServerlessSubmitter(connection())
                        .submit(ID, request("dataproc-serverless", Map.of()), Progress.NONE))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN))
                .hasMessageContaining("dataproc.jobs.create")
                .hasMessageContaining("roles/dataproc.editor");
        assertThat(folder.resolve("bucket")).as("it was shipped to").exists();
        assertThat(staged()).as("what was shipped is gone").doesNotExist();
    }

    @Test
    @Tag("full") // five attempts
    void aJobWhoseAcceptanceGotLostIsCancelledAndItsJarsAreDeleted() {
        dataproc.loseAnswers();
        Submitter submitter = new DataprocSubmitter(connection());
        assertThatThrownBy(() -> submitter.submit(ID, request("dataproc", Map.of()), Progress.NONE))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
        assertThat(calls("POST", "/jobs:submit")).isGreaterThan(1);
        assertThat(dataproc.jobs()).as("one job for all requests of one id").hasSize(1);
        assertThat(dataproc.job(ID.text()).path("status").path("state").asText())
                .isEqualTo("CANCEL_PENDING");
        assertThat(staged()).doesNotExist();
    }

    @Test
    void anOperationThatIsOverInVainIsAFailure() {
        dataproc.failOperation("Subnetwork 'default' does not support Private Google Access");
        Submitter submitter = new DataprocServerlessSubmitter(connection());
        assertThatThrownBy(() -> submitter.submit(ID, request("dataproc-serverless", Map.of()), Progress.NONE))
                .hasMessageContaining("Private Google Access");
        assertThat(staged()).doesNotExist();
    }

    @Test
    void aClusterThatIsNoneIsAnsweredWithThoseThatAre() {
        Submitter submitter = new DataprocSubmitter(connection());
        assertThatThrownBy(() ->
                        submitter.submit(ID, request("dataproc", Map.of(), "dataproc-cluster=other"), Progress.NONE))
                .hasMessage("There is no Dataproc cluster 'other' in europe-west1 of project my-project-1: there are"
                        + " cluster-a, cluster-b, cluster-c");
        assertThatThrownBy(() -> submitter.submit(
                        ID, request("dataproc", Map.of(), "dataproc-cluster=cluster-b"), Progress.NONE))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_STATE))
                .hasMessageContaining("'cluster-b' is STOPPED");
        assertThat(folder.resolve("bucket")).doesNotExist();
    }

    @Test
    void stoppingAsksOnceAndWaitsForTheEnd() throws Exception {
        Submitter submitter = new DataprocSubmitter(connection());
        JobRecord job =
                record(submitter, "dataproc", submitter.submit(ID, request("dataproc", Map.of()), Progress.NONE));
        dataproc.job(ID.text(), "RUNNING", "");
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> stop(submitter, job));
        Await.until(
                "three looks after the request to cancel",
                Duration.ofSeconds(20),
                () -> calls("POST", ID + ":cancel") == 1 && calls("GET", ID.text()) >= 3);
        assertThat(stopped).isNotDone();
        dataproc.job(ID.text(), "CANCELLED", "");
        stopped.get(20, TimeUnit.SECONDS);
        assertThat(calls("POST", ID + ":cancel")).isEqualTo(1);
        assertThat(submitter.status(job).state()).isEqualTo(State.STOPPED);
    }

    private static void stop(Submitter submitter, JobRecord job) {
        try {
            submitter.stop(job);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aBatchIsCreatedWatchedAndCancelledByItsOperation() throws Exception {
        Submitter submitter = new DataprocServerlessSubmitter(connection());
        Map<String, String> handle = submitter.submit(
                ID,
                request(
                        "dataproc-serverless",
                        Map.of("spark.executor.cores", "4"),
                        "dataproc-runtime=3.0",
                        "dataproc-subnet=sub-1"),
                Progress.NONE);
        JobRecord job = record(submitter, "dataproc-serverless", handle);
        JsonNode batch = dataproc.batch(ID.text());
        assertThat(batch.path("sparkBatch").path("mainClass").asText()).isEqualTo("org.example.Report");
        assertThat(batch.path("runtimeConfig").path("version").asText()).isEqualTo("3.0");
        assertThat(batch.path("runtimeConfig")
                        .path("properties")
                        .path("spark.executor.cores")
                        .asText())
                .isEqualTo("4");
        assertThat(batch.path("environmentConfig").path("executionConfig").toString())
                .isEqualTo("{\"subnetworkUri\":\"sub-1\"}");
        assertThat(dataproc.seen().get(0).path()).endsWith("?batchId=" + ID + "&requestId=" + ID);
        assertThat(submitter.status(job).state()).isEqualTo(State.PENDING);
        dataproc.batch(ID.text(), "RUNNING", "");
        output("000000000", "hello\n");
        assertThat(log(submitter, job, 0)).isEqualTo("hello\n");
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> stop(submitter, job));
        Await.until(
                "the batch is being cancelled",
                Duration.ofSeconds(20),
                () -> dataproc.batch(ID.text()).path("state").asText().equals("CANCELLING"));
        dataproc.batch(ID.text(), "CANCELLED", "");
        stopped.get(20, TimeUnit.SECONDS);
        dataproc.batch(ID.text(), "FAILED", "Multiple Errors: exit code 1");
        assertThat(submitter.status(job).detail()).contains("exit code 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gcp-region= | needs --conf arclight.gcp-region=REGION",
                "gcp-region=europe-west1-b | a zone has a letter more",
                "gcp-project=My Project | expected a project's id",
                "gcp-staging= | needs --conf arclight.gcp-staging=gs://BUCKET/PATH",
                "gcp-staging=/tmp/a | expected gs://BUCKET/PATH",
                "dataproc-cluster= | needs --conf arclight.dataproc-cluster=CLUSTER",
                "dataproc-endpoint=http://example.org | expected https://HOST",
            })
    void aWrongSettingIsNamedBeforeAnythingHappens(String setting, String message) {
        Submitter submitter = new DataprocSubmitter(connection());
        assertThatThrownBy(() -> submitter.submit(ID, request("dataproc", Map.of(), setting), Progress.NONE))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT))
                .hasMessageContaining(message);
        assertThat(dataproc.seen()).isEmpty();
    }
}
