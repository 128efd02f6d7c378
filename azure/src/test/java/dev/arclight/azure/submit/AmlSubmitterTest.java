package dev.arclight.azure.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.DeployMode;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.engine.job.JobStatus;
import dev.arclight.testing.ArmStandIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs no storage: refusals before anything is shipped, and jobs under way. */
final class AmlSubmitterTest {
    private static final String NAME = Submission.ID.text();

    @TempDir
    private Path folder;

    private ArmStandIn arm;
    private final AmlSubmitter submitter = new AmlSubmitter(Map.of(), Duration.ZERO);

    @BeforeEach
    void start() throws IOException {
        arm = ArmStandIn.start(folder);
        arm.blobDatastore(Submission.WORKSPACE, "workspaceblobstore", "lake", "files");
        Submission.cluster(arm, "cpu-cluster", 4);
        Submission.cluster(arm, "cpu-small", 4);
        Submission.cluster(arm, "gpu", 1);
    }

    @AfterEach
    void stop() {
        arm.close();
    }

    private JobRequest request(String... settings) {
        return Submission.request("aml", List.of(), Submission.spark(arm, Map.of()), settings);
    }

    private void assertRefused(JobRequest request, ErrorCode code, String sentence) {
        assertThatThrownBy(() -> submitter.submit(Submission.ID, request, Progress.NONE))
                .hasMessageContaining(sentence)
                .extracting("code")
                .isEqualTo(code);
    }

    @Test
    void servesItsMasterAlone() {
        assertThat(submitter.serves(Master.of("aml"), DeployMode.CLUSTER)).isTrue();
        assertThat(submitter.serves(Master.of("aml-serverless"), DeployMode.CLUSTER))
                .isFalse();
        assertThat(submitter.serves(Master.of("ray"), DeployMode.CLUSTER)).isFalse();
    }

    @Test
    void aComputeThatIsNotThereIsRefusedWithTheNearestNames() {
        assertRefused(
                request("arclight.aml-compute", "cpu-clusters"),
                ErrorCode.NOT_FOUND,
                "There is no compute 'cpu-clusters' in workspace 'ws-one'; nearest: cpu-cluster");
    }

    @Test
    void aClusterThatIsTooSmallIsRefused() {
        assertRefused(
                request("arclight.aml-compute", "gpu", "arclight.aml-nodes", "2"),
                ErrorCode.BAD_INPUT,
                "The compute 'gpu' has at most 1 nodes, and arclight.aml-nodes is 2");
    }

    @Test
    void aMissingRightIsNamedWithRoleAndResource() {
        arm.deny(Submission.WORKSPACE, "computes/gpu");
        assertRefused(
                request("arclight.aml-compute", "gpu"),
                ErrorCode.FORBIDDEN,
                "No permission for the compute 'gpu': it takes the role 'AzureML Data Scientist' (or one that includes it) on workspace 'ws-one'");
    }

    @Test
    void anEnvironmentThatIsNotThereIsRefused() {
        arm.put(Submission.WORKSPACE, "environments/mine/versions/2", "2", Map.of("image", "registry.example/x"));
        assertRefused(
                request("arclight.aml-compute", "gpu", "arclight.aml-nodes", "1", "arclight.aml-environment", "mine:3"),
                ErrorCode.NOT_FOUND,
                "There is no version of environment 'mine' '3' in workspace 'ws-one'; nearest: 2");
    }

    @Test
    void aJobIsFollowedToItsEnd() throws Exception {
        JobRecord job = under("NotStarted");
        assertThat(submitter.status(job))
                .isEqualTo(new JobStatus(JobStatus.State.PENDING, "NotStarted in workspace ws-one"));
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        assertThat(submitter.log(job, 0, log)).isZero();
        arm.writes().status(Submission.WORKSPACE, NAME, "Running");
        arm.writes().log(NAME, "hällo ");
        long next = submitter.log(job, 0, log);
        arm.writes().log(NAME, "hällo world\n");
        next = submitter.log(job, next, log);
        assertThat(submitter.log(job, next, log)).isEqualTo(next);
        assertThat(log.toString(StandardCharsets.UTF_8)).isEqualTo("hällo world\n");
        assertThat(submitter.status(job).state()).isEqualTo(JobStatus.State.RUNNING);
        arm.writes().error(NAME, "Quota exceeded for STANDARD_D4S_V3\nand more");
        arm.writes().status(Submission.WORKSPACE, NAME, "Failed");
        assertThat(submitter.status(job))
                .isEqualTo(new JobStatus(JobStatus.State.FAILED, "Quota exceeded for STANDARD_D4S_V3"));
    }

    @Test
    void aRunningJobIsStoppedAndOneThatHasEndedIsLeft() throws Exception {
        JobRecord job = under("Running");
        submitter.stop(job);
        assertThat(submitter.status(job).state()).isEqualTo(JobStatus.State.STOPPED);
        submitter.stop(job);
        assertThat(arm.requests().stream().filter(one -> one.endsWith("/cancel")))
                .hasSize(1);
    }

    @Test
    void whoFollowsAJobDoesNotAskAllTheTime() throws Exception {
        JobRecord job = under("Running");
        arm.writes().log(NAME, "some");
        AmlSubmitter patient = new AmlSubmitter(Map.of(), Duration.ofHours(1));
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        long next = 0;
        for (int i = 0; i < 20; i++) {
            next = patient.log(job, next, log);
            assertThat(patient.status(job).state()).isEqualTo(JobStatus.State.RUNNING);
        }
        assertThat(arm.requests())
                .as("workspace, where history is, details, log, job")
                .hasSize(5);
        patient.stop(job);
        arm.writes().log(NAME, "some more");
        assertThat(patient.status(job).state()).isEqualTo(JobStatus.State.STOPPED);
        assertThat(patient.log(job, next, log)).isEqualTo(9);
        assertThat(log).hasToString("some more");
    }

    @Test
    void aJobThatWasDeletedIsLost() {
        JobRecord job = under("Running");
        JobRecord gone = Submission.record(submitter, request(), without(job.handle(), "job"));
        assertThat(submitter.status(gone).state()).isEqualTo(JobStatus.State.LOST);
    }

    private static Map<String, String> without(Map<String, String> handle, String job) {
        Map<String, String> other = new java.util.TreeMap<>(handle);
        other.put(job, "job-of-nobody");
        return other;
    }

    private JobRecord under(String status) {
        arm.put(Submission.WORKSPACE, "jobs/" + NAME, NAME, Map.of("status", status));
        Map<String, String> handle = new java.util.TreeMap<>(
                Account.of(Submission.spark(arm, Map.of())).handle());
        handle.put(AmlSubmitter.JOB, NAME);
        return Submission.record(submitter, request(), handle);
    }
}
