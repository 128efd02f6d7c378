package dev.arclight.azure.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.azure.uri.Workspace;
import dev.arclight.base.Settings;
import dev.arclight.engine.Master;
import dev.arclight.engine.job.JobRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written for Azure ML, without Azure ML. */
final class AmlFilesTest {
    @TempDir
    private Path folder;

    private static AmlJob job(String... settings) {
        JobRequest request = Submission.request("aml", List.of(), Map.of(), settings);
        return new AmlJob(
                Submission.ID,
                "trips",
                AmlSettings.Cluster.of(request.settings()),
                "arclight:0123456789ab",
                "azureml://datastores/lake/paths/arclight/jobs/x",
                true,
                "t0ken");
    }

    @Test
    void theTokenIsNeitherInTheBodyNorInTheFileOfAJobUnderMpi() {
        AmlJob job = job("arclight.aml-compute", "cpu", "arclight.aml-nodes", "3", "arclight.aml-time-limit", "PT8H");
        JsonNode body = job.body(new Workspace("s", "g", "w"));
        assertThat(body.at("/properties/distribution/distributionType").asText())
                .isEqualTo("Mpi");
        assertThat(body.at("/properties/resources/instanceCount").asInt()).isEqualTo(3);
        assertThat(body.at("/properties/limits/timeout").asText()).isEqualTo("PT8H");
        assertThat(body.at("/properties/computeId").asText())
                .isEqualTo(
                        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/computes/cpu");
        assertThat(body.at("/properties/environmentVariables/RAY_AUTH_MODE").asText())
                .isEqualTo("token");
        assertThat(body.toString() + job.yaml()).doesNotContain("t0ken");
    }

    @Test
    void whereAzureStartsRayTheTokenIsAVariableAndNotInTheFile() {
        AmlJob job = job("arclight.aml-compute", "cpu", "arclight.aml-distribution", "ray");
        JsonNode body = job.body(new Workspace("s", "g", "w"));
        assertThat(body.at("/properties/distribution/distributionType").asText())
                .isEqualTo("Ray");
        assertThat(body.at("/properties/environmentVariables/RAY_AUTH_TOKEN").asText())
                .isEqualTo("t0ken");
        assertThat(job.yaml()).contains("type: \"ray\"").doesNotContain("t0ken");
        assertThat(job.apiVersion("2024-10-01")).isEqualTo("2025-12-01");
    }

    @Test
    void wrongSettingsAreRefusedByName() {
        assertThatThrownBy(() -> job()).hasMessageContaining("needs --conf arclight.aml-compute=NAME");
        Map.of(
                        "arclight.aml-nodes", "0",
                        "arclight.aml-distribution", "pytorch",
                        "arclight.aml-head-timeout", "10m",
                        "arclight.aml-time-limit", "PT0S",
                        "arclight.aml-shared-memory", "8 GB")
                .forEach((key, value) -> assertThatThrownBy(() -> job("arclight.aml-compute", "cpu", key, value))
                        .hasMessageStartingWith("%s is '%s', expected ".formatted(key, value)));
    }

    @Test
    void anEnvironmentIsTheSameAsLongAsItsContentIs() throws Exception {
        Path release = folder.resolve("release");
        Files.createDirectories(release.resolve("lib"));
        Files.writeString(release.resolve("RELEASE"), "one");
        Files.writeString(release.resolve("lib/a.jar"), "a");
        String before = environment(release).version();
        assertThat(before)
                .matches("[0-9a-f]{12}")
                .isEqualTo(environment(release).version());
        Files.writeString(release.resolve("lib/a.jar"), "b");
        assertThat(environment(release).version()).isNotEqualTo(before);
        assertThatThrownBy(() -> Release.find(folder.toString(), Map.of()))
                .hasMessageContaining("There is no release of Arclight in " + folder);
    }

    private AmlEnvironment environment(Path release) {
        return AmlEnvironment.of(
                Settings.empty(), Release.find(release.toString(), Map.of("XDG_DATA_HOME", folder.toString())));
    }

    @Test
    void aRequestIsReadAsItWasWrittenButForWhoWeAreHere() throws Exception {
        Path jar = Files.writeString(folder.resolve("trips.jar"), "");
        Map<String, String> spark = new TreeMap<>(Map.of("spark.executor.memory", "2g", "spark.x", "a=\"b\"\n"));
        spark.put("spark.hadoop.fs.azureml.auth", "azure-cli");
        JobRequest request = Submission.request("aml", List.of(jar), spark);
        Path there = folder.resolve("there");
        Files.createDirectories(there.resolve("jars"));
        Files.copy(jar, there.resolve("jars/trips.jar"));
        Files.writeString(there.resolve("request.json"), RequestFile.write(request));
        JobRequest read = RequestFile.read(there, Master.of("ray"));
        assertThat(read.arguments()).containsExactly("--month", "1 2");
        assertThat(read.jars()).containsExactly(there.resolve("jars/trips.jar"));
        assertThat(read.spark()).isEqualTo(Map.of("spark.executor.memory", "2g", "spark.x", "a=\"b\"\n"));
        assertThat(read.mainClass()).isEqualTo("com.example.Trips");
        Path twin =
                Files.copy(jar, Files.createDirectories(folder.resolve("twin")).resolve("trips.jar"));
        assertThatThrownBy(() -> RequestFile.jars(Submission.request("aml", List.of(jar, twin), Map.of())))
                .hasMessage("Two of the application's jars are called trips.jar");
    }

    @Test
    void yamlQuotesWhatYamlWouldTakeForSomethingElse() {
        Map<String, Object> document = new TreeMap<>();
        document.put("a", "no");
        document.put("b", List.of(Map.of("x", 1, "y", Map.of("z", "${{inputs.job}}: #")), "1e3"));
        document.put("c", List.of());
        assertThat(Yaml.of(document).lines().sorted())
                .containsExactlyInAnyOrder(
                        "a: \"no\"",
                        "b:",
                        Yaml.of(document).contains("- x: 1") ? "  - x: 1" : "    x: 1",
                        Yaml.of(document).contains("- x: 1") ? "    y:" : "  - y:",
                        "      z: \"${{inputs.job}}: #\"",
                        "  - \"1e3\"",
                        "c: []");
    }
}
