package dev.arclight.azure.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.base.Settings;
import dev.arclight.engine.job.JobRequest;
import dev.arclight.testing.Processes;
import dev.arclight.testing.PythonEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our files as Azure's own client reads them: {@code load_job} and {@code load_environment} of azure-ai-ml, offline.
 */
@Tag("full")
final class AmlYamlIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Loads each file and prints what it holds, or why it is none. */
    private static final String LOAD = """
            import json, logging, sys
            logging.disable(logging.CRITICAL)
            from azure.ai.ml import load_environment, load_job
            for kind, path in zip(sys.argv[1::2], sys.argv[2::2]):
                try:
                    loaded = (load_job if kind == "job" else load_environment)(source=path)
                    print(json.dumps({"ok": True, "is": loaded._to_dict()}, default=str))
                except Exception as e:
                    print(json.dumps({"ok": False, "why": str(e)}))
            """;

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void azuresClientTakesOurFilesAndRefusesSpoiltOnes() throws Exception {
        Files.createDirectories(folder.resolve("release/lib"));
        write("release/RELEASE", "test");
        AmlEnvironment environment = AmlEnvironment.of(
                Settings.empty(),
                Release.find(folder.resolve("release").toString(), Map.of("XDG_DATA_HOME", folder.toString())));
        write("Dockerfile", environment.dockerfile());
        write("conda.yaml", environment.conda());
        String job = job("mpi").yaml();
        List<JsonNode> read = load(
                "job", write("job.yaml", job),
                "job", write("ray.yaml", job("ray").yaml()),
                "job", write("serverless.yaml", spark().yaml()),
                "environment", write("environment.yaml", environment.yaml()),
                "job", write("spoilt.yaml", job.replace("\"mpi\"", "\"mpy\"")),
                "job", write("unknown.yaml", job + "comput: \"x\"\n"),
                "environment", write("bad.yaml", environment.yaml().replace("build:", "bild:")));
        assertThat(read.subList(0, 4))
                .as(read.toString())
                .allMatch(one -> one.path("ok").asBoolean());
        JsonNode mpi = read.get(0).path("is");
        assertThat(mpi.at("/distribution/type").asText()).isEqualTo("mpi");
        assertThat(mpi.at("/resources/instance_count").asInt()).isEqualTo(2);
        assertThat(mpi.at("/inputs/job/mode").asText()).isEqualTo("download");
        assertThat(read.get(1).at("/is/distribution/type").asText()).isEqualTo("ray");
        assertThat(read.get(3).at("/is/version").asText()).isEqualTo(environment.version());
        assertThat(read.subList(4, 7))
                .as(read.toString())
                .noneMatch(one -> one.path("ok").asBoolean());
    }

    @Test
    void theLinterOfDockerfilesHasNothingToSay() throws Exception {
        Files.createDirectories(folder.resolve("release/lib"));
        write("release/RELEASE", "test");
        AmlEnvironment environment = AmlEnvironment.of(
                Settings.empty().with("arclight.aml-base-image", new Settings.Value("example/base:1.2", "test")),
                Release.find(folder.resolve("release").toString(), Map.of("XDG_DATA_HOME", folder.toString())));
        Path file = write("Dockerfile", environment.dockerfile());
        String hadolint =
                PythonEnvironment.open("azure-ai-ml").program("hadolint").toString();
        Processes.run(PATIENCE, Map.of(), List.of(hadolint, file.toString()));
        Path spoilt = write("Spoilt", environment.dockerfile() + "MAINTAINER me\n");
        assertThatThrownBy(() -> Processes.run(PATIENCE, Map.of(), List.of(hadolint, spoilt.toString())))
                .isInstanceOf(AssertionError.class);
    }

    private static AmlJob job(String distribution) {
        return new AmlJob(
                Submission.ID,
                "trips",
                AmlSettings.Cluster.of(Submission.request(
                                "aml",
                                List.of(),
                                Map.of(),
                                "arclight.aml-compute",
                                "cpu",
                                "arclight.aml-time-limit",
                                "PT2H",
                                "arclight.aml-distribution",
                                distribution)
                        .settings()),
                "arclight:0123456789ab",
                "azureml://datastores/workspaceblobstore/paths/arclight/jobs/x",
                true,
                "");
    }

    private ServerlessSubmitter.Job spark() throws Exception {
        JobRequest request = Submission.request(
                "aml-serverless", List.of(write("trips.jar", "")), Map.of("spark.executor.instances", "3"));
        return new ServerlessSubmitter.Job(
                Submission.ID,
                new JobRequest(
                        request.name(),
                        request.master(),
                        request.mode(),
                        request.mainClass(),
                        request.jars(),
                        List.of("--month", "1"),
                        request.spark()));
    }

    private static List<JsonNode> load(Object... kindsAndFiles) throws Exception {
        Object[] arguments = new Object[kindsAndFiles.length + 2];
        arguments[0] = "-c";
        arguments[1] = LOAD;
        System.arraycopy(kindsAndFiles, 0, arguments, 2, kindsAndFiles.length);
        String said = PythonEnvironment.open("azure-ai-ml").run(PATIENCE, arguments);
        List<JsonNode> answers = new java.util.ArrayList<>();
        for (String line : said.lines().filter(line -> line.startsWith("{")).toList()) {
            answers.add(new JsonMapper().readTree(line));
        }
        return answers;
    }
}
