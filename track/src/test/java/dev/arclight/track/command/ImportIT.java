package dev.arclight.track.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.ArclightException;
import dev.arclight.base.Cleanup;
import dev.arclight.base.Settings;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.testing.PythonEnvironment;
import dev.arclight.track.Tracking;
import dev.arclight.track.artifacts.ArtifactImport;
import dev.arclight.track.server.TrackingServer;
import dev.arclight.track.sql.EmbeddedTracking;
import dev.arclight.track.sql.PostgresServer;
import dev.arclight.web.WebServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What MLflow's client wrote into MLflow's database, it reads from our server after an import. */
@Tag("full")
@Timeout(280)
final class ImportIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    /** Where PostgreSQL's driver looks in place of {@code ~/.pgpass}. */
    private static final String PASS_FILE = "org.postgresql.pgpassfile";

    @TempDir
    private Path folder;

    @Test
    void mlflowsClientSeesTheSameAfterAnImport() throws IOException {
        moved("mlflow-3.17");
    }

    @Test
    void aDatabaseOfMlflow2IsTakenToo() throws IOException {
        moved("mlflow-2.22");
    }

    /**
     * Of the servers' databases: other types, other quoting, and a password from where PostgreSQL's programs find it.
     */
    @Test
    void aPostgresqlDatabaseIsTakenToo() throws IOException, InterruptedException {
        try (PostgresServer database = PostgresServer.start()) {
            System.setProperty(PASS_FILE, database.passFile().toString());
            moved("mlflow-3.17", database.pythonUri(), database.address());
        } finally {
            System.clearProperty(PASS_FILE);
        }
    }

    private void moved(String environment) throws IOException {
        String database = folder.resolve("mlflow.db").toString();
        moved(environment, "sqlite:///" + database, database);
    }

    /**
     * Fills a database, imports it, and compares what MLflow's client sees of both.
     *
     * @param uri for MLflow
     * @param source for our import
     */
    private void moved(String environment, String uri, String source) throws IOException {
        PythonEnvironment python = PythonEnvironment.open(environment);
        Path store = folder.resolve("store");
        python.run(TIMEOUT, script("fill_mlflow.py"), uri, folder.resolve("artifacts"));
        String theirs = python.run(TIMEOUT, script("dump_mlflow.py"), uri);
        String said = importing(source, "--store", store.toString());
        assertThat(said).contains("runs", "metrics", "artifact files");
        try (Tracking tracking = Tracking.openExisting(store.toString());
                WebServer server =
                        TrackingServer.addTo(WebServer.builder(), tracking).start()) {
            String ours = python.run(TIMEOUT, script("dump_mlflow.py"), server.uri());
            assertThat(ours.lines().toList())
                    .hasSizeGreaterThan(18)
                    .containsExactlyElementsOf(theirs.lines().toList());
            // And it goes on from there.
            assertThat(tracking.experiment("next").id()).isEqualTo("4");
            assertThat(tracking.registry()
                            .findByAlias("reg ü", "champion")
                            .orElseThrow()
                            .version())
                    .isEqualTo(2);
        }
    }

    @Test
    void whatCannotBeImportedIsToldAndLeavesNothing() throws IOException {
        Path other = folder.resolve("other.db");
        Path store = folder.resolve("store");
        EmbeddedTracking.open(folder.resolve("ours")).close();
        Files.writeString(other, "no database at all, but some text that is long enough to be read as one".repeat(99));
        for (String source : List.of(
                other.toString(),
                folder.resolve("missing.db").toString(),
                folder.resolve("ours/tracking.db").toString())) {
            assertThatThrownBy(() -> importing(source, "--store", store.toString()))
                    .as(source)
                    .isInstanceOf(ArclightException.class)
                    .hasMessageContaining(source);
            assertThat(folder).isDirectoryNotContaining(file -> file.toString().contains("store"));
        }
        assertThatThrownBy(() -> importing("postgresql://me:secret@localhost/x", "--store", store.toString()))
                .hasMessageContaining("PGPASSWORD")
                .hasMessageNotContaining("secret");
        ArtifactImport files = new ArtifactImport(store, Optional.of(folder));
        assertThatThrownBy(() -> files.copy(Map.of("s3://bucket/x", "mlflow-artifacts:/0")))
                .hasMessageContaining("s3://bucket/x");
        assertThatThrownBy(() -> files.copy(Map.of("mlflow-artifacts:/../x", "mlflow-artifacts:/0")))
                .hasMessageContaining("outside");
    }

    private static String importing(String... arguments) throws IOException {
        TrackingImportCommand command = new TrackingImportCommand();
        new CommandLine(command).parseArgs(arguments);
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out, true);
        try (Cleanup cleanup = new Cleanup()) {
            command.run(new CommandContext(
                    printer, printer, Progress.NONE, Settings.of(Map.of(), Map.of()), cleanup, false));
        }
        return out.toString();
    }

    private Path script(String name) throws IOException {
        Path script = folder.resolve(name);
        if (!Files.exists(script)) {
            try (InputStream in = Objects.requireNonNull(ImportIT.class.getResourceAsStream(name))) {
                Files.writeString(script, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return script;
    }
}
