package dev.arclight.track.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.AliasChange;
import dev.arclight.track.Experiment;
import dev.arclight.track.Metric;
import dev.arclight.track.ModelVersion;
import dev.arclight.track.Promotion;
import dev.arclight.track.Registration;
import dev.arclight.track.Registry;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunGroup;
import dev.arclight.track.RunSearch;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import dev.arclight.track.TrackingContract;
import dev.arclight.track.rest.RestTracking;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is special about a store in PostgreSQL: it is shared, and its server may go. */
@Tag("full")
@Timeout(240)
final class PostgresStoreIT extends TrackingContract {
    private PostgresServer database;
    private Tracking shared;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        database = PostgresServer.start();
        shared = database.open();
    }

    @AfterAll
    void stop() throws IOException {
        if (shared != null) {
            shared.close();
        }
        if (database != null) {
            database.close();
        }
    }

    @Override
    protected Tracking tracking() {
        return shared;
    }

    @Test
    void twoServersOnOneDatabaseLoseNoUpdate() throws Exception {
        try (Tracking first = database.open();
                Tracking second = database.open();
                WebServer one = TrackingServer.addTo(WebServer.builder(), first).start();
                WebServer two =
                        TrackingServer.addTo(WebServer.builder(), second).start();
                Tracking a = RestTracking.open(one.uri().toString(), Map.of(), Path.of("."));
                Tracking b = RestTracking.open(two.uri().toString(), Map.of(), Path.of("."))) {
            List<Tracking> clients = List.of(a, b, a, b);
            Experiment experiment = a.experiment("shared");
            String run = a.runs().create(RunStart.in(experiment)).id();
            String name = "wine";

            // Versions are counted by both, params are set once, metrics come from all.
            List<Integer> versions = new ArrayList<>();
            Map<Integer, Integer> wins = new HashMap<>();
            for (List<int[]> results : inParallel(clients, (client, who) -> {
                List<int[]> mine = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    ModelVersion version = client.registry().register(Registration.of(name, "runs:/" + run + "/m"));
                    client.runs().log(run, RunBatch.metrics(List.of(Metric.of("m", who, 1000L, 100L * who + i))));
                    mine.add(new int[] {version.version(), setsParam(client, run, "p" + i, who) ? i : -1});
                }
                return mine;
            })) {
                for (int[] result : results) {
                    versions.add(result[0]);
                    wins.merge(result[1], 1, Integer::sum);
                }
            }
            wins.remove(-1);
            assertThat(versions)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.rangeClosed(1, 80).boxed().toList());
            assertThat(wins)
                    .hasSize(20)
                    .allSatisfy((param, count) ->
                            assertThat(count).as("winners of p" + param).isEqualTo(1));
            assertThat(b.runs().history(run, "m")).hasSize(80);

            // Each promotion that succeeded is in the history, and each begins where the one before it ended.
            List<List<Boolean>> promoted = inParallel(clients, (client, who) -> {
                List<Boolean> mine = new ArrayList<>();
                for (int i = 0; i < 25; i++) {
                    mine.add(promotes(client.registry(), name, 20 * who + i % 20 + 1));
                }
                return mine;
            });
            long successes =
                    promoted.stream().flatMap(List::stream).filter(won -> won).count();
            List<AliasChange> history = b.registry().history(name);
            assertThat(history).hasSize((int) successes);
            assertThat(successes).isBetween(25L, 100L);
            OptionalInt before = OptionalInt.empty();
            for (AliasChange change : history) {
                assertThat(change.from()).isEqualTo(before);
                before = change.to();
            }
            assertThat(a.registry().findByAlias(name, "champion").orElseThrow().version())
                    .isEqualTo(before.getAsInt());
        }
    }

    @Test
    void aDatabaseThatWasKilledIsFoundAgainWithAllThatWasAcknowledged() throws Exception {
        try (Tracking tracking = database.open()) {
            String run = tracking.runs()
                    .create(RunStart.in(tracking.experiment("crash")))
                    .id();
            for (int i = 0; i < 50; i++) {
                tracking.runs().log(run, RunBatch.params(Map.of("p" + i, "v")));
            }
            database.crash();
            assertThat(tracking.runs().load(run).params()).hasSize(50);
            tracking.runs().log(run, RunBatch.params(Map.of("after", "restart")));
            assertThat(tracking.runs().load(run).params()).hasSize(51);
        }
    }

    @Test
    void theHistoryOfAliasesCannotBeChanged() throws SQLException {
        try (Tracking tracking = database.open()) {
            tracking.registry().register(Registration.of("kept", "runs:/abc/model"));
            tracking.registry().promote(Promotion.of("kept", "champion", 1));
        }
        for (String sql : List.of(
                "UPDATE alias_history SET who = 'nobody'", "DELETE FROM alias_history", "TRUNCATE alias_history")) {
            assertThatThrownBy(() -> execute(sql)).hasMessageContaining("only ever added to");
        }
    }

    @Test
    void whatIsWrongWithAnAddressIsSaidWithoutItsSecret() {
        assertFailure(ErrorCode.BAD_INPUT, "environment", database.url() + "?password=hunter2", Map.of());
        assertFailure(ErrorCode.BAD_INPUT, "PGUSER", "jdbc:postgresql://ann:hunter2@localhost/x", Map.of());
        assertFailure(ErrorCode.BAD_INPUT, "jdbc:postgresql", "jdbc:oracle:thin:hunter2", Map.of());
        Map<String, String> wrong = Map.of("PGUSER", "ann", "PGPASSWORD", "hunter2");
        assertFailure(ErrorCode.FORBIDDEN, "PGPASSWORD", database.url(), wrong);
        assertFailure(
                ErrorCode.NOT_FOUND,
                "no database",
                database.url().replace("/postgres", "/elsewhere"),
                database.environment());
        assertFailure(ErrorCode.UNAVAILABLE, "127.0.0.1:1", "jdbc:postgresql://127.0.0.1:1/x", wrong);
    }

    @Test
    void runsAreCountedAndGrouped() {
        try (Tracking tracking = database.open()) {
            Experiment experiment = tracking.experiment("groups");
            for (int i = 0; i < 6; i++) {
                String run = tracking.runs().create(RunStart.in(experiment)).id();
                tracking.runs()
                        .log(
                                run,
                                new RunBatch(
                                        List.of(Metric.of("auc", i, 0)),
                                        i == 5 ? Map.of() : Map.of("depth", Integer.toString(i % 2)),
                                        Map.of()));
            }
            RunSearch search = RunSearch.in(experiment).withFilter("metrics.auc >= 1");
            assertThat(tracking.runs().count(search)).isEqualTo(5);
            assertThat(tracking.runs().groups(search, "params.depth", "auc"))
                    .extracting(
                            RunGroup::value,
                            RunGroup::runs,
                            group -> group.mean().orElseThrow())
                    .containsExactlyInAnyOrder(
                            tuple(Optional.of("0"), 2L, 3.0),
                            tuple(Optional.of("1"), 2L, 2.0),
                            tuple(Optional.empty(), 1L, 5.0));
        }
    }

    @Test
    void textsThatNoIndexHoldsAreKept() {
        try (Tracking tracking = database.open()) {
            String run = tracking.runs()
                    .create(RunStart.in(tracking.experiment("long")))
                    .id();
            // Four bytes each and not to be compressed away.
            StringBuilder text = new StringBuilder();
            java.util.Random random = new java.util.Random(1);
            for (int i = 0; i < 6000; i++) {
                text.appendCodePoint(0x20000 + random.nextInt(20_000));
            }
            String value = text.toString();
            tracking.runs().log(run, new RunBatch(List.of(), Map.of("p", value), Map.of("t", value)));
            assertThat(tracking.runs().load(run).params()).containsEntry("p", value);
            assertThatThrownBy(() -> tracking.runs().log(run, RunBatch.tags(Map.of("z", "a\0b"))))
                    .isInstanceOfSatisfying(
                            ArclightException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT));
        }
    }

    /** A shared folder may have another path on each machine; a URI has not. */
    @Test
    void aUriOfArtifactsIsKeptAndAFolderIsEachOnes(@TempDir Path folder) throws SQLException {
        Map<String, String> environment = database.environment();
        for (String path : List.of("a", "b")) {
            PostgresTracking.open(
                            database.url(), environment, folder.resolve(path).toString())
                    .close();
        }
        String uri = "hdfs://team/models";
        execute("INSERT INTO store_settings (key, value) VALUES ('artifacts', '" + uri + "')");
        try {
            assertThatThrownBy(() -> PostgresTracking.open(database.url(), environment, folder.toString()))
                    .hasMessageContaining("keeps its artifacts at " + uri);
            Map<String, String> without = new HashMap<>(environment);
            without.remove("ARCLIGHT_TRACKING_ARTIFACTS");
            try (Tracking tracking = PostgresTracking.open(database.url(), without)) {
                String root = tracking.runs()
                        .create(RunStart.in(tracking.experiment("kept")))
                        .artifactUri();
                assertThatThrownBy(() -> tracking.artifacts().list(root, ""))
                        .hasMessageContaining("Nothing here can keep artifacts at '" + uri);
            }
        } finally {
            execute("DELETE FROM store_settings");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private interface Work<T> {
        T by(Tracking client, int who);
    }

    private static <T> List<T> inParallel(List<Tracking> clients, Work<T> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients.size());
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < clients.size(); i++) {
                int who = i;
                futures.add(threads.submit(() -> work.by(clients.get(who), who)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean setsParam(Tracking client, String run, String key, int value) {
        try {
            client.runs().log(run, RunBatch.params(Map.of(key, Integer.toString(value))));
            return true;
        } catch (ArclightException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT);
            return false;
        }
    }

    private static boolean promotes(Registry registry, String name, int version) {
        Optional<Integer> now = registry.findByAlias(name, "champion").map(ModelVersion::version);
        try {
            registry.promote(Promotion.of(name, "champion", version).expecting(now));
            return true;
        } catch (ArclightException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
            return false;
        }
    }

    private static void assertFailure(ErrorCode code, String part, String url, Map<String, String> environment) {
        assertThatThrownBy(() -> PostgresTracking.open(url, environment).close())
                .isInstanceOfSatisfying(ArclightException.class, e -> {
                    assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
                    assertThat(e.getMessage()).doesNotContain("hunter2");
                })
                .hasMessageContaining(part);
    }
}
