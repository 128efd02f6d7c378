package dev.arclight.azure.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DeployServingTest {
    static Serving serving(String image, String... models) {
        return new Serving(
                "wine",
                image,
                List.of(models),
                Optional.of("https://tracking.example"),
                2,
                5,
                "500m",
                "1Gi",
                List.of("wine.default.svc"));
    }

    @Test
    void anotherImageOrModelIsAnotherDeployment() {
        String one = new OnlineEndpoint(serving("i:1", "models:/wine@champion"), "Standard_DS3_v2").deployment();
        assertThat(one)
                .matches("b[0-9a-f]{8}")
                .isEqualTo(new OnlineEndpoint(serving("i:1", "models:/wine@champion"), "Standard_F4s").deployment())
                .isNotEqualTo(
                        new OnlineEndpoint(serving("i:2", "models:/wine@champion"), "Standard_DS3_v2").deployment());
    }

    @Test
    void theContainerOfAnEndpointTakesItsTokenFromItsEnvironmentAndForgetsIt() {
        assertThat(new OnlineEndpoint(serving("i:1", "models:/wine@champion=95,challenger=5", "a dir"), "x")
                        .dockerfile())
                .contains("FROM i:1\n")
                .contains("umask 077 && mkdir -p /tmp/run && printf %s \\\"$ARCLIGHT_SERVING_TOKEN\\\" > /tmp/run/token"
                        + " && unset ARCLIGHT_SERVING_TOKEN && exec arclight serve"
                        + " models:/wine@champion=95,challenger=5 'a dir' --host 0.0.0.0 --port 5001"
                        + " --token-file /tmp/run/token --known-as wine.default.svc");
    }

    @Test
    void manifestsHoldNoToken() {
        Map<String, String> files = new KubernetesManifests(serving("i:1", "models:/wine@champion")).files();
        assertThat(files)
                .containsOnlyKeys("deployment.yaml", "service.yaml", "autoscaler.yaml", "disruption-budget.yaml");
        assertThat(files.get("deployment.yaml"))
                .contains("secretName: \"wine-token\"")
                .contains("runAsNonRoot: true")
                .contains("terminationGracePeriodSeconds: 30")
                .contains("- \"--known-as\"");
    }

    @Test
    void wrongValuesAreRefusedByOption() {
        assertThatThrownBy(() -> serving("latest", "m")).hasMessageStartingWith("--image is 'latest', expected");
        assertThatThrownBy(
                        () -> new Serving("Wine", "i:1", List.of("m"), Optional.empty(), 1, 1, "1", "1Gi", List.of()))
                .hasMessageStartingWith("--name is 'Wine', expected");
        assertThatThrownBy(
                        () -> new Serving("wine", "i:1", List.of("m"), Optional.empty(), 3, 2, "1", "1Gi", List.of()))
                .hasMessageStartingWith("--max is '2', expected at least --min, which is 3");
        assertThatThrownBy(() -> new Serving(
                        "wine", "i:1", List.of("models:/w@c"), Optional.empty(), 1, 1, "1", "1Gi", List.of()))
                .hasMessageContaining("give --tracking URI");
    }
}
