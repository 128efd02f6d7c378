package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.arclight.track.ActiveRun;
import dev.arclight.track.Promotion;
import dev.arclight.track.Registration;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two versions at once: canary, shadow, and the threshold that both keep. */
@Timeout(60)
final class RolloutTest {
    @TempDir
    Path folder;

    private Tracking tracking;

    /** Version 1 adds 1 to each prediction of {@link SampleModels#bits}, version 2 adds 2, version 3 as 1. */
    @BeforeEach
    void register() throws IOException {
        tracking = Tracking.open(folder.resolve("store").toString());
        for (int version = 1; version <= 3; version++) {
            Path directory = folder.resolve("v" + version);
            SampleModels.bits(directory, version == 3 ? 1 : version);
            try (ActiveRun run = tracking.start(RunStart.in(tracking.experiment("e")))) {
                tracking.registry().register(Registration.of("m", run.logModel("model", directory)));
            }
        }
        tracking.registry().promote(Promotion.of("m", "champion", 1));
        tracking.registry().promote(Promotion.of("m", "challenger", 2));
    }

    @AfterEach
    void close() {
        tracking.close();
    }

    private static String body(double acidity) {
        return "{\"dataframe_records\": [{\"fixed acidity\": %s, \"pH\": 0, \"is_red\": 0, \"count\": 0, \"note\": 0}]}"
                .formatted(acidity);
    }

    @Test
    void aCanaryAnswersItsShareAndIsServedAloneToo() throws Exception {
        try (SampleServer server = SampleServer.of(ScoringServer.builder()
                .registered(tracking, "models:/m@champion=80,challenger=20")
                .start())) {
            int[] versions = new int[3];
            int requests = 1000;
            for (int i = 0; i < requests; i++) {
                HttpResponse<String> answer =
                        server.post("/models/m/invocations", "application/json", body(i / (2.0 * requests)));
                int version = Integer.parseInt(
                        answer.headers().firstValue("X-Arclight-Model-Version").orElseThrow());
                assertThat(answer.body()).isEqualTo("{\"predictions\":[%d.0]}".formatted(version));
                versions[version]++;
            }
            // Five standard deviations of a binomial count of 200.
            assertThat(versions[2]).isBetween(200 - 64, 200 + 64);
            assertThat(server.post("/models/m@challenger/invocations", "application/json", body(0))
                            .body())
                    .isEqualTo("{\"predictions\":[2.0]}");
        }
    }

    /** Catches a second protocol that passes a canary, or those who watch answers, by. */
    @Test
    void openInferenceHasTheSameRollout() throws Exception {
        try (SampleServer server = SampleServer.of(ScoringServer.builder()
                .registered(tracking, "models:/m@champion=50,challenger=50")
                .shadow(tracking, "models:/m/3")
                .start())) {
            Set<String> versions = new HashSet<>();
            for (int i = 0; i < 40; i++) { // all from one version by chance: once in 2^39
                JsonNode answer = new JsonMapper()
                        .readTree(server.post("/v2/models/m/infer", "application/json", tensors(i / 100.0))
                                .body());
                String version = answer.get("model_version").asText();
                assertThat(answer.at("/outputs/0/data/0").asText()).isEqualTo(version + ".0");
                versions.add(version);
            }
            assertThat(versions).containsExactlyInAnyOrder("1", "2");
            server.awaitMetric("arclight_shadow_rows_total{model=\"m\",shadow=\"m/3\"}", 40);
            JsonNode named = new JsonMapper()
                    .readTree(server.post("/v2/models/m/versions/1/infer", "application/json", tensors(0))
                            .body());
            assertThat(named.get("model_version").asText()).isEqualTo("1");
        }
    }

    private static String tensors(double acidity) {
        StringBuilder inputs = new StringBuilder();
        for (String name : SampleModels.NAMES) {
            inputs.append("%s{\"name\": \"%s\", \"shape\": [1], \"datatype\": \"FP64\", \"data\": [%s]}"
                    .formatted(inputs.isEmpty() ? "" : ", ", name, name.equals("fixed acidity") ? acidity : 0));
        }
        return "{\"inputs\": [%s]}".formatted(inputs);
    }

    @Test
    void aShadowIsComparedAndAnswersNothing() throws Exception {
        try (SampleServer server = SampleServer.of(ScoringServer.builder()
                .registered(tracking, "models:/m@champion")
                .shadow(tracking, "models:/m@challenger")
                .shadow(tracking, "models:/m/3")
                .start())) {
            for (int i = 0; i < 50; i++) {
                assertThat(server.post("/invocations", "application/json", body(0))
                                .body())
                        .isEqualTo("{\"predictions\":[1.0]}");
            }
            server.awaitMetric("arclight_shadow_rows_total{model=\"m\",shadow=\"m@challenger\"}", 50);
            server.awaitMetric("arclight_shadow_rows_total{model=\"m\",shadow=\"m/3\"}", 50);
            server.awaitMetric("arclight_shadow_disagreements_total{model=\"m\",shadow=\"m@challenger\"}", 50);
            server.awaitMetric("arclight_shadow_disagreements_total{model=\"m\",shadow=\"m/3\"}", 0);
            server.awaitMetric("arclight_shadow_difference_bucket{model=\"m\",shadow=\"m@challenger\",le=\"0.5\"}", 0);
            server.awaitMetric("arclight_shadow_difference_bucket{model=\"m\",shadow=\"m@challenger\",le=\"1.0\"}", 50);
        }
        assertThatThrownBy(() -> ScoringServer.builder().shadow(tracking, "models:/m@challenger"))
                .hasMessageContaining("which is not served");
    }

    @Test
    void labelsStandBesideTheScoresAlsoAfterASwap() throws Exception {
        try (ScoringServer scoring = ScoringServer.builder()
                        .registered(tracking, "models:/m@champion=99.9,challenger=0.1")
                        .decision("m", new Decision(1.5))
                        .start();
                SampleServer server = SampleServer.of(scoring)) {
            String two =
                    "{\"inputs\": {\"fixed acidity\": [0, 1], \"pH\": [0, 0], \"is_red\": [0, 0], \"count\": [0, 0], \"note\": [0, 0]}}";
            String champion = "{\"predictions\":[1.0,2.0],\"labels\":[0,1]}";
            String challenger = "{\"predictions\":[2.0,3.0],\"labels\":[1,1]}";
            assertThat(server.post("/invocations", "application/json", two).body())
                    .isIn(champion, challenger);
            assertThat(server.post("/models/m@challenger/invocations", "application/json", two)
                            .body())
                    .isEqualTo(challenger);
            scoring.replace("m@challenger", "3", SampleModels.bits(folder.resolve("again"), 1));
            assertThat(server.post("/models/m@challenger/invocations", "application/json", two)
                            .body())
                    .isEqualTo(champion);
        }
        assertThatThrownBy(() -> ScoringServer.builder()
                        .registered(tracking, "models:/m@champion")
                        .decision("other", new Decision(0.5))
                        .start())
                .hasMessageContaining("'other', which is not served");
    }

    @Test
    void aCallerThatCannotWaitIsToldSo() throws Exception {
        try (SampleServer server = SampleServer.of(ScoringServer.builder()
                .model("slow", SampleModels.forest(folder.resolve("slow"), 500, 5))
                .start())) {
            // 2,000 rows: never for the thread that reads requests.
            String body = "{\"dataframe_split\": {\"columns\": [\"a\", \"b\", \"c\"], \"data\": [[1,2,3]"
                    + ",[0.1,-0.2,0.3]".repeat(1999) + "]}}";
            for (String time : List.of("soon", "-1", "1e3")) {
                HttpResponse<String> refused = server.send(server.request("/invocations")
                        .header("Content-Type", "application/json")
                        .header("X-Request-Timeout-Ms", time)
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
                assertThat(refused.body()).contains("X-Request-Timeout-Ms should be milliseconds");
            }
            assertThat(server.send(server.request("/invocations")
                                    .header("Content-Type", "application/json")
                                    .header("X-Request-Timeout-Ms", "20000")
                                    .POST(HttpRequest.BodyPublishers.ofString(body)))
                            .statusCode())
                    .isEqualTo(200);
        }
    }
}
