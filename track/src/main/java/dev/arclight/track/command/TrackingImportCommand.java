package dev.arclight.track.command;

import dev.arclight.base.ArclightException;
import dev.arclight.base.AtomicFiles;
import dev.arclight.base.command.ArclightCommand;
import dev.arclight.base.command.CommandContext;
import dev.arclight.track.artifacts.ArtifactImport;
import dev.arclight.track.sql.EmbeddedTracking;
import dev.arclight.track.sql.MlflowImport;
import dev.arclight.track.sql.SqlTracking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code arclight tracking import}: takes over what an MLflow server holds. */
@Command(
        name = "import",
        description =
                "Makes a store of an MLflow database (SQLite or PostgreSQL) and its artifacts, and compares what both"
                        + " hold. The store appears whole or not at all. The password of a PostgreSQL user is read from"
                        + " PGPASSWORD.")
public final class TrackingImportCommand implements ArclightCommand {
    @Parameters(
            paramLabel = "DATABASE",
            description = "As MLflow's --backend-store-uri: sqlite:///mlflow.db, postgresql://user@host/db, or a file")
    private String database = "";

    @Option(names = "--store", paramLabel = "DIR", required = true, description = "The new store; must not exist")
    private Path store = Path.of("");

    @Option(
            names = "--artifacts",
            paramLabel = "DIR",
            description = "As MLflow's --artifacts-destination; needed where artifacts went through the server")
    private @Nullable Path artifacts;

    @Option(names = "--no-artifacts", description = "Leave the artifacts where they are")
    private boolean withoutArtifacts;

    @Option(names = "--json", description = "Print JSON for scripts")
    private boolean json;

    @Override
    public int run(CommandContext context) throws IOException {
        Path target = store.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw ArclightException.badInput("%s exists already: name a new folder for the store".formatted(target));
        }
        Map<String, Long> done = new LinkedHashMap<>();
        AtomicFiles.replaceDirectory(target, folder -> {
            MlflowImport.Result result;
            try (SqlTracking tracking = EmbeddedTracking.open(folder)) {
                result = MlflowImport.run(database, System.getenv("PGPASSWORD"), tracking);
            }
            done.putAll(result.counts());
            if (!withoutArtifacts) {
                ArtifactImport files =
                        new ArtifactImport(folder.resolve(EmbeddedTracking.ARTIFACTS), Optional.ofNullable(artifacts));
                files.copy(result.moves());
                done.put("artifact files", files.files());
                done.put("artifact bytes", files.bytes());
            }
        });
        if (json) {
            context.out().println(Texts.json(done));
            return 0;
        }
        TextTable table = new TextTable("IMPORTED", "COUNT");
        done.forEach((kind, count) -> table.add(kind, String.valueOf(count)));
        table.print(context.out());
        context.out().println("Both hold the same. Next: arclight tracking --store " + target);
        return 0;
    }
}
