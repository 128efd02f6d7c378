package dev.arclight.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests for Kubernetes and files for Ray's cluster launcher, each against its schema. */
@Tag("full")
final class ClusterFilesIT {
    private static final Pattern RAY = Pattern.compile("(?:rayVersion: |ray\\[default\\]==|ARG RAY=)([0-9.]+)");

    @TempDir
    private Path folder;

    @Test
    void manifestsFitTheSchemasOfKubernetes() {
        JsonNode manifests = manifests(DeployFolder.files("kubernetes", ".yaml"));
        assertThat(manifests.path("wrong")).isEmpty();
        assertThat(manifests.path("checked").toString())
                .contains("Pod/arclight-head", "Pod/arclight-executors", "Pod/arclight-wine-head")
                .contains("Pod/driver", "Pod/executor", "NetworkPolicy/arclight-ray", "Role/arclight-driver");
    }

    @Test
    void aMisspeltFieldOfAPodIsFound() {
        Path spoilt = DeployFolder.spoilt(
                DeployFolder.path("kubernetes/raycluster.yaml"), "runAsNonRoot:", "runAsNonroot:", folder);
        assertThat(manifests(List.of(spoilt)).path("wrong").toString()).contains("runAsNonroot");
    }

    @Test
    void filesOfTheLauncherFitItsSchema() {
        List<Path> files = DeployFolder.files("ray", ".yaml");
        JsonNode checked = launcher(files);
        assertThat(checked.path("wrong")).isEmpty();
        assertThat(checked.path("checked").asInt()).isEqualTo(3);
        Path spoilt =
                DeployFolder.spoilt(DeployFolder.path("ray/gcp.yaml"), "head_node_type", "head_node_types", folder);
        assertThat(launcher(List.of(spoilt)).path("wrong").toString()).contains("head_node_types");
    }

    /** The image, the manifests that name its Ray and the launcher's files go together. */
    @Test
    void everyFileNamesTheSameRay() throws IOException {
        List<String> versions = new ArrayList<>();
        List<Path> files = new ArrayList<>(DeployFolder.files("kubernetes", ".yaml"));
        files.addAll(DeployFolder.files("ray", ".yaml"));
        files.addAll(DeployFolder.files("image", "Dockerfile"));
        for (Path file : files) {
            Matcher matcher = RAY.matcher(Files.readString(file));
            while (matcher.find()) {
                versions.add(matcher.group(1));
            }
        }
        assertThat(versions).hasSizeGreaterThanOrEqualTo(6).containsOnly(versions.get(0));
    }

    private JsonNode manifests(List<Path> files) {
        return run(PythonEnvironment.open("infrastructure"), "manifests.py", files);
    }

    private JsonNode launcher(List<Path> files) {
        return run(PythonEnvironment.open("ray-newest"), "launcher.py", files);
    }

    private JsonNode run(PythonEnvironment python, String script, List<Path> files) {
        List<Object> arguments = new ArrayList<>();
        arguments.add(DeployFolder.resource(script, folder));
        arguments.addAll(files);
        return DeployFolder.json(python.run(DeployFolder.PATIENCE, arguments.toArray()));
    }
}
