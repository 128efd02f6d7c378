package dev.arclight.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arclight.base.ArclightException;
import dev.arclight.model.DataType;
import dev.arclight.model.Signature;
import dev.arclight.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests beside the rows that a model was trained on. */
final class DriftTest {
    private static final String HEADER = "fixed acidity,pH,is_red,count,note\n";

    @TempDir
    Path folder;

    /** By hand: (0.6 - 0.5) ln(0.6 / 0.5) + (0.4 - 0.5) ln(0.4 / 0.5) = 0.0405. */
    @Test
    void theIndexIsTheSumOverTheBins() {
        assertThat(Drift.index(new double[] {0.5, 0.5}, new double[] {0.6, 0.4}))
                .isCloseTo(0.0405, within(5e-5));
        assertThat(Drift.index(new double[] {0.5, 0.5, 0}, new double[] {0.5, 0.5, 0}))
                .isZero();
        assertThat(Drift.index(new double[] {1, 0}, new double[] {0, 1}))
                .as("an empty bin counts as 1e-4: 2 * 0.9999 * ln(10000)")
                .isCloseTo(18.419, within(1e-3));
    }

    @Test
    void binsHoldEqualSharesAndMissingValuesTheirOwn() {
        Rows rows = new Rows(1);
        for (int i = 0; i < 1000; i++) {
            rows.begin();
            if (i % 5 != 0) {
                rows.set(0, i);
            }
        }
        FeatureProfile profile = FeatureProfile.of(rows);
        assertThat(profile.edges(0)).hasSize(9).isSorted();
        double[] shares = profile.shares(0);
        assertThat(shares).hasSize(11);
        assertThat(shares[10]).isEqualTo(0.2);
        for (int bin = 0; bin < 10; bin++) {
            assertThat(shares[bin]).isCloseTo(0.08, within(0.002));
        }
    }

    @Test
    void onlyTheFeatureThatMovedIsReported() throws Exception {
        Path reference = Files.writeString(folder.resolve("train.csv"), rows(2000, 1, 0));
        try (SampleServer server = SampleServer.of(ScoringServer.builder()
                .model("bits", SampleModels.bits(folder.resolve("bits"), 0))
                .reference("bits", reference)
                .start())) {
            assertThat(server.get("/metrics").body()).doesNotContain("arclight_feature_psi{");
            for (int i = 0; i < 10; i++) {
                assertThat(server.post("/invocations", "text/csv", rows(300, 10 + i, 1))
                                .statusCode())
                        .isEqualTo(200);
            }
            Await.until("the rows are counted", Duration.ofSeconds(10), () -> server.isCounted("bits", 3000));
            for (JsonNode feature : server.tree("/models/bits/drift").get("features")) {
                double psi = feature.get("psi").asDouble();
                if (feature.get("name").asText().equals("pH")) { // a whole standard deviation
                    assertThat(psi).isGreaterThan(0.25);
                } else {
                    assertThat(psi).as(feature.toString()).isLessThan(0.05);
                }
            }
            assertThat(server.get("/metrics").body()).contains("arclight_feature_psi{feature=\"pH\",model=\"bits\"}");
        }
    }

    /** Catches rows of another version's features that are compared, or left out without a count. */
    @Test
    void rowsOfOtherFeaturesAreCountedAsSkipped() throws Exception {
        Path reference = Files.writeString(folder.resolve("train.csv"), rows(300, 1, 0));
        Signature other = Signature.table(List.of("x"), DataType.DOUBLE, 1);
        try (ScoringServer scoring = ScoringServer.builder()
                        .model("bits", SampleModels.bits(folder.resolve("bits"), 0))
                        .reference("bits", reference)
                        .start();
                SampleServer server = SampleServer.of(scoring)) {
            scoring.replace("bits", "2", SampleModels.constant(folder.resolve("other"), other, 1));
            assertThat(server.post("/invocations", "text/csv", "x\n1\n2\n3\n").statusCode())
                    .isEqualTo(200);
            server.awaitMetric("arclight_drift_skipped_rows_total{model=\"bits\"}", 3);
            assertThat(server.isCounted("bits", 0)).isTrue();
        }
    }

    @Test
    void aReferenceThatDoesNotFitIsRefusedWithItsFile() throws IOException {
        Path reference = Files.writeString(folder.resolve("train.csv"), "pH,count\n1,2\n");
        ScoringServer.Builder builder = ScoringServer.builder()
                .model("bits", SampleModels.bits(folder.resolve("bits"), 0))
                .reference("bits", reference);
        assertThatThrownBy(builder::start)
                .isInstanceOf(ArclightException.class)
                .hasMessageContaining("train.csv")
                .hasMessageContaining("missing inputs");
    }

    private static String rows(int count, long seed, double shift) {
        Random random = new Random(seed);
        StringBuilder csv = new StringBuilder(HEADER);
        for (int i = 0; i < count; i++) {
            csv.append(random.nextGaussian())
                    .append(',')
                    .append(random.nextGaussian() + shift)
                    .append(',')
                    .append(random.nextBoolean())
                    .append(',')
                    .append(random.nextInt(4))
                    .append(',')
                    .append(random.nextInt(3) == 0 ? "" : random.nextGaussian())
                    .append('\n');
        }
        return csv.toString();
    }
}
