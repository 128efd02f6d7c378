package dev.arclight.databricks.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.Settings;
import dev.arclight.base.progress.Progress;
import dev.arclight.databricks.WorkspaceStandIn;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobId;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus.State;
import dev.arclight.engine.job.Submitter;
import dev.arclight.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DatabricksSubmitterTest {
    private static final JobId ID = new JobId("job-20260101-120000-ab12");
    private static final String CLUSTER = "databricks-cluster=1234-567890-reef123";

    @TempDir
    Path folder;

    private WorkspaceStandIn workspace;
    private DatabricksSubmitter submitter;
    private Path jar;

    @BeforeEach
    void start() throws IOException {
        workspace = new WorkspaceStandIn();
        submitter = new DatabricksSubmitter(workspace.environment(), Duration.ofMillis(20));
        jar = Files.writeString(folder.resolve("app.jar"), "content of the jar");
    }

    @AfterEach
    void stop() {
        workspace.close();
    }

    private JobRequest request(Map<String, String> spark, String... pairs) {
        Map<String, String> all = new TreeMap<>(Map.of("databricks-staging", "/Volumes/main/default/raw/jobs"));
        for (String pair : pairs) {
            all.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        Settings settings = Settings.empty();
        for (Map.Entry<String, String> entry : all.entrySet()) {
            settings = settings.with("arclight." + entry.getKey(), new Settings.Value(entry.getValue(), "test"));
        }
        return new JobRequest(
                "wine report",
                Master.of("databricks"),
                DeployMode.CLUSTER,
                "org.example.Report",
                List.of(jar),
                List.of("--year", "2015"),
                spark,
                settings);
    }

    private JobRecord submit(JobRequest request) {
        Map<String, String> handle = submitter.submit(ID, request, Progress.NONE);
        return new JobRecord(
                ID,
                "wine report",
                Master.of("databricks"),
                DeployMode.CLUSTER,
                Instant.EPOCH,
                submitter.name(),
                handle,
                Optional.empty());
    }

    private long run() {
        return workspace.runs().keySet().iterator().next();
    }

    private String log(JobRecord job, long from) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(submitter.log(job, from, out)).isEqualTo(from + out.size());
        return out.toString(StandardCharsets.UTF_8);
    }

    private long calls(String end) {
        return workspace.seen().stream()
                .filter(call -> call.path().replaceFirst("\\?.*", "").endsWith(end))
                .count();
    }

    @Test
    void thereIsOneSubmitter() {
        assertThat(ServiceLoader.load(Submitter.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(one -> one.serves(Master.of("databricks"), DeployMode.CLUSTER)))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/Volumes/main/default/raw/jobs", "dbfs:/jobs"})
    void aRunIsSubmittedWatchedAndReadToItsEnd(String staging) throws IOException {
        JobRecord job = submit(request(Map.of(), CLUSTER, "databricks-staging=" + staging));
        String shipped = staging + "/" + ID + "/app.jar";
        assertThat(workspace.files().get(shipped.replaceFirst("^dbfs:", "")))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("content of the jar");
        JsonNode sent = workspace.run(run());
        JsonNode task = sent.path("tasks").path(0);
        assertThat(task.path("existing_cluster_id").asText()).isEqualTo("1234-567890-reef123");
        assertThat(task.path("libraries").toString()).isEqualTo("[{\"jar\":\"%s\"}]".formatted(shipped));
        assertThat(task.path("spark_jar_task").toString())
                .isEqualTo("{\"main_class_name\":\"org.example.Report\",\"parameters\":[\"--year\",\"2015\"]}");
        assertThat(submitter.status(job).state()).isEqualTo(State.PENDING);
        workspace.state(run(), "RUNNING", "", "In run");
        assertThat(submitter.status(job).state()).isEqualTo(State.RUNNING);
        assertThat(log(job, 0)).as("the service gives none before the end").isEmpty();
        workspace.state(run(), "TERMINATED", "FAILED", "Workload failed, see run output for details");
        workspace.output("{\"logs\": \"first\\nsecond\\n\", \"logs_truncated\": false, \"error\": \"no such class\","
                + " \"error_trace\": \"at Report.main\"}");
        assertThat(submitter.status(job).state()).isEqualTo(State.FAILED);
        assertThat(submitter.status(job).detail()).contains("Workload failed").contains("/run/123");
        assertThat(log(job, 0)).isEqualTo("first\nsecond\nno such class\nat Report.main\n");
        assertThat(log(job, 6)).startsWith("second\n");
        assertThat(workspace.seen())
                .anyMatch(call -> call.path().endsWith("/get-output?run_id=9" + run())); // of the task, not of the run
        submitter.release(job);
        assertThat(workspace.files()).doesNotContainKey(shipped.replaceFirst("^dbfs:", ""));
    }

    @Test
    void endsHaveTheirNames() {
        JobRecord job = submit(request(Map.of(), CLUSTER));
        Map<String, State> ends = Map.of(
                "TERMINATED SUCCESS", State.SUCCEEDED,
                "TERMINATED CANCELED", State.STOPPED,
                "TERMINATED TIMEDOUT", State.FAILED,
                "INTERNAL_ERROR FAILED", State.FAILED,
                "SKIPPED ", State.FAILED);
        ends.forEach((words, state) -> {
            String[] both = words.split(" ", -1);
            workspace.state(run(), both[0], both[1], "");
            assertThat(submitter.status(job).state()).as(words).isEqualTo(state);
        });
        workspace.runs().clear();
        assertThat(submitter.status(job).state()).isEqualTo(State.LOST);
    }

    @Test
    void aClusterOfItsOwnTakesTheSettings() {
        submit(request(
                Map.of("spark.sql.shuffle.partitions", "8", "spark.my.token", "{{secrets/scope/key}}"),
                "databricks-spark-version=18.0.x-scala2.13",
                "databricks-node-type=i3.xlarge",
                "databricks-workers=0"));
        JsonNode cluster = workspace.run(run()).path("tasks").path(0).path("new_cluster");
        assertThat(cluster.path("spark_version").asText()).isEqualTo("18.0.x-scala2.13");
        assertThat(cluster.path("num_workers").asInt(-1)).isZero();
        assertThat(cluster.path("spark_conf")
                        .path("spark.databricks.cluster.profile")
                        .asText())
                .isEqualTo("singleNode");
        assertThat(cluster.path("spark_conf").path("spark.my.token").asText()).isEqualTo("{{secrets/scope/key}}");
    }

    @Test
    void whatPassesIsWaitedForAndOneSubmissionIsOneRun() {
        workspace.trouble(429, 503);
        submit(request(Map.of(), CLUSTER));
        assertThat(workspace.runs()).hasSize(1);
    }

    @Test
    @Tag("full") // five attempts
    void aRunWhoseAcceptanceGotLostIsCancelledAndItsJarsAreDeleted() {
        workspace.loseAnswers();
        assertThatThrownBy(() -> submit(request(Map.of(), CLUSTER)))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
        assertThat(calls("/runs/submit")).isGreaterThan(1);
        assertThat(workspace.runs()).hasSize(1);
        assertThat(calls("/runs/list")).as("it stands on the second page").isEqualTo(2);
        assertThat(workspace.run(run()).path("state").path("life_cycle_state").asText())
                .isEqualTo("TERMINATING");
        assertThat(workspace.files().keySet()).noneMatch(file -> file.contains(ID.text()));
    }

    @Test
    void aTokenThatIsRefusedIsNamed() {
        DatabricksSubmitter other = new DatabricksSubmitter(
                Map.of("DATABRICKS_HOST", workspace.uri().toString(), "DATABRICKS_TOKEN", "dapi-old"), Duration.ZERO);
        assertThatThrownBy(() -> other.submit(ID, request(Map.of(), CLUSTER), Progress.NONE))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN))
                .hasMessageContaining("DATABRICKS_TOKEN")
                .hasMessageNotContaining("dapi-old");
        DatabricksSubmitter unencrypted = new DatabricksSubmitter(
                Map.of("DATABRICKS_HOST", "http://example.org", "DATABRICKS_TOKEN", "dapi1"), Duration.ZERO);
        assertThatThrownBy(() -> unencrypted.submit(ID, request(Map.of(), CLUSTER), Progress.NONE))
                .hasMessageContaining("expected https://HOST");
    }

    @Test
    void aClusterThatIsNoneIsAnsweredWithThoseThatAre() {
        assertThatThrownBy(() -> submit(request(Map.of(), "databricks-cluster=other")))
                .hasMessageContaining("There is no cluster 'other'")
                .hasMessageContaining("1234-567890-reef123 (shared), 9 (late)");
        assertThat(workspace.files()).isEmpty();
    }

    @Test
    void stoppingAsksOnceAndWaitsForTheEnd() throws Exception {
        JobRecord job = submit(request(Map.of(), CLUSTER));
        workspace.state(run(), "RUNNING", "", "");
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
            try {
                submitter.stop(job);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Await.until("two looks after the request", Duration.ofSeconds(20), () -> calls("/runs/get") >= 3);
        assertThat(stopped).isNotDone();
        workspace.state(run(), "TERMINATED", "CANCELED", "Run cancelled.");
        stopped.get(20, TimeUnit.SECONDS);
        assertThat(calls("/runs/cancel")).isEqualTo(1);
        assertThat(submitter.status(job).state()).isEqualTo(State.STOPPED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "databricks-staging= | needs --conf arclight.databricks-staging=",
                "databricks-staging=/tmp | expected /Volumes/CATALOG/SCHEMA/VOLUME/PATH or dbfs:/PATH",
                "databricks-workers=two | expected a number",
                "databricks-workers=1 | needs --conf arclight.databricks-spark-version=",
            })
    void aWrongSettingIsNamedBeforeAnythingHappens(String setting, String message) {
        assertThatThrownBy(() -> submit(request(Map.of(), setting)))
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT))
                .hasMessageContaining(message);
        assertThat(workspace.seen()).isEmpty();
    }

    @Test
    void settingsThatWouldBeShownOrIgnoredAreRefused() {
        assertThatThrownBy(() -> submit(request(
                        Map.of("spark.my.password", "hunter2"),
                        "databricks-spark-version=18.0.x-scala2.13",
                        "databricks-node-type=i3.xlarge")))
                .hasMessageContaining("{{secrets/SCOPE/KEY}}")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> submit(request(Map.of("spark.executor.memory", "4g"), CLUSTER)))
                .hasMessageContaining("spark.executor.memory cannot be set");
    }
}
