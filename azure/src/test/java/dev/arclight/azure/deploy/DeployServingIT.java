package dev.arclight.azure.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.azure.submit.Account;
import dev.arclight.base.ErrorCode;
import dev.arclight.base.progress.Progress;
import dev.arclight.testing.ArmStandIn;
import dev.arclight.testing.Azurite;
import dev.arclight.testing.PythonEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as the tools of others read them, and an endpoint on a stand-in for Resource Manager. */
@Tag("full")
final class DeployServingIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final ArmStandIn.Workspace WORKSPACE = new ArmStandIn.Workspace("1111", "rg-one", "ws-one");

    private static final String KUBERNETES = """
            import sys, yaml, kubernetes_validate
            for path in sys.argv[1:]:
                with open(path) as file:
                    kubernetes_validate.validate(yaml.safe_load(file), "1.31", strict=True)
            print("valid")
            """;

    private static final String AZURE = """
            import logging, sys
            logging.disable(logging.CRITICAL)
            from azure.ai.ml import load_online_deployment, load_online_endpoint
            endpoint = load_online_endpoint(source=sys.argv[1])
            deployment = load_online_deployment(source=sys.argv[2])
            print(endpoint.name, endpoint.auth_mode, deployment.endpoint_name, deployment.instance_count)
            """;

    @TempDir
    private Path folder;

    private static String run(String script, Object... files) {
        Object[] arguments = new Object[files.length + 2];
        arguments[0] = "-c";
        arguments[1] = script;
        System.arraycopy(files, 0, arguments, 2, files.length);
        return PythonEnvironment.open("azure-ai-ml").run(PATIENCE, arguments).strip();
    }

    private Object[] write(Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        return files.keySet().stream().map(folder::resolve).toArray();
    }

    @Test
    void manifestsAreValidByKubernetesOwnSchemas() throws Exception {
        Serving serving = DeployServingTest.serving("example/arclight:1", "models:/wine@champion");
        Map<String, String> files = new KubernetesManifests(serving).files();
        assertThat(run(KUBERNETES, write(files))).isEqualTo("valid");
        Path spoilt = Files.writeString(
                folder.resolve("spoilt.yaml"),
                Objects.requireNonNull(files.get("deployment.yaml")).replace("readinessProbe", "readynessProbe"));
        assertThatThrownBy(() -> run(KUBERNETES, spoilt))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("readynessProbe");
    }

    @Test
    void azuresClientReadsEndpointAndDeployment() throws Exception {
        write(new OnlineEndpoint(
                        DeployServingTest.serving("example/arclight:1", "models:/wine@champion"), "Standard_F4s")
                .files());
        assertThat(run(AZURE, folder.resolve("endpoint.yaml"), folder.resolve("deployment.yaml")))
                .isEqualTo("wine key wine 2");
    }

    @Test
    void anEndpointIsMadeThenChangedAndAFailedOneIsDeleted() throws Exception {
        try (Azurite azurite = Azurite.start("lakeone");
                ArmStandIn arm = ArmStandIn.start(folder)) {
            arm.blobDatastore(WORKSPACE, "workspaceblobstore", "lakeone", "files");
            Map<String, String> spark = new TreeMap<>();
            arm.settings().forEach((key, value) -> spark.put("spark.hadoop." + key, value));
            azurite.settings().forEach((key, value) -> spark.put("spark.hadoop." + key, value));
            WORKSPACE.settings().forEach((key, value) -> spark.put("spark.hadoop." + key, value));
            Account account = Account.of(spark);

            OnlineEndpoint first = endpoint("example/arclight:1");
            assertThat(first.deploy(account, KEY, Progress.NONE)).isEqualTo("https://example.invalid/score");
            assertThat(traffic(arm)).isEqualTo("{\"%s\":100}".formatted(first.deployment()));
            JsonNode deployment = arm.writes()
                    .find(WORKSPACE, "onlineEndpoints/wine/deployments/" + first.deployment())
                    .orElseThrow();
            assertThat(deployment.toString()).doesNotContain(KEY);
            assertThat(deployment
                            .at("/properties/environmentVariables/ARCLIGHT_SERVING_TOKEN")
                            .asText())
                    .isEqualTo("${{azureml://connections/wine-token/credentials/token}}");
            assertThat(arm.writes()
                            .find(WORKSPACE, "connections/wine-token")
                            .orElseThrow()
                            .at("/properties/credentials/keys/token")
                            .asText())
                    .isEqualTo(KEY);

            OnlineEndpoint second = endpoint("example/arclight:2");
            arm.writes()
                    .refuse(
                            WORKSPACE,
                            "onlineEndpoints/wine/deployments/" + second.deployment(),
                            400,
                            "OutOfQuota",
                            "Not enough quota for Standard_F4s.");
            assertThatThrownBy(() -> second.deploy(account, KEY, Progress.NONE))
                    .hasMessageContaining("Azure has no quota left for the deployment")
                    .extracting("code")
                    .isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(traffic(arm)).isEqualTo("{\"%s\":100}".formatted(first.deployment()));
            OnlineEndpoint third = endpoint("example/arclight:3");
            third.deploy(account, KEY, Progress.NONE);
            assertThat(traffic(arm)).isEqualTo("{\"%s\":100}".formatted(third.deployment()));
        } finally {
            FileSystem.closeAll();
        }
    }

    private static OnlineEndpoint endpoint(String image) {
        return new OnlineEndpoint(DeployServingTest.serving(image, "models:/wine@champion"), "Standard_F4s");
    }

    private static String traffic(ArmStandIn arm) {
        return arm.writes()
                .find(WORKSPACE, "onlineEndpoints/wine")
                .orElseThrow()
                .at("/properties/traffic")
                .toString();
    }
}
