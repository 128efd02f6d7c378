package dev.arclight.track.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arclight.track.ActiveRun;
import dev.arclight.track.Metric;
import dev.arclight.track.Promotion;
import dev.arclight.track.Registration;
import dev.arclight.track.Run;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.RunStatus;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores made by earlier versions of the schema, kept as {@code v<n>.db.gz}, open and hold what they held. */
final class StoreUpgradesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1})
    void aStoreOfAnEarlierVersionOpensWithAllThatIsInIt(int version) throws IOException {
        String file = "v%d.db.gz".formatted(version);
        try (InputStream in =
                new GZIPInputStream(Objects.requireNonNull(StoreUpgradesTest.class.getResourceAsStream(file)))) {
            Files.copy(in, folder.resolve("tracking.db"));
        }
        try (Tracking tracking = Tracking.open(folder.toString())) {
            Run run = tracking.runs()
                    .first(RunSearch.in(tracking.experiment("wine")).withFilter("metrics.auc > 0.8"))
                    .orElseThrow();
            assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
            assertThat(run.params()).containsEntry("depth", "5");
            assertThat(tracking.runs().history(run.id(), "auc"))
                    .extracting(Metric::value)
                    .containsExactly(0.5, Double.NaN, 0.9);
            assertThat(tracking.registry()
                            .findByAlias("wine-quality", "champion")
                            .orElseThrow()
                            .runId())
                    .isEqualTo(run.id());
            assertThat(tracking.registry().history("wine-quality").get(0).why()).isEqualTo("first");
            tracking.runs().create(RunStart.in(run.experimentId()));
        }
    }

    /** Makes the store of the present version, to be packed when a new version of the schema begins. */
    public static void main(String[] arguments) {
        try (Tracking tracking = Tracking.open(arguments[0])) {
            ActiveRun run = tracking.start(
                    RunStart.in(tracking.experiment("wine")).named("kept").by("ann"));
            run.param("depth", 5);
            run.metric("auc", 0.5, 1).metric("auc", Double.NaN, 2).metric("auc", 0.9, 3);
            run.close();
            tracking.registry()
                    .register(Registration.of("wine-quality", "runs:/" + run.id() + "/model")
                            .from(run.id())
                            .by("ann"));
            tracking.registry()
                    .promote(Promotion.of("wine-quality", "champion", 1)
                            .by("ann")
                            .because("first"));
        }
    }
}
