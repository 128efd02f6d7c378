package dev.arclight.azure.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.engine.job.JobRecord;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.testing.ArmStandIn;
import dev.arclight.testing.Azurite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Submissions with real storage (Microsoft's emulator). Catches: parts of a failed submission that stay, a release that
 * is shipped twice, secrets in what Resource Manager is told.
 */
@Tag("full")
final class AmlSubmitIT {
    private static final String STORE =
            "azureml://subscriptions/1111/resourcegroups/rg-one/workspaces/ws-one/datastores/workspaceblobstore/paths/";

    @TempDir
    private Path folder;

    private Azurite azurite;
    private ArmStandIn arm;
    private AmlSubmitter submitter;
    private Path jar;

    @BeforeEach
    void start() throws IOException {
        azurite = Azurite.start("lakeone");
        arm = ArmStandIn.start(folder);
        arm.blobDatastore(Submission.WORKSPACE, "workspaceblobstore", "lakeone", "files");
        Submission.cluster(arm, "cpu", 4);
        jar = Files.writeString(folder.resolve("trips.jar"), "classes");
        Files.createDirectories(folder.resolve("release/lib"));
        Files.createDirectories(folder.resolve("release/bin"));
        Files.writeString(folder.resolve("release/RELEASE"), "arclight test");
        Files.writeString(folder.resolve("release/lib/a.jar"), "a".repeat(2_000_000));
        Files.writeString(folder.resolve("release/bin/arclight"), "#!/bin/sh");
        submitter = new AmlSubmitter(Map.of("XDG_DATA_HOME", folder.toString()), Duration.ZERO);
    }

    @AfterEach
    void stop() throws IOException {
        FileSystem.closeAll();
        arm.close();
        azurite.close();
    }

    private JobRequest request() {
        return Submission.request(
                "aml",
                List.of(jar),
                Submission.spark(arm, azurite.settings()),
                "arclight.aml-compute",
                "cpu",
                "arclight.aml-release",
                folder.resolve("release").toString(),
                "arclight.aml-files",
                folder.resolve("files").toString());
    }

    private List<String> stored() throws IOException {
        Configuration configuration = new Configuration();
        Submission.spark(arm, azurite.settings())
                .forEach((key, value) -> configuration.set(key.substring("spark.hadoop.".length()), value));
        List<String> names = new ArrayList<>();
        try (FileSystem files = FileSystem.newInstance(URI.create(STORE), configuration)) {
            org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(STORE + "arclight");
            if (files.exists(root)) {
                var found = files.listFiles(root, true);
                while (found.hasNext()) {
                    names.add(found.next().getPath().toString().substring(STORE.length()));
                }
            }
        }
        return names;
    }

    @Test
    void aReleaseIsShippedOnceAndWhatBelongsToAJobIsGoneAfterIt() throws Exception {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        Progress progress = Progress.of(shown, Map.of("TERM", "dumb"), false);
        Map<String, String> handle = submitter.submit(Submission.ID, request(), progress);
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .contains("shipping this release, once: 7 files, 2.0 MB, to " + STORE)
                .contains("shipping the application: 5 files, 0.0 MB");
        String jobFolder = "arclight/jobs/" + Submission.ID;
        List<String> names = stored();
        assertThat(names)
                .contains(
                        jobFolder + "/request.json",
                        jobFolder + "/jars/trips.jar",
                        jobFolder + "/ray-token",
                        jobFolder + "/arclight-aml-start.py")
                .anyMatch(name -> name.matches("arclight/environments/[0-9a-f]{12}/release/lib/a\\.jar"))
                .anyMatch(name -> name.matches("arclight/environments/[0-9a-f]{12}/Dockerfile"));
        JsonNode job =
                arm.writes().find(Submission.WORKSPACE, "jobs/" + Submission.ID).orElseThrow();
        assertThat(job.at("/properties/inputs/job/uri").asText()).isEqualTo(STORE + jobFolder);
        String environment = job.at("/properties/environmentId").asText();
        String version = environment.replaceAll(".*/", "");
        assertThat(arm.writes()
                        .find(Submission.WORKSPACE, "environments/arclight/versions/" + version)
                        .orElseThrow()
                        .at("/properties/build/contextUri")
                        .asText())
                .isEqualTo("http://lakeone.blob.core.windows.net/files/arclight/environments/%s/".formatted(version));
        assertThat(folder.resolve("files")).isDirectoryContaining("glob:**.yaml");
        assertThat(handle.values().toString())
                .doesNotContain(Azurite.keys("lakeone").first());

        shown.reset();
        submitter.submit(new dev.arclight.engine.job.JobId("job-20260101-000001-abcd"), request(), progress);
        assertThat(shown.toString(StandardCharsets.UTF_8)).doesNotContain("shipping this release");

        JobRecord record = Submission.record(submitter, request(), handle);
        submitter.release(record);
        assertThat(stored())
                .noneMatch(name -> name.startsWith(jobFolder))
                .anyMatch(name -> name.startsWith("arclight/environments/"));
    }

    @Test
    void aJarGoesToServerlessSparkAndIsGoneAfterIt() throws Exception {
        JobRequest request = Submission.request(
                "aml-serverless",
                List.of(jar),
                Submission.spark(arm, azurite.settings()),
                "arclight.aml-instance-type",
                "standard_e8s_v3");
        ServerlessSubmitter serverless = new ServerlessSubmitter();
        assertThatThrownBy(() -> serverless.submit(Submission.ID, request, Progress.NONE))
                .hasMessageContaining("the argument '1 2' with its spaces or quotes would not arrive");
        JobRequest plain = new JobRequest(
                request.name(),
                request.master(),
                request.mode(),
                request.mainClass(),
                request.jars(),
                List.of("--month", "1"),
                request.spark(),
                request.settings());
        Map<String, String> handle = serverless.submit(Submission.ID, plain, Progress.NONE);
        JsonNode job = arm.writes()
                .find(Submission.WORKSPACE, "jobs/" + Submission.ID)
                .orElseThrow()
                .path("properties");
        assertThat(job.path("jobType").asText()).isEqualTo("Spark");
        assertThat(job.at("/entry/className").asText()).isEqualTo("com.example.Trips");
        assertThat(job.at("/jars/0").asText()).isEqualTo("jars/trips.jar");
        assertThat(job.path("args").asText()).isEqualTo("--month 1");
        assertThat(job.at("/conf/spark.executor.instances").asText()).isEqualTo("2");
        assertThat(job.path("conf").toString()).doesNotContain("fs.azureml");
        assertThat(job.at("/resources/instanceType").asText()).isEqualTo("standard_e8s_v3");
        String code = "codes/%s/versions/1".formatted(Submission.ID);
        assertThat(job.path("codeId").asText()).endsWith(code);
        assertThat(arm.writes().find(Submission.WORKSPACE, code)).isPresent();
        serverless.release(Submission.record(serverless, plain, handle));
        assertThat(stored()).isEmpty();
        assertThat(arm.writes().find(Submission.WORKSPACE, code)).isEmpty();
    }

    @Test
    void nothingStaysOfASubmissionThatFails() throws Exception {
        arm.writes()
                .refuse(
                        Submission.WORKSPACE,
                        "jobs/" + Submission.ID,
                        400,
                        "QuotaExceeded",
                        "The request needs 8 cores of standardDSv3Family; 4 are left.");
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        Progress progress = Progress.of(shown, Map.of("TERM", "dumb"), false);
        assertThatThrownBy(() -> submitter.submit(Submission.ID, request(), progress))
                .hasMessageContaining(
                        "Azure has no quota left for the job 'job-20260101-000000-abcd' of workspace" + " 'ws-one'")
                .hasMessageContaining("4 are left")
                .extracting("code")
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(shown.toString(StandardCharsets.UTF_8)).doesNotContain("Left behind");
        assertThat(stored()).isEmpty();
        assertThat(arm.requests()).anyMatch(one -> one.matches("DELETE .*/environments/arclight/versions/[0-9a-f]+"));
    }
}
