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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores made by earlier versions of the schema, kept as {@code v<n>.db.gz}, open and hold what they held. */
final class StoreUpgradesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aStoreOfAnEarlierVersionOpensWithAllThatIsInIt(int version) throws IOException {
        unpack(version, folder);
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

    /** Would catch an upgrade that a program that died, after the last script or before, leaves behind unusable. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void anUpgradeThatWasCutOffIsEndedByTheNextProgram(int before) throws Exception {
        if (before > 0) {
            unpack(before, folder);
        }
        Tracking.open(folder.toString()).close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("tracking.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = " + before); // it is written last
        }
        try (Tracking tracking = Tracking.open(folder.toString())) {
            tracking.runs().create(RunStart.in(tracking.experiment("after")));
        }
        assertThat(versions(folder)).containsExactly("1", "2", "3", "4");
    }

    /** Would catch two threads that both run a script on one file; processes are in {@link SharedStoreIT}. */
    @Test
    void ofManyWhoOpenAnOldStoreAtOnceOneUpgradesIt() throws Exception {
        unpack(1, folder);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            CyclicBarrier start = new CyclicBarrier(4);
            List<Future<?>> opened = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                opened.add(threads.submit(() -> {
                    start.await(60, TimeUnit.SECONDS);
                    try (Tracking tracking = Tracking.open(folder.toString())) {
                        tracking.runs().create(RunStart.in(tracking.experiment("wine")));
                    }
                    return true;
                }));
            }
            for (Future<?> one : opened) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(versions(folder)).containsExactly("1", "2", "3", "4");
        try (Tracking tracking = Tracking.open(folder.toString())) {
            assertThat(tracking.runs(RunSearch.in(tracking.experiment("wine"))).items())
                    .hasSizeGreaterThan(4);
        }
    }

    /** Puts the store of an earlier version into a folder. */
    static void unpack(int version, Path folder) throws IOException {
        String file = "v%d.db.gz".formatted(version);
        try (InputStream in =
                new GZIPInputStream(Objects.requireNonNull(StoreUpgradesTest.class.getResourceAsStream(file)))) {
            Files.copy(in, folder.resolve("tracking.db"));
        }
    }

    /** The versions that Flyway has in its list, in the order in which they came. */
    static List<String> versions(Path folder) throws SQLException {
        List<String> versions = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("tracking.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT version FROM flyway_schema_history WHERE success ORDER BY installed_rank")) {
            while (rows.next()) {
                versions.add(rows.getString(1));
            }
        }
        return versions;
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
