package dev.arclight.azure.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches on a stand-in for a Spark pool; the storage is a local folder. */
final class SynapseSubmitterTest {
    @TempDir
    private Path folder;

    private SynapseStandIn synapse;
    private Map<String, String> spark;
    private final SynapseSubmitter submitter = new SynapseSubmitter(Duration.ZERO);

    @BeforeEach
    void start() throws IOException {
        synapse = new SynapseStandIn("t0ken");
        Path token = Files.writeString(
                folder.resolve("token.json"), "{\"accessToken\": \"t0ken\", \"expires_on\": 99999999999}");
        spark = new TreeMap<>(Map.of(
                "spark.hadoop.fs.azureml.auth", "token-file",
                "spark.hadoop.fs.azureml.token-file", token.toString(),
                "spark.executor.instances", "3",
                "spark.sql.shuffle.partitions", "64"));
    }

    @AfterEach
    void stop() {
        synapse.close();
    }

    private JobRequest request(String pool) throws IOException {
        return Submission.request(
                "synapse",
                List.of(
                        Files.writeString(folder.resolve("trips.jar"), "a"),
                        Files.writeString(folder.resolve("more.jar"), "b")),
                spark,
                "arclight.synapse-endpoint",
                synapse.endpoint().toString(),
                "arclight.synapse-pool",
                pool,
                "arclight.synapse-storage",
                folder.resolve("lake").toUri().toString());
    }

    @Test
    void aBatchIsAskedForAndFollowedToItsEnd() throws Exception {
        Map<String, String> handle = submitter.submit(Submission.ID, request("big"), Progress.NONE);
        JsonNode body = synapse.asked().get(0);
        Path shipped = folder.resolve("lake/arclight/jobs/" + Submission.ID + "/jars");
        assertThat(body.path("file").asText()).endsWith("/jars/trips.jar");
        assertThat(body.path("jars").path(0).asText()).endsWith("/jars/more.jar");
        assertThat(shipped.resolve("trips.jar")).hasContent("a");
        assertThat(body.path("className").asText()).isEqualTo("com.example.Trips");
        assertThat(body.path("args").toString()).isEqualTo("[\"--month\",\"1 2\"]");
        assertThat(body.path("numExecutors").asInt()).isEqualTo(3);
        assertThat(body.path("conf").toString()).isEqualTo("{\"spark.sql.shuffle.partitions\":\"64\"}");
        assertThat(handle.toString()).doesNotContain("t0ken");

        JobRecord job = Submission.record(submitter, request("big"), handle);
        assertThat(submitter.status(job).state()).isEqualTo(JobStatus.State.PENDING);
        synapse.change("1", "running", "Uncertain");
        synapse.batch("1").withArray("log").add("one").add("two");
        assertThat(submitter.status(job).state()).isEqualTo(JobStatus.State.RUNNING);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        long next = submitter.log(job, 0, log);
        assertThat(submitter.log(job, next, log)).isEqualTo(next);
        assertThat(log).hasToString("one\ntwo\n");
        synapse.batch("1").withArray("errorInfo").addObject().put("message", "the jar is bad");
        synapse.change("1", "dead", "Failed");
        assertThat(submitter.status(job)).isEqualTo(new JobStatus(JobStatus.State.FAILED, "the jar is bad"));
        submitter.release(job);
        assertThat(shipped.getParent()).doesNotExist();
    }

    @Test
    void aBatchIsStopped() throws Exception {
        Map<String, String> handle = submitter.submit(Submission.ID, request("big"), Progress.NONE);
        JobRecord job = Submission.record(submitter, request("big"), handle);
        submitter.stop(job);
        assertThat(submitter.status(job).state()).isEqualTo(JobStatus.State.STOPPED);
    }

    @Test
    void aBusyPoolIsAskedAgainAndABatchIsNeverAskedForTwice() throws Exception {
        synapse.trouble(503);
        submitter.submit(Submission.ID, request("big"), Progress.NONE);
        assertThat(synapse.asked()).hasSize(1);
    }

    @Test
    void failuresAreOneSentenceAndLeaveNothing() throws Exception {
        assertThatThrownBy(() -> submitter.submit(Submission.ID, request("small"), Progress.NONE))
                .hasMessageContaining("There is no Spark pool 'small' at " + synapse.endpoint());
        assertThat(folder.resolve("lake/arclight/jobs/" + Submission.ID)).doesNotExist();
        Files.writeString(folder.resolve("token.json"), "{\"accessToken\": \"old\", \"expires_on\": 99999999999}");
        assertThatThrownBy(() -> submitter.submit(Submission.ID, request("big"), Progress.NONE))
                .hasMessageContaining("it takes the role 'Synapse Compute Operator'")
                .hasMessageNotContaining("old")
                .extracting("code")
                .isEqualTo(ErrorCode.FORBIDDEN);
        spark.put("spark.myapp.password", "x");
        assertThatThrownBy(() -> submitter.submit(Submission.ID, request("big"), Progress.NONE))
                .hasMessageContaining("spark.myapp.password looks like a secret");
        assertThatThrownBy(() -> submitter.submit(
                        Submission.ID, Submission.request("synapse", List.of(), Map.of()), Progress.NONE))
                .hasMessageContaining("needs --conf arclight.synapse-workspace=...");
    }
}
