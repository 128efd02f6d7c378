package dev.arclight.track.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.ErrorCode;
import dev.arclight.track.Metric;
import dev.arclight.track.Promotion;
import dev.arclight.track.Registration;
import dev.arclight.track.RunBatch;
import dev.arclight.track.RunStart;
import dev.arclight.track.Tracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is special about a store in a folder. */
final class EmbeddedStoreTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsThereAfterItIsOpenedAgain() {
        String id;
        try (Tracking tracking = Tracking.open(folder.toString())) {
            id = tracking.runs().create(RunStart.in("0").named("kept")).id();
        }
        try (Tracking tracking = Tracking.open(folder.toUri().toString())) {
            assertThat(tracking.runs().load(id).name()).isEqualTo("kept");
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("tracking.db"), "this is no database at all ".repeat(100));
        assertFailure(ErrorCode.BAD_STATE, "damaged or is no tracking store", () -> Tracking.open(folder.toString()));
        assertThat(file).content().startsWith("this is no database");
    }

    @Test
    void aDatabaseOfAnotherProgramIsLeftAlone() throws SQLException {
        execute("CREATE TABLE theirs (a INTEGER)");
        assertFailure(ErrorCode.BAD_STATE, "another program", () -> Tracking.open(folder.toString()));
        execute("INSERT INTO theirs VALUES (1)");
    }

    @Test
    void aStoreOfANewerArclightIsRefused() throws SQLException {
        Tracking.open(folder.toString()).close();
        execute("PRAGMA user_version = 4711");
        assertFailure(ErrorCode.BAD_STATE, "4711", () -> Tracking.open(folder.toString()));
    }

    @Test
    void aFileInPlaceOfTheFolderIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertFailure(ErrorCode.UNAVAILABLE, file.toString(), () -> Tracking.open(file.toString()));
        assertFailure(ErrorCode.UNAVAILABLE, "below", () -> Tracking.open(file + "/below"));
    }

    @Test
    void aFullDiskIsSaidAndHurtsNothing() throws SQLException {
        try (Tracking tracking = Tracking.open(folder.toString())) {
            String id = tracking.runs().create(RunStart.in("0")).id();
            WriterAndReaders database = WriterAndReaders.open(new SqliteConnections(folder.resolve("tracking.db")));
            try {
                int pages = database.write(session ->
                        session.first("PRAGMA page_count", row -> row.getInt(1)).orElseThrow());
                limit(database, pages + 2);
                SqlRuns runs = new SqlRuns(database);
                assertFailure(ErrorCode.UNAVAILABLE, "disk is full", () -> {
                    for (int i = 0; i < 1000; i++) {
                        runs.log(id, RunBatch.params(Map.of("p" + i, "x".repeat(5000))));
                    }
                });
                limit(database, 1_000_000);
                runs.log(id, RunBatch.params(Map.of("after", "space returned")));
            } finally {
                database.close();
            }
            assertThat(tracking.runs().load(id).params()).containsEntry("after", "space returned");
        }
    }

    @Test
    void theHistoryOfAliasesCannotBeChanged() throws SQLException {
        try (Tracking tracking = Tracking.open(folder.toString())) {
            tracking.registry().register(Registration.of("wine", "runs:/abc/model"));
            tracking.registry().promote(Promotion.of("wine", "champion", 1));
        }
        assertThatThrownBy(() -> execute("UPDATE alias_history SET who = 'nobody'"))
                .hasMessageContaining("only ever added to");
        assertThatThrownBy(() -> execute("DELETE FROM alias_history")).hasMessageContaining("only ever added to");
    }

    @Test
    void aFailingWriteDoesNotTouchItsNeighbours() throws Exception {
        try (Tracking tracking = Tracking.open(folder.toString())) {
            String id = tracking.runs().create(RunStart.in("0")).id();
            tracking.runs().log(id, RunBatch.params(Map.of("fixed", "1")));
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Future<Boolean>> writes = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                int step = i;
                writes.add(threads.submit(() -> {
                    boolean bad = step % 3 == 0;
                    try {
                        tracking.runs()
                                .log(
                                        id,
                                        new RunBatch(
                                                List.of(Metric.of("m" + step, step, step)),
                                                Map.of(bad ? "fixed" : "p" + step, "2"),
                                                Map.of()));
                        return true;
                    } catch (ArclightException e) {
                        assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT);
                        return false;
                    }
                }));
            }
            for (int i = 0; i < writes.size(); i++) {
                assertThat(writes.get(i).get()).isEqualTo(i % 3 != 0);
            }
            threads.shutdown();
            Map<String, Metric> metrics = tracking.runs().load(id).metrics();
            for (int i = 0; i < 400; i++) {
                assertThat(metrics.containsKey("m" + i)).isEqualTo(i % 3 != 0);
            }
        }
    }

    @Test
    void aLinkInTheArtifactFolderDoesNotLeadOut() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "secret");
        try (Tracking tracking = Tracking.open(folder.resolve("store").toString())) {
            String root = tracking.runs().create(RunStart.in("0")).artifactUri();
            tracking.artifacts().write(root, "a.txt", out -> out.write(1));
            Path directory = tracking.artifacts().local(root, "");
            Files.createSymbolicLink(directory.resolve("link"), secret);
            Files.createSymbolicLink(directory.resolve("up"), folder);
            assertFailure(
                    ErrorCode.BAD_INPUT, "link", () -> tracking.artifacts().open(root, "link"));
            assertFailure(
                    ErrorCode.BAD_INPUT,
                    "link",
                    () -> tracking.artifacts().write(root, "up/secret.txt", out -> out.write(1)));
        }
        assertThat(secret).hasContent("secret");
    }

    /** Would catch a second program that writes files where the first one does not look for them. */
    @Test
    void theStoreKeepsWhereItsArtifactsAreUntilTheyAreMoved() throws IOException {
        String store = folder.resolve("store").toString();
        Path own = folder.resolve("store/artifacts");
        Path first = folder.resolve("first");
        Path second = folder.resolve("second");
        String root;
        try (Tracking tracking = Tracking.open(store, first.toString())) {
            root = tracking.runs().create(RunStart.in("0")).artifactUri();
            tracking.artifacts().write(root, "a.txt", out -> out.write(1));
        }
        try (Tracking tracking = Tracking.open(store)) {
            tracking.artifacts().write(root, "b.txt", out -> out.write(1));
            assertThat(tracking.artifacts().list(root, "")).hasSize(2);
        }
        assertThat(own).doesNotExist();
        Tracking.open(store, first.toUri() + "/").close(); // the same place
        String how = "arclight tracking artifacts --store %s --moved-to %s".formatted(store, second);
        assertFailure(ErrorCode.BAD_INPUT, how, () -> Tracking.open(store, second.toString()));

        assertFailure(ErrorCode.BAD_STATE, "copy", () -> Tracking.artifactsMoved(store, second.toString()));
        Files.move(first, second);
        Tracking.artifactsMoved(store, second.toString());
        assertArtifacts(2, store, root);

        Files.move(second, own);
        Tracking.artifactsMoved(store, own.toString());
        assertArtifacts(2, store, root);
        assertFailure(ErrorCode.BAD_INPUT, own.toString(), () -> Tracking.open(store, first.toString()));
        Path moved = Files.move(folder.resolve("store"), folder.resolve("as a whole"));
        assertArtifacts(2, moved.toString(), root);
    }

    private static void assertArtifacts(int count, String store, String root) throws IOException {
        try (Tracking tracking = Tracking.open(store)) {
            assertThat(tracking.artifacts().list(root, "")).hasSize(count);
        }
    }

    /** Would catch a store that keeps an address at which nothing can be opened. */
    @Test
    void aPlaceThatCannotBeOpenedIsNotKept() {
        assertFailure(ErrorCode.BAD_INPUT, "nosuch://", () -> Tracking.open(folder.toString(), "nosuch://a/b"));
        Tracking.open(folder.toString(), folder.resolve("elsewhere").toString()).close();
    }

    @Test
    void aClosedStoreSaysSo() {
        Tracking tracking = Tracking.open(folder.toString());
        tracking.close();
        tracking.close();
        assertFailure(ErrorCode.BAD_STATE, "closed", () -> tracking.runs().create(RunStart.in("0")));
        assertFailure(
                ErrorCode.BAD_STATE, "closed", () -> tracking.experiments().load("0"));
    }

    @Test
    void anUnknownKindOfUriIsRefused() {
        assertFailure(ErrorCode.BAD_INPUT, "ftp://x", () -> Tracking.open("ftp://x/y"));
        assertFailure(ErrorCode.BAD_INPUT, "empty", () -> Tracking.open(" "));
    }

    /** Makes the disk as good as full for one connection. */
    private static void limit(Database database, int pages) {
        database.write(session -> {
            session.execute("PRAGMA max_page_count = " + pages);
            return pages;
        });
    }

    private static void assertFailure(
            ErrorCode code, String part, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ArclightException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(part);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("tracking.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
