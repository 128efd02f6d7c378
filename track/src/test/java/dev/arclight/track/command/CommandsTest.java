package dev.arclight.track.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arclight.base.Cleanup;
import dev.arclight.base.Settings;
import dev.arclight.base.command.CommandContext;
import dev.arclight.base.progress.Progress;
import dev.arclight.track.ArtifactEntry;
import dev.arclight.track.Tracking;
import java.io.BufferedReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The commands on a store in a folder. */
final class CommandsTest extends CommandsContract {
    @Override
    protected String uri() {
        return folder.toString();
    }

    @Test
    void aFolderWithoutAStoreIsLeftAlone() {
        Path empty = folder.resolve("empty");
        assertThatThrownBy(() -> command("runs", "list", "--tracking", empty.toString()))
                .hasMessageContaining("no tracking store in " + empty);
        assertThat(empty).doesNotExist();
    }

    @Test
    void theServerKeepsFilesWhereItIsToldAndRunsUntilItIsInterrupted() throws Exception {
        Path store = folder.resolve("served");
        Path elsewhere = folder.resolve("else where");
        TrackingCommand tracking = new TrackingCommand();
        new CommandLine(tracking)
                .parseArgs(
                        "--port",
                        "0",
                        "--store",
                        store.toString(),
                        "--artifacts",
                        elsewhere.toUri().toString());
        PipedWriter out = new PipedWriter();
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        try (BufferedReader lines = new BufferedReader(new PipedReader(out))) {
            Cleanup cleanup = new Cleanup();
            Thread thread = new Thread(() -> {
                try {
                    PrintWriter writer = new PrintWriter(out, true);
                    exit.complete(tracking.run(
                            new CommandContext(writer, writer, Progress.NONE, Settings.empty(), cleanup, false)));
                } catch (Exception e) {
                    exit.completeExceptionally(e);
                }
            });
            thread.start();
            lines.readLine();
            String uri = lines.readLine().replace("MLFLOW_TRACKING_URI=", "");
            HttpRequest health =
                    HttpRequest.newBuilder(URI.create(uri + "/health")).build();
            HttpClient client = HttpClient.newHttpClient();
            assertThat(client.send(health, HttpResponse.BodyHandlers.ofString()).body())
                    .isEqualTo("OK");
            HttpRequest put = HttpRequest.newBuilder(URI.create(uri + "/api/2.0/mlflow-artifacts/artifacts/0/a.txt"))
                    .PUT(HttpRequest.BodyPublishers.ofString("a file"))
                    .build();
            assertThat(client.send(put, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
            assertThat(elsewhere.resolve("0/a.txt")).hasContent("a file");
            cleanup.close();
            assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
        }
        Path moved = Files.move(elsewhere, folder.resolve("moved"));
        assertThat(command("tracking", "artifacts", "--store", store.toString(), "--moved-to", moved.toString()))
                .contains("are at " + moved + " now");
        try (Tracking reopened = Tracking.open(store.toString())) {
            assertThat(reopened.artifacts().list("mlflow-artifacts:/0", ""))
                    .extracting(ArtifactEntry::path)
                    .containsExactly("a.txt");
        }
    }
}
